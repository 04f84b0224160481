//! What a gateway says of texts: a message that passed, what became of one that it was to send, that somebody is writing.

use std::sync::Arc;

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::registry::Registry;
use super::requests::GatewayDesk;
use super::to_protocol::{self, time};
use super::writing::masked;
use crate::customers::message::{MessageName, MessageStatus};
use crate::messages::{Said, SaidBy};
use crate::protocol as wire;
use crate::protocol::{AgentHears, ErrorKind, RequestId, answer_text, push_text};
use crate::router_handle::{Answer, Rejection, View};
use crate::routing::command::Speaker;
use crate::routing::gateway::Reference;
use crate::routing::ids::{ContactId, ContactRef, EventNo, GatewayId};
use crate::routing::refusal::{Expected, FieldName, Refusal};

impl GatewayDesk {
    /// In the order of what it says, but nothing waits until the text is written.
    pub(super) async fn take_text(&self, id: &RequestId, told: &wire::MessagePassed, text: &wire::MessageText) {
        let read = ContactRef::new(told.r#ref.as_str())
            .map_err(|error| ErrorKind::invalid_field("ref", error.to_string()))
            .and_then(|reference| Ok((reference, masked(text)?)));
        let (reference, text) = match read {
            Ok(read) => read,
            Err(kind) => return self.line.refuse(Some(id), &kind),
        };
        let event = told.event.get();
        let name = told.message.as_ref().map_or_else(|| format!("event-{event}"), |name| name.as_str().to_owned());
        let name = MessageName::new(name).expect("a name on the wire is as short");
        let by = match told.by {
            wire::Speaker::Customer => Speaker::Customer,
            wire::Speaker::Agent => Speaker::Agent,
        };
        let (gateway, messages, line) = (self.gateway.clone(), Arc::clone(&self.messages), self.line.clone());
        let (id, r#ref) = (id.clone(), told.r#ref.clone());
        let question: Answer = Box::new(move |view| {
            let found = view.and_then(|view| contact_of(view, &gateway, &reference).map_err(Rejection::Refused));
            let error_of = {
                let ids = line.ids.clone();
                move |rejection| match to_protocol::error(&ids, rejection) {
                    ErrorKind::UnknownContact { .. } => ErrorKind::UnknownRef { r#ref },
                    kind => kind,
                }
            };
            Box::new(move || match found {
                Ok((contact, refused)) => {
                    let said = SaidBy::Gateway { gateway, reference, by, event };
                    messages.say(Said { contact, name, text, by: said, refused }, move |written| {
                        let answered = written.map(|_| answer_text(&id, &wire::Nothing {}));
                        line.give(&id, answered.map_err(error_of));
                    });
                }
                Err(rejection) => line.refuse(Some(&id), &error_of(rejection)),
            })
        });
        self.line.source.ask(question).await;
    }

    /// False: the order is the router's.
    pub(super) fn take_outcome(&self, id: Option<&RequestId>, order: EventNo, status: MessageStatus) -> bool {
        if !self.messages.is_order(order) {
            return false;
        }
        let (id, line) = (id.cloned(), self.line.clone());
        self.messages.outcome(order, status, move |noted| {
            if let Some(id) = id {
                let answered = noted.map(|_| answer_text(&id, &wire::Nothing {}));
                line.give(&id, answered.map_err(|rejection| to_protocol::error(&line.ids, rejection)));
            }
        });
        true
    }

    /// Whoever has the contact sees it; nobody else does.
    pub(super) async fn typing(&self, registry: Arc<Registry>, told: &wire::GatewayTyping) {
        let Ok(reference) = ContactRef::new(told.r#ref.as_str()) else { return };
        let (gateway, line) = (self.gateway.clone(), self.line.clone());
        let question: Answer = Box::new(move |view| {
            let owner = view.ok().and_then(|view| {
                let state = view.router.state();
                let known = view.router.reference(&gateway, &reference, view.now);
                let Some(Reference::Live(contact)) = known else { return None };
                let segment = state.contacts[&contact].segment?;
                Some((contact, state.agent_id(state.segments[&segment].agent)))
            });
            Box::new(move || {
                if let Some((contact, agent)) = owner {
                    let (contact, at) = (line.ids.contact_text(contact), time(line.clock.now()));
                    let hears = AgentHears::ContactTyping(wire::CustomerTyping { contact, at });
                    registry.mention_to_agent(&agent, Utf8Bytes::from(push_text(&hears)));
                }
            })
        });
        self.line.source.ask(question).await;
    }
}

/// With the refusal of anything new, when it is over.
fn contact_of(
    view: View<'_>,
    gateway: &GatewayId,
    reference: &ContactRef,
) -> Result<(ContactId, Option<Rejection>), Refusal> {
    match view.router.reference(gateway, reference, view.now) {
        Some(Reference::Live(contact)) if view.router.state().contacts[&contact].channel.is_written() => {
            Ok((contact, None))
        }
        Some(Reference::Live(_)) => {
            Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AWrittenContact })
        }
        Some(Reference::Ended { contact, .. }) => {
            let ended = Refusal::ContactEnded { contact: Some(contact) };
            Ok((contact, Some(Rejection::Refused(ended))))
        }
        Some(Reference::Foreseen { .. }) => Err(Refusal::ContactEnded { contact: None }),
        None => Err(Refusal::UnknownContact),
    }
}
