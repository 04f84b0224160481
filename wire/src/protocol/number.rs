//! Numbers with a range. It never counts anything itself.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serialize};

/// The largest integer that every JSON reader keeps exactly (JavaScript's 2⁵³ − 1).
const INTEGER_MAX: u64 = (1 << 53) - 1;
/// An hour: who asks for more time to finish up has gone home.
const DURATION_MS_MAX: u64 = 60 * 60 * 1000;
/// A second: anything less is a mistake of the unit.
const DURATION_MS_MIN: u64 = 1000;

struct RangeVisitor {
    min: u64,
    max: u64,
}

impl Visitor<'_> for RangeVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an integer from {} to {}", self.min, self.max)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
        if (self.min..=self.max).contains(&number) {
            Ok(number)
        } else {
            Err(E::invalid_value(Unexpected::Unsigned(number), &self))
        }
    }
}

macro_rules! number_type {
    ($(#[$doc:meta])* $name:ident: $min:tt to $max:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS)]
        pub struct $name(u64);

        impl $name {
            /// `None` when the number is out of range.
            #[must_use]
            pub fn new(number: u64) -> Option<Self> {
                ($min..=$max).contains(&number).then_some(Self(number))
            }

            /// The number itself.
            #[must_use]
            pub fn get(self) -> u64 {
                self.0
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_u64(RangeVisitor { min: $min, max: $max }).map(Self)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "description": <Self as ts_rs::TS>::docs().map(|docs| super::typescript::plain(&docs)),
                    "type": "integer",
                    "minimum": $min,
                    "maximum": $max,
                })
            }
        }
    };
}

number_type! {
    /// A gateway's number of one of its events: it starts at 1, rises by at least 1 with each, and is kept by the gateway over restarts.
    EventNumber: 1 to INTEGER_MAX
}
number_type! {
    /// The number of an event in the journal: 1, 2, 3 … without a gap.
    JournalNumber: 1 to INTEGER_MAX
}
number_type! {
    /// The number of a pushed event within its session: 1, 2, 3 … without a gap. 0 stands before the first.
    Seq: 0 to INTEGER_MAX
}
number_type! {
    /// A duration in milliseconds, from a second to an hour.
    DurationMs: DURATION_MS_MIN to DURATION_MS_MAX
}
