//! What readers may ask of the router between two commands. Changes nothing.

use super::gateway::Reference;
use super::hold::Hold;
use super::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId, SegmentId};
use super::index::Index;
use super::router::ContactRouter;
use super::rule_set::Channel;
use super::segment::{Segment, SegmentState};
use super::state::State;
use super::time::Timestamp;
use super::visit::{Contact, Visit};

/// Places counted from either end of a queue; further in, a place is not told.
const PLACES_LOOKED_AT_MAX: usize = 1_000;

/// What a gateway should be doing with one of its contacts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Doing {
    /// Waiting or offered: the caller hears music.
    Queued,
    Connecting {
        order: EventNo,
        segment: SegmentId,
        agent: AgentId,
        connect_by: Timestamp,
    },
    Connected {
        segment: SegmentId,
        agent: AgentId,
    },
    Held {
        segment: SegmentId,
        agent: AgentId,
    },
}

impl ContactRouter {
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    #[must_use]
    pub fn contact(&self, contact: ContactId) -> Option<&Contact> {
        self.state.contacts.get(&contact)
    }

    /// A contact by its gateway's own name, while it is known.
    #[must_use]
    pub fn reference(&self, gateway: &GatewayId, reference: &ContactRef, now: Timestamp) -> Option<Reference> {
        self.state.references.get(self.state.gateway_no(gateway)?, reference, now)
    }

    /// Place in its queue, from 1, among those who wait there; None further in than 1,000 from
    /// both ends, and when the contact does not wait.
    #[must_use]
    pub fn place(&self, contact: ContactId) -> Option<usize> {
        let (lane, key) = self.index.lanes.place_of(contact)?;
        let queue = self.index.lanes.lane(lane).queue;
        let lanes = || self.index.lanes.of_queue(queue);
        let before: usize = lanes().map(|lane| lane.waiting.range(..key).take(PLACES_LOOKED_AT_MAX).count()).sum();
        if before < PLACES_LOOKED_AT_MAX {
            return Some(before + 1);
        }
        let behind: usize = lanes().map(|lane| lane.waiting.range(key..).take(PLACES_LOOKED_AT_MAX).count()).sum();
        let waiting: usize = lanes().map(|lane| lane.waiting.len()).sum();
        (behind < PLACES_LOOKED_AT_MAX).then(|| waiting - behind + 1)
    }

    /// What the contact's gateway should be doing with it.
    #[must_use]
    pub fn doing(&self, contact: &Contact) -> Doing {
        let of_segment = |id: SegmentId| (&self.state.segments[&id], id);
        match contact.visit.as_ref().map_or(contact.segment, Visit::connecting) {
            Some(segment) => self.doing_with_agent(of_segment(segment)),
            None => Doing::Queued,
        }
    }

    fn doing_with_agent(&self, (segment, id): (&Segment, SegmentId)) -> Doing {
        let agent = self.state.agent_id(segment.agent);
        match segment.state {
            SegmentState::Connecting { connect_by } => {
                Doing::Connecting { order: segment.order, segment: id, agent, connect_by }
            }
            SegmentState::Talking => Doing::Connected { segment: id, agent },
            SegmentState::Held { .. } => Doing::Held { segment: id, agent },
            SegmentState::WrapUp { .. } => Doing::Queued,
        }
    }

    /// Whether an agent could be offered a contact of the channel now, and what holds him back
    /// when it is neither his presence nor his capacity.
    #[must_use]
    pub fn routable(&self, agent: &AgentId, channel: Channel) -> (bool, Option<Hold>) {
        let Some(agent) = self.state.agents.get(agent) else { return (false, None) };
        let hold = if !agent.responding {
            Some(Hold::NotResponding)
        } else if agent.back_off.is_some() {
            Some(Hold::BackOff)
        } else if channel.needs_phone() && agent.is_device_taken() {
            Some(Hold::DeviceInUse)
        } else {
            None
        };
        (agent.is_routable(channel, &self.state.rules.site), hold)
    }

    /// # Errors
    /// When what is kept ready differs from what the state alone gives: a defect of this module.
    pub fn check_index(&self) -> Result<(), String> {
        Index::rebuild(&self.state).compare(&self.index)
    }
}
