//! Supervisors on the lines of the simulated switch: their devices are lifted at once, and leave with the agent.

use super::lines::{Leg, Switch};
use crate::protocol::{
    GatewayMonitorChanged, GatewayTells, MonitorId, MonitorModeOrder, MonitorOrder, MonitorState, MonitorStopOrder,
    OrderFailure, Ref,
};

impl Switch {
    pub(super) fn start_monitor(&mut self, asked: &MonitorOrder, now_ms: i64) {
        if !self.talks(&asked.r#ref) {
            let over = (MonitorState::Over, Some(OrderFailure::Failed));
            return self.tell_monitor(&asked.r#ref, &asked.monitor, over, now_ms);
        }
        self.monitors.insert(asked.monitor.clone(), asked.r#ref.clone());
        self.tell_monitor(&asked.r#ref, &asked.monitor, (MonitorState::Ringing, None), now_ms);
        self.tell_monitor(&asked.r#ref, &asked.monitor, (MonitorState::On, None), now_ms);
    }

    pub(super) fn change_monitor(&mut self, asked: &MonitorModeOrder, now_ms: i64) {
        let state = if self.monitors.contains_key(&asked.monitor) { MonitorState::On } else { MonitorState::Over };
        self.tell_monitor(&asked.r#ref, &asked.monitor, (state, None), now_ms);
    }

    pub(super) fn stop_monitor(&mut self, asked: &MonitorStopOrder, now_ms: i64) {
        self.monitors.remove(&asked.monitor);
        self.tell_monitor(&asked.r#ref, &asked.monitor, (MonitorState::Over, None), now_ms);
    }

    /// Those on lines where no agent talks any more.
    pub(super) fn end_monitors(&mut self, now_ms: i64) {
        let over: Vec<(MonitorId, Ref)> = self
            .monitors
            .iter()
            .filter(|(_, contact)| !self.talks(contact))
            .map(|(monitor, contact)| (monitor.clone(), contact.clone()))
            .collect();
        for (monitor, contact) in over {
            self.monitors.remove(&monitor);
            self.tell_monitor(&contact, &monitor, (MonitorState::Over, None), now_ms);
        }
    }

    fn talks(&self, contact: &Ref) -> bool {
        matches!(self.leg(contact), Some(Leg::Talking { .. }))
    }

    fn tell_monitor(
        &mut self,
        contact: &Ref,
        monitor: &MonitorId,
        (state, why): (MonitorState, Option<OrderFailure>),
        now_ms: i64,
    ) {
        let (r#ref, monitor) = (contact.clone(), monitor.clone());
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::MonitorChanged(GatewayMonitorChanged { event, occurred_at, r#ref, monitor, state, why })
        });
    }
}
