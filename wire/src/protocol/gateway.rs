//! What a gateway tells: its events, by the switch's clock, and its inventory. It never orders
//! anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attributes::Attributes;
use super::consultation::GatewayConsultation;
use super::error::ErrorKind;
use super::key::TelephoneKey;
use super::list;
use super::number::EventNumber;
use super::order::FirstCalled;
use super::recording::GatewayRecording;
use super::text::{Address, AgentName, ContactId, Endpoint, MessageId, MessageText, Name, OrderId, QueueName, Ref};
use super::time::Time;
use super::words::{Channel, DeviceState, Direction, EstimatedWait, words};

/// A contact is there and wants service. The answer means that it is in the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactArrived {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
    /// How it is carried.
    pub channel: Channel,
    /// Which side began it; `inbound` if left out.
    #[serde(default)]
    pub direction: Direction,
    /// Where it came from, if known: E.164 for voice and callbacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Address>,
    /// What it reached: E.164 for voice and callbacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Address>,
    /// What the gateway knows about it.
    #[serde(default)]
    pub attributes: Attributes,
}

impl ContactArrived {
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        check_numbers(self.channel, "", self.from.as_ref(), self.to.as_ref())
    }
}

fn check_numbers(channel: Channel, place: &str, from: Option<&Address>, to: Option<&Address>) -> Result<(), ErrorKind> {
    let are_numbers = match channel {
        Channel::Voice | Channel::Callback => true,
        Channel::Chat | Channel::Email | Channel::Task => false,
    };
    for (field, address) in [("from", from), ("to", to)] {
        if are_numbers && address.is_some_and(|address| !address.is_e164()) {
            return Err(ErrorKind::invalid_field(
                format!("{place}{field}"),
                "an E.164 number, e.g. +33612345678, or no such field when it is not known",
            ));
        }
    }
    Ok(())
}

/// Where the contact waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactQueued {
    /// The router's number of it.
    pub contact: ContactId,
    /// Where it waits, or waited last.
    pub queue: QueueName,
    /// Its place in that queue, 1 being the next; absent when it no longer waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u64>,
    /// How long it may have to wait, once there is enough to say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_wait: Option<EstimatedWait>,
}

/// Asks where a contact stands now, to say it to a caller who waits. It is no event and changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactPlace {
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
}

/// More is known about a contact: digits, an intent, anything from the IVR.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayContactUpdated {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
    /// Keys that are new or have another value; the others stay.
    pub attributes: Attributes,
}

/// The customer left before an agent answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactAbandoned {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
}

words! {
    /// Whose message it was.
    Speaker {
        /// The customer's: it takes a suspended contact up again.
        Customer,
        /// The agent's.
        Agent,
    }
}

/// A line of a chat, a mail or an answer to a task has passed. One with a text is sent again until it is answered, whatever `last_event` says: its answer waits until the text is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct MessagePassed {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
    /// Whose it was.
    pub by: Speaker,
    /// The gateway's own name for the message, unique in its contact: the same again is answered as the first time. Left out, the number of the event names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// What it says; left out, agents are not shown it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<MessageText>,
}

words! {
    /// How the customer's end of a placed call goes on. After all but the first two, the call is over.
    CallProgressed {
        /// The customer's phone rings.
        Ringing,
        /// The customer is on the line; from now on he waits, if there is no agent.
        Answered,
        /// The customer's line is busy.
        Busy,
        /// The customer's phone rang and nobody lifted it.
        NoAnswer,
        /// The customer rejected the call.
        Rejected,
        /// A machine answered.
        Machine,
        /// A fax answered.
        Fax,
        /// There is no such number.
        InvalidNumber,
        /// There was such a number; it is out of service.
        Disconnected,
        /// The network was full.
        Congestion,
        /// The network refused the call.
        Failed,
    }
}

words! {
    /// Why a customer could not be called.
    CallFailure {
        /// The customer's line is busy.
        Busy,
        /// The customer's phone rang and nobody lifted it.
        NoAnswer,
        /// The customer rejected the call.
        Rejected,
        /// A machine answered.
        Machine,
        /// A fax answered.
        Fax,
        /// There is no such number.
        InvalidNumber,
        /// There was such a number; it is out of service.
        Disconnected,
        /// The network was full.
        Congestion,
        /// The network refused the call.
        Failed,
        /// The gateway said nothing in time.
        TimedOut,
    }
}

