//! The commands of `usher`. Reads arguments and files, hands them on; holds no logic of its own.
//!
//! [`program`] is the list of commands; each has a file of its own.

pub mod audit;
mod backup;
pub mod campaign;
pub mod config;
pub mod demo;
pub mod do_not_call;
pub mod door;
pub mod export;
pub mod import;
pub mod import_args;
pub mod key;
pub mod list;
pub mod privacy;
pub mod program;
pub mod report;
pub mod retention;
pub mod rules;
pub mod serve;
pub mod simulate;
pub mod user;
pub mod why;
