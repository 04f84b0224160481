//! Who may say what, over real sockets: every message of the wire for every role, and an agent who reaches for what is
//! another's. What the table does not list is refused; a new message fails until it stands here. The same for REST is
//! `src/http/tests/roles.rs`, which goes by the table of routes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use usher::protocol::{METHOD_TABLES, Method};

use crate::live_server::{Peer, Server};

const EVERYBODY: &[&str] = &["session.ack", "session.close", "session.open", "session.ping"];
/// Agents and supervisors.
const PERSON: &[&str] = &["customer.change", "customer.create", "customer.search", "customer.show"];
const AGENT: &[&str] = &[
    "callback.schedule",
    "conference.add",
    "conference.remove",
    "contact.customer",
    "contact.dtmf",
    "contact.end",
    "contact.escalate",
    "contact.hold",
    "contact.leave",
    "contact.note",
    "contact.suspend",
    "contact.take",
    "contact.transfer",
    "contact.typing",
    "contact.unhold",
    "figures.show",
    "lead.next",
    "message.list",
    "message.send",
    "offer.accept",
    "offer.decline",
    "offer.received",
    "presence.log_out",
    "presence.set",
    "recording.pause",
    "recording.resume",
    "transfer.cancel",
    "transfer.complete",
    "transfer.swap",
    "transfer.targets",
    "work.close",
    "work.create",
    "work.escalate",
    "work.take",
    "work.update",
    "work.watch",
    "wrap_up.extend",
    "wrap_up.finish",
];
const SUPERVISOR: &[&str] = &[
    "agent.log_out",
    "agent.set_presence",
    "board.watch",
    "campaign.drain",
    "campaign.pause",
    "campaign.start",
    "campaign.stop",
    "contact.assign",
    "contact.close",
    "contact.move",
    "contact.prioritise",
    "contact.show",
    "history.show",
    "monitor.mode",
    "monitor.start",
    "monitor.stop",
    "notice.send",
    "queue.pause",
    "queue.resume",
    "queue.show",
    "why.agent",
    "why.contact",
];
const GATEWAY: &[&str] = &[
    "call.progress",
    "contact.abandoned",
    "contact.arrived",
    "contact.connected",
    "contact.ended",
    "contact.exit_key",
    "contact.place",
    "contact.typing",
    "contact.updated",
    "device.state",
    "gateway.lines",
    "inventory",
    "message.passed",
    "monitor.changed",
    "order.done",
    "order.failed",
    "party.left",
    "recording.state",
];
/// Answered by no word, or the end of the session.
const NOT_ASKED: [&str; 3] = ["session.ack", "session.close", "session.open"];
/// Rates are another test's.
const SETTINGS: &[(&str, &str)] = &[
    ("USHER_SESSION_AGENT_MESSAGES_PER_SECOND", "1000"),
    ("USHER_SESSION_AGENT_MESSAGES_BURST", "1000"),
    ("USHER_SESSION_SUPERVISOR_MESSAGES_PER_SECOND", "1000"),
];

/// Role to all that it may say, as written here.
fn listed() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let of = |lists: &[&[&'static str]]| lists.iter().copied().flatten().copied().collect();
    BTreeMap::from([
        ("agent", of(&[EVERYBODY, PERSON, AGENT])),
        ("supervisor", of(&[EVERYBODY, PERSON, SUPERVISOR])),
        ("gateway", of(&[EVERYBODY, GATEWAY])),
    ])
}

/// Every message of the wire that some client may say.
fn said_by_clients() -> impl Iterator<Item = &'static Method> {
    METHOD_TABLES.into_iter().flatten().filter(|method| method.way.is_from_client())
}

