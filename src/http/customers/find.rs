//! Customers found and shown. Changes none.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::customers::address::{Address, AddressKind};
use crate::customers::customer::{AddressKey, CustomerCard};
use crate::customers::ids::CustomerId;
use crate::screen_pop::search_pages::{self, FoundPage};
use crate::screen_pop::sought::SoughtAddress;

use super::super::caller::Caller;
use super::super::error::Thing;
use super::super::etag::{IfNoneMatch, read_answer};
use super::super::paging::{Page, after, limit};
use super::super::path::{At, customer_id};
use super::super::query::Query;
use super::super::seen::{looked_at, searched};
use super::super::{HttpError, Parts};
use super::refused::merged;
use super::shown::{self, CustomerShown};

/// Longer nobody types.
const QUERY_CHARACTERS_MAX: usize = 256;

/// Which customers: by what somebody types, or by addresses, or all.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub struct SearchAsked {
    /// An address, part of a name in any script, words of a note.
    #[schemars(length(max = 256))]
    query: Option<String>,
    /// A number in any form.
    phone: Option<String>,
    email: Option<String>,
    /// system:id, or an id of the system of the settings.
    external_id: Option<String>,
    /// network:handle
    handle: Option<String>,
    /// How many at most; 50 if it is not said.
    #[serde(deserialize_with = "super::super::query::number")]
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// In the order of their numbers.
pub(in super::super) async fn search(
    State(parts): State<Parts>,
    caller: Caller,
    Query(asked): Query<SearchAsked>,
) -> Result<Json<Page<CustomerShown>>, HttpError> {
    let limit = limit(asked.limit)?;
    let after = after(asked.after.as_deref())?.map(CustomerId);
    let sight = caller.sight(&parts);
    let keys = keys_of(&parts, &asked)?;
    let is_seen = |key: &AddressKey| AddressKind::of_name(key.kind.as_str()).is_some_and(|kind| sight.sees_kind(kind));
    // By what is hidden from him nobody finds anybody: it would tell whose it is.
    if !keys.iter().all(is_seen) {
        return Err(HttpError::NotPermitted);
    }
    let records = parts.pop.records();
    let FoundPage { customers, next } = match (&asked.query, keys.is_empty()) {
        (Some(_), false) => return Err(HttpError::field("query", "no address beside it")),
        (Some(query), true) => {
            if query.chars().count() > QUERY_CHARACTERS_MAX {
                return Err(HttpError::field("query", format!("at most {QUERY_CHARACTERS_MAX} characters")));
            }
            let home = parts.pop.settings().home_region;
            search_pages::page(records, query, home, after, limit as usize, &sight).await?
        }
        (None, false) => cut(records.customers_at_after(&keys, after, limit + 1).await?, limit),
        (None, true) => cut(records.customers_after(after, limit + 1).await?, limit),
    };
    let cards = records.customer_cards(&customers).await?;
    searched(&parts, &caller, &customers).await?;
    let items = cards.iter().map(|card| shown::customer(card, &sight)).collect();
    Ok(Json(Page { items, next: next.map(|next| next.to_string()) }))
}

fn cut(mut found: Vec<CustomerId>, limit: u32) -> FoundPage {
    let limit = limit as usize;
    let is_last = found.len() <= limit;
    found.truncate(limit);
    let next = found.last().copied().filter(|_| !is_last);
    FoundPage { customers: found, next }
}

fn keys_of(parts: &Parts, asked: &SearchAsked) -> Result<Vec<AddressKey>, HttpError> {
    let home = parts.pop.settings().home_region;
    let mut keys = Vec::new();
    for (field, kind, text) in [
        ("phone", AddressKind::Phone, &asked.phone),
        ("email", AddressKind::Email, &asked.email),
        ("handle", AddressKind::Handle, &asked.handle),
    ] {
        let Some(text) = text else { continue };
        let read = Address::read(kind, text, home);
        let read = read.map_err(|error| HttpError::field(field, without_lead(&error.to_string())))?;
        let key = read.and_then(SoughtAddress::of).ok_or_else(|| HttpError::field(field, "an address"))?.key;
        keys.push(key);
    }
    if let Some(id) = &asked.external_id {
        keys.push(external_key(parts, id, "external_id")?.key);
    }
    Ok(keys)
}

/// `system:id`, or an id of the system of the settings.
pub(super) fn external_key(parts: &Parts, id: &str, field: &str) -> Result<ExternalId, HttpError> {
    let read = match id.contains(':') {
        true => Address::read(AddressKind::External, id, None).map(|read| read.expect("only numbers are withheld")),
        false => Address::external(&parts.pop.settings().external_system, id),
    };
    let read = read.map_err(|error| HttpError::field(field, without_lead(&error.to_string())))?;
    let shown = read.shown.clone();
    let key = SoughtAddress::of(read).ok_or_else(|| HttpError::field(field, "a shorter id"))?.key;
    Ok(ExternalId { key, shown })
}

pub(super) struct ExternalId {
    pub key: AddressKey,
    pub shown: String,
}

fn without_lead(error: &str) -> &str {
    error.strip_prefix("expected ").unwrap_or(error)
}

pub(in super::super) async fn show(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_none_match: IfNoneMatch,
) -> Result<Response, HttpError> {
    let card = card(&parts, customer_id(&id)?).await?;
    looked_at(&parts, &caller, card.customer.id).await?;
    Ok(read_answer(shown::etag(&card), &if_none_match, &shown::customer(&card, &caller.sight(&parts))))
}

/// # Errors
/// When there is no such customer, or it is part of another one now.
pub(in super::super) async fn card(parts: &Parts, id: CustomerId) -> Result<CustomerCard, HttpError> {
    let card = parts.pop.records().customer_card(id).await?;
    let card = card.ok_or(HttpError::NotThere { thing: Thing::Customer })?;
    match card.customer.merged_into {
        Some(into) => Err(merged(id, into)),
        None => Ok(card),
    }
}

/// # Errors
/// As of [`card`].
pub(in super::super) async fn is_there(parts: &Parts, id: CustomerId) -> Result<(), HttpError> {
    let customer = parts.pop.records().customer(id).await?;
    match customer.ok_or(HttpError::NotThere { thing: Thing::Customer })?.merged_into {
        Some(into) => Err(merged(id, into)),
        None => Ok(()),
    }
}
