//! Days and hours as people write them: `mon-fri`, `09:00-12:30`. Knows no zone and no date.

use super::calendar::{MINUTES_OF_DAY, OpenHours};

/// As [`super::calendar::Calendar::weekly`] counts them.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Why a text is no hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WrongHours {
    Form,
    EndBeforeBeginning,
}

/// The days that `text` names, in order; a range may go over the end of the week. None: it names none.
#[must_use]
pub fn days(text: &str) -> Option<Vec<usize>> {
    let day = |name: &str| DAYS.iter().position(|day| *day == name);
    if let Some(day) = day(text) {
        return Some(vec![day]);
    }
    let (from, to) = text.split_once('-').and_then(|(from, to)| Some((day(from)?, day(to)?)))?;
    if from == to {
        return None;
    }
    let length = (to + DAYS.len() - from) % DAYS.len() + 1;
    Some((from..from + length).map(|day| day % DAYS.len()).collect())
}

/// `HH:MM-HH:MM`, up to 24:00.
///
/// # Errors
/// When it has another form, or ends before it begins.
pub fn hours(text: &str) -> Result<OpenHours, WrongHours> {
    let ends = text.split_once('-').and_then(|(from, to)| Some((minute_of_day(from)?, minute_of_day(to)?)));
    let (from, to) = ends.ok_or(WrongHours::Form)?;
    if to <= from { Err(WrongHours::EndBeforeBeginning) } else { Ok(OpenHours { from, to }) }
}

/// `HH:MM`, up to 24:00.
#[must_use]
pub fn minute_of_day(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str| {
        let is_two_digits = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_two_digits { digits.parse::<u16>().ok() } else { None }
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= MINUTES_OF_DAY).then_some(minute)
}

/// As [`minute_of_day`] reads it.
#[must_use]
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
