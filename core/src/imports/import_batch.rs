//! One import of one file: its settings, how far it came, what it did. Never reads the file.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::customers::change::Stamp;
use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::ids::{CustomerId, ImportId};
use crate::customers::import_columns::ColumnMapping;
use crate::customers::import_matching::IfKnown;
use crate::customers::interaction_columns::InteractionMapping;
use crate::outbound::call_list::DuplicateScope;
use crate::outbound::do_not_call::DoNotCallScope;
use crate::outbound::do_not_call_columns::DoNotCallMapping;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead::SourceText;
use crate::outbound::lead_columns::LeadMapping;
use crate::routing::ids::ContactId;

/// What the rows of a file are, and what becomes of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportedRows {
    Customers {
        mapping: ColumnMapping,
        fields: FieldDeclarations,
        if_known: IfKnown,
    },
    /// Known ones are left out: what happened does not change.
    Interactions {
        mapping: InteractionMapping,
    },
    /// For one call list; a lead that is there within the scope is refused.
    Leads {
        list: CallListId,
        mapping: LeadMapping,
        fields: FieldDeclarations,
        duplicates: DuplicateScope,
    },
    /// Entries of other imports stay beside these.
    DoNotCall {
        mapping: DoNotCallMapping,
        /// For whose calls all of them hold.
        scope: DoNotCallScope,
        /// Who keeps the list, in the centre's own words.
        source: Option<SourceText>,
    },
}

impl ImportedRows {
    /// As people call them.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match self {
            ImportedRows::Customers { .. } => "customers",
            ImportedRows::Interactions { .. } => "interactions",
            ImportedRows::Leads { .. } => "leads",
            ImportedRows::DoNotCall { .. } => "do-not-call entries",
        }
    }

    /// Whether they go where the others go: one file may be taken over into several places.
    #[must_use]
    pub fn go_with(&self, others: &ImportedRows) -> bool {
        self.noun() == others.noun() && self.list() == others.list() && self.scope() == others.scope()
    }

    /// The call list that leads are for.
    #[must_use]
    pub fn list(&self) -> Option<CallListId> {
        match self {
            ImportedRows::Leads { list, .. } => Some(*list),
            ImportedRows::Customers { .. } | ImportedRows::Interactions { .. } | ImportedRows::DoNotCall { .. } => None,
        }
    }

    fn scope(&self) -> Option<&DoNotCallScope> {
        match self {
            ImportedRows::DoNotCall { scope, .. } => Some(scope),
            ImportedRows::Customers { .. } | ImportedRows::Interactions { .. } | ImportedRows::Leads { .. } => None,
        }
    }
}

/// How a file is cut into rows and cells.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// With this between the cells.
    Csv { delimiter: char },
    /// A sheet of a workbook, by name.
    Xlsx { sheet: String },
}

impl FileFormat {
    /// The sheet of a workbook.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        match self {
            FileFormat::Csv { .. } => None,
            FileFormat::Xlsx { sheet } => Some(sheet),
        }
    }
}

/// What a file means, and what becomes of it. An import goes on with those it began with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ImportSettings {
    pub rows: ImportedRows,
    pub format: FileFormat,
    /// The file of refused rows, if one is kept.
    pub errors: Option<String>,
}

/// How far an import has come; all before it is stored, nothing after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ImportPlace {
    /// Bytes of the file.
    pub position: u64,
    /// The last row, as a spreadsheet counts: the headings are row 1.
    pub row: u64,
}

/// Rows by what became of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ImportCounts {
    pub read: u64,
    pub added: u64,
    pub updated: u64,
    pub skipped: u64,
    pub refused: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Begun; going on now, or waiting to be gone on with.
    Running,
    Done,
    /// An undo was begun and can be gone on with.
    Undoing,
    Undone,
}

impl fmt::Display for ImportState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ImportState::Running => "running",
            ImportState::Done => "done",
            ImportState::Undoing => "undoing",
            ImportState::Undone => "undone",
        })
    }
}

/// The file of an import that came over HTTP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportUpload {
    /// As it is called in the data directory.
    pub file: String,
    /// Of its rows, as they are read.
    pub bytes: u64,
}

/// Why nobody goes on with an import by himself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportHalt {
    /// Somebody said so.
    Stopped,
    /// What went wrong, for people.
    Failed { why: String },
}

impl fmt::Display for ImportHalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ImportHalt::Stopped => "stopped",
            ImportHalt::Failed { .. } => "failed",
        })
    }
}

/// An import as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportBatch {
    pub id: ImportId,
    pub file_name: String,
    /// SHA-256 of the whole file, in hexadecimal digits.
    pub file_hash: String,
    pub settings: ImportSettings,
    pub state: ImportState,
    pub place: ImportPlace,
    /// Length of the file of refused rows up to this place.
    pub errors_bytes: u64,
    pub counts: ImportCounts,
    /// None: the command reads the file.
    pub upload: Option<ImportUpload>,
    /// It stays when one that was halted is undone.
    pub halt: Option<ImportHalt>,
    /// By an undo.
    pub rows_removed: u64,
    /// By an undo, because somebody had used them since.
    pub rows_kept: u64,
    pub begun: Stamp,
    pub changed: Stamp,
}

impl ImportBatch {
    /// Of one that is not over; None: somebody goes on with it, or may.
    #[must_use]
    pub fn halted(&self) -> Option<&ImportHalt> {
        self.halt.as_ref().filter(|_| self.state == ImportState::Running)
    }
}

/// A file that is to be imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewImport {
    pub file_name: String,
    pub file_hash: String,
    pub settings: ImportSettings,
    /// Where the first row begins.
    pub place: ImportPlace,
    /// None: the command reads the file.
    pub upload: Option<ImportUpload>,
}

/// Why an undo left a row where it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum WhyKept {
    Changed,
    Merged,
    HasInteractions,
    HasWork,
    HasNotes,
    Tried,
}

impl fmt::Display for WhyKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WhyKept::Changed => "was changed since",
            WhyKept::Merged => "was merged with another since",
            WhyKept::HasInteractions => "had contacts since",
            WhyKept::HasWork => "has work since",
            WhyKept::HasNotes => "has notes since",
            WhyKept::Tried => "was tried since",
        })
    }
}

/// What an import added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Imported {
    Customer(CustomerId),
    Interaction(ContactId),
    Lead(LeadId),
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Imported::Customer(customer) => write!(f, "customer {customer}"),
            Imported::Interaction(contact) => write!(f, "interaction {contact}"),
            Imported::Lead(lead) => write!(f, "lead {lead}"),
        }
    }
}

/// What an undo left where it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kept {
    pub what: Imported,
    pub why: WhyKept,
}
