//! The only place that reads clocks: wall time at start, never before the last event, plus
//! monotonic time since. Decides nothing by it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::routing::time::{Millis, Timestamp};

/// The centre's time. With `speed` n it runs n times as fast as the wall's.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started_at: Timestamp,
    started: Instant,
    speed: f64,
}

/// The wall's time now.
#[must_use]
pub fn wall_time() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).expect("wall time is within 292 million years of 1970"))
}

impl Clock {
    /// Begins at `first`, or after `last_event_at` when that is later.
    ///
    /// # Panics
    /// When `speed` is not a positive number.
    #[must_use]
    pub fn starting_at(first: Timestamp, last_event_at: Option<Timestamp>, speed: f64) -> Clock {
        assert!(speed > 0.0 && speed.is_finite(), "a clock runs forward");
        let started_at = last_event_at.map_or(first, |last| last.max(first));
        Clock { started_at, started: Instant::now(), speed }
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        let elapsed = self.started.elapsed().as_secs_f64() * self.speed * 1_000.0;
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the start fit for millions of years")]
        let elapsed = elapsed as i64;
        self.started_at + Millis(elapsed)
    }

    /// When to wake so that `due` is reached.
    #[must_use]
    pub fn instant_of(&self, due: Timestamp) -> Instant {
        let millis = (due.0 - self.started_at.0).max(0);
        #[expect(clippy::cast_precision_loss, reason = "spans of a process's life are exact in a double")]
        let seconds = millis as f64 / 1_000.0 / self.speed;
        self.started + Duration::from_secs_f64(seconds) + Duration::from_micros(200)
    }

    #[must_use]
    pub fn speed(&self) -> f64 {
        self.speed
    }
}
