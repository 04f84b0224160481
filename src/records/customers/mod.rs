//! The store of what is known of customers. It decides nothing: whom a contact belongs to, which of several
//! matches is likeliest, who may see what, is decided by whoever asks.
//!
//! - Every operation is one transaction, and says who did it and when: the history is written with it.
//! - A customer that was merged away is not found and not changed: [`CustomerError::Merged`] names the one it is
//!   part of now. Rows that the reader of the journal writes for it go to that one by themselves.
//! - A merge moves rows and remembers which; undoing it moves back what is still there. What was changed
//!   meanwhile stays changed, what came meanwhile stays with the customer that was kept.
//! - The terms that the search asks for are kept in step with every name and note.
//! - An import writes its rows and its place in the file together, so that it goes on where it was; what it added
//!   carries its number, and can be taken back while nobody used it.
//! - No error holds a name, an address or a note.

mod add;
mod addresses;
mod after_call;
mod cards;
mod change;
mod consents;
mod edit;
mod erase;
mod error;
mod history;
mod import_chunk;
mod import_customers;
mod import_interactions;
mod import_notes;
mod import_undo;
mod import_undo_interactions;
mod import_uploads;
mod imports;
mod interactions;
mod interactions_write;
mod merges;
mod notes;
mod person_export;
mod repeats;
mod retain;
mod rows;
mod search;
mod tags_and_names;
mod terms;
mod terms_anew;
mod work;
mod work_change;

use crate::customers::change::Stamp;
use crate::customers::ids::{CustomerId, MergeId};

pub use after_call::InteractionChange;
pub use edit::FoundOrAdded;
pub(super) use erase::names_somebody;
pub use erase::{EraseCustomerError, Erased, ErasureId, PendingErasure};
pub use error::{CustomerError, ImportError, InteractionError, InteractionsError, MergeError, WorkError};
pub use import_chunk::{ImportChunk, OpenChunk, RefusedRow};
pub(super) use import_chunk::{Outcome, begin_chunk};
pub use import_interactions::KnownHere;
pub use import_undo::UndoneChunk;
pub(super) use import_undo::{UNDONE_ROWS_MAX, UndoneRows};
pub use import_uploads::{KeptRefusal, REFUSALS_KEPT_MAX};
pub use interactions_write::InteractionBatch;
pub(super) use notes::add_contact_note;
pub use person_export::PersonRows;
pub use repeats::Repeats;
pub use retain::RetentionKind;
pub(super) use rows::{Columns, contact_of, stored, word_of};
pub use search::{FoundCustomer, FoundNote, MatchDetails};
pub use work_change::TaskStands;

/// Rows bound as one array: more wins nothing and holds the one writer longer.
pub const BATCH_ROWS_MAX: usize = 5_000;
/// Customers shown for one contact; a switchboard's number may belong to thousands.
pub const MATCHES_MAX: usize = 50;

/// One merge, undone or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Merge {
    pub id: MergeId,
    pub kept: CustomerId,
    pub merged: CustomerId,
    pub made: Stamp,
    pub undone: Option<Stamp>,
}
