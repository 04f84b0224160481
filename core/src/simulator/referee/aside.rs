//! Capacity: what an agent's offers and segments cost, for what he has room, and what he sets aside to take
//! a contact that may interrupt. Counts everything anew each time.

use super::model::{Agent, Model, SegmentState};
use super::turn::Turn;
use crate::routing::event::Fact;
use crate::routing::ids::{AgentId, ContactId, SegmentId};
use crate::routing::rule_set::Channel;

/// One offer (`state` None) or segment of an agent.
pub(crate) struct Load {
    pub channel: Channel,
    pub state: Option<SegmentState>,
}

/// How an agent has room for a contact; what is first is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Room {
    Free,
    /// Once he has set aside what it may interrupt.
    ByInterruption,
}

impl Load {
    fn is_set_aside(&self) -> bool {
        matches!(self.state, Some(SegmentState::SetAside { .. }))
    }

    fn is_talking_or_held(&self) -> bool {
        matches!(self.state, Some(SegmentState::Talking | SegmentState::Held { .. }))
    }
}

impl Model {
    pub(crate) fn loads_of(&self, agent: &AgentId) -> Vec<Load> {
        let mut loads = Vec::new();
        for contact in self.all_contacts() {
            let channel = contact.channel;
            let offers = contact.offers().iter().filter(|offer| offer.agent == *agent);
            loads.extend(offers.map(|_| Load { channel, state: None }));
            let segments = contact.segments.iter().filter(|segment| segment.agent == *agent);
            loads.extend(segments.map(|segment| Load { channel, state: Some(segment.state) }));
        }
        loads
    }

    fn cost<'a>(&self, loads: impl Iterator<Item = &'a Load>) -> u32 {
        loads.map(|load| self.site().channel_cost.of(load.channel)).sum()
    }

    /// Units of capacity in use.
    pub(crate) fn used(&self, loads: &[Load]) -> u32 {
        self.cost(loads.iter().filter(|load| !load.is_set_aside()))
    }

    /// None: no room for one more contact of the channel, whatever he sets aside.
    pub(crate) fn room(&self, agent: &Agent, loads: &[Load], channel: Channel) -> Option<Room> {
        let capacity = &agent.rules.capacity;
        let of_channel = loads.iter().filter(|load| load.channel == channel).count() as u32;
        if of_channel >= capacity.channel_max.of(channel) {
            return None;
        }
        let with_it = self.used(loads) + self.site().channel_cost.of(channel);
        let may_set_aside =
            |load: &&Load| load.is_talking_or_held() && self.site().may_interrupt(channel, load.channel);
        if with_it <= capacity.total {
            Some(Room::Free)
        } else if with_it - self.cost(loads.iter().filter(may_set_aside)) <= capacity.total {
            Some(Room::ByInterruption)
        } else {
            None
        }
    }

    /// The agent's segment with the greatest number among those he talks on or holds and `channel` may interrupt.
    fn next_to_set_aside(&self, agent: &AgentId, channel: Channel) -> Option<(ContactId, SegmentId)> {
        let segments = self.segments_of(agent).into_iter();
        segments
            .filter(|(contact, _)| self.site().may_interrupt(channel, contact.channel))
            .filter(|(_, segment)| matches!(segment.state, SegmentState::Talking | SegmentState::Held { .. }))
            .map(|(contact, segment)| (contact.id, segment.id))
            .max_by_key(|(_, segment)| *segment)
    }
}

impl Turn {
    /// Until the agent, who has just taken `contact`, has no more in hand than he can.
    pub(crate) fn set_aside_for(&mut self, agent: &AgentId, contact: ContactId, by: SegmentId) {
        let channel = self.model.contacts[&contact].channel;
        let known = self.model.agent(agent);
        let total = if known.in_rules { known.rules.capacity.total } else { 0 };
        while self.model.used(&self.model.loads_of(agent)) > total {
            let Some((contact, segment)) = self.model.next_to_set_aside(agent, channel) else { return };
            self.record(Fact::SegmentSetAside { contact, segment, agent: agent.clone(), by });
        }
    }

    /// What the agent had set aside for a segment that is gone.
    pub(crate) fn take_up_what_was_set_aside(&mut self, agent: &AgentId, gone: SegmentId) {
        let segments = self.model.segments_of(agent).into_iter();
        let mut waiting: Vec<(SegmentId, ContactId)> = segments
            .filter(|(_, segment)| matches!(segment.state, SegmentState::SetAside { by, .. } if by == gone))
            .map(|(contact, segment)| (segment.id, contact.id))
            .collect();
        waiting.sort();
        for (segment, contact) in waiting {
            self.record(Fact::SegmentTakenUp { contact, segment, agent: agent.clone() });
        }
    }
}
