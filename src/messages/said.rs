//! A text that was said: as a row, as what is told of it, as the router's command. Writes nothing.

use crate::customers::message::{Message, MessageBy, MessageName, MessageStatus, MessageText};
use crate::records::{AddedMessage, NewMessage};
use crate::router_handle::{MESSAGE_LIFE, Rejection};
use crate::routing::command::{Action, PassedMessage, Speaker};
use crate::routing::ids::{AgentId, ContactId, ContactRef, GatewayId};
use crate::routing::time::Timestamp;

/// A text that was said in a contact.
pub struct Said {
    pub contact: ContactId,
    pub name: MessageName,
    pub text: MessageText,
    pub by: SaidBy,
    /// Set when nothing new is taken, as its contact is over or somebody else's: what was taken before is answered as it was.
    pub refused: Option<Rejection>,
}

pub enum SaidBy {
    /// A gateway says so.
    Gateway { gateway: GatewayId, reference: ContactRef, by: Speaker, event: u64 },
    /// An agent writes to his customer.
    Agent(AgentId),
}

fn writer_of(said: &Said) -> (MessageBy, MessageStatus, Option<&AgentId>) {
    match &said.by {
        SaidBy::Gateway { by: Speaker::Customer, .. } => (MessageBy::Customer, MessageStatus::Delivered, None),
        SaidBy::Gateway { by: Speaker::Agent, .. } => (MessageBy::Agent, MessageStatus::Delivered, None),
        SaidBy::Agent(agent) => (MessageBy::Agent, MessageStatus::Sent, Some(agent)),
    }
}

pub(super) fn row_of(said: &Said, at: Timestamp) -> NewMessage<'_> {
    let (by, status, agent) = writer_of(said);
    let not_after = agent.map(|_| at + MESSAGE_LIFE);
    NewMessage { contact: said.contact, name: &said.name, by, agent, text: &said.text, at, status, not_after }
}

pub(super) fn message_of(said: &Said, added: AddedMessage) -> Message {
    let (by, status, agent) = writer_of(said);
    let (name, text, agent) = (said.name.clone(), said.text.clone(), agent.cloned());
    Message { place: added.place, name, by, agent, text, at: added.at, status }
}

pub(super) fn action_of(said: &Said, added: AddedMessage) -> Action {
    let bytes = u32::try_from(said.text.as_str().len()).expect("a message is short");
    let message = PassedMessage { no: added.place.no, bytes };
    match &said.by {
        SaidBy::Gateway { gateway, reference, by, event, .. } => Action::MessagePassed {
            gateway: gateway.clone(),
            reference: reference.clone(),
            by: *by,
            event: *event,
            message: Some(message),
        },
        SaidBy::Agent(agent) => Action::SendMessage { agent: agent.clone(), contact: said.contact, message },
    }
}
