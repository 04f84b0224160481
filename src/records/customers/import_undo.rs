//! Takes back what an import added, as far as nobody used it since. Changes back no customer that the import updated.

use crate::customers::change::Stamp;
use crate::customers::ids::{CustomerId, ImportId, UndoPlace};
use crate::customers::search_terms::terms_of_note;
use crate::imports::import_batch::{ImportBatch, ImportState, Imported, ImportedRows, Kept, WhyKept};

use super::super::audit::append;
use super::super::call_lists::undo_leads;
use super::super::connection::{Transaction, values};
use super::super::do_not_call::undo_do_not_call;
use super::super::statements::imports::{
    IMPORTED, NOTES_OF_CUSTOMERS, REMOVE_ALL_NAME_TERMS, REMOVE_ALL_NOTE_TERMS, REMOVE_CUSTOMERS,
    REMOVE_NOTES_OF_CUSTOMERS,
};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::BATCH_ROWS_MAX;
use super::add::bind_rows;
use super::error::ImportError;
use super::history::json;
use super::import_undo_interactions::undo_interactions;
use super::imports::{audited, lock_import, store_import};
use super::terms::{TermsOf, terms_of_names};

#[derive(sqlx::FromRow)]
struct ImportedRow {
    id: i64,
    name: String,
    version: i64,
    merged_into: Option<i64>,
    merges: i64,
    interactions: i64,
    work: i64,
    notes: i64,
}

/// A part of an undo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UndoneChunk {
    pub batch: ImportBatch,
    pub kept: Vec<Kept>,
    /// Where the next part begins; None when all is done.
    pub next: Option<UndoPlace>,
}

/// What became of some rows.
pub(in crate::records) struct UndoneRows {
    pub removed: u64,
    pub kept: Vec<Kept>,
    /// None when there were no more than these.
    next: Option<UndoPlace>,
}

impl UndoneRows {
    /// Of rows in order, as many as there were but at most [`UNDONE_ROWS_MAX`].
    pub fn looked_at(rows: impl ExactSizeIterator<Item = i64>) -> UndoneRows {
        let is_full = rows.len() == BATCH_ROWS_MAX;
        UndoneRows { removed: 0, kept: Vec::new(), next: rows.last().filter(|_| is_full).map(UndoPlace) }
    }

    /// Of rows that were walked by, and of which all of the import's went.
    pub fn walked(removed: u64, next: Option<UndoPlace>) -> UndoneRows {
        UndoneRows { removed, kept: Vec::new(), next }
    }
}

/// [`BATCH_ROWS_MAX`] as it is bound.
pub(in crate::records) const UNDONE_ROWS_MAX: i64 = BATCH_ROWS_MAX as i64;

impl Records {
    /// Removes up to [`BATCH_ROWS_MAX`] of what the import added, those after `after`, in one transaction; what
    /// somebody used since stays. From the first part on the import cannot be gone on with; an undo that was
    /// interrupted is begun again from [`UndoPlace`] 0.
    ///
    /// # Errors
    /// When there is no such import, it was undone already, or the database does not answer.
    pub async fn undo_import_chunk(
        &self,
        import: ImportId,
        after: UndoPlace,
        stamp: &Stamp,
    ) -> Result<UndoneChunk, ImportError> {
        let mut transaction = self.begin().await?;
        let mut batch = lock_import(&mut transaction, import).await?;
        if batch.state == ImportState::Undone {
            return Err(ImportError::Undone(import));
        }
        let undone = match batch.settings.rows {
            ImportedRows::Customers { .. } => undo_customers(&mut transaction, import, after).await?,
            ImportedRows::Interactions { .. } => undo_interactions(&mut transaction, import, after).await?,
            ImportedRows::Leads { list, .. } => undo_leads(&mut transaction, list, import, after).await?,
            ImportedRows::DoNotCall { .. } => undo_do_not_call(&mut transaction, import, after).await?,
        };
        if after == UndoPlace(0) {
            batch.rows_kept = 0;
        }
        let begins = batch.state != ImportState::Undoing;
        batch.rows_kept += undone.kept.len() as u64;
        batch.rows_removed += undone.removed;
        batch.state = if undone.next.is_none() { ImportState::Undone } else { ImportState::Undoing };
        batch.changed = stamp.clone();
        store_import(&mut transaction, &batch).await?;
        let entry = || audited(Act::ImportUndone, import, batch.settings.rows.noun(), stamp);
        let done = || entry().with("state", "done").with("removed", batch.rows_removed).with("kept", batch.rows_kept);
        let entries = begins.then(|| entry().with("state", "begun")).into_iter();
        let entries: Vec<AuditEntry> = entries.chain(undone.next.is_none().then(done)).collect();
        if !entries.is_empty() {
            append(&mut transaction, &entries).await?;
        }
        transaction.commit().await?;
        Ok(UndoneChunk { batch, kept: undone.kept, next: undone.next })
    }
}

async fn undo_customers(
    transaction: &mut Transaction,
    import: ImportId,
    after: UndoPlace,
) -> Result<UndoneRows, sqlx::Error> {
    let rows: Vec<ImportedRow> = transaction.rows(IMPORTED, values![import.0, after.0, UNDONE_ROWS_MAX]).await?;
    let (mut undone, mut unused) = (UndoneRows::looked_at(rows.iter().map(|row| row.id)), Vec::new());
    for row in rows {
        match why_kept(&row) {
            Some(why) => undone.kept.push(Kept { what: Imported::Customer(CustomerId(row.id)), why }),
            None => unused.push(row),
        }
    }
    undone.removed = unused.len() as u64;
    remove(transaction, &unused).await?;
    Ok(undone)
}

fn why_kept(row: &ImportedRow) -> Option<WhyKept> {
    [
        (row.merged_into.is_some() || row.merges > 0, WhyKept::Merged),
        (row.version > 1, WhyKept::Changed),
        (row.interactions > 0, WhyKept::HasInteractions),
        (row.work > 0, WhyKept::HasWork),
        (row.notes > 0, WhyKept::HasNotes),
    ]
    .into_iter()
    .find_map(|(is_so, why)| is_so.then_some(why))
}

async fn remove(transaction: &mut Transaction, rows: &[ImportedRow]) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids = json(&rows.iter().map(|row| row.id).collect::<Vec<_>>());
    let name_terms: Vec<TermsOf> =
        rows.iter().map(|row| TermsOf { subject: row.id, terms: terms_of_names([row.name.as_str()]) }).collect();
    bind_rows(transaction, REMOVE_ALL_NAME_TERMS, &name_terms).await?;
    let notes: Vec<(i64, String)> = transaction.rows(NOTES_OF_CUSTOMERS, values![&ids]).await?;
    let note_terms: Vec<TermsOf> = notes
        .iter()
        .map(|(subject, body)| TermsOf { subject: *subject, terms: terms_of_note(body).into_iter().collect() })
        .collect();
    bind_rows(transaction, REMOVE_ALL_NOTE_TERMS, &note_terms).await?;
    transaction.execute(REMOVE_NOTES_OF_CUSTOMERS, values![&ids]).await?;
    transaction.execute(REMOVE_CUSTOMERS, values![&ids]).await.map(drop)
}
