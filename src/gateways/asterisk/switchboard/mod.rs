//! What is known of each call at one Asterisk, and what follows from it: pure, told the time, with no socket.
//!
//! # Contract
//! - A *call* is a contact, a *leg* one channel: of the customer, of an agent, of a number outside, of a supervisor.
//! - What happens to legs comes in by [`Switchboard::heard`] (`legs`, `entering`, `keys`, `placing`); what the server
//!   orders by [`Switchboard::obey`] (`obedience`, `exits`, `consulting`, `monitors`, `recordings`), each order at most once.
//! - Nothing there moves a channel. `places` alone says in which bridge each leg should be, from what its call is, and
//!   asks for the moves that are missing; an order is done, and a contact connected, once the legs are where they should be.
//! - Everything told to the server waits in `tells` until it is acknowledged; `agreement` takes the answers and the
//!   snapshot, `found` what the switch has after a lost connection, `inventory` says what there is.
//! - The session with the server is to be open only while the switch is heard: without it the gateway is away.
//! - Unknown, doubled, late and missing events change nothing that they do not speak of; each is a debug line at most.

mod agreement;
mod announcing;
mod calls;
mod consulting;
mod core;
mod devices;
mod entering;
mod exits;
mod found;
mod inventory;
mod keys;
mod lasting;
mod legs;
mod monitors;
mod names;
mod obedience;
mod places;
mod placing;
mod recordings;
#[cfg(test)]
mod tests;

pub use self::core::Switchboard;
pub use self::names::VARIABLES;
