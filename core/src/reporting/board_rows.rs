//! What the live board keeps of each queue, contact and segment. Folds no event itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::activity::{AgentRow, AgentTotals};
use super::counts::Tally;
use crate::routing::agent_scope;
use crate::routing::event::VisitEnd;
use crate::routing::expression::Expression;
use crate::routing::ids::{AgentId, ContactId, QueueId, VisitId};
use crate::routing::rule_set::{AgentRules, Channel, PhoneMode, QueueRules};
use crate::routing::time::{Millis, Timestamp};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct QueueRow {
    pub in_rules: bool,
    pub tally: Tally,
    pub offered: u32,
    pub connecting: u32,
    pub talking: u32,
    pub wrap_up: u32,
    pub is_paused: bool,
    /// By when they entered.
    #[serde(with = "crate::routing::pairs")]
    pub open: BTreeMap<(Timestamp, VisitId), ContactId>,
    pub agents: AgentTotals,
    pub changed: u64,
}

impl QueueRow {
    pub fn is_deserted(&self) -> bool {
        !self.in_rules && !self.is_paused && self.open.is_empty() && self.talking + self.wrap_up == 0
    }
}

/// A contact that has not ended.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct OpenContact {
    /// When it first entered a queue.
    pub entered_at: Timestamp,
    pub visit: Option<OpenVisit>,
    /// Answered, asked for a callback or speaks to voicemail: later ends of its visits are no longer its own.
    pub settled: bool,
    /// How its last visit ended, how long after it first entered, and what was in time there.
    pub last_end: Option<(VisitEnd, Millis, Millis)>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct OpenVisit {
    pub visit: VisitId,
    pub queue: QueueId,
    pub entered_at: Timestamp,
    /// Open ones: several when the queue offers to many at once.
    pub offers: u32,
    pub connecting: bool,
}

impl OpenVisit {
    pub fn state(&self) -> VisitState {
        if self.connecting {
            VisitState::Connecting
        } else if self.offers > 0 {
            VisitState::Offered
        } else {
            VisitState::Waiting
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum VisitState {
    Waiting,
    Offered,
    Connecting,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct OpenSegment {
    pub queue: QueueId,
    pub state: SegmentState,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum SegmentState {
    Connecting,
    Talking,
    WrapUp,
}

impl QueueRow {
    pub fn count(&mut self, state: VisitState, change: impl FnOnce(&mut u32)) {
        match state {
            VisitState::Waiting => {}
            VisitState::Offered => change(&mut self.offered),
            VisitState::Connecting => change(&mut self.connecting),
        }
    }

    pub fn count_segment(&mut self, state: SegmentState, change: impl FnOnce(&mut u32)) {
        match state {
            SegmentState::Connecting => {}
            SegmentState::Talking => change(&mut self.talking),
            SegmentState::WrapUp => change(&mut self.wrap_up),
        }
    }
}

pub(super) fn segments_in(row: &mut AgentRow, state: SegmentState) -> &mut u32 {
    match state {
        SegmentState::Connecting => &mut row.connecting,
        SegmentState::Talking => &mut row.talking,
        SegmentState::WrapUp => &mut row.wrap_ups,
    }
}

/// Whether the agent meets the queue's own requirement, for a channel that it serves.
pub(super) fn serves(id: &AgentId, agent: &AgentRules, queue: &QueueRules) -> bool {
    let able = |channel: &Channel| {
        let has_phone = agent.phone.mode != PhoneMode::None;
        agent.capacity.channel_max.of(*channel) > 0 && (has_phone || !channel.needs_phone())
    };
    let skilled = queue.skills.iter().all(|(skill, least)| agent.skills.get(skill).is_some_and(|level| level >= least));
    let meets = |condition: &Expression| condition.holds(&agent_scope(id, agent)).unwrap_or(false);
    skilled && queue.channels.iter().any(able) && queue.agents.as_ref().is_none_or(meets)
}