#[test]
fn the_table_lists_every_message_of_the_wire() {
    for (role, listed) in listed() {
        let of_role = said_by_clients().filter(|method| method.roles.iter().any(|known| json!(known) == role));
        let of_wire: BTreeSet<&str> = of_role.map(|method| method.name).collect();
        assert_eq!(listed, of_wire, "what a session of the role {role} may say");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_listed_is_refused_over_a_real_session() {
    let server = Server::start_with(SETTINGS);
    let sessions = [
        ("agent", server.agent("ana").await),
        ("supervisor", server.supervisor("boss").await),
        ("gateway", server.gateway().await),
    ];
    let listed = listed();
    let asked: BTreeSet<&str> =
        said_by_clients().map(|method| method.name).filter(|method| !NOT_ASKED.contains(method)).collect();
    for (role, mut session) in sessions {
        for &method in &asked {
            let kind = session.ask(method, json!({})).await.err().map(|refused| refused["kind"].clone());
            let is_wrong_role = kind == Some(json!("wrong_role"));
            assert_eq!(is_wrong_role, !listed[role].contains(method), "{role}: {method}: {kind:?}");
            assert_ne!(kind, Some(json!("unknown_method")), "{role}: {method}");
        }
    }
    let mut unopened = Peer::connect(&server.host, Some(&server.key)).await.unwrap();
    let refused = unopened.ask("board.watch", json!({})).await.unwrap_err();
    assert_eq!(refused["kind"], "not_open", "{refused}");
}

/// A user opens sessions of his own roles and no other; an administrator may watch as a supervisor does.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_opens_a_session_of_a_role_that_he_has_not() {
    let server = Server::start();
    server.add_user(&["boss", "--role", "supervisor"]);
    server.add_user(&["planner", "--role", "campaign_manager"]);
    server.add_user(&["root", "--role", "admin"]);
    for (user, own) in [("ana", "agent"), ("boss", "supervisor"), ("planner", "none"), ("root", "supervisor")] {
        let token = server.token(user).await;
        for role in ["agent", "supervisor", "gateway", "campaign_manager", "admin"] {
            let mut peer = Peer::connect(&server.host, Some(&token)).await.unwrap();
            let opened = peer.ask("session.open", json!({ "role": role })).await;
            assert_eq!(opened.is_ok(), role == own, "{user} as {role}: {opened:?}");
        }
    }
    let mut gateway = Peer::connect(&server.host, Some(&server.key)).await.unwrap();
    let refused = gateway.ask("session.open", json!({ "role": "supervisor" })).await;
    assert!(refused.is_err(), "{refused:?}");
}

/// Ana talks; ben tries all that one may do with a contact in hand, and it stays as it was.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_does_nothing_with_the_contact_of_another() {
    let server = Server::start_with(SETTINGS);
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    let mut ben = server.agent("ben").await;
    ana.is_available().await;
    gateway.arrives("hers").await;
    let offered = ana.wait_for("contact.offered").await;
    let (offer, contact) = (offered["offer"].clone(), offered["contact"]["id"].clone());
    for method in ["offer.received", "offer.accept", "offer.decline"] {
        refused(&mut ben, method, json!({ "offer": offer })).await;
    }
    ana.ask("offer.accept", json!({ "offer": offer })).await.unwrap();
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "hers", "order": order["order"] })).await.unwrap();
    let segment = ana.wait_for("contact.connected").await["segment"].clone();
    for (method, more) in [
        ("contact.hold", json!({})),
        ("contact.unhold", json!({})),
        ("contact.end", json!({})),
        ("contact.leave", json!({})),
        ("contact.dtmf", json!({ "digits": "1" })),
        ("contact.note", json!({ "note": "not mine", "segment": segment })),
        ("contact.transfer", json!({ "to": { "queue": "general" }, "kind": "blind" })),
        ("recording.pause", json!({})),
        ("recording.resume", json!({})),
        ("transfer.cancel", json!({})),
        ("transfer.complete", json!({})),
        ("transfer.swap", json!({})),
        ("message.list", json!({})),
        ("message.send", json!({ "text": "not mine", "message": "0192a1f0-5c3e-7b7a-9d0e-4f2f6f3c1a55" })),
    ] {
        let mut params = more;
        params["contact"] = contact.clone();
        refused(&mut ben, method, params).await;
    }
    // It is hers still.
    ana.ask("contact.hold", json!({ "contact": contact })).await.unwrap();
}

/// For what it would do, not for how it is written.
async fn refused(peer: &mut Peer, method: &str, params: Value) {
    let refused = peer.ask(method, params).await.expect_err(method);
    let kind = refused["kind"].as_str().unwrap();
    assert!(!["invalid_field", "invalid_request", "unknown_method", "internal"].contains(&kind), "{method}: {refused}");
}
