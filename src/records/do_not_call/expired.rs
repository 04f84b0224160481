//! Do-not-call entries that have expired: they stop nobody. How long they are kept is its caller's.

use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::do_not_call::EXPIRED_ENTRIES;
use super::super::store::Records;
use super::entries::remove_entries;

impl Records {
    /// Removes entries that expired before, `limit` at most. How many.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn drop_expired_do_not_call(&self, before: Timestamp, limit: u32) -> Result<u64, RecordsError> {
        let mut transaction = self.begin().await?;
        let pairs: Vec<(i64, i64)> = transaction.rows(EXPIRED_ENTRIES, values![before.0, i64::from(limit)]).await?;
        remove_entries(&mut transaction, &pairs).await?;
        transaction.commit().await?;
        Ok(pairs.len() as u64)
    }
}
