//! What is known of a customer: who it is, what happened, what is still to be done. Stores nothing, asks nobody.
//!
//! - Every text that may name a person is a [`text::PersonalText`]: bounded, and redacted when it is printed.
//! - Every change says who made it and when: [`change::Stamp`].
//! - `records` stores and finds what these types hold.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod change;
pub mod customer;
pub mod ids;
pub mod interaction;
pub mod note;
pub mod text;
pub mod work;
