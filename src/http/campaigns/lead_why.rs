//! Why one lead is not called now, and when it may be. Shows nothing of the person, and judges nothing itself.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::campaigns::lead_why::why_of;
use crate::clock::wall_time;
use crate::outbound::lead_why::LeadWhy;
use crate::protocol as wire;

use super::super::caller::Caller;
use super::super::error::Thing;
use super::super::path::{At, lead_id};
use super::super::seen::looked_at_leads;
use super::super::words::time;
use super::super::{HttpError, Parts};
use super::kept::CampaignRunShown;

/// A lead, and why it is not called now.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct LeadWhyShown {
    lead: String,
    list: String,
    campaign: String,
    run: CampaignRunShown,
    at: wire::Time,
    /// How often somebody tried to call it.
    attempts: u64,
    /// Which of its numbers is called next, from 1.
    next_number: usize,
    numbers: usize,
    /// Whether it can be called, all that keeps it, the hours that hold, and when it may be; docs/campaigns.md names each.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    why: LeadWhy,
}

pub(in super::super) async fn why(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Json<LeadWhyShown>, HttpError> {
    let id = lead_id(&id)?;
    let seen = why_of(parts.pop.records(), &parts.gate, id, wall_time()).await?;
    let seen = seen.ok_or(HttpError::NotThere { thing: Thing::Lead })?;
    looked_at_leads(&parts, &caller, &[id]).await?;
    Ok(Json(LeadWhyShown {
        lead: seen.lead.id.to_string(),
        list: seen.list.to_string(),
        campaign: seen.campaign.to_string(),
        run: seen.run.into(),
        at: time(seen.at),
        attempts: seen.lead.attempts,
        next_number: seen.standing.next_number + 1,
        numbers: seen.lead.lead.numbers.len(),
        why: seen.why,
    }))
}
