//! Takes over some rows of an import, with its place in the file, in one transaction. Reads no file; who is meant by
//! a row is `customers::import_matching`'s.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::customers::address::AddressKind;
use crate::customers::change::{ChangedField, Stamp};
use crate::customers::customer::{Customer, NewCustomer};
use crate::customers::ids::{CustomerId, ImportId};
use crate::customers::import_batch::{IfKnown, ImportBatch, ImportPlace, ImportState};
use crate::customers::import_customer::new_address;
use crate::customers::import_matching::{KnownAddresses, Owner, Settled, settle};
use crate::customers::import_rows::CustomerDraft;
use crate::customers::search_terms::terms_of_note;
use crate::customers::text::NoteText;

use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::statements::bulk::ADD_NOTE_TERMS;
use super::super::statements::customers::{ADD_TAG, TAGS};
use super::super::statements::imports::{ADD_NOTES, EXTERNAL_IDS, NOTE_TEXTS, OWNERS, RESERVE_NOTES};
use super::super::store::Records;
use super::BATCH_ROWS_MAX;
use super::add::{add_in, bind_rows};
use super::addresses::insert_address;
use super::change::{change_fields, lock, touch};
use super::error::ImportError;
use super::history::{History, json};
use super::imports::{lock_import, store_import};
use super::rows::Columns;
use super::terms::TermsOf;

/// Rows of a file that follow each other.
#[derive(Clone, Copy, Debug)]
pub struct ImportChunk<'c> {
    pub rows: &'c [CustomerDraft],
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
    settled: Vec<Settled>,
}

#[derive(Serialize)]
struct KeyJson<'k> {
    kind: &'k str,
    value: &'k str,
}

#[derive(Serialize)]
struct NoteJson<'n> {
    id: i64,
    customer: i64,
    body: &'n str,
}

type OwnerRow = (String, String, Option<String>, i64);

impl Records {
    /// Takes over the rows, with who is known here and in `elsewhere`. Nothing stands before
    /// [`OpenChunk::commit`].
    ///
    /// # Errors
    /// When there are too many rows, the import is over, or does not stand at `from`: somebody else goes on with it.
    pub async fn import_chunk(
        &self,
        import: ImportId,
        chunk: &ImportChunk<'_>,
        elsewhere: KnownAddresses,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportError> {
        if chunk.rows.len() > BATCH_ROWS_MAX {
            return Err(ImportError::TooMany { count: chunk.rows.len(), max: BATCH_ROWS_MAX });
        }
        let mut transaction = self.begin().await?;
        let mut batch = lock_import(&mut transaction, import).await?;
        if batch.state != ImportState::Running {
            return Err(ImportError::NotRunning { import, state: batch.state });
        }
        if batch.place != chunk.from {
            return Err(ImportError::Elsewhere { import, expected: chunk.from.row, found: batch.place.row });
        }
        let mut known = elsewhere;
        if batch.settings.if_known != IfKnown::Add {
            let owners: Vec<OwnerRow> = transaction.rows(OWNERS, values![&keys_of(chunk.rows)]).await?;
            let externals = transaction.rows(EXTERNAL_IDS, values![&customers_of(&owners)]).await?;
            add_known(&mut known, owners, externals, Owner::Stored)?;
        }
        let drafts: Vec<&CustomerDraft> = chunk.rows.iter().collect();
        let settled = settle(&drafts, known, batch.settings.if_known);
        take_over(&mut transaction, chunk.rows, &settled, stamp, import).await?;
        let count = |is: fn(&Settled) -> bool| settled.iter().filter(|row| is(row)).count() as u64;
        let counts = &mut batch.counts;
        counts.read += chunk.rows.len() as u64 + chunk.refused;
        counts.added += count(|row| matches!(row, Settled::Added));
        counts.updated += count(|row| matches!(row, Settled::Updated(_)));
        counts.skipped += count(|row| matches!(row, Settled::Skipped));
        counts.refused += chunk.refused + count(|row| matches!(row, Settled::Several));
        batch.place = chunk.to;
        batch.state = if chunk.ends { ImportState::Done } else { ImportState::Running };
        batch.changed = stamp.clone();
        Ok(OpenChunk { transaction, batch, settled })
    }

    /// Who has the addresses of these rows, as an import that writes elsewhere asks.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn known_elsewhere(&self, rows: &[CustomerDraft]) -> Result<KnownAddresses, RecordsError> {
        let owners: Vec<OwnerRow> = self.rows(OWNERS, values![&keys_of(rows)]).await?;
        let externals = self.rows(EXTERNAL_IDS, values![&customers_of(&owners)]).await?;
        let mut known = KnownAddresses::default();
        add_known(&mut known, owners, externals, Owner::Elsewhere)?;
        Ok(known)
    }
}

impl OpenChunk {
    /// What becomes of each row, in their order.
    #[must_use]
    pub fn settled(&self) -> &[Settled] {
        &self.settled
    }

    /// The import after it. `errors_bytes`: how long the file of refused rows is with theirs.
    ///
    /// # Errors
    /// When the database does not answer; then the rows may stand or not, and the import's place says which.
    pub async fn commit(mut self, errors_bytes: u64) -> Result<ImportBatch, ImportError> {
        self.batch.errors_bytes = errors_bytes;
        store_import(&mut self.transaction, &self.batch).await?;
        self.transaction.commit().await?;
        Ok(self.batch)
    }
}

