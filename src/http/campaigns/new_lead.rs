//! One lead added: read and checked like a row of an import. Calls nobody.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::customers::text::Tag;
use crate::outbound::lead_by_hand::{LeadCell, RefusedCell, lead_by_hand};
use crate::outbound::lead_columns::LeadColumn;
use crate::protocol as wire;

use super::super::body::Asked;
use super::super::caller::Caller;
use super::super::error::Thing;
use super::super::path::{At, call_list_id};
use super::super::words::{stamp_of, text};
use super::super::{HttpError, Parts};
use super::leads::shown;

/// A lead to be added.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct LeadAsked {
    /// In the order in which they are tried; without a country they are of the list's.
    numbers: Vec<NumberAsked>,
    #[serde(default)]
    name: Option<String>,
    /// BCP 47, such as de or zh-Hant.
    #[serde(default)]
    language: Option<String>,
    /// Such as Europe/Paris; else region, postcode and number tell.
    #[serde(default)]
    zone: Option<String>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    postcode: Option<String>,
    /// From -1000 to 1000, the highest first.
    #[serde(default)]
    priority: Option<i64>,
    /// In the system that it comes from.
    #[serde(default)]
    external_id: Option<String>,
    /// Those that the list declares.
    #[serde(default)]
    fields: BTreeMap<String, Value>,
    /// Of all numbers.
    #[serde(default)]
    consent: Option<ConsentAsked>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NumberAsked {
    number: String,
    /// What the number is of, such as mobile.
    #[serde(default)]
    label: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConsentAsked {
    state: wire::Consent,
    /// In the centre's own words, such as written.
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    at: Option<wire::Time>,
    #[serde(default)]
    source: Option<String>,
}

pub(in super::super) async fn add(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Asked(asked): Asked<LeadAsked>,
) -> Result<Response, HttpError> {
    let records = parts.pop.records();
    let list = records.call_list(call_list_id(&id)?).await?;
    let list = list.ok_or(HttpError::NotThere { thing: Thing::CallList })?;
    let draft = lead_by_hand(&cells(asked)?, &list.settings)?;
    let added = records.add_lead(list.id, &draft, &stamp_of(&parts.pop, &caller)).await?;
    let (lead, standing) = records.lead(added).await?.ok_or(HttpError::NotThere { thing: Thing::Lead })?;
    let location = format!("/api/v1/leads/{added}");
    let body = Json(shown(&caller.sight(&parts), &lead, &standing));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
}

/// One after the other, as the cells of a row.
fn cells(asked: LeadAsked) -> Result<Vec<LeadCell>, HttpError> {
    let mut cells = Vec::new();
    let mut add = |field: String, column: LeadColumn, text: String| cells.push(LeadCell { field, column, text });
    for (place, NumberAsked { number, label }) in asked.numbers.into_iter().enumerate() {
        let column = match label {
            Some(label) => {
                let label: Tag = text(&format!("numbers[{place}].label"), label)?;
                LeadColumn::NumberOf { label }
            }
            None => LeadColumn::Number,
        };
        add(format!("numbers[{place}].number"), column, number);
    }
    let priority = asked.priority.map(|priority| priority.to_string());
    for (field, column, text) in [
        ("name", LeadColumn::Name, asked.name),
        ("language", LeadColumn::Language, asked.language),
        ("zone", LeadColumn::Zone, asked.zone),
        ("region", LeadColumn::Region, asked.region),
        ("postcode", LeadColumn::Postcode, asked.postcode),
        ("priority", LeadColumn::Priority, priority),
        ("external_id", LeadColumn::Id, asked.external_id),
    ] {
        if let Some(text) = text {
            add(field.to_owned(), column, text);
        }
    }
    if let Some(ConsentAsked { state, kind, at, source }) = asked.consent {
        let state = match state {
            wire::Consent::Yes => "yes",
            wire::Consent::No => "no",
            wire::Consent::Unknown => "unknown",
        };
        add("consent.state".to_owned(), LeadColumn::Consent, state.to_owned());
        for (field, column, text) in [
            ("consent.kind", LeadColumn::ConsentKind, kind),
            ("consent.at", LeadColumn::ConsentAt, at.map(|at| at.to_string())),
            ("consent.source", LeadColumn::ConsentSource, source),
        ] {
            if let Some(text) = text {
                add(field.to_owned(), column, text);
            }
        }
    }
    for (name, value) in asked.fields {
        let field = format!("fields.{name}");
        let text = match value {
            Value::String(text) => text,
            Value::Null => continue,
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => return Err(HttpError::field(field, "one value")),
        };
        add(field, LeadColumn::Field { name }, text);
    }
    Ok(cells)
}

impl From<RefusedCell> for HttpError {
    fn from(RefusedCell { field, expected }: RefusedCell) -> HttpError {
        HttpError::InvalidField { field, expected }
    }
}
