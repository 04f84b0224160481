//! Takes over do-not-call entries of an import. Reads no file; what a row is of is `outbound::do_not_call_rows`'s.

use std::collections::BTreeMap;

use crate::customers::change::Stamp;
use crate::customers::ids::ImportId;
use crate::imports::import_batch::ImportedRows;
use crate::outbound::do_not_call::{holds, later_expiry};
use crate::outbound::do_not_call_rows::DoNotCallDraft;
use crate::routing::time::Timestamp;

use super::super::connection::{Transaction, json, values};
use super::super::customers::{ImportChunk, ImportError, OpenChunk, Outcome, begin_chunk};
use super::super::statements::do_not_call::{ADD_ENTRIES, COUNT_ENTRIES_IN, LENGTHEN_ENTRIES, ORIGIN_OF_IMPORT};
use super::super::store::Records;
use super::columns::key_of;
use super::entries::add_origin;

impl Records {
    /// Takes over the rows. What this import has already, or has expired, is skipped; of two that are the same the one
    /// that holds longer counts. Nothing stands before [`OpenChunk::commit`].
    ///
    /// # Errors
    /// When there are too many rows, the import is over or not of do-not-call entries, or does not stand at `from`:
    /// somebody else goes on with it.
    pub async fn import_do_not_call_chunk(
        &self,
        import: ImportId,
        chunk: &ImportChunk<'_, DoNotCallDraft>,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportError> {
        let (mut transaction, batch) = begin_chunk(self, import, chunk).await?;
        let ImportedRows::DoNotCall { scope, source, .. } = &batch.settings.rows else {
            return Err(ImportError::OtherRows { import, found: batch.settings.rows.noun() });
        };
        let known: Option<(i64,)> = transaction.row(ORIGIN_OF_IMPORT, values![import.0]).await?;
        let origin = match known {
            Some((origin,)) => origin,
            None => add_origin(&mut transaction, scope, source.as_ref(), Some(import), stamp).await?,
        };
        let added = add(&mut transaction, &in_order(chunk.rows, stamp.at), origin).await?;
        let outcome = Outcome { added, skipped: chunk.rows.len() as u64 - added, ..Outcome::default() };
        Ok(OpenChunk::of(transaction, batch, chunk, outcome, stamp))
    }
}

/// By key, each once: the table is in that order.
fn in_order(rows: &[DoNotCallDraft], at: Timestamp) -> BTreeMap<i64, Option<Timestamp>> {
    let mut entries = BTreeMap::new();
    for row in rows.iter().filter(|row| holds(row.expires_at, at)) {
        let held = entries.entry(key_of(row.what)).or_insert(row.expires_at);
        *held = later_expiry(*held, row.expires_at);
    }
    entries
}

/// How many were not there.
async fn add(
    transaction: &mut Transaction,
    entries: &BTreeMap<i64, Option<Timestamp>>,
    origin: i64,
) -> Result<u64, sqlx::Error> {
    if entries.is_empty() {
        return Ok(0);
    }
    let pairs = json(&entries.iter().collect::<Vec<_>>());
    let added = transaction.execute(ADD_ENTRIES, values![&pairs, origin]).await?;
    if added < entries.len() as u64 {
        transaction.execute(LENGTHEN_ENTRIES, values![&pairs, origin]).await?;
    }
    let more = i64::try_from(added).expect("a batch is small");
    transaction.execute(COUNT_ENTRIES_IN, values![origin, more]).await?;
    Ok(added)
}
