//! What a gateway is shown and ordered. It decides no order.

use super::recording::recording_id;
use super::{address, agent_name, ms, name, order_id, queue_name, time};
use crate::protocol as wire;
use crate::router_handle::views::{Asking, GatewayContact, GatewayDoing, RingingPhone};
use crate::router_handle::{LegOrder, Order, OrderKind};
use crate::routing::ids::{AgentId, ContactRef, Endpoint, EventNo};
use crate::routing::recording::RecordingAsk;
use crate::routing::rule_set::{ExitAction, FirstCalled};
use crate::routing::time::Timestamp;
use crate::sessions::from_protocol::WireIds;

pub fn gateway_snapshot(
    ids: &WireIds,
    contacts: &[GatewayContact],
    legs: &[(AgentId, Endpoint)],
    last_event: u64,
) -> wire::GatewaySnapshot {
    let contact = |known: &GatewayContact| wire::GatewayContact {
        contact: ids.contact_text(known.contact),
        r#ref: wire::Ref::clipped(known.reference.as_str()),
        should_be: should_be(known),
        consultation: known.asking.as_deref().map(consultation),
        recording: known
            .recording
            .map(|(recording, paused)| wire::GatewayRecording { recording: recording_id(ids, recording), paused }),
    };
    wire::GatewaySnapshot {
        contacts: contacts.iter().map(contact).collect(),
        agent_legs: legs
            .iter()
            .map(|(agent, on)| wire::AgentLeg { agent: agent_name(agent), endpoint: endpoint(on) })
            .collect(),
        last_event: wire::EventNumber::new(last_event),
    }
}

fn consultation(asking: &Asking) -> wire::GatewayConsultation {
    wire::GatewayConsultation {
        agent: agent_name(&asking.agent),
        endpoint: endpoint(&asking.endpoint),
        parent: asking.parent.as_ref().map(|(_, reference)| wire::Ref::clipped(reference.as_str())),
        conference: asking.is_conference,
    }
}

fn endpoint(endpoint: &Endpoint) -> wire::Endpoint {
    wire::Endpoint::clipped(endpoint.as_str())
}

fn should_be(known: &GatewayContact) -> wire::ShouldBe {
    match &known.doing {
        GatewayDoing::Queued { queue } => {
            wire::ShouldBe::Queued { queue: queue.as_ref().map_or_else(|| wire::QueueName::clipped("-"), queue_name) }
        }
        GatewayDoing::Ringing { phones } => wire::ShouldBe::Ringing { phones: phones.iter().map(phone).collect() },
        GatewayDoing::Suspended { agent } => wire::ShouldBe::Suspended { agent: agent_name(agent) },
        GatewayDoing::ToBeCalled => wire::ShouldBe::ToBeCalled,
        GatewayDoing::Placing { phone: on, to, placing } => wire::ShouldBe::Placing {
            order: order_id(on.order),
            to: address(to),
            agent: agent_name(&on.agent),
            endpoint: endpoint(&on.endpoint),
            auto_answer: on.auto_answer,
            first: first_called(placing.first),
            ring_for_ms: ms(placing.ring_for),
            caller_id: placing.caller_id.as_ref().map(address),
            not_after: time(on.not_after),
        },
        GatewayDoing::Connecting { phone } => wire::ShouldBe::Connecting {
            order: order_id(phone.order),
            agent: agent_name(&phone.agent),
            endpoint: endpoint(&phone.endpoint),
            auto_answer: phone.auto_answer,
            not_after: time(phone.not_after),
        },
        GatewayDoing::Connected { agent, endpoint: on } => {
            wire::ShouldBe::Connected { agent: agent_name(agent), endpoint: endpoint(on) }
        }
        GatewayDoing::Held { agent, endpoint: on } => {
            wire::ShouldBe::Held { agent: agent_name(agent), endpoint: endpoint(on) }
        }
        GatewayDoing::Transferring { order, to, until } => {
            wire::ShouldBe::Transferring { order: order_id(*order), not_after: time(*until), to: address(to) }
        }
        GatewayDoing::Leaving { order, action, until } => leaving(*order, action, *until),
    }
}

fn phone(phone: &RingingPhone) -> wire::RingingPhone {
    wire::RingingPhone {
        order: order_id(phone.order),
        agent: agent_name(&phone.agent),
        endpoint: endpoint(&phone.endpoint),
        not_after: time(phone.not_after),
    }
}

