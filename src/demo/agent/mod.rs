//! One virtual person at a console, over one session after the other.
//!
//! # Contract
//! - [`run_agent`] (`session`) opens sessions, resumes them, and carries messages to and from the desk.
//! - The desk (`desk`) decides, by habits and chance alone: available, answers offers, talks, finishes
//!   up, takes breaks. It never looks past its own screen.
//! - In chats he writes (`writing`): a greeting, and an answer to what the customer wrote.
//! - `agenda` keeps what he means to do later, `requests` what he has asked and not heard of.
//! - An offer that is gone when he accepts it (another agent was first, the caller left) is no fault.

use crate::demo::habits::Habits;
use crate::demo::recorded::Shift;
use crate::protocol::AgentName;

mod agenda;
mod consulting;
mod desk;
mod requests;
mod session;
mod writing;

pub use session::run_agent;

/// Who somebody is and how he works.
#[derive(Clone, Debug)]
pub struct VirtualAgent {
    pub name: AgentName,
    pub habits: Habits,
    /// When he is on duty; empty: always.
    pub shifts: Vec<Shift>,
    pub seed: u64,
}
