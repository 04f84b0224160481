//! Usher, a contact routing server for call centres.
#![forbid(unsafe_code)]

pub mod access;
pub mod cli;
pub mod clock;
pub mod config;
pub mod counters;
pub mod customers;
pub mod demo;
pub mod explanation;
pub mod fan_out;
pub mod hindsight;
pub mod http;
pub mod interactions;
pub mod journal;
pub mod main_loop;
pub mod protocol;
pub mod records;
pub mod reporting;
pub mod router_handle;
pub mod routing;
pub mod rule_files;
pub mod rules;
pub mod screen_pop;
pub mod server;
pub mod sessions;
pub mod simulator;
pub mod telemetry;
