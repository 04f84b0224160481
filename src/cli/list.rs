//! `usher list`: call lists made, shown, changed, stopped for a while, let go by hand and deleted. Takes no lead over: `usher import leads` does.

mod why;

use std::io::Write;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::clock::wall_time;
use crate::config::Config;
use crate::customers::change::Stamp;
use crate::customers::ids::Version;
use crate::outbound::call_list::{CallList, CallListSettings};
use crate::outbound::ids::LeadId;
use crate::outbound::lead_standing::LeadCounts;
use crate::records::{CallListError, Records};
use crate::routing::ids::{CallListName, PersonId};

use super::door;
use super::import::read_toml;

/// Leads of a deleted list that one transaction removes.
const DROPPED_AT_ONCE: u32 = 5_000;

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
    /// Let no lead of a list be called until it is resumed
    Pause(OneList),
    /// Let the leads of a paused list be called again
    Resume(OneList),
    /// Let so many more leads be called, of a list that releases them by hand
    Release {
        #[command(flatten)]
        list: OneList,
        #[arg(long, value_name = "COUNT")]
        leads: NonZeroU32,
    },
    /// Say why a lead is not called now, and when it may be
    Why {
        #[arg(value_parser = CallListName::new)]
        name: CallListName,
        /// The lead's number
        lead: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete a list of a campaign that is stopped; leads that were tried stay in the records
    Delete(OneList),
}

#[derive(Args, Debug)]
pub struct OneList {
    #[arg(value_parser = CallListName::new)]
    name: CallListName,
    /// Who does it, for the audit
    #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
    by: PersonId,
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
        ListCommand::Pause(list) => set_active(&records, list, false, out).await,
        ListCommand::Resume(list) => set_active(&records, list, true, out).await,
        ListCommand::Release { list, leads } => release(&records, list, leads, out).await,
        ListCommand::Why { name, lead, json } => why::why(&records, &name, LeadId(lead), json, config, out).await,
        ListCommand::Delete(list) => delete(&records, list, out).await,
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

async fn set_active(records: &Records, list: OneList, active: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let held = named(records, &list.name).await?;
    let state = if active { "active" } else { "paused" };
    if held.settings.active == active {
        writeln!(out, "call list {:?} is {state} already", list.name.as_str())?;
        return Ok(());
    }
    let settings = CallListSettings { active, ..held.settings };
    let stamp = Stamp { at: wall_time(), by: list.by };
    let changed = records.change_call_list(held.id, held.version, &settings, &stamp).await?;
    writeln!(out, "call list {:?} is {state}: version {}", list.name.as_str(), changed.version)?;
    Ok(())
}

async fn release(records: &Records, list: OneList, leads: NonZeroU32, out: &mut impl Write) -> anyhow::Result<()> {
    let held = named(records, &list.name).await?;
    let stamp = Stamp { at: wall_time(), by: list.by };
    let released = records.release_leads(held.id, leads, &stamp).await?.released;
    writeln!(out, "call list {:?}: {leads} more leads, {released} in all", list.name.as_str())?;
    Ok(())
}

async fn delete(records: &Records, list: OneList, out: &mut impl Write) -> anyhow::Result<()> {
    let held = named(records, &list.name).await?;
    let stamp = Stamp { at: wall_time(), by: list.by };
    records.delete_call_list(held.id, held.version, &stamp).await?;
    let mut removed = 0;
    loop {
        let some = records.drop_untried_leads(held.id, DROPPED_AT_ONCE).await?;
        removed += some;
        if some < u64::from(DROPPED_AT_ONCE) {
            break;
        }
    }
    let stay = records.count_leads(held.id).await?;
    writeln!(
        out,
        "call list {:?} is deleted: {removed} leads removed, {stay} that were tried stay",
        list.name.as_str()
    )?;
    Ok(())
}

async fn show(records: &Records, name: &CallListName, out: &mut impl Write) -> anyhow::Result<()> {
    let list = named(records, name).await?;
    let counts = records.lead_counts(list.id, wall_time()).await?;
    let changed = jiff::Timestamp::from_millisecond(list.changed.at.0)?;
    writeln!(out, "# call list {:?}: {} leads", name.as_str(), counts.all())?;
    writeln!(out, "# version {}, changed {changed} by {}", list.version, list.changed.by)?;
    writeln!(out, "# {}", waterfall(&counts))?;
    write!(out, "{}", toml::to_string(&list.settings)?)?;
    Ok(())
}

/// Parts of all leads: they add up.
fn waterfall(counts: &LeadCounts) -> String {
    let LeadCounts { fresh, due, waiting, with_router, ended, .. } = counts;
    let open = [("never tried", fresh), ("due", due), ("waiting", waiting), ("with the router", with_router)];
    let parts = open.into_iter().chain(ended.iter().map(|(word, count)| (*word, count)));
    let parts: Vec<String> =
        parts.filter(|(_, count)| **count > 0).map(|(what, count)| format!("{what} {count}")).collect();
    if parts.is_empty() { "no leads".to_owned() } else { parts.join(", ") }
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
