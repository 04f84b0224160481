//! For each event, who must hear it, and which order it means for a gateway: once, here, for all
//! of them. Changes nothing and sends nothing.

use std::sync::Arc;

use crate::router_handle::views::{agent_view, disposition_rule, endpoint_of, offer_view};
use crate::router_handle::{AgentChangedBy, AgentNews, Delivery, Order, OrderKind, View};
use crate::routing::command::{EndedBy, LegFailure};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId, SegmentId};
use crate::routing::personal::PersonalDetails;
use crate::routing::rule_set::ExitAction;
use crate::routing::time::{Millis, Timestamp};
use crate::routing::visit::Visit;

/// How long an order that answers an agent's click may still be carried out.
const CLICK_ORDER_LIFE: Millis = Millis::seconds(10);
/// How long a call that is over may still be hung up.
const END_ORDER_LIFE: Millis = Millis::minutes(5);

/// What one event means for others. `view` is the state after the command that caused it, so what
/// has already gone on is left out: its own event tells it.
pub fn deliveries(view: View<'_>, no: EventNo, event: &Event, out: &mut Vec<Delivery>) {
    let mut told = Telling { view, no, at: event.at, out };
    told.news(&event.fact);
    told.orders(&event.fact);
    if let Some((agent, why)) = changes_agent(&event.fact) {
        told.agent_changed(agent, why);
    }
    if let Some(why) = changes_all_agents(&event.fact) {
        let agents: Vec<AgentId> = view.router.state().agents.keys().cloned().collect();
        agents.iter().for_each(|agent| told.agent_changed(agent, why));
    }
}

struct Telling<'a> {
    view: View<'a>,
    no: EventNo,
    at: Timestamp,
    out: &'a mut Vec<Delivery>,
}

