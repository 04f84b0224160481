//! Why a contact still waits: each hold by its name, with the time at which it ends.

use serde_json::json;

use super::stage::{Stage, one_queue};
use crate::explanation::agent::Hindered;
use crate::explanation::between::{Between, Held};
use crate::routing::hold::Hold;
use crate::routing::ids::ContactId;
use crate::routing::time::Timestamp;

/// What stands between the contact and the agent, said three times the same.
fn assert_held(stage: &Stage, contact: ContactId, agent: &str, by: Hold, until_s: Option<i64>) {
    let held = Held { by, until: until_s.map(|until| Timestamp(until * 1_000)) };
    assert_eq!(stage.between(contact, agent), Between::Held(held));
    assert_eq!(stage.waiting(contact).totals.held.get(&by), Some(&1));
    let told = stage.agent(agent).waiting;
    let row = told.iter().find(|row| row.contact == contact).expect("he could serve it");
    assert_eq!(row.between, Between::Held(held), "seen from the agent");
}

#[test]
fn it_waits_for_the_agent_it_prefers() {
    let queue = json!({ "select": ["preferred", "longest_idle"], "preferred": { "who": "owner", "hold": 20_000 } });
    let mut stage = Stage::new(one_queue(queue, json!({ "ana": {}, "ben": {} })));
    stage.available(0, "ana");
    stage.calls(1, "1", json!({}));
    stage.talks(2, "ana", "1");
    stage.available(3, "ben");
    let contact = stage.calls(10, "22", json!({ "customer": { "owner": "ana" } }));
    assert_held(&stage, contact, "ben", Hold::Preferred, Some(30));
    let waiting = stage.waiting(contact);
    let waits_for = waiting.waits_for.unwrap();
    assert_eq!((waits_for.agent.as_str(), waits_for.until, waits_for.behind), ("ana", Timestamp(30_000), None));
    assert_eq!((waiting.totals.matched, waiting.totals.busy), (2, 1));
}

#[test]
fn the_agent_rests_or_has_declined_it_already() {
    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": {}, "ben": {} })));
    stage.available(0, "ana");
    stage.calls(1, "1", json!({}));
    stage.talks(2, "ana", "1");
    stage.available(3, "ben");
    let contact = stage.calls(4, "22", json!({}));
    stage.declines(6, "ben");
    assert_held(&stage, contact, "ben", Hold::BackOff, Some(11));
    assert_eq!(
        stage.agent("ben").channels[0].hindered,
        Hindered::Held(Held { by: Hold::BackOff, until: Some(Timestamp(11_000)) })
    );
    stage.pass(12);
    assert_held(&stage, contact, "ben", Hold::AlreadyDeclined, None);
}

#[test]
fn the_agent_does_not_answer() {
    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": {} })));
    stage.available(0, "ana");
    let contact = stage.calls(1, "1", json!({}));
    stage.pass(16);
    assert_held(&stage, contact, "ana", Hold::NotResponding, None);
    assert!(!stage.agent("ana").responding);
}

#[test]
fn it_was_offered_too_often() {
    let mut rules = one_queue(json!({}), json!({ "ana": {} }));
    rules["site"] = json!({ "offers_in_row_max": 1, "offer_limit_pause": 60_000 });
    let mut stage = Stage::new(rules);
    stage.available(0, "ana");
    let contact = stage.calls(1, "1", json!({}));
    stage.declines(2, "ana");
    assert_held(&stage, contact, "ana", Hold::OfferLimit, Some(62));
    assert_eq!(stage.waiting(contact).held, Some(Held { by: Hold::OfferLimit, until: Some(Timestamp(62_000)) }));
}

#[test]
fn a_callback_is_not_tried_again_yet() {
    let queue = json!({ "exits": { "keys": { "1": "callback" } }, "callback": { "attempts_max": 2, "gap": 300_000 } });
    let mut stage = Stage::new(one_queue(queue, json!({ "ana": {} })));
    let call = stage.calls(0, "1", json!({}));
    stage.tell(1, json!({ "exit_key_pressed": { "gateway": "g", "ref": "1", "key": "1" } }));
    assert!(stage.router.contact(call).is_none());
    stage.available(2, "ana");
    stage.accepts(3, "ana");
    let attempt = stage.router.state().next_id - 1;
    stage.tell(3, json!({ "clear_attempt": { "attempt": attempt } }));
    let order = stage.router.event_no();
    let progress = json!({ "failed": { "why": "busy" } });
    stage.tell(4, json!({ "call_progress": { "gateway": "g", "order": order, "progress": progress } }));
    let callback = stage.agent("ana").waiting[0].contact;
    assert_held(&stage, callback, "ana", Hold::CallbackGap, Some(304));
    assert!(matches!(stage.waiting(callback).cause, crate::routing::event::QueuedBy::Callback { .. }));
}

#[test]
fn its_gateway_is_away() {
    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": {} })));
    let contact = stage.calls(0, "1", json!({}));
    stage.tell(1, json!({ "detach_gateway": { "gateway": "g" } }));
    stage.available(2, "ana");
    assert_held(&stage, contact, "ana", Hold::GatewayAway, Some(61));
}

#[test]
fn the_agents_phone_is_in_use() {
    let ana = json!({ "phone": { "mode": "console", "endpoint": "SIP/1" } });
    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": ana })));
    stage.available(0, "ana");
    stage.tell(1, json!({ "device_changed": { "gateway": "g", "endpoint": "SIP/1", "state": "in_use" } }));
    let contact = stage.calls(2, "1", json!({}));
    assert_held(&stage, contact, "ana", Hold::DeviceInUse, None);
    let explained = stage.agent("ana");
    let on: Vec<bool> = explained.channels.iter().map(|on| on.hindered == Hindered::No).collect();
    assert_eq!(on, [false, false, true, true, true], "only the phone is hindered");
}

#[test]
fn its_queue_is_paused() {
    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": {} })));
    stage.tell(0, json!({ "pause_queue": { "by": "eva", "queue": "billing" } }));
    stage.available(1, "ana");
    let contact = stage.calls(2, "1", json!({}));
    assert_held(&stage, contact, "ana", Hold::QueuePaused, None);
}
