//! What an import of a file would come to, by its first rows: a dry run that is over within seconds. Writes nothing into the
//! records.

use std::path::Path;

use crate::customer_import::error::ImportFailure;
use crate::customer_import::file::TableFile;
use crate::customer_import::run::{ImportOrder, dry_run_while};
use crate::customer_import::scratch::ScratchFolder;
use crate::customers::import_rows::RowRefusal;
use crate::imports::import_batch::{ImportCounts, ImportSettings, ImportState, ImportedRows};
use crate::records::{Records, RecordsPlace};
use crate::routing::ids::PersonId;
use crate::routing::time::Timestamp;

/// Two transactions of an import.
pub const CHECKED_ROWS: u32 = 10_000;

/// What became of the first rows of a file.
#[derive(Debug)]
pub struct CheckedRows {
    pub counts: ImportCounts,
    /// There are no more than these.
    pub is_whole: bool,
    /// The first of them, as many as an import tells.
    pub refused: Vec<RowRefusal>,
}

/// What is to be checked, and for whom.
pub(super) struct Check<'c> {
    pub records: &'c Records,
    pub content: &'c Path,
    pub sheet: Option<&'c str>,
    pub rows: ImportedRows,
    pub by: PersonId,
    pub now: fn() -> Timestamp,
}

impl Check<'_> {
    pub async fn run(self) -> Result<CheckedRows, ImportFailure> {
        // The headings, and one row more than is read: else a workbook looks whole that is not.
        let file = TableFile::up_to_row(self.content, self.sheet, CHECKED_ROWS + 2)?;
        let folder = ScratchFolder::new().map_err(ImportFailure::Scratch)?;
        let scratch = Records::open(&RecordsPlace::Sqlite(folder.path().join("scratch.db"))).await?;
        let settings = ImportSettings { rows: self.rows, format: file.format.clone(), errors: None };
        let order = ImportOrder { file: &file, settings, by: self.by, again: true, now: self.now };
        let last = file.first.row + u64::from(CHECKED_ROWS);
        let report = dry_run_while(self.records, &scratch, &order, &mut |place| place.row < last).await;
        scratch.close().await;
        let report = report?;
        let is_whole = report.state == ImportState::Done;
        Ok(CheckedRows { counts: report.counts, is_whole, refused: report.refused })
    }
}
