//! One import of an uploaded file, from its beginning to wherever it ends: done, stopped, failed. Decides nothing about rows.

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use super::error::why_failed;
use super::files::UploadedFile;
use crate::customer_import::error::ImportFailure;
use crate::customer_import::file::TableFile;
use crate::customer_import::run::{ImportOrder, ImportReport, import_while};
use crate::customers::change::Stamp;
use crate::customers::ids::ImportId;
use crate::imports::import_batch::{FileFormat, ImportHalt, ImportSettings, ImportState, ImportUpload, ImportedRows};
use crate::records::Records;
use crate::routing::ids::PersonId;
use crate::routing::time::Timestamp;

/// What is to be imported how.
pub(super) struct Job {
    pub records: Records,
    pub file: UploadedFile,
    pub content: PathBuf,
    pub sheet: Option<String>,
    pub rows: ImportedRows,
    pub by: PersonId,
    pub again: bool,
    pub now: fn() -> Timestamp,
    /// Cancelled: it rests behind the rows that it is at.
    pub stop: CancellationToken,
}

/// How a job ended.
pub(super) enum Ended {
    /// Its file is not needed any more.
    Done,
    /// What has been taken over stands, and it can be gone on with.
    Stopped(ImportId),
    /// As was written down or told.
    Failed,
}

impl Job {
    /// Tells its number as soon as it has one, or why it has none: then nothing was begun.
    pub async fn run(&self, tell: impl FnOnce(Result<ImportId, ImportFailure>)) -> Ended {
        let import = match self.begin().await {
            Ok(import) => import,
            Err(failure) => {
                tell(Err(failure));
                return Ended::Failed;
            }
        };
        tell(Ok(import));
        match self.go_on(import).await {
            Ok(report) if report.state == ImportState::Running => Ended::Stopped(import),
            Ok(report) => {
                let counts = &report.counts;
                tracing::info!(import = import.0, added = counts.added, refused = counts.refused, "an import is done");
                Ended::Done
            }
            Err(failure) => {
                tracing::warn!(import = import.0, why = why_failed(&failure), "an import failed");
                self.halt(import, ImportHalt::Failed { why: why_failed(&failure) }, &self.by).await;
                Ended::Failed
            }
        }
    }

    /// By somebody, or because something went wrong.
    pub async fn halt(&self, import: ImportId, halt: ImportHalt, by: &PersonId) {
        let stamp = Stamp { at: (self.now)(), by: by.clone() };
        let halted = async {
            match self.records.import(import).await? {
                Some(batch) => self.records.halt_import(&batch, &halt, &stamp).await,
                None => Ok(()),
            }
        };
        if let Err(error) = halted.await {
            // It is no longer gone on with, and shown so, all the same.
            tracing::warn!(%error, import = import.0, "why an import stands still is not written down");
        }
    }

    /// The same import that was interrupted, or a new one.
    async fn begin(&self) -> Result<ImportId, ImportFailure> {
        let table = TableFile::beginning(&self.content, self.sheet.as_deref())?.as_uploaded(self.file.uploaded());
        let order = self.order(&table, self.again);
        let report = import_while(&self.records, &order, &mut |_| false).await?;
        self.records.go_on_with_import(report.import, &self.upload(&table)).await?;
        Ok(report.import)
    }

    async fn go_on(&self, import: ImportId) -> Result<ImportReport, ImportFailure> {
        let table = TableFile::open(&self.content, self.sheet.as_deref())?.as_uploaded(self.file.uploaded());
        if matches!(table.format, FileFormat::Xlsx { .. }) {
            self.records.go_on_with_import(import, &self.upload(&table)).await?;
        }
        let order = self.order(&table, false);
        import_while(&self.records, &order, &mut |_| !self.stop.is_cancelled()).await
    }

    fn upload(&self, table: &TableFile) -> ImportUpload {
        ImportUpload { file: self.file.file.to_string(), bytes: table.bytes }
    }

    fn order<'t>(&self, table: &'t TableFile, again: bool) -> ImportOrder<'t> {
        let settings = ImportSettings { rows: self.rows.clone(), format: table.format.clone(), errors: None };
        ImportOrder { file: table, settings, by: self.by.clone(), again, now: self.now }
    }
}
