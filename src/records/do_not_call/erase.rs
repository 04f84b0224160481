//! What becomes of do-not-call entries when somebody is erased: those that were added by hand leave his number, and its
//! hash goes on stopping calls. A list that was imported says nothing of him and stays.

use std::collections::BTreeMap;

use crate::customers::address::AddressKind;
use crate::customers::customer::AddressKey;
use crate::outbound::do_not_call::{DoNotCallWhat, NumberDigits, holds};
use crate::routing::time::Timestamp;

use super::super::connection::{Transaction, json, values};
use super::super::error::RecordsError;
use super::super::statements::do_not_call::ENTRIES_AMONG;
use super::columns::key_of;
use super::entries::remove_entries;
use super::listed::{ListedEntry, ListedRow};

/// Takes away what was added by hand for these numbers, for whose calls ever. Those of them for which it still held: who
/// keeps their hashes keeps the promise.
pub(in crate::records) async fn take_by_hand<'a>(
    transaction: &mut Transaction,
    addresses: impl Iterator<Item = &'a AddressKey>,
    at: Timestamp,
) -> Result<Vec<AddressKey>, RecordsError> {
    let phones = addresses.filter(|address| address.kind.as_str() == AddressKind::Phone.as_str());
    let by_key: BTreeMap<i64, &AddressKey> = phones
        .filter_map(|address| {
            Some((key_of(DoNotCallWhat::Number(NumberDigits::new(address.value.as_str()).ok()?)), address))
        })
        .collect();
    let rows: Vec<ListedRow> =
        transaction.rows(ENTRIES_AMONG, values![&json(&by_key.keys().collect::<Vec<_>>())]).await?;
    let (mut pairs, mut held) = (Vec::new(), BTreeMap::new());
    for row in rows {
        let origin = row.id;
        let listed = ListedEntry::try_from(row)?;
        if listed.import.is_some() {
            continue;
        }
        let key = key_of(listed.entry.what);
        pairs.push((key, origin));
        if holds(listed.entry.expires_at, at) {
            held.insert(key, by_key[&key].clone());
        }
    }
    if !pairs.is_empty() {
        remove_entries(transaction, &pairs).await?;
    }
    Ok(held.into_values().collect())
}
