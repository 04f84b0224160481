//! Routers broken on purpose: the referee must catch each of them.

use std::sync::Arc;

use super::check::Mismatch;
use super::model::{Model, Visit};
use super::routes::Routes;
use crate::routing::command::{Action, Command};
use crate::routing::event::{Event, Fact, OfferOutcome, QueuedBy};
use crate::routing::ids::{AgentId, ContactId, EventNo};
use crate::routing::refusal::Refusal;
use crate::routing::rule_set::TieBreaker;
use crate::routing::time::{Millis, Timestamp};
use crate::simulator::history::run::{Failure, run, run_as_it_came};

mod callbacks;
mod campaigns;
mod channels;
mod consultations;
mod leaving;
mod reading;
mod supervisor;
mod taking;
mod transfers;
mod waiting;

trait Fault {
    /// Whether it takes in events otherwise than they are.
    const MISREADS: bool = false;
    /// What becomes of the events of one turn before they are remembered.
    fn spoil(_events: &mut Vec<Event>, _before: &Model) {}
    fn spoil_restored(_restored: &mut Model) {}
    /// What the router no longer knows when it decides.
    fn forget(_seen: &mut Model) {}
    /// What it makes of an event that it takes in.
    fn misread(_after: &mut Model, _before: &Model, _event: &Event) {}
    /// What it takes a command for.
    fn mishear(_action: &mut Action) {}
}

struct Mutant<F> {
    inner: Model,
    fault: std::marker::PhantomData<F>,
}

impl<F: Fault> Mutant<F> {
    fn seen(&self) -> Model {
        let mut seen = self.inner.clone();
        F::forget(&mut seen);
        seen
    }

    fn take_in(&mut self, event: &Event) {
        let before = F::MISREADS.then(|| self.inner.clone());
        self.inner.apply(event);
        if let Some(before) = before {
            F::misread(&mut self.inner, &before, event);
        }
    }

    fn remember(&mut self, mut events: Vec<Event>) -> Vec<Event> {
        F::spoil(&mut events, &self.inner);
        events.iter().for_each(|event| self.take_in(event));
        events
    }
}

impl<F: Fault> Routes for Mutant<F> {
    type Snapshot = Model;
    fn empty() -> Self {
        Mutant { inner: Model::default(), fault: std::marker::PhantomData }
    }
    fn handle(&mut self, mut command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        F::mishear(&mut command.action);
        let (events, _) = self.seen().after_command(&command, now)?;
        let events = self.remember(events);
        self.inner.passed(now);
        Ok(events)
    }
    fn advance_to(&mut self, now: Timestamp) -> Vec<Event> {
        let (events, _) = self.seen().after_time(now);
        let events = self.remember(events);
        self.inner.passed(now);
        events
    }
    fn next_deadline(&self) -> Option<Timestamp> {
        self.inner.next_deadline()
    }
    fn evolve(&mut self, event: &Event) {
        self.take_in(event);
        self.inner.passed(event.at);
    }
    fn snapshot(&self) -> Model {
        self.inner.clone()
    }
    fn restore(mut snapshot: Model) -> Self {
        F::spoil_restored(&mut snapshot);
        Mutant { inner: Model::restore(snapshot), fault: std::marker::PhantomData }
    }
    fn event_no(&self) -> EventNo {
        EventNo(self.inner.event_no)
    }
}

fn open_visits(seen: &mut Model) -> impl Iterator<Item = &mut Visit> {
    seen.all_contacts_mut().filter_map(|contact| contact.visit.as_mut())
}

/// Plays histories until the fault is caught.
fn caught<F: Fault>() -> Mismatch {
    let mut seeds = (1..=1_000).filter_map(|seed| run_as_it_came::<Mutant<F>>(seed, 150).err());
    seeds.next().expect("the referee catches the fault within a thousand histories").1
}

/// The same, until it shows in one of these words; what else a fault breaks may come before.
fn caught_as<F: Fault>(shows: &[&str]) -> Mismatch {
    let mut caught = (1..=4_000).filter_map(|seed| run_as_it_came::<Mutant<F>>(seed, 150).err());
    let as_named = |text: &str| shows.iter().any(|one| text.contains(one));
    let found = caught.find(|(_, mismatch)| as_named(&mismatch.fault.to_string()));
    found.expect("the referee catches the fault as named within four thousand histories").1
}

