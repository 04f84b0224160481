//! Who is logged in. Shows no token.

use axum::Json;
use serde_json::{Value, json};

use crate::access::Person;

use super::caller::Caller;

pub(super) async fn me(caller: Caller) -> Json<Value> {
    shown(&caller.0)
}

pub(super) fn shown(person: &Person) -> Json<Value> {
    let Person { user, roles, agent, log_in: _, expires_at: _ } = person;
    Json(json!({ "user": user, "roles": roles, "agent": agent }))
}
