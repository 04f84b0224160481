//! The referee: predicts each decision of the router, slowly and simply, and checks what must always hold.
//!
//! It names the router's plain data types only, never its decisions. `model` is the state it folds
//! from events; `turn` and the files beside it decide what must happen next by scanning everything;
//! `check` compares that with what the router did, event by event; `invariants` holds what must be
//! so whatever the prediction says. `routes` is the door to any router: the real one, the model
//! itself, or a deliberately broken one.

mod agents;
mod aside;
mod attempts;
mod callbacks;
mod campaigns;
pub mod check;
mod consultations;
mod contacts;
mod deadlines;
mod entry;
mod exits;
mod fold;
mod fold_consultations;
mod fold_contacts;
mod gateways;
mod in_call;
pub mod invariants;
mod leads;
pub(crate) mod leaving;
mod legs;
mod matching;
pub mod model;
mod new_rules;
mod open_time;
mod outside;
mod pace;
mod phones;
mod proposals;
mod reading;
mod recordings;
mod rising;
pub mod routes;
mod steps;
mod supervisor;
mod taking;
mod tallies;
mod turn;
mod written;

#[cfg(test)]
mod mutants;
