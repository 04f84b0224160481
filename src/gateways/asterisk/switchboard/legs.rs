//! Legs of agents: rung, lifted, refused, gone. What becomes of their call then. They choose no agent.

use std::collections::BTreeMap;
use std::time::Duration;

use super::calls::{Leg, Phase, Role};
use super::core::{Asked, Switchboard};
use super::names;
use crate::gateways::asterisk::ari::event::{Channel, ChannelId, ChannelState};
use crate::gateways::asterisk::ari::request::{Action, Originate, RequestError};
use crate::protocol::{
    AgentName, ConnectOrder, ContactAbandoned, Endpoint, FirstCalled, GatewayContactEnded, GatewayPartyLeft,
    GatewayTells, HungUpBy, OrderFailure, OrderId, Ref,
};

/// Q.850: both sides hung up in the ordinary way.
pub(super) const NORMAL_CLEARING: i64 = 16;
/// What the device itself is asked, so that an agent who has accepted at his console need not lift it.
const ANSWERS_BY_ITSELF: [(&str, &str); 2] = [
    ("PJSIP_HEADER(add,Call-Info)", "<sip:usher>;answer-after=0"),
    ("PJSIP_HEADER(add,Alert-Info)", "<http://usher>;info=alert-autoanswer;delay=0"),
];

/// A device that is to ring for a call.
pub(super) struct Ring<'a> {
    pub order: &'a OrderId,
    pub of: &'a Ref,
    pub agent: &'a AgentName,
    pub endpoint: &'a Endpoint,
    pub until: i64,
    pub by_itself: bool,
}

