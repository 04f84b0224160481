//! Bodies: one JSON object, read as one type. Takes nothing else, and never more than the limit.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use super::faults::fault_of;
use super::{HttpError, Parts};

/// The body, read. Whether fields that the type does not have are refused is the type's choice.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Parts> for Asked<T> {
    type Rejection = HttpError;

    async fn from_request(request: Request, parts: &Parts) -> Result<Asked<T>, HttpError> {
        if !is_json(request.headers()) {
            return Err(HttpError::NotJson);
        }
        let bytes = read(request.into_body(), parts.body_bytes_max).await?;
        // A derived reader also takes an array for an object, by position.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).map_err(syntax)?;
            return Err(HttpError::field("body", "an object"));
        }
        let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
        let asked = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let path = error.path().to_string();
            let error = error.into_inner();
            if error.is_data() { fault_of("body", &path, &error.to_string()) } else { syntax(error) }
        })?;
        deserializer.end().map_err(syntax)?;
        Ok(Asked(asked))
    }
}

fn syntax(error: serde_json::Error) -> HttpError {
    HttpError::InvalidJson { line: error.line(), column: error.column() }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.eq_ignore_ascii_case("application/merge-patch+json")
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
