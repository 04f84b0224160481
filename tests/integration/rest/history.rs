//! What happened with a customer and what is to be done: notes, work, interactions, changes.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Centre, ids, phone};
use crate::live_server::Peer;

pub async fn notes_work_and_changes(centre: Centre) {
    let host = centre.host().await;
    let ana = centre.user("ana").await;
    let (id, _) = host.add(json!({ "name": "Zoé" })).await;
    let path = format!("/api/v1/customers/{id}");
    let of = |part: &str| format!("{path}/{part}");
    let noted = ana.post(&of("notes"), json!({ "text": "card 4111 1111 1111 1111, <b>angry</b>" })).await;
    assert_eq!((noted.status, &noted.json()["made"]["by"]), (201, &json!("ana")));
    assert_eq!(noted.json()["text"], "card **** **** **** 1111, <b>angry</b>");
    for no in 0..4 {
        host.post(&of("notes"), json!({ "text": format!("note {no}") })).await;
    }
    let first = host.get(&of("notes?limit=3")).await.json();
    let next = first["next"].as_str().unwrap();
    let second = host.get(&of(&format!("notes?limit=3&after={next}"))).await.json();
    let texts = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&first), ["note 3", "note 2", "note 1"]);
    assert_eq!((texts(&second)[0].as_str(), second["next"].clone()), ("note 0", Value::Null));

    let due = "2026-12-01T09:00:00.000Z";
    let added =
        host.post(&of("work"), json!({ "kind": "complaint", "title": "bill", "due": due, "owner": "ana" })).await;
    assert_eq!((added.status, &added.json()["state"]), (201, &json!("open")));
    let work = format!("/api/v1/work/{}", added.json()["id"].as_str().unwrap());
    assert_eq!(host.send("GET", &work, &[("if-none-match", &added.etag())], None).await.status, 304);
    let changed = host.change("PATCH", &work, &added.etag(), json!({ "category": "money", "due": null })).await;
    assert_eq!((&changed.json()["due"], &changed.json()["owner"]), (&Value::Null, &json!("ana")));
    let stale = host.change("POST", &format!("{work}/close"), &added.etag(), json!({ "outcome": "paid" })).await;
    assert_eq!((stale.status, stale.etag()), (412, changed.etag()));
    let escalated = host
        .change("POST", &format!("{work}/escalate"), &changed.etag(), json!({ "to": "back office", "reason": "high" }))
        .await;
    assert_eq!(escalated.json()["escalation"]["to"], "back office");
    assert_eq!(host.post(&format!("{work}/notes"), json!({ "text": "called" })).await.status, 201);
    let closed = host.change("POST", &format!("{work}/close"), &escalated.etag(), json!({ "outcome": "paid" })).await;
    assert_eq!((&closed.json()["state"], &closed.json()["outcome"]), (&json!("closed"), &json!("paid")));
    let late = host.change("PATCH", &work, &closed.etag(), json!({ "title": "more" })).await;
    assert_eq!((late.status, late.kind()), (409, "conflict".to_owned()));
    assert_eq!(ids(&host.get(&of("work")).await), [added.json()["id"].as_str().unwrap()]);

    let agents_work = ana.post(&of("work"), json!({ "kind": "task", "title": "x" })).await;
    assert_eq!((agents_work.status, agents_work.kind()), (403, "not_permitted".to_owned()));
    let mut told: Vec<String> = Vec::new();
    let mut after = String::new();
    loop {
        let page = host.get(&of(&format!("changes?limit=2{after}"))).await.json();
        told.extend(page["items"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(told.last().map(String::as_str), Some("added"));
    for field in ["due", "category", "state", "outcome", "escalated_to"] {
        assert_eq!(told.iter().filter(|one| *one == field).count(), 1, "{field}: {told:?}");
    }
}

/// A call from this number that ended.
async fn call(gateway: &mut Peer, reference: &str, number: &str) -> String {
    let arrived = json!({ "ref": reference, "channel": "voice", "from": number, "to": "+33800000001" });
    let contact = gateway.tell("contact.arrived", arrived).await.unwrap()["contact"].as_str().unwrap().to_owned();
    gateway.tell("contact.ended", json!({ "ref": reference, "by": "customer" })).await.unwrap();
    contact
}

pub async fn after_a_call(centre: Centre) {
    let host = centre.host().await;
    let (id, etag) = host.add(json!({ "name": "Zoé", "addresses": [phone("0612345678")] })).await;
    let mut gateway = centre.server.gateway().await;
    let contact = call(&mut gateway, "1", "+33612345678").await;
    for no in 2..7 {
        call(&mut gateway, &no.to_string(), "+33612345678").await;
    }
    let list = format!("/api/v1/customers/{id}/interactions");
    let began = Instant::now();
    while ids(&host.get(&list).await).len() < 6 {
        assert!(began.elapsed() < Duration::from_secs(20), "the calls are written");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut found: Vec<String> = Vec::new();
    let mut after = String::new();
    loop {
        let page = host.get(&format!("{list}?limit=4{after}")).await;
        found.extend(ids(&page));
        let Some(next) = page.json()["next"].as_str().map(str::to_owned) else { break };
        after = format!("&after={next}");
    }
    assert_eq!((found.len(), found.last()), (6, Some(&contact)), "the newest first, each once");

    let path = format!("/api/v1/interactions/{contact}");
    let shown = host.get(&path).await;
    assert_eq!((&shown.json()["from"], &shown.json()["ended_by"]), (&json!("+33612345678"), &json!("customer")));
    assert_eq!(host.send("GET", &path, &[("if-none-match", &shown.etag())], None).await.status, 304);
    let body = json!({ "satisfaction": 90, "recording": "s3://calls/1.ogg", "transcript": "s3://calls/1.txt" });
    assert_eq!(host.send("PATCH", &path, &[], Some(&body.to_string())).await.status, 428);
    let scored = host.change("PATCH", &path, &shown.etag(), body.clone()).await;
    assert_eq!((&scored.json()["satisfaction"], &scored.json()["transcript"]), (&json!(90), &body["transcript"]));
    let stale = host.change("PATCH", &path, &shown.etag(), json!({ "satisfaction": 1 })).await;
    assert_eq!((stale.status, stale.etag()), (412, scored.etag()));
    let emptied = host.change("PATCH", &path, &scored.etag(), json!({ "recording": null })).await;
    assert_eq!((&emptied.json()["recording"], &emptied.json()["satisfaction"]), (&Value::Null, &json!(90)));
    let noted = host.post(&format!("{path}/notes"), json!({ "text": "heard it" })).await;
    assert_eq!((&noted.json()["customer"], &noted.json()["interaction"]), (&json!(id), &json!(contact)));

    // The next call shows what was changed here, though the card of this customer was read a moment ago.
    let mut ana = centre.server.agent("ana").await;
    ana.is_available().await;
    let changed = host.change("PATCH", &format!("/api/v1/customers/{id}"), &etag, json!({ "tier": "gold" })).await;
    assert_eq!(changed.status, 200);
    let arrived = json!({ "ref": "7", "channel": "voice", "from": "+33612345678", "to": "+33800000001" });
    gateway.tell("contact.arrived", arrived).await.unwrap();
    let mut told = ana.wait_for("contact.offered").await;
    while told["customer"].is_null() {
        // On a busy machine the card follows, perhaps after word that there is none yet.
        told = ana.wait_for("contact.updated").await;
    }
    assert_eq!((&told["customer"]["id"], &told["customer"]["tier"]), (&json!(id), &json!("gold")));
}
