//! What a gateway is asked to do, and how it answers. It never says when an order is due.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::consultation::GatewayConsultation;
use super::key::TelephoneKeys;
use super::text::{Address, AgentName, ContactId, Endpoint, Name, OrderId, Ref};
use super::time::Time;
use super::words::words;

/// Connect the contact with the agent's device, then say `contact.connected` or `order.failed`. With an offer that is accepted by phone the device rings until it is lifted, until `party.remove`, or until `not_after`; several may ring for one contact, and the first that is lifted has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ConnectOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// Whose device.
    pub agent: AgentName,
    /// The device.
    pub endpoint: Endpoint,
    /// The device answers by itself: its agent has accepted at his console.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auto_answer: bool,
    /// Set when the contact is a consultation: the device is connected with the leg of the agent who asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consultation: Option<GatewayConsultation>,
}

/// Do something with a contact, then say `order.done` or `order.failed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
}

/// Play a message to the caller, then say `order.done` or `order.failed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PlayOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`. The message is over by then, or the server ends the contact.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// Which message, by the name that the rules give it.
    pub message: Name,
}

/// Connect the caller with a number outside, and say `order.done` when it is there or `order.failed`. After `order.done` the contact is over for the server: the gateway names it no more, neither in events nor in inventories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct TransferOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`. The caller is with that number by then, or waits again.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// The number, in E.164.
    pub to: Address,
}

/// Let the caller leave a message, and say `order.done` when he is in the mailbox or `order.failed`; then `contact.ended` when he hangs up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct VoicemailOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`. The caller is in the mailbox by then, or waits again.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// Which mailbox; the gateway's own if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<Name>,
}

/// Send the tones of telephone keys to the customer's end, one after the other. Nothing more is said of it than the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct DtmfOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// Which keys, in their order. Not to be logged: they may be the number of a payment card.
    pub digits: TelephoneKeys,
}

words! {
    /// Whose phone rings first when a customer is called.
    FirstCalled {
        /// The agent's; the customer is called once he has lifted it.
        Agent,
        /// The customer's; the agent's rings once the customer has answered.
        Customer,
    }
}

/// Call a customer for an agent: say `call.progress` of the customer's end, and `contact.connected` when they hear each other or `order.failed` when the agent's device cannot be reached. The call's contact is the server's own, under the `ref` given here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CallPlaceOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The name that the contact has at the gateway from now on: the server made it.
    pub r#ref: Ref,
    /// The customer's number, in E.164.
    pub to: Address,
    /// For whom.
    pub agent: AgentName,
    /// His device.
    pub endpoint: Endpoint,
    /// The device answers by itself: its agent has accepted at his console.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auto_answer: bool,
    /// Whose phone rings first.
    pub first: FirstCalled,
    /// How long the customer's phone rings, in milliseconds; then `no_answer`.
    pub ring_for_ms: u64,
    /// The number that the customer is shown; absent: the gateway's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_id: Option<Address>,
}

/// Give a call up that is being placed, both its legs, then say `order.done`. A customer who has answered meanwhile is kept: say `order.failed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CallCancelOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// Its name at the gateway.
    pub r#ref: Ref,
    /// The order that asked for the call.
    pub of: OrderId,
}

/// A leg of an agent whose phone stays up: open it, ringing his device once, or hang it up; then say `order.done` or `order.failed`. What is so already is done. Every gateway is told; one that does not have the device says `order.failed` with `unregistered`, or nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentLegOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Whose.
    pub agent: AgentName,
    /// His device.
    pub endpoint: Endpoint,
}

/// Send an inventory at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, TS)]
pub struct InventorySend {}

/// How a gateway answers an order: exactly one of the two, as `true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(untagged, expecting = "an object with accepted: true or too_late: true")]
pub enum OrderAnswer {
    /// It is being carried out, or was when it came the first time.
    Accepted {
        /// Always true.
        accepted: True,
    },
    /// It came after its `not_after` and is not carried out.
    TooLate {
        /// Always true.
        too_late: True,
    },
}

impl OrderAnswer {
    /// `{"accepted": true}`
    pub const ACCEPTED: OrderAnswer = OrderAnswer::Accepted { accepted: True };
    /// `{"too_late": true}`
    pub const TOO_LATE: OrderAnswer = OrderAnswer::TooLate { too_late: True };
}

/// The value `true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, TS)]
#[ts(type = "true")]
pub struct True;

impl Serialize for True {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

impl<'de> Deserialize<'de> for True {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::{Error, Unexpected};
        if bool::deserialize(deserializer)? {
            Ok(True)
        } else {
            Err(D::Error::invalid_value(Unexpected::Bool(false), &"true"))
        }
    }
}

impl JsonSchema for True {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "True".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "The value `true`.", "const": true })
    }
}
