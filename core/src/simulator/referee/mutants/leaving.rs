//! Broken on purpose: keys, orders to leave by, long waits, and new rules for those who wait.

use super::*;
use crate::routing::rule_set::QueueRules;

fn forget_of_queues(seen: &mut Model, forget: impl Fn(&mut QueueRules)) {
    seen.queues.values_mut().for_each(|rules| forget(Arc::make_mut(rules)));
}

/// Who waits on for this cause goes to the end of the line.
fn to_the_end(events: &mut [Event], of: impl Fn(&QueuedBy) -> bool) {
    for event in events {
        if let Fact::ContactQueued { ordered_since, cause, .. } = &mut event.fact
            && of(cause)
        {
            *ordered_since = event.at;
        }
    }
}

#[test]
fn a_key_that_nobody_hears_is_caught() {
    struct DeafToKeys;
    impl Fault for DeafToKeys {
        fn forget(seen: &mut Model) {
            forget_of_queues(seen, |rules| rules.exits.keys.clear());
        }
    }
    assert!(caught::<DeafToKeys>().to_string().contains("exit_key_pressed"));
}

#[test]
fn a_long_wait_that_is_not_minded_is_caught() {
    struct Unhurried;
    impl Fault for Unhurried {
        fn forget(seen: &mut Model) {
            forget_of_queues(seen, |rules| rules.exits.long_wait = None);
        }
    }
    assert!(caught::<Unhurried>().to_string().contains("long_wait"));
}

#[test]
fn an_order_to_leave_that_never_runs_out_is_caught() {
    struct Trusting;
    impl Fault for Trusting {
        fn forget(seen: &mut Model) {
            for leaving in seen.all_contacts_mut().filter_map(|contact| contact.leaving.as_mut()) {
                leaving.until = None;
            }
        }
    }
    let failure = caught::<Trusting>().to_string();
    let ends = ["exit_failed", "voicemail_begun", "transfer_failed", "contact_ended"];
    assert!(ends.iter().any(|kind| failure.contains(kind)), "{failure}");
}

#[test]
fn an_exit_tried_again_after_it_failed_is_caught() {
    struct Stubborn;
    impl Fault for Stubborn {
        fn forget(seen: &mut Model) {
            forget_of_visits(seen, |visit| visit.exits_failed = false);
        }
    }
    assert!(caught::<Stubborn>().to_string().contains("exit_taken"));
}

#[test]
fn a_place_lost_on_the_way_to_voicemail_is_caught() {
    struct Displaced;
    impl Fault for Displaced {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            to_the_end(events, |cause| matches!(cause, QueuedBy::ExitFailed { .. }));
        }
    }
    assert!(caught::<Displaced>().to_string().contains("exit_failed"));
}

#[test]
fn a_place_lost_with_a_dropped_queue_is_caught() {
    struct Homeless;
    impl Fault for Homeless {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            to_the_end(events, |cause| matches!(cause, QueuedBy::QueueDropped { .. }));
        }
    }
    assert!(caught::<Homeless>().to_string().contains("queue_dropped"));
}

#[test]
fn new_rules_that_are_not_asked_before_the_next_step_are_caught() {
    struct Unasked;
    impl Fault for Unasked {
        fn forget(seen: &mut Model) {
            forget_of_visits(seen, |visit| visit.anew_at_step = false);
        }
    }
    let failure = caught::<Unasked>().to_string();
    assert!(failure.contains("visit_changed") || failure.contains("visit_ended"), "{failure}");
}
