//! What a supervisor orders, about any agent, contact or queue. It never says who is in scope.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agent::PresenceWhen;
use super::text::{AgentName, ContactId, Name, QueueName};
use super::words::{Presence, words};

/// The agent's presence from now on: `available` or `not_ready`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentSetPresence {
    /// Whose.
    pub agent: AgentName,
    /// What the supervisor chooses.
    pub presence: Presence,
    /// Why `not_ready`, in the centre's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
    /// When it begins to count; `now` if left out.
    #[serde(default)]
    pub when: PresenceWhen,
}

words! {
    /// What becomes of the contacts in the hands of an agent who is logged out.
    #[derive(Default)]
    LogOutHow {
        /// The agent finishes them, and gets no others.
        #[default]
        Finish,
        /// Chats, emails and tasks go back to their queues; a call is finished.
        HandBack,
        /// All of them go back at once, first the call. For supervisors only.
        Force,
    }
}

/// The agent is logged out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentLogOut {
    /// Whom.
    pub agent: AgentName,
    /// What becomes of what he has in hand; `finish` if left out.
    #[serde(default)]
    pub how: LogOutHow,
}

/// The agent logs out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PresenceLogOut {
    /// What becomes of what he has in hand: `finish`, if left out, or `hand_back`.
    #[serde(default)]
    pub how: LogOutHow,
}

/// A waiting contact goes to another queue, in the same place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactMove {
    /// Which contact.
    pub contact: ContactId,
    /// Where it waits from now on.
    pub queue: QueueName,
}

/// A waiting contact gets another priority, whatever the rules say of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactPrioritise {
    /// Which contact.
    pub contact: ContactId,
    /// In steps of head start, in all: from −1,000 to 1,000.
    #[schemars(range(min = -1000, max = 1000))]
    pub priority: i32,
}

/// A waiting contact goes to this agent alone for a while; then to its queue again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactAssign {
    /// Which contact.
    pub contact: ContactId,
    /// To whom.
    pub agent: AgentName,
}

/// Ends a contact, wherever it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactClose {
    /// Which contact.
    pub contact: ContactId,
}

/// Names a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NamedQueue {
    /// Which queue.
    pub queue: QueueName,
}
