//! A ticket for one socket.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::access::Ticket;

use super::Parts;
use super::caller::Caller;

/// A ticket: it opens one socket, once.
#[derive(Serialize, JsonSchema)]
pub(super) struct TicketShown {
    ticket: String,
    expires_in_ms: i64,
}

pub(super) async fn ticket(State(parts): State<Parts>, caller: Caller) -> Json<TicketShown> {
    let Ticket { ticket, expires_in } = parts.access.issue_ticket(&caller.0);
    Json(TicketShown { ticket: ticket.expose_secret().to_owned(), expires_in_ms: expires_in.0 })
}
