//! What Asterisk says of its channels, bridges and devices: the events of its REST interface (ARI), read from their
//! JSON. Fields that nobody here asks for are passed over. It decides nothing.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// The switch's own name for a channel. Those that Usher makes begin with `usher-`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(transparent)]
pub struct ChannelId(pub String);

/// The switch's own name for a bridge.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(transparent)]
pub struct BridgeId(pub String);

impl fmt::Display for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a channel is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub enum ChannelState {
    Ringing,
    Up,
    /// Down, dialling, reserved: nobody hears anything yet.
    #[serde(other)]
    Other,
}

/// A name and a number as the switch shows them; either may be empty.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Party {
    pub name: String,
    pub number: String,
}

/// Where in the dialplan a channel is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Dialplan {
    /// The extension: of a call that enters, the number that was dialled.
    pub exten: String,
    /// What runs now: `Stasis` while the channel is ours.
    pub app_name: String,
    pub app_data: String,
}

/// One leg, as the switch sees it.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Channel {
    pub id: ChannelId,
    /// `PJSIP/1001-0000002a`: technology and device, then a number.
    #[serde(default)]
    pub name: String,
    pub state: ChannelState,
    #[serde(default)]
    pub caller: Party,
    #[serde(default)]
    pub dialplan: Dialplan,
    /// Those that `channelvars` in `ari.conf` names; empty text when not set.
    #[serde(default)]
    pub channelvars: BTreeMap<String, String>,
}

/// A place where channels hear each other.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Bridge {
    pub id: BridgeId,
    #[serde(default)]
    pub channels: Vec<ChannelId>,
}

/// How a message ended that was played.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Playback {
    pub id: String,
    /// `done`, or why not.
    #[serde(default)]
    pub state: String,
}

/// A recording under way, or over.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct LiveRecording {
    pub name: String,
    /// In seconds.
    #[serde(default)]
    pub duration: Option<i64>,
    /// Why it failed.
    #[serde(default)]
    pub cause: Option<String>,
}

/// A device and its state, as the switch names it: `NOT_INUSE`, `INUSE`, `RINGING`, `UNAVAILABLE` …
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Device {
    pub name: String,
    pub state: String,
}

/// One event of the switch.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// The channel is ours from now on; one that we called was lifted.
    StasisStart {
        channel: Channel,
        #[serde(default)]
        args: Vec<String>,
    },
    /// The channel has left us: hung up, or gone on in the dialplan. The last that is heard of one that we did not make.
    StasisEnd {
        channel: Channel,
    },
    ChannelStateChange {
        channel: Channel,
    },
    /// The channel's device hangs up, or somebody asks the switch to do it. `cause` is a Q.850 number, or 32: we asked.
    ChannelHangupRequest {
        channel: Channel,
        #[serde(default)]
        cause: Option<i64>,
    },
    /// A channel that we made, or asked to hear of, is no more. `cause` is a Q.850 number.
    ChannelDestroyed {
        channel: Channel,
        #[serde(default)]
        cause: i64,
    },
    ChannelEnteredBridge {
        bridge: Bridge,
        channel: Channel,
    },
    ChannelLeftBridge {
        bridge: Bridge,
        channel: Channel,
    },
    ChannelDtmfReceived {
        channel: Channel,
        digit: String,
    },
    BridgeDestroyed {
        bridge: Bridge,
    },
    PlaybackFinished {
        playback: Playback,
    },
    RecordingStarted {
        recording: LiveRecording,
    },
    RecordingFinished {
        recording: LiveRecording,
    },
    RecordingFailed {
        recording: LiveRecording,
    },
    DeviceStateChanged {
        device_state: Device,
    },
    /// Anything else.
    #[serde(other)]
    Other,
}

impl Event {
    /// # Errors
    /// When the text is not an event of the interface.
    pub fn parse(text: &str) -> Result<Event, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// All that the switch has at one moment. Of channels that are ours `channelvars` holds what we set when we made them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    pub channels: Vec<Channel>,
    pub bridges: Vec<Bridge>,
    pub devices: Vec<Device>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_and_what_nobody_asks_for_is_passed_over() {
        let text = r#"{"type":"StasisStart","timestamp":"2026-11-23T16:00:00.000+0000","args":["inbound","line=sales"],
            "channel":{"id":"1.2","name":"PJSIP/trunk-00000001","state":"Ring","protocol_id":"x",
            "caller":{"name":"","number":"0612345678"},"connected":{"name":"","number":""},"accountcode":"",
            "dialplan":{"context":"in","exten":"700","priority":3,"app_name":"Stasis","app_data":"usher,inbound"},
            "creationtime":"2026-11-23T16:00:00.000+0000","language":"en"},"asterisk_id":"a","application":"usher"}"#;
        let Event::StasisStart { channel, args } = Event::parse(text).unwrap() else { panic!("{text}") };
        assert_eq!(channel.id, ChannelId("1.2".to_owned()));
        assert_eq!((channel.state, channel.caller.number.as_str()), (ChannelState::Other, "0612345678"));
        assert_eq!(channel.dialplan.exten, "700");
        assert_eq!(args, ["inbound", "line=sales"]);
        assert_eq!(Event::parse(r#"{"type":"Dial","peer":{}}"#).unwrap(), Event::Other);
    }

    #[test]
    fn what_is_no_event_is_an_error() {
        for text in
            ["", "[]", "{}", r#"{"type":7}"#, r#"{"type":"StasisStart"}"#, r#"{"type":"StasisEnd","channel":{}}"#]
        {
            Event::parse(text).unwrap_err();
        }
    }
}