/// The same, as small as it can be made.
fn caught_and_minimised<F: Fault>() -> Failure {
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
    let failure = caught_and_minimised::<WrongAgent>();
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

#[test]
fn an_agent_whom_the_customer_may_never_get_is_caught() {
    struct Unforgiven;
    impl Fault for Unforgiven {
        fn forget(seen: &mut Model) {
            open_visits(seen).for_each(|visit| visit.never.clear());
        }
    }
    caught_as::<Unforgiven>(&["contact_offered", "visit_widened"]);
}

#[test]
fn a_preferred_agent_who_is_not_waited_for_is_caught() {
    struct Impatient;
    impl Fault for Impatient {
        fn forget(seen: &mut Model) {
            for preferred in open_visits(seen).filter_map(|visit| visit.preferred.as_mut()) {
                preferred.alone_until = None;
            }
        }
    }
    let failure = caught::<Impatient>().to_string();
    assert!(failure.contains("preferred_wait_ended") || failure.contains("contact_offered"), "{failure}");
}

#[test]
fn a_customer_known_late_who_changes_nothing_is_caught() {
    struct Deaf;
    impl Fault for Deaf {
        fn forget(seen: &mut Model) {
            for visit in open_visits(seen) {
                (visit.by_entry, visit.anew_at_step) = (false, false);
            }
        }
    }
    let failure = caught::<Deaf>().to_string();
    assert!(failure.contains("visit_changed") || failure.contains("flowed_out"), "{failure}");
}

#[test]
fn a_caller_who_comes_again_and_has_lost_his_place_is_caught() {
    struct Forgotten;
    impl Fault for Forgotten {
        fn forget(seen: &mut Model) {
            seen.dropped.clear();
        }
    }
    assert!(caught::<Forgotten>().to_string().contains("ordered_since"));
}

#[test]
fn a_dropped_callers_place_given_to_a_direct_wait_is_caught() {
    struct Generous;
    impl Fault for Generous {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            let direct = |fact: &Fact| matches!(fact, Fact::ContactQueued { direct: Some(_), .. });
            for event in events.iter_mut().filter(|event| direct(&event.fact)) {
                if let Fact::ContactQueued { ordered_since, cause: QueuedBy::Entry { .. }, .. } = &mut event.fact {
                    *ordered_since = before.dropped.last().map_or(*ordered_since, |caller| caller.ordered_since);
                }
            }
        }
    }
    assert!(caught::<Generous>().to_string().contains("ordered_since"));
}

#[test]
fn losers_who_are_rescinded_too_early_are_caught() {
    struct Early;
    impl Fault for Early {
        fn forget(seen: &mut Model) {
            open_visits(seen).filter(|visit| visit.connecting).for_each(|visit| visit.offers.clear());
        }
    }
    let failure = caught::<Early>().to_string();
    assert!(failure.contains("offer"), "{failure}");
}

#[test]
fn a_second_offer_at_once_that_is_not_made_is_caught() {
    struct OneByOne;
    impl Fault for OneByOne {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            let open = |contact: &ContactId| before.contacts.get(contact).is_some_and(|open| !open.offers().is_empty());
            events.retain(|event| !matches!(&event.fact, Fact::ContactOffered { contact, .. } if open(contact)));
        }
    }
    assert!(caught::<OneByOne>().to_string().contains("contact_offered"));
}

#[test]
fn a_loser_who_is_blamed_is_caught() {
    struct Blame;
    impl Fault for Blame {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let connected = events.iter().any(|event| matches!(event.fact, Fact::ContactConnected { .. }));
            for event in events.iter_mut().filter(|_| connected) {
                if let Fact::OfferEnded { outcome, .. } = &mut event.fact {
                    *outcome = OfferOutcome::Expired;
                }
            }
        }
    }
    assert!(caught::<Blame>().to_string().contains("rescinded"));
}

#[test]
fn a_direct_wait_of_another_length_is_caught() {
    struct Longer;
    impl Fault for Longer {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactQueued { direct: Some(direct), cause: QueuedBy::Entry { .. }, .. } = &mut event.fact
                {
                    direct.until = direct.until + Millis(1);
                }
            }
        }
    }
    assert!(caught::<Longer>().to_string().contains("until"));
}

