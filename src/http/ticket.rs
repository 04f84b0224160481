//! A ticket for one socket.

use axum::Json;
use axum::extract::State;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::access::Ticket;

use super::Parts;
use super::caller::Caller;

pub(super) async fn ticket(State(parts): State<Parts>, caller: Caller) -> Json<Value> {
    let Ticket { ticket, expires_in } = parts.access.issue_ticket(&caller.0);
    Json(json!({ "ticket": ticket.expose_secret(), "expires_in_ms": expires_in.0 }))
}
