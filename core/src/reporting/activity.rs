//! What an agent does at this moment, derived from events, and his row of the live board.
//! Never set by hand, never read by the router.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::counts::HandleTime;
use crate::routing::command::Presence;
use crate::routing::event::{AgentChange, OfferOutcome, Reach};
use crate::routing::ids::QueueId;
use crate::routing::time::{Millis, Timestamp};

/// What the agent does, whatever he chose (`Presence`). When several are so, the first of
/// unreachable, not responding, offered, busy, wrap-up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Nothing in hand and nothing held out to him.
    #[default]
    Idle,
    Offered,
    /// At least one segment connecting, talking, held or set aside.
    Busy,
    WrapUp,
    NotResponding,
    Unreachable,
}

/// How an agent counts in the totals of a queue or the centre: his activity, and if that is idle,
/// whether he chose to be ready. An agent who is offline with nothing in hand does not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Idle,
    NotReady,
    Offered,
    Busy,
    WrapUp,
    NotResponding,
    Unreachable,
}

/// Agents by standing; each counts once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct AgentTotals {
    /// Available, with nothing in hand.
    pub idle: u32,
    /// Not ready, with nothing in hand.
    pub not_ready: u32,
    pub offered: u32,
    pub busy: u32,
    pub wrap_up: u32,
    pub not_responding: u32,
    pub unreachable: u32,
}

impl AgentTotals {
    /// An unreachable agent does not count as logged in.
    #[must_use]
    pub fn logged_in(&self) -> u32 {
        self.idle + self.not_ready + self.offered + self.busy + self.wrap_up + self.not_responding
    }

    /// Available, whatever they have in hand.
    #[must_use]
    pub fn available(&self) -> u32 {
        self.logged_in().saturating_sub(self.not_ready)
    }

    pub(super) fn move_one(&mut self, before: Option<Standing>, after: Option<Standing>) {
        if let Some(before) = before {
            *self.count(before) -= 1;
        }
        if let Some(after) = after {
            *self.count(after) += 1;
        }
    }

    fn count(&mut self, standing: Standing) -> &mut u32 {
        match standing {
            Standing::Idle => &mut self.idle,
            Standing::NotReady => &mut self.not_ready,
            Standing::Offered => &mut self.offered,
            Standing::Busy => &mut self.busy,
            Standing::WrapUp => &mut self.wrap_up,
            Standing::NotResponding => &mut self.not_responding,
            Standing::Unreachable => &mut self.unreachable,
        }
    }
}

/// Time during which something was so, in whole milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TimeSum {
    closed: Millis,
    runs_since: Option<Timestamp>,
}

