//! What Asterisk is asked to do, one request of its REST interface each. It sends nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use super::event::{BridgeId, ChannelId};
use crate::protocol::TelephoneKeys;

/// The number under which a request's reply comes back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RequestNo(pub u64);

/// Requests of one lane are carried out one after the other, each after the reply to the one before; lanes beside each
/// other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Lane(pub String);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BridgeKind {
    /// All hear each other.
    Mixing,
    /// Each hears music.
    Holding,
}

/// Whom a spying channel speaks to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whisper {
    Nobody,
    /// The spied channel's own device.
    Device,
}

/// A call that the switch is asked to make. It enters our application when it is lifted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Originate {
    /// The id that the new channel gets.
    pub channel: ChannelId,
    /// `PJSIP/1001`
    pub endpoint: String,
    /// What the called phone shows: a number, or name and number as `"Name" <number>`.
    pub caller_id: Option<String>,
    /// The switch gives up after that long, in whole seconds.
    pub rings_for: Duration,
    /// Set on the channel before it rings.
    pub variables: BTreeMap<String, String>,
    /// A channel whose language and account it takes over.
    pub originator: Option<ChannelId>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    Answer {
        channel: ChannelId,
    },
    /// The time after which the dialplan would take the channel back runs no longer.
    LiftTimeLimit {
        channel: ChannelId,
    },
    Originate(Originate),
    HangUp {
        channel: ChannelId,
    },
    /// The channel goes on in the dialplan, at priority 1.
    Continue {
        channel: ChannelId,
        context: String,
        extension: String,
    },
    /// Does nothing when there is one of that id.
    MakeBridge {
        bridge: BridgeId,
        kind: BridgeKind,
    },
    /// A channel in another bridge moves.
    Enter {
        bridge: BridgeId,
        channel: ChannelId,
    },
    Leave {
        bridge: BridgeId,
        channel: ChannelId,
    },
    EndBridge {
        bridge: BridgeId,
    },
    /// For all in it.
    StartMusic {
        bridge: BridgeId,
        class: String,
    },
    /// One sound after the other: `sound:queue-thereare`, `number:3`.
    Play {
        channel: ChannelId,
        playback: String,
        media: Vec<String>,
    },
    StopPlay {
        playback: String,
    },
    Spy {
        channel: ChannelId,
        spy: ChannelId,
        whisper: Whisper,
    },
    SendDigits {
        channel: ChannelId,
        digits: TelephoneKeys,
    },
    /// Records all that is heard on the channel, after what the file may hold already. `name` without ending.
    Record {
        channel: ChannelId,
        name: String,
        format: String,
    },
    PauseRecording {
        name: String,
    },
    ResumeRecording {
        name: String,
    },
    StopRecording {
        name: String,
    },
    EraseRecording {
        name: String,
    },
    /// Hear of these from now on: `channel:1.2`, `bridge:x`.
    Subscribe {
        sources: Vec<String>,
    },
}

/// One request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    pub lane: Lane,
    pub action: Action,
}

/// Why a request was not carried out.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RequestError {
    /// The switch said no: an HTTP status and its own words.
    #[error("{status} {message}")]
    Refused { status: u16, message: String },
    /// No answer in time, or no connection: it may have been carried out.
    #[error("no answer: {0}")]
    Unanswered(String),
}
