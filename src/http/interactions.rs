//! What happened with customers: listed, shown, and what a host system adds afterwards. Ends no contact.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customers::interaction::{Interaction, InteractionSegment, InteractionVisit, Satisfaction};
use crate::customers::recording::CallRecording;
use crate::customers::redaction::Hidable;
use crate::protocol as wire;
use crate::records::{Act, InteractionChange, InteractionError};
use crate::routing::command::EndedBy;
use crate::routing::ids::ContactId;
use crate::routing::time::Timestamp;

use super::body::Asked;
use super::caller::Caller;
use super::customers::find::is_there;
use super::error::Thing;
use super::etag::{Etag, IfMatch, IfNoneMatch, answer, read_answer};
use super::paging::{Page, PageAsked, limit, no_next};
use super::path::{At, contact_id, contact_text, customer_id, number};
use super::query::Query;
use super::recordings::{self, RecordingShown};
use super::seen::{changed, looked_at};
use super::words::{channel, direction, said, stamp_of, text_if_any, time};
use super::{HttpError, Parts};

/// One contact of any channel.
#[derive(Serialize, JsonSchema)]
pub(super) struct InteractionShown {
    /// The contact, as the wire names it.
    id: String,
    /// null until it is known.
    customer: Option<String>,
    channel: wire::Channel,
    direction: wire::Direction,
    from: Option<String>,
    to: Option<String>,
    arrived_at: wire::Time,
    ended_at: Option<wire::Time>,
    /// customer, agent, gateway, router, lost_by_gateway, supervisor, transfer
    ended_by: Option<String>,
    /// The last one an agent gave.
    disposition: Option<String>,
    /// 1 to 100.
    satisfaction: Option<u8>,
    /// A reference to the recording.
    recording: Option<String>,
    /// A reference to the transcript.
    transcript: Option<String>,
    /// Stays in queues.
    visits: Vec<VisitShown>,
    /// Agents' parts.
    segments: Vec<SegmentShown>,
    /// What was recorded of it here, the oldest first; empty for who does not see what was said.
    recordings: Vec<RecordingShown>,
}

/// One stay in one queue.
#[derive(Serialize, JsonSchema)]
struct VisitShown {
    queue: String,
    entered_at: wire::Time,
    ended_at: Option<wire::Time>,
    /// How it ended: accepted, abandoned …
    end: Option<String>,
}

/// One agent's part.
#[derive(Serialize, JsonSchema)]
struct SegmentShown {
    agent: String,
    queue: Option<String>,
    started_at: wire::Time,
    connected_at: Option<wire::Time>,
    ended_at: Option<wire::Time>,
    /// When the work after it was done.
    wrapped_up_at: Option<wire::Time>,
    disposition: Option<String>,
}

/// What is added afterwards; what is not named stays, null empties it.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct InteractionAsked {
    /// How content the customer was, 1 to 100.
    #[serde(deserialize_with = "said")]
    #[schemars(range(min = 1, max = 100))]
    satisfaction: Option<Option<u8>>,
    /// A reference to the recording.
    #[serde(deserialize_with = "said")]
    #[schemars(length(min = 1, max = 512))]
    recording: Option<Option<String>>,
    /// A reference to the transcript.
    #[serde(deserialize_with = "said")]
    #[schemars(length(min = 1, max = 512))]
    transcript: Option<Option<String>>,
}

pub(super) fn ended_by(by: EndedBy) -> String {
    match serde_json::to_value(by) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => unreachable!("a variant without fields is one word"),
    }
}

fn shown(site: &str, interaction: &Interaction, recordings: &[CallRecording]) -> InteractionShown {
    InteractionShown {
        id: contact_text(site, interaction.contact),
        customer: interaction.customer.map(|customer| customer.to_string()),
        channel: channel(interaction.channel),
        direction: direction(interaction.direction),
        from: interaction.from.as_ref().map(|key| key.value.as_str().to_owned()),
        to: interaction.to.as_ref().map(|key| key.value.as_str().to_owned()),
        arrived_at: time(interaction.arrived_at),
        ended_at: interaction.ended_at.map(time),
        ended_by: interaction.ended_by.map(ended_by),
        disposition: interaction.disposition.as_ref().map(|disposition| disposition.0.to_string()),
        satisfaction: interaction.satisfaction.map(Satisfaction::score),
        recording: interaction.recording.as_ref().map(|text| text.as_str().to_owned()),
        transcript: interaction.transcript.as_ref().map(|text| text.as_str().to_owned()),
        visits: interaction.visits.iter().map(visit).collect(),
        segments: interaction.segments.iter().map(segment).collect(),
        recordings: recordings
            .iter()
            .filter(|recording| recording.contact == interaction.contact)
            .map(|recording| recordings::shown(site, recording))
            .collect(),
    }
}

