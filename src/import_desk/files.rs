//! Files that came over HTTP and wait to be imported: written while they come, found again by their number. Reads no row.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::error::UploadRefused;
use crate::customer_import::file::Uploaded;
use crate::routing::ids::PersonId;
use crate::routing::time::Timestamp;

/// Each may be as large as the settings allow.
pub const FILES_MAX: usize = 32;
const FOLDER: &str = "import-files";
const CONTENT: &str = "content";
/// Written last: a file is all there when this is.
const ABOUT: &str = "about.json";

/// A file that is all there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UploadedFile {
    pub file: Uuid,
    /// As whoever sent it calls it.
    pub name: String,
    /// SHA-256 of all of it, in hexadecimal digits.
    pub hash: String,
    pub bytes: u64,
    pub came_at_ms: i64,
    pub by: PersonId,
}

impl UploadedFile {
    /// As an import has it.
    #[must_use]
    pub fn uploaded(&self) -> Uploaded {
        Uploaded { file: self.file.to_string(), name: self.name.clone(), hash: self.hash.clone() }
    }
}

pub(super) struct ImportFiles {
    folder: PathBuf,
    pub bytes_max: u64,
}

impl ImportFiles {
    pub fn new(data_directory: &Path, bytes_max: u64) -> ImportFiles {
        ImportFiles { folder: data_directory.join(FOLDER), bytes_max }
    }

    /// # Errors
    /// When too many wait, or the disk cannot be written.
    pub async fn begin(&self, name: String, by: PersonId, now: Timestamp) -> Result<IncomingFile, UploadRefused> {
        if self.numbers()?.len() >= FILES_MAX {
            return Err(UploadRefused::TooMany);
        }
        let file = Uuid::new_v4();
        let folder = self.folder.join(file.to_string());
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(&folder)?;
        let folder = IncomingFolder { path: folder, is_whole: false };
        let content = File::create(folder.path.join(CONTENT)).await?;
        let about = UploadedFile { file, name, hash: String::new(), bytes: 0, came_at_ms: now.0, by };
        Ok(IncomingFile { folder, content, about, hasher: Sha256::new(), bytes_max: self.bytes_max })
    }

    /// None: there is none of this number, or it is not all there.
    pub fn find(&self, file: Uuid) -> io::Result<Option<UploadedFile>> {
        match std::fs::read(self.folder.join(file.to_string()).join(ABOUT)) {
            Ok(about) => Ok(serde_json::from_slice(&about).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub fn content(&self, file: Uuid) -> PathBuf {
        self.folder.join(file.to_string()).join(CONTENT)
    }

    /// One that is not there is gone already.
    pub fn remove(&self, file: Uuid) -> io::Result<()> {
        match std::fs::remove_dir_all(self.folder.join(file.to_string())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Of which not all came, as nobody sends them any more.
    pub fn remove_broken(&self) -> io::Result<()> {
        for file in self.numbers()? {
            if self.find(file)?.is_none() {
                self.remove(file)?;
            }
        }
        Ok(())
    }

    /// Those that come in, too.
    pub fn numbers(&self) -> io::Result<Vec<Uuid>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            numbers.extend(name.to_str().and_then(|name| Uuid::parse_str(name).ok()));
        }
        Ok(numbers)
    }
}

/// A file on its way. It is gone when this is dropped before it is all there.
pub struct IncomingFile {
    folder: IncomingFolder,
    content: File,
    about: UploadedFile,
    hasher: Sha256,
    bytes_max: u64,
}

struct IncomingFolder {
    path: PathBuf,
    is_whole: bool,
}

impl Drop for IncomingFolder {
    fn drop(&mut self) {
        if !self.is_whole {
            // Nobody to tell in a drop; whoever starts next removes it.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

impl IncomingFile {
    /// # Errors
    /// When it becomes too big, or the disk cannot be written.
    pub async fn add(&mut self, bytes: &[u8]) -> Result<(), UploadRefused> {
        self.about.bytes += bytes.len() as u64;
        if self.about.bytes > self.bytes_max {
            return Err(UploadRefused::TooBig { bytes_max: self.bytes_max });
        }
        self.hasher.update(bytes);
        Ok(self.content.write_all(bytes).await?)
    }

    /// It is all there, and on the disk.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub async fn finish(mut self) -> Result<UploadedFile, UploadRefused> {
        self.content.flush().await?;
        self.content.sync_all().await?;
        self.about.hash = self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let about = serde_json::to_vec(&self.about).expect("texts and numbers are JSON");
        tokio::fs::write(self.folder.path.join(ABOUT), about).await?;
        self.folder.is_whole = true;
        Ok(self.about)
    }
}
