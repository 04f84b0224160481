//! How a lead's stay with the router ends: not called, not allowed, or called with an outcome. Decides nothing.

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// Why a call that was proposed is not placed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotPlaced {
    /// The number is on a do-not-call list.
    Dnc,
    /// The lead has said no, or has not said yes where that is required.
    NoConsent,
    OutOfWindow,
    /// Nobody knows what time it is for the lead.
    NoZone,
    /// It was called as often as it may be, or not long enough ago.
    Cap,
    ListInactive,
    /// Its lead or its list is gone, or closed meanwhile.
    LeadClosed,
    /// Its number, or its customer, is in another call.
    InProgress,
    /// Whoever checks did not answer in time.
    NotChecked,
    /// The gateway is away, or has no free line.
    NoLine,
    /// The agent has gone.
    NoAgent,
}

/// What the network, the switch or the customer's end made of an attempt.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Answered,
    NoAnswer,
    Busy,
    Rejected,
    Machine,
    MachineMessageLeft,
    Fax,
    InvalidNumber,
    Disconnected,
    Congestion,
    CarrierError,
    /// A person answered, and no agent was there within the limit.
    Dropped,
    CustomerHungUpEarly,
    /// Nobody ever said: it may have rung, and is never dialled again for the same intent.
    Unknown,
}

impl Outcome {
    pub const ALL: [Outcome; 14] = [
        Outcome::Answered,
        Outcome::NoAnswer,
        Outcome::Busy,
        Outcome::Rejected,
        Outcome::Machine,
        Outcome::MachineMessageLeft,
        Outcome::Fax,
        Outcome::InvalidNumber,
        Outcome::Disconnected,
        Outcome::Congestion,
        Outcome::CarrierError,
        Outcome::Dropped,
        Outcome::CustomerHungUpEarly,
        Outcome::Unknown,
    ];
}

/// Why a lead goes back to its list without a call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnedWhy {
    /// The agent did not want to dial it.
    Skipped,
    /// The agent looked at it until the time for that was over.
    NotPreviewed,
    /// Its calendar closes.
    WindowClosed,
    Withdrawn,
    CampaignStopped,
    /// He got through to an agent himself.
    CustomerCalledIn,
}

/// The one end of a lead's stay; of no matter to other contacts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeadStayEnd {
    Returned(ReturnedWhy),
    Refused {
        why: NotPlaced,
        /// When it may be placed, as far as whoever refused it knew.
        until: Option<Timestamp>,
    },
    Ended(Outcome),
}

impl LeadStayEnd {
    /// When nobody says another.
    pub const UNSAID: LeadStayEnd = LeadStayEnd::Returned(ReturnedWhy::Withdrawn);
}
