//! The documents of the wire and of the routes.

use axum::extract::State;
use axum::http::{HeaderName, header};

use super::Parts;

pub(super) async fn asyncapi(State(parts): State<Parts>) -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], parts.asyncapi)
}

pub(super) async fn openapi(State(parts): State<Parts>) -> ([(HeaderName, &'static str); 1], String) {
    ([(header::CONTENT_TYPE, "application/json")], parts.openapi.to_string())
}
