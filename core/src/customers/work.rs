//! Work that is still to be done for a customer: tasks, service requests, sales leads, complaints. Routes nothing.

use serde::{Deserialize, Serialize};

use crate::routing::ids::{AgentId, ContactId, QueueId, TeamId};
use crate::routing::time::Timestamp;

use super::change::Stamp;
use super::ids::{CustomerId, Version, WorkId};
use super::text::{Category, NoteText, TitleText};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    Task,
    ServiceRequest,
    SalesLead,
    Complaint,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkState {
    /// Nobody is at it.
    Open,
    /// Its owner is at it.
    Taken,
    Closed,
}

/// What a person writes of a piece of work, changed as a whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkFields {
    pub kind: WorkKind,
    pub category: Option<Category>,
    pub title: TitleText,
    pub text: NoteText,
    /// When it is to be done.
    pub due: Option<Timestamp>,
    /// In whose list it stands; with neither agent nor team only in the customer's.
    pub owner: Option<AgentId>,
    pub owner_team: Option<TeamId>,
    /// Where it is routed when it falls due.
    pub queue: Option<QueueId>,
}

/// A piece of work to be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewWork {
    pub fields: WorkFields,
    pub customer: Option<CustomerId>,
    /// The contact that it comes from.
    pub contact: Option<ContactId>,
}

/// A piece of work as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Work {
    pub id: WorkId,
    pub fields: WorkFields,
    pub customer: Option<CustomerId>,
    /// The contact that it comes from.
    pub contact: Option<ContactId>,
    /// The contact that it became when it fell due.
    pub task_contact: Option<ContactId>,
    pub state: WorkState,
    /// What came of it; only of closed work.
    pub outcome: Option<NoteText>,
    pub escalation: Option<Escalation>,
    pub version: Version,
    pub created: Stamp,
    pub changed: Stamp,
}

/// Handed to those who decide more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Escalation {
    pub to: TeamId,
    pub at: Timestamp,
    pub reason: NoteText,
}
