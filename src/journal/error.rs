//! What can go wrong with the journal, one enum for each thing asked of it. Never holds personal data.

use std::path::PathBuf;

use crate::routing::ids::{ContactId, EventNo};

#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Nothing was written; may be tried again.
    #[error("no room left for the journal")]
    Full,
    /// Whether it was written is unknown; the process ends.
    #[error("the journal could not be written")]
    Failed(#[source] Failure),
    #[error("another node leads")]
    NotOwner,
    /// The caller has lost count; nothing was written.
    #[error("expected to write after event {last}, not after {after}")]
    NotLast { after: EventNo, last: EventNo },
}

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("journal.head could not be written")]
    Head(#[source] std::io::Error),
    #[error("an earlier append failed or was broken off, what it wrote is unknown")]
    Unknown,
    #[error("an event could not be written as JSON")]
    Encoding(#[source] serde_json::Error),
    #[error(transparent)]
    Keys(Box<ReadError>),
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Damaged(#[from] Damage),
    #[error("cannot read on after event {after}")]
    Database {
        after: EventNo,
        #[source]
        source: sqlx::Error,
    },
    #[error("asked to read after event {asked}, but event {last} is the last")]
    Beyond { asked: EventNo, last: EventNo },
    #[error("asked to read after event {asked}, but the events up to {begins_after} are dropped")]
    Dropped { asked: EventNo, begins_after: EventNo },
    /// Nothing stands in for it.
    #[error("the state after event {event}, with which the journal begins, cannot be read: {why}")]
    Base { event: EventNo, why: String },
    #[error("where the journal begins could not be read")]
    Beginning(#[source] sqlx::Error),
    #[error("a snapshot could not be read")]
    Snapshot(#[source] sqlx::Error),
    #[error("the keys could not be read")]
    Keys(#[source] sqlx::Error),
    /// Its key is neither there nor erased, or opens nothing.
    #[error("the personal data of contact {contact} cannot be opened: {why}")]
    Sealed { contact: ContactId, why: &'static str },
}

/// The first bad place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("damaged at event {event}: {kind}")]
pub struct Damage {
    /// Everything before this event is good.
    pub event: EventNo,
    pub kind: DamageKind,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DamageKind {
    #[error("the checksum does not fit")]
    Checksum,
    #[error("the next row begins with event {found}")]
    Gap { found: EventNo },
    #[error("the row holds {found} events, not {expected}")]
    Count { expected: u64, found: u64 },
    #[error("the row is not a list of events: {0}")]
    Json(String),
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// Events that were written are no longer there.
    #[error("event {last} is the last in the journal, but {witness} knows of event {known}")]
    Lost { last: EventNo, known: EventNo, witness: &'static str },
    /// What the journal begins with; the events that made it are gone.
    #[error("the state after event {event}, with which the journal begins, is damaged: {why}")]
    Base { event: EventNo, why: &'static str },
    #[error("cannot keep the events up to {asked}: the journal begins after event {begins_after}")]
    Dropped { asked: EventNo, begins_after: EventNo },
    /// The head knows another history than the rows.
    #[error("journal.head and the journal differ at event {at}")]
    Differs { at: EventNo },
    #[error("journal.head beside event {last} is {state}")]
    Head { last: EventNo, state: &'static str },
    #[error("cannot read on after event {after}")]
    Unreadable {
        after: EventNo,
        #[source]
        source: sqlx::Error,
    },
    #[error("the journal's database could not be opened")]
    Database(#[from] sqlx::Error),
    #[error("the journal's tables could not be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("{path} could not be used")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot keep the events up to {asked}: expected the last event of a batch, the one before is {before}")]
    NotABatchEnd { asked: EventNo, before: EventNo },
}

#[derive(Debug, thiserror::Error)]
pub enum PruneError {
    #[error("the journal's beginning could not be written")]
    Failed(#[from] sqlx::Error),
    /// No batch that is still there ends so, or it already begins later, or no snapshot comes after it, or another
    /// process did the same.
    #[error("the journal cannot begin after event {at}")]
    NoBeginning { at: EventNo },
}

#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    #[error("the keys could not be erased")]
    Failed(#[from] sqlx::Error),
    /// The keys are gone for every reader, their old bytes not yet from the disk: erase again.
    #[error("a reader keeps old bytes of the erased keys on disk, erase again")]
    Busy,
}

/// SQLite's "database or disk is full" and PostgreSQL's `disk_full`: the statement changed nothing.
const FULL_CODES: [&str; 2] = ["13", "53100"];

impl From<sqlx::Error> for AppendError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        if code.is_some_and(|code| FULL_CODES.contains(&code.as_ref())) {
            return AppendError::Full;
        }
        AppendError::Failed(Failure::Database(error))
    }
}
