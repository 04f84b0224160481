//! How the rows of the live board are read: figures closed at a time. Changes nothing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::{Activity, AgentRow, AgentTotals};
use super::counts::{HandleTime, Tally, VisitCounts};
use super::definitions::{self, ServiceLevelVariant};
use crate::routing::command::Presence;
use crate::routing::event::Reach;
use crate::routing::ids::{AgentId, QueueId};
use crate::routing::time::{Millis, Timestamp};

/// Counts since the board's `since`, and the rates made of them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Rates {
    pub visits: VisitCounts,
    /// From 0 to 1, by the default variant; the others are in `ServiceLevelVariant`.
    pub service_level: Option<f64>,
    pub average_speed_of_answer: Option<Millis>,
    pub average_handle_time: Option<Millis>,
    /// From 0 to 1.
    pub abandonment: Option<f64>,
    /// Segments closed that had been connected.
    pub segments_closed: u64,
}

impl From<&Tally> for Rates {
    fn from(tally: &Tally) -> Rates {
        Rates {
            visits: tally.visits,
            service_level: ServiceLevelVariant::default().of(&tally.visits),
            average_speed_of_answer: definitions::average_speed_of_answer(tally.waited, &tally.visits),
            average_handle_time: definitions::average_handle_time(&tally.handle),
            abandonment: definitions::abandonment(&tally.visits),
            segments_closed: tally.handle.segments,
        }
    }
}

/// One queue, now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct QueueFigures {
    pub queue: QueueId,
    /// Visits not ended: `offered` and `connecting` are among them.
    pub waiting: u64,
    pub offered: u32,
    pub connecting: u32,
    /// Segments talking or held whose contact was answered from this queue.
    pub talking: u32,
    pub wrap_up: u32,
    /// A supervisor paused it: nothing of it is offered.
    pub is_paused: bool,
    /// `entered_at` of the oldest visit not ended; its age is the longest wait.
    pub longest_waiting_since: Option<Timestamp>,
    /// What service level means here: answered within this.
    pub answered_within: Millis,
    /// The share aimed at, in thousandths.
    pub target_per_mille: u32,
    pub rates: Rates,
    /// Agents of the rules who meet the queue's own requirement.
    pub agents: AgentTotals,
}

/// One agent, now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AgentFigures {
    pub agent: AgentId,
    pub name: Arc<str>,
    pub presence: Presence,
    pub presence_since: Timestamp,
    pub next: Option<Presence>,
    pub reach: Reach,
    pub responding: bool,
    pub activity: Activity,
    pub activity_since: Timestamp,
    /// Segments in hand, wrap-up included.
    pub in_hand: u32,
    /// Segments closed since the board's `since` that had been connected.
    pub handled: HandleTime,
    /// Offers since then that he declined, and that ran out.
    pub declined: u64,
    pub missed: u64,
    /// Time with at least one segment in hand.
    pub busy: Millis,
    /// Time available, heard from, with nothing in hand.
    pub available: Millis,
    /// busy ÷ (busy + available), from 0 to 1.
    pub occupancy: Option<f64>,
}

impl AgentFigures {
    pub(super) fn of(agent: &AgentId, row: &AgentRow, at: Timestamp) -> AgentFigures {
        let (busy, available) = (row.busy.until(at), row.available.until(at));
        AgentFigures {
            agent: agent.clone(),
            name: row.name.clone(),
            presence: row.presence.clone(),
            presence_since: row.presence_since,
            next: row.next.clone(),
            reach: row.reach,
            responding: row.responding,
            activity: row.activity,
            activity_since: row.activity_since,
            in_hand: row.segments(),
            handled: row.handled,
            declined: row.declined,
            missed: row.missed,
            busy,
            available,
            occupancy: definitions::occupancy(busy, available),
        }
    }
}

/// The whole centre, now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CentreFigures {
    /// What is counted here, was counted from then on.
    pub since: Timestamp,
    /// How long the server was down since then; the figures know nothing of that time.
    pub down_for: Millis,
    /// `entered_at` of the oldest visit not ended, over all queues.
    pub longest_waiting_since: Option<Timestamp>,
    /// Contacts, not visits: each counts once, by its first answer or else by its last end.
    pub rates: Rates,
    pub agents: AgentTotals,
}

/// The rows that changed since a reader looked last, and the mark for its next look.
#[derive(Clone, PartialEq, Debug)]
pub struct Changes {
    pub mark: u64,
    /// These are all rows there are; any other the reader knows is gone.
    pub whole: bool,
    pub queues: Vec<QueueFigures>,
    pub agents: Vec<AgentFigures>,
}