fn first_called(first: FirstCalled) -> wire::FirstCalled {
    match first {
        FirstCalled::Agent => wire::FirstCalled::Agent,
        FirstCalled::Customer => wire::FirstCalled::Customer,
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
        (ExitAction::Announce { .. }, None) | (ExitAction::Queue(_) | ExitAction::Callback | ExitAction::HangUp, _) => {
            wire::ShouldBe::Ending { order: order_id(order) }
        }
    }
}

pub fn leg_order(order: &LegOrder) -> wire::GatewayOrder {
    let leg = wire::AgentLegOrder {
        order: order_id(order.order),
        not_after: time(order.not_after),
        agent: agent_name(&order.agent),
        endpoint: endpoint(&order.endpoint),
    };
    if order.is_up { wire::GatewayOrder::AgentLegOpen(leg) } else { wire::GatewayOrder::AgentLegClose(leg) }
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
        auto_answer: false,
        consultation: None,
    };
    let about = |consultation: &ContactRef, agent: &AgentId, on: &Endpoint| {
        let wire::ConnectOrder { order, not_after, contact, r#ref, agent, endpoint, .. } = with_agent(agent, on);
        let consultation = wire::Ref::clipped(consultation.as_str());
        wire::ConsultationOrder { order, not_after, contact, r#ref, consultation, agent, endpoint }
    };
    match &order.kind {
        OrderKind::Connect { agent, endpoint, auto_answer, asking } => {
            let (auto_answer, consultation) = (*auto_answer, asking.as_deref().map(consultation));
            let connect = wire::ConnectOrder { auto_answer, consultation, ..with_agent(agent, endpoint) };
            wire::GatewayOrder::ContactConnect(connect)
        }
        OrderKind::Complete { consultation, agent, endpoint } => {
            wire::GatewayOrder::TransferComplete(about(consultation, agent, endpoint))
        }
        OrderKind::Join { consultation, agent, endpoint } => {
            wire::GatewayOrder::ConferenceJoin(about(consultation, agent, endpoint))
        }
        OrderKind::RemoveParty { agent, endpoint } => wire::GatewayOrder::PartyRemove(with_agent(agent, endpoint)),
        OrderKind::PlaceCall { to, agent, endpoint, auto_answer, placing } => {
            let wire::ConnectOrder { order, not_after, contact, r#ref, agent, endpoint, .. } =
                with_agent(agent, endpoint);
            wire::GatewayOrder::CallPlace(wire::CallPlaceOrder {
                order,
                not_after,
                contact,
                r#ref,
                to: address(to),
                agent,
                endpoint,
                auto_answer: *auto_answer,
                first: first_called(placing.first),
                ring_for_ms: ms(placing.ring_for),
                caller_id: placing.caller_id.as_ref().map(address),
            })
        }
        OrderKind::CancelCall { of } => {
            let wire::ContactOrder { order, not_after, contact, r#ref } = contact_order();
            let of = order_id(*of);
            wire::GatewayOrder::CallCancel(wire::CallCancelOrder { order, not_after, contact, r#ref, of })
        }
        OrderKind::Record { recording, ask } => {
            let wire::ContactOrder { order, not_after, contact, r#ref } = contact_order();
            let recording = recording_id(ids, *recording);
            let asked = wire::RecordingOrder { order, not_after, contact, r#ref, recording };
            match ask {
                RecordingAsk::Start => wire::GatewayOrder::RecordingStart(asked),
                RecordingAsk::Pause => wire::GatewayOrder::RecordingPause(asked),
                RecordingAsk::Resume => wire::GatewayOrder::RecordingResume(asked),
                RecordingAsk::Stop => wire::GatewayOrder::RecordingStop(asked),
            }
        }
        OrderKind::Hold => wire::GatewayOrder::ContactHold(contact_order()),
        OrderKind::Unhold => wire::GatewayOrder::ContactUnhold(contact_order()),
        OrderKind::Suspend => wire::GatewayOrder::ContactSuspend(contact_order()),
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
        OrderKind::Transfer { to } => {
            let wire::ContactOrder { order, not_after, contact, r#ref } = contact_order();
            let to = address(to);
            wire::GatewayOrder::ContactTransfer(wire::TransferOrder { order, not_after, contact, r#ref, to })
        }
        OrderKind::StopPlay => wire::GatewayOrder::ContactStopPlay(contact_order()),
        OrderKind::End { by: _ } => wire::GatewayOrder::ContactEnd(contact_order()),
    }
}
