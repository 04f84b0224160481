//! Imports: begun, shown while they go on, stopped, and the rows that they refused. Shows nothing of what stands in a row.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customers::ids::ImportId;
use crate::export::RefusedPages;
use crate::import_desk::{CheckedRows, ImportToBegin};
use crate::imports::import_batch::{ImportBatch, ImportHalt, ImportState};
use crate::protocol as wire;

use super::super::body::Asked;
use super::super::caller::Caller;
use super::super::error::Thing;
use super::super::exports::streamed;
use super::super::paging::{Page, after, limit};
use super::super::path::{At, import_id};
use super::super::query::{Query, number};
use super::super::words::{StampShown, stamp_shown, time};
use super::super::{HttpError, Parts};
use super::files::own;
use super::kinds::{ImportAsked, ImportKind, list_of, rows_of};

const INTERRUPTED: &str = "it was interrupted: import the file again, and it goes on here";

/// Which imports.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(in super::super) struct ImportsAsked {
    /// Of leads for this call list, by its id.
    list: Option<String>,
    /// How many at most; 50 if it is not said.
    #[serde(deserialize_with = "number")]
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ImportState")]
enum StateShown {
    Running,
    /// Somebody stopped it, or it was interrupted: the same file, list and mapping again go on with it.
    Stopped,
    /// The same; `why` says what went wrong.
    Failed,
    Done,
    Undoing,
    Undone,
}

/// An import: how far it has come, and what became of the rows.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct ImportShown {
    import: String,
    kind: ImportKind,
    /// The id of the call list, of leads.
    list: Option<String>,
    file_name: String,
    state: StateShown,
    /// The last row that was read, as a spreadsheet counts.
    row: u64,
    rows_read: u64,
    bytes_read: u64,
    /// Of the rows, as they are read; null where the command reads the file.
    size_bytes: Option<u64>,
    added: u64,
    changed: u64,
    unchanged: u64,
    refused: u64,
    /// By an undo.
    removed: u64,
    /// By an undo, because somebody had used them since.
    kept: u64,
    begun: StampShown,
    as_of: wire::Time,
    /// Of one that stands still, for people.
    why: Option<String>,
}

/// What an import would come to, by the first 10,000 rows.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct CheckShown {
    rows_read: u64,
    /// The file has no more than these.
    is_whole: bool,
    added: u64,
    changed: u64,
    unchanged: u64,
    refused: u64,
    /// The first 20 of them.
    refused_rows: Vec<RefusedRowShown>,
}

#[derive(Serialize, JsonSchema)]
struct RefusedRowShown {
    /// As a spreadsheet counts.
    row: u64,
    /// The heading of the cell; null: it is the row as a whole.
    field: Option<String>,
    /// For people.
    why: String,
}

pub(in super::super) async fn begin(
    State(parts): State<Parts>,
    caller: Caller,
    Asked(asked): Asked<ImportAsked>,
) -> Result<Response, HttpError> {
    let import = parts.imports.begin(to_begin(&parts, &caller, asked).await?).await?;
    Ok((StatusCode::ACCEPTED, Json(shown(&parts, &found(&parts, import).await?))).into_response())
}

pub(in super::super) async fn check(
    State(parts): State<Parts>,
    caller: Caller,
    Asked(asked): Asked<ImportAsked>,
) -> Result<Json<CheckShown>, HttpError> {
    let CheckedRows { counts, is_whole, refused } =
        parts.imports.check(to_begin(&parts, &caller, asked).await?).await?;
    let refused_rows = refused.into_iter().map(|refusal| RefusedRowShown {
        row: refusal.row,
        field: refusal.column,
        why: refusal.reason.to_string(),
    });
    Ok(Json(CheckShown {
        rows_read: counts.read,
        is_whole,
        added: counts.added,
        changed: counts.updated,
        unchanged: counts.skipped,
        refused: counts.refused,
        refused_rows: refused_rows.collect(),
    }))
}

