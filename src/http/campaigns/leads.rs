//! Leads: page by page, one, closed by hand. Shows of a person what the asker may see, and adds none: imports and `new_lead.rs` do.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::customers::address::AddressKind;
use crate::customers::customer::{AddressKey, CustomerFields};
use crate::customers::redaction::Sight;
use crate::customers::text::AddressKindWord;
use crate::outbound::ids::LeadId;
use crate::outbound::lead::{Lead, LeadNumber};
use crate::outbound::lead_standing::LeadStanding;
use crate::protocol as wire;

use super::super::caller::Caller;
use super::super::error::Thing;
use super::super::paging::{Page, PageAsked, after, limit};
use super::super::path::{At, call_list_id, lead_id};
use super::super::query::Query;
use super::super::seen::looked_at_leads;
use super::super::words::{consent_shown, stamp_of, time};
use super::super::{HttpError, Parts};

/// A lead.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct LeadShown {
    id: String,
    list: String,
    priority: i64,
    /// Null: it is not known, or not shown.
    name: Option<String>,
    language: Option<String>,
    zone: Option<String>,
    region: Option<String>,
    postcode: Option<String>,
    /// In the system that it comes from.
    external_id: Option<String>,
    /// In the order in which they are tried.
    numbers: Vec<LeadNumberShown>,
    fields: Map<String, Value>,
    added_at: wire::Time,
    /// How often somebody tried to call it.
    attempts: u64,
    /// Null: nobody tried it, or it is over.
    due: Option<wire::Time>,
    with_router: bool,
    /// Why it is not called any more.
    ended: Option<String>,
}

/// One number of a lead.
#[derive(Serialize, JsonSchema)]
struct LeadNumberShown {
    number: String,
    label: Option<String>,
    consent: wire::Consent,
}

/// By their numbers.
pub(in super::super) async fn of_list(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Query(asked): Query<PageAsked>,
) -> Result<Json<Page<LeadShown>>, HttpError> {
    let list = call_list_id(&id)?;
    let records = parts.pop.records();
    records.call_list(list).await?.ok_or(HttpError::NotThere { thing: Thing::CallList })?;
    let limit = limit(asked.limit)?;
    let after = LeadId(after(asked.after.as_deref())?.unwrap_or(0));
    let mut leads = Vec::new();
    for lead in records.leads_of_list(list, after, limit + 1).await? {
        leads.extend(records.lead(lead).await?);
    }
    let ids: Vec<LeadId> = leads.iter().map(|(lead, _)| lead.id).collect();
    looked_at_leads(&parts, &caller, &ids).await?;
    let sight = caller.sight(&parts);
    Ok(Json(Page::of(leads, limit, |(lead, _)| lead.id.to_string(), |(lead, standing)| shown(&sight, lead, standing))))
}

pub(in super::super) async fn show(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Json<LeadShown>, HttpError> {
    let id = lead_id(&id)?;
    let found = parts.pop.records().lead(id).await?;
    let (lead, standing) = found.ok_or(HttpError::NotThere { thing: Thing::Lead })?;
    looked_at_leads(&parts, &caller, &[id]).await?;
    Ok(Json(shown(&caller.sight(&parts), &lead, &standing)))
}

/// It is not called any more, whatever becomes of a call that is under way. Closed already, it stays so.
pub(in super::super) async fn close(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Response, HttpError> {
    let id = lead_id(&id)?;
    let records = parts.pop.records();
    if !records.close_lead(id, &stamp_of(&parts.pop, &caller)).await? && records.lead(id).await?.is_none() {
        return Err(HttpError::NotThere { thing: Thing::Lead });
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) fn shown(sight: &Sight, lead: &Lead, standing: &LeadStanding) -> LeadShown {
    let Lead { id, list, lead, attempts, added_at, .. } = lead;
    let seen = CustomerFields { name: lead.name.clone(), custom: lead.fields.clone(), ..CustomerFields::default() };
    let seen = sight.fields(&seen);
    let text = |text: Option<&str>| text.map(ToOwned::to_owned);
    LeadShown {
        id: id.to_string(),
        list: list.to_string(),
        priority: lead.priority,
        name: Some(seen.name.as_str().to_owned()).filter(|name| !name.is_empty()),
        language: text(lead.language.as_ref().map(|language| language.as_str())),
        zone: text(lead.zone.as_ref().map(|zone| zone.as_str())),
        region: text(lead.region.as_ref().map(|region| region.as_str())),
        postcode: text(lead.postcode.as_ref().map(|postcode| postcode.as_str())),
        external_id: text(
            lead.external_id.as_ref().filter(|_| sight.sees_kind(AddressKind::External)).map(|id| id.as_str()),
        ),
        numbers: lead.numbers.iter().map(|number| number_shown(sight, number)).collect(),
        fields: seen.custom.0.into_iter().collect(),
        added_at: time(*added_at),
        attempts: *attempts,
        due: standing.due.filter(|_| standing.end.is_none()).map(time),
        with_router: standing.contact.is_some(),
        ended: standing.end.map(|end| end.word().to_owned()),
    }
}

fn number_shown(sight: &Sight, number: &LeadNumber) -> LeadNumberShown {
    let kind = AddressKindWord::new(AddressKind::Phone.as_str()).expect("a kind is a short word");
    let seen = sight.key(&AddressKey { kind, value: number.value.clone() });
    LeadNumberShown {
        number: seen.value.as_str().to_owned(),
        label: number.label.as_ref().map(|label| label.as_str().to_owned()),
        consent: consent_shown(number.consent.state),
    }
}
