//! Campaigns over real sockets: leads from a file, calls checked and placed, outcomes back in the rows; and a day in which the
//! server is killed five times.

mod lines;
mod promised;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::live_server::{Peer, Server, usher};

pub const CAMPAIGN: &str = r#"
queue = "general"
gateway = "gw"
mode = "progressive"
purpose = "service"
skipped_rest_for = "1 min"
[preview]
time = "1 min"
[hours]
zone = "lead"
week = { mon-sun = ["00:00-24:00"] }
[disposition.done]
reached = "right_party"
final = "contact"
is_live_answer = true
[disposition.again]
reached = "nobody"
final = "no"
[retries]
attempts_of_lead_max = 1
"#;
const LIST: &str = "campaign = \"winback\"\ndefault_country = \"FR\"\norder = \"oldest\"\n";

/// What `usher` prints; it succeeds.
pub fn run(server: &Server, arguments: &[&str]) -> String {
    let done = usher(server.folder.path()).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// A campaign with these changes of its settings, one list, and so many leads.
fn with_leads(server: &Server, changed: impl Fn(&str) -> String, leads: usize) {
    let write = |name: &str, text: &str| std::fs::write(server.folder.path().join(name), text).unwrap();
    write("campaign.toml", &changed(CAMPAIGN));
    write("list.toml", LIST);
    let row = |lead: usize| format!("+336120000{lead:02},Lead {lead},Europe/Paris\n");
    write("leads.csv", &format!("Phone,Name,Time zone\n{}", (0..leads).map(row).collect::<String>()));
    run(server, &["campaign", "create", "winback", "--settings", "campaign.toml", "--by", "eva"]);
    run(server, &["list", "create", "spring", "--settings", "list.toml", "--by", "eva"]);
    run(server, &["import", "leads", "spring", "leads.csv", "--accept-guess", "--by", "eva"]);
}

pub async fn starts(eva: &mut Peer) {
    // The server looks for new campaigns every second.
    for _ in 0..100 {
        match eva.ask("campaign.start", json!({ "campaign": "winback" })).await {
            Ok(_) => return,
            Err(refused) => assert_eq!(refused["kind"], "unknown_campaign", "{refused}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the campaign is never there");
}

/// What he hears of a call that was placed: on a busy machine the gate may be too late, and the lead is called later.
async fn not_reached(agent: &mut Peer) -> Value {
    loop {
        let told = agent.wait_for("lead.not_reached").await;
        if told["not_placed"] != "not_checked" {
            return told;
        }
    }
}

/// He dials what he is shown until a call is placed.
async fn dials(agent: &mut Peer, gateway: &mut Peer, mut shown: Value) -> Value {
    loop {
        agent.ask("offer.accept", json!({ "offer": shown["offer"] })).await.unwrap();
        let placed = tokio::time::timeout(std::time::Duration::from_secs(2), gateway.wait_for("call.place")).await;
        match placed {
            Ok(placed) => return placed,
            Err(_) => shown = agent.wait_for("contact.offered").await,
        }
    }
}

/// The first column of what the records answer.
pub fn asked(server: &Server, question: &str) -> Vec<String> {
    asked_file(&server.folder.path().join("data/usher.db"), question)
}

/// The first column of what a database of SQLite answers.
pub fn asked_file(file: &Path, question: &str) -> Vec<String> {
    let python =
        format!("import sqlite3,sys\nfor row in sqlite3.connect(sys.argv[1]).execute({question:?}): print(row[0])");
    let read = Command::new("python3").args(["-c", &python]).arg(file).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// How the leads of the list stand, by the records: number, end and contact of each.
fn standings(server: &Server) -> Vec<(String, Option<String>, Option<i64>)> {
    let rows = asked(
        server,
        "select n.value || '|' || coalesce(l.ended, '-') || '|' || coalesce(l.contact, 0) \
         from lead l join lead_number n on n.lead = l.id order by l.id",
    );
    let standing = |row: &String| {
        let parts: Vec<&str> = row.split('|').collect();
        let ended = Some(parts[1].to_owned()).filter(|ended| ended != "-");
        (parts[0].to_owned(), ended, parts[2].parse().ok().filter(|contact| *contact != 0))
    };
    rows.iter().map(standing).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_called_for_an_idle_agent_and_closed_by_what_he_says() {
    let server = Server::start();
    with_leads(&server, str::to_owned, 2);
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    starts(&mut eva).await;
    ana.is_available().await;
    let placed = gateway.wait_for("call.place").await;
    assert_eq!((&placed["agent"], &placed["first"]), (&json!("ana"), &json!("agent")));
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!(offered["contact"]["lead"]["campaign"], "winback");
    assert_eq!(offered["accept"], "auto");
    gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "answered" })).await.unwrap();
    gateway.tell("contact.connected", json!({ "ref": placed["ref"], "order": placed["order"] })).await.unwrap();
    ana.wait_for("contact.connected").await;
    gateway.tell("contact.ended", json!({ "ref": placed["ref"], "by": "agent" })).await.unwrap();
    // Without wrap-up the next is called at once.
    let next = gateway.wait_for("call.place").await;
    assert_ne!(next["to"], placed["to"]);
    gateway.tell("call.progress", json!({ "order": next["order"], "progress": "busy" })).await.unwrap();
    let told = not_reached(&mut ana).await;
    assert_eq!((&told["outcome"], &told["campaign"]), (&json!("busy"), &json!("winback")));
    eva.ask("campaign.drain", json!({ "campaign": "winback" })).await.unwrap();
    for _ in 0..100 {
        let standing = standings(&server);
        if standing.iter().all(|(_, ended, contact)| ended.is_some() && contact.is_none()) {
            let ends: BTreeSet<&str> = standing.iter().filter_map(|(_, ended, _)| ended.as_deref()).collect();
            assert_eq!(ends, BTreeSet::from(["answered", "attempts_used_up"]));
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{:?}", standings(&server));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_started_and_stopped_by_command() {
    let server = Server::start();
    with_leads(&server, str::to_owned, 2);
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let steer = |how: &str| {
        let done = usher(server.folder.path()).args(["campaign", how, "winback", "--by", "eva"]).output().unwrap();
        let told = if done.status.success() { done.stdout } else { done.stderr };
        (done.status.success(), String::from_utf8(told).unwrap())
    };
    let (is_done, told) = steer("pause");
    assert!(!is_done && told.contains("is stopped: the server refuses to have it paused"), "{told}");
    assert!(server.log().contains("it is not paused as was asked"), "{}", server.log());
    assert_eq!(steer("start"), (true, "campaign \"winback\" is running\n".to_owned()));
    let placed = gateway.wait_for("call.place").await;
    gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "busy" })).await.unwrap();
    for (how, run) in [("pause", "paused"), ("start", "running"), ("stop", "stopped")] {
        assert_eq!(steer(how), (true, format!("campaign \"winback\" is {run}\n")));
    }
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_of_a_campaign_adds_up_while_it_runs() {
    let server = Server::start();
    with_leads(&server, |settings| settings.replace("mode", "leads_ahead = 2\nmode"), 5);
    let stopped = run(&server, &["campaign", "status", "winback"]);
    assert!(stopped.contains("is stopped") && stopped.contains("list: campaign stopped         5"), "{stopped}");
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    starts(&mut eva).await;
    ana.is_available().await;
    let placed = gateway.wait_for("call.place").await;
    gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "busy" })).await.unwrap();
    gateway.wait_for("call.place").await;
    let mut seen = Value::Null;
    for _ in 0..100 {
        let text = run(&server, &["campaign", "status", "winback", "--json"]);
        seen = serde_json::from_str(&text).unwrap();
        let leads = &seen["status"]["leads"]["waterfall"];
        if seen["is_stale"] == false
            && leads["ended"]["attempts_used_up"] == 1
            && seen["status"]["calls"]["in_flight"] == 1
            && leads["with_router"] == 3
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let (status, leads) = (&seen["status"], &seen["status"]["leads"]["waterfall"]);
    assert_eq!((&status["run"], &seen["is_stale"]), (&json!("running"), &json!(false)), "{seen}");
    assert_eq!((&leads["all"], &leads["with_router"], &leads["dialable"]), (&json!(5), &json!(3), &json!(1)), "{seen}");
    assert_eq!((&status["calls"]["placed"], &status["calls"]["ended"]), (&json!(2), &json!(1)), "{seen}");
    assert_eq!((&status["lists"][0]["list"], &status["agents"][0]["agent"]), (&json!("spring"), &json!("ana")));
    let shown = run(&server, &["campaign", "watch", "winback", "--times", "2"]);
    assert_eq!(shown.matches("campaign \"winback\" is running since ").count(), 2, "{shown}");
    assert!(shown.contains("  dialable now                   1\n") && !shown.contains("STALE"), "{shown}");

    let lead = asked(&server, "select id from lead where ended is not null").remove(0);
    let why = run(&server, &["list", "why", "spring", &lead]);
    assert!(why.contains("which is running") && why.contains("it is over: attempts used up"), "{why}");
    let days = ["--from", "2020-01-01", "--to", "2099-12-31", "--by", "eva"];
    let export = [&["campaign", "export", "winback", "calls.csv"][..], &days].concat();
    let told = run(&server, &export);
    assert!(told.starts_with("2 attempts in calls.csv\nattempts are kept for "), "{told}");
    let table = std::fs::read_to_string(server.folder.path().join("calls.csv")).unwrap();
    assert!(table.contains(",busy,") && table.lines().count() == 3, "{table}");
    let told = run(&server, &[&["campaign", "export", "winback", "calls.xlsx"][..], &days].concat());
    assert!(told.starts_with("2 attempts in calls.xlsx\n"), "{told}");
    let audited = asked(&server, "select detail from audit where act = 'exported'");
    assert!(audited[0].contains("\"campaign\":1"), "{audited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_server_takes_up_stays_asked_for() {
    let mut server = Server::start();
    with_leads(&server, str::to_owned, 1);
    server.stop();
    let told = run(&server, &["campaign", "start", "winback", "--by", "eva"]);
    assert_eq!(told, "campaign \"winback\": no server has taken it up yet; it stays asked for until one does\n");
    server.kill_and_start_again();
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    gateway.wait_for("call.place").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_looked_at_skipped_and_dialled() {
    let server = Server::start();
    with_leads(&server, |settings| settings.replace("progressive", "preview"), 2);
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    starts(&mut eva).await;
    ana.is_available().await;
    let shown = ana.wait_for("contact.offered").await;
    assert_eq!(shown["contact"]["lead"]["preview"], "skip");
    let codes = shown["contact"]["lead"]["dispositions"].as_array().unwrap();
    assert!(codes.contains(&json!("done")), "what its campaign lets say of it: {codes:?}");
    let seen = eva.ask("contact.show", json!({ "contact": shown["contact"]["id"] })).await.unwrap();
    assert_eq!((&seen["state"], &seen["path"][0]["what"]), (&json!("offered"), &json!("lead_filed")), "{seen}");
    ana.ask("offer.received", json!({ "offer": shown["offer"] })).await.unwrap();
    ana.ask("offer.decline", json!({ "offer": shown["offer"] })).await.unwrap();
    let next = ana.wait_for("contact.offered").await;
    assert_ne!(next["contact"]["lead"]["lead"], shown["contact"]["lead"]["lead"]);
    assert_eq!(dials(&mut ana, &mut gateway, next).await["to"], "+33612000001");
    let refused = eva.ask("campaign.stop", json!({ "campaign": "nowhere" })).await.unwrap_err();
    assert_eq!(refused["kind"], "unknown_campaign");
    eva.ask("campaign.stop", json!({ "campaign": "winback" })).await.unwrap();
    let told = not_reached(&mut ana).await;
    assert_eq!(told["outcome"], "unknown", "it may have rung");
    gateway.wait_for("contact.end").await;
    let refused = ana.ask("lead.next", json!({ "campaign": "winback" })).await.unwrap_err();
    assert_eq!(refused["kind"], "campaign_not_running");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_must_not_be_called_is_not() {
    let server = Server::start();
    with_leads(&server, str::to_owned, 2);
    run(&server, &["do-not-call", "add", "+33612000000", "--by", "eva"]);
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    starts(&mut eva).await;
    ana.is_available().await;
    let told = not_reached(&mut ana).await;
    assert_eq!((&told["not_placed"], &told["outcome"]), (&json!("dnc"), &Value::Null));
    assert_eq!(gateway.wait_for("call.place").await["to"], "+33612000001");
}

/// Every lead ends in exactly one state and nobody is called twice, whatever happens to the server meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_in_which_the_server_is_killed_five_times() {
    const LEADS: usize = 30;
    let mut server = Server::start();
    with_leads(&server, str::to_owned, LEADS);
    let mut eva = server.supervisor("eva").await;
    starts(&mut eva).await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let mut called: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut kills = 0;
    for calls in 0.. {
        let standing = standings(&server);
        if standing.iter().all(|(_, ended, contact)| ended.is_some() && contact.is_none()) {
            break;
        }
        assert!(calls < 20 * LEADS, "it goes on: {standing:?}");
        let waited = tokio::time::timeout(std::time::Duration::from_secs(3), gateway.wait_for("call.place")).await;
        let Ok(placed) = waited else { continue };
        let (to, order) = (placed["to"].as_str().unwrap().to_owned(), placed["order"].to_string());
        called.entry(to).or_default().insert(order);
        if calls % 5 == 2 && kills < 5 {
            // In the middle of a call: before anything is said of it, or after.
            if kills % 2 == 0 {
                gateway
                    .tell("call.progress", json!({ "order": placed["order"], "progress": "ringing" }))
                    .await
                    .unwrap();
            }
            kills += 1;
            server.kill_and_start_again();
            gateway = server.gateway_after(gateway.event).await;
            ana = server.agent("ana").await;
            assert_eq!(ana.opened["snapshot"]["agent"]["presence"], "available");
            // The gateway knows what became of the call, and says so.
            let gone =
                gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "no_answer" })).await;
            gone.unwrap();
            continue;
        }
        let progress = if calls % 3 == 0 { "no_answer" } else { "busy" };
        gateway.tell("call.progress", json!({ "order": placed["order"], "progress": progress })).await.unwrap();
    }
    assert_eq!(kills, 5);
    assert_eq!(called.len(), LEADS, "nobody is forgotten");
    for (number, orders) in &called {
        assert_eq!(orders.len(), 1, "{number} was called by {orders:?}");
    }
    let ends: BTreeSet<Option<String>> = standings(&server).into_iter().map(|(_, ended, _)| ended).collect();
    assert_eq!(ends, BTreeSet::from([Some("attempts_used_up".to_owned())]));
}

