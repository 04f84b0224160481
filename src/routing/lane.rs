//! The order of service, and lanes: all visits that wait on one requirement. Chooses no agent.

use std::collections::BTreeSet;
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::ids::ContactId;
use super::rule_set::Channel;
use super::skill::Skills;
use super::state::State;
use super::table::{AgentNo, QueueNo};
use super::time::Timestamp;

/// A visit's place in the order of service, smallest first. It holds no `now`, so the order
/// between two waiting visits never changes by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct OrderKey {
    pub tier: u8,
    /// Strict queues go before lax ones.
    lax: bool,
    /// Strict queues: the priority, negated. Lax queues: 0.
    rank: i32,
    /// `ordered_since`, in lax queues less the head start; of what waits in opening hours, as they count it.
    place: Timestamp,
    ordered_since: Timestamp,
    pub contact: ContactId,
}

impl OrderKey {
    /// Whether it goes before those of its tier that are not strict.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        !self.lax
    }

    /// Among the strict: smallest first.
    #[must_use]
    pub fn rank(&self) -> i32 {
        self.rank
    }

    /// `ordered_since`, less the head start when it is not strict; of what waits in opening hours, as they count it.
    #[must_use]
    pub fn place(&self) -> Timestamp {
        self.place
    }

    /// Before everything else of tier 1.
    #[must_use]
    pub fn first(contact: ContactId, ordered_since: Timestamp) -> OrderKey {
        OrderKey { tier: 1, lax: false, rank: i32::MIN, place: ordered_since, ordered_since, contact }
    }

    /// `strictly_by`: the priority, in a strict queue. `place`: with its head start, when it has one.
    #[must_use]
    pub fn new(
        contact: ContactId,
        tier: u8,
        strictly_by: Option<i32>,
        place: Timestamp,
        ordered_since: Timestamp,
    ) -> OrderKey {
        let rank = strictly_by.map_or(0, i32::saturating_neg);
        OrderKey { tier, lax: strictly_by.is_none(), rank, place, ordered_since, contact }
    }
}

/// What a visit asks of an agent; it tells two lanes apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Requirement {
    /// Its `agents` condition is asked, too.
    pub queue: QueueNo,
    pub channel: Channel,
    /// The one agent who is waited for.
    pub only: Option<AgentNo>,
    pub skills: Arc<Skills>,
    /// Who meets one of these queues' own requirement serves as well.
    pub joined: SmallVec<[QueueNo; 1]>,
}

impl Requirement {
    /// What a queue asks by itself, of a contact of one channel.
    pub(super) fn of_queue(state: &State, queue: QueueNo, channel: Channel) -> Requirement {
        let skills = Arc::new(state.queue(queue).rules.skills.clone());
        Requirement { queue, channel, only: None, skills, joined: SmallVec::new() }
    }
}

/// All visits that wait on one requirement, in order, and who may serve them.
#[derive(Clone, Debug)]
pub struct Lane {
    pub queue: QueueNo,
    pub channel: Channel,
    /// The skills asked, as positions in the index's table of levels.
    pub asked: Vec<usize>,
    /// Agents who meet the requirement, whatever they do at the moment.
    pub admits: FixedBitSet,
    pub waiting: BTreeSet<OrderKey>,
    /// Those of `waiting` that some admitted agent may not be offered.
    pub exceptions: BTreeSet<OrderKey>,
}
