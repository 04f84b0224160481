//! Imports of files, whatever their rows are of: what is imported how, and how far it came. Never opens a file, stores or
//! judges a row.
//!
//! - [`import_batch`]: one import of one file: its settings, its place, its counts; what an undo left where it is.
//!
//! How a row is read lies with what it is of: `customers` for customers and interactions, `outbound` for leads.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod import_batch;
