//! Who is logged in. Shows no token.

use axum::Json;
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::{Person, Role};

use super::caller::Caller;

/// Who is logged in.
#[derive(Serialize, JsonSchema)]
pub(super) struct PersonShown {
    user: String,
    /// agent, supervisor, campaign_manager, admin, crm
    roles: Vec<&'static str>,
    /// The agent that the user is.
    agent: Option<String>,
}

pub(super) async fn me(caller: Caller) -> Json<PersonShown> {
    shown(&caller.0)
}

pub(super) fn shown(person: &Person) -> Json<PersonShown> {
    let Person { user, roles, agent, log_in: _, expires_at: _ } = person;
    Json(PersonShown {
        user: user.to_string(),
        roles: roles.iter().map(Role::as_str).collect(),
        agent: agent.as_ref().map(ToString::to_string),
    })
}
