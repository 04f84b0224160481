//! Imports of files that came over HTTP: found page by page, gone on with, halted, and the rows of theirs that were refused.
//! Takes over no row.

use serde::Serialize;

use crate::customers::change::Stamp;
use crate::customers::ids::ImportId;
use crate::customers::import_rows::RowRefusal;
use crate::imports::import_batch::{ImportBatch, ImportHalt, ImportUpload};
use crate::outbound::ids::CallListId;
use crate::routing::time::Timestamp;

use super::super::Act;
use super::super::audit::append;
use super::super::connection::{json, values};
use super::super::error::RecordsError;
use super::super::statements::imports::{
    DROP_REFUSALS, GO_ON_WITH_IMPORT, HALT_IMPORT, IMPORTS_BEFORE, IMPORTS_OF_LIST, INTERRUPTED_IMPORTS, REFUSALS,
};
use super::super::store::Records;
use super::imports::{ImportRow, audited, signed};
use super::rows::Columns;

/// Refused rows that are kept of one import; all of them are counted.
pub const REFUSALS_KEPT_MAX: u64 = 100_000;

/// A row that was refused, as it is kept: nothing of what stood in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptRefusal {
    pub row: u64,
    /// The heading of the cell; None: it is the row as a whole.
    pub field: Option<String>,
    /// For people.
    pub why: String,
}

#[derive(Serialize)]
struct RefusalJson<'r> {
    row_no: u64,
    field: Option<&'r str>,
    why: String,
}

impl Records {
    /// Those that were begun before `before`, of leads for this list if one is named: the newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn imports_before(
        &self,
        before: Option<ImportId>,
        list: Option<CallListId>,
        limit: u32,
    ) -> Result<Vec<ImportBatch>, RecordsError> {
        let (before, limit) = (before.map_or(i64::MAX, |before| before.0), i64::from(limit));
        let rows: Vec<ImportRow> = match list {
            Some(list) => self.rows(IMPORTS_OF_LIST, values![before, limit, list.0]).await?,
            None => self.rows(IMPORTS_BEFORE, values![before, limit]).await?,
        };
        rows.into_iter().map(ImportBatch::try_from).collect()
    }

    /// Those of files that came over HTTP which are not over, though nobody stopped them and nothing went wrong.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn interrupted_imports(&self) -> Result<Vec<ImportBatch>, RecordsError> {
        let rows: Vec<ImportRow> = self.rows(INTERRUPTED_IMPORTS, values![]).await?;
        rows.into_iter().map(ImportBatch::try_from).collect()
    }

    /// It is gone on with, from this file. Of one that is over it changes nothing.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn go_on_with_import(&self, import: ImportId, upload: &ImportUpload) -> Result<(), RecordsError> {
        let mut transaction = self.begin().await?;
        transaction.execute(GO_ON_WITH_IMPORT, values![import.0, &upload.file, signed(upload.bytes)]).await?;
        Ok(transaction.commit().await?)
    }

    /// Nobody goes on with it by himself. Of one that is over it changes nothing.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn halt_import(&self, batch: &ImportBatch, halt: &ImportHalt, stamp: &Stamp) -> Result<(), RecordsError> {
        let (word, why) = match halt {
            ImportHalt::Stopped => ("stopped", None),
            ImportHalt::Failed { why } => ("failed", Some(why.as_str())),
        };
        let mut transaction = self.begin().await?;
        let changed = values![batch.id.0, word, why, stamp.at.0, stamp.by.as_str()];
        if transaction.execute(HALT_IMPORT, changed).await? > 0 {
            let entry = audited(Act::Imported, batch.id, batch.settings.rows.noun(), stamp).with("state", word);
            append(&mut transaction, &[entry]).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Those behind row `after`, in order, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn import_refusals(
        &self,
        import: ImportId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<KeptRefusal>, RecordsError> {
        let asked = values![import.0, signed(after), i64::from(limit)];
        let rows: Vec<(i64, Option<String>, String)> = self.rows(REFUSALS, asked).await?;
        let kept = |(row, field, why): (i64, Option<String>, String)| {
            let row = u64::try_from(row).map_err(|_| Columns("import_refusal").unreadable("row_no"))?;
            Ok(KeptRefusal { row, field, why })
        };
        rows.into_iter().map(kept).collect()
    }

    /// Of imports that nobody has touched since `before`.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn drop_refusals(&self, before: Timestamp) -> Result<(), RecordsError> {
        let mut transaction = self.begin().await?;
        transaction.execute(DROP_REFUSALS, values![before.0]).await?;
        Ok(transaction.commit().await?)
    }
}

/// As many of them as still have room behind `before`, as one text; None: there are none.
pub(super) fn refusals_json<'r>(refusals: impl Iterator<Item = &'r RowRefusal>, before: u64) -> Option<String> {
    let room = usize::try_from(REFUSALS_KEPT_MAX.saturating_sub(before)).unwrap_or(usize::MAX);
    let row = |refusal: &'r RowRefusal| RefusalJson {
        row_no: refusal.row,
        field: refusal.column.as_deref(),
        why: refusal.reason.to_string(),
    };
    let rows: Vec<RefusalJson<'r>> = refusals.take(room).map(row).collect();
    (!rows.is_empty()).then(|| json(&rows))
}
