//! People who call: when, for what, how long they wait and talk. It never dials: whoever runs it
//! asks for the next caller.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::protocol::{Address, Attributes, Channel, Ref};

/// One contact that will come, with what its customer will do.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedCall {
    pub r#ref: Ref,
    pub channel: Channel,
    pub from: Option<Address>,
    pub to: Option<Address>,
    pub attributes: Attributes,
    /// When it enters, milliseconds since 1970 by the centre's clock.
    pub enters_at_ms: i64,
    /// How long the customer waits for an agent; None: for ever.
    pub patience_ms: Option<i64>,
    /// How long the customer stays with the agent.
    pub talk_ms: i64,
}

/// Calls per hour of the day, in thousandths of the busiest: a bank's day, flattened at night so
/// that there is always something to see.
const HOURS: [u32; 24] = [
    550, 500, 500, 500, 500, 550, 600, 750, 900, 1_000, 1_000, 950, 900, 900, 950, 950, 900, 850, 850, 800, 750, 700,
    650, 600,
];
const HOUR_MS: i64 = 3_600_000;
/// Mean time that customers talk, in the centre's milliseconds.
const TALK_MEAN_MS: f64 = 75_000.0;
const TALK_MIN_MS: i64 = 12_000;
const TALK_MAX_MS: i64 = 900_000;
/// Mean time that customers would wait.
const PATIENCE_MEAN_MS: f64 = 150_000.0;
const PATIENCE_MIN_MS: i64 = 3_000;
/// Ringing, wrap-up and breaks come on top of talk, for each contact.
const AROUND_TALK_MS: f64 = 20_000.0;
/// How busy the agents are in the busiest hour.
const BUSY_SHARE: f64 = 0.92;

/// Draws callers one after the other.
#[derive(Debug)]
pub struct CallerModel {
    random: ChaCha8Rng,
    /// In the busiest hour.
    mean_gap_ms: f64,
    last_at_ms: i64,
    count: u64,
    begins_ms: i64,
}

impl CallerModel {
    /// As many callers as keep `agents` busy; the first comes after `begins_ms` (milliseconds since
    /// 1970, the centre's clock).
    #[must_use]
    pub fn new(seed: u64, agents: usize, begins_ms: i64) -> CallerModel {
        #[expect(clippy::cast_precision_loss, reason = "agents are few")]
        let agents = agents.max(1) as f64;
        CallerModel::with_gap(seed, (TALK_MEAN_MS + AROUND_TALK_MS) / (agents * BUSY_SHARE), begins_ms)
    }

    /// With a mean gap between callers in the busiest hour, in the centre's milliseconds.
    #[must_use]
    pub fn with_gap(seed: u64, mean_gap_ms: f64, begins_ms: i64) -> CallerModel {
        let random = ChaCha8Rng::seed_from_u64(seed);
        CallerModel { random, mean_gap_ms, last_at_ms: begins_ms, count: 0, begins_ms }
    }

    /// A Poisson process whose rate follows the hour of the day (UTC), by thinning.
    pub fn next_call(&mut self) -> PlannedCall {
        loop {
            self.last_at_ms += self.exponential(self.mean_gap_ms).max(1);
            let hour = usize::try_from(self.last_at_ms.div_euclid(HOUR_MS).rem_euclid(24)).expect("0 to 23");
            if self.random.random_range(0..1_000) < HOURS[hour] {
                return self.caller();
            }
        }
    }

