//! Leads of campaigns, as agents see them, and campaigns, as whoever runs them orders it. It never says a lead's number.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::customer::CustomerField;
use super::text::{AgentName, ContactId, Name};
use super::time::Time;
use super::words::words;

words! {
    /// What becomes of a lead when the time to look at it is over.
    PreviewEnd {
        /// It goes back to its list.
        Skip,
        /// It is dialled.
        Dial,
    }
}

/// Whom a campaign calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct LeadCalled {
    /// Which campaign.
    pub campaign: Name,
    /// Which list of it.
    pub list: Name,
    /// Which lead of the list.
    pub lead: Name,
    /// Set while it is only looked at: `offer.accept` dials it, `offer.decline` skips it; and what happens when the offer expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<PreviewEnd>,
    /// What its campaign lets agents say of it when they finish up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dispositions: Vec<Name>,
}

words! {
    /// What became of a call to a lead.
    AttemptEnd {
        /// Somebody answered.
        Answered,
        /// The phone rang and nobody lifted it.
        NoAnswer,
        /// The line is busy.
        Busy,
        /// The call was rejected.
        Rejected,
        /// A machine answered.
        Machine,
        /// A machine answered, and a message was left.
        MachineMessageLeft,
        /// A fax answered.
        Fax,
        /// There is no such number.
        InvalidNumber,
        /// There was such a number; it is out of service.
        Disconnected,
        /// The network was full.
        Congestion,
        /// The network failed, or the agent's device before the lead was called.
        CarrierError,
        /// Somebody answered, and no agent was there.
        Dropped,
        /// Somebody answered, and hung up at once.
        CustomerHungUpEarly,
        /// Nobody said.
        Unknown,
    }
}
words! {
    /// Why a call to a lead was not placed.
    NotPlaced {
        /// The number is on a do-not-call list.
        Dnc,
        /// There is no consent where it is needed.
        NoConsent,
        /// It is not a time to call there.
        OutOfWindow,
        /// Nobody knows what time it is there.
        NoZone,
        /// It was called too often, or too short a time ago.
        Cap,
        /// Its list is not called from now.
        ListInactive,
        /// The lead is closed.
        LeadClosed,
        /// The number, or the customer, is in another call.
        InProgress,
        /// Whoever checks did not answer in time.
        NotChecked,
        /// The gateway has no line.
        NoLine,
        /// The agent is gone.
        NoAgent,
    }
}

/// A call to a lead came to nothing: the agent is free again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct LeadNotReached {
    /// Which contact.
    pub contact: ContactId,
    /// Which campaign.
    pub campaign: Name,
    /// What became of the call, when it was placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<AttemptEnd>,
    /// Why it was not placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_placed: Option<NotPlaced>,
    /// When.
    pub at: Time,
}

words! {
    /// Where a lead is.
    LeadState {
        /// It is called when it is due.
        Open,
        /// It waits for an agent, or is in a call.
        Waiting,
        /// It is not called any more.
        Over,
    }
}

/// The last call to a lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct LastCall {
    /// When it was placed.
    pub at: Time,
    /// What became of it; absent: it is not over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<AttemptEnd>,
    /// For whom it was placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentName>,
    /// What the agent said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Name>,
}

/// A lead of a call list at one of the customer's numbers: it is open, or was called in the last 90 days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct KnownLead {
    /// Of which campaign.
    pub campaign: Name,
    /// Of which list.
    pub list: Name,
    /// Which lead of the list.
    pub lead: Name,
    /// Where it is.
    pub state: LeadState,
    /// What else the list says of it, in the list's order.
    #[serde(default)]
    pub fields: Vec<CustomerField>,
    /// How often it was called.
    pub attempts: u64,
    /// The last call, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<LastCall>,
    /// When it is called again, at the earliest; absent: it was never tried, or is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// The agent who promised that call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_by: Option<AgentName>,
}

/// Names a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NamedCampaign {
    /// Which campaign.
    pub campaign: Name,
}
