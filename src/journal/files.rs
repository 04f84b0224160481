//! Where a SQLite journal lies in its folder. Opens nothing.

use std::path::{Path, PathBuf};

use super::OpenError;

pub const DATABASE_FILE: &str = "journal.db";
/// How far the other one was committed.
pub const HEAD_FILE: &str = "journal.head";

pub(super) fn database_of(folder: &Path) -> PathBuf {
    folder.join(DATABASE_FILE)
}

pub(super) fn head_of(folder: &Path) -> PathBuf {
    folder.join(HEAD_FILE)
}

pub(super) fn failed(path: &Path, source: std::io::Error) -> OpenError {
    OpenError::File { path: path.to_owned(), source }
}
