//! How long callers wait: one Kaplan–Meier estimate over a file. Knows neither queues nor time of day.
//!
//! Kaplan and Meier, "Nonparametric estimation from incomplete observations", J. Am. Stat. Assoc.
//! 53 (1958): S(t) = Π over abandonment times tᵢ ≤ t of (1 − dᵢ ÷ nᵢ), with dᵢ abandonments at tᵢ
//! and nᵢ callers seen to wait at least that long. A served caller is known only to be more patient
//! than he had to be.

use super::draws::Dice;
use crate::routing::time::Millis;

/// One caller's wait, and whether it ended by hanging up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wait {
    pub waited: Millis,
    pub hung_up: bool,
}

/// The share of callers still there just after each time at which somebody hung up.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PatienceCurve {
    steps: Vec<(Millis, f64)>,
}

impl PatienceCurve {
    #[must_use]
    pub fn estimate(waits: impl IntoIterator<Item = Wait>) -> PatienceCurve {
        let mut waits: Vec<Wait> = waits.into_iter().collect();
        waits.sort_by_key(|wait| wait.waited);
        let mut at_risk = waits.len();
        let mut survival = 1.0;
        let mut steps = Vec::new();
        for same in waits.chunk_by(|one, other| one.waited == other.waited) {
            let hung_up = same.iter().filter(|wait| wait.hung_up).count();
            if hung_up > 0 {
                survival *= (at_risk - hung_up) as f64 / at_risk as f64;
                steps.push((same[0].waited, survival));
            }
            at_risk -= same.len();
        }
        PatienceCurve { steps }
    }

    /// The share of callers more patient than `waited`.
    #[must_use]
    pub fn survival(&self, waited: Millis) -> f64 {
        let until = self.steps.partition_point(|(at, _)| *at <= waited);
        if until == 0 { 1.0 } else { self.steps[until - 1].1 }
    }

    /// The patience of a caller who is known to be more patient than `waited`. None: for ever, past
    /// the last time at which anybody hung up.
    #[must_use]
    pub fn draw_above(&self, waited: Millis, dice: &mut Dice) -> Option<Millis> {
        let level = self.survival(waited) * dice.fraction();
        let later = &self.steps[self.steps.partition_point(|(at, _)| *at <= waited)..];
        later.iter().find(|(_, survival)| *survival <= level).map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::draws::Draw;

    fn curve(waits: &[(i64, bool)]) -> PatienceCurve {
        PatienceCurve::estimate(
            waits.iter().map(|(waited, hung_up)| Wait { waited: Millis(*waited), hung_up: *hung_up }),
        )
    }

    #[test]
    fn the_estimate_by_hand() {
        let curve =
            curve(&[(3, true), (1, true), (2, false), (3, false), (5, true), (3, true), (9, false), (4, false)]);
        let expected = [(1, 7.0 / 8.0), (3, 7.0 / 8.0 * (4.0 / 6.0)), (5, 7.0 / 8.0 * (4.0 / 6.0) * (1.0 / 2.0))];
        for ((at, survival), (expected_at, expected)) in curve.steps.iter().zip(expected) {
            assert_eq!(at.0, expected_at);
            assert!((survival - expected).abs() < 1e-12, "at {at}: {survival}, expected {expected}");
        }
        assert_eq!(curve.steps.len(), 3);
        assert!((curve.survival(Millis(0)) - 1.0).abs() < f64::EPSILON);
        assert!((curve.survival(Millis(2)) - 7.0 / 8.0).abs() < 1e-12);
    }

    #[test]
    fn draws_follow_the_curve_above_what_is_known() {
        let curve = curve(&[(1, true), (2, true), (3, true), (4, false)]);
        let mut counts = [0_u32; 3];
        for line in 0..3_000 {
            match curve.draw_above(Millis(1), &mut Dice::new(1, line, Draw::Patience)) {
                Some(Millis(2)) => counts[0] += 1,
                Some(Millis(3)) => counts[1] += 1,
                None => counts[2] += 1,
                other => panic!("{other:?} is not above 1 ms"),
            }
        }
        assert!(counts.iter().all(|count| (900..1_100).contains(count)), "a third each: {counts:?}");
        let patient =
            (0..100).all(|line| curve.draw_above(Millis(3), &mut Dice::new(1, line, Draw::Patience)).is_none());
        assert!(patient, "past the last abandonment: for ever");
    }

    #[test]
    fn nobody_hangs_up_when_nobody_ever_did() {
        let none = curve(&[(4, false), (0, false)]);
        assert_eq!(none.draw_above(Millis::ZERO, &mut Dice::new(1, 1, Draw::Patience)), None);
        assert_eq!(curve(&[]).draw_above(Millis::ZERO, &mut Dice::new(1, 1, Draw::Patience)), None);
    }

    #[test]
    fn when_the_longest_wait_is_an_abandonment_all_leave_by_then() {
        let curve = curve(&[(1, false), (7, true)]);
        let all = (0..100)
            .all(|line| curve.draw_above(Millis(1), &mut Dice::new(1, line, Draw::Patience)) == Some(Millis(7)));
        assert!(all);
    }
}
