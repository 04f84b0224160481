//! Follows the journal and writes what became of every contact: its interaction, and what agents wrote of it. It
//! decides nothing and holds nobody up; who routes does not know of it.
//!
//! - It reads only what is committed, from where its rows end: cursor and rows are one transaction, so that each
//!   event counts once, whenever server or database stop.
//! - While the database does not answer it tries again and again, and then catches up whole.
//! - What it needs of earlier events is in the rows themselves: it begins anew with an empty memory.

mod follow;

pub use follow::{FollowError, READER, follow, write_up_to};