async fn to_begin(parts: &Parts, caller: &Caller, asked: ImportAsked) -> Result<ImportToBegin, HttpError> {
    let expected = || HttpError::field("file", "a file that you sent within a day, and that is not imported yet");
    let file = own(parts, caller, &asked.file)?.ok_or_else(expected)?;
    let (sheet, again) = (asked.sheet.clone(), asked.again);
    let rows = rows_of(parts, caller, asked).await?;
    Ok(ImportToBegin { file, sheet, rows, by: caller.0.user.clone(), again })
}

pub(in super::super) async fn all(
    State(parts): State<Parts>,
    Query(asked): Query<ImportsAsked>,
) -> Result<Json<Page<ImportShown>>, HttpError> {
    let limit = limit(asked.limit)?;
    let before = after(asked.after.as_deref())?.map(ImportId);
    let list = match &asked.list {
        Some(list) => Some(list_of(&parts, list).await?.id),
        None => None,
    };
    let found = parts.pop.records().imports_before(before, list, limit + 1).await?;
    Ok(Json(Page::of(found, limit, |batch| batch.id.to_string(), |batch| shown(&parts, batch))))
}

pub(in super::super) async fn show(
    State(parts): State<Parts>,
    At(import): At<String>,
) -> Result<Json<ImportShown>, HttpError> {
    let batch = found(&parts, import_id(&import)?).await?;
    Ok(Json(shown(&parts, &batch)))
}

pub(in super::super) async fn stop(
    State(parts): State<Parts>,
    caller: Caller,
    At(import): At<String>,
) -> Result<Json<ImportShown>, HttpError> {
    let import = import_id(&import)?;
    parts.imports.stop(import, &caller.0.user).await?;
    Ok(Json(shown(&parts, &found(&parts, import).await?)))
}

pub(in super::super) async fn refused(
    State(parts): State<Parts>,
    At(import): At<String>,
) -> Result<Response, HttpError> {
    let batch = found(&parts, import_id(&import)?).await?;
    let pages = RefusedPages::new(parts.pop.records().clone(), batch.id);
    Ok(streamed(pages, "attachment; filename=\"refused.csv\""))
}

async fn found(parts: &Parts, import: ImportId) -> Result<ImportBatch, HttpError> {
    parts.pop.records().import(import).await?.ok_or(HttpError::NotThere { thing: Thing::Import })
}

fn shown(parts: &Parts, batch: &ImportBatch) -> ImportShown {
    let (state, why) = state_of(batch, parts.imports.is_running(batch.id));
    let counts = &batch.counts;
    ImportShown {
        import: batch.id.to_string(),
        kind: ImportKind::of(&batch.settings.rows),
        list: batch.settings.rows.list().map(|list| list.to_string()),
        file_name: batch.file_name.clone(),
        state,
        row: batch.place.row,
        rows_read: counts.read,
        bytes_read: batch.place.position,
        size_bytes: batch.upload.as_ref().map(|upload| upload.bytes),
        added: counts.added,
        changed: counts.updated,
        unchanged: counts.skipped,
        refused: counts.refused,
        removed: batch.rows_removed,
        kept: batch.rows_kept,
        begun: stamp_shown(&batch.begun),
        as_of: time(batch.changed.at),
        why,
    }
}

/// One that the command goes on with is taken for running: only the command knows.
fn state_of(batch: &ImportBatch, is_running: bool) -> (StateShown, Option<String>) {
    match (batch.state, batch.halted()) {
        (ImportState::Done, _) => (StateShown::Done, None),
        (ImportState::Undoing, _) => (StateShown::Undoing, None),
        (ImportState::Undone, _) => (StateShown::Undone, None),
        (ImportState::Running, Some(ImportHalt::Stopped)) => (StateShown::Stopped, None),
        (ImportState::Running, Some(ImportHalt::Failed { why })) => (StateShown::Failed, Some(why.clone())),
        (ImportState::Running, None) if is_running || batch.upload.is_none() => (StateShown::Running, None),
        (ImportState::Running, None) => (StateShown::Stopped, Some(INTERRUPTED.to_owned())),
    }
}
