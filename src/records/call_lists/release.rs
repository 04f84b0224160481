//! What is let go of a list by hand, and what is gone. Decides not who goes.

use std::num::NonZeroU32;

use crate::customers::change::Stamp;
use crate::outbound::call_list::Release;
use crate::outbound::ids::CallListId;
use crate::outbound::lead_standing::ReleaseStanding;
use crate::routing::time::Timestamp;

use super::super::audit::append;
use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::leads::{RELEASE, RELEASE_LEADS};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::error::CallListError;

impl Records {
    /// Lets so many more of its leads be called.
    ///
    /// # Errors
    /// When there is no such list, its leads are not released by hand, or the database does not answer; nothing was
    /// changed.
    pub async fn release_leads(
        &self,
        list: CallListId,
        leads: NonZeroU32,
        stamp: &Stamp,
    ) -> Result<ReleaseStanding, CallListError> {
        let held = self.call_list(list).await?.ok_or(CallListError::Unknown(list))?;
        if held.settings.release != Release::ByHand {
            return Err(CallListError::NotByHand(held.name));
        }
        let mut transaction = self.begin().await?;
        transaction.execute(RELEASE_LEADS, values![list.0, i64::from(leads.get())]).await?;
        let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::LeadsReleased);
        let entry = entry.with("call_list", list.0).with("leads", i64::from(leads.get()));
        append(&mut transaction, &[entry]).await?;
        transaction.commit().await?;
        Ok(self.release_standing(list).await?)
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn release_standing(&self, list: CallListId) -> Result<ReleaseStanding, RecordsError> {
        let row: Option<(i64, i64, Option<i64>, i64)> = self.row(RELEASE, values![list.0]).await?;
        let standing = row.map(|(released, taken, began, tranche_taken)| ReleaseStanding {
            released: released.unsigned_abs(),
            taken: taken.unsigned_abs(),
            tranche_began: began.map(Timestamp),
            tranche_taken: tranche_taken.unsigned_abs(),
        });
        Ok(standing.unwrap_or_default())
    }
}
