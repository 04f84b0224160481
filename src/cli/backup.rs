//! `usher backup` and `usher restore`: the data directory of the settings, into a folder and back. A server may run
//! while a backup is taken or checked.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use clap::Args;

use crate::backup::{self, Manifest};
use crate::config::{Config, Database};

#[derive(Args, Debug)]
pub struct BackupArgs {
    /// A folder that is not there yet, or is empty
    #[arg(long, value_name = "FOLDER")]
    pub to: PathBuf,
}

#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// A folder that `usher backup` made
    #[arg(long, value_name = "FOLDER")]
    pub from: PathBuf,
    /// Only try it: the data directory stays as it is
    #[arg(long)]
    pub check: bool,
}

/// # Errors
/// When the data is not SQLite's, cannot be read, or the folder is not empty.
pub async fn take(args: BackupArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    expect_sqlite(config, "pg_dump")?;
    let begun = Instant::now();
    let manifest = backup::take(&config.site, &config.data_directory, &args.to, |step| tell(step, begun)).await?;
    writeln!(out, "{}: {}", args.to.display(), told(&manifest))?;
    Ok(())
}

/// # Errors
/// When the backup is not whole, or the data directory is not empty.
pub async fn restore(args: RestoreArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    expect_sqlite(config, "pg_restore")?;
    let (begun, data) = (Instant::now(), &config.data_directory);
    let manifest = backup::restore(&args.from, data, args.check, |step| tell(step, begun)).await?;
    if manifest.site != config.site {
        tracing::warn!(of = manifest.site, here = config.site, "the backup is of another site");
    }
    let done = if args.check { "can be restored" } else { "restored" };
    writeln!(out, "{}: {done}: {}", data.display(), told(&manifest))?;
    Ok(())
}

fn expect_sqlite(config: &Config, tool: &str) -> anyhow::Result<()> {
    match (&config.database, config.journal_database()) {
        (Database::Sqlite, Database::Sqlite) => Ok(()),
        (Database::Postgres(_), _) | (_, Database::Postgres(_)) => {
            bail!(
                "database: expected \"sqlite\"; what lies in PostgreSQL is for {tool}, which takes one picture of it all"
            )
        }
    }
}

fn tell(step: &str, begun: Instant) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(std::io::stderr(), "{:>6.1} s  {step}", begun.elapsed().as_secs_f64());
}

fn told(manifest: &Manifest) -> String {
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    format!(
        "site {}, {}, up to event {}, {} contacts in hand, {bytes} bytes",
        manifest.site, manifest.taken_at, manifest.last_event, manifest.contacts_in_hand
    )
}
