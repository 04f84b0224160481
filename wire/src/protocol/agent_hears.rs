//! What an agent's console hears of contacts in hand, and all that it shows when it opens. It never
//! shows another agent's work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agent::TransferTo;
use super::agent_state::AgentState;
use super::attributes::Attributes;
use super::consultation::{AskedBy, Consulting};
use super::customer::CustomerCard;
use super::gateway::{CallFailure, OrderFailure};
use super::lead::{KnownLead, LeadCalled, NotPlaced};
use super::offers::{ContactOffered, Customer, PathStep};
use super::recording::CallRecording;
use super::text::{Address, AgentName, ContactId, GatewayName, Name, NoteText, PersonName, QueueName, SegmentId};
use super::time::Time;
use super::words::{Channel, DispositionRule, SegmentState, words};

/// Something happened to one of the agent's segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SegmentMoment {
    /// Which contact.
    pub contact: ContactId,
    /// Which segment.
    pub segment: SegmentId,
    /// When.
    pub at: Time,
}

/// The contact was handed on; this segment goes to wrap-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactTransferred {
    /// Which contact.
    pub contact: ContactId,
    /// Which segment.
    pub segment: SegmentId,
    /// Where it went.
    pub to: TransferTo,
    /// When.
    pub at: Time,
}

/// The agent has laid the contact down; this segment is closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactSuspended {
    /// Which contact.
    pub contact: ContactId,
    /// Which segment.
    pub segment: SegmentId,
    /// When it comes back at the latest; absent: only with the customer's reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// When.
    pub at: Time,
}

/// More is known about one of the agent's contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactUpdated {
    /// Which contact.
    pub contact: ContactId,
    /// All attributes as they now are; left out: unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Attributes>,
    /// The customer's card, once it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Box<CustomerCard>>,
    /// The card cannot be read at the moment; it follows.
    #[serde(default, skip_serializing_if = "is_false")]
    pub card_unavailable: bool,
    /// The leads at the customer's numbers, whether or not the customer is known; left out: unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads: Option<Vec<KnownLead>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

words! {
    /// What ended a contact.
    ContactEnd {
        /// The customer left.
        Customer,
        /// The agent ended it.
        Agent,
        /// The gateway ended it.
        Gateway,
        /// The server ended it, by its rules.
        Router,
        /// The gateway no longer knows it.
        LostByGateway,
        /// A supervisor closed it.
        Supervisor,
        /// A consultation: the agent who was asked has the customer now.
        Transfer,
    }
}

/// One of the agent's contacts has ended. If wrap-up follows, `wrap_up.started` says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactEnded {
    /// Which contact.
    pub contact: ContactId,
    /// What ended it.
    pub by: ContactEnd,
    /// When.
    pub at: Time,
}

/// The conversation is over and the agent has time to finish up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WrapUpStarted {
    /// Which contact.
    pub contact: ContactId,
    /// Which segment.
    pub segment: SegmentId,
    /// When it ends by itself, by the server's clock; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Time>,
    /// When it ends by itself, in milliseconds from now; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_in_ms: Option<u64>,
    /// Whether a result must be given.
    pub disposition: DispositionRule,
}

/// A segment is over and no longer in hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SegmentClosed {
    /// Which contact.
    pub contact: ContactId,
    /// Which segment.
    pub segment: SegmentId,
    /// Whether agent and customer were ever connected.
    pub connected: bool,
    /// Why the agent's leg could not be connected, if that is what happened: the contact is back in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<OrderFailure>,
    /// Why the customer could not be called, if that is what happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_failure: Option<CallFailure>,
    /// Why the call to the customer was not placed, if that is what happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_placed: Option<NotPlaced>,
    /// Time connected, neither on hold nor set aside, in milliseconds.
    pub talk_ms: u64,
    /// Time on hold, in milliseconds.
    pub hold_ms: u64,
    /// Time to finish up, in milliseconds.
    pub wrap_up_ms: u64,
    /// The result that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Name>,
    /// When.
    pub at: Time,
}

/// A segment that the agent has in hand, wrap-ups included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SegmentInHand {
    /// Which segment.
    pub segment: SegmentId,
    /// Which contact.
    pub contact: ContactId,
    /// How it is carried.
    pub channel: Channel,
    /// Where it waited.
    pub queue: QueueName,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<GatewayName>,
    /// How far the segment is.
    pub state: SegmentState,
    /// Since when.
    pub since: Time,
    /// Where the contact came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Address>,
    /// What it reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Address>,
    /// What the gateway knows about it.
    #[serde(default)]
    pub attributes: Attributes,
    /// Who is calling, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// Set when a colleague asks: there is a customer behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AskedBy>,
    /// How it came to the agent, the oldest first; empty when it was never passed on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<PathStep>,
    /// Set when a campaign calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadCalled>,
    /// When wrap-up ends by itself, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Time>,
    /// When wrap-up ends by itself, in milliseconds from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_in_ms: Option<u64>,
    /// Whether a result must be given.
    pub disposition: DispositionRule,
    /// The agent's note as far as he has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<NoteText>,
    /// Set when the call is recorded, or was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<CallRecording>,
}

/// A queue to which the agent may hand contacts on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct QueueChoice {
    /// Which queue.
    pub queue: QueueName,
}

/// An agent to whom contacts may be handed on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentChoice {
    /// Which agent.
    pub agent: AgentName,
    /// What the agent is called.
    pub name: PersonName,
}

/// All that an agent's console shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentSnapshot {
    /// What the agent is called.
    pub name: PersonName,
    /// The agent's own state.
    pub agent: AgentState,
    /// Offers that are open.
    pub offers: Vec<ContactOffered>,
    /// What the agent has in hand, wrap-ups included.
    pub segments: Vec<SegmentInHand>,
    /// What the agent asks of a colleague.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consulting: Option<Consulting>,
    /// Where contacts may be handed on to.
    pub queues: Vec<QueueChoice>,
    /// To whom contacts may be handed on: the first 100 by name. `transfer.targets` finds all.
    pub agents: Vec<AgentChoice>,
    /// What the centre's agents choose from when they are not ready; empty: each writes his own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_ready_reasons: Vec<Name>,
    /// What they choose from when they finish up; a lead's campaign has its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dispositions: Vec<Name>,
    /// Campaigns that run and are dialled by hand: `lead.next` asks for their leads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub campaigns: Vec<Name>,
}