impl TimeSum {
    /// From `at` on it is so, or not.
    pub fn set(&mut self, runs: bool, at: Timestamp) {
        match (self.runs_since, runs) {
            (None, true) => self.runs_since = Some(at),
            (Some(since), false) => {
                self.closed = self.closed + at.since(since);
                self.runs_since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// The sum up to `at`.
    #[must_use]
    pub fn until(&self, at: Timestamp) -> Millis {
        self.closed + self.runs_since.map_or(Millis::ZERO, |since| at.since(since))
    }

    /// Forgets what was before `at`.
    pub fn restart(&mut self, at: Timestamp) {
        self.closed = Millis::ZERO;
        self.runs_since = self.runs_since.map(|_| at);
    }
}

/// One agent as the fold keeps him.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct AgentRow {
    /// As people read it.
    pub name: Arc<str>,
    /// Named by the present rules.
    pub in_rules: bool,
    /// The queues whose own requirement he meets, in order.
    pub serves: Vec<QueueId>,
    pub presence: Presence,
    pub presence_since: Timestamp,
    pub next: Option<Presence>,
    pub reach: Reach,
    pub responding: bool,
    /// Away because a console did not acknowledge an offer: unreachable at once, without a grace.
    pub undelivered: bool,
    pub activity: Activity,
    pub activity_since: Timestamp,
    pub offers: u32,
    pub connecting: u32,
    /// Talking, held or set aside.
    pub talking: u32,
    pub wrap_ups: u32,
    /// He asks a colleague, with or without a customer on hold.
    pub consults: bool,
    /// Segments closed that had been connected.
    pub handled: HandleTime,
    /// Offers that he declined, and that ran out.
    pub declined: u64,
    pub missed: u64,
    /// At least one segment, wrap-up included.
    pub busy: TimeSum,
    /// Available, heard from, with nothing in hand.
    pub available: TimeSum,
    /// The board's mark when the row changed last.
    pub changed: u64,
}

impl AgentRow {
    pub fn new(name: Arc<str>, at: Timestamp) -> AgentRow {
        AgentRow { name, responding: true, presence_since: at, activity_since: at, ..AgentRow::default() }
    }

    pub fn segments(&self) -> u32 {
        self.connecting + self.talking + self.wrap_ups
    }

    /// An offer to him is over.
    pub fn end_offer(&mut self, outcome: &OfferOutcome) {
        self.offers -= 1;
        match outcome {
            OfferOutcome::Declined { .. } => self.declined += 1,
            OfferOutcome::Expired => self.missed += 1,
            OfferOutcome::Rescinded | OfferOutcome::Revoked { .. } | OfferOutcome::LegFailed { .. } => {}
        }
    }

    /// Counts and times start again.
    pub fn start_day(&mut self, at: Timestamp) {
        self.handled = HandleTime::default();
        (self.declined, self.missed) = (0, 0);
        self.busy.restart(at);
        self.available.restart(at);
    }

    pub fn has_work(&self) -> bool {
        self.segments() > 0 || self.consults
    }

    pub fn change(
        &mut self,
        presence: &Presence,
        next: Option<&Presence>,
        (reach, responding): (Reach, bool),
        cause: AgentChange,
        at: Timestamp,
    ) {
        if self.presence != *presence {
            self.presence = presence.clone();
            self.presence_since = at;
        }
        self.next = next.cloned();
        self.undelivered = match reach {
            Reach::Away { .. } => {
                cause == AgentChange::OfferUndelivered || (self.undelivered && matches!(self.reach, Reach::Away { .. }))
            }
            Reach::Here | Reach::Unreachable { .. } | Reach::Gone => false,
        };
        self.reach = reach;
        self.responding = responding;
    }

    /// The server is back: whoever was present counts as present until `grace_until`, and was not
    /// available while the server was down.
    pub fn resume(&mut self, down_since: Timestamp, grace_until: Timestamp) {
        self.available.set(false, down_since);
        let is_present = match self.reach {
            Reach::Here | Reach::Away { .. } => self.presence != Presence::Offline,
            Reach::Unreachable { .. } | Reach::Gone => false,
        };
        if is_present {
            self.reach = Reach::Away { until: grace_until };
        }
    }

    /// Derives the activity and lets the right clocks run, after any change.
    pub fn settle(&mut self, at: Timestamp) {
        let activity = self.derive();
        if activity != self.activity {
            self.activity = activity;
            self.activity_since = at;
        }
        self.busy.set(self.has_work(), at);
        self.available.set(self.is_available(), at);
    }

    fn derive(&self) -> Activity {
        if self.undelivered || matches!(self.reach, Reach::Unreachable { .. }) {
            Activity::Unreachable
        } else if !self.responding {
            Activity::NotResponding
        } else if self.offers > 0 {
            Activity::Offered
        } else if self.connecting + self.talking > 0 || self.consults {
            Activity::Busy
        } else if self.wrap_ups > 0 {
            Activity::WrapUp
        } else {
            Activity::Idle
        }
    }

    fn is_available(&self) -> bool {
        self.presence == Presence::Available
            && self.reach == Reach::Here
            && !self.has_work()
            && match self.activity {
                Activity::Idle | Activity::Offered => true,
                Activity::Busy | Activity::WrapUp | Activity::NotResponding | Activity::Unreachable => false,
            }
    }

    pub fn standing(&self) -> Option<Standing> {
        if self.presence == Presence::Offline && !self.has_work() {
            return None;
        }
        Some(match self.activity {
            Activity::Idle if self.presence == Presence::Available => Standing::Idle,
            Activity::Idle => Standing::NotReady,
            Activity::Offered => Standing::Offered,
            Activity::Busy => Standing::Busy,
            Activity::WrapUp => Standing::WrapUp,
            Activity::NotResponding => Standing::NotResponding,
            Activity::Unreachable => Standing::Unreachable,
        })
    }
}
