//! Random histories against the explanations: asked the slow way, every decision of the journal is the one that
//! was made, nobody who could be offered a contact is left beside it, and every overtaking has its cause.

use std::collections::BTreeMap;

use super::run::START;
use super::steps::{Steps, What};
use crate::explanation::agent::explain_agent;
use crate::explanation::contact::{Standing, explain_contact};
use crate::explanation::decision::{Decision, decision_in, explain_decision};
use crate::explanation::overtakings::{Cause, Overtakings, Period};
use crate::routing::event::Event;
use crate::routing::ids::ContactId;
use crate::routing::router::ContactRouter;
use crate::routing::time::Timestamp;
use crate::simulator::referee::check::Referee;

const SEEDS: std::ops::Range<u64> = 0..40;
const COMMANDS: u64 = 300;
/// So that a run shows what it looked at.
const OFFERS_MIN: u64 = 1_500;

/// What the steps of a history caused, one list a step, each with the time it was asked.
pub(super) fn histories(seed: u64) -> Vec<(Timestamp, Vec<Event>)> {
    let mut steps = Steps::new(seed);
    let mut referee = Referee::<ContactRouter>::looking_whole_every(COMMANDS);
    let (mut now, mut told) = (START, Vec::new());
    for number in 0..COMMANDS {
        let step = steps.next(number, referee.model(), now);
        now = now + step.after;
        let events = match step.what {
            What::KeepSnapshot => referee.pass(now).unwrap(),
            What::Crash(from) => {
                let events = referee.pass(now).unwrap();
                referee.crash(from, now).unwrap();
                events
            }
            What::Command { command, again: _ } => referee.command(&command, now).unwrap().events,
        };
        told.push((now, events));
    }
    told
}

fn name_of(decision: &Decision) -> &'static str {
    match decision {
        Decision::Offered { .. } => "offered",
        Decision::Entered { .. } => "entered",
        Decision::EnteredAnew { .. } => "entered anew",
        Decision::StepTaken { .. } => "step taken",
        Decision::ExitTaken { .. } => "exit taken",
    }
}

/// After a step nobody is left whom nothing keeps from somebody who waits.
fn check_settled(router: &ContactRouter, now: Timestamp, seed: u64) {
    let state = router.state();
    for id in state.contacts.keys() {
        let explained = explain_contact(state, *id, now).unwrap();
        if let Standing::Waiting(waiting) = explained.stands {
            assert_eq!(waiting.totals.could_be_offered, 0, "seed {seed} at {now:?}, contact {id}: {waiting:?}");
            assert_eq!(waiting.totals.agents, waiting.agents.len());
        }
    }
    for agent in state.agents.keys() {
        assert!(explain_agent(state, agent, now).is_some());
    }
}

#[test]
fn the_slow_way_comes_to_what_was_decided() {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut causes: BTreeMap<Cause, u64> = BTreeMap::new();
    for seed in SEEDS {
        let mut router = ContactRouter::new();
        let mut overtakings = Overtakings::after(ContactRouter::new(), Period::default());
        for (now, events) in histories(seed) {
            for event in &events {
                if let Some((contact, decision)) = decision_in(&event.fact) {
                    let explained = explain_decision(router.state(), event).expect("the contact is there");
                    let may_be_unsure = matches!(decision, Decision::Entered { .. });
                    let agrees = explained.agrees.unwrap_or(may_be_unsure);
                    assert!(agrees, "seed {seed}, {event:?}\n{explained:#?}");
                    *counts.entry("unsure").or_default() += u64::from(explained.agrees.is_none());
                    assert_eq!((explained.contact, explained.event.0), (contact, router.event_no().0 + 1));
                    *counts.entry(name_of(&decision)).or_default() += 1;
                }
                overtakings.evolve(event);
                router.evolve(event);
            }
            check_settled(&router, now, seed);
        }
        assert!(explain_contact(router.state(), ContactId(u64::MAX), START).is_none());
        for counted in overtakings.into_report().counts {
            *causes.entry(counted.cause).or_default() += counted.overtakings;
        }
    }
    println!("{counts:?}\n{causes:?}");
    assert!(counts["offered"] >= OFFERS_MIN, "{counts:?}");
    let unsure = counts.remove("unsure").unwrap_or_default();
    assert!(unsure * 4 < counts["entered"], "most who enter do so once: {unsure} of {counts:?}");
    assert_eq!(counts.len(), 5, "every kind of decision was reached: {counts:?}");
    assert!(causes.len() >= 8, "{causes:?}");
    assert_eq!(causes.get(&Cause::Unexplained), None, "{causes:?}");
}
