//! Rule files to a [`RuleSet`](crate::routing::rule_set::RuleSet): texts in, a checked set out. Reads no disk, runs nothing live.
//!
//! [`load`] takes every file of a rules folder as text and gives back the whole set or every
//! error of it, each with file, line, column and what was expected there; never a part of a set.
//! What is odd but harmless (a queue nobody can serve) is a warning beside the set.
//!
//! A file is read in three steps: [`table`] walks the TOML and refuses what [`keys`] does not
//! name; `entry`, `queues` (with `steps` and `exits`), `agents`, `calendars` and `site` make one
//! draft each; `whole_set` and `widening` check the drafts against each other. `condition` checks
//! CEL before anything runs it.
//!
//! [`load_jurisdictions`] reads packs of law in the same way: `jurisdictions` with `jurisdiction_hours` and
//! `jurisdiction_limits`; `jurisdiction_vectors` runs the test vectors that each pack brings with it.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod agents;
mod calendars;
mod condition;
mod condition_queues;
mod condition_trial;
mod condition_words;
mod entry;
mod exits;
mod jurisdiction_hours;
mod jurisdiction_limits;
mod jurisdiction_vectors;
mod jurisdictions;
mod keys;
mod load;
mod queues;
mod report;
mod rule_file;
mod serving;
mod site;
mod steps;
mod table;
#[cfg(test)]
mod tests;
mod values;
mod whole_set;
mod widening;

pub use jurisdictions::{JURISDICTIONS_MAX, load_jurisdictions};
pub use load::{LoadedRules, load};
pub use report::{RuleErrors, RuleProblem, RuleWarnings};
pub use rule_file::{FILE_BYTES_MAX, RULE_FILES_MAX, RuleFile};
