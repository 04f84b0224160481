//! Call lists: listed, added, changed, let go by hand, deleted. Takes no lead over: imports do.

use std::num::NonZeroU32;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::outbound::call_list::{CallList, CallListSettings};
use crate::outbound::ids::CallListId;
use crate::outbound::lead_standing::{LeadCounts, ReleaseStanding};
use crate::records::Records;
use crate::routing::ids::CallListName;

use super::super::body::Asked;
use super::super::caller::Caller;
use super::super::error::Thing;
use super::super::etag::{Etag, IfMatch, IfNoneMatch, answer, read_answer};
use super::super::path::{At, call_list_id};
use super::super::words::{StampShown, stamp_of, stamp_shown, text};
use super::super::{HttpError, Parts};

/// Leads of a deleted list that one transaction removes.
const DROPPED_AT_ONCE: u32 = 5_000;

/// A call list.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct CallListShown {
    id: String,
    name: String,
    /// Counts the changes, from 1; the etag is made of it.
    version: u64,
    /// As `usher list show` writes them; docs/call-lists.md names each.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    settings: CallListSettings,
    created: StampShown,
    changed: StampShown,
}

#[derive(Serialize, JsonSchema)]
pub(in super::super) struct CallListsShown {
    /// By name.
    items: Vec<CallListShown>,
}

/// How the leads of a list stand; they add up to `all`.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct LeadCountsShown {
    all: u64,
    /// Never tried.
    fresh: u64,
    due: u64,
    /// Due later.
    waiting: u64,
    with_router: u64,
    /// By why they are not called any more.
    ended: std::collections::BTreeMap<String, u64>,
    /// Let go by hand, in all.
    released: u64,
}

/// A list to be added.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CallListAsked {
    name: String,
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    settings: CallListSettings,
}

/// All settings from now on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CallListChangeAsked {
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    settings: CallListSettings,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ReleaseAsked {
    /// So many more.
    leads: NonZeroU32,
}

pub(in super::super) async fn all(State(parts): State<Parts>) -> Result<Json<CallListsShown>, HttpError> {
    let lists = parts.pop.records().call_lists().await?;
    Ok(Json(CallListsShown { items: lists.into_iter().map(shown).collect() }))
}

pub(in super::super) async fn create(
    State(parts): State<Parts>,
    caller: Caller,
    Asked(asked): Asked<CallListAsked>,
) -> Result<Response, HttpError> {
    let name: CallListName = text("name", asked.name)?;
    let stamp = stamp_of(&parts.pop, &caller);
    if asked.settings.is_expired(stamp.at) {
        return Err(HttpError::field("settings.expires_at", "a moment to come"));
    }
    let id = parts.pop.records().create_call_list(&name, &asked.settings, &stamp).await?;
    Ok(answered(StatusCode::CREATED, there(parts.pop.records(), id).await?))
}

pub(in super::super) async fn show(
    State(parts): State<Parts>,
    At(id): At<String>,
    if_none_match: IfNoneMatch,
) -> Result<Response, HttpError> {
    let list = found(&parts, &id).await?;
    Ok(read_answer(Etag::of_version(list.version), &if_none_match, &shown(list)))
}

pub(in super::super) async fn change(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<CallListChangeAsked>,
) -> Result<Response, HttpError> {
    let before = found(&parts, &id).await?;
    let expected = if_match.version(before.version)?.unwrap_or(before.version);
    let stamp = stamp_of(&parts.pop, &caller);
    let list = parts.pop.records().change_call_list(before.id, expected, &asked.settings, &stamp).await?;
    Ok(answered(StatusCode::OK, list))
}

/// Leads that nobody tried are removed behind the answer.
pub(in super::super) async fn delete(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
) -> Result<Response, HttpError> {
    let before = found(&parts, &id).await?;
    let expected = if_match.version(before.version)?.unwrap_or(before.version);
    let stamp = stamp_of(&parts.pop, &caller);
    let list = parts.pop.records().delete_call_list(before.id, expected, &stamp).await?;
    tokio::spawn(drop_untried(parts.pop.records().clone(), list.id));
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn drop_untried(records: Records, list: CallListId) {
    loop {
        match records.drop_untried_leads(list, DROPPED_AT_ONCE).await {
            Ok(dropped) if dropped < u64::from(DROPPED_AT_ONCE) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, call_list.id = list.0, "leads of a deleted list are still there");
                return;
            }
        }
    }
}

pub(in super::super) async fn release(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Asked(asked): Asked<ReleaseAsked>,
) -> Result<Json<LeadCountsShown>, HttpError> {
    let list = found(&parts, &id).await?;
    let stamp = stamp_of(&parts.pop, &caller);
    let standing = parts.pop.records().release_leads(list.id, asked.leads, &stamp).await?;
    let counts = parts.pop.records().lead_counts(list.id, stamp.at).await?;
    Ok(Json(counts_shown(counts, standing)))
}

pub(in super::super) async fn counts(
    State(parts): State<Parts>,
    At(id): At<String>,
) -> Result<Json<LeadCountsShown>, HttpError> {
    let list = found(&parts, &id).await?;
    let records = parts.pop.records();
    let standing = records.release_standing(list.id).await?;
    Ok(Json(counts_shown(records.lead_counts(list.id, parts.pop.now()).await?, standing)))
}

fn counts_shown(counts: LeadCounts, standing: ReleaseStanding) -> LeadCountsShown {
    let all = counts.all();
    let LeadCounts { fresh, due, waiting, with_router, ended, .. } = counts;
    let ended = ended.into_iter().map(|(word, count)| (word.to_owned(), count)).collect();
    LeadCountsShown { all, fresh, due, waiting, with_router, ended, released: standing.released }
}

async fn found(parts: &Parts, id: &str) -> Result<CallList, HttpError> {
    there(parts.pop.records(), call_list_id(id)?).await
}

async fn there(records: &Records, id: CallListId) -> Result<CallList, HttpError> {
    records.call_list(id).await?.ok_or(HttpError::NotThere { thing: Thing::CallList })
}

fn answered(status: StatusCode, list: CallList) -> Response {
    answer(status, Etag::of_version(list.version), &shown(list))
}

fn shown(list: CallList) -> CallListShown {
    CallListShown {
        id: list.id.to_string(),
        name: list.name.to_string(),
        version: list.version.0.unsigned_abs(),
        settings: list.settings,
        created: stamp_shown(&list.created),
        changed: stamp_shown(&list.changed),
    }
}
