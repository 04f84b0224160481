//! Messages as text: each is encoded once, and then only copied. It never sends one.

use serde::Serialize;

use super::envelope::RequestId;
use super::error::ErrorKind;
use super::methods::Message;
use super::number::Seq;

#[derive(Serialize)]
struct Answer<'a, T: Serialize> {
    jsonrpc: &'static str,
    id: &'a RequestId,
    result: &'a T,
}

#[derive(Serialize)]
struct Refusal<'a> {
    jsonrpc: &'static str,
    id: Option<&'a RequestId>,
    error: RefusalError<'a>,
}

#[derive(Serialize)]
struct RefusalError<'a> {
    code: i32,
    message: String,
    data: &'a ErrorKind,
}

pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("wire types have text keys and no failing serialisers")
}

/// A request was carried out.
#[must_use]
pub fn answer_text<T: Serialize>(id: &RequestId, result: &T) -> String {
    json(&Answer { jsonrpc: "2.0", id, result })
}

/// A request was refused; without an id when it could not be read.
#[must_use]
pub fn error_text(id: Option<&RequestId>, kind: &ErrorKind) -> String {
    let error = RefusalError { code: kind.code(), message: kind.to_string(), data: kind };
    json(&Refusal { jsonrpc: "2.0", id, error })
}

/// A request, to be answered under `id`.
#[must_use]
pub fn request_text(id: &RequestId, message: &impl Message) -> String {
    let (id, method, params) = (json(id), message.method(), message.params_text());
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#)
}

/// A notification without a number: live figures, farewells, acknowledgements. It is the same text
/// for every session.
#[must_use]
pub fn push_text(message: &impl Message) -> String {
    let (method, params) = (message.method(), message.params_text());
    format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":{params}}}"#)
}

/// A numbered event of one session: `seq` comes first in its params.
#[must_use]
pub fn event_text(seq: Seq, message: &impl Message) -> String {
    let (method, params, seq) = (message.method(), message.params_text(), seq.get());
    let rest = params.strip_prefix('{').expect("params are an object");
    let comma = if rest == "}" { "" } else { "," };
    format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":{{"seq":{seq}{comma}{rest}}}"#)
}
