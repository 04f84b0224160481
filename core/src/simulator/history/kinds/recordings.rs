//! Names for what becomes of recordings.

/// Orders, what gateways say, and refusals.
pub const RECORDING_KINDS: [&str; 9] = [
    "recording_started",
    "recording_paused",
    "recording_resumed",
    "recording_stopped",
    "recording_told",
    "recording_finished",
    "recording_failed",
    "refused.not_recorded",
    "refused.unknown_recording",
];
