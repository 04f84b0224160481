//! What supervisors' orders bind: paused queues are not offered, a priority they gave stays. Keeps books of
//! its own; trusts no prediction.

use std::collections::{BTreeMap, BTreeSet};

use super::ensure;
use crate::routing::event::Fact;
use crate::routing::ids::{QueueId, VisitId};

#[derive(Default)]
pub(super) struct Orders {
    paused: BTreeSet<QueueId>,
    /// Of open visits; those given by a supervisor are marked.
    priorities: BTreeMap<VisitId, (i32, bool)>,
}

impl Orders {
    /// Takes one fact into the books.
    ///
    /// # Errors
    /// What it breaks of a supervisor's order.
    pub fn enter(&mut self, fact: &Fact) -> Result<(), String> {
        if let Fact::QueuePaused { queue } = fact {
            ensure(self.paused.insert(queue.clone()), "a queue was paused twice")?;
        }
        if let Fact::QueueResumed { queue } = fact {
            ensure(self.paused.remove(queue), "a queue was resumed that was not paused")?;
        }
        if let Fact::ContactOffered { queue, .. } = fact {
            ensure(!self.paused.contains(queue), "a contact of a paused queue was offered")?;
        }
        if let Fact::ContactQueued { visit, priority, .. } = fact {
            self.priorities.insert(*visit, (*priority, false));
        }
        if let Fact::VisitPrioritised { visit, priority, .. } = fact {
            let before = self.priorities.insert(*visit, (*priority, true));
            ensure(before.is_none_or(|(before, _)| before != *priority), "a visit was given the priority it had")?;
        }
        if let Fact::VisitChanged { visit, priority, .. } = fact {
            let (before, ordered) = self.priorities.get(visit).copied().unwrap_or_default();
            ensure(!ordered || before == *priority, "a priority that a supervisor gave was taken back")?;
            self.priorities.insert(*visit, (*priority, ordered));
        }
        if let Fact::VisitWidened { visit, priority, .. } = fact {
            self.priorities.entry(*visit).or_default().0 = *priority;
        }
        if let Fact::VisitEnded { visit, .. } = fact {
            self.priorities.remove(visit);
        }
        Ok(())
    }
}
