//! A child that can be killed at any moment, and told to stop by the end of its standard input. It never restarts by
//! itself.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::support::processes::ended_within;

pub struct Process {
    child: Child,
    input: Option<ChildStdin>,
}

impl Process {
    /// What it writes goes to the end of `log`.
    pub fn start(mut command: Command, log: &Path) -> Process {
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        command.stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        Process { child, input }
    }

    /// Of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`; it is gone afterwards.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// None: it did not end in time.
    pub fn ended_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        ended_within(&mut self.child, patience)
    }

    /// Tells it to stop. None: it did not.
    pub fn stopped_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        drop(self.input.take());
        self.ended_within(patience)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
