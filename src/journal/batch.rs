//! What one append wrote. Reads and writes nothing itself.

use super::Epoch;
use crate::routing::event::Event;
use crate::routing::ids::EventNo;
use crate::routing::time::Timestamp;

/// What one append wrote, or the part of it that was asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct Batch {
    /// The number of the first of `events`.
    pub first: EventNo,
    pub epoch: Epoch,
    /// When the last event of the batch became so.
    pub at: Timestamp,
    /// As they lie: personal data is sealed.
    pub events: Vec<Event>,
}

impl Batch {
    /// The number of the last event.
    #[must_use]
    pub fn last(&self) -> EventNo {
        EventNo(self.first.0 + self.events.len() as u64 - 1)
    }
}
