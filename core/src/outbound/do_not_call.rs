//! Who must not be called: entries, and whether one of them stops a call. It holds no list; whoever does finds by equal keys.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::routing::time::Timestamp;

/// Digits of a number: E.164 has no more.
pub const NUMBER_DIGITS_MAX: usize = 15;
/// Fewest digits of a prefix: shorter ones would stop a whole country by a slip.
pub const PREFIX_DIGITS_MIN: usize = 3;

/// The digits of a number or of its beginning, without `+`. Eight bytes, so that tens of millions fit in memory.
/// It is personal data and prints itself masked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct NumberDigits(u64);

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected 1 to {NUMBER_DIGITS_MAX} digits, the first not 0, perhaps with + before them")]
pub struct InvalidDigits;

impl NumberDigits {
    /// # Errors
    /// When it is no beginning of a number in E.164.
    pub fn new(text: &str) -> Result<Self, InvalidDigits> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let fits = (1..=NUMBER_DIGITS_MAX).contains(&digits.len());
        if !fits || !digits.bytes().all(|digit| digit.is_ascii_digit()) || digits.starts_with('0') {
            return Err(InvalidDigits);
        }
        digits.parse().map(Self).map_err(|_| InvalidDigits)
    }

    #[must_use]
    pub fn count(self) -> usize {
        self.0.checked_ilog10().map_or(0, |log| log as usize + 1)
    }

    /// Each beginning of it from [`PREFIX_DIGITS_MIN`] digits on, the longest (itself) first: what to look a number up by.
    pub fn prefixes(self) -> impl Iterator<Item = NumberDigits> {
        let shorter =
            |digits: &NumberDigits| Some(NumberDigits(digits.0 / 10)).filter(|one| one.count() >= PREFIX_DIGITS_MIN);
        std::iter::successors(Some(self), shorter)
    }
}

impl TryFrom<u64> for NumberDigits {
    type Error = InvalidDigits;
    fn try_from(digits: u64) -> Result<Self, InvalidDigits> {
        let digits = Self(digits);
        if (1..=NUMBER_DIGITS_MAX).contains(&digits.count()) { Ok(digits) } else { Err(InvalidDigits) }
    }
}

impl From<NumberDigits> for u64 {
    fn from(digits: NumberDigits) -> u64 {
        digits.0
    }
}

impl fmt::Debug for NumberDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…{:02} ({} digits)", self.0 % 100, self.count())
    }
}

/// For whose calls an entry holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoNotCallScope {
    Everyone,
    Campaign(Arc<str>),
    /// Those on behalf of one client of the centre.
    Account(Arc<str>),
}

impl fmt::Display for DoNotCallScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DoNotCallScope::Everyone => f.write_str("everyone"),
            DoNotCallScope::Campaign(campaign) => write!(f, "campaign {campaign}"),
            DoNotCallScope::Account(account) => write!(f, "account {account}"),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoNotCallWhat {
    Number(NumberDigits),
    /// Every number that begins so.
    Prefix(NumberDigits),
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct DoNotCallEntry {
    pub scope: DoNotCallScope,
    pub what: DoNotCallWhat,
    /// From then on it no longer holds; None: it holds for good.
    pub expires_at: Option<Timestamp>,
}

/// Whether what expires then still holds.
#[must_use]
pub fn holds(expires_at: Option<Timestamp>, at: Timestamp) -> bool {
    expires_at.is_none_or(|expires_at| at < expires_at)
}

/// The later of two expiries; without one it is for good.
#[must_use]
pub fn later_expiry(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    Some(one?.max(other?))
}

/// A prefix that would stop too much.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected at least {PREFIX_DIGITS_MIN} digits of a prefix, the country's code included")]
pub struct PrefixTooShort;

impl DoNotCallWhat {
    /// # Errors
    /// When so short a prefix was hardly meant.
    pub fn prefix(digits: NumberDigits) -> Result<Self, PrefixTooShort> {
        if digits.count() >= PREFIX_DIGITS_MIN { Ok(Self::Prefix(digits)) } else { Err(PrefixTooShort) }
    }

    /// Each key under which an entry that covers `number` may be kept.
    pub fn covering(number: NumberDigits) -> impl Iterator<Item = DoNotCallWhat> {
        std::iter::once(Self::Number(number)).chain(number.prefixes().map(Self::Prefix))
    }

    #[must_use]
    pub fn covers(self, number: NumberDigits) -> bool {
        match self {
            Self::Number(digits) => digits == number,
            Self::Prefix(digits) => number.prefixes().any(|prefix| prefix == digits),
        }
    }
}

/// A call as do-not-call entries see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallTo<'c> {
    pub number: NumberDigits,
    /// None: it is a callback.
    pub campaign: Option<&'c str>,
    pub account: Option<&'c str>,
}

impl DoNotCallEntry {
    #[must_use]
    pub fn stops(&self, call: CallTo<'_>, at: Timestamp) -> bool {
        let is_for_call = match &self.scope {
            DoNotCallScope::Everyone => true,
            DoNotCallScope::Campaign(campaign) => Some(&**campaign) == call.campaign,
            DoNotCallScope::Account(account) => Some(&**account) == call.account,
        };
        is_for_call && holds(self.expires_at, at) && self.what.covers(call.number)
    }
}

/// The entry that stops a call: of several the one that holds longest, so that nobody asks again too early.
#[must_use]
pub fn stopped_by<'e>(
    entries: impl IntoIterator<Item = &'e DoNotCallEntry>,
    call: CallTo<'_>,
    at: Timestamp,
) -> Option<&'e DoNotCallEntry> {
    let stopping = entries.into_iter().filter(|entry| entry.stops(call, at));
    stopping.max_by_key(|entry| (entry.expires_at.is_none(), entry.expires_at))
}
