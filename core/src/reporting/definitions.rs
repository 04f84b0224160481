//! What each figure means, with its formula. Counts nothing itself.

use serde::{Deserialize, Serialize};

use super::counts::{HandleTime, VisitCounts};
use crate::routing::time::Millis;

/// Which visits a service level is a share of. In the formulas, *within* is within the queue's
/// `answered_within`, counted from the visit's `entered_at`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLevelVariant {
    /// answered within ÷ (answered + abandoned − short abandons). The default.
    #[default]
    WithoutShortAbandons,
    /// answered within ÷ answered.
    OfAnswered,
    /// (answered within + abandoned within) ÷ (answered + abandoned).
    AbandonedWithinCounts,
    /// answered within ÷ (answered + abandoned later than that).
    AbandonedWithinIgnored,
}

impl ServiceLevelVariant {
    pub const ALL: [ServiceLevelVariant; 4] = [
        ServiceLevelVariant::WithoutShortAbandons,
        ServiceLevelVariant::OfAnswered,
        ServiceLevelVariant::AbandonedWithinCounts,
        ServiceLevelVariant::AbandonedWithinIgnored,
    ];

    /// The share of contacts served in time, from 0 to 1.
    #[must_use]
    pub fn of(self, visits: &VisitCounts) -> Option<f64> {
        match self {
            ServiceLevelVariant::WithoutShortAbandons => {
                share(visits.answered_within, visits.answered + visits.abandoned - visits.short_abandoned)
            }
            ServiceLevelVariant::OfAnswered => share(visits.answered_within, visits.answered),
            ServiceLevelVariant::AbandonedWithinCounts => {
                share(visits.answered_within + visits.abandoned_within, visits.answered + visits.abandoned)
            }
            ServiceLevelVariant::AbandonedWithinIgnored => {
                share(visits.answered_within, visits.answered + visits.abandoned - visits.abandoned_within)
            }
        }
    }
}

/// Average speed of answer: the sum of waits (`connected − entered_at`) of answered visits ÷ answered.
#[must_use]
pub fn average_speed_of_answer(waited: Millis, visits: &VisitCounts) -> Option<Millis> {
    mean(waited, visits.answered)
}

/// Average handle time: (talk + hold + wrap-up) ÷ segments closed.
#[must_use]
pub fn average_handle_time(handle: &HandleTime) -> Option<Millis> {
    mean(handle.sum(), handle.segments)
}

/// Time with at least one segment ÷ (that + idle while available), from 0 to 1.
#[must_use]
pub fn occupancy(busy: Millis, idle_while_available: Millis) -> Option<f64> {
    share(busy.0.unsigned_abs(), (busy + idle_while_available).0.unsigned_abs())
}

/// Abandoned ÷ visits ended, short ones included, from 0 to 1.
#[must_use]
pub fn abandonment(visits: &VisitCounts) -> Option<f64> {
    share(visits.abandoned, visits.ended())
}

/// `None` when there is nothing to be a share of.
#[must_use]
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// To the nearest millisecond, half of one upwards; `None` when there is nothing to be the mean of.
#[must_use]
pub fn mean(sum: Millis, count: u64) -> Option<Millis> {
    let count = i64::try_from(count).expect("a count fits in 63 bits");
    (count > 0).then(|| Millis((sum.0 + count / 2) / count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_by_hand() {
        let visits = VisitCounts {
            answered: 80,
            answered_within: 60,
            abandoned: 20,
            abandoned_within: 10,
            short_abandoned: 4,
            ..VisitCounts::default()
        };
        let shares = ServiceLevelVariant::ALL.map(|variant| variant.of(&visits));
        assert_eq!(shares, [Some(60.0 / 96.0), Some(0.75), Some(0.7), Some(60.0 / 90.0)]);
        assert_eq!(abandonment(&visits), Some(0.2));
        assert_eq!(average_speed_of_answer(Millis(1_000), &visits), Some(Millis(13)), "12.5 rounds up");
    }

    #[test]
    fn nothing_divides_by_zero() {
        let none = VisitCounts::default();
        assert_eq!(ServiceLevelVariant::ALL.map(|variant| variant.of(&none)), [None; 4]);
        assert_eq!(abandonment(&none), None);
        assert_eq!(average_speed_of_answer(Millis::ZERO, &none), None);
        assert_eq!(average_handle_time(&HandleTime::default()), None);
        assert_eq!(occupancy(Millis::ZERO, Millis::ZERO), None);
        assert_eq!(occupancy(Millis(30), Millis(90)), Some(0.25));
    }
}
