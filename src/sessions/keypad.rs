//! The keys that an agent presses in a call: from his console to its gateway. Not in the journal, as nothing is routed by
//! them and a customer's card may be among them: it keeps none, and logs none.

use std::sync::Arc;

use tokio_tungstenite::tungstenite::Utf8Bytes;
use uuid::Uuid;

use super::registry::Registry;
use super::requests::Line;
use super::to_protocol::time;
use super::writing::error_about;
use crate::protocol as wire;
use crate::protocol::{ErrorKind, GatewayOrder, RequestId, answer_text, request_text};
use crate::router_handle::{Answer, Rejection, View};
use crate::routing::ids::{AgentId, ContactId, ContactRef, GatewayId};
use crate::routing::refusal::{ContactState, Expected, FieldName, Refusal};
use crate::routing::segment::SegmentState;
use crate::routing::time::Millis;

/// How long keys may still be sent: later the menu that they were meant for has gone on.
const ORDER_LIFE: Millis = Millis::seconds(10);
const RETRY_AFTER_MS: u64 = 1_000;
/// What an order's id begins with: those of the router begin with `o-`.
const ID_PREFIX: &str = "k-";

/// An agent who presses keys.
pub struct Keypad {
    pub registry: Arc<Registry>,
    pub line: Line,
    pub agent: AgentId,
}

impl Keypad {
    /// What he presses keeps its order, and goes behind what he commanded before.
    pub async fn press(self, id: RequestId, asked: wire::ContactDtmf) {
        let contact = match self.line.ids.contact(&asked.contact) {
            Ok(contact) => contact,
            Err(kind) => return self.line.refuse(Some(&id), &kind),
        };
        let Keypad { registry, line, agent } = self;
        let source = line.source.clone();
        let question: Answer = Box::new(move |view| {
            let call = view.and_then(|view| {
                let (gateway, reference) = talking(view, &agent, contact).map_err(Rejection::Refused)?;
                Ok((gateway, reference, view.now))
            });
            Box::new(move || match call {
                Ok((gateway, reference, now)) => {
                    let name = order_name(&id);
                    let order = wire::DtmfOrder {
                        order: wire::OrderId::clipped(&name),
                        not_after: time(now + ORDER_LIFE),
                        contact: asked.contact,
                        r#ref: wire::Ref::clipped(reference.as_str()),
                        digits: asked.digits,
                    };
                    let text = request_text(&RequestId::Text(name), &GatewayOrder::ContactDtmf(order));
                    let is_sent = registry.mention_to_gateway(&gateway, Utf8Bytes::from(text));
                    let unavailable = ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS };
                    let answer = is_sent.then(|| answer_text(&id, &wire::Nothing {}));
                    line.give(&id, answer.ok_or(unavailable));
                }
                Err(rejection) => line.refuse(Some(&id), &error_about(&line.ids, &asked.contact, rejection)),
            })
        });
        source.ask(question).await;
    }
}

/// By the agent's own name for the request where he gave one, so that a gateway sends once what a console asks twice.
fn order_name(id: &RequestId) -> String {
    let named = match id {
        RequestId::Text(text) => Uuid::parse_str(text).ok(),
        RequestId::Number(_) => None,
    };
    format!("{ID_PREFIX}{}", named.unwrap_or_else(Uuid::new_v4))
}

/// Where the call is that the agent talks in.
fn talking(view: View<'_>, agent: &AgentId, id: ContactId) -> Result<(GatewayId, ContactRef), Refusal> {
    let state = view.router.state();
    let contact = state.contacts.get(&id).ok_or_else(|| match state.was_given(id.0) {
        true => Refusal::ContactEnded { contact: Some(id) },
        false => Refusal::UnknownContact,
    })?;
    let segment = contact.segment.map(|segment| &state.segments[&segment]);
    let segment = segment.filter(|segment| state.agent_id(segment.agent) == *agent);
    let segment = segment.ok_or(Refusal::NotInHand { contact: id })?;
    let refused = |expected| Err(Refusal::InvalidField { field: FieldName::Contact, expected });
    if contact.channel.is_written() {
        return refused(Expected::AVoiceContact);
    }
    if contact.consultation.is_some() {
        return refused(Expected::ACustomersContact);
    }
    match segment.state {
        SegmentState::Talking => Ok((state.gateway_id(contact.gateway), contact.reference.clone())),
        SegmentState::Connecting { .. }
        | SegmentState::Held { .. }
        | SegmentState::LegLost { .. }
        | SegmentState::SetAside { .. }
        | SegmentState::WrapUp { .. } => Err(Refusal::WrongState { contact: id, expected: ContactState::Talking }),
    }
}
