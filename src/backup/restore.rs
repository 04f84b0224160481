//! Restoring a backup, or trying whether it could be: everything is copied beside the data directory, opened there as a
//! start would, compared with what was backed up, and only then put in its place.

use std::path::{Path, PathBuf};

use super::BackupError;
use super::folder::{expect_empty, make_folder, sync_folder};
use super::manifest::{FileSum, Manifest};
use super::state::{StateSum, recovered};
use crate::journal::{Place, Recovered, SqlJournal};
use crate::records::{RECORDS_FILE, Records, RecordsPlace};
use crate::routing::ids::EventNo;

/// Makes `data` what it was when the backup was taken; with `check_only` all but the last step. `say` hears what is
/// done next.
///
/// # Errors
/// When `data` is not empty, or anything of the backup is not as it was; then nothing is left behind.
pub async fn restore(
    from: &Path,
    data: &Path,
    check_only: bool,
    mut say: impl FnMut(&str),
) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(from)?;
    if !check_only {
        expect_empty(data)?;
    }
    let data = &std::path::absolute(data).map_err(BackupError::file(data))?;
    let trial = Trial::beside(data)?;
    for expected in &manifest.files {
        say(&format!("copying {}", expected.name));
        let found = FileSum::copy(from, &trial.0, &expected.name)?;
        if found != *expected {
            let told = |sum: &FileSum| format!("{} bytes with the SHA-256 {}", sum.bytes, sum.sha256);
            let path = from.join(&expected.name);
            return Err(BackupError::Changed { path, expected: told(expected), found: told(&found) });
        }
    }
    say("opening and comparing the copy");
    check_state(&trial.0, &manifest).await?;
    check_records(&trial.0, EventNo(manifest.last_event)).await?;
    if !check_only {
        trial.take_the_place_of(data)?;
    }
    Ok(manifest)
}

async fn check_state(folder: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let journal = SqlJournal::open(&Place::Sqlite { folder: folder.to_owned() }).await?;
    let Recovered { state, event_no, .. } = recovered(journal).await?;
    if event_no.0 != manifest.last_event {
        return Err(BackupError::Changed {
            path: folder.to_owned(),
            expected: format!("event {} as the last", manifest.last_event),
            found: format!("event {event_no}"),
        });
    }
    let found = StateSum::of(&state)?;
    if found.shape == manifest.state.shape && found != manifest.state {
        let expected = manifest.state.sha256.clone();
        return Err(BackupError::OtherState { last: event_no, expected, found: found.sha256 });
    }
    Ok(())
}

async fn check_records(folder: &Path, last: EventNo) -> Result<(), BackupError> {
    let path = folder.join(RECORDS_FILE);
    let faults = Records::faults(&path).await?;
    if !faults.is_empty() {
        return Err(BackupError::Damaged { path, faults });
    }
    let records = Records::open(&RecordsPlace::Sqlite(path)).await?;
    let furthest = records.furthest_reader().await;
    records.close().await;
    let furthest = furthest?;
    if furthest > last { Err(BackupError::RecordsAhead { records: furthest, journal: last }) } else { Ok(()) }
}

/// A folder that goes away again, unless it takes its place.
struct Trial(PathBuf);

impl Trial {
    /// On the same disk, so that it can take the place of `data`, an absolute path.
    fn beside(data: &Path) -> Result<Trial, BackupError> {
        let mut name = data.file_name().unwrap_or_default().to_owned();
        name.push(format!(".restoring-{}", std::process::id()));
        let path = data.with_file_name(name);
        make_folder(&path)?;
        Ok(Trial(path))
    }

    fn take_the_place_of(self, data: &Path) -> Result<(), BackupError> {
        sync_folder(&self.0)?;
        // Over an empty folder, or none.
        std::fs::rename(&self.0, data).map_err(BackupError::file(data))?;
        sync_folder(data.parent().unwrap_or(data))
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.0.display(), %error, "the folder of the trial could not be removed");
        }
    }
}
