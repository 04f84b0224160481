//! What customers and agents write, to the wire.

use super::{WireIds, agent_name, order_id, time};
use crate::customers::message::{Message, MessageBy, MessageStatus};
use crate::protocol as wire;
use crate::records::ListedMessages;
use crate::router_handle::MessageOrder;

fn name(message: &Message) -> wire::MessageId {
    wire::MessageId::clipped(message.name.as_str())
}

fn text(message: &Message) -> wire::MessageText {
    wire::MessageText::clipped(message.text.as_str())
}

fn status(status: MessageStatus) -> wire::MessageStatus {
    match status {
        MessageStatus::Sent => wire::MessageStatus::Sent,
        MessageStatus::Delivered => wire::MessageStatus::Delivered,
        MessageStatus::Failed => wire::MessageStatus::Failed,
    }
}

fn written(message: &Message) -> wire::WrittenMessage {
    wire::WrittenMessage {
        message: name(message),
        by: match message.by {
            MessageBy::Customer => wire::MessageBy::Customer,
            MessageBy::Agent => wire::MessageBy::Agent,
            MessageBy::System => wire::MessageBy::System,
        },
        agent: message.agent.as_ref().map(agent_name),
        text: text(message),
        at: time(message.at),
        status: status(message.status),
    }
}

pub fn listed(found: &ListedMessages) -> wire::MessagesListed {
    wire::MessagesListed { messages: found.messages.iter().map(written).collect(), left_out: found.left_out }
}

pub fn received(ids: &WireIds, message: &Message) -> wire::MessageReceived {
    wire::MessageReceived { contact: ids.contact_text(message.place.contact), message: written(message) }
}

pub fn message_status(ids: &WireIds, message: &Message) -> wire::MessageStatusChanged {
    wire::MessageStatusChanged {
        contact: ids.contact_text(message.place.contact),
        message: name(message),
        status: status(message.status),
    }
}

pub fn message_order(ids: &WireIds, order: &MessageOrder, message: &Message) -> wire::GatewayOrder {
    wire::GatewayOrder::MessageSend(wire::MessageOrder {
        order: order_id(order.order),
        not_after: time(order.not_after),
        contact: ids.contact_text(order.contact),
        r#ref: wire::Ref::clipped(order.reference.as_str()),
        message: name(message),
        text: text(message),
    })
}
