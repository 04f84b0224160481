//! Points in time on the wire: RFC 3339 text in UTC outside, milliseconds since 1970 inside. It
//! never asks what time it is.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time as RFC 3339 text in UTC with milliseconds, from 1990 to the end of 2099. Finer fractions are cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ts_rs::TS)]
#[ts(type = "string")]
pub struct Time(i64);

const EXPECTED: &str = "a time in UTC from 1990 to 2099 as RFC 3339 text, e.g. 2026-11-22T09:00:00.017Z";
const PATTERN: &str = r"^(199|20[0-9])[0-9]-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|\+00:00)$";

impl Time {
    /// 1990-01-01T00:00:00.000Z. Recorded calls of the nineties are played with their own times; anything older is a mistake.
    pub const MIN: Time = Time(631_152_000_000);
    /// 2099-12-31T23:59:59.999Z.
    pub const MAX: Time = Time(4_102_444_799_999);

    /// From milliseconds since 1970; outside the range the nearest end of it, as only a wrong
    /// clock of our own gets there.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        Time(ms.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn as_ms(self) -> i64 {
        self.0
    }

    fn parse(text: &str) -> Option<Self> {
        if !has_shape(text.as_bytes()) {
            return None;
        }
        let time = Time(text.parse::<Timestamp>().ok()?.as_millisecond());
        (Self::MIN..=Self::MAX).contains(&time).then_some(time)
    }
}

/// jiff reads more than the wire allows: spaces, other offsets, zone names in brackets.
fn has_shape(text: &[u8]) -> bool {
    let Some((seconds, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let digits_stand = seconds.iter().zip(b"dddd-dd-ddTdd:dd:dd").all(|(byte, want)| match want {
        b'd' => byte.is_ascii_digit(),
        mark => byte == mark,
    });
    let Some(fraction) = rest.strip_suffix(b"Z").or_else(|| rest.strip_suffix(b"+00:00")) else {
        return false;
    };
    let fraction_stands = match fraction {
        [] => true,
        [b'.', digits @ ..] => (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    digits_stand && fraction_stands
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timestamp =
            Timestamp::from_millisecond(self.0).expect("a wire time lies between 1990 and 2099, which jiff can hold");
        write!(f, "{timestamp:.3}")
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        Time::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Other("this text"), &EXPECTED))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimeVisitor)
    }
}

impl schemars::JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": <Self as ts_rs::TS>::docs().map(|docs| super::typescript::plain(&docs)),
            "type": "string",
            "format": "date-time",
            "pattern": PATTERN,
        })
    }
}
