//! The router: a pure state machine. Commands and the time go in, events come out.
//!
//! It never reads a clock, a file or a socket, and knows no wire. Everything that changes its
//! state is an [`event::Event`] applied by `evolve`; everything that decides is in a turn, which
//! records each event through `evolve` before it decides the next.
//!
//! Begin with [`router::ContactRouter`]; then `command` (what goes in), `event` (what comes out),
//! `state` (what is remembered), `index` (what is kept ready), `entry` (which queue), `steps` and
//! `exits` (what happens while it waits), `settle` (who gets which contact),
//! `taking` (what an agent chooses himself).
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod attempt;
pub mod campaign;
pub mod command;
pub mod estimate;
pub mod event;
pub mod exit_rules;
pub mod hold;
pub mod ids;
pub mod personal;
pub mod queue_rules;
pub mod recording;
pub mod refusal;
pub mod router;
pub mod rule_set;
pub mod skill;
pub mod snapshot;
pub mod step_rules;
pub mod time;
pub mod why;

pub mod entry;
pub mod expression;
pub mod query;

pub mod agent;
pub mod busy_time;
pub mod calendar;
pub mod gateway;
pub mod path;
pub mod queue_figures;
pub mod segment;
pub mod state;
pub mod table;
pub mod visit;
pub mod week_text;

mod attempts;
mod callbacks;
mod campaigns;
mod consultations;
mod deadlines;
mod dropped;
mod evolve;
mod evolve_consultations;
mod evolve_contacts;
mod evolve_leads;
mod evolve_segments;
mod evolve_site;
mod evolve_tables;
mod evolve_visits;
mod exits;
mod gateways;
mod in_hand;
mod index;
mod lane;
mod lanes;
mod leads;
mod legs;
mod lines;
mod offer;
mod open_time;
pub(crate) mod pairs;
mod parties;
mod presence;
mod recordings;
mod rising;
mod selection;
mod setting_aside;
mod settle;
mod site;
mod step_times;
mod steps;
mod supervisor;
mod taking;
mod tickets;
mod turn;
mod written;

pub use lanes::{agent_scope, agent_scope_with};
pub use selection::random;
pub use tickets::Tickets;

#[cfg(test)]
mod router_tests;
