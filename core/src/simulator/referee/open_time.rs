//! Opening hours as a measure of waiting: one day of UTC after the other, laid out anew each time it is asked.
//! Keeps nothing and decides nothing.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::model::{Contact, Model, Visit};
use crate::routing::calendar::{Calendar, OpenHours};
use crate::routing::ids::QueueId;
use crate::routing::rule_set::Channel;
use crate::routing::time::{Millis, Timestamp};

pub(super) const MINUTE: i64 = 60_000;
pub(super) const DAY: i64 = 24 * 60 * MINUTE;
/// 1 January 1970 was a Thursday.
pub(super) const WEEKDAY_OF_DAY_0: i64 = 3;
/// What does not open for so many local days counts as if it were always open.
const DAYS_MAX: i64 = 400;

/// Half open, in milliseconds of the wall clock.
type Span = (i64, i64);

/// A calendar of a zone that is known.
struct OpenDays<'a> {
    calendar: &'a Calendar,
    zone: TimeZone,
}

impl OpenDays<'_> {
    fn of(calendar: &Calendar) -> Option<OpenDays<'_>> {
        Some(OpenDays { calendar, zone: TimeZone::get(&calendar.zone).ok()? })
    }

    fn offset(&self, at: i64) -> i64 {
        let at = jiff::Timestamp::from_millisecond(at).expect("histories and scenarios play in this age");
        i64::from(self.zone.to_offset(at).seconds()) * 1_000
    }

    /// Of the local day of this number.
    fn hours_of(&self, day: i64) -> &[OpenHours] {
        let exception = if self.calendar.exceptions.is_empty() {
            None
        } else {
            self.calendar.exceptions.get(&date_of(day)).map(Vec::as_slice)
        };
        exception.unwrap_or(&self.calendar.weekly[(day + WEEKDAY_OF_DAY_0).rem_euclid(7) as usize])
    }

    /// When the local day begins that is so many days from the one of `at`.
    fn day_from(&self, at: i64, days: i64) -> i64 {
        let day = date_of((at + self.offset(at)).div_euclid(DAY) + days);
        let begins = day.to_zoned(self.zone.clone()).expect("histories and scenarios play in this age");
        begins.timestamp().as_millisecond()
    }

    /// The parts of a day of UTC in which the clocks go alike, each with how far they are ahead.
    fn alike(&self, day: i64) -> Vec<(Span, i64)> {
        let (from, until) = (day * DAY, (day + 1) * DAY);
        if self.offset(from) == self.offset(until - 1) {
            return vec![((from, until), self.offset(from))];
        }
        let mut parts: Vec<(Span, i64)> = Vec::new();
        for minute in (from..until).step_by(MINUTE as usize) {
            let offset = self.offset(minute);
            match parts.last_mut().filter(|(_, before)| *before == offset) {
                Some(((_, end), _)) => *end = minute + MINUTE,
                None => parts.push(((minute, minute + MINUTE), offset)),
            }
        }
        parts
    }

    /// What is open of a day of UTC, in order.
    fn spans(&self, day: i64) -> Vec<Span> {
        let mut open: Vec<Span> = Vec::new();
        for ((from, until), offset) in self.alike(day) {
            for local_day in (from + offset).div_euclid(DAY)..=(until - 1 + offset).div_euclid(DAY) {
                let midnight = local_day * DAY - offset;
                for hours in self.hours_of(local_day) {
                    let (opens, closes) = (i64::from(hours.from) * MINUTE, i64::from(hours.to) * MINUTE);
                    open.push(((midnight + opens).max(from), (midnight + closes).min(until)));
                }
            }
        }
        open.retain(|(from, until)| from < until);
        open.sort_unstable();
        open
    }

    fn ever_opens(&self) -> bool {
        self.calendar.weekly.iter().chain(self.calendar.exceptions.values()).any(|hours| !hours.is_empty())
    }

    /// What is open from `from` on, in order, to the end of the last day that is looked at.
    fn onwards(&self, from: i64) -> impl Iterator<Item = Span> {
        let end = self.day_from(from, DAYS_MAX);
        let days = from.div_euclid(DAY)..=end.div_euclid(DAY);
        let spans = days.filter(|_| self.ever_opens()).flat_map(|day| self.spans(day));
        spans.map(move |(opens, closes)| (opens.max(from), closes.min(end))).filter(|(opens, closes)| opens < closes)
    }

    /// The same back from `until`, the last first.
    fn backwards(&self, until: i64) -> impl Iterator<Item = Span> {
        let end = self.day_from(until, 1 - DAYS_MAX);
        let days = end.div_euclid(DAY)..=until.div_euclid(DAY);
        let spans = days.rev().filter(|_| self.ever_opens()).flat_map(|day| self.spans(day).into_iter().rev());
        spans.map(move |(opens, closes)| (opens.max(end), closes.min(until))).filter(|(opens, closes)| opens < closes)
    }
}

