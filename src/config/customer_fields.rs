//! The centre's own fields of a customer as the settings declare them, and where each is wrong. Checks no value.

use std::ops::Range;

use serde::Deserialize;
use toml::de::{DeValue, ValueDeserializer};

use super::value::Given;
use crate::customers::custom_fields::{FIELDS_MAX, FieldDeclaration, FieldDeclarations};

/// Longest name that is repeated in an error, in characters.
const NAMED_MAX: usize = 40;

/// One declaration that cannot be.
pub(super) struct BadField {
    pub message: String,
    pub expected: String,
    /// Its bytes in the text.
    pub span: Option<Range<usize>>,
}

pub(super) fn expected() -> String {
    format!(
        "at most {FIELDS_MAX} fields like {{ name = \"plan\", type = \"choice\", options = [\"a\", \"b\"], label = \"Plan\", \
         personal = false }}; types: text (with length_max), integer, decimal, date, boolean, choice (with options)"
    )
}

/// # Errors
/// Each declaration that is wrong; none is taken then.
pub(super) fn read(given: &Given<'_>) -> Result<FieldDeclarations, Vec<BadField>> {
    match given {
        Given::InFile(value) => read_list(value),
        Given::AsText("") => Ok(FieldDeclarations::default()),
        Given::AsText(text) => match DeValue::parse(text) {
            Ok(value) => read_list(value.get_ref()),
            Err(_) => Err(vec![no_list()]),
        },
    }
}

fn no_list() -> BadField {
    BadField { message: "customers.fields is no list".to_owned(), expected: expected(), span: None }
}

fn read_list(value: &DeValue<'_>) -> Result<FieldDeclarations, Vec<BadField>> {
    let list = value.as_array().ok_or_else(|| vec![no_list()])?;
    let mut declared = FieldDeclarations::default();
    let mut bad = Vec::new();
    for (place, item) in list.iter().enumerate() {
        let at = match item.get_ref().get("name").and_then(|name| name.get_ref().as_str()) {
            Some(name) => format!("customers.fields[{place}] ({})", name.chars().take(NAMED_MAX).collect::<String>()),
            None => format!("customers.fields[{place}]"),
        };
        let read = FieldDeclaration::deserialize(ValueDeserializer::from(item.clone()));
        let (why, span) = match read {
            Ok(field) => match declared.declare(field) {
                Ok(()) => continue,
                Err(error) => (error.to_string(), None),
            },
            Err(error) => (error.message().to_owned(), error.span()),
        };
        let (why, expected) = match why.split_once("expected ") {
            Some((why, expected)) => (why.trim_end_matches([' ', ',', ':']).to_owned(), expected.to_owned()),
            None => (why, expected()),
        };
        bad.push(BadField {
            message: format!("{at}: {why}"),
            expected,
            span: Some(span.unwrap_or_else(|| item.span())),
        });
    }
    if bad.is_empty() { Ok(declared) } else { Err(bad) }
}
