//! The end of a call in one message: result, note and a promised call, all or nothing.

use serde_json::{Value, json};

use super::{NUMBER, add_customer, call, centre, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrap_up_with_a_promised_call_is_done_whole_or_not_at_all() {
    let (server, records) = centre().await;
    let zoe = add_customer(&records, "Zoé", "gold", NUMBER).await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    call(&mut gateway, "1", NUMBER).await;
    let offered = ana.wait_for("contact.offered").await;
    ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    ana.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "1", "order": order["order"] })).await.unwrap();
    ana.wait_for("contact.connected").await;
    gateway.tell("contact.ended", json!({ "ref": "1", "by": "customer" })).await.unwrap();
    ana.wait_for("wrap_up.started").await;

    let finish = |callback: Value| json!({ "contact": offered["contact"]["id"], "disposition": "sold", "note": "calls again", "callback": callback });
    for (callback, field) in [
        (json!({ "to": "0612345678" }), "callback.to"),
        (json!({ "to": NUMBER, "due": "1999-01-01T00:00:00.000Z" }), "due"),
        (json!({ "by_me": true }), "to"),
    ] {
        let refused = ana.ask("wrap_up.finish", finish(callback)).await.unwrap_err();
        assert_eq!((&refused["kind"], &refused["field"]), (&json!("invalid_field"), &json!(field)), "{refused}");
    }
    let refused = ana.ask("wrap_up.finish", finish(json!({ "to": NUMBER, "queue": "nowhere" }))).await.unwrap_err();
    assert_eq!(refused["kind"], "unknown_queue");
    let past = records.interactions_of_customer(zoe, None, 9).await.unwrap();
    assert!(past.iter().all(|past| past.disposition.is_none()), "nothing of what was refused was done: {past:?}");

    ana.ask("wrap_up.finish", finish(json!({ "to": NUMBER, "by_me": true }))).await.unwrap();
    let called = ana.wait_for("contact.offered").await;
    assert_eq!(
        (&called["contact"]["channel"], &called["contact"]["direction"]),
        (&json!("callback"), &json!("outbound"))
    );
    until("result and note are written", async || {
        let past = records.interactions_of_customer(zoe, None, 9).await.unwrap();
        let notes = records.notes_of_customer(zoe, 9).await.unwrap();
        past.iter().any(|past| past.disposition.as_ref().is_some_and(|given| &*given.0 == "sold"))
            && notes.iter().filter(|note| note.text.as_str() == "calls again").count() == 1
    })
    .await;
}
