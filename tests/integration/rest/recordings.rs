//! Recordings of calls: shown with their calls, and erased until their gateway says so, by order or with their customer.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Centre, User, phone};
use crate::live_server::Peer;

const WRITTEN_WITHIN: Duration = Duration::from_secs(20);

/// What is recorded of a call, once it is so.
async fn recorded(user: &User, contact: &Value, is_so: impl Fn(&Value) -> bool) -> Value {
    let path = format!("/api/v1/interactions/{}", contact.as_str().unwrap());
    let began = Instant::now();
    loop {
        let recording = user.get(&path).await.json()["recordings"][0].clone();
        if is_so(&recording) {
            return recording;
        }
        assert!(began.elapsed() < WRITTEN_WITHIN, "it is written: {recording}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A recorded call that is over, and how its gateway names the file.
async fn call(gateway: &mut Peer, ana: &mut Peer, call: &str) -> (Value, Value) {
    let arrived = json!({ "ref": call, "channel": "voice", "from": "+33612345678" });
    let contact = gateway.tell("contact.arrived", arrived).await.unwrap()["contact"].clone();
    ana.accepts().await;
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": call, "order": order["order"] })).await.unwrap();
    let start = gateway.wait_for("recording.start").await;
    gateway.tell("contact.ended", json!({ "ref": call, "by": "customer" })).await.unwrap();
    let file = json!(format!("calls/{call}.wav"));
    let mut told = json!({ "ref": call, "recording": start["recording"], "state": "finished" });
    (told["file"], told["duration_ms"]) = (file.clone(), json!(61000));
    for _ in 0..2 {
        gateway.tell("recording.state", told.clone()).await.unwrap();
    }
    (contact, start["recording"].clone())
}

pub async fn shown_and_erased(mut centre: Centre) {
    let queue = centre.server.folder.path().join("rules/queues/general.toml");
    std::fs::write(queue, "[queue.general]\nrecord = true\n").unwrap();
    centre.server.kill_and_start_again();
    let (host, eva) = (centre.host().await, centre.user("eva").await);
    let (customer, _) = host.add(json!({ "name": "Zoé", "addresses": [phone("0612345678")] })).await;
    let mut gateway = centre.server.gateway().await;
    let mut ana = centre.server.agent("ana").await;
    ana.is_available().await;
    let (contact, name) = call(&mut gateway, &mut ana, "1").await;
    let shown = recorded(&host, &contact, |shown| shown["state"] == "finished").await;
    assert_eq!((&shown["file"], &shown["duration_ms"]), (&json!("calls/1.wav"), &json!(61000)));
    assert_eq!((&shown["gateway"], &shown["id"]), (&json!("gw"), &name));

    let path = format!("/api/v1/recordings/{}", name.as_str().unwrap());
    assert_eq!(host.send("DELETE", &path, &[], None).await.kind(), "not_permitted");
    for _ in 0..2 {
        assert_eq!(eva.send("DELETE", &path, &[], None).await.status, 204, "the same again changes nothing");
    }
    let unknown = eva.send("DELETE", "/api/v1/recordings/usher-999999", &[], None).await;
    assert_eq!((unknown.status, unknown.kind()), (404, "unknown_recording".to_owned()));
    let order = gateway.wait_for("recording.erase").await;
    assert_eq!((&order["recording"], &order["file"]), (&name, &json!("calls/1.wav")));
    gateway.tell("order.failed", json!({ "order": order["order"], "why": "failed" })).await.unwrap();
    let again = gateway.wait_for("recording.erase").await;
    assert_ne!(again["order"], order["order"], "it is asked again");
    gateway.tell("order.done", json!({ "order": again["order"] })).await.unwrap();
    let gone = recorded(&host, &contact, |shown| !shown["erased_at"].is_null()).await;
    assert_eq!(gone["file"], Value::Null);

    let (contact, name) = call(&mut gateway, &mut ana, "2").await;
    recorded(&host, &contact, |shown| shown["state"] == "finished").await;
    let erasing = ["privacy", "erase", customer.as_str(), "--reason", "asked for it", "--by", "eva"];
    assert!(centre.server.command(&erasing).status().unwrap().success());
    let order = gateway.wait_for("recording.erase").await;
    assert_eq!((&order["recording"], &order["file"]), (&name, &json!("calls/2.wav")), "with its customer");
    gateway.tell("order.done", json!({ "order": order["order"] })).await.unwrap();
    recorded(&host, &contact, |shown| !shown["erased_at"].is_null()).await;
    let listed = centre.server.command(&["audit", "list"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(listed.matches("recording_erased").count(), 1, "{listed}");
}
