//! Rules on command. Reads no file itself.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::caller::Caller;
use super::{HttpError, Parts, ReloadRefused, RulesReloaded};

pub(super) async fn reload(
    State(parts): State<Parts>,
    caller: Caller,
) -> Result<(StatusCode, Json<RulesReloaded>), HttpError> {
    match parts.reload_rules.reload(&caller.0).await {
        Ok(reloaded) => Ok((StatusCode::ACCEPTED, Json(reloaded))),
        Err(ReloadRefused::Bad(faults)) => Err(HttpError::BadRules { faults }),
        Err(ReloadRefused::Unavailable { retry_after_ms }) => {
            Err(HttpError::Unavailable { why: "router".to_owned(), retry_after_ms })
        }
    }
}
