//! Notes while they are written: kept over consoles, filed when nobody finishes them, never twice.

use serde_json::{Value, json};
use usher::routing::ids::ContactId;

use super::{Chats, until};

fn number(contact: &str) -> ContactId {
    ContactId(contact.rsplit('-').next().unwrap().parse().unwrap())
}

async fn notes(chats: &Chats, contact: &str) -> Vec<(String, String)> {
    let found = chats.records.notes_of_contact(number(contact), 10).await.unwrap();
    found.into_iter().map(|note| (note.stamp.by.as_str().to_owned(), note.text.as_str().to_owned())).collect()
}

/// Once the segment's end is in the rows.
async fn notes_in_the_end(chats: &Chats, contact: &str) -> Vec<(String, String)> {
    until(async || {
        let found = chats.records.interaction(number(contact)).await.unwrap()?;
        found.segments.iter().all(|segment| segment.wrapped_up_at.is_some()).then_some(())
    })
    .await;
    notes(chats, contact).await
}

fn draft(contact: &str, segment: &str, note: &str) -> Value {
    json!({ "contact": contact, "segment": segment, "note": note })
}

pub async fn kept_and_filed_once(mut chats: Chats) {
    let (contact, segment) = chats.begins("a", "chat").await;
    let mut ben = chats.server.agent("ben").await;
    let refused = ben.ask("contact.note", draft(&contact, &segment, "mine")).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["segment"]), (&json!("unknown_segment"), &json!(segment)));
    let refused = chats.ana.ask("contact.note", draft(&contact, &segment, &"x".repeat(4_001))).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["field"]), (&json!("invalid_field"), &json!("note")));
    for note in ["wants", "wants a copy, card 4111 1111 1111 1111"] {
        assert_eq!(chats.ana.ask("contact.note", draft(&contact, &segment, note)).await.unwrap(), json!({}));
    }
    chats.ana = chats.server.agent("ana").await;
    let shown = &chats.ana.opened["snapshot"]["segments"][0];
    let kept = "wants a copy, card **** **** **** 1111";
    assert_eq!((&shown["segment"], &shown["note"]), (&json!(segment), &json!(kept)), "on another computer, too");
    chats.server.kill_and_start_again();
    chats.gateway = chats.server.gateway_after(chats.gateway.event).await;
    chats.ana = chats.server.agent("ana").await;
    assert_eq!(chats.ana.opened["snapshot"]["segments"][0]["note"], kept, "a crash takes nothing away");
    chats.ends("a").await;
    chats.ana.wait_for("wrap_up.started").await;
    let more = "wants a copy by post";
    chats.ana.ask("contact.note", draft(&contact, &segment, more)).await.unwrap();
    chats.ana.wait_for("segment.closed").await;
    let filed = [("ana".to_owned(), more.to_owned())];
    assert_eq!(notes_in_the_end(&chats, &contact).await, filed, "nobody finished the wrap-up");
    let refused = chats.ana.ask("contact.note", draft(&contact, &segment, "late")).await.unwrap_err();
    assert_eq!(refused["kind"], "unknown_segment");
    chats.server.kill_and_start_again();
    let mut ana = chats.server.agent("ana").await;
    assert_eq!(ana.opened["snapshot"]["segments"], json!([]));
    ana.ask("session.ping", json!({})).await.unwrap();
    assert_eq!(notes(&chats, &contact).await, filed, "once");
}

pub async fn replaced_by_the_note_given(mut chats: Chats) {
    for (reference, given, filed) in
        [("a", json!("as agreed"), vec!["as agreed"]), ("b", json!(""), vec![]), ("c", Value::Null, vec!["half a"])]
    {
        let (contact, segment) = chats.begins(reference, "chat").await;
        chats.ana.ask("contact.note", draft(&contact, &segment, "half a")).await.unwrap();
        chats.ends(reference).await;
        chats.ana.wait_for("wrap_up.started").await;
        let mut finished = json!({ "contact": contact });
        if !given.is_null() {
            finished["note"] = given.clone();
        }
        chats.ana.ask("wrap_up.finish", finished).await.unwrap();
        chats.ana.wait_for("segment.closed").await;
        let found = notes_in_the_end(&chats, &contact).await;
        assert_eq!(found.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), filed, "{given}");
        let left = chats.records.note_drafts_of(&usher::routing::ids::AgentId::new("ana").unwrap()).await.unwrap();
        assert_eq!(left.len(), 0, "no draft is left");
    }
}
