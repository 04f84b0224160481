//! Names that channels, bridges and variables get at the switch: a restart finds its calls by them. They mean nothing
//! to anybody else.

use crate::gateways::asterisk::ari::event::{BridgeId, ChannelId};
use crate::protocol::{MonitorId, OrderId, RecordingId, Ref};

/// What all channels and bridges begin with that Usher makes.
pub(super) const OURS: &str = "usher-";
const LISTENER: &str = "usher-listener-";
/// One for all who wait: each hears music alone.
pub(super) const HOLDING: &str = "usher-holding";

/// Whose leg it is: `customer`, `agent`, `lasting`, `outside`.
pub(super) const ROLE: &str = "USHER_ROLE";
pub(super) const REF: &str = "USHER_REF";
pub(super) const AGENT: &str = "USHER_AGENT";
pub(super) const ENDPOINT: &str = "USHER_ENDPOINT";
pub(super) const ORDER: &str = "USHER_ORDER";

/// The variables that a restart asks for.
pub const VARIABLES: [&str; 5] = [ROLE, REF, AGENT, ENDPOINT, ORDER];

pub(super) fn is_ours(channel: &ChannelId) -> bool {
    channel.0.starts_with(OURS)
}

pub(super) fn agent_leg(order: &OrderId) -> ChannelId {
    ChannelId(format!("{OURS}agent-{}", order.as_str()))
}

pub(super) fn customer_leg(order: &OrderId) -> ChannelId {
    ChannelId(format!("{OURS}customer-{}", order.as_str()))
}

pub(super) fn outside_leg(order: &OrderId) -> ChannelId {
    ChannelId(format!("{OURS}outside-{}", order.as_str()))
}

pub(super) fn supervisor_leg(monitor: &MonitorId) -> ChannelId {
    ChannelId(format!("{OURS}supervisor-{}", monitor.as_str()))
}

pub(super) fn spy(monitor: &MonitorId, nth: u64) -> ChannelId {
    ChannelId(format!("{OURS}spy-{}-{nth}", monitor.as_str()))
}

/// The channel that hears what is recorded.
pub(super) fn listener(recording: &RecordingId) -> ChannelId {
    ChannelId(format!("{LISTENER}{}", recording.as_str()))
}

/// Which recording a channel hears for, if it is one of those.
pub(super) fn recording_of(channel: &ChannelId) -> Option<RecordingId> {
    channel.0.strip_prefix(LISTENER).and_then(|recording| RecordingId::new(recording).ok())
}

/// In the switch's folder of recordings, without ending.
pub(super) fn recording(recording: &RecordingId) -> String {
    format!("usher/{}", recording.as_str())
}

pub(super) fn bridge_of(call: &Ref) -> BridgeId {
    BridgeId(format!("{OURS}call-{}", call.as_str()))
}

pub(super) fn bridge_of_monitor(monitor: &MonitorId) -> BridgeId {
    BridgeId(format!("{OURS}monitor-{}", monitor.as_str()))
}

pub(super) fn holding() -> BridgeId {
    BridgeId(HOLDING.to_owned())
}
