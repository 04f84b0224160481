//! The rules as data: what `rules/` makes from files and `ReplaceRules` carries whole. Decides nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::expression::Expression;
use super::ids::{AgentId, Endpoint, QueueId, TeamId};
use super::personal::Attributes;
use super::skill::Skills;
use super::time::Millis;

pub use super::exit_rules::{Exit, ExitAction, ExitKey, ExitRules, FullExit, LongWaitExit, MaxWaitExit};
pub use super::queue_rules::{
    AgentLostRule, AlertRules, CallbackRules, DispositionRule, FirstCalled, MissedOffers, PreferredRules, QueueRules,
    RANK_UNNAMED, Reserve, ServiceLevelRules, TieBreaker, WrapUpRules,
};
pub use super::step_rules::{STEPS_MAX, StepRules};

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
    /// Where those go who wait in a queue that this rule set no longer has. Not named: they wait on
    /// there until it is empty.
    #[serde(default)]
    pub moved: BTreeMap<QueueId, QueueId>,
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

    /// Whether its customer is not on the line: it can be suspended and taken up again.
    #[must_use]
    pub fn is_written(self) -> bool {
        match self {
            Channel::Voice | Channel::Callback => false,
            Channel::Chat | Channel::Email | Channel::Task => true,
        }
    }

    /// Whether its waiting counts in its queue's opening hours alone.
    #[must_use]
    pub fn waits_in_opening_hours(self) -> bool {
        self.group() == ChannelGroup::Deferred
    }

    /// Channels of one group are missed alike.
    #[must_use]
    pub fn group(self) -> ChannelGroup {
        match self {
            Channel::Voice | Channel::Callback => ChannelGroup::Voice,
            Channel::Chat => ChannelGroup::Chat,
            Channel::Email | Channel::Task => ChannelGroup::Deferred,
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

/// Channels that are much alike to whoever serves them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelGroup {
    /// Voice and callbacks.
    Voice,
    Chat,
    /// Email and tasks.
    Deferred,
}

impl ChannelGroup {
    pub const ALL: [ChannelGroup; 3] = [ChannelGroup::Voice, ChannelGroup::Chat, ChannelGroup::Deferred];
    pub const COUNT: usize = ChannelGroup::ALL.len();

    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ChannelGroup::Voice => "voice",
            ChannelGroup::Chat => "chat",
            ChannelGroup::Deferred => "deferred",
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
    /// From an exit to voicemail until it has begun. Default 20 s.
    pub voicemail_within: Millis,
    /// The longest announcement before a contact ends. Default 60 s.
    pub announce_within: Millis,
    /// What new rules mean for those who wait already.
    pub waiting_contacts: WaitingContacts,
    /// By channel: the channels whose contacts an agent sets aside to take one of it.
    pub interrupts: BTreeMap<Channel, Vec<Channel>>,
    /// How long a suspended contact that comes back waits for its agent before its queue gets it.
    /// Default 60 s.
    pub return_wait_max: Millis,
    /// How long an agent whose leg was lost is rung again, his customer on hold. Default 10 s.
    pub leg_wait: Millis,
    /// The zone, by its name in the IANA database, of what entry conditions read as `now`. Default UTC.
    pub time_zone: Arc<str>,
    /// What pauses and what resets the time by which `longest_idle` compares.
    pub idle_clock: IdleClockRules,
    /// How numbers begin to which calls may be transferred outside, each in E.164. Default none.
    pub outside_prefixes: Vec<Arc<str>>,
    /// From a transfer to an outside number until the gateway has carried it out. Default 60 s.
    pub outside_within: Millis,
    /// What agents choose from when they are not ready. Default none: each writes his own.
    pub not_ready_reasons: Vec<Arc<str>>,
    /// What agents choose from when they finish up, in the order of their keys; a campaign has its own. Default none.
    pub dispositions: Vec<Arc<str>>,
    /// Whoever checks a call out answers within this, or it is not placed. Default 200 ms.
    pub checked_within: Millis,
}

impl SiteRules {
    #[must_use]
    pub fn may_interrupt(&self, channel: Channel, in_hand: Channel) -> bool {
        self.interrupts.get(&channel).is_some_and(|set_aside| set_aside.contains(&in_hand))
    }
}

/// What new rules mean for those who wait already.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingContacts {
    /// They go on with what was asked for them when they came.
    #[default]
    Keep,
    /// The entry rules are asked again at once; places stay.
    Requeue,
    /// The entry rules are asked again before the next step is taken; places stay.
    AtNextStep,
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
            voicemail_within: Millis::seconds(20),
            announce_within: Millis::seconds(60),
            waiting_contacts: WaitingContacts::default(),
            interrupts: BTreeMap::new(),
            return_wait_max: Millis::seconds(60),
            leg_wait: Millis::seconds(10),
            time_zone: Arc::from("UTC"),
            idle_clock: IdleClockRules::default(),
            outside_prefixes: Vec::new(),
            outside_within: Millis::seconds(60),
            not_ready_reasons: Vec::new(),
            dispositions: Vec::new(),
            checked_within: Millis(200),
        }
    }
}

/// What an agent's idle time makes of what happens to him.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct IdleClockRules {
    /// While he is not ready. Default: it pauses.
    pub not_ready: WhileNotReady,
    /// After an offer he missed. Default: it resets.
    pub missed: AfterOffer,
    /// After an offer he declined. Default: it resets.
    pub declined: AfterOffer,
    /// After an offer that was taken from him. Default: it runs on.
    pub rescinded: AfterOffer,
}

impl Default for IdleClockRules {
    fn default() -> Self {
        IdleClockRules {
            not_ready: WhileNotReady::Pauses,
            missed: AfterOffer::Resets,
            declined: AfterOffer::Resets,
            rescinded: AfterOffer::Runs,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhileNotReady {
    Pauses,
    Runs,
    /// It begins anew when he is available again.
    Resets,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterOffer {
    Runs,
    Resets,
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
    /// The right to transfer calls to outside numbers.
    pub may_transfer_outside: bool,
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
