//! How far a lead has come, number by number, and when it is due again. Pure: told the time, the zone and the windows.
//!
//! What is due is not yet allowed: whoever places a call asks again whether it may be placed at that moment.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::attempt_outcome::{DispositionFlags, Final, Outcome, Reached};
use super::day_parts::{DayPart, day, next_midnight};
use super::retry_rules::{RetryRule, RetryRules};
use crate::routing::time::{Millis, Timestamp};

/// Windows and parts of days that are tried before a lead is given up for now: two years of days.
const STEPS_MAX: usize = 1_500;
/// So long another part of the day is waited for where windows have only one.
const ANOTHER_PART_WITHIN: Millis = Millis::days(3);

/// When a number may be called; whoever knows the calendars answers.
pub trait Windows {
    /// The first moment from `from` on; None: none in sight.
    fn opens(&self, number: usize, from: Timestamp) -> Option<Timestamp>;
    /// The first moment after `from` at which it may not; None: none in sight.
    fn closes(&self, number: usize, from: Timestamp) -> Option<Timestamp>;
}

/// A lead as far as calling it goes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeadProgress {
    /// In the order in which they are tried.
    pub numbers: Vec<NumberProgress>,
    /// That count.
    pub attempts: u16,
    /// The day of the last attempt by the lead's clock, and the attempts on it.
    pub last_day: Option<(Date, u16)>,
    pub end: Option<LeadEnd>,
}

/// One number of a lead.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct NumberProgress {
    /// That count.
    pub attempts: u16,
    /// The last outcome, and how many times in a row.
    pub run: Option<(Outcome, u16)>,
    /// Not before; None: it was never tried.
    pub due: Option<Timestamp>,
    pub goes_first: bool,
    pub needs_reserved_agent: bool,
    pub message_left_at: Option<Timestamp>,
    pub end: Option<NumberEnd>,
}

/// Why a number is not called any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberEnd {
    Outcome(Outcome),
    WrongParty,
    /// The agent closed it.
    Closed,
    AttemptsUsedUp,
}

/// Why a lead is not called any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadEnd {
    /// A sale, a refusal: what the agent's disposition closes.
    Closed,
    /// Somebody talked with the customer and said nothing of calling again.
    Answered,
    /// By the rule of this outcome.
    Outcome(Outcome),
    AttemptsUsedUp,
    NoNumberLeft,
    /// By whoever may: a call from the customer, a supervisor, an expired list.
    Withdrawn,
}

/// An attempt that is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndedAttempt {
    /// By its place among the lead's.
    pub number: usize,
    pub at: Timestamp,
    pub outcome: Outcome,
    /// What the agent said, when there was one who said something.
    pub disposition: Option<DispositionFlags>,
    /// When the agent promised another call.
    pub promised: Option<Timestamp>,
}

/// What happens to a lead next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NextAttempt {
    Due(DueAttempt),
    /// Its windows do not open again as far as anybody knows.
    NoWindow,
    Over(LeadEnd),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DueAttempt {
    pub at: Timestamp,
    pub number: usize,
    pub goes_first: bool,
    pub needs_reserved_agent: bool,
}

/// What the outcome amounts to, with what the agent said.
enum Meaning {
    Retry(Outcome),
    /// Another call was promised.
    Promised(Timestamp),
    NumberOver(NumberEnd),
    LeadOver(LeadEnd),
}

impl LeadProgress {
    #[must_use]
    pub fn new(numbers: usize) -> LeadProgress {
        LeadProgress { numbers: vec![NumberProgress::default(); numbers], attempts: 0, last_day: None, end: None }
    }

