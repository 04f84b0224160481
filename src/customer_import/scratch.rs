//! A folder for files that are needed only while an import runs. Knows none of them.

use std::io;
use std::path::{Path, PathBuf};

/// Removed when it is dropped. It stands in the system's temporary folder (`TMPDIR`).
pub struct ScratchFolder(PathBuf);

impl ScratchFolder {
    /// # Errors
    /// When it cannot be made.
    pub fn new() -> io::Result<ScratchFolder> {
        let folder = std::env::temp_dir().join(format!("usher-import-{}", uuid::Uuid::new_v4()));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(ScratchFolder(folder))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        // Nobody to tell in a drop; the system clears its temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
