//! A contact held out to an agent, why to him, and how that ended. It never says who else got it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attributes::Attributes;
use super::consultation::AskedBy;
use super::customer::CustomerCard;
use super::lead::LeadCalled;
use super::text::{Address, AgentName, ContactId, Name, OfferId, PersonName, QueueName, Text};
use super::time::Time;
use super::words::{Channel, Direction, words};

words! {
    /// How an offer is taken.
    AcceptMode {
        /// The agent accepts it.
        Manual,
        /// It is accepted for the agent.
        Auto,
        /// The agent's phone rings with it: lifting it is the accept. It can be declined here, too.
        ByPhone,
    }
}

words! {
    /// How a contact was passed on.
    PassedHow {
        /// An agent transferred it.
        Transferred,
        /// An agent transferred it to a number outside, which could not be reached.
        TransferredOutside,
        /// An agent wanted somebody with more authority.
        Escalated,
        /// An agent handed it over after a consultation.
        HandedOver,
        /// Its agent went away, or gave it back.
        Returned,
        /// Rules or a supervisor moved it on, or nobody took it there.
        Moved,
    }
}

/// One time that a contact was passed on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PathStep {
    /// When.
    pub at: Time,
    /// How.
    pub how: PassedHow,
    /// Where it waited before.
    pub from: QueueName,
    /// Who passed it on, when an agent did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AgentName>,
    /// What the agent said with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
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
    /// Set when a colleague asks: there is a customer behind it, on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AskedBy>,
    /// What the agent said who handed it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// How it came here, the oldest first; empty when it was never passed on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<PathStep>,
    /// Set when a campaign calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadCalled>,
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
        /// The agent took it from the list himself: nobody was compared with him.
        Taken,
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
    /// All steps of the queue that were taken, in the order of the rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<u32>,
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
    /// The customer's card, if it was ready; otherwise `contact.updated` brings it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Box<CustomerCard>>,
    /// Why this agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Box<OfferWhy>>,
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
        /// The agent's phone, which was to ring with it, could not be reached.
        PhoneFailed,
        /// The server started again.
        ServerRestarted,
        /// The rules no longer name the agent or the queue.
        DroppedFromRules,
        /// The agent has begun to consult a colleague.
        Consulting,
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
