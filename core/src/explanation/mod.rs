//! Why: the long answer to a decision, asked the slow way. Reads the router's state and nothing that is kept
//! ready of it; every agent is looked at, one after the other. It never decides, and changes nothing.
//!
//! - [`contact`]: where a contact stands, and what stands between it and every agent.
//! - [`agent`]: what an agent does, and what stands between him and those who wait.
//! - [`decision`]: what an event recorded, beside what the state before it gives.
//! - [`overtakings`]: who was served before somebody who had come earlier, and by which rule.
//!
//! The parts: [`between`] names what stands between one agent and one visit, [`requirement`] what he lacks,
//! [`candidates`] puts those in order whom nothing stands before, [`outlook`] says which step and which exit
//! come next, [`figures`] counts what conditions read.
//!
//! It must say what the router said: random histories hold it to that at every offer.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod agent;
pub mod between;
pub mod candidates;
pub mod contact;
pub mod decision;
pub mod figures;
pub mod outlook;
pub mod overtakings;
pub mod requirement;

#[cfg(test)]
mod tests;
