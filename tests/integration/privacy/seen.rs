//! Over real sockets: what a role does not see leaves the server nowhere, and every look stands in the audit.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use usher::customers::ids::CustomerId;
use usher::records::{AuditCheck, AuditNo, AuditQuestion, AuditRow, Records, RecordsPlace};
use usher::routing::time::Timestamp;

use crate::live_server::{Peer, Server};

const PATIENCE: Duration = Duration::from_secs(20);

async fn looks_at(records: &Records, customer: &Value) -> Vec<AuditRow> {
    let customer = CustomerId(customer.as_str().unwrap().parse().unwrap());
    let asked =
        AuditQuestion { since: Timestamp(0), by: None, customer: Some(customer), after: AuditNo(0), limit: 1_000 };
    records.audit_rows(&asked).await.unwrap()
}

async fn acts_on(records: &Records, customer: &Value) -> Vec<(String, String)> {
    looks_at(records, customer).await.into_iter().map(|row| (row.by, row.act)).collect()
}

async fn add_customer(agent: &mut Peer) -> Value {
    let addresses =
        json!([{ "kind": "phone", "address": "+33612345678" }, { "kind": "email", "address": "zoe@example.com" }]);
    let new = json!({ "name": "Zoé Canari", "tier": "gold", "tags": [], "addresses": addresses });
    agent.ask("customer.create", new).await.unwrap()["customer"].clone()
}

async fn arrives(gateway: &mut Peer) {
    let arrived = json!({ "ref": "1", "channel": "voice", "from": "+33612345678", "to": "+33800000001" });
    gateway.tell("contact.arrived", arrived).await.unwrap();
}

/// All that the agent hears until the card is there.
async fn heard_with_card(agent: &mut Peer) -> String {
    let offered = agent.wait_for("contact.offered").await;
    let mut heard = offered.to_string();
    if offered["card"].is_null() {
        heard += &agent.wait_for("contact.updated").await.to_string();
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn every_look_is_audited_before_its_answer_and_a_card_soon_after() {
    let mut server = Server::start();
    let records = Records::open(&RecordsPlace::Sqlite(server.folder.path().join("data/usher.db"))).await.unwrap();
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    let mut eva = server.supervisor("eva").await;
    let zoe = add_customer(&mut ana).await;
    let by = |who: &str, act: &str| (who.to_owned(), act.to_owned());
    assert_eq!(acts_on(&records, &zoe).await, [by("ana", "created")]);
    eva.ask("customer.search", json!({ "query": "canari" })).await.unwrap();
    assert_eq!(acts_on(&records, &zoe).await[1..], [by("eva", "searched")]);
    eva.ask("customer.show", json!({ "customer": zoe })).await.unwrap();
    assert_eq!(acts_on(&records, &zoe).await[2..], [by("eva", "looked_at")]);
    ana.is_available().await;
    arrives(&mut gateway).await;
    heard_with_card(&mut ana).await;
    let began = Instant::now();
    while acts_on(&records, &zoe).await.len() < 4 {
        assert!(began.elapsed() < PATIENCE, "the card is not audited");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let last = looks_at(&records, &zoe).await.pop().unwrap();
    assert_eq!((last.by.as_str(), last.act.as_str()), ("ana", "shown_with_contact"));
    assert!(last.subjects.contains("\"contact:"), "{}", last.subjects);
    server.kill_and_start_again();
    assert!(matches!(records.check_audit(None).await.unwrap(), AuditCheck::Whole { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_cannot_be_audited_is_refused() {
    let server = Server::start();
    let place = RecordsPlace::Sqlite(server.folder.path().join("data/usher.db"));
    let mut ana = server.agent("ana").await;
    let zoe = add_customer(&mut ana).await;
    let ground = super::Ground { records: Records::open(&place).await.unwrap(), place };
    ground.run("alter table audit rename to audit_away").await.unwrap();
    let refused = ana.ask("customer.show", json!({ "customer": zoe })).await.unwrap_err();
    assert_eq!(refused["kind"], "unavailable");
    ground.run("alter table audit_away rename to audit").await.unwrap();
    assert_eq!(ana.ask("customer.show", json!({ "customer": zoe })).await.unwrap()["card"]["name"], "Zoé Canari");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_from_agents_is_in_nothing_they_are_told() {
    let server = Server::start_with(&[("USHER_PRIVACY_HIDDEN_FROM_AGENTS", "names,phone,notes")]);
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    let zoe = add_customer(&mut ana).await;
    ana.is_available().await;
    arrives(&mut gateway).await;
    let heard = heard_with_card(&mut ana).await;
    let shown = ana.ask("customer.show", json!({ "customer": zoe })).await.unwrap().to_string();
    let found = ana.ask("customer.search", json!({ "query": "zoe@example.com" })).await.unwrap().to_string();
    for (what, text) in [("offer", &heard), ("show", &shown), ("search", &found)] {
        assert!(!text.contains("Canari") && !text.contains("61234"), "{what}: {text}");
    }
    assert!(heard.contains("…78") && shown.contains("zoe@example.com"), "{heard}\n{shown}");
    assert!(found.contains("\"address\""), "found by what he sees: {found}");
    for query in ["canari", "0612345678", "+33612345678"] {
        let found = ana.ask("customer.search", json!({ "query": query })).await.unwrap();
        assert_eq!(found["customers"], json!([]), "{query}");
    }
    let change = json!({ "customer": zoe, "version": 1, "name": "", "tier": "gold", "do_not_contact": true });
    ana.ask("customer.change", change).await.unwrap();
    let mut eva = server.supervisor("eva").await;
    let seen = eva.ask("customer.show", json!({ "customer": zoe })).await.unwrap();
    assert_eq!((&seen["card"]["name"], &seen["card"]["do_not_contact"]), (&json!("Zoé Canari"), &json!(true)));
    let seen = seen.to_string();
    assert!(!seen.contains("61234") && !seen.contains("zoe@"), "a supervisor sees no address: {seen}");
}
