//! Why a file or an import is refused, as an answer: by field, and with what was expected. Decides no refusal.

use crate::customer_import::error::ImportFailure;
use crate::customers::import_columns::MappingError;
use crate::import_desk::{StartRefused, StopRefused, UploadRefused};
use crate::records::{CustomerError, ImportError};

use super::super::HttpError;
use super::super::error::Thing;
use super::files::disk;

const RETRY_AFTER_MS: u64 = 5_000;

impl From<UploadRefused> for HttpError {
    fn from(refused: UploadRefused) -> HttpError {
        match refused {
            UploadRefused::TooMany => HttpError::Conflict {
                why: "too many files wait to be imported: import some, or throw some away",
                with: Vec::new(),
            },
            UploadRefused::TooBig { bytes_max } => {
                HttpError::TooBig { bytes_max: usize::try_from(bytes_max).unwrap_or(usize::MAX) }
            }
            UploadRefused::Io(error) => disk(&error),
        }
    }
}

impl From<StartRefused> for HttpError {
    fn from(refused: StartRefused) -> HttpError {
        match refused {
            StartRefused::Running(import) => HttpError::Conflict {
                why: "another import goes on there: wait for it, or stop it",
                with: import.into_iter().map(|import| import.to_string()).collect(),
            },
            StartRefused::TooMany => {
                HttpError::Conflict { why: "too many imports go on: wait for one", with: Vec::new() }
            }
            StartRefused::Ending => HttpError::Unavailable { why: "ending".to_owned(), retry_after_ms: RETRY_AFTER_MS },
            StartRefused::Failure(failure) => failure.into(),
        }
    }
}

impl From<StopRefused> for HttpError {
    fn from(refused: StopRefused) -> HttpError {
        match refused {
            StopRefused::Unknown(_) => HttpError::NotThere { thing: Thing::Import },
            StopRefused::Over { state, .. } => {
                HttpError::Conflict { why: "the import is over", with: vec![state.to_string()] }
            }
            StopRefused::NotOurs(import) => HttpError::Conflict {
                why: "the import was begun on the command line: stop it there",
                with: vec![import.to_string()],
            },
            StopRefused::Records(error) => error.into(),
        }
    }
}

impl From<ImportFailure> for HttpError {
    fn from(failure: ImportFailure) -> HttpError {
        let of = |field: &str| HttpError::field(field, without_lead(&failure.to_string()));
        match failure {
            ImportFailure::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => {
                HttpError::field("file", "a file that is still here")
            }
            ImportFailure::Io { error, .. } | ImportFailure::Scratch(error) => disk(&error),
            ImportFailure::NotCsv { .. }
            | ImportFailure::Workbook(_)
            | ImportFailure::WorkbookTooLarge { .. }
            | ImportFailure::WorkbookParts { .. }
            | ImportFailure::NoHeadings
            | ImportFailure::HeadingsNotUtf8
            | ImportFailure::TooManyColumns(_)
            | ImportFailure::HeadingsTooLong => of("file"),
            ImportFailure::NoSheet { .. } | ImportFailure::NoWorkbook => of("sheet"),
            ImportFailure::Mapping(errors) => wrong_mapping(&errors),
            ImportFailure::Done(import) => HttpError::Conflict {
                why: "this file was imported there already: say again if it is to be",
                with: vec![import.to_string()],
            },
            ImportFailure::OtherSettings(import) => HttpError::Conflict {
                why: "an import of this file was begun with another mapping: give the same, or undo it",
                with: vec![import.to_string()],
            },
            ImportFailure::ErrorsGone { import, .. } => HttpError::Conflict {
                why: "an import of this file was begun on the command line: it goes on there",
                with: vec![import.to_string()],
            },
            ImportFailure::ErrorsThere(_) => {
                HttpError::Conflict { why: "there is a file of refused rows already", with: Vec::new() }
            }
            ImportFailure::NoList(_) => HttpError::field("list", "the id of a call list that is there"),
            ImportFailure::ListExpired { name, .. } => {
                HttpError::Conflict { why: "the list has expired", with: vec![name.to_string()] }
            }
            ImportFailure::Import(ImportError::Customer(CustomerError::Records(error)))
            | ImportFailure::Records(error) => error.into(),
            ImportFailure::Import(ImportError::NoList(_)) => {
                HttpError::field("list", "the id of a call list that is there")
            }
            ImportFailure::Import(error) => {
                HttpError::Conflict { why: "the import cannot be begun or gone on with", with: vec![error.to_string()] }
            }
        }
    }
}

/// The first of them: an answer has one field.
fn wrong_mapping(errors: &[MappingError]) -> HttpError {
    let Some(error) = errors.first() else { return HttpError::field("mapping", "a mapping that goes with the file") };
    let field = match error {
        MappingError::Missing(heading)
        | MappingError::Doubled(heading)
        | MappingError::SameTarget { second: heading, .. }
        | MappingError::Field { heading, .. }
        | MappingError::Address { heading, .. } => format!("mapping.columns.{heading}"),
        MappingError::Zone { .. } => "mapping.zone".to_owned(),
        MappingError::TooManyColumns(_)
        | MappingError::NoNumber
        | MappingError::NobodyNamed
        | MappingError::NoCustomer
        | MappingError::NoTime
        | MappingError::NoDefault(_) => "mapping.columns".to_owned(),
    };
    let said = error.to_string();
    let expected = said.split_once("expected ").map_or(said.as_str(), |(_, expected)| expected);
    HttpError::field(field, expected)
}

/// The field says that it is expected; in which row, the words behind it.
fn without_lead(text: &str) -> String {
    match text.split_once(": expected ") {
        Some((place, expected)) if place.starts_with("row ") => format!("{expected} (in {place})"),
        Some((_, expected)) => expected.to_owned(),
        None => text.strip_prefix("expected ").unwrap_or(text).to_owned(),
    }
}
