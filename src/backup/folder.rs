//! The folders of a backup and of a trial: made empty, closed to others, on disk. Knows nothing of what lies in them.

use std::fs::File;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::BackupError;

pub(super) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(BackupError::file(folder))
}

/// A folder for personal data: nobody else may look into it. It must not be there, or be empty.
pub(super) fn make_folder(path: &Path) -> Result<(), BackupError> {
    expect_empty(path)?;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(BackupError::file(path))?;
    let mode = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(path, mode).map_err(BackupError::file(path))
}

pub(super) fn expect_empty(path: &Path) -> Result<(), BackupError> {
    let first = match std::fs::read_dir(path) {
        Ok(mut entries) => entries.next().transpose().map_err(BackupError::file(path))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(BackupError::file(path)(error)),
    };
    let found = first.map(|entry| PathBuf::from(entry.file_name()).display().to_string());
    found.map_or(Ok(()), |found| Err(BackupError::NotEmpty { path: path.to_owned(), found }))
}
