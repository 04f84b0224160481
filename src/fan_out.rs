//! For each event, who must hear it, and which order it means for a gateway: once, here, for all
//! of them. Changes nothing and sends nothing.

use std::sync::Arc;

use crate::router_handle::views::{agent_view, callback_rules, disposition_rule, endpoint_of, number_of, offer_view};
use crate::router_handle::{AgentChangedBy, AgentNews, Delivery, NotConnected, Order, OrderKind, View};
use crate::routing::command::{EndedBy, LegFailure};
use crate::routing::event::{Event, Fact, OfferOutcome};
use crate::routing::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId, SegmentId};
use crate::routing::personal::PersonalDetails;
use crate::routing::rule_set::{Channel, ExitAction};
use crate::routing::time::{Millis, Timestamp};
use crate::routing::visit::{Contact, Visit};

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
                self.tell_not_connected(agent, *contact, *segment, NotConnected::Agent(*why));
            }
            Fact::AttemptFailed { contact, segment, agent, why, .. } => {
                self.tell_not_connected(agent, *contact, *segment, NotConnected::Customer(*why));
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
            Fact::SegmentSetAside { contact, segment, agent, .. } => {
                self.tell(agent, AgentNews::SetAside { contact: *contact, segment: *segment });
            }
            Fact::SegmentTakenUp { contact, segment, agent } => {
                self.tell(agent, AgentNews::TakenUp { contact: *contact, segment: *segment });
            }
            Fact::ContactSuspended { contact, segment, agent, until } => {
                self.tell(agent, AgentNews::Suspended { contact: *contact, segment: *segment, until: *until });
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
            | Fact::CallbackPromised { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactTakenUp { .. }
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

    fn tell_not_connected(&mut self, agent: &AgentId, contact: ContactId, segment: SegmentId, why: NotConnected) {
        let closed = AgentNews::SegmentClosed {
            contact,
            segment,
            connected: false,
            failure: Some(why),
            talk: Millis::ZERO,
            hold: Millis::ZERO,
            wrap_up: Millis::ZERO,
            disposition: None,
        };
        self.tell(agent, closed);
    }

    fn tell_wrap_up(&mut self, agent: &AgentId, contact: ContactId, segment: SegmentId, ends_at: Timestamp) {
        let state = self.view.router.state();
        if let Some(wrapping) = state.segments.get(&segment) {
            let disposition = disposition_rule(state, wrapping);
            self.tell(agent, AgentNews::WrapUpStarted { contact, segment, ends_at, disposition });
        }
    }

    fn orders(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactOffered { contact, agent, expires_at, rings: true, .. } => {
                self.order(*contact, *expires_at, self.connect(agent));
            }
            Fact::OfferEnded { contact, agent, outcome, .. } if self.may_still_ring(*contact, agent, outcome) => {
                self.order_party_off(*contact, agent);
            }
            Fact::ContactConnecting { contact, segment, agent, connect_by, .. } => {
                self.order_connection(*contact, *segment, agent, *connect_by);
            }
            Fact::ConnectFailed { contact, agent, why, .. } => self.order_leg_off(*contact, agent, *why),
            Fact::ContactTransferred { contact, agent, .. } | Fact::ContactReturned { contact, agent, .. } => {
                self.order_party_off(*contact, agent)
            }
            Fact::ContactSuspended { contact, .. } => {
                self.order(*contact, self.at + CLICK_ORDER_LIFE, OrderKind::Suspend);
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

    fn contact(&self, contact: ContactId) -> Option<&Contact> {
        self.view.router.state().contacts.get(&contact)
    }

    fn connect(&self, agent: &AgentId) -> OrderKind {
        OrderKind::Connect { agent: agent.clone(), endpoint: endpoint_of(self.view.router.state(), agent) }
    }

    fn order_party_off(&mut self, contact: ContactId, agent: &AgentId) {
        let endpoint = endpoint_of(self.view.router.state(), agent);
        let kind = OrderKind::RemoveParty { agent: agent.clone(), endpoint };
        self.order(contact, self.at + CLICK_ORDER_LIFE, kind);
    }

    /// Not when the gateway itself has said that the phone does not ring.
    fn may_still_ring(&self, contact: ContactId, agent: &AgentId, outcome: &OfferOutcome) -> bool {
        let has_failed = match outcome {
            OfferOutcome::LegFailed { .. } => true,
            OfferOutcome::Declined { .. }
            | OfferOutcome::Expired
            | OfferOutcome::Rescinded
            | OfferOutcome::Revoked { .. } => false,
        };
        let channel = self.contact(contact).map(|contact| contact.channel);
        let agent = self.view.router.state().agents.get(agent);
        let rang = channel.zip(agent).is_some_and(|(channel, agent)| {
            // Who is no longer in the rules may have had such a phone.
            agent.rings(channel) || (agent.rules.is_none() && channel == Channel::Voice)
        });
        !has_failed && rang
    }

    /// To connect, or to call first who is not on the line. A phone that was lifted is connected already.
    fn order_connection(&mut self, id: ContactId, segment: SegmentId, agent: &AgentId, connect_by: Timestamp) {
        let state = self.view.router.state();
        let Some((contact, segment)) = self.contact(id).zip(state.segments.get(&segment)) else { return };
        if segment.order != self.no {
            return;
        }
        if contact.attempt != Some(self.no) {
            return self.order(id, connect_by, self.connect(agent));
        }
        // A number that nobody can read any more cannot be called: the order to connect runs out of time.
        let Some(to) = number_of(contact) else { return };
        let rules = callback_rules(state, contact);
        let (agent, endpoint) = (agent.clone(), endpoint_of(state, agent));
        let kind = OrderKind::PlaceCall { to, agent, endpoint, first: rules.first, ring_for: rules.ring_for };
        self.order(id, connect_by - rules.ring_for, kind);
    }

    /// The agent's leg is off: the call is given up with it, unless its customer is on the line.
    fn order_leg_off(&mut self, id: ContactId, agent: &AgentId, why: LegFailure) {
        let Some(contact) = self.contact(id) else { return };
        match (contact.on_line, contact.attempt) {
            (false, Some(of)) => self.order(id, self.at + CLICK_ORDER_LIFE, OrderKind::CancelCall { of }),
            (false, None) | (true, _) => {
                if why == LegFailure::TimedOut {
                    self.order_party_off(id, agent);
                }
            }
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
        ExitAction::Queue(_) | ExitAction::Callback | ExitAction::HangUp => None,
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
        | Fact::AttemptFailed { agent, .. }
        | Fact::ContactConnected { agent, .. }
        | Fact::SegmentSetAside { agent, .. }
        | Fact::SegmentTakenUp { agent, .. } => Some((agent, AgentChangedBy::Contact)),
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