#[test]
fn a_service_level_that_is_not_counted_is_caught() {
    struct Uncounted;
    impl Fault for Uncounted {
        fn forget(seen: &mut Model) {
            seen.outcomes.clear();
        }
    }
    caught_as::<Uncounted>(&["contact_queued"]);
}

/// Histories in which each tie-breaker decides, and the referee holds to what it says.
#[test]
fn a_tie_breaker_that_decides_wrongly_is_caught() {
    struct Wrong<const BREAKER: u8>;
    impl<const BREAKER: u8> Fault for Wrong<BREAKER> {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactOffered { why, .. } = &mut event.fact
                    && why.decided_by.is_some_and(|breaker| breaker as u8 == BREAKER)
                {
                    why.value += 1;
                }
            }
        }
    }
    for (failure, name) in [
        (caught::<Wrong<{ TieBreaker::Preferred as u8 }>>(), "preferred"),
        (caught::<Wrong<{ TieBreaker::LeastLoaded as u8 }>>(), "least_loaded"),
        (caught::<Wrong<{ TieBreaker::LongestIdle as u8 }>>(), "longest_idle"),
        (caught::<Wrong<{ TieBreaker::BestSkill as u8 }>>(), "best_skill"),
        (caught::<Wrong<{ TieBreaker::LeastSkilled as u8 }>>(), "least_skilled"),
        (caught::<Wrong<{ TieBreaker::LeastOccupied as u8 }>>(), "least_occupied"),
        (caught::<Wrong<{ TieBreaker::FewestContacts as u8 }>>(), "fewest_contacts"),
        (caught::<Wrong<{ TieBreaker::RoundRobin as u8 }>>(), "round_robin"),
        (caught::<Wrong<{ TieBreaker::Random as u8 }>>(), "random"),
        (caught::<Wrong<{ TieBreaker::Rank as u8 }>>(), "rank"),
    ] {
        assert!(failure.to_string().contains(name), "{name}: {failure}");
    }
}

#[test]
fn busy_time_that_is_forgotten_is_caught() {
    struct Rested;
    impl Fault for Rested {
        fn forget(seen: &mut Model) {
            seen.agents.iter_mut().for_each(|agent| agent.busy.clear());
        }
    }
    caught_as::<Rested>(&["least_occupied"]);
}

/// Forgets something of the visits that wait.
fn forget_of_visits(seen: &mut Model, forget: impl Fn(&mut Visit)) {
    open_visits(seen).for_each(forget);
}

#[test]
fn a_step_that_is_taken_twice_is_caught() {
    struct Again;
    impl Fault for Again {
        fn forget(seen: &mut Model) {
            forget_of_visits(seen, |visit| visit.taken.clear());
        }
    }
    assert!(caught::<Again>().to_string().contains("visit_widened"));
}

#[test]
fn a_queue_joined_that_is_forgotten_is_caught() {
    struct Left;
    impl Fault for Left {
        fn forget(seen: &mut Model) {
            forget_of_visits(seen, |visit| visit.joined.clear());
        }
    }
    let failure = caught::<Left>().to_string();
    assert!(failure.contains("visit_widened") || failure.contains("contact_offered"), "{failure}");
}

#[test]
fn figures_that_nobody_looks_at_are_caught() {
    struct Asleep;
    impl Fault for Asleep {
        fn forget(seen: &mut Model) {
            seen.looking.clear();
            seen.queue_order.clear();
        }
    }
    caught_as::<Asleep>(&["visit_widened", "exit_taken"]);
}

#[test]
fn steps_that_do_not_wait_for_the_grace_are_caught() {
    struct Hasty;
    impl Fault for Hasty {
        fn forget(seen: &mut Model) {
            seen.grace_until = Timestamp(0);
        }
    }
    caught_as::<Hasty>(&["visit_widened"]);
}

#[test]
fn steps_that_do_not_stop_while_the_server_is_down_are_caught() {
    struct Restless;
    impl Fault for Restless {
        fn forget(seen: &mut Model) {
            forget_of_visits(seen, |visit| visit.paused = Millis::ZERO);
        }
    }
    caught_as::<Restless>(&["visit_widened"]);
}

#[test]
fn a_wall_clock_that_is_not_set_is_caught() {
    struct Stopped;
    impl Fault for Stopped {
        fn forget(seen: &mut Model) {
            seen.wall_offset = Millis::ZERO;
        }
    }
    caught_as::<Stopped>(&["exit_taken"]);
}

