//! What can go wrong, by operation. It never holds what a person is called, wrote or dialled.

use crate::customers::ids::{AddressId, CustomerId, ImportId, MergeId, NameId, Version, WorkId};
use crate::customers::interaction::Interaction;
use crate::imports::import_batch::ImportState;
use crate::outbound::ids::CallListId;
use crate::routing::ids::{ContactId, EventNo, SegmentId};

use super::super::error::RecordsError;

#[derive(Debug, thiserror::Error)]
pub enum CustomerError {
    #[error("there is no customer {0}")]
    Unknown(CustomerId),
    #[error("customer {customer} is part of customer {into} now")]
    Merged { customer: CustomerId, into: CustomerId },
    #[error("customer {customer} was changed meanwhile: expected version {expected}, found {found}")]
    Conflict { customer: CustomerId, expected: Version, found: Version },
    #[error("customer {customer} has this address already, as {address}")]
    AddressThere { customer: CustomerId, address: AddressId },
    #[error("customer {customer} has no address {address}")]
    UnknownAddress { customer: CustomerId, address: AddressId },
    #[error("customer {customer} has no other name {name}")]
    UnknownName { customer: CustomerId, name: NameId },
    #[error("expected at most {max} customers at a time, got {count}")]
    TooMany { count: usize, max: usize },
    #[error("there is no work {0}")]
    UnknownWork(WorkId),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

#[derive(Debug, thiserror::Error)]
pub enum InteractionError {
    /// The reader of the journal may not have come so far: trying again may find it.
    #[error("there is no interaction of contact {0}")]
    Unknown(ContactId),
    #[error("the interaction was changed meanwhile")]
    Conflict { found: Box<Interaction> },
    #[error("contact {contact} has no segment {segment}")]
    UnknownSegment { contact: ContactId, segment: SegmentId },
    #[error(transparent)]
    Customer(#[from] CustomerError),
}

#[derive(Debug, thiserror::Error)]
pub enum InteractionsError {
    #[error("expected at most {max} interactions at a time, got {count}")]
    TooMany { count: usize, max: usize },
    /// The rows were not written: whoever reads the journal must begin again where the rows end.
    #[error("the rows of this reader end at event {found}, expected {expected}")]
    Elsewhere { expected: EventNo, found: EventNo },
    #[error("expected to go on from event {after}, not back to {up_to}")]
    Backwards { after: EventNo, up_to: EventNo },
    #[error(transparent)]
    Records(#[from] RecordsError),
}

#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    #[error("there is no work {0}")]
    Unknown(WorkId),
    #[error("work {work} was changed meanwhile: expected version {expected}, found {found}")]
    Conflict { work: WorkId, expected: Version, found: Version },
    #[error("work {0} is closed")]
    Closed(WorkId),
    #[error("work {work} became contact {contact} already")]
    ContactThere { work: WorkId, contact: ContactId },
    #[error(transparent)]
    Customer(#[from] CustomerError),
}

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("customer {0} cannot be merged with itself")]
    Same(CustomerId),
    #[error("there is no merge {0}")]
    Unknown(MergeId),
    #[error("merge {0} was undone already")]
    Undone(MergeId),
    /// That later merge is to be undone first.
    #[error("customer {kept} was itself merged into customer {into} later")]
    MergedLater { kept: CustomerId, into: CustomerId },
    #[error(transparent)]
    Customer(#[from] CustomerError),
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("there is no import {0}")]
    Unknown(ImportId),
    #[error("import {import} cannot be gone on with: it is {state}")]
    NotRunning { import: ImportId, state: ImportState },
    #[error("somebody else goes on with import {import}: expected it at row {expected}, found it at row {found}")]
    Elsewhere { import: ImportId, expected: u64, found: u64 },
    #[error("import {0} was undone already")]
    Undone(ImportId),
    #[error("import {import} is of {found}")]
    OtherRows { import: ImportId, found: &'static str },
    /// Somebody has deleted it meanwhile.
    #[error("there is no call list {0} any more")]
    NoList(CallListId),
    #[error("expected at most {max} rows at a time, got {count}")]
    TooMany { count: usize, max: usize },
    #[error(transparent)]
    Customer(#[from] CustomerError),
}

macro_rules! from_the_database {
    ($($error:ident => $records:expr),+ $(,)?) => {$(
        impl From<sqlx::Error> for $error {
            fn from(error: sqlx::Error) -> $error {
                $records(RecordsError::Database(error))
            }
        }
    )+};
}

from_the_database! {
    CustomerError => CustomerError::Records,
    InteractionError => |error| InteractionError::Customer(CustomerError::Records(error)),
    InteractionsError => InteractionsError::Records,
    WorkError => |error| WorkError::Customer(CustomerError::Records(error)),
    MergeError => |error| MergeError::Customer(CustomerError::Records(error)),
    ImportError => |error| ImportError::Customer(CustomerError::Records(error)),
}

macro_rules! through_customer_error {
    ($($error:ident),+ $(,)?) => {$(
        impl From<RecordsError> for $error {
            fn from(error: RecordsError) -> $error {
                $error::Customer(CustomerError::Records(error))
            }
        }
    )+};
}

through_customer_error!(InteractionError, WorkError, MergeError, ImportError);
