//! Calls to customers: whose phone rings first, how the customer's end goes on, how many at once. They are placed only
//! because the server says so.

use std::collections::BTreeMap;
use std::time::Duration;

use super::calls::{Call, Leg, Phase, Role};
use super::core::{Due, Switchboard};
use super::legs::Ring;
use super::names;
use crate::gateways::asterisk::ari::event::ChannelId;
use crate::gateways::asterisk::ari::request::{Action, Originate};
use crate::protocol::{
    CallCancelOrder, CallPlaceOrder, CallProgress, CallProgressed, Channel as Carried, FirstCalled, GatewayLines,
    GatewayTells, HungUpBy, OrderFailure, OrderId, Ref,
};

/// Calls begun are counted over that long.
const RATE_SPAN_MS: i64 = 1_000;
/// What the agent hears while his customer's phone rings.
const RINGING_TONE: &str = "tone:ring";
/// What the switch says after it has listened.
const HEARD_MACHINE: &str = "MACHINE";
const HUNG_UP: &str = "HANGUP";

impl Switchboard {
    pub(super) fn place(&mut self, asked: &CallPlaceOrder, now: i64) {
        if self.calls.contains_key(&asked.r#ref) {
            return self.fail(&asked.order, &asked.r#ref, OrderFailure::Failed, now);
        }
        if !self.has_line_to_place() {
            return self.progress(&asked.r#ref, &asked.order, CallProgressed::Congestion, now);
        }
        let call = Call {
            shown_as: Some(asked.to.as_str().to_owned()),
            from: Some(asked.to.clone()),
            placed_by: Some(asked.order.clone()),
            ..Call::new(Carried::Callback, Phase::Placing(Box::new(asked.clone())))
        };
        self.calls.insert(asked.r#ref.clone(), call);
        match asked.first {
            FirstCalled::Agent => self.ring_for_placed(asked, now),
            FirstCalled::Customer => self.dial_when_allowed(&asked.r#ref, now),
        }
    }

    fn ring_for_placed(&mut self, asked: &CallPlaceOrder, now: i64) {
        let until = asked.not_after.as_ms();
        let until = match asked.first {
            FirstCalled::Agent => until,
            // The order ran while the customer's phone rang.
            FirstCalled::Customer => until.saturating_add(i64::try_from(asked.ring_for_ms).unwrap_or(i64::MAX)),
        };
        let ring = Ring {
            order: &asked.order,
            of: &asked.r#ref,
            agent: &asked.agent,
            endpoint: &asked.endpoint,
            until,
            by_itself: asked.auto_answer,
        };
        self.ring(&ring, now);
    }

    /// The server orders no call that would be one too many.
    pub fn say_lines(&mut self, now: i64) {
        let (calls_max, kept_for_inbound) = (self.settings.calls_max, self.settings.kept_for_inbound);
        self.tells.push(None, now, |event, occurred_at| {
            GatewayTells::GatewayLines(GatewayLines { event, occurred_at, calls_max, kept_for_inbound })
        });
    }

    /// Lines that the switch keeps for callers are not for this, whatever was ordered.
    fn has_line_to_place(&self) -> bool {
        let Some(calls_max) = self.settings.calls_max else { return true };
        let taken = self.calls.values().filter(|call| call.asks.is_none()).count();
        taken < calls_max.saturating_sub(self.settings.kept_for_inbound) as usize
    }

    /// At once, or as soon as fewer calls were begun within a second than the switch may begin.
    pub(super) fn dial_when_allowed(&mut self, of: &Ref, now: i64) {
        self.to_call.push_back(of.clone());
        self.call_next(now);
    }

    pub(super) fn call_next(&mut self, now: i64) {
        while self.calls_begun.front().is_some_and(|begun| begun + RATE_SPAN_MS <= now) {
            self.calls_begun.pop_front();
        }
        let rate = self.settings.calls_per_second_max.map_or(usize::MAX, |rate| rate as usize);
        while self.calls_begun.len() < rate
            && let Some(of) = self.to_call.pop_front()
        {
            self.calls_begun.push_back(now);
            self.dial(&of, now);
        }
        if !self.to_call.is_empty()
            && let Some(oldest) = self.calls_begun.front()
        {
            self.remind(oldest + RATE_SPAN_MS, Due::CallNext);
        }
    }

    fn dial(&mut self, of: &Ref, now: i64) {
        let Some(asked) = self.placing(of) else { return };
        let leg = names::customer_leg(&asked.order);
        let caller_id = asked.caller_id.as_ref().map(|number| number.as_str().to_owned());
        let variables = BTreeMap::from([
            (names::ROLE.to_owned(), "customer".to_owned()),
            (names::REF.to_owned(), of.as_str().to_owned()),
            (names::ORDER.to_owned(), asked.order.as_str().to_owned()),
        ]);
        let originate = Originate {
            channel: leg.clone(),
            endpoint: self.trunk_to(asked.to.as_str()),
            caller_id: caller_id.or_else(|| self.settings.caller_id.clone()),
            rings_for: Duration::from_millis(asked.ring_for_ms),
            variables,
            originator: None,
        };
        if let Some(call) = self.calls.get_mut(of) {
            call.customer = Some(leg);
        }
        self.originate(originate, Role::Customer { of: of.clone() }, now);
    }

    pub(super) fn trunk_to(&self, number: &str) -> String {
        self.settings.trunk.replace("{number}", number).replace("{digits}", number.trim_start_matches('+'))
    }

    fn placing(&self, of: &Ref) -> Option<CallPlaceOrder> {
        match &self.calls.get(of)?.phase {
            Phase::Placing(asked) => Some(CallPlaceOrder::clone(asked)),
            _ => None,
        }
    }

    pub(super) fn customer_rings(&mut self, of: &Ref, now: i64) {
        let Some(asked) = self.placing(of) else { return };
        self.progress(of, &asked.order, CallProgressed::Ringing, now);
        let agent = self.agents_of(of).find(|(_, leg)| leg.is_up).map(|(id, _)| id.clone());
        if let Some(channel) = agent {
            self.play(of, channel, vec![RINGING_TONE.to_owned()], None);
        }
    }

    /// Somebody, or something, has lifted the customer's phone.
    pub(super) fn customer_lifted(&mut self, of: &Ref, now: i64) {
        let Some(asked) = self.placing(of) else { return };
        let listens = self.settings.machine_detection_context.clone().filter(|_| asked.first == FirstCalled::Customer);
        match listens.zip(self.customer_of(of)) {
            Some((context, channel)) => {
                if let Some(call) = self.calls.get_mut(of) {
                    call.is_listened_to = true;
                }
                self.request(of.as_str(), Action::Continue { channel, context, extension: "s".to_owned() }, None);
            }
            None => self.reached(of, &asked, now),
        }
    }

    /// The switch has listened to the line.
    pub(super) fn listened(&mut self, leg: &ChannelId, heard: &str, now: i64) {
        let Some(Role::Customer { of }) = self.legs.get(leg).map(|known| known.role.clone()) else { return };
        if let Some(call) = self.calls.get_mut(&of) {
            call.is_listened_to = false;
        }
        let Some(asked) = self.placing(&of) else { return };
        if heard == HUNG_UP {
            return;
        }
        if heard == HEARD_MACHINE {
            self.progress(&of, &asked.order, CallProgressed::Machine, now);
            self.hang_up(leg);
            self.forget(&of);
        } else {
            self.reached(&of, &asked, now);
        }
    }

    fn reached(&mut self, of: &Ref, asked: &CallPlaceOrder, now: i64) {
        self.stop_playing(of);
        self.progress(of, &asked.order, CallProgressed::Answered, now);
        match asked.first {
            FirstCalled::Agent if self.agents_of(of).any(|(_, leg)| leg.is_up) => {
                self.set_phase(of, Phase::Talking { is_told: false });
            }
            FirstCalled::Agent => self.set_phase(of, Phase::Waiting),
            FirstCalled::Customer => {
                self.set_phase(of, Phase::Waiting);
                self.ring_for_placed(asked, now);
            }
        }
    }

    /// The customer's leg is gone, and he was never on the line.
    pub(super) fn not_reached(&mut self, of: &Ref, order: &OrderId, leg: &Leg, cause: Option<i64>, now: i64) {
        self.progress(of, order, outcome(leg, cause), now);
    }

    pub(super) fn progress(&mut self, of: &Ref, order: &OrderId, progress: CallProgressed, now: i64) {
        let order = order.clone();
        self.tell(of, now, |event, occurred_at| {
            GatewayTells::CallProgress(CallProgress { event, occurred_at, order, progress })
        });
    }

    /// A customer who has answered meanwhile is kept.
    pub(super) fn cancel(&mut self, asked: &CallCancelOrder, now: i64) {
        let is_answered = self.calls.contains_key(&asked.r#ref)
            && (self.placing(&asked.r#ref).is_none() || self.customer_is_up(&asked.r#ref));
        if is_answered {
            return self.fail(&asked.order, &asked.r#ref, OrderFailure::Failed, now);
        }
        self.give_up(&asked.r#ref);
        self.done(&asked.order, &asked.r#ref, now);
    }

    /// No phone rings any more for a call whose customer was not reached.
    pub(super) fn give_up(&mut self, of: &Ref) {
        self.end_call(of, HungUpBy::Gateway);
        self.forget(of);
    }
}

/// Q.850 causes as networks give them for what became of a call.
fn outcome(leg: &Leg, cause: Option<i64>) -> CallProgressed {
    match cause {
        Some(17) => CallProgressed::Busy,
        Some(18 | 19) => CallProgressed::NoAnswer,
        Some(21) => CallProgressed::Rejected,
        Some(1 | 3 | 28) => CallProgressed::InvalidNumber,
        Some(22 | 27) => CallProgressed::Disconnected,
        Some(34 | 38 | 41 | 42 | 44) => CallProgressed::Congestion,
        // Nobody lifted it, and no reason was given.
        Some(16) if leg.has_rung => CallProgressed::NoAnswer,
        Some(_) | None => CallProgressed::Failed,
    }
}
