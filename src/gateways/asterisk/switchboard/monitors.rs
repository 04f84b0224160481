//! Supervisors on the lines of calls: to listen and to whisper through a channel that spies on the agent's leg, to speak
//! with both in the call's own bridge. They leave when the agent does.

use std::collections::BTreeMap;

use super::calls::{Leg, Role};
use super::core::Switchboard;
use super::legs::{dialled, seconds_until};
use super::names;
use crate::gateways::asterisk::ari::event::ChannelId;
use crate::gateways::asterisk::ari::request::{Action, Originate, Whisper};
use crate::protocol::{
    GatewayMonitorChanged, GatewayTells, MonitorId, MonitorMode, MonitorModeOrder, MonitorOrder, MonitorState,
    MonitorStopOrder, OrderFailure, Ref,
};

/// A supervisor's leg.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Monitor {
    pub of: Ref,
    pub mode: MonitorMode,
    leg: ChannelId,
    /// The channel that spies for him, and how.
    spy: Option<(ChannelId, Whisper)>,
    spies: u64,
}

impl Switchboard {
    pub(super) fn start_monitor(&mut self, asked: &MonitorOrder, now: i64) {
        if !self.calls.get(&asked.r#ref).is_some_and(|call| call.is_connected()) {
            let over = (MonitorState::Over, Some(OrderFailure::Failed));
            return self.tell_monitor(&asked.r#ref, &asked.monitor, over, now);
        }
        let leg = names::supervisor_leg(&asked.monitor);
        let (of, mode) = (asked.r#ref.clone(), asked.mode);
        let monitor = Monitor { of, mode, leg: leg.clone(), spy: None, spies: 0 };
        self.monitors.insert(asked.monitor.clone(), monitor);
        let originate = Originate {
            channel: leg,
            endpoint: dialled(asked.endpoint.as_str()),
            caller_id: self.settings.caller_id.clone(),
            rings_for: seconds_until(asked.not_after.as_ms(), now),
            variables: BTreeMap::from([(names::ROLE.to_owned(), "supervisor".to_owned())]),
            originator: None,
        };
        self.originate(originate, Role::Supervisor { monitor: asked.monitor.clone() }, now);
    }

    pub(super) fn monitor_rings(&mut self, monitor: &MonitorId, now: i64) {
        if let Some(of) = self.monitors.get(monitor).map(|known| known.of.clone()) {
            self.tell_monitor(&of, monitor, (MonitorState::Ringing, None), now);
        }
    }

    pub(super) fn supervisor_lifted(&mut self, monitor: &MonitorId, now: i64) {
        let Some(of) = self.monitors.get(monitor).map(|known| known.of.clone()) else { return };
        self.spy_as_wanted(monitor, now);
        self.tell_monitor(&of, monitor, (MonitorState::On, None), now);
    }

    pub(super) fn change_monitor(&mut self, asked: &MonitorModeOrder, now: i64) {
        let Some(known) = self.monitors.get_mut(&asked.monitor) else {
            return self.tell_monitor(&asked.r#ref, &asked.monitor, (MonitorState::Over, None), now);
        };
        known.mode = asked.mode;
        let is_on = self.legs.get(&known.leg).is_some_and(|leg| leg.is_up);
        if is_on {
            self.spy_as_wanted(&asked.monitor, now);
        }
        let state = if is_on { MonitorState::On } else { MonitorState::Ringing };
        self.tell_monitor(&asked.r#ref, &asked.monitor, (state, None), now);
    }

    pub(super) fn stop_monitor(&mut self, asked: &MonitorStopOrder, now: i64) {
        self.end_monitor(&asked.monitor);
        self.tell_monitor(&asked.r#ref, &asked.monitor, (MonitorState::Over, None), now);
    }

    /// How a channel spies cannot be changed: another takes its place.
    fn spy_as_wanted(&mut self, monitor: &MonitorId, now: i64) {
        let Some(known) = self.monitors.get(monitor) else { return };
        let wanted = match known.mode {
            MonitorMode::Listen => Some(Whisper::Nobody),
            MonitorMode::Whisper => Some(Whisper::Device),
            MonitorMode::Barge => None,
        };
        if known.spy.as_ref().map(|(_, whisper)| *whisper) == wanted {
            return;
        }
        let (of, spies, before) = (known.of.clone(), known.spies + 1, known.spy.clone());
        let agent = self.agents_of(&of).find(|(_, leg)| leg.is_up).map(|(id, _)| id.clone());
        let new = wanted.zip(agent).map(|(whisper, channel)| {
            let spy = names::spy(monitor, spies);
            self.legs.insert(spy.clone(), Leg::new(Role::Spy { monitor: monitor.clone() }, now));
            self.request(&spy.0, Action::Spy { channel, spy: spy.clone(), whisper }, None);
            (spy, whisper)
        });
        if let Some((spy, _)) = before {
            self.hang_up(&spy);
        }
        if let Some(known) = self.monitors.get_mut(monitor) {
            (known.spy, known.spies) = (new, spies);
        }
    }

    fn end_monitor(&mut self, monitor: &MonitorId) {
        let Some(known) = self.monitors.remove(monitor) else { return };
        self.hang_up(&known.leg);
        if let Some((spy, _)) = known.spy {
            self.hang_up(&spy);
        }
        let bridge = names::bridge_of_monitor(monitor);
        if self.bridges.remove(&bridge) {
            self.request(&bridge.0.clone(), Action::EndBridge { bridge }, None);
        }
    }

    pub(super) fn supervisor_gone(&mut self, monitor: &MonitorId, why: OrderFailure, was_up: bool, now: i64) {
        let Some(of) = self.monitors.get(monitor).map(|known| known.of.clone()) else { return };
        self.end_monitor(monitor);
        self.tell_monitor(&of, monitor, (MonitorState::Over, (!was_up).then_some(why)), now);
    }

    /// A leg that was spied on has gone: the agent's. Whether his call goes on with another is seen by then.
    pub(super) fn spy_gone(&mut self, monitor: &MonitorId, leg: &ChannelId, now: i64) {
        let Some(known) = self.monitors.get_mut(monitor) else { return };
        if known.spy.as_ref().is_some_and(|(spy, _)| spy == leg) {
            known.spy = None;
            self.spy_as_wanted(monitor, now);
        }
    }

    pub(super) fn end_monitors_without_talk(&mut self, now: i64) {
        let is_over = |of: &Ref| {
            !self.calls.get(of).is_some_and(|call| call.is_connected()) || !self.agents_of(of).any(|(_, leg)| leg.is_up)
        };
        let over: Vec<(MonitorId, Ref)> = self
            .monitors
            .iter()
            .filter(|(_, known)| is_over(&known.of))
            .map(|(monitor, known)| (monitor.clone(), known.of.clone()))
            .collect();
        for (monitor, of) in over {
            self.end_monitor(&monitor);
            self.tell_monitor(&of, &monitor, (MonitorState::Over, None), now);
        }
    }

    fn tell_monitor(
        &mut self,
        of: &Ref,
        monitor: &MonitorId,
        (state, why): (MonitorState, Option<OrderFailure>),
        now: i64,
    ) {
        let (r#ref, monitor) = (of.clone(), monitor.clone());
        self.tell(of, now, |event, occurred_at| {
            GatewayTells::MonitorChanged(GatewayMonitorChanged { event, occurred_at, r#ref, monitor, state, why })
        });
    }
}
