//! Chats and mails: messages pass, and a contact that was laid down comes back with the customer's
//! reply. It knows no text.

use super::lines::{Due, Leg, Switch};
use crate::demo::habits::Span;
use crate::protocol::{Channel, ContactOrder, GatewayTells, MessagePassed, OrderId, Ref, Speaker};

/// From one message of a chat to the next.
const WRITES_AFTER: Span = Span::seconds(6, 20);
/// How long a customer takes to answer what was laid down.
const REPLIES_AFTER: Span = Span::seconds(15, 60);

impl Switch {
    pub(super) fn begin_to_write(&mut self, contact: &Ref, order: &OrderId, now_ms: i64) {
        if self.calls.get(contact).is_some_and(|call| call.plan.channel == Channel::Chat) {
            self.set_writes(contact, order, Speaker::Agent, now_ms);
        }
    }

    fn set_writes(&mut self, contact: &Ref, order: &OrderId, by: Speaker, now_ms: i64) {
        let at_ms = now_ms + WRITES_AFTER.draw(&mut self.random);
        self.set_due(at_ms, Due::Writes { contact: contact.clone(), order: order.clone(), by });
    }

    pub(super) fn writes(&mut self, contact: &Ref, of_order: &OrderId, by: Speaker, now_ms: i64) {
        if !matches!(self.leg(contact), Some(Leg::Talking { order, .. }) if order == of_order) {
            return;
        }
        self.passed(contact, by, now_ms);
        let other = match by {
            Speaker::Customer => Speaker::Agent,
            Speaker::Agent => Speaker::Customer,
        };
        self.set_writes(contact, of_order, other, now_ms);
    }

    fn passed(&mut self, contact: &Ref, by: Speaker, now_ms: i64) {
        let r#ref = contact.clone();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::MessagePassed(MessagePassed { event, occurred_at, r#ref, by })
        });
    }

    pub(super) fn suspend(&mut self, asked: &ContactOrder, now_ms: i64) {
        if !matches!(self.leg(&asked.r#ref), Some(Leg::Talking { .. })) {
            return self.fail(&asked.order, &asked.r#ref, now_ms);
        }
        self.lay_down(&asked.r#ref, now_ms);
        self.done(&asked.order, &asked.r#ref, now_ms);
    }

    pub(super) fn lay_down(&mut self, contact: &Ref, now_ms: i64) {
        let Some(call) = self.live(contact) else { return };
        call.leg = Leg::Suspended;
        self.ledger.count(|seen| seen.suspended += 1);
        let at_ms = now_ms + REPLIES_AFTER.draw(&mut self.random);
        self.set_due(at_ms, Due::Replies { contact: contact.clone() });
    }

    pub(super) fn replies(&mut self, contact: &Ref, now_ms: i64) {
        if self.leg(contact) == Some(&Leg::Suspended) {
            self.passed(contact, Speaker::Customer, now_ms);
        }
    }

    /// The server has taken up what was laid down: the customer waits.
    pub(super) fn message_acknowledged(&mut self, contact: &Ref, by: Speaker, now_ms: i64) {
        if by == Speaker::Customer && self.leg(contact) == Some(&Leg::Suspended) {
            self.begin_wait(contact, now_ms);
        }
    }
}