    fn caller(&mut self) -> PlannedCall {
        self.count += 1;
        let channel = if self.random.random_range(0..100) < 12 { Channel::Chat } else { Channel::Voice };
        let (patience_factor, talk_factor) = match channel {
            Channel::Chat => (3.0, 2.0),
            Channel::Voice | Channel::Callback | Channel::Email | Channel::Task => (1.0, 1.0),
        };
        let talk_ms =
            self.exponential(TALK_MEAN_MS * talk_factor / 2.0) + self.exponential(TALK_MEAN_MS * talk_factor / 2.0);
        let patience_ms = self.exponential(PATIENCE_MEAN_MS * patience_factor).max(PATIENCE_MIN_MS);
        let line = self.random.random_range(0..10_000_000_u32);
        let (from, to) = match channel {
            Channel::Chat => (format!("web-{line:07}"), "site chat".to_owned()),
            Channel::Voice | Channel::Callback | Channel::Email | Channel::Task => {
                (format!("+3361{line:07}"), self.dialled())
            }
        };
        PlannedCall {
            r#ref: Ref::clipped(&format!("sim-{}-{}", self.begins_ms, self.count)),
            channel,
            from: Some(Address::clipped(&from)),
            to: Some(Address::clipped(&to)),
            attributes: self.attributes(line),
            enters_at_ms: self.last_at_ms,
            patience_ms: Some(patience_ms),
            talk_ms: talk_ms.clamp(TALK_MIN_MS, TALK_MAX_MS),
        }
    }

    fn dialled(&mut self) -> String {
        let numbers = ["+33180000000", "+33180000000", "+33472000000", "+442000000000"];
        numbers[self.random.random_range(0..numbers.len())].to_owned()
    }

    fn attributes(&mut self, line: u32) -> Attributes {
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        let intent = match self.random.random_range(0..100) {
            0..30 => Some("billing"),
            30..45 => Some("internet"),
            45..55 => Some("stocks"),
            _ => None,
        };
        if let Some(intent) = intent {
            values.insert("intent".to_owned(), json!(intent));
        }
        let names = ["Aline", "Bruno", "Carla", "Driss", "Émile", "Fatou", "Gilles", "Hanna", "Iris", "Joël"];
        if self.random.random_range(0..100) < 60 {
            let tier = if self.random.random_range(0..100) < 12 { "gold" } else { "standard" };
            let name = names[line as usize % names.len()];
            values.insert("customer".to_owned(), json!({"id": format!("c-{line}"), "name": name, "tier": tier}));
        }
        Attributes::new(values).expect("a few short keys are within every limit")
    }

    fn exponential(&mut self, mean_ms: f64) -> i64 {
        let draw: f64 = self.random.random();
        #[expect(clippy::cast_possible_truncation, reason = "at most 40 times the mean")]
        let ms = (-(1.0 - draw).ln() * mean_ms) as i64;
        ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_callers() {
        let draw = |seed| {
            let mut model = CallerModel::new(seed, 10, 1_700_000_000_000);
            (0..50).map(|_| model.next_call()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn callers_come_in_order_each_with_a_ref_of_its_own_and_numbers_the_wire_takes() {
        let mut model = CallerModel::new(3, 10, 1_700_000_000_000);
        let calls: Vec<PlannedCall> = (0..2_000).map(|_| model.next_call()).collect();
        assert!(calls.windows(2).all(|pair| pair[0].enters_at_ms < pair[1].enters_at_ms));
        let refs: std::collections::BTreeSet<_> = calls.iter().map(|call| &call.r#ref).collect();
        assert_eq!(refs.len(), calls.len());
        for call in &calls {
            let is_e164 = |address: &Option<Address>| address.as_ref().is_some_and(Address::is_e164);
            assert!(call.channel == Channel::Chat || (is_e164(&call.from) && is_e164(&call.to)));
            assert!((TALK_MIN_MS..=TALK_MAX_MS).contains(&call.talk_ms) && call.patience_ms > Some(0));
        }
    }

    #[test]
    fn the_rate_follows_the_hour_of_the_day() {
        let in_hour = |hour: i64| {
            let begins = 20_000 * 24 * HOUR_MS + hour * HOUR_MS;
            let mut model = CallerModel::with_gap(5, 1_000.0, begins);
            let ends = begins + HOUR_MS;
            std::iter::from_fn(|| Some(model.next_call())).take_while(|call| call.enters_at_ms < ends).count()
        };
        let (night, morning) = (in_hour(3), in_hour(9));
        assert!((1_600..2_000).contains(&night) && (3_400..3_800).contains(&morning), "{night} {morning}");
    }
}
