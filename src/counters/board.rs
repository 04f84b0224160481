//! Figures of the live board as gauges: who waits and who is there. It computes none of them.

use std::collections::{BTreeMap, BTreeSet};

use metrics::gauge;

use super::events::queue_label;
use super::names::{AGENTS, CONTACTS_WAITING, LONGEST_WAIT};
use crate::reporting::activity::AgentTotals;
use crate::reporting::figures::QueueFigures;
use crate::routing::time::{Millis, Timestamp};

/// Remembers which queues were shown, so that one that is gone does not stay as it was.
#[derive(Debug, Default)]
pub struct BoardGauges {
    shown: BTreeSet<String>,
}

/// Agents' own queues count as one.
fn by_label(queues: &[QueueFigures], now: Timestamp) -> BTreeMap<String, (u64, Millis)> {
    let mut rows: BTreeMap<String, (u64, Millis)> = BTreeMap::new();
    for queue in queues {
        let longest = queue.longest_waiting_since.map_or(Millis::ZERO, |since| now.since(since));
        let (waiting, oldest) = rows.entry(queue_label(&queue.queue)).or_default();
        *waiting += queue.waiting;
        *oldest = longest.max(*oldest);
    }
    rows
}

impl BoardGauges {
    pub fn show(&mut self, queues: &[QueueFigures], agents: &AgentTotals, now: Timestamp) {
        let mut rows = by_label(queues, now);
        for gone in std::mem::take(&mut self.shown) {
            rows.entry(gone).or_default();
        }
        for (queue, (waiting, longest)) in rows {
            #[expect(clippy::cast_precision_loss, reason = "exact up to 2⁵³ contacts and milliseconds")]
            let (waiting, longest) = (waiting as f64, longest.0 as f64 / 1_000.0);
            gauge!(CONTACTS_WAITING, "queue" => queue.clone()).set(waiting);
            gauge!(LONGEST_WAIT, "queue" => queue.clone()).set(longest);
            self.shown.insert(queue);
        }
        for (activity, count) in [
            ("idle", agents.idle),
            ("not_ready", agents.not_ready),
            ("offered", agents.offered),
            ("busy", agents.busy),
            ("wrap_up", agents.wrap_up),
            ("not_responding", agents.not_responding),
            ("unreachable", agents.unreachable),
        ] {
            gauge!(AGENTS, "activity" => activity).set(f64::from(count));
        }
    }
}
