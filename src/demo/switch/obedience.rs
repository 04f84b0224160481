//! What the server orders: connections, holds and ends are carried out here, each at most once. It
//! decides nothing.

use super::lines::{Due, Leg, Switch};
use crate::protocol::{
    Channel, ConnectOrder, ContactOrder, Endpoint, GatewayOrder, GatewayTells, HungUpBy, OrderAnswer, OrderDone,
    OrderFailed, OrderFailure, OrderId, RecordingState, Ref,
};
use crate::wire_client::Verdict;

impl Switch {
    /// Carries out an order of the server, unless it came before or too late.
    pub fn obey(&mut self, order: &GatewayOrder, now_ms: i64) -> OrderAnswer {
        let Some((id, not_after)) = order.id_and_not_after() else {
            self.take_inventory(now_ms);
            return OrderAnswer::ACCEPTED;
        };
        match self.orders.judge(id, not_after.as_ms(), now_ms) {
            Verdict::Repeat(answer) => {
                self.ledger.count(|seen| seen.repeated_orders += 1);
                return answer;
            }
            Verdict::TooLate => {
                self.ledger.count(|seen| seen.too_late += 1);
                return OrderAnswer::TOO_LATE;
            }
            Verdict::CarryOut => {}
        }
        match order {
            GatewayOrder::ContactConnect(order) => self.connect(order, now_ms),
            GatewayOrder::PartyRemove(order) => self.remove_party(order, now_ms),
            GatewayOrder::ContactHold(order) => self.hold(order, true, now_ms),
            GatewayOrder::ContactUnhold(order) => self.hold(order, false, now_ms),
            GatewayOrder::ContactSuspend(order) => self.suspend(order, now_ms),
            GatewayOrder::AgentLegOpen(asked) => self.keep_leg(asked, true, now_ms),
            GatewayOrder::AgentLegClose(asked) => self.keep_leg(asked, false, now_ms),
            GatewayOrder::TransferComplete(order) => self.complete(order, now_ms),
            GatewayOrder::ConferenceJoin(order) => self.join(order, now_ms),
            GatewayOrder::CallPlace(order) => self.place(order, now_ms),
            GatewayOrder::CallCancel(order) => self.cancel(order, now_ms),
            GatewayOrder::ContactPlay(asked) => self.play(&asked.order, &asked.r#ref, now_ms),
            GatewayOrder::ContactVoicemail(asked) => self.record(Some(&asked.order), &asked.r#ref, now_ms),
            GatewayOrder::ContactTransfer(asked) => self.transfer_outside(&asked.order, &asked.r#ref, now_ms),
            GatewayOrder::ContactStopPlay(asked) => self.stop_play(&asked.order, &asked.r#ref, now_ms),
            GatewayOrder::MessageSend(order) => self.deliver(order, now_ms),
            GatewayOrder::ContactEnd(order) => self.end(order, now_ms),
            GatewayOrder::MonitorStart(asked) => self.start_monitor(asked, now_ms),
            GatewayOrder::MonitorMode(asked) => self.change_monitor(asked, now_ms),
            GatewayOrder::MonitorStop(asked) => self.stop_monitor(asked, now_ms),
            GatewayOrder::RecordingStart(asked) | GatewayOrder::RecordingResume(asked) => {
                self.tape(asked, RecordingState::Recording, now_ms);
            }
            GatewayOrder::RecordingErase(asked) => self.erase_tape(asked, now_ms),
            GatewayOrder::RecordingPause(asked) => self.tape(asked, RecordingState::Paused, now_ms),
            GatewayOrder::RecordingStop(asked) => self.tape(asked, RecordingState::Finished, now_ms),
            // Nobody at the other end listens to keys.
            GatewayOrder::ContactDtmf(_) | GatewayOrder::InventorySend(_) => {}
        }
        self.end_monitors(now_ms);
        OrderAnswer::ACCEPTED
    }

    pub(super) fn connect(&mut self, asked: &ConnectOrder, now_ms: i64) {
        if let Some(first) = &asked.consultation {
            return self.ask_colleague(asked, first, now_ms);
        }
        let rings_for_ms =
            if self.lasting_legs.contains(&asked.endpoint) { 0 } else { self.rings_for.draw(&mut self.random) };
        if self.calls.get(&asked.r#ref).is_some_and(|call| is_spoken(call.plan.channel)) {
            self.watch_for_double_use(&asked.r#ref, &asked.endpoint);
        }
        if !self.calls.contains_key(&asked.r#ref) {
            return self.fail(&asked.order, &asked.r#ref, now_ms);
        }
        // A customer who has hung up meanwhile is told by his own event, which is on its way.
        let Some(call) = self.live(&asked.r#ref) else { return };
        let was_answered = !call.has_lost_leg && std::mem::take(&mut call.is_answered);
        let (order, agent, endpoint) = (asked.order.clone(), asked.agent.clone(), asked.endpoint.clone());
        call.leg = Leg::Ringing { order, agent, endpoint };
        if was_answered {
            self.ledger.count(|seen| seen.requeued += 1);
        }
        self.set_due(now_ms + rings_for_ms, Due::Answered { contact: asked.r#ref.clone(), order: asked.order.clone() });
    }

    /// A device is in one call at a time.
    pub(super) fn watch_for_double_use(&self, contact: &Ref, wanted: &Endpoint) {
        let is_double = self.calls.values().any(|call| {
            let in_use = match &call.leg {
                Leg::Placing { endpoint, .. } | Leg::Ringing { endpoint, .. } | Leg::Talking { endpoint, .. } => {
                    endpoint == wanted
                }
                Leg::Waiting | Leg::Suspended | Leg::Announcement { .. } | Leg::Voicemail => false,
            };
            let is_sure = !call.is_over && call.doubts.is_none() && is_spoken(call.plan.channel);
            in_use && is_sure && call.plan.r#ref != *contact
        });
        if is_double || self.is_consulting_on(contact, wanted) {
            self.ledger.count(|seen| seen.double_booked += 1);
        }
    }

    fn remove_party(&mut self, asked: &ConnectOrder, now_ms: i64) {
        self.consultations.remove(&asked.r#ref);
        if let Some(call) = self.live(&asked.r#ref) {
            let is_his = match &call.leg {
                Leg::Waiting | Leg::Placing { .. } | Leg::Suspended | Leg::Announcement { .. } | Leg::Voicemail => {
                    false
                }
                Leg::Ringing { agent, .. } | Leg::Talking { agent, .. } => *agent == asked.agent,
            };
            if is_his {
                self.begin_wait(&asked.r#ref, now_ms);
            }
        }
        self.done(&asked.order, &asked.r#ref, now_ms);
    }

    fn hold(&mut self, asked: &ContactOrder, hold: bool, now_ms: i64) {
        if self.hold_colleague(asked, now_ms) {
            return;
        }
        let talking = self.live(&asked.r#ref).and_then(|call| match &mut call.leg {
            Leg::Talking { is_held, .. } => Some(is_held),
            Leg::Waiting
            | Leg::Ringing { .. }
            | Leg::Placing { .. }
            | Leg::Suspended
            | Leg::Announcement { .. }
            | Leg::Voicemail => None,
        });
        match talking {
            Some(is_held) => {
                *is_held = hold;
                self.done(&asked.order, &asked.r#ref, now_ms);
            }
            None => self.fail(&asked.order, &asked.r#ref, now_ms),
        }
    }

    fn end(&mut self, asked: &ContactOrder, now_ms: i64) {
        self.consultations.remove(&asked.r#ref);
        if let Some(call) = self.live(&asked.r#ref) {
            let is_off_the_line = matches!(call.leg, Leg::Placing { .. });
            let waits = matches!(call.leg, Leg::Waiting | Leg::Ringing { .. }) && !call.is_answered;
            if is_off_the_line {
                self.give_up(&asked.r#ref);
                return self.done(&asked.order, &asked.r#ref, now_ms);
            }
            if waits {
                self.flows_out(&asked.r#ref);
            }
            self.hang_up(&asked.r#ref, HungUpBy::Agent, now_ms);
        } else {
            self.done(&asked.order, &asked.r#ref, now_ms);
        }
    }

    pub(super) fn done(&mut self, order: &OrderId, contact: &Ref, now_ms: i64) {
        let order = order.clone();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::OrderDone(OrderDone { event, occurred_at, order })
        });
    }

    pub(super) fn fail(&mut self, order: &OrderId, contact: &Ref, now_ms: i64) {
        let (order, why) = (order.clone(), OrderFailure::Failed);
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::OrderFailed(OrderFailed { event, occurred_at, order, why })
        });
    }
}

/// Whether it takes a device.
fn is_spoken(channel: Channel) -> bool {
    match channel {
        Channel::Voice | Channel::Callback => true,
        Channel::Chat | Channel::Email | Channel::Task => false,
    }
}
