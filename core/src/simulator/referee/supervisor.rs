//! What supervisors order, and how an agent is logged out, by himself too. Never takes a word of the agent
//! it is about for a sign that he is there.

use super::contacts::Queueing;
use super::model::{Contact, Model, Segment, SegmentState, Visit};
use super::turn::Turn;
use crate::routing::command::{EndedBy, LegFailure, LogOutHow, Presence, PresenceWhen};
use crate::routing::event::{
    AgentChange, ConsultationEnd, DirectTo, Event, Fact, QueuedBy, Reach, RevokedWhy, VisitEnd,
};
use crate::routing::ids::{AgentId, ContactId, QueueId, SegmentId};
use crate::routing::refusal::{ContactState, Expected, FieldName, Refusal};
use crate::routing::skill::Skills;

/// Steps of head start that a supervisor may give or take.
const PRIORITY_MAX: u32 = 1_000;

impl Model {
    /// What orders mean for the state.
    pub(super) fn apply_to_orders(&mut self, event: &Event) {
        if let Fact::VisitPrioritised { contact, priority, .. } = &event.fact {
            let mut visit = self.visit_mut(*contact).clone();
            visit.priority = *priority;
            visit.priority_is_ordered = true;
            visit.key = self.order_key(*contact, &visit.queue, visit.priority, visit.ordered_since);
            *self.visit_mut(*contact) = visit;
        }
        if let Fact::QueuePaused { queue } = &event.fact {
            self.paused.insert(queue.clone());
        }
        if let Fact::QueueResumed { queue } = &event.fact {
            self.paused.remove(queue);
        }
    }

    pub(crate) fn paused_queues(&self) -> impl Iterator<Item = &QueueId> {
        self.paused.iter()
    }
}

impl Turn {
    pub(super) fn check_in_rules(&self, agent: &AgentId) -> Result<(), Refusal> {
        let mut known = self.model.agents.iter().filter(|known| known.in_rules);
        if known.any(|known| known.id == *agent) { Ok(()) } else { Err(Refusal::UnknownAgent { agent: agent.clone() }) }
    }

    fn check_logged_in(&self, agent: &AgentId) -> Result<(), Refusal> {
        if self.model.agent(agent).presence == Presence::Offline {
            return Err(Refusal::AgentNotLoggedIn { agent: agent.clone() });
        }
        Ok(())
    }

    pub(super) fn check_queue_of_rules(&self, queue: &QueueId) -> Result<(), Refusal> {
        let known = self.model.rules.as_ref().is_some_and(|rules| rules.queues.contains_key(queue));
        if known { Ok(()) } else { Err(Refusal::UnknownQueue { queue: queue.clone() }) }
    }

    pub(super) fn living(&self, contact: ContactId) -> Result<Contact, Refusal> {
        let living = self.model.contacts.get(&contact).filter(|known| !known.ended);
        match living {
            Some(known) => Ok((**known).clone()),
            None if self.was_given(contact.0) => Err(Refusal::ContactEnded { contact: Some(contact) }),
            None => Err(Refusal::UnknownContact),
        }
    }

    pub(super) fn set_presence_of(
        &mut self,
        agent: &AgentId,
        presence: &Presence,
        when: PresenceWhen,
    ) -> Result<(), Refusal> {
        self.check_in_rules(agent)?;
        if *presence == Presence::Offline {
            let (field, expected) = (FieldName::Presence, Expected::AvailableOrNotReady);
            return Err(Refusal::InvalidField { field, expected });
        }
        self.check_logged_in(agent)?;
        self.take_presence(agent, presence, when, AgentChange::SetBySupervisor);
        Ok(())
    }

