//! Reads parts of a scenario and refuses fields that nobody knows. Knows no part itself.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ScenarioFault, to_value};

/// Reads a part of a scenario of which every field is known.
pub(super) fn read_whole<T: Serialize + DeserializeOwned>(given: &Value, what: &str) -> Result<T, ScenarioFault> {
    let read: T = T::deserialize(given).map_err(|error| ScenarioFault::Unreadable(format!("{what}: {error}")))?;
    match unknown_field(given, &to_value(&read), what) {
        Some(path) => Err(ScenarioFault::Unreadable(format!("{path}: there is no such field"))),
        None => Ok(read),
    }
}

/// The first field that is not in what was read from it.
fn unknown_field(given: &Value, read: &Value, path: &str) -> Option<String> {
    match (given, read) {
        (Value::Object(given), Value::Object(read)) => given.iter().find_map(|(key, value)| {
            let path = format!("{path}.{key}");
            match read.get(key) {
                Some(read) => unknown_field(value, read, &path),
                None => Some(path),
            }
        }),
        (Value::Array(given), Value::Array(read)) => {
            let pairs = given.iter().zip(read).enumerate();
            pairs.into_iter().find_map(|(at, (given, read))| unknown_field(given, read, &format!("{path}[{at}]")))
        }
        (_, _) => None,
    }
}
