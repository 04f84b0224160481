//! Usher, a contact routing server for call centres.
#![forbid(unsafe_code)]

/// The databases' driver, so that what measures them links the same build of it.
pub use sqlx;
pub use usher_core::{customers, explanation, imports, outbound, reporting, routing, rules, simulator};
pub use usher_wire::protocol;

pub mod access;
pub mod audit;
pub mod backup;
pub mod campaigns;
pub mod cli;
pub mod clock;
pub mod config;
pub mod counters;
pub mod customer_import;
pub mod demo;
pub mod export;
pub mod fan_out;
pub mod gateways;
pub mod hindsight;
pub mod http;
pub mod import_desk;
pub mod interactions;
pub mod journal;
pub mod main_loop;
pub mod messages;
pub mod privacy;
pub mod records;
pub mod router_handle;
pub mod rule_files;
pub mod screen_pop;
pub mod server;
pub mod sessions;
pub mod telemetry;
pub mod wire_client;
pub mod work;