    /// Takes in what became of an attempt. `draw` spreads the wait: any number, a different one for each attempt.
    pub fn ended(
        &mut self,
        rules: &RetryRules,
        attempt: &EndedAttempt,
        zone: &TimeZone,
        windows: &impl Windows,
        draw: u64,
    ) {
        let meant = meaning(attempt);
        let outcome = match meant {
            Meaning::Retry(outcome) => outcome,
            Meaning::Promised(_) | Meaning::NumberOver(_) | Meaning::LeadOver(_) => attempt.outcome,
        };
        let rule = rules.rule(outcome);
        if rule.counts_as_attempt {
            self.count(attempt, zone);
        }
        let not_today = self.day_is_full(rules, attempt, zone);
        let number = &mut self.numbers[attempt.number];
        let in_a_row = match number.run {
            Some((last, times)) if last == outcome => times.saturating_add(1),
            Some(_) | None => 1,
        };
        number.run = Some((outcome, in_a_row));
        if attempt.outcome == Outcome::MachineMessageLeft {
            number.message_left_at = Some(attempt.at);
        }
        (number.goes_first, number.needs_reserved_agent) = (rule.goes_first, rule.needs_reserved_agent);
        match meant {
            Meaning::LeadOver(end) => self.end = Some(end),
            Meaning::NumberOver(end) => number.end = Some(end),
            Meaning::Promised(due) => (number.due, number.goes_first) = (Some(due), true),
            Meaning::Retry(_) if rule.closes_lead => self.end = Some(LeadEnd::Outcome(outcome)),
            Meaning::Retry(_) => {
                let is_dead = rule.kills_number_after.is_some_and(|times| in_a_row >= times);
                match rule.wait(in_a_row).filter(|_| !is_dead) {
                    None => number.end = Some(NumberEnd::Outcome(outcome)),
                    Some(wait) => {
                        let waited = Waited { rules, rule: &rule, attempt, zone, windows, not_today };
                        // Where no window is in sight, whoever asks for the next one finds none either.
                        number.due = Some(waited.due(wait, draw).unwrap_or(attempt.at + wait));
                    }
                }
            }
        }
        let promised = match meant {
            Meaning::Promised(due) => Some(due),
            Meaning::Retry(_) | Meaning::NumberOver(_) | Meaning::LeadOver(_) => None,
        };
        self.settle(rules, attempt, not_today, promised);
    }

    fn count(&mut self, attempt: &EndedAttempt, zone: &TimeZone) {
        self.attempts = self.attempts.saturating_add(1);
        let number = &mut self.numbers[attempt.number];
        number.attempts = number.attempts.saturating_add(1);
        if let Some(today) = day(zone, attempt.at) {
            let before = self.last_day.filter(|(day, _)| *day == today).map_or(0, |(_, count)| count);
            self.last_day = Some((today, before.saturating_add(1)));
        }
    }

    /// When the next day begins, if the lead was called as often today as it may be.
    fn day_is_full(&self, rules: &RetryRules, attempt: &EndedAttempt, zone: &TimeZone) -> Option<Timestamp> {
        let today = day(zone, attempt.at)?;
        let (last, count) = self.last_day?;
        if last == today && count >= rules.attempts_a_day_max { next_midnight(zone, attempt.at) } else { None }
    }

    /// What holds after every attempt, whatever came of it.
    fn settle(
        &mut self,
        rules: &RetryRules,
        attempt: &EndedAttempt,
        not_today: Option<Timestamp>,
        promised: Option<Timestamp>,
    ) {
        let last = promised.map_or(attempt.at, |due| due.max(attempt.at));
        let soonest = not_today.into_iter().fold(last + rules.between_numbers, Timestamp::max);
        for (place, number) in self.numbers.iter_mut().enumerate() {
            let is_promised = promised.is_some() && place == attempt.number;
            if number.end.is_none() && !is_promised && number.attempts >= rules.attempts_of_number_max {
                number.end = Some(NumberEnd::AttemptsUsedUp);
            }
            if place != attempt.number {
                number.due = Some(number.due.map_or(soonest, |due| due.max(soonest)));
            }
        }
        if self.end.is_none() && promised.is_none() && self.attempts >= rules.attempts_of_lead_max {
            self.end = Some(LeadEnd::AttemptsUsedUp);
        }
        if self.end.is_none() && self.numbers.iter().all(|number| number.end.is_some()) {
            self.end = Some(LeadEnd::NoNumberLeft);
        }
    }

    /// Which number is called next, and when; `from` is when the lead was released, or now.
    #[must_use]
    pub fn next(&self, windows: &impl Windows, from: Timestamp) -> NextAttempt {
        if let Some(end) = self.end {
            return NextAttempt::Over(end);
        }
        let mut is_any_left = false;
        let mut best: Option<DueAttempt> = None;
        for (place, number) in self.numbers.iter().enumerate().filter(|(_, number)| number.end.is_none()) {
            is_any_left = true;
            let due = number.due.map_or(from, |due| due.max(from));
            let Some(at) = windows.opens(place, due) else { continue };
            let due = DueAttempt {
                at,
                number: place,
                goes_first: number.goes_first,
                needs_reserved_agent: number.needs_reserved_agent,
            };
            if best.is_none_or(|best| due < best) {
                best = Some(due);
            }
        }
        match best {
            Some(due) => NextAttempt::Due(due),
            None if is_any_left => NextAttempt::NoWindow,
            None => NextAttempt::Over(LeadEnd::NoNumberLeft),
        }
    }

