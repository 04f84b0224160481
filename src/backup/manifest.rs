//! `backup.json`: what a backup holds, and by which sums it is known again. Reads no database.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::folder::sync_folder;
use super::state::StateSum;
use super::{BackupError, FILES};
use crate::privacy::SITE_KEY_FILE;

const NAME: &str = "backup.json";
const READ_AT_ONCE: usize = 64 * 1024;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    /// The version of the program that made it.
    pub usher: String,
    pub site: String,
    /// RFC 3339.
    pub taken_at: String,
    /// The last event of the journal in it.
    pub last_event: u64,
    /// Contacts that had not ended then.
    pub contacts_in_hand: usize,
    pub state: StateSum,
    pub files: Vec<FileSum>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSum {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    /// Counted up when it changes; another one is refused.
    pub(super) const FORMAT: u32 = 1;

    /// # Errors
    /// When there is none, or it is not one of this format.
    pub fn read(folder: &Path) -> Result<Manifest, BackupError> {
        let not_one = |why: String| BackupError::NotABackup { path: folder.to_owned(), why };
        let text = std::fs::read_to_string(folder.join(NAME)).map_err(|error| not_one(error.to_string()))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| not_one(error.to_string()))?;
        if manifest.format != Manifest::FORMAT {
            return Err(not_one(format!("format: expected {}, found {}", Manifest::FORMAT, manifest.format)));
        }
        let names: Vec<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
        if names.strip_suffix(&[SITE_KEY_FILE]).unwrap_or(&names) != FILES {
            let (expected, found) = (FILES.join(", "), names.join(", "));
            return Err(not_one(format!("files: expected {expected} and perhaps {SITE_KEY_FILE}, found {found}")));
        }
        Ok(manifest)
    }

    /// Last of all: a folder without it is no backup.
    pub(super) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let path = folder.join(NAME);
        let text = serde_json::to_string_pretty(self).expect("texts and numbers are JSON");
        let written = File::create_new(&path).and_then(|mut file| {
            writeln!(file, "{text}")?;
            file.sync_all()
        });
        written.map_err(BackupError::file(&path))?;
        sync_folder(folder)
    }
}

impl FileSum {
    /// Of a file that is there, synced and read in bounded memory.
    pub(super) fn of(folder: &Path, name: &str) -> Result<FileSum, BackupError> {
        let path = folder.join(name);
        let mut file = File::open(&path).map_err(BackupError::file(&path))?;
        file.sync_all().map_err(BackupError::file(&path))?;
        let (mut digest, mut buffer, mut bytes) = (Sha256::new(), vec![0; READ_AT_ONCE], 0);
        loop {
            let read = file.read(&mut buffer).map_err(BackupError::file(&path))?;
            if read == 0 {
                return Ok(FileSum { name: name.to_owned(), bytes, sha256: hex(&digest.finalize()) });
            }
            digest.update(&buffer[..read]);
            bytes += read as u64;
        }
    }

    /// Copies the file into another folder, for the same eyes, and says what lies there then.
    pub(super) fn copy(from: &Path, to: &Path, name: &str) -> Result<FileSum, BackupError> {
        let source = from.join(name);
        std::fs::copy(&source, to.join(name)).map_err(BackupError::file(&source))?;
        FileSum::of(to, name)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
