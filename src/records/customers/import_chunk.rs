//! Some rows of an import, whatever they are of, with its place in the file: one transaction. Reads no file, writes no row itself.

use crate::customers::change::Stamp;
use crate::customers::ids::ImportId;
use crate::customers::import_rows::{RowRefusal, WhyRefused};
use crate::imports::import_batch::{ImportBatch, ImportPlace, ImportState};

use super::super::Act;
use super::super::audit::append;
use super::super::connection::{Transaction, values};
use super::super::statements::imports::ADD_REFUSALS;
use super::super::store::Records;
use super::BATCH_ROWS_MAX;
use super::error::ImportError;
use super::import_uploads::refusals_json;
use super::imports::{audited, lock_import, store_import};

/// Rows of a file that follow each other.
#[derive(Debug)]
pub struct ImportChunk<'c, D> {
    pub rows: &'c [D],
    /// Rows among them that were refused when they were read.
    pub refused: u64,
    pub from: ImportPlace,
    pub to: ImportPlace,
    /// Nothing of the file is left.
    pub ends: bool,
}

/// Rows that are taken over, but for the commit. Undone when it is dropped.
pub struct OpenChunk {
    transaction: Transaction,
    batch: ImportBatch,
    refused: Vec<RefusedRow>,
}

/// A row that the store refuses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefusedRow {
    /// Among the rows of the chunk.
    pub place: usize,
    /// By place in the row; None when it is the row as a whole.
    pub column: Option<usize>,
    pub reason: WhyRefused,
}

/// What became of the rows.
#[derive(Default)]
pub(in crate::records) struct Outcome {
    pub added: u64,
    pub updated: u64,
    pub skipped: u64,
    /// In their order.
    pub refused: Vec<RefusedRow>,
}

/// The import as it is, before it takes over the rows.
pub(in crate::records) async fn begin_chunk<D>(
    records: &Records,
    import: ImportId,
    chunk: &ImportChunk<'_, D>,
) -> Result<(Transaction, ImportBatch), ImportError> {
    if chunk.rows.len() > BATCH_ROWS_MAX {
        return Err(ImportError::TooMany { count: chunk.rows.len(), max: BATCH_ROWS_MAX });
    }
    let mut transaction = records.begin().await?;
    let batch = lock_import(&mut transaction, import).await?;
    if batch.state != ImportState::Running {
        return Err(ImportError::NotRunning { import, state: batch.state });
    }
    if batch.place != chunk.from {
        return Err(ImportError::Elsewhere { import, expected: chunk.from.row, found: batch.place.row });
    }
    Ok((transaction, batch))
}

impl Outcome {
    pub(super) fn refuse(&mut self, place: usize, reason: WhyRefused) {
        self.refused.push(RefusedRow { place, column: None, reason });
    }
}

impl OpenChunk {
    pub(in crate::records) fn of<D>(
        transaction: Transaction,
        mut batch: ImportBatch,
        chunk: &ImportChunk<'_, D>,
        outcome: Outcome,
        stamp: &Stamp,
    ) -> OpenChunk {
        let counts = &mut batch.counts;
        counts.read += chunk.rows.len() as u64 + chunk.refused;
        counts.added += outcome.added;
        counts.updated += outcome.updated;
        counts.skipped += outcome.skipped;
        counts.refused += chunk.refused + outcome.refused.len() as u64;
        batch.place = chunk.to;
        batch.state = if chunk.ends { ImportState::Done } else { ImportState::Running };
        batch.changed = stamp.clone();
        OpenChunk { transaction, batch, refused: outcome.refused }
    }

    /// Rows that the store refuses, in order.
    #[must_use]
    pub fn refused(&self) -> &[RefusedRow] {
        &self.refused
    }

    /// Keeps why rows were refused, all of the chunk's, for whoever asks later.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_refusals<'r>(
        &mut self,
        refusals: impl ExactSizeIterator<Item = &'r RowRefusal>,
    ) -> Result<(), ImportError> {
        let before = self.batch.counts.refused - refusals.len() as u64;
        if let Some(rows) = refusals_json(refusals, before) {
            self.transaction.execute(ADD_REFUSALS, values![self.batch.id.0, &rows]).await?;
        }
        Ok(())
    }

    /// The import after it. `errors_bytes`: how long the file of refused rows is with theirs.
    ///
    /// # Errors
    /// When the database does not answer; then the rows may stand or not, and the import's place says which.
    pub async fn commit(mut self, errors_bytes: u64) -> Result<ImportBatch, ImportError> {
        self.batch.errors_bytes = errors_bytes;
        store_import(&mut self.transaction, &self.batch).await?;
        if self.batch.state == ImportState::Done {
            let (batch, counts) = (&self.batch, &self.batch.counts);
            let done = audited(Act::Imported, batch.id, batch.settings.rows.noun(), &batch.changed)
                .with("state", "done")
                .with("added", counts.added)
                .with("updated", counts.updated)
                .with("skipped", counts.skipped)
                .with("refused", counts.refused);
            append(&mut self.transaction, &[done]).await?;
        }
        self.transaction.commit().await?;
        Ok(self.batch)
    }
}
