//! What a restart interrupted goes on; files and refused rows that are too old go. Begins nothing that nobody asked for.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::desk::{ImportDesk, ImportToBegin};
use super::error::{StartRefused, why_failed};
use crate::customers::change::Stamp;
use crate::imports::import_batch::{ImportBatch, ImportHalt};
use crate::records::RecordsError;
use crate::routing::time::{Millis, Timestamp};

/// Whoever sends a file imports it the same day.
const FILE_KEPT: Millis = Millis::days(1);
/// Of an import that nobody has touched since.
const REFUSALS_KEPT: Millis = Millis::days(30);
const LOOKED_AT_EVERY: Duration = Duration::from_mins(10);

/// Throws away what is too old, until the server ends.
pub async fn keep_import_files(desk: Arc<ImportDesk>) {
    let mut ticks = tokio::time::interval(LOOKED_AT_EVERY);
    loop {
        ticks.tick().await;
        let now = (desk.now)();
        if let Err(error) = desk.drop_old_files(now) {
            tracing::warn!(kind = %error.kind(), "old files of imports are still there");
        }
        if let Err(error) = desk.records.drop_refusals(now - REFUSALS_KEPT).await {
            tracing::warn!(%error, "old refused rows of imports are still there");
        }
    }
}

impl ImportDesk {
    /// Goes on with the imports that the end of the last server interrupted, before anybody begins one.
    ///
    /// # Errors
    /// When the database does not answer: somebody has to begin them again.
    pub async fn go_on_after_restart(self: &Arc<Self>) -> Result<(), RecordsError> {
        if let Err(error) = self.files.remove_broken() {
            tracing::warn!(kind = %error.kind(), "files of which not all came are still there");
        }
        for batch in self.records.interrupted_imports().await? {
            let stamp = Stamp { at: (self.now)(), by: batch.begun.by.clone() };
            if let Some(why) = self.begun_again(&batch).await {
                self.records.halt_import(&batch, &ImportHalt::Failed { why }, &stamp).await?;
            }
        }
        Ok(())
    }

    /// Why it is not; None: it goes on.
    async fn begun_again(self: &Arc<Self>, batch: &ImportBatch) -> Option<String> {
        let file = batch.upload.as_ref().and_then(|upload| Uuid::parse_str(&upload.file).ok());
        let Some(file) = file.and_then(|file| self.files.find(file).ok().flatten()) else {
            let row = batch.place.row;
            return Some(format!("it ended after row {row} with the server, and its file is not here any more"));
        };
        let sheet = batch.settings.format.sheet().map(str::to_owned);
        let (rows, by) = (batch.settings.rows.clone(), batch.begun.by.clone());
        match self.begin(ImportToBegin { file, sheet, rows, by, again: false }).await {
            Ok(_) => None,
            Err(StartRefused::Failure(failure)) => Some(why_failed(&failure)),
            Err(refused @ (StartRefused::Running(_) | StartRefused::TooMany | StartRefused::Ending)) => {
                Some(refused.to_string())
            }
        }
    }

    fn drop_old_files(&self, now: Timestamp) -> std::io::Result<()> {
        for file in self.files.numbers()? {
            let is_old = self.files.find(file)?.is_some_and(|found| now.since(Timestamp(found.came_at_ms)) > FILE_KEPT);
            if is_old && !self.is_in_use(file) {
                self.files.remove(file)?;
            }
        }
        Ok(())
    }
}
