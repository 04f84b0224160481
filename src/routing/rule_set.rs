//! The rules as data: what `rules/` makes from files and `ReplaceRules` carries whole. Decides nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::expression::Expression;
use super::ids::{AgentId, Endpoint, QueueId, SkillId, TeamId};
use super::personal::Attributes;
use super::skill::Skills;
use super::time::Millis;

/// The n-th rule set the router took over; 0 before the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RulesVersion(pub u32);

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct RuleSet {
    #[serde(default)]
    pub site: SiteRules,
    /// The first whose condition holds wins; the last has none.
    pub entry: Vec<EntryRule>,
    pub queues: BTreeMap<QueueId, Arc<QueueRules>>,
    #[serde(default)]
    pub calendars: BTreeMap<Arc<str>, Arc<Calendar>>,
    pub agents: BTreeMap<AgentId, Arc<AgentRules>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Voice,
    Callback,
    Chat,
    Email,
    Task,
}

impl Channel {
    pub const ALL: [Channel; 5] = [Channel::Voice, Channel::Callback, Channel::Chat, Channel::Email, Channel::Task];
    pub const COUNT: usize = Channel::ALL.len();

    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Channel::Voice => "voice",
            Channel::Callback => "callback",
            Channel::Chat => "chat",
            Channel::Email => "email",
            Channel::Task => "task",
        }
    }

    /// Whether serving it needs a phone.
    #[must_use]
    pub fn needs_phone(self) -> bool {
        match self {
            Channel::Voice | Channel::Callback => true,
            Channel::Chat | Channel::Email | Channel::Task => false,
        }
    }
}

/// What holds for the whole site: limits and times that no queue sets.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteRules {
    /// Units of an agent's capacity that one contact takes, by channel. Default 100, 100, 33, 20, 20.
    pub channel_cost: ChannelValues,
    /// The tier of a queue that names none, by the contact's channel. Default 1, 1, 2, 3, 3.
    pub channel_tier: ChannelValues,
    /// A console acknowledges an offer within this, or it is revoked as undelivered. Default 2 s.
    pub acknowledge_within: Millis,
    /// From accept until the gateway says connected. Default 20 s.
    pub connect_within: Millis,
    /// From a console's loss until its agent is unreachable. Default 30 s.
    pub console_grace: Millis,
    /// From unreachable until `offline`. Default 5 min.
    pub lost_after: Millis,
    /// From a gateway's loss until its contacts end as lost. Default 60 s.
    pub gateway_grace: Millis,
    /// After a restart, how long agents and gateways count as present. Default 60 s.
    pub resume_grace: Millis,
    /// How long an agent is not offered anything after a failure, by its cause.
    pub back_off: BackOffTimes,
    /// Offers of one contact in a row without an accept. Default 10.
    pub offers_in_row_max: u32,
    /// How long a contact that reached `offers_in_row_max` is not offered. Default 60 s.
    pub offer_limit_pause: Millis,
    /// How long a contact waits for one agent before it goes to the queue behind. Default 30 s.
    pub direct_wait_max: Millis,
}

impl Default for SiteRules {
    fn default() -> Self {
        SiteRules {
            channel_cost: ChannelValues([100, 100, 33, 20, 20]),
            channel_tier: ChannelValues([1, 1, 2, 3, 3]),
            acknowledge_within: Millis::seconds(2),
            connect_within: Millis::seconds(20),
            console_grace: Millis::seconds(30),
            lost_after: Millis::minutes(5),
            gateway_grace: Millis::seconds(60),
            resume_grace: Millis::seconds(60),
            back_off: BackOffTimes::default(),
            offers_in_row_max: 10,
            offer_limit_pause: Millis::seconds(60),
            direct_wait_max: Millis::seconds(30),
        }
    }
}

/// One small number a channel, in the order of [`Channel::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelValues(pub [u32; Channel::COUNT]);

impl ChannelValues {
    #[must_use]
    pub fn of(&self, channel: Channel) -> u32 {
        self.0[channel.index()]
    }
}

/// How long an agent rests after a failed offer or leg, by cause. Zero: not at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct BackOffTimes {
    /// Default 5 s.
    pub declined: Millis,
    /// A miss that has not yet made him `not_responding`. Default 10 s.
    pub missed: Millis,
    /// Default 20 s.
    pub busy: Millis,
    /// Default 20 s.
    pub no_answer: Millis,
    /// Default 30 s.
    pub unregistered: Millis,
    /// Default 10 s.
    pub rejected: Millis,
    /// Any other failure of the leg, and no answer from the gateway. Default 10 s.
    pub failed: Millis,
}

