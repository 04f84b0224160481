//! The figures that conditions read, counted one by one.

use std::collections::BTreeMap;

use super::requirement::{Asked, Scan};
use crate::routing::estimate;
use crate::routing::expression::{Expression, QueueFigures};
use crate::routing::ids::QueueId;
use crate::routing::table::{AgentNo, QueueNo};
use crate::routing::time::{Millis, Timestamp};
use crate::routing::visit::Visit;

impl Scan<'_> {
    /// The figures of all queues that these conditions name; those the rules do not have are left out.
    #[must_use]
    pub fn figures_named_by<'e>(
        &self,
        conditions: impl IntoIterator<Item = &'e Expression>,
        now: Timestamp,
    ) -> BTreeMap<QueueId, QueueFigures> {
        let mut figures = BTreeMap::new();
        for queue in conditions.into_iter().flat_map(Expression::queues) {
            let in_rules = self.state.queue_no(queue).filter(|no| self.state.queue(*no).in_rules);
            if let (Some(no), false) = (in_rules, figures.contains_key(queue)) {
                figures.insert(queue.clone(), self.figures(no, now));
            }
        }
        figures
    }

    fn figures(&self, no: QueueNo, now: Timestamp) -> QueueFigures {
        let visits = self.state.contacts.values().filter_map(|contact| contact.visit.as_ref());
        let begun: Vec<&Visit> = visits.filter(|visit| visit.queue == no && visit.connecting().is_none()).collect();
        let serving: Vec<AgentNo> = self.agents().filter(|agent| self.serves(no, *agent)).collect();
        let available = serving.iter().filter(|agent| self.state.agent(**agent).is_present()).count();
        let idle = serving.iter().filter(|agent| self.state.agent(**agent).is_idle()).count();
        let queue = self.state.queue(no);
        let estimate = queue.pace.gap(now).map(|gap| estimate::of_place(begun.len() + 1, gap));
        let first = begun.iter().min_by_key(|visit| (visit.entered_at, visit.key.contact));
        let longest = first.map_or(Millis::ZERO, |first| self.state.waited(first, now));
        QueueFigures {
            waiting: count(begun.len()),
            agents_idle: count(idle),
            agents_available: count(available),
            longest_wait_s: longest.0 / 1_000,
            estimated_wait_s: estimate.map_or(0, |estimate| estimate.p50.0 / 1_000),
            service_level: queue.recent_ends.service_level(now),
        }
    }

    /// Whether an agent meets the queue's own requirement for one of its channels.
    fn serves(&self, queue: QueueNo, agent: AgentNo) -> bool {
        self.state.queue(queue).rules.channels.iter().any(|channel| {
            let asked = Asked { channel: *channel, queue, skills: self.skills_of(queue), joined: &[], contact: None };
            self.lacks(&asked, agent).is_none()
        })
    }
}

fn count(entries: usize) -> i64 {
    i64::try_from(entries).expect("tables are bounded far below 2⁶³ entries")
}
