//! `usher campaign export`: every attempt of some days as CSV or a workbook, for whoever has to account for them. Changes nothing.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use jiff::civil::Date;

use crate::campaigns::status::zone_of;
use crate::clock::wall_time;
use crate::config::Config;
use crate::export::{AttemptLine, AttemptLines, AttemptPages, Workbook};
use crate::outbound::campaign::Campaign;
use crate::records::{Act, AttemptPlace, AuditEntry, Records};
use crate::routing::ids::{CampaignId, PersonId};
use crate::routing::time::Timestamp;

use super::super::export::{new_file, write};
use super::named;

/// Attempts read at a time.
const PAGE: u32 = 500;

/// What `usher campaign export` is asked for.
pub(super) struct Asked<'a> {
    pub name: &'a CampaignId,
    /// Whole days, by the clock of the campaign's zone, else UTC.
    pub from: Date,
    pub to: Date,
    pub file: &'a Path,
    pub has_mark: bool,
    pub by: PersonId,
}

pub(super) async fn export(
    records: &Records,
    asked: Asked<'_>,
    config: &Config,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let Asked { name, from, to, file, has_mark, by } = asked;
    if to < from {
        bail!("--to: expected {from} or later, found {to}");
    }
    let kind = file.extension().and_then(|extension| extension.to_str());
    let is_workbook = kind == Some("xlsx");
    if !is_workbook && kind != Some("csv") {
        bail!("{}: expected a name that ends in .csv or .xlsx", file.display());
    }
    let campaign = named(records, name).await?;
    let begin = begin_of(&campaign, from)?;
    let until = begin_of(&campaign, to.tomorrow().context("--to: expected a day before the last")?)?;
    let entry = AuditEntry::new(wall_time(), by, Act::Exported).with("campaign", campaign.no.0);
    records.append_audit(&[entry.with("from_ms", begin.0).with("until_ms", until.0)]).await?;
    let from = AttemptPlace { at: begin, after: None };
    let lines = AttemptLines::new(records.clone(), &config.site, campaign, from, until).await?;
    if is_workbook {
        write_workbook(lines, file, out).await?;
    } else {
        write(AttemptPages::new(lines, has_mark), file, "attempts", out).await?;
    }
    match config.retention.attempts_days {
        Some(days) => writeln!(out, "attempts are kept for {days} days (retention.attempts_days)")?,
        None => writeln!(out, "attempts are kept for ever (retention.attempts_days)")?,
    }
    Ok(())
}

async fn write_workbook(lines: AttemptLines, path: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let name = path.display();
    let file = new_file(path)?;
    match write_rows(lines, file).await {
        Ok(rows) => Ok(writeln!(out, "{rows} attempts in {name}")?),
        Err(error) => {
            // A table that looks whole and is not is worse than none.
            let _ = std::fs::remove_file(path);
            Err(error.context(format!("cannot write {name}")))
        }
    }
}

async fn write_rows(mut lines: AttemptLines, file: File) -> anyhow::Result<u64> {
    let mut workbook = Workbook::begin(BufWriter::new(file), &AttemptLine::HEADING)?;
    loop {
        let page = lines.next(PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        for line in page {
            let cells = line.cells();
            workbook.add(cells.iter().map(String::as_str))?;
        }
        if is_last {
            let (file, rows) = workbook.finish()?;
            file.into_inner()?.sync_all()?;
            return Ok(rows);
        }
    }
}

fn begin_of(campaign: &Campaign, day: Date) -> anyhow::Result<Timestamp> {
    let begin = day.to_zoned(zone_of(campaign)).context("expected a day that a calendar has")?;
    Ok(Timestamp(begin.timestamp().as_millisecond()))
}