    /// Whether a message may be left on this number's machine.
    #[must_use]
    pub fn may_leave_message(&self, rules: &RetryRules, number: usize, at: Timestamp) -> bool {
        self.numbers[number].message_left_at.is_none_or(|left| at >= left + rules.between_messages)
    }
}

/// Nobody calls again who talked with the customer and was told nothing of it. A promise counts more than the campaign's own
/// limits, and less than what the agent closed.
fn meaning(attempt: &EndedAttempt) -> Meaning {
    let Some(said) = attempt.disposition else {
        return match (attempt.promised, attempt.outcome) {
            (Some(due), _) => Meaning::Promised(due),
            (None, Outcome::Answered) => Meaning::LeadOver(LeadEnd::Answered),
            (None, other) => Meaning::Retry(other),
        };
    };
    if let (Some(due), Final::No) = (attempt.promised, said.finality) {
        return Meaning::Promised(due);
    }
    match (said.finality, said.reached) {
        (Final::Contact, _) => Meaning::LeadOver(LeadEnd::Closed),
        (Final::Number, _) => Meaning::NumberOver(NumberEnd::Closed),
        (Final::No, Reached::WrongParty) => Meaning::NumberOver(NumberEnd::WrongParty),
        (Final::No, Reached::Machine) if attempt.outcome == Outcome::Answered => Meaning::Retry(Outcome::Machine),
        (Final::No, Reached::Nobody) if attempt.outcome == Outcome::Answered => Meaning::Retry(Outcome::NoAnswer),
        (Final::No, Reached::Machine | Reached::Nobody | Reached::RightParty) => Meaning::Retry(attempt.outcome),
    }
}

/// One wait that has begun.
struct Waited<'w, W> {
    rules: &'w RetryRules,
    rule: &'w RetryRule,
    attempt: &'w EndedAttempt,
    zone: &'w TimeZone,
    windows: &'w W,
    /// The next day, when this one has had its attempts.
    not_today: Option<Timestamp>,
}

impl<W: Windows> Waited<'_, W> {
    /// None: no window opens as far as anybody knows.
    fn due(&self, wait: Millis, draw: u64) -> Option<Timestamp> {
        let spread = wait.0 / 100 * i64::from(self.rules.jitter_percent);
        let jitter = draw % (spread.unsigned_abs() + 1);
        let waited = self.attempt.at + wait + Millis(i64::try_from(jitter).unwrap_or(spread));
        let mut from = self.not_today.map_or(waited, |midnight| waited.max(midnight));
        if self.rule.in_the_next_window {
            let closes = self.windows.closes(self.attempt.number, self.attempt.at);
            // Where it never closes, a day is a window.
            from = from.max(closes.or_else(|| next_midnight(self.zone, self.attempt.at))?);
        }
        let opens = self.windows.opens(self.attempt.number, from)?;
        if self.rule.in_another_day_part { Some(self.another_part(opens).unwrap_or(opens)) } else { Some(opens) }
    }

    /// The first opening from `first` on in another part of the day; where there is none for days, on another day.
    fn another_part(&self, first: Timestamp) -> Option<Timestamp> {
        let parts = &self.rules.day_parts;
        let tried = parts.at(self.zone, self.attempt.at)?;
        let mut on_another_day: Option<Timestamp> = None;
        let mut opens = first;
        for _ in 0..STEPS_MAX {
            let DayPart { day, part } = parts.at(self.zone, opens)?;
            if part != tried.part {
                return Some(opens);
            }
            if day != tried.day {
                on_another_day.get_or_insert(opens);
            }
            if on_another_day.is_some_and(|_| opens > first + ANOTHER_PART_WITHIN) {
                break;
            }
            opens = self.windows.opens(self.attempt.number, parts.next_begin(self.zone, opens)?)?;
        }
        on_another_day
    }
}
