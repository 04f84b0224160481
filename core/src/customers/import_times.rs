//! Moments and spans as strangers' tables write them. Knows no clock; what could be two moments is refused, never guessed.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp as Instant};
use serde::{Deserialize, Serialize};

use crate::routing::time::Timestamp;

/// Years that a contact can be of: before the first there was no such centre, and a spreadsheet's empty date is 1899.
const YEAR_MIN: i16 = 1970;
const YEAR_MAX: i16 = 2199;
/// Longest contact: a ticket that was open for a year.
pub const SPAN_MS_MAX: i64 = 366 * 24 * 3_600_000;
/// Longest text that is looked at.
const CHARACTERS_MAX: usize = 64;

/// What stands first in `03/04/2026`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// A zone that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a time zone such as Europe/Paris")]
pub struct UnknownZone;

/// A text that is no moment or no span. Never repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotATime {
    #[error("expected a date and time such as 2026-03-01 14:05:09 or 2026-03-01T14:05:09+01:00")]
    Moment,
    #[error("expected a year from {YEAR_MIN} to {YEAR_MAX}")]
    Year,
    #[error("expected a time with its offset, or a zone in the mapping")]
    NoZone,
    #[error("expected a date such as 2026-03-01, or `dates` in the mapping: day or month may stand first here")]
    NoOrder,
    #[error("expected seconds, m:ss or h:mm:ss")]
    Span,
    #[error("expected at most {} days", SPAN_MS_MAX / (24 * 3_600_000))]
    SpanTooLong,
}

/// How the times of one table are read.
#[derive(Clone, Debug, Default)]
pub struct TimeReader {
    zone: Option<TimeZone>,
    order: Option<DateOrder>,
}

impl TimeReader {
    /// # Errors
    /// When there is no such zone.
    pub fn new(zone: Option<&str>, order: Option<DateOrder>) -> Result<TimeReader, UnknownZone> {
        let zone = zone.map(TimeZone::get).transpose().map_err(|_| UnknownZone)?;
        Ok(TimeReader { zone, order })
    }

    /// The moment that the text says: with its offset, as Unix seconds or milliseconds (10 or 13 digits), or in the
    /// table's zone. A date alone is its midnight. Of an hour that a clock shows twice the first is taken; one that it
    /// leaves out is read as an hour later.
    ///
    /// # Errors
    /// When it is none, or could be two.
    pub fn moment(&self, text: &str) -> Result<Timestamp, NotATime> {
        let text = text.trim();
        if text.len() > CHARACTERS_MAX {
            return Err(NotATime::Moment);
        }
        if let Some(at) = unix_time(text) {
            return in_bounds(at);
        }
        if let Ok(at) = text.parse::<Instant>() {
            return in_bounds(at);
        }
        let local = self.local(text)?;
        if !(YEAR_MIN..=YEAR_MAX).contains(&local.year()) {
            return Err(NotATime::Year);
        }
        let zone = self.zone.as_ref().ok_or(NotATime::NoZone)?;
        let at = zone.to_ambiguous_zoned(local).compatible().map_err(|_| NotATime::Year)?;
        Ok(Timestamp(at.timestamp().as_millisecond()))
    }

    fn local(&self, text: &str) -> Result<DateTime, NotATime> {
        if let Ok(local) = text.parse::<DateTime>() {
            return Ok(local);
        }
        let (date, time) = match text.split_once([' ', 'T']) {
            Some((date, time)) => (date, clock_time(time.trim()).ok_or(NotATime::Moment)?),
            None => (text, Time::midnight()),
        };
        if let Ok(date) = date.parse::<Date>() {
            return Ok(date.to_datetime(time));
        }
        Ok(self.written_date(date.trim_end_matches(','))?.to_datetime(time))
    }

