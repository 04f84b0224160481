//! One message of a client: to the router, and its answer back into the session. Knows no socket.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::from_protocol::{
    WireIds, agent_action, device_state, extend_wrap_up, finish_wrap_up, gateway_action, inventory_contact,
    on_our_clock, supervisor_action,
};
use super::session::Outgoing;
use super::to_protocol::{self, time};
use crate::clock::Clock;
use crate::customers::message::MessageStatus;
use crate::messages::MessageDesk;
use crate::protocol as wire;
use crate::protocol::{ErrorKind, RequestId, answer_text, error_text};
use crate::router_handle::{AgentNews, Answer, Deferred, Rejection, Source, View};
use crate::routing::command::{Action, Command, LegFailure};
use crate::routing::ids::{AgentId, ContactId, Endpoint, EventNo, GatewayId, OfferId, PersonId, Request, SegmentId};
use crate::routing::segment::SegmentState;
use crate::screen_pop::known::Stance;

/// Contacts one inventory may name over all its pages.
const INVENTORY_CONTACTS_MAX: usize = 200_000;

/// What the parts of a session need to speak with the router.
#[derive(Clone)]
pub struct Line {
    pub ids: WireIds,
    pub source: Source,
    pub outgoing: mpsc::Sender<Outgoing>,
    pub clock: Clock,
}

