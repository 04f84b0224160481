//! Visits, waits and handle time counted up. Knows neither queues nor days: its owner has one for each.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::routing::estimate::Estimate;
use crate::routing::event::VisitEnd;
use crate::routing::ids::QueueId;
use crate::routing::rule_set::{QueueRules, RuleSet, ServiceLevelRules};
use crate::routing::time::Millis;

/// Visits over some span of time. [`VisitCounts::balances`] holds after every event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct VisitCounts {
    /// Waiting when the span began.
    pub carried_in: u64,
    pub entered: u64,
    pub answered: u64,
    /// Of the answered, those within the queue's `answered_within`.
    pub answered_within: u64,
    pub abandoned: u64,
    /// Of the abandoned, those within the queue's `answered_within`.
    pub abandoned_within: u64,
    /// Of the abandoned, those within the queue's `short_abandon`.
    pub short_abandoned: u64,
    pub flowed_out: u64,
    pub callbacks: u64,
    pub withdrawn: u64,
    pub lost: u64,
    /// Not ended yet: waiting, offered or connecting. At the end of the span: carried out.
    pub waiting: u64,
}

impl VisitCounts {
    pub fn enter(&mut self) {
        self.entered += 1;
        self.waiting += 1;
    }

    /// A visit of this span ends after `waited`; `within` is its queue's `answered_within`.
    pub fn end(&mut self, end: VisitEnd, waited: Millis, within: Millis) {
        assert!(self.waiting > 0, "a visit ends once, after it was entered or carried in");
        self.waiting -= 1;
        let in_time = u64::from(waited <= within);
        match end {
            VisitEnd::Answered => {
                self.answered += 1;
                self.answered_within += in_time;
            }
            VisitEnd::Abandoned { short } => {
                self.abandoned += 1;
                self.abandoned_within += in_time;
                self.short_abandoned += u64::from(short);
            }
            VisitEnd::FlowedOut => self.flowed_out += 1,
            VisitEnd::CallbackRequested => self.callbacks += 1,
            VisitEnd::Withdrawn => self.withdrawn += 1,
            VisitEnd::LostByGateway => self.lost += 1,
        }
    }

    #[must_use]
    pub fn ended(&self) -> u64 {
        self.answered + self.abandoned + self.flowed_out + self.callbacks + self.withdrawn + self.lost
    }

    /// Whatever came in has one end or still waits.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.carried_in + self.entered == self.ended() + self.waiting
    }

    /// The counts of the span that begins where this one stops.
    #[must_use]
    pub fn carried_over(&self) -> VisitCounts {
        VisitCounts { carried_in: self.waiting, waiting: self.waiting, ..VisitCounts::default() }
    }
}

impl AddAssign for VisitCounts {
    fn add_assign(&mut self, other: VisitCounts) {
        self.carried_in += other.carried_in;
        self.entered += other.entered;
        self.answered += other.answered;
        self.answered_within += other.answered_within;
        self.abandoned += other.abandoned;
        self.abandoned_within += other.abandoned_within;
        self.short_abandoned += other.short_abandoned;
        self.flowed_out += other.flowed_out;
        self.callbacks += other.callbacks;
        self.withdrawn += other.withdrawn;
        self.lost += other.lost;
        self.waiting += other.waiting;
    }
}

/// What agents spent on the segments that were connected and are closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct HandleTime {
    pub segments: u64,
    pub talk: Millis,
    pub hold: Millis,
    pub wrap_up: Millis,
}

impl HandleTime {
    #[must_use]
    pub fn sum(&self) -> Millis {
        self.talk + self.hold + self.wrap_up
    }
}

impl AddAssign for HandleTime {
    fn add_assign(&mut self, other: HandleTime) {
        self.segments += other.segments;
        self.talk = self.talk + other.talk;
        self.hold = self.hold + other.hold;
        self.wrap_up = self.wrap_up + other.wrap_up;
    }
}

/// Everything that is counted of one queue, or of the whole centre, over one span.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    pub visits: VisitCounts,
    /// The waits of the answered, summed.
    pub waited: Millis,
    /// The longest wait of a visit that has ended.
    pub longest_wait: Millis,
    pub handle: HandleTime,
    pub estimates: EstimateCounts,
}

/// Answered visits that had an estimate, against what they waited.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct EstimateCounts {
    pub told: u64,
    /// Waited no longer than their P50, and P90.
    pub within_p50: u64,
    pub within_p90: u64,
    /// |waited − P50|, summed.
    pub off: Millis,
}

