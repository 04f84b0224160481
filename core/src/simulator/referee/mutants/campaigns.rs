//! Broken on purpose: campaigns, their leads, and the calls to them.

use super::*;
use crate::routing::attempt::{NotPlaced, Outcome, ReturnedWhy};
use crate::routing::campaign::{CampaignMode, CampaignRun, PreviewEnd};
use crate::routing::hold::BackOffCause;
use crate::routing::personal::Address;
use crate::simulator::referee::leads::{Campaign, Lead};

fn leads(seen: &mut Model) -> impl Iterator<Item = &mut Lead> {
    seen.all_contacts_mut().filter_map(|contact| contact.lead.as_mut())
}

fn is_lead(before: &Model, contact: ContactId) -> bool {
    before.contacts.get(&contact).is_some_and(|known| known.lead.is_some())
}

fn of_campaigns(seen: &mut Model, change: impl Fn(&mut Campaign)) {
    seen.campaigns.iter_mut().for_each(change);
}

#[test]
fn a_lead_for_anybody_that_has_an_owner_is_caught() {
    struct Generous;
    impl Fault for Generous {
        fn forget(seen: &mut Model) {
            leads(seen).for_each(|lead| lead.only = None);
        }
    }
    caught_as::<Generous>(&["contact_offered", "visit_widened"]);
}

#[test]
fn a_lead_for_anybody_that_has_a_team_is_caught() {
    struct Generous;
    impl Fault for Generous {
        fn forget(seen: &mut Model) {
            leads(seen).for_each(|lead| lead.team = None);
        }
    }
    caught_as::<Generous>(&["contact_offered", "visit_widened"]);
}

#[test]
fn a_paused_campaign_that_calls_is_caught() {
    struct Tireless;
    impl Fault for Tireless {
        fn forget(seen: &mut Model) {
            of_campaigns(seen, |campaign| {
                if campaign.run == CampaignRun::Paused {
                    campaign.run = CampaignRun::Running;
                }
            });
        }
    }
    caught_as::<Tireless>(&["contact_offered", "CampaignNotRunning"]);
}

#[test]
fn a_campaign_that_never_stops_draining_is_caught() {
    struct Endless;
    impl Fault for Endless {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            events.retain(|event| {
                let of_itself = matches!(event.fact, Fact::CampaignRunChanged { run: CampaignRun::Stopped, .. });
                !(of_itself && event.by.is_none())
            });
        }
    }
    caught_as::<Endless>(&["campaign_run_changed"]);
}

#[test]
fn a_number_that_is_called_twice_at_once_is_caught() {
    struct Pushing;
    impl Fault for Pushing {
        fn forget(seen: &mut Model) {
            // every lead's number becomes its own
            for contact in seen.all_contacts_mut().filter(|contact| contact.lead.is_some() && !contact.on_line) {
                let own = format!("+{}", contact.id);
                contact.from = Some(Address(Arc::from(own)));
            }
        }
    }
    caught_as::<Pushing>(&["contact_offered", "NumberInCall"]);
}

#[test]
fn a_preview_that_is_dialled_though_it_should_be_skipped_is_caught() {
    struct Eager;
    impl Fault for Eager {
        fn forget(seen: &mut Model) {
            of_campaigns(seen, |campaign| Arc::make_mut(&mut campaign.rules).preview.then = PreviewEnd::Dial);
        }
    }
    caught_as::<Eager>(&["attempt_proposed", "contact_connecting"]);
}

#[test]
fn a_lead_dialled_by_hand_that_is_held_out_by_itself_is_caught() {
    struct Eager;
    impl Fault for Eager {
        fn forget(seen: &mut Model) {
            of_campaigns(seen, |campaign| {
                let rules = Arc::make_mut(&mut campaign.rules);
                if rules.mode == CampaignMode::Manual {
                    rules.mode = CampaignMode::Preview;
                }
            });
        }
    }
    caught_as::<Eager>(&["contact_offered"]);
}

