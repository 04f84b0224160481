//! Every command in every state: what it may meet is written down by hand, and a refusal leaves the router
//! as it was. Plays the router alone; judges no routing.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use usher::routing::command::Action;
use usher::routing::event::Event;
use usher::routing::refusal::Refusal;

use consultations::{CONSULTATION_ROWS, OF_CONSULTATIONS};
use stage::Stage;
use tables::{
    AGENT_ROWS, CONTACT_ROWS, GATEWAY_ROWS, OF_AGENTS, OF_CONTACTS, OF_GATEWAYS, OF_QUEUES, QUEUE_ROWS, Row, State,
    scene,
};

mod consultations;
mod stage;
mod tables;

/// Commands that nothing can refuse.
const NOT_HERE: [&str; 3] = ["replace_rules", "resume", "step_clock"];
/// The referee's histories give these everything that is wrong, and assert that each refusal is reached.
const OF_CAMPAIGNS: [&str; 7] =
    ["clear_attempt", "file_lead", "refuse_attempt", "run_campaign", "set_campaign", "take_lead", "withdraw_lead"];

/// What a command meets, as one short word of a table.
fn met(stage: &Stage, answer: &Result<Vec<Event>, Refusal>) -> String {
    let refusal = match answer {
        Ok(events) if events.is_empty() => return ".".to_owned(),
        Ok(_) => return "+".to_owned(),
        Err(refusal) => serde_json::to_value(refusal).unwrap(),
    };
    let short = [
        ("unknown", json!("unknown_contact")),
        ("ended", json!({ "contact_ended": { "contact": stage.contact } })),
        ("hand", json!({ "not_in_hand": { "contact": stage.contact } })),
        ("connect", json!({ "wrong_state": { "contact": stage.contact, "expected": "connected" } })),
        ("talk", json!({ "wrong_state": { "contact": stage.contact, "expected": "talking" } })),
        ("wait", json!({ "wrong_state": { "contact": stage.contact, "expected": "waiting" } })),
        ("offer", json!({ "unknown_offer": { "offer": stage.offer } })),
        ("gone", json!({ "offer_gone": { "offer": stage.offer } })),
        ("phone", json!({ "accepted_by_phone": { "offer": stage.offer } })),
        ("segment", json!({ "unknown_segment": { "segment": stage.segment } })),
        ("order", json!("order_gone")),
        ("theirs", json!({ "not_in_hand": { "contact": stage.consultation } })),
        ("past", json!({ "contact_ended": { "contact": stage.consultation } })),
        ("colleague", json!({ "wrong_state": { "contact": stage.consultation, "expected": "connected" } })),
        ("asking", json!({ "wrong_state": { "contact": stage.contact, "expected": "consulting" } })),
        ("free", json!({ "wrong_state": { "contact": stage.contact, "expected": "not_consulting" } })),
        ("joined", json!({ "wrong_state": { "contact": stage.contact, "expected": "not_in_conference" } })),
        ("customer", json!({ "invalid_field": { "field": "contact", "expected": "a_customers_contact" } })),
        ("call", json!({ "invalid_field": { "field": "contact", "expected": "a_voice_contact" } })),
        ("chat", json!({ "invalid_field": { "field": "contact", "expected": "a_chat_or_an_email" } })),
        ("written", json!({ "invalid_field": { "field": "contact", "expected": "a_written_contact" } })),
        ("listed", json!({ "invalid_field": { "field": "contact", "expected": "an_email_or_a_task" } })),
        ("tape", json!({ "wrong_state": { "contact": stage.contact, "expected": "recorded" } })),
        ("taped", json!({ "invalid_field": { "field": "recording", "expected": "a_recording_of_the_contact" } })),
        ("agent", json!({ "unknown_agent": { "agent": stage.agent } })),
        ("out", json!({ "agent_not_logged_in": { "agent": stage.agent } })),
        ("forced", json!({ "invalid_field": { "field": "how", "expected": "forced_by_a_supervisor_only" } })),
        ("queue", json!({ "unknown_queue": { "queue": stage.queue } })),
        ("rules", json!("no_rules")),
    ];
    let found = short.iter().find(|(_, meant)| *meant == refusal).map(|(word, _)| (*word).to_owned());
    found.unwrap_or_else(|| refusal.to_string())
}

fn name_of(action: &Value) -> String {
    action.as_object().unwrap().keys().next().unwrap().clone()
}