    pub(super) fn log_out(&mut self, by_supervisor: bool, agent: &AgentId, how: LogOutHow) -> Result<(), Refusal> {
        if by_supervisor {
            let known = self.model.agents.iter().any(|known| known.id == *agent);
            known.then_some(()).ok_or_else(|| Refusal::UnknownAgent { agent: agent.clone() })?;
        } else {
            self.check_in_rules(agent)?;
            match how {
                LogOutHow::Finish => {
                    self.take_presence(agent, &Presence::Offline, PresenceWhen::Now, AgentChange::Chosen);
                    return Ok(());
                }
                LogOutHow::HandBack => {}
                LogOutHow::Force => {
                    let (field, expected) = (FieldName::How, Expected::ForcedByASupervisorOnly);
                    return Err(Refusal::InvalidField { field, expected });
                }
            }
        }
        if self.model.agent(agent).presence == Presence::Offline {
            return Ok(());
        }
        if !by_supervisor {
            self.change_agent_if_it_differs(agent, AgentChange::HeardFrom, |agent| agent.reach = Reach::Here);
        }
        self.goes_out(agent, if by_supervisor { AgentChange::LoggedOut } else { AgentChange::Chosen });
        match how {
            LogOutHow::Finish => {}
            LogOutHow::HandBack => self.hand_back_tickets(agent),
            LogOutHow::Force => self.take_all_from(agent),
        }
        Ok(())
    }

    /// At once, or when his work is done; no more offers until then.
    fn goes_out(&mut self, agent: &AgentId, cause: AgentChange) {
        self.revoke_all(agent, RevokedWhy::NotAvailable);
        let has_work = self.model.has_work(agent);
        self.change_agent_if_it_differs(agent, cause, |agent| {
            if has_work {
                agent.next = Some(Presence::Offline);
            } else {
                agent.presence = Presence::Offline;
                agent.next = None;
            }
        });
    }

    fn parts_of(&self, agent: &AgentId) -> Vec<(ContactId, Segment)> {
        let mut parts: Vec<(ContactId, Segment)> =
            self.model.segments_of(agent).into_iter().map(|(contact, segment)| (contact.id, segment.clone())).collect();
        parts.sort_by_key(|(contact, segment)| (*contact, segment.id));
        parts
    }

    fn part(&self, contact: ContactId, segment: SegmentId) -> Option<Segment> {
        let segments = &self.model.contacts.get(&contact)?.segments;
        segments.iter().find(|open| open.id == segment).cloned()
    }

    fn hand_back_tickets(&mut self, agent: &AgentId) {
        for (contact, segment) in self.parts_of(agent) {
            if self.model.contacts[&contact].channel.is_written() && segment.with_customer() {
                self.hand_back(contact, &segment, QueuedBy::HandedBack { agent: agent.clone() });
            }
        }
    }

    fn take_all_from(&mut self, agent: &AgentId) {
        if let Some(begun) = self.model.consultation_by(agent) {
            let (consultation, parent) = (begun.id, begun.consultation.as_ref().and_then(|known| known.parent));
            match parent {
                Some(parent) => self.first_agent_gone(parent),
                None => self.end_consultation(consultation, None, ConsultationEnd::Left, EndedBy::Router),
            }
        }
        for (contact, segment) in self.parts_of(agent) {
            let Some(segment) = self.part(contact, segment.id) else { continue };
            match segment.state {
                SegmentState::Connecting { .. } => self.connecting_failed(contact, LegFailure::CalledOff, None),
                SegmentState::Talking
                | SegmentState::Held { .. }
                | SegmentState::LegLost { .. }
                | SegmentState::SetAside { .. } => {
                    if let Some(asked) = self.model.contacts[&contact].consultation.clone() {
                        self.end_consultation(contact, asked.parent, ConsultationEnd::Left, EndedBy::Router);
                        continue;
                    }
                    self.hand_back(contact, &segment, QueuedBy::HandedBack { agent: agent.clone() });
                }
                SegmentState::WrapUp { .. } => {}
            }
        }
        let mut left: Vec<SegmentId> = self.parts_of(agent).into_iter().map(|(_, segment)| segment.id).collect();
        left.sort();
        for segment in left {
            self.close_segment(segment, None, None);
        }
    }

