//! What falls due and when. Fires nothing itself; `advance_to` asks it for the first.

use std::cmp::Reverse;

use priority_queue::PriorityQueue;

use super::ids::{ContactId, OfferId, SegmentId};
use super::table::{AgentNo, GatewayNo, QueueNo};
use super::time::Timestamp;

/// One thing that falls due. Of those due at one time the smaller fires first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Deadline {
    Acknowledge(OfferId),
    Expire(OfferId),
    Connect(SegmentId),
    /// A lost leg has not come back.
    Leg(SegmentId),
    WrapUp(SegmentId),
    BackOff(AgentNo),
    OfferLimit(ContactId),
    Direct(ContactId),
    Preferred(ContactId),
    /// The gateway's time to carry out an exit is over.
    Leaving(ContactId),
    /// A customer who was not reached may be called again.
    CallbackGap(ContactId),
    /// The time of a promised call.
    CallbackDue(ContactId),
    /// The calendar of a lead closes.
    LeadCloses(ContactId),
    /// A suspended contact comes back.
    Suspended(ContactId),
    /// The customer of a chat has gone quiet.
    Idle(ContactId),
    Step(ContactId),
    Reach(AgentNo),
    GatewayGrace(GatewayNo),
    /// A queue closes.
    Closing(QueueNo),
    /// The oldest of a queue has waited so long that the queue rises.
    Rise(QueueNo),
    /// Presence and figures count again after a restart.
    ResumeGrace,
    /// A whole second in which conditions on figures are looked at.
    Look(QueueNo),
}

impl Deadline {
    /// Something is looked at; its firing itself leaves no event.
    #[must_use]
    pub fn is_a_look(self) -> bool {
        match self {
            Deadline::Step(_)
            | Deadline::Closing(_)
            | Deadline::Rise(_)
            | Deadline::ResumeGrace
            | Deadline::Look(_) => true,
            Deadline::Acknowledge(_)
            | Deadline::Expire(_)
            | Deadline::Connect(_)
            | Deadline::Leg(_)
            | Deadline::WrapUp(_)
            | Deadline::BackOff(_)
            | Deadline::OfferLimit(_)
            | Deadline::Direct(_)
            | Deadline::Preferred(_)
            | Deadline::Leaving(_)
            | Deadline::CallbackGap(_)
            | Deadline::CallbackDue(_)
            | Deadline::LeadCloses(_)
            | Deadline::Suspended(_)
            | Deadline::Idle(_)
            | Deadline::Reach(_)
            | Deadline::GatewayGrace(_) => false,
        }
    }
}

/// Every deadline that is set, at most one of each. The key is total, so equal times have an order.
#[derive(Clone, Debug, Default)]
pub struct Deadlines {
    queue: PriorityQueue<Deadline, Reverse<(Timestamp, Deadline)>, std::hash::BuildHasherDefault<rustc_hash::FxHasher>>,
}

impl Deadlines {
    /// Sets, moves or clears one deadline.
    pub fn set(&mut self, deadline: Deadline, at: Option<Timestamp>) {
        match at {
            Some(at) => {
                self.queue.push(deadline, Reverse((at, deadline)));
            }
            None => {
                self.queue.remove(&deadline);
            }
        }
    }

    #[must_use]
    pub fn is_set(&self, deadline: Deadline) -> bool {
        self.queue.contains(&deadline)
    }

    #[must_use]
    pub fn first(&self) -> Option<(Timestamp, Deadline)> {
        self.queue.peek().map(|(_, Reverse(key))| *key)
    }

    /// Those whose firing leaves an event, in order, for comparing two indexes.
    #[must_use]
    pub fn sorted(&self) -> Vec<(Timestamp, Deadline)> {
        let all = self.queue.iter().map(|(_, Reverse(key))| *key);
        let mut all: Vec<_> = all.filter(|(_, deadline)| !deadline.is_a_look()).collect();
        all.sort_unstable();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_times_come_in_the_order_of_their_kind_and_number() {
        let mut deadlines = Deadlines::default();
        for offer in (0..8).rev() {
            deadlines.set(Deadline::Expire(OfferId(offer)), Some(Timestamp(5)));
        }
        deadlines.set(Deadline::Acknowledge(OfferId(9)), Some(Timestamp(5)));
        deadlines.set(Deadline::Expire(OfferId(3)), None);
        deadlines.set(Deadline::Expire(OfferId(4)), Some(Timestamp(1)));
        let mut order = Vec::new();
        while let Some((_, deadline)) = deadlines.first() {
            deadlines.set(deadline, None);
            order.push(deadline);
        }
        let expire = |offer| Deadline::Expire(OfferId(offer));
        let expected = [expire(4), Deadline::Acknowledge(OfferId(9)), expire(0), expire(1), expire(2), expire(5)];
        assert_eq!(order[..6], expected);
    }
}
