//! `journal.reserve`: room on the journal's disk that is given back when the disk is full, so that contacts in hand can
//! finish. Holds nothing.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate, statvfs};

const BYTES: u64 = 64 * 1024 * 1024;

pub(super) struct Reserve(PathBuf);

impl Reserve {
    pub(super) fn in_folder(folder: &Path) -> Reserve {
        Reserve(folder.join("journal.reserve"))
    }

    /// Whether it is there now. It is made only where as much again stays free: or the next full disk is at once.
    ///
    /// # Errors
    /// When it cannot be made though there is room.
    pub(super) fn take(&self) -> io::Result<bool> {
        if std::fs::metadata(&self.0).is_ok_and(|kept| kept.len() == BYTES) {
            return Ok(true);
        }
        let disk = statvfs(self.0.parent().unwrap_or(Path::new(".")))?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < 2 * BYTES {
            return Ok(false);
        }
        let file = OpenOptions::new().create(true).truncate(true).write(true).open(&self.0)?;
        match fallocate(&file, FallocateFlags::empty(), 0, BYTES) {
            Ok(()) => Ok(true),
            Err(error) => {
                self.give_back();
                Err(error.into())
            }
        }
    }

    /// Whether it was there.
    pub(super) fn give_back(&self) -> bool {
        std::fs::remove_file(&self.0).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_room_and_gives_it_back() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = Reserve::in_folder(folder.path());
        assert!(!reserve.give_back(), "there is none yet");
        assert!(reserve.take().unwrap() && reserve.take().unwrap());
        let file = folder.path().join("journal.reserve");
        let blocks = std::os::unix::fs::MetadataExt::blocks(&std::fs::metadata(&file).unwrap());
        assert!(blocks * 512 >= BYTES, "it takes {blocks} blocks of 512 bytes only");
        assert!(reserve.give_back() && !file.exists());
    }
}
