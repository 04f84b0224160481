//! The server of a demo: its folder, rules, users and process, or the address of one that runs
//! already. It plays nobody.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, anyhow, bail, ensure};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use uuid::Uuid;

use super::accounts::{Account, read_accounts, write_accounts};
use super::rules_folder::{self, VISITOR};
use super::{DemoArgs, Replay};
use crate::cli::user::new_password;
use crate::demo::{ServerProcess, ServerProgram, log_in};
use crate::protocol::{AgentName, Secret};

const PORT: u16 = 7700;
const GATEWAY: &str = "simulated";
const SUPERVISOR: &str = "supervisor";
/// Of the demo's own folder.
const ACCOUNTS_FILE: &str = "accounts.csv";
const LOG_FILE: &str = "server.log";
/// Lines of the server's log that are shown when it could not start.
const LOG_LINES_SHOWN: usize = 10;

/// A server, ready to be entered.
pub struct Centre {
    /// `name:port`
    host: String,
    accounts: Vec<Account>,
    /// What is told to a visitor; None at a server that was joined.
    visitor: Option<Account>,
    gateway_key: Secret,
    process: Option<ServerProcess>,
    /// Removed at the end.
    passing_folder: Option<PathBuf>,
}

/// One session token each.
pub struct Tokens {
    pub supervisor: Secret,
    pub agents: Vec<(AgentName, Secret)>,
}

impl Centre {
    /// Makes rules, users and keys, and starts a server of its own.
    ///
    /// # Errors
    /// When the rules are wrong or the server cannot be started.
    pub async fn start(args: &DemoArgs, replay: Option<&Replay>) -> anyhow::Result<Centre> {
        let (folder, is_passing) = match &args.data {
            Some(folder) => (folder.clone(), false),
            None => (std::env::temp_dir().join(format!("usher-demo-{}", Uuid::new_v4().simple())), true),
        };
        private_folder(&folder)?;
        let passing_folder = is_passing.then(|| folder.clone());
        let started = Centre::start_in(args, replay, &folder).await;
        match started {
            Ok(centre) => Ok(Centre { passing_folder, ..centre }),
            Err(error) => {
                let error = with_log(error, &folder.join(LOG_FILE));
                if let Some(folder) = passing_folder {
                    fs::remove_dir_all(folder).context("the demo's folder cannot be removed")?;
                }
                Err(error)
            }
        }
    }

    async fn start_in(args: &DemoArgs, replay: Option<&Replay>, folder: &Path) -> anyhow::Result<Centre> {
        let data = folder.join("data");
        let has_journal = data.join("journal.db").exists();
        ensure!(
            replay.is_none() || !has_journal,
            "--data: expected a folder without a journal, as recorded calls have times of their own"
        );
        let rules = folder.join("rules");
        if rules.exists() {
            fs::remove_dir_all(&rules).with_context(|| format!("{} cannot be replaced", rules.display()))?;
        }
        let from = args.rules.clone().unwrap_or_else(|| match replay {
            Some(_) => PathBuf::from("routing-rules/examples/bank-1999"),
            None => PathBuf::from("routing-rules"),
        });
        let served = replay.map(|replay| &replay.days.served);
        let agents = rules_folder::write(&from, &rules, args.speed, served)?;
        let host = format!("127.0.0.1:{}", free_port(args.port)?);
        let environment = environment(&data, &rules, &host, args.speed, replay.map(|replay| replay.begins_ms))?;
        let usher = Usher { program: std::env::current_exe().context("this program's own file")?, environment };
        let (accounts, gateway_key) = usher.admit(&folder.join(ACCOUNTS_FILE), &agents).await?;
        let (visitor, accounts): (Vec<Account>, Vec<Account>) =
            accounts.into_iter().partition(|account| account.user == VISITOR);
        let program = ServerProgram {
            program: usher.program,
            arguments: vec!["serve".into(), "--stop-with-stdin".into()],
            environment: usher.environment,
            log: folder.join(LOG_FILE),
            host: host.clone(),
        };
        let process = Some(ServerProcess::start(program).await?);
        let visitor = visitor.into_iter().next();
        Ok(Centre { host, accounts, visitor, gateway_key, process, passing_folder: None })
    }

