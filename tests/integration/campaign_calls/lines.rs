//! A gateway that carries few calls: nobody is called whom it has no line for.

use std::time::Duration;

use serde_json::json;

use super::{starts, with_leads};
use crate::live_server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_is_ordered_no_call_that_it_has_no_line_for() {
    let server = Server::start();
    with_leads(&server, str::to_owned, 1);
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let wrong = gateway.tell("gateway.lines", json!({ "calls_max": 1, "kept_for_inbound": 2 })).await.unwrap_err();
    assert_eq!((&wrong["kind"], &wrong["field"]), (&json!("invalid_field"), &json!("kept_for_inbound")));
    gateway.tell("gateway.lines", json!({ "calls_max": 2, "kept_for_inbound": 1 })).await.unwrap();
    gateway.arrives("caller").await;
    starts(&mut eva).await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    ana.accepts().await;
    let mut ben = server.agent("ben").await;
    ben.is_available().await;
    let placed = tokio::time::timeout(Duration::from_secs(2), gateway.wait_for("call.place")).await;
    assert!(placed.is_err(), "{placed:?}");
    gateway.tell("contact.ended", json!({ "ref": "caller", "by": "customer" })).await.unwrap();
    gateway.wait_for("call.place").await;
}
