//! The names of what supervisors' orders, and log-outs, can come to. Counts nothing.

use crate::routing::command::{EndedBy, LegFailure, Presence};
use crate::routing::event::{AgentChange, Fact, QueuedBy};

/// Events that only orders cause, what else comes of them, and how they are refused.
pub const ORDER_KINDS: [&str; 17] = [
    "visit_prioritised",
    "queue_paused",
    "queue_resumed",
    "order.presence",
    "order.presence_later",
    "order.logged_out",
    "order.out_later",
    "order.moved",
    "order.assigned",
    "order.handed_back",
    "order.closed",
    "order.called_off",
    "refused.presence",
    "refused.forced",
    "refused.never_this_agent",
    "refused.priority",
    "refused.not_waiting",
];

/// What an order came to, if the fact is of one and its own name does not say so.
#[must_use]
pub fn of_order(fact: &Fact) -> Option<&'static str> {
    match fact {
        Fact::AgentChanged { cause: AgentChange::SetBySupervisor, next, .. } => {
            Some(if next.is_some() { "order.presence_later" } else { "order.presence" })
        }
        Fact::AgentChanged { cause: AgentChange::LoggedOut, presence, .. } => {
            Some(if *presence == Presence::Offline { "order.logged_out" } else { "order.out_later" })
        }
        Fact::ContactQueued { cause: QueuedBy::Moved, .. } => Some("order.moved"),
        Fact::ContactQueued { cause: QueuedBy::Assigned, .. } => Some("order.assigned"),
        Fact::ContactQueued { cause: QueuedBy::HandedBack { .. }, .. } => Some("order.handed_back"),
        Fact::ContactEnded { by: EndedBy::Supervisor, .. } => Some("order.closed"),
        Fact::ConnectFailed { why: LegFailure::CalledOff, .. } => Some("order.called_off"),
        _other => None,
    }
}
