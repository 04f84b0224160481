//! What was last seen of a campaign, kept for whoever does not run it. Counts nothing.

use crate::outbound::campaign_status::CampaignStatus;
use crate::routing::ids::{CampaignId, EventNo};
use crate::routing::time::Timestamp;

use super::super::connection::{json, values};
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::campaigns::{KEEP_STATUS, STATUS};
use super::super::store::Records;

/// As it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptStatus {
    pub status: CampaignStatus,
    pub written_at: Timestamp,
    /// Everything up to it is counted.
    pub event: EventNo,
}

impl Records {
    /// In place of what was kept. Of a campaign that is not here nothing is kept.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn keep_campaign_status(&self, kept: &KeptStatus) -> Result<(), RecordsError> {
        let KeptStatus { status, written_at, event } = kept;
        let text = json(status);
        let mut transaction = self.begin().await?;
        let row = values![status.campaign.as_str(), &text, written_at.0, event.0.cast_signed()];
        transaction.execute(KEEP_STATUS, row).await?;
        Ok(transaction.commit().await?)
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn campaign_status(&self, name: &CampaignId) -> Result<Option<KeptStatus>, RecordsError> {
        let row: Option<(String, i64, i64)> = self.row(STATUS, values![name.as_str()]).await?;
        let read = |(text, written_at, event): (String, i64, i64)| {
            let status = serde_json::from_str(&text).map_err(|_| Columns("campaign_status").unreadable("status"))?;
            let (written_at, event) = (Timestamp(written_at), EventNo(event.cast_unsigned()));
            Ok(KeptStatus { status, written_at, event })
        };
        row.map(read).transpose()
    }
}