    /// Three numbers with `/`, `.` or `-` between. With points the day comes first wherever it is written so.
    fn written_date(&self, text: &str) -> Result<Date, NotATime> {
        let separator = text.chars().find(|letter| !letter.is_ascii_digit()).ok_or(NotATime::Moment)?;
        if !matches!(separator, '/' | '.' | '-') {
            return Err(NotATime::Moment);
        }
        let parts: Vec<&str> = text.split(separator).collect();
        let [first, second, third] = parts[..] else { return Err(NotATime::Moment) };
        let number = |text: &str| text.parse::<i16>().map_err(|_| NotATime::Moment);
        let (year, month, day) = if first.len() == 4 {
            (number(first)?, number(second)?, number(third)?)
        } else {
            let (first, second) = (number(first)?, number(second)?);
            let order = if separator == '.' { Some(DateOrder::DayFirst) } else { self.order };
            let year = if third.len() == 4 { number(third)? } else { return Err(NotATime::Moment) };
            match order.ok_or(NotATime::NoOrder)? {
                DateOrder::DayFirst => (year, second, first),
                DateOrder::MonthFirst => (year, first, second),
            }
        };
        let small = |number: i16| i8::try_from(number).map_err(|_| NotATime::Moment);
        Date::new(year, small(month)?, small(day)?).map_err(|_| NotATime::Moment)
    }
}

fn unix_time(text: &str) -> Option<Instant> {
    let digits = text.bytes().all(|letter| letter.is_ascii_digit());
    match (digits, text.len()) {
        (true, 10) => Instant::from_second(text.parse().ok()?).ok(),
        (true, 13) => Instant::from_millisecond(text.parse().ok()?).ok(),
        _ => None,
    }
}

fn in_bounds(at: Instant) -> Result<Timestamp, NotATime> {
    let year = at.to_zoned(TimeZone::UTC).year();
    if (YEAR_MIN..=YEAR_MAX).contains(&year) { Ok(Timestamp(at.as_millisecond())) } else { Err(NotATime::Year) }
}

/// `14:05`, `14:05:09.5`, `2:05 PM`.
fn clock_time(text: &str) -> Option<Time> {
    let lower = text.to_ascii_lowercase();
    let (clock, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock.trim(), Some(0)),
        (None, Some(clock)) => (clock.trim(), Some(12)),
        (None, None) => (lower.as_str(), None),
    };
    let (hour, rest) = clock.split_once(':')?;
    let hour: i8 = hour.parse().ok()?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    format!("{hour:02}:{rest}").parse().ok()
}

/// How many milliseconds the text says: seconds, `m:ss`, `h:mm:ss`, or as ISO 8601 and people write spans (`PT2M5S`,
/// `2m 5s`).
///
/// # Errors
/// When it is none, is negative, or longer than a contact lasts.
pub fn span_ms(text: &str) -> Result<i64, NotATime> {
    let text = text.trim();
    if text.is_empty() || text.len() > CHARACTERS_MAX {
        return Err(NotATime::Span);
    }
    let ms = clock_span(text).or_else(|| {
        let span: SignedDuration = text.parse().ok()?;
        i64::try_from(span.as_millis()).ok()
    });
    match ms.ok_or(NotATime::Span)? {
        ..0 => Err(NotATime::Span),
        ms if ms > SPAN_MS_MAX => Err(NotATime::SpanTooLong),
        ms => Ok(ms),
    }
}

