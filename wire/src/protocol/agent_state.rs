//! An agent's own state, as his console shows it. It never shows another agent's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::text::{AgentName, Name};
use super::time::Time;
use super::words::{Activity, Channel, HoldReason, Presence, words};

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
        /// A supervisor chose it.
        SetBySupervisor,
        /// A supervisor logged the agent out.
        LoggedOut,
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
