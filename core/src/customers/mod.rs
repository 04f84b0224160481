//! Who the customers are: their data, and the rules for reading, finding and comparing it. Never
//! stores anything, reads no clock and no file, and decides nothing about contacts.
//!
//! Text goes in from callers, agents, files and host systems, and is read once, here, into types
//! that cannot be wrong later; what cannot be read is refused with a reason that names the field
//! and what was expected, and never repeats the personal value. Whoever stores what comes out finds
//! it by equal keys: the store compares, it never normalises.
//!
//! - [`customer`], [`interaction`], [`work`], [`note`]: what is known of a customer, what happened, what is
//!   still to be done. Every change says who made it and when: [`change::Stamp`].
//! - [`interaction_fold`]: what the events of a contact come to.
//! - [`recording`]: where what was said in a call is kept.
//! - [`text`]: every text that may name a person is bounded, and redacted when it is printed.
//! - [`address`], [`phone`]: every form of an address to one key; numbers to E.164.
//! - [`search_terms`]: what a name, a note and a query are indexed and looked up by.
//! - [`card_numbers`]: card numbers masked before anything is stored.
//! - [`custom_fields`], [`field_values`]: the centre's own fields, declared with types; values checked against them.
//! - [`redaction`]: given a record, the record that somebody may see.
//! - [`likeness`]: which of several customers is meant, and which two may be one.
//! - [`import_columns`], [`import_headings`], [`import_rows`]: which column is what, as confirmed and as guessed;
//!   a row of a table to a customer, or a refusal.
//! - [`import_matching`], [`import_customer`]: which rows are customers that are known; a row as a customer.
//! - [`edit`]: changes that belong together, and what lies between how a customer is and how it shall be.
//! - [`interaction_columns`], [`interaction_headings`], [`interaction_rows`], [`interaction_matching`]: the same for tables
//!   of what happened; [`import_times`]: when, as strangers write it.
//! - [`defuse`]: cells that a spreadsheet would run, made text.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod address;
pub mod card_numbers;
pub mod change;
pub mod custom_fields;
pub mod customer;
pub mod defuse;
pub mod edit;
pub mod field_values;
pub mod ids;
pub mod import_columns;
pub mod import_customer;
pub mod import_headings;
pub mod import_matching;
pub mod import_rows;
pub mod import_times;
pub mod interaction;
pub mod interaction_columns;
pub mod interaction_fold;
pub mod interaction_headings;
pub mod interaction_matching;
pub mod interaction_rows;
pub mod likeness;
pub mod message;
pub mod note;
pub mod phone;
pub mod recording;
pub mod redaction;
pub mod search_terms;
pub mod text;
pub mod work;

mod digits;
mod phone_text;

#[cfg(test)]
mod tests;
