//! Addresses that are not to be contacted although nobody is known by them any more. Holds their hashes only.

use std::collections::{BTreeMap, BTreeSet};

use crate::customers::customer::AddressKey;

use super::connection::{json, values};
use super::error::RecordsError;
use super::site_key::SiteKey;
use super::statements::erasure::{DO_NOT_CONTACT_AMONG, SET_SITE_KEY, SITE_KEY};
use super::store::Records;

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

    /// Those of these at which somebody who was erased asked not to be contacted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn not_to_contact_among(
        &self,
        addresses: &[AddressKey],
        key: &SiteKey,
    ) -> Result<Vec<AddressKey>, RecordsError> {
        let by_hash: BTreeMap<String, &AddressKey> =
            addresses.iter().map(|address| (key.hash_of(address), address)).collect();
        let hashes: BTreeSet<&String> = by_hash.keys().collect();
        let rows: Vec<(String,)> = self.rows(DO_NOT_CONTACT_AMONG, values![&json(&hashes)]).await?;
        Ok(rows.iter().filter_map(|(hash,)| by_hash.get(hash)).map(|address| (*address).clone()).collect())
    }
}
