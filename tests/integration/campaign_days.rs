//! A campaign's day in many zones over real sockets, in which the server is killed five times, and a second opinion on every
//! call that the journal says was placed.

pub mod windows;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use usher::journal::{self, Journal, SqlJournal};
use usher::routing::event::{Event, Fact};
use usher::routing::ids::EventNo;

use crate::campaign_calls::{asked, run, starts};
use crate::live_server::{Peer, Server};
use crate::support::surroundings::repository_root;
use windows::{Call, Cap, FRANCE, Hours, Person, UNITED_STATES, objections};

/// The server's clock runs so many times as fast as the wall's, from a Monday on which the United States have put their clocks
/// forward and Europe has not.
const SPEED: &str = "150";
const BEGINS: &str = "2027-03-15T11:30:00Z";
const ENDS: &str = "2027-03-15T13:45:00Z";
/// Machines have as many times as long.
const SITE: &str = "acknowledge_within = \"5m\"\nconnect_within = \"25m\"\nconsole_grace = \"75m\"\nlost_after = \"12h\"\n\
                    gateway_grace = \"2h\"\nresume_grace = \"2h\"\nchecked_within = \"30s\"\n";
const CAMPAIGN: &str = r#"
queue = "general"
gateway = "gw"
mode = "progressive"
purpose = "sales"
ring_for = "30 s"
[hours]
zone = "lead"
week = { mon-fri = ["07:30-18:00", "19:00-20:00"], sat = ["10:00-18:00"] }
[[cap]]
calls = 2
within = "24 h"
per = "number"
[disposition.done]
reached = "right_party"
final = "contact"
is_live_answer = true
[retries]
attempts_of_lead_max = 2
[retries.after.busy]
waits = ["10 min"]
[retries.after.no_answer]
waits = ["10 min"]
"#;
/// As above.
const OF_CAMPAIGN: Hours = Hours {
    file: "the campaign",
    weekdays: &[(7 * 60 + 30, 18 * 60), (19 * 60, 20 * 60)],
    saturdays: &[(10 * 60, 18 * 60)],
    sundays: &[],
    holidays: &[],
};
const CAP: [Cap; 1] = [Cap { calls: 2, within: SignedDuration::from_hours(24) }];
const NOT_TO_BE_CALLED: [&str; 2] = ["+919876543203", "+912228400104"];
/// Numbers that begin so are nobody's to call either.
const NOT_TO_BE_CALLED_PREFIX: &str = "+3319900001";

/// Numbers that begin alike, and what holds there.
struct Place {
    begins: &'static str,
    zones: &'static [&'static str],
    /// Said of the lead; empty: its number tells.
    zone: &'static str,
    law: Option<Hours>,
    asks_consent: bool,
}

/// One row of a list.
struct Row {
    person: Person,
    zone: &'static str,
    consent: &'static str,
}

/// Twelve of each place. The law of France and of China asks for consent; at noon in UTC Paris and Shanghai close and New York
/// opens, at half past Mumbai closes, an hour later both open again; in Honolulu it is night all the while.
fn rows() -> Vec<Row> {
    let places = [
        Place { begins: "+331990000", zones: &["Europe/Paris"], zone: "", law: Some(FRANCE), asks_consent: true },
        Place {
            begins: "+121255501",
            zones: &["America/New_York"],
            zone: "",
            law: Some(UNITED_STATES),
            asks_consent: false,
        },
        Place { begins: "+9198765432", zones: &["Asia/Kolkata"], zone: "Asia/Kolkata", law: None, asks_consent: false },
        Place {
            begins: "+86131000000",
            zones: &["Asia/Shanghai"],
            zone: "Asia/Shanghai",
            law: None,
            asks_consent: true,
        },
        Place {
            begins: "+180855501",
            zones: &["Pacific/Honolulu"],
            zone: "",
            law: Some(UNITED_STATES),
            asks_consent: false,
        },
    ];
    let mut rows = Vec::new();
    for Place { begins, zones, zone, law, asks_consent } in places {
        for number in 0..12 {
            let consent =
                ["yes", "yes", "yes", "yes", "yes", "yes", "yes", "unknown", "yes", "no", "yes", "yes"][number];
            let number = format!("{begins}{number:02}");
            let is_listed = NOT_TO_BE_CALLED.contains(&&*number) || number.starts_with(NOT_TO_BE_CALLED_PREFIX);
            let must_not_be_called = is_listed || consent == "no" || (asks_consent && consent != "yes");
            let hours = law.into_iter().chain([OF_CAMPAIGN]).collect();
            rows.push(Row { person: Person { number, zones, hours, must_not_be_called }, zone, consent });
        }
    }
    rows
}

