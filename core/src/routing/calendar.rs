//! Opening hours in a time zone of the IANA database: weekly, with holidays and exceptions. It reads
//! no clock; the zones are part of the program.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Serialize};

use super::time::{Millis, Timestamp};

/// The last minute of a day that hours may end at: 24:00.
pub const MINUTES_OF_DAY: u16 = 1_440;
/// How far ahead a closing time is looked for: past it, a calendar counts as one that never closes.
pub(super) const DAYS_AHEAD_MAX: usize = 400;

/// When a queue is open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Calendar {
    /// By its name in the IANA database, such as `Europe/Paris`.
    pub zone: Arc<str>,
    /// Monday first.
    pub weekly: [Vec<OpenHours>; 7],
    /// Days that differ; none listed: closed all day.
    #[serde(default)]
    pub exceptions: BTreeMap<Date, Vec<OpenHours>>,
}

/// Minutes since local midnight: open from the first, closed from the second on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct OpenHours {
    pub from: u16,
    pub to: u16,
}

impl Calendar {
    /// A zone that is not known counts as always open.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        let Some(zone) = self.time_zone() else { return true };
        self.is_open_in(&zone, at)
    }

    /// The first moment after `after` at which it closes; None: not in the next 400 days.
    #[must_use]
    pub fn next_closing(&self, after: Timestamp) -> Option<Timestamp> {
        let zone = self.time_zone()?;
        let today = local(&zone, after)?.date();
        let days = std::iter::successors(today.yesterday().ok(), |day| day.tomorrow().ok()).take(DAYS_AHEAD_MAX);
        // Hours that touch do not close it; clocks that are changed may.
        let closes =
            |at: &Timestamp| *at > after && !self.is_open_in(&zone, *at) && self.is_open_in(&zone, *at - Millis(1));
        for day in days {
            let ends = self.hours_of(day).iter().flat_map(|hours| instants(&zone, day, hours.to));
            if let Some(end) = ends.filter(closes).min() {
                let changes = zone.following(jiff::Timestamp::from_millisecond(after.0).ok()?);
                let changes = changes.map(|change| Timestamp(change.timestamp().as_millisecond()));
                return changes.take_while(|change| *change < end).find(closes).or(Some(end));
            }
        }
        None
    }

    pub(super) fn is_open_in(&self, zone: &TimeZone, at: Timestamp) -> bool {
        let Some(local) = local(zone, at) else { return true };
        let minute = minute_of(local);
        self.hours_of(local.date()).iter().any(|hours| (hours.from..hours.to).contains(&minute))
    }

    pub(super) fn hours_of(&self, day: Date) -> &[OpenHours] {
        let weekday = day.weekday().to_monday_zero_offset().unsigned_abs() as usize;
        self.exceptions.get(&day).unwrap_or(&self.weekly[weekday])
    }

    pub(super) fn time_zone(&self) -> Option<TimeZone> {
        TimeZone::get(&self.zone).ok()
    }
}

/// What a clock in `zone` shows at `at`; None: centuries away.
#[must_use]
pub fn local(zone: &TimeZone, at: Timestamp) -> Option<DateTime> {
    jiff::Timestamp::from_millisecond(at.0).ok().map(|at| zone.to_datetime(at))
}

/// When the day after the one of `at` begins in a zone, by its name; UTC when it is not known. None: centuries away.
#[must_use]
pub fn next_day(zone: &str, at: Timestamp) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let tomorrow = local(&zone, at)?.date().tomorrow().ok()?;
    let begins = tomorrow.to_zoned(zone).ok()?.timestamp().as_millisecond();
    Some(Timestamp(begins))
}

/// Minutes since midnight, as the clock shows them.
#[must_use]
pub fn minute_of(local: DateTime) -> u16 {
    u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs())
}

