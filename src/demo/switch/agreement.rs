//! What the server has taken, refused or forgotten: both sides come to agree on which calls there
//! are. It never ends a call that the server still has.

use std::collections::BTreeSet;

use super::lines::{Call, Leg, Switch};
use crate::protocol::{
    AgentName, Attributes, CallPlaceOrder, ConnectOrder, ContactId, Endpoint, ErrorKind, EventNumber,
    GatewayConsultation, GatewayContactUpdated, GatewaySnapshot, GatewayTells, HungUpBy, OrderId, Ref, ShouldBe, Time,
};
use crate::wire_client::Verdict;

/// Inventories that may name a call before it is hung up because the server does not take it up.
const DOUBTS_MAX: u32 = 3;

impl Switch {
    /// The server has taken an event, or refused it for good.
    pub fn acknowledged(&mut self, event: EventNumber, refusal: Option<&ErrorKind>, now_ms: i64) {
        let Some(tells) = self.tells.acknowledged(event) else { return };
        match (tells, refusal) {
            (GatewayTells::ContactArrived(told), None) => {
                self.ledger.count(|seen| seen.arrived += 1);
                if let Some(call) = self.calls.get_mut(&told.r#ref) {
                    call.is_known = true;
                }
            }
            // It came, and was sent out of its queue in the same moment.
            (GatewayTells::ContactArrived(told), Some(ErrorKind::ContactEnded { .. })) => {
                self.ledger.count(|seen| seen.arrived += 1);
                self.flows_out(&told.r#ref);
                self.forget(&told.r#ref);
            }
            (GatewayTells::ContactArrived(told), Some(_)) => {
                self.ledger.count(|seen| seen.refused += 1);
                self.forget(&told.r#ref);
            }
            (GatewayTells::ContactAbandoned(told), _) => {
                if !self.has_flowed_out(&told.r#ref) {
                    self.ledger.count(|seen| seen.abandoned += 1);
                }
                self.forget(&told.r#ref);
            }
            (GatewayTells::ContactEnded(told), _) => self.end_acknowledged(&told.r#ref, told.by),
            (GatewayTells::ContactConnected(told), refusal) if self.consultations.contains_key(&told.r#ref) => {
                self.colleague_acknowledged(&told.r#ref, refusal.is_none());
            }
            (GatewayTells::ContactConnected(told), None) => self.connection_acknowledged(&told.r#ref),
            (GatewayTells::ContactConnected(told), Some(refusal)) => {
                self.connection_refused(&told.r#ref, refusal, now_ms);
            }
            (GatewayTells::ContactUpdated(told), refusal) => self.asked_about(&told.r#ref, refusal, now_ms),
            (GatewayTells::CallProgress(told), refusal) => {
                self.progress_acknowledged(&told.order, told.progress, refusal)
            }
            (GatewayTells::MessagePassed(told), None) => self.message_acknowledged(&told.r#ref, told.by, now_ms),
            (
                GatewayTells::MessagePassed(_)
                | GatewayTells::PartyLeft(_)
                | GatewayTells::ContactExitKey(_)
                | GatewayTells::OrderDone(_)
                | GatewayTells::OrderFailed(_)
                | GatewayTells::MonitorChanged(_)
                | GatewayTells::RecordingState(_)
                | GatewayTells::DeviceState(_)
                | GatewayTells::GatewayLines(_)
                | GatewayTells::Inventory(_),
                _,
            ) => {}
        }
    }

    fn connection_acknowledged(&mut self, contact: &Ref) {
        let Some(call) = self.calls.get_mut(contact) else { return };
        if std::mem::take(&mut call.has_lost_leg) && call.is_answered {
            return;
        }
        if let Leg::Talking { agent, .. } = &call.leg {
            call.is_answered = true;
            let (contact, agent, to_lead) = (contact.clone(), agent.clone(), u64::from(call.is_to_lead));
            self.ledger.count(|seen| {
                seen.answered += 1;
                seen.leads_answered += to_lead;
                seen.connected.push((contact, agent));
            });
        }
    }

    fn end_acknowledged(&mut self, contact: &Ref, by: HungUpBy) {
        let is_answered = self.calls.get(contact).is_some_and(|call| call.is_answered);
        let has_flowed_out = self.has_flowed_out(contact);
        self.ledger.count(|seen| match (is_answered, by) {
            (true, _) => seen.ended += 1,
            (false, _) if has_flowed_out => {}
            (false, HungUpBy::Customer) => seen.abandoned += 1,
            (false, HungUpBy::Agent | HungUpBy::Gateway) => seen.withdrawn += 1,
        });
        self.forget(contact);
    }

    /// Its visit is over and counted.
    fn has_flowed_out(&self, contact: &Ref) -> bool {
        self.calls.get(contact).is_some_and(|call| call.has_flowed_out)
    }

    pub(super) fn forget(&mut self, contact: &Ref) {
        self.calls.remove(contact);
        self.tells.drop_of(contact);
    }

    fn connection_refused(&mut self, contact: &Ref, refusal: &ErrorKind, now_ms: i64) {
        if is_over_for_the_server(refusal) {
            return self.ended_by_server(contact);
        }
        if self.live(contact).is_some_and(|call| !call.has_flowed_out) {
            self.begin_wait(contact, now_ms);
        }
    }

    pub(super) fn ended_by_server(&mut self, contact: &Ref) {
        if let Some(call) = self.calls.get(contact).filter(|call| !call.has_flowed_out) {
            let is_answered = call.is_answered;
            self.ledger.count(|seen| if is_answered { seen.ended += 1 } else { seen.withdrawn += 1 });
        }
        self.forget(contact);
    }

    /// Asks whether the server still has a call that its snapshot did not name.
    pub(super) fn ask_about(&mut self, contact: &Ref, now_ms: i64) {
        let r#ref = contact.clone();
        let attributes = Attributes::default();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::ContactUpdated(GatewayContactUpdated { event, occurred_at, r#ref, attributes })
        });
    }

    fn asked_about(&mut self, contact: &Ref, refusal: Option<&ErrorKind>, now_ms: i64) {
        let Some(call) = self.calls.get_mut(contact) else { return };
        match refusal {
            None => call.doubts = None,
            Some(ErrorKind::ContactEnded { .. }) => self.ended_by_server(contact),
            Some(_) => {
                let doubts = call.doubts.unwrap_or(0) + 1;
                call.doubts = Some(doubts);
                if doubts > DOUBTS_MAX {
                    self.hang_up(contact, HungUpBy::Gateway, now_ms);
                }
            }
        }
    }

    /// The socket died. Calls go on.
    pub fn disconnected(&mut self) {
        self.tells.disconnected();
    }

    /// A session has opened: carries out what was missed, and doubts what the server does not name.
    pub fn reconnected(&mut self, snapshot: &GatewaySnapshot, now_ms: i64) {
        // Nobody waits for what was said in passing.
        self.says.clear();
        self.tells.go_on_after(snapshot.last_event.map_or(0, EventNumber::get));
        let named: BTreeSet<&Ref> = snapshot.contacts.iter().map(|named| &named.r#ref).collect();
        let is_unnamed = |(contact, call): &(&Ref, &Call)| call.is_known && !call.is_over && !named.contains(contact);
        let unnamed: Vec<Ref> = self.calls.iter().filter(is_unnamed).map(|(contact, _)| contact.clone()).collect();
        self.consultations.retain(|of, _| named.contains(of));
        self.lasting_legs = snapshot.agent_legs.iter().map(|leg| leg.endpoint.clone()).collect();
        for named in &snapshot.contacts {
            match &named.consultation {
                Some(first) => self.make_consultation_so(&named.r#ref, &named.should_be, first, now_ms),
                None => self.make_it_so(&named.r#ref, &named.should_be, now_ms),
            }
        }
        for contact in unnamed {
            if let Some(call) = self.calls.get_mut(&contact) {
                call.doubts = Some(0);
            }
            self.ask_about(&contact, now_ms);
        }
    }

    fn make_consultation_so(&mut self, of: &Ref, should_be: &ShouldBe, first: &GatewayConsultation, now_ms: i64) {
        if let ShouldBe::Connecting { order, agent, endpoint, auto_answer, not_after } = should_be
            && self.orders.judge(order, not_after.as_ms(), now_ms) == Verdict::CarryOut
        {
            let contact = ContactId::clipped(of.as_str());
            let asked = ConnectOrder {
                order: order.clone(),
                not_after: *not_after,
                contact,
                r#ref: of.clone(),
                agent: agent.clone(),
                endpoint: endpoint.clone(),
                auto_answer: *auto_answer,
                consultation: Some(first.clone()),
            };
            self.connect(&asked, now_ms);
        }
    }

    fn make_it_so(&mut self, contact: &Ref, should_be: &ShouldBe, now_ms: i64) {
        let tells_connected = self.tells.tells_connected(contact);
        let tells_progress = self.tells.tells_progress(contact);
        if let ShouldBe::Placing { order, to, agent, endpoint, auto_answer, first, ring_for_ms, caller_id, not_after } =
            should_be
        {
            if self.orders.judge(order, not_after.as_ms(), now_ms) == Verdict::CarryOut {
                let (order, to, agent, endpoint) = (order.clone(), to.clone(), agent.clone(), endpoint.clone());
                let (contact, r#ref) = (ContactId::clipped(contact.as_str()), contact.clone());
                let (not_after, first, ring_for_ms, auto_answer) = (*not_after, *first, *ring_for_ms, *auto_answer);
                let caller_id = caller_id.clone();
                let asked = CallPlaceOrder {
                    order,
                    not_after,
                    contact,
                    r#ref,
                    to,
                    agent,
                    endpoint,
                    auto_answer,
                    first,
                    ring_for_ms,
                    caller_id,
                };
                self.place(&asked, now_ms);
            }
            return;
        }
        let Some(call) = self.live(contact) else { return };
        // What the server knows has arrived, whether or not its answer came.
        call.doubts = None;
        match (should_be, &mut call.leg) {
            (ShouldBe::Queued { .. }, Leg::Announcement { .. } | Leg::Voicemail | Leg::Suspended) => {
                self.begin_wait(contact, now_ms)
            }
            (ShouldBe::Queued { .. }, Leg::Ringing { .. } | Leg::Talking { .. }) if !tells_connected => {
                self.begin_wait(contact, now_ms);
            }
            (ShouldBe::Announcing { order, not_after, .. }, _) => {
                self.flows_out(contact);
                if self.orders.judge(order, not_after.as_ms(), now_ms) == Verdict::CarryOut {
                    self.play(order, contact, now_ms);
                }
            }
            (ShouldBe::Voicemail { order: Some(order), not_after, .. }, _) => {
                self.flows_out(contact);
                let not_after_ms = not_after.map_or(i64::MAX, Time::as_ms);
                if self.orders.judge(order, not_after_ms, now_ms) == Verdict::CarryOut {
                    self.record(Some(order), contact, now_ms);
                }
            }
            (ShouldBe::Voicemail { order: None, .. }, Leg::Voicemail) => {}
            (ShouldBe::Voicemail { order: None, .. }, _) => self.record(None, contact, now_ms),
            (ShouldBe::Connecting { order, agent, endpoint, auto_answer: _, not_after }, _) => {
                let verdict = self.orders.judge(order, not_after.as_ms(), now_ms);
                if verdict == Verdict::CarryOut {
                    let (order, agent, endpoint) = (order.clone(), agent.clone(), endpoint.clone());
                    call_from_snapshot(self, contact, order, agent, endpoint, *not_after, now_ms);
                }
            }
            (ShouldBe::Ringing { phones }, _) => {
                for phone in phones {
                    let verdict = self.orders.judge(&phone.order, phone.not_after.as_ms(), now_ms);
                    if verdict == Verdict::CarryOut {
                        let (order, agent, endpoint) =
                            (phone.order.clone(), phone.agent.clone(), phone.endpoint.clone());
                        call_from_snapshot(self, contact, order, agent, endpoint, phone.not_after, now_ms);
                    }
                }
            }
            (ShouldBe::Suspended { .. }, Leg::Talking { .. }) if !tells_connected => self.lay_down(contact, now_ms),
            (ShouldBe::ToBeCalled, Leg::Placing { .. }) if !tells_progress => self.give_up(contact),
            (ShouldBe::Connected { agent: by, endpoint: on }, Leg::Talking { agent, endpoint, is_held, .. }) => {
                (*agent, *endpoint, *is_held) = (by.clone(), on.clone(), false);
            }
            (ShouldBe::Held { .. }, Leg::Talking { is_held, .. }) => *is_held = true,
            (ShouldBe::Transferring { order, not_after, .. }, _) => {
                if self.orders.judge(order, not_after.as_ms(), now_ms) == Verdict::CarryOut {
                    self.transfer_outside(order, contact, now_ms);
                }
            }
            (ShouldBe::Ending { .. }, _) => self.hang_up(contact, HungUpBy::Agent, now_ms),
            (
                ShouldBe::Queued { .. }
                | ShouldBe::Suspended { .. }
                | ShouldBe::ToBeCalled
                | ShouldBe::Placing { .. }
                | ShouldBe::Connected { .. }
                | ShouldBe::Held { .. },
                _,
            ) => {}
        }
    }
}
/// An order that the snapshot repeats and that had not come.
fn call_from_snapshot(
    switch: &mut Switch,
    contact: &Ref,
    order: OrderId,
    agent: AgentName,
    endpoint: Endpoint,
    not_after: Time,
    now_ms: i64,
) {
    let contact_id = ContactId::clipped(contact.as_str());
    let asked = ConnectOrder {
        order,
        not_after,
        contact: contact_id,
        r#ref: contact.clone(),
        agent,
        endpoint,
        auto_answer: false,
        consultation: None,
    };
    switch.connect(&asked, now_ms);
}

fn is_over_for_the_server(refusal: &ErrorKind) -> bool {
    matches!(refusal, ErrorKind::ContactEnded { .. } | ErrorKind::UnknownRef { .. } | ErrorKind::UnknownContact { .. })
}
