//! Chats and mails: customers write, are answered, and write again; a contact that was laid down comes back with the
//! customer's reply. What they write is the conversation's.

use super::lines::{Call, Due, Leg, Switch};
use crate::demo::conversation::{Language, of_customer, of_mail};
use crate::demo::habits::Span;
use crate::protocol::{
    Channel, ContactOrder, GatewaySays, GatewayTells, GatewayTyping, MessageId, MessageOrder, MessagePassed,
    MessageText, OrderId, Ref, Speaker,
};

/// From a message of the agent's to the customer's answer.
const WRITES_AFTER: Span = Span::seconds(6, 20);
/// How long a customer of a chat waits for a word before he writes again.
const WRITES_AGAIN_AFTER: Span = Span::seconds(30, 60);
/// So long before, others see that he writes.
const TYPES_FOR_MS: i64 = 3_000;
/// How long a customer takes to answer what was laid down.
const REPLIES_AFTER: Span = Span::seconds(15, 60);

impl Switch {
    /// The first line of a chat, or the mail itself.
    pub(super) fn open_writing(&mut self, contact: &Ref, now_ms: i64) {
        let Some(call) = self.calls.get(contact) else { return };
        match call.plan.channel {
            Channel::Chat | Channel::Email => self.customer_writes(contact, now_ms),
            Channel::Voice | Channel::Callback | Channel::Task => {}
        }
    }

    /// He is in an agent's hands now.
    pub(super) fn begin_to_write(&mut self, contact: &Ref, order: &OrderId, now_ms: i64) {
        self.set_writes(contact, order, WRITES_AGAIN_AFTER, now_ms);
    }

    /// What he meant to write before is void.
    fn set_writes(&mut self, contact: &Ref, order: &OrderId, after: Span, now_ms: i64) {
        let at_ms = now_ms + after.draw(&mut self.random);
        let Some(call) = self.live(contact).filter(|call| call.plan.channel == Channel::Chat) else { return };
        call.thought += 1;
        let thought = call.thought;
        let (contact, order) = (contact.clone(), order.clone());
        self.set_due(at_ms - TYPES_FOR_MS, Due::Types { contact: contact.clone(), thought });
        self.set_due(at_ms, Due::Writes { contact, order, thought });
    }

    pub(super) fn types(&mut self, contact: &Ref, of_thought: u32) {
        if self.live(contact).is_some_and(|call| call.thought == of_thought) {
            self.says.push_back(GatewaySays::Typing(GatewayTyping { r#ref: contact.clone() }));
        }
    }

    pub(super) fn writes(&mut self, contact: &Ref, of_order: &OrderId, of_thought: u32, now_ms: i64) {
        let is_meant = self.live(contact).is_some_and(|call| call.thought == of_thought);
        if is_meant && matches!(self.leg(contact), Some(Leg::Talking { order, .. }) if order == of_order) {
            self.customer_writes(contact, now_ms);
        }
    }

    /// The agent's message is shown to the customer, who answers it.
    pub(super) fn deliver(&mut self, asked: &MessageOrder, now_ms: i64) {
        let talking = match self.leg(&asked.r#ref) {
            Some(Leg::Talking { order, .. }) => Some(order.clone()),
            Some(_) => None,
            None => return self.fail(&asked.order, &asked.r#ref, now_ms),
        };
        self.done(&asked.order, &asked.r#ref, now_ms);
        if let Some(order) = talking {
            self.set_writes(&asked.r#ref, &order, WRITES_AFTER, now_ms);
        }
    }

    fn customer_writes(&mut self, contact: &Ref, now_ms: i64) {
        let Some(call) = self.live(contact) else { return };
        let turn = call.lines_written;
        call.lines_written += 1;
        let text = match call.plan.channel {
            Channel::Email if turn == 0 => of_mail(contact.as_str()),
            Channel::Voice | Channel::Chat | Channel::Email | Channel::Callback | Channel::Task => {
                let language = call.plan.attributes.values().get("language").and_then(|named| named.as_str());
                of_customer(Language::named(language), contact.as_str(), turn)
            }
        };
        let (r#ref, by) = (contact.clone(), Speaker::Customer);
        let message = Some(MessageId::clipped(&format!("m-{turn}")));
        let text = Some(MessageText::clipped(text));
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::MessagePassed(MessagePassed { event, occurred_at, r#ref, by, message, text })
        });
    }

    pub(super) fn suspend(&mut self, asked: &ContactOrder, now_ms: i64) {
        // Who has hung up meanwhile is laid down all the same: the server hears of that later.
        if let Some(call) = self.calls.get_mut(&asked.r#ref).filter(|call| call.is_over && call.is_answered) {
            call.leg = Leg::Suspended;
        }
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
            self.customer_writes(contact, now_ms);
        }
    }

    /// The server has taken up what was laid down: the customer waits, though he may have hung up meanwhile.
    pub(super) fn message_acknowledged(&mut self, contact: &Ref, by: Speaker, now_ms: i64) {
        let laid_down = |call: &&mut Call| by == Speaker::Customer && call.leg == Leg::Suspended;
        let Some(call) = self.calls.get_mut(contact).filter(laid_down) else { return };
        if !call.is_over {
            return self.begin_wait(contact, now_ms);
        }
        call.leg = Leg::Waiting;
        if std::mem::take(&mut call.is_answered) {
            self.ledger.count(|seen| seen.requeued += 1);
        }
    }
}
