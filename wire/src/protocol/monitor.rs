//! A supervisor on the line of a call: to listen, to whisper to the agent, to speak with both. It never says who may.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::gateway::OrderFailure;
use super::number::EventNumber;
use super::text::{ContactId, Endpoint, MonitorId, OrderId, Ref};
use super::time::Time;
use super::words::words;

words! {
    /// Who hears a supervisor on the line.
    MonitorMode {
        /// Nobody: he hears both.
        Listen,
        /// The agent alone; he hears both.
        Whisper,
        /// Agent and customer.
        Barge,
    }
}

words! {
    /// How far a supervisor's leg is.
    MonitorState {
        /// His device rings.
        Ringing,
        /// He is on the line.
        On,
        /// He is not, or no longer.
        Over,
    }
}

/// Rings the supervisor's device and brings him on the line of a call. One call at a time: another ends first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MonitorStart {
    /// Which contact: a call that an agent has in hand.
    pub contact: ContactId,
    /// Who hears him.
    pub mode: MonitorMode,
    /// His device at the contact's gateway.
    pub endpoint: Endpoint,
}

/// From now on others hear him, or no longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MonitorChange {
    /// Which contact he is on.
    pub contact: ContactId,
    /// Who hears him.
    pub mode: MonitorMode,
}

/// He leaves the line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MonitorStop {
    /// Which contact he is on.
    pub contact: ContactId,
}

/// How the supervisor's leg goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MonitorChanged {
    /// Which contact.
    pub contact: ContactId,
    /// Who hears him.
    pub mode: MonitorMode,
    /// How far it is.
    pub state: MonitorState,
    /// Why it came to nothing; absent when it did not, and when he or the call has ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<OrderFailure>,
}

/// Ring the device and bring it on the line of the contact, then say `monitor.changed`. It leaves when the agent's leg does, and all such legs of a gateway leave when its session opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MonitorOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// The server's name for this leg.
    pub monitor: MonitorId,
    /// Whose device.
    pub endpoint: Endpoint,
    /// Who hears it.
    pub mode: MonitorMode,
}

/// Let others hear the leg, or no longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MonitorModeOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// Which leg.
    pub monitor: MonitorId,
    /// Who hears it.
    pub mode: MonitorMode,
}

/// Take the leg off, then say `monitor.changed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MonitorStopOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// Which leg.
    pub monitor: MonitorId,
}

/// How a supervisor's leg goes on. It is told to the supervisor and not kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayMonitorChanged {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
    /// Which leg.
    pub monitor: MonitorId,
    /// How far it is.
    pub state: MonitorState,
    /// Why it came to nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<OrderFailure>,
}
