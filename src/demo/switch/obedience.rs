//! What the server orders: connections, holds and ends are carried out here, each at most once. It
//! decides nothing.

use super::lines::{Due, Leg, Switch};
use super::orders::Verdict;
use crate::protocol::{
    Channel, ConnectOrder, ContactOrder, GatewayOrder, GatewayTells, HungUpBy, OrderAnswer, OrderDone, OrderFailed,
    OrderFailure, OrderId, Ref,
};

impl Switch {
    /// Carries out an order of the server, unless it came before or too late.
    pub fn obey(&mut self, order: &GatewayOrder, now_ms: i64) -> OrderAnswer {
        let (id, not_after) = match order {
            GatewayOrder::ContactConnect(order) | GatewayOrder::PartyRemove(order) => (&order.order, order.not_after),
            GatewayOrder::ContactHold(order)
            | GatewayOrder::ContactUnhold(order)
            | GatewayOrder::ContactStopPlay(order)
            | GatewayOrder::ContactEnd(order) => (&order.order, order.not_after),
            GatewayOrder::ContactPlay(order) => (&order.order, order.not_after),
            GatewayOrder::ContactVoicemail(order) => (&order.order, order.not_after),
            GatewayOrder::InventorySend(_) => {
                self.take_inventory(now_ms);
                return OrderAnswer::ACCEPTED;
            }
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
            GatewayOrder::ContactPlay(asked) => self.play(&asked.order, &asked.r#ref, now_ms),
            GatewayOrder::ContactVoicemail(asked) => self.record(Some(&asked.order), &asked.r#ref, now_ms),
            GatewayOrder::ContactStopPlay(asked) => self.stop_play(&asked.order, &asked.r#ref, now_ms),
            GatewayOrder::ContactEnd(order) => self.end(order, now_ms),
            GatewayOrder::InventorySend(_) => {}
        }
        OrderAnswer::ACCEPTED
    }

    pub(super) fn connect(&mut self, asked: &ConnectOrder, now_ms: i64) {
        let rings_for_ms = self.rings_for.draw(&mut self.random);
        let is_double = self.calls.values().any(|call| {
            let in_use = match &call.leg {
                Leg::Ringing { endpoint, .. } | Leg::Talking { endpoint, .. } => endpoint == &asked.endpoint,
                Leg::Waiting | Leg::Announcement { .. } | Leg::Voicemail => false,
            };
            let is_sure = !call.is_over && call.doubts.is_none() && call.plan.channel == Channel::Voice;
            in_use && is_sure && call.plan.r#ref != asked.r#ref
        });
        let is_voice = self.calls.get(&asked.r#ref).is_some_and(|call| call.plan.channel == Channel::Voice);
        if is_double && is_voice {
            self.ledger.count(|seen| seen.double_booked += 1);
        }
        if !self.calls.contains_key(&asked.r#ref) {
            return self.fail(&asked.order, &asked.r#ref, now_ms);
        }
        // A customer who has hung up meanwhile is told by his own event, which is on its way.
        let Some(call) = self.live(&asked.r#ref) else { return };
        let was_answered = std::mem::take(&mut call.is_answered);
        let (order, agent, endpoint) = (asked.order.clone(), asked.agent.clone(), asked.endpoint.clone());
        call.leg = Leg::Ringing { order, agent, endpoint };
        if was_answered {
            self.ledger.count(|seen| seen.requeued += 1);
        }
        self.set_due(now_ms + rings_for_ms, Due::Answered { contact: asked.r#ref.clone(), order: asked.order.clone() });
    }

    fn remove_party(&mut self, asked: &ConnectOrder, now_ms: i64) {
        if let Some(call) = self.live(&asked.r#ref) {
            let is_his = match &call.leg {
                Leg::Waiting | Leg::Announcement { .. } | Leg::Voicemail => false,
                Leg::Ringing { agent, .. } | Leg::Talking { agent, .. } => *agent == asked.agent,
            };
            if is_his {
                self.begin_wait(&asked.r#ref, now_ms);
            }
        }
        self.done(&asked.order, &asked.r#ref, now_ms);
    }

    fn hold(&mut self, asked: &ContactOrder, hold: bool, now_ms: i64) {
        let talking = self.live(&asked.r#ref).and_then(|call| match &mut call.leg {
            Leg::Talking { is_held, .. } => Some(is_held),
            Leg::Waiting | Leg::Ringing { .. } | Leg::Announcement { .. } | Leg::Voicemail => None,
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
        if let Some(call) = self.live(&asked.r#ref) {
            let hangs_up_in_queue = call.leg == Leg::Waiting;
            if hangs_up_in_queue {
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
