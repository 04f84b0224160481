//! `strace` at a server that runs: what it asks of the system, in order, and what is made to fail. It reads no file of the
//! server.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::support::surroundings::{skip, skip_without, temp_dir};

pub struct Strace {
    child: Child,
    folder: TempDir,
}

/// A call as it begins, or the end of one that others interrupted.
#[derive(Debug)]
pub struct Line {
    pub thread: String,
    pub at: Duration,
    pub text: String,
}

impl Line {
    /// The beginning of that call on that file.
    pub fn is_of(&self, call: &str, file: &str) -> bool {
        self.text.starts_with(&format!("{call}(")) && self.text.split('>').next().is_some_and(|of| of.ends_with(file))
    }

    /// The beginning of a call that sends something over a network.
    pub fn is_sent(&self) -> bool {
        let is_call = ["write(", "writev(", "sendto(", "sendmsg("].iter().any(|call| self.text.starts_with(call));
        is_call && (self.text.contains("<socket:") || self.text.contains("<TCP:"))
    }
}

impl Strace {
    /// Begins at once. None, said aloud: it is not installed, or this machine lets nobody trace.
    pub fn attach(process: u32, expressions: &[&str]) -> Option<Strace> {
        let folder = temp_dir();
        let mut command = Command::new("strace");
        command.args(["-f", "-y", "-ttt", "-s", "8192", "-p", &process.to_string(), "-o"]);
        command.arg(folder.path().join("trace"));
        command.args(expressions.iter().flat_map(|expression| ["-e", expression]));
        let Ok(mut child) = command.stderr(Stdio::piped()).spawn() else {
            skip("strace is not installed");
            return None;
        };
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        if !said.any(|line| line.contains("attached")) {
            // It has ended by itself.
            let _ = child.wait();
            skip_without("strace may not attach to a process here");
            return None;
        }
        std::thread::spawn(move || said.for_each(drop));
        Some(Strace { child, folder })
    }

    /// All it has seen, and the end of it.
    pub fn lines(mut self) -> Vec<Line> {
        let told = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(told.is_ok());
        self.child.wait().unwrap();
        let text = String::from_utf8_lossy(&std::fs::read(self.trace()).unwrap()).into_owned();
        text.lines().filter_map(line).collect()
    }

    fn trace(&self) -> PathBuf {
        self.folder.path().join("trace")
    }
}

impl Drop for Strace {
    fn drop(&mut self) {
        // It may have ended with the server.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(text: &str) -> Option<Line> {
    let (thread, rest) = text.split_once(' ')?;
    let (at, text) = rest.trim_start().split_once(' ')?;
    let at = Duration::try_from_secs_f64(at.parse().ok()?).ok()?;
    Some(Line { thread: thread.to_owned(), at, text: text.to_owned() })
}

/// Where a sync of the file that began after the line has returned.
pub fn synced_after(lines: &[Line], after: usize, file: &str) -> Option<usize> {
    let is_sync = |line: &Line| line.is_of("fsync", file) || line.is_of("fdatasync", file);
    let begun = after + 1 + lines[after + 1..].iter().position(is_sync)?;
    if lines[begun].text.ends_with("= 0") {
        return Some(begun);
    }
    let is_its_end = |line: &Line| {
        line.thread == lines[begun].thread && line.text.contains("resumed>") && line.text.ends_with("= 0")
    };
    Some(begun + lines[begun..].iter().position(is_its_end)?)
}
