//! Notes of customers, interactions and work: listed and added, never changed.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customers::ids::{CustomerId, NoteId};
use crate::customers::note::{Note, NoteSubject};
use crate::customers::text::NoteText;
use crate::records::Act;

use super::body::Asked;
use super::caller::Caller;
use super::customers::find::is_there;
use super::error::Thing;
use super::paging::{Page, PageAsked, after, limit};
use super::path::{At, contact_id, contact_text, customer_id, work_id};
use super::query::Query;
use super::seen::{changed, looked_at};
use super::words::{StampShown, masked, stamp_of, stamp_shown};
use super::{HttpError, Parts};

/// A note as stored.
#[derive(Serialize, JsonSchema)]
pub(super) struct NoteShown {
    id: String,
    /// Whose it is; null while that of its interaction is not known.
    customer: Option<String>,
    /// The interaction it is about.
    interaction: Option<String>,
    /// The work it is about.
    work: Option<String>,
    text: String,
    made: StampShown,
}

/// A note to be added. Card numbers in it are masked before it is stored.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteAsked {
    #[schemars(length(min = 1, max = 16_000))]
    text: String,
}

fn shown(site: &str, note: &Note) -> NoteShown {
    let (interaction, work) = match note.subject {
        NoteSubject::Customer(_) => (None, None),
        NoteSubject::Interaction(contact) => (Some(contact_text(site, contact)), None),
        NoteSubject::Work(work) => (None, Some(work.to_string())),
    };
    NoteShown {
        id: note.id.to_string(),
        customer: note.customer.map(|customer| customer.to_string()),
        interaction,
        work,
        text: note.text.as_str().to_owned(),
        made: stamp_shown(&note.stamp),
    }
}

/// Of the customer itself, its interactions and its work.
pub(super) async fn of_customer(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Query(asked): Query<PageAsked>,
) -> Result<Json<Page<NoteShown>>, HttpError> {
    let customer = customer_id(&id)?;
    let limit = limit(asked.limit)?;
    let before = after(asked.after.as_deref())?.map(NoteId);
    is_there(&parts, customer).await?;
    let notes = parts.pop.records().notes_of_customer_before(customer, before, limit + 1).await?;
    looked_at(&parts, &caller, customer).await?;
    let sight = caller.sight(&parts);
    Ok(Json(Page::of(notes, limit, |note| note.id.to_string(), |note| shown(&parts.site, &sight.note(note)))))
}

pub(super) async fn add_to_customer(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Asked(asked): Asked<NoteAsked>,
) -> Result<(StatusCode, Json<NoteShown>), HttpError> {
    add(&parts, &caller, NoteSubject::Customer(customer_id(&id)?), &asked).await
}

pub(super) async fn add_to_interaction(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Asked(asked): Asked<NoteAsked>,
) -> Result<(StatusCode, Json<NoteShown>), HttpError> {
    let contact = contact_id(&parts, &id)?;
    let there = parts.pop.records().interaction(contact).await?;
    there.ok_or(HttpError::NotThere { thing: Thing::Interaction })?;
    add(&parts, &caller, NoteSubject::Interaction(contact), &asked).await
}

pub(super) async fn add_to_work(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Asked(asked): Asked<NoteAsked>,
) -> Result<(StatusCode, Json<NoteShown>), HttpError> {
    add(&parts, &caller, NoteSubject::Work(work_id(&id)?), &asked).await
}

async fn add(
    parts: &Parts,
    caller: &Caller,
    subject: NoteSubject,
    asked: &NoteAsked,
) -> Result<(StatusCode, Json<NoteShown>), HttpError> {
    if asked.text.trim().is_empty() {
        return Err(HttpError::field("text", "at least one character"));
    }
    let text: NoteText = masked("text", &asked.text)?;
    let stamp = stamp_of(&parts.pop, caller);
    let records = parts.pop.records();
    let id = records.add_note(subject, &text, &stamp).await?;
    let customer: Option<CustomerId> = match subject {
        NoteSubject::Customer(customer) => Some(customer),
        NoteSubject::Interaction(contact) => records.interaction(contact).await?.and_then(|there| there.customer),
        NoteSubject::Work(work) => records.work(work).await?.and_then(|there| there.customer),
    };
    if let Some(customer) = customer {
        parts.pop.changed(customer);
        changed(parts, caller, Act::Noted, customer).await?;
    }
    let note = Note { id, subject, customer, text, stamp };
    Ok((StatusCode::CREATED, Json(shown(&parts.site, &note))))
}
