//! Routers that consult, hand over, escalate or wait for a lost leg wrongly.

use super::super::consultations::Consultation;
use super::super::model::{Contact, Model, Segment, SegmentState};
use super::{Fault, caught_as};
use crate::routing::event::{ConsultationEnd, DirectTo, Event, Fact, OfferOutcome, QueuedBy, RevokedWhy, VisitEnd};
use crate::routing::ids::{EventNo, QueueId};
use crate::routing::skill::Skills;
use crate::routing::time::{Millis, Timestamp};

fn forget_of_consultations(seen: &mut Model, forget: impl Fn(&mut Consultation)) {
    seen.all_contacts_mut().filter_map(|contact| contact.consultation.as_mut()).for_each(forget);
}

fn forget_of_lost_legs(seen: &mut Model, forget: impl Fn(&mut Segment)) {
    let lost = |segment: &&mut Segment| matches!(segment.state, SegmentState::LegLost { .. });
    seen.all_contacts_mut().flat_map(|contact| contact.segments.iter_mut()).filter(lost).for_each(forget);
}

/// Not told at all in a turn that tells of `when`.
fn silent(events: &mut Vec<Event>, when: impl Fn(&Fact) -> bool, of: impl Fn(&Fact) -> bool) {
    if events.iter().any(|event| when(&event.fact)) {
        events.retain(|event| !of(&event.fact));
    }
}

fn ends(fact: &Fact, how: ConsultationEnd) -> bool {
    matches!(fact, Fact::ConsultationEnded { end, .. } if *end == how)
}

fn is_held(fact: &Fact) -> bool {
    matches!(fact, Fact::ContactHeld { .. })
}

fn is_unheld(fact: &Fact) -> bool {
    matches!(fact, Fact::ContactUnheld { .. })
}

/// Another has begun it, so nobody minds that this one consults.
struct Mistaken;
impl Fault for Mistaken {
    fn forget(seen: &mut Model) {
        let agents: Vec<_> = seen.agents.iter().map(|agent| agent.id.clone()).collect();
        forget_of_consultations(seen, |consultation| {
            let other = agents.iter().rfind(|agent| **agent != consultation.agent);
            consultation.agent = other.unwrap_or(&consultation.agent).clone();
        });
    }
}

#[test]
fn an_offer_to_an_agent_who_consults_is_caught() {
    caught_as::<Mistaken>(&["contact_offered"]);
}

#[test]
fn an_agent_who_consults_and_is_gone_is_caught() {
    caught_as::<Mistaken>(&["agent_changed"]);
}

#[test]
fn a_customer_who_is_not_tied_to_the_consultation_is_caught() {
    struct Untied;
    impl Fault for Untied {
        fn forget(seen: &mut Model) {
            forget_of_consultations(seen, |consultation| consultation.parent = None);
        }
    }
    caught_as::<Untied>(&["contact_transferred", "WrongState"]);
}

#[test]
fn a_customer_who_is_not_put_on_hold_is_caught() {
    struct Overheard;
    impl Fault for Overheard {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            silent(events, |fact| matches!(fact, Fact::ConsultationBegun { .. }), is_held);
        }
    }
    caught_as::<Overheard>(&["contact_held"]);
}

#[test]
fn a_customer_who_is_not_put_on_hold_for_the_consultee_is_caught() {
    struct Overheard;
    impl Fault for Overheard {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            silent(events, |fact| matches!(fact, Fact::ContactConnected { .. }), is_held);
        }
    }
    caught_as::<Overheard>(&["contact_held"]);
}

#[test]
fn offers_that_are_not_taken_back_are_caught() {
    struct Both;
    impl Fault for Both {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let consulting = OfferOutcome::Revoked { why: RevokedWhy::Consulting };
            events.retain(|event| !matches!(&event.fact, Fact::OfferEnded { outcome, .. } if *outcome == consulting));
        }
    }
    caught_as::<Both>(&["consulting"]);
}

#[test]
fn a_consultation_that_may_come_to_its_own_agent_is_caught() {
    struct Circular;
    impl Fault for Circular {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactQueued { cause: QueuedBy::Consultation { .. }, never, .. } = &mut event.fact {
                    never.pop();
                }
            }
        }
    }
    caught_as::<Circular>(&["never"]);
}

