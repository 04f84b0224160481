//! Imports: begun, found again, listed. Takes over no row.

use crate::customers::change::Stamp;
use crate::customers::ids::{CustomerId, ImportId};
use crate::imports::import_batch::{
    ImportBatch, ImportCounts, ImportHalt, ImportPlace, ImportState, ImportUpload, NewImport,
};
use crate::routing::ids::ContactId;

use super::super::audit::append;
use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::statements::imports::{
    ADD_IMPORT, CHANGE_IMPORT, CUSTOMERS_OF_IMPORT, IMPORT, IMPORTS, IMPORTS_OF_FILE, INTERACTIONS_OF_IMPORT,
    LOCK_IMPORT,
};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::error::ImportError;
use super::history::json;
use super::rows::{Columns, contact_of, stored, word_of};

#[derive(sqlx::FromRow)]
pub(super) struct ImportRow {
    id: i64,
    file_name: String,
    file_hash: String,
    settings: String,
    state: String,
    position: i64,
    row_no: i64,
    errors_bytes: i64,
    rows_read: i64,
    rows_added: i64,
    rows_updated: i64,
    rows_skipped: i64,
    rows_refused: i64,
    rows_removed: i64,
    rows_kept: i64,
    begun_at_ms: i64,
    begun_by: String,
    changed_at_ms: i64,
    changed_by: String,
    upload: Option<String>,
    rows_bytes: Option<i64>,
    halted: Option<String>,
    halted_why: Option<String>,
}

impl Records {
    /// # Errors
    /// When the database does not answer; nothing was begun.
    pub async fn begin_import(&self, new: &NewImport, stamp: &Stamp) -> Result<ImportBatch, ImportError> {
        let mut transaction = self.begin().await?;
        let settings = json(&new.settings);
        let (position, row) = (signed(new.place.position), signed(new.place.row));
        let by = stamp.by.as_str();
        let upload = new.upload.as_ref().map(|upload| upload.file.as_str());
        let bytes = new.upload.as_ref().map(|upload| signed(upload.bytes));
        let added = values![&new.file_name, &new.file_hash, &settings, position, row, stamp.at.0, by, upload, bytes];
        let id = ImportId(transaction.number(ADD_IMPORT, added).await?);
        let begun = audited(Act::Imported, id, new.settings.rows.noun(), stamp).with("state", "begun");
        append(&mut transaction, &[begun]).await?;
        transaction.commit().await?;
        self.import(id).await?.ok_or(ImportError::Unknown(id))
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn import(&self, id: ImportId) -> Result<Option<ImportBatch>, RecordsError> {
        let row: Option<ImportRow> = self.row(IMPORT, values![id.0]).await?;
        row.map(ImportBatch::try_from).transpose()
    }

    /// The newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn imports(&self, limit: u32) -> Result<Vec<ImportBatch>, RecordsError> {
        let rows: Vec<ImportRow> = self.rows(IMPORTS, values![i64::from(limit)]).await?;
        rows.into_iter().map(ImportBatch::try_from).collect()
    }

    /// Of a file with this content, whatever its name: the newest first.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn imports_of_file(&self, file_hash: &str) -> Result<Vec<ImportBatch>, RecordsError> {
        let rows: Vec<ImportRow> = self.rows(IMPORTS_OF_FILE, values![file_hash]).await?;
        rows.into_iter().map(ImportBatch::try_from).collect()
    }

    /// What happened by the import and is still there: those after `after`, in order, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn interactions_of_import(
        &self,
        import: ImportId,
        after: ContactId,
        limit: u32,
    ) -> Result<Vec<ContactId>, RecordsError> {
        let asked = values![import.0, stored(after), i64::from(limit)];
        let rows: Vec<(i64,)> = self.rows(INTERACTIONS_OF_IMPORT, asked).await?;
        Ok(rows.into_iter().map(|(contact,)| contact_of(contact)).collect())
    }

    /// Whom the import added and who is still there: those after `after`, in order, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn customers_of_import(
        &self,
        import: ImportId,
        after: CustomerId,
        limit: u32,
    ) -> Result<Vec<CustomerId>, RecordsError> {
        let rows: Vec<(i64,)> = self.rows(CUSTOMERS_OF_IMPORT, values![import.0, after.0, i64::from(limit)]).await?;
        Ok(rows.into_iter().map(|(id,)| CustomerId(id)).collect())
    }
}

