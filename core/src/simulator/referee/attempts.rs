//! Leads that are held out and called: how each mode does so, and what each comes to. Proposes nothing.

use super::model::{Contact, Model, Offer};
use super::turn::Turn;
use crate::routing::attempt::{NotPlaced, Outcome, ReturnedWhy};
use crate::routing::campaign::{CampaignMode, PreviewEnd};
use crate::routing::command::{CallFailure, EndedBy};
use crate::routing::event::Fact;
use crate::routing::ids::ContactId;
use crate::routing::rule_set::FirstCalled;
use crate::routing::time::{Millis, Timestamp};

/// Why a lead is over, for the state it is in; of another, its own end says it.
#[derive(Clone, Copy)]
pub(super) enum LeadOver {
    /// Nobody has tried to call it.
    Returned(ReturnedWhy),
    /// Its call was proposed; with when it may be, if that was said.
    Refused(NotPlaced, Option<Timestamp>),
    /// Its call was placed, and nobody has answered.
    Failed(Outcome),
}

fn outcome_of(why: CallFailure) -> Outcome {
    match why {
        CallFailure::Busy => Outcome::Busy,
        CallFailure::NoAnswer => Outcome::NoAnswer,
        CallFailure::Rejected => Outcome::Rejected,
        CallFailure::Machine => Outcome::Machine,
        CallFailure::Fax => Outcome::Fax,
        CallFailure::InvalidNumber => Outcome::InvalidNumber,
        CallFailure::Disconnected => Outcome::Disconnected,
        CallFailure::Congestion => Outcome::Congestion,
        CallFailure::Failed => Outcome::CarrierError,
        CallFailure::TimedOut => Outcome::Unknown,
    }
}

impl Model {
    /// How a lead that is offered is called, while nobody is on the line.
    fn mode_of(&self, contact: ContactId) -> Option<CampaignMode> {
        let lead = self.contacts.get(&contact)?.uncalled()?;
        Some(self.campaign_of(lead).rules.mode)
    }

    pub(super) fn is_accepted_at_once(&self, contact: ContactId) -> bool {
        self.mode_of(contact) == Some(CampaignMode::Progressive)
    }

    /// How long an agent may look at a lead. None: an offer like any other.
    pub(super) fn looked_at_for(&self, contact: &Contact) -> Option<Millis> {
        let campaign = self.campaign_of(contact.uncalled()?);
        match campaign.rules.mode {
            CampaignMode::Manual | CampaignMode::Preview => Some(campaign.rules.preview.time),
            CampaignMode::Progressive => None,
        }
    }

    /// A lead that is held out, and accepted by nobody.
    fn is_held_out(&self, contact: ContactId) -> bool {
        let known = &self.contacts[&contact];
        known.uncalled().is_some() && known.waiting().is_some()
    }

    fn is_dialled_at_the_end(&self, contact: ContactId) -> bool {
        let known = &self.contacts[&contact];
        let Some(lead) = known.uncalled() else { return false };
        let rules = &self.campaign_of(lead).rules;
        rules.mode == CampaignMode::Preview && rules.preview.then == PreviewEnd::Dial && self.may_be_called(known)
    }

