//! Who may log in at a demo's server, kept in a file that its owner alone may read. It makes no
//! account at the server.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, anyhow, ensure};

use crate::protocol::Secret;

/// Who may log in, and as whom.
#[derive(Clone, Debug)]
pub struct Account {
    pub user: String,
    pub password: Secret,
    /// None: the supervisor.
    pub agent: Option<String>,
}

/// # Errors
/// When the file cannot be read or a line is wrong, which it names.
pub fn read_accounts(path: &Path) -> anyhow::Result<Vec<Account>> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    accounts_of(&text).with_context(|| path.display().to_string())
}

fn accounts_of(text: &str) -> anyhow::Result<Vec<Account>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    ensure!(reader.headers()?.iter().eq(["user", "password", "agent"]), "line 1: expected user,password,agent");
    let mut accounts = Vec::new();
    for cells in reader.records() {
        let cells = cells?;
        let line = cells.position().map_or(0, csv::Position::line);
        let password = Secret::new(&cells[1]).map_err(|error| anyhow!("line {line}, column password: {error}"))?;
        ensure!(!cells[0].is_empty(), "line {line}, column user: expected the user's name");
        let agent = Some(cells[2].to_owned()).filter(|agent| !agent.is_empty());
        accounts.push(Account { user: cells[0].to_owned(), password, agent });
    }
    Ok(accounts)
}

/// # Errors
/// When the file cannot be written.
pub fn write_accounts(path: &Path, accounts: &[Account]) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["user", "password", "agent"])?;
    for account in accounts {
        let agent = account.agent.as_deref().unwrap_or_default();
        writer.write_record([account.user.as_str(), account.password.as_str(), agent])?;
    }
    let bytes = writer.into_inner().context("rows in memory")?;
    let mut file = fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(&bytes).with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn accounts_are_kept_for_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accounts.csv");
        let account = |user: &str, agent: Option<&str>| Account {
            user: user.to_owned(),
            password: Secret::clipped("a long, odd password"),
            agent: agent.map(ToOwned::to_owned),
        };
        write_accounts(&path, &[account("supervisor", None), account("ana", Some("ana"))]).unwrap();
        let read = read_accounts(&path).unwrap();
        let agents: Vec<_> = read.iter().map(|account| account.agent.as_deref()).collect();
        assert_eq!(agents, [None, Some("ana")]);
        assert_eq!(read[1].password.as_str(), "a long, odd password");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn mistakes_in_accounts_name_the_line() {
        let error = |text: &str| format!("{:#}", accounts_of(text).unwrap_err());
        assert!(error("user,agent\n").contains("line 1: expected user,password,agent"));
        assert!(error("user,password,agent\nana,,ana\n").contains("line 2, column password"));
        assert!(error("user,password,agent\n,secret,ana\n").contains("line 2, column user"));
    }
}
