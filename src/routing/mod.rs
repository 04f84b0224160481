//! The router: a pure state machine. Commands and the time go in, events come out.
//!
//! It never reads a clock, a file or a socket, and knows no wire. Everything that changes its
//! state is an [`event::Event`] applied by `evolve`; everything that decides is in a turn, which
//! records each event through `evolve` before it decides the next.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod command;
pub mod event;
pub mod expression;
pub mod hold;
pub mod ids;
pub mod personal;
pub mod refusal;
pub mod rule_set;
pub mod skill;
pub mod time;
pub mod why;
