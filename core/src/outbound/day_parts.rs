//! Parts of a customer's day, by his clock: who was not there in the morning may be in the evening. Knows no windows.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::routing::calendar::{MINUTES_OF_DAY, local, minute_of};
use crate::routing::time::Timestamp;
use crate::routing::week_text::{clock, minute_of_day};

/// Where the parts of a day begin, in minutes since local midnight, rising; the first begins at midnight.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct DayParts(Vec<u16>);

/// One part of one day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct DayPart {
    pub day: Date,
    /// The first is 0.
    pub part: u8,
}

/// Why these are no parts of a day.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DayPartsError {
    #[error("expected 1 to 24 times at which parts of the day begin")]
    Count,
    #[error("expected the first part of the day to begin at midnight")]
    First,
    #[error("expected times at which parts of the day begin, such as 12:00, found {0:?}")]
    Time(String),
    #[error("expected each part of the day to begin later than the one before, and before 24:00")]
    Order,
}

impl DayParts {
    /// # Errors
    /// When they do not cover a day, each part once.
    pub fn new(begin: Vec<u16>) -> Result<DayParts, DayPartsError> {
        if !(1..=24).contains(&begin.len()) {
            return Err(DayPartsError::Count);
        }
        if begin[0] != 0 {
            return Err(DayPartsError::First);
        }
        let rises = begin.windows(2).all(|pair| pair[0] < pair[1]);
        if !rises || begin.last().is_some_and(|last| *last >= MINUTES_OF_DAY) {
            return Err(DayPartsError::Order);
        }
        Ok(DayParts(begin))
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// None: no such moment in any calendar.
    #[must_use]
    pub fn at(&self, zone: &TimeZone, at: Timestamp) -> Option<DayPart> {
        let local = local(zone, at)?;
        let minute = minute_of(local);
        let part = self.0.iter().rposition(|begin| *begin <= minute).expect("the first begins at midnight");
        Some(DayPart { day: local.date(), part: u8::try_from(part).expect("a day has 24 parts at most") })
    }

    /// The first moment after `at` at which another part begins, of this day or the next.
    #[must_use]
    pub fn next_begin(&self, zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
        let now = self.at(zone, at)?;
        let begins = self.0.iter().skip(usize::from(now.part) + 1).map(|minute| (now.day, *minute));
        let tomorrow = now.day.tomorrow().ok()?;
        begins.chain([(tomorrow, 0)]).filter_map(|(day, minute)| instant(zone, day, minute)).find(|begin| *begin > at)
    }
}

impl Default for DayParts {
    /// Morning, afternoon from 12, evening from 17.
    fn default() -> DayParts {
        DayParts(vec![0, 12 * 60, 17 * 60])
    }
}

impl TryFrom<Vec<String>> for DayParts {
    type Error = DayPartsError;
    fn try_from(texts: Vec<String>) -> Result<DayParts, DayPartsError> {
        let minute = |text: String| minute_of_day(&text).ok_or(DayPartsError::Time(text));
        DayParts::new(texts.into_iter().map(minute).collect::<Result<_, _>>()?)
    }
}

impl From<DayParts> for Vec<String> {
    fn from(parts: DayParts) -> Vec<String> {
        parts.0.into_iter().map(clock).collect()
    }
}

/// The customer's day.
pub(super) fn day(zone: &TimeZone, at: Timestamp) -> Option<Date> {
    local(zone, at).map(|local| local.date())
}

/// When his day began.
pub(super) fn midnight(zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
    instant(zone, day(zone, at)?, 0)
}

/// When the day after begins for him.
pub(super) fn next_midnight(zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
    instant(zone, day(zone, at)?.tomorrow().ok()?, 0)
}

/// A time that clocks leave out is the moment at which they are put forward past it; of one that comes twice the first.
fn instant(zone: &TimeZone, day: Date, minute: u16) -> Option<Timestamp> {
    let hour = i8::try_from(minute / 60).ok()?;
    let local = day.to_datetime(Time::new(hour, i8::try_from(minute % 60).ok()?, 0, 0).ok()?);
    let at = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    Some(Timestamp(at.as_millisecond()))
}
