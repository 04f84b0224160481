//! A deferred queue is served one tier earlier while its oldest has waited a share of its target. It moves
//! everybody in the queue, as an event; it offers nothing.

use super::deadlines::Deadline;
use super::event::Fact;
use super::ids::{ContactId, QueueId};
use super::index::Index;
use super::state::State;
use super::table::QueueNo;
use super::time::Timestamp;
use super::turn::Turn;

impl Turn<'_> {
    /// In the order of their names.
    pub(super) fn raise_and_lower_queues(&mut self) {
        let unsettled = std::mem::take(&mut self.router.index.unsettled_queues);
        let mut queues: Vec<(QueueId, QueueNo)> =
            unsettled.into_iter().map(|no| (self.state().queue_id(no), no)).collect();
        queues.sort_unstable();
        for (queue, no) in queues {
            let due = self.router.index.rises_at(self.state(), no);
            let is_due = due.is_some_and(|due| due <= self.at);
            match (self.state().queue(no).is_raised, is_due) {
                (false, true) => self.record(Fact::QueueRaised { queue }),
                (true, false) => self.record(Fact::QueueLowered { queue }),
                (false, false) | (true, true) => {}
            }
        }
        self.router.index.unsettled_queues.clear();
    }
}

impl Index {
    /// When the oldest of a queue will have waited so long, if it is one that rises. A lead that nobody has reached does not
    /// wait for us.
    fn rises_at(&self, state: &State, queue: QueueNo) -> Option<Timestamp> {
        let after = state.queue(queue).rules.rises_after()?;
        let is_waiting = |(_, contact): &&(Timestamp, ContactId)| state.contacts[contact].uncalled().is_none();
        let (_, oldest) = self.queued.get(&queue)?.iter().find(is_waiting)?;
        let visit = state.contacts[oldest].visit.as_ref().expect("who is queued has a visit");
        Some(state.due(visit, after))
    }

    /// After the visits of a queue changed, or what they are raised by.
    pub(super) fn refresh_rise(&mut self, state: &State, queue: QueueNo) {
        let is_raised = state.queue(queue).is_raised;
        if !is_raised && state.queue(queue).rules.rises_at_per_mille.is_none() {
            return;
        }
        let due = self.rises_at(state, queue);
        self.deadlines.set(Deadline::Rise(queue), due.filter(|_| !is_raised));
        if is_raised || due.is_some_and(|due| due <= state.last_at) {
            self.unsettled_queues.insert(queue);
        }
    }

    pub(super) fn refresh_rises(&mut self, state: &State) {
        for position in 0..state.queues.len() {
            self.refresh_rise(state, QueueNo::from_position(position));
        }
    }

    pub(super) fn rise_is_due(&mut self, queue: QueueNo) {
        self.deadlines.set(Deadline::Rise(queue), None);
        self.unsettled_queues.insert(queue);
    }
}
