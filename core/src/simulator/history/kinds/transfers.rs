//! The names of what transfers, and queues that rise, can come to. Counts nothing.

use crate::routing::command::{EndedBy, LegFailure};
use crate::routing::event::{Fact, QueuedBy};

/// What becomes of what agents give on, and how that is refused.
pub const TRANSFER_KINDS: [&str; 14] = [
    "queue_raised",
    "queue_lowered",
    "contact_transferred_outside",
    "transfer_failed",
    "transfer.with_attributes",
    "outside.done",
    "outside.failed",
    "outside.timed_out",
    "outside.back_in_a_queue",
    "outside.ended_on_the_way",
    "refused.no_right_outside",
    "refused.number_not_allowed",
    "refused.attributes_too_many",
    "refused.note_too_many",
];

/// What of this sort the fact is, if it is any and its own name does not say so.
#[must_use]
pub fn of_transfer(fact: &Fact) -> Option<&'static str> {
    let of_two = |reference: &str| reference.starts_with("consult-");
    match fact {
        Fact::ContactTransferred { details, .. }
            if details.plain().is_some_and(|plain| !plain.attributes.0.is_empty()) =>
        {
            Some("transfer.with_attributes")
        }
        Fact::TransferFailed { why: LegFailure::TimedOut, .. } => Some("outside.timed_out"),
        Fact::TransferFailed { .. } => Some("outside.failed"),
        Fact::ContactQueued { cause: QueuedBy::TransferFailed { .. }, .. } => Some("outside.back_in_a_queue"),
        Fact::ContactEnded { by: EndedBy::Transfer, reference, .. } if !of_two(reference.as_str()) => {
            Some("outside.done")
        }
        _other => None,
    }
}
