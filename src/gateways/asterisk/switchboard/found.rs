//! What the switch has, compared with what is known here: calls that were there before us are taken up, what is gone is
//! told. Nobody who talks is disturbed.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{Call, Leg, Phase, Place, Role};
use super::core::Switchboard;
use super::names;
use crate::gateways::asterisk::ari::event::{BridgeId, Channel, ChannelId, ChannelState, Found};
use crate::gateways::asterisk::ari::request::Action;
use crate::protocol::{AgentName, Channel as Carried, Endpoint, OrderId, Ref};

/// Lists in a row in which a leg is missing before it counts as gone, while its events are heard: a list may be older.
const MISSED_MAX: u32 = 2;
/// What is just being made need not be in a list.
const YOUNG_MS: i64 = 10_000;

impl Switchboard {
    /// After each connection to the switch, before its further events; and every now and then.
    pub fn switch_found(&mut self, found: Found, now: i64) {
        let was_lost = std::mem::replace(&mut self.is_lost, false);
        let there: BTreeSet<&ChannelId> = found.channels.iter().map(|channel| &channel.id).collect();
        self.miss(&there, was_lost, now);
        let (others, ours): (Vec<&Channel>, Vec<&Channel>) =
            found.channels.iter().partition(|channel| !names::is_ours(&channel.id));
        for channel in others.into_iter().chain(ours) {
            if !self.legs.contains_key(&channel.id) {
                self.take_up(channel, now);
            }
        }
        if was_lost {
            self.see_bridges(&found);
        }
        for device in &found.devices {
            self.device_changed(device, now);
        }
        self.settle(now);
    }

    fn miss(&mut self, there: &BTreeSet<&ChannelId>, was_lost: bool, now: i64) {
        let mut gone = Vec::new();
        for (id, leg) in &mut self.legs {
            let is_young = !leg.is_up && now - leg.began_at < YOUNG_MS;
            leg.missed = if there.contains(id) || is_young { 0 } else { leg.missed + 1 };
            if leg.missed >= MISSED_MAX || (was_lost && leg.missed > 0) {
                gone.push(id.clone());
            }
        }
        for leg in gone {
            self.gone(&leg, None, now);
        }
    }

    /// A channel that an earlier life of this program made, or took in.
    fn take_up(&mut self, channel: &Channel, now: i64) {
        let is_in_ours = channel.dialplan.app_name == "Stasis"
            && channel.dialplan.app_data.split(',').next() == Some(self.settings.application.as_str());
        if !names::is_ours(&channel.id) {
            if is_in_ours {
                let args: Vec<String> = channel.dialplan.app_data.split(',').skip(1).map(str::to_owned).collect();
                self.take_in(channel, &args, now);
            }
            return;
        }
        let said = Said(&channel.channelvars);
        let is_up = channel.state == ChannelState::Up && is_in_ours;
        let role = match (said.text(names::ROLE), said.text(names::REF)) {
            (Some("customer"), Some(of)) => {
                let call = Call { customer: Some(channel.id.clone()), ..Call::new(Carried::Callback, Phase::Entering) };
                self.calls.entry(Ref::clipped(of)).or_insert(call).customer = Some(channel.id.clone());
                Some(Role::Customer { of: Ref::clipped(of) })
            }
            (Some("outside"), Some(of)) => {
                let order = said.text(names::ORDER).map(OrderId::clipped).filter(|_| !is_up);
                self.set_phase(&Ref::clipped(of), Phase::Outside { order });
                Some(Role::Outside { of: Ref::clipped(of) })
            }
            (Some("agent" | "lasting"), of) => said.agent().map(|(agent, endpoint)| {
                // Up: the server has been told, or is told by the snapshot's order, which comes again.
                let order = said.text(names::ORDER).map(OrderId::clipped).filter(|_| !is_up);
                Role::Agent { agent, endpoint, of: of.map(Ref::clipped), order }
            }),
            _ => names::recording_of(&channel.id).map(|recording| Role::Listener { recording }),
        };
        let Some(role) = role else {
            // Supervisors' legs, and what has no name any more.
            return self.request(&channel.id.0, Action::HangUp { channel: channel.id.clone() }, None);
        };
        if let Some(order) = said.text(names::ORDER) {
            // It was carried out: what the snapshot repeats is not rung again.
            self.orders.judge(&OrderId::clipped(order), i64::MAX, now);
        }
        let leg = Leg { is_up, has_rung: true, ..Leg::new(role, now) };
        self.legs.insert(channel.id.clone(), leg);
    }

    fn see_bridges(&mut self, found: &Found) {
        let mut is_in: BTreeMap<&ChannelId, &BridgeId> = BTreeMap::new();
        for bridge in found.bridges.iter().filter(|bridge| bridge.id.0.starts_with(names::OURS)) {
            self.bridges.insert(bridge.id.clone());
            is_in.extend(bridge.channels.iter().map(|channel| (channel, &bridge.id)));
        }
        for (id, leg) in &mut self.legs {
            leg.is_in = is_in.get(id).map(|bridge| BridgeId::clone(bridge));
            leg.sent_to = leg.is_in.clone().map_or(Place::Alone, Place::Bridge);
            // Whoever is in one was taken before.
            leg.is_limited &= leg.is_in.is_none();
        }
        let there: BTreeSet<&BridgeId> = found.bridges.iter().map(|bridge| &bridge.id).collect();
        self.bridges.retain(|bridge| there.contains(bridge));
        self.holding_is_there = self.bridges.contains(&names::holding());
        self.see_talks();
        self.end_empty_bridges(found);
    }

    /// A call that was taken up is what its legs' bridges say.
    fn see_talks(&mut self) {
        let talks: Vec<Ref> = self
            .legs
            .values()
            .filter(|leg| leg.is_there() && leg.is_of_agent() && leg.is_in.is_some())
            .filter_map(|leg| leg.of().cloned())
            .collect();
        for of in talks {
            if let Some(call) = self.calls.get_mut(&of).filter(|call| call.phase == Phase::Entering) {
                call.phase = Phase::Talking { is_told: true };
            }
        }
        let held: Vec<Ref> = self
            .legs
            .values()
            .filter(|leg| leg.is_in == Some(names::holding()))
            .filter_map(|leg| leg.of().cloned())
            .collect();
        for of in held {
            match self.calls.get_mut(&of) {
                Some(call) if call.is_talking() => call.is_held = true,
                Some(call) if call.phase == Phase::Entering => call.phase = Phase::Waiting,
                Some(_) | None => {}
            }
        }
    }

    fn end_empty_bridges(&mut self, found: &Found) {
        for bridge in found.bridges.iter().filter(|bridge| bridge.channels.is_empty() && bridge.id != names::holding())
        {
            if self.bridges.remove(&bridge.id) {
                self.request(&bridge.id.0, Action::EndBridge { bridge: bridge.id.clone() }, None);
            }
        }
    }
}

/// What we wrote on a channel when we made it.
struct Said<'a>(&'a BTreeMap<String, String>);

impl<'a> Said<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn agent(&self) -> Option<(AgentName, Endpoint)> {
        let (agent, endpoint) = self.text(names::AGENT).zip(self.text(names::ENDPOINT))?;
        AgentName::new(agent).ok().zip(Endpoint::new(endpoint).ok())
    }
}
