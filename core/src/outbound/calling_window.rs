//! Calling hours in one time zone: open or closed at an instant, and from when. The zones are part of the program; it reads no clock.

use std::fmt;
use std::sync::Arc;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::calling_hours::{CallingHours, DayKind};
use super::jurisdiction::PackId;
use crate::routing::calendar::{OpenHours, local, minute_of};
use crate::routing::time::{Millis, Timestamp};

/// How far ahead a change is looked for: a whole year and its holidays. What does not change by then counts as never.
pub const DAYS_AHEAD_MAX: i64 = 400;
pub(super) const DAY: Millis = Millis::days(1);

/// Whose hours they are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HoursOf {
    Jurisdiction(PackId),
    Campaign,
}

/// Why a window is open or closed at an instant, in words that can be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WindowReason {
    pub hours_of: HoursOf,
    pub zone: Arc<str>,
    /// What a clock there shows.
    pub local: DateTime,
    /// Why that day has the hours it has.
    pub holiday: Option<Arc<str>>,
    /// Of that day, as minutes since its midnight: none, when nobody may be called then.
    pub hours: Vec<OpenHours>,
}

/// One set of hours in one zone.
#[derive(Clone, PartialEq, Debug)]
pub struct CallingWindow {
    pub hours_of: HoursOf,
    pub hours: Arc<CallingHours>,
    pub zone: Arc<str>,
    time_zone: TimeZone,
}

/// A name that no zone of the IANA database has.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0} is no time zone: expected a name of the IANA database, such as Europe/Paris")]
pub struct UnknownZone(pub Arc<str>);

/// # Errors
/// When the IANA database has no zone of that name.
pub fn time_zone(name: &str) -> Result<TimeZone, UnknownZone> {
    TimeZone::get(name).map_err(|_| UnknownZone(Arc::from(name)))
}

impl CallingWindow {
    /// # Errors
    /// When the IANA database has no such zone.
    pub fn new(hours_of: HoursOf, hours: Arc<CallingHours>, zone: &Arc<str>) -> Result<Self, UnknownZone> {
        Ok(Self { hours_of, hours, zone: zone.clone(), time_zone: time_zone(zone)? })
    }

    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        local(&self.time_zone, at).is_some_and(|local| self.hours.is_open(local.date(), minute_of(local)))
    }

    /// The first instant from `from` on at which it is open, or closed; None: not in the next [`DAYS_AHEAD_MAX`] days.
    #[must_use]
    pub fn first(&self, wanted_open: bool, from: Timestamp) -> Option<Timestamp> {
        let end = from + Millis(DAYS_AHEAD_MAX * DAY.0);
        let mut at = from;
        // Between two changes of the clocks, local time is a fixed distance from UTC.
        while at < end {
            let instant = jiff::Timestamp::from_millisecond(at.0).ok()?;
            let change = self.time_zone.following(instant).next();
            let change = change.map_or(end, |change| Timestamp(change.timestamp().as_millisecond()));
            let found = self.first_of_piece(wanted_open, at, change.min(end));
            if found.is_some() {
                return found;
            }
            at = change;
        }
        None
    }

    /// As [`Self::first`], before `until`, up to which the clocks are not changed.
    fn first_of_piece(&self, wanted_open: bool, at: Timestamp, until: Timestamp) -> Option<Timestamp> {
        let local = local(&self.time_zone, at)?;
        let since_midnight = local.time().duration_since(Time::midnight()).as_millis();
        let since_midnight = Millis(i64::try_from(since_midnight).ok()?);
        let mut midnight = at - since_midnight;
        let mut day = local.date();
        let mut earliest = since_midnight;
        while midnight < until {
            let found = match wanted_open {
                true => self.first_open_of_day(day, earliest),
                false => self.first_closed_of_day(day, earliest),
            };
            if let Some(found) = found.map(|since_midnight| midnight + since_midnight) {
                return (found < until).then_some(found);
            }
            midnight = midnight + DAY;
            day = day.tomorrow().ok()?;
            earliest = Millis::ZERO;
        }
        None
    }

    fn first_open_of_day(&self, day: Date, earliest: Millis) -> Option<Millis> {
        let hours = self.hours.hours_of(day).iter();
        let open = hours.map(|hours| (minutes(hours.from), minutes(hours.to))).find(|(_, to)| *to > earliest);
        open.map(|(from, _)| from.max(earliest))
    }

    fn first_closed_of_day(&self, day: Date, earliest: Millis) -> Option<Millis> {
        // Hours that touch are one.
        let hours = self.hours.hours_of(day).iter().map(|hours| (minutes(hours.from), minutes(hours.to)));
        let closed = hours.fold(earliest, |at, (from, to)| if (from..to).contains(&at) { to } else { at });
        (closed < DAY).then_some(closed)
    }

    /// What is said of it at `at`.
    #[must_use]
    pub fn reason(&self, at: Timestamp) -> Option<WindowReason> {
        let local = local(&self.time_zone, at)?;
        let holiday = match self.hours.day_kind(local.date()) {
            DayKind::Holiday(holiday) => Some(holiday.name.clone()),
            DayKind::Weekday(_) => None,
        };
        let hours = self.hours.hours_of(local.date()).to_vec();
        Some(WindowReason { hours_of: self.hours_of.clone(), zone: self.zone.clone(), local, holiday, hours })
    }
}

fn minutes(minute: u16) -> Millis {
    Millis::minutes(i64::from(minute))
}

impl fmt::Display for WindowReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WindowReason { hours_of, zone, local, holiday, hours } = self;
        match hours_of {
            HoursOf::Jurisdiction(id) => write!(f, "{id}: ")?,
            HoursOf::Campaign => f.write_str("the campaign's hours: ")?,
        }
        write!(f, "{} in {zone}, ", local.strftime("%a %Y-%m-%d %H:%M"))?;
        if let Some(name) = holiday {
            write!(f, "{name}, ")?;
        }
        if hours.is_empty() {
            return f.write_str("no calls that day");
        }
        f.write_str("calls ")?;
        for (nth, hours) in hours.iter().enumerate() {
            let (from, to) = (hours.from, hours.to);
            let comma = if nth == 0 { "" } else { ", " };
            write!(f, "{comma}{:02}:{:02}–{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)?;
        }
        Ok(())
    }
}
