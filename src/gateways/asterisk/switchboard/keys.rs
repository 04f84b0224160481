//! Keys that callers press while they wait: an exit of the queue, or digits for the rules. Those pressed in a talk are
//! nobody's business: they may be a card's.

use serde_json::Value;

use super::calls::{Phase, Role};
use super::core::{Due, Switchboard};
use crate::gateways::asterisk::ari::event::ChannelId;
use crate::protocol::{Attributes, ContactExitKey, GatewayContactUpdated, GatewayTells, Ref, TelephoneKey};

/// After that long without a further digit they are told together.
const DIGITS_OVER_AFTER_MS: i64 = 2_000;
const DIGITS_MAX: usize = 32;

impl Switchboard {
    pub(super) fn key_pressed(&mut self, leg: &ChannelId, digit: &str, now: i64) {
        let mut keys = digit.chars();
        let key = keys.next().filter(|_| keys.next().is_none()).and_then(TelephoneKey::new);
        let Some((key, Role::Customer { of })) = key.zip(self.legs.get(leg).map(|known| known.role.clone())) else {
            return;
        };
        let Some(call) = self.calls.get_mut(&of).filter(|call| call.phase == Phase::Waiting) else { return };
        if call.digits.len() < DIGITS_MAX {
            call.digits.push(key.as_char());
        }
        self.forget_due(&Due::DigitsOver(of.clone()));
        self.remind(now + DIGITS_OVER_AFTER_MS, Due::DigitsOver(of.clone()));
        let r#ref = of.clone();
        self.tell(&of, now, |event, occurred_at| {
            GatewayTells::ContactExitKey(ContactExitKey { event, occurred_at, r#ref, key })
        });
    }

    pub(super) fn tell_digits(&mut self, of: &Ref, now: i64) {
        let Some(call) = self.calls.get_mut(of) else { return };
        let digits = std::mem::take(&mut call.digits);
        let values = [("digits".to_owned(), Value::from(digits))].into_iter().collect();
        let attributes = Attributes::new(values).expect("a short text under a short key");
        let r#ref = of.clone();
        self.tell(of, now, |event, occurred_at| {
            GatewayTells::ContactUpdated(GatewayContactUpdated { event, occurred_at, r#ref, attributes })
        });
    }
}