    /// Uses a server that runs.
    ///
    /// # Errors
    /// When the address or the file of accounts is wrong.
    pub async fn join(args: &DemoArgs, url: &str) -> anyhow::Result<Centre> {
        let host = url
            .strip_prefix("http://")
            .map(|host| host.trim_end_matches('/'))
            .filter(|host| !host.is_empty() && !host.contains('/'))
            .ok_or_else(|| anyhow!("--server: expected http://NAME:PORT, as the demo speaks no TLS"))?;
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        let key = args.gateway_key.as_deref().expect("clap requires it");
        let gateway_key = Secret::new(key).map_err(|error| anyhow!("--gateway-key: {error}"))?;
        let path = args.agents_file.as_ref().expect("clap requires it");
        let accounts = read_accounts(path)?;
        ensure!(
            accounts.iter().filter(|account| account.agent.is_none()).count() == 1,
            "{}: expected one row without an agent, the supervisor's",
            path.display()
        );
        Ok(Centre { host, accounts, visitor: None, gateway_key, process: None, passing_folder: None })
    }

    /// One session token for each account.
    ///
    /// # Errors
    /// When the server refuses one.
    pub async fn log_in_all(&self) -> anyhow::Result<Tokens> {
        let mut supervisor = None;
        let mut agents = Vec::new();
        for account in &self.accounts {
            let token = log_in(&self.host, &account.user, &account.password).await?;
            match &account.agent {
                Some(agent) => {
                    let name = AgentName::new(agent.as_str()).map_err(|error| anyhow!("agent {agent}: {error}"))?;
                    agents.push((name, token));
                }
                None => supervisor = Some(token),
            }
        }
        Ok(Tokens { supervisor: supervisor.context("no account is the supervisor's")?, agents })
    }

    pub fn socket_url(&self) -> String {
        format!("ws://{}/ws", self.host)
    }

    pub fn gateway_key(&self) -> Secret {
        self.gateway_key.clone()
    }

    /// How often the server was started; 0 when it is not ours.
    pub fn starts(&self) -> u32 {
        self.process.as_ref().map_or(0, ServerProcess::starts)
    }

    /// Until the server is given up because it dies at once.
    pub async fn given_up(&self) {
        match &self.process {
            Some(process) => process.given_up().await,
            None => std::future::pending().await,
        }
    }

    /// Where to look, and as whom.
    pub fn welcome(&self) -> String {
        let mut text = format!("live page: http://{}/", self.host);
        let of_supervisor = self.accounts.iter().find(|account| account.agent.is_none());
        let logins =
            [("supervisor, to watch", of_supervisor), ("agent, to take calls yourself", self.visitor.as_ref())];
        for (what, account) in logins {
            if let (Some(account), Some(_)) = (account, &self.process) {
                text += &format!("\nlog in as {what}: {}  password {}", account.user, account.password.as_str());
            }
        }
        text
    }

    /// Stops the server, if it is ours, and removes what is not to be kept.
    ///
    /// # Errors
    /// When it had died before.
    pub async fn stop(self) -> anyhow::Result<()> {
        if let Some(process) = self.process {
            process.stop().await?;
        }
        if let Some(folder) = self.passing_folder {
            fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
        }
        Ok(())
    }
}

/// This program, to be run as a child with the settings of the demo.
struct Usher {
    program: PathBuf,
    environment: Vec<(String, OsString)>,
}

