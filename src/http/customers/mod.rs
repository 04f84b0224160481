//! Customers for those who read and write them over REST: found, shown, added, changed, merged. It routes nothing.
//!
//! - `shown.rs` alone makes what is shown of a customer; all other files hand it cards.
//! - A body says what shall be: a field that it does not name stays, null empties it, a list is made so
//!   (`asked.rs`). The change is one transaction at the version that `If-Match` names.
//! - A customer that is part of another one now answers 308 with the same path of that one.
//! - Every change is told to the screen pop, so that the next call sees it.

pub(super) mod asked;
pub(super) mod change;
pub(super) mod duplicates;
pub(super) mod fields;
pub(super) mod find;
pub(super) mod parts_of;
pub(super) mod refused;
pub(super) mod shown;
pub(super) mod upsert;
