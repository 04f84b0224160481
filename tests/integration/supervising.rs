//! Supervisors' orders and agents' questions to each other, over real sockets and with a restart between.

use serde_json::{Value, json};

use crate::live_server::{Peer, Server};

/// Ana talks with the customer of this call.
async fn talking(ana: &mut Peer, gateway: &mut Peer, call: &str) -> Value {
    let contact = gateway.arrives(call).await["contact"].clone();
    ana.accepts().await;
    let order = gateway.wait_for("contact.connect").await;
    assert_eq!(order["consultation"], Value::Null);
    gateway.tell("contact.connected", json!({ "ref": call, "order": order["order"] })).await.unwrap();
    ana.wait_for("contact.connected").await;
    contact
}

/// Ben is on the line, asked by Ana about this contact. Also the gateway's name of the consultation.
async fn asked(ana: &mut Peer, ben: &mut Peer, gateway: &mut Peer, contact: &Value) -> (Value, Value) {
    let asking = json!({ "contact": contact, "to": { "agent": "ben" }, "kind": "consult", "note": "is this allowed?" });
    ana.ask("contact.transfer", asking).await.unwrap();
    gateway.wait_for("contact.hold").await;
    let consultation = ana.wait_for("party.invited").await["consultation"].clone();
    let offered = ben.wait_for("contact.offered").await;
    assert_eq!(offered["contact"]["asked_by"], json!({ "agent": "ana", "contact": contact }));
    assert_eq!(
        (&offered["contact"]["direction"], &offered["contact"]["note"]),
        (&json!("internal"), &json!("is this allowed?"))
    );
    ben.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    ben.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
    let order = gateway.wait_for("contact.connect").await;
    assert_eq!((&order["agent"], &order["consultation"]["agent"]), (&json!("ben"), &json!("ana")));
    gateway.tell("contact.connected", json!({ "ref": order["ref"], "order": order["order"] })).await.unwrap();
    let joined = ana.wait_for("party.joined").await;
    assert_eq!((&joined["agent"], &joined["role"]), (&json!("ben"), &json!("consulted")));
    (consultation, order["ref"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_orders_and_everybody_hears_it() {
    let mut server = Server::start();
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    eva.ask("queue.pause", json!({ "queue": "general" })).await.unwrap();
    let first = gateway.arrives("1").await["contact"].clone();
    let second = gateway.arrives("2").await["contact"].clone();
    let board = eva.ask("board.watch", json!({})).await.unwrap();
    assert_eq!((&board["queues"][0]["paused"], &board["queues"][0]["waiting"]), (&json!(true), &json!(2)));

    server.kill_and_start_again();
    let mut eva = server.sees("eva").await;
    let mut gateway = server.gateway_after(gateway.event).await;
    let mut ana = server.agent("ana").await;
    eva.ask("contact.prioritise", json!({ "contact": second, "priority": 5 })).await.unwrap();
    eva.ask("queue.resume", json!({ "queue": "general" })).await.unwrap();
    assert_eq!(json!(ana.accepts().await), second, "the raise outlived the crash");
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "2", "order": order["order"] })).await.unwrap();

    let mut ben = server.agent("ben").await;
    let refused = eva.ask("contact.assign", json!({ "contact": first, "agent": "ben" })).await.unwrap_err();
    assert_eq!(refused["kind"], "not_logged_in");
    ben.ask("presence.set", json!({ "presence": "not_ready", "reason": "lunch" })).await.unwrap();
    eva.ask("contact.assign", json!({ "contact": first, "agent": "ben" })).await.unwrap();
    eva.ask("agent.set_presence", json!({ "agent": "ben", "presence": "available" })).await.unwrap();
    loop {
        if ben.wait_for("agent.changed").await["why"] == "set_by_supervisor" {
            break;
        }
    }
    let offered = ben.wait_for("contact.offered").await;
    assert_eq!((&offered["contact"]["id"], &offered["contact"]["queue"]), (&first, &json!("@ben")));
    eva.ask("contact.close", json!({ "contact": first })).await.unwrap();
    assert_eq!(gateway.wait_for("contact.end").await["ref"], "1");

    eva.ask("agent.log_out", json!({ "agent": "ana", "how": "force" })).await.unwrap();
    assert_eq!(gateway.wait_for("party.remove").await["ref"], "2");
    assert_eq!(ben.wait_for("contact.offered").await["contact"]["id"], second, "the call goes on with him");

    for (method, params, kind, field) in [
        ("contact.move", json!({ "contact": second, "queue": "nowhere" }), "unknown_queue", Value::Null),
        ("contact.close", json!({ "contact": first }), "contact_ended", Value::Null),
        ("contact.prioritise", json!({ "contact": second, "priority": 1001 }), "invalid_field", json!("priority")),
        ("agent.set_presence", json!({ "agent": "ben", "presence": "offline" }), "invalid_field", json!("presence")),
        ("agent.log_out", json!({ "agent": "nobody" }), "unknown_agent", Value::Null),
        ("queue.pause", json!({ "queue": "@ben" }), "unknown_queue", Value::Null),
    ] {
        let refused = eva.ask(method, params.clone()).await.unwrap_err();
        assert_eq!((&refused["kind"], &refused["field"]), (&json!(kind), &field), "{method} {params}: {refused}");
    }
    let refused = ben.ask("queue.pause", json!({ "queue": "general" })).await.unwrap_err();
    assert_eq!(refused["kind"], "wrong_role");
    let refused = ben.ask("presence.log_out", json!({ "how": "force" })).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["field"]), (&json!("invalid_field"), &json!("how")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_asked_and_takes_the_customer_over_a_crash() {
    let mut server = Server::start();
    let mut gateway = server.gateway().await;
    let (mut ana, mut ben) = (server.agent("ana").await, server.agent("ben").await);
    ana.is_available().await;
    let contact = talking(&mut ana, &mut gateway, "1").await;
    ben.is_available().await;
    let (consultation, reference) = asked(&mut ana, &mut ben, &mut gateway, &contact).await;

    server.kill_and_start_again();
    let mut gateway = server.gateway_after(gateway.event).await;
    let named = gateway.opened["snapshot"]["contacts"].as_array().unwrap();
    let asking = named.iter().find(|named| named["ref"] == reference).expect("the consultation goes on");
    assert_eq!((&asking["consultation"]["parent"], &asking["should_be"]["state"]), (&json!("1"), &json!("connected")));
    let (mut ana, mut ben) = (server.agent("ana").await, server.agent("ben").await);
    let shown = &ana.opened["snapshot"]["consulting"];
    assert_eq!((&shown["consultation"], &shown["agent"]), (&consultation, &json!("ben")));

    ana.ask("transfer.swap", json!({ "contact": contact })).await.unwrap();
    assert_eq!(gateway.wait_for("contact.hold").await["ref"], reference);
    assert_eq!(gateway.wait_for("contact.unhold").await["ref"], "1");
    ana.ask("conference.add", json!({ "contact": contact })).await.unwrap();
    assert_eq!(gateway.wait_for("conference.join").await["consultation"], reference);
    assert_eq!(ben.wait_for("party.joined").await["role"], "conference");
    ana.ask("contact.leave", json!({ "contact": contact })).await.unwrap();
    let completed = gateway.wait_for("transfer.complete").await;
    assert_eq!((&completed["ref"], &completed["agent"]), (&json!("1"), &json!("ben")));
    assert_eq!(ana.wait_for("party.left").await["why"], "completed");
    let taken = ben.wait_for("contact.taken_over").await;
    assert_eq!((&taken["segment"]["contact"], &taken["segment"]["state"]), (&contact, &json!("talking")));
    ben.ask("contact.hold", json!({ "contact": contact })).await.unwrap();
    let refused = ana.ask("contact.end", json!({ "contact": contact })).await.unwrap_err();
    assert_eq!(refused["kind"], "not_yours");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_leg_is_rung_again_and_a_refused_question_gives_the_customer_back() {
    let server = Server::start();
    let mut gateway = server.gateway().await;
    let (mut ana, mut ben) = (server.agent("ana").await, server.agent("ben").await);
    ana.is_available().await;
    let contact = talking(&mut ana, &mut gateway, "1").await;
    gateway.tell("party.left", json!({ "ref": "1", "agent": "ana" })).await.unwrap();
    ana.wait_for("contact.leg_lost").await;
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "1", "order": order["order"] })).await.unwrap();
    ana.wait_for("contact.leg_back").await;

    ben.is_available().await;
    let asking = json!({ "contact": contact, "to": { "agent": "ben" }, "kind": "consult" });
    ana.ask("contact.transfer", asking).await.unwrap();
    let offered = ben.wait_for("contact.offered").await;
    ben.ask("offer.decline", json!({ "offer": offered["offer"] })).await.unwrap();
    assert_eq!(ana.wait_for("party.left").await["why"], "declined");
    ana.ask("contact.unhold", json!({ "contact": contact })).await.unwrap();

    let (_, reference) = asked(&mut ana, &mut ben, &mut gateway, &contact).await;
    gateway.tell("contact.ended", json!({ "ref": "1", "by": "customer" })).await.unwrap();
    ana.wait_for("contact.ended").await;
    gateway.tell("party.left", json!({ "ref": reference, "agent": "ben" })).await.unwrap();
    assert_eq!(ana.wait_for("party.left").await["why"], "left", "the two talked on until then");
    let refused = ana.ask("contact.escalate", json!({ "contact": contact, "reason": "angry" })).await.unwrap_err();
    assert_eq!(refused["kind"], "contact_ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_carries_notes_and_attributes_and_may_lead_outside() {
    let mut server = Server::start();
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let contact = talking(&mut ana, &mut gateway, "1").await;
    let outside = |to: &str| {
        json!({ "contact": contact, "to": { "number": to }, "kind": "blind", "note": "asks for the branch",
            "attributes": { "wants": "branch" } })
    };
    let refused = ana.ask("contact.transfer", outside("+4912345678")).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["field"]), (&json!("invalid_field"), &json!("to")));
    ana.ask("contact.transfer", outside("+33123456789")).await.unwrap();
    let told = ana.wait_for("contact.transferred").await;
    assert_eq!(told["to"], json!({ "number": "+33123456789" }));
    let order = gateway.wait_for("contact.transfer").await;
    assert_eq!((&order["ref"], &order["to"]), (&json!("1"), &json!("+33123456789")));

    server.kill_and_start_again();
    let mut gateway = server.gateway_after(gateway.event).await;
    let should_be = &gateway.opened["snapshot"]["contacts"][0]["should_be"];
    assert_eq!((&should_be["state"], &should_be["to"]), (&json!("transferring"), &json!("+33123456789")));
    assert_eq!(should_be["order"], order["order"]);
    gateway.tell("order.failed", json!({ "order": order["order"], "why": "busy" })).await.unwrap();

    let mut ben = server.agent("ben").await;
    ben.is_available().await;
    let offered = ben.wait_for("contact.offered").await["contact"].clone();
    assert_eq!((&offered["id"], &offered["note"]), (&contact, &json!("asks for the branch")));
    assert_eq!(offered["attributes"]["wants"], "branch");
}