/// How a call goes on that was ordered by `call.place`. That the agent and the customer hear each other is said by `contact.connected`; that the agent's leg could not be made, by `order.failed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CallProgress {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The order that asked for the call.
    pub order: OrderId,
    /// What happened.
    pub progress: CallProgressed,
}

/// A waiting caller pressed a key. Whether that is an exit of his queue, the rules say; if not, nothing happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactExitKey {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
    /// Which key.
    pub key: TelephoneKey,
}

/// Customer and agent are connected: this is when the contact counts as answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayContactConnected {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
    /// The order that asked for it.
    pub order: OrderId,
}

words! {
    /// Who hung up.
    HungUpBy {
        /// The customer.
        Customer,
        /// The agent, at the device.
        Agent,
        /// The telephony or chat system itself.
        Gateway,
    }
}

/// The contact is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayContactEnded {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
    /// Who hung up.
    pub by: HungUpBy,
}

/// An order has been carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OrderDone {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// Which order.
    pub order: OrderId,
}

/// An agent's leg is gone, though no order said so: lost or hung up. The contact itself goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayPartyLeft {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The contact that the leg served; of two, either.
    pub r#ref: Ref,
    /// Whose leg it was.
    pub agent: AgentName,
}

words! {
    /// Why an order could not be carried out.
    OrderFailure {
        /// The device is in a call.
        Busy,
        /// The device rang and nobody answered.
        NoAnswer,
        /// The device is not reachable.
        Unregistered,
        /// The device or its user refused.
        Rejected,
        /// Nothing was heard in time: what the server itself says of a gateway that did not answer.
        TimedOut,
        /// Anything else.
        Failed,
    }
}

/// An order could not be carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OrderFailed {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// Which order.
    pub order: OrderId,
    /// Why.
    pub why: OrderFailure,
}

/// A device changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct DeviceChanged {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The device.
    pub endpoint: Endpoint,
    /// What it is doing.
    pub state: DeviceState,
}

/// A contact with a live leg at the gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct InventoryContact {
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// How it is carried.
    pub channel: Channel,
    /// Where it came from, if known: E.164 for voice and callbacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Address>,
    /// What it reached: E.164 for voice and callbacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Address>,
    /// What the gateway knows about it, should the server not know it.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
}

/// An agent's leg that is up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct InventoryAgentLeg {
    /// Whose.
    pub agent: AgentName,
    /// The device.
    pub endpoint: Endpoint,
    /// The contact that it is connected with, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#ref: Option<Ref>,
}

/// A device and what it is doing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct InventoryDevice {
    /// The device.
    pub endpoint: Endpoint,
    /// What it is doing.
    pub state: DeviceState,
}

/// A page of all that is live at the gateway: on connect, every 30 s, and when asked for. It follows all events that the gateway still had to send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Inventory {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// When the list was made, by the switch's clock; the same on each page of one list.
    pub as_of: Time,
    /// 1, 2, 3 …
    #[schemars(range(min = 1))]
    pub page: u32,
    /// Whether the list is now whole.
    pub last: bool,
    /// Contacts with a live leg here.
    #[serde(default, deserialize_with = "list::bounded")]
    #[schemars(length(max = 1000))]
    pub contacts: Vec<InventoryContact>,
    /// Agents' legs that are up.
    #[serde(default, deserialize_with = "list::bounded")]
    #[schemars(length(max = 1000))]
    pub agent_legs: Vec<InventoryAgentLeg>,
    /// Devices.
    #[serde(default, deserialize_with = "list::bounded")]
    #[schemars(length(max = 1000))]
    pub devices: Vec<InventoryDevice>,
}

impl Inventory {
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        if self.page == 0 {
            return Err(ErrorKind::invalid_field("page", "an integer from 1"));
        }
        for (index, contact) in self.contacts.iter().enumerate() {
            let place = format!("contacts[{index}].");
            check_numbers(contact.channel, &place, contact.from.as_ref(), contact.to.as_ref())?;
        }
        Ok(())
    }
}

/// How many calls the gateway carries at once, as it is set there: on connect, and whenever that changes. The server orders no call that would be one too many; a gateway that never says it is ordered as many as there is reason for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayLines {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// Calls with customers, whoever began them; left out: as many as come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub calls_max: Option<u32>,
    /// Of `calls_max`, those that only customers may begin.
    #[serde(default)]
    pub kept_for_inbound: u32,
}