fn keys_of(rows: &[CustomerDraft]) -> String {
    let addresses = rows.iter().flat_map(|row| &row.addresses);
    let keys: BTreeSet<(&str, &str)> =
        addresses.map(|address| (address.kind.as_str(), address.value.as_str())).collect();
    json(&keys.into_iter().map(|(kind, value)| KeyJson { kind, value }).collect::<Vec<_>>())
}

fn customers_of(owners: &[OwnerRow]) -> String {
    json(&owners.iter().map(|(_, _, _, customer)| *customer).collect::<BTreeSet<i64>>())
}

fn add_known(
    known: &mut KnownAddresses,
    owners: Vec<OwnerRow>,
    externals: Vec<(i64, String)>,
    owner: fn(CustomerId) -> Owner,
) -> Result<(), RecordsError> {
    for (kind, value, extension, customer) in owners {
        let kind = AddressKind::of_name(&kind).ok_or(Columns("customer_address").unreadable("kind"))?;
        known.add(owner(CustomerId(customer)), kind, &value, extension.as_deref());
    }
    for (customer, value) in externals {
        known.add(owner(CustomerId(customer)), AddressKind::External, &value, None);
    }
    Ok(())
}

/// Writes the rows as they were settled.
async fn take_over(
    transaction: &mut Transaction,
    rows: &[CustomerDraft],
    settled: &[Settled],
    stamp: &Stamp,
    import: ImportId,
) -> Result<(), ImportError> {
    let mut added: BTreeMap<usize, CustomerDraft> = BTreeMap::new();
    let mut updated: BTreeMap<CustomerId, CustomerDraft> = BTreeMap::new();
    for (place, (row, settled)) in rows.iter().zip(settled).enumerate() {
        match settled {
            Settled::Added => drop(added.insert(place, row.clone())),
            Settled::Updated(Owner::Row(earlier)) => {
                added.get_mut(earlier).expect("an earlier row that was added").take_over(row);
            }
            Settled::Updated(Owner::Stored(customer)) => {
                updated.entry(*customer).and_modify(|held| held.take_over(row)).or_insert_with(|| row.clone());
            }
            Settled::Updated(Owner::Elsewhere(_)) | Settled::Skipped | Settled::Several => {}
        }
    }
    let new: Vec<NewCustomer> = added.values().map(CustomerDraft::to_new).collect();
    let ids = add_in(transaction, &new, stamp, Some(import)).await?;
    let mut notes: Vec<(CustomerId, NoteText)> = Vec::new();
    for (id, row) in ids.iter().zip(added.values()) {
        notes.extend(row.new_notes().map(|note| (*id, note)));
    }
    for (id, row) in &updated {
        update(transaction, *id, row, stamp).await?;
        notes.extend(new_notes_of(transaction, *id, row).await?);
    }
    Ok(add_notes(transaction, &notes, stamp, import).await?)
}

async fn update(
    transaction: &mut Transaction,
    id: CustomerId,
    row: &CustomerDraft,
    stamp: &Stamp,
) -> Result<(), ImportError> {
    let before: Customer = lock(transaction, id).await?;
    let mut fields = before.fields.clone();
    row.write_to(&mut fields);
    let mut history = History::of(stamp, Some(id));
    change_fields(transaction, &before, &fields, &mut history).await?;
    for address in &row.addresses {
        insert_address(transaction, id, &new_address(address), stamp, &mut history).await?;
    }
    let there: Vec<(String,)> = transaction.rows(TAGS, values![id.0]).await?;
    for tag in row.new_tags().filter(|tag| !there.iter().any(|(there,)| there == tag.as_str())) {
        transaction.execute(ADD_TAG, values![id.0, tag.as_str()]).await?;
        history.note(ChangedField::Tag, None, Some(tag.to_string()));
    }
    if history.is_empty() {
        return Ok(());
    }
    touch(transaction, id, stamp).await?;
    Ok(history.write(transaction).await?)
}

/// The notes of the row that the customer does not have to the letter.
async fn new_notes_of(
    transaction: &mut Transaction,
    id: CustomerId,
    row: &CustomerDraft,
) -> Result<Vec<(CustomerId, NoteText)>, sqlx::Error> {
    if row.notes.is_empty() {
        return Ok(Vec::new());
    }
    let there: Vec<(String,)> = transaction.rows(NOTE_TEXTS, values![id.0]).await?;
    let is_new = |note: &NoteText| !there.iter().any(|(body,)| body == note.as_str());
    Ok(row.new_notes().filter(is_new).map(|note| (id, note)).collect())
}

async fn add_notes(
    transaction: &mut Transaction,
    notes: &[(CustomerId, NoteText)],
    stamp: &Stamp,
    import: ImportId,
) -> Result<(), sqlx::Error> {
    for notes in notes.chunks(BATCH_ROWS_MAX) {
        let count = i64::try_from(notes.len()).expect("a batch is small");
        let reserved: Vec<(i64,)> = transaction.rows(RESERVE_NOTES, values![count]).await?;
        assert_eq!(reserved.len(), notes.len(), "a number for each note");
        let rows = || reserved.iter().map(|(id,)| *id).zip(notes);
        let bodies: Vec<NoteJson<'_>> =
            rows().map(|(id, (customer, text))| NoteJson { id, customer: customer.0, body: text.as_str() }).collect();
        let by = stamp.by.as_str();
        transaction.execute(ADD_NOTES, values![&json(&bodies), stamp.at.0, by, import.0]).await?;
        let terms: Vec<TermsOf> = rows()
            .map(|(subject, (_, text))| TermsOf { subject, terms: terms_of_note(text.as_str()).into_iter().collect() })
            .collect();
        bind_rows(transaction, ADD_NOTE_TERMS, &terms).await?;
    }
    Ok(())
}
