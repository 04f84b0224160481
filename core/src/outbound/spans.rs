//! Spans of time in settings, as people write them: `10 min`, `1 h 30 min`, `15 days`. Knows no clock and no calendar: a day
//! is 24 hours.

use jiff::fmt::friendly::SpanParser;
use serde::{Deserialize, Deserializer, Serializer, de};

use crate::routing::time::Millis;

const UNITS: [(&str, Millis); 4] =
    [("days", Millis::days(1)), ("h", Millis::minutes(60)), ("min", Millis::minutes(1)), ("s", Millis::seconds(1))];

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected a time such as \"20 s\", \"10 min\", \"3 h\" or \"15 days\"")]
pub struct NoSpan;

/// # Errors
/// When the text is no span, a negative one, or one of less than a millisecond.
pub fn read(text: &str) -> Result<Millis, NoSpan> {
    if let Some(days) = days(text) {
        return days.map(|days| Millis::days(i64::from(days)));
    }
    let span = SpanParser::new().parse_duration(text).map_err(|_| NoSpan)?;
    if span.is_negative() || span.subsec_nanos() % 1_000_000 != 0 {
        return Err(NoSpan);
    }
    i64::try_from(span.as_millis()).map(Millis).map_err(|_| NoSpan)
}

/// Of a text that speaks of days.
pub(super) fn days(text: &str) -> Option<Result<u16, NoSpan>> {
    let count = text.strip_suffix("days").or_else(|| text.strip_suffix("day"))?;
    Some(count.trim_end().parse().map_err(|_| NoSpan))
}

/// In the largest unit of which it is a whole number, as [`read`] reads it.
#[must_use]
pub fn written(span: Millis) -> String {
    let whole = UNITS.iter().find(|(_, unit)| span != Millis::ZERO && span.0 % unit.0 == 0);
    match whole {
        Some((name, unit)) => format!("{} {name}", span.0 / unit.0),
        None => format!("{} ms", span.0),
    }
}

/// # Errors
/// When the format cannot take a text.
pub fn serialize<S: Serializer>(span: &Millis, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&written(*span))
}

/// # Errors
/// As [`read`].
pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Millis, D::Error> {
    let text = String::deserialize(deserializer)?;
    read(&text).map_err(|error| de::Error::custom(format_args!("{error}, found {text:?}")))
}

/// Several of them.
pub mod list {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::{read, written};
    use crate::routing::time::Millis;

    /// # Errors
    /// When the format cannot take a list of texts.
    pub fn serialize<S: Serializer>(spans: &[Millis], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(spans.iter().map(|span| written(*span)))
    }

    /// # Errors
    /// As [`read`].
    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Vec<Millis>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let span =
            |text: &String| read(text).map_err(|error| de::Error::custom(format_args!("{error}, found {text:?}")));
        texts.iter().map(span).collect()
    }
}
