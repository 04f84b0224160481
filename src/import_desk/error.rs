//! Why a file is not taken, an import not begun, or not stopped; and why one failed, in words that name no place of ours.

use crate::customer_import::error::ImportFailure;
use crate::customers::ids::ImportId;
use crate::imports::import_batch::ImportState;
use crate::records::{ImportError, RecordsError};

use super::files::FILES_MAX;

#[derive(Debug, thiserror::Error)]
pub enum UploadRefused {
    #[error("expected at most {FILES_MAX} files that wait to be imported")]
    TooMany,
    #[error("expected a file of at most {bytes_max} bytes")]
    TooBig { bytes_max: u64 },
    #[error("the file cannot be written: {0}")]
    Io(#[from] std::io::Error),
}

#[derive(Debug, thiserror::Error)]
pub enum StartRefused {
    /// None: it has no number yet.
    #[error("an import into the same place goes on already")]
    Running(Option<ImportId>),
    #[error("so many imports go on already")]
    TooMany,
    #[error("the server ends")]
    Ending,
    #[error(transparent)]
    Failure(#[from] ImportFailure),
}

#[derive(Debug, thiserror::Error)]
pub enum StopRefused {
    #[error("there is no import {0}")]
    Unknown(ImportId),
    #[error("import {import} is {state}")]
    Over { import: ImportId, state: ImportState },
    /// The command goes on with it, or nobody does.
    #[error("import {0} is not the server's")]
    NotOurs(ImportId),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// For people, beside an import that failed.
pub(super) fn why_failed(failure: &ImportFailure) -> String {
    match failure {
        ImportFailure::Io { .. } => "its file cannot be read".to_owned(),
        ImportFailure::Scratch(_) => "there is no room to unpack the workbook".to_owned(),
        ImportFailure::Records(_) | ImportFailure::Import(ImportError::Customer(_)) => {
            "the database did not answer: import the file again, and it goes on here".to_owned()
        }
        ImportFailure::ErrorsGone { .. } | ImportFailure::ErrorsThere(_) => {
            "its file of refused rows is not as it was".to_owned()
        }
        ImportFailure::NotCsv { .. }
        | ImportFailure::Workbook(_)
        | ImportFailure::WorkbookTooLarge { .. }
        | ImportFailure::WorkbookParts { .. }
        | ImportFailure::NoSheet { .. }
        | ImportFailure::NoWorkbook
        | ImportFailure::NoHeadings
        | ImportFailure::HeadingsNotUtf8
        | ImportFailure::TooManyColumns(_)
        | ImportFailure::HeadingsTooLong
        | ImportFailure::Mapping(_)
        | ImportFailure::Done(_)
        | ImportFailure::OtherSettings(_)
        | ImportFailure::NoList(_)
        | ImportFailure::ListExpired { .. }
        | ImportFailure::Import(_) => failure.to_string(),
    }
}
