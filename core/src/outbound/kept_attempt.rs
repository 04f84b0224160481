//! One attempt as it is kept for years, and what the limits see in it. Never counts or places a call.

use super::attempt_outcome::{DispositionFlags, Final, Outcome, Reached};
use super::do_not_call::NumberDigits;
use super::ids::{CallListId, LeadId};
use super::limits::{AttemptEnd, PastAttempt, Shared};
use crate::customers::ids::CustomerId;
use crate::routing::attempt::NotPlaced;
use crate::routing::command::Disposition;
use crate::routing::ids::{AgentId, AttemptId, CampaignId, ContactId};
use crate::routing::time::Timestamp;

/// What is known of an attempt by now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptAttempt {
    pub id: AttemptId,
    pub contact: ContactId,
    /// None: it was a callback.
    pub lead: Option<CalledLead>,
    /// None: whoever had it was erased.
    pub number: Option<NumberDigits>,
    pub customer: Option<CustomerId>,
    pub proposed_at: Timestamp,
    pub placed_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Why it was not placed.
    pub refused: Option<NotPlaced>,
    pub outcome: Option<Outcome>,
    /// What the law sees in it, by the dispositions of its day.
    pub end: AttemptEnd,
    pub agent: Option<AgentId>,
    pub disposition: Option<Disposition>,
}

/// Which lead it was, and why it was called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CalledLead {
    pub campaign: CampaignId,
    pub list: CallListId,
    pub lead: LeadId,
}

/// Whose past attempts are looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AttemptsBeside<'c> {
    pub number: NumberDigits,
    pub customer: Option<CustomerId>,
    pub lead: Option<LeadId>,
    pub campaign: Option<&'c CampaignId>,
}

impl KeptAttempt {
    /// As the limits of another call see it; None: it was never placed. Two attempts for one lead are for one customer,
    /// and about which debt an attempt was is not known, so that it counts for each.
    #[must_use]
    pub fn seen_by(&self, call: AttemptsBeside<'_>) -> Option<PastAttempt> {
        let placed_at = self.placed_at?;
        let same_customer = self.customer.is_some() && self.customer == call.customer;
        let lead = self.lead.as_ref();
        let same_lead = lead.is_some_and(|called| Some(called.lead) == call.lead);
        Some(PastAttempt {
            placed_at,
            ended_at: self.ended_at.unwrap_or(placed_at),
            end: self.end,
            shares: Shared {
                number: self.number == Some(call.number),
                customer: same_customer || same_lead,
                campaign: lead.is_some_and(|called| Some(&called.campaign) == call.campaign),
                debt: true,
            },
        })
    }
}

/// What the law sees in an attempt: what is not known counts as what forbids most. A disposition that closes the lead is
/// taken for a refusal, unless it is a sale.
#[must_use]
pub fn end_of(outcome: Option<Outcome>, disposition: Option<DispositionFlags>) -> AttemptEnd {
    match outcome {
        None | Some(Outcome::Unknown) => AttemptEnd::Open,
        Some(
            Outcome::NoAnswer
            | Outcome::Busy
            | Outcome::Rejected
            | Outcome::Machine
            | Outcome::MachineMessageLeft
            | Outcome::Fax
            | Outcome::InvalidNumber
            | Outcome::Disconnected
            | Outcome::Congestion
            | Outcome::CarrierError,
        ) => AttemptEnd::NotReached,
        Some(Outcome::Dropped) => AttemptEnd::Dropped,
        Some(Outcome::CustomerHungUpEarly) => AttemptEnd::Conversation,
        Some(Outcome::Answered) => match disposition.map(|flags| (flags.reached, flags.finality, flags.is_sale)) {
            Some((Reached::Nobody | Reached::Machine | Reached::WrongParty, _, _)) => AttemptEnd::NotReached,
            Some((Reached::RightParty, Final::Contact, false)) => AttemptEnd::Refused,
            Some((Reached::RightParty, Final::Number | Final::No, _) | (_, _, true)) | None => AttemptEnd::Conversation,
        },
    }
}
