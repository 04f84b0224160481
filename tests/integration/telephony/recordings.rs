//! Calls that are recorded as their queue says: begun, paused, stopped, also over a restart.

use serde_json::{Value, json};

use super::talks;
use crate::live_server::{Peer, Server};

/// The demo's general queue, recorded.
fn recorded() -> Server {
    let mut server = Server::start();
    let queue = server.folder.path().join("rules/queues/general.toml");
    std::fs::write(queue, "[queue.general]\nrecord = true\nwrap_up = { max = \"30s\" }\n[queue.private]\n").unwrap();
    server.kill_and_start_again();
    server
}

async fn tell(gateway: &mut Peer, order: &Value, state: &str) -> Result<Value, Value> {
    let told = json!({ "ref": order["ref"], "recording": order["recording"], "state": state });
    gateway.tell("recording.state", told).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_recorded_and_its_agent_pauses_that() {
    let mut server = recorded();
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    ana.is_available().await;
    let (contact, _) = talks(&mut ana, &mut gateway, "1").await;
    let start = gateway.wait_for("recording.start").await;
    assert_eq!((&start["ref"], &start["contact"]), (&json!("1"), &contact));
    assert_eq!(ana.wait_for("contact.recording").await["recording"], json!({ "should_be": "recording" }));
    tell(&mut gateway, &start, "recording").await.unwrap();
    let on = json!({ "should_be": "recording", "is": "recording" });
    assert_eq!(ana.wait_for("contact.recording").await["recording"], on);

    ana.ask("recording.pause", json!({ "contact": contact })).await.unwrap();
    let pause = gateway.wait_for("recording.pause").await;
    assert_eq!(pause["recording"], start["recording"]);
    assert_eq!(ana.wait_for("contact.recording").await["recording"]["should_be"], "paused");
    let failed = json!({ "order": pause["order"], "why": "failed" });
    gateway.tell("order.failed", failed).await.unwrap();
    let told = ana.wait_for("contact.recording").await;
    assert_eq!((&told["recording"], &told["why"]), (&on, &json!("failed")), "it is still recorded, and he knows");
    ana.ask("recording.pause", json!({ "contact": contact })).await.unwrap();
    gateway.wait_for("recording.pause").await;
    tell(&mut gateway, &start, "paused").await.unwrap();

    server.kill_and_start_again();
    let mut gateway = server.gateway_after(gateway.event).await;
    let named = &gateway.opened["snapshot"]["contacts"][0]["recording"];
    assert_eq!(*named, json!({ "recording": start["recording"], "paused": true }));
    let mut ana = server.agent("ana").await;
    let paused = json!({ "should_be": "paused", "is": "paused" });
    assert_eq!(ana.opened["snapshot"]["segments"][0]["recording"], paused);
    let mut eva = server.supervisor("eva").await;
    let shown = eva.ask("contact.show", json!({ "contact": contact })).await.unwrap();
    assert_eq!(shown["recording"], paused);

    let on = json!({ "contact": contact, "to": { "queue": "private" }, "kind": "blind" });
    ana.ask("contact.transfer", on).await.unwrap();
    let stop = gateway.wait_for("recording.stop").await;
    assert_eq!(stop["recording"], start["recording"], "that queue does not record");
    tell(&mut gateway, &start, "finished").await.unwrap();
    for (recording, kind) in [("usher-999999", "invalid_field"), ("elsewhere-1", "invalid_field")] {
        let told = json!({ "ref": "1", "recording": recording, "state": "finished" });
        assert_eq!(gateway.tell("recording.state", told).await.unwrap_err()["kind"], kind);
    }
    let refused = ana.ask("recording.pause", json!({ "contact": contact })).await.unwrap_err();
    assert_eq!(refused["kind"], "not_yours");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_fails_is_an_alert_while_its_call_goes_on() {
    let server = recorded();
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    let mut eva = server.supervisor("eva").await;
    ana.is_available().await;
    talks(&mut ana, &mut gateway, "1").await;
    let start = gateway.wait_for("recording.start").await;
    gateway.tell("order.failed", json!({ "order": start["order"], "why": "failed" })).await.unwrap();
    let raised = eva.wait_for("alert.raised").await["alert"].clone();
    assert_eq!((&raised["queue"], &raised["measure"]), (&json!("general"), &json!("not_recorded")));
    assert_eq!((&raised["value"], &raised["threshold"]), (&json!(1.0), &json!(1.0)), "though no rule asks for it");
    gateway.tell("contact.ended", json!({ "ref": "1", "by": "customer" })).await.unwrap();
    assert_eq!(eva.wait_for("alert.cleared").await["measure"], "not_recorded");
}
