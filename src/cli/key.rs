//! `usher key`: the keys that gateways sign in with. A key is shown once, when it is made.

use std::io::Write;

use anyhow::bail;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use crate::access::Access;
use crate::config::Config;
use crate::routing::ids::GatewayId;
use crate::work::TASKS;

use super::door;

#[derive(Args, Debug)]
pub struct KeyArgs {
    #[command(subcommand)]
    pub command: KeyCommand,
}

#[derive(Subcommand, Debug)]
pub enum KeyCommand {
    /// Make a key for a gateway and print it once; the keys it has stay good
    Add {
        #[arg(value_parser = gateway_named)]
        gateway: GatewayId,
    },
    /// Show which gateways have keys
    List,
    /// Revoke every key of a gateway; its sessions end within a second
    Revoke {
        #[arg(value_parser = gateway_named)]
        gateway: GatewayId,
    },
}

fn gateway_named(text: &str) -> anyhow::Result<GatewayId> {
    let gateway = GatewayId::new(text)?;
    if text == TASKS {
        bail!("expected another name: {TASKS} is the gateway of tasks, inside the server");
    }
    Ok(gateway)
}

/// # Errors
/// When what was asked cannot be; nothing was changed.
pub async fn run(args: KeyArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    if let KeyCommand::Add { gateway } = &args.command
        && config.asterisk.contains_key(gateway.as_str())
    {
        bail!("expected another name: {gateway} is an Asterisk that the server drives itself");
    }
    let (records, access) = door::open(config).await?;
    let done = run_at(&access, args.command, out).await;
    records.close().await;
    done
}

async fn run_at(access: &Access, command: KeyCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        KeyCommand::Add { gateway } => {
            let made = access.add_gateway_key(gateway).await?;
            writeln!(out, "key of gateway {} (shown this once): {}", made.gateway, made.key.expose_secret())?;
        }
        KeyCommand::List => {
            for key in access.gateway_keys().await? {
                let state = if key.revoked_at.is_some() { "revoked" } else { "good" };
                writeln!(out, "{}\t{state}", key.gateway)?;
            }
        }
        KeyCommand::Revoke { gateway } => match access.revoke_gateway_keys(&gateway).await? {
            0 => bail!("gateway {gateway} has no key that is good"),
            revoked => writeln!(out, "{revoked} keys of gateway {gateway} are revoked")?,
        },
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn usher_key(config: &Config, command: KeyCommand) -> anyhow::Result<String> {
        let mut out = Vec::new();
        run(KeyArgs { command }, config, &mut out).await?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_name_of_the_tasks_gateway_is_taken() {
        assert!(gateway_named("asterisk").is_ok());
        let refused = gateway_named(TASKS).unwrap_err().to_string();
        assert!(refused.contains("inside the server"), "{refused}");
        assert!(gateway_named("").is_err());
    }

    #[tokio::test]
    async fn a_switch_that_the_server_drives_needs_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config { data_directory: folder.path().to_owned(), ..Config::default() };
        config.asterisk.insert("pbx-1".to_owned(), Default::default());
        let gateway = GatewayId::new("pbx-1").unwrap();
        let refused = usher_key(&config, KeyCommand::Add { gateway }).await.unwrap_err().to_string();
        assert!(refused.contains("another name"), "{refused}");
    }

    #[tokio::test]
    async fn a_key_is_made_and_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_directory: folder.path().to_owned(), ..Config::default() };
        let gateway = GatewayId::new("pbx-1").unwrap();
        let said = usher_key(&config, KeyCommand::Add { gateway: gateway.clone() }).await.unwrap();
        let key = said.trim_end().rsplit(' ').next().unwrap();
        let (records, access) = door::open(&config).await.unwrap();
        let found = access.check_gateway_key(key).await.unwrap();
        assert_eq!(found.map(|holder| holder.gateway), Some(gateway.clone()));
        usher_key(&config, KeyCommand::Revoke { gateway: gateway.clone() }).await.unwrap();
        assert_eq!(access.check_gateway_key(key).await.unwrap(), None);
        assert_eq!(usher_key(&config, KeyCommand::List).await.unwrap(), "pbx-1\trevoked\n");
        assert!(usher_key(&config, KeyCommand::Revoke { gateway }).await.is_err());
        records.close().await;
    }
}
