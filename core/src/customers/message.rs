//! What customers and agents wrote to each other: one message as it is kept. Sends nothing.

use serde::{Deserialize, Serialize};

use crate::routing::ids::{AgentId, ContactId};
use crate::routing::time::Timestamp;

use super::text::PersonalText;

/// Longest message, in characters: a line of a chat, an email.
pub const MESSAGE_LENGTH_MAX: usize = 8_000;

pub type MessageText = PersonalText<MESSAGE_LENGTH_MAX>;
/// Its writer's own name for a message. Mail systems put addresses into theirs.
pub type MessageName = PersonalText<64>;

/// Who wrote a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageBy {
    Customer,
    Agent,
    System,
}

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// On its way to the customer.
    Sent,
    /// The customer has it, or wrote it.
    Delivered,
    Failed,
}

/// Which message: its place among those of its contact, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MessagePlace {
    pub contact: ContactId,
    pub no: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    pub place: MessagePlace,
    pub name: MessageName,
    pub by: MessageBy,
    /// Who wrote it in his console.
    pub agent: Option<AgentId>,
    pub text: MessageText,
    pub at: Timestamp,
    pub status: MessageStatus,
}
