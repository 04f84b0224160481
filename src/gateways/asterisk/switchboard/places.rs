//! In which bridge each leg should be, from what its call is, and the moves that are missing. What is so already is left
//! alone: this runs after every input.

use super::calls::{Call, Leg, Phase, Place, Role};
use super::core::{Asked, Awaited, Switchboard};
use super::names;
use crate::gateways::asterisk::ari::event::{BridgeId, ChannelId};
use crate::gateways::asterisk::ari::request::{Action, BridgeKind};
use crate::protocol::{GatewayContactConnected, GatewayTells, HungUpBy, MonitorId, MonitorMode, Ref};

/// Moves that the switch may refuse before a leg is given up.
const REFUSED_MAX: u32 = 3;

impl Switchboard {
    /// Brings every leg where it should be, and tells what has come true by that.
    pub(super) fn settle(&mut self, now: i64) {
        self.end_questions_to_nobody();
        let legs: Vec<ChannelId> = self.legs.keys().cloned().collect();
        for leg in &legs {
            self.bring(leg);
        }
        self.tell_connected(now);
        self.tell_done(now);
        self.end_monitors_without_talk(now);
    }

    fn bring(&mut self, leg: &ChannelId) {
        let Some(known) = self.legs.get(leg).filter(|known| known.is_there()) else { return };
        let place = self.place_of(leg, known);
        if place == known.sent_to || place == Place::Anywhere {
            return;
        }
        let (lane, from) = (self.lane_of(leg), known.sent_to.clone());
        if let Role::Customer { of } = &known.role {
            // While it hears something it would not move before that is over.
            self.stop_playing(&of.clone());
        }
        let action = match (&place, &from) {
            (Place::Bridge(bridge), _) => {
                self.make_bridge(bridge, &lane);
                Action::Enter { bridge: bridge.clone(), channel: leg.clone() }
            }
            (Place::Alone, Place::Bridge(bridge)) => Action::Leave { bridge: bridge.clone(), channel: leg.clone() },
            (Place::Alone, Place::Alone | Place::Anywhere) | (Place::Anywhere, _) => return,
        };
        if let Some(known) = self.legs.get_mut(leg) {
            known.sent_to = place;
        }
        self.request(&lane, action, Some(Asked::Move(leg.clone())));
    }

    fn make_bridge(&mut self, bridge: &BridgeId, lane: &str) {
        let kind = if *bridge == names::holding() { BridgeKind::Holding } else { BridgeKind::Mixing };
        // All who wait share one, each in his own lane: whoever comes first must not wait for another's.
        if self.bridges.insert(bridge.clone()) || kind == BridgeKind::Holding && !self.holding_is_there {
            let asked = Some(Asked::Bridge(bridge.clone()));
            self.request(lane, Action::MakeBridge { bridge: bridge.clone(), kind }, asked);
            if kind == BridgeKind::Holding {
                let (bridge, class) = (bridge.clone(), self.settings.music_class.clone());
                self.request(lane, Action::StartMusic { bridge, class }, None);
            }
        }
    }

    fn place_of(&self, id: &ChannelId, leg: &Leg) -> Place {
        match &leg.role {
            Role::Customer { of } => {
                self.calls.get(of).map_or(Place::Anywhere, |call| self.place_of_customer(of, call))
            }
            Role::Agent { of: None, .. } => Place::Alone,
            Role::Agent { of: Some(of), .. } => self.place_of_agent(id, of),
            Role::Outside { of } => Place::Bridge(names::bridge_of(of)),
            Role::Supervisor { monitor } => self.place_of_supervisor(monitor),
            Role::Spy { monitor } => Place::Bridge(names::bridge_of_monitor(monitor)),
            Role::Listener { .. } => Place::Anywhere,
        }
    }

    fn place_of_customer(&self, of: &Ref, call: &Call) -> Place {
        let together = || Place::Bridge(names::bridge_of(of));
        let music = || Place::Bridge(names::holding());
        match &call.phase {
            Phase::Entering => Place::Alone,
            Phase::Waiting | Phase::Announcing { .. } => music(),
            Phase::Placing(_) if call.is_listened_to => Place::Anywhere,
            Phase::Placing(_) => music(),
            Phase::Talking { .. } if call.is_held || !self.is_spoken_to(of) => music(),
            Phase::Talking { .. } => together(),
            Phase::Voicemail => Place::Anywhere,
            Phase::Outside { .. } if self.outside_is_up(of) => together(),
            Phase::Outside { .. } => music(),
        }
    }

    /// Whether an agent's leg is where the customer would hear it.
    fn is_spoken_to(&self, of: &Ref) -> bool {
        let here = Place::Bridge(names::bridge_of(of));
        self.legs.iter().any(|(id, leg)| leg.is_of_agent() && leg.is_there() && self.place_of(id, leg) == here)
    }

    /// Who asks a colleague is with him while the customer is held, and back when the colleague is.
    fn place_of_agent(&self, id: &ChannelId, of: &Ref) -> Place {
        let with = |call: &Ref| Place::Bridge(names::bridge_of(call));
        let Some(call) = self.calls.get(of) else { return Place::Alone };
        let is_asked = call.asks.is_some() && !self.asks_on(of, id);
        if is_asked {
            let parent = call.asks.as_ref().and_then(|asks| asks.parent.as_ref());
            return match parent.filter(|_| call.is_conference) {
                Some(parent) => with(parent),
                None if call.is_held => Place::Bridge(names::holding()),
                None => with(of),
            };
        }
        let asked = self.consultations_about(of).find(|(consultation, _)| self.asks_on(consultation, id));
        match asked {
            Some((consultation, asked)) if asked.is_talking() && !asked.is_held && !asked.is_conference => {
                with(consultation)
            }
            _ => with(of),
        }
    }

