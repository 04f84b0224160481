//! A centre in a folder of its own: the server on one port through all its deaths, and people who find it there. It
//! judges nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use usher::demo::{is_ready, log_in};
use usher::protocol::Secret;

use super::kept::Journal;
use super::people::{Part, Who};
use super::process::Process;
use super::recorder::Recorder;
use crate::live_server::{PASSWORD, add_user, usher};
use crate::support::surroundings::{free_port, temp_dir};

pub const GATEWAY: &str = "gateway";
const READY_WITHIN: Duration = Duration::from_secs(30);
const LOOKED_AT_EVERY: Duration = Duration::from_millis(10);
const DRAINED_LOOKED_AT_EVERY: Duration = Duration::from_millis(500);
const PEOPLE_STOPPED_WITHIN: Duration = Duration::from_secs(15);
/// A snapshot every few seconds, so that recovery goes by one.
const SNAPSHOT_EVERY_EVENTS: &str = "1000";
const SITE: &str = "acknowledge_within = \"2s\"\nconnect_within = \"5s\"\nconsole_grace = \"6s\"\nlost_after = \"8s\"\n\
                    gateway_grace = \"10s\"\nresume_grace = \"10s\"\nreturn_wait = \"3s\"\n\
                    [back_off]\ndeclined = \"1s\"\nmissed = \"1s\"\nfailed = \"1s\"\n";
const ENTRY: &str = "[[entry]]\nname = \"calls\"\nwhen = 'contact.channel == \"voice\"'\nqueue = \"spoken\"\n\
                     [[entry]]\nname = \"the rest\"\nqueue = \"written\"\n";
const SPOKEN: &str = "[queue.spoken]\nwrap_up = { max = \"5s\", disposition = \"required\" }\noffer_timeout = \"4s\"\n\
                      callback = { gap = \"1s\" }\n";
const WRITTEN: &str = "[queue.written]\nwrap_up = { max = \"5s\" }\noffer_timeout = \"4s\"\n";

pub struct Centre {
    pub folder: TempDir,
    pub host: String,
    key: String,
    /// Name and token of each.
    agents: Vec<(String, String)>,
    server: Process,
    settings: Vec<(&'static str, &'static str)>,
}

impl Drop for Centre {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.folder.disable_cleanup(true);
            eprintln!("everything is in {}", self.folder.path().display());
        }
    }
}

impl Centre {
    /// A server that is ready, with people who may come in.
    pub async fn start(agents: usize) -> Centre {
        Centre::start_with(agents, &[]).await
    }

