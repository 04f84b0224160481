//! Gateways, servers and databases that go away while somebody writes.

use std::time::Duration;

use serde_json::json;
use usher::customers::message::{MessageBy, MessageName, MessageStatus, MessageText};
use usher::records::NewMessage;
use usher::routing::ids::{AgentId, ContactId};
use usher::routing::time::Timestamp;

use super::{Chats, listed, message, uuid};
use crate::support::held::Held;

pub async fn a_gateway_that_comes_back(mut chats: Chats) {
    let (contact, _) = chats.begins("a", "chat").await;
    let told = chats.gateway.event;
    chats.ana.ask("message.send", message(&contact, 1, "before")).await.unwrap();
    let first = chats.gateway.wait_for("message.send").await;
    drop(chats.gateway);
    chats.ana.ask("message.send", message(&contact, 2, "while it is away")).await.unwrap();
    let mut gateway = chats.server.gateway_after(told).await;
    let again = gateway.wait_for("message.send").await;
    assert_eq!((&again["order"], &again["text"]), (&first["order"], &json!("before")), "it said nothing of it");
    let second = gateway.wait_for("message.send").await;
    assert_eq!((&second["message"], &second["text"]), (&json!(uuid(2)), &json!("while it is away")));
    for order in [&again, &second] {
        gateway.tell("order.done", json!({ "order": order["order"] })).await.unwrap();
        assert_eq!(chats.ana.wait_for("message.status").await["message"], order["message"]);
    }
    drop(gateway);
    let mut gateway = chats.server.gateway_after(told + 2).await;
    chats.ana.ask("message.send", message(&contact, 3, "after")).await.unwrap();
    assert_eq!(gateway.wait_for("message.send").await["text"], "after", "what it has is not sent again");
}

pub async fn a_server_that_is_killed(mut chats: Chats) {
    let (contact, _) = chats.begins("a", "chat").await;
    let told = chats.gateway.event;
    chats.ana.ask("message.send", message(&contact, 1, "before")).await.unwrap();
    let first = chats.gateway.wait_for("message.send").await;
    chats.server.kill_and_start_again();
    let mut gateway = chats.server.gateway_after(told).await;
    let again = gateway.wait_for("message.send").await;
    assert_eq!((&again["order"], &again["text"]), (&first["order"], &json!("before")));
    let mut ana = chats.server.agent("ana").await;
    gateway.tell("order.done", json!({ "order": again["order"] })).await.unwrap();
    assert_eq!(ana.wait_for("message.status").await["status"], "delivered");
    assert_eq!(listed(&mut ana, &contact).await, [(uuid(1), "before".to_owned())]);
}

/// The process died between the row and the event.
pub async fn written_and_never_passed(mut chats: Chats) {
    let (contact, _) = chats.begins("a", "chat").await;
    let number = ContactId(contact.rsplit('-').next().unwrap().parse().unwrap());
    let row = NewMessage {
        contact: number,
        name: &MessageName::new(uuid(1)).unwrap(),
        by: MessageBy::Agent,
        agent: Some(&AgentId::new("ana").unwrap()),
        text: &MessageText::new("did this go out?").unwrap(),
        at: Timestamp(0),
        status: MessageStatus::Sent,
        not_after: Some(Timestamp(1)),
    };
    chats.records.add_messages(&[row]).await.unwrap();
    assert_eq!(listed(&mut chats.ana, &contact).await, [], "nobody is shown what was not sent");
    chats.customer_writes("a", "m-1", "Hello?").await;
    let sent = loop {
        match chats.ana.ask("message.send", message(&contact, 1, "did this go out?")).await {
            Ok(sent) => break sent,
            Err(refused) => assert_eq!(refused["kind"], "unavailable", "it is not certain yet"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_ne!(sent["at"], "1970-01-01T00:00:00.000Z");
    let order = chats.gateway.wait_for("message.send").await;
    assert_eq!(order["text"], "did this go out?");
    let names: Vec<String> = listed(&mut chats.ana, &contact).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["m-1".to_owned(), uuid(1)], "it passed after the customer's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_takes_no_rows_holds_up_texts_and_nothing_else() {
    let mut chats = Chats::on(&[]).await;
    let (contact, _) = chats.begins("a", "chat").await;
    let file = chats.server.folder.path().join("data/usher.db");
    let held = Held::hold(&file).await;
    chats.gateway.event += 1;
    let said = json!({ "event": chats.gateway.event, "occurred_at": "2026-11-22T09:00:00.000Z", "ref": "a",
        "by": "customer", "message": "m-1", "text": "my last word" });
    let asked = json!({ "jsonrpc": "2.0", "id": "said", "method": "message.passed", "params": said });
    chats.gateway.send(asked.to_string()).await;
    let (second, _) = chats.begins("b", "chat").await;
    assert_ne!(second, contact, "contacts come and are connected meanwhile");
    chats.ends("a").await;
    chats.ana.wait_for("contact.ended").await;
    held.let_go().await;
    let answered = loop {
        let heard = chats.gateway.read().await.unwrap();
        if heard["id"] == "said" {
            break heard;
        }
    };
    assert_eq!(answered["result"], json!({}), "it was said while the chat was there: {answered}");
    let kept =
        chats.records.messages_of_contact(ContactId(contact.rsplit('-').next().unwrap().parse().unwrap()), 10, 1_000);
    let kept = kept.await.unwrap().messages;
    assert_eq!(kept.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["my last word"]);
}
