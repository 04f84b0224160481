//! What readers may ask of the router between two commands. Changes nothing.

use super::gateway::Reference;
use super::hold::Hold;
use super::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId, SegmentId};
use super::index::Index;
use super::personal::Address;
use super::router::ContactRouter;
use super::rule_set::{Channel, ExitAction};
use super::segment::{Segment, SegmentState};
use super::state::State;
use super::time::Timestamp;
use super::visit::{Contact, Leaving, LeavingBy, Visit};

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
    /// Laid down by this agent.
    Suspended {
        agent: AgentId,
    },
    /// On its way out of a queue; `until` None: it speaks to voicemail.
    Leaving {
        order: EventNo,
        action: ExitAction,
        until: Option<Timestamp>,
    },
    /// On its way to this outside number; None: nobody can read it any more.
    TransferredOutside {
        order: EventNo,
        to: Option<Address>,
        until: Option<Timestamp>,
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

    /// Place in its queue, from 1, among those who wait there and can be offered; None when it does
    /// not. Further in than 1,000 from both ends: as if it stood that far from the end.
    #[must_use]
    pub fn place(&self, contact: ContactId) -> Option<usize> {
        let (lane, key) = self.index.lanes.place_of(contact)?;
        Some(self.index.lanes.place(self.index.lanes.lane(lane).queue, &key))
    }

    /// What the contact's gateway should be doing with it.
    #[must_use]
    pub fn doing(&self, contact: &Contact) -> Doing {
        if let Some(leaving) = &contact.leaving {
            let Leaving { order, way, until, .. } = leaving.clone();
            return match way {
                LeavingBy::Exit { exit: _, action } => Doing::Leaving { order, action, until },
                LeavingBy::Transfer { agent: _ } => {
                    Doing::TransferredOutside { order, to: contact.outside_number().cloned(), until }
                }
            };
        }
        if let Some(suspended) = &contact.suspended {
            return Doing::Suspended { agent: self.state.agent_id(suspended.agent) };
        }
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
            SegmentState::Talking | SegmentState::SetAside { .. } => Doing::Connected { segment: id, agent },
            SegmentState::LegLost { until, .. } => {
                Doing::Connecting { order: segment.order, segment: id, agent, connect_by: until }
            }
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
