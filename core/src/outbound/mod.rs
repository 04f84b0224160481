//! Calls that the centre makes by itself: whom to call, and when somebody may be called, legal by construction. Never
//! stores or places a call, reads no clock and no file.
//!
//! A *campaign* works through one or more *call lists* of *leads*; a lead has one or more *numbers*, in the order in which
//! they are tried, each with its consent. Each try is an *attempt*.
//!
//! - [`ids`]: what the store numbers.
//! - [`call_list`], [`list_moments`]: how a list is to be worked through, as a person writes it; checked as a whole.
//! - [`lead`]: whom to call, at which numbers, with what is known of him.
//! - [`lead_columns`], [`lead_headings`], [`lead_rows`]: which column of a table is what of a lead, as confirmed and as
//!   guessed; a row to a lead, or a refusal.
//! - [`lead_matching`]: which rows are leads that are there already.
//!
//! - [`list_mix`], [`lead_feed`]: which list the next lead comes from, and which of its leads that is.
//! - [`attempt_outcome`], [`retry_rules`]: what became of an attempt, and what follows from it. [`lead_progress`]: how far
//!   a lead has come by that, number by number, and when it is due again; [`day_parts`]: morning or evening by its clock.
//!
//! A call is allowed when all of these say so, at the moment it is placed; what is not known counts as what forbids most.
//!
//! - [`calling_hours`], [`holiday`]: hours by weekday and on holidays, as a clock on the wall shows them.
//!   [`calling_window`]: such hours in one zone. [`calling_calendar`]: all windows that hold for a lead, open while
//!   each of them is; when it opens and closes next, and by which window. [`calling_calendars`]: each kept once, by number.
//! - [`jurisdiction`]: what one law asks, each number with its source; `rules` reads them from `jurisdictions/*.toml`
//!   and runs the test vectors in them. [`region`]: where a law holds. Where several do, the strictest wins.
//! - [`kept_attempt`]: an attempt as it is kept for years, and what limits see in it.
//! - [`limits`]: rolling caps, and locks after what happened; from when a call is allowed by caps, locks and hours together.
//!   [`drop_cap`]: the share of answered calls that may find no agent, as each regulator counts it.
//! - [`do_not_call`]: entries by number or prefix, for all, a campaign or an account; [`do_not_call_columns`],
//!   [`do_not_call_rows`]: such entries in a table, as confirmed or guessed; a row to an entry, or a refusal.
//! - [`gate`]: all of these asked of one call that is about to be placed.
//! - [`lead_place`]: the zones and regions a lead may be in, from its own fields, its postcode or its number;
//!   [`place_tables`]: what it looks them up in.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod attempt_outcome;
pub mod call_list;
pub mod calling_calendar;
pub mod calling_calendars;
pub mod calling_hours;
pub mod calling_window;
pub mod day_parts;
pub mod do_not_call;
pub mod do_not_call_columns;
pub mod do_not_call_rows;
pub mod drop_cap;
pub mod gate;
pub mod holiday;
pub mod ids;
pub mod jurisdiction;
pub mod kept_attempt;
pub mod lead;
pub mod lead_columns;
pub mod lead_feed;
pub mod lead_headings;
pub mod lead_matching;
pub mod lead_place;
pub mod lead_progress;
pub mod lead_rows;
pub mod limits;
pub mod list_mix;
pub mod list_moments;
pub mod place_tables;
pub mod region;
pub mod retry_rules;

#[cfg(test)]
mod tests;
