//! The server of a demo: its folder, rules, users and process, or the address of one that runs
//! already. It plays nobody.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use jiff::Timestamp;
use uuid::Uuid;

use super::accounts::{Account, read_accounts};
use super::campaign;
use super::child::Usher;
use super::rules_folder::{self, VISITOR};
use super::{DemoArgs, Replay};
use crate::demo::{CampaignBeside, ServerProcess, ServerProgram, log_in};
use crate::protocol::{AgentName, Secret};

const PORT: u16 = 7700;
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
    /// Where it keeps its records; None: it was joined.
    data: Option<PathBuf>,
    /// None: its rules have no queue for one, or it was joined.
    campaign: Option<CampaignBeside>,
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
        let rules_folder::Written { agents, queues } = rules_folder::write(&from, &rules, args.speed, served)?;
        let host = format!("127.0.0.1:{}", free_port(args.port)?);
        let environment = environment(&data, &rules, &host, args.speed, replay.map(|replay| replay.begins_ms))?;
        let usher = Usher { program: std::env::current_exe().context("this program's own file")?, environment };
        let (accounts, gateway_key) = usher.admit(&folder.join(ACCOUNTS_FILE), &agents).await?;
        let (visitor, accounts): (Vec<Account>, Vec<Account>) =
            accounts.into_iter().partition(|account| account.user == VISITOR);
        let campaign =
            if queues.contains(campaign::QUEUE) { Some(campaign::make(&usher, folder).await?) } else { None };
        let program = ServerProgram {
            program: usher.program,
            arguments: vec!["serve".into(), "--stop-with-stdin".into()],
            environment: usher.environment,
            log: folder.join(LOG_FILE),
            host: host.clone(),
        };
        let process = Some(ServerProcess::start(program).await?);
        let visitor = visitor.into_iter().next();
        Ok(Centre { host, accounts, visitor, gateway_key, data: Some(data), campaign, process, passing_folder: None })
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
        Ok(Centre {
            host,
            accounts,
            visitor: None,
            gateway_key,
            data: None,
            campaign: None,
            process: None,
            passing_folder: None,
        })
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

    pub fn campaign(&self) -> Option<&CampaignBeside> {
        self.campaign.as_ref()
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
        if let Some((_, folder)) = self.campaign.as_ref().zip(self.data.as_ref()) {
            text += &campaign::how_to_look(folder);
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
