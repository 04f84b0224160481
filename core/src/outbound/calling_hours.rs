//! Hours at which a law or a campaign lets people be called, as a clock on the wall shows them. Knows no zone and no instant.

use jiff::civil::{Date, Weekday};

use super::holiday::Holiday;
use crate::routing::calendar::{MINUTES_OF_DAY, OpenHours};

/// Why hours were refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HoursError {
    #[error("hours end before they begin: expected an end after the beginning, and 24:00 at the latest")]
    EndBeforeBeginning,
    #[error("hours lie over others of their day: expected them in order, none over another")]
    OutOfOrder,
}

/// By weekday, and on holidays.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct CallingHours {
    weekly: [Vec<OpenHours>; 7],
    holidays: Vec<Holiday>,
    on_holidays: Vec<OpenHours>,
}

/// Which rule of the hours a date falls under.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DayKind<'h> {
    Weekday(Weekday),
    Holiday(&'h Holiday),
}

impl CallingHours {
    /// `weekly` begins with Monday; a holiday has `on_holidays` instead of its weekday's hours.
    ///
    /// # Errors
    /// When hours of one day do not come one after the other.
    pub fn new(
        weekly: [Vec<OpenHours>; 7],
        holidays: Vec<Holiday>,
        on_holidays: Vec<OpenHours>,
    ) -> Result<Self, HoursError> {
        weekly.iter().chain([&on_holidays]).try_for_each(|hours| check(hours))?;
        Ok(Self { weekly, holidays, on_holidays })
    }

    /// The same hours on each day of the week, holidays or not.
    ///
    /// # Errors
    /// When they do not come one after the other.
    pub fn daily(hours: &[OpenHours]) -> Result<Self, HoursError> {
        Self::new(std::array::from_fn(|_| hours.to_vec()), Vec::new(), Vec::new())
    }

    #[must_use]
    pub fn day_kind(&self, day: Date) -> DayKind<'_> {
        match self.holidays.iter().find(|holiday| holiday.is_on(day)) {
            Some(holiday) => DayKind::Holiday(holiday),
            None => DayKind::Weekday(day.weekday()),
        }
    }

    /// In order; empty on a day without any.
    #[must_use]
    pub fn hours_of(&self, day: Date) -> &[OpenHours] {
        match self.day_kind(day) {
            DayKind::Holiday(_) => &self.on_holidays,
            DayKind::Weekday(weekday) => &self.weekly[weekday.to_monday_zero_offset().unsigned_abs() as usize],
        }
    }

    /// `minute` since midnight as the clock shows it.
    #[must_use]
    pub fn is_open(&self, day: Date, minute: u16) -> bool {
        self.hours_of(day).iter().any(|hours| (hours.from..hours.to).contains(&minute))
    }
}

fn check(hours: &[OpenHours]) -> Result<(), HoursError> {
    if hours.iter().any(|hours| hours.to <= hours.from || hours.to > MINUTES_OF_DAY) {
        return Err(HoursError::EndBeforeBeginning);
    }
    if hours.windows(2).any(|pair| pair[1].from < pair[0].to) {
        return Err(HoursError::OutOfOrder);
    }
    Ok(())
}