/// None of a time that is left out when clocks are put forward; two of one that comes twice.
pub(super) fn instants(zone: &TimeZone, day: Date, minute: u16) -> impl Iterator<Item = Timestamp> {
    let midnight =
        if minute == MINUTES_OF_DAY { day.tomorrow().ok().map(|next| (next, 0)) } else { Some((day, minute)) };
    let local = midnight
        .and_then(|(day, minute)| Some(day.at(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0)));
    let offsets = local.map(|local| match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => [Some(offset), None],
        AmbiguousOffset::Gap { .. } => [None, None],
        AmbiguousOffset::Fold { before, after } => [Some(before), Some(after)],
    });
    let instants = offsets.into_iter().flatten().flatten().zip(local.into_iter().cycle());
    instants.filter_map(|(offset, local)| Some(Timestamp(offset.to_timestamp(local).ok()?.as_millisecond())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_or_when_the_clocks_have_passed_it() {
        let days = [
            ("Europe/Paris", "2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z"),
            ("Europe/Paris", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
            ("Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z"),
            ("no/such", "2026-04-23T12:00:00Z", "2026-04-24T00:00:00Z"),
        ];
        for (zone, now, next) in days {
            assert_eq!(next_day(zone, at(now)), Some(at(next)), "{zone} {now}");
        }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn paris() -> Calendar {
        let day = vec![OpenHours { from: 540, to: 720 }, OpenHours { from: 720, to: 1_080 }];
        let mut weekly: [Vec<OpenHours>; 7] = Default::default();
        weekly[..5].fill(day);
        weekly[5] = vec![OpenHours { from: 600, to: MINUTES_OF_DAY }];
        let exceptions = BTreeMap::from([("2026-12-25".parse().unwrap(), Vec::new())]);
        Calendar { zone: Arc::from("Europe/Paris"), weekly, exceptions }
    }

    #[test]
    fn hours_are_those_of_the_zone_summer_and_winter() {
        let calendar = paris();
        // 24 July is two hours ahead of UTC, 23 November one.
        for (open, text) in [
            (true, "2026-07-24T07:00:00Z"),
            (false, "2026-07-24T06:59:59Z"),
            (true, "2026-11-23T08:00:00Z"),
            (false, "2026-11-23T07:59:59Z"),
            (true, "2026-11-23T16:59:59Z"),
            (false, "2026-11-23T17:00:00Z"),
            (false, "2026-11-22T12:00:00Z"),
        ] {
            assert_eq!(calendar.is_open(at(text)), open, "{text}");
        }
    }

    #[test]
    fn it_closes_once_a_day_and_not_on_a_holiday() {
        let calendar = paris();
        let closings = std::iter::successors(Some(at("2026-12-24T05:00:00Z")), |after| calendar.next_closing(*after));
        let closings: Vec<Timestamp> = closings.skip(1).take(3).collect();
        let expected = ["2026-12-24T17:00:00Z", "2026-12-26T23:00:00Z", "2026-12-28T17:00:00Z"];
        assert_eq!(closings, expected.map(at));
    }

    #[test]
    fn a_day_of_23_and_one_of_25_hours() {
        let mut calendar = paris();
        calendar.weekly[6] = vec![OpenHours { from: 60, to: 150 }];
        // 29 March 2026: 02:00 is 03:00, so that hours to 02:30 end with the gap.
        assert!(calendar.is_open(at("2026-03-29T00:59:00Z")));
        assert!(!calendar.is_open(at("2026-03-29T01:00:00Z")));
        // 25 October 2026: 02:00 to 03:00 comes twice.
        assert!(calendar.is_open(at("2026-10-25T00:29:00Z")));
        assert!(!calendar.is_open(at("2026-10-25T00:30:00Z")));
        assert!(calendar.is_open(at("2026-10-25T01:29:00Z")));
    }

    #[test]
    fn it_closes_as_often_as_the_clocks_show_the_end() {
        let mut calendar = paris();
        calendar.weekly[6] = vec![OpenHours { from: 60, to: 150 }];
        // Put forward: 02:30 never comes. Put back: it comes twice.
        for (after, closes) in [
            ("2026-03-28T23:30:00Z", "2026-03-29T01:00:00Z"),
            ("2026-10-24T22:30:00Z", "2026-10-25T00:30:00Z"),
            ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
        ] {
            assert_eq!(calendar.next_closing(at(after)), Some(at(closes)), "{after}");
        }
        // Open to 03:00, which would end with the first 02:59: the clock goes back to 02:00, not open.
        calendar.weekly[6] = vec![OpenHours { from: 150, to: 180 }];
        assert_eq!(calendar.next_closing(at("2026-10-25T00:40:00Z")), Some(at("2026-10-25T01:00:00Z")));
        assert_eq!(calendar.next_closing(at("2026-10-25T01:00:00Z")), Some(at("2026-10-25T02:00:00Z")));
    }
}
