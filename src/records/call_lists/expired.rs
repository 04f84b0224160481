//! Leads of lists that expired or were deleted: nobody calls them any more. How long they are kept is its caller's.

use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::call_lists::DROP_EXPIRED_LEADS;
use super::super::store::Records;

impl Records {
    /// Removes leads of lists that expired, or were deleted, before: `limit` at most, with their numbers. How many.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn drop_expired_leads(&self, before: Timestamp, limit: u32) -> Result<u64, RecordsError> {
        let mut transaction = self.begin().await?;
        let dropped = transaction.execute(DROP_EXPIRED_LEADS, values![before.0, i64::from(limit)]).await?;
        transaction.commit().await?;
        Ok(dropped)
    }
}
