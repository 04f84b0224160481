//! `calendars.toml`: each calendar by itself. Knows no queue, and tells no time.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::keys;
use super::report::{Findings, Source};
use super::table::{Table, Value, nearest, shortened};
use crate::routing::calendar::{Calendar, OpenHours};
use crate::routing::week_text::{self, DAYS, WrongHours};

/// Most calendars: whether each is open is asked again with every closing.
pub const CALENDARS_MAX: usize = 100;
/// Most dates of one calendar that differ from its weekly hours: a century of holidays.
pub const CALENDAR_DATES_MAX: usize = 1_000;
/// Most times that a day opens.
pub const OPEN_HOURS_MAX: usize = 10;

const DAYS_EXPECTED: &str = "mon, tue, wed, thu, fri, sat, sun, or a range of them such as mon-fri";
pub(super) const WEEK_EXPECTED: &str = "days with their hours, such as { mon-fri = [\"09:00-18:00\"] }";
pub(super) const HOURS_EXPECTED: &str = "a list of hours, such as [\"09:00-12:30\", \"13:30-18:00\"]";
const DATE_EXPECTED: &str = "a date in quotes, such as \"2026-12-25\"";

/// A calendar as read, and where it stands.
pub(super) struct CalendarDraft<'t> {
    pub(super) source: &'t Source,
    pub(super) span: Range<usize>,
    /// None: its name was wrong, and said so.
    pub(super) name: Option<Arc<str>>,
    pub(super) calendar: Calendar,
}

pub(super) fn read<'t>(found: &'t Findings, file: &Table<'t>) -> Vec<CalendarDraft<'t>> {
    let Some(calendars) = file.get("calendar") else { return Vec::new() };
    let Some(table) = calendars.any_table("calendars, each under [calendar.NAME]") else { return Vec::new() };
    let values = in_file_order(&table);
    if let Some(over) = values.get(CALENDARS_MAX) {
        let message = format!("{} calendars", values.len());
        found.error(over.source, over.key_span.clone(), message, format!("at most {CALENDARS_MAX}"));
    }
    values.iter().take(CALENDARS_MAX).map(read_calendar).collect()
}

pub(super) fn in_file_order<'t>(table: &Table<'t>) -> Vec<Value<'t>> {
    let mut values: Vec<Value<'t>> = table.values().collect();
    values.sort_by_key(|value| value.key_span.start);
    values
}

fn read_calendar<'t>(value: &Value<'t>) -> CalendarDraft<'t> {
    let name = value.key_label();
    let table = value.table(&keys::CALENDAR);
    let zone = table
        .as_ref()
        .and_then(|table| zone(&table.required("zone", "a time zone of the IANA database, such as \"Europe/Paris\"")?));
    let week = table.as_ref().and_then(|table| week(&table.required("hours", WEEK_EXPECTED)?));
    let calendar = Calendar {
        zone: zone.unwrap_or_else(|| Arc::from("UTC")),
        weekly: week.unwrap_or_default(),
        exceptions: table.as_ref().map(exceptions).unwrap_or_default(),
    };
    CalendarDraft { source: value.source, span: value.key_span.clone(), name, calendar }
}

pub(super) fn zone(value: &Value<'_>) -> Option<Arc<str>> {
    let text = value.text("a time zone in quotes, such as \"Europe/Paris\"")?;
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    if names.iter().any(|name| name == text) {
        return Some(Arc::from(text));
    }
    let right = nearest_zone(text, &names);
    let expected = right.map_or_else(
        || "a time zone of the IANA database, such as \"Europe/Paris\"".to_owned(),
        |right| format!("{right}?"),
    );
    value.wrong(format_args!("is no time zone: {:?}", shortened(text)), expected);
    None
}

/// The zone whose name is close, or whose city alone is written.
fn nearest_zone<'n>(text: &str, names: &'n [String]) -> Option<&'n str> {
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let written = text.to_lowercase().replace(' ', "_");
    let of_city = lower.iter().position(|name| name.rsplit('/').next() == Some(written.as_str()));
    let close = || {
        let right = nearest(&written, lower.iter().map(String::as_str))?;
        lower.iter().position(|name| name == right)
    };
    of_city.or_else(close).map(|at| names[at].as_str())
}

pub(super) fn week(value: &Value<'_>) -> Option<[Vec<OpenHours>; 7]> {
    let table = value.any_table(WEEK_EXPECTED)?;
    let mut weekly: [Option<Vec<OpenHours>>; 7] = Default::default();
    for days in in_file_order(&table) {
        let hours = open_hours(&days).unwrap_or_default();
        for day in days_named(&days) {
            if weekly[day].is_some() {
                let message = format!("{} names {} again", days.key, DAYS[day]);
                value.found.error(value.source, days.key_span.clone(), message, "each day once");
                break;
            }
            weekly[day] = Some(hours.clone());
        }
    }
    let weekly = weekly.map(Option::unwrap_or_default);
    if weekly.iter().all(Vec::is_empty) {
        let message = "this calendar is never open in its weekly hours";
        value.found.warning(value.source, value.span.clone(), message, WEEK_EXPECTED);
    }
    Some(weekly)
}

