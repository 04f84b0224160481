//! `usher import`: customers, interactions, leads and do-not-call entries from a file, what was imported, and taking an
//! import back. Judges no row itself.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::clock::wall_time;
use crate::config::Config;
use crate::customer_import::file::TableFile;
use crate::customer_import::run::{ImportOrder, ImportReport, dry_run, import};
use crate::customer_import::scratch::ScratchFolder;
use crate::customers::change::Stamp;
use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::ids::{ImportId, UndoPlace};
use crate::customers::import_columns::ColumnMapping;
use crate::customers::interaction_columns::InteractionMapping;
use crate::imports::import_batch::{ImportPlace, ImportSettings, ImportedRows};
use crate::outbound::call_list::CallListSettings;
use crate::outbound::do_not_call_columns::DoNotCallMapping;
use crate::outbound::lead_columns::LeadMapping;
use crate::privacy;
use crate::records::{Records, RecordsPlace};
use crate::routing::ids::PersonId;

use super::door;
use super::import_args::{
    CustomersArgs, DoNotCallListArgs, FileArgs, ImportArgs, ImportCommand, InteractionsArgs, LeadsArgs,
};
use super::list::named;

/// Imports that are listed: nobody looks further back.
const LISTED_MAX: u32 = 200;

/// The file of `--fields`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldsFile {
    field: FieldDeclarations,
}

/// # Errors
/// When what was asked cannot be. What an interrupted import has committed stands.
pub async fn run(args: ImportArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    records.hold_site_key(privacy::read_or_make(&config.data_directory)?);
    let done = match args.command {
        ImportCommand::Customers(args) => customers(&records, &args, &config.customers.fields, out).await,
        ImportCommand::Interactions(args) => interactions(&records, &args, out).await,
        ImportCommand::Leads(args) => leads(&records, &args, out).await,
        ImportCommand::DoNotCall(args) => do_not_call(&records, &args, out).await,
        ImportCommand::List => list(&records, out).await,
        ImportCommand::Undo { import, by } => undo(&records, ImportId(import), by, out).await,
    };
    records.close().await;
    done
}

async fn customers(
    records: &Records,
    args: &CustomersArgs,
    declared: &FieldDeclarations,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let fields = match &args.fields {
        Some(_) if !declared.is_empty() => {
            bail!("--fields: the settings declare customers.fields already; leave it out")
        }
        Some(path) => read_toml::<FieldsFile>(path)?.field,
        None => declared.clone(),
    };
    let file = open(&args.file)?;
    let guess = |headings: &[&str]| ColumnMapping::guessed(headings, &fields, args.file.home_region);
    let mut mapping = mapping(&args.file, &file, guess, out)?;
    mapping.home = args.file.home_region.or(mapping.home);
    let rows = ImportedRows::Customers { mapping, fields: fields.clone(), if_known: args.if_known };
    take_over(records, &args.file, &file, rows, out).await
}

async fn interactions(records: &Records, args: &InteractionsArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let file = open(&args.file)?;
    let guess = |headings: &[&str]| InteractionMapping {
        zone: args.zone.clone(),
        ..InteractionMapping::guessed(headings, args.file.home_region)
    };
    let mut mapping = mapping(&args.file, &file, guess, out)?;
    mapping.home = args.file.home_region.or(mapping.home);
    mapping.zone = args.zone.clone().or(mapping.zone);
    take_over(records, &args.file, &file, ImportedRows::Interactions { mapping }, out).await
}

/// Fields, duplicates and the country of numbers are the list's, as they are now.
async fn leads(records: &Records, args: &LeadsArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let list = named(records, &args.list).await?;
    let CallListSettings { fields, duplicates, default_country, .. } = list.settings;
    let file = open(&args.file)?;
    let home = args.file.home_region.or(default_country);
    let guess =
        |headings: &[&str]| LeadMapping { zone: args.zone.clone(), ..LeadMapping::guessed(headings, &fields, home) };
    let mut mapping = mapping(&args.file, &file, guess, out)?;
    mapping.home = args.file.home_region.or(mapping.home).or(default_country);
    mapping.zone = args.zone.clone().or(mapping.zone);
    let rows = ImportedRows::Leads { list: list.id, mapping, fields, duplicates };
    take_over(records, &args.file, &file, rows, out).await
}

