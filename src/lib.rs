//! Usher, a contact routing server for call centres.
#![forbid(unsafe_code)]

pub mod access;
pub mod cli;
pub mod clock;
pub mod config;
pub mod http;
pub mod journal;
pub mod protocol;
pub mod records;
pub mod reporting;
pub mod routing;
pub mod rule_files;
pub mod rules;
pub mod telemetry;
