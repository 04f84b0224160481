//! Who was overtaken, each cause by a small history.

use serde_json::{Value, json};

use super::stage::{Stage, one_queue};
use crate::explanation::decision::explain_decision;
use crate::explanation::overtakings::{Cause, EXAMPLES_MAX, Overtakings, OvertakingsReport, Period};
use crate::routing::event::Fact;
use crate::routing::hold::Hold;
use crate::routing::router::ContactRouter;
use crate::routing::time::{Millis, Timestamp};

fn report(stage: &Stage, period: Period) -> OvertakingsReport {
    let mut overtakings = Overtakings::after(ContactRouter::new(), period);
    stage.events.iter().for_each(|event| overtakings.evolve(event));
    overtakings.into_report()
}

fn causes(stage: &Stage) -> Vec<(Cause, u64)> {
    report(stage, Period::default()).counts.iter().map(|counted| (counted.cause, counted.overtakings)).collect()
}

/// Two queues, of which an attribute says which.
fn two_queues(first: Value, second: Value, agents: Value) -> Value {
    json!({
        "entry": [
            { "name": "second", "queue": "second", "when": "has(contact.attributes.second)" },
            { "name": "first", "queue": "first" },
        ],
        "queues": { "first": first, "second": second },
        "agents": agents,
    })
}

/// The second comes three seconds after the first, and is taken before it.
fn second_goes_first(first: Value, second: Value) -> Stage {
    let mut stage = Stage::new(two_queues(first, second, json!({ "ana": {} })));
    stage.calls(1, "1", json!({}));
    stage.calls(4, "22", json!({ "second": true }));
    stage.available(10, "ana");
    stage.accepts(12, "ana");
    stage
}

#[test]
fn a_better_tier_strict_queues_and_weight() {
    for (first, second, cause) in [
        (json!({ "tier": 2 }), json!({ "tier": 1 }), Cause::Tier),
        (json!({}), json!({ "strict": true }), Cause::Strict),
        (json!({}), json!({ "weight": 60_000 }), Cause::Weight),
        (json!({}), json!({ "priority": 1 }), Cause::Priority),
        (json!({ "strict": true }), json!({ "strict": true, "priority": 1 }), Cause::Priority),
    ] {
        let stage = second_goes_first(first, second);
        let report = report(&stage, Period::default());
        assert_eq!((report.accepted, report.overtook), (1, 1), "{cause:?}");
        let [counted] = &report.counts[..] else { panic!("{report:?}") };
        assert_eq!((counted.queue.as_str(), counted.cause, counted.overtakings), ("first", cause, 1));
        assert_eq!(counted.longest, Millis::seconds(11));
        let [example] = &report.examples[..] else { panic!("{report:?}") };
        assert_eq!((example.agent.as_str(), example.at), ("ana", Timestamp(12_000)));
        assert_eq!((example.overtaken.entered_at, example.served.entered_at), (Timestamp(1_000), Timestamp(4_000)));
    }
}

#[test]
fn who_comes_first_overtakes_nobody() {
    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": {} })));
    stage.calls(1, "1", json!({}));
    stage.calls(2, "22", json!({}));
    stage.available(3, "ana");
    stage.accepts(4, "ana");
    let report = report(&stage, Period::default());
    assert_eq!((report.accepted, report.overtook, report.counts.len()), (1, 0, 0));
}

#[test]
fn the_agent_lacks_what_the_first_asks_or_has_declined_it() {
    let rules = json!({
        "entry": [
            { "name": "english", "queue": "billing", "skills": { "english": 5 }, "when": "has(contact.attributes.english)" },
            { "name": "everyone", "queue": "billing" },
        ],
        "queues": { "billing": {} },
        "agents": { "ana": {} },
    });
    let mut stage = Stage::new(rules);
    stage.calls(1, "1", json!({ "english": true }));
    stage.calls(2, "22", json!({}));
    stage.available(3, "ana");
    stage.accepts(4, "ana");
    assert_eq!(causes(&stage), [(Cause::Requirement, 1)]);

    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": {}, "ben": {} })));
    stage.available(0, "ben");
    stage.calls(0, "1", json!({}));
    stage.talks(1, "ben", "1");
    stage.available(2, "ana");
    stage.calls(3, "22", json!({}));
    stage.declines(4, "ana");
    stage.calls(5, "333", json!({}));
    stage.pass(9);
    stage.accepts(10, "ana");
    assert_eq!(causes(&stage), [(Cause::Held(Hold::AlreadyDeclined), 1)]);
}

