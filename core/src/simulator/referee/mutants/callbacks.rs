//! Broken on purpose: calls of callbacks that are proposed, customers who are in a call, and leads that are promised.

use super::*;
use crate::routing::attempt::NotPlaced;
use crate::routing::hold::BackOffCause;
use crate::routing::personal::Address;
use crate::routing::rule_set::Channel;
use crate::simulator::referee::model::{Contact, SegmentState};

fn callbacks(seen: &mut Model) -> impl Iterator<Item = &mut Contact> {
    seen.all_contacts_mut().filter(|contact| contact.channel == Channel::Callback && !contact.on_line)
}

#[test]
fn a_callback_that_was_refused_and_is_called_is_caught() {
    struct Deaf;
    impl Fault for Deaf {
        fn mishear(action: &mut Action) {
            if let Action::RefuseAttempt { attempt, .. } = action {
                *action = Action::ClearAttempt { attempt: *attempt };
            }
        }
    }
    caught_as::<Deaf>(&["callback_not_placed"]);
}

#[test]
fn a_callback_that_is_placed_for_want_of_an_answer_is_caught() {
    struct Impatient;
    impl Fault for Impatient {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, _before: &Model, event: &Event) {
            if let Fact::CallbackProposed { contact, .. } = &event.fact
                && let Some(call) = &mut after.contact_mut(*contact).call
            {
                call.placed = true;
            }
        }
    }
    caught_as::<Impatient>(&["callback_not_placed", "attempt_cleared"]);
}

#[test]
fn a_callback_that_waits_longer_for_the_gate_than_it_says_is_caught() {
    struct Patient;
    impl Fault for Patient {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, _before: &Model, event: &Event) {
            if let Fact::CallbackProposed { segment, decide_by, .. } = &event.fact {
                let connect_by = *decide_by + Millis::seconds(1);
                after.segment_mut(*segment).state = SegmentState::Connecting { connect_by };
            }
        }
    }
    caught_as::<Patient>(&["not_checked"]);
}

#[test]
fn a_refusal_that_counts_as_a_call_in_vain_is_caught() {
    struct Strict;
    impl Fault for Strict {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, _before: &Model, event: &Event) {
            if let Fact::CallbackNotPlaced { contact, .. } = &event.fact {
                after.contact_mut(*contact).attempts += 1;
            }
        }
    }
    caught_as::<Strict>(&["attempt_failed"]);
}

#[test]
fn a_callback_that_is_tried_again_though_it_may_never_be_called_is_caught() {
    struct Stubborn;
    impl Fault for Stubborn {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::CallbackNotPlaced { why: NotPlaced::Dnc | NotPlaced::NoConsent, until, .. } =
                    &mut event.fact
                {
                    *until = until.or(Some(event.at + Millis::seconds(10)));
                }
            }
        }
    }
    caught_as::<Stubborn>(&["callback_not_placed"]);
}

#[test]
fn a_callback_that_the_gate_puts_off_and_is_called_sooner_is_caught() {
    struct Hasty;
    impl Fault for Hasty {
        fn mishear(action: &mut Action) {
            if let Action::RefuseAttempt { until, .. } = action {
                *until = None;
            }
        }
    }
    caught_as::<Hasty>(&["callback_not_placed"]);
}

#[test]
fn an_agent_who_rests_after_a_call_that_was_not_placed_is_caught() {
    struct Blame;
    impl Fault for Blame {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            let refused = |event: &Event| match &event.fact {
                Fact::CallbackNotPlaced { agent, .. } => Some(agent.clone()),
                _other => None,
            };
            let Some(place) = events.iter().position(|event| refused(event).is_some()) else { return };
            let Some(agent) = refused(&events[place]).filter(|agent| before.agent(agent).back_off.is_none()) else {
                return;
            };
            let fact = Fact::AgentBackedOff {
                agent,
                until: events[place].at + Millis::seconds(5),
                cause: BackOffCause::Declined,
            };
            events.insert(place + 1, Event { fact, ..events[place].clone() });
        }
    }
    caught_as::<Blame>(&["agent_backed_off"]);
}

#[test]
fn a_customer_who_is_called_back_while_he_calls_is_caught() {
    struct Pushing;
    impl Fault for Pushing {
        fn forget(seen: &mut Model) {
            for contact in callbacks(seen) {
                contact.from = Some(Address(Arc::from(format!("+{}", contact.id))));
            }
        }
    }
    caught_as::<Pushing>(&["contact_offered", "NumberInCall"]);
}

#[test]
fn a_customer_of_two_numbers_who_is_called_on_one_while_he_speaks_on_the_other_is_caught() {
    struct Forgetful;
    impl Fault for Forgetful {
        fn forget(seen: &mut Model) {
            seen.all_contacts_mut().for_each(|contact| contact.customer = None);
        }
    }
    caught_as::<Forgetful>(&["contact_offered", "NumberInCall"]);
}

#[test]
fn a_customer_who_is_forgotten_when_his_record_changes_is_caught() {
    struct Forgetful;
    impl Fault for Forgetful {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, before: &Model, event: &Event) {
            if let Fact::ContactUpdated { contact, .. } = &event.fact
                && before.contacts[contact].customer == after.contacts[contact].customer
            {
                after.contact_mut(*contact).customer = None;
            }
        }
    }
    caught_as::<Forgetful>(&["contact_offered", "NumberInCall"]);
}

#[test]
fn an_old_call_that_is_answered_after_the_next_was_proposed_and_counts_is_caught() {
    struct Eager;
    impl Fault for Eager {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, before: &Model, event: &Event) {
            if let Fact::CallbackProposed { contact, .. } = &event.fact {
                after.contact_mut(*contact).attempt = before.contacts[contact].attempt;
            }
        }
    }
    caught_as::<Eager>(&["customer_answered", "never_placed", "OrderGone"]);
}

#[test]
fn a_customer_who_got_through_and_is_called_all_the_same_is_caught() {
    struct Deaf;
    impl Fault for Deaf {
        fn forget(seen: &mut Model) {
            callbacks(seen).for_each(|contact| contact.superseded = false);
        }
    }
    caught_as::<Deaf>(&["callback_not_placed", "attempt_failed", "attempt_cleared"]);
}

#[test]
fn a_lead_that_is_promised_as_a_callback_is_caught() {
    struct Usual;
    impl Fault for Usual {
        fn forget(seen: &mut Model) {
            seen.all_contacts_mut().filter(|contact| contact.on_line).for_each(|contact| contact.lead = None);
        }
    }
    caught_as::<Usual>(&["lead_promised"]);
}

#[test]
fn a_call_and_a_customer_that_a_snapshot_forgets_are_caught() {
    struct Forgetful;
    impl Fault for Forgetful {
        fn spoil_restored(restored: &mut Model) {
            restored.all_contacts_mut().for_each(|contact| (contact.call, contact.customer) = (None, None));
        }
    }
    assert!(caught::<Forgetful>().to_string().contains("built again"));
}
