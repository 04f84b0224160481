//! `usher import`: customers from a CSV file, what was imported, and taking an import back. Judges no row itself.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;

use crate::clock::wall_time;
use crate::config::Config;
use crate::customer_import::file::CustomerFile;
use crate::customer_import::run::{ImportOrder, ImportReport, dry_run, import};
use crate::customers::change::Stamp;
use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::ids::{CustomerId, ImportId};
use crate::customers::import_batch::{IfKnown, ImportPlace, ImportSettings};
use crate::customers::import_columns::ColumnMapping;
use crate::customers::phone::Region;
use crate::records::{Records, RecordsPlace};
use crate::routing::ids::{InvalidName, PersonId};

use super::door;

/// Imports that are listed: nobody looks further back.
const LISTED_MAX: u32 = 200;

#[derive(Args, Debug)]
pub struct ImportArgs {
    #[command(subcommand)]
    pub command: ImportCommand,
}

#[derive(Subcommand, Debug)]
pub enum ImportCommand {
    /// Take customers over from a CSV file in UTF-8, or go on with an import that was interrupted
    Customers(Box<CustomersArgs>),
    /// Show what was imported
    List,
    /// Remove what an import added and nobody used since
    Undo {
        import: i64,
        /// Who does it, for the history
        #[arg(long, value_name = "NAME", default_value = "import", value_parser = person_named)]
        by: PersonId,
    },
}

#[derive(Args, Debug)]
pub struct CustomersArgs {
    pub file: PathBuf,
    /// What each column is (TOML); without it a mapping is guessed by the headings and shown
    #[arg(long, value_name = "FILE.toml")]
    pub mapping: Option<PathBuf>,
    /// Take the mapping as it is guessed
    #[arg(long, conflicts_with = "mapping")]
    pub accept_guess: bool,
    /// The centre's own fields (TOML)
    #[arg(long, value_name = "FILE.toml")]
    pub fields: Option<PathBuf>,
    /// The country of numbers without one, such as FR [default: the mapping's home]
    #[arg(long, value_name = "COUNTRY", value_parser = Region::new)]
    pub home_region: Option<Region>,
    /// What becomes of a row whose address or external id a customer has: skip, update or add
    #[arg(long, value_name = "WHAT", default_value_t = IfKnown::Skip)]
    pub if_known: IfKnown,
    /// Only say what would come of it
    #[arg(long)]
    pub dry_run: bool,
    /// Keep refused rows in this file, with number, column and reason
    #[arg(long, value_name = "FILE.csv")]
    pub errors: Option<PathBuf>,
    /// Import a file that was imported before
    #[arg(long)]
    pub again: bool,
    /// Who does it, for the history
    #[arg(long, value_name = "NAME", default_value = "import", value_parser = person_named)]
    pub by: PersonId,
}

/// The file of `--fields`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldsFile {
    field: FieldDeclarations,
}

fn person_named(text: &str) -> Result<PersonId, InvalidName> {
    PersonId::new(text)
}

/// # Errors
/// When what was asked cannot be. What an interrupted import has committed stands.
pub async fn run(args: ImportArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    let done = match args.command {
        ImportCommand::Customers(args) => customers(&records, &args, out).await,
        ImportCommand::List => list(&records, out).await,
        ImportCommand::Undo { import, by } => undo(&records, ImportId(import), by, out).await,
    };
    records.close().await;
    done
}

async fn customers(records: &Records, args: &CustomersArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let file = CustomerFile::open(&args.file).with_context(|| args.file.display().to_string())?;
    let fields = match &args.fields {
        Some(path) => read_toml::<FieldsFile>(path)?.field,
        None => FieldDeclarations::default(),
    };
    let mapping = mapping(args, &file, &fields, out)?;
    let errors = args.errors.as_ref().map(std::path::absolute).transpose().context("--errors")?;
    let settings = ImportSettings {
        mapping,
        fields,
        delimiter: char::from(file.delimiter),
        if_known: args.if_known,
        errors: errors.map(|path| path.to_string_lossy().into_owned()),
    };
    let order = ImportOrder { file: &file, settings, by: args.by.clone(), again: args.again, now: wall_time };
    let bar = ProgressBar::new(file.bytes).with_style(
        ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {msg}").expect("a constant template"),
    );
    let mut progress = |place: ImportPlace| {
        bar.set_position(place.position);
        bar.set_message(format!("row {}", place.row));
    };
    let report = if args.dry_run {
        let folder = ScratchFolder::new()?;
        let scratch = Records::open(&RecordsPlace::Sqlite(folder.0.join("scratch.db"))).await?;
        let report = dry_run(records, &scratch, &order, &mut progress).await;
        scratch.close().await;
        report
    } else {
        import(records, &order, &mut progress).await
    };
    bar.finish_and_clear();
    show(args, &report.with_context(|| args.file.display().to_string())?, out)
}

