//! The keys of a telephone, and several of them in a row. It never says what one of them does.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

const EXPECTED: &str = "one of 0 to 9, *, #, A to D";
const EXPECTED_KEYS: &str = "1 to 32 of 0 to 9, *, #, A to D";

/// A key of a telephone: 0 to 9, *, #, A to D.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS)]
#[ts(type = "string")]
pub struct TelephoneKey(char);

impl TelephoneKey {
    /// `None` when a telephone has no such key.
    #[must_use]
    pub fn new(key: char) -> Option<Self> {
        (key.is_ascii_digit() || matches!(key, '*' | '#' | 'A'..='D')).then_some(Self(key))
    }

    /// As it stands on the key.
    #[must_use]
    pub fn as_char(self) -> char {
        self.0
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = TelephoneKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<TelephoneKey, E> {
        let mut keys = text.chars();
        let one = keys.next().filter(|_| keys.next().is_none());
        one.and_then(TelephoneKey::new).ok_or_else(|| E::invalid_value(Unexpected::Other("this text"), &self))
    }
}

impl<'de> Deserialize<'de> for TelephoneKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

impl schemars::JsonSchema for TelephoneKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TelephoneKey".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A key of a telephone: 0 to 9, *, #, A to D.",
            "type": "string",
            "pattern": "^[0-9*#A-D]$",
        })
    }
}

/// Keys of a telephone, one after the other: 1 to 32 of 0 to 9, *, #, A to D.
#[derive(Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(type = "string")]
pub struct TelephoneKeys(String);

impl TelephoneKeys {
    /// The most of them in one message.
    pub const LENGTH_MAX: usize = 32;

    /// `None` when there are none or too many, or when a telephone has no such key.
    #[must_use]
    pub fn new(keys: &str) -> Option<Self> {
        let are_keys = keys.chars().all(|key| TelephoneKey::new(key).is_some());
        (are_keys && (1..=Self::LENGTH_MAX).contains(&keys.len())).then(|| Self(keys.to_owned()))
    }

    /// As they stand on the keys.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A customer's card may be among them.
impl fmt::Debug for TelephoneKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TelephoneKeys(hidden)")
    }
}

struct KeysVisitor;

impl Visitor<'_> for KeysVisitor {
    type Value = TelephoneKeys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED_KEYS)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<TelephoneKeys, E> {
        TelephoneKeys::new(text).ok_or_else(|| E::invalid_value(Unexpected::Other("this text"), &self))
    }
}

impl<'de> Deserialize<'de> for TelephoneKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeysVisitor)
    }
}

impl schemars::JsonSchema for TelephoneKeys {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TelephoneKeys".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Keys of a telephone, one after the other: 1 to 32 of 0 to 9, *, #, A to D.",
            "type": "string",
            "pattern": "^[0-9*#A-D]{1,32}$",
        })
    }
}
