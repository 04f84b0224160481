//! Work for customers: listed, added, changed, escalated, closed. Routes none.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customers::ids::WorkId;
use crate::customers::text::NoteText;
use crate::customers::work::{NewWork, Work, WorkFields, WorkState};
use crate::protocol as wire;
use crate::records::Act;
use crate::routing::ids::TeamId;
use crate::routing::time::Timestamp;

use super::body::Asked;
use super::caller::Caller;
use super::customers::find::is_there;
use super::error::Thing;
use super::etag::{Etag, IfMatch, IfNoneMatch, answer, read_answer};
use super::paging::{Page, PageAsked, after, limit};
use super::path::{At, contact_text, customer_id, work_id};
use super::query::Query;
use super::seen::{changed, looked_at};
use super::words::{
    StampShown, masked, said, stamp_of, stamp_shown, text, text_if_any, time, work_kind_read, work_kind_shown,
};
use super::{HttpError, Parts};

/// A piece of work.
#[derive(Serialize, JsonSchema)]
pub(super) struct WorkShown {
    id: String,
    /// Counts the changes, from 1; the etag is made of it.
    version: u64,
    kind: wire::WorkKind,
    category: Option<String>,
    title: String,
    text: String,
    due: Option<wire::Time>,
    /// In whose list it stands.
    owner: Option<String>,
    owner_team: Option<String>,
    /// Where it is routed when it falls due.
    queue: Option<String>,
    state: WorkStateShown,
    customer: Option<String>,
    /// The contact that it comes from.
    interaction: Option<String>,
    /// What came of it; of closed work only.
    outcome: Option<String>,
    escalation: Option<EscalationShown>,
    created: StampShown,
    changed: StampShown,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WorkState")]
enum WorkStateShown {
    /// Nobody is at it.
    Open,
    /// Its owner is at it.
    Taken,
    Closed,
}

/// Handed to those who decide more.
#[derive(Serialize, JsonSchema)]
struct EscalationShown {
    /// A team.
    to: String,
    at: wire::Time,
    reason: String,
}

/// What work shall be. What is not named stays as it is; null empties it. New work wants a kind and a title.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WorkAsked {
    kind: Option<wire::WorkKind>,
    #[serde(deserialize_with = "said")]
    #[schemars(length(min = 1, max = 64))]
    category: Option<Option<String>>,
    #[schemars(length(min = 1, max = 200))]
    title: Option<String>,
    #[serde(deserialize_with = "said")]
    #[schemars(length(max = 16_000))]
    text: Option<Option<String>>,
    #[serde(deserialize_with = "said")]
    due: Option<Option<wire::Time>>,
    /// An agent.
    #[serde(deserialize_with = "said")]
    owner: Option<Option<String>>,
    /// A team.
    #[serde(deserialize_with = "said")]
    owner_team: Option<Option<String>>,
    #[serde(deserialize_with = "said")]
    queue: Option<Option<String>>,
}

/// What came of it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseAsked {
    #[schemars(length(max = 16_000))]
    outcome: String,
}

/// Whom it is handed to, and why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EscalateAsked {
    /// A team.
    to: String,
    #[schemars(length(max = 16_000))]
    reason: String,
}

fn shown(site: &str, work: &Work) -> WorkShown {
    let fields = &work.fields;
    WorkShown {
        id: work.id.to_string(),
        version: work.version.0.unsigned_abs(),
        kind: work_kind_shown(fields.kind),
        category: fields.category.as_ref().map(ToString::to_string),
        title: fields.title.as_str().to_owned(),
        text: fields.text.as_str().to_owned(),
        due: fields.due.map(time),
        owner: fields.owner.as_ref().map(ToString::to_string),
        owner_team: fields.owner_team.as_ref().map(ToString::to_string),
        queue: fields.queue.as_ref().map(ToString::to_string),
        state: match work.state {
            WorkState::Open => WorkStateShown::Open,
            WorkState::Taken => WorkStateShown::Taken,
            WorkState::Closed => WorkStateShown::Closed,
        },
        customer: work.customer.map(|customer| customer.to_string()),
        interaction: work.contact.map(|contact| contact_text(site, contact)),
        outcome: work.outcome.as_ref().map(|text| text.as_str().to_owned()),
        escalation: work.escalation.as_ref().map(|escalation| EscalationShown {
            to: escalation.to.to_string(),
            at: time(escalation.at),
            reason: escalation.reason.as_str().to_owned(),
        }),
        created: stamp_shown(&work.created),
        changed: stamp_shown(&work.changed),
    }
}

