//! One agent asks another while the customer is on hold: what both hear of it, and what the gateway is
//! asked to do. It never says who may ask whom.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agent::TransferTo;
use super::agent_hears::SegmentInHand;
use super::attributes::Attributes;
use super::text::{AgentName, ContactId, Endpoint, Name, OrderId, Ref, SegmentId, Text};
use super::time::Time;
use super::words::words;

/// The agent wants somebody with more authority to take the contact; his own segment goes to wrap-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactEscalate {
    /// Which contact.
    pub contact: ContactId,
    /// Why, in the centre's words.
    pub reason: Name,
    /// For whoever gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// What is known of the contact from now on, on top of its own attributes.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
}

words! {
    /// What another agent is in a contact.
    PartyRole {
        /// Asked by its agent, while the customer is on hold.
        Consulted,
        /// Customer, agent and this one hear each other.
        Conference,
    }
}

words! {
    /// How a consultation ended.
    PartyEnd {
        /// Whoever was asked has the customer now.
        Completed,
        /// By the agent who began it.
        Cancelled,
        /// The agent who was asked declined.
        Declined,
        /// The agent who was asked did not take it in time.
        NoAnswer,
        /// The device of whoever was asked could not be reached.
        Failed,
        /// Whoever was asked left, or the call between the two is over.
        Left,
        /// The customer left before anybody answered.
        CustomerLeft,
        /// The leg of the agent who asked was lost before anybody answered.
        FirstAgentLeft,
    }
}

/// Somebody is asked about a contact in hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PartyInvited {
    /// The customer's contact.
    pub contact: ContactId,
    /// The consultation: a contact of its own.
    pub consultation: ContactId,
    /// Who is asked.
    pub to: TransferTo,
    /// When.
    pub at: Time,
}

/// Somebody who was asked is on the line; or the customer hears them both from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PartyJoined {
    /// The customer's contact; absent once the customer has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// The consultation.
    pub consultation: ContactId,
    /// The other agent.
    pub agent: AgentName,
    /// What the one who was asked is now.
    pub role: PartyRole,
    /// When.
    pub at: Time,
}

/// A consultation that this agent began is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PartyLeft {
    /// The customer's contact; absent once the customer has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// The consultation.
    pub consultation: ContactId,
    /// How it ended.
    pub why: PartyEnd,
    /// When.
    pub at: Time,
}

/// The agent who was asked has the customer now, in a segment of his own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactTakenOver {
    /// What the agent has in hand now.
    pub segment: SegmentInHand,
    /// From whom.
    pub from: AgentName,
    /// The consultation that led to it, which ends now.
    pub consultation: ContactId,
    /// When.
    pub at: Time,
}

/// The agent's leg is gone and is rung again, the customer being on hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct LegLost {
    /// Which contact.
    pub contact: ContactId,
    /// Which segment.
    pub segment: SegmentId,
    /// Until when it is rung, by the server's clock; then the customer waits again, first in line.
    pub until: Time,
    /// When.
    pub at: Time,
}

/// What this agent asks of a colleague at the moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Consulting {
    /// The customer's contact; absent once the customer has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// The consultation.
    pub consultation: ContactId,
    /// The agent who was asked, once he is on the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentName>,
    /// What he is then.
    pub role: PartyRole,
}

/// The contact behind a consultation, for whoever is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AskedBy {
    /// Who asks.
    pub agent: AgentName,
    /// The customer's contact; absent once the customer has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
}

/// What the gateway has to know of a contact that is a consultation: its first leg is that of the agent who asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayConsultation {
    /// Who asks.
    pub agent: AgentName,
    /// His device: its leg is up already.
    pub endpoint: Endpoint,
    /// The customer's contact; absent once the customer has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Ref>,
    /// Whether the customer hears them both.
    #[serde(default)]
    pub conference: bool,
}

/// Do something with a contact and the consultation about it, then say `order.done` or `order.failed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ConsultationOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// The customer's contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// The name of the consultation at the gateway: the server made it.
    pub consultation: Ref,
    /// Who was asked.
    pub agent: AgentName,
    /// His device.
    pub endpoint: Endpoint,
}
