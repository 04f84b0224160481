//! What stands behind the `?`: each name once, UTF-8, read as one type. Guesses nothing.

use axum::extract::FromRequestParts;
use axum::http::request;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::faults::fault_of;
use super::{HttpError, Parts};

/// The query, read.
pub(super) struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Parts> for Query<T> {
    type Rejection = HttpError;

    async fn from_request_parts(request: &mut request::Parts, _: &Parts) -> Result<Query<T>, HttpError> {
        read(request.uri.query().unwrap_or_default()).map(Query)
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, HttpError> {
    let mut fields = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decoded(name).ok_or_else(|| HttpError::field("query", "names in UTF-8, %-encoded"))?;
        let value = decoded(value).ok_or_else(|| HttpError::field(name.clone(), "UTF-8, %-encoded"))?;
        if fields.insert(name.clone(), Value::String(value)).is_some() {
            return Err(HttpError::field(name, "this field once"));
        }
    }
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        let path = error.path().to_string();
        fault_of("query", &path, &error.into_inner().to_string())
    })
}

/// None: not UTF-8, or a `%` without two digits.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
                u8::try_from(digit()? * 16 + digit()?).expect("two digits of 16 are a byte")
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// A whole number from text.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let read = text.parse().map_err(|_| D::Error::custom("expected a whole number, not below 0"))?;
    Ok(Some(read))
}

/// `true` or `false` from text.
pub(super) fn yes_or_no<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(D::Error::custom("expected true or false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, PartialEq, Debug, Default)]
    #[serde(deny_unknown_fields, default)]
    struct Search {
        query: Option<String>,
        #[serde(deserialize_with = "number")]
        limit: Option<u32>,
        #[serde(deserialize_with = "yes_or_no")]
        bom: bool,
    }

    #[test]
    fn names_and_values_are_decoded() {
        let found = read::<Search>("query=Zo%C3%A9+%26%20%E6%9D%8E&limit=5&bom=true").unwrap();
        assert_eq!(found, Search { query: Some("Zoé & 李".to_owned()), limit: Some(5), bom: true });
        assert_eq!(read::<Search>("").unwrap(), Search::default());
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (query, field, expected) in [
            ("query=%ff", "query", "UTF-8, %-encoded"),
            ("query=%4", "query", "UTF-8, %-encoded"),
            ("%ff=1", "query", "names in UTF-8, %-encoded"),
            ("limit=-1", "limit", "a whole number, not below 0"),
            ("bom=1", "bom", "true or false"),
            ("limit=1&limit=2", "limit", "this field once"),
            ("q=1", "q", "a known field: query, limit, bom"),
        ] {
            assert_eq!(read::<Search>(query), Err(HttpError::field(field, expected)), "{query}");
        }
    }
}
