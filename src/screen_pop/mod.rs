//! Who is calling: found by address while the contact comes in, and shown to the agent who gets it. It never
//! delays or fails a contact, and decides nothing about one.
//!
//! - [`sought`] reads the addresses out of what a gateway said; [`ScreenPop::look_up`] finds whose they are.
//! - Nobody waits longer than the setting says. After a question that took too long the next ones are not waited for
//!   at all, until one was answered in time again; they come late, so many at once and no more ([`in_time`]).
//! - What was found lies over what the gateway said, in `attributes.customer` ([`known`]); what the look-up came to,
//!   in `attributes.customer_lookup`, which nobody else writes.
//! - A [`card`] is read when the contact comes and again when it is older than its life; a change made here
//!   is seen at once.
//! - [`ScreenPop::leads`] finds the leads of call lists at the customer's numbers, known or not: what was called, and is to
//!   be.
//! - [`search`] finds customers by what a person types, the likeliest first; [`search_pages`] finds all of them, page
//!   by page.

pub mod card;
pub mod in_time;
mod kept;
pub mod known;
mod pop;
pub mod search;
pub mod search_pages;
pub mod sought;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::phone::Region;

pub use pop::{LookUp, ScreenPop};

/// What each means stands in the reference of the settings.
#[derive(Clone, Debug)]
pub struct Settings {
    pub home_region: Option<Region>,
    pub external_id_attribute: String,
    pub external_system: String,
    pub digits_attribute: String,
    pub look_up_within: Duration,
    pub late_look_ups_max: usize,
    pub card_within: Duration,
    pub cache_life: Duration,
    pub fields: FieldDeclarations,
}