impl WorkAsked {
    fn over(self, before: Option<&WorkFields>) -> Result<WorkFields, HttpError> {
        let missing = |field: &str| HttpError::field(field, "this field, which is missing");
        let kind = self.kind.map(work_kind_read).or(before.map(|before| before.kind));
        let title = match self.title {
            Some(title) if title.trim().is_empty() => return Err(HttpError::field("title", "at least one character")),
            Some(title) => Some(masked("title", &title)?),
            None => before.map(|before| before.title.clone()),
        };
        let text_before = before.map(|before| before.text.clone()).unwrap_or_default();
        Ok(WorkFields {
            kind: kind.ok_or_else(|| missing("kind"))?,
            category: kept(before.and_then(|before| before.category.clone()), self.category, "category")?,
            title: title.ok_or_else(|| missing("title"))?,
            text: self.text.map_or(Ok(text_before), |text| masked("text", &text.unwrap_or_default()))?,
            due: match self.due {
                Some(due) => due.map(|due| Timestamp(due.as_ms())),
                None => before.and_then(|before| before.due),
            },
            owner: kept(before.and_then(|before| before.owner.clone()), self.owner, "owner")?,
            owner_team: kept(before.and_then(|before| before.owner_team.clone()), self.owner_team, "owner_team")?,
            queue: kept(before.and_then(|before| before.queue.clone()), self.queue, "queue")?,
        })
    }
}

fn kept<T: TryFrom<String>>(
    before: Option<T>,
    asked: Option<Option<String>>,
    field: &str,
) -> Result<Option<T>, HttpError>
where
    T::Error: std::fmt::Display,
{
    asked.map_or(Ok(before), |asked| text_if_any(field, asked))
}

/// Closed work too, the newest first.
pub(super) async fn of_customer(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Query(asked): Query<PageAsked>,
) -> Result<Json<Page<WorkShown>>, HttpError> {
    let customer = customer_id(&id)?;
    let limit = limit(asked.limit)?;
    let before = after(asked.after.as_deref())?.map(WorkId);
    is_there(&parts, customer).await?;
    let work = parts.pop.records().work_of_customer_before(customer, before, limit + 1).await?;
    looked_at(&parts, &caller, customer).await?;
    let sight = caller.sight(&parts);
    Ok(Json(Page::of(work, limit, |work| work.id.to_string(), |work| shown(&parts.site, &sight.work(work)))))
}

pub(super) async fn add(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Asked(asked): Asked<WorkAsked>,
) -> Result<Response, HttpError> {
    let customer = customer_id(&id)?;
    let new = NewWork { fields: asked.over(None)?, customer: Some(customer), contact: None };
    let id = parts.pop.records().add_work(&new, &stamp_of(&parts.pop, &caller)).await?;
    let work = found(&parts, id).await?;
    tell(&parts, &caller, None, &work).await?;
    Ok(answered(&parts, &caller, StatusCode::CREATED, &work))
}

pub(super) async fn show(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_none_match: IfNoneMatch,
) -> Result<Response, HttpError> {
    let work = found(&parts, work_id(&id)?).await?;
    if let Some(customer) = work.customer {
        looked_at(&parts, &caller, customer).await?;
    }
    Ok(read_answer(
        Etag::of_version(work.version),
        &if_none_match,
        &shown(&parts.site, &caller.sight(&parts).work(&work)),
    ))
}

pub(super) async fn change(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<WorkAsked>,
) -> Result<Response, HttpError> {
    let before = found(&parts, work_id(&id)?).await?;
    let expected = if_match.version(before.version)?.unwrap_or(before.version);
    let fields = asked.over(Some(&before.fields))?;
    let stamp = stamp_of(&parts.pop, &caller);
    let after = parts.pop.records().update_work(before.id, expected, &fields, &stamp).await?;
    tell(&parts, &caller, Some(&before), &after).await?;
    Ok(answered(&parts, &caller, StatusCode::OK, &after))
}

pub(super) async fn close(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<CloseAsked>,
) -> Result<Response, HttpError> {
    let before = found(&parts, work_id(&id)?).await?;
    let expected = if_match.version(before.version)?.unwrap_or(before.version);
    let outcome: NoteText = masked("outcome", &asked.outcome)?;
    let stamp = stamp_of(&parts.pop, &caller);
    let after = parts.pop.records().close_work(before.id, expected, &outcome, &stamp).await?;
    tell(&parts, &caller, Some(&before), &after).await?;
    Ok(answered(&parts, &caller, StatusCode::OK, &after))
}

pub(super) async fn escalate(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<EscalateAsked>,
) -> Result<Response, HttpError> {
    let before = found(&parts, work_id(&id)?).await?;
    let expected = if_match.version(before.version)?.unwrap_or(before.version);
    let to: TeamId = text("to", asked.to)?;
    let reason: NoteText = masked("reason", &asked.reason)?;
    let stamp = stamp_of(&parts.pop, &caller);
    let after = parts.pop.records().escalate_work(before.id, expected, &to, &reason, &stamp).await?;
    tell(&parts, &caller, Some(&before), &after).await?;
    Ok(answered(&parts, &caller, StatusCode::OK, &after))
}

async fn found(parts: &Parts, id: WorkId) -> Result<Work, HttpError> {
    parts.pop.records().work(id).await?.ok_or(HttpError::NotThere { thing: Thing::Work })
}

fn answered(parts: &Parts, caller: &Caller, status: StatusCode, work: &Work) -> Response {
    answer(status, Etag::of_version(work.version), &shown(&parts.site, &caller.sight(parts).work(work)))
}

async fn tell(parts: &Parts, caller: &Caller, before: Option<&Work>, after: &Work) -> Result<(), HttpError> {
    parts.work.changed_elsewhere(before, after).await;
    match after.customer {
        Some(customer) => changed(parts, caller, Act::Changed, customer).await,
        None => Ok(()),
    }
}
