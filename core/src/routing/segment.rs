//! Offers and segments: a contact held out to one agent, and that agent's part in it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::ids::{ContactId, EventNo, OfferId, SegmentId};
use super::rule_set::Channel;
use super::skill::Skills;
use super::table::{AgentNo, GatewayNo, QueueNo};
use super::time::{Millis, Timestamp};
use super::visit::Behind;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Offer {
    pub contact: ContactId,
    pub agent: AgentNo,
    pub acknowledged: bool,
    pub acknowledge_by: Timestamp,
    pub expires_at: Timestamp,
    /// Set while his phone rings with it.
    pub order: Option<EventNo>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Segment {
    pub contact: ContactId,
    /// What carries the contact, or carried it.
    pub gateway: GatewayNo,
    pub agent: AgentNo,
    pub channel: Channel,
    /// A part in a call to a lead.
    pub of_lead: bool,
    /// The accept it came from.
    pub offer: OfferId,
    /// The number of the event that asked the gateway to connect.
    pub order: EventNo,
    pub from: VisitPlace,
    pub state: SegmentState,
    pub connected_at: Option<Timestamp>,
    /// On hold until now, the present hold not counted.
    pub held: Millis,
    /// Set aside until now, the present time aside not counted.
    pub aside: Millis,
}

/// Where a contact stood when it was answered or left its queue, so that it can go back there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VisitPlace {
    pub queue: QueueNo,
    pub skills: Arc<Skills>,
    pub priority: i32,
    pub ordered_since: Timestamp,
    /// Set when the visit waited for one agent alone.
    pub behind: Option<Behind>,
    pub never: SmallVec<[AgentNo; 2]>,
}

impl VisitPlace {
    /// Its queue, or the one behind the agent it waited for alone.
    #[must_use]
    pub fn queue_or_behind(&self) -> QueueNo {
        self.behind.as_ref().map_or(self.queue, |behind| behind.queue)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum SegmentState {
    Connecting {
        connect_by: Timestamp,
    },
    Talking,
    Held {
        since: Timestamp,
    },
    /// The agent's leg is gone and rung again; the customer is on hold.
    LegLost {
        since: Timestamp,
        until: Timestamp,
    },
    /// The agent serves the segment `by` meanwhile.
    SetAside {
        since: Timestamp,
        by: SegmentId,
    },
    WrapUp {
        since: Timestamp,
        ends_at: Timestamp,
    },
}

impl Segment {
    #[must_use]
    pub fn is_with_customer(&self) -> bool {
        match self.state {
            SegmentState::Talking
            | SegmentState::Held { .. }
            | SegmentState::LegLost { .. }
            | SegmentState::SetAside { .. } => true,
            SegmentState::Connecting { .. } | SegmentState::WrapUp { .. } => false,
        }
    }

    /// Talk, hold and wrap-up, were it closed at `at`.
    #[must_use]
    pub fn handle_time(&self, at: Timestamp) -> (Millis, Millis, Millis) {
        let Some(connected_at) = self.connected_at else { return (Millis::ZERO, Millis::ZERO, Millis::ZERO) };
        let (with_customer_until, wrap_up) = match self.state {
            SegmentState::WrapUp { since, .. } => (since, at.since(since)),
            SegmentState::Connecting { .. }
            | SegmentState::Talking
            | SegmentState::Held { .. }
            | SegmentState::LegLost { .. }
            | SegmentState::SetAside { .. } => (at, Millis::ZERO),
        };
        let mut stopped = self.clone();
        stopped.stop(at);
        (with_customer_until.since(connected_at) - stopped.held - stopped.aside, stopped.held, wrap_up)
    }

    /// Counts the hold, or the time aside, that ends now.
    pub(super) fn stop(&mut self, at: Timestamp) {
        match self.state {
            SegmentState::Held { since } | SegmentState::LegLost { since, .. } => {
                self.held = self.held + at.since(since);
            }
            SegmentState::SetAside { since, .. } => self.aside = self.aside + at.since(since),
            SegmentState::Connecting { .. } | SegmentState::Talking | SegmentState::WrapUp { .. } => {}
        }
    }
}
