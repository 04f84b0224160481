//! What chance decides: handle times and the dice. The dice depend on seed and row alone, so that
//! what one caller draws does not depend on what others did.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::arrivals::{Outcome, RecordedCall};
use crate::routing::time::Millis;

/// What is drawn for a row: each has dice of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Draw {
    Patience,
    HandleTime,
    /// How often the customer is called back in vain.
    CalledInVain,
}

/// The dice of one row for one purpose.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    #[must_use]
    pub fn new(seed: u64, line: u64, draw: Draw) -> Dice {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let stream = match draw {
            Draw::Patience => line * 2,
            Draw::HandleTime => line * 2 + 1,
            // Lines never come so far: no other draw has these.
            Draw::CalledInVain => u64::MAX - line,
        };
        dice.set_stream(stream);
        Dice(dice)
    }

    /// From 0 up to, not including, 1: 53 bits of chance.
    pub fn fraction(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of `0..count`, each as likely.
    pub fn below(&mut self, count: usize) -> usize {
        let scaled = u128::from(self.0.next_u64()) * count as u128;
        usize::try_from(scaled >> 64).expect("below the count")
    }
}

/// The recorded handle times, to draw from.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct HandleTimes {
    by_kind: BTreeMap<Arc<str>, Vec<Millis>>,
    all: Vec<Millis>,
}

impl HandleTimes {
    #[must_use]
    pub fn of<'a>(calls: impl Iterator<Item = &'a RecordedCall>) -> HandleTimes {
        let mut times = HandleTimes::default();
        for call in calls {
            match &call.outcome {
                Outcome::Served { service: Some(service), .. } => {
                    times.by_kind.entry(call.kind.clone()).or_default().push(*service);
                    times.all.push(*service);
                }
                Outcome::Served { service: None, .. } | Outcome::HungUp => {}
            }
        }
        times
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A recorded handle time of this kind; of any kind when nobody of it was ever served.
    ///
    /// # Panics
    /// When there are none at all.
    #[must_use]
    pub fn draw(&self, kind: &str, dice: &mut Dice) -> Millis {
        let times = self.by_kind.get(kind).unwrap_or(&self.all);
        times[dice.below(times.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_depend_on_seed_row_and_purpose_alone() {
        let roll = |seed, line, draw| Dice::new(seed, line, draw).fraction().to_bits();
        let first = roll(1, 2, Draw::Patience);
        assert_eq!(first, roll(1, 2, Draw::Patience));
        let others = [roll(2, 2, Draw::Patience), roll(1, 3, Draw::Patience), roll(1, 2, Draw::HandleTime)];
        assert!(others.iter().all(|other| *other != first));
    }

    #[test]
    fn dice_are_even() {
        let mut faces = [0_u32; 6];
        for line in 0..6_000 {
            faces[Dice::new(7, line, Draw::HandleTime).below(6)] += 1;
        }
        assert!(faces.iter().all(|count| (880..1_120).contains(count)), "{faces:?}");
    }
}
