//! Takes over customers of an import. Reads no file; who is meant by a row is `customers::import_matching`'s.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::customers::address::{Address, AddressKind};
use crate::customers::change::{ChangedField, Stamp};
use crate::customers::customer::{AddressKey, Customer, NewCustomer};
use crate::customers::ids::{CustomerId, ImportId};
use crate::customers::import_customer::{key_of, new_address};
use crate::customers::import_matching::{IfKnown, KnownAddresses, Owner, Settled, settle};
use crate::customers::import_rows::{CustomerDraft, WhyRefused};
use crate::customers::text::NoteText;
use crate::imports::import_batch::ImportedRows;

use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::not_to_contact::{Asked, erased_among};
use super::super::site_key::SiteKey;
use super::super::statements::customers::{ADD_TAG, TAGS};
use super::super::statements::imports::{EXTERNAL_IDS, NOTE_TEXTS, OWNERS};
use super::super::store::Records;
use super::add::add_in;
use super::addresses::insert_address;
use super::change::{change_fields, lock, touch};
use super::error::ImportError;
use super::history::{History, json};
use super::import_chunk::{ImportChunk, OpenChunk, Outcome, begin_chunk};
use super::import_notes::{ImportedNote, add_notes};
use super::rows::Columns;

#[derive(Serialize)]
struct KeyJson<'k> {
    kind: &'k str,
    value: &'k str,
}

type OwnerRow = (String, String, Option<String>, i64);

impl Records {
    /// Takes over the rows, with who is known here and in `elsewhere`. Nothing stands before
    /// [`OpenChunk::commit`].
    ///
    /// # Errors
    /// When there are too many rows, the import is over or not of customers, or does not stand at `from`: somebody else
    /// goes on with it.
    pub async fn import_customers_chunk(
        &self,
        import: ImportId,
        chunk: &ImportChunk<'_, CustomerDraft>,
        elsewhere: KnownAddresses,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportError> {
        let (mut transaction, batch) = begin_chunk(self, import, chunk).await?;
        let ImportedRows::Customers { if_known, .. } = batch.settings.rows else {
            return Err(ImportError::OtherRows { import, found: batch.settings.rows.noun() });
        };
        let mut known = elsewhere;
        if if_known != IfKnown::Add {
            owners_of(&mut transaction, addresses_of(chunk.rows), &mut known, Owner::Stored).await?;
        }
        erased_of(&mut transaction, self.site_key(), addresses_of(chunk.rows), &mut known).await?;
        let drafts: Vec<&CustomerDraft> = chunk.rows.iter().collect();
        let settled = settle(&drafts, known, if_known);
        take_over(&mut transaction, self.site_key(), chunk.rows, &settled, stamp, import).await?;
        let mut outcome = Outcome::default();
        for (place, settled) in settled.iter().enumerate() {
            match settled {
                Settled::Added => outcome.added += 1,
                Settled::Updated(_) => outcome.updated += 1,
                Settled::Skipped => outcome.skipped += 1,
                Settled::Several => outcome.refuse(place, WhyRefused::SeveralKnown),
                Settled::Erased => outcome.refuse(place, WhyRefused::Erased),
            }
        }
        Ok(OpenChunk::of(transaction, batch, chunk, outcome, stamp))
    }

    /// Who has or had the addresses of these rows, as an import that writes elsewhere asks.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn known_elsewhere(
        &self,
        rows: &[CustomerDraft],
        if_known: IfKnown,
    ) -> Result<KnownAddresses, RecordsError> {
        let mut known = KnownAddresses::default();
        let mut asked = self;
        if if_known != IfKnown::Add {
            owners_of(&mut asked, addresses_of(rows), &mut known, Owner::Elsewhere).await?;
        }
        erased_of(&mut asked, self.site_key(), addresses_of(rows), &mut known).await?;
        Ok(known)
    }
}

fn addresses_of(rows: &[CustomerDraft]) -> impl Iterator<Item = &Address> {
    rows.iter().flat_map(|row| &row.addresses)
}

/// Adds when people were erased who had these addresses.
pub(super) async fn erased_of(
    asked: &mut impl Asked,
    site_key: Option<&SiteKey>,
    addresses: impl Iterator<Item = &Address>,
    known: &mut KnownAddresses,
) -> Result<(), RecordsError> {
    let keys: BTreeMap<AddressKey, AddressKind> = addresses.map(|address| (key_of(address), address.kind)).collect();
    for (key, at) in erased_among(asked, site_key, keys.keys()).await? {
        known.add_erased(keys[&key], key.value.as_str(), at);
    }
    Ok(())
}

/// Adds who has these addresses, and the foreign ids of each of them.
pub(super) async fn owners_of(
    asked: &mut impl Asked,
    addresses: impl Iterator<Item = &Address>,
    known: &mut KnownAddresses,
    owner: fn(CustomerId) -> Owner,
) -> Result<(), RecordsError> {
    let keys: BTreeSet<(&str, &str)> =
        addresses.map(|address| (address.kind.as_str(), address.value.as_str())).collect();
    let keys = json(&keys.into_iter().map(|(kind, value)| KeyJson { kind, value }).collect::<Vec<_>>());
    let owners: Vec<OwnerRow> = asked.ask(OWNERS, values![&keys]).await?;
    let customers = json(&owners.iter().map(|(_, _, _, customer)| *customer).collect::<BTreeSet<i64>>());
    let externals: Vec<(i64, String)> = asked.ask(EXTERNAL_IDS, values![&customers]).await?;
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
    site_key: Option<&SiteKey>,
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
            Settled::Updated(Owner::Elsewhere(_)) | Settled::Skipped | Settled::Several | Settled::Erased => {}
        }
    }
    let new: Vec<NewCustomer> = added.values().map(CustomerDraft::to_new).collect();
    let ids = add_in(transaction, site_key, &new, stamp, Some(import)).await?;
    let mut notes: Vec<(CustomerId, NoteText)> = Vec::new();
    for (id, row) in ids.iter().zip(added.values()) {
        notes.extend(row.new_notes().map(|note| (*id, note)));
    }
    for (id, row) in &updated {
        update(transaction, site_key, *id, row, stamp).await?;
        notes.extend(new_notes_of(transaction, *id, row).await?);
    }
    let by = stamp.by.as_str();
    let note = |(customer, text)| ImportedNote { customer, contact: None, text, at: stamp.at, by: by.to_owned() };
    let notes: Vec<ImportedNote> = notes.into_iter().map(note).collect();
    Ok(add_notes(transaction, &notes, import).await?)
}

async fn update(
    transaction: &mut Transaction,
    site_key: Option<&SiteKey>,
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
        insert_address(transaction, site_key, id, &new_address(address), stamp, &mut history).await?;
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
