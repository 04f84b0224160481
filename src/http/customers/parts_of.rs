//! Single addresses, names and tags of a customer, each change at the version that was read. Changes nothing else.

use axum::extract::State;
use axum::response::Response;

use crate::customers::customer::CustomerCard;
use crate::customers::edit::{AddressEdit, CustomerEdit, NameEdit, TagEdit};
use crate::customers::text::Tag;

use super::super::body::Asked;
use super::super::caller::Caller;
use super::super::etag::IfMatch;
use super::super::path::{At, address_id, customer_id, name_id};
use super::super::words::{consent_read, text, text_if_any};
use super::super::{HttpError, Parts};
use super::asked::{AddressAsked, AddressChangeAsked, NameAsked};
use super::change::edit;
use super::find::card;

type Changed = Result<Response, HttpError>;

pub(in super::super) async fn add_address(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<AddressAsked>,
) -> Changed {
    let card = card(&parts, customer_id(&id)?).await?;
    let new = asked.wished("", parts.pop.settings().home_region)?.to_new();
    of_address(&parts, &caller, &card, &if_match, vec![AddressEdit::Add(new)]).await
}

pub(in super::super) async fn change_address(
    State(parts): State<Parts>,
    caller: Caller,
    At((id, address)): At<(String, String)>,
    if_match: IfMatch,
    Asked(asked): Asked<AddressChangeAsked>,
) -> Changed {
    let card = card(&parts, customer_id(&id)?).await?;
    let address = address_id(&address)?;
    let label = asked.label.map(|label| text_if_any("label", label)).transpose()?;
    let label = label.map(|label| AddressEdit::Label(address, label));
    let consent = asked.consent.map(|consent| AddressEdit::Consent(address, consent_read(consent)));
    of_address(&parts, &caller, &card, &if_match, label.into_iter().chain(consent).collect()).await
}

pub(in super::super) async fn remove_address(
    State(parts): State<Parts>,
    caller: Caller,
    At((id, address)): At<(String, String)>,
    if_match: IfMatch,
) -> Changed {
    let card = card(&parts, customer_id(&id)?).await?;
    of_address(&parts, &caller, &card, &if_match, vec![AddressEdit::Remove(address_id(&address)?)]).await
}

async fn of_address(
    parts: &Parts,
    caller: &Caller,
    card: &CustomerCard,
    if_match: &IfMatch,
    addresses: Vec<AddressEdit>,
) -> Changed {
    edit(parts, caller, card, if_match, &CustomerEdit { addresses, ..CustomerEdit::default() }).await
}

pub(in super::super) async fn add_name(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    if_match: IfMatch,
    Asked(asked): Asked<NameAsked>,
) -> Changed {
    let card = card(&parts, customer_id(&id)?).await?;
    let names = vec![NameEdit::Add(asked.wished("")?)];
    edit(&parts, &caller, &card, &if_match, &CustomerEdit { names, ..CustomerEdit::default() }).await
}

pub(in super::super) async fn remove_name(
    State(parts): State<Parts>,
    caller: Caller,
    At((id, name)): At<(String, String)>,
    if_match: IfMatch,
) -> Changed {
    let card = card(&parts, customer_id(&id)?).await?;
    let names = vec![NameEdit::Remove(name_id(&name)?)];
    edit(&parts, &caller, &card, &if_match, &CustomerEdit { names, ..CustomerEdit::default() }).await
}

pub(in super::super) async fn add_tag(
    State(parts): State<Parts>,
    caller: Caller,
    At((id, tag)): At<(String, String)>,
    if_match: IfMatch,
) -> Changed {
    let card = card(&parts, customer_id(&id)?).await?;
    let tags = vec![TagEdit::Add(text::<Tag>("tag", tag)?)];
    edit(&parts, &caller, &card, &if_match, &CustomerEdit { tags, ..CustomerEdit::default() }).await
}

pub(in super::super) async fn remove_tag(
    State(parts): State<Parts>,
    caller: Caller,
    At((id, tag)): At<(String, String)>,
    if_match: IfMatch,
) -> Changed {
    let card = card(&parts, customer_id(&id)?).await?;
    let tags = vec![TagEdit::Remove(text::<Tag>("tag", tag)?)];
    edit(&parts, &caller, &card, &if_match, &CustomerEdit { tags, ..CustomerEdit::default() }).await
}
