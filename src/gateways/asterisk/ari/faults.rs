//! What a switch does wrong, counted by kind, with one log line a kind: a thousand of them say no more. It mends nothing.

use std::collections::BTreeMap;

/// How often each kind was seen since the start.
#[derive(Debug)]
pub struct Faults {
    switch: String,
    counts: BTreeMap<&'static str, u64>,
}

impl Faults {
    #[must_use]
    pub fn of(switch: &str) -> Faults {
        Faults { switch: switch.to_owned(), counts: BTreeMap::new() }
    }

    /// One more. `what` says no more than status or place: texts of a switch may hold numbers.
    pub fn count(&mut self, kind: &'static str, what: &dyn std::fmt::Display) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count == 1 {
            tracing::warn!(switch = self.switch, kind, %what, "the switch does what it should not; counted from now on");
        }
    }

    /// In the order of the kinds.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.counts.iter().map(|(kind, count)| (*kind, *count))
    }
}