fn mapping(
    args: &CustomersArgs,
    file: &CustomerFile,
    fields: &FieldDeclarations,
    out: &mut impl Write,
) -> anyhow::Result<ColumnMapping> {
    if let Some(path) = &args.mapping {
        let mut mapping: ColumnMapping = read_toml(path)?;
        mapping.home = args.home_region.or(mapping.home);
        return Ok(mapping);
    }
    let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
    let guessed = ColumnMapping::guessed(&headings, fields, args.home_region);
    writeln!(out, "# Guessed by the headings; others are not taken over.\n{}", toml::to_string(&guessed)?)?;
    if !args.accept_guess && !args.dry_run {
        bail!("nothing was imported: say --accept-guess, or --mapping with the mapping above as you want it");
    }
    Ok(guessed)
}

fn read_toml<T: serde::de::DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

fn show(args: &CustomersArgs, report: &ImportReport, out: &mut impl Write) -> anyhow::Result<()> {
    if let Some(row) = report.went_on_after {
        writeln!(out, "went on after row {row}")?;
    }
    let counts = &report.counts;
    if args.dry_run {
        writeln!(out, "dry run: nothing was changed")?;
    } else {
        writeln!(out, "import {}", report.import)?;
    }
    writeln!(out, "rows read     {:>12}", counts.read)?;
    writeln!(out, "added         {:>12}", counts.added)?;
    writeln!(out, "updated       {:>12}", counts.updated)?;
    writeln!(out, "known, skipped{:>12}", counts.skipped)?;
    writeln!(out, "refused       {:>12}", counts.refused)?;
    match &args.errors {
        Some(errors) => writeln!(out, "refused rows are in {}", errors.display())?,
        None => {
            for refusal in &report.refused {
                writeln!(out, "{refusal}")?;
            }
            if !report.refused.is_empty() {
                writeln!(out, "--errors FILE.csv keeps all refused rows")?;
            }
        }
    }
    Ok(())
}

async fn list(records: &Records, out: &mut impl Write) -> anyhow::Result<()> {
    for batch in records.imports(LISTED_MAX).await? {
        let counts = &batch.counts;
        writeln!(
            out,
            "{}\t{}\t{}\t{}\tread {}\tadded {}\tupdated {}\tskipped {}\trefused {}\tremoved {}\tkept {}\tby {}",
            batch.id,
            jiff::Timestamp::from_millisecond(batch.begun.at.0)?,
            batch.state,
            batch.file_name.replace(char::is_control, "?"),
            counts.read,
            counts.added,
            counts.updated,
            counts.skipped,
            counts.refused,
            batch.rows_removed,
            batch.rows_kept,
            batch.begun.by,
        )?;
    }
    Ok(())
}

async fn undo(records: &Records, import: ImportId, by: PersonId, out: &mut impl Write) -> anyhow::Result<()> {
    let mut after = CustomerId(0);
    let batch = loop {
        let stamp = Stamp { at: wall_time(), by: by.clone() };
        let undone = records.undo_import_chunk(import, after, &stamp).await?;
        for kept in &undone.kept {
            writeln!(out, "customer {} stays: it {}", kept.customer, kept.why)?;
        }
        match undone.next {
            Some(next) => after = next,
            None => break undone.batch,
        }
    };
    writeln!(out, "import {import} is undone: {} customers removed, {} stay", batch.rows_removed, batch.rows_kept)?;
    if batch.counts.updated > 0 {
        writeln!(out, "what it changed in customers that were known stays: {} rows", batch.counts.updated)?;
    }
    Ok(())
}

/// Removed when it is dropped.
struct ScratchFolder(PathBuf);

impl ScratchFolder {
    fn new() -> anyhow::Result<ScratchFolder> {
        let folder = std::env::temp_dir().join(format!("usher-dry-run-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(ScratchFolder(folder))
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        // Nobody to tell in a drop; the system clears its temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
