//! Broken on purpose: what conditions read of the contact and of the moment, and those that cannot be evaluated.

use super::*;
use crate::routing::ids::QueueId;
use crate::routing::rule_set::RuleSet;
use crate::simulator::referee::reading::{Fitted, reads_contact};

/// Forgets something of who fits for each contact.
fn forget_of_fitting(seen: &mut Model, forget: impl Fn(&mut Fitted, Option<&Visit>)) {
    for contact in seen.all_contacts_mut() {
        let visit = contact.visit.clone();
        if let Some(fitted) = &mut contact.fitted {
            forget(fitted, visit.as_ref());
        }
    }
}

fn site_of(seen: &mut Model, forget: impl Fn(&mut RuleSet)) {
    if let Some(rules) = &mut seen.rules {
        forget(Arc::make_mut(rules));
    }
}

#[test]
fn a_contact_that_a_condition_does_not_see_is_caught() {
    struct Blind;
    impl Fault for Blind {
        fn forget(seen: &mut Model) {
            forget_of_fitting(seen, |fitted, _| fitted.who.clear());
        }
    }
    caught_as::<Blind>(&["contact_offered"]);
}

#[test]
fn a_contact_that_is_seen_as_it_was_before_its_update_is_caught() {
    struct Stale;
    impl Fault for Stale {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, before: &Model, event: &Event) {
            if let Fact::ContactUpdated { contact, .. } = &event.fact {
                let was = before.contacts[contact].fitted.clone();
                let updated = after.contact_mut(*contact);
                let known = updated.attributes.clone();
                updated.fitted = was.map(|was| Fitted { known, who: was.who });
            }
        }
    }
    caught_as::<Stale>(&["contact_offered", "preferred_wait_ended"]);
}

#[test]
fn a_joined_queue_that_is_asked_without_the_contact_is_caught() {
    struct Blind;
    impl Fault for Blind {
        fn forget(seen: &mut Model) {
            forget_of_fitting(seen, |fitted, visit| {
                let Some(visit) = visit else { return };
                fitted.who.retain(|queue, _| *queue == visit.queue || !visit.joined.contains(queue));
            });
        }
    }
    caught_as::<Blind>(&["contact_offered", "visit_widened", "exit_taken"]);
}

#[test]
fn a_condition_that_holds_for_nobody_while_no_contact_is_at_hand_is_caught() {
    struct Strict;
    impl Fault for Strict {
        fn forget(seen: &mut Model) {
            let reads = |rules: &crate::routing::rule_set::QueueRules| rules.agents.as_ref().is_some_and(reads_contact);
            let strict: Vec<QueueId> =
                seen.queues.iter().filter(|(_, rules)| reads(rules)).map(|(queue, _)| queue.clone()).collect();
            seen.fitting.extend(strict.into_iter().map(|queue| (queue, std::collections::BTreeSet::new())));
        }
    }
    caught_as::<Strict>(&["contact_queued", "visit_widened"]);
    caught_as::<Strict>(&["no_agents"]);
}

#[test]
fn a_moment_of_another_zone_is_caught() {
    struct Greenwich;
    impl Fault for Greenwich {
        fn forget(seen: &mut Model) {
            site_of(seen, |rules| rules.site.time_zone = Arc::from("UTC"));
        }
    }
    caught_as::<Greenwich>(&["contact_queued", "visit_changed"]);
}

#[test]
fn a_moment_by_a_clock_that_is_not_set_is_caught() {
    struct Stopped;
    impl Fault for Stopped {
        fn forget(seen: &mut Model) {
            if seen.queues.values().all(|rules| rules.hours.is_none()) {
                seen.wall_offset = Millis::ZERO;
            }
        }
    }
    caught_as::<Stopped>(&["contact_queued", "visit_changed"]);
}

#[test]
fn rules_that_cannot_be_evaluated_and_are_not_told_are_caught() {
    struct Silent<const ANEW: bool>;
    impl<const ANEW: bool> Fault for Silent<ANEW> {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                match &mut event.fact {
                    Fact::ContactQueued { failed, .. } if !ANEW => failed.clear(),
                    Fact::VisitChanged { failed, .. } if ANEW => failed.clear(),
                    _other => {}
                }
            }
        }
    }
    caught_as::<Silent<false>>(&["contact_queued"]);
    caught_as::<Silent<true>>(&["visit_changed"]);
}

#[test]
fn rules_that_are_told_as_failed_though_they_do_not_hold_are_caught() {
    struct Gloomy;
    impl Fault for Gloomy {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            for event in events {
                if let Fact::ContactQueued { failed, cause: QueuedBy::Entry { rule }, .. } = &mut event.fact {
                    let entry = before.rules.iter().flat_map(|rules| &rules.entry);
                    *failed = entry.map(|rule| Arc::clone(&rule.name)).take_while(|name| name != rule).collect();
                }
            }
        }
    }
    caught_as::<Gloomy>(&["contact_queued"]);
}
