//! The hours of a jurisdiction's pack, and its holidays. Knows no caps.

use std::sync::Arc;

use super::calendars;
use super::jurisdictions::{sourced, tables, words};
use super::keys;
use super::table::{Table, Value, shortened};
use crate::outbound::calling_calendars::HoursRule;
use crate::outbound::calling_hours::CallingHours;
use crate::outbound::holiday::{Holiday, HolidayRule, is_day_of_year};
use crate::outbound::jurisdiction::{HoursZone, Sourced};

/// Most holidays of one pack: a few decades of days that are proclaimed each year.
const HOLIDAYS_MAX: usize = 500;
/// Furthest from Easter that a holiday may be: Septuagesima before it, Corpus Christi after it.
const EASTER_DAYS_MAX: i8 = 70;

const DATE_EXPECTED: &str = "\"MM-DD\", \"YYYY-MM-DD\", or days from Easter such as \"easter+1\" or \"easter-2\"";

pub(super) fn read(file: &Table<'_>) -> Option<Sourced<HoursRule>> {
    let table = file.get("hours")?.table(&keys::JURISDICTION_HOURS)?;
    let zone = table.required("zone", "\"lead\" for the time where the phone rings, or a time zone");
    let zone = zone.and_then(|value| hours_zone(&value));
    let weekly = table.required("week", calendars::WEEK_EXPECTED).and_then(|value| calendars::week(&value));
    let holidays = tables(&table, "holiday", &keys::JURISDICTION_HOLIDAY, HOLIDAYS_MAX);
    let holidays: Vec<Holiday> = holidays.iter().filter_map(holiday).collect();
    let on_holidays = table.get("on_holidays");
    if let Some(value) = on_holidays.as_ref().filter(|_| table.get("holiday").is_none()) {
        value.wrong("is given without a holiday", "each holiday under [[hours.holiday]]");
    }
    let on_holidays = on_holidays.and_then(|value| calendars::open_hours(&value)).unwrap_or_default();
    let hours = weekly.and_then(|weekly| {
        let hours = CallingHours::new(weekly, holidays, on_holidays);
        hours.map_err(|error| file.found.error(file.source, table.span.clone(), error.to_string(), "other hours")).ok()
    });
    let rule = hours.zip(zone).map(|(hours, zone)| HoursRule { hours: Arc::new(hours), zone });
    sourced(&table, rule)
}

fn hours_zone(value: &Value<'_>) -> Option<HoursZone> {
    if value.value.as_str() == Some("lead") {
        return Some(HoursZone::Leads);
    }
    calendars::zone(value).map(HoursZone::Named)
}

fn holiday(table: &Table<'_>) -> Option<Holiday> {
    let name = table.required("name", "what people call it").and_then(|value| words(&value));
    let moved = table.get("moved_from_weekend").and_then(|value| value.flag()).unwrap_or(false);
    let date = table.required("date", DATE_EXPECTED)?;
    let text = date.text(DATE_EXPECTED)?;
    let rule = match holiday_rule(text) {
        Some(HolidayRule::Yearly { month, day }) if moved => Some(HolidayRule::YearlyAndMoved { month, day }),
        Some(HolidayRule::Easter { .. } | HolidayRule::Once(_)) if moved => {
            date.wrong("is never moved", "moved_from_weekend with a date of every year only");
            None
        }
        Some(rule) => Some(rule),
        None => {
            date.wrong(format_args!("is {:?}", shortened(text)), DATE_EXPECTED);
            None
        }
    };
    Some(Holiday { name: name?, rule: rule? })
}

fn holiday_rule(text: &str) -> Option<HolidayRule> {
    if let Some(days) = text.strip_prefix("easter") {
        let days = days.strip_prefix('+').or_else(|| days.starts_with('-').then_some(days))?;
        let days: i8 = days.parse().ok()?;
        return (-EASTER_DAYS_MAX..=EASTER_DAYS_MAX).contains(&days).then_some(HolidayRule::Easter { days });
    }
    if text.len() == "YYYY-MM-DD".len() {
        return text.parse().ok().map(HolidayRule::Once);
    }
    let (month, day) = text.split_once('-').filter(|(month, day)| month.len() == 2 && day.len() == 2)?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    is_day_of_year(month, day).then_some(HolidayRule::Yearly { month, day })
}
