//! Connections whose other end is not there any more, though nobody was told.

use serde_json::json;

use super::road::{Road, Weather};
use crate::live_server::{Peer, Server};
use crate::support::faults::FaultMet;

/// Longer than any test waits: the server does not notice by itself.
const NEVER_NOTICED: &str = "60000";

#[tokio::test(flavor = "multi_thread")]
async fn a_console_comes_back_before_anybody_has_noticed_that_it_was_gone() {
    let server = Server::start_with(&[("USHER_SESSION_HEARTBEAT_MS", NEVER_NOTICED)]);
    let road = Road::to(&server.host, 1).await;
    let mut gateway = server.gateway().await;
    let token = server.token("ana").await;
    let (mut ana, seen) = Peer::available(&road.host(), &token).await;
    road.has(Weather::silent());
    let contact = gateway.arrives("1").await["contact"].clone();

    let mut back = Peer::back(&server.host, &token, &ana.resumption(seen)).await;
    assert_eq!((&back.opened["resumed"], &back.opened["seq"]), (&json!(true), &json!(seen)));
    let offered = back.wait_for("contact.offered").await;
    assert_eq!(offered["contact"]["id"], contact);
    let expected: Vec<u64> = (seen + 1..=offered["seq"].as_u64().unwrap()).collect();
    let mut numbers: Vec<u64> = back.heard.iter().filter_map(|heard| heard["params"]["seq"].as_u64()).collect();
    numbers.push(offered["seq"].as_u64().unwrap());
    assert_eq!(numbers, expected, "each once");
    back.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();

    road.has(Weather::fair());
    assert_eq!(ana.closed().await, 4004, "the old connection hears that another has taken its place");
    gateway.wait_for("contact.connect").await;
    FaultMet::harmless("half-open console: back at once by another connection", 1, 1, None).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_silent_console_does_not_take_goes_to_the_next_agent() {
    let server = Server::start_with(&[("USHER_SESSION_HEARTBEAT_MS", NEVER_NOTICED)]);
    let road = Road::to(&server.host, 2).await;
    let mut gateway = server.gateway().await;
    let token = server.token("ana").await;
    let (mut ana, _) = Peer::available(&road.host(), &token).await;
    let contact = gateway.arrives("1").await["contact"].clone();
    let offered = ana.wait_for("contact.offered").await;
    road.has(Weather::silent());
    let mut ben = server.agent("ben").await;
    ben.is_available().await;
    assert_eq!(json!(ben.accepts().await), contact, "whom nobody serves goes on");

    // She has not noticed anything.
    road.has(Weather::fair());
    let late = ana.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap_err();
    assert_eq!(late["kind"], "offer_gone");
    ana.wait_for("offer.ended").await;
    let order = gateway.wait_for("contact.connect").await;
    assert_eq!(order["agent"], "ben");
    FaultMet::harmless("half-open console: its customer goes to the next agent", 1, 1, None).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_comes_back_before_anybody_has_noticed_that_it_was_gone() {
    let server = Server::start_with(&[("USHER_SESSION_HEARTBEAT_MS", NEVER_NOTICED)]);
    let road = Road::to(&server.host, 3).await;
    let mut gateway = Peer::open(&road.host(), &server.key, json!({ "role": "gateway" })).await;
    let mut ana = server.agent("ana").await;
    let contact = gateway.arrives("1").await["contact"].clone();
    road.has(Weather::silent());
    ana.is_available().await;
    ana.accepts().await;

    // The order went into the silence: it stands in the snapshot.
    let mut back = server.gateway_after(gateway.event).await;
    let named = &back.opened["snapshot"]["contacts"][0];
    assert_eq!((&named["contact"], &named["should_be"]["state"]), (&contact, &json!("connecting")), "{named}");
    let order = named["should_be"]["order"].clone();
    back.tell("contact.connected", json!({ "ref": "1", "order": order })).await.unwrap();
    ana.wait_for("contact.connected").await;
    road.has(Weather::fair());
    assert_eq!(gateway.closed().await, 4004);
    FaultMet::harmless("half-open gateway: back at once by another connection", 1, 1, None).tell();
}
