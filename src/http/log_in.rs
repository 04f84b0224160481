//! Logging in and out. The token goes into the cookie and nowhere else.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::access::{LoggedIn, PASSWORD_LENGTH_MAX};

use super::body::Asked;
use super::caller::{COOKIE, Caller};
use super::me::shown;
use super::{HttpError, Parts};

/// No name is longer: 64 characters of 4 bytes.
const NAME_BYTES_MAX: usize = 256;

/// Who wants to log in. Unknown fields are ignored.
#[derive(Deserialize, JsonSchema)]
pub(super) struct LogIn {
    #[schemars(length(min = 1, max = 256))]
    user: String,
    #[schemars(length(min = 1))]
    password: String,
}

fn text(field: &str, text: String, bytes_max: usize) -> Result<String, HttpError> {
    if (1..=bytes_max).contains(&text.len()) {
        Ok(text)
    } else {
        Err(HttpError::field(field, format!("a text of 1 to {bytes_max} bytes")))
    }
}

pub(super) async fn log_in(
    State(parts): State<Parts>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Asked(asked): Asked<LogIn>,
) -> Result<Response, HttpError> {
    let user = text("user", asked.user, NAME_BYTES_MAX)?;
    let password = text("password", asked.password, PASSWORD_LENGTH_MAX)?.into();
    let LoggedIn { token, person } = parts.access.log_in(&user, password, from.ip()).await?;
    let cookie = cookie(&parts, token.expose_secret(), parts.access.log_in_life().0 / 1_000);
    Ok(([(header::SET_COOKIE, cookie)], shown(&person)).into_response())
}

pub(super) async fn log_out(State(parts): State<Parts>, caller: Caller) -> Result<Response, HttpError> {
    parts.access.log_out(&caller.0).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(&parts, "", 0))]).into_response())
}

fn cookie(parts: &Parts, token: &str, seconds: i64) -> HeaderValue {
    let secure = if parts.is_behind_tls { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let mut cookie = HeaderValue::try_from(text).expect("a token is made of hexadecimal digits");
    cookie.set_sensitive(true);
    cookie
}
