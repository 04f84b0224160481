//! My work over real sockets: the list live, work that falls due and becomes a task, tasks taken from the list, over
//! crashes. Looks at nothing inside but the records.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use usher::customers::ids::WorkId;
use usher::customers::work::{Work, WorkState};
use usher::records::{Records, RecordsPlace};

use crate::live_server::{Peer, Server};

const PATIENCE: Duration = Duration::from_secs(20);

/// Tasks have a queue that only the back office serves; Ben is not in it.
async fn centre() -> (Server, Records) {
    let mut server = Server::start();
    let rules = server.folder.path().join("rules");
    let agents = "[agent.ana]\nname = \"Ana\"\nteams = [\"back\"]\nskills = { office = 2 }\n\
                  phone = { mode = \"console\", endpoint = \"SIM/1\" }\n\
                  [agent.ben]\nname = \"Ben\"\nteams = [\"back\"]\nphone = { mode = \"console\", endpoint = \"SIM/2\" }\n";
    std::fs::write(rules.join("agents.toml"), agents).unwrap();
    let queue = "[queue.office]\nchannels = [\"task\"]\nskills = { office = 1 }\nwrap_up = { max = \"5m\" }\n";
    std::fs::write(rules.join("queues/office.toml"), queue).unwrap();
    std::fs::write(rules.join("queues/phones.toml"), "[queue.phones]\nchannels = [\"voice\"]\n").unwrap();
    server.kill_and_start_again();
    let place = RecordsPlace::Sqlite(server.folder.path().join("data/usher.db"));
    (server, Records::open(&place).await.unwrap())
}

fn in_ms(ms: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let at = jiff::Timestamp::from_millisecond(i64::try_from(now.as_millis()).unwrap() + ms).unwrap();
    format!("{at:.3}")
}

fn complaint(title: &str) -> Value {
    json!({ "kind": "complaint", "title": title, "text": "twice on the bill", "team": "back" })
}

async fn create(agent: &mut Peer, fields: Value) -> (String, u64) {
    let stored = agent.ask("work.create", json!({ "fields": fields })).await.unwrap();
    (stored["work"].as_str().unwrap().to_owned(), stored["version"].as_u64().unwrap())
}

/// What the list says of one piece of work next.
async fn told(agent: &mut Peer, work: &str, mut holds: impl FnMut(&Value) -> bool) -> Value {
    loop {
        let changed = agent.wait_for("work.changed").await;
        let entries = changed["entries"].as_array().unwrap().clone();
        if let Some(entry) = entries.into_iter().find(|entry| entry["work"] == work && holds(entry)) {
            return entry;
        }
    }
}

async fn gone(agent: &mut Peer, work: &str) {
    loop {
        let changed = agent.wait_for("work.changed").await;
        let is_gone = changed["work_gone"].as_array().is_some_and(|gone| gone.contains(&json!(work)));
        if is_gone {
            return;
        }
    }
}

