//! Calls that are proposed before they are placed, to leads and to callbacks: who is asked, what is answered, and
//! what becomes of a callback that is not placed. Places nothing that nobody has cleared.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attempts::LeadOver;
use super::callbacks::DUE_AHEAD_MAX;
use super::model::{Contact, GatewayState, Model, SegmentState};
use super::turn::Turn;
use crate::routing::attempt::NotPlaced;
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AgentId, AttemptId, ContactId, EventNo, SegmentId};
use crate::routing::personal::{Details, Personal};
use crate::routing::refusal::Refusal;
use crate::routing::rule_set::Channel;
use crate::routing::time::{Millis, Timestamp};

/// The one call to a contact that is being tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub id: AttemptId,
    /// It was cleared, and the gateway has its order.
    pub placed: bool,
}

/// How long a callback rests that was not placed, when nobody says until when. None: nobody calls again.
fn rest_after(why: NotPlaced) -> Option<Millis> {
    match why {
        NotPlaced::NotChecked | NotPlaced::NoLine | NotPlaced::NoAgent => Some(Millis::seconds(10)),
        NotPlaced::InProgress => Some(Millis::seconds(60)),
        NotPlaced::Dnc
        | NotPlaced::NoConsent
        | NotPlaced::OutOfWindow
        | NotPlaced::NoZone
        | NotPlaced::Cap
        | NotPlaced::ListInactive
        | NotPlaced::LeadClosed => None,
    }
}

impl Contact {
    /// A callback whose customer is not on the line.
    pub(crate) fn is_to_be_called_back(&self) -> bool {
        self.channel == Channel::Callback && !self.on_line && !self.ended
    }

    /// The attempt that nobody has cleared, while its customer is not on the line.
    pub(crate) fn proposed(&self) -> Option<AttemptId> {
        let attempt = self.call.filter(|_| !self.on_line && !self.ended)?;
        (!attempt.placed).then_some(attempt.id)
    }
}

impl Model {
    pub(super) fn apply_to_proposals(&mut self, event: &Event) {
        match &event.fact {
            Fact::AttemptProposed { attempt, contact, .. } | Fact::CallbackProposed { attempt, contact, .. } => {
                self.number_given(attempt.0);
                let called = self.contact_mut(*contact);
                called.call = Some(Attempt { id: *attempt, placed: false });
                called.attempt = None;
            }
            Fact::AttemptPlaced { attempt, contact, segment, connect_by, .. } => {
                let order = EventNo(self.event_no);
                let placed = self.segment_mut(*segment);
                placed.order = order;
                placed.state = SegmentState::Connecting { connect_by: *connect_by };
                let called = self.contact_mut(*contact);
                called.attempt = Some(order);
                called.call = Some(Attempt { id: *attempt, placed: true });
            }
            Fact::AttemptFailed { contact, .. }
            | Fact::CallbackNotPlaced { contact, .. }
            | Fact::ConnectFailed { contact, .. } => {
                let called = self.contact_mut(*contact);
                if called.channel == Channel::Callback {
                    called.call = None;
                }
            }
            _other => {}
        }
    }

    fn proposal(&self, attempt: AttemptId) -> Option<ContactId> {
        self.all_contacts().find(|contact| contact.proposed() == Some(attempt)).map(|contact| contact.id)
    }
}

impl Turn {
    /// Until when the leg of who has just accepted must be there, or his call be decided on.
    pub(super) fn connect_by(&self, contact: ContactId) -> Timestamp {
        if self.is_decided_on(contact) {
            return self.at + self.model.site().checked_within;
        }
        self.at + self.model.site().connect_within + self.model.ring_for(contact)
    }

    fn is_decided_on(&self, contact: ContactId) -> bool {
        let known = &self.model.contacts[&contact];
        known.uncalled().is_some() || known.is_to_be_called_back()
    }

    /// Nobody is called before that is checked.
    pub(super) fn propose(&mut self, contact: ContactId, segment: SegmentId, agent: &AgentId) {
        if !self.is_decided_on(contact) {
            return;
        }
        let known = Arc::clone(&self.model.contacts[&contact]);
        let (attempt, agent) = (AttemptId(self.next_number()), agent.clone());
        let decide_by = self.at + self.model.site().checked_within;
        self.record(match known.uncalled().cloned() {
            Some(lead) => Fact::AttemptProposed {
                attempt,
                contact,
                segment,
                agent,
                campaign: lead.campaign,
                list: lead.list,
                lead: lead.lead,
                decide_by,
            },
            None => Fact::CallbackProposed {
                attempt,
                contact,
                segment,
                agent,
                is_own_wish: known.own_wish,
                decide_by,
                details: Personal::Plain(Arc::new(Details { from: known.from.clone(), ..Details::default() })),
            },
        });
    }

    pub(super) fn clear_attempt(&mut self, attempt: AttemptId) -> Result<(), Refusal> {
        let contact = self.model.proposal(attempt).ok_or(Refusal::OrderGone)?;
        let known = &self.model.contacts[&contact];
        let gateway = self.model.gateway(&known.gateway).map(|gateway| gateway.state);
        let not_now = match gateway {
            Some(GatewayState::Attached) if !self.model.has_lines(known, 0) => Some(NotPlaced::NoLine),
            Some(GatewayState::Attached) => known.superseded.then_some(NotPlaced::InProgress),
            Some(GatewayState::Detached { .. } | GatewayState::Lost) | None => Some(NotPlaced::NoLine),
        };
        if let Some(why) = not_now {
            self.not_placed(contact, why, None);
            return Ok(());
        }
        let owner = known.owner().expect("it is proposed for an agent");
        let (segment, agent) = (owner.id, owner.agent.clone());
        let rings = match known.uncalled() {
            Some(lead) => self.model.campaign_of(lead).rules.ring_for,
            None => self.model.ring_for(contact),
        };
        let connect_by = self.at + self.model.site().connect_within + rings;
        self.record(Fact::AttemptCleared { attempt, contact });
        self.record(Fact::AttemptPlaced { attempt, contact, segment, agent, connect_by });
        Ok(())
    }

    pub(super) fn refuse_attempt(
        &mut self,
        attempt: AttemptId,
        why: NotPlaced,
        until: Option<Timestamp>,
    ) -> Result<(), Refusal> {
        let contact = self.model.proposal(attempt).ok_or(Refusal::OrderGone)?;
        self.not_placed(contact, why, until);
        Ok(())
    }

    /// A lead is over; a callback waits for another time, if there is one.
    pub(super) fn not_placed(&mut self, contact: ContactId, why: NotPlaced, given: Option<Timestamp>) {
        let known = Arc::clone(&self.model.contacts[&contact]);
        if known.uncalled().is_some() {
            self.end_lead(contact, LeadOver::Refused(why, given));
            return;
        }
        let attempt = known.proposed().expect("it is proposed");
        let open = known.owner().expect("it is proposed for an agent").clone();
        let visit = known.visit.as_ref().expect("it is proposed").id;
        let in_time = given.filter(|given| *given > self.at && *given <= self.at + DUE_AHEAD_MAX);
        let until = in_time.or_else(|| rest_after(why).map(|rest| self.at + rest)).filter(|_| !known.superseded);
        let (segment, agent) = (open.id, open.agent.clone());
        self.record(Fact::CallbackNotPlaced { attempt, contact, visit, segment, agent, why, until });
        self.rests_or_is_over(contact, &open, until);
    }
}