#[test]
fn a_skipped_lead_whose_agent_rests_is_caught() {
    struct Blame;
    impl Fault for Blame {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            let skips = |event: &Event| matches!(event.fact, Fact::LeadReturned { why: ReturnedWhy::Skipped, .. });
            let Some(place) = events.iter().position(skips) else { return };
            let by = events.iter().find_map(|event| match &event.fact {
                Fact::OfferEnded { agent, outcome: OfferOutcome::Declined { .. }, .. } => Some(agent.clone()),
                _other => None,
            });
            let Some(agent) = by.filter(|agent| before.agent(agent).back_off.is_none()) else { return };
            let cause = BackOffCause::Declined;
            let fact = Fact::AgentBackedOff { agent, until: events[place].at + Millis::seconds(5), cause };
            events.insert(place + 2, Event { fact, ..events[place].clone() });
        }
    }
    caught_as::<Blame>(&["agent_backed_off"]);
}

#[test]
fn a_call_that_nobody_cleared_and_that_is_placed_is_caught() {
    struct Hasty;
    impl Fault for Hasty {
        fn mishear(action: &mut Action) {
            if let Action::RefuseAttempt { attempt, .. } = action {
                *action = Action::ClearAttempt { attempt: *attempt };
            }
        }
    }
    caught_as::<Hasty>(&["attempt_refused", "attempt_placed"]);
}

#[test]
fn a_call_of_which_nobody_spoke_that_has_a_reason_of_its_own_is_caught() {
    struct Guessing;
    impl Fault for Guessing {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::AttemptRefused { why, .. } = &mut event.fact
                    && *why == NotPlaced::NotChecked
                {
                    *why = NotPlaced::NoAgent;
                }
            }
        }
    }
    caught_as::<Guessing>(&["not_checked"]);
}

#[test]
fn a_lead_who_answered_and_was_dropped_unseen_is_caught() {
    struct Flattering;
    impl Fault for Flattering {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::AttemptEnded { outcome, .. } = &mut event.fact
                    && *outcome == Outcome::Dropped
                {
                    *outcome = Outcome::NoAnswer;
                }
            }
        }
    }
    caught_as::<Flattering>(&["dropped"]);
}

#[test]
fn agents_who_are_not_kept_for_inbound_are_caught() {
    struct Greedy;
    impl Fault for Greedy {
        fn forget(seen: &mut Model) {
            seen.queues.values_mut().for_each(|rules| Arc::make_mut(rules).reserve = None);
        }
    }
    caught_as::<Greedy>(&["contact_offered"]);
}

#[test]
fn a_lead_called_after_its_window_is_caught() {
    struct Late;
    impl Fault for Late {
        fn forget(seen: &mut Model) {
            leads(seen).for_each(|lead| lead.closes_at = None);
        }
    }
    caught_as::<Late>(&["window_closed"]);
}

#[test]
fn a_window_that_a_restart_moves_is_caught() {
    struct Shifted;
    impl Fault for Shifted {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, _before: &Model, event: &Event) {
            if let Fact::Resumed { down_for, .. } = &event.fact {
                leads(after).for_each(|lead| lead.closes_at = lead.closes_at.map(|at| at + *down_for));
            }
        }
    }
    caught_as::<Shifted>(&["window_closed"]);
}

#[test]
fn a_caller_who_is_called_all_the_same_is_caught() {
    struct Deaf;
    impl Fault for Deaf {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            let gone = |event: &Event| match &event.fact {
                Fact::LeadReturned { contact, why: ReturnedWhy::CustomerCalledIn, .. } => Some(*contact),
                _other => None,
            };
            let Some(kept) = events.iter().find_map(gone).filter(|kept| is_lead(before, *kept)) else { return };
            events.retain(|event| event.fact.contact() != Some(kept));
        }
    }
    caught_as::<Deaf>(&["customer_called_in"]);
}

#[test]
fn a_campaign_that_stands_still_after_a_restart_is_caught() {
    struct Forgetful;
    impl Fault for Forgetful {
        fn spoil_restored(restored: &mut Model) {
            of_campaigns(restored, |campaign| campaign.run = CampaignRun::Stopped);
        }
    }
    assert!(caught::<Forgetful>().to_string().contains("built again"));
}