/// Plays each command of the rows in each state; the words of a row are what it must meet there.
fn assert_table(states: &[State], rows: &[Row]) {
    let mut wrong = Vec::new();
    for (action, expected) in rows {
        let expected: Vec<&str> = expected.split_whitespace().collect();
        assert_eq!(expected.len(), states.len(), "{expected:?}");
        for ((state, set), expected) in states.iter().zip(expected) {
            let mut stage = set();
            let action = action(&stage);
            let answer = stage.tell(&action);
            let got = met(&stage, &answer);
            if got != expected {
                wrong.push(format!("{state}: {action}\n    expected {expected}, got {got}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_command_meets_what_is_written_of_contacts_in_every_state() {
    assert_table(&OF_CONTACTS, &CONTACT_ROWS);
}

#[test]
fn every_command_meets_what_is_written_of_consultations_in_every_state() {
    assert_table(&OF_CONSULTATIONS, &CONSULTATION_ROWS);
}

#[test]
fn every_command_meets_what_is_written_of_agents_in_every_state() {
    assert_table(&OF_AGENTS, &AGENT_ROWS);
}

#[test]
fn every_command_meets_what_is_written_of_queues_in_every_state() {
    assert_table(&OF_QUEUES, &QUEUE_ROWS);
}

#[test]
fn every_command_meets_what_is_written_of_gateways_in_every_state() {
    assert_table(&OF_GATEWAYS, &GATEWAY_ROWS);
}

/// Each on a call that `ana` has in hand, unless it says otherwise.
#[test]
fn a_value_that_does_not_fit_is_named_with_its_field() {
    let in_hand = |channel: &'static str| scene(|s| s.talks("ana", "1", channel));
    let wrapping = || {
        scene(|s| {
            s.talks("ana", "1", "voice");
            s.over();
        })
    };
    let waiting = || {
        scene(|s| {
            s.there("ben");
            let customer = json!({ "customer": { "never_offer": ["ben"] } });
            s.done(json!({ "contact_arrived": {
                "gateway": "g", "ref": "1", "channel": "voice", "attributes": customer,
            } }));
        })
    };
    let elsewhere = || {
        scene(|s| {
            s.arrives("1", "voice");
            s.done(json!({ "move_contact": { "by": "lea", "contact": s.contact, "queue": "sales" } }));
            s.there("ana");
            s.accepted();
            s.connected();
        })
    };
    type Wrong = (Stage, fn(&Stage) -> Value, &'static str, &'static str);
    let days_91: i64 = 91 * 24 * 3_600_000;
    let wrong: Vec<Wrong> = vec![
        (
            in_hand("voice"),
            |s| json!({ "transfer_contact": { "agent": "ana", "contact": s.contact, "to": { "agent": "ana" } } }),
            "to",
            "another_agent",
        ),
        (
            in_hand("voice"),
            |s| json!({ "consult": { "agent": "ana", "contact": s.contact, "to": { "agent": "ana" } } }),
            "to",
            "another_agent",
        ),
        (
            elsewhere(),
            |s| json!({ "escalate_contact": { "agent": "ana", "contact": s.contact, "reason": "angry" } }),
            "contact",
            "a_queue_with_an_escalation",
        ),
        (
            in_hand("email"),
            |s| json!({ "suspend_contact": { "agent": "ana", "contact": s.contact, "until": 1 } }),
            "until",
            "a_time_to_come_within90_days",
        ),
        (
            in_hand("voice"),
            |s| json!({ "schedule_callback": { "agent": "ana", "contact": s.contact } }),
            "to",
            "a_number_because_none_is_known",
        ),
        (
            in_hand("voice"),
            |s| json!({ "schedule_callback": { "agent": "ana", "contact": s.contact, "to": "+331", "due": 1 } }),
            "due",
            "a_time_to_come_within90_days",
        ),
        (
            in_hand("voice"),
            |s| json!({ "set_presence_of": { "by": "lea", "agent": s.agent, "presence": "offline" } }),
            "presence",
            "available_or_not_ready",
        ),
        (
            in_hand("voice"),
            |s| json!({ "prioritise_contact": { "by": "lea", "contact": s.contact, "priority": 1_001 } }),
            "priority",
            "from_minus1000_to1000",
        ),
        (
            waiting(),
            |s| json!({ "prioritise_contact": { "by": "lea", "contact": s.contact, "priority": -1_001 } }),
            "priority",
            "from_minus1000_to1000",
        ),
        (
            waiting(),
            |s| json!({ "prioritise_contact": { "by": "lea", "contact": s.contact, "priority": i32::MIN } }),
            "priority",
            "from_minus1000_to1000",
        ),
        (
            waiting(),
            |s| json!({ "assign_contact": { "by": "lea", "contact": s.contact, "agent": "ben" } }),
            "agent",
            "an_agent_the_customer_may_get",
        ),
        (
            wrapping(),
            |s| json!({ "extend_wrap_up": { "agent": "ana", "segment": s.segment, "by": 999 } }),
            "by",
            "from_one_second_to_one_hour",
        ),
        (
            wrapping(),
            |s| json!({ "extend_wrap_up": { "agent": "ana", "segment": s.segment, "by": 3_600_001 } }),
            "by",
            "from_one_second_to_one_hour",
        ),
    ];
    let mut failures = Vec::new();
    for (mut stage, action, field, expected) in wrong {
        let action = action(&stage);
        let got = stage.tell(&action).map_err(|refusal| serde_json::to_value(refusal).unwrap());
        if got != Err(json!({ "invalid_field": { "field": field, "expected": expected } })) {
            failures.push(format!("{action}: {got:?}"));
        }
    }
    let mut stage = in_hand("email");
    let far = json!({ "suspend_contact": { "agent": "ana", "contact": stage.contact, "until": days_91 } });
    assert!(stage.tell(&far).is_err());
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// A command that is added is in a table, or in the list of those that are not.
#[test]
fn every_command_has_a_row() {
    let unknown = serde_json::from_value::<Action>(json!({ "no_such_command": {} })).unwrap_err().to_string();
    let all: BTreeSet<&str> = unknown.split('`').skip(3).step_by(2).collect();
    assert!(all.len() > 40, "{unknown}");
    let stage = Stage::without_rules();
    let rows = CONTACT_ROWS.iter().chain(&CONSULTATION_ROWS).chain(&AGENT_ROWS).chain(&QUEUE_ROWS).chain(&GATEWAY_ROWS);
    let named: Vec<String> = rows.map(|(action, _)| name_of(&action(&stage))).collect();
    let named: BTreeSet<&str> = named.iter().map(String::as_str).chain(NOT_HERE).chain(OF_CAMPAIGNS).collect();
    assert_eq!(all, named);
}

#[test]
#[should_panic(expected = "dropped from the rules: {\"pause_queue\"")]
fn a_table_that_is_wrong_is_found() {
    let pause = QUEUE_ROWS[0].0;
    assert_table(&OF_QUEUES, &[(pause, "queue + + . queue queue")]);
}
