//! A contact centre without the waiting: recorded calls through the real router, in virtual time.
//! Never reads a clock, a file or a socket; the same texts and the same seed give the same bytes.
//!
//! Contract of [`simulation::simulate`]: texts and a rule set in, a [`report::Report`] out.
//!
//! - A call enters its queue at `arrived_at` + max(0, `vru_s`). PHANTOM rows are left out; a HANG
//!   row with `queue_s` 0 left before the queue. The queue comes from the rules ([`arrivals`]).
//! - Its handle time is `service_s`; where that is missing, or nobody served the call in truth,
//!   it is drawn from the served rows of the same `type` ([`draws`]).
//! - A caller who hung up leaves after his `queue_s`; the patience of a served one is drawn above
//!   his own `queue_s` from one Kaplan–Meier estimate over the file ([`patience`]).
//! - Agents are on duty from the first answer to the last end of a day, or by a table of shifts;
//!   they accept at once, and their legs connect at once ([`people`]).
//! - Every decision is the router's: the loop only tells it what happens and when ([`centre`]).
//! - Draws depend on the seed and the row alone, so that two rule sets meet the same callers.
//! - Of two things in the same millisecond: deadlines of the router, ends of shifts, ends of
//!   service, begins of shifts, arrivals, patience; then the order of the file.
//!
//! Beside it, for the router's own tests:
//! - [`referee`]: a second, slow opinion on every decision of the router. It shares the router's
//!   plain data types and none of its decisions.
//! - [`history`]: random histories from a seed, run against the referee; what fails is minimised.
//! - [`scenario`]: commands at times and the events expected, as a supervisor reads them.
//!
//! Beside a report may stand the same calls under [`first_come`]: the same centre, no preferences.
//!
//! A row that cannot be read is an error that names line, column and what was expected; nothing is
//! simulated then.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod arrivals;
mod asking;
pub mod centre;
pub mod draws;
pub mod first_come;
pub mod history;
pub mod patience;
pub mod people;
pub mod referee;
pub mod report;
pub mod scenario;
pub mod simulation;
pub mod table;
