//! Campaigns: listed, added, changed, and what they were. Starts none: `runs.rs` does.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customers::ids::Version;
use crate::outbound::campaign::{Campaign, CampaignSettings};
use crate::records::CampaignVersion;
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::CampaignId;

use super::super::body::Asked;
use super::super::caller::Caller;
use super::super::error::Thing;
use super::super::etag::{Etag, IfMatch, IfNoneMatch, answer, read_answer};
use super::super::paging::{Page, PageAsked, after, limit};
use super::super::path::{At, campaign_no};
use super::super::query::Query;
use super::super::words::{StampShown, stamp_of, stamp_shown, text};
use super::super::{HttpError, Parts};

/// A campaign.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct CampaignShown {
    id: String,
    name: String,
    /// Counts the changes, from 1; the etag is made of it.
    version: u64,
    /// What the router said last of it.
    run: CampaignRunShown,
    /// As `usher campaign show` writes them; docs/campaigns.md names each.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    settings: CampaignSettings,
    created: StampShown,
    changed: StampShown,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CampaignRunShown {
    Stopped,
    Running,
    Paused,
    Draining,
}

impl From<CampaignRun> for CampaignRunShown {
    fn from(run: CampaignRun) -> CampaignRunShown {
        match run {
            CampaignRun::Stopped => CampaignRunShown::Stopped,
            CampaignRun::Running => CampaignRunShown::Running,
            CampaignRun::Paused => CampaignRunShown::Paused,
            CampaignRun::Draining => CampaignRunShown::Draining,
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub(in super::super) struct CampaignsShown {
    /// By name.
    items: Vec<CampaignShown>,
}

/// A campaign as it was, or is.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct CampaignVersionShown {
    version: u64,
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    settings: CampaignSettings,
    changed: StampShown,
}

/// A campaign to be added.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CampaignAsked {
    name: String,
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    settings: CampaignSettings,
}

/// All settings from now on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CampaignChangeAsked {
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    settings: CampaignSettings,
}

pub(in super::super) async fn all(State(parts): State<Parts>) -> Result<Json<CampaignsShown>, HttpError> {
    let mut items = Vec::new();
    for campaign in parts.pop.records().campaigns().await? {
        items.push(shown(&parts, campaign).await?);
    }
    Ok(Json(CampaignsShown { items }))
}

pub(in super::super) async fn create(
    State(parts): State<Parts>,
    caller: Caller,
    Asked(asked): Asked<CampaignAsked>,
) -> Result<Response, HttpError> {
    let name: CampaignId = text("name", asked.name)?;
    let stamp = stamp_of(&parts.pop, &caller);
    let campaign = parts.pop.records().create_campaign(&name, &asked.settings, &stamp).await?;
    answered(&parts, StatusCode::CREATED, campaign).await
}

pub(in super::super) async fn show(
    State(parts): State<Parts>,
    At(id): At<String>,
    if_none_match: IfNoneMatch,
) -> Result<Response, HttpError> {
    let campaign = found(&parts, &id).await?;
    let run = parts.pop.records().campaign_run(&campaign.name).await?;
    let etag = Etag::of_version(campaign.version);
    Ok(read_answer(etag, &if_none_match, &shown_as(campaign, run)))
}

pub(in super::super) async fn change(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<CampaignChangeAsked>,
) -> Result<Response, HttpError> {
    let before = found(&parts, &id).await?;
    let expected = if_match.version(before.version)?.unwrap_or(before.version);
    let stamp = stamp_of(&parts.pop, &caller);
    let campaign = parts.pop.records().change_campaign(before.no, expected, &asked.settings, &stamp).await?;
    answered(&parts, StatusCode::OK, campaign).await
}

/// The newest first.
pub(in super::super) async fn versions(
    State(parts): State<Parts>,
    At(id): At<String>,
    Query(asked): Query<PageAsked>,
) -> Result<Json<Page<CampaignVersionShown>>, HttpError> {
    let campaign = found(&parts, &id).await?;
    let limit = limit(asked.limit)?;
    let before = after(asked.after.as_deref())?.map(Version);
    let versions = parts.pop.records().campaign_versions(campaign.no, before, limit + 1).await?;
    let shown = |version: &CampaignVersion| CampaignVersionShown {
        version: version.version.0.unsigned_abs(),
        settings: version.settings.clone(),
        changed: stamp_shown(&version.changed),
    };
    Ok(Json(Page::of(versions, limit, |version| version.version.to_string(), shown)))
}

pub(super) async fn found(parts: &Parts, id: &str) -> Result<Campaign, HttpError> {
    let found = parts.pop.records().campaign(campaign_no(id)?).await?;
    found.ok_or(HttpError::NotThere { thing: Thing::Campaign })
}

async fn answered(parts: &Parts, status: StatusCode, campaign: Campaign) -> Result<Response, HttpError> {
    let etag = Etag::of_version(campaign.version);
    Ok(answer(status, etag, &shown(parts, campaign).await?))
}

async fn shown(parts: &Parts, campaign: Campaign) -> Result<CampaignShown, HttpError> {
    let run = parts.pop.records().campaign_run(&campaign.name).await?;
    Ok(shown_as(campaign, run))
}

fn shown_as(campaign: Campaign, run: CampaignRun) -> CampaignShown {
    CampaignShown {
        id: campaign.no.to_string(),
        name: campaign.name.to_string(),
        version: campaign.version.0.unsigned_abs(),
        run: run.into(),
        settings: campaign.settings,
        created: stamp_shown(&campaign.created),
        changed: stamp_shown(&campaign.changed),
    }
}
