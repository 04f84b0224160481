//! JSON-RPC 2.0: which kind of message a text is, and whom it answers. It never looks into
//! `params`.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;
use ts_rs::TS;

use super::error::{ErrorKind, ErrorObject};
use super::params::Params;

/// Longer ones are nobody's: a UUID has 36.
const REQUEST_ID_LENGTH_MAX: usize = 128;
/// What we show of a method that does not exist.
const METHOD_SHOWN_MAX: usize = 64;

/// The sender's own id of a request: an integer or text. An agent's that is a UUID also makes a repeat of the request safe.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(untagged)]
pub enum RequestId {
    /// A 64-bit integer; JavaScript keeps 53 bits of it.
    Number(i64),
    /// Text of at most 128 characters.
    Text(#[schemars(length(min = 1, max = 128))] String),
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestId::Number(number) => write!(f, "{number}"),
            RequestId::Text(text) => f.write_str(text),
        }
    }
}

/// One message, its content not yet read.
#[derive(Debug)]
pub enum Frame<'a> {
    /// Somebody asks or tells something.
    Call {
        /// Absent: nobody waits for an answer.
        id: Option<RequestId>,
        /// `noun.verb`.
        method: Cow<'a, str>,
        /// What the method is about.
        params: Params<'a>,
    },
    /// Somebody answers us.
    Answer {
        /// The id of our request; absent when the other side could not read it.
        id: Option<RequestId>,
        /// What it says.
        answer: Result<Params<'a>, ErrorObject>,
    },
}

/// A text that is no message, with the id to answer if one could be found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct Malformed {
    /// Whom the error answers.
    pub id: Option<RequestId>,
    /// What is wrong.
    pub error: ErrorKind,
}

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow, default, deserialize_with = "even_null")]
    jsonrpc: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    id: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    method: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    params: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    result: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    error: Option<&'a RawValue>,
}

fn even_null<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl<'a> Frame<'a> {
    /// Reads the envelope of one text frame.
    ///
    /// # Errors
    /// `ParseError` when the text is not JSON, `InvalidRequest` when it is not JSON-RPC 2.0.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        let fields = read_fields(text).map_err(|error| Malformed { id: None, error })?;
        let id = read_id(fields.id).map_err(|error| Malformed { id: None, error })?;
        fields.into_frame(id.clone()).map_err(|error| Malformed { id, error })
    }
}

fn invalid(field: &str, expected: &str) -> ErrorKind {
    ErrorKind::InvalidRequest { field: field.to_owned(), expected: expected.to_owned() }
}

fn read_fields(text: &str) -> Result<Fields<'_>, ErrorKind> {
    let fields = serde_json::from_str::<Fields<'_>>(text).map_err(|error| match error.classify() {
        Category::Io | Category::Syntax | Category::Eof => {
            ErrorKind::ParseError { line: error.line(), column: error.column() }
        }
        Category::Data => invalid("", "one JSON-RPC 2.0 object with each field once"),
    })?;
    // A derived reader also takes an array for a struct, which here would be a batch.
    if !text.trim_start().starts_with('{') {
        return Err(invalid("", "one JSON-RPC 2.0 object: usher.v1 has no batches"));
    }
    Ok(fields)
}

fn read_id(raw: Option<&RawValue>) -> Result<Option<RequestId>, ErrorKind> {
    let Some(raw) = raw.filter(|raw| raw.get() != "null") else {
        return Ok(None);
    };
    serde_json::from_str::<RequestId>(raw.get())
        .ok()
        .filter(|id| match id {
            RequestId::Number(_) => true,
            RequestId::Text(text) => (1..=REQUEST_ID_LENGTH_MAX).contains(&text.chars().count()),
        })
        .map(Some)
        .ok_or_else(|| invalid("id", "an integer or a text of 1 to 128 characters"))
}

fn read_text<'a>(raw: &'a RawValue) -> Option<Cow<'a, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(raw.get()).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

impl<'a> Fields<'a> {
    fn into_frame(self, id: Option<RequestId>) -> Result<Frame<'a>, ErrorKind> {
        if self.jsonrpc.is_none_or(|version| version.get() != "\"2.0\"") {
            return Err(invalid("jsonrpc", "\"2.0\""));
        }
        match (self.method, self.result, self.error) {
            (Some(method), None, None) => {
                if self.id.is_some() && id.is_none() {
                    return Err(invalid("id", "an integer or a text, or no id at all"));
                }
                let method = read_text(method).ok_or_else(|| invalid("method", "a text"))?;
                Ok(Frame::Call { id, method, params: Params::new(self.params) })
            }
            (None, Some(result), None) => {
                let answer = Ok(Params::new(Some(result)));
                Ok(Frame::Answer { id, answer })
            }
            (None, None, Some(error)) => {
                let error = serde_json::from_str::<ErrorObject>(error.get())
                    .map_err(|_| invalid("error", "an object with code and message"))?;
                Ok(Frame::Answer { id, answer: Err(error) })
            }
            (None, None, None) => Err(invalid("method", "a method, or the answer to one")),
            (Some(_), _, _) | (None, Some(_), Some(_)) => Err(invalid("", "either method, or result, or error")),
        }
    }
}

pub(super) fn unknown_method(method: &str) -> ErrorKind {
    ErrorKind::UnknownMethod { method: method.chars().take(METHOD_SHOWN_MAX).collect() }
}
