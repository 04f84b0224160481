//! What is shown of the centre: folds over events. Never decides, never reads a clock or a store.
//!
//! Contract: an [`Event`](crate::routing::event::Event) goes in, in the journal's order, and
//! nothing else; figures come out, closed at the time the reader names. So two screens never
//! differ, and a restart shows what was shown before. State holds integers only (counts and
//! milliseconds); a rate is made when it is asked for, and is `None` where it would divide by 0.
//! A snapshot of a fold, and the fold of the events after it, is the fold of them all.
//!
//! - [`definitions`]: each figure and its formula.
//! - [`counts`]: visits and handle time, and the balance that holds at every event.
//! - [`intervals`]: counts per queue and 15 minutes, each end in the interval in which it happens.
//! - [`activity`]: what an agent does, derived; his row of the board.
//! - [`live_board`]: the whole centre now; [`figures`]: how its rows are read.
//! - [`alerts`]: its figures against the thresholds of the rules.
//! - [`trends`]: its last hours in spans of five minutes.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod activity;
pub mod alerts;
mod board_rows;
pub mod counts;
mod day;
pub mod definitions;
pub mod figures;
pub mod intervals;
pub mod live_board;
pub mod trends;

#[cfg(test)]
mod histories;
#[cfg(test)]
mod live_board_tests;
