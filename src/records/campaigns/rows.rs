//! Rows of campaigns to what they mean. Asks no database.

use crate::customers::ids::Version;
use crate::outbound::campaign::Campaign;
use crate::outbound::ids::CampaignNo;
use crate::routing::ids::CampaignId;

use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::kept::CampaignVersion;

#[derive(sqlx::FromRow)]
pub(super) struct CampaignRow {
    id: i64,
    name: String,
    settings: String,
    version: i64,
    created_at_ms: i64,
    created_by: String,
    changed_at_ms: i64,
    changed_by: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct VersionRow {
    version: i64,
    settings: String,
    changed_at_ms: i64,
    changed_by: String,
}

impl CampaignRow {
    pub(super) fn no(&self) -> i64 {
        self.id
    }
}

impl TryFrom<CampaignRow> for Campaign {
    type Error = RecordsError;

    fn try_from(row: CampaignRow) -> Result<Campaign, RecordsError> {
        let columns = Columns("campaign");
        Ok(Campaign {
            no: CampaignNo(row.id),
            name: CampaignId::new(&row.name).map_err(|_| columns.unreadable("name"))?,
            settings: serde_json::from_str(&row.settings).map_err(|_| columns.unreadable("settings"))?,
            version: Version(row.version),
            created: columns.stamp(row.created_at_ms, "created_by", row.created_by)?,
            changed: columns.stamp(row.changed_at_ms, "changed_by", row.changed_by)?,
        })
    }
}

impl TryFrom<VersionRow> for CampaignVersion {
    type Error = RecordsError;

    fn try_from(row: VersionRow) -> Result<CampaignVersion, RecordsError> {
        let columns = Columns("campaign_version");
        Ok(CampaignVersion {
            version: Version(row.version),
            settings: serde_json::from_str(&row.settings).map_err(|_| columns.unreadable("settings"))?,
            changed: columns.stamp(row.changed_at_ms, "changed_by", row.changed_by)?,
        })
    }
}
