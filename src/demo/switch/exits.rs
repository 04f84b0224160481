//! Callers on their way out of a queue: the keys they press, the messages they hear, the mailbox they
//! speak to. It never chooses an exit.

use super::lines::{Due, Leg, Switch};
use crate::demo::habits::Span;
use crate::protocol::{ContactExitKey, GatewayTells, HungUpBy, OrderId, Ref, TelephoneKey};

/// How long a message is.
const MESSAGE: Span = Span::seconds(4, 9);
/// How long a caller speaks to voicemail.
const SPEAKS: Span = Span::seconds(10, 30);

impl Switch {
    /// The server counts a visit as flowed out from its order on, though the caller may be gone by now.
    pub(super) fn flows_out(&mut self, contact: &Ref) {
        let newly = self.calls.get_mut(contact).filter(|call| !call.has_flowed_out);
        if let Some(call) = newly {
            call.has_flowed_out = true;
            // Who has something to hear or to say has patience.
            call.wait += 1;
            self.ledger.count(|seen| seen.flowed_out += 1);
        }
    }

    pub(super) fn play(&mut self, order: &OrderId, contact: &Ref, now_ms: i64) {
        if !self.calls.contains_key(contact) {
            return self.fail(order, contact, now_ms);
        }
        self.flows_out(contact);
        self.ledger.count(|seen| seen.announcements += 1);
        if let Some(call) = self.live(contact) {
            call.leg = Leg::Announcement { order: order.clone() };
            let over_ms = now_ms + MESSAGE.draw(&mut self.random);
            self.set_due(over_ms, Due::MessageOver { contact: contact.clone(), order: order.clone() });
        }
    }

    /// The server ends the call then.
    pub(super) fn message_over(&mut self, contact: &Ref, of_order: &OrderId, now_ms: i64) {
        let hears = |leg: &Leg| matches!(leg, Leg::Announcement { order } if order == of_order);
        if self.live(contact).is_some_and(|call| hears(&call.leg)) {
            self.done(of_order, contact, now_ms);
        }
    }

    /// `order`: to be answered; None: the server knows that the caller is in the mailbox.
    pub(super) fn record(&mut self, order: Option<&OrderId>, contact: &Ref, now_ms: i64) {
        if let Some(order) = order.filter(|_| !self.calls.contains_key(contact)) {
            return self.fail(order, contact, now_ms);
        }
        self.flows_out(contact);
        self.ledger.count(|seen| seen.voicemails += 1);
        if let Some(call) = self.live(contact) {
            call.leg = Leg::Voicemail;
            let wait = call.wait;
            if let Some(order) = order {
                self.done(order, contact, now_ms);
            }
            let over_ms = now_ms + SPEAKS.draw(&mut self.random);
            self.set_due(over_ms, Due::VoicemailOver { contact: contact.clone(), wait });
        }
    }

    /// The number outside lifts at once; from then on the call is no longer the server's.
    pub(super) fn transfer_outside(&mut self, order: &OrderId, contact: &Ref, now_ms: i64) {
        let Some(call) = self.live(contact) else { return self.fail(order, contact, now_ms) };
        call.is_over = true;
        self.done(order, contact, now_ms);
    }

    pub(super) fn voicemail_over(&mut self, contact: &Ref, wait: u32, now_ms: i64) {
        if self.live(contact).is_some_and(|call| call.wait == wait && call.leg == Leg::Voicemail) {
            self.hang_up(contact, HungUpBy::Customer, now_ms);
        }
    }

    /// The server wants the caller back in his queue.
    pub(super) fn stop_play(&mut self, order: &OrderId, contact: &Ref, now_ms: i64) {
        if self.calls.get(contact).is_some_and(|call| call.has_flowed_out) {
            self.begin_wait(contact, now_ms);
        }
        self.done(order, contact, now_ms);
    }

    /// What a key does, only the server knows.
    pub(super) fn key_pressed(&mut self, contact: &Ref, wait: u32, key: TelephoneKey, now_ms: i64) {
        let Some(call) = self.live(contact) else { return };
        if call.wait != wait || call.leg != Leg::Waiting {
            return;
        }
        let r#ref = contact.clone();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::ContactExitKey(ContactExitKey { event, occurred_at, r#ref, key })
        });
    }
}
