//! How long an agent was busy in the last hour, in closed five-minute buckets, so that a comparison
//! does not move while a bucket runs.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

const BUCKET_MS: i64 = 300_000;
const BUCKETS: i64 = 12;

/// Time with at least one segment, of any state.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct BusyTime {
    since: Option<Timestamp>,
    /// Milliseconds, by number of the bucket since 1970, oldest first.
    closed: VecDeque<(i64, i64)>,
}

impl BusyTime {
    pub(super) fn begin(&mut self, at: Timestamp) {
        self.since.get_or_insert(at);
    }

    pub(super) fn end(&mut self, at: Timestamp) {
        let Some(since) = self.since.take() else { return };
        let first_kept = bucket_of(at) - BUCKETS;
        while self.closed.front().is_some_and(|(bucket, _)| *bucket < first_kept) {
            self.closed.pop_front();
        }
        for bucket in bucket_of(since).max(first_kept)..=bucket_of(at) {
            let spent = overlap(since, at, bucket);
            match self.closed.back_mut() {
                Some((last, spent_there)) if *last == bucket => *spent_there += spent,
                Some(_) | None => self.closed.push_back((bucket, spent)),
            }
        }
    }

    /// Whole seconds in the twelve buckets before the one that runs.
    #[must_use]
    pub fn in_last_hour_s(&self, now: Timestamp) -> i64 {
        let running = bucket_of(now);
        let hour = running - BUCKETS..running;
        let closed: i64 = self.closed.iter().filter(|(bucket, _)| hour.contains(bucket)).map(|(_, spent)| spent).sum();
        let open: i64 = self.since.map_or(0, |since| hour.map(|bucket| overlap(since, now, bucket)).sum());
        (closed + open) / 1_000
    }
}

fn bucket_of(at: Timestamp) -> i64 {
    at.0.div_euclid(BUCKET_MS)
}

fn overlap(from: Timestamp, to: Timestamp, bucket: i64) -> i64 {
    let (start, end) = (bucket * BUCKET_MS, (bucket + 1) * BUCKET_MS);
    (to.0.min(end) - from.0.max(start)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_closed_buckets_of_the_last_hour_count() {
        let mut busy = BusyTime::default();
        busy.begin(Timestamp(200_000));
        busy.end(Timestamp(400_000));
        assert_eq!(busy.in_last_hour_s(Timestamp(599_999)), 100);
        assert_eq!(busy.in_last_hour_s(Timestamp(600_000)), 200);
        assert_eq!(busy.in_last_hour_s(Timestamp(BUCKET_MS * 13)), 100);
        assert_eq!(busy.in_last_hour_s(Timestamp(BUCKET_MS * 14)), 0);
    }

    #[test]
    fn a_span_that_runs_counts_as_far_as_buckets_are_closed() {
        let mut busy = BusyTime::default();
        busy.begin(Timestamp(0));
        assert_eq!(busy.in_last_hour_s(Timestamp(450_000)), 300);
        assert_eq!(busy.in_last_hour_s(Timestamp(BUCKET_MS * 40)), 3_600);
    }
}
