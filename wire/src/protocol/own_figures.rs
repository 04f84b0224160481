//! An agent's own figures of the day. It never shows another agent's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::time::Time;

/// Asks for the agent's own figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, TS)]
pub struct FiguresShow {}

/// What the agent did since `since`. Times are sums, in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OwnFigures {
    /// When the day began, by the site's zone; or the centre, if that was later.
    pub since: Time,
    /// Segments closed that had been connected.
    pub handled: u64,
    /// Offers declined.
    pub declined: u64,
    /// Offers that ran out.
    pub missed: u64,
    /// Talk of those segments.
    pub talk_ms: u64,
    /// Hold of those segments.
    pub hold_ms: u64,
    /// Wrap-up of those segments.
    pub wrap_up_ms: u64,
    /// (talk + hold + wrap-up) ÷ handled; null when none was.
    pub aht_ms: Option<u64>,
    /// Time with at least one segment in hand.
    pub busy_ms: u64,
    /// Time available with nothing in hand.
    pub available_ms: u64,
    /// busy ÷ (busy + available), from 0 to 1; null when that divides by 0.
    #[schemars(range(min = 0, max = 1))]
    pub occupancy: Option<f64>,
}
