//! A note: what somebody wrote of a customer, an interaction or a piece of work. Masks nothing itself.

use crate::routing::ids::ContactId;

use super::change::Stamp;
use super::ids::{CustomerId, NoteId, WorkId};
use super::text::NoteText;

/// What a note is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoteSubject {
    Customer(CustomerId),
    /// The interaction of a contact; it need not be stored yet.
    Interaction(ContactId),
    Work(WorkId),
}

/// A note as stored. It is never changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    pub id: NoteId,
    pub subject: NoteSubject,
    /// Whose it is: the customer itself, or that of the interaction or the work.
    pub customer: Option<CustomerId>,
    pub text: NoteText,
    pub stamp: Stamp,
}
