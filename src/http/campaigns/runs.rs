//! Campaigns started, paused, drained and stopped: the router is told. Decides nothing.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::router_handle::Rejection;
use crate::routing::campaign::CampaignRun;
use crate::routing::command::Action;
use crate::routing::refusal::Refusal;

use super::super::caller::Caller;
use super::super::path::At;
use super::super::seen::campaign_run_asked;
use super::super::{HttpError, Parts};
use super::kept::found;

/// When to try again a router that does not answer.
const RETRY_AFTER_MS: u64 = 1_000;
/// How often a router is told that does not know the campaign yet, and how long after one another.
const TRIES_MAX: u32 = 20;
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(250);

macro_rules! runs {
    ($($name:ident: $run:ident,)+) => {$(
        pub(in super::super) async fn $name(
            State(parts): State<Parts>,
            caller: Caller,
            At(id): At<String>,
        ) -> Result<Response, HttpError> {
            tell(&parts, &caller, &id, CampaignRun::$run).await
        }
    )+};
}

runs! { start: Running, pause: Paused, drain: Draining, stop: Stopped, }

async fn tell(parts: &Parts, caller: &Caller, id: &str, run: CampaignRun) -> Result<Response, HttpError> {
    let campaign = found(parts, id).await?;
    campaign_run_asked(parts, caller, campaign.no, run).await?;
    let action = Action::RunCampaign { by: caller.0.user.clone(), campaign: campaign.name, run };
    let mut told = parts.router.tell(action.clone()).await;
    for _ in 1..TRIES_MAX {
        // Written beside this server a moment ago: the router hears of it when the records are read again.
        let Err(Rejection::Refused(Refusal::UnknownCampaign { .. })) = told else { break };
        tokio::time::sleep(TRY_AGAIN_AFTER).await;
        told = parts.router.tell(action.clone()).await;
    }
    match told {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(Rejection::Refused(refusal)) => {
            Err(HttpError::Conflict { why: "the router refuses it", with: vec![refusal.to_string()] })
        }
        Err(Rejection::Busy { retry_after_ms } | Rejection::Unavailable { retry_after_ms }) => {
            Err(HttpError::Unavailable { why: "router".to_owned(), retry_after_ms })
        }
        Err(Rejection::Internal) => {
            Err(HttpError::Unavailable { why: "router".to_owned(), retry_after_ms: RETRY_AFTER_MS })
        }
    }
}
