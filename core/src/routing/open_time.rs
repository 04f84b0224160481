//! Waiting that counts in opening hours only: that of emails and tasks in a queue with hours. It reads no
//! clock, and moves nobody.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::calendar::{Calendar, DAYS_AHEAD_MAX, instants, local};
use super::rule_set::Channel;
use super::state::State;
use super::table::QueueNo;
use super::time::{Millis, Timestamp};
use super::visit::Visit;

/// Open or closed from its first moment to its last, the end left out.
struct Stretch {
    from: Timestamp,
    to: Timestamp,
    is_open: bool,
}

impl Calendar {
    /// The first moment from `at` on at which it is open; `at` itself when there is none for 400 days.
    #[must_use]
    pub fn opens_from(&self, at: Timestamp) -> Timestamp {
        let Some(zone) = self.time_zone() else { return at };
        let open = self.open_from(&zone, at).next();
        open.map_or(at, |open| open.from.max(at))
    }

    /// When so much open time has passed since `at`. One that does not open for so long in 400 days
    /// counts as always open.
    #[must_use]
    pub fn later(&self, at: Timestamp, by: Millis) -> Timestamp {
        let Some(zone) = self.time_zone().filter(|_| by > Millis::ZERO) else { return at + by.max(Millis::ZERO) };
        let mut left = by;
        for open in self.open_from(&zone, at) {
            let from = open.from.max(at);
            let span = open.to.since(from);
            if span >= left {
                return from + left;
            }
            left = left - span;
        }
        at + by
    }

    /// The last moment since which so much open time has passed at `at`; as [`Calendar::later`].
    #[must_use]
    pub fn earlier(&self, at: Timestamp, by: Millis) -> Timestamp {
        let Some(zone) = self.time_zone().filter(|_| by > Millis::ZERO) else { return at - by.max(Millis::ZERO) };
        let mut left = by;
        let today = local(&zone, at).map(|now| now.date());
        let days = std::iter::successors(today, |day| day.yesterday().ok()).take(DAYS_AHEAD_MAX);
        for day in days {
            let stretches = self.stretches(&zone, day);
            for open in stretches.iter().rev().filter(|stretch| stretch.is_open && stretch.from < at) {
                let to = open.to.min(at);
                let span = to.since(open.from);
                if span >= left {
                    return to - left;
                }
                left = left - span;
            }
        }
        at - by
    }

    /// How long it was open between the two; all of what lies more than 400 days after the first counts.
    #[must_use]
    pub fn open_between(&self, from: Timestamp, to: Timestamp) -> Millis {
        let Some(zone) = self.time_zone().filter(|_| from < to) else { return to.since(from).max(Millis::ZERO) };
        let mut passed = Millis::ZERO;
        let mut seen = from;
        for day in days_from(&zone, from) {
            for stretch in self.stretches(&zone, day) {
                let (first, last) = (stretch.from.max(from), stretch.to.min(to));
                if first < last {
                    if stretch.is_open {
                        passed = passed + last.since(first);
                    }
                    seen = last;
                }
            }
            if seen >= to {
                return passed;
            }
        }
        passed + to.since(seen)
    }

    fn open_from<'c>(&'c self, zone: &'c TimeZone, at: Timestamp) -> impl Iterator<Item = Stretch> + 'c {
        let stretches = days_from(zone, at).flat_map(move |day| self.stretches(zone, day));
        stretches.filter(move |stretch| stretch.is_open && stretch.to > at)
    }

    /// One local day, cut where hours begin and end and where clocks are changed.
    fn stretches(&self, zone: &TimeZone, day: Date) -> Vec<Stretch> {
        let end = day.tomorrow().ok().and_then(|next| midnight(zone, next));
        let Some((start, end)) = midnight(zone, day).zip(end) else { return Vec::new() };
        let of_hours = self.hours_of(day).iter().flat_map(|hours| [hours.from, hours.to]);
        let mut edges: Vec<Timestamp> = of_hours.flat_map(|minute| instants(zone, day, minute)).collect();
        edges.push(start);
        if let Ok(since) = jiff::Timestamp::from_millisecond(start.0) {
            let changes = zone.following(since).map(|change| Timestamp(change.timestamp().as_millisecond()));
            edges.extend(changes.take_while(|change| *change < end));
        }
        edges.retain(|edge| (start..end).contains(edge));
        edges.sort_unstable();
        edges.dedup();
        let ends = edges.iter().skip(1).copied().chain([end]);
        let stretch =
            |(from, to): (&Timestamp, Timestamp)| Stretch { from: *from, to, is_open: self.is_open_in(zone, *from) };
        edges.iter().zip(ends).map(stretch).collect()
    }
}

fn days_from(zone: &TimeZone, at: Timestamp) -> impl Iterator<Item = Date> {
    let today = local(zone, at).map(|now| now.date());
    std::iter::successors(today, |day| day.tomorrow().ok()).take(DAYS_AHEAD_MAX)
}

fn midnight(zone: &TimeZone, day: Date) -> Option<Timestamp> {
    let first = zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible().ok()?;
    Some(Timestamp(first.timestamp().as_millisecond()))
}

impl State {
    /// The calendar by which such a contact's waiting counts in a queue; None: all of it counts.
    fn counting_calendar(&self, queue: QueueNo, channel: Channel) -> Option<&Calendar> {
        self.calendar(queue).filter(|_| channel.waits_in_opening_hours())
    }

