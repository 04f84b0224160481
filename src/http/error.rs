//! The one place where an error becomes a status. It never shows SQL, a path or what was sent.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::access::LogInError;
use crate::records::RecordsError;

use super::RuleFault;

/// When to try again a database that does not answer.
const DATABASE_RETRY_AFTER_MS: u64 = 1_000;

/// Why a request was refused. It changed nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HttpError {
    #[error("not JSON at line {line}, column {column}")]
    InvalidJson { line: usize, column: usize },
    #[error("{field}: expected {expected}")]
    InvalidField { field: String, expected: String },
    #[error("expected content-type: application/json")]
    NotJson,
    #[error("expected at most {bytes_max} bytes")]
    TooBig { bytes_max: usize },
    #[error("the request took longer than {within_ms} ms")]
    TooSlow { within_ms: u64 },
    #[error("the body ended early")]
    BrokenOff,
    #[error("log in first")]
    NotLoggedIn,
    #[error("wrong name or password")]
    WrongLogIn,
    #[error("not permitted")]
    NotPermitted,
    #[error("pages of this origin may not do this")]
    BadOrigin,
    #[error("there is nothing here")]
    UnknownPath,
    #[error("another method is expected here")]
    WrongMethod,
    #[error("too many failed attempts, try again in {retry_after_ms} ms")]
    RateLimited { retry_after_ms: u64 },
    #[error("unavailable ({why}), try again in {retry_after_ms} ms")]
    Unavailable { why: String, retry_after_ms: u64 },
    #[error("the rule files are not good; the rules are as before")]
    BadRules { faults: Vec<RuleFault> },
    #[error("there is no such {}", thing.as_str())]
    NotThere { thing: Thing },
    /// It is part of another customer now, and is found there.
    #[error("customer {customer} is part of customer {into} now")]
    Merged { customer: String, into: String },
    #[error("if-match: expected the etag that it was read with")]
    NoIfMatch,
    #[error("it was changed meanwhile: read it again")]
    Stale { etag: Option<String> },
    #[error("{why}")]
    Conflict { why: &'static str, with: Vec<String> },
}

/// What was not found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Thing {
    Customer,
    Address,
    OtherName,
    Interaction,
    Recording,
    Work,
    Merge,
    Campaign,
    CallList,
    Lead,
    ImportFile,
    Import,
}

impl Thing {
    fn as_str(self) -> &'static str {
        match self {
            Thing::Customer => "customer",
            Thing::Address => "address",
            Thing::OtherName => "name",
            Thing::Interaction => "interaction",
            Thing::Recording => "recording",
            Thing::Work => "work",
            Thing::Merge => "merge",
            Thing::Campaign => "campaign",
            Thing::CallList => "call list",
            Thing::Lead => "lead",
            Thing::ImportFile => "file to be imported",
            Thing::Import => "import",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Thing::Customer => "unknown_customer",
            Thing::Address => "unknown_address",
            Thing::OtherName => "unknown_name",
            Thing::Interaction => "unknown_interaction",
            Thing::Recording => "unknown_recording",
            Thing::Work => "unknown_work",
            Thing::Merge => "unknown_merge",
            Thing::Campaign => "unknown_campaign",
            Thing::CallList => "unknown_call_list",
            Thing::Lead => "unknown_lead",
            Thing::ImportFile => "unknown_import_file",
            Thing::Import => "unknown_import",
        }
    }
}

impl HttpError {
    pub(super) fn field(field: impl Into<String>, expected: impl Into<String>) -> HttpError {
        HttpError::InvalidField { field: field.into(), expected: expected.into() }
    }

