//! What the server has taken, refused or forgotten, and what its snapshot says of each call: both sides come to agree.
//! No call that the server still has is ended by it.

use std::collections::BTreeSet;

use super::calls::{Phase, Role};
use super::core::Switchboard;
use super::names;
use crate::gateways::asterisk::ari::event::ChannelId;
use crate::protocol::{
    AgentName, CallPlaceOrder, CallProgressed, ConnectOrder, ContactId, Endpoint, ErrorKind, EventNumber,
    GatewayConsultation, GatewayContact, GatewaySnapshot, GatewayTells, HungUpBy, OrderId, Ref, ShouldBe, Time,
    TransferOrder,
};
use crate::wire_client::Verdict;

impl Switchboard {
    /// A session with the server is open; what it says of each call holds.
    pub fn session_opened(&mut self, snapshot: &GatewaySnapshot, now: i64) {
        self.tells.go_on_after(snapshot.last_event.map_or(0, EventNumber::get));
        self.lasting = snapshot.agent_legs.iter().map(|leg| (leg.endpoint.clone(), leg.agent.clone())).collect();
        let named: BTreeSet<&Ref> = snapshot.contacts.iter().map(|contact| &contact.r#ref).collect();
        let unnamed: Vec<Ref> = self.calls.keys().filter(|of| !named.contains(of)).cloned().collect();
        for contact in &snapshot.contacts {
            self.agree(contact, now);
        }
        for of in &unnamed {
            self.agree_on_unnamed(of, now);
        }
        self.agree_on_lasting_legs();
        self.end_idle_listeners();
        self.told_devices.clear();
        self.settle(now);
    }

    /// The session is gone; nothing changes for anybody on the line.
    pub fn session_lost(&mut self) {
        self.tells.disconnected();
        self.questions.clear();
    }

    /// The server has taken an event, or refused it for good.
    pub fn acknowledged(&mut self, event: EventNumber, refusal: Option<&ErrorKind>, now: i64) {
        let Some(tells) = self.tells.acknowledged(event) else { return };
        match (tells, refusal) {
            (GatewayTells::ContactArrived(told), None) => self.has_arrived(&told.r#ref, now),
            // It came, and was sent out of its queue in the same moment.
            (GatewayTells::ContactArrived(told), Some(ErrorKind::ContactEnded { .. })) => {
                self.end_call(&told.r#ref, HungUpBy::Agent);
            }
            (GatewayTells::ContactArrived(told), Some(_)) => self.send_back(&told.r#ref),
            (GatewayTells::ContactConnected(told), Some(refusal)) => self.not_taken(&told.r#ref, refusal, now),
            (GatewayTells::CallProgress(told), None) if told.progress == CallProgressed::Answered => {
                let of = self.calls.iter_mut().find(|(_, call)| call.placed_by.as_ref() == Some(&told.order));
                if let Some((_, call)) = of {
                    call.is_known = true;
                }
            }
            (GatewayTells::CallProgress(told), Some(_)) if told.progress == CallProgressed::Answered => {
                let mut calls = self.calls.iter();
                let of = calls.find(|(_, call)| call.placed_by.as_ref() == Some(&told.order)).map(|(of, _)| of.clone());
                if let Some(of) = of {
                    self.end_call(&of, HungUpBy::Gateway);
                }
            }
            _ => {}
        }
        self.settle(now);
    }

    /// The server does not want this talk: somebody else was faster, or the contact is over.
    fn not_taken(&mut self, of: &Ref, refusal: &ErrorKind, now: i64) {
        if is_over_for_the_server(refusal) {
            match self.calls.get(of).is_some_and(|call| call.asks.is_some()) {
                true => self.forget(of),
                false => self.end_call(of, HungUpBy::Gateway),
            }
            return;
        }
        self.take_agents_off(of);
        self.begin_wait(of, now);
    }

    /// Of agents' legs, those that these orders asked for: the others were taken back while nobody heard it.
    fn keep_only(&mut self, of: &Ref, orders: &[&OrderId]) {
        let kept: Vec<ChannelId> = orders.iter().map(|order| names::agent_leg(order)).collect();
        let others: Vec<ChannelId> =
            self.agents_of(of).map(|(id, _)| id.clone()).filter(|id| !kept.contains(id)).collect();
        for leg in others {
            self.release(&leg);
        }
    }

    pub(super) fn take_agents_off(&mut self, of: &Ref) {
        let legs: Vec<ChannelId> = self.agents_of(of).map(|(id, _)| id.clone()).collect();
        for leg in legs {
            self.release(&leg);
        }
    }

    fn agree(&mut self, contact: &GatewayContact, now: i64) {
        let of = &contact.r#ref;
        if let Some(call) = self.calls.get_mut(of) {
            call.is_known = true;
            if let Some(asks) = &contact.consultation {
                call.is_conference = asks.conference;
            }
        }
        self.be(of, &contact.should_be, contact.consultation.as_ref(), now);
        self.agree_on_recording(of, contact.recording.as_ref(), now);
    }

    fn be(&mut self, of: &Ref, should_be: &ShouldBe, asks: Option<&GatewayConsultation>, now: i64) {
        let tells_connected = self.tells.tells_connected(of);
        let phase = self.calls.get(of).map(|call| call.phase.clone());
        match should_be {
            ShouldBe::Queued { .. } if tells_connected => {}
            ShouldBe::Queued { .. } => {
                self.keep_only(of, &[]);
                match phase {
                    Some(Phase::Entering | Phase::Talking { .. }) => self.begin_wait(of, now),
                    Some(Phase::Announcing { .. } | Phase::Outside { order: Some(_) }) => {
                        self.stop_playing(of);
                        self.hang_up_outside(of);
                        self.begin_wait(of, now);
                    }
                    Some(Phase::Waiting | Phase::Placing(_) | Phase::Voicemail | Phase::Outside { order: None })
                    | None => {}
                }
            }
            ShouldBe::Ringing { phones } => {
                if !tells_connected {
                    self.keep_only(of, &phones.iter().map(|phone| &phone.order).collect::<Vec<_>>());
                }
                self.wait_if_entering(of, now);
                for phone in phones {
                    let auto_answer = false;
                    self.connect_again(
                        of,
                        (&phone.order, &phone.agent, &phone.endpoint),
                        phone.not_after,
                        auto_answer,
                        None,
                        now,
                    );
                }
            }
            ShouldBe::Connecting { order, agent, endpoint, not_after, auto_answer } => {
                if asks.is_none() {
                    if !tells_connected {
                        self.keep_only(of, &[order]);
                    }
                    self.wait_if_entering(of, now);
                }
                self.connect_again(of, (order, agent, endpoint), *not_after, *auto_answer, asks, now);
            }
            ShouldBe::Connected { agent, endpoint } | ShouldBe::Held { agent, endpoint } => {
                let is_held = matches!(should_be, ShouldBe::Held { .. });
                self.talk_on(of, (agent, endpoint), is_held, asks, now);
            }
            ShouldBe::Placing { .. } => self.place_again(of, should_be, now),
            ShouldBe::ToBeCalled => {
                if matches!(phase, Some(Phase::Placing(_))) && !self.tells.tells_progress(of) {
                    self.give_up(of);
                }
            }
            ShouldBe::Announcing { order, not_after, message } => {
                if self.is_new(order, *not_after, now) {
                    self.play_message(order, of, message, now);
                }
            }
            ShouldBe::Voicemail { order: Some(order), not_after, mailbox } => {
                if self.is_new(order, not_after.unwrap_or(Time::from_ms(i64::MAX)), now) {
                    self.send_to_voicemail(Some(order), of, mailbox.as_ref(), now);
                }
            }
            ShouldBe::Voicemail { order: None, .. } => self.set_phase(of, Phase::Voicemail),
            ShouldBe::Transferring { order, not_after, to } => {
                if self.is_new(order, *not_after, now) {
                    let (order, contact) = (order.clone(), ContactId::clipped(of.as_str()));
                    let (not_after, r#ref, to) = (*not_after, of.clone(), to.clone());
                    self.transfer_outside(&TransferOrder { order, not_after, contact, r#ref, to }, now);
                }
            }
            ShouldBe::Ending { .. } => self.end_call(of, HungUpBy::Agent),
            ShouldBe::Suspended { .. } => {}
        }
    }

    fn is_new(&mut self, order: &OrderId, not_after: Time, now: i64) -> bool {
        self.orders.judge(order, not_after.as_ms(), now) == Verdict::CarryOut
    }

    fn wait_if_entering(&mut self, of: &Ref, now: i64) {
        if self.calls.get(of).is_some_and(|call| call.phase == Phase::Entering) {
            self.begin_wait(of, now);
        }
    }

    fn connect_again(
        &mut self,
        of: &Ref,
        (order, agent, endpoint): (&OrderId, &AgentName, &Endpoint),
        not_after: Time,
        auto_answer: bool,
        asks: Option<&GatewayConsultation>,
        now: i64,
    ) {
        if self.is_new(order, not_after, now) {
            let asked = ConnectOrder {
                order: order.clone(),
                not_after,
                contact: ContactId::clipped(of.as_str()),
                r#ref: of.clone(),
                agent: agent.clone(),
                endpoint: endpoint.clone(),
                consultation: asks.cloned(),
                auto_answer,
            };
            self.connect(&asked, now);
        }
    }

    /// Who talked when this program went talks on; an agent whose leg has gone meanwhile is told.
    fn talk_on(
        &mut self,
        of: &Ref,
        (agent, endpoint): (&AgentName, &Endpoint),
        is_held: bool,
        asks: Option<&GatewayConsultation>,
        now: i64,
    ) {
        if asks.is_some() && !self.calls.contains_key(of) {
            self.take_up_consultation(of, asks);
        }
        let leg = self.leg_on(endpoint).filter(|leg| self.legs[leg].is_up);
        let Some(call) = self.calls.get_mut(of) else { return };
        call.is_held = is_held;
        call.is_known = true;
        call.phase = Phase::Talking { is_told: true };
        match leg {
            Some(leg) if self.legs[&leg].of() != Some(of) && !self.asks_in_another(&leg, of) => {
                self.now_serves(&leg, Some(of.clone()));
            }
            Some(_) => {}
            None if !self.agents_of(of).any(|(_, leg)| leg.endpoint() == Some(endpoint)) => {
                self.tell_party_left(of, agent.clone(), now);
            }
            None => {}
        }
        self.answer(of);
    }

    fn asks_in_another(&self, leg: &ChannelId, of: &Ref) -> bool {
        self.consultations_about(of).any(|(consultation, _)| self.asks_on(consultation, leg))
    }

    fn place_again(&mut self, of: &Ref, should_be: &ShouldBe, now: i64) {
        let ShouldBe::Placing { order, to, agent, endpoint, first, ring_for_ms, caller_id, not_after, auto_answer } =
            should_be
        else {
            return;
        };
        let asked = CallPlaceOrder {
            order: order.clone(),
            not_after: *not_after,
            contact: ContactId::clipped(of.as_str()),
            r#ref: of.clone(),
            to: to.clone(),
            agent: agent.clone(),
            endpoint: endpoint.clone(),
            first: *first,
            ring_for_ms: *ring_for_ms,
            caller_id: caller_id.clone(),
            auto_answer: *auto_answer,
        };
        if self.is_new(order, *not_after, now) {
            return self.place(&asked, now);
        }
        // Its legs were found: it goes on from where it was.
        if let Some(call) = self.calls.get_mut(of).filter(|call| call.phase == Phase::Entering) {
            call.phase = Phase::Placing(Box::new(asked));
            call.placed_by = Some(order.clone());
            if self.customer_is_up(of) {
                self.customer_lifted(of, now);
            }
        }
    }

    /// The server has never heard of it, or has given it up. One that just came in is announced; one in which people
    /// talk is named in the inventories, and the server takes it up.
    fn agree_on_unnamed(&mut self, of: &Ref, now: i64) {
        let Some(call) = self.calls.get_mut(of) else { return };
        if call.asks.is_some() {
            return self.forget(of);
        }
        match call.phase {
            Phase::Entering if !self.tells.tells_of(of) => self.announce_arrival(of, now),
            Phase::Placing(_) if !self.tells.tells_of(of) => self.give_up(of),
            Phase::Waiting | Phase::Talking { .. } if !self.tells.tells_of(of) => {
                if let Some(call) = self.calls.get_mut(of) {
                    call.is_known = true;
                }
            }
            _ => {}
        }
    }

    /// Legs that stay up and are not to, or serve a call that is not there, are hung up.
    fn agree_on_lasting_legs(&mut self) {
        let idle: Vec<ChannelId> = self
            .legs
            .iter()
            .filter(|(_, leg)| match &leg.role {
                Role::Agent { of: None, endpoint, .. } => !self.lasting.contains_key(endpoint),
                Role::Agent { of: Some(of), .. } => !self.calls.contains_key(of),
                Role::Customer { .. }
                | Role::Outside { .. }
                | Role::Supervisor { .. }
                | Role::Spy { .. }
                | Role::Listener { .. } => false,
            })
            .map(|(id, _)| id.clone())
            .collect();
        for leg in idle {
            self.hang_up(&leg);
        }
    }
}

fn is_over_for_the_server(refusal: &ErrorKind) -> bool {
    matches!(refusal, ErrorKind::ContactEnded { .. } | ErrorKind::UnknownRef { .. } | ErrorKind::UnknownContact { .. })
}
