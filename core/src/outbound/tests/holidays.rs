//! Days of the year, by the dates that the world's calendars print.

use std::sync::Arc;

use jiff::civil::Date;

use crate::outbound::holiday::{Holiday, HolidayRule, easter, is_day_of_year};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// All days of `year` on which `rule` holds.
fn days(rule: HolidayRule, year: i16) -> Vec<String> {
    let holiday = Holiday { name: Arc::from("x"), rule };
    let days = std::iter::successors(Date::new(year, 1, 1).ok(), |day| day.tomorrow().ok());
    days.take_while(|day| day.year() == year).filter(|day| holiday.is_on(*day)).map(|day| day.to_string()).collect()
}

#[test]
fn easter_is_on_the_sunday_that_the_churches_print() {
    for sunday in [
        "1818-03-22",
        "1943-04-25",
        "1954-04-18",
        "1981-04-19",
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2019-04-21",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2028-04-16",
        "2029-04-01",
        "2030-04-21",
        "2038-04-25",
        "2049-04-18",
        "2076-04-19",
        "2285-03-22",
    ] {
        assert_eq!(easter(date(sunday).year()), Some(date(sunday)));
    }
    assert_eq!(easter(1582), None);
}

#[test]
fn days_around_easter() {
    assert_eq!(days(HolidayRule::Easter { days: -2 }, 2026), ["2026-04-03"]);
    assert_eq!(days(HolidayRule::Easter { days: 1 }, 2026), ["2026-04-06"]);
    assert_eq!(days(HolidayRule::Easter { days: 39 }, 2026), ["2026-05-14"]);
    assert_eq!(days(HolidayRule::Easter { days: 50 }, 2026), ["2026-05-25"]);
}

#[test]
fn a_day_on_a_weekend_may_have_others_that_stand_in_for_it() {
    let boxing_day = HolidayRule::YearlyAndMoved { month: 12, day: 26 };
    let christmas = HolidayRule::YearlyAndMoved { month: 12, day: 25 };
    // A Saturday in 2026, a Sunday in 2027; Christmas is on a Saturday then.
    assert_eq!(days(boxing_day, 2026), ["2026-12-26", "2026-12-28", "2026-12-29"]);
    assert_eq!(days(boxing_day, 2027), ["2027-12-26", "2027-12-27", "2027-12-28"]);
    assert_eq!(days(christmas, 2027), ["2027-12-25", "2027-12-27", "2027-12-28"]);
    assert_eq!(days(christmas, 2026), ["2026-12-25"]);
    assert_eq!(days(HolidayRule::Yearly { month: 12, day: 26 }, 2026), ["2026-12-26"]);
}

#[test]
fn one_day_of_one_year_and_the_leap_day() {
    assert_eq!(days(HolidayRule::Once(date("2026-06-08")), 2026), ["2026-06-08"]);
    assert!(days(HolidayRule::Once(date("2026-06-08")), 2027).is_empty());
    assert_eq!(days(HolidayRule::Yearly { month: 2, day: 29 }, 2028), ["2028-02-29"]);
    assert!(days(HolidayRule::Yearly { month: 2, day: 29 }, 2027).is_empty());
    assert!(is_day_of_year(2, 29) && !is_day_of_year(2, 30) && !is_day_of_year(13, 1));
}
