//! Tables to take away: CSV, written while it is read. Holds no table in memory.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::export::{CustomerFilter, CustomerPages, InteractionFilter, InteractionPages, Pages};
use crate::protocol as wire;
use crate::records::RecordsError;
use crate::routing::time::Timestamp;

use super::caller::Caller;
use super::query::{Query, yes_or_no};
use super::seen::exported;
use super::{HttpError, Parts};

/// Which customers.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CustomersAsked {
    /// Those with this tag.
    tag: Option<String>,
    /// Those of this tier.
    tier: Option<String>,
    /// Those of this language.
    language: Option<String>,
    /// Those changed at this time or later.
    changed_from: Option<wire::Time>,
    /// Begin with a byte order mark.
    #[serde(deserialize_with = "yes_or_no")]
    bom: bool,
}

/// Which interactions.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct InteractionsAsked {
    /// Arrived at this time or later.
    from: Option<wire::Time>,
    /// Arrived before this time.
    until: Option<wire::Time>,
    /// Begin with a byte order mark.
    #[serde(deserialize_with = "yes_or_no")]
    bom: bool,
}

fn moment(at: Option<wire::Time>) -> Option<Timestamp> {
    at.map(|at| Timestamp(at.as_ms()))
}

pub(super) async fn customers(
    State(parts): State<Parts>,
    caller: Caller,
    Query(asked): Query<CustomersAsked>,
) -> Result<Response, HttpError> {
    let CustomersAsked { tag, tier, language, changed_from, bom } = asked;
    let filter = CustomerFilter { tag, tier, language, changed_from: moment(changed_from) };
    may_take_all(&parts, &caller).await?;
    Ok(streamed(CustomerPages::new(parts.pop.records().clone(), filter, bom), "attachment; filename=\"customers.csv\""))
}

pub(super) async fn interactions(
    State(parts): State<Parts>,
    caller: Caller,
    Query(asked): Query<InteractionsAsked>,
) -> Result<Response, HttpError> {
    let InteractionsAsked { from, until, bom } = asked;
    let filter = InteractionFilter { from: moment(from), until: moment(until) };
    may_take_all(&parts, &caller).await?;
    let pages = InteractionPages::new(parts.pop.records().clone(), &parts.site, filter, bom);
    Ok(streamed(pages, "attachment; filename=\"interactions.csv\""))
}

/// A table holds everything: from whom something is hidden gets none.
async fn may_take_all(parts: &Parts, caller: &Caller) -> Result<(), HttpError> {
    if !caller.sight(parts).is_whole() {
        return Err(HttpError::NotPermitted);
    }
    exported(parts, caller).await
}

/// An answer that ends early was broken off: the connection says so, and no table looks whole that is not.
pub(super) fn streamed(pages: impl Pages + 'static, disposition: &'static str) -> Response {
    let lines = stream::try_unfold(pages, async |mut pages| match pages.next_page().await {
        Ok(page) => Ok::<_, RecordsError>(page.map(|page| (Bytes::from(page), pages))),
        Err(error) => {
            tracing::error!(%error, "an export was broken off");
            Err(error)
        }
    });
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, disposition)];
    (headers, Body::from_stream(lines)).into_response()
}
