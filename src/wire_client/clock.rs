//! The centre's time as a client knows it: the server's clock, carried on. It never asks the wall
//! what time it is.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::protocol::Time;

/// One long sleep is cut here, so that arithmetic on it stays exact.
const SLEEP_MAX: Duration = Duration::from_secs(3_600);

#[derive(Clone, Copy, Debug)]
struct Setting {
    /// The centre's time at `at`, in milliseconds since 1970. None: no server has said yet.
    time_ms: Option<i64>,
    at: Instant,
    speed: f64,
    is_running: bool,
}

impl Setting {
    fn now_ms(&self) -> Option<i64> {
        let elapsed_ms = if self.is_running { self.at.elapsed().as_secs_f64() * self.speed * 1_000.0 } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the start fit for millions of years")]
        let elapsed_ms = elapsed_ms as i64;
        self.time_ms.map(|time_ms| time_ms + elapsed_ms)
    }
}

/// Reads the centre's time.
#[derive(Clone, Debug)]
pub struct CentreClock(watch::Receiver<Setting>);

/// Sets the centre's time: the gateway's session alone does.
#[derive(Debug)]
pub struct ClockSetter(watch::Sender<Setting>);

impl CentreClock {
    /// A clock that waits for its first setting.
    #[must_use]
    pub fn unset() -> (ClockSetter, CentreClock) {
        let (sender, receiver) =
            watch::channel(Setting { time_ms: None, at: Instant::now(), speed: 1.0, is_running: false });
        (ClockSetter(sender), CentreClock(receiver))
    }

    /// Milliseconds since 1970; None before the first setting.
    #[must_use]
    pub fn now_ms(&self) -> Option<i64> {
        self.0.borrow().now_ms()
    }

    /// The centre's seconds in one second of the wall's.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.0.borrow().speed
    }

    /// Until the clock has been set once.
    pub async fn is_set(&mut self) {
        // The setter outlives every reader, or nothing is set any more: then this waits for ever.
        if self.0.wait_for(|setting| setting.time_ms.is_some()).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Until the centre's time is `due_ms`, however often the clock is set meanwhile. None: for ever.
    pub async fn until(&mut self, due_ms: Option<i64>) {
        let Some(due_ms) = due_ms else { return std::future::pending().await };
        loop {
            let setting = *self.0.borrow_and_update();
            let wait = match setting.now_ms() {
                Some(now_ms) if now_ms >= due_ms => return,
                Some(now_ms) if setting.is_running => Some(wall_time_of(due_ms - now_ms, setting.speed)),
                Some(_) | None => None,
            };
            let changed = self.0.changed();
            let closed = match wait {
                Some(wait) => tokio::select! {
                    changed = changed => changed.is_err(),
                    () = tokio::time::sleep(wait) => false,
                },
                None => changed.await.is_err(),
            };
            if closed {
                match wait {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => std::future::pending().await,
                }
            }
        }
    }
}

fn wall_time_of(centre_ms: i64, speed: f64) -> Duration {
    #[expect(clippy::cast_precision_loss, reason = "spans of a demo are exact in a double")]
    let seconds = centre_ms as f64 / 1_000.0 / speed;
    Duration::from_secs_f64(seconds.min(SLEEP_MAX.as_secs_f64())) + Duration::from_micros(500)
}

impl ClockSetter {
    /// What `session.open` answered. A speed that is no speed counts as 1.
    pub fn set(&self, server_time: Time, speed: f64) {
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        let time_ms = Some(server_time.as_ms());
        self.0.send_replace(Setting { time_ms, at: Instant::now(), speed, is_running: true });
    }

    /// The server is away. Its clock goes on with the wall's, unless it is a faster one.
    pub fn server_is_away(&self) {
        self.0.send_modify(|setting| {
            if (setting.speed - 1.0).abs() > f64::EPSILON {
                setting.time_ms = setting.now_ms();
                setting.at = Instant::now();
                setting.is_running = false;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: i64 = 1_000_000_000_000;

    #[tokio::test]
    async fn a_fast_clock_reaches_a_time_early_and_stands_while_the_server_is_away() {
        let (setter, mut clock) = CentreClock::unset();
        assert_eq!(clock.now_ms(), None);
        setter.set(Time::from_ms(T), 600.0);
        let started = Instant::now();
        clock.until(Some(T + 60_000)).await;
        assert!(started.elapsed() < Duration::from_secs(10), "a minute takes a tenth of a second");
        setter.server_is_away();
        let stood_at = clock.now_ms();
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(clock.now_ms(), stood_at);
        setter.set(Time::from_ms(T + 50_000), 600.0);
        assert!(clock.now_ms() < stood_at, "the server's clock may have gone back");
    }

    #[tokio::test]
    async fn a_real_clock_goes_on_while_the_server_is_away() {
        let (setter, mut clock) = CentreClock::unset();
        setter.set(Time::from_ms(T), 1.0);
        setter.server_is_away();
        clock.until(Some(T + 20)).await;
        assert!(clock.now_ms() >= Some(T + 20));
    }

    #[tokio::test]
    async fn who_sleeps_goes_by_the_clock_as_it_is_set_last() {
        let (setter, mut clock) = CentreClock::unset();
        setter.set(Time::from_ms(T), 1.0);
        let waiting = tokio::spawn(async move {
            clock.until(Some(T + 3_600_000)).await;
            clock.now_ms()
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!waiting.is_finished());
        setter.set(Time::from_ms(T + 3_600_000 - 10), 1.0);
        assert!(waiting.await.unwrap() >= Some(T + 3_600_000));
    }
}
