//! Holds what people were told against what is on disk. It knows the wire's words and the journal's, and no rule by which
//! anything is decided.

mod agents;
mod contacts;
mod numbers;
mod records;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::kept::{Fact, Journal, Records};
use super::wire_log::WireLog;

/// What is wrong, each in a sentence.
#[derive(Debug, Default)]
pub struct Findings {
    /// Acknowledged or shown, and not there.
    pub lost: Vec<String>,
    /// There more than once.
    pub doubled: Vec<String>,
    /// There, and not what it was.
    pub changed: Vec<String>,
    /// Acknowledgements that were held against what is there.
    pub looked_at: u64,
}

impl Findings {
    pub fn are_none(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.changed.is_empty()
    }

    /// Groups of which each may have one member.
    fn once<'fact, Key: Ord + fmt::Debug>(
        &mut self,
        what: &str,
        facts: impl Iterator<Item = &'fact Fact>,
        key: impl Fn(&Fact) -> Key,
    ) {
        let mut groups: BTreeMap<Key, Vec<u64>> = BTreeMap::new();
        for fact in facts {
            groups.entry(key(fact)).or_default().push(fact.no);
        }
        let twice = groups.into_iter().filter(|(_, events)| events.len() > 1);
        self.doubled.extend(twice.map(|(key, events)| format!("{what} {key:?} in the events {events:?}")));
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, found) in [("lost", &self.lost), ("doubled", &self.doubled), ("changed", &self.changed)] {
            writeln!(f, "{what}: {}", found.len())?;
            found.iter().take(20).try_for_each(|sentence| writeln!(f, "  {sentence}"))?;
        }
        Ok(())
    }
}

pub fn findings(log: &WireLog, journal: &Journal, records: &Records) -> Findings {
    let mut found = Findings::default();
    numbers::look(log, journal, &mut found);
    contacts::look(log, journal, &mut found);
    agents::look(log, journal, records, &mut found);
    records::look(journal, records, &mut found);
    found
}

/// The router's number in an id of the wire, `<site>-<number>`.
fn number(id: &Value) -> Option<u64> {
    id.as_str()?.rsplit_once('-')?.1.parse().ok()
}
