//! What a supervisor's dashboard asks. It never changes anything yet.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::list;
use super::text::{AgentName, QueueName};

/// What the dashboard shows from now on; it replaces what was watched before.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema, TS)]
pub struct BoardWatch {
    /// Which queues; all that are in scope if left out, none if empty.
    #[serde(default, deserialize_with = "list::bounded_if_given", skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub queues: Option<Vec<QueueName>>,
    /// Which agents; all that are in scope if left out, none if empty.
    #[serde(default, deserialize_with = "list::bounded_if_given", skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub agents: Option<Vec<AgentName>>,
}