fn visit(visit: &InteractionVisit) -> VisitShown {
    VisitShown {
        queue: visit.queue.to_string(),
        entered_at: time(visit.entered_at),
        ended_at: visit.ended_at.map(time),
        end: visit.end.as_ref().map(ToString::to_string),
    }
}

fn segment(segment: &InteractionSegment) -> SegmentShown {
    SegmentShown {
        agent: segment.agent.to_string(),
        queue: segment.queue.as_ref().map(ToString::to_string),
        started_at: time(segment.started_at),
        connected_at: segment.connected_at.map(time),
        ended_at: segment.ended_at.map(time),
        wrapped_up_at: segment.wrapped_up_at.map(time),
        disposition: segment.disposition.as_ref().map(|disposition| disposition.0.to_string()),
    }
}

/// The newest first.
pub(super) async fn of_customer(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Query(asked): Query<PageAsked>,
) -> Result<Json<Page<InteractionShown>>, HttpError> {
    let customer = customer_id(&id)?;
    let limit = limit(asked.limit)?;
    let before = asked.after.as_deref().map(place_of).transpose()?;
    is_there(&parts, customer).await?;
    let found = parts.pop.records().interactions_of_customer(customer, before, limit + 1).await?;
    looked_at(&parts, &caller, customer).await?;
    let recordings = recordings_of(&parts, &caller, &found).await?;
    let sight = caller.sight(&parts);
    Ok(Json(Page::of(found, limit, place_text, |one| shown(&parts.site, &sight.interaction(one), &recordings))))
}

/// What was recorded is seen with what was said.
async fn recordings_of(
    parts: &Parts,
    caller: &Caller,
    interactions: &[Interaction],
) -> Result<Vec<CallRecording>, HttpError> {
    if !caller.sight(parts).sees(&Hidable::Notes) {
        return Ok(Vec::new());
    }
    let contacts: Vec<ContactId> = interactions.iter().map(|interaction| interaction.contact).collect();
    Ok(parts.pop.records().recordings_of(&contacts).await?)
}

/// When it arrived and its number: two may arrive in one millisecond.
fn place_text(interaction: &Interaction) -> String {
    format!("{}.{}", interaction.arrived_at.0, interaction.contact.0)
}

fn place_of(text: &str) -> Result<(Timestamp, ContactId), HttpError> {
    let read = text
        .split_once('.')
        .and_then(|(at, contact)| Some((Timestamp(number(at)?), ContactId(number(contact)?.unsigned_abs()))));
    read.ok_or_else(no_next)
}

pub(super) async fn show(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_none_match: IfNoneMatch,
) -> Result<Response, HttpError> {
    let found = parts.pop.records().interaction(contact_id(&parts, &id)?).await?;
    let found = found.ok_or(HttpError::NotThere { thing: Thing::Interaction })?;
    if let Some(customer) = found.customer {
        looked_at(&parts, &caller, customer).await?;
    }
    let recordings = recordings_of(&parts, &caller, std::slice::from_ref(&found)).await?;
    let shown = shown(&parts.site, &caller.sight(&parts).interaction(&found), &recordings);
    Ok(read_answer(Etag::of_content(&shown), &if_none_match, &shown))
}

pub(super) async fn change(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<InteractionAsked>,
) -> Result<Response, HttpError> {
    let contact = contact_id(&parts, &id)?;
    let satisfaction =
        |score: u8| Satisfaction::new(score).map_err(|_| HttpError::field("satisfaction", "a score of 1 to 100"));
    let change = InteractionChange {
        satisfaction: asked.satisfaction.map(|score| score.map(satisfaction).transpose()).transpose()?,
        recording: asked.recording.map(|text| text_if_any("recording", text)).transpose()?,
        transcript: asked.transcript.map(|text| text_if_any("transcript", text)).transpose()?,
    };
    let sight = caller.sight(&parts);
    let recordings = match parts.pop.records().interaction(contact).await? {
        Some(found) => recordings_of(&parts, &caller, &[found]).await?,
        None => Vec::new(),
    };
    let etag =
        |interaction: &Interaction| Etag::of_content(&shown(&parts.site, &sight.interaction(interaction), &recordings));
    let is_expected = |interaction: &Interaction| if_match.has(&etag(interaction));
    let stamp = stamp_of(&parts.pop, &caller);
    let after = match parts.pop.records().change_interaction(contact, &change, is_expected, &stamp).await {
        Err(InteractionError::Conflict { found }) => {
            return Err(HttpError::Stale { etag: Some(etag(&found).into_text()) });
        }
        done => done?,
    };
    if let Some(customer) = after.customer {
        parts.pop.changed(customer);
        changed(&parts, &caller, Act::Changed, customer).await?;
    }
    let shown = shown(&parts.site, &sight.interaction(&after), &recordings);
    Ok(answer(StatusCode::OK, Etag::of_content(&shown), &shown))
}
