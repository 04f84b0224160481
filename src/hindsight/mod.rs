//! Why, of the past: finds an event in the journal, brings back the state right before it, and asks there the
//! slow way. Reads the journal alone: it never waits for the router, nor the router for it.
//!
//! - [`Hindsight`] answers one question after the other; how far it folds back is bounded, except for a command
//!   that has a process of its own.
//! - An event is found by the numbers that events give out: they rise with the events, so that a contact's first
//!   event is found by halving.

mod ask;
mod search;
#[cfg(test)]
pub(crate) mod tests;

pub use ask::{Decided, Hindsight, HindsightError, Now, Story};
