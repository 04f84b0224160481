//! Attempts that were kept long enough. How long that is, is its caller's.

use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::attempts::DROP_OLD_ATTEMPTS;
use super::super::store::Records;

impl Records {
    /// Removes attempts that were proposed before, `limit` at most, the oldest first. How many.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn drop_attempts(&self, before: Timestamp, limit: u32) -> Result<u64, RecordsError> {
        let mut transaction = self.begin().await?;
        let dropped = transaction.execute(DROP_OLD_ATTEMPTS, values![before.0, i64::from(limit)]).await?;
        transaction.commit().await?;
        Ok(dropped)
    }
}
