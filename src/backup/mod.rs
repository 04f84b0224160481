//! The whole of a site's data in another folder, taken beside a running server, and back again. Decides nothing, and
//! knows no table.
//!
//! - A backup is a folder: both databases, the journal's head, and `backup.json` ([`manifest`]) with the sums of all
//!   three and of the state that the router has after the last event.
//! - The records are copied first and the journal is cut where they are: a row that is written before its event is then
//!   there, and whatever the readers of the journal had not written yet they write from it after a restore.
//! - Restoring is a trial in a folder beside the data directory ([`restore()`]): everything is opened there as a start
//!   would, and compared; only then the folder takes its place.
//! - SQLite alone: PostgreSQL has `pg_dump`, which takes one picture of all.

mod error;
mod folder;
mod manifest;
mod restore;
mod state;
mod take;

pub use error::BackupError;
pub use manifest::Manifest;
pub use restore::restore;
pub use take::take;

/// The records, as the data directory and a backup name them.
pub const RECORDS_FILE: &str = "usher.db";
/// All that a backup holds beside its manifest.
const FILES: [&str; 3] = ["journal.db", "journal.head", RECORDS_FILE];
