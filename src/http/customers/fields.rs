//! The centre's own fields as they are declared. Shows no customer.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::customers::custom_fields::{FieldDeclaration, FieldType};

use super::super::Parts;

/// The centre's own fields of a customer.
#[derive(Serialize, JsonSchema)]
pub struct FieldsShown {
    /// In the order in which they are shown; none: any field is taken as it is sent.
    fields: Vec<FieldShown>,
}

/// One of them.
#[derive(Serialize, JsonSchema)]
struct FieldShown {
    /// In `custom`.
    name: String,
    /// For people.
    label: String,
    #[serde(rename = "type")]
    field_type: FieldTypeShown,
    /// Hidden from whom all custom fields are hidden.
    personal: bool,
    /// Of a text, in characters.
    length_max: Option<usize>,
    /// Of a choice.
    options: Option<Vec<String>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "FieldType")]
enum FieldTypeShown {
    Text,
    /// A JSON number without a fraction.
    Integer,
    /// A text or a number; kept as a text, so that no digit is lost.
    Decimal,
    /// A text like 2026-11-22.
    Date,
    Boolean,
    /// A text, one of the options.
    Choice,
}

pub(in super::super) async fn declared(State(parts): State<Parts>) -> Json<FieldsShown> {
    Json(FieldsShown { fields: parts.pop.settings().fields.iter().map(shown).collect() })
}

fn shown(field: &FieldDeclaration) -> FieldShown {
    let (field_type, length_max, options) = match &field.field_type {
        FieldType::Text { characters_max } => (FieldTypeShown::Text, Some(*characters_max), None),
        FieldType::Integer => (FieldTypeShown::Integer, None, None),
        FieldType::Decimal => (FieldTypeShown::Decimal, None, None),
        FieldType::Date => (FieldTypeShown::Date, None, None),
        FieldType::Boolean => (FieldTypeShown::Boolean, None, None),
        FieldType::Choice { options } => (FieldTypeShown::Choice, None, Some(options.clone())),
    };
    let (name, label) = (field.name.clone(), field.label.clone());
    FieldShown { name, label, field_type, personal: field.personal, length_max, options }
}
