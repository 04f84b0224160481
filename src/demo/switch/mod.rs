//! The simulated telephone system of one gateway: pure, told the time, with no socket.
//!
//! # Contract
//! - [`Switch`] holds the calls. What happens by itself (patience, lifted devices, talks that end,
//!   customers who call again) happens in `lines`, when [`Switch::advance`] says how late it is.
//! - [`Switch::obey`] carries out the server's orders (`obedience`), each at most once; those
//!   of exits from a queue in `exits`, calls to customers in `placing` (what becomes of them in `answers`), written contacts in `writing`,
//!   questions to colleagues and lines that drop in `consulting`, supervisors on the line in `listening`, recordings in `taping`.
//! - Everything told to the server waits until it is acknowledged; `agreement` takes the
//!   answers and the snapshot after a lost connection, `inventory` says what there is.
//! - Each count in the ledger is made when the server has acknowledged what it counts.

mod agreement;
mod answers;
mod consulting;
mod exits;
mod inventory;
mod lines;
mod listening;
mod obedience;
mod placing;
mod taping;
mod writing;

#[cfg(test)]
mod tests;

pub use lines::{Leg, Switch};