impl Switchboard {
    pub(super) fn connect(&mut self, asked: &ConnectOrder, now: i64) {
        if asked.consultation.is_some() {
            self.begin_consultation(asked);
        }
        if !self.calls.contains_key(&asked.r#ref) {
            return self.fail(&asked.order, &asked.r#ref, OrderFailure::Failed, now);
        }
        let ring = Ring {
            order: &asked.order,
            of: &asked.r#ref,
            agent: &asked.agent,
            endpoint: &asked.endpoint,
            until: asked.not_after.as_ms(),
            by_itself: asked.auto_answer,
        };
        self.ring(&ring, now);
    }

    /// A leg that stays up is there at once.
    pub(super) fn ring(&mut self, ring: &Ring<'_>, now: i64) {
        if let Some(leg) = self.leg_on(ring.endpoint).filter(|leg| self.is_free_and_up(leg)) {
            self.now_serves(&leg, Some(ring.of.clone()));
            self.ordered_for(&leg, ring.order);
            return self.agent_lifted(&leg, now);
        }
        let role = Role::Agent {
            agent: ring.agent.clone(),
            endpoint: ring.endpoint.clone(),
            of: Some(ring.of.clone()),
            order: Some(ring.order.clone()),
        };
        let mut variables = BTreeMap::from([
            (names::ROLE.to_owned(), "agent".to_owned()),
            (names::REF.to_owned(), ring.of.as_str().to_owned()),
            (names::AGENT.to_owned(), ring.agent.as_str().to_owned()),
            (names::ENDPOINT.to_owned(), ring.endpoint.as_str().to_owned()),
            (names::ORDER.to_owned(), ring.order.as_str().to_owned()),
        ]);
        if ring.by_itself {
            variables.extend(ANSWERS_BY_ITSELF.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        let head = self.head_of(ring.of);
        let shown = self.calls.get(&head).and_then(|call| call.shown_as.clone());
        let originate = Originate {
            channel: names::agent_leg(ring.order),
            endpoint: dialled(ring.endpoint.as_str()),
            caller_id: shown,
            rings_for: seconds_until(ring.until, now),
            variables,
            originator: self.customer_of(&head),
        };
        self.originate(originate, role, now);
    }

    pub(super) fn originate(&mut self, originate: Originate, role: Role, now: i64) {
        let leg = originate.channel.clone();
        self.legs.insert(leg.clone(), Leg::new(role, now));
        let lane = self.lane_of(&leg);
        self.request(&lane, Action::Originate(originate), Some(Asked::Originate(leg)));
    }

    fn is_free_and_up(&self, leg: &ChannelId) -> bool {
        self.legs.get(leg).is_some_and(|known| known.is_there() && known.of().is_none())
    }

    fn ordered_for(&mut self, leg: &ChannelId, by: &OrderId) {
        if let Some(Leg { role: Role::Agent { order, .. }, .. }) = self.legs.get_mut(leg) {
            *order = Some(by.clone());
        }
    }

    /// The switch would not even try: no such device, or it did not answer us.
    pub(super) fn not_made(&mut self, leg: &ChannelId, error: &RequestError, now: i64) {
        match error {
            RequestError::Refused { .. } => self.gone(leg, None, now),
            RequestError::Unanswered(_) => {
                // It may have been made all the same.
                let lane = self.lane_of(leg);
                self.request(&lane, Action::HangUp { channel: leg.clone() }, None);
                self.gone(leg, None, now);
            }
        }
    }

    pub(super) fn state_changed(&mut self, channel: &Channel, now: i64) {
        let Some(leg) = self.legs.get_mut(&channel.id) else { return };
        if channel.state != ChannelState::Ringing || std::mem::replace(&mut leg.has_rung, true) {
            return;
        }
        match leg.role.clone() {
            Role::Customer { of } => self.customer_rings(&of, now),
            Role::Supervisor { monitor } => self.monitor_rings(&monitor, now),
            Role::Agent { .. } | Role::Outside { .. } | Role::Spy { .. } | Role::Listener { .. } => {}
        }
    }

    /// A phone that we rang was lifted.
    pub(super) fn lifted(&mut self, leg: &ChannelId, now: i64) {
        let Some(known) = self.legs.get_mut(leg) else { return };
        if std::mem::replace(&mut known.is_up, true) {
            return;
        }
        if known.leaves {
            // It was lifted while it was told to stop ringing.
            let lane = self.lane_of(leg);
            return self.request(&lane, Action::HangUp { channel: leg.clone() }, None);
        }
        match known.role.clone() {
            Role::Customer { of } => self.customer_lifted(&of, now),
            Role::Agent { of: Some(_), .. } => self.agent_lifted(leg, now),
            Role::Agent { of: None, .. } => self.lasting_leg_is_up(leg, now),
            Role::Supervisor { monitor } => self.supervisor_lifted(&monitor, now),
            Role::Listener { recording } => self.listens(&recording),
            Role::Outside { .. } | Role::Spy { .. } => {}
        }
    }

    /// The first that is lifted has the call; what `places` does then brings them together.
    fn agent_lifted(&mut self, leg: &ChannelId, now: i64) {
        let Some(Role::Agent { of: Some(of), order, .. }) = self.legs.get(leg).map(|known| known.role.clone()) else {
            return;
        };
        let Some(call) = self.calls.get(&of) else { return self.release(leg) };
        match &call.phase {
            Phase::Placing(asked) if asked.first == FirstCalled::Agent => self.dial_when_allowed(&of, now),
            Phase::Talking { .. } if self.has_other_agent(&of, leg) => {
                if let Some(order) = order {
                    self.fail(&order, &of, OrderFailure::Failed, now);
                }
                self.release(leg);
            }
            Phase::Entering
            | Phase::Waiting
            | Phase::Placing(_)
            | Phase::Talking { .. }
            | Phase::Announcing { .. }
            | Phase::Voicemail
            | Phase::Outside { .. } => {
                self.stop_playing(&of);
                let is_told = matches!(self.calls[&of].phase, Phase::Talking { is_told: true });
                self.set_phase(&of, Phase::Talking { is_told });
            }
        }
    }

    /// An agent's leg that is up, and not the one that asks another agent here.
    fn has_other_agent(&self, call: &Ref, leg: &ChannelId) -> bool {
        self.agents_of(call).any(|(other, known)| other != leg && known.is_up && !self.asks_on(call, other))
    }

    /// A channel is no more. `cause`: none when the switch never made it, or has lost it.
    pub(super) fn gone(&mut self, leg: &ChannelId, cause: Option<i64>, now: i64) {
        let Some(known) = self.legs.remove(leg) else { return };
        self.tell_device_of(&known, now);
        match &known.role {
            Role::Customer { of } => self.customer_gone(&of.clone(), &known, cause, now),
            Role::Agent { of: Some(of), .. } => {
                let of = of.clone();
                self.agent_gone(&of, known, cause, now);
            }
            Role::Agent { of: None, order, .. } => {
                if let Some(order) = order.clone() {
                    self.tell_leg_order(&order, false, now);
                }
            }
            Role::Outside { of } => self.outside_gone(&of.clone(), now),
            Role::Supervisor { monitor } => {
                self.supervisor_gone(&monitor.clone(), failure(&known, cause), known.is_up, now);
            }
            Role::Spy { monitor } => self.spy_gone(&monitor.clone(), leg, now),
            Role::Listener { recording } => self.listener_gone(&recording.clone(), now),
        }
    }

    fn agent_gone(&mut self, of: &Ref, leg: Leg, cause: Option<i64>, now: i64) {
        let Role::Agent { agent, endpoint, order, .. } = &leg.role else { return };
        let Some(call) = self.calls.get(of) else { return };
        if leg.leaves {
            return;
        }
        let (is_up, is_placing, is_connected) =
            (leg.is_up, matches!(call.phase, Phase::Placing(_)), call.is_connected());
        if !is_up || is_placing || !is_connected {
            return self.leg_failed(of, order.as_ref(), failure(&leg, cause), now);
        }
        let is_asking = self
            .consultations_about(of)
            .any(|(_, asked)| asked.asks.as_ref().is_some_and(|asks| asks.endpoint == *endpoint));
        let others = self.agents_of(of).any(|(_, other)| other.is_up);
        if cause == Some(NORMAL_CLEARING) && call.customer.is_some() && !is_asking && !others {
            self.end_call(of, HungUpBy::Agent);
        } else {
            self.tell_party_left(of, agent.clone(), now);
        }
    }

    /// It never came to a talk: the call waits on, or its customer is not called.
    fn leg_failed(&mut self, of: &Ref, order: Option<&OrderId>, why: OrderFailure, now: i64) {
        if let Some(order) = order {
            self.fail(order, of, why, now);
        }
        let Some(call) = self.calls.get(of) else { return };
        let is_first = call.customer.is_none() && call.asks.is_none();
        match call.phase {
            Phase::Placing(_) if is_first => self.forget(of),
            Phase::Placing(_) if !self.customer_is_up(of) => {
                self.end_call(of, HungUpBy::Gateway);
                self.forget(of);
            }
            Phase::Placing(_) | Phase::Talking { is_told: false } if !self.has_agent_up(of) => {
                self.set_phase(of, Phase::Waiting);
            }
            _ => {}
        }
    }

    fn has_agent_up(&self, call: &Ref) -> bool {
        self.agents_of(call).any(|(leg, known)| known.is_up && !self.asks_on(call, leg))
    }

    pub(super) fn customer_is_up(&self, call: &Ref) -> bool {
        self.customer_of(call).and_then(|leg| self.legs.get(&leg)).is_some_and(|leg| leg.is_up)
    }

    /// The customer's leg is no more.
    fn customer_gone(&mut self, of: &Ref, leg: &Leg, cause: Option<i64>, now: i64) {
        let Some(call) = self.calls.get(of) else { return };
        let by = call.ended_by.unwrap_or(if cause.is_none() { HungUpBy::Gateway } else { HungUpBy::Customer });
        let r#ref = of.clone();
        match &call.phase {
            Phase::Placing(asked) if !leg.is_up => {
                let order = asked.order.clone();
                if call.ended_by.is_none() {
                    self.not_reached(of, &order, leg, cause, now);
                }
            }
            Phase::Outside { order: None } => {}
            Phase::Entering | Phase::Waiting | Phase::Talking { is_told: false } | Phase::Placing(_)
                if by == HungUpBy::Customer =>
            {
                self.tell(of, now, |event, occurred_at| {
                    GatewayTells::ContactAbandoned(ContactAbandoned { event, occurred_at, r#ref })
                });
            }
            Phase::Entering
            | Phase::Waiting
            | Phase::Placing(_)
            | Phase::Talking { .. }
            | Phase::Announcing { .. }
            | Phase::Voicemail
            | Phase::Outside { .. } => {
                self.tell(of, now, |event, occurred_at| {
                    GatewayTells::ContactEnded(GatewayContactEnded { event, occurred_at, r#ref, by })
                });
            }
        }
        self.forget(of);
    }

    pub(super) fn tell_party_left(&mut self, of: &Ref, agent: AgentName, now: i64) {
        let r#ref = of.clone();
        self.tell(of, now, |event, occurred_at| {
            GatewayTells::PartyLeft(GatewayPartyLeft { event, occurred_at, r#ref, agent })
        });
    }
}

/// How the switch is to dial a device: a name alone is one of its SIP endpoints.
pub(super) fn dialled(endpoint: &str) -> String {
    if endpoint.contains('/') { endpoint.to_owned() } else { format!("PJSIP/{endpoint}") }
}

/// The switch counts whole seconds.
pub(super) fn seconds_until(until: i64, now: i64) -> Duration {
    let left = u64::try_from(until - now).unwrap_or(0);
    Duration::from_secs(left.div_ceil(1_000).max(1))
}

/// Q.850 causes as the switch gives them for what phones answer.
pub(super) fn failure(leg: &Leg, cause: Option<i64>) -> OrderFailure {
    match cause {
        Some(17) => OrderFailure::Busy,
        Some(21) => OrderFailure::Rejected,
        Some(18 | 19) if leg.has_rung => OrderFailure::NoAnswer,
        // Nothing that listens there has rung; or there is no such device.
        Some(1 | 18 | 19 | 20) | None => OrderFailure::Unregistered,
        Some(_) => OrderFailure::Failed,
    }
}