    pub(super) fn place_of_supervisor(&self, monitor: &MonitorId) -> Place {
        let Some(known) = self.monitors.get(monitor) else { return Place::Alone };
        match known.mode {
            MonitorMode::Barge => Place::Bridge(names::bridge_of(&known.of)),
            MonitorMode::Listen | MonitorMode::Whisper => Place::Bridge(names::bridge_of_monitor(monitor)),
        }
    }

    pub(super) fn is_in_bridge(&mut self, leg: &ChannelId, bridge: BridgeId) {
        if let Some(known) = self.legs.get_mut(leg) {
            known.is_in = Some(bridge);
        }
    }

    pub(super) fn has_left_bridge(&mut self, leg: &ChannelId, bridge: &BridgeId) {
        if let Some(known) = self.legs.get_mut(leg).filter(|known| known.is_in.as_ref() == Some(bridge)) {
            known.is_in = None;
        }
    }

    /// The switch says that the move is made.
    pub(super) fn moved(&mut self, leg: &ChannelId) {
        if let Some(known) = self.legs.get_mut(leg) {
            known.refused = 0;
            if let Place::Bridge(bridge) = &known.sent_to {
                if *bridge == names::holding() {
                    self.holding_is_there = true;
                }
                known.is_in = Some(bridge.clone());
            }
        }
    }

    /// Tried again by the next settling, a few times; then the leg is of no use.
    pub(super) fn not_moved(&mut self, leg: &ChannelId, now: i64) {
        let Some(known) = self.legs.get_mut(leg) else { return };
        known.refused += 1;
        // The bridge may be what is missing.
        if let Place::Bridge(bridge) = std::mem::replace(&mut known.sent_to, Place::Alone) {
            self.bridges.remove(&bridge);
            if bridge == names::holding() {
                self.holding_is_there = false;
            }
        }
        if known.refused < REFUSED_MAX {
            return;
        }
        let role = known.role.clone();
        match role {
            Role::Customer { of } => self.end_call(&of, HungUpBy::Gateway),
            Role::Agent { .. } => {
                let lane = self.lane_of(leg);
                self.request(&lane, Action::HangUp { channel: leg.clone() }, None);
                self.gone(leg, None, now);
            }
            Role::Outside { .. } | Role::Supervisor { .. } | Role::Spy { .. } | Role::Listener { .. } => {
                self.hang_up(leg)
            }
        }
    }

    /// Whoever was in it is alone until the next settling.
    pub(super) fn bridge_gone(&mut self, bridge: &BridgeId) {
        self.bridges.remove(bridge);
        if *bridge == names::holding() {
            self.holding_is_there = false;
        }
        let here = Place::Bridge(bridge.clone());
        for leg in self.legs.values_mut().filter(|leg| leg.sent_to == here) {
            (leg.sent_to, leg.is_in) = (Place::Alone, None);
        }
    }

    /// An agent's leg and whom it was ordered for hear each other: this is when a contact counts as answered.
    fn tell_connected(&mut self, now: i64) {
        let there: Vec<(ChannelId, Ref)> = self
            .legs
            .iter()
            .filter_map(|(id, leg)| match &leg.role {
                Role::Agent { of: Some(of), order: Some(_), .. } if leg.is_there() => Some((id.clone(), of.clone())),
                _ => None,
            })
            .filter(|(_, of)| self.calls.get(of).is_some_and(Call::is_talking) && self.hear_each_other(of))
            .collect();
        for (id, of) in there {
            let Some(Leg { role: Role::Agent { order, .. }, .. }) = self.legs.get_mut(&id) else { continue };
            let Some(order) = order.take() else { continue };
            self.set_phase(&of, Phase::Talking { is_told: true });
            let r#ref = of.clone();
            self.tell(&of, now, |event, occurred_at| {
                GatewayTells::ContactConnected(GatewayContactConnected { event, occurred_at, r#ref, order })
            });
        }
    }

    /// Two legs at least, all of the call's own in its bridge. A held customer hears music, and is there all the same.
    fn hear_each_other(&self, of: &Ref) -> bool {
        let Some(call) = self.calls.get(of) else { return false };
        if call.is_held {
            return self.is_in_place(of);
        }
        let bridge = names::bridge_of(of);
        self.legs.values().filter(|leg| leg.is_there() && leg.is_in.as_ref() == Some(&bridge)).count() >= 2
    }

    fn is_true(&self, awaited: &Awaited) -> bool {
        let is_on_its_way = self.calls.get(&awaited.of).is_some_and(
            |call| matches!(&call.phase, Phase::Outside { order: Some(order) } if *order == awaited.order),
        );
        self.is_in_place(&awaited.of) && (!is_on_its_way || self.outside_is_up(&awaited.of))
    }

    /// Every leg of the customer's call and its consultations is where it should be.
    fn is_in_place(&self, of: &Ref) -> bool {
        let head = self.head_of(of);
        let mut legs = self
            .legs
            .iter()
            .filter(|(_, leg)| leg.is_there() && leg.of().is_some_and(|serves| self.head_of(serves) == head));
        legs.all(|(id, leg)| match self.place_of(id, leg) {
            Place::Bridge(bridge) => leg.is_in.as_ref() == Some(&bridge),
            Place::Alone | Place::Anywhere => true,
        })
    }

    fn tell_done(&mut self, now: i64) {
        let (done, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.awaited).into_iter().partition(|awaited| self.is_true(awaited));
        self.awaited = waiting;
        for awaited in done {
            self.done(&awaited.order, &awaited.of, now);
            self.has_come_true(&awaited);
        }
    }
}
