//! Calls that the centre makes by itself: whom to call, and when somebody may be called, legal by construction. Never
//! stores or places a call, reads no clock and no file.
//!
//! A *campaign* works through one or more *call lists* of *leads*; a lead has one or more *numbers*, in the order in which
//! they are tried, each with its consent. Each try is an *attempt*.
//!
//! - [`ids`]: what the store numbers.
//! - [`campaign`], [`campaign_hours`]: how a campaign calls, and [`call_list`]: how a list is to be worked through, as a person
//!   writes it; checked as a whole. [`moments`], [`spans`]: moments and times in them.
//! - [`lead`]: whom to call, at which numbers, with what is known of him.
//! - [`lead_columns`], [`lead_headings`], [`lead_rows`]: which column of a table is what of a lead, as confirmed and as
//!   guessed; a row to a lead, or a refusal; [`lead_by_hand`]: one lead, read in the same way.
//! - [`lead_standing`]: how a lead stands, as it is stored.
//! - [`lead_matching`]: which rows are leads that are there already.
//!
//! - [`list_mix`], [`lead_feed`]: which list the next lead comes from, and which of its leads that is; [`lead_rank`]: in which
//!   order those go that nobody tried. [`lead_supply`] has both for the lists of a campaign, with what holds a list back:
//!   [`supplied_list`], [`lead_release`], [`list_goals`].
//!   [`lead_waterfall`]: why each of them is not called now, as counts that add up; [`campaign_status`]: what is seen of a
//!   campaign as a whole; [`lead_why`]: why one lead is not called now.
//! - [`attempt_outcome`], [`retry_rules`]: what became of an attempt, and what follows from it. [`lead_progress`]: how far
//!   a lead has come by that, number by number, and when it is due again; [`day_parts`]: morning or evening by its clock.
//!
//! - [`lead_stay`]: one stay of a lead with the router, as its events tell it; [`stay_end`]: how the lead stands after it.
//!
//! A call is allowed when all of these say so, at the moment it is placed; what is not known counts as what forbids most.
//!
//! - [`calling_hours`], [`holiday`]: hours by weekday and on holidays, as a clock on the wall shows them.
//!   [`calling_window`]: such hours in one zone. [`calling_calendar`]: all windows that hold for a lead, open while
//!   each of them is; when it opens and closes next, and by which window. [`calling_calendars`]: each kept once, by number.
//! - [`jurisdiction`]: what one law asks, each number with its source; `rules` reads them from `jurisdictions/*.toml`
//!   and runs the test vectors in them. [`region`]: where a law holds. Where several do, the strictest wins.
//! - [`kept_attempt`]: an attempt as it is kept for years, and what limits see in it. [`callback_call`]: one call of a callback,
//!   as its events tell it.
//! - [`limits`]: rolling caps, and locks after what happened; from when a call is allowed by caps, locks and hours together.
//!   [`drop_cap`]: the share of answered calls that may find no agent, as each regulator counts it.
//! - [`do_not_call`]: entries by number or prefix, for all, a campaign or an account; [`do_not_call_columns`],
//!   [`do_not_call_rows`]: such entries in a table, as confirmed or guessed; a row to an entry, or a refusal.
//! - [`gate`]: all of these asked of one call that is about to be placed.
//! - [`lead_calendars`]: by which calendar each lead of a campaign is called.
//! - [`lead_place`]: the zones and regions a lead may be in, from its own fields, its postcode or its number;
//!   [`place_tables`]: what it looks them up in.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod attempt_outcome;
pub mod call_list;
pub mod callback_call;
pub mod calling_calendar;
pub mod calling_calendars;
pub mod calling_hours;
pub mod calling_window;
pub mod campaign;
pub mod campaign_hours;
pub mod campaign_status;
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
pub mod lead_by_hand;
pub mod lead_calendars;
pub mod lead_columns;
pub mod lead_feed;
pub mod lead_headings;
mod lead_lane;
pub mod lead_matching;
pub mod lead_place;
pub mod lead_progress;
pub mod lead_rank;
pub mod lead_release;
pub mod lead_rows;
pub mod lead_standing;
pub mod lead_stay;
pub mod lead_supply;
pub mod lead_waterfall;
pub mod lead_why;
pub mod limits;
pub mod list_goals;
pub mod list_mix;
pub mod moments;
pub mod place_tables;
pub mod region;
pub mod retry_rules;
pub mod shown_lead;
pub mod spans;
pub mod stay_end;
pub mod supplied_list;

#[cfg(test)]
mod tests;
