//! What the next agent sees of a contact that was passed on: note, attributes, customer, history and the path so far.

use serde_json::{Value, json};

use super::{NUMBER, add_customer, call, card, centre, serve, until};
use crate::live_server::Peer;

async fn takes(agent: &mut Peer, gateway: &mut Peer, offered: &Value) {
    agent.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    agent.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": order["ref"], "order": order["order"] })).await.unwrap();
    agent.wait_for("contact.connected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_carries_everything() {
    let (mut server, records) = centre().await;
    let zoe = add_customer(&records, "Zoé", "gold", NUMBER).await;
    let mut gateway = server.gateway().await;
    let (mut ana, mut ben) = (server.agent("ana").await, server.agent("ben").await);
    ana.is_available().await;
    call(&mut gateway, "1", NUMBER).await;
    let offered = ana.wait_for("contact.offered").await;
    serve(&mut ana, &mut gateway, &offered, "wants a copy of the bill").await;
    until("the first call is written", async || {
        let past = records.interactions_of_customer(zoe, None, 1).await.unwrap();
        past.first().is_some_and(|past| past.segments.iter().any(|segment| segment.wrapped_up_at.is_some()))
    })
    .await;

    call(&mut gateway, "2", NUMBER).await;
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!(offered["contact"]["path"], Value::Null, "nobody had it before");
    let contact = offered["contact"]["id"].clone();
    takes(&mut ana, &mut gateway, &offered).await;
    ben.is_available().await;
    let transfer = json!({
        "contact": contact, "to": { "queue": "general" }, "kind": "blind", "note": "angry about the bill",
        "attributes": { "intent": "refund" },
    });
    ana.ask("contact.transfer", transfer).await.unwrap();
    let offered = ben.wait_for("contact.offered").await;
    let next = &offered["contact"];
    assert_eq!(
        (&next["note"], &next["attributes"]["intent"], &offered["customer"]["name"]),
        (&json!("angry about the bill"), &json!("refund"), &json!("Zoé"))
    );
    let passed = &next["path"][0];
    assert_eq!(
        (&passed["how"], &passed["by"], &passed["from"], &passed["note"]),
        (&json!("transferred"), &json!("ana"), &json!("gold"), &json!("angry about the bill"))
    );
    assert!(passed["at"].as_str().unwrap().ends_with('Z') && next["path"].as_array().unwrap().len() == 1);
    let seen = card(&mut ben, &offered).await;
    assert_eq!((&seen["customer"], &seen["tags"]), (&json!(zoe.to_string()), &json!(["vip"])));
    assert_eq!(seen["interactions"][0]["note"], "wants a copy of the bill");

    takes(&mut ben, &mut gateway, &offered).await;
    let again = json!({
        "contact": contact, "to": { "agent": "ana" }, "kind": "consult", "note": "may I refund it?",
    });
    let wrapped_up = json!({ "contact": contact });
    ana.ask("wrap_up.finish", wrapped_up).await.unwrap();
    ben.ask("contact.transfer", again).await.unwrap();
    gateway.wait_for("contact.hold").await;
    let asked = ana.wait_for("contact.offered").await;
    takes(&mut ana, &mut gateway, &asked).await;
    ben.ask("transfer.complete", json!({ "contact": contact })).await.unwrap();
    let taken = ana.wait_for("contact.taken_over").await;
    let path = taken["segment"]["path"].clone();
    let hows: Vec<&str> = path.as_array().unwrap().iter().map(|step| step["how"].as_str().unwrap()).collect();
    assert_eq!(hows, ["transferred", "handed_over"]);
    assert_eq!(
        (&path[1]["by"], &path[1]["from"], &path[1]["note"]),
        (&json!("ben"), &json!("general"), &json!("may I refund it?"))
    );
    let taken = &taken["segment"];
    assert_eq!((&taken["attributes"]["intent"], &taken["customer"]["name"]), (&json!("refund"), &json!("Zoé")));
    let seen = loop {
        let updated = ana.wait_for("contact.updated").await;
        if updated["contact"] == contact && !updated["card"].is_null() {
            break updated["card"].clone();
        }
    };
    assert_eq!((&seen["customer"], &seen["name"]), (&json!(zoe.to_string()), &json!("Zoé")));

    server.kill_and_start_again();
    let ana = server.agent("ana").await;
    let segments = ana.opened["snapshot"]["segments"].as_array().unwrap();
    let in_hand = segments.iter().find(|segment| segment["contact"] == contact).expect("ana has it still");
    assert_eq!(in_hand["path"], path, "what came before outlives a crash");
}