#[test]
fn a_consultation_that_leaves_by_an_exit_is_caught() {
    struct Customer;
    impl Fault for Customer {
        fn forget(seen: &mut Model) {
            seen.all_contacts_mut().for_each(|contact| contact.consultation = None);
        }
    }
    caught_as::<Customer>(&["exit_taken"]);
}

#[test]
fn an_inventory_that_overlooks_a_consultation_is_caught() {
    struct Superficial;
    impl Fault for Superficial {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            for event in events {
                if let Fact::InventoryCompared { missing, .. } = &mut event.fact {
                    missing.retain(|contact| before.contacts[contact].consultation.is_none());
                }
            }
        }
    }
    caught_as::<Superficial>(&["inventory_compared"]);
}

#[test]
fn a_consultee_who_is_waited_for_on_and_on_is_caught() {
    struct Patient;
    impl Fault for Patient {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            events.retain(|event| !ends(&event.fact, ConsultationEnd::NoAnswer));
        }
    }
    caught_as::<Patient>(&["no_answer"]);
}

#[test]
fn a_consultation_that_the_first_of_a_queue_ends_is_caught() {
    struct Hasty;
    impl Fault for Hasty {
        fn forget(seen: &mut Model) {
            let consulted = |contact: &&mut Contact| contact.consultation.is_some();
            for visit in seen.all_contacts_mut().filter(consulted).filter_map(|contact| contact.visit.as_mut()) {
                let agent = visit.offers.first().map(|offer| offer.agent.clone());
                let behind = QueueId::new("general").expect("a short name");
                let alone =
                    |agent| DirectTo { agent, until: Timestamp(i64::MAX), behind, skills: Skills::new(), priority: 0 };
                visit.direct = visit.direct.take().or(agent.map(alone));
            }
        }
    }
    caught_as::<Hasty>(&["consultation_ended"]);
}

#[test]
fn a_consultation_that_waits_on_without_its_customer_is_caught() {
    struct Forgotten;
    impl Fault for Forgotten {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            events.retain(|event| !ends(&event.fact, ConsultationEnd::CustomerLeft));
        }
    }
    caught_as::<Forgotten>(&["customer_left"]);
}

#[test]
fn two_agents_who_are_parted_when_the_customer_leaves_are_caught() {
    struct Parted;
    impl Fault for Parted {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            let gone = events.iter().find_map(|event| match &event.fact {
                Fact::ContactEnded { contact, .. } => before.consultation_about(*contact),
                _other => None,
            });
            let talking = gone.filter(|about| about.connected_owner().is_some());
            if let Some(about) = talking
                && let (Some(known), Some(last)) = (&about.consultation, events.last().cloned())
            {
                let (contact, agent, end) = (about.id, known.agent.clone(), ConsultationEnd::CustomerLeft);
                events.push(Event { fact: Fact::ConsultationEnded { contact, parent: None, agent, end }, ..last });
            }
        }
    }
    caught_as::<Parted>(&["customer_left"]);
}

#[test]
fn a_consultee_left_on_hold_by_nobody_is_caught() {
    struct Music;
    impl Fault for Music {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            silent(events, |fact| matches!(fact, Fact::ContactEnded { .. }), is_unheld);
        }
    }
    caught_as::<Music>(&["contact_unheld"]);
}

#[test]
fn a_customer_left_on_hold_after_a_cancel_is_caught() {
    struct Music;
    impl Fault for Music {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            silent(events, |fact| ends(fact, ConsultationEnd::Cancelled), is_unheld);
        }
    }
    caught_as::<Music>(&["contact_unheld"]);
}

#[test]
fn a_conference_that_not_all_hear_is_caught() {
    struct Deaf;
    impl Fault for Deaf {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            silent(events, |fact| matches!(fact, Fact::ConsultationJoined { .. }), is_unheld);
        }
    }
    caught_as::<Deaf>(&["contact_unheld"]);
}