    pub(super) fn waiting_visit(contact: &Contact) -> Result<Visit, Refusal> {
        if contact.consultation.is_some() {
            let (field, expected) = (FieldName::Contact, Expected::ACustomersContact);
            return Err(Refusal::InvalidField { field, expected });
        }
        let waiting = contact.waiting().cloned();
        waiting.ok_or(Refusal::WrongState { contact: contact.id, expected: ContactState::Waiting })
    }

    pub(super) fn move_contact(&mut self, contact: ContactId, queue: &QueueId) -> Result<(), Refusal> {
        let known = self.living(contact)?;
        self.check_queue_of_rules(queue)?;
        let visit = Turn::waiting_visit(&known)?;
        if visit.queue != *queue {
            self.rescind_all(contact);
            self.move_on(contact, &visit, queue.clone(), QueuedBy::Moved);
        }
        Ok(())
    }

    pub(super) fn assign(&mut self, contact: ContactId, agent: &AgentId) -> Result<(), Refusal> {
        let known = self.living(contact)?;
        self.check_in_rules(agent)?;
        self.check_logged_in(agent)?;
        let visit = Turn::waiting_visit(&known)?;
        if visit.never.contains(agent) {
            let (field, expected) = (FieldName::Agent, Expected::AnAgentTheCustomerMayGet);
            return Err(Refusal::InvalidField { field, expected });
        }
        if visit.direct.as_ref().is_some_and(|direct| direct.agent == *agent) {
            return Ok(());
        }
        let until = self.at + self.model.site().direct_wait_max;
        let direct = match visit.direct {
            Some(before) => DirectTo { agent: agent.clone(), until, ..before },
            None => {
                let own = self.model.queue(&visit.queue).priority;
                let priority = visit.priority.saturating_sub(own);
                DirectTo { agent: agent.clone(), until, behind: visit.queue, skills: visit.skills, priority }
            }
        };
        self.rescind_all(contact);
        self.end_visit(contact, VisitEnd::FlowedOut);
        self.queue_contact(
            contact,
            Queueing {
                queue: QueueId::of_agent(agent),
                cause: QueuedBy::Assigned,
                skills: Skills::new(),
                priority: 0,
                ordered_since: visit.ordered_since,
                direct: Some(direct),
                preferred: None,
                never: visit.never,
                failed: Vec::new(),
            },
        );
        Ok(())
    }

    pub(super) fn prioritise(&mut self, contact: ContactId, priority: i32) -> Result<(), Refusal> {
        let known = self.living(contact)?;
        if priority.unsigned_abs() > PRIORITY_MAX {
            let (field, expected) = (FieldName::Priority, Expected::FromMinus1000To1000);
            return Err(Refusal::InvalidField { field, expected });
        }
        let visit = Turn::waiting_visit(&known)?;
        if visit.priority != priority {
            self.record(Fact::VisitPrioritised { contact, visit: visit.id, priority });
        }
        Ok(())
    }

    pub(super) fn close_contact(&mut self, contact: ContactId) -> Result<(), Refusal> {
        self.living(contact)?;
        self.end_contact(contact, EndedBy::Supervisor);
        Ok(())
    }

    pub(super) fn pause(&mut self, queue: &QueueId) -> Result<(), Refusal> {
        self.check_queue_of_rules(queue)?;
        if !self.model.paused.contains(queue) {
            self.record(Fact::QueuePaused { queue: queue.clone() });
        }
        Ok(())
    }

    pub(super) fn resume_queue(&mut self, queue: &QueueId) -> Result<(), Refusal> {
        if !self.model.queues.contains_key(queue) {
            return Err(Refusal::UnknownQueue { queue: queue.clone() });
        }
        if self.model.paused.contains(queue) {
            self.record(Fact::QueueResumed { queue: queue.clone() });
        }
        Ok(())
    }
}