    fn status(&self) -> StatusCode {
        match self {
            HttpError::InvalidJson { .. } | HttpError::BrokenOff => StatusCode::BAD_REQUEST,
            HttpError::InvalidField { .. } | HttpError::BadRules { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            HttpError::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            HttpError::TooBig { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            HttpError::TooSlow { .. } => StatusCode::REQUEST_TIMEOUT,
            HttpError::NotLoggedIn | HttpError::WrongLogIn => StatusCode::UNAUTHORIZED,
            HttpError::NotPermitted | HttpError::BadOrigin => StatusCode::FORBIDDEN,
            HttpError::UnknownPath | HttpError::NotThere { .. } => StatusCode::NOT_FOUND,
            HttpError::Merged { .. } => StatusCode::PERMANENT_REDIRECT,
            HttpError::NoIfMatch => StatusCode::PRECONDITION_REQUIRED,
            HttpError::Stale { .. } => StatusCode::PRECONDITION_FAILED,
            HttpError::Conflict { .. } => StatusCode::CONFLICT,
            HttpError::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            HttpError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            HttpError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            HttpError::InvalidJson { .. } => "parse_error",
            HttpError::InvalidField { .. } => "invalid_field",
            HttpError::NotJson => "not_json",
            HttpError::TooBig { .. } => "too_big",
            HttpError::TooSlow { .. } => "too_slow",
            HttpError::BrokenOff => "broken_off",
            HttpError::NotLoggedIn => "not_logged_in",
            HttpError::WrongLogIn => "wrong_log_in",
            HttpError::NotPermitted => "not_permitted",
            HttpError::BadOrigin => "bad_origin",
            HttpError::UnknownPath => "unknown_path",
            HttpError::WrongMethod => "wrong_method",
            HttpError::RateLimited { .. } => "rate_limited",
            HttpError::Unavailable { .. } => "unavailable",
            HttpError::BadRules { .. } => "bad_rules",
            HttpError::NotThere { thing } => thing.kind(),
            HttpError::Merged { .. } => "customer_merged",
            HttpError::NoIfMatch => "no_if_match",
            HttpError::Stale { .. } => "stale",
            HttpError::Conflict { .. } => "conflict",
        }
    }

    /// What a program can use, beside kind and message.
    fn details(&self) -> Value {
        match self {
            HttpError::InvalidJson { line, column } => json!({ "line": line, "column": column }),
            HttpError::InvalidField { field, expected } => json!({ "field": field, "expected": expected }),
            HttpError::TooBig { bytes_max } => json!({ "bytes_max": bytes_max }),
            HttpError::TooSlow { within_ms } => json!({ "within_ms": within_ms }),
            HttpError::RateLimited { retry_after_ms } => json!({ "retry_after_ms": retry_after_ms }),
            HttpError::Unavailable { why, retry_after_ms } => json!({ "why": why, "retry_after_ms": retry_after_ms }),
            HttpError::BadRules { faults } => json!({ "faults": faults }),
            HttpError::Merged { customer, into } => json!({ "customer": customer, "into": into }),
            HttpError::Stale { etag } => json!({ "etag": etag }),
            HttpError::Conflict { with, .. } => json!({ "with": with }),
            HttpError::NotJson
            | HttpError::BrokenOff
            | HttpError::NotLoggedIn
            | HttpError::WrongLogIn
            | HttpError::NotPermitted
            | HttpError::BadOrigin
            | HttpError::UnknownPath
            | HttpError::WrongMethod
            | HttpError::NotThere { .. }
            | HttpError::NoIfMatch => json!({}),
        }
    }

    /// Where it is, or what it is now.
    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let (name, text) = match self {
            // The route adds what stands behind the customer in its own path.
            HttpError::Merged { into, .. } => (header::LOCATION, format!("/api/v1/customers/{into}")),
            HttpError::Stale { etag: Some(etag) } => (header::ETAG, etag.clone()),
            HttpError::InvalidJson { .. }
            | HttpError::InvalidField { .. }
            | HttpError::NotJson
            | HttpError::TooBig { .. }
            | HttpError::TooSlow { .. }
            | HttpError::BrokenOff
            | HttpError::NotLoggedIn
            | HttpError::WrongLogIn
            | HttpError::NotPermitted
            | HttpError::BadOrigin
            | HttpError::UnknownPath
            | HttpError::WrongMethod
            | HttpError::RateLimited { .. }
            | HttpError::Unavailable { .. }
            | HttpError::BadRules { .. }
            | HttpError::NotThere { .. }
            | HttpError::NoIfMatch
            | HttpError::Stale { etag: None }
            | HttpError::Conflict { .. } => return None,
        };
        Some((name, HeaderValue::try_from(text).expect("paths and etags of ours are ASCII")))
    }

    fn retry_after_ms(&self) -> Option<u64> {
        match self {
            HttpError::RateLimited { retry_after_ms } | HttpError::Unavailable { retry_after_ms, .. } => {
                Some(*retry_after_ms)
            }
            HttpError::InvalidJson { .. }
            | HttpError::InvalidField { .. }
            | HttpError::NotJson
            | HttpError::TooBig { .. }
            | HttpError::TooSlow { .. }
            | HttpError::BrokenOff
            | HttpError::NotLoggedIn
            | HttpError::WrongLogIn
            | HttpError::NotPermitted
            | HttpError::BadOrigin
            | HttpError::UnknownPath
            | HttpError::WrongMethod
            | HttpError::BadRules { .. }
            | HttpError::NotThere { .. }
            | HttpError::Merged { .. }
            | HttpError::NoIfMatch
            | HttpError::Stale { .. }
            | HttpError::Conflict { .. } => None,
        }
    }
}

#[derive(Serialize)]
struct Body {
    error: ErrorBody,
}

#[derive(Serialize)]
struct ErrorBody {
    kind: &'static str,
    message: String,
    #[serde(flatten)]
    details: Value,
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let error = ErrorBody { kind: self.kind(), message: self.to_string(), details: self.details() };
        let mut response = (self.status(), Json(Body { error })).into_response();
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        if let Some(retry_after_ms) = self.retry_after_ms() {
            let seconds = retry_after_ms.div_ceil(1_000);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<RecordsError> for HttpError {
    fn from(error: RecordsError) -> HttpError {
        tracing::error!(%error, "a request found the database not answering");
        HttpError::Unavailable { why: "database".to_owned(), retry_after_ms: DATABASE_RETRY_AFTER_MS }
    }
}

impl From<LogInError> for HttpError {
    fn from(error: LogInError) -> HttpError {
        let ms = |span: i64| span.max(0).cast_unsigned();
        match error {
            LogInError::Wrong => HttpError::WrongLogIn,
            LogInError::TooMany { retry_after } => HttpError::RateLimited { retry_after_ms: ms(retry_after.0) },
            LogInError::Busy { retry_after } => {
                HttpError::Unavailable { why: "busy".to_owned(), retry_after_ms: ms(retry_after.0) }
            }
            LogInError::Records(error) => error.into(),
        }
    }
}

pub(super) async fn unknown_path() -> HttpError {
    HttpError::UnknownPath
}

pub(super) async fn wrong_method() -> HttpError {
    HttpError::WrongMethod
}
