//! What the server orders: each order is carried out at most once, and never after its time. It decides nothing.

use super::calls::Phase;
use super::core::{Awaited, Due, Switchboard};
use crate::gateways::asterisk::ari::request::Action;
use crate::protocol::{
    ConnectOrder, ContactOrder, DtmfOrder, GatewayOrder, HungUpBy, OrderAnswer, OrderFailure, OrderId, Ref, Time,
};
use crate::wire_client::Verdict;

impl Switchboard {
    pub fn obey(&mut self, order: &GatewayOrder, now: i64) -> OrderAnswer {
        let Some((id, not_after)) = order.id_and_not_after() else {
            self.take_inventory(now);
            return OrderAnswer::ACCEPTED;
        };
        match self.orders.judge(id, not_after.as_ms(), now) {
            Verdict::Repeat(answer) => return answer,
            Verdict::TooLate => return OrderAnswer::TOO_LATE,
            Verdict::CarryOut => {}
        }
        self.carry_out(order, now);
        self.settle(now);
        OrderAnswer::ACCEPTED
    }

    fn carry_out(&mut self, order: &GatewayOrder, now: i64) {
        match order {
            GatewayOrder::ContactConnect(order) => self.connect(order, now),
            GatewayOrder::PartyRemove(order) => self.remove_party(order, now),
            GatewayOrder::ContactHold(order) => self.hold(order, true, now),
            GatewayOrder::ContactUnhold(order) => self.hold(order, false, now),
            GatewayOrder::ContactEnd(order) => self.end(order, now),
            GatewayOrder::ContactPlay(order) => self.announce(order, now),
            GatewayOrder::ContactStopPlay(order) => self.back_to_queue(order, now),
            GatewayOrder::ContactVoicemail(order) => {
                self.send_to_voicemail(Some(&order.order), &order.r#ref, order.mailbox.as_ref(), now);
            }
            GatewayOrder::ContactTransfer(order) => self.transfer_outside(order, now),
            GatewayOrder::ContactDtmf(order) => self.send_keys(order),
            GatewayOrder::CallPlace(order) => self.place(order, now),
            GatewayOrder::CallCancel(order) => self.cancel(order, now),
            GatewayOrder::RecordingStart(order) => self.start_recording(order, now),
            GatewayOrder::RecordingPause(order) => self.pause_recording(order, true, now),
            GatewayOrder::RecordingResume(order) => self.pause_recording(order, false, now),
            GatewayOrder::RecordingStop(order) => self.stop_recording(order, now),
            GatewayOrder::RecordingErase(order) => self.erase_recording(order),
            GatewayOrder::AgentLegOpen(order) => self.open_leg(order, now),
            GatewayOrder::AgentLegClose(order) => self.close_leg(order, now),
            GatewayOrder::TransferComplete(order) => self.complete(order, now),
            GatewayOrder::ConferenceJoin(order) => self.join(order, now),
            GatewayOrder::MonitorStart(order) => self.start_monitor(order, now),
            GatewayOrder::MonitorMode(order) => self.change_monitor(order, now),
            GatewayOrder::MonitorStop(order) => self.stop_monitor(order, now),
            // Calls are not laid down, and carry no texts.
            GatewayOrder::ContactSuspend(order) => self.fail(&order.order, &order.r#ref, OrderFailure::Failed, now),
            GatewayOrder::MessageSend(order) => self.fail(&order.order, &order.r#ref, OrderFailure::Failed, now),
            GatewayOrder::InventorySend(_) => {}
        }
    }

    pub(super) fn when_in_place(&mut self, order: &OrderId, of: &Ref, not_after: Time) {
        self.awaited.push(Awaited { order: order.clone(), of: of.clone() });
        self.remind(not_after.as_ms(), Due::OrderRunsOut(order.clone()));
    }

    pub(super) fn order_runs_out(&mut self, order: &OrderId, now: i64) {
        let Some(at) = self.awaited.iter().position(|awaited| awaited.order == *order) else { return };
        let awaited = self.awaited.swap_remove(at);
        self.fail(&awaited.order, &awaited.of, OrderFailure::TimedOut, now);
    }

    /// The agent is off the line; whom he served waits, unless somebody else speaks with him.
    fn remove_party(&mut self, asked: &ConnectOrder, now: i64) {
        let his: Vec<_> = self
            .agents_of(&asked.r#ref)
            .filter(|(_, leg)| leg.endpoint() == Some(&asked.endpoint))
            .map(|(id, _)| id.clone())
            .collect();
        for leg in &his {
            self.release(leg);
        }
        if self.calls.get(&asked.r#ref).is_some_and(|call| call.is_talking() && call.asks.is_none())
            && !self.agents_of(&asked.r#ref).any(|(_, leg)| leg.is_up)
        {
            self.begin_wait(&asked.r#ref, now);
        }
        self.done(&asked.order, &asked.r#ref, now);
    }

    fn hold(&mut self, asked: &ContactOrder, is_held: bool, now: i64) {
        let Some(call) = self.calls.get_mut(&asked.r#ref).filter(|call| call.is_talking()) else {
            return self.fail(&asked.order, &asked.r#ref, OrderFailure::Failed, now);
        };
        call.is_held = is_held;
        self.when_in_place(&asked.order, &asked.r#ref, asked.not_after);
    }

    /// To the customer's end. Nobody is told how it went.
    fn send_keys(&mut self, asked: &DtmfOrder) {
        if let Some(channel) = self.customer_of(&asked.r#ref) {
            let digits = asked.digits.clone();
            self.request(asked.r#ref.as_str(), Action::SendDigits { channel, digits }, None);
        }
    }

    fn end(&mut self, asked: &ContactOrder, now: i64) {
        let Some(call) = self.calls.get(&asked.r#ref) else {
            return self.done(&asked.order, &asked.r#ref, now);
        };
        if call.asks.is_some() || matches!(call.phase, Phase::Placing(_)) {
            self.give_up(&asked.r#ref);
            return self.done(&asked.order, &asked.r#ref, now);
        }
        self.end_call(&asked.r#ref, HungUpBy::Agent);
    }
}