/// `125`, `125.5`, `2:05`, `0:02:05`; minutes and seconds behind a colon are below 60.
fn clock_span(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let (seconds, whole) = parts.split_last()?;
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let is_digits =
        |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|digit| digit.is_ascii_digit());
    if !is_digits(seconds) || !is_digits(fraction) || !whole.iter().all(|part| is_digits(part)) {
        return None;
    }
    let thousandths: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    let mut total: i64 = 0;
    for (place, part) in whole.iter().copied().chain([seconds]).enumerate() {
        let number: i64 = part.parse().ok()?;
        if place > 0 && number > 59 {
            return None;
        }
        total = total * 60 + number;
    }
    Some(total * 1_000 + thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(zone: Option<&str>, order: Option<DateOrder>) -> TimeReader {
        TimeReader::new(zone, order).unwrap()
    }

    fn utc(text: &str) -> Timestamp {
        Timestamp(text.parse::<Instant>().unwrap().as_millisecond())
    }

    #[test]
    fn moments_of_every_form() {
        let paris = reader(Some("Europe/Paris"), Some(DateOrder::DayFirst));
        for (text, expected) in [
            ("2026-03-01T14:05:09Z", "2026-03-01T14:05:09Z"),
            ("2026-03-01T14:05:09+05:30", "2026-03-01T08:35:09Z"),
            ("2026-03-01 14:05:09+01", "2026-03-01T13:05:09Z"),
            ("2026-03-01 14:05:09", "2026-03-01T13:05:09Z"),
            ("2026-03-01T14:05", "2026-03-01T13:05:00Z"),
            ("2026-07-01 14:05:09.25", "2026-07-01T12:05:09.25Z"),
            ("2026-03-01", "2026-02-28T23:00:00Z"),
            ("20260301", "2026-02-28T23:00:00Z"),
            ("2026/3/1 9:05", "2026-03-01T08:05:00Z"),
            ("01/03/2026 9:05:01 PM", "2026-03-01T20:05:01Z"),
            ("1.3.2026, 12:05 am", "2026-02-28T23:05:00Z"),
            ("1772373909", "2026-03-01T14:05:09Z"),
            ("1772373909250", "2026-03-01T14:05:09.25Z"),
            // The clock is put forward at two, and back at three.
            ("2026-03-29 02:30", "2026-03-29T01:30:00Z"),
            ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(paris.moment(text), Ok(utc(expected)), "{text}");
        }
        let american = reader(Some("UTC"), Some(DateOrder::MonthFirst));
        assert_eq!(american.moment("3/31/2026 10:00"), Ok(utc("2026-03-31T10:00:00Z")));
    }

    #[test]
    fn what_is_none_or_could_be_two() {
        let paris = reader(Some("Europe/Paris"), None);
        for (text, expected) in [
            ("", NotATime::Moment),
            ("yesterday", NotATime::Moment),
            ("2026-02-30 10:00", NotATime::Moment),
            ("2026-03-01 25:00", NotATime::Moment),
            ("2026-03-01 13:00 PM", NotATime::Moment),
            ("1/3/26", NotATime::Moment),
            ("1/2/3/4", NotATime::Moment),
            ("32.1.2026", NotATime::Moment),
            ("300.1.2026", NotATime::Moment),
            ("03/04/2026 10:00", NotATime::NoOrder),
            ("1899-12-31 00:00", NotATime::Year),
            ("9999-01-01T00:00:00Z", NotATime::Year),
        ] {
            assert_eq!(paris.moment(text), Err(expected), "{text}");
        }
        assert_eq!(paris.moment(&"1".repeat(1_000)), Err(NotATime::Moment));
        assert_eq!(reader(None, None).moment("2026-03-01 10:00"), Err(NotATime::NoZone));
        assert!(reader(None, None).moment("2026-03-01 10:00Z").is_ok());
        assert_eq!(TimeReader::new(Some("Europe/Atlantis"), None).unwrap_err(), UnknownZone);
    }

    #[test]
    fn spans_of_every_form() {
        for (text, expected) in [
            ("125", Ok(125_000)),
            ("125.5", Ok(125_500)),
            ("0.0625", Ok(62)),
            ("2:05", Ok(125_000)),
            ("90:00", Ok(5_400_000)),
            ("0:02:05", Ok(125_000)),
            ("26:00:00", Ok(93_600_000)),
            ("PT2M5S", Ok(125_000)),
            ("2m 5s", Ok(125_000)),
            ("0", Ok(0)),
            ("", Err(NotATime::Span)),
            ("-5", Err(NotATime::Span)),
            ("-PT5S", Err(NotATime::Span)),
            ("2:61", Err(NotATime::Span)),
            ("1:2:3:4", Err(NotATime::Span)),
            ("two", Err(NotATime::Span)),
            ("99999999999", Err(NotATime::Span)),
            ("99999999", Err(NotATime::SpanTooLong)),
        ] {
            assert_eq!(span_ms(text), expected, "{text}");
        }
    }
}
