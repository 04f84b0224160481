//! A disk of a few megabytes, in memory, that can be filled and made read-only. It is gone with the value.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::surroundings::{skip_without, temp_dir};

pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// None, said aloud: this machine mounts nothing.
    pub fn of_megabytes(size: u32) -> Option<SmallDisk> {
        let folder = temp_dir();
        let options = format!("size={size}m");
        if !run("mount", &["-t", "tmpfs", "-o", &options, "tmpfs"], folder.path()) {
            skip_without("a disk in memory cannot be mounted here: that takes root");
            return None;
        }
        Some(SmallDisk(folder))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// To the last byte.
    pub fn fill(&self) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.ballast()).unwrap();
        for size in [65_536, 4_096, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
    }

    pub fn make_room(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    pub fn only_read(&self) {
        assert!(run("mount", &["-o", "remount,ro"], self.path()));
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Whoever still uses it keeps what he uses.
        run("umount", &["-l"], self.path());
    }
}

fn run(program: &str, arguments: &[&str], at: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).arg(at).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
