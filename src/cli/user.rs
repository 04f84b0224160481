//! `usher user`: who may log in. A password that is made here is shown once; one that is given is never shown.

use std::io::{BufRead, Write};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use secrecy::{ExposeSecret, SecretString};

use crate::access::{Access, NewAccount, PASSWORD_LENGTH_MAX, Role};
use crate::config::Config;
use crate::routing::ids::{AgentId, InvalidName, PersonId};

use super::door;

/// Of 32 letters and digits, five bits each: 100 bits.
const PASSWORD_LETTERS: usize = 20;
/// Without i, l, o and 1, which people mix up when they read them out.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

#[derive(Args, Debug)]
pub struct UserArgs {
    #[command(subcommand)]
    pub command: UserCommand,
}

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Let somebody log in
    Add {
        #[arg(value_parser = PersonId::new)]
        name: PersonId,
        /// agent, supervisor, campaign_manager, admin or crm (a host system); may be given several times
        #[arg(long, required = true)]
        role: Vec<Role>,
        /// The agent of the rules that this user is; with the role agent only
        #[arg(long, value_parser = agent_named)]
        agent: Option<AgentId>,
        /// Read the password from the first line of the input; otherwise one is made and printed once
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a user a new password; every session of theirs ends
    Password {
        #[arg(value_parser = PersonId::new)]
        name: PersonId,
        /// Read the password from the first line of the input; otherwise one is made and printed once
        #[arg(long)]
        password_stdin: bool,
    },
    /// Show who may log in
    List,
    /// Let somebody log in no more; every session of theirs ends within a second
    Disable {
        #[arg(value_parser = PersonId::new)]
        name: PersonId,
    },
}

fn agent_named(text: &str) -> Result<AgentId, InvalidName> {
    AgentId::new(text)
}

/// # Errors
/// When what was asked cannot be; nothing was changed.
pub async fn run(
    args: UserArgs,
    config: &Config,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let (records, access) = door::open(config).await?;
    let done = run_at(&access, args.command, input, out).await;
    records.close().await;
    done
}

async fn run_at(
    access: &Access,
    command: UserCommand,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    match command {
        UserCommand::Add { name, role, agent, password_stdin } => {
            let (password, is_made) = password(password_stdin, input)?;
            let roles = role.into_iter().collect();
            access.add_user(NewAccount { name: name.clone(), password: password.clone(), roles, agent }).await?;
            writeln!(out, "user {name} may log in")?;
            show(out, &password, is_made)?;
        }
        UserCommand::Password { name, password_stdin } => {
            let (password, is_made) = password(password_stdin, input)?;
            access.set_password(&name, password.clone()).await?;
            writeln!(out, "user {name} has a new password")?;
            show(out, &password, is_made)?;
        }
        UserCommand::List => list(access, out).await?,
        UserCommand::Disable { name } => {
            access.disable_user(&name).await?;
            writeln!(out, "user {name} can log in no more")?;
        }
    }
    Ok(())
}

async fn list(access: &Access, out: &mut impl Write) -> anyhow::Result<()> {
    for user in access.users().await? {
        write!(out, "{}\t{}", user.name, user.roles)?;
        if let Some(agent) = user.agent {
            write!(out, "\tagent {agent}")?;
        }
        writeln!(out, "{}", if user.disabled_at.is_some() { "\tdisabled" } else { "" })?;
    }
    Ok(())
}

/// And whether it was made here.
fn password(is_given: bool, input: &mut impl BufRead) -> anyhow::Result<(SecretString, bool)> {
    if !is_given {
        return Ok((new_password(), true));
    }
    let mut line = String::new();
    let bytes_max = PASSWORD_LENGTH_MAX as u64 + 2;
    std::io::Read::take(input, bytes_max).read_line(&mut line).context("cannot read the password")?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        bail!("expected the password on the first line of the input");
    }
    Ok((line.into(), false))
}

fn show(out: &mut impl Write, password: &SecretString, is_made: bool) -> std::io::Result<()> {
    if is_made {
        writeln!(out, "password (shown this once): {}", password.expose_secret())?;
    }
    Ok(())
}

/// For a user who gets it from whoever runs this.
#[must_use]
pub fn new_password() -> SecretString {
    let mut bytes = [0; PASSWORD_LETTERS];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    let letters = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    letters.collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        user: UserArgs,
    }

    async fn usher_user(config: &Config, arguments: &[&str], input: &str) -> anyhow::Result<String> {
        let arguments = [&["user"], arguments].concat();
        let Command { user } = Command::try_parse_from(arguments)?;
        let mut out = Vec::new();
        run(user, config, &mut input.as_bytes(), &mut out).await?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[tokio::test]
    async fn a_user_is_added_listed_and_disabled() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_directory: folder.path().join("data"), ..Config::default() };
        let said = usher_user(&config, &["add", "ana", "--role", "agent", "--agent", "a1"], "").await.unwrap();
        let password = said.trim_end().rsplit(' ').next().unwrap().to_owned();
        assert_eq!(password.len(), PASSWORD_LETTERS);
        let given = usher_user(&config, &["add", "ben", "--role", "admin", "--password-stdin"], "a long password\r\n");
        assert!(!given.await.unwrap().contains("long"), "a password that was given is not shown");

        let (records, access) = door::open(&config).await.unwrap();
        let home = std::net::IpAddr::from([127, 0, 0, 1]);
        assert!(access.log_in("ana", password.into(), home).await.is_ok());
        assert!(access.log_in("ben", "a long password".into(), home).await.is_ok());
        usher_user(&config, &["disable", "ana"], "").await.unwrap();
        let list = usher_user(&config, &["list"], "").await.unwrap();
        assert_eq!(list, "ana\tagent\tagent a1\tdisabled\nben\tadmin\n");
        usher_user(&config, &["password", "ben", "--password-stdin"], "another password\n").await.unwrap();
        assert!(access.log_in("ben", "a long password".into(), home).await.is_err());
        records.close().await;
    }

    #[tokio::test]
    async fn what_cannot_be_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_directory: folder.path().to_owned(), ..Config::default() };
        for (arguments, input, reason) in [
            (&["add", "ana"][..], "", "--role"),
            (&["add", "ana", "--role", "boss"], "", "expected agent, supervisor, campaign_manager, admin or crm"),
            (&["add", "", "--role", "admin"], "", "expected 1 to 64 characters"),
            (&["add", "ana", "--role", "agent"], "", "agent: expected the agent"),
            (&["add", "ana", "--role", "admin", "--password-stdin"], "short\n", "password: expected 12"),
            (&["add", "ana", "--role", "admin", "--password-stdin"], "", "first line of the input"),
            (&["disable", "nobody"], "", "there is no user nobody"),
        ] {
            let error = usher_user(&config, arguments, input).await.unwrap_err().to_string();
            assert!(error.contains(reason), "{arguments:?}: {error}");
        }
        assert_eq!(usher_user(&config, &["list"], "").await.unwrap(), "");
    }
}
