//! One agent asks another while his customer is on hold: begun, swapped, joined to a conference,
//! completed, cancelled, and what becomes of the others when one of the three is gone.
//!
//! A consultation is a contact of its own, with the agent who asks on the line in the customer's
//! place; the customer's contact stays in that agent's hands until it is handed over.

use std::sync::Arc;

use super::attempt::LeadStayEnd;
use super::command::{Destination, EndedBy};
use super::entry::{NewVisit, attributes_of};
use super::event::{ConsultationEnd, DirectTo, Fact, QueuedBy, RevokedWhy};
use super::ids::{AgentId, ContactId, ContactRef, QueueId, SegmentId};
use super::in_hand::Target;
use super::personal::{Details, Personal};
use super::refusal::{ContactState, Expected, FieldName, Refusal};
use super::segment::SegmentState;
use super::skill::Skills;
use super::state::CONTACTS_MAX;
use super::table::AgentNo;
use super::turn::Turn;

/// A consultation seen from its first agent: his number, his segment of the customer's contact, and
/// the contact with which he asks.
struct Asking {
    no: AgentNo,
    segment: SegmentId,
    consultation: ContactId,
}

impl Turn<'_> {
    pub(super) fn is_customers(&self, contact: ContactId) -> Result<(), Refusal> {
        match self.state().contacts[&contact].consultation {
            Some(_) => Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::ACustomersContact }),
            None => Ok(()),
        }
    }

    pub(super) fn consult(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        to: Destination,
        added: Details,
    ) -> Result<(), Refusal> {
        let (no, segment) = self.at_hand(agent, contact)?;
        self.is_customers(contact)?;
        let found = &self.state().contacts[&contact];
        if found.channel.is_written() {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AVoiceContact });
        }
        if self.state().agent(no).consulting.is_some() {
            return Err(Refusal::WrongState { contact, expected: ContactState::NotConsulting });
        }
        let target = self.transfer_target(no, &to)?;
        if self.state().contacts.len() >= CONTACTS_MAX {
            return Err(Refusal::Full);
        }
        let Details { note, attributes, .. } = added;
        let of_customer = Details::added(None, attributes);
        self.takes_more(contact, &of_customer)?;
        let gateway = self.state().gateway_id(found.gateway);
        let visit = self.consultation_visit(contact, agent, segment, target);
        self.hear(no);
        if !of_customer.says_nothing() {
            let details = Personal::Plain(Arc::new(of_customer));
            self.record(Fact::ContactUpdated { contact, details, gateway_event: 0 });
        }
        let details = Details::added(note, attributes_of(&self.state().contacts[&contact]));
        self.revoke_offers(no, RevokedWhy::Consulting);
        self.put_on_hold(segment);
        let consultation = ContactId(self.state().next_id);
        self.record(Fact::ConsultationBegun {
            contact: consultation,
            gateway,
            reference: ContactRef::of_consultation(consultation),
            parent: contact,
            agent: agent.clone(),
            to,
            details: Personal::Plain(Arc::new(details)),
        });
        self.queue(consultation, visit);
        Ok(())
    }

    fn consultation_visit(&self, parent: ContactId, agent: &AgentId, segment: SegmentId, target: Target) -> NewVisit {
        let from = &self.state().segments[&segment].from;
        let mut never = self.agent_ids(&from.never);
        never.push(agent.clone());
        let cause = QueuedBy::Consultation { parent, agent: agent.clone() };
        let (queue, skills, priority, direct) = match target {
            Target::Queue(queue) => {
                let rules = &self.state().rules.queues[&queue];
                (queue, rules.skills.clone(), rules.priority, None)
            }
            Target::Agent(agent) => {
                let direct = DirectTo {
                    until: self.at + self.state().rules.site.direct_wait_max,
                    behind: self.state().queue_id(from.queue_or_behind()),
                    skills: Skills::new(),
                    priority: 0,
                    agent,
                };
                (QueueId::of_agent(&direct.agent), Skills::new(), 0, Some(direct))
            }
        };
        NewVisit { queue, cause, skills, priority, ordered_since: self.at, direct, preferred: None, never }
    }

    fn put_on_hold(&mut self, segment: SegmentId) {
        let held = &self.state().segments[&segment];
        if held.state == SegmentState::Talking {
            let (contact, agent) = (held.contact, self.state().agent_id(held.agent));
            self.record(Fact::ContactHeld { contact, segment, agent });
        }
    }

    fn take_off_hold(&mut self, segment: SegmentId) {
        let Some(held) = self.state().segments.get(&segment) else { return };
        match held.state {
            SegmentState::Held { .. } => {
                let (contact, agent) = (held.contact, self.state().agent_id(held.agent));
                self.record(Fact::ContactUnheld { contact, segment, agent });
            }
            SegmentState::Connecting { .. }
            | SegmentState::Talking
            | SegmentState::LegLost { .. }
            | SegmentState::SetAside { .. }
            | SegmentState::WrapUp { .. } => {}
        }
    }

    /// The agent's consultation about the contact in his hands.
    fn asking(&self, (no, segment): (AgentNo, SegmentId), contact: ContactId) -> Result<Asking, Refusal> {
        let consultation = self.state().contacts[&contact].consulting;
        let consultation = consultation.ok_or(Refusal::WrongState { contact, expected: ContactState::Consulting })?;
        Ok(Asking { no, segment, consultation })
    }

    /// The consultee's segment, once he is there.
    fn consultee(&self, consultation: ContactId) -> Result<SegmentId, Refusal> {
        let segment = self.state().contacts[&consultation].segment;
        segment.ok_or(Refusal::WrongState { contact: consultation, expected: ContactState::Connected })
    }

    /// The same, and he is with it.
    fn consultee_at_hand(&self, consultation: ContactId) -> Result<SegmentId, Refusal> {
        let segment = self.consultee(consultation)?;
        match self.state().segments[&segment].state {
            SegmentState::Talking | SegmentState::Held { .. } => Ok(segment),
            SegmentState::Connecting { .. }
            | SegmentState::LegLost { .. }
            | SegmentState::SetAside { .. }
            | SegmentState::WrapUp { .. } => {
                Err(Refusal::WrongState { contact: consultation, expected: ContactState::Talking })
            }
        }
    }

    /// While a colleague is on the line, the customer is swapped, not held and unheld.
    pub(super) fn has_no_consultee(&self, contact: ContactId) -> Result<(), Refusal> {
        match self.state().contacts[&contact].consulting {
            Some(consultation) if self.consultee(consultation).is_ok() => {
                Err(Refusal::WrongState { contact, expected: ContactState::NotConsulting })
            }
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn is_not_consulting(&self, contact: ContactId) -> Result<(), Refusal> {
        match self.state().contacts[&contact].consulting {
            Some(_) => Err(Refusal::WrongState { contact, expected: ContactState::NotConsulting }),
            None => Ok(()),
        }
    }

    pub(super) fn complete_consultation(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let Asking { no, consultation, .. } = self.asking(self.in_hand(agent, contact)?, contact)?;
        self.consultee(consultation)?;
        self.hear(no);
        self.hand_over(contact);
        Ok(())
    }

    pub(super) fn cancel_consultation(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let Asking { no, consultation, .. } = self.asking(self.in_hand(agent, contact)?, contact)?;
        self.hear(no);
        self.cancel(consultation);
        Ok(())
    }

    /// Back to the customer, if there is one.
    fn cancel(&mut self, consultation: ContactId) {
        let parent = self.state().contacts[&consultation].consultation.and_then(|asked| asked.parent);
        let segment = parent.and_then(|parent| self.state().contacts[&parent].segment);
        self.end_consultation(consultation, ConsultationEnd::Cancelled, EndedBy::Agent);
        if let Some(segment) = segment {
            self.take_off_hold(segment);
        }
    }

    pub(super) fn swap_consultation(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let Asking { no, segment, consultation } = self.asking(self.at_hand(agent, contact)?, contact)?;
        self.consultee(consultation)?;
        if self.is_joined(consultation) {
            return Err(Refusal::WrongState { contact, expected: ContactState::NotInConference });
        }
        let consultee = self.consultee_at_hand(consultation)?;
        self.hear(no);
        if self.state().segments[&segment].state == SegmentState::Talking {
            self.put_on_hold(segment);
            self.take_off_hold(consultee);
        } else {
            self.put_on_hold(consultee);
            self.take_off_hold(segment);
        }
        Ok(())
    }

    fn is_joined(&self, consultation: ContactId) -> bool {
        self.state().contacts[&consultation].consultation.is_some_and(|asked| asked.is_joined)
    }

    pub(super) fn join_conference(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let Asking { no, segment, consultation } = self.asking(self.at_hand(agent, contact)?, contact)?;
        let consultee = self.consultee_at_hand(consultation)?;
        if self.is_joined(consultation) {
            return Ok(());
        }
        self.hear(no);
        self.record(Fact::ConsultationJoined { contact: consultation, parent: contact, agent: agent.clone() });
        self.take_off_hold(segment);
        self.take_off_hold(consultee);
        Ok(())
    }

    pub(super) fn leave_contact(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        match self.state().contacts.get(&contact) {
            Some(found) if found.consultation.is_some() => self.end_contact(agent, contact),
            Some(_) | None => self.complete_consultation(agent, contact),
        }
    }

    /// Ends a consultation by a command of one of the two; false: the contact is none that he began.
    pub(super) fn end_own_consultation(&mut self, agent: &AgentId, contact: ContactId) -> Result<bool, Refusal> {
        let no = self.agent(agent)?;
        let is_his = self.state().agent(no).consulting == Some(contact);
        if is_his {
            self.hear(no);
            self.cancel(contact);
        }
        Ok(is_his)
    }

    /// The consultee has the customer from now on.
    fn hand_over(&mut self, contact: ContactId) {
        let state = self.state();
        let given = &state.contacts[&contact];
        let segment = given.segment.expect("a consultation is about a contact in hand");
        let consultation = given.consulting.expect("the caller saw a consultation");
        let consulted = state.contacts[&consultation].segment.expect("the caller saw the consultee on the line");
        let fact = Fact::ContactHandedOver {
            contact,
            segment,
            agent: state.agent_id(state.segments[&segment].agent),
            to: state.agent_id(state.segments[&consulted].agent),
            to_segment: SegmentId(state.next_id),
            consultation,
        };
        self.record(fact);
        self.start_wrap_up(segment);
        self.close_consultation(consultation, Some(contact), ConsultationEnd::Completed, EndedBy::Transfer);
    }

    pub(super) fn end_consultation(&mut self, contact: ContactId, end: ConsultationEnd, by: EndedBy) {
        let asked = self.state().contacts[&contact].consultation.expect("the caller saw a consultation");
        self.close_consultation(contact, asked.parent, end, by);
    }

    fn close_consultation(&mut self, contact: ContactId, parent: Option<ContactId>, end: ConsultationEnd, by: EndedBy) {
        let no = self.state().contacts[&contact].consultation.expect("the caller saw a consultation").agent;
        let agent = self.state().agent_id(no);
        self.record(Fact::ConsultationEnded { contact, parent, agent, end });
        self.carry_out_end(contact, by, LeadStayEnd::UNSAID);
        self.apply_next(no);
    }

    /// An agent asked alone has not taken it: whoever asked is with his customer again.
    pub(super) fn end_if_asked_alone(&mut self, contact: ContactId, end: ConsultationEnd) {
        let found = self.state().contacts.get(&contact);
        let is_direct = |visit: &super::visit::Visit| visit.direct.is_some();
        if found.is_some_and(|found| found.consultation.is_some() && found.visit.as_ref().is_some_and(is_direct)) {
            self.end_consultation(contact, end, EndedBy::Router);
        }
    }

    /// The consultee is on the line: the customer hears nothing of it.
    pub(super) fn consultee_is_connected(&mut self, contact: ContactId) {
        let parent = self.state().contacts[&contact].consultation.and_then(|asked| asked.parent);
        if let Some(segment) = parent.and_then(|parent| self.state().contacts[&parent].segment) {
            self.put_on_hold(segment);
        }
    }

    /// The customer's contact is over: who talk on hear each other, who has not come need not.
    pub(super) fn parent_is_over(&mut self, consultation: Option<ContactId>) {
        let Some(consultation) = consultation else { return };
        match self.consultee(consultation) {
            Ok(segment) => self.take_off_hold(segment),
            Err(_) => self.end_consultation(consultation, ConsultationEnd::CustomerLeft, EndedBy::Router),
        }
    }

    /// Who asked has no leg any more: the consultee takes over, or the customer goes first in line.
    pub(super) fn first_agent_is_gone(&mut self, contact: ContactId) {
        let given = &self.state().contacts[&contact];
        let segment = given.segment.expect("a consultation is about a contact in hand");
        let consultation = given.consulting.expect("the caller saw a consultation");
        if self.consultee(consultation).is_ok() {
            self.hand_over(contact);
        } else {
            self.end_consultation(consultation, ConsultationEnd::FirstAgentLeft, EndedBy::Router);
            self.return_first(segment);
        }
    }

    /// The agent is taken from a consultation that he began, when there is one.
    pub(super) fn abandon_consultation(&mut self, no: AgentNo) {
        let Some(consultation) = self.state().agent(no).consulting else { return };
        match self.state().contacts[&consultation].consultation.and_then(|asked| asked.parent) {
            Some(parent) => self.first_agent_is_gone(parent),
            None => self.end_consultation(consultation, ConsultationEnd::Left, EndedBy::Router),
        }
    }

    /// Whether the contact was a consultation; then it ends.
    pub(super) fn consultee_is_gone(&mut self, contact: ContactId, by: EndedBy) -> bool {
        let is_one = self.state().contacts[&contact].consultation.is_some();
        if is_one {
            self.end_consultation(contact, ConsultationEnd::Left, by);
        }
        is_one
    }

    pub(super) fn escalate_contact(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        reason: Arc<str>,
        added: Details,
    ) -> Result<(), Refusal> {
        let (no, segment) = self.in_hand(agent, contact)?;
        self.is_customers(contact)?;
        self.is_not_consulting(contact)?;
        let from = self.state().segments[&segment].from.clone();
        let escalation = self.state().queue(from.queue_or_behind()).rules.escalation.clone();
        let queue = escalation
            .filter(|queue| self.queue_in_rules(queue).is_ok())
            .ok_or(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AQueueWithAnEscalation })?;
        self.takes_more(contact, &added)?;
        self.hear(no);
        let rules = &self.state().rules.queues[&queue];
        let visit = NewVisit {
            queue: queue.clone(),
            cause: QueuedBy::Escalated { agent: agent.clone(), reason },
            skills: rules.skills.clone(),
            priority: rules.priority,
            ordered_since: from.ordered_since,
            direct: None,
            preferred: None,
            never: self.agent_ids(&from.never),
        };
        self.give_on(contact, segment, Destination::Queue(queue), added);
        self.queue(contact, visit);
        Ok(())
    }
}