#[test]
fn a_queue_that_never_closes_is_caught() {
    struct Open;
    impl Fault for Open {
        fn forget(seen: &mut Model) {
            for rules in seen.queues.values_mut() {
                Arc::make_mut(rules).hours = None;
            }
        }
    }
    caught_as::<Open>(&["exit_taken"]);
}

#[test]
fn a_contact_that_waits_too_long_is_caught() {
    struct Patient;
    impl Fault for Patient {
        fn forget(seen: &mut Model) {
            for rules in seen.queues.values_mut() {
                Arc::make_mut(rules).exits.max_wait = None;
            }
        }
    }
    assert!(caught::<Patient>().to_string().contains("max_wait"));
}

#[test]
fn a_callback_that_loses_the_place_is_caught() {
    struct Last;
    impl Fault for Last {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactQueued { ordered_since, cause: QueuedBy::Callback { .. }, .. } = &mut event.fact {
                    *ordered_since = event.at;
                }
            }
        }
    }
    assert!(caught::<Last>().to_string().contains("ordered_since"));
}

#[test]
fn a_customer_called_before_the_gap_is_over_is_caught() {
    struct Pushy;
    impl Fault for Pushy {
        fn forget(seen: &mut Model) {
            seen.all_contacts_mut().for_each(|contact| contact.gap_until = None);
        }
    }
    let failure = caught::<Pushy>().to_string();
    let told = ["contact_offered", "callback_gap_ended", "estimate"];
    assert!(told.iter().any(|kind| failure.contains(kind)), "{failure}");
}

#[test]
fn a_customer_on_the_line_who_waits_like_others_is_caught() {
    struct Rude;
    impl Fault for Rude {
        fn forget(seen: &mut Model) {
            let first: Vec<_> = seen.all_contacts().filter(|c| c.is_first).collect();
            let keys: Vec<_> = first.into_iter().filter_map(|c| Some((c.id, c.visit.as_ref()?.key.clone()))).collect();
            for (contact, mut key) in keys {
                key.tier = 9;
                seen.visit_mut(contact).key = key;
            }
        }
    }
    let failure = caught::<Rude>().to_string();
    assert!(failure.contains("contact_offered") || failure.contains("estimate"), "{failure}");
}

#[test]
fn a_customer_who_got_through_and_is_called_all_the_same_is_caught() {
    struct Twice;
    impl Fault for Twice {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            let connected = events.iter().any(|event| matches!(event.fact, Fact::ContactConnected { .. }));
            let to_call = |contact: ContactId| before.contacts.get(&contact).is_some_and(|known| !known.on_line);
            events.retain(|event| {
                let connects = matches!(event.fact, Fact::ContactConnected { .. });
                !connected || connects || !event.fact.contact().is_some_and(to_call)
            });
        }
    }
    let failure = caught::<Twice>().to_string();
    assert!(
        failure.contains("withdrawn") || failure.contains("rescinded") || failure.contains("callback-"),
        "{failure}"
    );
}

#[test]
fn a_callback_that_is_lost_with_its_gateway_is_caught() {
    struct Forgetful;
    impl Fault for Forgetful {
        fn forget(seen: &mut Model) {
            seen.all_contacts_mut().for_each(|contact| contact.on_line = true);
        }
    }
    caught_as::<Forgetful>(&[
        "lost_by_gateway",
        "inventory_compared",
        "attempt_failed",
        "customer_answered",
        "exit_taken",
    ]);
}

#[test]
fn a_callback_that_is_tried_once_too_often_is_caught() {
    struct Stubborn;
    impl Fault for Stubborn {
        fn forget(seen: &mut Model) {
            seen.all_contacts_mut().for_each(|contact| contact.attempts = 0);
        }
    }
    assert!(caught::<Stubborn>().to_string().contains("attempt_failed"));
}

#[test]
fn a_promise_that_is_forgotten_is_caught() {
    struct Careless;
    impl Fault for Careless {
        fn forget(seen: &mut Model) {
            seen.all_contacts_mut().for_each(|contact| contact.promise = None);
        }
    }
    let failure = caught::<Careless>().to_string();
    assert!(failure.contains("callback_due") || failure.contains("callback-"), "{failure}");
}
