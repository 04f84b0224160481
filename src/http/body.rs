//! Bodies: one JSON object, its fields by name. Unknown fields are ignored, as on the wire.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::{HttpError, Parts};

/// The fields of the body.
pub(super) struct Fields(Map<String, Value>);

impl FromRequest<Parts> for Fields {
    type Rejection = HttpError;

    async fn from_request(request: Request, parts: &Parts) -> Result<Fields, HttpError> {
        if !is_json(request.headers()) {
            return Err(HttpError::NotJson);
        }
        let bytes = read(request.into_body(), parts.body_bytes_max).await?;
        let value: Value = serde_json::from_slice(&bytes)
            .map_err(|error| HttpError::InvalidJson { line: error.line(), column: error.column() })?;
        match value {
            Value::Object(fields) => Ok(Fields(fields)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Err(HttpError::InvalidField { field: "body", expected: "an object".to_owned() })
            }
        }
    }
}

impl Fields {
    /// A text of 1 to `bytes_max` bytes.
    pub(super) fn take_text(&mut self, field: &'static str, bytes_max: usize) -> Result<String, HttpError> {
        match self.0.remove(field) {
            Some(Value::String(text)) if (1..=bytes_max).contains(&text.len()) => Ok(text),
            _ => Err(HttpError::InvalidField { field, expected: format!("a text of 1 to {bytes_max} bytes") }),
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

async fn read(body: Body, bytes_max: usize) -> Result<bytes::Bytes, HttpError> {
    to_bytes(body, bytes_max).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        // A stream that ends early has hyper's error inside; ours is the limit.
        if source.is_some_and(<dyn std::error::Error + 'static>::is::<hyper::Error>) {
            HttpError::BrokenOff
        } else {
            HttpError::TooBig { bytes_max }
        }
    })
}