/// An answer on its way to the client: the text of a result, or why not.
pub type Told = Box<dyn FnOnce(Result<View<'_>, Rejection>) -> Result<String, ErrorKind> + Send>;

impl Line {
    /// Sends a command; what `told` makes of it goes to the client after the commit.
    pub async fn tell(&self, id: Option<RequestId>, command: Command, told: Told) {
        let answer = self.answer(id, told);
        self.source.tell(command, answer).await;
    }

    pub(super) fn answer(&self, id: Option<RequestId>, told: Told) -> Answer {
        let outgoing = self.outgoing.clone();
        Box::new(move |view| -> Deferred {
            let text = match told(view) {
                Ok(text) => text,
                Err(kind) => error_text(id.as_ref(), &kind),
            };
            let is_asked = id.is_some();
            Box::new(move || {
                if is_asked {
                    // A full or closed session is told so by its own task.
                    let _ = outgoing.try_send(Outgoing::Text(Utf8Bytes::from(text)));
                }
            })
        })
    }

    pub fn refuse(&self, id: Option<&RequestId>, kind: &ErrorKind) {
        let _ = self.outgoing.try_send(Outgoing::Text(Utf8Bytes::from(error_text(id, kind))));
    }

    /// An answer that is worked out already.
    pub fn give(&self, id: &RequestId, answer: Result<String, ErrorKind>) {
        let text = answer.unwrap_or_else(|kind| error_text(Some(id), &kind));
        // A full or closed session is told so by its own task.
        let _ = self.outgoing.try_send(Outgoing::Text(Utf8Bytes::from(text)));
    }

    pub fn done(&self, id: &RequestId) -> Told {
        let (id, ids) = (id.clone(), self.ids.clone());
        Box::new(move |view| match view {
            Ok(_) => Ok(answer_text(&id, &wire::Nothing {})),
            Err(rejection) => Err(to_protocol::error(&ids, rejection)),
        })
    }
}

/// The caller's own name for a request, when it is a UUID.
fn request_of(person: &PersonId, id: &RequestId) -> Option<Request> {
    match id {
        RequestId::Number(_) => None,
        RequestId::Text(text) => uuid::Uuid::parse_str(text).ok().map(|id| Request { by: person.clone(), id }),
    }
}

/// What an agent's session knows beyond its socket.
pub struct AgentDesk {
    pub line: Line,
    pub agent: AgentId,
    pub person: PersonId,
    /// The segment of each contact in wrap-up, as last told.
    pub wrap_ups: BTreeMap<ContactId, SegmentId>,
}

impl AgentDesk {
    pub async fn handle(&mut self, id: &RequestId, ask: &wire::AgentAsk) {
        let request = request_of(&self.person, id);
        let (action, told) = match self.translate(id, ask, request.as_ref()) {
            Ok(translated) => translated,
            Err(kind) => return self.line.refuse(Some(id), &kind),
        };
        self.line.tell(Some(id.clone()), Command { request, action }, told).await;
    }

    /// What the console was shown when it opened.
    pub fn remember_wrap_ups(&mut self, snapshot: &wire::AgentSnapshot) {
        let in_wrap_up = snapshot.segments.iter().filter(|segment| segment.state == wire::SegmentState::WrapUp);
        let ids = &self.line.ids;
        self.wrap_ups = in_wrap_up
            .filter_map(|segment| Some((ids.contact(&segment.contact).ok()?, ids.segment(&segment.segment).ok()?)))
            .collect();
    }

    /// What the console is told from then on.
    pub fn follow(&mut self, news: &AgentNews) {
        match news {
            AgentNews::WrapUpStarted { contact, segment, .. } => {
                self.wrap_ups.insert(*contact, *segment);
            }
            AgentNews::SegmentClosed { contact, segment, .. } => {
                if self.wrap_ups.get(contact) == Some(segment) {
                    self.wrap_ups.remove(contact);
                }
            }
            AgentNews::Changed { .. }
            | AgentNews::Offered(_)
            | AgentNews::OfferEnded { .. }
            | AgentNews::Connecting { .. }
            | AgentNews::Connected { .. }
            | AgentNews::Held { .. }
            | AgentNews::Unheld { .. }
            | AgentNews::SetAside { .. }
            | AgentNews::TakenUp { .. }
            | AgentNews::Suspended { .. }
            | AgentNews::Transferred { .. }
            | AgentNews::TransferredOutside { .. }
            | AgentNews::Recording { .. }
            | AgentNews::LegLost { .. }
            | AgentNews::LegBack { .. }
            | AgentNews::PartyInvited { .. }
            | AgentNews::PartyJoined { .. }
            | AgentNews::PartyLeft { .. }
            | AgentNews::LeadNotReached { .. }
            | AgentNews::TakenOver { .. }
            | AgentNews::Updated { .. }
            | AgentNews::Ended { .. } => {}
        }
    }

    fn translate(
        &self,
        id: &RequestId,
        ask: &wire::AgentAsk,
        request: Option<&Request>,
    ) -> Result<(Action, Told), ErrorKind> {
        match ask {
            wire::AgentAsk::OfferAccept(asked) => {
                let offer = self.line.ids.offer(&asked.offer)?;
                let action = Action::AcceptOffer { agent: self.agent.clone(), offer };
                Ok((action, self.accepted(id, offer, request)))
            }
            wire::AgentAsk::WrapUpFinish(asked) => {
                let segment = self.wrap_up(&asked.contact, asked.segment.as_ref())?;
                Ok((finish_wrap_up(&self.agent, segment, asked)?, self.line.done(id)))
            }
            wire::AgentAsk::WrapUpExtend(asked) => {
                let segment = self.wrap_up(&asked.contact, asked.segment.as_ref())?;
                Ok((extend_wrap_up(&self.agent, segment, asked), self.extended(id, segment)))
            }
            other => {
                let action = agent_action(&self.line.ids, &self.agent, other)?;
                Ok((action.expect("what is no action is answered elsewhere"), self.line.done(id)))
            }
        }
    }

    fn wrap_up(&self, contact: &wire::ContactId, segment: Option<&wire::SegmentId>) -> Result<SegmentId, ErrorKind> {
        match segment {
            Some(segment) => self.line.ids.segment(segment),
            None => {
                let number = self.line.ids.contact(contact)?;
                let unknown = || ErrorKind::UnknownContact { contact: contact.clone() };
                self.wrap_ups.get(&number).copied().ok_or_else(unknown)
            }
        }
    }

    fn accepted(&self, id: &RequestId, offer: OfferId, request: Option<&Request>) -> Told {
        let (id, ids, agent) = (id.clone(), self.line.ids.clone(), self.agent.clone());
        let request = request.cloned();
        Box::new(move |view| {
            let view = view.map_err(|rejection| to_protocol::error(&ids, rejection))?;
            let state = view.router.state();
            let segments = state.agents.get(&agent).map(|agent| agent.segments.as_slice()).unwrap_or_default();
            let of_offer = segments.iter().map(|(id, _)| &state.segments[id]).find(|segment| segment.offer == offer);
            let by_request = || request.and_then(|request| state.contact_of_request(&request));
            match of_offer.map(|segment| segment.contact).or_else(by_request) {
                Some(contact) => Ok(answer_text(&id, &wire::OfferAccepted { contact: ids.contact_text(contact) })),
                None => Err(ErrorKind::OfferGone { offer: ids.offer_text(offer), why: None }),
            }
        })
    }

    fn extended(&self, id: &RequestId, segment: SegmentId) -> Told {
        let (id, ids) = (id.clone(), self.line.ids.clone());
        Box::new(move |view| {
            let view = view.map_err(|rejection| to_protocol::error(&ids, rejection))?;
            match view.router.state().segments.get(&segment).map(|segment| segment.state) {
                Some(SegmentState::WrapUp { ends_at, .. }) => {
                    let ends_in_ms = u64::try_from(ends_at.since(view.now).0).unwrap_or(0);
                    Ok(answer_text(&id, &wire::WrapUpExtended { ends_at: time(ends_at), ends_in_ms }))
                }
                Some(_) | None => Err(ErrorKind::UnknownSegment { segment: ids.segment_text(segment) }),
            }
        })
    }
}

/// What a supervisor's session knows beyond its socket and the board.
pub struct SupervisorDesk {
    pub line: Line,
    pub person: PersonId,
}

impl SupervisorDesk {
    pub async fn handle(&self, id: &RequestId, ask: &wire::SupervisorAsk) {
        let action = match supervisor_action(&self.line.ids, &self.person, ask) {
            Ok(action) => action.expect("what only watches is answered by the session"),
            Err(kind) => return self.line.refuse(Some(id), &kind),
        };
        let request = request_of(&self.person, id);
        self.line.tell(Some(id.clone()), Command { request, action }, self.line.done(id)).await;
    }
}

/// What a gateway's session knows beyond its socket.
pub struct GatewayDesk {
    pub line: Line,
    pub gateway: GatewayId,
    pub messages: Arc<MessageDesk>,
    /// Pages of the inventory that is coming in.
    pub inventory: Vec<wire::InventoryContact>,
    /// The present inventory was asked for because the last one differed.
    pub asked_again: bool,
}

impl GatewayDesk {
    /// `customer`: what is known of a new contact's.
    pub async fn handle(&mut self, id: &RequestId, tells: wire::GatewayTells, customer: Option<&Stance>) {
        match &tells {
            wire::GatewayTells::MessagePassed(told) => {
                if let Some(text) = &told.text {
                    return self.take_text(id, told, text).await;
                }
            }
            wire::GatewayTells::OrderDone(told) if self.is_of_message(id, &told.order, MessageStatus::Delivered) => {
                return;
            }
            wire::GatewayTells::OrderFailed(told) if self.is_of_message(id, &told.order, MessageStatus::Failed) => {
                return;
            }
            _ => {}
        }
        let mut action = match gateway_action(&self.line.ids, &self.gateway, &tells) {
            Ok(action) => action,
            Err(kind) => return self.line.refuse(Some(id), &kind),
        };
        if let (Some(Action::ContactArrived { attributes, .. }), Some(customer)) = (&mut action, customer) {
            customer.lay_over(attributes);
        }
        match (action, tells) {
            (Some(action), wire::GatewayTells::ContactArrived(told)) => {
                let answer = self.queued(id, &told.r#ref);
                self.line.tell(Some(id.clone()), action.into(), answer).await;
            }
            (_, wire::GatewayTells::Inventory(page)) => self.take_page(id, page).await,
            (action, tells) => {
                let action = action.expect("only a page of an inventory is no action");
                let answer = self.told(id, &tells);
                self.line.tell(Some(id.clone()), action.into(), answer).await;
            }
        }
    }

    fn is_of_message(&self, id: &RequestId, order: &wire::OrderId, status: MessageStatus) -> bool {
        order.as_str().parse().is_ok_and(|order| self.take_outcome(Some(id), EventNo(order), status))
    }

    /// The gateway answered an order: only a refusal says anything new.
    pub async fn order_answered(&self, id: &RequestId, answer: Result<wire::OrderAnswer, ()>) {
        let RequestId::Text(text) = id else { return };
        let Some(order) = text.strip_prefix("o-").and_then(|order| order.parse().ok()).map(EventNo) else { return };
        let why = match answer {
            Ok(answer) if answer == wire::OrderAnswer::ACCEPTED => return,
            Ok(_) => LegFailure::TimedOut,
            Err(()) => LegFailure::Failed,
        };
        if self.take_outcome(None, order, MessageStatus::Failed) {
            return;
        }
        let action = Action::OrderFailed { gateway: self.gateway.clone(), order, why, event: 0 };
        // Other orders than to connect, to call and for an exit change nothing when they fail: OrderGone.
        let ignored: Told = Box::new(|_| Ok(String::new()));
        self.line.tell(None, action.into(), ignored).await;
    }

    /// An unknown contact is named as the gateway names it.
    fn told(&self, id: &RequestId, tells: &wire::GatewayTells) -> Told {
        let reference = match tells {
            wire::GatewayTells::ContactUpdated(told) => Some(told.r#ref.clone()),
            wire::GatewayTells::ContactAbandoned(told) => Some(told.r#ref.clone()),
            wire::GatewayTells::ContactExitKey(told) => Some(told.r#ref.clone()),
            wire::GatewayTells::ContactConnected(told) => Some(told.r#ref.clone()),
            wire::GatewayTells::MessagePassed(told) => Some(told.r#ref.clone()),
            wire::GatewayTells::ContactEnded(told) => Some(told.r#ref.clone()),
            wire::GatewayTells::PartyLeft(told) => Some(told.r#ref.clone()),
            wire::GatewayTells::ContactArrived(told) => Some(told.r#ref.clone()),
            wire::GatewayTells::RecordingState(told) => Some(told.r#ref.clone()),
            wire::GatewayTells::OrderDone(_)
            | wire::GatewayTells::OrderFailed(_)
            | wire::GatewayTells::CallProgress(_)
            | wire::GatewayTells::MonitorChanged(_)
            | wire::GatewayTells::DeviceState(_)
            | wire::GatewayTells::GatewayLines(_)
            | wire::GatewayTells::Inventory(_) => None,
        };
        let done = self.line.done(id);
        Box::new(move |view| {
            done(view).map_err(|kind| match (kind, reference) {
                (ErrorKind::UnknownContact { .. }, Some(r#ref)) => ErrorKind::UnknownRef { r#ref },
                (kind, _) => kind,
            })
        })
    }

    async fn take_page(&mut self, id: &RequestId, page: wire::Inventory) {
        if page.page == 1 {
            self.inventory.clear();
        }
        for device in &page.devices {
            let Ok(endpoint) = Endpoint::new(device.endpoint.as_str()) else { continue };
            let (gateway, state) = (self.gateway.clone(), device_state(device.state));
            let ignored: Told = Box::new(|_| Ok(String::new()));
            self.line.tell(None, Action::DeviceChanged { gateway, endpoint, state }.into(), ignored).await;
        }
        if self.inventory.len() + page.contacts.len() > INVENTORY_CONTACTS_MAX {
            self.inventory.clear();
            let kind = ErrorKind::invalid_field("contacts", "at most 200,000 contacts in one inventory");
            return self.line.refuse(Some(id), &kind);
        }
        self.inventory.extend(page.contacts);
        if !page.last {
            let text = answer_text(id, &wire::Nothing {});
            let _ = self.line.outgoing.try_send(Outgoing::Text(Utf8Bytes::from(text)));
            return;
        }
        let named: Result<Vec<_>, _> = std::mem::take(&mut self.inventory).iter().map(inventory_contact).collect();
        let contacts = match named {
            Ok(contacts) => contacts,
            Err(kind) => return self.line.refuse(Some(id), &kind),
        };
        let now = self.line.clock.now();
        let as_of = on_our_clock(page.as_of, page.occurred_at, now);
        let action = Action::Inventory { gateway: self.gateway.clone(), as_of, contacts };
        let told = self.line.done(id);
        self.line.tell(Some(id.clone()), action.into(), told).await;
        self.asked_again = !self.asked_again;
        if self.asked_again {
            self.ask_again_if_needed().await;
        }
    }

    /// What one inventory misses for the first time is looked for again at once.
    async fn ask_again_if_needed(&self) {
        let (gateway, outgoing) = (self.gateway.clone(), self.line.outgoing.clone());
        let answer: Answer = Box::new(move |view| {
            let differs = view.is_ok_and(|view| {
                let state = view.router.state();
                state.gateway_no(&gateway).is_some_and(|no| {
                    !state.gateway(no).unknown.is_empty()
                        || state.contacts.values().any(|contact| contact.gateway == no && contact.missing)
                })
            });
            Box::new(move || {
                if differs {
                    let _ = outgoing.try_send(Outgoing::AskInventory);
                }
            })
        });
        self.line.source.ask(answer).await;
    }
}

#[cfg(test)]
mod tests;
