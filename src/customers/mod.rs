//! Who the customers are: their data, and the rules for reading, finding and comparing it. Never
//! stores anything, reads no clock and no file, and decides nothing about contacts.
//!
//! Text goes in from callers, agents, files and host systems, and is read once, here, into types
//! that cannot be wrong later; what cannot be read is refused with a reason that names the field
//! and what was expected, and never repeats the personal value. Whoever stores what comes out finds
//! it by equal keys: the store compares, it never normalises.
//!
//! - [`address`], [`phone`]: every form of an address to one key; numbers to E.164.
//! - [`search_terms`]: what a name, a note and a query are indexed and looked up by.
//! - [`card_numbers`]: card numbers masked before anything is stored.
//! - [`custom_fields`]: the centre's own fields, declared with types.
//! - [`likeness`]: which of several customers is meant, and which two may be one.
//! - [`import_columns`], [`import_headings`], [`import_rows`]: which column is what, as confirmed and as guessed;
//!   a row of a table to a customer, or a refusal.
//! - [`defuse`]: cells that a spreadsheet would run, made text.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod address;
pub mod card_numbers;
pub mod custom_fields;
pub mod defuse;
pub mod import_columns;
pub mod import_headings;
pub mod import_rows;
pub mod likeness;
pub mod phone;
pub mod search_terms;

mod digits;
mod phone_text;

#[cfg(test)]
mod tests;
