//! One queue's rules as data: whom it takes, who serves it, in which order. Decides nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::exit_rules::ExitRules;
use super::expression::Expression;
use super::ids::{AgentId, QueueId};
use super::rule_set::{Channel, ChannelGroup, CustomersAgent};
use super::skill::Skills;
use super::step_rules::StepRules;
use super::time::Millis;

/// The agent who knows the customer goes first, and is waited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PreferredRules {
    pub who: CustomersAgent,
    /// How long a contact waits for him alone while he is there, busy or idle. Zero: not at all.
    #[serde(default)]
    pub hold: Millis,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct QueueRules {
    /// An entry rule whose queue does not serve the contact's channel does not hold.
    pub channels: Vec<Channel>,
    /// 1 is served first. None: by channel (`SiteRules::channel_tier`).
    pub tier: Option<u8>,
    /// When its oldest has waited so much of `service_level.answered_within`, in thousandths, the queue is served one
    /// tier earlier, until that is so no more. None: never.
    pub rises_at_per_mille: Option<u32>,
    /// Served before all others of its tier, by priority, then place.
    pub strict: bool,
    /// Head start of every visit of this queue.
    pub weight: Millis,
    pub skills: Skills,
    /// Over `agent`; who may serve, on top of the skills.
    pub agents: Option<Expression>,
    /// The first that tells two agents apart decides; then the order in which rules first named them.
    pub select: Vec<TieBreaker>,
    pub preferred: Option<PreferredRules>,
    /// For [`TieBreaker::Rank`]: 1 goes first; an agent not named has [`RANK_UNNAMED`].
    pub ranks: BTreeMap<AgentId, u32>,
    /// Most offers of one contact at once; the first accept wins.
    pub offers_max: u32,
    pub offer_timeout: Millis,
    /// Offers missed in a row that make an agent `not_responding`.
    pub missed_offers: MissedOffers,
    pub wrap_up: WrapUpRules,
    /// Added to every visit's priority.
    pub priority: i32,
    /// Head start of one step of priority.
    pub priority_step: Millis,
    pub service_level: ServiceLevelRules,
    /// The calendar by which it is open. None: always.
    pub hours: Option<Arc<str>>,
    /// What becomes of a contact that is not to wait here, or no longer.
    pub exits: ExitRules,
    /// Widening: each is taken once, as soon as all it names holds.
    pub steps: Vec<StepRules>,
    /// An abandon after less than this is short.
    pub short_abandon: Millis,
    /// Who abandons and comes again to this queue within it gets his place back. Zero: never.
    pub place_kept: Millis,
    /// How those are called back who asked for it.
    pub callback: CallbackRules,
    /// A chat in hand whose customer has not answered for so long is closed. Zero: never.
    pub idle_limit: Millis,
    /// What becomes of a chat in hand whose agent has become unreachable. Email and tasks go back.
    pub agent_lost: AgentLostRule,
    /// The queue its contacts are escalated to.
    pub escalation: Option<QueueId>,
    /// Agents whom its leads leave to others.
    pub reserve: Option<Reserve>,
    /// When supervisors are alerted.
    pub alerts: AlertRules,
    /// Whether its calls are recorded, from when an agent has them.
    pub record: bool,
}

/// Thresholds of a queue's figures; none of them is set by default. They decide nothing about contacts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertRules {
    /// So many wait, or more.
    pub waiting: Option<u32>,
    /// The oldest waits so long, or longer.
    pub longest_wait: Option<Millis>,
    /// The service level of the last 15 minutes is below this, in thousandths.
    pub service_level_per_mille: Option<u32>,
    /// The abandonment of the day is above this, in thousandths.
    pub abandonment_per_mille: Option<u32>,
    /// Fewer agents than this could serve it and are available, whatever they have in hand.
    pub agents_available: Option<u32>,
}

/// So many agents who could take a call of `queue` now are not given a lead.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reserve {
    pub queue: QueueId,
    pub agents: u32,
}

