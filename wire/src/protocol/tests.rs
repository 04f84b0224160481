//! Tests of the wire: what is read, what is refused and how, and that what is generated from the
//! types is up to date. They read and write files of this repository.

mod examples;
mod generated;
mod robustness;
mod values;

use super::{ClientMessage, ErrorKind, Frame, RequestId, Role};

/// Reads one text as the server would in a session with these roles.
pub(super) fn read(roles: &[Role], text: &str) -> Result<ClientMessage, ErrorKind> {
    match Frame::parse(text).map_err(|malformed| malformed.error)? {
        Frame::Call { id, method, params } => ClientMessage::parse(roles, id.as_ref(), &method, params),
        Frame::Answer { .. } => panic!("{text} is an answer"),
    }
}

pub(super) fn request(method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#)
}

pub(super) fn number(id: i64) -> RequestId {
    RequestId::Number(id)
}
