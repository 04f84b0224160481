//! What can go wrong with an import as a whole. A row that is refused is no error.

use std::path::PathBuf;

use crate::customers::ids::ImportId;
use crate::customers::import_columns::{COLUMNS_MAX, MappingError};
use crate::outbound::ids::CallListId;
use crate::records::{ImportError, RecordsError};
use crate::routing::ids::CallListName;

use super::workbook_bounds::PARTS_MAX;

#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    #[error("{}: {error}", file.display())]
    Io { file: PathBuf, error: std::io::Error },
    #[error("expected CSV in UTF-8 or an XLSX workbook, found {found}: save it as one of them")]
    NotCsv { found: &'static str },
    #[error("expected a workbook that can be read: {0}")]
    Workbook(String),
    #[error("workbook: expected the {what} to have at most {} MiB", .bytes_max >> 20)]
    WorkbookTooLarge { what: &'static str, bytes_max: u64 },
    #[error("workbook: expected at most {PARTS_MAX} parts, found {found}")]
    WorkbookParts { found: usize },
    #[error("expected {}, found {found}", sheet_named(.expected.as_deref()))]
    NoSheet { expected: Option<String>, found: String },
    #[error("expected an XLSX workbook where a sheet is named, found CSV")]
    NoWorkbook,
    #[error("a folder for what is unpacked cannot be made: {0}")]
    Scratch(std::io::Error),
    #[error("row 1: expected headings, found none")]
    NoHeadings,
    #[error("row 1: expected headings in UTF-8, found bytes that are none: save the file as CSV UTF-8")]
    HeadingsNotUtf8,
    #[error("row 1: expected at most {COLUMNS_MAX} columns, found {0}")]
    TooManyColumns(usize),
    #[error("row 1: expected headings of at most {} KiB together: is a quote left open?", super::table::ROW_BYTES_MAX / 1024)]
    HeadingsTooLong,
    #[error("{}", told(.0))]
    Mapping(Vec<MappingError>),
    #[error("import {0} took this file over already: undo it first, or ask for it again")]
    Done(ImportId),
    #[error("import {0} of this file was begun with other settings: give the same, or undo it first")]
    OtherSettings(ImportId),
    #[error("{}: expected the file of refused rows that import {import} has begun, with {expected} bytes at least", file.display())]
    ErrorsGone { import: ImportId, file: PathBuf, expected: u64 },
    #[error("{} is there already: give a name that is free", .0.display())]
    ErrorsThere(PathBuf),
    #[error("there is no call list {0}")]
    NoList(CallListId),
    #[error("call list {name:?}: expected expires_at to be later than now, found {expired_at}")]
    ListExpired { name: CallListName, expired_at: jiff::Timestamp },
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

fn sheet_named(name: Option<&str>) -> String {
    name.map_or_else(|| "a sheet with cells".to_owned(), |name| format!("a sheet {name:?}"))
}

fn told(errors: &[MappingError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
