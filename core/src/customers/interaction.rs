//! An interaction: the stored history of one contact of any channel. Folds no events.

use crate::routing::command::{Direction, Disposition, EndedBy};
use crate::routing::ids::{AgentId, ContactId, QueueId, SegmentId, VisitId};
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

use super::customer::AddressKey;
use super::ids::CustomerId;
use super::text::{ReferenceText, Tag};

/// One contact, from its arrival on; what has not happened yet is None.
#[derive(Clone, PartialEq, Debug)]
pub struct Interaction {
    pub contact: ContactId,
    /// None until it is known.
    pub customer: Option<CustomerId>,
    pub channel: Channel,
    pub direction: Direction,
    pub from: Option<AddressKey>,
    pub to: Option<AddressKey>,
    pub arrived_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<EndedBy>,
    /// The last one an agent gave.
    pub disposition: Option<Disposition>,
    pub satisfaction: Option<Satisfaction>,
    pub recording: Option<ReferenceText>,
    pub transcript: Option<ReferenceText>,
    /// In order of their numbers.
    pub visits: Vec<InteractionVisit>,
    /// In order of their numbers.
    pub segments: Vec<InteractionSegment>,
}

/// One stay in one queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InteractionVisit {
    pub visit: VisitId,
    pub queue: QueueId,
    pub entered_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// How it ended, in one word: `accepted`, `abandoned`.
    pub end: Option<Tag>,
}

/// One agent's part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InteractionSegment {
    pub segment: SegmentId,
    pub queue: Option<QueueId>,
    pub agent: AgentId,
    pub started_at: Timestamp,
    pub connected_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// When the work after it was done.
    pub wrapped_up_at: Option<Timestamp>,
    pub disposition: Option<Disposition>,
}

/// How content the customer was, 1 to [`Satisfaction::MAX`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Satisfaction(u8);

/// A score outside 1 to [`Satisfaction::MAX`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected a score of 1 to {}", Satisfaction::MAX)]
pub struct InvalidSatisfaction;

impl Satisfaction {
    /// Scales of 5, 7, 10 and 100 fit.
    pub const MAX: u8 = 100;

    /// # Errors
    /// When the score is 0 or above [`Satisfaction::MAX`].
    pub fn new(score: u8) -> Result<Satisfaction, InvalidSatisfaction> {
        if (1..=Satisfaction::MAX).contains(&score) { Ok(Satisfaction(score)) } else { Err(InvalidSatisfaction) }
    }

    #[must_use]
    pub fn score(self) -> u8 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_has_bounds() {
        assert_eq!(Satisfaction::new(0), Err(InvalidSatisfaction));
        assert_eq!(Satisfaction::new(101), Err(InvalidSatisfaction));
        assert_eq!(Satisfaction::new(100).unwrap().score(), 100);
    }
}
