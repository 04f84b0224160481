//! Whether the process lives and whether it takes calls.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{HttpError, Readiness};

/// When to ask again while the server starts.
const STARTING_RETRY_AFTER_MS: u64 = 1_000;
/// When another process may have taken over.
const STOPPING_RETRY_AFTER_MS: u64 = 5_000;

pub(super) async fn is_alive() -> Json<Value> {
    Json(json!({ "alive": true }))
}

pub(super) async fn is_ready(State(readiness): State<watch::Receiver<Readiness>>) -> Result<Json<Value>, HttpError> {
    let (why, retry_after_ms) = match &*readiness.borrow() {
        Readiness::Ready => return Ok(Json(json!({ "ready": true }))),
        Readiness::Starting { why } => (why.clone(), STARTING_RETRY_AFTER_MS),
        Readiness::Stopping => ("stopping".to_owned(), STOPPING_RETRY_AFTER_MS),
    };
    Err(HttpError::Unavailable { why, retry_after_ms })
}
