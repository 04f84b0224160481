//! Chats, mails and tasks: messages that pass, contacts that are laid down and taken up, chats gone quiet.

use super::contacts::Queueing;
use super::deadlines::{Deadline, DeadlineKind};
use super::exits::counts;
use super::model::{Contact, Model, SegmentState, Suspended};
use super::turn::Turn;
use crate::routing::command::{PassedMessage, Speaker};
use crate::routing::event::{DirectTo, Event, Fact, QueuedBy, TakenUpWhy};
use crate::routing::ids::{AgentId, ContactId, ContactRef, GatewayId, QueueId};
use crate::routing::refusal::{Expected, FieldName, Refusal};
use crate::routing::rule_set::Channel;
use crate::routing::skill::Skills;
use crate::routing::time::{Millis, Timestamp};

/// The longest time for which a contact is laid down: 90 days.
const SUSPENDED_MAX: Millis = Millis::minutes(90 * 24 * 60);

fn only_written(contact: &Contact) -> Result<(), Refusal> {
    if contact.channel.is_written() {
        Ok(())
    } else {
        Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AWrittenContact })
    }
}

impl Model {
    /// What laying down and silence mean for the state.
    pub(super) fn apply_to_written(&mut self, event: &Event) {
        let at = event.at;
        if let Fact::ContactSuspended { contact, segment, agent, until } = &event.fact {
            let from = self.segment_mut(*segment).answered.clone();
            self.contact_mut(*contact).suspended = Some(Suspended { agent: agent.clone(), until: *until, from });
        }
        if let Fact::ContactTakenUp { contact, .. } = &event.fact {
            self.contact_mut(*contact).suspended = None;
        }
        if let Fact::MessagePassed { contact, gateway_event, .. } = &event.fact {
            let contact = self.contact_mut(*contact);
            contact.last_message = contact.last_message.max(*gateway_event);
        }
        let about = event.fact.contact().filter(|about| self.contacts.contains_key(about));
        let Some(contact) = about.map(|about| self.contact_mut(about)) else { return };
        let has_answered = matches!(event.fact, Fact::ContactConnected { .. })
            || (matches!(event.fact, Fact::MessagePassed { by: Speaker::Agent, .. }) && contact.owner().is_some());
        if has_answered && contact.channel == Channel::Chat {
            contact.quiet_since = Some(at);
        }
        if matches!(
            event.fact,
            Fact::MessagePassed { by: Speaker::Customer, .. }
                | Fact::ContactTransferred { .. }
                | Fact::ContactReturned { .. }
                | Fact::ContactSuspended { .. }
        ) {
            contact.quiet_since = None;
        }
        if matches!(event.fact, Fact::SegmentTakenUp { .. }) {
            contact.quiet_since = contact.quiet_since.map(|_| at);
        }
    }

    /// Contacts laid down until a time, and chats that may have become quiet.
    pub(super) fn written_due(&self) -> Vec<Deadline> {
        let mut due = Vec::new();
        for contact in self.all_contacts() {
            let mut add = |kind, at| due.push(Deadline { at, kind, number: contact.id.0, contact: Some(contact.id) });
            if let Some(until) = contact.suspended.as_ref().and_then(|suspended| suspended.until) {
                add(DeadlineKind::Suspended, until);
            }
            let Some(owner) = contact.owner() else { continue };
            let limit = self.queue(&owner.answered.queue).idle_limit;
            let with_him = matches!(owner.state, SegmentState::Talking | SegmentState::Held { .. });
            if let Some(since) = contact.quiet_since.filter(|_| with_him && limit > Millis::ZERO) {
                add(DeadlineKind::Idle, since + limit);
            }
        }
        due.retain(|due| due.contact.is_some_and(|contact| !self.contacts[&contact].ended));
        due
    }
}

impl Turn {
    pub(crate) fn suspend(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        until: Option<Timestamp>,
    ) -> Result<(), Refusal> {
        let segment = self.connected_segment(agent, contact)?;
        only_written(&self.model.contacts[&contact])?;
        if until.is_some_and(|until| until <= self.at || until > self.at + SUSPENDED_MAX) {
            let expected = Expected::ATimeToComeWithin90Days;
            return Err(Refusal::InvalidField { field: FieldName::Until, expected });
        }
        self.record(Fact::ContactSuspended { contact, segment: segment.id, agent: agent.clone(), until });
        self.close_segment(segment.id, None, None);
        Ok(())
    }

    pub(crate) fn message_passed(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        by: Speaker,
        gateway_event: u64,
        message: Option<PassedMessage>,
    ) -> Result<(), Refusal> {
        let Contact { id: contact, last_message, suspended, .. } = {
            let found = self.find(gateway, reference)?;
            only_written(&found)?;
            found
        };
        if message.is_none() && gateway_event != 0 && gateway_event <= last_message {
            return Ok(());
        }
        self.record(Fact::MessagePassed { contact, by, agent: None, gateway_event, message });
        if by == Speaker::Customer && suspended.is_some() {
            self.take_up(contact, TakenUpWhy::Reply);
        }
        Ok(())
    }

    pub(crate) fn send_message(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        message: PassedMessage,
    ) -> Result<(), Refusal> {
        self.connected_segment(agent, contact)?;
        if !matches!(self.model.contacts[&contact].channel, Channel::Chat | Channel::Email) {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AChatOrAnEmail });
        }
        let (by, message, gateway_event) = (Speaker::Agent, Some(message), 0);
        self.record(Fact::MessagePassed { contact, by, agent: Some(agent.clone()), gateway_event, message });
        Ok(())
    }

    /// To the agent who laid it down, if he is there and may have it; else to the queue it came from.
    pub(crate) fn take_up(&mut self, contact: ContactId, why: TakenUpWhy) {
        let laid_down = self.model.contacts[&contact].suspended.clone().expect("it is suspended");
        let Suspended { agent, from, .. } = laid_down;
        self.record(Fact::ContactTakenUp { contact, agent: agent.clone(), why });
        let (behind, skills, priority) = match from.direct {
            Some(direct) => (direct.behind, direct.skills, direct.priority),
            None => {
                let own = self.model.queue(&from.queue).priority;
                (from.queue, from.skills, from.priority.saturating_sub(own))
            }
        };
        let cause = QueuedBy::TakenUp { agent: agent.clone() };
        let he_may = counts(self.model.agent(&agent)) && !from.never.contains(&agent);
        let there = self.model.queue(&behind);
        let mut all_skills = there.skills.clone();
        all_skills.extend(skills.clone());
        let (ordered_since, preferred, never) = (self.at, None, from.never);
        let queueing = if he_may {
            let until = self.at + self.model.site().return_wait_max;
            Queueing {
                queue: QueueId::of_agent(&agent),
                cause,
                skills: Skills::new(),
                priority: 0,
                ordered_since,
                direct: Some(DirectTo { agent, until, behind, skills, priority }),
                preferred,
                never,
                failed: Vec::new(),
            }
        } else {
            Queueing {
                queue: behind,
                cause,
                skills: all_skills,
                priority: there.priority.saturating_add(priority),
                ordered_since,
                direct: None,
                preferred,
                never,
                failed: Vec::new(),
            }
        };
        self.queue_contact(contact, queueing);
    }
}
