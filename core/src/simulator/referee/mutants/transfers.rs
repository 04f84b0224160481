//! Broken on purpose: what agents add to contacts, and calls that they give to numbers outside.

use super::*;
use crate::routing::command::EndedBy;
use crate::routing::personal::Attributes;
use crate::routing::rule_set::{AgentRules, RuleSet};
use crate::simulator::referee::leaving::Way;

fn site_of(seen: &mut Model, forget: impl Fn(&mut RuleSet)) {
    if let Some(rules) = &mut seen.rules {
        forget(Arc::make_mut(rules));
    }
}

#[test]
fn what_an_agent_adds_and_nobody_keeps_is_caught() {
    struct Oblivious;
    impl Fault for Oblivious {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, before: &Model, event: &Event) {
            if let Fact::ContactTransferred { contact, .. } = &event.fact {
                after.contact_mut(*contact).attributes = before.contacts[contact].attributes.clone();
            }
        }
    }
    let told = ["consultation_begun", "callback_promised", "contact_queued", "visit_changed"];
    caught_as::<Oblivious>(&told);
}

#[test]
fn attributes_that_are_not_told_are_caught() {
    struct Silent;
    impl Fault for Silent {
        fn mishear(action: &mut Action) {
            if let Action::TransferContact { attributes, .. }
            | Action::TransferOutside { attributes, .. }
            | Action::EscalateContact { attributes, .. } = action
            {
                *attributes = Attributes::default();
            }
        }
    }
    caught_as::<Silent>(&["contact_transferred"]);
}

#[test]
fn attributes_that_come_with_a_consultation_and_are_not_told_are_caught() {
    struct Silent;
    impl Fault for Silent {
        fn mishear(action: &mut Action) {
            if let Action::Consult { attributes, .. } = action {
                *attributes = Attributes::default();
            }
        }
    }
    caught_as::<Silent>(&["contact_updated"]);
}

#[test]
fn more_than_a_contact_may_be_told_is_caught() {
    struct Talkative;
    impl Fault for Talkative {
        fn forget(seen: &mut Model) {
            seen.all_contacts_mut().for_each(|contact| contact.updates = 0);
        }
    }
    caught_as::<Talkative>(&["FewerUpdates"]);
}

#[test]
fn a_prefix_that_is_not_looked_at_is_caught() {
    struct Anywhere;
    impl Fault for Anywhere {
        fn forget(seen: &mut Model) {
            site_of(seen, |rules| rules.site.outside_prefixes = vec![Arc::from("")]);
        }
    }
    caught_as::<Anywhere>(&["AnAllowedNumber"]);
}

#[test]
fn a_right_that_is_not_looked_at_is_caught() {
    struct Anybody;
    impl Fault for Anybody {
        fn forget(seen: &mut Model) {
            for agent in &mut seen.agents {
                let rules: &mut AgentRules = Arc::make_mut(&mut agent.rules);
                rules.may_transfer_outside = true;
            }
        }
    }
    caught_as::<Anybody>(&["TheRightToTransferOutside"]);
}

#[test]
fn a_failed_transfer_that_loses_the_place_is_caught() {
    struct Displaced;
    impl Fault for Displaced {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactQueued { ordered_since, cause: QueuedBy::TransferFailed { .. }, .. } =
                    &mut event.fact
                {
                    *ordered_since = event.at;
                }
            }
        }
    }
    caught_as::<Displaced>(&["ordered_since"]);
}

#[test]
fn a_transfer_that_is_done_and_keeps_the_contact_is_caught() {
    struct Clinging;
    impl Fault for Clinging {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            events.retain(|event| match &event.fact {
                Fact::ContactEnded { contact, by: EndedBy::Transfer, .. } => {
                    before.contacts.get(contact).is_none_or(|known| known.leaving.is_none())
                }
                _other => true,
            });
        }
    }
    caught_as::<Clinging>(&["contact_ended"]);
}

#[test]
fn a_transfer_that_is_waited_for_for_ever_is_caught() {
    struct Trusting;
    impl Fault for Trusting {
        fn forget(seen: &mut Model) {
            for leaving in seen.all_contacts_mut().filter_map(|contact| contact.leaving.as_mut()) {
                if matches!(leaving.way, Way::Transfer { .. }) {
                    leaving.until = None;
                }
            }
        }
    }
    caught_as::<Trusting>(&["transfer_failed", "contact_ended"]);
}

#[test]
fn an_agent_who_does_not_wrap_up_what_he_gave_outside_is_caught() {
    struct Quick;
    impl Fault for Quick {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let outside = events.iter().any(|event| matches!(event.fact, Fact::ContactTransferredOutside { .. }));
            for event in events.iter_mut().filter(|_| outside) {
                if let Fact::WrapUpStarted { ends_at, .. } = &mut event.fact {
                    *ends_at = event.at;
                }
            }
        }
    }
    caught_as::<Quick>(&["contact_transferred_outside"]);
}
