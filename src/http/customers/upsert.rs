//! One customer for one id of a host system, added when there is none. The same again changes nothing.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use tokio::sync::Mutex;

use crate::customers::customer::CustomerFields;
use crate::customers::edit::{CustomerWish, WishedAddress};
use crate::customers::ids::CustomerId;
use crate::customers::redaction::Sight;
use crate::records::{CustomerError, FoundOrAdded};

use super::super::body::Asked;
use super::super::caller::Caller;
use super::super::etag::{Etag, Preconditions};
use super::super::path::At;
use super::super::seen::changed;
use super::super::words::{stamp_of, text};
use super::super::{HttpError, Parts};
use super::asked::CustomerAsked;
use super::change::{created, shown_now, tell};
use super::find::{ExternalId, card, external_key};
use crate::records::Act;

/// Tries when others change the same customer at the same moments.
const TRIES_MAX: usize = 10;
/// Held by who tries again: those who do are in each other's way no more.
static AGAIN: Mutex<()> = Mutex::const_new(());
const RETRY_AFTER_MS: u64 = 100;

pub(in super::super) async fn upsert(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    preconditions: Preconditions,
    Asked(asked): Asked<CustomerAsked>,
) -> Result<Response, HttpError> {
    let id = external_key(&parts, &id, "id")?;
    let records = parts.pop.records();
    let mut turn = None;
    for _ in 0..TRIES_MAX {
        let found = records.customers_at(std::slice::from_ref(&id.key)).await?;
        let found: Vec<CustomerId> = found.into_iter().map(|found| found.customer.id).collect();
        let tried = match found[..] {
            [] => add(&parts, &caller, &id, &preconditions, asked.clone()).await?,
            [customer] => update(&parts, &caller, &id, customer, &preconditions, asked.clone()).await?,
            _ => {
                let with = found.iter().map(ToString::to_string).collect();
                return Err(HttpError::Conflict { why: "several customers have this id", with });
            }
        };
        if let Some(response) = tried {
            return Ok(response);
        }
        if turn.is_none() {
            turn = Some(AGAIN.lock().await);
        }
    }
    Err(HttpError::Unavailable { why: "busy".to_owned(), retry_after_ms: RETRY_AFTER_MS })
}

/// None: somebody else added it meanwhile.
async fn add(
    parts: &Parts,
    caller: &Caller,
    id: &ExternalId,
    preconditions: &Preconditions,
    asked: CustomerAsked,
) -> Result<Option<Response>, HttpError> {
    if preconditions.if_match.is_some() {
        return Err(HttpError::Stale { etag: None });
    }
    let mut wish = asked.wish(&CustomerFields::default(), parts.pop.settings(), &Sight::of_everything())?;
    wish.addresses.get_or_insert_default();
    keep_id(&mut wish, id)?;
    let new = wish.to_new();
    match parts.pop.records().find_or_add_customer(&id.key, &new, &stamp_of(&parts.pop, caller)).await? {
        FoundOrAdded::Found(_) => Ok(None),
        FoundOrAdded::Added(customer) => {
            parts.pop.addresses_changed();
            changed(parts, caller, Act::Created, customer).await?;
            created(parts, caller, customer).await.map(Some)
        }
    }
}

/// None: somebody else changed it meanwhile.
async fn update(
    parts: &Parts,
    caller: &Caller,
    id: &ExternalId,
    customer: CustomerId,
    preconditions: &Preconditions,
    asked: CustomerAsked,
) -> Result<Option<Response>, HttpError> {
    let card = card(parts, customer).await?;
    let version = card.customer.version;
    if preconditions.must_be_new {
        return Err(HttpError::Stale { etag: Some(Etag::of_version(version).into_text()) });
    }
    if let Some(if_match) = &preconditions.if_match {
        if_match.version(version)?;
    }
    let mut wish = asked.wish(&card.customer.fields, parts.pop.settings(), &caller.sight(parts))?;
    keep_id(&mut wish, id)?;
    let edit = wish.edit_of(&card);
    let edited = parts.pop.records().edit_customer(customer, Some(version), &edit, &stamp_of(&parts.pop, caller)).await;
    match edited {
        Ok(_) => {
            tell(parts, caller, customer, &edit).await?;
            shown_now(parts, caller, customer, StatusCode::OK).await.map(Some)
        }
        Err(CustomerError::Conflict { .. }) if preconditions.if_match.is_none() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A list of addresses need not name the id that the customer is asked by.
fn keep_id(wish: &mut CustomerWish, id: &ExternalId) -> Result<(), HttpError> {
    let Some(addresses) = &mut wish.addresses else { return Ok(()) };
    if !addresses.iter().any(|address| address.key == id.key) {
        let (key, shown) = (id.key.clone(), text("id", id.shown.clone())?);
        addresses.push(WishedAddress { key, extension: None, shown, label: None, consent: None });
    }
    Ok(())
}
