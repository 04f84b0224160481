//! For each event, who must hear it, and which order it means for a gateway: once, here, for all
//! of them. Changes nothing and sends nothing.

use std::sync::Arc;

use crate::router_handle::views::{
    MadeOffer, agent_view, answers_itself, asking, disposition_rule, endpoint_of, lasting_leg, made_offer_view,
    number_of, placing_of, recording_view, segment_view,
};
use crate::router_handle::{
    AgentChangedBy, AgentNews, Delivery, LegOrder, MESSAGE_LIFE, MessageOrder, NotConnected, Order, OrderKind, View,
};
use crate::routing::attempt::LeadStayEnd;
use crate::routing::command::{CallFailure, EndedBy, LegFailure, Presence};
use crate::routing::entry::attributes_of;
use crate::routing::event::{AgentChange, Event, Fact, OfferOutcome};
use crate::routing::ids::{AgentId, CampaignId, ContactId, ContactRef, EventNo, GatewayId, SegmentId};
use crate::routing::personal::{Details, PersonalDetails};
use crate::routing::recording::RecordingFailure;
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
    told.lists(&event.fact);
    told.orders(&event.fact);
    told.messages(&event.fact);
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

    fn lists(&mut self, fact: &Fact) {
        let Some(contact) = fact.contact() else { return };
        let router = self.view.router;
        for agent in router.tickets().changed_by(contact) {
            self.out.push(Delivery::ListChanged { agent: router.state().agent_id(agent) });
        }
    }

    fn news(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactOffered { contact, offer, agent, expires_at, rings, why, .. } => {
                // What he took himself, or what is dialled for him, is accepted already.
                let is_called = self.contact(*contact).is_some_and(|contact| contact.uncalled().is_some());
                if why.taken || is_called || self.view.router.state().offers.contains_key(offer) {
                    let made = MadeOffer { offer: *offer, contact: *contact, expires_at: *expires_at, rings: *rings };
                    let offered = made_offer_view(self.view, &made, Some(*why));
                    self.out.extend(offered.map(|offered| Delivery::ToAgent {
                        agent: agent.clone(),
                        at: self.at,
                        news: AgentNews::Offered(Box::new(offered)),
                    }));
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
            Fact::CallbackNotPlaced { contact, segment, agent, why, .. } => {
                self.tell_not_connected(agent, *contact, *segment, NotConnected::NotPlaced(*why));
            }
            Fact::AttemptRefused { contact, campaign, agent: Some(agent), why, until, .. } => {
                let refused = LeadStayEnd::Refused { why: *why, until: *until };
                self.tell_not_reached(agent, *contact, campaign, refused);
            }
            Fact::AttemptEnded { contact, campaign, agent: Some(agent), outcome, .. } => {
                self.tell_not_reached(agent, *contact, campaign, LeadStayEnd::Ended(*outcome));
            }
            Fact::ContactConnected { contact, segment, agent } => {
                self.tell(agent, AgentNews::Connected { contact: *contact, segment: *segment });
                self.tell_who_asks(*contact, agent);
            }
            Fact::LegLost { contact, segment, agent, until } => {
                self.tell(agent, AgentNews::LegLost { contact: *contact, segment: *segment, until: *until });
            }
            Fact::LegBack { contact, segment, agent } => {
                self.tell(agent, AgentNews::LegBack { contact: *contact, segment: *segment });
            }
            Fact::ConsultationBegun { contact, parent, agent, to, .. } => {
                let invited = AgentNews::PartyInvited { contact: *parent, consultation: *contact, to: to.clone() };
                self.tell(agent, invited);
            }
            Fact::ConsultationJoined { contact, parent, agent } => self.tell_joined(*contact, *parent, agent),
            Fact::ConsultationEnded { contact, parent, agent, end } => {
                self.tell(agent, AgentNews::PartyLeft { contact: *parent, consultation: *contact, end: *end });
            }
            Fact::ContactHandedOver { agent, to, to_segment, consultation, .. } => {
                let state = self.view.router.state();
                if state.segments.contains_key(to_segment) {
                    let segment = Box::new(segment_view(state, *to_segment));
                    let (from, consultation) = (agent.clone(), *consultation);
                    self.tell(to, AgentNews::TakenOver { segment, from, consultation });
                }
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
            Fact::ContactTransferredOutside { contact, segment, agent, details, .. } => {
                if let Some(to) = details.plain().and_then(|details| details.to.clone()) {
                    self.tell(agent, AgentNews::TransferredOutside { contact: *contact, segment: *segment, to });
                }
            }
            Fact::RecordingOrdered { contact, .. } => self.tell_recording(*contact, None),
            Fact::RecordingTold { contact, why, .. } => self.tell_recording(*contact, *why),
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
            | Fact::GatewayLinesSet { .. }
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
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadFiled { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { agent: None, .. }
            | Fact::AttemptEnded { agent: None, .. }
            | Fact::LeadReturned { .. }
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
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::TransferFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    fn tell_not_reached(&mut self, agent: &AgentId, contact: ContactId, campaign: &CampaignId, end: LeadStayEnd) {
        self.tell(agent, AgentNews::LeadNotReached { contact, campaign: campaign.clone(), end });
    }

    /// Whoever asked hears that his colleague is on the line.
    fn tell_who_asks(&mut self, consultation: ContactId, agent: &AgentId) {
        let state = self.view.router.state();
        let Some(asked) = self.contact(consultation).and_then(|contact| contact.consultation) else { return };
        let joined =
            AgentNews::PartyJoined { contact: asked.parent, consultation, agent: agent.clone(), is_conference: false };
        self.tell(&state.agent_id(asked.agent), joined);
    }

    /// Both agents of a conference hear of each other.
    fn tell_joined(&mut self, consultation: ContactId, parent: ContactId, agent: &AgentId) {
        let state = self.view.router.state();
        let segment = self.contact(consultation).and_then(|contact| contact.segment);
        let Some(other) = segment.map(|segment| state.agent_id(state.segments[&segment].agent)) else { return };
        for (one, other) in [(agent, &other), (&other, agent)] {
            let joined = AgentNews::PartyJoined {
                contact: Some(parent),
                consultation,
                agent: other.clone(),
                is_conference: true,
            };
            self.tell(one, joined);
        }
    }

    fn tell_updated(&mut self, id: ContactId, details: &PersonalDetails) {
        let state = self.view.router.state();
        let Some((contact, details)) = state.contacts.get(&id).zip(details.plain()) else { return };
        // All that is known now: an update alone says only what it adds.
        let details = Arc::new(Details { attributes: attributes_of(contact), ..Details::clone(details) });
        let visit = contact.visit.as_ref();
        let offers = visit.map(|visit| &visit.offers[..]).unwrap_or_default();
        let offered = offers.iter().filter_map(|offer| state.offers.get(offer)).map(|offer| offer.agent);
        let segment = visit.map_or(contact.segment, Visit::connecting);
        let served = segment.and_then(|segment| state.segments.get(&segment)).map(|segment| segment.agent);
        for agent in offered.chain(served) {
            let news = AgentNews::Updated { contact: id, details: Arc::clone(&details) };
            self.tell(&state.agent_id(agent), news);
        }
    }

    /// Whoever has the call in hand sees whether he is recorded.
    fn tell_recording(&mut self, id: ContactId, why: Option<RecordingFailure>) {
        let state = self.view.router.state();
        let recorded = self.contact(id).and_then(|contact| Some((contact.segment?, recording_view(contact)?)));
        if let Some((segment, recording)) = recorded {
            let agent = state.agent_id(state.segments[&segment].agent);
            self.tell(&agent, AgentNews::Recording { contact: id, recording, why });
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
            Fact::AgentChanged { agent, presence, cause, .. } if may_log_in_or_out(*cause) => {
                self.order_lasting_leg(agent, *presence != Presence::Offline);
            }
            Fact::ContactOffered { contact, agent, expires_at, rings: true, .. } => {
                self.order(*contact, *expires_at, self.connect(*contact, agent));
            }
            Fact::OfferEnded { contact, agent, outcome, .. } if self.may_still_ring(*contact, agent, outcome) => {
                self.order_party_off(*contact, agent);
            }
            Fact::ContactConnecting { contact, segment, agent, connect_by, .. } => {
                self.order_connection(*contact, *segment, agent, *connect_by);
            }
            Fact::AttemptPlaced { contact, agent, connect_by, .. } => self.order_call(*contact, agent, *connect_by),
            Fact::ConnectFailed { contact, agent, why, .. } => self.order_leg_off(*contact, agent, *why),
            Fact::ContactTransferred { contact, agent, .. } | Fact::ContactReturned { contact, agent, .. } => {
                self.order_party_off(*contact, agent)
            }
            Fact::LegLost { contact, agent, until, .. } => {
                self.order(*contact, *until, self.connect(*contact, agent));
            }
            Fact::ConsultationJoined { contact, parent, .. } => self.order_conference(*contact, *parent),
            Fact::ContactHandedOver { contact, to, consultation, .. } => {
                let endpoint = endpoint_of(self.view.router.state(), to);
                let consultation = ContactRef::of_consultation(*consultation);
                let kind = OrderKind::Complete { consultation, agent: to.clone(), endpoint };
                self.order(*contact, self.at + CLICK_ORDER_LIFE, kind);
            }
            Fact::ContactSuspended { contact, .. } => {
                self.order(*contact, self.at + CLICK_ORDER_LIFE, OrderKind::Suspend);
            }
            Fact::ExitTaken { contact, action, until: Some(until), .. } => {
                if let Some(kind) = exit_order(action) {
                    self.order(*contact, *until, kind);
                }
            }
            Fact::ContactTransferredOutside { contact, details, until, .. } => {
                // A number that nobody can read any more cannot be called: the order runs out of time.
                if let Some(to) = details.plain().and_then(|details| details.to.clone()) {
                    self.order(*contact, *until, OrderKind::Transfer { to });
                }
            }
            Fact::ExitFailed { contact, why: LegFailure::TimedOut, .. }
            | Fact::TransferFailed { contact, why: LegFailure::TimedOut, .. } => {
                self.order(*contact, self.at + CLICK_ORDER_LIFE, OrderKind::StopPlay);
            }
            Fact::ContactHeld { contact, .. } => self.order(*contact, self.at + CLICK_ORDER_LIFE, OrderKind::Hold),
            Fact::ContactUnheld { contact, .. } => self.order(*contact, self.at + CLICK_ORDER_LIFE, OrderKind::Unhold),
            Fact::RecordingOrdered { contact, recording, ask, .. } => {
                let kind = OrderKind::Record { recording: *recording, ask: *ask };
                self.order(*contact, self.at + CLICK_ORDER_LIFE, kind);
            }
            Fact::AttemptFailed { contact, why: CallFailure::TimedOut, .. } => self.order_call_off(*contact),
            Fact::ContactEnded { never_placed: true, .. } => {}
            Fact::ContactEnded { contact, gateway, reference, by, .. } => match by {
                EndedBy::Agent | EndedBy::Router | EndedBy::Supervisor => {
                    self.order_end(*contact, gateway, reference, *by);
                }
                EndedBy::Customer | EndedBy::Gateway | EndedBy::LostByGateway | EndedBy::Transfer => {}
            },
            _ => {}
        }
    }

    /// Which gateway has the device the rules do not say: all of them are told.
    fn order_lasting_leg(&mut self, agent: &AgentId, is_up: bool) {
        let state = self.view.router.state();
        let Some(endpoint) = lasting_leg(state, agent) else { return };
        let not_after = self.at + CLICK_ORDER_LIFE;
        let order = LegOrder { order: self.no, not_after, agent: agent.clone(), endpoint, is_up };
        for (gateway, _) in state.gateways.iter().filter(|(_, gateway)| gateway.is_attached()) {
            self.out.push(Delivery::LegToGateway { gateway: gateway.clone(), order: order.clone() });
        }
    }

    /// To whoever has the contact, but not to who wrote it; what an agent wrote to its gateway.
    fn messages(&mut self, fact: &Fact) {
        let Fact::MessagePassed { contact, agent: writer, message: Some(message), .. } = fact else { return };
        let state = self.view.router.state();
        let Some(known) = state.contacts.get(contact) else { return };
        let (contact, no) = (*contact, message.no);
        let owner = known.segment.map(|segment| state.agent_id(state.segments[&segment].agent));
        if let Some(agent) = owner.filter(|owner| writer.as_ref() != Some(owner)) {
            self.out.push(Delivery::MessageToAgent { agent, contact, no });
        }
        if writer.is_some() {
            let (gateway, reference) = (state.gateway_id(known.gateway), known.reference.clone());
            let order = MessageOrder { order: self.no, not_after: self.at + MESSAGE_LIFE, contact, reference, no };
            self.out.push(Delivery::MessageToGateway { gateway, order });
        }
    }

    fn contact(&self, contact: ContactId) -> Option<&Contact> {
        self.view.router.state().contacts.get(&contact)
    }

    fn connect(&self, contact: ContactId, agent: &AgentId) -> OrderKind {
        let state = self.view.router.state();
        let asking = self.contact(contact).and_then(|contact| asking(state, contact));
        OrderKind::Connect {
            agent: agent.clone(),
            endpoint: endpoint_of(state, agent),
            auto_answer: answers_itself(state, agent),
            asking,
        }
    }

    fn order_conference(&mut self, consultation: ContactId, parent: ContactId) {
        let state = self.view.router.state();
        let segment = self.contact(consultation).and_then(|contact| contact.segment);
        let Some(agent) = segment.map(|segment| state.agent_id(state.segments[&segment].agent)) else { return };
        let endpoint = endpoint_of(state, &agent);
        let kind = OrderKind::Join { consultation: ContactRef::of_consultation(consultation), agent, endpoint };
        self.order(parent, self.at + CLICK_ORDER_LIFE, kind);
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

    /// A phone that was lifted is connected already.
    fn order_connection(&mut self, id: ContactId, segment: SegmentId, agent: &AgentId, connect_by: Timestamp) {
        let state = self.view.router.state();
        let Some((contact, segment)) = self.contact(id).zip(state.segments.get(&segment)) else { return };
        // Who is not on the line is called once that is cleared.
        if segment.order == self.no && contact.on_line {
            self.order(id, connect_by, self.connect(id, agent));
        }
    }

    /// A number that nobody can read any more cannot be called: its time to be connected runs out.
    fn order_call(&mut self, id: ContactId, agent: &AgentId, connect_by: Timestamp) {
        let state = self.view.router.state();
        let Some((contact, to)) = self.contact(id).and_then(|contact| Some((contact, number_of(contact)?))) else {
            return;
        };
        let placing = placing_of(state, contact);
        let not_after = connect_by - placing.ring_for;
        let kind = OrderKind::PlaceCall {
            to,
            agent: agent.clone(),
            endpoint: endpoint_of(state, agent),
            auto_answer: answers_itself(state, agent),
            placing,
        };
        self.order(id, not_after, kind);
    }

    /// The agent's leg is off: the call is given up with it, unless its customer is on the line.
    fn order_leg_off(&mut self, id: ContactId, agent: &AgentId, why: LegFailure) {
        let Some(contact) = self.contact(id) else { return };
        match (contact.on_line, contact.call_order) {
            (false, Some(_)) => self.order_call_off(id),
            (false, None) => {}
            (true, _) => {
                if matches!(why, LegFailure::TimedOut | LegFailure::CalledOff) {
                    self.order_party_off(id, agent);
                }
            }
        }
    }

    /// Its end orders the same, when it was the last try.
    fn order_call_off(&mut self, id: ContactId) {
        if let Some(of) = self.contact(id).and_then(|contact| contact.call_order) {
            self.order(id, self.at + CLICK_ORDER_LIFE, OrderKind::CancelCall { of });
        }
    }

    fn order(&mut self, id: ContactId, not_after: Timestamp, kind: OrderKind) {
        let state = self.view.router.state();
        if let Some(contact) = state.contacts.get(&id) {
            let order = Order { order: self.no, not_after, contact: id, reference: contact.reference.clone(), kind };
            self.out.push(Delivery::ToGateway { gateway: state.gateway_id(contact.gateway), order });
        }
    }

    fn order_end(&mut self, contact: ContactId, gateway: &GatewayId, reference: &ContactRef, by: EndedBy) {
        let order = Order {
            order: self.no,
            not_after: self.at + END_ORDER_LIFE,
            contact,
            reference: reference.clone(),
            kind: OrderKind::End { by },
        };
        self.out.push(Delivery::ToGateway { gateway: gateway.clone(), order });
    }
}

/// Whether the change may be from or to offline. What is so already is ordered again: it costs nothing.
fn may_log_in_or_out(cause: AgentChange) -> bool {
    match cause {
        AgentChange::Chosen | AgentChange::AfterContact | AgentChange::Lost | AgentChange::LoggedOut => true,
        AgentChange::ConsoleOpened
        | AgentChange::ConsoleClosed
        | AgentChange::HeardFrom
        | AgentChange::OfferUndelivered
        | AgentChange::GraceOver
        | AgentChange::Missed
        | AgentChange::DroppedFromRules
        | AgentChange::SetBySupervisor => false,
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
        | Fact::CallbackNotPlaced { agent, .. }
        | Fact::ContactConnected { agent, .. }
        | Fact::SegmentSetAside { agent, .. }
        | Fact::SegmentTakenUp { agent, .. }
        | Fact::ConsultationBegun { agent, .. }
        | Fact::ConsultationEnded { agent, .. }
        | Fact::ContactHandedOver { to: agent, .. } => Some((agent, AgentChangedBy::Contact)),
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
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::reporting::live_board::Board;
    use crate::router_handle::views::Placing;
    use crate::routing::command::{Action, CallProgress, LogOutHow, PresenceWhen};
    use crate::routing::ids::{AttemptId, Endpoint, OfferId, QueueId};
    use crate::routing::personal::Address;
    use crate::routing::router::ContactRouter;
    use crate::routing::rule_set::{
        AgentRules, EntryRule, ExitKey, ExitRules, FirstCalled, Phone, PhoneMode, QueueRules, RuleSet,
    };

    const T: Timestamp = Timestamp(1_000_000);

    struct Bench {
        router: ContactRouter,
        board: Board,
        /// The number of the last event of the exit that was taken.
        exit: EventNo,
    }

    impl Bench {
        /// One caller waits in a queue with an exit on 1, 2 and 3; its only agent makes a pause.
        fn new() -> Bench {
            let key = |key: char| ExitKey::try_from(key).unwrap();
            let keys = BTreeMap::from([
                (key('1'), ExitAction::Voicemail { mailbox: Some(Arc::from("gold")) }),
                (key('2'), ExitAction::Announce { message: Arc::from("sorry") }),
                (key('3'), ExitAction::HangUp),
            ]);
            let gold = QueueId::new("gold").unwrap();
            let queue = QueueRules { exits: ExitRules { keys, ..ExitRules::default() }, ..QueueRules::default() };
            let entry = EntryRule {
                name: Arc::from("all"),
                when: None,
                queue: gold.clone(),
                agent: None,
                skills: Default::default(),
                priority: 0,
            };
            let ana = AgentId::new("ana").unwrap();
            let rules = RuleSet {
                entry: vec![entry],
                queues: [(gold, Arc::new(queue))].into(),
                agents: [(ana.clone(), Arc::new(AgentRules::default()))].into(),
                ..RuleSet::default()
            };
            let mut bench = Bench { router: ContactRouter::new(), board: Board::new(), exit: EventNo::ZERO };
            bench.orders(Action::ReplaceRules { rules: Arc::new(rules) }, T);
            bench.orders(Action::OpenConsole { agent: ana.clone() }, T);
            let presence = Presence::NotReady { reason: Arc::from("pause") };
            bench.orders(Action::SetPresence { agent: ana, presence, when: PresenceWhen::Now }, T);
            let arrived = Action::ContactArrived {
                gateway: gateway(),
                reference: reference(),
                channel: Channel::Voice,
                direction: Default::default(),
                from: None,
                to: None,
                attributes: Default::default(),
                event: 1,
            };
            assert_eq!(bench.orders(arrived, T), []);
            bench
        }

        fn orders(&mut self, action: Action, now: Timestamp) -> Vec<Order> {
            let events = self.router.handle(action.into(), now).unwrap();
            self.orders_of(&events, now)
        }

        fn orders_at(&mut self, now: Timestamp) -> Vec<Order> {
            let events = self.router.advance_to(now);
            self.orders_of(&events, now)
        }

        fn orders_of(&mut self, events: &[Event], now: Timestamp) -> Vec<Order> {
            events.iter().for_each(|event| self.board.evolve(event));
            let first = self.router.event_no().0 + 1 - events.len() as u64;
            let view = View { router: &self.router, board: &self.board, now };
            let mut told = Vec::new();
            for (no, event) in (first..).map(EventNo).zip(events) {
                if matches!(event.fact, Fact::ExitTaken { .. }) {
                    self.exit = no;
                }
                deliveries(view, no, event, &mut told);
            }
            let order = |delivery| match delivery {
                Delivery::ToGateway { gateway: to, order } => (to == gateway()).then_some(order),
                Delivery::ToAgent { .. }
                | Delivery::ListChanged { .. }
                | Delivery::MessageToAgent { .. }
                | Delivery::MessageToGateway { .. }
                | Delivery::LegToGateway { .. } => None,
            };
            told.into_iter().filter_map(order).collect()
        }

        fn board_follows(&mut self, events: &[Event]) {
            events.iter().for_each(|event| self.board.evolve(event));
        }

        fn press(&mut self, key: char) -> Vec<Order> {
            let key = ExitKey::try_from(key).unwrap();
            let pressed = Action::ExitKeyPressed { gateway: gateway(), reference: reference(), key, event: 2 };
            self.orders(pressed, T + Millis::seconds(5))
        }
    }

    fn gateway() -> GatewayId {
        GatewayId::new("pbx").unwrap()
    }

    fn reference() -> ContactRef {
        ContactRef::new("a").unwrap()
    }

    /// An end, whoever ordered it.
    const END: OrderKind = OrderKind::End { by: EndedBy::Router };

    fn kinds(orders: &[Order]) -> Vec<&OrderKind> {
        let is_end = |kind: &OrderKind| matches!(kind, OrderKind::End { .. });
        orders.iter().map(|order| if is_end(&order.kind) { &END } else { &order.kind }).collect()
    }

    #[test]
    fn voicemail_is_ordered_by_its_exits_number_and_stopped_when_it_does_not_begin() {
        let mut bench = Bench::new();
        let orders = bench.press('1');
        assert_eq!(kinds(&orders), [&OrderKind::Voicemail { mailbox: Some(Arc::from("gold")) }]);
        let until = T + Millis::seconds(25);
        assert_eq!((orders[0].order, orders[0].not_after, &orders[0].reference), (bench.exit, until, &reference()));
        assert_eq!(bench.orders_at(until - Millis(1)), []);
        assert_eq!(kinds(&bench.orders_at(until)), [&OrderKind::StopPlay]);

        let mut bench = Bench::new();
        let order = bench.press('1')[0].order;
        assert_eq!(bench.orders(Action::OrderDone { gateway: gateway(), order, event: 3 }, until - Millis(1)), []);
        assert_eq!(bench.orders_at(until + Millis::minutes(60)), [], "he may speak as long as he likes");
    }

    #[test]
    fn a_gateway_that_says_that_it_cannot_is_not_told_to_stop() {
        let mut bench = Bench::new();
        let order = bench.press('1')[0].order;
        let failed = Action::OrderFailed { gateway: gateway(), order, why: LegFailure::Failed, event: 3 };
        assert_eq!(bench.orders(failed, T + Millis::seconds(6)), []);
    }

    #[test]
    fn who_has_heard_the_message_is_hung_up_and_so_is_who_is_sent_home() {
        let mut bench = Bench::new();
        let orders = bench.press('2');
        assert_eq!(kinds(&orders), [&OrderKind::Play { message: Arc::from("sorry") }]);
        assert_eq!((orders[0].order, orders[0].not_after), (bench.exit, T + Millis::seconds(65)));
        let done = Action::OrderDone { gateway: gateway(), order: orders[0].order, event: 3 };
        assert_eq!(kinds(&bench.orders(done, T + Millis::seconds(12))), [&END]);

        let mut silent = Bench::new();
        silent.press('2');
        assert_eq!(kinds(&silent.orders_at(T + Millis::seconds(65))), [&END], "nobody hears it for ever");

        let mut home = Bench::new();
        assert_eq!(kinds(&home.press('3')), [&END]);
    }

    #[test]
    fn a_call_is_transferred_outside_by_its_events_number_and_called_back_when_it_does_not_get_there() {
        let mut bench = Bench::new();
        let mut rules = (*bench.router.state().rules).clone();
        rules.agents.insert(ana(), Arc::new(AgentRules { may_transfer_outside: true, ..AgentRules::default() }));
        rules.site.outside_prefixes = vec![Arc::from("+33")];
        bench.orders(Action::ReplaceRules { rules: Arc::new(rules) }, T);
        let available = Action::SetPresence { agent: ana(), presence: Presence::Available, when: PresenceWhen::Now };
        bench.orders(available, T);
        let offer = *bench.router.state().offers.keys().next().unwrap();
        bench.orders(Action::AcceptOffer { agent: ana(), offer }, T);
        let connected = Action::ContactConnected { gateway: gateway(), reference: reference(), order: None, event: 2 };
        bench.orders(connected, T);
        let to = Address(Arc::from("+33612345678"));
        let contact = *bench.router.state().contacts.keys().next().unwrap();
        let (note, attributes) = (None, Default::default());
        let outside = Action::TransferOutside { agent: ana(), contact, to: to.clone(), note, attributes };
        let orders = bench.orders(outside, T);
        assert_eq!(kinds(&orders), [&OrderKind::Transfer { to }]);
        let until = T + Millis::seconds(60);
        assert_eq!(orders[0].not_after, until);
        let mut done = bench.router.clone();
        let order_done = Action::OrderDone { gateway: gateway(), order: orders[0].order, event: 3 };
        assert_eq!(done.handle(order_done.into(), T).unwrap().len(), 1);
        assert!(done.state().contacts.is_empty(), "it is the gateway's alone");
        let orders = bench.orders_at(until);
        assert_eq!(kinds(&orders)[0], &OrderKind::StopPlay);
    }

    /// One agent with such a phone is there; a caller has come to a queue that calls back.
    struct Phones {
        bench: Bench,
        news: Vec<AgentNews>,
        legs: Vec<LegOrder>,
    }

    impl Phones {
        fn new(mode: PhoneMode) -> Phones {
            let mut bench = Bench::new();
            let mut rules = (*bench.router.state().rules).clone();
            let phone = Phone { mode, endpoint: Some(Endpoint::new("SIP/1").unwrap()) };
            rules.agents.insert(ana(), Arc::new(AgentRules { phone, ..AgentRules::default() }));
            rules.site.interrupts.insert(Channel::Voice, vec![Channel::Email]);
            let mut queue = (*rules.queues[&gold()]).clone();
            queue.exits.keys.insert(ExitKey::try_from('4').unwrap(), ExitAction::Callback);
            rules.queues.insert(gold(), Arc::new(queue));
            bench.orders(Action::ReplaceRules { rules: Arc::new(rules) }, T);
            bench.orders(
                Action::ContactEnded { gateway: gateway(), reference: reference(), by: EndedBy::Customer, event: 2 },
                T,
            );
            Phones { bench, news: Vec::new(), legs: Vec::new() }
        }

        fn go(&mut self, action: Action, seconds: i64) -> Vec<Order> {
            let now = T + Millis::seconds(seconds);
            let events = self.bench.router.handle(action.into(), now).unwrap();
            self.bench.board_follows(&events);
            let first = self.bench.router.event_no().0 + 1 - events.len() as u64;
            let view = View { router: &self.bench.router, board: &self.bench.board, now };
            let mut told = Vec::new();
            for (no, event) in (first..).map(EventNo).zip(&events) {
                deliveries(view, no, event, &mut told);
            }
            let mut orders = Vec::new();
            for delivery in told {
                match delivery {
                    Delivery::ToGateway { order, .. } => orders.push(order),
                    Delivery::ToAgent { news, .. } => self.news.push(news),
                    Delivery::LegToGateway { order, .. } => self.legs.push(order),
                    Delivery::ListChanged { .. }
                    | Delivery::MessageToAgent { .. }
                    | Delivery::MessageToGateway { .. } => {}
                }
            }
            orders
        }

        fn available(&mut self, seconds: i64) -> Vec<Order> {
            let set = Action::SetPresence { agent: ana(), presence: Presence::Available, when: PresenceWhen::Now };
            self.go(set, seconds)
        }

        fn log_out(&mut self, seconds: i64) -> Vec<Order> {
            self.go(Action::LogOut { by: None, agent: ana(), how: LogOutHow::Finish }, seconds)
        }

        fn arrive(&mut self, name: &str, channel: Channel, seconds: i64) -> Vec<Order> {
            let arrived = Action::ContactArrived {
                gateway: gateway(),
                reference: ContactRef::new(name).unwrap(),
                channel,
                direction: Default::default(),
                from: Some(Address("+33612345678".into())),
                to: None,
                attributes: Default::default(),
                event: 0,
            };
            self.go(arrived, seconds)
        }

        fn offered(&self) -> (OfferId, bool) {
            let shown = self.news.iter().rev().find_map(|news| match news {
                AgentNews::Offered(offer) => Some((offer.offer, offer.rings)),
                _ => None,
            });
            shown.expect("an offer was shown")
        }

        fn accept(&mut self, seconds: i64) -> Vec<Order> {
            let (offer, _) = self.offered();
            self.go(Action::AcceptOffer { agent: ana(), offer }, seconds)
        }

        fn connected(&mut self, name: &str, order: EventNo, seconds: i64) -> Vec<Order> {
            let reference = ContactRef::new(name).unwrap();
            self.go(Action::ContactConnected { gateway: gateway(), reference, order: Some(order), event: 0 }, seconds)
        }

        /// The caller asks to be called, the agent accepts, and the call is cleared.
        fn placed(&mut self) -> Order {
            self.arrive("b", Channel::Voice, 1);
            let key = ExitKey::try_from('4').unwrap();
            let pressed =
                Action::ExitKeyPressed { gateway: gateway(), reference: ContactRef::new("b").unwrap(), key, event: 0 };
            assert_eq!(kinds(&self.go(pressed, 2)), [&END], "he hangs up; nobody is called yet");
            assert_eq!(self.available(3), []);
            assert_eq!(self.accept(4), [], "no gateway hears of a call that is not cleared");
            let attempt = AttemptId(self.bench.router.state().next_id - 1);
            let orders = self.go(Action::ClearAttempt { attempt }, 4);
            assert_eq!(orders.len(), 1, "{orders:?}");
            orders[0].clone()
        }
    }

    fn ana() -> AgentId {
        AgentId::new("ana").unwrap()
    }

    fn gold() -> QueueId {
        QueueId::new("gold").unwrap()
    }

    fn endpoint() -> Endpoint {
        Endpoint::new("SIP/1").unwrap()
    }

    #[test]
    fn a_phone_that_stays_up_is_opened_with_the_log_in_and_closed_with_the_log_out() {
        let mut phones = Phones::new(PhoneMode::Persistent);
        assert_eq!(phones.available(1), []);
        assert_eq!(phones.log_out(2), []);
        let told: Vec<(bool, &Endpoint)> = phones.legs.iter().map(|leg| (leg.is_up, &leg.endpoint)).collect();
        assert_eq!(told, [(true, &endpoint()), (false, &endpoint())]);
        let mut others = Phones::new(PhoneMode::Console);
        others.available(1);
        others.log_out(2);
        assert_eq!(others.legs, []);
    }

    #[test]
    fn only_the_device_of_who_accepts_at_his_console_lifts_itself() {
        for (mode, lifts) in [(PhoneMode::Console, true), (PhoneMode::Persistent, false)] {
            let mut phones = Phones::new(mode);
            phones.available(1);
            phones.arrive("b", Channel::Voice, 2);
            let orders = phones.accept(3);
            let connect = OrderKind::Connect { agent: ana(), endpoint: endpoint(), auto_answer: lifts, asking: None };
            assert_eq!(kinds(&orders), [&connect], "{mode:?}");
        }
    }

    #[test]
    fn a_phone_that_rings_with_its_offer_is_ordered_once_and_stopped_when_the_offer_ends() {
        let mut phones = Phones::new(PhoneMode::Phone);
        phones.available(1);
        let orders = phones.arrive("b", Channel::Voice, 2);
        let connect = OrderKind::Connect { agent: ana(), endpoint: endpoint(), auto_answer: false, asking: None };
        assert_eq!(kinds(&orders), [&connect]);
        assert_eq!(orders[0].not_after, T + Millis::seconds(17), "as long as the offer is open");
        let (offer, rings) = phones.offered();
        assert!(rings);
        assert_eq!(phones.connected("b", orders[0].order, 4), [], "it is connected: nothing is left to order");

        let mut phones = Phones::new(PhoneMode::Phone);
        phones.available(1);
        phones.arrive("b", Channel::Voice, 2);
        let (declined, _) = phones.offered();
        assert!(offer.0 > 0);
        let declined = Action::DeclineOffer { agent: ana(), offer: declined, reason: None };
        assert_eq!(kinds(&phones.go(declined, 3)), [&OrderKind::RemoveParty { agent: ana(), endpoint: endpoint() }]);

        let mut phones = Phones::new(PhoneMode::Phone);
        phones.available(1);
        let order = phones.arrive("b", Channel::Voice, 2)[0].order;
        let failed = Action::OrderFailed { gateway: gateway(), order, why: LegFailure::Unregistered, event: 0 };
        assert_eq!(phones.go(failed, 3), [], "the gateway knows that it does not ring");
        let ended = phones
            .news
            .iter()
            .any(|news| matches!(news, AgentNews::OfferEnded { outcome: OfferOutcome::LegFailed { .. }, .. }));
        assert!(ended, "{:?}", phones.news);
    }

    #[test]
    fn an_offer_on_the_console_orders_nothing_when_it_ends() {
        let mut phones = Phones::new(PhoneMode::Console);
        phones.available(1);
        assert_eq!(phones.arrive("b", Channel::Voice, 2), []);
        let (offer, rings) = phones.offered();
        assert!(!rings);
        assert_eq!(phones.go(Action::DeclineOffer { agent: ana(), offer, reason: None }, 3), []);
    }

    #[test]
    fn a_callback_is_placed_with_its_number_and_given_up_with_its_agent() {
        let mut phones = Phones::new(PhoneMode::Phone);
        let placed = phones.placed();
        let (_, rings) = phones.offered();
        assert!(!rings, "nobody is on the line yet");
        let kind = OrderKind::PlaceCall {
            to: Address("+33612345678".into()),
            agent: ana(),
            endpoint: endpoint(),
            auto_answer: false,
            placing: Placing { first: FirstCalled::Agent, ring_for: Millis::seconds(30), caller_id: None },
        };
        assert_eq!(
            (&placed.kind, placed.not_after),
            (&kind, T + Millis::seconds(24)),
            "then it can still ring for 30 s"
        );
        assert!(placed.reference.as_str().starts_with("callback-"), "{}", placed.reference);
        let failed =
            Action::OrderFailed { gateway: gateway(), order: placed.order, why: LegFailure::NoAnswer, event: 0 };
        assert_eq!(kinds(&phones.go(failed, 6)), [&OrderKind::CancelCall { of: placed.order }]);
    }

    #[test]
    fn a_call_of_which_the_gateway_says_nothing_is_given_up() {
        let mut phones = Phones::new(PhoneMode::Console);
        let placed = phones.placed();
        let connect_by = T + Millis::seconds(4 + 20 + 30);
        assert_eq!(phones.bench.orders_at(connect_by - Millis(1)), []);
        let given_up = phones.bench.orders_at(connect_by);
        assert_eq!(kinds(&given_up), [&OrderKind::CancelCall { of: placed.order }]);
        assert_eq!((&given_up[0].reference, given_up[0].contact), (&placed.reference, placed.contact));

        let mut phones = Phones::new(PhoneMode::Console);
        let mut rules = (*phones.bench.router.state().rules).clone();
        let mut queue = (*rules.queues[&gold()]).clone();
        queue.callback.attempts_max = 1;
        rules.queues.insert(gold(), Arc::new(queue));
        phones.go(Action::ReplaceRules { rules: Arc::new(rules) }, 0);
        let placed = phones.placed();
        let ended = phones.bench.orders_at(connect_by);
        assert_eq!(kinds(&ended), [&END], "it was the last try");
        assert_eq!(ended[0].reference, placed.reference);
    }

    #[test]
    fn a_call_that_was_never_placed_is_not_ended_at_its_gateway() {
        let mut phones = Phones::new(PhoneMode::Console);
        let asks = |phones: &mut Phones, name: &str, at: i64| {
            phones.arrive(name, Channel::Voice, at);
            let (key, reference) = (ExitKey::try_from('4').unwrap(), ContactRef::new(name).unwrap());
            phones.go(Action::ExitKeyPressed { gateway: gateway(), reference, key, event: 0 }, at)
        };
        let ended = |orders: &[Order]| -> Vec<String> {
            assert!(orders.iter().all(|order| matches!(order.kind, OrderKind::End { .. })), "{orders:?}");
            orders.iter().map(|order| order.reference.to_string()).collect()
        };
        assert_eq!(ended(&asks(&mut phones, "b", 1)), ["b"]);
        assert_eq!(ended(&asks(&mut phones, "c", 2)), ["c"], "his earlier wish is withdrawn");
    }

    #[test]
    fn an_agent_whose_customer_was_not_reached_is_told_so_and_one_who_was_is_connected() {
        let mut phones = Phones::new(PhoneMode::Console);
        let placed = phones.placed();
        let progress = |progress| Action::CallProgress { gateway: gateway(), order: placed.order, progress, event: 0 };
        assert_eq!(phones.go(progress(CallProgress::Ringing), 5), []);
        assert_eq!(phones.go(progress(CallProgress::Failed { why: CallFailure::Busy }), 6), []);
        let told = phones.news.iter().any(|news| {
            let why = NotConnected::Customer(CallFailure::Busy);
            matches!(news, AgentNews::SegmentClosed { connected: false, failure: Some(failure), .. } if *failure == why)
        });
        assert!(told, "{:?}", phones.news);
        assert_eq!(phones.bench.board.queue(&gold()).unwrap().connecting, 0);

        let mut phones = Phones::new(PhoneMode::Console);
        let placed = phones.placed();
        let answered = Action::CallProgress {
            gateway: gateway(),
            order: placed.order,
            progress: CallProgress::Answered,
            event: 0,
        };
        phones.go(answered, 6);
        let failed = Action::OrderFailed { gateway: gateway(), order: placed.order, why: LegFailure::Failed, event: 0 };
        assert_eq!(phones.go(failed, 7), [], "the customer is on the line: the call is kept");
    }

    #[test]
    fn what_is_set_aside_and_laid_down_is_told() {
        let mut phones = Phones::new(PhoneMode::Console);
        phones.available(1);
        phones.arrive("mail", Channel::Email, 2);
        let order = phones.accept(3)[0].order;
        phones.connected("mail", order, 3);
        for other in 0..4 {
            // Five mails fill him.
            phones.arrive(&format!("mail-{other}"), Channel::Email, 4);
            let order = phones.accept(4)[0].order;
            phones.connected(&format!("mail-{other}"), order, 4);
        }
        let is_routable = |phones: &Phones| {
            let view = View { router: &phones.bench.router, board: &phones.bench.board, now: T };
            let shown = agent_view(view, &ana()).unwrap();
            shown.channels.iter().any(|channel| channel.channel == Channel::Voice && channel.routable)
        };
        assert!(is_routable(&phones), "a call interrupts mails");
        phones.arrive("call", Channel::Voice, 5);
        let order = phones.accept(6)[0].order;
        let aside = phones.news.iter().filter(|news| matches!(news, AgentNews::SetAside { .. })).count();
        assert_eq!(aside, 5);
        phones.connected("call", order, 7);
        let ended = Action::ContactEnded {
            gateway: gateway(),
            reference: ContactRef::new("call").unwrap(),
            by: EndedBy::Customer,
            event: 0,
        };
        phones.go(ended, 9);
        assert_eq!(phones.news.iter().filter(|news| matches!(news, AgentNews::TakenUp { .. })).count(), 5);
        let contact = phones.bench.router.state().contacts.iter().map(|(id, _)| *id).min().unwrap();
        let until = Some(T + Millis::minutes(9));
        let orders = phones.go(Action::SuspendContact { agent: ana(), contact, until }, 10);
        assert_eq!(kinds(&orders), [&OrderKind::Suspend]);
        assert!(
            phones.news.iter().any(|news| matches!(news, AgentNews::Suspended { until: told, .. } if *told == until))
        );
    }
}
