//! This program run as a child, with the settings of the demo: whoever may log in, and whatever else is asked of the command
//! line. It plays nobody.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, anyhow, bail};
use secrecy::ExposeSecret;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::accounts::{Account, read_accounts, write_accounts};
use super::rules_folder::VISITOR;
use crate::cli::user::new_password;
use crate::protocol::Secret;

/// The name of the demo's gateway.
pub const GATEWAY: &str = "simulated";
const SUPERVISOR: &str = "supervisor";

/// See the module.
pub struct Usher {
    pub program: PathBuf,
    pub environment: Vec<(String, OsString)>,
}

impl Usher {
    /// Everyone who was not there in an earlier run gets an account; the gateway gets a new key each time.
    ///
    /// # Errors
    /// When the file of accounts or a child says no.
    pub async fn admit(&self, path: &Path, agents: &[String]) -> anyhow::Result<(Vec<Account>, Secret)> {
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
    ///
    /// # Errors
    /// What it said when it failed.
    pub async fn run(&self, arguments: &[&str], input: Option<&str>) -> anyhow::Result<String> {
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
