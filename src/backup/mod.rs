//! The whole of a site's data in another folder, taken beside a running server, and back again. Decides nothing, and
//! knows no table.
//!
//! - A backup is a folder: both databases, the journal's head, the site's key, and `backup.json` ([`manifest`]) with the
//!   sums of them all and of the state that the router has after the last event.
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

use crate::journal::{DATABASE_FILE, HEAD_FILE};
use crate::records::RECORDS_FILE;

pub use error::BackupError;
pub use manifest::Manifest;
pub use restore::restore;
pub use take::take;

/// What a backup holds beside its manifest. Behind these may stand the site's key, which is there once a server has run.
const FILES: [&str; 3] = [DATABASE_FILE, HEAD_FILE, RECORDS_FILE];
