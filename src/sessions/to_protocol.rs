//! The router's types to the wire's, by hand: here the words that all roles share and the refusals,
//! beside it what each role hears. What has no place on the wire is left out.

mod agent;
mod board;
pub mod customer;
mod drill_down;
mod gateway;
pub mod lead;
mod looks;
mod path;
mod recording;
mod why;
mod why_agent;
mod writing;

use super::from_protocol::WireIds;
use crate::protocol as wire;
use crate::protocol::ErrorKind;
use crate::reporting::activity::Activity;
use crate::router_handle::Rejection;
use crate::routing::command::{Direction, Presence};
use crate::routing::estimate::Estimate;
use crate::routing::ids::{AgentId, ContactId, EventNo, SegmentId};
use crate::routing::personal::{Address, Attributes};
use crate::routing::refusal::Refusal;
use crate::routing::rule_set::Channel;
use crate::routing::time::{Millis, Timestamp};

pub use agent::{agent_news, agent_snapshot};
pub use board::{alert, alert_measure, board_agent, board_queue, board_snapshot};
pub use drill_down::{contact_shown, ended_contact, queue_shown};
pub use gateway::{gateway_snapshot, leg_order, order};
pub use looks::{history, own_figures, transfer_targets};
pub use path::path;
pub use recording::recording_id;
pub use why::{contact_why, decided_why, decision_why};
pub use why_agent::agent_why;
pub use writing::{listed, message_order, message_status, received};

pub fn time(at: Timestamp) -> wire::Time {
    wire::Time::from_ms(at.0)
}

fn ms(span: Millis) -> u64 {
    u64::try_from(span.0).unwrap_or(0)
}

fn until(at: Timestamp, now: Timestamp) -> u64 {
    ms(at.since(now))
}

pub fn agent_name(agent: &AgentId) -> wire::AgentName {
    wire::AgentName::clipped(agent.as_str())
}

fn name(text: &str) -> wire::Name {
    wire::Name::clipped(text)
}

fn order_id(order: EventNo) -> wire::OrderId {
    wire::OrderId::clipped(&order.to_string())
}

impl WireIds {
    pub fn contact_text(&self, contact: ContactId) -> wire::ContactId {
        wire::ContactId::clipped(&self.text(contact.0))
    }

    pub fn segment_text(&self, segment: SegmentId) -> wire::SegmentId {
        wire::SegmentId::clipped(&self.text(segment.0))
    }

    pub fn offer_text(&self, offer: crate::routing::ids::OfferId) -> wire::OfferId {
        wire::OfferId::clipped(&self.text(offer.0))
    }
}

pub fn queue_name(queue: &crate::routing::ids::QueueId) -> wire::QueueName {
    wire::QueueName::clipped(queue.as_str())
}

pub fn channel(channel: Channel) -> wire::Channel {
    match channel {
        Channel::Voice => wire::Channel::Voice,
        Channel::Chat => wire::Channel::Chat,
        Channel::Email => wire::Channel::Email,
        Channel::Callback => wire::Channel::Callback,
        Channel::Task => wire::Channel::Task,
    }
}

fn direction(direction: Direction) -> wire::Direction {
    match direction {
        Direction::Inbound => wire::Direction::Inbound,
        Direction::Outbound => wire::Direction::Outbound,
        Direction::Internal => wire::Direction::Internal,
    }
}

fn activity(activity: Activity) -> wire::Activity {
    match activity {
        Activity::Idle => wire::Activity::Idle,
        Activity::Offered => wire::Activity::Offered,
        Activity::Busy => wire::Activity::Busy,
        Activity::WrapUp => wire::Activity::WrapUp,
        Activity::NotResponding => wire::Activity::NotResponding,
        Activity::Unreachable => wire::Activity::Unreachable,
    }
}

fn presence(presence: &Presence) -> (wire::Presence, Option<wire::Name>) {
    match presence {
        Presence::Offline => (wire::Presence::Offline, None),
        Presence::Available => (wire::Presence::Available, None),
        Presence::NotReady { reason } => (wire::Presence::NotReady, Some(name(reason))),
    }
}

pub fn attributes(attributes: &Attributes) -> wire::Attributes {
    let values = attributes.0.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    // Updates together may pass what one message may hold; the screen then shows what arrived last.
    wire::Attributes::new(values).unwrap_or_default()
}

fn address(address: &Address) -> wire::Address {
    wire::Address::clipped(&address.0)
}

pub fn estimated_wait(estimate: Estimate) -> wire::EstimatedWait {
    wire::EstimatedWait { p50_ms: ms(estimate.p50), p90_ms: ms(estimate.p90) }
}

pub fn error(ids: &WireIds, rejection: Rejection) -> ErrorKind {
    let refusal = match rejection {
        Rejection::Refused(refusal) => refusal,
        Rejection::Busy { retry_after_ms } => return ErrorKind::Busy { retry_after_ms },
        Rejection::Unavailable { retry_after_ms } => return ErrorKind::Unavailable { retry_after_ms },
        Rejection::Internal => return ErrorKind::Internal,
    };
    match refusal {
        Refusal::NoRules | Refusal::Full => ErrorKind::Unavailable { retry_after_ms: 1_000 },
        Refusal::UnknownAgent { agent } => ErrorKind::UnknownAgent { agent: agent_name(&agent) },
        Refusal::UnknownQueue { queue } => ErrorKind::UnknownQueue { queue: queue_name(&queue) },
        Refusal::UnknownContact => ErrorKind::UnknownContact { contact: wire::ContactId::clipped("-") },
        Refusal::ContactEnded { contact } => {
            ErrorKind::ContactEnded { contact: contact.map(|contact| ids.contact_text(contact)) }
        }
        Refusal::UnknownOffer { offer } => ErrorKind::UnknownOffer { offer: ids.offer_text(offer) },
        Refusal::OfferGone { offer } => ErrorKind::OfferGone { offer: ids.offer_text(offer), why: None },
        Refusal::AcceptedByPhone { offer } => ErrorKind::AcceptedByPhone { offer: ids.offer_text(offer) },
        Refusal::UnknownSegment { segment } => ErrorKind::UnknownSegment { segment: ids.segment_text(segment) },
        Refusal::NotInHand { contact } => {
            ErrorKind::NotYours { subject: wire::Subject::Contact, id: ids.text(contact.0) }
        }
        Refusal::WrongState { contact, expected } => {
            ErrorKind::WrongState { contact: ids.contact_text(contact), expected: expected.to_string() }
        }
        Refusal::OrderGone => ErrorKind::TooLate,
        Refusal::UnknownCampaign { campaign } => ErrorKind::UnknownCampaign { campaign: name(campaign.as_str()) },
        Refusal::CampaignNotRunning { campaign } => ErrorKind::CampaignNotRunning { campaign: name(campaign.as_str()) },
        Refusal::NoLead { campaign } => ErrorKind::NoLead { campaign: name(campaign.as_str()) },
        Refusal::NumberInCall { contact } => ErrorKind::NumberInCall { contact: ids.contact_text(contact) },
        Refusal::NoLine { contact } => ErrorKind::NoLine { contact: ids.contact_text(contact) },
        Refusal::AgentNotLoggedIn { agent } => ErrorKind::NotLoggedIn { agent: agent_name(&agent) },
        Refusal::NotToBeOffered { agent } => ErrorKind::NotToBeOffered { agent: agent_name(&agent) },
        Refusal::InvalidField { field, expected } => ErrorKind::invalid_field(field.to_string(), expected.to_string()),
    }
}
