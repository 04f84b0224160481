//! The door to the router, both ways: send a command, ask a question, hear what was committed.
//! It decides nothing and knows no wire.
//!
//! - [`RouterHandle`] puts work into one of two bounded inboxes: what agents, supervisors and live
//!   calls say goes before new contacts, so that shedding can have a policy.
//! - An answer is worked out between two commands and leaves after the commit of everything before
//!   it, in the same order as the news the commands caused.
//! - [`Listener`] hears [`Delivery`]s, each once, in the order of their events, after the commit.
//! - [`views`] says what agents and gateways may see, in the router's own words.

mod handle;
mod news;
pub mod views;

pub use handle::{Answer, Deferred, Inboxes, Read, Rejection, RouterHandle, Source, View, Work, inboxes, is_arrival};
pub use news::{
    AgentChangedBy, AgentNews, Delivery, LegOrder, Listener, MESSAGE_LIFE, MessageOrder, NotConnected, Order, OrderKind,
};