/// The days that a key names, in order; a range may go over the end of the week.
fn days_named(value: &Value<'_>) -> Vec<usize> {
    let named = week_text::days(value.key);
    if named.is_none() && !value.found.is_full() {
        let expected = nearest(value.key, DAYS).map_or_else(|| DAYS_EXPECTED.to_owned(), |right| format!("{right}?"));
        let message = format!("{:?} names no days", shortened(value.key));
        value.found.error(value.source, value.key_span.clone(), message, expected);
    }
    named.unwrap_or_default()
}

pub(super) fn open_hours(value: &Value<'_>) -> Option<Vec<OpenHours>> {
    let elements = value.elements(HOURS_EXPECTED)?;
    if let Some(over) = elements.get(OPEN_HOURS_MAX) {
        over.wrong(format_args!("opens {} times", elements.len()), format!("at most {OPEN_HOURS_MAX} times a day"));
    }
    let mut list: Vec<OpenHours> = Vec::new();
    for element in elements.iter().take(OPEN_HOURS_MAX) {
        let Some(hours) = open_from_to(element) else { continue };
        if list.last().is_some_and(|before| hours.from < before.to) {
            element.wrong("opens before the hours before it end", "hours in order, none over another");
            continue;
        }
        list.push(hours);
    }
    Some(list)
}

fn open_from_to(value: &Value<'_>) -> Option<OpenHours> {
    const EXPECTED: &str = "hours such as \"09:00-12:30\", from 00:00 to 24:00";
    let text = value.text(EXPECTED)?;
    match week_text::hours(text) {
        Ok(hours) => Some(hours),
        Err(WrongHours::Form) => {
            value.wrong(format_args!("is {:?}", shortened(text)), EXPECTED);
            None
        }
        Err(WrongHours::EndBeforeBeginning) => {
            let expected = "an end after the beginning; over midnight: to 24:00, and from 00:00 on the next day";
            value.wrong(format_args!("ends before it begins: {text:?}"), expected);
            None
        }
    }
}

/// Holidays and days with hours of their own.
fn exceptions(table: &Table<'_>) -> BTreeMap<Date, Vec<OpenHours>> {
    let elements = |key: &str, expected: &str| table.get(key).and_then(|value| value.elements(expected));
    let holidays = elements("holidays", "a list of dates, such as [\"2026-12-25\"]").unwrap_or_default();
    let days = elements("exception", "a list of days, each under [[calendar.NAME.exception]]").unwrap_or_default();
    if let Some(over) = holidays.iter().chain(&days).nth(CALENDAR_DATES_MAX) {
        let count = holidays.len() + days.len();
        over.wrong(format_args!("is one of {count} dates"), format!("at most {CALENDAR_DATES_MAX} of one calendar"));
    }
    let mut exceptions = BTreeMap::new();
    for holiday in holidays.iter().take(CALENDAR_DATES_MAX) {
        add_date(&mut exceptions, holiday, Vec::new());
    }
    for day in days.iter().take(CALENDAR_DATES_MAX) {
        let Some(values) = day.value.as_table() else {
            day.wrong("is no day", format!("a table with {}", keys::CALENDAR_EXCEPTION.known.join(", ")));
            continue;
        };
        let table = Table::new(day.found, day.source, values, day.span.clone(), &keys::CALENDAR_EXCEPTION);
        let hours = table.required("hours", HOURS_EXPECTED).and_then(|value| hours_of_exception(&value));
        if let Some(date) = table.required("date", DATE_EXPECTED) {
            add_date(&mut exceptions, &date, hours.unwrap_or_default());
        }
    }
    exceptions
}

fn hours_of_exception(value: &Value<'_>) -> Option<Vec<OpenHours>> {
    let hours = open_hours(value)?;
    if value.value.as_array().is_some_and(|elements| elements.is_empty()) {
        value.wrong("is empty", format!("{HOURS_EXPECTED}; a day without any is one of holidays"));
    }
    Some(hours)
}

fn add_date(exceptions: &mut BTreeMap<Date, Vec<OpenHours>>, value: &Value<'_>, hours: Vec<OpenHours>) {
    let Some(date) = date(value) else { return };
    if exceptions.insert(date, hours).is_some() {
        value.wrong(format_args!("names {date} again"), "each date once, in holidays or as an exception");
    }
}

pub(super) fn date(value: &Value<'_>) -> Option<Date> {
    let text = value.text(DATE_EXPECTED)?;
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    if date.is_none() {
        value.wrong(format_args!("is no date: {:?}", shortened(text)), DATE_EXPECTED);
    }
    date
}
