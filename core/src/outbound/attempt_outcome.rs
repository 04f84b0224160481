//! What became of an attempt, and what the agent said of it. Decides nothing.

use serde::{Deserialize, Serialize};

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

/// Whom the agent had on the line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    Nobody,
    Machine,
    WrongParty,
    RightParty,
}

/// What a disposition closes for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Final {
    /// The whole lead, whatever numbers it has: a sale, a refusal.
    Contact,
    Number,
    No,
}

/// What a disposition of a campaign means for its lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DispositionFlags {
    pub reached: Reached,
    #[serde(rename = "final")]
    pub finality: Final,
    /// Confirms that a person answered: what drop shares are reckoned on.
    #[serde(default)]
    pub is_live_answer: bool,
    /// Counts for the lists' targets.
    #[serde(default)]
    pub is_sale: bool,
}