impl Telling<'_> {
    fn tell(&mut self, agent: &AgentId, news: AgentNews) {
        self.out.push(Delivery::ToAgent { agent: agent.clone(), at: self.at, news });
    }

    fn agent_changed(&mut self, agent: &AgentId, why: AgentChangedBy) {
        if let Some(view) = agent_view(self.view, agent) {
            self.tell(agent, AgentNews::Changed { view, why });
        }
    }

    fn news(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactOffered { offer, agent, why, .. } => {
                if let Some(offered) = offer_view(self.view, *offer, Some(*why)) {
                    self.tell(agent, AgentNews::Offered(offered));
                }
            }
            Fact::OfferEnded { offer, contact, agent, outcome } => {
                let outcome = outcome.clone();
                self.tell(agent, AgentNews::OfferEnded { offer: *offer, contact: *contact, outcome });
            }
            Fact::ContactConnecting { contact, segment, agent, .. } => {
                self.tell(agent, AgentNews::Connecting { contact: *contact, segment: *segment });
            }
            Fact::ConnectFailed { contact, segment, agent, why } => {
                let closed = AgentNews::SegmentClosed {
                    contact: *contact,
                    segment: *segment,
                    connected: false,
                    failure: Some(*why),
                    talk: Millis::ZERO,
                    hold: Millis::ZERO,
                    wrap_up: Millis::ZERO,
                    disposition: None,
                };
                self.tell(agent, closed);
            }
            Fact::ContactConnected { contact, segment, agent } => {
                self.tell(agent, AgentNews::Connected { contact: *contact, segment: *segment });
            }
            Fact::ContactHeld { contact, segment, agent } => {
                self.tell(agent, AgentNews::Held { contact: *contact, segment: *segment });
            }
            Fact::ContactUnheld { contact, segment, agent } => {
                self.tell(agent, AgentNews::Unheld { contact: *contact, segment: *segment });
            }
            Fact::ContactTransferred { contact, segment, agent, to, .. } => {
                self.tell(agent, AgentNews::Transferred { contact: *contact, segment: *segment, to: to.clone() });
            }
            Fact::ContactUpdated { contact, details, .. } => self.tell_updated(*contact, details),
            Fact::ContactEnded { contact, by, agent: Some(agent), .. } => {
                self.tell(agent, AgentNews::Ended { contact: *contact, by: *by });
            }
            Fact::WrapUpStarted { contact, segment, agent, ends_at } => {
                self.tell_wrap_up(agent, *contact, *segment, *ends_at);
            }
            Fact::WrapUpExtended { segment, agent, ends_at } => {
                if let Some(extended) = self.view.router.state().segments.get(segment) {
                    self.tell_wrap_up(agent, extended.contact, *segment, *ends_at);
                }
            }
            Fact::SegmentClosed { contact, segment, agent, connected, talk, hold, wrap_up, disposition, .. } => {
                let closed = AgentNews::SegmentClosed {
                    contact: *contact,
                    segment: *segment,
                    connected: *connected,
                    failure: None,
                    talk: *talk,
                    hold: *hold,
                    wrap_up: *wrap_up,
                    disposition: disposition.clone(),
                };
                self.tell(agent, closed);
            }
            Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::RulesReplaced { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::InventoryCompared { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::ContactArrived { .. }
            | Fact::ContactQueued { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::ContactReturned { .. }
            | Fact::VisitEnded { .. }
            | Fact::ContactEnded { agent: None, .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    fn tell_updated(&mut self, id: ContactId, details: &PersonalDetails) {
        let state = self.view.router.state();
        let Some((contact, details)) = state.contacts.get(&id).zip(details.plain()) else { return };
        let visit = contact.visit.as_ref();
        let offers = visit.map(|visit| &visit.offers[..]).unwrap_or_default();
        let offered = offers.iter().filter_map(|offer| state.offers.get(offer)).map(|offer| offer.agent);
        let segment = visit.map_or(contact.segment, Visit::connecting);
        let served = segment.and_then(|segment| state.segments.get(&segment)).map(|segment| segment.agent);
        for agent in offered.chain(served) {
            let news = AgentNews::Updated { contact: id, details: Arc::clone(details) };
            self.tell(&state.agent_id(agent), news);
        }
    }

    fn tell_wrap_up(&mut self, agent: &AgentId, contact: ContactId, segment: SegmentId, ends_at: Timestamp) {
        let state = self.view.router.state();
        if let Some(wrapping) = state.segments.get(&segment) {
            let disposition = disposition_rule(state, wrapping);
            self.tell(agent, AgentNews::WrapUpStarted { contact, segment, ends_at, disposition });
        }
    }

    fn orders(&mut self, fact: &Fact) {
        let state = self.view.router.state();
        match fact {
            Fact::ContactConnecting { contact, agent, connect_by, .. } => {
                let kind = OrderKind::Connect { agent: agent.clone(), endpoint: endpoint_of(state, agent) };
                self.order(*contact, *connect_by, kind);
            }
            Fact::ContactTransferred { contact, agent, .. }
            | Fact::ContactReturned { contact, agent, .. }
            | Fact::ConnectFailed { contact, agent, why: LegFailure::TimedOut, .. } => {
                let kind = OrderKind::RemoveParty { agent: agent.clone(), endpoint: endpoint_of(state, agent) };
                self.order(*contact, self.at + CLICK_ORDER_LIFE, kind);
            }
            Fact::ExitTaken { contact, action, until: Some(until), .. } => {
                if let Some(kind) = exit_order(action) {
                    self.order(*contact, *until, kind);
                }
            }
            Fact::ExitFailed { contact, why: LegFailure::TimedOut, .. } => {
                self.order(*contact, self.at + CLICK_ORDER_LIFE, OrderKind::StopPlay);
            }
            Fact::ContactHeld { contact, .. } => self.order(*contact, self.at + CLICK_ORDER_LIFE, OrderKind::Hold),
            Fact::ContactUnheld { contact, .. } => self.order(*contact, self.at + CLICK_ORDER_LIFE, OrderKind::Unhold),
            Fact::ContactEnded { contact, gateway, reference, by, .. } => match by {
                EndedBy::Agent | EndedBy::Router => self.order_end(*contact, gateway, reference),
                EndedBy::Customer | EndedBy::Gateway | EndedBy::LostByGateway => {}
            },
            _ => {}
        }
    }

    fn order(&mut self, id: ContactId, not_after: Timestamp, kind: OrderKind) {
        let state = self.view.router.state();
        if let Some(contact) = state.contacts.get(&id) {
            let order = Order { order: self.no, not_after, contact: id, reference: contact.reference.clone(), kind };
            self.out.push(Delivery::ToGateway { gateway: state.gateway_id(contact.gateway), order });
        }
    }

    fn order_end(&mut self, contact: ContactId, gateway: &GatewayId, reference: &ContactRef) {
        let order = Order {
            order: self.no,
            not_after: self.at + END_ORDER_LIFE,
            contact,
            reference: reference.clone(),
            kind: OrderKind::End,
        };
        self.out.push(Delivery::ToGateway { gateway: gateway.clone(), order });
    }
}

/// What a gateway has to carry out for an exit.
fn exit_order(action: &ExitAction) -> Option<OrderKind> {
    match action {
        ExitAction::Announce { message } => Some(OrderKind::Play { message: Arc::clone(message) }),
        ExitAction::Voicemail { mailbox } => Some(OrderKind::Voicemail { mailbox: mailbox.clone() }),
        ExitAction::Queue(_) | ExitAction::HangUp => None,
    }
}

/// The agent whose own state the fact changes, and how that is called.
fn changes_agent(fact: &Fact) -> Option<(&AgentId, AgentChangedBy)> {
    match fact {
        Fact::AgentChanged { agent, cause, .. } => Some((agent, AgentChangedBy::Change(*cause))),
        Fact::DeviceChanged { agent, .. } => Some((agent, AgentChangedBy::Device)),
        Fact::AgentBackedOff { agent, .. }
        | Fact::BackOffEnded { agent }
        | Fact::ContactOffered { agent, .. }
        | Fact::OfferEnded { agent, .. } => Some((agent, AgentChangedBy::Offer)),
        Fact::ContactConnecting { agent, .. }
        | Fact::ConnectFailed { agent, .. }
        | Fact::ContactConnected { agent, .. } => Some((agent, AgentChangedBy::Contact)),
        Fact::WrapUpStarted { agent, .. } | Fact::SegmentClosed { agent, .. } => Some((agent, AgentChangedBy::WrapUp)),
        _ => None,
    }
}

fn changes_all_agents(fact: &Fact) -> Option<AgentChangedBy> {
    match fact {
        Fact::RulesReplaced { .. } => Some(AgentChangedBy::Rules),
        Fact::Resumed { .. } => Some(AgentChangedBy::ServerRestarted),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
