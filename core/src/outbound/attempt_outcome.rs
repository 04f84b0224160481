//! What the agent said of an attempt, beside what became of it. Decides nothing.

use serde::{Deserialize, Serialize};

pub use crate::routing::attempt::Outcome;

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