impl GatewayLines {
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        if self.calls_max == Some(0) {
            return Err(ErrorKind::invalid_field(
                "calls_max",
                "an integer from 1, or no such field when there is no limit",
            ));
        }
        if self.kept_for_inbound > self.calls_max.unwrap_or(0) {
            return Err(ErrorKind::invalid_field("kept_for_inbound", "at most as many as calls_max"));
        }
        Ok(())
    }
}

/// An agent's phone that rings with an offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct RingingPhone {
    /// Which order to connect.
    pub order: OrderId,
    /// Whose device.
    pub agent: AgentName,
    /// The device.
    pub endpoint: Endpoint,
    /// By the server's clock; the offer ends then.
    pub not_after: Time,
}

/// What a contact should be doing, whatever the gateway last heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ShouldBe {
    /// Waiting for an agent.
    Queued {
        /// Where it waits.
        queue: QueueName,
    },
    /// Waiting, while phones of agents ring: the orders stand, if they were not received.
    Ringing {
        /// Each phone that rings, with its order to connect.
        phones: Vec<RingingPhone>,
    },
    /// Laid down by an agent until the customer writes: nothing to do but to pass messages on.
    Suspended {
        /// By whom.
        agent: AgentName,
    },
    /// Its customer is to be called once an agent is free: nothing to do.
    ToBeCalled,
    /// Its customer is being called: the order stands, if it was not received.
    Placing {
        /// Which order.
        order: OrderId,
        /// The customer's number, in E.164.
        to: Address,
        /// Who makes the call.
        agent: AgentName,
        /// The agent's device.
        endpoint: Endpoint,
        /// The device answers by itself: its agent has accepted at his console.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        auto_answer: bool,
        /// Whose phone rings first.
        first: FirstCalled,
        /// How long the customer's phone rings, in milliseconds.
        ring_for_ms: u64,
        /// The number that the customer is shown; absent: the gateway's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caller_id: Option<Address>,
        /// By the server's clock; after it the order is void.
        not_after: Time,
    },
    /// Being connected with an agent: the order stands, if it was not received.
    Connecting {
        /// Which order.
        order: OrderId,
        /// Whose device.
        agent: AgentName,
        /// The device.
        endpoint: Endpoint,
        /// The device answers by itself: its agent has accepted at his console.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        auto_answer: bool,
        /// By the server's clock; after it the order is void.
        not_after: Time,
    },
    /// Connected with an agent.
    Connected {
        /// Whose device.
        agent: AgentName,
        /// The device.
        endpoint: Endpoint,
    },
    /// On hold by its agent.
    Held {
        /// Whose device.
        agent: AgentName,
        /// The device.
        endpoint: Endpoint,
    },
    /// Hearing a message before it ends: the order stands, if it was not received.
    Announcing {
        /// Which order; done when the message is over.
        order: OrderId,
        /// By the server's clock; then the server ends the contact.
        not_after: Time,
        /// Which message, by the name that the rules give it.
        message: Name,
    },
    /// Leaving a message: the order stands, if it was not received.
    Voicemail {
        /// Which order; done when the caller is in the mailbox. Absent once it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderId>,
        /// By the server's clock; then the caller waits again. Absent once the order is done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_after: Option<Time>,
        /// Which mailbox; the gateway's own if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mailbox: Option<Name>,
    },
    /// On its way to a number outside: the order stands, if it was not received.
    Transferring {
        /// Which order; done when the caller is with that number.
        order: OrderId,
        /// By the server's clock; then the caller waits again.
        not_after: Time,
        /// The number, in E.164.
        to: Address,
    },
    /// Over: the order to end it stands, if it was not received.
    Ending {
        /// Which order.
        order: OrderId,
    },
}

/// One of the gateway's contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayContact {
    /// The router's number of it.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// What it should be doing.
    pub should_be: ShouldBe,
    /// Set when the contact is a question of one agent to another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consultation: Option<GatewayConsultation>,
    /// Set when the call should be recorded, paused or not; a recording that is not named is to be stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<GatewayRecording>,
}

/// A leg that stays up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentLeg {
    /// Whose.
    pub agent: AgentName,
    /// His device.
    pub endpoint: Endpoint,
}

/// All that a gateway needs to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewaySnapshot {
    /// Its contacts that have not ended.
    pub contacts: Vec<GatewayContact>,
    /// Agents' legs that stay up between contacts; others that it holds open are to be hung up. Of devices that it does not have it knows nothing.
    #[serde(default)]
    pub agent_legs: Vec<AgentLeg>,
    /// Its last event that is in the journal: later ones are to be sent again. Null when there is none.
    pub last_event: Option<EventNumber>,
}
