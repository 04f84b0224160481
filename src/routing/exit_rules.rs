//! How contacts may leave a queue other than by an agent, as data. Decides nothing.

use serde::{Deserialize, Serialize};

use super::ids::QueueId;
use super::time::Millis;

/// Each exit a queue may have; None: it has not.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExitRules {
    /// Came while the queue was closed.
    pub closed: Option<ExitAction>,
    /// Still waits when the queue closes.
    pub closing: Option<ExitAction>,
    /// Nobody logged in meets what the queue or the contact asks.
    pub no_agents: Option<ExitAction>,
    /// Came when so many waited already.
    pub full: Option<FullExit>,
    pub max_wait: Option<MaxWaitExit>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FullExit {
    pub waiting: u32,
    pub action: ExitAction,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MaxWaitExit {
    /// Since the visit began.
    pub after: Millis,
    pub action: ExitAction,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitAction {
    /// On to another queue, in the same place.
    Queue(QueueId),
    HangUp,
}

/// By which exit a contact left its queue.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    Closed,
    Closing,
    NoAgents,
    Full,
    MaxWait,
}
