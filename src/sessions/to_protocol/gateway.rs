//! What a gateway is shown and ordered. It decides no order.

use super::{agent_name, name, order_id, queue_name, time};
use crate::protocol as wire;
use crate::router_handle::views::GatewayContact;
use crate::router_handle::{Order, OrderKind};
use crate::routing::ids::{AgentId, Endpoint, EventNo};
use crate::routing::query::Doing;
use crate::routing::rule_set::ExitAction;
use crate::routing::time::Timestamp;
use crate::sessions::from_protocol::WireIds;

pub fn gateway_snapshot(ids: &WireIds, contacts: &[GatewayContact], last_event: u64) -> wire::GatewaySnapshot {
    let contact = |known: &GatewayContact| wire::GatewayContact {
        contact: ids.contact_text(known.contact),
        r#ref: wire::Ref::clipped(known.reference.as_str()),
        should_be: should_be(known),
    };
    wire::GatewaySnapshot {
        contacts: contacts.iter().map(contact).collect(),
        last_event: wire::EventNumber::new(last_event),
    }
}

fn should_be(known: &GatewayContact) -> wire::ShouldBe {
    let endpoint = || wire::Endpoint::clipped(known.endpoint.as_ref().map_or("", |endpoint| endpoint.as_str()));
    match &known.doing {
        Doing::Queued => wire::ShouldBe::Queued {
            queue: known.queue.as_ref().map_or_else(|| wire::QueueName::clipped("-"), queue_name),
        },
        Doing::Connecting { order, agent, connect_by, .. } => wire::ShouldBe::Connecting {
            order: order_id(*order),
            agent: agent_name(agent),
            endpoint: endpoint(),
            not_after: time(*connect_by),
        },
        Doing::Connected { agent, .. } => wire::ShouldBe::Connected { agent: agent_name(agent), endpoint: endpoint() },
        Doing::Held { agent, .. } => wire::ShouldBe::Held { agent: agent_name(agent), endpoint: endpoint() },
        Doing::Leaving { order, action, until } => leaving(*order, action, *until),
    }
}

fn leaving(order: EventNo, action: &ExitAction, until: Option<Timestamp>) -> wire::ShouldBe {
    match (action, until) {
        (ExitAction::Announce { message }, Some(until)) => {
            wire::ShouldBe::Announcing { order: order_id(order), not_after: time(until), message: name(message) }
        }
        (ExitAction::Voicemail { mailbox }, until) => wire::ShouldBe::Voicemail {
            order: until.map(|_| order_id(order)),
            not_after: until.map(time),
            mailbox: mailbox.as_deref().map(name),
        },
        (ExitAction::Announce { .. }, None) | (ExitAction::Queue(_) | ExitAction::HangUp, _) => {
            wire::ShouldBe::Ending { order: order_id(order) }
        }
    }
}

pub fn order(ids: &WireIds, order: &Order) -> wire::GatewayOrder {
    let contact_order = || wire::ContactOrder {
        order: order_id(order.order),
        not_after: time(order.not_after),
        contact: ids.contact_text(order.contact),
        r#ref: wire::Ref::clipped(order.reference.as_str()),
    };
    let with_agent = |agent: &AgentId, endpoint: &Endpoint| wire::ConnectOrder {
        order: order_id(order.order),
        not_after: time(order.not_after),
        contact: ids.contact_text(order.contact),
        r#ref: wire::Ref::clipped(order.reference.as_str()),
        agent: agent_name(agent),
        endpoint: wire::Endpoint::clipped(endpoint.as_str()),
    };
    match &order.kind {
        OrderKind::Connect { agent, endpoint } => wire::GatewayOrder::ContactConnect(with_agent(agent, endpoint)),
        OrderKind::RemoveParty { agent, endpoint } => wire::GatewayOrder::PartyRemove(with_agent(agent, endpoint)),
        OrderKind::Hold => wire::GatewayOrder::ContactHold(contact_order()),
        OrderKind::Unhold => wire::GatewayOrder::ContactUnhold(contact_order()),
        OrderKind::Play { message } => {
            let wire::ContactOrder { order, not_after, contact, r#ref } = contact_order();
            let message = name(message);
            wire::GatewayOrder::ContactPlay(wire::PlayOrder { order, not_after, contact, r#ref, message })
        }
        OrderKind::Voicemail { mailbox } => {
            let wire::ContactOrder { order, not_after, contact, r#ref } = contact_order();
            let mailbox = mailbox.as_deref().map(name);
            wire::GatewayOrder::ContactVoicemail(wire::VoicemailOrder { order, not_after, contact, r#ref, mailbox })
        }
        OrderKind::StopPlay => wire::GatewayOrder::ContactStopPlay(contact_order()),
        OrderKind::End => wire::GatewayOrder::ContactEnd(contact_order()),
    }
}
