//! Random histories from a seed: what happens, run against the referee, minimised when it fails.
//!
//! `dice` draws, `rule_sets`, `hours`, `deferred`, `leaving`, `reading`, `steps`, `messages`, `callbacks`,
//! `campaigns`, `proposals`, `consultations`, `transfers`, `taking`, `recordings` and `supervisor` make up what happens, `kinds` names what can
//! come of it, `run` plays it and `minimise` takes away what a failure does not need. The same seed gives the same
//! history for ever; a failure prints itself as a scenario.

mod callbacks;
mod campaigns;
mod consultations;
mod deferred;
mod dice;
#[cfg(test)]
mod explained;
mod hours;
pub mod kinds;
#[cfg(test)]
mod known;
mod leaving;
mod messages;
mod minimise;
mod proposals;
mod reading;
mod recordings;
mod rule_sets;
pub mod run;
pub mod steps;
mod supervisor;
mod taking;
mod transfers;