#[test]
fn a_conference_that_is_forgotten_is_caught() {
    struct Apart;
    impl Fault for Apart {
        fn forget(seen: &mut Model) {
            forget_of_consultations(seen, |consultation| consultation.is_joined = false);
        }
    }
    caught_as::<Apart>(&["consultation_joined", "contact_held"]);
}

#[test]
fn a_customer_who_is_handed_to_another_agent_is_caught() {
    struct Astray;
    impl Fault for Astray {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactHandedOver { agent, to, .. } = &mut event.fact {
                    to.clone_from(agent);
                }
            }
        }
    }
    caught_as::<Astray>(&["contact_handed_over"]);
}

#[test]
fn a_consultee_who_keeps_both_is_caught() {
    struct Greedy;
    impl Fault for Greedy {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let is_closed = |fact: &Fact| matches!(fact, Fact::SegmentClosed { .. });
            silent(events, |fact| ends(fact, ConsultationEnd::Completed), is_closed);
        }
    }
    caught_as::<Greedy>(&["segment_closed"]);
}

#[test]
fn a_customer_who_stays_with_nobody_is_caught() {
    struct Nobody;
    impl Fault for Nobody {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            events.retain(|event| !ends(&event.fact, ConsultationEnd::FirstAgentLeft));
        }
    }
    caught_as::<Nobody>(&["first_agent_left"]);
}

#[test]
fn a_consultation_that_counts_as_abandoned_is_caught() {
    struct Counted;
    impl Fault for Counted {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            for event in events {
                if let Fact::VisitEnded { contact, end: end @ VisitEnd::Withdrawn, .. } = &mut event.fact
                    && before.contacts.get(contact).is_some_and(|known| known.consultation.is_some())
                {
                    *end = VisitEnd::Abandoned { short: false };
                }
            }
        }
    }
    caught_as::<Counted>(&["abandoned"]);
}

#[test]
fn an_escalation_to_the_end_of_the_line_is_caught() {
    struct Displaced;
    impl Fault for Displaced {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactQueued { cause: QueuedBy::Escalated { .. }, ordered_since, .. } = &mut event.fact {
                    *ordered_since = event.at;
                }
            }
        }
    }
    caught_as::<Displaced>(&["escalated"]);
}

#[test]
fn a_lost_leg_that_is_waited_for_on_and_on_is_caught() {
    struct Patient;
    impl Fault for Patient {
        fn forget(seen: &mut Model) {
            forget_of_lost_legs(seen, |segment| {
                if let SegmentState::LegLost { until, .. } = &mut segment.state {
                    *until = *until + Millis::minutes(60);
                }
            });
        }
    }
    caught_as::<Patient>(&["contact_returned"]);
}

#[test]
fn an_agent_rung_again_by_an_old_order_is_caught() {
    struct Old;
    impl Fault for Old {
        fn forget(seen: &mut Model) {
            forget_of_lost_legs(seen, |segment| segment.order = EventNo(0));
        }
    }
    caught_as::<Old>(&["leg_back"]);
}

#[test]
fn a_lost_leg_that_counts_as_talk_is_caught() {
    struct Talkative;
    impl Fault for Talkative {
        fn forget(seen: &mut Model) {
            forget_of_lost_legs(seen, |segment| segment.hold = segment.hold - Millis(1));
        }
    }
    caught_as::<Talkative>(&["segment_closed"]);
}

#[test]
fn a_customer_cut_off_who_waits_behind_others_is_caught() {
    struct Rude;
    impl Fault for Rude {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactReturned { first, .. } = &mut event.fact {
                    *first = false;
                }
            }
        }
    }
    caught_as::<Rude>(&["contact_returned"]);
}

#[test]
fn a_customer_cut_off_whose_place_is_forgotten_is_caught() {
    struct Forgetful;
    impl Fault for Forgetful {
        fn forget(seen: &mut Model) {
            for contact in seen.all_contacts_mut().filter(|contact| contact.attempt.is_none()) {
                contact.is_first = false;
                let queued = contact.visit.as_mut().filter(|visit| visit.key.rank == i64::MIN);
                if let Some(visit) = queued {
                    (visit.key.tier, visit.key.lax) = (2, true);
                }
            }
        }
    }
    caught_as::<Forgetful>(&["contact_offered"]);
}
