//! What became of a contact is in the records: over real sockets, with the server killed in between and with a
//! database that does not take rows for a while.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use usher::customers::interaction::Interaction;
use usher::records::{Records, RecordsPlace};
use usher::routing::ids::ContactId;

use crate::live_server::{Peer, Server};
use crate::support::held::Held;

const WRAP_UP: &str = "[queue.general]\nwrap_up = { max = \"5m\" }\n";
const PATIENCE: Duration = Duration::from_secs(20);

fn database(folder: &Path) -> RecordsPlace {
    RecordsPlace::Sqlite(folder.join("data/usher.db"))
}

async fn with_wrap_up() -> Server {
    let mut server = Server::start();
    std::fs::write(server.folder.path().join("rules/queues/general.toml"), WRAP_UP).unwrap();
    server.kill_and_start_again();
    server
}

/// The interaction once it is as expected.
async fn interaction(records: &Records, contact: ContactId, is_there: impl Fn(&Interaction) -> bool) -> Interaction {
    let looked = async {
        loop {
            match records.interaction(contact).await.unwrap() {
                Some(found) if is_there(&found) => return found,
                Some(_) | None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, looked).await.expect("the interaction is written in time")
}

/// The contact's number behind the text on the wire.
fn number(contact: &str) -> ContactId {
    ContactId(contact.rsplit('-').next().unwrap().parse().unwrap())
}

/// A call from this number is talked about by this agent and wrapped up with a note.
async fn one_call(gateway: &mut Peer, agent: &mut Peer, call: &str, note: &str) -> ContactId {
    let arrived = json!({ "ref": call, "channel": "voice", "from": "+33612345678", "to": "+33800000001" });
    gateway.tell("contact.arrived", arrived).await.unwrap();
    let contact = agent.accepts().await;
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": call, "order": order["order"] })).await.unwrap();
    agent.wait_for("contact.connected").await;
    gateway.tell("contact.ended", json!({ "ref": call, "by": "customer" })).await.unwrap();
    agent.wait_for("wrap_up.started").await;
    let finished = json!({ "contact": contact, "disposition": "sold", "note": note });
    agent.ask("wrap_up.finish", finished).await.unwrap();
    number(&contact)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_contact_is_written_once_whatever_stops() {
    let mut server = with_wrap_up().await;
    let records = Records::open(&database(server.folder.path())).await.unwrap();
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let first = one_call(&mut gateway, &mut ana, "1", "card 4111 1111 1111 1111, calls again").await;
    server.kill_and_start_again();
    let found = interaction(&records, first, |found| found.segments.iter().any(|s| s.wrapped_up_at.is_some())).await;
    assert_eq!(
        found.from.as_ref().map(|from| (from.kind.as_str(), from.value.as_str())),
        Some(("phone", "+33612345678"))
    );
    assert_eq!(found.disposition.as_ref().map(|given| &*given.0), Some("sold"));
    assert!(found.arrived_at <= found.ended_at.unwrap());
    let [visit] = &found.visits[..] else { panic!("{found:?}") };
    assert_eq!((visit.queue.as_str(), visit.end.as_ref().map(|end| end.as_str())), ("general", Some("answered")));
    let [segment] = &found.segments[..] else { panic!("{found:?}") };
    assert_eq!((segment.agent.as_str(), segment.queue.as_ref().map(|queue| queue.as_str())), ("ana", Some("general")));
    assert!(segment.connected_at.unwrap() <= segment.ended_at.unwrap());

    let mut gateway = server.gateway_after(gateway.event).await;
    let mut ana = server.agent("ana").await;
    let second = one_call(&mut gateway, &mut ana, "2", "all is well").await;
    interaction(&records, second, |found| found.disposition.is_some()).await;
    let notes = records.notes_of_contact(first, 10).await.unwrap();
    let [note] = &notes[..] else { panic!("{} notes", notes.len()) };
    assert_eq!(note.text.as_str(), "card **** **** **** 1111, calls again");
    assert_eq!(note.stamp.by.as_str(), "ana");
    assert_eq!(records.notes_of_contact(second, 10).await.unwrap().len(), 1);
    records.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_on_while_the_database_takes_no_rows_and_it_catches_up() {
    let server = with_wrap_up().await;
    let records = Records::open(&database(server.folder.path())).await.unwrap();
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let file = server.folder.path().join("data/usher.db");
    let held = Held::hold(&file).await;
    let mut contacts = Vec::new();
    for call in ["1", "2", "3"] {
        contacts.push(one_call(&mut gateway, &mut ana, call, "while nobody writes").await);
    }
    assert!(records.interaction(contacts[2]).await.unwrap().is_none(), "the database is locked");
    held.let_go().await;
    for contact in contacts {
        interaction(&records, contact, |found| found.disposition.is_some()).await;
        assert_eq!(records.notes_of_contact(contact, 10).await.unwrap().len(), 1);
    }
    records.close().await;
}
