//! Days of the year on which other hours hold: fixed ones, those that follow Easter, and single dates. Knows no country.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

const LEAP_YEAR: i16 = 2024;

/// A holiday of every year, or of one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Holiday {
    /// As people call it.
    pub name: Arc<str>,
    pub rule: HolidayRule,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HolidayRule {
    /// On that date of each year.
    Yearly { month: i8, day: i8 },
    /// As `Yearly`; where that is a Saturday or a Sunday, also on the Monday and the Tuesday after it, one of which
    /// stands in for it: Tuesday where Monday stands in for the day before.
    YearlyAndMoved { month: i8, day: i8 },
    /// So many days after the Sunday of Easter, or before it.
    Easter { days: i8 },
    /// In one year only.
    Once(Date),
}

impl Holiday {
    #[must_use]
    pub fn is_on(&self, day: Date) -> bool {
        match self.rule {
            HolidayRule::Yearly { month, day: of_month } => is_yearly(day, month, of_month),
            HolidayRule::YearlyAndMoved { month, day: of_month } => {
                is_yearly(day, month, of_month) || stands_in(day, month, of_month)
            }
            HolidayRule::Easter { days } => easter(day.year())
                .is_some_and(|sunday| sunday.checked_add(i32::from(days).days()).is_ok_and(|on| on == day)),
            HolidayRule::Once(date) => day == date,
        }
    }
}

fn is_yearly(day: Date, month: i8, of_month: i8) -> bool {
    (day.month(), day.day()) == (month, of_month)
}

fn stands_in(day: Date, month: i8, of_month: i8) -> bool {
    let days_back = match day.weekday() {
        Weekday::Monday => 1..=2,
        Weekday::Tuesday => 2..=3,
        Weekday::Wednesday | Weekday::Thursday | Weekday::Friday | Weekday::Saturday | Weekday::Sunday => return false,
    };
    days_back
        .into_iter()
        .any(|back: i32| day.checked_sub(back.days()).is_ok_and(|weekend| is_yearly(weekend, month, of_month)))
}

/// The Sunday of Easter in the Gregorian calendar, by the method of Meeus, Jones and Butcher.
#[must_use]
pub fn easter(year: i16) -> Option<Date> {
    if year < 1583 {
        return None;
    }
    let year_number = i32::from(year);
    let golden = year_number % 19;
    let century = year_number / 100;
    let skipped_leap_days = century - century / 4;
    let moon_correction = (8 * century + 13) / 25;
    let epact = (skipped_leap_days - moon_correction + 19 * golden + 15) % 30;
    let late = epact / 28 * (1 - 29 / (epact + 1) * ((21 - golden) / 11));
    let moon = epact - late;
    let weekday = (year_number + year_number / 4 + moon + 2 - century + century / 4) % 7;
    let after_march = moon - weekday;
    let month = 3 + (after_march + 40) / 44;
    let day = after_march + 28 - 31 * (month / 4);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Whether the day comes every year or in leap years only.
#[must_use]
pub fn is_day_of_year(month: i8, day: i8) -> bool {
    Date::new(LEAP_YEAR, month, day).is_ok()
}