    fn calendar_of_waiting(&self, visit: &Visit) -> Option<&Calendar> {
        self.counting_calendar(visit.queue, self.contacts[&visit.key.contact].channel)
    }

    /// How long a visit has lasted, as far as it counts.
    #[must_use]
    pub fn waited(&self, visit: &Visit, now: Timestamp) -> Millis {
        let offset = self.wall_offset;
        match self.calendar_of_waiting(visit) {
            Some(calendar) => calendar.open_between(visit.entered_at + offset, now + offset),
            None => now.since(visit.entered_at),
        }
    }

    /// When a visit will have lasted so long, the time in which the server was down left out.
    #[must_use]
    pub fn due(&self, visit: &Visit, after: Millis) -> Timestamp {
        let begun = visit.entered_at + visit.paused;
        match self.calendar_of_waiting(visit) {
            Some(calendar) => calendar.later(begun + self.wall_offset, after) - self.wall_offset,
            None => begun + after,
        }
    }

    /// A place in line with a head start, as a moment that calendars of other queues can be compared with:
    /// who came while it was closed counts from its opening on.
    pub(super) fn place(
        &self,
        queue: QueueNo,
        channel: Channel,
        ordered_since: Timestamp,
        head_start: Millis,
    ) -> Timestamp {
        let Some(calendar) = self.counting_calendar(queue, channel) else { return ordered_since - head_start };
        let opened = calendar.opens_from(ordered_since + self.wall_offset);
        let place = if head_start < Millis::ZERO {
            calendar.later(opened, Millis::ZERO - head_start)
        } else {
            calendar.earlier(opened, head_start)
        };
        place - self.wall_offset
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::super::calendar::OpenHours;
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    /// Monday to Friday 9 to 12 and 13 to 17, Sunday 1 to 4, closed on 25 December.
    fn paris() -> Calendar {
        let mut weekly: [Vec<OpenHours>; 7] = Default::default();
        weekly[..5].fill(vec![OpenHours { from: 540, to: 720 }, OpenHours { from: 780, to: 1_020 }]);
        weekly[6] = vec![OpenHours { from: 60, to: 240 }];
        let exceptions = BTreeMap::from([("2026-12-25".parse().unwrap(), Vec::new())]);
        Calendar { zone: Arc::from("Europe/Paris"), weekly, exceptions }
    }

    #[test]
    fn open_time_passes_only_while_it_is_open() {
        let calendar = paris();
        for (from, hours, to) in [
            ("2026-11-20T15:00:00Z", 1, "2026-11-20T16:00:00Z"),
            ("2026-11-20T15:00:00Z", 2, "2026-11-22T01:00:00Z"),
            ("2026-11-20T10:30:00Z", 1, "2026-11-20T12:30:00Z"),
            ("2026-11-21T12:00:00Z", 4, "2026-11-23T09:00:00Z"),
            ("2026-12-24T15:30:00Z", 1, "2026-12-27T00:30:00Z"),
        ] {
            let (from, to, by) = (at(from), at(to), Millis(hours * HOUR));
            assert_eq!(calendar.later(from, by), to, "{hours} h from {from:?}");
            assert_eq!(calendar.open_between(from, to), by, "{hours} h from {from:?}");
        }
        assert_eq!(calendar.earlier(at("2026-11-23T09:00:00Z"), Millis(4 * HOUR)), at("2026-11-22T00:00:00Z"));
        assert_eq!(calendar.opens_from(at("2026-11-20T16:00:00Z")), at("2026-11-22T00:00:00Z"));
        assert_eq!(calendar.opens_from(at("2026-11-20T15:59:59Z")), at("2026-11-20T15:59:59Z"));
    }

    #[test]
    fn an_hour_that_is_left_out_does_not_pass_and_one_that_comes_twice_passes_twice() {
        let calendar = paris();
        // 29 March 2026 has no 02:00 to 03:00, 25 October has it twice.
        for (day, hours) in [("2026-03-28", 2), ("2026-10-24", 4), ("2026-11-21", 3)] {
            let from = at(&format!("{day}T12:00:00Z"));
            assert_eq!(calendar.open_between(from, from + Millis(24 * HOUR)), Millis(hours * HOUR), "{day}");
        }
    }

    #[test]
    fn one_that_never_opens_counts_as_always_open() {
        let never = Calendar { weekly: Default::default(), ..paris() };
        let now = at("2026-11-20T15:00:00Z");
        assert_eq!(never.opens_from(now), now);
        assert_eq!(never.later(now, Millis(HOUR)), now + Millis(HOUR));
        assert_eq!(never.earlier(now, Millis(HOUR)), now - Millis(HOUR));
        assert_eq!(never.open_between(now, now + Millis(HOUR)), Millis::ZERO);
    }

    #[test]
    fn later_and_earlier_undo_each_other() {
        let calendar = paris();
        for step in 0..500 {
            let from = calendar.opens_from(at("2026-10-20T00:00:00Z") + Millis(step * 1_234_567));
            let by = Millis(step * 54_321 + 1);
            let to = calendar.later(from, by);
            assert_eq!(calendar.open_between(from, to), by, "{step}");
            let back = calendar.earlier(to, by);
            assert!(back >= from && calendar.open_between(from, back) == Millis::ZERO, "{step}");
        }
    }
}
