//! What an agent chooses from the list himself: an offer and its accept in one. He skips the order of service, never
//! what the contact asks of its agent.

use serde_json::Value;
use smallvec::SmallVec;
use std::sync::Arc;

use super::command::Direction;
use super::entry::{NewVisit, contact_value};
use super::event::QueuedBy;
use super::gateways::Arrival;
use super::ids::{AgentId, ContactId, ContactRef, GatewayId, QueueId};
use super::lane::{BoundContact, Requirement};
use super::personal::Attributes;
use super::refusal::{Expected, FieldName, Refusal};
use super::router::ContactRouter;
use super::rule_set::{Channel, ChannelGroup};
use super::selection::Choice;
use super::table::{AgentNo, QueueNo};
use super::turn::Turn;
use super::why::Why;

/// A piece of work that becomes a contact.
pub(super) struct NewTask {
    pub reference: ContactRef,
    pub queue: QueueId,
    pub taken_by: Option<AgentId>,
    pub attributes: Attributes,
    pub event: u64,
}

impl Turn<'_> {
    pub(super) fn take_contact(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let no = self.agent(agent)?;
        if self.living(contact)?.channel.group() != ChannelGroup::Deferred {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AnEmailOrATask });
        }
        let offers = &self.waiting(contact)?.offers;
        if let Some(own) = offers.iter().find(|offer| self.state().offers[*offer].agent == no) {
            return self.accept_offer(agent, *own);
        }
        if !self.could_be_offered(contact, no) {
            return Err(Refusal::NotToBeOffered { agent: agent.clone() });
        }
        self.hear(no);
        self.take(contact, no);
        Ok(())
    }

    pub(super) fn open_task(&mut self, gateway: &GatewayId, task: NewTask) -> Result<(), Refusal> {
        if !self.is_news(gateway, &task.reference)? {
            return Ok(());
        }
        let queue = self.queue_in_rules(&task.queue)?;
        let taken_by =
            task.taken_by.as_ref().map(|agent| self.agent_for(agent, queue, &task.attributes)).transpose()?;
        self.attach_gateway(gateway);
        let NewTask { reference, attributes, event, .. } = task;
        let customer = attributes.get("customer").cloned().unwrap_or(Value::Null);
        let (channel, direction) = (Channel::Task, Direction::Inbound);
        let arrival = Arrival { reference, channel, direction, from: None, to: None, attributes, event };
        let contact = self.take_up(gateway, arrival);
        let rules = Arc::clone(&self.state().rules);
        let queue_rules = &rules.queues[&task.queue];
        let never = self.never_offered(&customer);
        let visit = NewVisit {
            preferred: match taken_by {
                Some(_) => None,
                None => self.preference(contact, &task.queue, queue_rules, &queue_rules.skills, &customer, &never),
            },
            queue: task.queue,
            cause: QueuedBy::Work,
            skills: queue_rules.skills.clone(),
            priority: queue_rules.priority,
            ordered_since: self.at,
            direct: None,
            never,
        };
        self.queue(contact, visit);
        if let Some(no) = taken_by {
            self.hear(no);
            self.take(contact, no);
        }
        Ok(())
    }

    /// Held out to him and accepted by him.
    fn take(&mut self, contact: ContactId, agent: AgentNo) {
        let why = Why { taken: true, ..Why::alone(self.state().rules_version) };
        let offer = self.offer(contact, Choice { agent, why });
        self.connect(offer);
    }

    /// Whether it stands in line, and the agent could take it now. What he declined he may take after all.
    fn could_be_offered(&self, contact: ContactId, agent: AgentNo) -> bool {
        let index = &self.router.index;
        let Some((lane, _)) = index.lanes.place_of(contact) else { return false };
        let lane = index.lanes.lane(lane);
        let visit = self.state().contacts[&contact].visit.as_ref().expect("who stands in line has a visit");
        lane.admits.contains(agent.position())
            && index.routable[lane.channel.index()].contains(agent.position())
            && !visit.never.contains(&agent)
    }

    /// The agent, if a task with these attributes could be offered to him in this queue.
    fn agent_for(&mut self, agent: &AgentId, queue: QueueNo, attributes: &Attributes) -> Result<AgentNo, Refusal> {
        let no = self.agent(agent)?;
        let never = self.never_offered(attributes.get("customer").unwrap_or(&Value::Null));
        let ContactRouter { state, index } = &mut *self.router;
        let channel = Channel::Task;
        let known = || contact_value(channel, Direction::Inbound, None, None, attributes);
        let rules = &state.queue(queue).rules;
        let asked = Requirement {
            queue,
            channel,
            only: None,
            team: None,
            skills: Arc::new(rules.skills.clone()),
            joined: SmallVec::new(),
            contact: BoundContact::of_value(state, queue, &[], known),
        };
        let can_be_his = !state.queue(queue).is_paused
            && index.routable[channel.index()].contains(no.position())
            && !never.contains(agent)
            && index.lanes.admits(state, &asked, no);
        can_be_his.then_some(no).ok_or_else(|| Refusal::NotToBeOffered { agent: agent.clone() })
    }
}
