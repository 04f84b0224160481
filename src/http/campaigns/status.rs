//! What is seen of a campaign. Counts nothing.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::campaigns::status::status_of;
use crate::clock::wall_time;
use crate::outbound::campaign_status::CampaignStatus;
use crate::protocol as wire;

use super::super::path::At;
use super::super::words::time;
use super::super::{HttpError, Parts};
use super::kept::found;

/// What is seen of a campaign, and how old it is.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct StatusShown {
    written_at: wire::Time,
    /// Everything up to this number of the journal is counted; null: the campaign is stopped, and it was counted now.
    event: Option<u64>,
    /// The campaign is not stopped, and no server keeps its status.
    is_stale: bool,
    /// Leads and why they wait, calls and what came of them; docs/campaigns.md names each part.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    status: CampaignStatus,
}

pub(in super::super) async fn status(
    State(parts): State<Parts>,
    At(id): At<String>,
) -> Result<Json<StatusShown>, HttpError> {
    let campaign = found(&parts, &id).await?;
    let seen = status_of(parts.pop.records(), &campaign, wall_time()).await?;
    Ok(Json(StatusShown {
        written_at: time(seen.written_at),
        event: seen.event.map(|event| event.0),
        is_stale: seen.is_stale,
        status: seen.status,
    }))
}