impl Default for BackOffTimes {
    fn default() -> Self {
        BackOffTimes {
            declined: Millis::seconds(5),
            missed: Millis::seconds(10),
            busy: Millis::seconds(20),
            no_answer: Millis::seconds(20),
            unregistered: Millis::seconds(30),
            rejected: Millis::seconds(10),
            failed: Millis::seconds(10),
        }
    }
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EntryRule {
    pub name: Arc<str>,
    /// Over `contact` and `customer`. None: always holds.
    pub when: Option<Expression>,
    pub queue: QueueId,
    /// This agent alone at first, when he is logged in; the queue stands behind him.
    #[serde(default)]
    pub agent: Option<NamedAgent>,
    /// Asked on top of the queue's own; replaces the queue's level for a skill both name.
    #[serde(default)]
    pub skills: Skills,
    /// Steps of head start (lax queues) or rank (strict queues); higher goes first.
    #[serde(default)]
    pub priority: i32,
}

/// An agent as rules name him.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedAgent {
    Agent(AgentId),
    OfCustomer(CustomersAgent),
}

/// An agent as the customer's record names him, in `customer.owner` or `customer.last_agent`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomersAgent {
    Owner,
    LastAgent,
}

impl CustomersAgent {
    /// The name in a rule file, and of the attribute of `customer`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CustomersAgent::Owner => "owner",
            CustomersAgent::LastAgent => "last_agent",
        }
    }
}

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
    pub missed_offers: u32,
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
    /// What becomes of a chat in hand whose agent has become unreachable. Email and tasks go back.
    pub agent_lost: AgentLostRule,
}

impl Default for QueueRules {
    fn default() -> Self {
        QueueRules {
            channels: Channel::ALL.to_vec(),
            tier: None,
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
            missed_offers: 1,
            wrap_up: WrapUpRules::default(),
            priority: 0,
            priority_step: Millis::seconds(60),
            service_level: ServiceLevelRules::default(),
            short_abandon: Millis::seconds(5),
            place_kept: Millis::seconds(120),
            agent_lost: AgentLostRule::Requeue,
        }
    }
}

/// Each exit a queue may have; None: it has not.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExitRules {
    /// Came while the queue was closed.
    pub closed: Option<ExitAction>,
    /// Still waits when the queue closes.
    pub closing: Option<ExitAction>,
    /// Nobody logged in meets what the queue or the contact asks.
    pub no_agents: Option<ExitAction>,
    /// Came when so many waited already.
    pub full: Option<FullExit>,
    pub max_wait: Option<MaxWaitExit>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FullExit {
    pub waiting: u32,
    pub action: ExitAction,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MaxWaitExit {
    /// Since the visit began.
    pub after: Millis,
    pub action: ExitAction,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitAction {
    /// On to another queue, in the same place.
    Queue(QueueId),
    HangUp,
}

/// By which exit a contact left its queue.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    Closed,
    Closing,
    NoAgents,
    Full,
    MaxWait,
}

/// Most steps of one queue.
pub const STEPS_MAX: usize = 32;

/// How a queue asks less, or asks others, of those who wait on.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StepRules {
    /// Since the visit began.
    pub after: Millis,
    /// Over the figures of queues.
    pub when: Option<Expression>,
    /// Nobody logged in meets what is asked now, or will be by a later step that names only a time.
    pub when_nobody_could_match: bool,
    /// Levels asked from now on; other skills stay.
    pub skills: Skills,
    /// No longer asked.
    pub drop_skills: Vec<SkillId>,
    /// Agents who meet this queue's own requirement may serve, too.
    pub join_queue: Option<QueueId>,
    /// Added to the visit's priority.
    pub priority: i32,
    /// The visit ends, and one there begins in the same place.
    pub move_to: Option<QueueId>,
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

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentRules {
    /// As people read it.
    pub name: Arc<str>,
    pub site: Option<Arc<str>>,
    pub teams: Vec<TeamId>,
    pub skills: Skills,
    pub attributes: Attributes,
    pub capacity: Capacity,
    pub phone: Phone,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Capacity {
    /// Units; a contact takes its channel's cost.
    pub total: u32,
    /// Most contacts at once, by channel. Zero: never. Default 1, 1, 3, 5, 5.
    pub channel_max: ChannelValues,
}

impl Default for Capacity {
    fn default() -> Self {
        Capacity { total: 100, channel_max: ChannelValues([1, 1, 3, 5, 5]) }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Phone {
    pub mode: PhoneMode,
    pub endpoint: Option<Endpoint>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneMode {
    /// Accepted on the console, then the leg answers itself.
    #[default]
    Console,
    /// The leg rings with the offer; lifting it is the accept.
    Phone,
    /// The leg stays up.
    Persistent,
    /// No phone: neither voice nor callbacks.
    None,
}