/// A second lead with the number of the first is refused by the cap, and due when the cap lets it, not an hour later.
#[tokio::test(flavor = "multi_thread")]
async fn a_lead_whose_cap_is_full_is_due_when_the_cap_lifts() {
    let server = Server::start();
    let capped = |settings: &str| {
        settings.replace("[hours]", "[[cap]]\ncalls = 1\nwithin = \"5 min\"\nper = \"number\"\n[hours]")
    };
    with_leads(&server, capped, 1);
    run(&server, &["list", "create", "autumn", "--settings", "list.toml", "--by", "eva"]);
    run(&server, &["import", "leads", "autumn", "leads.csv", "--accept-guess", "--by", "eva"]);
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    starts(&mut eva).await;
    ana.is_available().await;
    let placed = gateway.wait_for("call.place").await;
    gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "busy" })).await.unwrap();
    assert_eq!(not_reached(&mut ana).await["outcome"], "busy");
    assert_eq!(not_reached(&mut ana).await["not_placed"], "cap");
    for _ in 0..100 {
        let due =
            asked(&server, "select due_at_ms - unixepoch() * 1000 from lead where ended is null and contact is null");
        if let [due] = &due[..]
            && let Ok(wait_ms) = due.parse::<i64>()
        {
            assert!((200_000..=302_000).contains(&wait_ms), "in {wait_ms} ms");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{:?}", standings(&server));
}

/// Its leads may be on their way to somebody's phone.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_not_deleted_while_its_campaign_runs() {
    let server = Server::start();
    with_leads(&server, str::to_owned, 3);
    let delete = || usher(server.folder.path()).args(["list", "delete", "spring", "--by", "eva"]).output().unwrap();
    let mut eva = server.supervisor("eva").await;
    starts(&mut eva).await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let placed = gateway.wait_for("call.place").await;
    for order in ["campaign.pause", "campaign.drain"] {
        let refused = delete();
        assert!(!refused.status.success(), "it runs, before {order}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("stopped"), "{refused:?}");
        eva.ask(order, json!({ "campaign": "winback" })).await.unwrap();
    }
    assert!(!delete().status.success(), "it drains");
    assert_eq!(standings(&server).len(), 3, "no lead is gone");
    gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "busy" })).await.unwrap();
    eva.ask("campaign.stop", json!({ "campaign": "winback" })).await.unwrap();
    for _ in 0..100 {
        if delete().status.success() {
            // Who was tried has to be accounted for; another may have been called before the stop.
            let untried = "select count(*) from lead where id not in (select lead from attempt)";
            assert_eq!(asked(&server, untried), ["0"]);
            let left = standings(&server);
            let first = left.iter().find(|(number, _, _)| placed["to"] == **number).expect("it was called");
            assert_eq!(first.1.as_deref(), Some("attempts_used_up"));
            return assert!(left.len() < 3, "{left:?}");
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it is never deleted: {:?}", delete());
}
