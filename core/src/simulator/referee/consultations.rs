//! Consultations and conferences: what their agents order, how each ends, and who has the customer then.
//! Looks through all contacts; lost legs are in `legs`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::contacts::Queueing;
use super::model::{Contact, Model, Segment, SegmentState};
use super::outside::Added;
use super::turn::Turn;
use crate::routing::command::{Destination, EndedBy};
use crate::routing::event::{ConsultationEnd, DirectTo, Fact, QueuedBy, RevokedWhy};
use crate::routing::ids::{AgentId, ContactId, ContactRef, QueueId, SegmentId};
use crate::routing::refusal::{ContactState, Expected, FieldName, Refusal};
use crate::routing::skill::Skills;
use crate::routing::time::Timestamp;

/// What makes a contact one between two agents.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Consultation {
    /// Who began it.
    pub agent: AgentId,
    /// The customer's contact, while it lives and is this agent's.
    pub parent: Option<ContactId>,
    /// All three hear each other.
    pub is_joined: bool,
    /// Its end was told; the agent who began it has it no longer.
    pub is_over: bool,
}

pub(super) fn only_customers(contact: &Contact) -> Result<(), Refusal> {
    if contact.consultation.is_none() {
        Ok(())
    } else {
        Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::ACustomersContact })
    }
}

fn wrong(contact: ContactId, expected: ContactState) -> Refusal {
    Refusal::WrongState { contact, expected }
}

/// Only what is talked to or on hold, neither set aside nor with a lost leg.
pub(super) fn at_hand(contact: ContactId, segment: &Segment) -> Result<(), Refusal> {
    match segment.state {
        SegmentState::Talking | SegmentState::Held { .. } => Ok(()),
        SegmentState::Connecting { .. }
        | SegmentState::SetAside { .. }
        | SegmentState::LegLost { .. }
        | SegmentState::WrapUp { .. } => Err(wrong(contact, ContactState::Talking)),
    }
}

fn is_set_aside(segment: &Segment) -> bool {
    matches!(segment.state, SegmentState::SetAside { .. })
}

fn is_held(segment: &Segment) -> bool {
    matches!(segment.state, SegmentState::Held { .. })
}

impl Contact {
    /// The segment of the agent who is with the customer, or with the agent who consults him.
    pub(crate) fn connected_owner(&self) -> Option<&Segment> {
        self.owner().filter(|owner| owner.connected())
    }

    fn open_consultation(&self) -> Option<&Consultation> {
        self.consultation.as_ref().filter(|consultation| !consultation.is_over)
    }
}

impl Model {
    /// The consultation that the agent began and still has.
    pub(crate) fn consultation_by(&self, agent: &AgentId) -> Option<&Contact> {
        self.all_contacts().find(|contact| contact.open_consultation().is_some_and(|open| open.agent == *agent))
    }

    /// The consultation about this customer's contact.
    pub(crate) fn consultation_about(&self, parent: ContactId) -> Option<&Contact> {
        self.all_contacts().find(|contact| contact.open_consultation().is_some_and(|open| open.parent == Some(parent)))
    }

    /// Whether he has something to finish before he can be gone.
    pub(crate) fn has_work(&self, agent: &AgentId) -> bool {
        !self.segments_of(agent).is_empty() || self.consultation_by(agent).is_some()
    }
}

impl Turn {
    /// A customer's contact, and what the agent has of it with nobody consulted.
    pub(super) fn unconsulted(&self, agent: &AgentId, contact: ContactId) -> Result<Segment, Refusal> {
        let segment = self.connected_segment(agent, contact)?;
        only_customers(&self.model.contacts[&contact])?;
        match self.model.consultation_about(contact) {
            Some(_) => Err(wrong(contact, ContactState::NotConsulting)),
            None => Ok(segment),
        }
    }

    /// Whether the agent may put it on hold or take it from there.
    pub(super) fn may_be_held(&self, contact: ContactId) -> Result<(), Refusal> {
        only_customers(&self.model.contacts[&contact])?;
        let consulted = self.model.consultation_about(contact).and_then(Contact::connected_owner);
        if consulted.is_some() { Err(wrong(contact, ContactState::NotConsulting)) } else { Ok(()) }
    }

