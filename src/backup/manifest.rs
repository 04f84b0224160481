//! `backup.json`: what a backup holds, and by which sums it is known again. Reads no database.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::folder::sync_folder;
use super::state::StateSum;
use super::{BackupError, FILES};

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
        if names != FILES {
            return Err(not_one(format!("files: expected {}, found {}", FILES.join(", "), names.join(", "))));
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
    /// Of a file that is there, synced.
    pub(super) fn of(folder: &Path, name: &str) -> Result<FileSum, BackupError> {
        let path = folder.join(name);
        let mut file = File::open(&path).map_err(BackupError::file(&path))?;
        file.sync_all().map_err(BackupError::file(&path))?;
        read_through(&mut file, &mut std::io::sink(), name, &path)
    }

    /// Copies the file into another folder, and says what was read.
    pub(super) fn copy(from: &Path, to: &Path, name: &str) -> Result<FileSum, BackupError> {
        let (source, target) = (from.join(name), to.join(name));
        let mut file = File::open(&source).map_err(BackupError::file(&source))?;
        let mut copied = File::create_new(&target).map_err(BackupError::file(&target))?;
        let sum = read_through(&mut file, &mut copied, name, &source)?;
        copied.sync_all().map_err(BackupError::file(&target))?;
        Ok(sum)
    }
}

/// Everything, in bounded memory, into `out` and the sum.
fn read_through(file: &mut File, out: &mut impl Write, name: &str, path: &Path) -> Result<FileSum, BackupError> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; READ_AT_ONCE];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).map_err(BackupError::file(path))?;
        if read == 0 {
            break;
        }
        let (part, _) = buffer.split_at(read);
        digest.update(part);
        out.write_all(part).map_err(BackupError::file(path))?;
        bytes += read as u64;
    }
    Ok(FileSum { name: name.to_owned(), bytes, sha256: hex(&digest.finalize()) })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
