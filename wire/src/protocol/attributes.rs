//! What a gateway knows about a contact, in words of its own. It never gives a meaning to a key.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Keys at the top; more is a data set, not attributes.
pub const ATTRIBUTE_KEYS_MAX: usize = 64;
/// Levels of arrays and objects, the attributes themselves being the first: rules look no deeper.
pub const ATTRIBUTE_DEPTH_MAX: usize = 8;
/// As JSON text: they are kept for each contact in memory and in the journal.
pub const ATTRIBUTE_BYTES_MAX: usize = 8 * 1024;
const KEY_LENGTH_MAX: usize = 64;

/// Free data about a contact, for rules and the screen pop: an object of at most 64 keys (1 to 64 characters each), 8 levels and 8 KiB as JSON text; no NUL character in it.
#[derive(Clone, PartialEq, Default, Serialize, ts_rs::TS)]
#[ts(type = "{ [key: string]: unknown }")]
pub struct Attributes(BTreeMap<String, Value>);

/// Attributes went over one of their limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct AttributesError {
    /// The limit that was passed, as a phrase.
    pub expected: &'static str,
}

impl Attributes {
    /// # Errors
    /// Names the limit that `values` passes.
    pub fn new(values: BTreeMap<String, Value>) -> Result<Self, AttributesError> {
        let fail = |expected| Err(AttributesError { expected });
        if values.len() > ATTRIBUTE_KEYS_MAX {
            return fail("an object of at most 64 keys");
        }
        if !values.keys().all(|key| (1..=KEY_LENGTH_MAX).contains(&key.chars().count())) {
            return fail("keys of 1 to 64 characters");
        }
        if !values.values().all(|value| fits_depth(value, ATTRIBUTE_DEPTH_MAX - 1)) {
            return fail("an object of at most 8 levels");
        }
        if !values.iter().all(|(key, value)| !key.contains('\0') && is_without_nul(value)) {
            return fail("text without NUL characters");
        }
        let text = serde_json::to_string(&values).expect("JSON values serialise");
        if text.len() > ATTRIBUTE_BYTES_MAX {
            return fail("an object of at most 8192 bytes as JSON text");
        }
        Ok(Self(values))
    }

    /// Whether nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values by key.
    #[must_use]
    pub fn values(&self) -> &BTreeMap<String, Value> {
        &self.0
    }

    /// The values by key.
    #[must_use]
    pub fn into_values(self) -> BTreeMap<String, Value> {
        self.0
    }
}

fn fits_depth(value: &Value, levels_left: usize) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::Array(items) => levels_left > 0 && items.iter().all(|item| fits_depth(item, levels_left - 1)),
        Value::Object(fields) => levels_left > 0 && fields.values().all(|field| fits_depth(field, levels_left - 1)),
    }
}

fn is_without_nul(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.contains('\0'),
        Value::Array(items) => items.iter().all(is_without_nul),
        Value::Object(fields) => fields.iter().all(|(key, field)| !key.contains('\0') && is_without_nul(field)),
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attributes({} hidden)", self.0.len())
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = BTreeMap::<String, Value>::deserialize(deserializer)?;
        Attributes::new(values)
            .map_err(|error| D::Error::invalid_value(Unexpected::Other("these attributes"), &error.expected))
    }
}

impl schemars::JsonSchema for Attributes {
    fn schema_name() -> Cow<'static, str> {
        "Attributes".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": <Self as ts_rs::TS>::docs().map(|docs| super::typescript::plain(&docs)),
            "type": "object",
            "maxProperties": ATTRIBUTE_KEYS_MAX,
            "propertyNames": { "minLength": 1, "maxLength": KEY_LENGTH_MAX },
        })
    }
}
