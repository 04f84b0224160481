//! `usher retention`: what is kept for how long, and what is older. Works beside a running server, which does the same
//! every hour, or without one.

use std::io::Write;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::door;
use crate::clock::wall_time;
use crate::config::Config;
use crate::customers::change::Stamp;
use crate::journal::SqlJournal;
use crate::privacy::{self, Outdated};
use crate::records::Records;
use crate::routing::ids::PersonId;

#[derive(Args, Debug)]
pub struct RetentionArgs {
    #[command(subcommand)]
    pub command: RetentionCommand,
}

#[derive(Subcommand, Debug)]
pub enum RetentionCommand {
    /// Remove now what is older than its kind is kept
    Run {
        /// Only say what would be removed
        #[arg(long)]
        dry_run: bool,
        /// Who asks, for the audit
        #[arg(long, value_parser = PersonId::new, required_unless_present = "dry_run")]
        by: Option<PersonId>,
    },
}

/// # Errors
/// When a database cannot be read or written.
pub async fn run(args: RetentionArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let RetentionCommand::Run { dry_run, by } = args.command;
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    let done = match by {
        Some(by) if !dry_run => remove(&records, config, by).await,
        Some(_) | None => Ok(privacy::outdated(&records, &config.retention, wall_time()).await?),
    };
    records.close().await;
    print(&done?, if dry_run { "would be removed" } else { "removed" }, out)?;
    Ok(())
}

async fn remove(records: &Records, config: &Config, by: PersonId) -> anyhow::Result<Vec<Outdated>> {
    let journal = SqlJournal::open_to_erase(&door::journal_place(config)?).await.context("cannot open the journal")?;
    let removed = privacy::apply(records, &journal, &config.retention, &Stamp { at: wall_time(), by }).await;
    journal.close().await.context("cannot close the journal")?;
    Ok(removed?)
}

fn print(kinds: &[Outdated], what: &str, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{:<16} {:>11} {what:>17}", "kind", "days kept")?;
    for kind in kinds {
        let days = kind.days.map_or("forever".to_owned(), |days| days.to_string());
        writeln!(out, "{:<16} {days:>11} {:>17}", kind.kind.as_str(), kind.rows)?;
    }
    Ok(())
}
