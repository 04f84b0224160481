//! Who looked at, changed or took away what, and when: rows that are only added, each hashed with the one before it.
//!
//! - [`entry`]: what a row says. It holds numbers and fixed words, so that nothing of a person can come in.
//! - [`chain`]: the hash. Whoever changes, removes or puts in a row breaks every later one.
//! - [`append`]: one transaction for many rows; whoever changes something else too can add its row to that.
//! - [`read`]: by time, user and customer. [`check`]: the first row that does not fit.
//! - [`prune`]: what is old goes from the front. Where it ended stands in `audit_chain` and in a row of its own, so
//!   that what is left can still be checked.
//!
//! The chain shows what was changed in place. Who can write to the database can make it anew from any row on: to see
//! that, note its end somewhere else, and give it to the check.

mod append;
mod chain;
mod check;
mod entry;
mod prune;
mod read;

pub(in crate::records) use append::append;
pub use chain::ChainHash;
pub use check::{AuditCheck, AuditEnd, BrokenWhy};
pub use entry::{Act, AuditEntry, AuditNo, AuditRow, AuditSubject, AuditValue, UnknownAct};
pub use prune::AuditPruned;
pub use read::AuditQuestion;
