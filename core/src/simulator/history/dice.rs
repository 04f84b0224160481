//! Draws from a seed. The same everywhere and for ever.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::routing::time::Millis;

pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// From 0 to `end` − 1; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.0.next_u64() % end }
    }

    pub fn chance(&mut self, per_cent: u64) -> bool {
        self.below(100) < per_cent
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len() as u64) as usize)
    }

    /// One of a list that is written out.
    pub fn one_of<T: Clone>(&mut self, from: &[T]) -> T {
        self.pick(from).expect("the list is written out").clone()
    }

    pub fn between(&mut self, least: Millis, most: Millis) -> Millis {
        Millis(least.0 + self.below((most.0 - least.0 + 1) as u64) as i64)
    }

    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }
}
