//! Broken on purpose: what agents take from the list, and work that names its queue.

use super::*;
use crate::routing::command::Direction;
use crate::routing::event::Preference;
use crate::routing::rule_set::Channel;

fn is_taken(fact: &Fact) -> bool {
    matches!(fact, Fact::ContactOffered { why, .. } if why.taken)
}

fn listed_visits(seen: &mut Model) -> impl Iterator<Item = &mut Visit> {
    let listed = seen.all_contacts_mut().filter(|contact| matches!(contact.channel, Channel::Email | Channel::Task));
    listed.filter_map(|contact| contact.visit.as_mut())
}

#[test]
#[ignore = "needs hundreds of histories"]
fn what_is_taken_without_the_skills_it_asks_is_caught() {
    struct Unskilled;
    impl Fault for Unskilled {
        fn forget(seen: &mut Model) {
            listed_visits(seen).for_each(|visit| visit.skills.clear());
        }
    }
    caught_as::<Unskilled>(&["NotToBeOffered"]);
}

#[test]
#[ignore = "needs hundreds of histories"]
fn what_is_taken_from_a_paused_queue_is_caught() {
    struct Tireless;
    impl Fault for Tireless {
        fn forget(seen: &mut Model) {
            seen.paused.clear();
        }
    }
    caught_as::<Tireless>(&["NotToBeOffered"]);
}

#[test]
fn what_may_not_be_taken_once_it_was_declined_is_caught() {
    struct Resentful;
    impl Fault for Resentful {
        fn forget(seen: &mut Model) {
            listed_visits(seen).for_each(|visit| visit.never.extend(visit.declined.iter().cloned()));
        }
    }
    caught_as::<Resentful>(&["NotToBeOffered"]);
}

#[test]
fn a_taken_offer_that_does_not_say_so_is_caught() {
    struct Silent;
    impl Fault for Silent {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactOffered { why, .. } = &mut event.fact {
                    why.taken = false;
                }
            }
        }
    }
    caught_as::<Silent>(&["\"taken\":true"]);
}

#[test]
fn an_ordinary_offer_that_says_it_was_taken_is_caught() {
    struct Boastful;
    impl Fault for Boastful {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactOffered { why, .. } = &mut event.fact {
                    why.taken = true;
                }
            }
        }
    }
    caught_as::<Boastful>(&["\"taken\":true"]);
}

#[test]
fn what_is_taken_and_only_held_out_is_caught() {
    struct Hesitant;
    impl Fault for Hesitant {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            if events.iter().any(|event| is_taken(&event.fact)) {
                events.retain(|event| !matches!(event.fact, Fact::ContactConnecting { .. }));
            }
        }
    }
    caught_as::<Hesitant>(&["contact_connecting"]);
}

#[test]
fn work_of_which_the_entry_rules_are_asked_is_caught() {
    struct Asking;
    impl Fault for Asking {
        fn mishear(action: &mut Action) {
            if let Action::OpenTask { gateway, reference, taken_by: None, attributes, event, .. } = action {
                *action = Action::ContactArrived {
                    gateway: gateway.clone(),
                    reference: reference.clone(),
                    channel: Channel::Task,
                    direction: Direction::Inbound,
                    from: None,
                    to: None,
                    attributes: attributes.clone(),
                    event: *event,
                };
            }
        }
    }
    caught_as::<Asking>(&["contact_queued"]);
}

#[test]
fn work_of_which_the_entry_rules_are_asked_later_is_caught() {
    struct Asking;
    impl Fault for Asking {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, _before: &Model, event: &Event) {
            if let Fact::ContactQueued { contact, cause: QueuedBy::Work, .. } = &event.fact {
                after.visit_mut(*contact).by_entry = true;
            }
        }
    }
    caught_as::<Asking>(&["visit_changed", "visit_ended"]);
}

#[test]
fn work_that_anybody_may_have_is_caught() {
    struct Deaf;
    impl Fault for Deaf {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactQueued { cause: QueuedBy::Work, never, .. } = &mut event.fact {
                    never.clear();
                }
            }
        }
    }
    caught_as::<Deaf>(&["never"]);
}

#[test]
fn work_that_is_taken_and_yet_prefers_somebody_is_caught() {
    struct Loyal;
    impl Fault for Loyal {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let taker = events.iter().find_map(|event| match &event.fact {
                Fact::ContactOffered { agent, why, .. } if why.taken => Some(agent.clone()),
                _other => None,
            });
            for event in events {
                if let Fact::ContactQueued { cause: QueuedBy::Work, preferred, .. } = &mut event.fact {
                    let taker = taker.clone().map(|agent| Preference { agent, alone_until: None });
                    *preferred = preferred.take().or(taker);
                }
            }
        }
    }
    caught_as::<Loyal>(&["preferred"]);
}

#[test]
fn work_taken_at_once_that_only_waits_is_caught() {
    struct Deaf;
    impl Fault for Deaf {
        fn mishear(action: &mut Action) {
            if let Action::OpenTask { taken_by, .. } = action {
                *taken_by = None;
            }
        }
    }
    caught_as::<Deaf>(&["contact_connecting"]);
}
