//! What an agent's console hears and shows. It never shows another agent's work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agent::TransferTo;
use super::attributes::Attributes;
use super::gateway::OrderFailure;
use super::text::{Address, AgentName, ContactId, GatewayName, Name, OfferId, PersonName, QueueName, SegmentId, Text};
use super::time::Time;
use super::words::{Activity, Channel, Direction, DispositionRule, HoldReason, Presence, SegmentState, words};

/// A presence that was chosen and does not count yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NextPresence {
    /// What was chosen.
    pub presence: Presence,
    /// Why `not_ready`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
}

/// Whether contacts of one channel can be offered to the agent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentChannel {
    /// Which channel.
    pub channel: Channel,
    /// Whether an offer may come.
    pub routable: bool,
    /// What stands in the way, if it is neither presence nor capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldReason>,
}

words! {
    /// What made an agent's state change.
    AgentChange {
        /// A presence was chosen.
        Chosen,
        /// A presence chosen earlier now counts.
        AfterContact,
        /// The console came.
        ConsoleOpened,
        /// The console went; contacts in hand stay for a grace.
        ConsoleClosed,
        /// The agent was heard from again.
        HeardFrom,
        /// The console did not show an offer.
        OfferUndelivered,
        /// The console stayed away for the whole grace.
        GraceOver,
        /// The console stayed away until the agent counted as gone.
        Lost,
        /// An offer was missed.
        Missed,
        /// The rules no longer name the agent.
        DroppedFromRules,
        /// An offer was made or ended.
        Offer,
        /// A contact came or went.
        Contact,
        /// Wrap-up began or ended.
        WrapUp,
        /// The agent's device failed or changed.
        Device,
        /// The rules changed.
        Rules,
        /// The server started again.
        ServerRestarted,
    }
}

/// The agent's own state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AgentState {
    /// Who.
    pub agent: AgentName,
    /// What was chosen.
    pub presence: Presence,
    /// Why `not_ready`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
    /// What was chosen and does not count yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextPresence>,
    /// What the agent is doing.
    pub activity: Activity,
    /// Since when presence and activity are as they are.
    pub since: Time,
    /// When the activity ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// What made it change.
    pub why: AgentChange,
    /// Each channel that the agent serves.
    pub channels: Vec<AgentChannel>,
}

words! {
    /// How an offer is taken.
    AcceptMode {
        /// The agent accepts it.
        Manual,
        /// It is accepted for the agent.
        Auto,
    }
}

/// The contact behind an offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OfferedContact {
    /// Which contact.
    pub id: ContactId,
    /// How it is carried.
    pub channel: Channel,
    /// Where it waited.
    pub queue: QueueName,
    /// Which side began it.
    pub direction: Direction,
    /// How long it waited in this queue, in milliseconds.
    pub waited_ms: u64,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Address>,
    /// What it reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Address>,
    /// What the gateway knows about it.
    #[serde(default)]
    pub attributes: Attributes,
    /// What the agent said who handed it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Who is calling, as far as known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Customer {
    /// The customer's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Name>,
    /// The customer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// How the centre ranks the customer, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Name>,
}

words! {
    /// What decided between the agents that matched.
    DecidedBy {
        /// The agent whom the customer knows.
        Preferred,
        /// The smallest share of capacity used.
        LeastLoaded,
        /// The highest levels in what is asked.
        BestSkill,
        /// The fewest other skills.
        LeastSkilled,
        /// The longest without work.
        LongestIdle,
        /// The smallest share of the last hour at work.
        LeastOccupied,
        /// The fewest contacts since log-in.
        FewestContacts,
        /// Whose turn it was.
        RoundRobin,
        /// A draw.
        Random,
        /// The order that the rules give.
        Rank,
    }
}

/// Why this agent was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OfferWhy {
    /// The entry rule that put the contact into its queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Name>,
    /// The queue's last widening step that was taken, 1 being the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// What decided; absent when only one matched or all were equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<DecidedBy>,
    /// How many agents matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agents_matched: Option<u32>,
    /// The version of the rules that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_version: Option<u32>,
}

/// A contact is held out to the agent. The console answers at once with `offer.received`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactOffered {
    /// What to accept or decline.
    pub offer: OfferId,
    /// How it is taken.
    pub accept: AcceptMode,
    /// What is offered.
    pub contact: OfferedContact,
    /// When the offer ends, by the server's clock.
    pub expires_at: Time,
    /// When the offer ends, in milliseconds from now.
    pub expires_in_ms: u64,
    /// Who is calling, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// Why this agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<OfferWhy>,
}

words! {
    /// How an offer ended.
    OfferEnd {
        /// The agent took it.
        Accepted,
        /// The agent did not take it.
        Declined,
        /// The agent did not answer in time.
        Expired,
        /// The contact is gone or another agent has it.
        Rescinded,
        /// The agent is no longer routable, or the console did not show the offer.
        Revoked,
    }
}
words! {
    /// What made an offer end that the agent did not end.
    OfferEndWhy {
        /// The contact ended or left the queue.
        ContactGone,
        /// Another agent was first.
        AnotherAgent,
        /// The console did not send `offer.received` in time.
        Undelivered,
        /// The console went away.
        ConsoleClosed,
        /// The agent's presence changed.
        NotAvailable,
        /// The contact's gateway went away.
        GatewayAway,
        /// The agent's device is in a call that is not ours.
        DeviceInUse,
        /// The server started again.
        ServerRestarted,
        /// The rules no longer name the agent or the queue.
        DroppedFromRules,
    }
}

/// An offer is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OfferEnded {
    /// Which offer.
    pub offer: OfferId,
    /// Which contact.
    pub contact: ContactId,
    /// How it ended.
    pub outcome: OfferEnd,
    /// What made it end, if the agent did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<OfferEndWhy>,
}

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

/// More is known about one of the agent's contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactUpdated {
    /// Which contact.
    pub contact: ContactId,
    /// All attributes as they now are.
    pub attributes: Attributes,
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
    /// Time connected and not on hold, in milliseconds.
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
    /// When wrap-up ends by itself, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Time>,
    /// When wrap-up ends by itself, in milliseconds from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_in_ms: Option<u64>,
    /// Whether a result must be given.
    pub disposition: DispositionRule,
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
    /// Where contacts may be handed on to.
    pub queues: Vec<QueueChoice>,
    /// To whom contacts may be handed on.
    pub agents: Vec<AgentChoice>,
}
