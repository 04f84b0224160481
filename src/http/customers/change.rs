//! Customers added and changed. Finds none.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::customers::customer::{CustomerCard, CustomerFields};
use crate::customers::edit::CustomerEdit;
use crate::customers::ids::CustomerId;
use crate::customers::redaction::Sight;

use super::super::body::Asked;
use super::super::caller::Caller;
use super::super::etag::{IfMatch, answer};
use super::super::path::{At, customer_id};
use super::super::seen::changed;
use super::super::words::stamp_of;
use super::super::{HttpError, Parts};
use super::asked::CustomerAsked;
use super::find::card;
use super::shown;
use crate::records::Act;

pub(in super::super) async fn create(
    State(parts): State<Parts>,
    caller: Caller,
    Asked(asked): Asked<CustomerAsked>,
) -> Result<Response, HttpError> {
    let wish = asked.wish(&CustomerFields::default(), parts.pop.settings(), &Sight::of_everything())?;
    let customer = parts.pop.records().add_customer(&wish.to_new(), &stamp_of(&parts.pop, &caller)).await?;
    parts.pop.addresses_changed();
    changed(&parts, &caller, Act::Created, customer).await?;
    created(&parts, &caller, customer).await
}

pub(super) async fn created(parts: &Parts, caller: &Caller, customer: CustomerId) -> Result<Response, HttpError> {
    let mut response = shown_now(parts, caller, customer, StatusCode::CREATED).await?;
    let location = format!("/api/v1/customers/{customer}");
    let location = HeaderValue::try_from(location).expect("a number is ASCII");
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

pub(in super::super) async fn change(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<CustomerAsked>,
) -> Result<Response, HttpError> {
    let card = card(&parts, customer_id(&id)?).await?;
    let wish = asked.wish(&card.customer.fields, parts.pop.settings(), &caller.sight(&parts))?;
    edit(&parts, &caller, &card, &if_match, &wish.edit_of(&card)).await
}

/// Makes the edit at the version that was read, and shows how the customer is then.
pub(super) async fn edit(
    parts: &Parts,
    caller: &Caller,
    card: &CustomerCard,
    if_match: &IfMatch,
    edit: &CustomerEdit,
) -> Result<Response, HttpError> {
    let id = card.customer.id;
    let expected = if_match.version(card.customer.version)?;
    parts.pop.records().edit_customer(id, expected, edit, &stamp_of(&parts.pop, caller)).await?;
    tell(parts, caller, id, edit).await?;
    shown_now(parts, caller, id, StatusCode::OK).await
}

pub(super) async fn tell(parts: &Parts, caller: &Caller, id: CustomerId, edit: &CustomerEdit) -> Result<(), HttpError> {
    if *edit == CustomerEdit::default() {
        return Ok(());
    }
    if !edit.addresses.is_empty() {
        parts.pop.addresses_changed();
    }
    parts.pop.changed(id);
    changed(parts, caller, Act::Changed, id).await
}

pub(super) async fn shown_now(
    parts: &Parts,
    caller: &Caller,
    id: CustomerId,
    status: StatusCode,
) -> Result<Response, HttpError> {
    let card = card(parts, id).await?;
    Ok(answer(status, shown::etag(&card), &shown::customer(&card, &caller.sight(parts))))
}
