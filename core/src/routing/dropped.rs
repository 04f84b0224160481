//! Callers who left a queue: their places, kept for a while. Part of `evolve`; decides nothing.

use super::ids::ContactId;
use super::state::{DroppedCaller, State};
use super::table::QueueNo;
use super::time::Timestamp;

impl State {
    /// Who left a queue of the rules keeps his place for a while, if it is known who he is.
    pub(super) fn remember_dropped(&mut self, contact: ContactId, queue: QueueNo, at: Timestamp) {
        self.dropped.retain(|dropped| dropped.until > at);
        let left = &self.contacts[&contact];
        let place_kept = self.queue(queue).rules.place_kept;
        let details = left.details.first().expect("a contact arrives with details");
        let has_address = details.plain().is_none_or(|details| details.from.is_some());
        let (details, visit) = (details.clone(), left.visit.as_ref());
        let visit = visit.expect("a visit ends while it is open");
        if visit.direct.is_none() && place_kept.0 > 0 && has_address {
            let (ordered_since, until) = (visit.ordered_since, at + place_kept);
            self.dropped.push_back(DroppedCaller { contact, queue, details, ordered_since, until });
        }
    }

    pub(super) fn forget_dropped(&mut self, contact: ContactId, queue: QueueNo) {
        let details = self.contacts[&contact].details.first().and_then(|details| details.plain());
        if let Some(from) = details.and_then(|details| details.from.clone()) {
            self.dropped.retain(|dropped| !dropped.is(queue, &from));
        }
    }
}
