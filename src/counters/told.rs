//! What those who do the work tell in passing. Each call is cheap enough for where it stands.

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use super::names::{
    ARRIVALS_TURNED_AWAY, CUSTOMER_CARDS, CUSTOMER_LOOK_UP, CUSTOMER_LOOK_UPS, EVENTS_NOT_COUNTED, HANDSHAKES_REFUSED,
    SESSIONS_OPEN,
};

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

/// How the look-up of a contact's customer ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LookUpOutcome {
    /// Known without asking.
    Kept,
    InTime,
    /// The contact went on without waiting for the answer.
    NotYet,
    /// The answer that came after its contact.
    Late,
    /// Too many were under way.
    Dropped,
    /// No answer came, however long it was waited for.
    GivenUp,
}

pub fn customer_looked_up(outcome: LookUpOutcome) {
    let outcome = match outcome {
        LookUpOutcome::Kept => "kept",
        LookUpOutcome::InTime => "in_time",
        LookUpOutcome::NotYet => "not_yet",
        LookUpOutcome::Late => "late",
        LookUpOutcome::Dropped => "dropped",
        LookUpOutcome::GivenUp => "given_up",
    };
    counter!(CUSTOMER_LOOK_UPS, "outcome" => outcome).increment(1);
}

pub fn customer_question_took(took: Duration) {
    histogram!(CUSTOMER_LOOK_UP).record(took.as_secs_f64());
}

/// How the card came to the agent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CardOutcome {
    WithTheOffer,
    After,
    /// He was told that it cannot be read.
    Unavailable,
}

pub fn customer_card_shown(outcome: CardOutcome) {
    let outcome = match outcome {
        CardOutcome::WithTheOffer => "with_the_offer",
        CardOutcome::After => "after",
        CardOutcome::Unavailable => "unavailable",
    };
    counter!(CUSTOMER_CARDS, "outcome" => outcome).increment(1);
}
