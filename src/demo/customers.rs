//! Who calls: customers with a history at the centre, and strangers. It never says when.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::habits::happens;
use crate::protocol::AgentName;

/// Customers of whom the centre has a record.
const KNOWN: usize = 400;
/// Chances of a record, in thousandths.
const GOLD: u32 = 130;
const OWNED_GOLD: u32 = 700;
const OWNED: u32 = 150;
const SERVED_BEFORE: u32 = 600;
const QUARRELLED: u32 = 100;
/// How many of a thousand contacts come from somebody known.
const COMES_KNOWN: u32 = 600;
const FIRST_NAMES: [&str; 10] =
    ["Aline", "Bruno", "Carla", "Driss", "Émile", "Fatou", "Gilles", "Hanna", "Iris", "Joël"];

/// One customer, as his contacts show him.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Customer {
    /// The last digits of his number.
    pub line: u32,
    /// What the gateway sends of him; None of a stranger.
    pub record: Option<Value>,
}

/// Everybody who may call.
#[derive(Debug)]
pub(super) struct Customers {
    known: Vec<Customer>,
}

impl Customers {
    /// Records name `agents` alone.
    pub fn new(agents: &[AgentName], random: &mut ChaCha8Rng) -> Customers {
        let known =
            (0..KNOWN).map(|number| Customer { line: line(random), record: Some(record(number, agents, random)) });
        Customers { known: known.collect() }
    }

    /// Who calls next.
    pub fn draw(&self, random: &mut ChaCha8Rng) -> Customer {
        let known = if happens(COMES_KNOWN, random) { self.known.choose(random).cloned() } else { None };
        known.unwrap_or_else(|| Customer { line: line(random), record: None })
    }
}

fn line(random: &mut ChaCha8Rng) -> u32 {
    random.random_range(0..10_000_000)
}

fn record(number: usize, agents: &[AgentName], random: &mut ChaCha8Rng) -> Value {
    let is_gold = happens(GOLD, random);
    let mut record = BTreeMap::from([
        ("id", json!(format!("c-{number:03}"))),
        ("name", json!(FIRST_NAMES[number % FIRST_NAMES.len()])),
        ("tier", json!(if is_gold { "gold" } else { "standard" })),
    ]);
    let owned = if is_gold { OWNED_GOLD } else { OWNED };
    for (key, chance) in [("owner", owned), ("last_agent", SERVED_BEFORE)] {
        if happens(chance, random)
            && let Some(agent) = agents.choose(random)
        {
            record.insert(key, json!(agent.as_str()));
        }
    }
    if happens(QUARRELLED, random)
        && let Some(agent) = agents.choose(random)
    {
        record.insert("never_offer", json!([agent.as_str()]));
    }
    json!(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn records_name_agents_of_this_centre_and_some_customers_are_strangers() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let agents = ["ana", "ben"].map(AgentName::clipped);
        let customers = Customers::new(&agents, &mut random);
        let drawn: Vec<Customer> = (0..500).map(|_| customers.draw(&mut random)).collect();
        let records: Vec<&Value> = drawn.iter().filter_map(|customer| customer.record.as_ref()).collect();
        assert!((250..350).contains(&records.len()), "{}", records.len());
        for key in ["owner", "last_agent"] {
            let named: Vec<&str> = records.iter().filter_map(|record| record[key].as_str()).collect();
            assert!(!named.is_empty() && named.iter().all(|name| ["ana", "ben"].contains(name)), "{key}: {named:?}");
        }
        assert!(records.iter().any(|record| record["never_offer"].as_array().is_some_and(|never| never.len() == 1)));
        assert!(records.iter().any(|record| record["tier"] == "gold"));
    }

    #[test]
    fn without_agents_records_name_none() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let customers = Customers::new(&[], &mut random);
        let names_one =
            |customer: &Customer| customer.record.as_ref().is_some_and(|record| record.get("owner").is_some());
        assert!(!customers.known.iter().any(names_one));
    }
}
