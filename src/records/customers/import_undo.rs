//! Takes back what an import added, as far as nobody used it since. Changes back no customer that the import updated.

use crate::customers::change::Stamp;
use crate::customers::ids::{CustomerId, ImportId};
use crate::customers::import_batch::{ImportBatch, ImportState, KeptCustomer, WhyKept};
use crate::customers::search_terms::terms_of_note;

use super::super::connection::{Transaction, values};
use super::super::statements::imports::{
    IMPORTED, NOTES_OF_CUSTOMERS, REMOVE_ALL_NAME_TERMS, REMOVE_ALL_NOTE_TERMS, REMOVE_CUSTOMERS,
    REMOVE_NOTES_OF_CUSTOMERS,
};
use super::super::store::Records;
use super::BATCH_ROWS_MAX;
use super::add::bind_rows;
use super::error::ImportError;
use super::history::json;
use super::imports::{lock_import, store_import};
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
    pub kept: Vec<KeptCustomer>,
    /// Where the next part begins; None when all is done.
    pub next: Option<CustomerId>,
}

impl Records {
    /// Removes up to [`BATCH_ROWS_MAX`] of the customers that the import added, those after `after`, in one
    /// transaction; those that somebody used since stay. From the first part on the import cannot be gone on with;
    /// an undo that was interrupted is begun again from [`CustomerId`] 0.
    ///
    /// # Errors
    /// When there is no such import, it was undone already, or the database does not answer.
    pub async fn undo_import_chunk(
        &self,
        import: ImportId,
        after: CustomerId,
        stamp: &Stamp,
    ) -> Result<UndoneChunk, ImportError> {
        let mut transaction = self.begin().await?;
        let mut batch = lock_import(&mut transaction, import).await?;
        if batch.state == ImportState::Undone {
            return Err(ImportError::Undone(import));
        }
        let limit = i64::try_from(BATCH_ROWS_MAX).expect("the limit is small");
        let rows: Vec<ImportedRow> = transaction.rows(IMPORTED, values![import.0, after.0, limit]).await?;
        let next = rows.last().filter(|_| rows.len() == BATCH_ROWS_MAX).map(|row| CustomerId(row.id));
        let mut kept = Vec::new();
        let mut unused = Vec::new();
        for row in rows {
            match why_kept(&row) {
                Some(why) => kept.push(KeptCustomer { customer: CustomerId(row.id), why }),
                None => unused.push(row),
            }
        }
        remove(&mut transaction, &unused).await?;
        if after == CustomerId(0) {
            batch.rows_kept = 0;
        }
        batch.rows_kept += kept.len() as u64;
        batch.rows_removed += unused.len() as u64;
        batch.state = if next.is_none() { ImportState::Undone } else { ImportState::Undoing };
        batch.changed = stamp.clone();
        store_import(&mut transaction, &batch).await?;
        transaction.commit().await?;
        Ok(UndoneChunk { batch, kept, next })
    }
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
