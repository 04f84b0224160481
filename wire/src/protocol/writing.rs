//! What agents and customers write to each other, that they are about to, and the note that an agent is writing. It never
//! says who may read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::error::ErrorKind;
use super::text::{AgentName, ContactId, MessageId, MessageText, NoteText, OrderId, Ref, SegmentId};
use super::time::Time;
use super::words::words;

/// The agent writes to his customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MessageSend {
    /// Which contact, a chat or an email in his hands.
    pub contact: ContactId,
    /// The console's own name for it, a UUID: the same again is answered as the first time and sends nothing.
    pub message: MessageId,
    /// What he writes.
    pub text: MessageText,
}

impl MessageSend {
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        match uuid::Uuid::parse_str(self.message.as_str()) {
            Ok(_) => Ok(()),
            Err(_) => Err(ErrorKind::invalid_field("message", "a UUID, e.g. 0192a1f0-5c3e-7b7a-9d0e-4f2f6f3c1a55")),
        }
    }
}

/// The message is kept, and is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MessageSent {
    /// When it was written down, by the server's clock.
    pub at: Time,
}

/// Asks for what was written in a contact in hand, on offer, or in wrap-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MessageList {
    /// Which contact.
    pub contact: ContactId,
}

words! {
    /// Who wrote a message.
    MessageBy {
        /// The customer.
        Customer,
        /// An agent.
        Agent,
        /// Neither: a greeting, a program.
        System,
    }
}

words! {
    /// How far a message is.
    MessageStatus {
        /// On its way to the customer.
        Sent,
        /// The customer has it; or it came from him.
        Delivered,
        /// The customer does not get it.
        Failed,
    }
}

/// One message of a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[schemars(rename = "Message")]
#[ts(rename = "Message")]
pub struct WrittenMessage {
    /// Its writer's own name for it, unique in its contact.
    pub message: MessageId,
    /// Who wrote it.
    pub by: MessageBy,
    /// Which agent, when he wrote it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentName>,
    /// What was written; numbers of payment cards in it are masked.
    pub text: MessageText,
    /// When it came here, by the server's clock.
    pub at: Time,
    /// How far it is.
    pub status: MessageStatus,
}

/// What was written in a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MessagesListed {
    /// The newest 500 at most, fewer when they are long; the oldest of them first.
    pub messages: Vec<WrittenMessage>,
    /// How many older ones there are.
    pub left_out: u64,
}

/// A message in a contact in hand that the agent did not write himself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MessageReceived {
    /// Which contact.
    pub contact: ContactId,
    /// The message.
    pub message: WrittenMessage,
}

/// How far a message of the agent's is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MessageStatusChanged {
    /// Which contact.
    pub contact: ContactId,
    /// Which message.
    pub message: MessageId,
    /// How far it is.
    pub status: MessageStatus,
}

/// The customer is writing; nothing says when he stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerTyping {
    /// Which contact.
    pub contact: ContactId,
    /// When, by the server's clock.
    pub at: Time,
}

/// The agent's note as far as it is written. One that no `wrap_up.finish` brings is filed when the segment closes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactNote {
    /// Which contact.
    pub contact: ContactId,
    /// Which of the agent's segments, in hand or in wrap-up.
    pub segment: SegmentId,
    /// All of it, in place of what was kept before.
    pub note: NoteText,
}

/// The customer is writing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayTyping {
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
}

/// The agent is writing. Not to be answered, and lost without harm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentTyping {
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
}

/// Bring a message to the customer, then say `order.done` when he has it or `order.failed`. A gateway that comes back is asked again for what it has said nothing of: an order that it has carried out it only answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MessageOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`, and the agent is told that it failed.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// The message's name.
    pub message: MessageId,
    /// What it says.
    pub text: MessageText,
}
