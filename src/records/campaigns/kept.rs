//! Campaigns: made, changed, found, with every version that there was.

use crate::customers::change::Stamp;
use crate::customers::ids::Version;
use crate::outbound::campaign::{Campaign, CampaignSettings};
use crate::outbound::ids::CampaignNo;
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::CampaignId;
use crate::routing::time::Timestamp;

use super::super::audit::append;
use super::super::connection::{Transaction, json, values};
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::campaigns::{
    ADD_CAMPAIGN, ADD_VERSION, CAMPAIGN, CAMPAIGN_NAMED, CAMPAIGN_RUN, CAMPAIGNS_AFTER, CHANGE_CAMPAIGN, LOCK_CAMPAIGN,
    VERSION, VERSIONS_BEFORE,
};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::error::CampaignError;
use super::rows::{CampaignRow, VersionRow};

/// Campaigns read at a time.
const CAMPAIGNS_MAX: i64 = 500;

/// A campaign as it was, or is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CampaignVersion {
    pub version: Version,
    pub settings: CampaignSettings,
    pub changed: Stamp,
}

impl Records {
    /// # Errors
    /// When there is a campaign of that name, the settings cannot be together, or the database does not answer; nothing
    /// was changed.
    pub async fn create_campaign(
        &self,
        name: &CampaignId,
        settings: &CampaignSettings,
        stamp: &Stamp,
    ) -> Result<Campaign, CampaignError> {
        settings.check().map_err(CampaignError::Settings)?;
        let mut transaction = self.begin().await?;
        let text = json(settings);
        let added = values![name.as_str(), &text, stamp.at.0, stamp.by.as_str()];
        let row: Option<(i64,)> = transaction.row(ADD_CAMPAIGN, added).await?;
        let (no,) = row.ok_or_else(|| CampaignError::NameTaken(name.clone()))?;
        let campaign = Campaign {
            no: CampaignNo(no),
            name: name.clone(),
            settings: settings.clone(),
            version: Version(1),
            created: stamp.clone(),
            changed: stamp.clone(),
        };
        keep(&mut transaction, &campaign, &text, Act::CampaignCreated).await?;
        transaction.commit().await?;
        Ok(campaign)
    }

    /// Changes all of its settings at once.
    ///
    /// # Errors
    /// When there is no such campaign, it has another version, the settings cannot be together, or the database does not
    /// answer; nothing was changed.
    pub async fn change_campaign(
        &self,
        no: CampaignNo,
        version: Version,
        settings: &CampaignSettings,
        stamp: &Stamp,
    ) -> Result<Campaign, CampaignError> {
        settings.check().map_err(CampaignError::Settings)?;
        let mut transaction = self.begin().await?;
        let row: Option<CampaignRow> = transaction.row(LOCK_CAMPAIGN, values![no.0]).await?;
        let held: Campaign = row.ok_or(CampaignError::Unknown(no))?.try_into()?;
        if held.version != version {
            return Err(CampaignError::Conflict { name: held.name, expected: version, found: held.version });
        }
        let text = json(settings);
        transaction.execute(CHANGE_CAMPAIGN, values![no.0, &text, stamp.at.0, stamp.by.as_str()]).await?;
        let version = Version(version.0 + 1);
        let campaign = Campaign { settings: settings.clone(), version, changed: stamp.clone(), ..held };
        keep(&mut transaction, &campaign, &text, Act::CampaignChanged).await?;
        transaction.commit().await?;
        Ok(campaign)
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn campaign(&self, no: CampaignNo) -> Result<Option<Campaign>, RecordsError> {
        let row: Option<CampaignRow> = self.row(CAMPAIGN, values![no.0]).await?;
        row.map(Campaign::try_from).transpose()
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn campaign_named(&self, name: &CampaignId) -> Result<Option<Campaign>, RecordsError> {
        let row: Option<CampaignRow> = self.row(CAMPAIGN_NAMED, values![name.as_str()]).await?;
        row.map(Campaign::try_from).transpose()
    }

    /// All of them by name.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn campaigns(&self) -> Result<Vec<Campaign>, RecordsError> {
        let mut campaigns: Vec<Campaign> = Vec::new();
        loop {
            let after = campaigns.last().map_or("", |campaign| campaign.name.as_str());
            let rows: Vec<CampaignRow> = self.rows(CAMPAIGNS_AFTER, values![after, CAMPAIGNS_MAX]).await?;
            let is_last = rows.len() < CAMPAIGNS_MAX as usize;
            campaigns.extend(rows.into_iter().map(Campaign::try_from).collect::<Result<Vec<_>, _>>()?);
            if is_last {
                return Ok(campaigns);
            }
        }
    }

    /// Versions before that one, the newest first; None: from the present one on.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn campaign_versions(
        &self,
        no: CampaignNo,
        before: Option<Version>,
        limit: u32,
    ) -> Result<Vec<CampaignVersion>, RecordsError> {
        let before = before.map_or(i64::MAX, |version| version.0);
        let rows: Vec<VersionRow> = self.rows(VERSIONS_BEFORE, values![no.0, before, i64::from(limit)]).await?;
        rows.into_iter().map(CampaignVersion::try_from).collect()
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn campaign_version(
        &self,
        no: CampaignNo,
        version: Version,
    ) -> Result<Option<CampaignVersion>, RecordsError> {
        let row: Option<VersionRow> = self.row(VERSION, values![no.0, version.0]).await?;
        row.map(CampaignVersion::try_from).transpose()
    }

    /// What the router said last; [`CampaignRun::Stopped`] before it said anything.
    ///
    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn campaign_run(&self, name: &CampaignId) -> Result<CampaignRun, RecordsError> {
        self.campaign_run_since(name).await.map(|(run, _)| run)
    }

    /// The same, and since when; None: it never ran.
    ///
    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn campaign_run_since(
        &self,
        name: &CampaignId,
    ) -> Result<(CampaignRun, Option<Timestamp>), RecordsError> {
        let row: Option<(String, Option<i64>)> = self.row(CAMPAIGN_RUN, values![name.as_str()]).await?;
        row.map_or(Ok((CampaignRun::Stopped, None)), |(word, at)| {
            Ok((Columns("campaign").word("run", word)?, at.map(Timestamp)))
        })
    }
}

/// The version and its row of the audit.
async fn keep(transaction: &mut Transaction, campaign: &Campaign, text: &str, act: Act) -> Result<(), RecordsError> {
    let Campaign { no, version, changed, .. } = campaign;
    transaction.execute(ADD_VERSION, values![no.0, version.0, text, changed.at.0, changed.by.as_str()]).await?;
    let entry = AuditEntry::new(changed.at, changed.by.clone(), act);
    append(transaction, &[entry.with("campaign", no.0).with("version", version.0)]).await.map(drop)
}