impl Default for QueueRules {
    fn default() -> Self {
        QueueRules {
            channels: Channel::ALL.to_vec(),
            tier: None,
            rises_at_per_mille: None,
            strict: false,
            weight: Millis::ZERO,
            skills: Skills::new(),
            agents: None,
            select: vec![TieBreaker::LongestIdle],
            preferred: None,
            ranks: BTreeMap::new(),
            offers_max: 1,
            hours: None,
            exits: ExitRules::default(),
            steps: Vec::new(),
            offer_timeout: Millis::seconds(15),
            missed_offers: MissedOffers::default(),
            wrap_up: WrapUpRules::default(),
            priority: 0,
            priority_step: Millis::seconds(60),
            service_level: ServiceLevelRules::default(),
            short_abandon: Millis::seconds(5),
            place_kept: Millis::seconds(120),
            callback: CallbackRules::default(),
            idle_limit: Millis::ZERO,
            agent_lost: AgentLostRule::Requeue,
            escalation: None,
            reserve: None,
            alerts: AlertRules::default(),
            record: false,
        }
    }
}

/// The rank of an agent whom a queue's `ranks` do not name.
pub const RANK_UNNAMED: u32 = 1_000;

/// How two agents who both fit are told apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieBreaker {
    /// The agent of [`QueueRules::preferred`].
    Preferred,
    /// Least used of his capacity: units used × 1,000 ÷ total.
    LeastLoaded,
    /// Least `idle_since`: the end of the last segment or log-in; not-ready pauses it.
    LongestIdle,
    /// Greatest sum of levels over the skills asked.
    BestSkill,
    /// Fewest skills in the rules: spares those who know more.
    LeastSkilled,
    /// Fewest seconds with a segment in the twelve closed 5-minute buckets before now.
    LeastOccupied,
    /// Fewest contacts connected since log-in.
    FewestContacts,
    /// Next after the agent this queue offered to last, in the order the rules first named them.
    RoundRobin,
    /// By a hash of contact and agent: even, and the same in every replay.
    Random,
    /// Least of [`QueueRules::ranks`].
    Rank,
}

/// One number a channel group, in the order of [`ChannelGroup::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MissedOffers(pub [u32; ChannelGroup::COUNT]);

impl MissedOffers {
    #[must_use]
    pub fn of(&self, group: ChannelGroup) -> u32 {
        self.0[group.index()]
    }
}

impl Default for MissedOffers {
    fn default() -> Self {
        MissedOffers([1; ChannelGroup::COUNT])
    }
}

/// How a promised callback is carried out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct CallbackRules {
    /// Whose phone rings first. An agent is reserved for the call either way.
    pub first: FirstCalled,
    /// How long the customer's phone rings. Default 30 s.
    pub ring_for: Millis,
    /// Attempts in all, at least one. Default 3.
    pub attempts_max: u32,
    /// From an attempt that did not reach the customer to the next. Default 10 min.
    pub gap: Millis,
}

impl Default for CallbackRules {
    fn default() -> Self {
        CallbackRules {
            first: FirstCalled::Agent,
            ring_for: Millis::seconds(30),
            attempts_max: 3,
            gap: Millis::minutes(10),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstCalled {
    #[default]
    Agent,
    Customer,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WrapUpRules {
    /// Zero: none.
    pub max: Millis,
    pub disposition: DispositionRule,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DispositionRule {
    #[default]
    Optional,
    Required,
}

#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceLevelRules {
    pub answered_within: Millis,
    /// Share of contacts, in thousandths.
    pub target_per_mille: u32,
}

impl Default for ServiceLevelRules {
    fn default() -> Self {
        ServiceLevelRules { answered_within: Millis::seconds(20), target_per_mille: 800 }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentLostRule {
    Keep,
    #[default]
    Requeue,
    Close,
}

impl QueueRules {
    /// How long its oldest may wait before the queue rises a tier.
    #[must_use]
    pub fn rises_after(&self) -> Option<Millis> {
        let per_mille = i64::from(self.rises_at_per_mille?);
        Some(Millis(self.service_level.answered_within.0 * per_mille / 1_000))
    }
}
