//! When the site's day ends. Counts nothing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::routing::calendar::next_day;
use crate::routing::time::{Millis, Timestamp};

/// The day that is counted, by the wall clock of the site's zone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Day {
    zone: Arc<str>,
    /// How far the wall clock was stepped.
    wall_offset: Millis,
    /// None before the first event.
    ends: Option<Timestamp>,
    is_endless: bool,
}

impl Default for Day {
    fn default() -> Day {
        Day { zone: Arc::from("UTC"), wall_offset: Millis::ZERO, ends: None, is_endless: false }
    }
}

impl Day {
    /// One that never ends.
    pub fn endless() -> Day {
        Day { is_endless: true, ..Day::default() }
    }

    /// None: nothing has happened yet, or it never ends.
    pub fn ends(&self) -> Option<Timestamp> {
        self.ends
    }

    /// When the last day began that ended since, if one did by `at`; the next day is counted from then on.
    pub fn pass(&mut self, at: Timestamp) -> Option<Timestamp> {
        let mut begun = None;
        if self.ends.is_none() {
            self.look_ahead(at);
        }
        while let Some(ends) = self.ends.filter(|ends| *ends <= at) {
            begun = Some(ends);
            self.look_ahead(ends);
        }
        begun
    }

    pub fn live_in(&mut self, zone: &Arc<str>, at: Timestamp) {
        if self.zone != *zone {
            self.zone = Arc::clone(zone);
            self.look_ahead(at);
        }
    }

    pub fn step_clock(&mut self, by: Millis, at: Timestamp) {
        self.wall_offset = self.wall_offset + by;
        self.look_ahead(at);
    }

    fn look_ahead(&mut self, at: Timestamp) {
        if !self.is_endless {
            self.ends = next_day(&self.zone, at + self.wall_offset).map(|next| next - self.wall_offset);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    #[test]
    fn a_day_ends_once_however_many_have_passed() {
        let mut day = Day::default();
        assert_eq!(day.pass(Timestamp(DAY / 2)), None);
        assert_eq!(day.ends(), Some(Timestamp(DAY)));
        assert_eq!(day.pass(Timestamp(DAY)), Some(Timestamp(DAY)));
        assert_eq!(day.pass(Timestamp(DAY + 1)), None);
        assert_eq!(day.pass(Timestamp(4 * DAY + 5)), Some(Timestamp(4 * DAY)), "the last of three");
        assert_eq!(day.ends(), Some(Timestamp(5 * DAY)));
    }

    #[test]
    fn the_wall_clock_and_the_zone_say_when() {
        let mut day = Day::default();
        day.pass(Timestamp(0));
        day.step_clock(Millis::minutes(60), Timestamp(10));
        assert_eq!(day.ends(), Some(Timestamp(DAY - 3_600_000)));
        day.live_in(&Arc::from("Asia/Tokyo"), Timestamp(10));
        assert_eq!(day.ends(), Some(Timestamp(DAY - 10 * 3_600_000)), "Tokyo is nine hours ahead, the clock one");
    }
}
