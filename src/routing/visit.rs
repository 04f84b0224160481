//! A contact and the visit it is in: one stay in one queue, with exactly one end.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::command::Direction;
use super::hold::Hold;
use super::ids::{ContactRef, OfferId, SegmentId, VisitId};
use super::lane::OrderKey;
use super::personal::{Address, PersonalDetails};
use super::rule_set::Channel;
use super::skill::Skills;
use super::table::{AgentNo, GatewayNo, QueueNo};
use super::time::Timestamp;

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Contact {
    pub gateway: GatewayNo,
    pub reference: ContactRef,
    pub channel: Channel,
    pub direction: Direction,
    pub to: Option<Address>,
    pub arrived_at: Timestamp,
    /// As it arrived, then each update, oldest first.
    pub details: SmallVec<[PersonalDetails; 1]>,
    /// The gateway's number of its last message about this contact.
    pub gateway_event: u64,
    /// Absent from the gateway's last inventory.
    pub missing: bool,
    /// Open until the contact is answered or leaves the queue.
    pub visit: Option<Visit>,
    /// The agent's part, from connected until he gives it away.
    pub segment: Option<SegmentId>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Visit {
    pub id: VisitId,
    pub queue: QueueNo,
    pub skills: Arc<Skills>,
    pub priority: i32,
    pub ordered_since: Timestamp,
    pub entered_at: Timestamp,
    /// Fixed when the visit begins.
    pub key: OrderKey,
    pub direct: Option<Direct>,
    pub state: VisitState,
    pub offers_in_row: u32,
    /// Set while `Hold::OfferLimit` stands.
    pub limited_until: Option<Timestamp>,
    /// Agents who declined it, missed it, or whose leg failed.
    pub declined: SmallVec<[AgentNo; 2]>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum VisitState {
    Waiting,
    Offered(OfferId),
    Connecting(SegmentId),
}

/// One agent alone is waited for, until `until`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Direct {
    pub agent: AgentNo,
    pub until: Timestamp,
    pub behind: QueueNo,
}

impl Visit {
    pub fn is_waiting(&self) -> bool {
        matches!(self.state, VisitState::Waiting)
    }

    /// What keeps the whole visit from being offered to anybody.
    pub fn hold(&self, gateway_is_attached: bool) -> Option<Hold> {
        if !gateway_is_attached {
            Some(Hold::GatewayAway)
        } else if self.limited_until.is_some() {
            Some(Hold::OfferLimit)
        } else {
            None
        }
    }
}