    pub(super) fn consult(
        &mut self,
        agent: &AgentId,
        parent: ContactId,
        to: &Destination,
        added: Added<'_>,
    ) -> Result<(), Refusal> {
        let segment = self.connected_segment(agent, parent)?;
        at_hand(parent, &segment)?;
        let customer = (*self.model.contacts[&parent]).clone();
        only_customers(&customer)?;
        if customer.channel.is_written() {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AVoiceContact });
        }
        if self.model.consultation_by(agent).is_some() {
            return Err(wrong(parent, ContactState::NotConsulting));
        }
        self.check_destination(agent, to)?;
        if !added.attributes.0.is_empty() {
            added.fits(&customer)?;
            let details = Added { note: &None, ..added }.details(None);
            self.record(Fact::ContactUpdated { contact: parent, details, gateway_event: 0 });
        }
        let known = self.model.contacts[&parent].attributes.clone();
        self.revoke_all(agent, RevokedWhy::Consulting);
        if !is_held(&segment) {
            self.record(Fact::ContactHeld { contact: parent, segment: segment.id, agent: agent.clone() });
        }
        let contact = ContactId(self.next_number());
        self.record(Fact::ConsultationBegun {
            contact,
            gateway: customer.gateway,
            reference: ContactRef::new(&format!("consult-{contact}")).expect("a short name"),
            parent,
            agent: agent.clone(),
            to: to.clone(),
            details: Added { attributes: &known, ..added }.details(None),
        });
        let Segment { answered, .. } = segment;
        let cause = QueuedBy::Consultation { parent, agent: agent.clone() };
        let mut never = answered.never;
        never.push(agent.clone());
        let (ordered_since, preferred) = (self.at, None);
        let asked = match to {
            Destination::Queue(queue) => {
                let rules = self.model.queue(queue);
                let (skills, priority) = (rules.skills.clone(), rules.priority);
                let queue = queue.clone();
                Queueing {
                    queue,
                    cause,
                    skills,
                    priority,
                    ordered_since,
                    direct: None,
                    preferred,
                    never,
                    failed: Vec::new(),
                }
            }
            Destination::Agent(other) => {
                let direct = DirectTo {
                    agent: other.clone(),
                    until: self.at + self.model.site().direct_wait_max,
                    behind: answered.direct.map_or(answered.queue, |direct| direct.behind),
                    skills: Skills::new(),
                    priority: 0,
                };
                let (queue, direct) = (QueueId::of_agent(other), Some(direct));
                Queueing {
                    queue,
                    cause,
                    skills: Skills::new(),
                    priority: 0,
                    ordered_since,
                    direct,
                    preferred,
                    never,
                    failed: Vec::new(),
                }
            }
        };
        self.queue_contact(contact, asked);
        Ok(())
    }

    /// The customer's segment, and the consultation.
    fn consulting(&self, agent: &AgentId, parent: ContactId) -> Result<(Segment, Contact), Refusal> {
        let segment = self.connected_segment(agent, parent)?;
        let about = self.model.consultation_about(parent).ok_or(wrong(parent, ContactState::Consulting))?;
        Ok((segment, about.clone()))
    }

    /// The customer's segment, and the consultation with the consultee's, when both are at hand.
    fn between_two(&self, agent: &AgentId, parent: ContactId) -> Result<(Segment, Contact, Segment), Refusal> {
        at_hand(parent, &self.connected_segment(agent, parent)?)?;
        let (own, about) = self.consulting(agent, parent)?;
        let consulted = about.connected_owner().ok_or(wrong(about.id, ContactState::Connected))?.clone();
        Ok((own, about, consulted))
    }

    pub(super) fn complete_consultation(&mut self, agent: &AgentId, parent: ContactId) -> Result<(), Refusal> {
        let (_, about) = self.consulting(agent, parent)?;
        if about.connected_owner().is_none() {
            return Err(wrong(about.id, ContactState::Connected));
        }
        self.give_to_consultee(parent);
        Ok(())
    }

    pub(super) fn cancel_consultation(&mut self, agent: &AgentId, parent: ContactId) -> Result<(), Refusal> {
        let (_, about) = self.consulting(agent, parent)?;
        self.cancelled(about.id);
        Ok(())
    }

    /// The one who began it goes back to the customer, if there still is one.
    fn cancelled(&mut self, consultation: ContactId) {
        let parent = self.model.contacts[&consultation].consultation.as_ref().and_then(|known| known.parent);
        self.end_consultation(consultation, parent, ConsultationEnd::Cancelled, EndedBy::Agent);
        if let Some(contact) = parent {
            self.unhold_if_held(contact);
        }
    }

    fn unhold_if_held(&mut self, contact: ContactId) {
        let owner = self.model.contacts.get(&contact).and_then(|known| known.owner());
        if let Some(Segment { id: segment, agent, .. }) = owner.filter(|owner| is_held(owner)).cloned() {
            self.record(Fact::ContactUnheld { contact, segment, agent });
        }
    }

    fn hold_if_talking(&mut self, contact: ContactId) {
        let owner = self.model.contacts.get(&contact).and_then(|known| known.owner());
        let talking = |owner: &&Segment| owner.state == SegmentState::Talking;
        if let Some(Segment { id: segment, agent, .. }) = owner.filter(talking).cloned() {
            self.record(Fact::ContactHeld { contact, segment, agent });
        }
    }

    pub(super) fn swap_consultation(&mut self, agent: &AgentId, parent: ContactId) -> Result<(), Refusal> {
        let (own, about, consulted) = self.between_two(agent, parent)?;
        if about.consultation.as_ref().is_some_and(|known| known.is_joined) {
            return Err(wrong(parent, ContactState::NotInConference));
        }
        if is_set_aside(&consulted) {
            return Err(wrong(about.id, ContactState::Talking));
        }
        if is_held(&own) {
            self.hold_if_talking(about.id);
            self.unhold_if_held(parent);
        } else {
            self.hold_if_talking(parent);
            self.unhold_if_held(about.id);
        }
        Ok(())
    }

    pub(super) fn join_conference(&mut self, agent: &AgentId, parent: ContactId) -> Result<(), Refusal> {
        let (_, about, consulted) = self.between_two(agent, parent)?;
        if is_set_aside(&consulted) {
            return Err(wrong(about.id, ContactState::Talking));
        }
        if !about.consultation.as_ref().is_some_and(|known| known.is_joined) {
            self.record(Fact::ConsultationJoined { contact: about.id, parent, agent: agent.clone() });
            self.unhold_if_held(parent);
            self.unhold_if_held(about.id);
        }
        Ok(())
    }

    pub(super) fn leave_contact(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let living = self.model.contacts.get(&contact).filter(|known| !known.ended);
        if living.is_some_and(|known| known.consultation.is_some()) {
            self.hang_up(agent, contact)
        } else {
            self.complete_consultation(agent, contact)
        }
    }

    /// The agent ends it; a consultation may be ended by either of the two.
    pub(super) fn hang_up(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let began = self.model.consultation_by(agent).is_some_and(|begun| begun.id == contact);
        if began {
            self.cancelled(contact);
            return Ok(());
        }
        self.connected_segment(agent, contact)?;
        self.end_contact(contact, EndedBy::Agent);
        Ok(())
    }

    pub(super) fn escalate(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        reason: &Arc<str>,
        added: Added<'_>,
    ) -> Result<(), Refusal> {
        let Segment { id: segment, answered, .. } = self.unconsulted(agent, contact)?;
        let from = answered.direct.as_ref().map_or(&answered.queue, |direct| &direct.behind);
        let of_rules = |queue: &QueueId| self.model.rules.as_ref().is_some_and(|all| all.queues.contains_key(queue));
        let Some(queue) = self.model.queue(from).escalation.clone().filter(of_rules) else {
            let expected = Expected::AQueueWithAnEscalation;
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected });
        };
        added.fits(&self.model.contacts[&contact])?;
        let (agent, to, details) = (agent.clone(), Destination::Queue(queue.clone()), added.details(None));
        self.record(Fact::ContactTransferred { contact, segment, agent: agent.clone(), to, details });
        self.wrap_up(contact, segment);
        let rules = self.model.queue(&queue);
        self.queue_contact(
            contact,
            Queueing {
                queue,
                cause: QueuedBy::Escalated { agent, reason: Arc::clone(reason) },
                skills: rules.skills.clone(),
                priority: rules.priority,
                ordered_since: answered.ordered_since,
                direct: None,
                preferred: None,
                never: answered.never,
                failed: Vec::new(),
            },
        );
        Ok(())
    }

    /// The consultee goes on with the customer; who asked him is done with both.
    pub(super) fn give_to_consultee(&mut self, parent: ContactId) {
        let own = self.model.contacts[&parent].owner().expect("it is in the hands of who consults").clone();
        let about = self.model.consultation_about(parent).expect("somebody is consulted");
        let (consultation, to) = (about.id, about.owner().expect("the consultee is there").agent.clone());
        self.record(Fact::ContactHandedOver {
            contact: parent,
            segment: own.id,
            agent: own.agent,
            to,
            to_segment: SegmentId(self.next_number()),
            consultation,
        });
        self.wrap_up(parent, own.id);
        self.end_consultation(consultation, Some(parent), ConsultationEnd::Completed, EndedBy::Transfer);
    }

    /// Told, then over like any contact; who began it may have nothing left to do.
    pub(super) fn end_consultation(
        &mut self,
        contact: ContactId,
        parent: Option<ContactId>,
        end: ConsultationEnd,
        by: EndedBy,
    ) {
        let known = self.model.contacts[&contact].consultation.as_ref();
        let agent = known.expect("it is a consultation").agent.clone();
        self.record(Fact::ConsultationEnded { contact, parent, agent: agent.clone(), end });
        self.end_contact(contact, by);
        self.apply_pending_presence(&agent);
    }

    /// Whether it was one that is not over; then it is, and so told.
    pub(super) fn left_consultation(&mut self, contact: ContactId, by: EndedBy) -> bool {
        let open = self.model.contacts[&contact].open_consultation().cloned();
        if let Some(open) = &open {
            self.end_consultation(contact, open.parent, ConsultationEnd::Left, by);
        }
        open.is_some()
    }

    /// What becomes of the consultation about a customer who is gone.
    pub(super) fn customer_left(&mut self, consultation: ContactId) {
        if self.model.contacts[&consultation].connected_owner().is_some() {
            self.unhold_if_held(consultation);
        } else {
            self.end_consultation(consultation, None, ConsultationEnd::CustomerLeft, EndedBy::Router);
        }
    }

    /// The one agent who was asked does not come.
    pub(super) fn consultee_failed(&mut self, contact: ContactId, end: ConsultationEnd) {
        let Some(asked) = self.model.contacts.get(&contact) else { return };
        let Some(open) = asked.open_consultation() else { return };
        let parent = open.parent;
        if asked.visit.as_ref().is_some_and(|visit| visit.direct.is_some()) {
            self.end_consultation(contact, parent, end, EndedBy::Router);
        }
    }

    /// After the consultee is connected: he is talked to, and nobody else.
    pub(super) fn consultee_connected(&mut self, contact: ContactId) {
        let parent = self.model.contacts[&contact].consultation.as_ref().and_then(|known| known.parent);
        if let Some(parent) = parent {
            self.hold_if_talking(parent);
        }
    }
}

/// When an inventory first looks for it; None: it does not look.
pub(super) fn looked_for_since(contact: &Contact) -> Option<Timestamp> {
    let there = contact.on_line && (contact.consultation.is_none() || contact.connected_owner().is_some());
    there.then_some(contact.on_line_since)
}
