//! Usher, a contact routing server for call centres.
#![forbid(unsafe_code)]

pub mod journal;
pub mod protocol;
pub mod reporting;
pub mod routing;
pub mod rule_files;
pub mod rules;
