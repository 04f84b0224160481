//! Lists that are done away with: not while their campaign runs, and not what was tried. Removes leads by thousands.

use crate::customers::change::Stamp;
use crate::customers::ids::Version;
use crate::outbound::call_list::CallList;
use crate::outbound::ids::CallListId;
use crate::routing::campaign::CampaignRun;

use super::super::audit::append;
use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::leads::{DELETE_CALL_LIST, DROP_EMPTY_LIST, DROP_UNTRIED_LEADS};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::error::CallListError;
use super::lists::locked;

impl Records {
    /// Takes a list away: nobody finds it any more, and no lead of it is called. Its name stays taken while leads of it
    /// are here; [`Records::drop_untried_leads`] removes those that nobody tried.
    ///
    /// # Errors
    /// When there is no such list, it has another version, its campaign is not stopped, another list goes on with it, or the
    /// database does not answer; nothing was changed.
    pub async fn delete_call_list(
        &self,
        id: CallListId,
        version: Version,
        stamp: &Stamp,
    ) -> Result<CallList, CallListError> {
        let lists = self.call_lists().await?;
        let mut transaction = self.begin().await?;
        let held = locked(&mut transaction, id, version).await?;
        let campaign = &held.settings.campaign;
        let run = self.campaign_run(campaign).await?;
        if run != CampaignRun::Stopped {
            return Err(CallListError::CampaignRuns { campaign: campaign.clone(), run });
        }
        if let Some(before) = lists.into_iter().find(|list| list.settings.next_list.as_ref() == Some(&held.name)) {
            return Err(CallListError::IsNext { name: held.name, of: before.name });
        }
        transaction.execute(DELETE_CALL_LIST, values![id.0, stamp.at.0, stamp.by.as_str()]).await?;
        let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::CallListDeleted).with("call_list", id.0);
        append(&mut transaction, &[entry]).await?;
        transaction.commit().await?;
        Ok(held)
    }

    /// Of a list that was deleted: removes leads that nobody tried, `limit` at most. How many. When none is left of any
    /// kind, the list goes too.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn drop_untried_leads(&self, list: CallListId, limit: u32) -> Result<u64, RecordsError> {
        let mut transaction = self.begin().await?;
        let dropped = transaction.execute(DROP_UNTRIED_LEADS, values![list.0, i64::from(limit)]).await?;
        if dropped < u64::from(limit) {
            transaction.execute(DROP_EMPTY_LIST, values![list.0]).await?;
        }
        transaction.commit().await?;
        Ok(dropped)
    }
}
