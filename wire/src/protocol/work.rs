//! My work: the list of what is an agent's or his teams', live. It never says who may change what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::customer::WorkKind;
use super::text::{AgentName, ContactId, CustomerId, Name, QueueName, TeamName, Text, WorkId};
use super::time::Time;
use super::words::{Channel, words};

words! {
    /// How far something in the list is.
    WorkState {
        /// Nobody is at it.
        Open,
        /// Its owner is at it.
        Taken,
        /// It became a task that waits in its queue.
        Waiting,
        /// An agent has it in hand.
        InHand,
        /// Laid down until the customer writes, or until `due`.
        Suspended,
        /// A callback that is to be made at `due`.
        Promised,
    }
}

/// A contact that is the agent's: in hand, laid down, or a callback to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ListedContact {
    /// Which contact.
    pub contact: ContactId,
    /// How it is carried.
    pub channel: Channel,
    /// How far it is.
    pub state: WorkState,
    /// Where it belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// When it is to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// Whose it is, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
}

/// A piece of work that is the agent's or his teams'.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ListedWork {
    /// Which piece of work.
    pub work: WorkId,
    /// Counts the changes; what changes it names it.
    pub version: u64,
    /// What it is.
    pub kind: WorkKind,
    /// How far it is.
    pub state: WorkState,
    /// In a line.
    pub title: Text,
    /// What it is about, in the centre's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Name>,
    /// The beginning of what is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// When it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// Who is to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentName>,
    /// Which team is to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamName>,
    /// Where it is routed when it falls due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The task that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// That it was handed to those who decide more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<WorkEscalation>,
}

/// That work was handed to those who decide more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkEscalation {
    /// To whom.
    pub team: TeamName,
    /// When.
    pub at: Time,
    /// Why.
    pub reason: Text,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ListEntry {
    /// A contact.
    Contact(ListedContact),
    /// A piece of work.
    Work(Box<ListedWork>),
}

/// Asks for the list; from then on `work.changed` tells what changes in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkWatch {}

/// The list: by due time, without one last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkList {
    /// At most 500.
    pub entries: Vec<ListEntry>,
    /// There is more than fits.
    pub has_more: bool,
}

/// What changed in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkChanged {
    /// New, or other than they were told before.
    pub entries: Vec<ListEntry>,
    /// Contacts that are no longer in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts_gone: Vec<ContactId>,
    /// Work that is no longer in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work_gone: Vec<WorkId>,
    /// There is more than fits.
    pub has_more: bool,
}

/// What a person writes of a piece of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkFields {
    /// What it is.
    pub kind: WorkKind,
    /// In a line.
    pub title: Text,
    /// What is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// What it is about, in the centre's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Name>,
    /// When it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// Who is to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentName>,
    /// Which team is to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamName>,
    /// Where it is routed as a task when it falls due; without one it only stands in the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
}

/// Adds a piece of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkCreate {
    /// What is to be done. With neither owner nor team it is the agent's own.
    pub fields: WorkFields,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The contact that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
}

/// Names a piece of work as it was shown: changed by somebody else meanwhile, what is asked is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkNamed {
    /// Which piece of work.
    pub work: WorkId,
    /// As it was shown.
    pub version: u64,
}

/// Changes what a person writes of it, as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkUpdate {
    /// Which piece of work.
    pub work: WorkId,
    /// As it was shown.
    pub version: u64,
    /// What is left out is taken away.
    pub fields: WorkFields,
}

/// Hands work to those who decide more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkEscalate {
    /// Which piece of work.
    pub work: WorkId,
    /// As it was shown.
    pub version: u64,
    /// To whom.
    pub team: TeamName,
    /// Why.
    pub reason: Text,
}

/// It is done, or will not be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkClose {
    /// Which piece of work.
    pub work: WorkId,
    /// As it was shown.
    pub version: u64,
    /// What came of it.
    pub outcome: Text,
}

/// The work that was added or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct WorkStored {
    /// Which piece of work.
    pub work: WorkId,
    /// What the next change names.
    pub version: u64,
    /// Taken: the task that the agent has now; none: it has no queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
}