#[test]
fn a_place_that_was_kept_and_one_who_waits_for_another() {
    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": {} })));
    stage.calls(0, "1", json!({}));
    stage.calls(20, "22", json!({}));
    stage.tell(30, json!({ "contact_abandoned": { "gateway": "g", "ref": "1" } }));
    stage.calls(40, "3", json!({}));
    stage.available(50, "ana");
    stage.accepts(51, "ana");
    assert_eq!(causes(&stage), [(Cause::KeptPlace, 1)], "a dropped caller has his place again");

    let queue = json!({ "preferred": { "who": "owner", "hold": 60_000 } });
    let mut stage = Stage::new(one_queue(queue, json!({ "ana": {}, "ben": {} })));
    stage.available(0, "ben");
    stage.calls(0, "1", json!({}));
    stage.talks(1, "ben", "1");
    stage.calls(2, "22", json!({ "customer": { "owner": "ben" } }));
    stage.calls(3, "333", json!({}));
    stage.available(4, "ana");
    stage.accepts(5, "ana");
    assert_eq!(causes(&stage), [(Cause::Held(Hold::Preferred), 1)]);
}

#[test]
fn one_whose_turn_it_was_when_an_agent_took_another() {
    let rules = json!({
        "entry": [
            { "name": "english", "queue": "billing", "skills": { "english": 5 }, "when": "has(contact.attributes.english)" },
            { "name": "everyone", "queue": "billing" },
        ],
        "queues": { "billing": {} },
        "agents": { "ana": {} },
    });
    let mut stage = Stage::new(rules);
    stage.arrives(1, "1", "email", json!({ "english": true }));
    stage.available(2, "ana");
    stage.tell(3, json!({ "open_task": { "gateway": "g", "ref": "22", "queue": "billing", "taken_by": "ana" } }));
    assert_eq!(causes(&stage), [(Cause::Taken, 1)]);
    let taken = stage.events.iter().position(|event| matches!(event.fact, Fact::ContactOffered { .. })).unwrap();
    let mut before = ContactRouter::new();
    stage.events[..taken].iter().for_each(|event| before.evolve(event));
    let explained = explain_decision(before.state(), &stage.events[taken]).unwrap();
    assert_eq!((explained.agrees, explained.candidates.len(), explained.choice), (Some(true), 0, None));

    let mut of_another = stage.events[taken].clone();
    if let Fact::ContactOffered { why, .. } = &mut of_another.fact {
        why.matched = 2;
    }
    assert_eq!(explain_decision(before.state(), &of_another).unwrap().agrees, Some(false));
}

#[test]
fn one_who_is_being_offered_meanwhile() {
    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": {}, "ben": {} })));
    stage.available(0, "ben");
    stage.calls(1, "1", json!({}));
    stage.calls(2, "22", json!({}));
    stage.available(3, "ana");
    stage.accepts(4, "ana");
    assert_eq!(causes(&stage), [(Cause::BeingOffered, 1)]);
    let mut answered_first = Stage::new(one_queue(json!({}), json!({ "ana": {}, "ben": {} })));
    answered_first.available(0, "ben");
    answered_first.calls(1, "1", json!({}));
    answered_first.calls(2, "22", json!({}));
    answered_first.available(3, "ana");
    answered_first.accepts(4, "ben");
    answered_first.accepts(5, "ana");
    assert_eq!(causes(&answered_first), [], "he no longer waited when the other was accepted");
}

#[test]
fn examples_are_bounded_and_a_period_leaves_the_rest_out() {
    let mut stage = Stage::new(two_queues(json!({}), json!({ "strict": true }), json!({ "ana": {} })));
    stage.calls(1, "1", json!({}));
    stage.available(2, "ana");
    stage.declines(3, "ana");
    let rounds = 2 * EXAMPLES_MAX as i64;
    stage.tell(4, json!({ "set_presence": { "agent": "ana", "presence": "offline" } }));
    for round in 0..rounds {
        let at = 10 + 10 * round;
        let reference = format!("strict-{round}");
        stage.calls(at, &reference, json!({ "second": true }));
        stage.available(at + 1, "ana");
        stage.talks(at + 2, "ana", &reference);
        stage.tell(at + 3, json!({ "set_presence": { "agent": "ana", "presence": "offline" } }));
        stage.ends(at + 4, &reference);
        stage.pass(at + 5);
    }
    let all = report(&stage, Period::default());
    assert_eq!(all.counts[0].overtakings, rounds.unsigned_abs());
    assert_eq!(all.examples.len(), EXAMPLES_MAX);
    assert!(all.examples.windows(2).all(|pair| pair[0].at > pair[1].at), "the longest waits are the last ones here");
    let first = Period { from: None, to: Some(Timestamp(30_000)) };
    assert_eq!(report(&stage, first).accepted, 2);
    let last = Period { from: Some(Timestamp(30_000)), to: None };
    assert_eq!(report(&stage, last).accepted, rounds.unsigned_abs() - 2);
}