    /// With settings of the environment, in all its lives.
    pub async fn start_with(agents: usize, settings: &[(&'static str, &'static str)]) -> Centre {
        let folder = temp_dir();
        let names: Vec<String> = (1..=agents).map(|number| format!("agent-{number}")).collect();
        write_rules(&folder.path().join("rules"), &names);
        for name in &names {
            add_user(folder.path(), &[], &[name, "--role", "agent", "--agent", name]);
        }
        let added = usher(folder.path()).args(["key", "add", GATEWAY]).output().unwrap();
        let key = String::from_utf8(added.stdout).unwrap().split_whitespace().last().unwrap().to_owned();
        let host = format!("127.0.0.1:{}", free_port());
        let server = serve(folder.path(), &host, settings);
        let mut centre = Centre { folder, host, key, agents: Vec::new(), server, settings: settings.to_vec() };
        centre.is_ready().await;
        for name in names {
            let token = log_in(&centre.host, &name, &Secret::clipped(PASSWORD)).await.unwrap();
            centre.agents.push((name, token.into_string()));
        }
        centre
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Who holds which secret.
    pub fn holders(&self) -> BTreeMap<String, String> {
        let agents = self.agents.iter().map(|(name, token)| (token.clone(), name.clone()));
        agents.chain([(self.key.clone(), GATEWAY.to_owned())]).collect()
    }

    pub fn gateway(&self, life: u32, calls: u32, calls_per_second: u32) -> Who {
        Who::Gateway { key: self.key.clone(), life, calls, calls_per_second }
    }

    pub fn agents(&self, take_time: bool) -> Who {
        Who::Agents { agents: self.agents.clone(), take_time }
    }

    /// A process of these people, who find the server at `host`.
    pub fn people(&self, host: &str, seed: u64, who: Who) -> Process {
        let part = Part { url: format!("ws://{host}/ws"), seed, who };
        Process::start(part.command(), &self.folder.path().join("people.log"))
    }

    pub fn kill(&mut self, recorder: &Recorder) {
        self.kill_unseen();
        recorder.note_fault("server killed");
    }

    /// The server's process.
    pub fn server_id(&self) -> u32 {
        self.server.id()
    }

    /// Where no recorder listens.
    pub fn kill_unseen(&mut self) {
        self.server.kill();
    }

    pub fn start_again(&mut self) {
        self.server = serve(self.folder.path(), &self.host, &self.settings);
    }

    pub async fn is_ready(&mut self) {
        let until = Instant::now() + READY_WITHIN;
        while !is_ready(&self.host).await {
            assert!(Instant::now() < until, "the server does not get ready\n{}", self.log());
            tokio::time::sleep(LOOKED_AT_EVERY).await;
        }
    }

    /// All who have called are served, or have left.
    pub async fn drained(&self, within: Duration) {
        let until = Instant::now() + within;
        loop {
            let open = Journal::read(&self.data()).await.open();
            if open.is_empty() {
                return;
            }
            assert!(Instant::now() < until, "forgotten: contacts {open:?} have not ended\n{}", self.log());
            tokio::time::sleep(DRAINED_LOOKED_AT_EVERY).await;
        }
    }

    /// The gateway and the agents go home.
    pub fn dismiss(&self, people: [&mut Process; 2]) {
        for (who, people) in ["the gateway", "the agents"].into_iter().zip(people) {
            let ended = people.stopped_within(PEOPLE_STOPPED_WITHIN);
            assert!(ended.is_some_and(|status| status.success()), "{who}: {ended:?}\n{}", self.log());
        }
    }

    /// In order, so that all readers of the journal have come to its end.
    pub fn stop(&mut self) {
        let stopped = self.server.stopped_within(READY_WITHIN);
        assert!(stopped.is_some_and(|status| status.success()), "{stopped:?}\n{}", self.log());
    }

    /// What server and people have written, the last of it.
    pub fn log(&self) -> String {
        let mut said = String::new();
        for file in ["server.log", "people.log"] {
            let text = std::fs::read_to_string(self.folder.path().join(file)).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            writeln!(said, "{file}:\n{}", lines[lines.len().saturating_sub(30)..].join("\n")).unwrap();
        }
        said
    }
}

fn serve(folder: &Path, host: &str, settings: &[(&'static str, &'static str)]) -> Process {
    let mut command: Command = usher(folder);
    command
        .args(["serve", "--stop-with-stdin"])
        .env("USHER_LISTEN_ADDRESS", host)
        .env("USHER_JOURNAL_SNAPSHOT_EVERY_EVENTS", SNAPSHOT_EVERY_EVENTS)
        .envs(settings.iter().copied());
    Process::start(command, &folder.join("server.log"))
}

fn write_rules(rules: &Path, agents: &[String]) {
    std::fs::create_dir_all(rules.join("queues")).unwrap();
    let mut texts = String::new();
    for agent in agents {
        writeln!(texts, "[agent.{agent}]\nphone = {{ mode = \"console\", endpoint = \"SIM/{agent}\" }}").unwrap();
    }
    let files =
        [("site.toml", SITE), ("entry.toml", ENTRY), ("queues/spoken.toml", SPOKEN), ("queues/written.toml", WRITTEN)];
    for (file, text) in files.into_iter().chain([("agents.toml", texts.as_str())]) {
        std::fs::write(rules.join(file), text).unwrap();
    }
}
