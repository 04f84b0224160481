//! Routers that set aside, lay down or ring wrongly.

use std::sync::Arc;

use super::super::model::{Model, Segment, SegmentState};
use super::{Fault, caught_as, open_visits};
use crate::routing::event::{Event, Fact, QueuedBy};
use crate::routing::time::Millis;

/// Forgets something of the segments that are not closed.
fn forget_of_segments(seen: &mut Model, forget: impl Fn(&mut Segment)) {
    seen.all_contacts_mut().flat_map(|contact| contact.segments.iter_mut()).for_each(forget);
}

#[test]
fn an_interruption_that_is_not_made_is_caught() {
    struct Polite;
    impl Fault for Polite {
        fn forget(seen: &mut Model) {
            if let Some(rules) = &mut seen.rules {
                Arc::make_mut(rules).site.interrupts.clear();
            }
        }
    }
    caught_as::<Polite>(&["contact_offered"]);
}

#[test]
fn a_segment_set_aside_that_still_costs_is_caught() {
    struct Costly;
    impl Fault for Costly {
        fn forget(seen: &mut Model) {
            forget_of_segments(seen, |segment| {
                if let SegmentState::SetAside { since, .. } = segment.state {
                    segment.state = SegmentState::Held { since };
                }
            });
        }
    }
    caught_as::<Costly>(&["contact_offered", "segment_"]);
}

#[test]
fn a_segment_that_is_never_taken_up_is_caught() {
    struct Aside;
    impl Fault for Aside {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            events.retain(|event| !matches!(event.fact, Fact::SegmentTakenUp { .. }));
        }
    }
    caught_as::<Aside>(&["segment_taken_up"]);
}

#[test]
fn a_clock_that_runs_while_a_segment_is_set_aside_is_caught() {
    struct Running;
    impl Fault for Running {
        fn forget(seen: &mut Model) {
            forget_of_segments(seen, |segment| segment.aside = Millis::ZERO);
        }
    }
    caught_as::<Running>(&["segment_closed"]);
}

#[test]
fn a_suspended_contact_that_is_never_due_is_caught() {
    struct Asleep;
    impl Fault for Asleep {
        fn forget(seen: &mut Model) {
            for suspended in seen.all_contacts_mut().filter_map(|contact| contact.suspended.as_mut()) {
                suspended.until = None;
            }
        }
    }
    caught_as::<Asleep>(&["contact_taken_up"]);
}

#[test]
fn a_suspended_contact_that_goes_past_its_agent_is_caught() {
    struct Past;
    impl Fault for Past {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactQueued { cause: QueuedBy::TakenUp { .. }, direct, .. } = &mut event.fact {
                    *direct = None;
                }
            }
        }
    }
    caught_as::<Past>(&["taken_up"]);
}

#[test]
fn a_quiet_chat_that_is_not_closed_is_caught() {
    struct Patient;
    impl Fault for Patient {
        fn forget(seen: &mut Model) {
            seen.all_contacts_mut().for_each(|contact| contact.quiet_since = None);
        }
    }
    caught_as::<Patient>(&["contact_ended"]);
}

#[test]
fn a_phone_that_rings_and_is_taken_for_a_console_is_caught() {
    struct Silent;
    impl Fault for Silent {
        fn forget(seen: &mut Model) {
            open_visits(seen).for_each(|visit| visit.offers.iter_mut().for_each(|offer| offer.rings = false));
        }
    }
    caught_as::<Silent>(&["accepted_by_phone", "AcceptedByPhone", "OrderGone"]);
}
