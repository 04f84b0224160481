//! Takes old rows from the front of the audit, and says so in it. Never takes one out of the middle.

use crate::customers::change::Stamp;
use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::audit::{DROP_AUDIT, MOVE_CHAIN_BEGIN, OLDEST_AUDIT};
use super::super::store::Records;
use super::append::{append, chain};
use super::chain::ChainHash;
use super::entry::{Act, AuditEntry, AuditNo};

/// What a pruning came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AuditPruned {
    pub rows: u64,
}

impl Records {
    /// Takes the rows from the front that are older than `before`, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer; nothing was taken.
    pub async fn prune_audit(&self, before: Timestamp, limit: u32, stamp: &Stamp) -> Result<AuditPruned, RecordsError> {
        let mut transaction = self.begin().await?;
        let (_, _, pruned, _) = chain(&mut transaction).await?;
        let oldest: Vec<(i64, i64, String)> = transaction.rows(OLDEST_AUDIT, values![i64::from(limit)]).await?;
        let gone = oldest.into_iter().take_while(|(_, at_ms, _)| *at_ms < before.0).last();
        let Some((up_to, _, hash)) = gone else { return Ok(AuditPruned::default()) };
        transaction.execute(MOVE_CHAIN_BEGIN, values![up_to, &hash]).await?;
        let rows = transaction.execute(DROP_AUDIT, values![up_to]).await?;
        let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::AuditPruned)
            .with("after", pruned)
            .with("up_to", AuditNo(up_to).0)
            .with("hash", ChainHash::from_text(&hash));
        append(&mut transaction, &[entry]).await?;
        transaction.commit().await?;
        Ok(AuditPruned { rows })
    }
}
