//! What an agent's console asks. It never names another agent's contact.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attributes::Attributes;
use super::error::ErrorKind;
use super::key::TelephoneKeys;
use super::number::DurationMs;
use super::text::{Address, AgentName, ContactId, Name, NoteText, OfferId, QueueName, SegmentId, Text};
use super::time::Time;
use super::words::{Presence, words};

words! {
    /// When a new presence begins to count.
    #[derive(Default)]
    PresenceWhen {
        /// At once.
        #[default]
        Now,
        /// After the last wrap-up; until then nothing new is offered.
        AfterContact,
    }
}

/// The agent chooses a presence. It is also how an agent comes back who was `not_responding`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PresenceSet {
    /// What the agent chooses.
    pub presence: Presence,
    /// Why `not_ready`, in the centre's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
    /// When it begins to count; `now` if left out.
    #[serde(default)]
    pub when: PresenceWhen,
}

/// The console shows the offer. Without this within 2 s the offer is revoked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OfferReceived {
    /// Which offer.
    pub offer: OfferId,
}

/// The agent takes the contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OfferAccept {
    /// Which offer.
    pub offer: OfferId,
}

/// The contact is the agent's; its leg is being connected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OfferAccepted {
    /// Which contact.
    pub contact: ContactId,
}

/// The agent does not take the contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OfferDecline {
    /// Which offer.
    pub offer: OfferId,
    /// Why, in the centre's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
}

/// Names one of the agent's own contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OwnContact {
    /// Which contact.
    pub contact: ContactId,
}

/// The agent presses keys of a telephone: the customer's end hears them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactDtmf {
    /// Which contact: a call that the agent talks in.
    pub contact: ContactId,
    /// Which keys, in their order.
    pub digits: TelephoneKeys,
}

/// Where a contact goes: exactly one of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransferTo {
    /// It waits in this queue.
    Queue(QueueName),
    /// It waits for this agent.
    Agent(AgentName),
    /// A call goes to this number outside, in E.164, and is over here. The agent needs the right, and the number a beginning that the rules allow.
    Number(Address),
}

words! {
    /// How a contact is handed on.
    TransferKind {
        /// Without talking to the other side first.
        Blind,
        /// The other side is asked first, while the customer is on hold: `transfer.complete`, `transfer.cancel`, `transfer.swap` and `conference.add` follow.
        Consult,
    }
}

/// The agent hands the contact on, and his own segment goes to wrap-up; or asks first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactTransfer {
    /// Which contact.
    pub contact: ContactId,
    /// Where it goes.
    pub to: TransferTo,
    /// How.
    pub kind: TransferKind,
    /// For whoever gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// What is known of the contact from now on, on top of its own attributes.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
}

impl ContactTransfer {
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        match (&self.to, self.kind) {
            (TransferTo::Number(_), TransferKind::Consult) => {
                Err(ErrorKind::invalid_field("to", "a queue or an agent: a number outside is not consulted"))
            }
            (TransferTo::Number(number), TransferKind::Blind) if !number.is_e164() => {
                Err(ErrorKind::invalid_field("to.number", "an E.164 number, e.g. +33612345678"))
            }
            (TransferTo::Number(_) | TransferTo::Queue(_) | TransferTo::Agent(_), _) => Ok(()),
        }
    }
}

/// The agent lays a chat, an email or a task down: it is his again when the customer writes, or at `until`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactSuspend {
    /// Which contact.
    pub contact: ContactId,
    /// When it comes back at the latest, at most 90 days from now; only with the customer's reply if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

/// The customer of a contact in hand or in wrap-up is to be called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CallbackSchedule {
    /// Which contact.
    pub contact: ContactId,
    /// The number to call, in E.164; that which the contact came from if left out. A lead that a campaign called is called
    /// again by its campaign when neither this nor a queue is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Address>,
    /// Where the call waits for an agent; the queue that the contact was answered from if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// When, at most 90 days from now; as soon as somebody is free if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// Whether this agent makes the call himself, if he is there by then.
    #[serde(default)]
    pub by_me: bool,
}

impl CallbackSchedule {
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        match &self.to {
            Some(to) if !to.is_e164() => Err(ErrorKind::invalid_field(
                "to",
                "an E.164 number, e.g. +33612345678, or no such field to call where the contact came from",
            )),
            Some(_) | None => Ok(()),
        }
    }
}

/// The agent has finished up and is free for the next contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WrapUpFinish {
    /// Which contact.
    pub contact: ContactId,
    /// Which segment, if the agent had the contact twice; otherwise the one in wrap-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<SegmentId>,
    /// The result, in the centre's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Name>,
    /// What the next agent should know; in place of the draft that `contact.note` kept, empty too. Left out, the draft is filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<NoteText>,
    /// The customer is to be called. All of this message is done, or none of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<FollowUpCall>,
}

/// A call that is promised with the end of a wrap-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct FollowUpCall {
    /// The number to call, in E.164; that which the contact came from if left out. A lead that a campaign called is called
    /// again by its campaign when neither this nor a queue is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Address>,
    /// Where the call waits for an agent; the queue that the contact was answered from if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// When, at most 90 days from now; as soon as somebody is free if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// Whether this agent makes the call himself, if he is there by then.
    #[serde(default)]
    pub by_me: bool,
}

impl WrapUpFinish {
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        match self.callback.as_ref().and_then(|callback| callback.to.as_ref()) {
            Some(to) if !to.is_e164() => Err(ErrorKind::invalid_field(
                "callback.to",
                "an E.164 number, e.g. +33612345678, or no such field to call where the contact came from",
            )),
            Some(_) | None => Ok(()),
        }
    }
}

/// The agent needs longer to finish up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WrapUpExtend {
    /// Which contact.
    pub contact: ContactId,
    /// Which segment, if the agent had the contact twice; otherwise the one in wrap-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<SegmentId>,
    /// How much longer, in milliseconds: from 1 second to 1 hour.
    pub by_ms: DurationMs,
}

/// When wrap-up now ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WrapUpExtended {
    /// By the server's clock.
    pub ends_at: Time,
    /// From now, in milliseconds.
    pub ends_in_ms: u64,
}
