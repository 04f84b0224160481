//! That a campaign starts or stops, asked for by whoever has the records and not the router. Grants nothing.

use crate::customers::change::Stamp;
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::CampaignId;

use super::super::audit::append;
use super::super::connection::values;
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::campaigns::{CAMPAIGN_NAMED, DROP_WISH, WISH, WISH_RUN, WISHES};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::error::CampaignError;
use super::rows::CampaignRow;

/// What somebody asks of a campaign; each has one at most.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CampaignWish {
    pub campaign: CampaignId,
    pub run: CampaignRun,
    pub asked: Stamp,
}

#[derive(sqlx::FromRow)]
struct WishRow {
    campaign: String,
    run: String,
    asked_at_ms: i64,
    asked_by: String,
}

impl Records {
    /// In place of what was asked before.
    ///
    /// # Errors
    /// When there is no such campaign, or the database does not answer; nothing was changed.
    pub async fn wish_campaign_run(
        &self,
        name: &CampaignId,
        run: CampaignRun,
        stamp: &Stamp,
    ) -> Result<CampaignWish, CampaignError> {
        let mut transaction = self.begin().await?;
        let found: Option<CampaignRow> = transaction.row(CAMPAIGN_NAMED, values![name.as_str()]).await?;
        let campaign = found.ok_or_else(|| CampaignError::UnknownName(name.clone()))?;
        let wish = values![name.as_str(), run.as_str(), stamp.at.0, stamp.by.as_str()];
        transaction.execute(WISH_RUN, wish).await?;
        let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::CampaignRunAsked);
        append(&mut transaction, &[entry.with("campaign", campaign.no()).with("run", run.as_str())]).await?;
        transaction.commit().await?;
        Ok(CampaignWish { campaign: name.clone(), run, asked: stamp.clone() })
    }

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn campaign_wishes(&self) -> Result<Vec<CampaignWish>, RecordsError> {
        let rows: Vec<WishRow> = self.rows(WISHES, values![]).await?;
        rows.into_iter().map(CampaignWish::try_from).collect()
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn campaign_wish(&self, name: &CampaignId) -> Result<Option<CampaignWish>, RecordsError> {
        let row: Option<WishRow> = self.row(WISH, values![name.as_str()]).await?;
        row.map(CampaignWish::try_from).transpose()
    }

    /// It was passed on. One that was made since stays.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn drop_campaign_wish(&self, wish: &CampaignWish) -> Result<(), RecordsError> {
        let CampaignWish { campaign, run, asked } = wish;
        let mut transaction = self.begin().await?;
        let named = values![campaign.as_str(), run.as_str(), asked.at.0, asked.by.as_str()];
        transaction.execute(DROP_WISH, named).await?;
        Ok(transaction.commit().await?)
    }
}

impl TryFrom<WishRow> for CampaignWish {
    type Error = RecordsError;

    fn try_from(row: WishRow) -> Result<CampaignWish, RecordsError> {
        let columns = Columns("campaign_wish");
        Ok(CampaignWish {
            campaign: CampaignId::new(&row.campaign).map_err(|_| columns.unreadable("campaign"))?,
            run: columns.word("run", row.run)?,
            asked: columns.stamp(row.asked_at_ms, "asked_by", row.asked_by)?,
        })
    }
}
