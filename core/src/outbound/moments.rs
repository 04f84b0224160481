//! Moments as people read and write them: with their offset. Knows no clock.

use jiff::Timestamp as Instant;
use serde::{Deserialize, Deserializer, Serializer, de};

use crate::routing::time::Timestamp;

/// # Errors
/// When the format cannot take a text.
pub fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at.map(|at| Instant::from_millisecond(at.0)) {
        Some(Ok(at)) => serializer.serialize_str(&at.to_string()),
        Some(Err(error)) => Err(serde::ser::Error::custom(error)),
        None => serializer.serialize_none(),
    }
}

/// # Errors
/// When the text is no moment with its offset.
pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let at = text.parse::<Instant>().map_err(|_| {
        let expected = "a date and time with its offset, such as 2026-12-31T18:00:00+01:00";
        de::Error::invalid_value(de::Unexpected::Str(&text), &expected)
    })?;
    Ok(Some(Timestamp(at.as_millisecond())))
}
