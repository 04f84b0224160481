//! One stay of a lead with the router, folded from its events until it is over: what was tried, and what came of it. Reads no
//! row and decides nothing about the lead.

use serde::{Deserialize, Serialize};

use crate::customers::ids::CustomerId;
use crate::customers::interaction_fold::looked_up;
use crate::routing::attempt::{NotPlaced, Outcome, ReturnedWhy};
use crate::routing::command::{Disposition, EndedBy};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AgentId, AttemptId, CallListName, CampaignId, ContactId, LeadId, SegmentId};
use crate::routing::time::{Millis, Timestamp};

/// A lead that is with the router. Serde type of its row: what was folded of it by the reader's place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeadStay {
    pub contact: ContactId,
    pub campaign: CampaignId,
    pub list: CallListName,
    pub lead: LeadId,
    /// Whose number it is, as far as that was known.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    pub attempt: Option<StayAttempt>,
    connected_at: Option<Timestamp>,
    /// The last agent's part that began.
    last_segment: Option<SegmentId>,
    is_last_closed: bool,
    disposition: Option<Disposition>,
    #[serde(default)]
    promise: Option<LeadPromise>,
    outcome: Option<Outcome>,
    is_contact_over: bool,
    hung_up_after: Option<Millis>,
}

/// The call that was proposed, and placed or not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StayAttempt {
    pub id: AttemptId,
    pub proposed_at: Timestamp,
    pub placed_at: Option<Timestamp>,
    pub agent: AgentId,
}

/// Another call that an agent promised.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeadPromise {
    pub due: Timestamp,
    /// The agent who makes it if he can.
    pub by: Option<AgentId>,
}

/// How a stay ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StayEnd {
    Returned(ReturnedWhy),
    Refused {
        why: NotPlaced,
        /// When it may be placed, as far as whoever refused it knew.
        until: Option<Timestamp>,
    },
    Called {
        outcome: Outcome,
        /// The last that an agent gave.
        disposition: Option<Disposition>,
        promise: Option<LeadPromise>,
        /// Set when the customer hung up: how long after he was connected.
        hung_up_after: Option<Millis>,
    },
}

impl LeadStay {
    /// None: the event begins none.
    #[must_use]
    pub fn begun_with(event: &Event) -> Option<LeadStay> {
        let Fact::LeadFiled { contact, campaign, list, lead, details, .. } = &event.fact else { return None };
        Some(LeadStay {
            contact: *contact,
            campaign: campaign.clone(),
            list: list.clone(),
            lead: *lead,
            customer: details.plain().and_then(|details| looked_up(&details.attributes)),
            attempt: None,
            connected_at: None,
            last_segment: None,
            is_last_closed: true,
            disposition: None,
            promise: None,
            outcome: None,
            is_contact_over: false,
            hung_up_after: None,
        })
    }

    /// Takes in an event about its contact. Some: the stay is over with it; whoever spoke with the lead has said what he had
    /// to say.
    pub fn apply(&mut self, event: &Event) -> Option<StayEnd> {
        match &event.fact {
            Fact::AttemptProposed { attempt, agent, .. } => {
                let (id, proposed_at) = (*attempt, event.at);
                self.attempt = Some(StayAttempt { id, proposed_at, placed_at: None, agent: agent.clone() });
            }
            Fact::AttemptPlaced { .. } => {
                if let Some(attempt) = &mut self.attempt {
                    attempt.placed_at = Some(event.at);
                }
            }
            Fact::LeadReturned { why, .. } => return Some(StayEnd::Returned(*why)),
            Fact::AttemptRefused { why, until, .. } => return Some(StayEnd::Refused { why: *why, until: *until }),
            Fact::LeadPromised { due, by, .. } => self.promise = Some(LeadPromise { due: *due, by: by.clone() }),
            Fact::AttemptEnded { outcome, .. } => self.outcome = Some(*outcome),
            Fact::ContactConnected { segment, .. } => {
                self.connected_at.get_or_insert(event.at);
                (self.last_segment, self.is_last_closed) = (Some(*segment), false);
            }
            Fact::ContactHandedOver { to_segment, .. } => {
                (self.last_segment, self.is_last_closed) = (Some(*to_segment), false);
            }
            Fact::SegmentClosed { segment, disposition, .. } => {
                if disposition.is_some() {
                    self.disposition.clone_from(disposition);
                }
                self.is_last_closed |= self.last_segment == Some(*segment);
            }
            Fact::ContactEnded { by, .. } => {
                self.is_contact_over = true;
                let talked = self.connected_at.filter(|_| *by == EndedBy::Customer);
                self.hung_up_after = talked.map(|since| event.at.since(since));
            }
            _ => {}
        }
        let outcome = self.outcome.filter(|_| self.is_contact_over && self.is_last_closed)?;
        let (disposition, promise) = (self.disposition.clone(), self.promise.clone());
        Some(StayEnd::Called { outcome, disposition, promise, hung_up_after: self.hung_up_after })
    }
}
