//! Files that are sent to be imported: taken piece by piece, looked at, thrown away. Shows a file to nobody but who sent it.

use std::time::Duration;

use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::import_desk::{FileLook, UploadRefused, UploadedFile};

use super::super::caller::Caller;
use super::super::error::Thing;
use super::super::path::At;
use super::super::query::Query;
use super::super::{HttpError, Parts};
use super::kinds::{ImportKind, guessed};

const NAME_CHARACTERS_MAX: usize = 200;
/// Of a file that is refused.
const PASSED_OVER_BYTES_MAX: usize = 64 * 1_024 * 1_024;

/// How a file is called, and what its rows are to become.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(in super::super) struct UploadAsked {
    /// As whoever sends it calls it.
    name: String,
    /// What its rows are; leads if it is not said.
    kind: ImportKind,
    /// The id of the call list that leads are for: its fields are looked for, too.
    list: Option<String>,
}

/// How a file is to be looked at.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(in super::super) struct LookAsked {
    /// What its rows are; leads if it is not said.
    kind: ImportKind,
    /// The id of the call list that leads are for: its fields are looked for, too.
    list: Option<String>,
    /// Of a workbook; the first if it is not said.
    sheet: Option<String>,
}

/// A file that can be imported.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct ImportFileShown {
    file: String,
    name: String,
    size_bytes: u64,
    /// Of a workbook, in its order.
    sheets: Vec<String>,
    /// Which of them columns and rows are of.
    sheet: Option<String>,
    /// Headings, from the left.
    columns: Vec<String>,
    /// The first 10 rows, by cell.
    rows_sample: Vec<Vec<String>>,
    kind: ImportKind,
    /// What each heading usually is, as a mapping; others are not taken over. docs/call-lists.md names the words.
    mapping: Map<String, Value>,
}

/// What is left of a file that is refused is passed over, so that its sender hears why before the connection ends.
pub(in super::super) async fn upload(
    State(parts): State<Parts>,
    caller: Caller,
    Query(asked): Query<UploadAsked>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    let mut pieces = body.into_data_stream();
    let file = match taken(&parts, &caller, &asked.name, &headers, &mut pieces).await {
        Ok(file) => file,
        Err(refused) => {
            pass_over(&mut pieces, parts.request_within).await;
            return Err(refused);
        }
    };
    let look = LookAsked { kind: asked.kind, list: asked.list, sheet: None };
    match looked_at(&parts, &caller, &file, look).await {
        Ok(shown) => Ok((StatusCode::CREATED, Json(shown)).into_response()),
        Err(refused) => {
            thrown_away(&parts, file.file)?;
            Err(refused)
        }
    }
}

pub(in super::super) async fn show(
    State(parts): State<Parts>,
    caller: Caller,
    At(file): At<String>,
    Query(asked): Query<LookAsked>,
) -> Result<Json<ImportFileShown>, HttpError> {
    let file = own(&parts, &caller, &file)?.ok_or(HttpError::NotThere { thing: Thing::ImportFile })?;
    looked_at(&parts, &caller, &file, asked).await.map(Json)
}

pub(in super::super) async fn throw_away(
    State(parts): State<Parts>,
    caller: Caller,
    At(file): At<String>,
) -> Result<Response, HttpError> {
    let file = own(&parts, &caller, &file)?.ok_or(HttpError::NotThere { thing: Thing::ImportFile })?;
    if thrown_away(&parts, file.file)? {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        Err(HttpError::Conflict { why: "it is being imported: stop the import first", with: Vec::new() })
    }
}

/// The file of this number, if the caller sent it and it is still here.
pub(super) fn own(parts: &Parts, caller: &Caller, file: &str) -> Result<Option<UploadedFile>, HttpError> {
    let Ok(number) = Uuid::parse_str(file) else { return Ok(None) };
    let found = parts.imports.file(number).map_err(|error| disk(&error))?;
    Ok(found.filter(|found| found.by == caller.0.user))
}

async fn looked_at(
    parts: &Parts,
    caller: &Caller,
    file: &UploadedFile,
    asked: LookAsked,
) -> Result<ImportFileShown, HttpError> {
    let LookAsked { kind, list, sheet } = asked;
    let FileLook { sheets, sheet, headings, rows } = parts.imports.look(file.file, sheet).await?;
    let mapping = guessed(parts, caller, kind, list.as_deref(), &headings).await?;
    Ok(ImportFileShown {
        file: file.file.to_string(),
        name: file.name.clone(),
        size_bytes: file.bytes,
        sheets,
        sheet,
        columns: headings,
        rows_sample: rows,
        kind,
        mapping,
    })
}

/// Each piece has to come within the time of a request: a file may be long, a sender may not be gone.
async fn taken(
    parts: &Parts,
    caller: &Caller,
    name: &str,
    headers: &HeaderMap,
    pieces: &mut BodyDataStream,
) -> Result<UploadedFile, HttpError> {
    let name = name_of(name)?;
    let bytes_max = parts.imports.file_bytes_max();
    if announced(headers).is_some_and(|bytes| bytes > bytes_max) {
        return Err(UploadRefused::TooBig { bytes_max }.into());
    }
    let mut incoming = parts.imports.receive(name, caller.0.user.clone()).await?;
    let within = parts.request_within;
    loop {
        let piece = tokio::time::timeout(within, pieces.next()).await.map_err(|_| HttpError::TooSlow {
            within_ms: u64::try_from(within.as_millis()).expect("a time limit is not for ever"),
        })?;
        match piece {
            Some(Ok(bytes)) => incoming.add(&bytes).await?,
            Some(Err(_)) => return Err(HttpError::BrokenOff),
            None => return Ok(incoming.finish().await?),
        }
    }
}

async fn pass_over(pieces: &mut BodyDataStream, within: Duration) {
    let mut left = PASSED_OVER_BYTES_MAX;
    while let Ok(Some(Ok(bytes))) = tokio::time::timeout(within, pieces.next()).await {
        match left.checked_sub(bytes.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

fn thrown_away(parts: &Parts, file: Uuid) -> Result<bool, HttpError> {
    parts.imports.throw_away(file).map_err(|error| disk(&error))
}

/// Without its folder, of whichever system.
fn name_of(asked: &str) -> Result<String, HttpError> {
    let name = asked.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let is_good = !name.is_empty() && name.chars().count() <= NAME_CHARACTERS_MAX && !name.contains(char::is_control);
    let expected = || HttpError::field("name", format!("the file's name, of 1 to {NAME_CHARACTERS_MAX} characters"));
    if is_good { Ok(name.to_owned()) } else { Err(expected()) }
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

pub(super) fn disk(error: &std::io::Error) -> HttpError {
    const RETRY_AFTER_MS: u64 = 10_000;
    tracing::error!(kind = %error.kind(), "a file of an import cannot be read or written");
    HttpError::Unavailable { why: "disk".to_owned(), retry_after_ms: RETRY_AFTER_MS }
}
