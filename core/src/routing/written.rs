//! Chats, mails and tasks: laid down and taken up again, closed when the customer has gone quiet.
//! What was said is not here.

use std::sync::Arc;

use super::command::{EndedBy, PassedMessage, Speaker};
use super::entry::NewVisit;
use super::event::{DirectTo, Fact, QueuedBy, TakenUpWhy};
use super::ids::{AgentId, ContactId, ContactRef, GatewayId, QueueId};
use super::refusal::{Expected, FieldName, Refusal};
use super::rule_set::Channel;
use super::segment::SegmentState;
use super::skill::Skills;
use super::state::State;
use super::time::{Millis, Timestamp};
use super::turn::Turn;
use super::visit::Suspended;

/// Longest time for which a contact may be laid down.
const SUSPENDED_MAX: Millis = Millis::minutes(90 * 24 * 60);

/// What a gateway says of one message.
pub(super) struct Said {
    pub by: Speaker,
    pub event: u64,
    pub message: Option<PassedMessage>,
}

impl Turn<'_> {
    pub(super) fn suspend_contact(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        until: Option<Timestamp>,
    ) -> Result<(), Refusal> {
        let (no, segment) = self.in_hand(agent, contact)?;
        if !self.state().contacts[&contact].channel.is_written() {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AWrittenContact });
        }
        if until.is_some_and(|until| until <= self.at || until > self.at + SUSPENDED_MAX) {
            return Err(Refusal::InvalidField { field: FieldName::Until, expected: Expected::ATimeToComeWithin90Days });
        }
        self.hear(no);
        self.record(Fact::ContactSuspended { contact, segment, agent: agent.clone(), until });
        self.close_segment(segment, None, None);
        Ok(())
    }

    /// The customer's message brings a suspended contact back.
    pub(super) fn message_passed(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        said: Said,
    ) -> Result<(), Refusal> {
        let Said { by, event, message } = said;
        let contact = self.live(gateway, reference)?;
        let known = &self.state().contacts[&contact];
        if !known.channel.is_written() {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AWrittenContact });
        }
        let comes_back = by == Speaker::Customer && known.suspended.is_some();
        if message.is_none() {
            if event != 0 && event <= known.gateway_event {
                return Ok(());
            }
            self.attach_gateway(gateway);
        }
        self.record(Fact::MessagePassed { contact, by, agent: None, gateway_event: event, message });
        if comes_back {
            self.take_up_again(contact, TakenUpWhy::Reply);
        }
        Ok(())
    }

    pub(super) fn send_message(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        message: PassedMessage,
    ) -> Result<(), Refusal> {
        let (no, _) = self.in_hand(agent, contact)?;
        if !matches!(self.state().contacts[&contact].channel, Channel::Chat | Channel::Email) {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AChatOrAnEmail });
        }
        self.hear(no);
        let (by, agent, message) = (Speaker::Agent, Some(agent.clone()), Some(message));
        self.record(Fact::MessagePassed { contact, by, agent, gateway_event: 0, message });
        Ok(())
    }

    /// To the agent who had laid it down, when he is logged in; else to its queue.
    pub(super) fn take_up_again(&mut self, contact: ContactId, why: TakenUpWhy) {
        let suspended = self.state().contacts[&contact].suspended.clone().expect("the caller saw it suspended");
        let Suspended { agent: no, from, .. } = suspended;
        let (agent, known) = (self.state().agent_id(no), self.state().agent(no));
        let is_there = known.is_counted_on() && !from.never.contains(&no);
        let never = self.agent_ids(&from.never);
        let cause = QueuedBy::TakenUp { agent: agent.clone() };
        let behind = from.queue_or_behind();
        let (skills, priority) = match &from.behind {
            Some(behind) => ((*behind.skills).clone(), behind.priority),
            None => {
                let of_queue = self.state().queue(behind).rules.priority;
                ((*from.skills).clone(), from.priority.saturating_sub(of_queue))
            }
        };
        let visit = if is_there {
            NewVisit {
                queue: QueueId::of_agent(&agent),
                cause,
                skills: Skills::new(),
                priority: 0,
                ordered_since: self.at,
                direct: Some(DirectTo {
                    agent: agent.clone(),
                    until: self.at + self.state().rules.site.return_wait_max,
                    behind: self.state().queue_id(behind),
                    skills,
                    priority,
                }),
                preferred: None,
                never,
            }
        } else {
            let behind = super::visit::Behind { queue: behind, skills: Arc::new(skills), priority };
            self.behind(&behind, cause, self.at, never)
        };
        self.record(Fact::ContactTakenUp { contact, agent, why });
        self.queue(contact, visit);
    }

    /// The customer has not answered for so long that the chat is over.
    pub(super) fn chat_is_idle(&mut self, contact: ContactId) {
        let segment = self.state().contacts[&contact].segment.expect("only a chat in hand has this deadline");
        self.end(contact, EndedBy::Router, Some(segment));
        self.start_wrap_up(segment);
    }
}

/// When a contact in its agent's hands is closed because the customer has gone quiet.
pub(super) fn idle_at(state: &State, contact: ContactId) -> Option<Timestamp> {
    let known = state.contacts.get(&contact).filter(|known| known.channel == Channel::Chat)?;
    let segment = &state.segments[&known.segment?];
    let limit = state.queue(segment.from.queue).rules.idle_limit;
    let counts = match segment.state {
        SegmentState::Talking | SegmentState::Held { .. } => limit.0 > 0,
        SegmentState::Connecting { .. }
        | SegmentState::LegLost { .. }
        | SegmentState::SetAside { .. }
        | SegmentState::WrapUp { .. } => false,
    };
    known.quiet_since.filter(|_| counts).map(|since| since + limit)
}

/// When a suspended contact comes back by itself.
pub(super) fn suspended_until(state: &State, contact: ContactId) -> Option<Timestamp> {
    state.contacts.get(&contact)?.suspended.as_ref()?.until
}
