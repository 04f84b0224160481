//! Addresses that an erasure left by their hashes: those that are not to be contacted, and those that no file brings
//! back. Decides nothing about whoever has them.

use std::collections::{BTreeMap, BTreeSet};

use crate::customers::customer::AddressKey;
use crate::routing::time::Timestamp;

use super::connection::{Row, Transaction, Value, json, values};
use super::error::RecordsError;
use super::site_key::SiteKey;
use super::statements::Statement;
use super::statements::erasure::{DO_NOT_CONTACT_AMONG, ERASED_AMONG, HASHES_KEPT, SET_SITE_KEY, SITE_KEY};
use super::store::Records;

/// Who answers a question: a transaction, or whatever connection is free.
pub(super) trait Asked {
    async fn ask<T: Row>(&mut self, statement: Statement, values: &[Value<'_>]) -> Result<Vec<T>, RecordsError>;
}

impl Asked for Transaction {
    async fn ask<T: Row>(&mut self, statement: Statement, values: &[Value<'_>]) -> Result<Vec<T>, RecordsError> {
        Ok(self.rows(statement, values).await?)
    }
}

impl Asked for &Records {
    async fn ask<T: Row>(&mut self, statement: Statement, values: &[Value<'_>]) -> Result<Vec<T>, RecordsError> {
        self.rows(statement, values).await
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SiteKeyMismatch {
    /// Nobody would be known again.
    #[error("the hashes in the database are under another key than site.key: expected the file that belongs to them")]
    Other,
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<sqlx::Error> for SiteKeyMismatch {
    fn from(error: sqlx::Error) -> SiteKeyMismatch {
        SiteKeyMismatch::Records(error.into())
    }
}

impl Records {
    /// Changes nothing.
    ///
    /// # Errors
    /// When another key was bound.
    pub async fn check_site_key(&self, key: &SiteKey) -> Result<(), SiteKeyMismatch> {
        let bound: Option<(String,)> = self.row(SITE_KEY, values![]).await?;
        if bound.is_none_or(|(bound,)| bound == key.fingerprint()) { Ok(()) } else { Err(SiteKeyMismatch::Other) }
    }

    /// From the first time on only this key is taken.
    ///
    /// # Errors
    /// When it is another key than the one of the first time.
    pub async fn bind_site_key(&self, key: &SiteKey) -> Result<(), SiteKeyMismatch> {
        let mut transaction = self.begin().await?;
        transaction.execute(SET_SITE_KEY, values![&key.fingerprint()]).await?;
        let bound: Option<(String,)> = transaction.row(SITE_KEY, values![]).await?;
        transaction.commit().await?;
        if bound.is_some_and(|(bound,)| bound == key.fingerprint()) { Ok(()) } else { Err(SiteKeyMismatch::Other) }
    }
}

/// The hashes that an erasure left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    NotToContact,
    Erased,
}

/// Those of these at which somebody who was erased asked not to be contacted.
///
/// # Errors
/// When the database does not answer, or hashes are kept under another key than the one held.
pub(super) async fn not_to_contact_among<'a>(
    asked: &mut impl Asked,
    key: Option<&SiteKey>,
    addresses: impl Iterator<Item = &'a AddressKey>,
) -> Result<BTreeSet<AddressKey>, RecordsError> {
    let Some(key) = key_of(asked, key, Kept::NotToContact).await? else { return Ok(BTreeSet::new()) };
    let by_hash = hashed(key, addresses);
    let hashes = json(&by_hash.keys().collect::<Vec<_>>());
    let there: Vec<(String,)> = asked.ask(DO_NOT_CONTACT_AMONG, values![&hashes]).await?;
    Ok(there.iter().filter_map(|(hash,)| by_hash.get(hash)).map(|address| (*address).clone()).collect())
}

/// Those of these that only somebody had who was erased, and when that was.
///
/// # Errors
/// When the database does not answer, or hashes are kept under another key than the one held.
pub(super) async fn erased_among<'a>(
    asked: &mut impl Asked,
    key: Option<&SiteKey>,
    addresses: impl Iterator<Item = &'a AddressKey>,
) -> Result<BTreeMap<AddressKey, Timestamp>, RecordsError> {
    let Some(key) = key_of(asked, key, Kept::Erased).await? else { return Ok(BTreeMap::new()) };
    let by_hash = hashed(key, addresses);
    let hashes = json(&by_hash.keys().collect::<Vec<_>>());
    let there: Vec<(String, i64)> = asked.ask(ERASED_AMONG, values![&hashes]).await?;
    let erased = there.into_iter().filter_map(|(hash, at_ms)| {
        let address = by_hash.get(&hash)?;
        Some(((*address).clone(), Timestamp(at_ms)))
    });
    Ok(erased.collect())
}

/// The key to ask with; None when there is nothing to be found.
async fn key_of<'k>(
    asked: &mut impl Asked,
    held: Option<&'k SiteKey>,
    sought: Kept,
) -> Result<Option<&'k SiteKey>, RecordsError> {
    let rows: Vec<(Option<String>, i64, i64)> = asked.ask(HASHES_KEPT, values![]).await?;
    let (bound, not_to_contact, erased) = rows.into_iter().next().unwrap_or_default();
    let is_kept = match sought {
        Kept::NotToContact => not_to_contact != 0,
        Kept::Erased => erased != 0,
    };
    if !is_kept {
        return Ok(None);
    }
    match held.filter(|key| bound.is_none_or(|bound| bound == key.fingerprint())) {
        Some(key) => Ok(Some(key)),
        None => Err(RecordsError::NoSiteKey),
    }
}

fn hashed<'a>(key: &SiteKey, addresses: impl Iterator<Item = &'a AddressKey>) -> BTreeMap<String, &'a AddressKey> {
    addresses.map(|address| (key.hash_of(address), address)).collect()
}