fn csv<'r>(rows: impl Iterator<Item = &'r Row>) -> String {
    let row = |row: &Row| format!("{},Somebody,{},{}\n", row.person.number, row.zone, row.consent);
    format!("Phone,Name,Time zone,Consent\n{}", rows.map(row).collect::<String>())
}

/// A campaign with two lists; the second has numbers of the first.
fn prepare(server: &mut Server, rows: &[Row]) {
    let folder = server.folder.path().to_owned();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("rules/site.toml", SITE);
    let packs = folder.join("rules/jurisdictions");
    std::fs::create_dir_all(&packs).unwrap();
    for pack in std::fs::read_dir(repository_root().join("routing-rules/jurisdictions")).unwrap() {
        let pack = pack.unwrap().path();
        std::fs::copy(&pack, packs.join(pack.file_name().unwrap())).unwrap();
    }
    write("campaign.toml", CAMPAIGN);
    run(server, &["campaign", "create", "winback", "--settings", "campaign.toml", "--by", "eva"]);
    let shared = |place: usize| place % 12 < 4;
    for (list, leads) in [
        ("spring", csv(rows.iter())),
        ("autumn", csv(rows.iter().enumerate().filter(|(place, _)| shared(*place)).map(|(_, row)| row))),
    ] {
        write("list.toml", "campaign = \"winback\"\ndefault_country = \"FR\"\n");
        write(&format!("{list}.csv"), &leads);
        run(server, &["list", "create", list, "--settings", "list.toml", "--by", "eva"]);
        run(server, &["import", "leads", list, &format!("{list}.csv"), "--accept-guess", "--by", "eva"]);
    }
    for number in NOT_TO_BE_CALLED {
        run(server, &["do-not-call", "add", number, "--by", "eva"]);
    }
    run(server, &["do-not-call", "add", "--prefix", NOT_TO_BE_CALLED_PREFIX, "--by", "eva"]);
    server.kill_and_start_again_with(&[("USHER_CLOCK_SPEED", SPEED), ("USHER_CLOCK_STARTS_AT", BEGINS)]);
}

/// What the gateway makes of one call. `deed`: which, for variety.
async fn carry_out(gateway: &mut Peer, placed: &Value, deed: u32) {
    let order = &placed["order"];
    // The server may have given the call up meanwhile.
    let _ = gateway.tell("call.progress", json!({ "order": order, "progress": "ringing" })).await;
    let progress = ["busy", "no_answer", "answered", "busy", "invalid_number"][deed as usize % 5];
    if gateway.tell("call.progress", json!({ "order": order, "progress": progress })).await.is_err() {
        return;
    }
    if progress == "answered" {
        let connected = json!({ "ref": placed["ref"], "order": order });
        if gateway.tell("contact.connected", connected).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let _ = gateway.tell("contact.ended", json!({ "ref": placed["ref"], "by": "customer" })).await;
        }
    }
}