impl EstimateCounts {
    fn compare(&mut self, estimate: Estimate, waited: Millis) {
        self.told += 1;
        self.within_p50 += u64::from(waited <= estimate.p50);
        self.within_p90 += u64::from(waited <= estimate.p90);
        self.off = self.off + Millis((waited.0 - estimate.p50.0).abs());
    }
}

impl AddAssign for EstimateCounts {
    fn add_assign(&mut self, other: EstimateCounts) {
        self.told += other.told;
        self.within_p50 += other.within_p50;
        self.within_p90 += other.within_p90;
        self.off = self.off + other.off;
    }
}

impl Tally {
    /// `estimate`: as the contact was told when the visit began.
    pub fn end(&mut self, end: VisitEnd, waited: Millis, within: Millis, estimate: Option<Estimate>) {
        self.visits.end(end, waited, within);
        if let Some(estimate) = estimate.filter(|_| end == VisitEnd::Answered) {
            self.estimates.compare(estimate, waited);
        }
        self.longest_wait = self.longest_wait.max(waited);
        if end == VisitEnd::Answered {
            self.waited = self.waited + waited;
        }
    }

    /// A segment that was connected is closed.
    pub fn close_segment(&mut self, talk: Millis, hold: Millis, wrap_up: Millis) {
        self.handle += HandleTime { segments: 1, talk, hold, wrap_up };
    }

    #[must_use]
    pub fn carried_over(&self) -> Tally {
        Tally { visits: self.visits.carried_over(), ..Tally::default() }
    }

    /// Whether it holds nothing that a reader would miss.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Tally::default()
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.visits += other.visits;
        self.waited = self.waited + other.waited;
        self.longest_wait = self.longest_wait.max(other.longest_wait);
        self.handle += other.handle;
        self.estimates += other.estimates;
    }
}

/// The service level each queue aims at, kept for queues that the rules have dropped since.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Targets(BTreeMap<QueueId, ServiceLevelRules>);

impl Targets {
    pub fn replace(&mut self, rules: &RuleSet) {
        self.0.extend(rules.queues.iter().map(|(queue, rules)| (queue.clone(), rules.service_level)));
    }

    /// An agent's own queue has the default.
    #[must_use]
    pub fn of(&self, queue: &QueueId) -> ServiceLevelRules {
        self.0.get(queue).copied().unwrap_or_else(|| QueueRules::default().service_level)
    }

    #[must_use]
    pub fn answered_within(&self, queue: &QueueId) -> Millis {
        self.of(queue).answered_within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHIN: Millis = Millis(20);

    #[test]
    fn every_end_is_counted_once_and_balances() {
        let ends = [
            (VisitEnd::Answered, 20),
            (VisitEnd::Answered, 21),
            (VisitEnd::Abandoned { short: true }, 3),
            (VisitEnd::Abandoned { short: false }, 90),
            (VisitEnd::FlowedOut, 1),
            (VisitEnd::CallbackRequested, 1),
            (VisitEnd::Withdrawn, 1),
            (VisitEnd::LostByGateway, 1),
        ];
        let mut tally = Tally::default();
        for _ in 0..=ends.len() {
            tally.visits.enter();
        }
        for (end, waited) in ends {
            tally.end(end, Millis(waited), WITHIN, Some(Estimate { p50: Millis(20), p90: Millis(25) }));
            assert!(tally.visits.balances());
        }
        let expected = VisitCounts {
            carried_in: 0,
            entered: 9,
            answered: 2,
            answered_within: 1,
            abandoned: 2,
            abandoned_within: 1,
            short_abandoned: 1,
            flowed_out: 1,
            callbacks: 1,
            withdrawn: 1,
            lost: 1,
            waiting: 1,
        };
        assert_eq!(tally.visits, expected);
        assert_eq!((tally.waited, tally.longest_wait), (Millis(41), Millis(90)));
        let estimates = EstimateCounts { told: 2, within_p50: 1, within_p90: 2, off: Millis(1) };
        assert_eq!(tally.estimates, estimates, "20 and 21 against 20 and 25");
        let next = tally.carried_over();
        assert_eq!((next.visits.carried_in, next.visits.waiting, next.visits.entered), (1, 1, 0));
        assert!(next.visits.balances());
    }

    #[test]
    fn a_count_that_was_tampered_with_does_not_balance() {
        let mut visits = VisitCounts::default();
        visits.enter();
        visits.answered += 1;
        assert!(!visits.balances());
    }
}
