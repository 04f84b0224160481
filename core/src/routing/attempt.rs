//! One call to one number of a lead, from the proposal to its end. Decides nothing.

use serde::{Deserialize, Serialize};

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
