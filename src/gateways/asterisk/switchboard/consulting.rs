//! Questions of one agent to another: a call of its own beside the customer's. Who hears whom, `places` says.

use super::calls::{Call, Phase};
use super::core::{Awaited, Switchboard};
use crate::gateways::asterisk::ari::event::ChannelId;
use crate::protocol::{Channel as Carried, ConnectOrder, ConsultationOrder, GatewayConsultation, OrderFailure, Ref};

impl Switchboard {
    pub(super) fn begin_consultation(&mut self, asked: &ConnectOrder) {
        self.take_up_consultation(&asked.r#ref, asked.consultation.as_ref());
    }

    /// Calls in which an agent of this one asks somebody, and this one itself once its customer has gone.
    pub(super) fn consultations_about<'a>(&'a self, of: &'a Ref) -> impl Iterator<Item = (&'a Ref, &'a Call)> {
        self.calls.iter().filter(move |(consultation, call)| {
            let asks = call.asks.as_ref();
            asks.is_some_and(|asks| asks.parent.as_ref() == Some(of) || (asks.parent.is_none() && *consultation == of))
        })
    }

    /// Whether the leg is that of the agent who asks in this consultation.
    pub(super) fn asks_on(&self, consultation: &Ref, leg: &ChannelId) -> bool {
        let asks = self.calls.get(consultation).and_then(|call| call.asks.as_ref());
        asks.zip(self.legs.get(leg).and_then(|known| known.endpoint())).is_some_and(|(asks, on)| asks.endpoint == *on)
    }

    /// Whoever was asked is gone, or was never there: who asked is back with his customer. Without a customer both must
    /// be there.
    pub(super) fn end_questions_to_nobody(&mut self) {
        let is_over = |of: &Ref, asks: &GatewayConsultation| {
            let (asking, asked): (Vec<_>, Vec<_>) = self.agents_of(of).partition(|(leg, _)| self.asks_on(of, leg));
            asked.is_empty() || (asks.parent.is_none() && asking.is_empty())
        };
        let questions = self.calls.iter().filter_map(|(of, call)| Some((of, call.asks.as_ref()?)));
        let over: Vec<Ref> = questions.filter(|(of, asks)| is_over(of, asks)).map(|(of, _)| of.clone()).collect();
        for question in over {
            self.forget(&question);
        }
    }

    /// The customer goes on with whoever was asked.
    pub(super) fn complete(&mut self, asked: &ConsultationOrder, now: i64) {
        let (of, consultation) = (&asked.r#ref, &asked.consultation);
        let asked_leg = self.asked_leg(asked);
        let (Some(leg), true) = (asked_leg, self.calls.contains_key(of)) else {
            return self.fail(&asked.order, of, OrderFailure::Failed, now);
        };
        let first: Vec<ChannelId> = self.agents_of(of).map(|(id, _)| id.clone()).collect();
        for leg in first {
            self.release(&leg);
        }
        self.now_serves(&leg, Some(of.clone()));
        self.forget(consultation);
        if let Some(call) = self.calls.get_mut(of) {
            (call.is_held, call.phase) = (false, Phase::Talking { is_told: true });
        }
        self.when_in_place(&asked.order, of, asked.not_after);
    }

    /// All three hear each other.
    pub(super) fn join(&mut self, asked: &ConsultationOrder, now: i64) {
        if self.asked_leg(asked).is_none() || !self.calls.contains_key(&asked.r#ref) {
            return self.fail(&asked.order, &asked.r#ref, OrderFailure::Failed, now);
        }
        if let Some(consultation) = self.calls.get_mut(&asked.consultation) {
            (consultation.is_conference, consultation.is_held) = (true, false);
        }
        if let Some(call) = self.calls.get_mut(&asked.r#ref) {
            call.is_held = false;
        }
        self.when_in_place(&asked.order, &asked.r#ref, asked.not_after);
    }

    fn asked_leg(&self, asked: &ConsultationOrder) -> Option<ChannelId> {
        let mut legs = self.agents_of(&asked.consultation).filter(|(_, leg)| leg.is_up);
        legs.find(|(_, leg)| leg.endpoint() == Some(&asked.endpoint)).map(|(id, _)| id.clone())
    }

    /// What else an order means once its legs are where they should be.
    pub(super) fn has_come_true(&mut self, awaited: &Awaited) {
        if let Some(call) = self.calls.get_mut(&awaited.of)
            && call.phase == (Phase::Outside { order: Some(awaited.order.clone()) })
        {
            // The server is done with it; here it lasts until one of the two hangs up.
            call.phase = Phase::Outside { order: None };
            call.is_known = false;
        }
    }

    /// Two agents who talk, and whom nobody here knew: their legs were found.
    pub(super) fn take_up_consultation(&mut self, of: &Ref, asks: Option<&GatewayConsultation>) {
        if let Some(asks) = asks {
            let is_conference = asks.conference;
            let asks = Some(asks.clone());
            let call = Call { asks, is_conference, is_known: true, ..Call::new(Carried::Voice, Phase::Waiting) };
            self.calls.entry(of.clone()).or_insert(call);
        }
    }
}