pub(super) fn date_of(day: i64) -> Date {
    date(1970, 1, 1).checked_add(day.days()).expect("histories and scenarios play in this age")
}

/// `at` when it is open then, else when it opens.
pub(super) fn opens_from(calendar: &Calendar, at: i64) -> i64 {
    let first = OpenDays::of(calendar).and_then(|days| days.onwards(at).next());
    first.map_or(at, |(opens, _)| opens)
}

/// When it has been open for `span` since `at`.
pub(super) fn later(calendar: &Calendar, at: i64, span: i64) -> i64 {
    let mut left = span;
    for (opens, closes) in OpenDays::of(calendar).iter().flat_map(|days| days.onwards(at)).take_while(|_| span > 0) {
        if closes - opens >= left {
            return opens + left;
        }
        left -= closes - opens;
    }
    at + span.max(0)
}

/// Since when it has been open for `span` at `at`.
pub(super) fn earlier(calendar: &Calendar, at: i64, span: i64) -> i64 {
    let mut left = span;
    for (opens, closes) in OpenDays::of(calendar).iter().flat_map(|days| days.backwards(at)).take_while(|_| span > 0) {
        if closes - opens >= left {
            return closes - left;
        }
        left -= closes - opens;
    }
    at - span.max(0)
}

/// How long it is open from the one to the other.
pub(super) fn open_between(calendar: &Calendar, from: i64, until: i64) -> i64 {
    let Some(days) = OpenDays::of(calendar) else { return until - from };
    let inside = days.onwards(from).take_while(|(opens, _)| *opens < until);
    let counted: i64 = inside.map(|(opens, closes)| closes.min(until) - opens).sum();
    counted + (until - days.day_from(from, DAYS_MAX)).max(0)
}

impl Model {
    /// By whose hours a contact of this channel waits in this queue. None: by the clock.
    fn hours_that_count(&self, channel: Channel, queue: &QueueId) -> Option<&Calendar> {
        match channel {
            Channel::Email | Channel::Task => self.calendar(queue),
            Channel::Voice | Channel::Callback | Channel::Chat => None,
        }
    }

    /// When it has waited for `after`, but for the time in which the server was down.
    pub(crate) fn when_waited(&self, contact: &Contact, visit: &Visit, after: Millis) -> Timestamp {
        let began = visit.entered_at + visit.paused;
        match self.hours_that_count(contact.channel, &visit.queue) {
            Some(calendar) => {
                let wall = began + self.wall_offset;
                Timestamp(later(calendar, wall.0, after.0)) - self.wall_offset
            }
            None => began + after,
        }
    }

    /// How long it waits at `at`.
    pub(crate) fn waited(&self, contact: &Contact, visit: &Visit, at: Timestamp) -> Millis {
        match self.hours_that_count(contact.channel, &visit.queue) {
            Some(calendar) => {
                let (began, now) = (visit.entered_at + self.wall_offset, at + self.wall_offset);
                Millis(open_between(calendar, began.0, now.0))
            }
            None => at.since(visit.entered_at),
        }
    }

    /// Where in line it stands who came at `since`, `head_start` before or after that.
    pub(super) fn place_in_line(&self, channel: Channel, queue: &QueueId, since: Timestamp, head_start: i64) -> i64 {
        let Some(calendar) = self.hours_that_count(channel, queue) else { return since.0 - head_start };
        let opened = opens_from(calendar, (since + self.wall_offset).0);
        let place =
            if head_start >= 0 { earlier(calendar, opened, head_start) } else { later(calendar, opened, -head_start) };
        place - self.wall_offset.0
    }
}

#[cfg(test)]
mod tests;
