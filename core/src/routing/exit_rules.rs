//! How contacts may leave a queue other than by an agent, as data. Decides nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// Came when the wait was expected to be long.
    pub long_wait: Option<LongWaitExit>,
    pub max_wait: Option<MaxWaitExit>,
    /// Keys a waiting caller may press.
    pub keys: BTreeMap<ExitKey, ExitAction>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FullExit {
    pub waiting: u32,
    pub action: ExitAction,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LongWaitExit {
    /// Half of such contacts are expected to wait longer than they do: [`super::estimate::Estimate::p50`].
    pub over: Millis,
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
    /// The caller leaves a message; the contact ends with it. None: the gateway's own mailbox.
    Voicemail {
        mailbox: Option<Arc<str>>,
    },
    /// The caller hears a message of this name, then the contact ends.
    Announce {
        message: Arc<str>,
    },
    /// The caller hangs up and keeps his place; he is called back from this queue.
    Callback,
}

impl ExitAction {
    /// Whether a gateway has to carry it out before the contact is gone.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        match self {
            ExitAction::Voicemail { .. } | ExitAction::Announce { .. } => true,
            ExitAction::Queue(_) | ExitAction::HangUp | ExitAction::Callback => false,
        }
    }
}

/// A key of a telephone: `0` to `9`, `*`, `#`, `A` to `D`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct ExitKey(char);

/// Not a key of a telephone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected one of 0 to 9, *, #, A to D")]
pub struct InvalidKey;

impl TryFrom<char> for ExitKey {
    type Error = InvalidKey;
    fn try_from(key: char) -> Result<Self, InvalidKey> {
        let is_key = key.is_ascii_digit() || matches!(key, '*' | '#' | 'A'..='D');
        is_key.then_some(ExitKey(key)).ok_or(InvalidKey)
    }
}

impl From<ExitKey> for char {
    fn from(key: ExitKey) -> char {
        key.0
    }
}

/// By which exit a contact left its queue.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    Closed,
    Closing,
    NoAgents,
    Full,
    LongWait,
    MaxWait,
    Key { key: ExitKey },
}
