//! The store of do-not-call entries, tens of millions of them. It decides nothing: which entry stops a call is
//! `outbound::do_not_call`'s.
//!
//! - An entry is its digits, where it is from and when it expires; for whose calls it holds, and who said so, stands once
//!   for a whole import. Entries of two imports do not touch each other: a number on two lists stays until both are gone.
//! - A number is looked up by each of its beginnings, in one question, and by its hash among those of people who were
//!   erased.
//! - Adding and removing one is a row of the audit, an import is two.
//! - No error holds a number.

mod columns;
mod entries;
mod erase;
mod expired;
mod import_entries;
mod import_undo_entries;
mod listed;

pub use entries::DoNotCallAdded;
pub(super) use erase::take_by_hand;
pub(super) use import_undo_entries::undo_do_not_call;
pub use listed::{DoNotCallCount, ListedEntry};
