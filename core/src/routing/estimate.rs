//! How long a contact may have to wait: by its place in line and how fast the line has moved lately.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::time::{Millis, Timestamp};

/// How far back the pace of a queue is measured, in minutes, the one that runs included.
const MINUTES: i64 = 15;
const MINUTE_MS: i64 = 60_000;
/// No estimate is longer.
const LONGEST: Millis = Millis::minutes(24 * 60);

/// Half of such contacts wait no longer than `p50`, nine of ten no longer than `p90`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Estimate {
    pub p50: Millis,
    pub p90: Millis,
}

/// The wait of the `place`-th in line (from 1), when somebody leaves it every `gap` on average.
///
/// Departures are taken as a Poisson process, so the wait is gamma distributed; its quantiles by
/// Wilson and Hilferty (1931), within 2 % of the exact ones.
#[must_use]
pub fn of_place(place: usize, gap: Millis) -> Estimate {
    const NORMAL_P90: f64 = 1.281_551_565_5;
    #[expect(clippy::cast_precision_loss, reason = "places and gaps are far below 2⁵²")]
    let (place, gap) = (place.max(1) as f64, gap.0 as f64);
    let quantile = |normal: f64| {
        let root = 1.0 - 1.0 / (9.0 * place) + normal / (3.0 * place.sqrt());
        gap * place * root * root * root
    };
    #[expect(clippy::cast_possible_truncation, reason = "bounded by a day")]
    let whole = |milliseconds: f64| Millis((milliseconds as i64).clamp(0, LONGEST.0));
    Estimate { p50: whole(quantile(0.0)), p90: whole(quantile(NORMAL_P90)) }
}

/// How a queue's line moved in the last minutes: who left it, and how long somebody stood in it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Pace {
    /// Visits that wait, offered ones included.
    waiting: u32,
    /// What of the present span with somebody waiting is not yet in `minutes`; set while one waits.
    since: Option<Timestamp>,
    minutes: VecDeque<MinuteOfPace>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct MinuteOfPace {
    minute: i64,
    /// Visits that an agent took, or that ended before one did.
    left: u32,
    /// How long somebody stood in line, in milliseconds.
    stood: i64,
}

impl Pace {
    pub(super) fn joins(&mut self, at: Timestamp) {
        self.close_span(at);
        self.waiting += 1;
        self.since = Some(at);
    }

    pub(super) fn leaves(&mut self, at: Timestamp) {
        self.close_span(at);
        self.waiting -= 1;
        self.since = (self.waiting > 0).then_some(at);
        self.minute(minute_of(at)).left += 1;
    }

    /// The server was down: nobody could leave.
    pub(super) fn shift(&mut self, by: Millis) {
        self.since = self.since.map(|since| since + by);
    }

    /// How long it took on average until somebody left; None: nobody has waited lately.
    #[must_use]
    pub fn gap(&self, now: Timestamp) -> Option<Millis> {
        let first = minute_of(now) - MINUTES + 1;
        let recent = self.minutes.iter().filter(|minute| minute.minute >= first);
        let (left, stood) = recent.fold((0, 0), |(left, stood), m| (left + i64::from(m.left), stood + m.stood));
        let running = self.since.map_or(0, |since| now.0 - since.0.max(first * MINUTE_MS));
        let stood = stood + running.max(0);
        (stood > 0 || left > 0).then(|| Millis(stood / left.max(1)))
    }

    fn close_span(&mut self, at: Timestamp) {
        let oldest = minute_of(at) - MINUTES;
        while self.minutes.front().is_some_and(|minute| minute.minute <= oldest) {
            self.minutes.pop_front();
        }
        let Some(since) = self.since else { return };
        let mut from = since.0.max((oldest + 1) * MINUTE_MS);
        while from < at.0 {
            let minute = from.div_euclid(MINUTE_MS);
            let to = at.0.min((minute + 1) * MINUTE_MS);
            self.minute(minute).stood += to - from;
            from = to;
        }
    }

    /// The last minute, begun when it is not.
    fn minute(&mut self, minute: i64) -> &mut MinuteOfPace {
        if self.minutes.back().is_none_or(|last| last.minute != minute) {
            self.minutes.push_back(MinuteOfPace { minute, ..MinuteOfPace::default() });
        }
        self.minutes.back_mut().expect("one was just seen or added")
    }
}

fn minute_of(at: Timestamp) -> i64 {
    at.0.div_euclid(MINUTE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_gamma_distribution() {
        // Exact values for a gap of one second: scipy.stats.gamma.ppf.
        for (place, p50, p90) in
            [(1, 693.1, 2_302.6), (2, 1_678.3, 3_889.7), (5, 4_670.9, 7_993.6), (50, 49_667.1, 59_249.0)]
        {
            let estimate = of_place(place, Millis::seconds(1));
            for (got, exact) in [(estimate.p50.0, p50), (estimate.p90.0, p90)] {
                assert!((got as f64 / exact - 1.0).abs() < 0.02, "{place}: {got}, exactly {exact}");
            }
        }
    }

    #[test]
    fn the_gap_counts_only_time_with_somebody_in_line() {
        let mut pace = Pace::default();
        assert_eq!(pace.gap(Timestamp(0)), None);
        pace.joins(Timestamp(50_000));
        pace.joins(Timestamp(55_000));
        pace.leaves(Timestamp(70_000));
        pace.leaves(Timestamp(80_000));
        assert_eq!(pace.gap(Timestamp(500_000)), Some(Millis(15_000)), "30 s with somebody in line, two left");
        pace.joins(Timestamp(500_000));
        assert_eq!(pace.gap(Timestamp(510_000)), Some(Millis(20_000)), "the span that runs counts");
        assert_eq!(pace.gap(Timestamp(16 * 60_000)), Some(Millis(460_000)), "a quarter of an hour is remembered");
    }
}
