//! Reads all that a switch has: channels with the variables that we set, bridges, devices. It never judges what is missing.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::access::encoded;
use super::client::AriClient;
use super::event::{Bridge, Channel, Device, Event, Found};
use super::request::RequestError;

/// What the names of channels that we make begin with.
const OURS: &str = "usher-";
/// Questions asked at once, one for each device or channel.
const ASKED_AT_ONCE: usize = 16;
/// All of it; while it is read no event is heard.
const READ_WITHIN: Duration = Duration::from_secs(5);

/// Reads a switch again and again, and asks for the state of a device once.
#[derive(Debug)]
pub struct InventoryReader {
    client: AriClient,
    /// What we set on the channels that we make.
    variables: &'static [&'static str],
    /// By the device's name, for as long as this connection lasts.
    devices: BTreeMap<String, KnownDevice>,
}

#[derive(Debug)]
struct KnownDevice {
    /// What the switch's list said of it when its state was asked for.
    listed: Listed,
    state: String,
}

/// An entry of the list of endpoints.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct Endpoint {
    technology: String,
    resource: String,
    #[serde(flatten)]
    listed: Listed,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct Listed {
    #[serde(default)]
    state: String,
    #[serde(default)]
    channel_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Variable {
    #[serde(default)]
    value: String,
}

impl InventoryReader {
    #[must_use]
    pub fn new(client: AriClient, variables: &'static [&'static str]) -> InventoryReader {
        InventoryReader { client, variables, devices: BTreeMap::new() }
    }

    /// What was known of devices is asked again: something may have been missed.
    pub fn forget(&mut self) {
        self.devices.clear();
    }

    /// A device's own event is newer than what was asked.
    pub fn heard(&mut self, event: &Event) {
        if let Event::DeviceStateChanged { device_state } = event
            && let Some(known) = self.devices.get_mut(&device_state.name)
        {
            known.state.clone_from(&device_state.state);
        }
    }

    /// All that the switch has, and how many entries of its lists could not be read.
    ///
    /// # Errors
    /// When a list could not be had in time.
    pub async fn read(&mut self) -> Result<(Found, usize), RequestError> {
        let reading = self.read_patiently();
        tokio::time::timeout(READ_WITHIN, reading)
            .await
            .unwrap_or_else(|_| Err(RequestError::Unanswered("not in time".to_owned())))
    }

    async fn read_patiently(&mut self) -> Result<(Found, usize), RequestError> {
        // Bridges first: who is in one of them was a channel then.
        let (bridges, bad_bridges) = self.list::<Bridge>("bridges").await?;
        let (channels, bad_channels) = self.list::<Channel>("channels").await?;
        let (endpoints, bad_endpoints) = self.list::<Endpoint>("endpoints").await?;
        let (client, variables) = (&self.client, self.variables);
        let channels = stream::iter(channels)
            .map(|mut channel| async move {
                if channel.id.0.starts_with(OURS) {
                    ask_for_variables(client, &mut channel, variables).await;
                }
                channel
            })
            .buffered(ASKED_AT_ONCE)
            .collect()
            .await;
        let devices = self.devices_of(endpoints).await;
        Ok((Found { channels, bridges, devices }, bad_bridges + bad_channels + bad_endpoints))
    }

    /// One entry that cannot be read does not hide the others.
    async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<(Vec<T>, usize), RequestError> {
        let entries: Vec<Value> = self.client.get(path.to_owned()).await?;
        let count = entries.len();
        let read: Vec<T> = entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok()).collect();
        let bad = count - read.len();
        Ok((read, bad))
    }

    async fn devices_of(&mut self, endpoints: Vec<Endpoint>) -> Vec<Device> {
        let (client, known) = (&self.client, &mut self.devices);
        let named: BTreeMap<String, Listed> = endpoints
            .into_iter()
            .map(|endpoint| (format!("{}/{}", endpoint.technology, endpoint.resource), endpoint.listed))
            .collect();
        known.retain(|name, _| named.contains_key(name));
        let is_new = |(name, listed): &(String, Listed)| known.get(name).is_none_or(|known| known.listed != *listed);
        let new: Vec<(String, Listed)> = named.into_iter().filter(is_new).collect();
        let mut asked = stream::iter(new)
            .map(|(name, listed)| async move {
                let device: Result<Device, RequestError> = client.get(format!("deviceStates/{}", encoded(&name))).await;
                (name, listed, device)
            })
            .buffered(ASKED_AT_ONCE);
        while let Some((name, listed, device)) = asked.next().await {
            // A device that was not told of is asked for again the next time.
            if let Ok(device) = device {
                known.insert(name, KnownDevice { listed, state: device.state });
            }
        }
        drop(asked);
        let device = |(name, known): (&String, &KnownDevice)| Device { name: name.clone(), state: known.state.clone() };
        known.iter().map(device).collect()
    }
}

/// Those that the switch's ari.conf does not name to be listed.
async fn ask_for_variables(client: &AriClient, channel: &mut Channel, names: &[&str]) {
    for name in names {
        if channel.channelvars.contains_key(*name) {
            continue;
        }
        let path = format!("channels/{}/variable?variable={name}", encoded(&channel.id.0));
        // One that was never set is refused.
        if let Ok(Variable { value }) = client.get(path).await {
            channel.channelvars.insert((*name).to_owned(), value);
        }
    }
}