impl Usher {
    /// Everyone who was not there in an earlier run gets an account; the gateway gets a new key each time.
    async fn admit(&self, path: &Path, agents: &[String]) -> anyhow::Result<(Vec<Account>, Secret)> {
        let mut accounts = if path.exists() { read_accounts(path)? } else { Vec::new() };
        let people = [(SUPERVISOR, None), (VISITOR, Some(VISITOR))].into_iter();
        let people = people.chain(agents.iter().map(|agent| (agent.as_str(), Some(agent.as_str()))));
        for (user, agent) in people {
            if accounts.iter().any(|account| account.user == user) {
                continue;
            }
            let password = Secret::new(new_password().expose_secret()).expect("a made password is a short text");
            let account = Account { user: user.to_owned(), password, agent: agent.map(ToOwned::to_owned) };
            self.add_user(&account).await?;
            accounts.push(account);
            write_accounts(path, &accounts)?;
        }
        // Agents of an earlier run whom the rules no longer name stay at home.
        let is_wanted =
            |account: &Account| account.agent.as_ref().is_none_or(|agent| agent == VISITOR || agents.contains(agent));
        accounts.retain(is_wanted);
        let said = self.run(&["key", "add", GATEWAY], None).await?;
        let key = said.split_whitespace().last().context("`usher key add` printed no key")?;
        Ok((accounts, Secret::new(key).map_err(|error| anyhow!("the gateway's key: {error}"))?))
    }

    async fn add_user(&self, account: &Account) -> anyhow::Result<()> {
        let role = if account.agent.is_some() { "agent" } else { "supervisor" };
        let mut arguments = vec!["user", "add", account.user.as_str(), "--role", role, "--password-stdin"];
        if let Some(agent) = &account.agent {
            arguments.extend(["--agent", agent.as_str()]);
        }
        self.run(&arguments, Some(account.password.as_str())).await.map(drop)
    }

    /// What the child printed.
    async fn run(&self, arguments: &[&str], input: Option<&str>) -> anyhow::Result<String> {
        let what = format!("usher {}", arguments[..2].join(" "));
        let mut child = Command::new(&self.program)
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| what.clone())?;
        let mut stdin = child.stdin.take().expect("the input is a pipe");
        if let Some(input) = input {
            stdin.write_all(format!("{input}\n").as_bytes()).await.with_context(|| what.clone())?;
        }
        drop(stdin);
        let output = child.wait_with_output().await.with_context(|| what.clone())?;
        if !output.status.success() {
            bail!("{what}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn environment(
    data: &Path,
    rules: &Path,
    host: &str,
    speed: u32,
    starts_at_ms: Option<i64>,
) -> anyhow::Result<Vec<(String, OsString)>> {
    let absolute = |path: &Path| std::path::absolute(path).map(OsString::from);
    let mut settings: Vec<(&str, OsString)> = vec![
        ("DATA_DIRECTORY", absolute(data)?),
        ("RULES_DIRECTORY", absolute(rules)?),
        ("DATABASE", "sqlite".into()),
        ("LISTEN_ADDRESS", host.into()),
        ("LISTEN_ADMINISTRATION_ADDRESS", "127.0.0.1:0".into()),
        ("CLOCK_SPEED", speed.to_string().into()),
    ];
    if let Some(ms) = starts_at_ms {
        let starts_at = Timestamp::from_millisecond(ms).context("when the recorded calls begin")?;
        settings.push(("CLOCK_STARTS_AT", starts_at.to_string().into()));
    }
    Ok(settings.into_iter().map(|(name, value)| (format!("USHER_{name}"), value)).collect())
}

/// The one that was asked for; otherwise the usual one, or any.
fn free_port(asked: Option<u16>) -> anyhow::Result<u16> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener = match asked {
        Some(port) => bind(port).with_context(|| format!("--port: {port} is not free"))?,
        None => bind(PORT).or_else(|_| bind(0)).context("no port is free")?,
    };
    Ok(listener.local_addr()?.port())
}

/// It holds passwords: for its owner alone.
fn private_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("{} cannot be made", folder.display()))
}

fn with_log(error: anyhow::Error, log: &Path) -> anyhow::Error {
    let Ok(text) = fs::read_to_string(log) else { return error };
    let lines: Vec<&str> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..];
    if last.is_empty() { error } else { error.context(format!("the server said:\n{}", last.join("\n"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_told() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(free_port(Some(port)).unwrap_err().to_string().contains("--port"));
        assert_ne!(free_port(None).unwrap(), 0);
    }
}
