//! Why, asked of the running program: over a supervisor's socket, and by `usher why` beside it.

use serde_json::{Value, json};

use crate::live_server::{Server, usher};

fn agent<'a>(why: &'a Value, name: &str) -> &'a Value {
    let rows = why["waiting"]["agents"].as_array().unwrap();
    &rows.iter().find(|row| row["agent"] == name).unwrap()["between"]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_asks_why_and_the_journal_agrees() {
    let server = Server::start();
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let first = gateway.arrives("1").await["contact"].clone();
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!(offered["why"]["rule"], "all", "{offered}");
    assert_eq!(offered["why"]["agents_matched"], 1);
    ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    ana.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "1", "order": order["order"] })).await.unwrap();
    let second = gateway.arrives("2").await["contact"].clone();

    let why = eva.ask("why.contact", json!({ "contact": second })).await.unwrap();
    assert_eq!((&why["stands"], &why["queue"]), (&json!("waiting"), &json!("general")));
    assert_eq!((&why["waiting"]["rule"], &why["waiting"]["place"]), (&json!("all"), &json!(1)));
    assert_eq!(agent(&why, "ana"), &json!({ "what": "busy", "contact": first }));
    assert_eq!(agent(&why, "ben"), &json!({ "what": "away", "away": "not_logged_in" }));
    assert_eq!((&why["waiting"]["totals"]["matched"], &why["waiting"]["totals"]["busy"]), (&json!(2), &json!(1)));
    let why = eva.ask("why.contact", json!({ "contact": first, "decisions": true })).await.unwrap();
    assert_eq!((&why["stands"], &why["agent"], &why["state"]), (&json!("in_hand"), &json!("ana"), &json!("talking")));
    let kinds: Vec<&Value> = why["decisions"].as_array().unwrap().iter().map(|decided| &decided["what"]).collect();
    assert_eq!(kinds, ["entered", "offered"]);

    let event = why["decisions"][1]["event"].clone();
    let past = eva.ask("why.contact", json!({ "contact": first, "event": event })).await.unwrap();
    assert_eq!((&past["decision"]["agrees"], &past["decision"]["agent"]), (&json!(true), &json!("ana")));
    assert_eq!(past["waiting"]["agents"][0]["agent"], "ana", "the winner leads");
    let ana_now = eva.ask("why.agent", json!({ "agent": "ana" })).await.unwrap();
    assert_eq!(ana_now["waiting"][0]["contact"], second);
    assert_eq!(ana_now["in_hand"][0]["phase"], "with_customer");
    let ana_then = eva.ask("why.agent", json!({ "agent": "ana", "event": event })).await.unwrap();
    assert_eq!((&ana_then["waiting"][0]["contact"], &ana_then["in_hand"]), (&first, &json!([])));

    for (method, params, kind, field) in [
        ("why.contact", json!({ "contact": "usher-999999" }), "unknown_contact", Value::Null),
        ("why.contact", json!({ "contact": first, "event": 1 }), "invalid_field", json!("event")),
        ("why.contact", json!({ "contact": second, "event": event }), "invalid_field", json!("event")),
        ("why.contact", json!({ "contact": first, "event": 999_999 }), "invalid_field", json!("event")),
        ("why.contact", json!({ "contact": first, "event": 0 }), "invalid_field", json!("event")),
        ("why.agent", json!({ "agent": "nobody" }), "unknown_agent", Value::Null),
        ("why.agent", json!({ "agent": "ana", "event": 999_999 }), "invalid_field", json!("event")),
    ] {
        let refused = eva.ask(method, params.clone()).await.unwrap_err();
        assert_eq!((&refused["kind"], &refused["field"]), (&json!(kind), &field), "{method} {params}: {refused}");
    }
    let refused = ana.ask("why.contact", json!({ "contact": first })).await.unwrap_err();
    assert_eq!(refused["kind"], "wrong_role", "agents are not told");

    let id = first.as_str().unwrap();
    let beside = usher(server.folder.path()).args(["why", "contact", id]).output().unwrap();
    let told = String::from_utf8(beside.stdout).unwrap();
    assert!(beside.status.success(), "{}", String::from_utf8_lossy(&beside.stderr));
    assert!(told.contains("ana accepted") && told.contains("in the hands of ana"), "{told}");

    gateway.tell("contact.ended", json!({ "ref": "1", "by": "customer" })).await.unwrap();
    let last = eva.ask("why.contact", json!({ "contact": first })).await.unwrap();
    assert_eq!(last["decision"]["event"], event, "it has ended: its last decision");
    let report = usher(server.folder.path()).args(["why", "overtakings"]).output().unwrap();
    assert!(String::from_utf8(report.stdout).unwrap().starts_with("1 accepted, 0 of them"));
}
