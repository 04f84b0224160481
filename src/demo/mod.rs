//! Virtual callers, agents, a gateway and a supervisor: strangers to the server, who know it by its
//! wire alone. They never look into the server and never change a figure of it.
//!
//! # Contract
//! - Each opens sessions with [`crate::wire_client`]: everything sent and heard is a type of [`crate::protocol`].
//! - All go by [`crate::wire_client::CentreClock`], which the gateway's session sets whenever it opens.
//! - [`Switch`] is the pure simulated telephone system: calls, legs, orders at most once, events
//!   kept until they are acknowledged. [`run_gateway`] connects it with a server.
//! - [`run_agent`] is one person at a console. Whoever comes back after a broken socket resumes;
//!   whoever comes back after a restart goes by the snapshot.
//! - [`Company`] is all of them at one server: a [`Cast`] is let in, works, and is held to account.
//! - What callers and agents saw is in [`Ledger`], to be held against the server's own figures.
//! - All chance is seeded: the same seed draws the same callers and the same habits.

mod accounts;
mod agent;
mod callers;
mod cast;
mod conversation;
mod customers;
mod gateway;
mod habits;
mod ledger;
mod process;
mod recorded;
mod supervisor;
mod switch;

pub use accounts::{LogInError, is_ready, log_in};
pub use agent::{VirtualAgent, run_agent};
pub use callers::{CallerModel, KeyPress, PlannedCall};
pub use cast::{CampaignBeside, Cast, Company, CompanyError, Totals};
pub use gateway::{GatewayPlan, run_gateway};
pub use habits::{Habits, Span};
pub use ledger::{Ledger, Seen};
pub use process::{ProcessError, ServerProcess, ServerProgram};
pub use recorded::{InvalidCalls, RecordedDays, RowCounts, Shift, read_calls};
pub use supervisor::{BoardTotals, Dashboard, run_supervisor};
pub use switch::{Leg, Switch};
