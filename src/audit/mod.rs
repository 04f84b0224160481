//! Notes who looked at what. It decides nothing and shows nothing; the rows and their chain are the records'.
//!
//! - [`Audit::record`] waits until the row is on disk. Whoever answers a look, a search, an export waits for it: an
//!   answer that could not be audited does not leave. Many such rows become one transaction, so that a look costs no
//!   sync of its own.
//! - [`Audit::note`] waits for nothing: for what is pushed to an agent with a contact, which nothing may delay. The row
//!   follows as soon as the database takes it. When too many wait already, it says no, and nothing is shown. An orderly
//!   stop writes what waits; a process that is killed may lose the last of these rows (the journal still has which agent
//!   was offered which contact), never one that was waited for.
//! - A change has its history in its own transaction. Its audit row comes after it and before the answer.

mod writer;

pub use writer::{Audit, AuditUnavailable};
