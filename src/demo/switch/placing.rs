//! Calls to customers: who is rung first, and what becomes of it. It never decides whom to call.

use super::answers::{lead_answers, who_wished_it_answers};
use super::lines::{Call, Due, Leg, Switch};
use crate::demo::callers::PlannedCall;
use crate::demo::habits::Span;
use crate::protocol::{
    Attributes, CallCancelOrder, CallPlaceOrder, CallProgress, CallProgressed, Channel, ErrorKind, FirstCalled,
    GatewayTells, OrderId, Ref,
};

/// From the first ring until a customer lifts his phone.
const LIFTS_AFTER: Span = Span::seconds(3, 9);
/// How long one stays who has asked to be called.
const TALKS_FOR: Span = Span::seconds(20, 70);
/// How long he stays on the line when the agent has gone meanwhile.
const PATIENCE: Span = Span::seconds(40, 120);

impl Switch {
    pub(super) fn place(&mut self, asked: &CallPlaceOrder, now_ms: i64) {
        self.watch_for_double_use(&asked.r#ref, &asked.endpoint);
        if self.live(&asked.r#ref).is_some() {
            return self.fail(&asked.order, &asked.r#ref, now_ms);
        }
        let (order, agent, endpoint) = (asked.order.clone(), asked.agent.clone(), asked.endpoint.clone());
        let plan = PlannedCall {
            r#ref: asked.r#ref.clone(),
            channel: Channel::Callback,
            from: Some(asked.to.clone()),
            to: None,
            attributes: Attributes::default(),
            enters_at_ms: now_ms,
            patience_ms: Some(PATIENCE.draw(&mut self.random)),
            talk_ms: TALKS_FOR.draw(&mut self.random),
            calls_again_after_ms: None,
            presses: None,
        };
        let call = Call { is_to_lead: is_to_lead(asked), ..Call::new(plan, Leg::Placing { order, agent, endpoint }) };
        self.calls.insert(asked.r#ref.clone(), call);
        self.ledger.count(|seen| {
            seen.placed += 1;
            seen.leads_called += u64::from(is_to_lead(asked));
        });
        let wait_ms = match asked.first {
            FirstCalled::Agent => self.rings_for.draw(&mut self.random),
            FirstCalled::Customer => 0,
        };
        self.set_due(now_ms + wait_ms, Due::FirstLifted { asked: Box::new(asked.clone()) });
    }

    fn is_placing(&self, asked: &CallPlaceOrder) -> bool {
        matches!(self.leg(&asked.r#ref), Some(Leg::Placing { order, .. }) if *order == asked.order)
    }

    /// The customer's phone begins to ring.
    pub(super) fn first_lifted(&mut self, asked: &CallPlaceOrder, now_ms: i64) {
        if !self.is_placing(asked) {
            return;
        }
        self.progress(asked, CallProgressed::Ringing, now_ms);
        let ring_for_ms = i64::try_from(asked.ring_for_ms).unwrap_or(i64::MAX);
        let wait_ms = LIFTS_AFTER.draw(&mut self.random).min(ring_for_ms);
        self.set_due(now_ms + wait_ms, Due::CustomerLifted { asked: Box::new(asked.clone()) });
    }

    /// Or he does not.
    pub(super) fn customer_lifted(&mut self, asked: &CallPlaceOrder, now_ms: i64) {
        if !self.is_placing(asked) {
            return;
        }
        let progress = if is_to_lead(asked) {
            lead_answers(asked.to.as_str(), &mut self.random)
        } else {
            who_wished_it_answers(&mut self.random)
        };
        self.progress(asked, progress, now_ms);
        if is_to_lead(asked) {
            self.ledger.count(|seen| match progress {
                CallProgressed::Answered => seen.leads_lifted += 1,
                in_vain => *seen.leads_in_vain.entry(in_vain).or_default() += 1,
            });
        }
        if progress != CallProgressed::Answered {
            // Nothing is left of the call; the server's next order begins another.
            self.calls.remove(&asked.r#ref);
            return;
        }
        let (order, agent, endpoint) = (asked.order.clone(), asked.agent.clone(), asked.endpoint.clone());
        if let Some(call) = self.live(&asked.r#ref) {
            call.leg = Leg::Ringing { order, agent, endpoint };
        }
        match asked.first {
            FirstCalled::Agent => self.answered(&asked.r#ref, &asked.order, now_ms),
            FirstCalled::Customer => {
                let wait_ms = self.rings_for.draw(&mut self.random);
                let due = Due::Answered { contact: asked.r#ref.clone(), order: asked.order.clone() };
                self.set_due(now_ms + wait_ms, due);
            }
        }
    }

    fn progress(&mut self, asked: &CallPlaceOrder, progress: CallProgressed, now_ms: i64) {
        let order = asked.order.clone();
        self.tells.push(Some(&asked.r#ref), now_ms, |event, occurred_at| {
            GatewayTells::CallProgress(CallProgress { event, occurred_at, order, progress })
        });
    }

    /// From his answer on the customer waits like one who has called.
    pub(super) fn progress_acknowledged(
        &mut self,
        of_order: &OrderId,
        progress: CallProgressed,
        refusal: Option<&ErrorKind>,
    ) {
        match progress {
            CallProgressed::Answered => {}
            CallProgressed::Ringing
            | CallProgressed::Busy
            | CallProgressed::NoAnswer
            | CallProgressed::Rejected
            | CallProgressed::Machine
            | CallProgressed::Fax
            | CallProgressed::InvalidNumber
            | CallProgressed::Disconnected
            | CallProgressed::Congestion
            | CallProgressed::Failed => return,
        }
        let placed = self.calls.iter_mut().find(|(_, call)| call.placed_by.as_ref() == Some(of_order));
        let Some((contact, call)) = placed else { return };
        if refusal.is_some() {
            let contact = contact.clone();
            return self.forget(&contact);
        }
        if !std::mem::replace(&mut call.is_known, true) {
            self.ledger.count(|seen| seen.reached += 1);
        }
    }

    pub(super) fn cancel(&mut self, asked: &CallCancelOrder, now_ms: i64) {
        let is_placing = matches!(self.leg(&asked.r#ref), Some(Leg::Placing { order, .. }) if *order == asked.of);
        if is_placing {
            self.give_up(&asked.r#ref);
        }
        if !is_placing && self.live(&asked.r#ref).is_some() {
            return self.fail(&asked.order, &asked.r#ref, now_ms);
        }
        self.done(&asked.order, &asked.r#ref, now_ms);
    }

    /// No phone rings any more, and nobody was reached.
    pub(super) fn give_up(&mut self, contact: &Ref) {
        if self.calls.remove(contact).is_some_and(|call| call.is_to_lead) {
            self.ledger.count(|seen| seen.leads_given_up += 1);
        }
    }
}

/// Campaigns show their number to those they call; who is called because he asked for it sees the gateway's.
fn is_to_lead(asked: &CallPlaceOrder) -> bool {
    asked.caller_id.is_some()
}