async fn do_not_call(records: &Records, args: &DoNotCallListArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let file = open(&args.file)?;
    let guess = |headings: &[&str]| DoNotCallMapping {
        zone: args.zone.clone(),
        ..DoNotCallMapping::guessed(headings, args.file.home_region)
    };
    let mut mapping = mapping(&args.file, &file, guess, out)?;
    mapping.home = args.file.home_region.or(mapping.home);
    mapping.zone = args.zone.clone().or(mapping.zone);
    let rows = ImportedRows::DoNotCall { mapping, scope: args.scope.scope(), source: args.source.clone() };
    take_over(records, &args.file, &file, rows, out).await
}

fn open(args: &FileArgs) -> anyhow::Result<TableFile> {
    TableFile::open(&args.file, args.sheet.as_deref()).with_context(|| args.file.display().to_string())
}

async fn take_over(
    records: &Records,
    args: &FileArgs,
    file: &TableFile,
    rows: ImportedRows,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let errors = args.errors.as_ref().map(std::path::absolute).transpose().context("--errors")?;
    let errors = errors.map(|path| path.to_string_lossy().into_owned());
    let settings = ImportSettings { rows, format: file.format.clone(), errors };
    let order = ImportOrder { file, settings, by: args.by.clone(), again: args.again, now: wall_time };
    let bar = ProgressBar::new(file.bytes).with_style(
        ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {msg}").expect("a constant template"),
    );
    let mut progress = |place: ImportPlace| {
        bar.set_position(place.position);
        bar.set_message(format!("row {}", place.row));
    };
    let report = if args.dry_run {
        let folder = ScratchFolder::new().context("cannot make a temporary folder")?;
        let scratch = Records::open(&RecordsPlace::Sqlite(folder.path().join("scratch.db"))).await?;
        let report = dry_run(records, &scratch, &order, &mut progress).await;
        scratch.close().await;
        report
    } else {
        import(records, &order, &mut progress).await
    };
    bar.finish_and_clear();
    show(args, &report.with_context(|| args.file.display().to_string())?, out)
}

fn mapping<M: DeserializeOwned + Serialize>(
    args: &FileArgs,
    file: &TableFile,
    guess: impl Fn(&[&str]) -> M,
    out: &mut impl Write,
) -> anyhow::Result<M> {
    if let Some(path) = &args.mapping {
        return read_toml(path);
    }
    let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
    let guessed = guess(&headings);
    writeln!(out, "# Guessed by the headings; others are not taken over.\n{}", toml::to_string(&guessed)?)?;
    if !args.accept_guess && !args.dry_run {
        bail!("nothing was imported: say --accept-guess, or --mapping with the mapping above as you want it");
    }
    Ok(guessed)
}

/// # Errors
/// When the file cannot be read, or is none of these.
pub(super) fn read_toml<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

fn show(args: &FileArgs, report: &ImportReport, out: &mut impl Write) -> anyhow::Result<()> {
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
            "{}\t{}\t{}\t{}\t{}\tread {}\tadded {}\tupdated {}\tskipped {}\trefused {}\tremoved {}\tkept {}\tby {}",
            batch.id,
            jiff::Timestamp::from_millisecond(batch.begun.at.0)?,
            batch.halted().map_or_else(|| batch.state.to_string(), ToString::to_string),
            batch.settings.rows.noun(),
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
    let mut after = UndoPlace(0);
    let batch = loop {
        let stamp = Stamp { at: wall_time(), by: by.clone() };
        let undone = records.undo_import_chunk(import, after, &stamp).await?;
        for kept in &undone.kept {
            writeln!(out, "{} stays: it {}", kept.what, kept.why)?;
        }
        match undone.next {
            Some(next) => after = next,
            None => break undone.batch,
        }
    };
    let noun = batch.settings.rows.noun();
    writeln!(out, "import {import} is undone: {} {noun} removed, {} stay", batch.rows_removed, batch.rows_kept)?;
    if batch.counts.updated > 0 {
        writeln!(out, "what it changed in customers that were known stays: {} rows", batch.counts.updated)?;
    }
    Ok(())
}
