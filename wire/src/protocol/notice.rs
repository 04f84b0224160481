//! What a supervisor says to agents who are there. It is kept nowhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::list;
use super::session::NoticeLevel;
use super::text::{AgentName, QueueName, Text};

/// To whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeTo {
    /// Everybody who has a console open.
    Everybody {},
    /// These agents.
    Agents(
        #[serde(deserialize_with = "list::bounded")]
        #[schemars(length(min = 1, max = 1000))]
        Vec<AgentName>,
    ),
    /// All who could serve this queue.
    Queue(QueueName),
}

/// Says something to agents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NoticeSend {
    /// To whom.
    pub to: NoticeTo,
    /// How much it matters.
    pub level: NoticeLevel,
    /// What it says.
    pub text: Text,
}

/// It was passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NoticeSent {
    /// To how many consoles: those of agents who are not there get nothing.
    pub consoles: u64,
}
