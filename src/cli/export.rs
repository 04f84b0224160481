//! `usher export`: customers or interactions into a CSV file, beside a running server or without one. Changes nothing.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::config::Config;
use crate::export::{CustomerFilter, CustomerPages, InteractionFilter, InteractionPages, Pages};
use crate::records::Records;
use crate::routing::time::Timestamp;

use super::door;

#[derive(Args, Debug)]
pub struct ExportArgs {
    #[command(subcommand)]
    pub command: ExportCommand,
}

#[derive(Subcommand, Debug)]
pub enum ExportCommand {
    /// Write customers into a CSV file that is not there yet
    Customers {
        file: PathBuf,
        /// Those with this tag
        #[arg(long)]
        tag: Option<String>,
        /// Those of this tier
        #[arg(long)]
        tier: Option<String>,
        /// Those of this language
        #[arg(long)]
        language: Option<String>,
        /// Those changed at this time or later, such as 2026-11-22T09:00:00Z
        #[arg(long, value_name = "TIME", value_parser = time_given)]
        changed_from: Option<Timestamp>,
        /// Begin with a byte order mark, for spreadsheets that take UTF-8 for something else without one
        #[arg(long)]
        bom: bool,
    },
    /// Write interactions into a CSV file that is not there yet
    Interactions {
        file: PathBuf,
        /// Arrived at this time or later, such as 2026-11-22T09:00:00Z
        #[arg(long, value_name = "TIME", value_parser = time_given)]
        from: Option<Timestamp>,
        /// Arrived before this time
        #[arg(long, value_name = "TIME", value_parser = time_given)]
        until: Option<Timestamp>,
        /// Begin with a byte order mark, for spreadsheets that take UTF-8 for something else without one
        #[arg(long)]
        bom: bool,
    },
}

fn time_given(text: &str) -> Result<Timestamp, String> {
    let read = text.parse::<jiff::Timestamp>();
    read.map(|at| Timestamp(at.as_millisecond())).map_err(|_| "expected a time such as 2026-11-22T09:00:00Z".to_owned())
}

/// # Errors
/// When the file is there already or cannot be written, or the database does not answer: no file is left then.
pub async fn run(args: ExportArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    let done = match args.command {
        ExportCommand::Customers { file, tag, tier, language, changed_from, bom } => {
            let filter = CustomerFilter { tag, tier, language, changed_from };
            write(CustomerPages::new(records.clone(), filter, bom), &file, "customers", out).await
        }
        ExportCommand::Interactions { file, from, until, bom } => {
            let filter = InteractionFilter { from, until };
            let pages = InteractionPages::new(records.clone(), &config.site, filter, bom);
            write(pages, &file, "interactions", out).await
        }
    };
    records.close().await;
    done
}

pub(super) async fn write(pages: impl Pages, path: &Path, what: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let name = path.display();
    let file = new_file(path)?;
    match write_all(pages, file).await {
        Ok(rows) => Ok(writeln!(out, "{rows} {what} in {name}")?),
        Err(error) => {
            // A table that looks whole and is not is worse than none.
            let _ = std::fs::remove_file(path);
            Err(error.context(format!("cannot write {name}")))
        }
    }
}

/// One that is not there yet.
pub(super) fn new_file(path: &Path) -> anyhow::Result<File> {
    let name = path.display();
    match File::create_new(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => bail!("{name} is there already"),
        made => made.with_context(|| format!("cannot write {name}")),
    }
}

async fn write_all(mut pages: impl Pages, mut file: File) -> anyhow::Result<u64> {
    while let Some(page) = pages.next_page().await? {
        file.write_all(&page)?;
    }
    file.sync_all()?;
    Ok(pages.rows())
}