    /// What is told of a lead right before its contact's end.
    pub(super) fn lead_over(&self, contact: &Contact, by: EndedBy, over: Option<LeadOver>) -> Option<Fact> {
        let lead = contact.lead.as_ref()?;
        let (campaign, list, number) = (lead.campaign.clone(), lead.list.clone(), lead.lead);
        let lost = by == EndedBy::LostByGateway;
        let agent = contact.owner().filter(|_| !contact.on_line).map(|owner| owner.agent.clone());
        let (id, on_line) = (contact.id, contact.on_line);
        Some(match contact.call {
            None => {
                let why = match over {
                    Some(LeadOver::Returned(why)) => why,
                    Some(LeadOver::Refused(..) | LeadOver::Failed(_)) | None => ReturnedWhy::Withdrawn,
                };
                Fact::LeadReturned { contact: id, campaign, list, lead: number, why }
            }
            Some(attempt) if !attempt.placed => {
                let (why, until) = match over {
                    Some(LeadOver::Refused(why, until)) => (why, until),
                    Some(LeadOver::Returned(_) | LeadOver::Failed(_)) | None if lost => (NotPlaced::NoLine, None),
                    Some(LeadOver::Returned(_) | LeadOver::Failed(_)) | None => (NotPlaced::LeadClosed, None),
                };
                Fact::AttemptRefused {
                    attempt: attempt.id,
                    contact: id,
                    campaign,
                    list,
                    lead: number,
                    agent,
                    why,
                    until,
                }
            }
            Some(attempt) => {
                let outcome = match over {
                    _any if lead.talked => Outcome::Answered,
                    _any if on_line => Outcome::Dropped,
                    Some(LeadOver::Failed(outcome)) => outcome,
                    Some(LeadOver::Returned(_) | LeadOver::Refused(..)) | None => Outcome::Unknown,
                };
                Fact::AttemptEnded { attempt: attempt.id, contact: id, campaign, list, lead: number, agent, outcome }
            }
        })
    }
}

impl Turn {
    pub(super) fn end_lead(&mut self, contact: ContactId, over: LeadOver) {
        self.end_contact_as(contact, EndedBy::Router, Some(over));
    }

    /// Holds a contact out; a lead that is called for who is idle is his at once.
    pub(super) fn hold_out(&mut self, offered: Fact) {
        let contact = offered.contact().expect("an offer is of a contact");
        self.record(offered);
        if self.model.is_accepted_at_once(contact) {
            let his = self.model.contacts[&contact].offers().last().expect("it was just offered").clone();
            self.won(contact, &his);
        }
    }

    /// The agent of a lead that is being called is out of it. Whether it was one.
    pub(super) fn lost_its_agent(&mut self, contact: ContactId, was_called_off: bool) {
        let Some(known) = self.model.contacts.get(&contact) else { return };
        let Some(lead) = known.uncalled() else { return };
        let over = match known.call {
            Some(attempt) if attempt.placed => LeadOver::Failed(match self.model.campaign_of(lead).rules.first {
                FirstCalled::Agent if !was_called_off => Outcome::CarrierError,
                FirstCalled::Agent | FirstCalled::Customer => Outcome::Unknown,
            }),
            Some(_) | None => LeadOver::Refused(NotPlaced::NoAgent, None),
        };
        self.end_lead(contact, over);
    }

    /// Whether it was a call to a lead.
    pub(super) fn lead_not_reached(&mut self, contact: ContactId, why: CallFailure) -> bool {
        let is_lead = self.model.contacts[&contact].uncalled().is_some();
        if is_lead {
            self.end_lead(contact, LeadOver::Failed(outcome_of(why)));
        }
        is_lead
    }

    /// A lead that nobody has accepted was declined. Whether it was one.
    pub(super) fn was_skipped(&mut self, contact: ContactId) -> bool {
        let is_lead = self.model.is_held_out(contact);
        if is_lead {
            self.end_lead(contact, LeadOver::Returned(ReturnedWhy::Skipped));
        }
        is_lead
    }

    /// The time to look at a lead is over, and it is dialled. Whether it is.
    pub(super) fn dialled_at_the_end(&mut self, contact: ContactId, offer: &Offer) -> bool {
        let dials = self.model.is_held_out(contact) && self.model.is_dialled_at_the_end(contact);
        if dials {
            self.won(contact, offer);
        }
        dials
    }

    /// A lead that nobody has accepted was missed. Whether it was one.
    pub(super) fn was_not_looked_at(&mut self, contact: ContactId) -> bool {
        let is_lead = self.model.is_held_out(contact);
        if is_lead {
            self.end_lead(contact, LeadOver::Returned(ReturnedWhy::NotPreviewed));
        }
        is_lead
    }
}
