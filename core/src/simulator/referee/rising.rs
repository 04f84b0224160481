//! Queues that rise a tier while their oldest has waited long. Looks at every visit of every queue.

use super::deadlines::{Deadline, DeadlineKind};
use super::model::Model;
use super::turn::Turn;
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{ContactId, QueueId};
use crate::routing::time::{Millis, Timestamp};

impl Model {
    /// Whoever stands in the queue is ordered anew.
    pub(super) fn apply_to_rising(&mut self, event: &Event) {
        let queue = match &event.fact {
            Fact::QueueRaised { queue } => {
                self.raised.insert(queue.clone());
                queue
            }
            Fact::QueueLowered { queue } => {
                self.raised.remove(queue);
                queue
            }
            _other => return,
        };
        let all: Vec<ContactId> = self.contacts.keys().copied().collect();
        for contact in all {
            let visit = self.contacts[&contact].visit.as_ref().filter(|visit| visit.queue == *queue);
            let key = visit.map(|visit| self.order_key(contact, queue, visit.priority, visit.ordered_since));
            if let Some(key) = key {
                self.visit_mut(contact).key = key;
            }
        }
    }

    /// When the one who waits longest has waited so long that the queue rises. Leads that nobody has reached do not
    /// wait for anybody.
    fn rises_at(&self, queue: &QueueId) -> Option<Timestamp> {
        let rules = self.queue(queue);
        let per_mille = i64::from(rules.rises_at_per_mille?);
        let long = Millis(rules.service_level.answered_within.0 * per_mille / 1_000);
        let waiting = self.all_contacts().filter_map(|contact| Some((contact, contact.waiting()?)));
        let of_it = waiting.filter(|(contact, visit)| visit.queue == *queue && contact.uncalled().is_none());
        let (oldest, visit) = of_it.min_by_key(|(contact, visit)| (visit.entered_at, contact.id))?;
        Some(self.when_waited(oldest, visit, long))
    }

    fn is_to_be_raised(&self, queue: &QueueId, now: Timestamp) -> bool {
        self.rises_at(queue).is_some_and(|at| at <= now)
    }

    /// The first queue, by name, that is raised and should not be, or the other way round.
    pub(super) fn wrongly_raised(&self, now: Timestamp) -> Option<&QueueId> {
        self.queues.keys().find(|queue| self.raised.contains(*queue) != self.is_to_be_raised(queue, now))
    }

    /// When queues rise if nothing else happens.
    pub(super) fn rises_due(&self) -> Vec<Deadline> {
        let mut due = Vec::new();
        for (number, queue) in self.queue_order.iter().enumerate() {
            let number = number as u64;
            let seen = self.looked_until(DeadlineKind::Rise, number);
            if let Some(at) = self.rises_at(queue).filter(|at| *at > seen) {
                due.push(Deadline { at, kind: DeadlineKind::Rise, number, contact: None });
            }
        }
        due
    }
}

impl Turn {
    pub(super) fn raise_and_lower(&mut self) {
        while let Some(queue) = self.model.wrongly_raised(self.at).cloned() {
            let rises = !self.model.raised.contains(&queue);
            self.record(if rises { Fact::QueueRaised { queue } } else { Fact::QueueLowered { queue } });
        }
    }
}
