//! The order of service, and lanes: all visits that wait on one requirement. Chooses no agent.

use std::collections::BTreeSet;
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smallvec::SmallVec;

use super::entry::value_of;
use super::expression::{ContactReads, Expression};
use super::ids::{ContactId, TeamId};
use super::rule_set::Channel;
use super::skill::Skills;
use super::state::State;
use super::table::{AgentNo, QueueNo};
use super::time::Timestamp;
use super::visit::Contact;

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
    /// The one team whose agents may serve.
    pub team: Option<TeamId>,
    pub skills: Arc<Skills>,
    /// Who meets one of these queues' own requirement serves as well.
    pub joined: SmallVec<[QueueNo; 1]>,
    /// Set when conditions on agents read the contact.
    pub contact: Option<Arc<BoundContact>>,
}

/// What conditions on agents read of a contact. Contacts of whom they read the same share a lane.
#[derive(Clone, Debug)]
pub struct BoundContact {
    text: String,
    /// As conditions know it.
    pub value: Value,
}

impl BoundContact {
    /// None: nothing of it is read.
    #[must_use]
    pub fn of(state: &State, contact: &Contact, queue: QueueNo, joined: &[QueueNo]) -> Option<Arc<BoundContact>> {
        BoundContact::of_value(state, queue, joined, || value_of(contact))
    }

    /// Of what conditions would know of a contact.
    pub(super) fn of_value(
        state: &State,
        queue: QueueNo,
        joined: &[QueueNo],
        value: impl FnOnce() -> Value,
    ) -> Option<Arc<BoundContact>> {
        let reads = BoundContact::reads(state, queue, joined);
        if reads.is_empty() {
            return None;
        }
        let mut value = value();
        let is_read = |field: &str, is_attribute: bool| {
            reads.iter().any(|reads| match reads {
                ContactReads::All => true,
                ContactReads::Some { fields, attributes } => {
                    let named = if is_attribute { attributes } else { fields };
                    named.iter().any(|name| **name == *field)
                }
            })
        };
        if let Value::Object(fields) = &mut value {
            if let Some(Value::Object(attributes)) = fields.get_mut("attributes") {
                attributes.retain(|name, _| is_read(name, true));
            }
            fields.retain(|name, _| name == "attributes" || is_read(name, false));
        }
        Some(Arc::new(BoundContact { text: value.to_string(), value }))
    }

    /// What the conditions of a queue and of those that joined read of a contact.
    pub(super) fn reads<'s>(state: &'s State, queue: QueueNo, joined: &[QueueNo]) -> Vec<&'s ContactReads> {
        let conditions = std::iter::once(&queue).chain(joined).filter_map(|no| state.queue(*no).rules.agents.as_ref());
        conditions.filter_map(Expression::reads_of_contact).collect()
    }
}

impl PartialEq for BoundContact {
    fn eq(&self, other: &BoundContact) -> bool {
        self.text == other.text
    }
}

impl Eq for BoundContact {}

impl PartialOrd for BoundContact {
    fn partial_cmp(&self, other: &BoundContact) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for BoundContact {
    fn cmp(&self, other: &BoundContact) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl Requirement {
    /// What a queue asks by itself, of a contact of one channel.
    pub(super) fn of_queue(state: &State, queue: QueueNo, channel: Channel) -> Requirement {
        let skills = Arc::new(state.queue(queue).rules.skills.clone());
        Requirement { queue, channel, only: None, team: None, skills, joined: SmallVec::new(), contact: None }
    }
}

/// All visits that wait on one requirement, in order, and who may serve them.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Set while it is bound to what a contact says: it goes with its last visit.
    pub bound: Option<Requirement>,
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
