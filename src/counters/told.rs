//! What those who do the work tell in passing. Each call is cheap enough for where it stands.

use metrics::{counter, gauge};

use super::names::{ARRIVALS_TURNED_AWAY, EVENTS_NOT_COUNTED, HANDSHAKES_REFUSED, SESSIONS_OPEN};

/// A command the router answered, in the words of the labels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HandledCommand {
    pub kind: &'static str,
    /// None: it was done, or was so already.
    pub refused: Option<&'static str>,
}

pub fn session_opened(role: &'static str) {
    gauge!(SESSIONS_OPEN, "role" => role).increment(1.0);
}

pub fn session_closed(role: &'static str) {
    gauge!(SESSIONS_OPEN, "role" => role).decrement(1.0);
}

pub fn handshake_refused(reason: &'static str) {
    counter!(HANDSHAKES_REFUSED, "reason" => reason).increment(1);
}

pub fn arrival_turned_away() {
    counter!(ARRIVALS_TURNED_AWAY).increment(1);
}

/// Whoever counts batches was too slow for one of so many events.
pub fn batch_not_counted(events: usize) {
    counter!(EVENTS_NOT_COUNTED).increment(events as u64);
}
