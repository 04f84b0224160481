//! Personal data of a contact, in one type and one place of an event. Never reads or makes a key.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::ids::ContactId;

/// What the gateway or the caller said of a contact, by name: JSON values, nested as they came.
#[derive(Clone, PartialEq, Default)]
pub struct Attributes(pub Map<String, Value>);

impl Attributes {
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

impl std::fmt::Debug for Attributes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} attributes", self.0.len())
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.0.serialize(serializer)
        } else {
            serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Map::deserialize(deserializer).map(Attributes)
        } else {
            let text = String::deserialize(deserializer)?;
            serde_json::from_str(&text).map(Attributes).map_err(serde::de::Error::custom)
        }
    }
}

/// An address a contact came from: E.164 for voice, the channel's own form otherwise.
/// Prints itself with all but its last two characters masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(pub Arc<str>);

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let length = self.0.chars().count();
        let tail: String = self.0.chars().skip(length.saturating_sub(2)).collect();
        write!(f, "…{tail}")
    }
}

/// All that an event may say of a person.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct Details {
    pub from: Option<Address>,
    pub attributes: Attributes,
    pub note: Option<Note>,
    /// The outside number it was transferred to.
    #[serde(default)]
    pub to: Option<Address>,
    /// Where its gateway keeps a recording.
    #[serde(default)]
    pub file: Option<RecordingFile>,
}

impl Details {
    /// What somebody adds to a contact.
    #[must_use]
    pub fn added(note: Option<Note>, attributes: Attributes) -> Details {
        Details { note, attributes, ..Details::default() }
    }

    #[must_use]
    pub fn says_nothing(&self) -> bool {
        let says_who = self.from.is_some() || self.to.is_some();
        !says_who && self.note.is_none() && self.attributes.0.is_empty() && self.file.is_none()
    }
}

/// What an agent wrote about a contact. Prints itself redacted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Note(pub Arc<str>);

impl std::fmt::Debug for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "note of {} characters", self.0.chars().count())
    }
}

/// A file as its gateway names it, perhaps by a caller's number. Prints itself redacted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordingFile(pub Arc<str>);

impl std::fmt::Debug for RecordingFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("file of a recording")
    }
}

/// Personal data as it is in memory, as it lies in the journal, or erased.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal<T> {
    Plain(T),
    /// Sealed by the journal under the key of the contact `key`; `text` is base64.
    Sealed {
        key: ContactId,
        text: Arc<str>,
    },
    Erased,
}

impl<T> Personal<T> {
    /// The data, when it is readable here.
    pub fn plain(&self) -> Option<&T> {
        match self {
            Personal::Plain(data) => Some(data),
            Personal::Sealed { .. } | Personal::Erased => None,
        }
    }
}

/// The personal part of one event, shared by event and state.
pub type PersonalDetails = Personal<Arc<Details>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_prints_redacted() {
        let details = Details {
            from: Some(Address(Arc::from("+33612345678"))),
            attributes: serde_json::from_str(r#"{"name":"Zoë Canary"}"#).unwrap(),
            note: Some(Note(Arc::from("owes me"))),
            to: Some(Address(Arc::from("+33698765432"))),
            file: Some(RecordingFile(Arc::from("Canary-33612345678.wav"))),
        };
        let printed = format!("{details:?}");
        for secret in ["3361234", "3369876", "Canary", "owes"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }

    #[test]
    fn attributes_pass_through_both_formats() {
        let attributes: Attributes = serde_json::from_str(r#"{"a":1,"customer":{"tier":"gold"}}"#).unwrap();
        let bytes = postcard::to_stdvec(&attributes).unwrap();
        assert_eq!(postcard::from_bytes::<Attributes>(&bytes).unwrap(), attributes);
    }
}
