//! What a gateway is asked to do, and how it answers. It never says when an order is due.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::text::{AgentName, ContactId, Endpoint, Name, OrderId, Ref};
use super::time::Time;

/// Connect the contact with the agent's device, then say `contact.connected` or `order.failed`.
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
