//! Instants and spans as whole milliseconds. Reads no clock: the core is told the time.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A span in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    pub const ZERO: Millis = Millis(0);

    #[must_use]
    pub const fn seconds(seconds: i64) -> Millis {
        Millis(seconds * 1_000)
    }

    #[must_use]
    pub const fn minutes(minutes: i64) -> Millis {
        Millis(minutes * 60_000)
    }

    /// Of 24 hours each, whatever the clocks do.
    #[must_use]
    pub const fn days(days: i64) -> Millis {
        Millis::minutes(days * 24 * 60)
    }
}

impl Timestamp {
    /// The span since `earlier`; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Timestamp) -> Millis {
        Millis((self.0 - earlier.0).max(0))
    }
}

impl Add<Millis> for Timestamp {
    type Output = Timestamp;
    fn add(self, span: Millis) -> Timestamp {
        Timestamp(self.0 + span.0)
    }
}

impl Sub<Millis> for Timestamp {
    type Output = Timestamp;
    fn sub(self, span: Millis) -> Timestamp {
        Timestamp(self.0 - span.0)
    }
}

impl Add for Millis {
    type Output = Millis;
    fn add(self, other: Millis) -> Millis {
        Millis(self.0 + other.0)
    }
}

impl Sub for Millis {
    type Output = Millis;
    fn sub(self, other: Millis) -> Millis {
        Millis(self.0 - other.0)
    }
}

impl std::iter::Sum for Millis {
    fn sum<I: Iterator<Item = Millis>>(spans: I) -> Millis {
        Millis(spans.map(|span| span.0).sum())
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}