pub(super) fn audited(act: Act, import: ImportId, noun: &'static str, stamp: &Stamp) -> AuditEntry {
    AuditEntry::new(stamp.at, stamp.by.clone(), act).with("import", import.0).with("of", noun)
}

/// The import as it is; nobody else goes on with it until the transaction ends.
pub(super) async fn lock_import(transaction: &mut Transaction, id: ImportId) -> Result<ImportBatch, ImportError> {
    let row: Option<ImportRow> = transaction.row(LOCK_IMPORT, values![id.0]).await?;
    Ok(ImportBatch::try_from(row.ok_or(ImportError::Unknown(id))?)?)
}

pub(super) async fn store_import(transaction: &mut Transaction, batch: &ImportBatch) -> Result<(), sqlx::Error> {
    let state = word_of(&batch.state);
    let counts = &batch.counts;
    let changed = values![
        batch.id.0,
        &state,
        signed(batch.place.position),
        signed(batch.place.row),
        signed(batch.errors_bytes),
        signed(counts.read),
        signed(counts.added),
        signed(counts.updated),
        signed(counts.skipped),
        signed(counts.refused),
        signed(batch.rows_removed),
        signed(batch.rows_kept),
        batch.changed.at.0,
        batch.changed.by.as_str(),
    ];
    transaction.execute(CHANGE_IMPORT, changed).await.map(drop)
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).expect("no file has so many bytes or rows")
}

impl TryFrom<ImportRow> for ImportBatch {
    type Error = RecordsError;

    fn try_from(row: ImportRow) -> Result<ImportBatch, RecordsError> {
        let columns = Columns("import_batch");
        let number = |column, stored: i64| u64::try_from(stored).map_err(|_| columns.unreadable(column));
        let state: ImportState = columns.word("state", row.state)?;
        let bytes = row.rows_bytes.map(|bytes| number("rows_bytes", bytes)).transpose()?.unwrap_or_default();
        let halt = match row.halted.as_deref() {
            None => None,
            Some("stopped") => Some(ImportHalt::Stopped),
            Some("failed") => Some(ImportHalt::Failed { why: row.halted_why.unwrap_or_default() }),
            Some(_) => return Err(columns.unreadable("halted")),
        };
        Ok(ImportBatch {
            id: ImportId(row.id),
            file_name: row.file_name,
            file_hash: row.file_hash,
            settings: serde_json::from_str(&row.settings).map_err(|_| columns.unreadable("settings"))?,
            state,
            place: ImportPlace { position: number("position", row.position)?, row: number("row_no", row.row_no)? },
            errors_bytes: number("errors_bytes", row.errors_bytes)?,
            counts: ImportCounts {
                read: number("rows_read", row.rows_read)?,
                added: number("rows_added", row.rows_added)?,
                updated: number("rows_updated", row.rows_updated)?,
                skipped: number("rows_skipped", row.rows_skipped)?,
                refused: number("rows_refused", row.rows_refused)?,
            },
            upload: row.upload.map(|file| ImportUpload { file, bytes }),
            halt,
            rows_removed: number("rows_removed", row.rows_removed)?,
            rows_kept: number("rows_kept", row.rows_kept)?,
            begun: columns.stamp(row.begun_at_ms, "begun_by", row.begun_by)?,
            changed: columns.stamp(row.changed_at_ms, "changed_by", row.changed_by)?,
        })
    }
}
