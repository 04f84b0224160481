//! What devices do: told when it changes. A device that our own leg takes is free for the server, who knows of it.

use super::calls::Leg;
use super::core::Switchboard;
use crate::gateways::asterisk::ari::event::Device;
use crate::protocol::{DeviceChanged, DeviceState, Endpoint, GatewayTells, InventoryDevice};

/// Other devices of the switch (queues, parking lots, conferences) are nobody's phone.
const PHONES: [&str; 4] = ["PJSIP/", "SIP/", "IAX2/", "DAHDI/"];

impl Switchboard {
    pub(super) fn device_changed(&mut self, device: &Device, now: i64) {
        let Some(state) = state_of(&device.state).filter(|_| PHONES.iter().any(|tech| device.name.starts_with(tech)))
        else {
            return;
        };
        let endpoint = Endpoint::clipped(&device.name);
        self.devices.insert(endpoint.clone(), state);
        self.tell_device(&endpoint, now);
    }

    /// Its leg has come or gone.
    pub(super) fn tell_device_of(&mut self, leg: &Leg, now: i64) {
        if let Some(endpoint) = leg.endpoint().cloned() {
            self.tell_device(&endpoint, now);
        }
    }

    fn tell_device(&mut self, endpoint: &Endpoint, now: i64) {
        let Some(state) = self.shown_state(endpoint) else { return };
        if self.told_devices.insert(endpoint.clone(), state) == Some(state) {
            return;
        }
        let endpoint = endpoint.clone();
        self.tells.push(None, now, |event, occurred_at| {
            GatewayTells::DeviceState(DeviceChanged { event, occurred_at, endpoint, state })
        });
    }

    fn shown_state(&self, endpoint: &Endpoint) -> Option<DeviceState> {
        let state = *self.devices.get(endpoint)?;
        let is_ours = self.legs.values().any(|leg| leg.endpoint() == Some(endpoint));
        Some(match state {
            DeviceState::InUse | DeviceState::Ringing if is_ours => DeviceState::Idle,
            state => state,
        })
    }

    pub(super) fn shown_devices(&mut self) -> Vec<InventoryDevice> {
        let endpoints: Vec<Endpoint> = self.devices.keys().cloned().collect();
        let shown = endpoints.into_iter().filter_map(|endpoint| {
            let state = self.shown_state(&endpoint)?;
            self.told_devices.insert(endpoint.clone(), state);
            Some(InventoryDevice { endpoint, state })
        });
        shown.collect()
    }
}

fn state_of(shown: &str) -> Option<DeviceState> {
    match shown {
        "NOT_INUSE" => Some(DeviceState::Idle),
        "INUSE" | "BUSY" | "ONHOLD" => Some(DeviceState::InUse),
        "RINGING" | "RINGINUSE" => Some(DeviceState::Ringing),
        "UNAVAILABLE" | "INVALID" => Some(DeviceState::Unregistered),
        _ => None,
    }
}