async fn stored(records: &Records, work: &str, holds: impl Fn(&Work) -> bool) -> Work {
    let began = Instant::now();
    loop {
        let found = records.work(WorkId(work.parse().unwrap())).await.unwrap().unwrap();
        if holds(&found) {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "{found:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_live_for_the_owner_and_his_team() {
    let (server, records) = centre().await;
    let (mut ana, mut ben) = (server.agent("ana").await, server.agent("ben").await);
    assert_eq!(ana.ask("work.watch", json!({})).await.unwrap(), json!({ "entries": [], "has_more": false }));
    ben.ask("work.watch", json!({})).await.unwrap();

    let (work, version) = create(&mut ana, complaint("Bill of May")).await;
    for agent in [&mut ana, &mut ben] {
        let entry = told(agent, &work, |_| true).await;
        assert_eq!(
            (&entry["is"], &entry["kind"], &entry["state"]),
            (&json!("work"), &json!("complaint"), &json!("open"))
        );
        assert_eq!(
            (&entry["title"], &entry["text"], &entry["team"]),
            (&json!("Bill of May"), &json!("twice on the bill"), &json!("back"))
        );
    }
    let taken = ben.ask("work.take", json!({ "work": work, "version": version })).await.unwrap();
    assert!(taken["contact"].is_null(), "it has no queue: {taken}");
    let entry = told(&mut ana, &work, |entry| entry["state"] == "taken").await;
    assert_eq!(entry["owner"], "ben");
    let late = ana.ask("work.take", json!({ "work": work, "version": version })).await.unwrap_err();
    assert_eq!((&late["kind"], &late["version"]), (&json!("conflict"), &taken["version"]));
    let closed = json!({ "work": work, "version": taken["version"], "outcome": "refunded to 4111 1111 1111 1111" });
    ben.ask("work.close", closed).await.unwrap();
    gone(&mut ana, &work).await;
    gone(&mut ben, &work).await;
    let kept = stored(&records, &work, |work| work.state == WorkState::Closed).await;
    assert_eq!(kept.outcome.unwrap().as_str(), "refunded to **** **** **** 1111", "no card number is stored");

    let own = json!({ "kind": "task", "title": "Call the bank", "due": "2027-01-01T09:00:00.000Z" });
    let (own, version) = create(&mut ana, own).await;
    assert_eq!(told(&mut ana, &own, |_| true).await["owner"], "ana", "nobody was named: it is her own");
    let refused = ben.ask("work.close", json!({ "work": own, "version": version, "outcome": "x" })).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["subject"]), (&json!("not_yours"), &json!("work")));
    let up = json!({ "work": own, "version": version, "team": "back", "reason": "needs a signature" });
    ana.ask("work.escalate", up).await.unwrap();
    let entry = told(&mut ben, &own, |_| true).await;
    assert_eq!((&entry["escalation"]["reason"], &entry["owner"]), (&json!("needs a signature"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn due_work_becomes_a_task_and_its_end_closes_it() {
    let (mut server, records) = centre().await;
    let mut ana = server.agent("ana").await;
    ana.ask("work.watch", json!({})).await.unwrap();
    ana.is_available().await;
    let fields = json!({ "kind": "service_request", "title": "Send the form", "team": "back", "queue": "office", "due": in_ms(1_500) });
    let (work, _) = create(&mut ana, fields).await;
    assert_eq!(told(&mut ana, &work, |_| true).await["state"], "open");
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!((&offered["contact"]["channel"], &offered["contact"]["queue"]), (&json!("task"), &json!("office")));
    let said = &offered["contact"]["attributes"];
    assert_eq!(
        (&said["work"], &said["work_title"], &said["work_kind"]),
        (&json!(work), &json!("Send the form"), &json!("service_request"))
    );
    ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    ana.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
    ana.wait_for("contact.connected").await;
    let entry = told(&mut ana, &work, |entry| entry["state"] == "in_hand").await;
    assert_eq!((&entry["contact"], &entry["owner"]), (&offered["contact"]["id"], &json!("ana")));

    server.kill_and_start_again();
    let mut ana = server.agent("ana").await;
    let list = ana.ask("work.watch", json!({})).await.unwrap();
    assert_eq!(list["entries"][0]["state"], "in_hand", "a crash takes no task away: {list}");
    ana.ask("contact.end", json!({ "contact": offered["contact"]["id"] })).await.unwrap();
    gone(&mut ana, &work).await;
    let closed = stored(&records, &work, |work| work.state == WorkState::Closed).await;
    assert!(closed.task_contact.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn work_with_a_queue_is_taken_as_a_task_and_only_by_whom_it_fits() {
    let (server, records) = centre().await;
    let (mut ana, mut ben) = (server.agent("ana").await, server.agent("ben").await);
    for agent in [&mut ana, &mut ben] {
        agent.is_available().await;
        agent.ask("work.watch", json!({})).await.unwrap();
    }
    let fields =
        json!({ "kind": "task", "title": "Later", "team": "back", "queue": "office", "due": in_ms(3_600_000) });
    let (work, version) = create(&mut ana, fields).await;
    told(&mut ben, &work, |_| true).await;
    let refused = ben.ask("work.take", json!({ "work": work, "version": version })).await.unwrap_err();
    assert_eq!(
        (&refused["kind"], &refused["agent"]),
        (&json!("not_to_be_offered"), &json!("ben")),
        "he lacks the skill"
    );
    assert_eq!(stored(&records, &work, |_| true).await.task_contact, None, "refused, it changed nothing");

    let taken = ana.ask("work.take", json!({ "work": work, "version": version })).await.unwrap();
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!((&offered["contact"]["id"], &offered["why"]["decided_by"]), (&taken["contact"], &json!("taken")));
    ana.wait_for("contact.connected").await;
    assert_eq!(told(&mut ben, &work, |entry| entry["state"] == "in_hand").await["owner"], "ana");
    ana.ask("contact.suspend", json!({ "contact": taken["contact"], "until": in_ms(3_600_000) })).await.unwrap();
    ana.wait_for("contact.suspended").await;
    let version = stored(&records, &work, |work| work.state == WorkState::Taken).await.version.0;
    ana.ask("work.close", json!({ "work": work, "version": version, "outcome": "not needed any more" })).await.unwrap();
    gone(&mut ana, &work).await;
    let again = ana.ask("work.take", json!({ "work": work, "version": version + 1 })).await.unwrap_err();
    assert_eq!(again["kind"], "work_closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_is_neither_lost_nor_doubled_by_crashes() {
    let (mut server, records) = centre().await;
    let mut ana = server.agent("ana").await;
    let mut all = Vec::new();
    for no in 0..20 {
        let fields = json!({ "kind": "task", "title": format!("No {no}"), "team": "back", "queue": "office", "due": in_ms(300) });
        all.push(create(&mut ana, fields).await.0);
    }
    for wait_ms in [350, 120, 60, 200] {
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        server.kill_and_start_again();
    }
    for work in &all {
        stored(&records, work, |work| work.task_contact.is_some()).await;
    }
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let mut served = Vec::new();
    for _ in &all {
        let offered = ana.wait_for("contact.offered").await;
        ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
        ana.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
        ana.wait_for("contact.connected").await;
        ana.ask("contact.end", json!({ "contact": offered["contact"]["id"] })).await.unwrap();
        ana.wait_for("wrap_up.started").await;
        ana.ask("wrap_up.finish", json!({ "contact": offered["contact"]["id"] })).await.unwrap();
        // A console says at most 20 things a second.
        tokio::time::sleep(Duration::from_millis(250)).await;
        served.push(offered["contact"]["attributes"]["work"].as_str().unwrap().to_owned());
    }
    served.sort_by_key(|work| work.parse::<i64>().unwrap());
    assert_eq!(served, all, "each once");
    for work in &all {
        stored(&records, work, |work| work.state == WorkState::Closed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_work_is_refused_by_field_and_stores_nothing() {
    let (server, records) = centre().await;
    let mut ana = server.agent("ana").await;
    for (field, value, kind, named) in [
        ("queue", json!("nowhere"), "unknown_queue", "queue"),
        ("queue", json!("phones"), "invalid_field", "field"),
        ("owner", json!("nobody"), "unknown_agent", "agent"),
        ("team", json!("nobodys"), "invalid_field", "field"),
        ("title", json!(""), "invalid_field", "field"),
        ("title", json!("x".repeat(500)), "invalid_field", "field"),
        ("kind", json!("wish"), "invalid_field", "field"),
        ("due", json!("tomorrow"), "invalid_field", "field"),
    ] {
        let mut fields = complaint("x");
        fields[field] = value.clone();
        let refused = ana.ask("work.create", json!({ "fields": fields })).await.unwrap_err();
        assert_eq!(refused["kind"], kind, "{field} = {value}: {refused}");
        assert!(refused[named].as_str().is_some_and(|named| !named.is_empty()), "{refused}");
    }
    let lost = json!({ "fields": complaint("x"), "customer": "99" });
    assert_eq!(ana.ask("work.create", lost).await.unwrap_err()["kind"], "unknown_customer");
    let unknown = ana.ask("work.take", json!({ "work": "77", "version": 1 })).await.unwrap_err();
    assert_eq!(unknown["kind"], "unknown_work");
    assert_eq!(records.work(WorkId(1)).await.unwrap(), None);
}
