//! The named reasons why an agent and a contact that match still wait beside each other. A closed list.

use serde::{Deserialize, Serialize};

use super::command::LegFailure;
use super::rule_set::BackOffTimes;
use super::time::{Millis, Timestamp};

/// Stands between an agent and a contact; ends with its deadline or event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// The contact waits for one agent, and this is another. Ends when that time is over.
    Preferred,
    /// The agent is kept for inbound contacts.
    ReservedForInbound,
    /// The agent is leased to a pacing group.
    Leased,
    /// The agent rests after a failed offer or leg. Ends by its timer.
    BackOff,
    /// The agent declined or missed this contact, and another agent who is there could take it.
    AlreadyDeclined,
    /// The agent missed too many offers. Ends when he says he is back.
    NotResponding,
    /// A supervisor paused the queue. Ends when it is resumed.
    QueuePaused,
    /// The lead's campaign is paused. Ends when it runs again.
    CampaignPaused,
    /// The lead's campaign is dialled by hand: it waits until an agent asks for it.
    ByHand,
    /// The lead's number is in another call. Ends with that.
    NumberInCall,
    /// The contact's gateway carries as many calls as it may. Ends with one of them.
    NoLine,
    /// The contact was offered too often in a row. Ends by its timer.
    OfferLimit,
    CallbackGap,
    /// The contact's gateway is away. Ends when it is back, or with the contact.
    GatewayAway,
    /// The agent's phone is in a call that is not ours.
    DeviceInUse,
}

/// Why an agent rests.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackOffCause {
    Declined,
    Missed,
    Busy,
    NoAnswer,
    Unregistered,
    Rejected,
    Failed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BackOff {
    pub until: Timestamp,
    pub cause: BackOffCause,
}

impl BackOffTimes {
    #[must_use]
    pub fn of(&self, cause: BackOffCause) -> Millis {
        match cause {
            BackOffCause::Declined => self.declined,
            BackOffCause::Missed => self.missed,
            BackOffCause::Busy => self.busy,
            BackOffCause::NoAnswer => self.no_answer,
            BackOffCause::Unregistered => self.unregistered,
            BackOffCause::Rejected => self.rejected,
            BackOffCause::Failed => self.failed,
        }
    }
}

impl From<LegFailure> for BackOffCause {
    fn from(failure: LegFailure) -> BackOffCause {
        match failure {
            LegFailure::Busy => BackOffCause::Busy,
            LegFailure::NoAnswer => BackOffCause::NoAnswer,
            LegFailure::Unregistered => BackOffCause::Unregistered,
            LegFailure::Rejected => BackOffCause::Rejected,
            LegFailure::Failed | LegFailure::TimedOut | LegFailure::CalledOff => BackOffCause::Failed,
        }
    }
}
