//! What a telephone gateway asks and is asked beside the orders of routing: devices that lift themselves, places to say
//! to who waits, keys pressed in a call. Over real sockets; no switch runs here.

use serde_json::{Value, json};

use crate::live_server::{Peer, Server};

mod recordings;

/// Ana talks with the customer of this call; the order that connected them.
async fn talks(ana: &mut Peer, gateway: &mut Peer, call: &str) -> (Value, Value) {
    let contact = gateway.arrives(call).await["contact"].clone();
    ana.accepts().await;
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": call, "order": order["order"] })).await.unwrap();
    ana.wait_for("contact.connected").await;
    (contact, order)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_lifts_itself_for_who_accepted_at_his_console_and_a_snapshot_says_so_too() {
    let mut server = Server::start();
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    ana.is_available().await;
    gateway.arrives("1").await;
    ana.accepts().await;
    assert_eq!(gateway.wait_for("contact.connect").await["auto_answer"], true);
    server.kill_and_start_again();
    let gateway = server.gateway_after(gateway.event).await;
    let should_be = &gateway.opened["snapshot"]["contacts"][0]["should_be"];
    assert_eq!((&should_be["state"], &should_be["auto_answer"]), (&json!("connecting"), &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_asks_where_its_callers_stand_now() {
    let server = Server::start();
    let mut gateway = server.gateway().await;
    for call in ["1", "2", "3"] {
        gateway.arrives(call).await;
    }
    let third = gateway.ask("contact.place", json!({ "ref": "3" })).await.unwrap();
    assert_eq!((&third["place"], &third["queue"]), (&json!(3), &json!("general")));
    gateway.tell("contact.abandoned", json!({ "ref": "1" })).await.unwrap();
    let moved = gateway.ask("contact.place", json!({ "ref": "3" })).await.unwrap();
    assert_eq!((&moved["place"], &moved["contact"]), (&json!(2), &third["contact"]));
    for (call, kind) in [("1", "contact_ended"), ("nobody", "unknown_ref")] {
        assert_eq!(gateway.ask("contact.place", json!({ "ref": call })).await.unwrap_err()["kind"], kind, "{call}");
    }
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    ana.accepts().await;
    let taken = gateway.ask("contact.place", json!({ "ref": "2" })).await.unwrap();
    assert_eq!((&taken["place"], &taken["queue"]), (&Value::Null, &json!("general")), "he waits no longer");
    assert_eq!(ana.ask("contact.place", json!({ "ref": "2" })).await.unwrap_err()["kind"], "wrong_role");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_an_agent_presses_reach_the_gateway_of_his_call_in_their_order() {
    let server = Server::start();
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    ana.is_available().await;
    let (contact, _) = talks(&mut ana, &mut gateway, "1").await;
    let press = |digits: &str| json!({ "contact": contact, "digits": digits });
    for digits in ["1", "2#", "0123456789*#ABCD"] {
        ana.ask("contact.dtmf", press(digits)).await.unwrap();
    }
    let mut orders = Vec::new();
    for digits in ["1", "2#", "0123456789*#ABCD"] {
        let order = gateway.wait_for("contact.dtmf").await;
        assert_eq!((&order["digits"], &order["ref"], &order["contact"]), (&json!(digits), &json!("1"), &contact));
        assert!(!orders.contains(&order["order"]), "each is an order of its own: {order}");
        orders.push(order["order"].clone());
    }
    for (digits, kind) in [("", "invalid_field"), ("1 2", "invalid_field"), ("a", "invalid_field")] {
        assert_eq!(ana.ask("contact.dtmf", press(digits)).await.unwrap_err()["kind"], kind, "{digits}");
    }
    let mut ben = server.agent("ben").await;
    assert_eq!(ben.ask("contact.dtmf", press("1")).await.unwrap_err()["kind"], "not_yours");
    ana.ask("contact.hold", json!({ "contact": contact })).await.unwrap();
    assert_eq!(
        ana.ask("contact.dtmf", press("1")).await.unwrap_err()["kind"],
        "wrong_state",
        "the customer is on hold"
    );
    ana.ask("contact.unhold", json!({ "contact": contact })).await.unwrap();
    ana.ask("contact.dtmf", press("7")).await.unwrap();
    assert_eq!(gateway.wait_for("contact.dtmf").await["digits"], "7");
    gateway.tell("contact.ended", json!({ "ref": "1", "by": "customer" })).await.unwrap();
    ana.wait_for("segment.closed").await;
    assert_eq!(ana.ask("contact.dtmf", press("1")).await.unwrap_err()["kind"], "contact_ended");
    assert_eq!(
        ana.ask("contact.dtmf", json!({ "contact": "usher-99999", "digits": "1" })).await.unwrap_err()["kind"],
        "unknown_contact"
    );
}
