//! Why there is no backup, or why it cannot be restored.

use std::path::{Path, PathBuf};

use crate::journal::{OpenError, ReadError, RecoveryError};
use crate::records::RecordsError;
use crate::routing::ids::EventNo;

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{path}: expected no such folder or an empty one, so that nothing is written over; found {found}")]
    NotEmpty { path: PathBuf, found: String },
    #[error("{path}: expected a folder that \"usher backup\" made, with backup.json in it: {why}")]
    NotABackup { path: PathBuf, why: String },
    /// It is not as it was written.
    #[error("{path}: expected {expected}, as backup.json says; found {found}")]
    Changed { path: PathBuf, expected: String, found: String },
    #[error("the state after event {last} is not the one that was backed up: its SHA-256 is {found}, not {expected}")]
    OtherState { last: EventNo, expected: String, found: String },
    #[error("{path}: the database is damaged: {}", faults.join("; "))]
    Damaged { path: PathBuf, faults: Vec<String> },
    #[error("the records know of event {records}, but event {journal} is the journal's last")]
    RecordsAhead { records: EventNo, journal: EventNo },
    #[error("the journal")]
    Journal(#[from] OpenError),
    #[error("the journal")]
    Read(#[from] ReadError),
    #[error("the journal")]
    Recovery(#[from] RecoveryError),
    #[error("the state could not be encoded")]
    Encoding(#[source] postcard::Error),
    #[error("the records")]
    Records(#[from] RecordsError),
    #[error("{path} could not be used")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

impl BackupError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> BackupError {
        let path = path.to_owned();
        move |source| BackupError::File { path, source }
    }
}
