//! Where an agent may hand a contact on to, with who is free there. It never hands anything on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::text::{AgentName, Name, PersonName, QueueName};
use super::time::Time;
use super::words::{EstimatedWait, words};

words! {
    /// What an agent is doing, in one word of presence and activity.
    Standing {
        /// Available, with nothing in hand.
        Idle,
        /// Finishing up after a contact.
        WrapUp,
        /// An offer is open.
        Offered,
        /// A contact is in hand.
        Busy,
        /// At work, but not for contacts.
        NotReady,
        /// Missed too many offers.
        NotResponding,
        /// The console has gone.
        Unreachable,
        /// Not at work.
        Offline,
    }
}

/// Asks for agents and queues that a contact may be given to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema, TS)]
pub struct TransferTargets {
    /// Part of the name of an agent or a queue; all if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Name>,
}

/// An agent to whom a contact may be given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct TransferAgent {
    /// Who.
    pub agent: AgentName,
    /// What the agent is called.
    pub name: PersonName,
    /// What the agent is doing.
    pub standing: Standing,
    /// Since when.
    pub since: Time,
}

/// A queue to which a contact may be given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct TransferQueue {
    /// Which queue.
    pub queue: QueueName,
    /// Who waits there, offered and connecting included.
    pub waiting: u64,
    /// Agents who serve it and are available, whatever they have in hand.
    pub agents_available: u64,
    /// Of these, those with nothing in hand.
    pub agents_idle: u64,
    /// How long somebody who came now would have to wait; absent while nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_wait: Option<EstimatedWait>,
    /// A supervisor paused it: nothing of it is offered.
    pub paused: bool,
}

/// At most 50 of each, whoever is free first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct TransferTargetsFound {
    /// Agents, without the one who asks.
    pub agents: Vec<TransferAgent>,
    /// Queues.
    pub queues: Vec<TransferQueue>,
    /// There are more that match.
    pub is_more: bool,
}
