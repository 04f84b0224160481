//! How long a client stays away before it tries again: full jitter, so that a restart does not
//! bring everyone back in the same moment. It never sleeps.

use std::time::Duration;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

const FIRST_MS: u64 = 500;
const LONGEST_MS: u64 = 30_000;

/// Counts the tries since the last session that opened.
#[derive(Debug)]
pub struct ReconnectDelay {
    tries: u32,
    longest_ms: u64,
    random: ChaCha8Rng,
}

impl ReconnectDelay {
    #[must_use]
    pub fn new(random: ChaCha8Rng) -> ReconnectDelay {
        ReconnectDelay { tries: 0, longest_ms: LONGEST_MS, random }
    }

    /// Never longer than this: for who comes back alone.
    #[must_use]
    pub fn at_most(mut self, longest: Duration) -> ReconnectDelay {
        self.longest_ms = u64::try_from(longest.as_millis()).unwrap_or(LONGEST_MS);
        self
    }

    /// random(0, min(30 s, 0.5 s × 2ⁿ)) at the n-th try, but not before the server asked to be
    /// tried again.
    pub fn next(&mut self, retry_after: Option<Duration>) -> Duration {
        let span_ms = FIRST_MS.saturating_mul(1 << self.tries.min(10)).min(self.longest_ms);
        self.tries += 1;
        match retry_after {
            // The server has drawn it already, another for each client.
            Some(retry_after) => retry_after,
            None => Duration::from_millis(self.random.random_range(0..=span_ms)),
        }
    }

    /// A session opened.
    pub fn succeeded(&mut self) {
        self.tries = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn the_span_doubles_up_to_30_s_and_begins_anew_after_a_success() {
        let mut longest = [0; 10];
        for seed in 0..400 {
            let mut delay = ReconnectDelay::new(ChaCha8Rng::seed_from_u64(seed));
            for longest in &mut longest {
                *longest = delay.next(None).as_millis().max(*longest);
            }
            delay.succeeded();
            assert!(delay.next(None) <= Duration::from_millis(FIRST_MS));
        }
        for (tries, longest) in longest.into_iter().enumerate() {
            let span = (500_u128 << tries).min(30_000);
            assert!(longest <= span && longest > span * 9 / 10, "try {tries}: {longest} of {span}");
        }
    }

    #[test]
    fn the_servers_wish_is_kept() {
        let mut delay = ReconnectDelay::new(ChaCha8Rng::seed_from_u64(1));
        assert_eq!(delay.next(Some(Duration::from_millis(1_234))), Duration::from_millis(1_234));
    }
}
