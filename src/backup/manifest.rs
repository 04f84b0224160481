//! `backup.json`: what a backup holds, and by which sums it is known again. Reads no database.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{BackupError, FILES};
use crate::journal::{Fold, LiveState};

const NAME: &str = "backup.json";
/// Counted up when it changes; a later one is refused.
const FORMAT: u32 = 1;
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

/// The state after the last event, as every start computes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateSum {
    /// The version of its encoding: sums of two shapes cannot be compared.
    pub shape: u32,
    pub sha256: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSum {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    pub(super) const FORMAT: u32 = FORMAT;

    /// # Errors
    /// When there is none, or it is not one of this format.
    pub fn read(folder: &Path) -> Result<Manifest, BackupError> {
        let not_one = |why: String| BackupError::NotABackup { path: folder.to_owned(), why };
        let text = std::fs::read_to_string(folder.join(NAME)).map_err(|error| not_one(error.to_string()))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| not_one(error.to_string()))?;
        if manifest.format != FORMAT {
            return Err(not_one(format!("format: expected {FORMAT}, found {}", manifest.format)));
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

impl StateSum {
    pub(super) fn of(state: &LiveState) -> Result<StateSum, BackupError> {
        let bytes = postcard::to_stdvec(&state.snapshot()).map_err(BackupError::Encoding)?;
        Ok(StateSum { shape: LiveState::SNAPSHOT_VERSION, sha256: hex(&Sha256::digest(bytes)) })
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

pub(super) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(BackupError::file(folder))
}

/// A folder for personal data: nobody else may look into it. It must not be there, or be empty.
pub(super) fn make_folder(path: &Path) -> Result<(), BackupError> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
