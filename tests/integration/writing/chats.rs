//! A chat from its first line to the last, and what is no message.

use serde_json::json;

use super::{Chats, listed, message, uuid};

pub async fn a_conversation(mut chats: Chats) {
    chats.gateway.tell("contact.arrived", json!({ "ref": "a", "channel": "chat" })).await.unwrap();
    chats.customer_writes("a", "m-1", "My card 4111 1111 1111 1111 is gone").await;
    let contact = chats.ana.accepts().await;
    let first = ("m-1".to_owned(), "My card **** **** **** 1111 is gone".to_owned());
    assert_eq!(listed(&mut chats.ana, &contact).await, [first], "whoever accepts it can read it at once");
    let order = chats.gateway.wait_for("contact.connect").await;
    chats.gateway.tell("contact.connected", json!({ "ref": "a", "order": order["order"] })).await.unwrap();
    chats.ana.wait_for("contact.connected").await;

    chats.customer_writes("a", "m-2", "Are you there?").await;
    let received = chats.ana.wait_for("message.received").await;
    let said = &received["message"];
    assert_eq!(
        (&received["contact"], &said["message"], &said["by"], &said["text"], &said["status"], said.get("agent")),
        (&json!(contact), &json!("m-2"), &json!("customer"), &json!("Are you there?"), &json!("delivered"), None)
    );
    chats.customer_writes("a", "m-2", "Are you there?").await;
    let bot = json!({ "ref": "a", "by": "agent", "message": "m-3", "text": "One moment" });
    chats.gateway.tell("message.passed", bot).await.unwrap();
    let received = chats.ana.wait_for("message.received").await;
    assert_eq!(received["message"]["message"], "m-3", "the same again was not told");
    assert_eq!(received["message"]["by"], "agent");

    let sent = chats.ana.ask("message.send", message(&contact, 1, "I am. Shall I lock it?")).await.unwrap();
    let order = chats.gateway.wait_for("message.send").await;
    assert_eq!(
        (&order["ref"], &order["contact"], &order["message"], &order["text"]),
        (&json!("a"), &json!(contact), &json!(uuid(1)), &json!("I am. Shall I lock it?"))
    );
    let again = chats.ana.ask("message.send", message(&contact, 1, "I am. Shall I lock it?")).await.unwrap();
    assert_eq!(again, sent, "answered as the first time");
    chats.gateway.tell("order.done", json!({ "order": order["order"] })).await.unwrap();
    let status = chats.ana.wait_for("message.status").await;
    assert_eq!((&status["message"], &status["status"]), (&json!(uuid(1)), &json!("delivered")));

    chats.ana.ask("message.send", message(&contact, 2, "Done.")).await.unwrap();
    let order = chats.gateway.wait_for("message.send").await;
    assert_eq!(order["message"], uuid(2), "the first was ordered once");
    chats.gateway.tell("order.failed", json!({ "order": order["order"], "why": "failed" })).await.unwrap();
    let status = chats.ana.wait_for("message.status").await;
    assert_eq!((&status["message"], &status["status"]), (&json!(uuid(2)), &json!("failed")));

    chats
        .gateway
        .send(json!({ "jsonrpc": "2.0", "method": "contact.typing", "params": { "ref": "a" } }).to_string())
        .await;
    assert_eq!(chats.ana.wait_for("contact.typing").await["contact"], contact);
    assert_eq!(chats.ana.ask("contact.typing", json!({ "contact": contact })).await.unwrap(), json!({}));
    assert_eq!(chats.gateway.wait_for("contact.typing").await, json!({ "contact": contact, "ref": "a" }));

    chats.ends("a").await;
    chats.ana.wait_for("wrap_up.started").await;
    let all = listed(&mut chats.ana, &contact).await;
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["m-1", "m-2", "m-3", &uuid(1), &uuid(2)], "in wrap-up, too, each once and in order");
    chats.customer_writes("a", "m-2", "Are you there?").await;
    let late = json!({ "ref": "a", "by": "customer", "message": "m-9", "text": "Hello?" });
    let refused = chats.gateway.tell("message.passed", late).await.unwrap_err();
    assert_eq!(refused["kind"], "contact_ended");
    let refused = chats.ana.ask("message.send", message(&contact, 3, "Bye")).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["contact"]), (&json!("unknown_contact"), &json!(contact)));
    assert_eq!(chats.ana.ask("message.send", message(&contact, 1, "")).await.unwrap_err()["field"], "text");
    let again = chats.ana.ask("message.send", message(&contact, 1, "again")).await.unwrap();
    assert_eq!(again, sent, "what went out is answered as it was, though it is over");
}

pub async fn refused_by_name(mut chats: Chats) {
    let (contact, _) = chats.begins("a", "chat").await;
    let mut ben = chats.server.agent("ben").await;
    let refused = ben.ask("message.send", message(&contact, 1, "hello")).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["subject"]), (&json!("not_yours"), &json!("contact")));
    for method in ["message.list", "contact.typing"] {
        let refused = ben.ask(method, json!({ "contact": contact })).await.unwrap_err();
        assert_eq!(refused["kind"], "not_yours", "{method}");
    }
    for (params, field) in [
        (message(&contact, 1, &"x".repeat(8_001)), "text"),
        (json!({ "contact": contact, "message": "one", "text": "hello" }), "message"),
        (json!({ "contact": contact, "message": uuid(1) }), "text"),
    ] {
        let refused = chats.ana.ask("message.send", params).await.unwrap_err();
        assert_eq!((&refused["kind"], &refused["field"]), (&json!("invalid_field"), &json!(field)));
    }
    for (more, field) in [("text", "x".repeat(8_001)), ("message", "x".repeat(65))] {
        let mut passed = json!({ "ref": "a", "by": "customer", "message": "m-1", "text": "hello" });
        passed[more] = json!(field);
        let refused = chats.gateway.tell("message.passed", passed).await.unwrap_err();
        assert_eq!((&refused["kind"], &refused["field"]), (&json!("invalid_field"), &json!(more)));
    }
    let nobody = json!({ "ref": "nobody", "by": "customer", "message": "m-1", "text": "hello" });
    assert_eq!(chats.gateway.tell("message.passed", nobody).await.unwrap_err()["kind"], "unknown_ref");
    assert_eq!(listed(&mut chats.ana, &contact).await, [], "nothing of it was kept");

    chats.ends("a").await;
    chats.ana.wait_for("segment.closed").await;
    let (call, _) = chats.begins("b", "voice").await;
    let refused = chats.ana.ask("message.send", message(&call, 1, "hello")).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["field"]), (&json!("invalid_field"), &json!("contact")));
    let spoken = json!({ "ref": "b", "by": "customer", "message": "m-1", "text": "hello" });
    assert_eq!(chats.gateway.tell("message.passed", spoken).await.unwrap_err()["kind"], "invalid_field");
    assert_eq!(listed(&mut chats.ana, &call).await, []);
}
