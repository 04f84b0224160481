//! What an administrator says of one Asterisk. It reads no file.

use std::time::Duration;

use crate::customers::phone::Region;

/// One switch. Where it is and how to log in there only the client of its interface knows.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The application under which calls enter: `Stasis(usher,inbound)`.
    pub application: String,
    /// How a number outside is dialled: `{number}` is E.164 with its plus, `{digits}` without.
    pub trunk: String,
    /// Shown to those who are called when the call's own order names no number.
    pub caller_id: Option<String>,
    /// Numbers without a country are of this one.
    pub home_region: Option<Region>,
    /// What those who wait and are held hear: a class of the switch's own.
    pub music_class: String,
    /// How often a waiting caller hears his place and wait; None: never.
    pub announce_every: Option<Duration>,
    /// A call that Usher says nothing of goes back to the dialplan after that long.
    pub fallback_after: Duration,
    pub fallback_context: String,
    pub voicemail_context: String,
    /// Where a called customer's line is listened to for a machine; None: nobody listens.
    pub machine_detection_context: Option<String>,
    /// Calls that the switch carries at once; None: no limit.
    pub calls_max: Option<u32>,
    /// Calls to customers begun within a second.
    pub calls_per_second_max: Option<u32>,
    /// Of `calls_max`, those that only callers may take.
    pub kept_for_inbound: u32,
    /// The ending of a recording's file: `wav`.
    pub recording_format: String,
}
