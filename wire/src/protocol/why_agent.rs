//! Why an agent gets what he gets: what a supervisor asks and is told. It never computes anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::number::JournalNumber;
use super::text::{AgentName, ContactId, Name, PersonName, QueueName};
use super::time::Time;
use super::why::BetweenWhy;
use super::words::{Channel, DeviceState, Presence, words};

/// Asks why an agent gets nothing now, or got nothing right before a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WhyAgent {
    /// Which agent.
    pub agent: AgentName,
    /// A decision: an offer, an entry, a step or an exit, of whichever contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<JournalNumber>,
}

words! {
    /// Whether an agent's console is there.
    WhyReach {
        /// Heard from.
        Here,
        /// Gone or silent.
        Away,
        /// For longer than its grace.
        Unreachable,
        /// Never heard from, or logged out.
        Gone,
    }
}
words! {
    /// What an agent has in hand.
    WhyPhase {
        /// A contact is held out to him.
        Offered,
        /// His leg is being connected.
        Connecting,
        /// He has the customer.
        WithCustomer,
        /// His leg is gone and rung again.
        LegLost,
        /// He serves a more urgent contact first.
        SetAside,
        /// He finishes up.
        WrapUp,
    }
}

/// A contact in an agent's hands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct InHandWhy {
    /// Which contact.
    pub contact: ContactId,
    /// How it is carried.
    pub channel: Channel,
    /// How far it is.
    pub phase: WhyPhase,
    /// When that ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

/// What keeps an agent from every contact of a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ChannelWhy {
    /// Which channel.
    pub channel: Channel,
    /// What stands between.
    pub between: BetweenWhy,
}

/// One contact that waits, seen from an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactOfAgentWhy {
    /// Which contact.
    pub contact: ContactId,
    /// How it is carried.
    pub channel: Channel,
    /// Where it waits.
    pub queue: QueueName,
    /// Since when.
    pub entered_at: Time,
    /// What stands between.
    pub between: BetweenWhy,
    /// Who goes first, and nothing stands before him either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ContactId>,
}

/// Why an agent gets what he gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentWhy {
    /// Which agent.
    pub agent: AgentName,
    /// At which moment.
    pub at: Time,
    /// What the agent is called.
    pub name: PersonName,
    /// False: the rules no longer name him.
    pub in_rules: bool,
    /// What was chosen.
    pub presence: Presence,
    /// Why `not_ready`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
    /// What was chosen for after the last contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Presence>,
    /// Whether his console is there.
    pub reach: WhyReach,
    /// When that changes by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach_until: Option<Time>,
    /// False: he missed too many offers and has not said that he is back.
    pub responding: bool,
    /// He rests after a failed offer or leg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_off_until: Option<Time>,
    /// His phone.
    pub device: DeviceState,
    /// His idle time counts from then.
    pub idle_since: Time,
    /// Units of capacity in use.
    pub used: u32,
    /// Units of capacity in all.
    pub total: u32,
    /// What he has in hand.
    pub in_hand: Vec<InHandWhy>,
    /// What keeps him from each channel.
    pub channels: Vec<ChannelWhy>,
    /// Those who wait and whose requirement he meets, in the order of service: the first 20.
    pub waiting: Vec<ContactOfAgentWhy>,
    /// How many there are.
    pub waiting_in_all: u64,
}
