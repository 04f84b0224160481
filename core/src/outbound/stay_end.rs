//! How a lead stands after its stay with the router: due again, closed, or as before. Pure: told the rules, the windows and
//! the time.

use jiff::tz::TimeZone;

use super::attempt_outcome::{DispositionFlags, Outcome};
use super::calling_calendar::CallingCalendar;
use super::campaign::CampaignSettings;
use super::lead_progress::{EndedAttempt, LeadEnd, LeadProgress, NextAttempt, NumberEnd, Windows};
use super::lead_standing::{LeadReached, LeadStanding};
use super::lead_stay::{LeadPromise, StayEnd};
use crate::routing::attempt::{NotPlaced, ReturnedWhy};
use crate::routing::time::{Millis, Timestamp};

/// A lead whose windows do not open as far as anybody knows is looked at again.
const NO_WINDOW_FOR: Millis = Millis::days(1);

/// By which calendar each number of a lead is called; None: nobody knows.
#[derive(Clone, Debug)]
pub struct LeadWindows(pub Vec<Option<CallingCalendar>>);

impl LeadWindows {
    /// The clock that days and their parts are read by.
    #[must_use]
    pub fn zone(&self, number: usize) -> TimeZone {
        let zones = self.0.get(number).and_then(Option::as_ref).map(CallingCalendar::zones).unwrap_or_default();
        zones.first().and_then(|zone| TimeZone::get(zone).ok()).unwrap_or(TimeZone::UTC)
    }
}

impl Windows for LeadWindows {
    fn opens(&self, number: usize, from: Timestamp) -> Option<Timestamp> {
        self.0.get(number)?.as_ref()?.open_from(from)
    }

    fn closes(&self, number: usize, from: Timestamp) -> Option<Timestamp> {
        self.0.get(number)?.as_ref()?.next_closing(from).map(|change| change.at)
    }
}

impl StayEnd {
    /// What came of the call, and what the agent's words mean in its campaign. None: it was not placed.
    #[must_use]
    pub fn called(&self, settings: &CampaignSettings) -> Option<(Outcome, Option<DispositionFlags>)> {
        let StayEnd::Called { outcome, disposition, promise, hung_up_after } = self else { return None };
        let said = disposition.as_ref().and_then(|code| settings.meaning_of(code));
        let is_early = hung_up_after.is_some_and(|after| after < settings.retries.hung_up_early_within);
        let hung_up_early = *outcome == Outcome::Answered && is_early && said.is_none() && promise.is_none();
        Some((if hung_up_early { Outcome::CustomerHungUpEarly } else { *outcome }, said))
    }
}

/// What is known where a stay ends.
pub struct AfterStay<'s> {
    pub settings: &'s CampaignSettings,
    pub windows: &'s LeadWindows,
    /// How many numbers the lead has.
    pub numbers: usize,
    pub at: Timestamp,
    /// When it is by the clock on the wall, of what the router knows by its own.
    pub on_the_wall: &'s dyn Fn(Timestamp) -> Timestamp,
    /// Spreads waits: another for each attempt.
    pub draw: u64,
}

impl AfterStay<'_> {
    /// How the lead stands now.
    #[must_use]
    pub fn standing(&self, before: &LeadStanding, end: &StayEnd) -> LeadStanding {
        let mut standing = LeadStanding { contact: None, ..before.clone() };
        match end {
            StayEnd::Returned(why) => self.returned(&mut standing, *why),
            StayEnd::Refused { why, until } => self.refused(&mut standing, *why, *until),
            StayEnd::Called { promise, .. } => {
                let (outcome, said) = end.called(self.settings).expect("a call has an outcome");
                self.called(&mut standing, outcome, said, promise.as_ref());
            }
        }
        standing
    }

    fn returned(&self, standing: &mut LeadStanding, why: ReturnedWhy) {
        match why {
            ReturnedWhy::Skipped | ReturnedWhy::NotPreviewed => {
                standing.due = Some(self.at + self.settings.skipped_rest_for);
            }
            ReturnedWhy::CustomerCalledIn => standing.end = Some(LeadEnd::Withdrawn),
            ReturnedWhy::WindowClosed | ReturnedWhy::Withdrawn | ReturnedWhy::CampaignStopped => {}
        }
    }

    fn refused(&self, standing: &mut LeadStanding, why: NotPlaced, until: Option<Timestamp>) {
        let rest = match why {
            NotPlaced::Dnc | NotPlaced::NoConsent => {
                let progress = standing.progress.get_or_insert_with(|| LeadProgress::new(self.numbers));
                if let Some(number) = progress.numbers.get_mut(standing.next_number) {
                    number.end = Some(NumberEnd::Closed);
                }
                if progress.numbers.iter().all(|number| number.end.is_some()) {
                    progress.end = Some(LeadEnd::NoNumberLeft);
                }
                return self.goes_on(standing);
            }
            NotPlaced::OutOfWindow | NotPlaced::LeadClosed => Millis::minutes(10),
            NotPlaced::Cap => Millis::minutes(60),
            NotPlaced::NoZone => Millis::days(1),
            NotPlaced::ListInactive => Millis::minutes(5),
            NotPlaced::InProgress => Millis::minutes(1),
            NotPlaced::NotChecked | NotPlaced::NoLine | NotPlaced::NoAgent => Millis::seconds(10),
        };
        let until = until.map(|until| (self.on_the_wall)(until)).filter(|until| *until > self.at);
        standing.due = Some(until.unwrap_or(self.at + rest));
    }

    fn called(
        &self,
        standing: &mut LeadStanding,
        outcome: Outcome,
        said: Option<DispositionFlags>,
        promise: Option<&LeadPromise>,
    ) {
        let progress = standing.progress.get_or_insert_with(|| LeadProgress::new(self.numbers));
        let number = standing.next_number.min(progress.numbers.len().saturating_sub(1));
        let promised = promise.map(|promise| (self.on_the_wall)(promise.due));
        let attempt = EndedAttempt { number, at: self.at, outcome, disposition: said, promised };
        progress.ended(&self.settings.retries, &attempt, &self.windows.zone(number), self.windows, self.draw);
        standing.reached = standing.reached.max(said.as_ref().and_then(LeadReached::of));
        if outcome == Outcome::Answered {
            standing.promised_by = promise.and_then(|promise| promise.by.clone());
        }
        self.goes_on(standing);
    }

    fn goes_on(&self, standing: &mut LeadStanding) {
        let Some(progress) = &standing.progress else { return };
        match progress.next(self.windows, self.at) {
            NextAttempt::Due(due) => {
                (standing.due, standing.next_number, standing.goes_first) = (Some(due.at), due.number, due.goes_first);
            }
            NextAttempt::NoWindow => standing.due = Some(self.at + NO_WINDOW_FOR),
            NextAttempt::Over(end) => standing.end = Some(end),
        }
    }
}
