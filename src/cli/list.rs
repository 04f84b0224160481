//! `usher list`: call lists made, shown and changed. Takes no lead over: `usher import leads` does.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::clock::wall_time;
use crate::config::Config;
use crate::customers::change::Stamp;
use crate::customers::ids::Version;
use crate::outbound::call_list::{CallList, CallListSettings};
use crate::records::{CallListError, Records};
use crate::routing::ids::{CallListName, PersonId};

use super::door;
use super::import::read_toml;

#[derive(Args, Debug)]
pub struct ListArgs {
    #[command(subcommand)]
    pub command: ListCommand,
}

#[derive(Subcommand, Debug)]
pub enum ListCommand {
    /// Make a call list; its leads come by `usher import leads`
    Create {
        #[arg(value_parser = CallListName::new)]
        name: CallListName,
        /// What is said of the list (TOML)
        #[arg(long, value_name = "FILE.toml")]
        settings: PathBuf,
        /// Who does it, for the audit
        #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
        by: PersonId,
    },
    /// Show a call list as its settings are written, or a line for each
    Show {
        #[arg(value_parser = CallListName::new)]
        name: Option<CallListName>,
    },
    /// Give a call list other settings, all at once
    Change {
        #[arg(value_parser = CallListName::new)]
        name: CallListName,
        /// What is said of the list from now on (TOML), as `usher list show NAME` writes it
        #[arg(long, value_name = "FILE.toml")]
        settings: PathBuf,
        /// Only when nobody changed it since it was shown with this version
        #[arg(long, value_name = "VERSION")]
        if_version: Option<i64>,
        /// Who does it, for the audit
        #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
        by: PersonId,
    },
}

/// # Errors
/// When what was asked cannot be; then nothing was changed.
pub async fn run(args: ListArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    let done = match args.command {
        ListCommand::Create { name, settings, by } => create(&records, &name, &settings, by, out).await,
        ListCommand::Show { name: Some(name) } => show(&records, &name, out).await,
        ListCommand::Show { name: None } => show_all(&records, out).await,
        ListCommand::Change { name, settings, if_version, by } => {
            change(&records, &name, &settings, if_version.map(Version), by, out).await
        }
    };
    records.close().await;
    done
}

async fn create(
    records: &Records,
    name: &CallListName,
    settings: &Path,
    by: PersonId,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let read: CallListSettings = read_toml(settings)?;
    let stamp = Stamp { at: wall_time(), by };
    if let Some(expires_at) = read.expires_at.filter(|_| read.is_expired(stamp.at)) {
        let at = jiff::Timestamp::from_millisecond(expires_at.0)?;
        bail!("{}: expires_at: expected a moment to come, found {at}", settings.display());
    }
    records.create_call_list(name, &read, &stamp).await.with_context(|| settings.display().to_string())?;
    writeln!(out, "call list {:?} is there; usher import leads brings its leads", name.as_str())?;
    Ok(())
}

async fn change(
    records: &Records,
    name: &CallListName,
    settings: &Path,
    if_version: Option<Version>,
    by: PersonId,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let read: CallListSettings = read_toml(settings)?;
    let held = named(records, name).await?;
    let stamp = Stamp { at: wall_time(), by };
    let changed = records.change_call_list(held.id, if_version.unwrap_or(held.version), &read, &stamp).await;
    let changed = changed.with_context(|| settings.display().to_string())?;
    writeln!(out, "call list {:?} is changed: version {}", name.as_str(), changed.version)?;
    Ok(())
}

async fn show(records: &Records, name: &CallListName, out: &mut impl Write) -> anyhow::Result<()> {
    let list = named(records, name).await?;
    let leads = records.count_leads(list.id).await?;
    let changed = jiff::Timestamp::from_millisecond(list.changed.at.0)?;
    writeln!(out, "# call list {:?}: {leads} leads", name.as_str())?;
    writeln!(out, "# version {}, changed {changed} by {}", list.version, list.changed.by)?;
    write!(out, "{}", toml::to_string(&list.settings)?)?;
    Ok(())
}

async fn show_all(records: &Records, out: &mut impl Write) -> anyhow::Result<()> {
    for list in records.call_lists().await? {
        let leads = records.count_leads(list.id).await?;
        let state = if list.settings.is_expired(wall_time()) {
            "expired"
        } else if list.settings.active {
            "active"
        } else {
            "inactive"
        };
        writeln!(out, "{}\tcampaign {}\t{state}\t{leads} leads", list.name, list.settings.campaign)?;
    }
    Ok(())
}

/// The list of that name.
///
/// # Errors
/// When there is none.
pub async fn named(records: &Records, name: &CallListName) -> Result<CallList, CallListError> {
    records.call_list_named(name).await?.ok_or_else(|| CallListError::UnknownName(name.clone()))
}
