//! Calls that the router has proposed: put to the gate, whose answer goes to the router. Judges none itself.

use std::sync::Arc;
use std::time::Duration;

use super::desk::{CampaignDesk, DeskError};
use super::gate::{GateRules, LeadOfCampaign, ProposedCall};
use crate::customers::phone::PhoneNumber;
use crate::journal::Journal;
use crate::outbound::campaign::CampaignSettings;
use crate::outbound::gate::{Judgment, OwnWish};
use crate::outbound::lead_stay::LeadStay;
use crate::routing::attempt::NotPlaced;
use crate::routing::campaign::CampaignMode;
use crate::routing::command::Action;
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AttemptId, ContactId};
use crate::routing::personal::Address;

/// The gate looks things up no longer: its answer has to be with the router in time.
const JUDGED_WITHIN: Duration = Duration::from_millis(150);

/// A call that waits to be cleared.
pub(super) enum Proposal {
    Lead { contact: ContactId, attempt: AttemptId },
    Callback { contact: ContactId, attempt: AttemptId, number: Option<Address>, is_own_wish: bool },
}

impl Proposal {
    pub fn of(event: &Event) -> Option<Proposal> {
        match &event.fact {
            Fact::AttemptProposed { contact, attempt, .. } => {
                Some(Proposal::Lead { contact: *contact, attempt: *attempt })
            }
            Fact::CallbackProposed { contact, attempt, is_own_wish, details, .. } => Some(Proposal::Callback {
                contact: *contact,
                attempt: *attempt,
                number: details.plain().and_then(|details| details.from.clone()),
                is_own_wish: *is_own_wish,
            }),
            _ => None,
        }
    }
}

impl<J: Journal> CampaignDesk<J> {
    pub(super) async fn have_judged(&self, proposal: Proposal) -> Result<(), DeskError> {
        match proposal {
            Proposal::Lead { contact, attempt } => {
                let Some(stay) = self.stays.get(&contact) else { return Ok(()) };
                let Some(settings) = self.settings_of(stay).await? else { return Ok(()) };
                match self.call_of_lead(stay, &settings) {
                    Some(call) => self.judge(attempt, call),
                    None => self.tell(refused(attempt, NotPlaced::LeadClosed)).await,
                }
            }
            Proposal::Callback { contact, attempt, number, is_own_wish } => {
                let number = number.and_then(|number| self.number_of_a_plan(&number));
                match number {
                    Some(number) => self.judge(attempt, self.call_back(contact, number, is_own_wish)),
                    // He called from it, and wants to be called there: the house's own numbers are in no plan.
                    None if is_own_wish => self.tell(Action::ClearAttempt { attempt }).await,
                    None => self.tell(refused(attempt, NotPlaced::NoZone)).await,
                }
            }
        }
        Ok(())
    }

    fn call_of_lead(&self, stay: &LeadStay, settings: &CampaignSettings) -> Option<ProposedCall> {
        let number = self.numbers.get(&stay.contact)?;
        Some(ProposedCall {
            lead: Some(LeadOfCampaign { campaign: stay.campaign.clone(), lead: stay.lead }),
            rules: Arc::new(GateRules::of(settings)),
            number: PhoneNumber::read(&number.0, None).ok().flatten()?,
            customer: stay.customer,
            is_automatic: settings.mode == CampaignMode::Progressive,
            agent_reserved: true,
            wish: None,
        })
    }

    fn call_back(&self, contact: ContactId, number: PhoneNumber, is_own_wish: bool) -> ProposedCall {
        ProposedCall {
            lead: None,
            rules: Arc::new(GateRules::of_callbacks()),
            number,
            customer: self.callbacks.get(&contact).and_then(|call| call.customer),
            is_automatic: false,
            agent_reserved: true,
            wish: is_own_wish.then_some(OwnWish { chosen: None }),
        }
    }

    fn number_of_a_plan(&self, number: &Address) -> Option<PhoneNumber> {
        PhoneNumber::read(&number.0, self.pop.settings().home_region).ok().flatten()
    }

    /// Beside everything else.
    fn judge(&self, attempt: AttemptId, call: ProposedCall) {
        let (router, gate, clock, now) = (self.router.clone(), Arc::clone(&self.gate), self.clock, self.now());
        tokio::spawn(async move {
            let judged = tokio::time::timeout(JUDGED_WITHIN, gate.judge(&call, now)).await;
            let action = match judged {
                Ok(Judgment::Cleared { .. }) => Action::ClearAttempt { attempt },
                Ok(Judgment::Refused(refused)) => {
                    let until = refused.until.map(|until| clock.now() + until.since(now));
                    Action::RefuseAttempt { attempt, why: refused.why, until }
                }
                Err(_) => refused(attempt, NotPlaced::NotChecked),
            };
            // Too late is as good as refused: the router has gone on.
            let _ = router.tell(action).await;
        });
    }
}

fn refused(attempt: AttemptId, why: NotPlaced) -> Action {
    Action::RefuseAttempt { attempt, why, until: None }
}