/// Until the day is over; the server dies five times, each time with a call under way. How many calls were ordered.
async fn work(server: &mut Server) -> u32 {
    let ends: Timestamp = ENDS.parse().unwrap();
    let mut gateway = server.gateway().await;
    let mut agents = [server.agent("ana").await, server.agent("ben").await];
    for agent in &mut agents {
        agent.is_available().await;
    }
    let (mut calls, mut kills) = (0, 0);
    loop {
        let now: Timestamp = server_time(&mut gateway).await;
        if now >= ends {
            break;
        }
        let Ok(placed) = tokio::time::timeout(Duration::from_secs(1), gateway.wait_for("call.place")).await else {
            continue;
        };
        calls += 1;
        if calls % 7 == 3 && kills < 5 {
            kills += 1;
            server.kill_and_start_again();
            gateway = server.gateway_after(gateway.event).await;
            agents = [server.agent("ana").await, server.agent("ben").await];
        }
        carry_out(&mut gateway, &placed, calls).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    assert_eq!(kills, 5, "after {calls} calls");
    drop(agents);
    calls
}

async fn server_time(gateway: &mut Peer) -> Timestamp {
    let told = gateway.ask("session.ping", json!({})).await.unwrap();
    told["server_time"].as_str().unwrap().parse().unwrap()
}

async fn events(server: &Server) -> Vec<Event> {
    let place = journal::Place::Sqlite { folder: server.folder.path().join("data") };
    let journal = SqlJournal::open(&place).await.unwrap();
    let batches: Vec<_> = journal.read_after(EventNo::ZERO).try_collect().await.unwrap();
    batches.into_iter().flat_map(|batch| batch.events).collect()
}

/// Calls as the journal has them; whose a lead's number is, the records say.
fn calls_of(events: &[Event], numbers: &BTreeMap<i64, String>) -> Vec<Call> {
    let at = |event: &Event| Timestamp::from_millisecond(event.at.0).unwrap();
    let mut leads = BTreeMap::new();
    let mut calls: BTreeMap<u64, Call> = BTreeMap::new();
    for event in events {
        match &event.fact {
            Fact::AttemptProposed { attempt, lead, .. } => {
                leads.insert(attempt.0, lead.0);
            }
            Fact::AttemptPlaced { attempt, .. } => {
                let number = numbers[&leads[&attempt.0]].clone();
                let call = Call { number, placed_at: at(event), ended_at: None };
                assert!(calls.insert(attempt.0, call).is_none(), "{attempt:?} is placed twice");
            }
            Fact::AttemptEnded { attempt, .. } => {
                let call = calls.get_mut(&attempt.0).expect("what ends was placed");
                assert!(call.ended_at.replace(at(event)).is_none(), "{attempt:?} ends twice");
            }
            _ => {}
        }
    }
    calls.into_values().collect()
}

fn count(server: &Server, what: &str) -> usize {
    asked(server, &format!("select count(*) from {what}"))[0].parse().unwrap()
}

/// Rows, events and states of leads, each against the others.
fn everything_adds_up(server: &Server, events: &[Event], leads: usize) {
    let happened = |is: fn(&Fact) -> bool| events.iter().filter(|event| is(&event.fact)).count();
    let proposed = happened(|fact| matches!(fact, Fact::AttemptProposed { .. }));
    let placed = happened(|fact| matches!(fact, Fact::AttemptPlaced { .. }));
    let refused = happened(|fact| matches!(fact, Fact::AttemptRefused { .. }));
    let ended = happened(|fact| matches!(fact, Fact::AttemptEnded { .. }));
    let filed = happened(|fact| matches!(fact, Fact::LeadFiled { .. }));
    let returned = happened(|fact| matches!(fact, Fact::LeadReturned { .. }));
    assert_eq!((proposed, placed), (placed + refused, ended));
    assert_eq!(filed, returned + refused + ended, "every stay has one end");
    assert_eq!(count(server, "attempt"), proposed);
    assert_eq!(count(server, "attempt where placed_at_ms is not null"), placed);
    assert_eq!(count(server, "attempt where refused is not null and outcome is null"), refused);
    assert_eq!(count(server, "attempt where outcome is not null and refused is null"), ended);
    let without_end = "attempt where legal_end is null and refused is null and outcome <> 'unknown'";
    assert_eq!(count(server, without_end), 0, "every call has its end");
    let tried = count(server, "lead where exists (select 1 from attempt where lead = lead.id and outcome is not null)");
    let over = count(server, "lead where ended is not null");
    let due = count(server, "lead where ended is null and due_at_ms is not null");
    let fresh = count(server, "lead where ended is null and due_at_ms is null");
    assert_eq!((over + due + fresh, count(server, "lead where contact is not null")), (leads, 0));
    assert!(over > 0 && due > 0 && fresh >= 12 && tried > 40, "{over} over, {due} due, {fresh} fresh, {tried} tried");
    for list in ["spring", "autumn"] {
        let shown = run(server, &["list", "show", list]);
        let waterfall = shown.lines().nth(2).unwrap();
        let parts = waterfall.split(',').map(|part| part.rsplit(' ').next().unwrap().parse::<usize>().unwrap());
        let all = count(server, &format!("lead where list = (select id from call_list where name = '{list}')"));
        assert_eq!(parts.sum::<usize>(), all, "{waterfall}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_to_the_server_nobody_is_called_who_must_not_be() {
    let rows = rows();
    let mut server = Server::start();
    prepare(&mut server, &rows);
    let mut eva = server.supervisor("eva").await;
    starts(&mut eva).await;
    let ordered = work(&mut server).await;
    let mut eva = server.sees("eva").await;
    eva.ask("campaign.stop", json!({ "campaign": "winback" })).await.unwrap();
    for _ in 0..100 {
        if count(&server, "lead where contact is not null") + count(&server, "lead_stay") == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let found = asked(&server, "select lead || ' ' || value from lead_number");
    let numbers = found.iter().map(|row| row.split_once(' ').unwrap());
    let numbers: BTreeMap<i64, String> =
        numbers.map(|(lead, number)| (lead.parse().unwrap(), number.to_owned())).collect();
    let events = events(&server).await;
    everything_adds_up(&server, &events, numbers.len());
    let calls = calls_of(&events, &numbers);
    assert!(calls.len() >= ordered as usize, "{} placed, {ordered} ordered", calls.len());
    let people: Vec<Person> = rows.into_iter().map(|row| row.person).collect();
    assert_eq!(objections(&calls, &people, &CAP), [""; 0]);
    // It was a day on which something could have gone wrong: who was closed was called later, who opened was.
    let called: BTreeSet<&str> = calls.iter().map(|call| &call.number[..3]).collect();
    assert_eq!(called, BTreeSet::from(["+33", "+12", "+91", "+86"]));
    // The same day by a clock that is wrong is objected to.
    let shifted = |minutes: i64| -> Vec<Call> {
        let by = SignedDuration::from_mins(minutes);
        let shift = |call: &Call| Call {
            placed_at: call.placed_at + by,
            ended_at: call.ended_at.map(|at| at + by),
            ..call.clone()
        };
        calls.iter().map(shift).collect()
    };
    for minutes in [-240, -60, 60, 240] {
        assert!(objections(&shifted(minutes), &people, &CAP).len() > 5, "{minutes} minutes");
    }
    let twice: Vec<Call> = calls.iter().chain([&calls[0]]).cloned().collect();
    assert!(!objections(&twice, &people, &CAP).is_empty());
}

/// A cap counts by the journal: a clock that is set forward frees nobody before his time, and one that is set back does not begin
/// the day anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_steps_forth_and_back_calls_nobody_twice() {
    const LEADS: usize = 4;
    let rows: Vec<Row> = rows()
        .into_iter()
        .filter(|row| row.zone == "Asia/Kolkata" && !row.person.must_not_be_called)
        .take(LEADS)
        .collect();
    let mut server = Server::start();
    let once_a_day = |settings: &str| settings.replace("calls = 2", "calls = 1").replace("max = 2", "max = 5");
    let write = |name: &str, text: &str| std::fs::write(server.folder.path().join(name), text).unwrap();
    write("rules/site.toml", SITE);
    write("campaign.toml", &once_a_day(CAMPAIGN));
    write("list.toml", "campaign = \"winback\"\n");
    write("leads.csv", &csv(rows.iter()));
    run(&server, &["campaign", "create", "winback", "--settings", "campaign.toml", "--by", "eva"]);
    run(&server, &["list", "create", "spring", "--settings", "list.toml", "--by", "eva"]);
    run(&server, &["import", "leads", "spring", "leads.csv", "--accept-guess", "--by", "eva"]);
    let at = |time: &str| {
        [("USHER_CLOCK_SPEED", SPEED), ("USHER_CLOCK_STARTS_AT", time)].map(|(name, to)| (name, to.to_owned()))
    };
    let (mut event, mut placed) = (0, Vec::new());
    // Half past nine in the morning in Mumbai; the same day later; before it began; the next morning; two weeks before.
    for time in [
        "2027-03-15T04:00:00Z",
        "2027-03-15T09:00:00Z",
        "2027-03-14T04:00:00Z",
        "2027-03-16T05:00:00Z",
        "2027-03-01T05:00:00Z",
    ] {
        let settings = at(time);
        server.kill_and_start_again_with(&settings.each_ref().map(|(name, to)| (*name, &**to)));
        if event == 0 {
            starts(&mut server.supervisor("eva").await).await;
        }
        let mut gateway = server.gateway_after(event).await;
        let mut ana = server.agent("ana").await;
        ana.is_available().await;
        let mut here = 0;
        while let Ok(call) = tokio::time::timeout(Duration::from_secs(3), gateway.wait_for("call.place")).await {
            carry_out(&mut gateway, &call, 3).await;
            here += 1;
        }
        placed.push(here);
        event = gateway.event;
    }
    assert_eq!(placed, [LEADS, 0, 0, LEADS, 0]);
    let found = asked(&server, "select lead || ' ' || value from lead_number");
    let numbers = found.iter().map(|row| row.split_once(' ').unwrap());
    let numbers = numbers.map(|(lead, number)| (lead.parse().unwrap(), number.to_owned())).collect();
    let calls = calls_of(&events(&server).await, &numbers);
    let people: Vec<Person> = rows.into_iter().map(|row| row.person).collect();
    let once = [Cap { calls: 1, ..CAP[0] }];
    assert_eq!(objections(&calls, &people, &once), [""; 0]);
    assert_eq!(calls.len(), 2 * LEADS);
}
