//! Routers broken on purpose: the referee must catch each of them.

use super::model::Model;
use super::routes::Routes;
use crate::routing::command::Command;
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AgentId, EventNo};
use crate::routing::refusal::Refusal;
use crate::routing::time::{Millis, Timestamp};
use crate::simulator::history::run::{Failure, run};

trait Fault {
    /// What becomes of the events of one turn before they are remembered.
    fn spoil(_events: &mut Vec<Event>, _before: &Model) {}
    fn spoil_restored(_restored: &mut Model) {}
}

struct Mutant<F> {
    inner: Model,
    fault: std::marker::PhantomData<F>,
}

impl<F: Fault> Mutant<F> {
    fn remember(&mut self, mut events: Vec<Event>) -> Vec<Event> {
        F::spoil(&mut events, &self.inner);
        events.iter().for_each(|event| self.inner.apply(event));
        events
    }
}

impl<F: Fault> Routes for Mutant<F> {
    type Snapshot = Model;
    fn empty() -> Self {
        Mutant { inner: Model::default(), fault: std::marker::PhantomData }
    }
    fn handle(&mut self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let (events, _) = self.inner.after_command(&command, now)?;
        Ok(self.remember(events))
    }
    fn advance_to(&mut self, now: Timestamp) -> Vec<Event> {
        let (events, _) = self.inner.after_time(now);
        self.remember(events)
    }
    fn next_deadline(&self) -> Option<Timestamp> {
        self.inner.next_deadline()
    }
    fn evolve(&mut self, event: &Event) {
        self.inner.apply(event);
    }
    fn snapshot(&self) -> Model {
        self.inner.clone()
    }
    fn restore(mut snapshot: Model) -> Self {
        F::spoil_restored(&mut snapshot);
        Mutant { inner: snapshot, fault: std::marker::PhantomData }
    }
    fn event_no(&self) -> EventNo {
        EventNo(self.inner.event_no)
    }
}

/// Plays histories until the fault is caught.
fn caught<F: Fault>() -> Failure {
    let mut seeds = (1..=100).filter_map(|seed| run::<Mutant<F>>(seed, 150).err());
    seeds.next().expect("the referee catches the fault within a hundred histories")
}

#[test]
fn without_a_fault_nothing_is_caught() {
    struct None;
    impl Fault for None {}
    for seed in 1..=20 {
        run::<Mutant<None>>(seed, 150).unwrap_or_else(|failure| panic!("{failure}"));
    }
}

#[test]
fn an_offer_to_the_wrong_agent_is_caught() {
    struct WrongAgent;
    impl Fault for WrongAgent {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            for event in events {
                if let Fact::ContactOffered { agent, why, .. } = &mut event.fact
                    && why.matched > 1
                {
                    let other: Option<&AgentId> = before.agents.iter().map(|one| &one.id).find(|id| *id != agent);
                    *agent = other.unwrap_or(agent).clone();
                }
            }
        }
    }
    let failure = caught::<WrongAgent>();
    assert!(failure.to_string().contains("contact_offered"), "{failure}");
    assert!(failure.steps.len() <= 12, "{failure}");
}

#[test]
fn a_hold_that_is_skipped_is_caught() {
    struct NoBackOff;
    impl Fault for NoBackOff {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            events.retain(|event| !matches!(event.fact, Fact::AgentBackedOff { .. }));
        }
    }
    assert!(caught::<NoBackOff>().to_string().contains("agent_backed_off"));
}

#[test]
fn a_place_in_line_that_is_lost_is_caught() {
    struct LostPlace;
    impl Fault for LostPlace {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactQueued { ordered_since, .. } = &mut event.fact {
                    *ordered_since = event.at;
                }
            }
        }
    }
    assert!(caught::<LostPlace>().to_string().contains("ordered_since"));
}

#[test]
fn a_deadline_that_is_a_millisecond_late_is_caught() {
    struct Late;
    impl Fault for Late {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::WrapUpStarted { ends_at, .. } = &mut event.fact {
                    *ends_at = *ends_at + Millis(1);
                }
            }
        }
    }
    assert!(caught::<Late>().to_string().contains("wrap_up_started"));
}

#[test]
fn a_field_the_snapshot_forgets_is_caught() {
    struct Forgetful;
    impl Fault for Forgetful {
        fn spoil_restored(restored: &mut Model) {
            restored.offered_last.clear();
        }
    }
    assert!(caught::<Forgetful>().to_string().contains("built again"));
}
