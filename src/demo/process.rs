//! A server as a child process: started, watched, started again when it dies, stopped with its
//! parent. It never looks into the server.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::accounts::is_ready;
use super::gateway::told_to_stop;

/// From the start to the first good answer: a long journal is folded first.
const READY_WITHIN: Duration = Duration::from_secs(60);
const LOOKED_AT_EVERY: Duration = Duration::from_millis(50);
/// Between a death and the next start.
const STARTED_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// A server that dies sooner after its start will die again.
const LIVES_AT_LEAST: Duration = Duration::from_secs(3);
/// So many such deaths in a row, and it is given up.
const EARLY_DEATHS_MAX: u32 = 3;
/// A planned stop takes 5 s at most.
const STOPPED_WITHIN: Duration = Duration::from_secs(10);

/// How to start a server.
#[derive(Clone, Debug)]
pub struct ServerProgram {
    pub program: PathBuf,
    /// Must make the server stop when its standard input is closed.
    pub arguments: Vec<OsString>,
    pub environment: Vec<(String, OsString)>,
    /// What it writes goes to the end of this file.
    pub log: PathBuf,
    /// Where it answers `/readyz`: `name:port`.
    pub host: String,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    #[error("the server cannot be started: {0}")]
    Start(#[from] std::io::Error),
    #[error("the server did not get ready in time; see {log}")]
    NotReady { log: PathBuf },
    #[error("the server ends as soon as it is started; see {log}")]
    DiesAtOnce { log: PathBuf },
}

/// A server that is kept running.
#[derive(Debug)]
pub struct ServerProcess {
    pid: watch::Receiver<Option<u32>>,
    starts: watch::Receiver<u32>,
    stop: watch::Sender<bool>,
    keeping: JoinHandle<Result<(), ProcessError>>,
}

impl ServerProcess {
    /// Starts the server and waits until it takes calls.
    ///
    /// # Errors
    /// When it cannot be started or does not get ready.
    pub async fn start(program: ServerProgram) -> Result<ServerProcess, ProcessError> {
        let (pid_sender, pid) = watch::channel(None);
        let (starts_sender, starts) = watch::channel(0);
        let (stop, stopped) = watch::channel(false);
        let (host, log) = (program.host.clone(), program.log.clone());
        let mut keeping = tokio::spawn(keep_running(program, pid_sender, starts_sender, stopped));
        let ready = async {
            while !is_ready(&host).await {
                tokio::time::sleep(LOOKED_AT_EVERY).await;
            }
        };
        tokio::select! {
            () = ready => Ok(ServerProcess { pid, starts, stop, keeping }),
            ended = &mut keeping => match ended.expect("the keeper does not panic") {
                Ok(()) => Err(ProcessError::NotReady { log }),
                Err(error) => Err(error),
            },
            () = tokio::time::sleep(READY_WITHIN) => {
                stop.send_replace(true);
                Err(ProcessError::NotReady { log })
            }
        }
    }

    /// The process that runs now; None between a death and the next start.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        *self.pid.borrow()
    }

    /// How often it was started: 1 when it never died.
    #[must_use]
    pub fn starts(&self) -> u32 {
        *self.starts.borrow()
    }

    /// Until it is given up because it dies at once; [`ServerProcess::stop`] then says so.
    pub async fn given_up(&self) {
        while !self.keeping.is_finished() {
            tokio::time::sleep(LOOKED_AT_EVERY).await;
        }
    }

    /// Stops it cleanly and waits until it is gone.
    ///
    /// # Errors
    /// When it had been given up before.
    pub async fn stop(self) -> Result<(), ProcessError> {
        self.stop.send_replace(true);
        self.keeping.await.expect("the keeper does not panic")
    }
}

async fn keep_running(
    program: ServerProgram,
    pid: watch::Sender<Option<u32>>,
    starts: watch::Sender<u32>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), ProcessError> {
    let mut early_deaths = 0;
    loop {
        let (mut child, input) = start_child(&program)?;
        let started_at = Instant::now();
        starts.send_modify(|starts| *starts += 1);
        pid.send_replace(child.id());
        tokio::select! {
            _ = child.wait() => {}
            () = told_to_stop(&mut stop) => {
                // The closed input is the word to stop.
                drop(input);
                if tokio::time::timeout(STOPPED_WITHIN, child.wait()).await.is_err() {
                    child.kill().await?;
                }
                return Ok(());
            }
        }
        pid.send_replace(None);
        early_deaths = if started_at.elapsed() < LIVES_AT_LEAST { early_deaths + 1 } else { 0 };
        if early_deaths >= EARLY_DEATHS_MAX {
            return Err(ProcessError::DiesAtOnce { log: program.log });
        }
        tokio::select! {
            () = tokio::time::sleep(STARTED_AGAIN_AFTER) => {}
            () = told_to_stop(&mut stop) => return Ok(()),
        }
    }
}

fn start_child(program: &ServerProgram) -> Result<(Child, ChildStdin), ProcessError> {
    let log: File = OpenOptions::new().create(true).append(true).open(&program.log)?;
    let mut command = Command::new(&program.program);
    command
        .args(&program.arguments)
        .envs(program.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(log.try_clone()?)
        .stderr(log)
        // A Ctrl-C at the terminal is for the parent, who stops the child in order.
        .process_group(0)
        .kill_on_drop(true);
    let mut child = command.spawn()?;
    let input = child.stdin.take().expect("the input is a pipe");
    Ok((child, input))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(folder: &std::path::Path, script: &str) -> ServerProgram {
        ServerProgram {
            program: PathBuf::from("/bin/sh"),
            arguments: vec!["-c".into(), script.into()],
            environment: vec![("SAYS".to_owned(), "hello".into())],
            log: folder.join("server.log"),
            host: "127.0.0.1:1".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_server_that_dies_at_once_is_given_up_and_its_words_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let error = ServerProcess::start(program(folder.path(), "echo $SAYS; exit 3")).await.unwrap_err();
        assert!(matches!(error, ProcessError::DiesAtOnce { .. }), "{error}");
        let log = std::fs::read_to_string(folder.path().join("server.log")).unwrap();
        assert_eq!(log, "hello\n".repeat(EARLY_DEATHS_MAX as usize));
    }

    #[tokio::test]
    async fn a_closed_input_stops_it() {
        let folder = tempfile::tempdir().unwrap();
        let (pid, _) = watch::channel(None);
        let (starts, _) = watch::channel(0);
        let (stop, stopped) = watch::channel(false);
        let script = "cat; echo gone";
        let keeping = tokio::spawn(keep_running(program(folder.path(), script), pid, starts, stopped));
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.send_replace(true);
        keeping.await.unwrap().unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("server.log")).unwrap(), "gone\n");
    }
}
