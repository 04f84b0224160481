//! The recording of a call: what was asked of its gateway, and what the gateway said. Decides nothing.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::command::LegFailure;
use super::ids::{ContactId, EventNo, RecordingId, SegmentId};
use super::table::GatewayNo;
use super::time::{Millis, Timestamp};

/// How long after the end of its contact a recording may still be told of.
pub const UNFINISHED_REMEMBERED: Millis = Millis::minutes(24 * 60);

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Recording {
    pub id: RecordingId,
    /// The part of the agent for whom it was begun, who paused it, or for whom it was resumed.
    pub segment: SegmentId,
    /// The number of the event that asked last.
    pub order: EventNo,
    pub asked: RecordingAsk,
    /// None: the gateway has said nothing yet.
    pub state: Option<RecordingState>,
}

/// What is asked of a gateway.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingAsk {
    Start,
    Pause,
    Resume,
    Stop,
}

/// What a gateway says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingState {
    Recording,
    /// It goes on in the same file.
    Paused,
    /// The file is whole.
    Finished,
    /// There is no file, or it is not whole.
    Failed,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingFailure {
    StorageFull,
    TimedOut,
    Failed,
}

impl RecordingAsk {
    /// Whether it asks for this.
    #[must_use]
    pub fn is_for(self, state: RecordingState) -> bool {
        match state {
            RecordingState::Recording => matches!(self, RecordingAsk::Start | RecordingAsk::Resume),
            RecordingState::Paused => self == RecordingAsk::Pause,
            RecordingState::Finished | RecordingState::Failed => self == RecordingAsk::Stop,
        }
    }
}

impl RecordingState {
    #[must_use]
    pub fn is_over(self) -> bool {
        match self {
            RecordingState::Finished | RecordingState::Failed => true,
            RecordingState::Recording | RecordingState::Paused => false,
        }
    }
}

impl Recording {
    /// Nothing more of the call goes into it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.asked == RecordingAsk::Stop || self.is_told_over()
    }

    /// The gateway has said its last word of it.
    #[must_use]
    pub fn is_told_over(&self) -> bool {
        self.state.is_some_and(RecordingState::is_over)
    }

    /// The gateway has said that what was asked last is so.
    #[must_use]
    pub fn is_as_asked(&self) -> bool {
        self.state.is_some_and(|state| self.asked.is_for(state))
    }

    /// Whether it is not to hear anybody now.
    #[must_use]
    pub fn should_be_paused(&self) -> bool {
        self.asked == RecordingAsk::Pause
    }

    /// As the gateway says, and what was asked last could not be done when it says why.
    pub(super) fn told(&mut self, state: RecordingState, why: Option<RecordingFailure>) {
        self.state = Some(state);
        if why.is_some() && !self.is_over() {
            self.asked = match state {
                RecordingState::Paused => RecordingAsk::Pause,
                RecordingState::Recording | RecordingState::Finished | RecordingState::Failed => RecordingAsk::Resume,
            };
        }
    }
}

impl From<LegFailure> for RecordingFailure {
    fn from(failure: LegFailure) -> RecordingFailure {
        match failure {
            LegFailure::TimedOut => RecordingFailure::TimedOut,
            LegFailure::Busy
            | LegFailure::NoAnswer
            | LegFailure::Unregistered
            | LegFailure::Rejected
            | LegFailure::Failed
            | LegFailure::CalledOff => RecordingFailure::Failed,
        }
    }
}

/// Recordings whose contacts have ended, and of which their gateways have not said the last word; oldest first.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Unfinished(VecDeque<(Timestamp, RecordingId, ContactId, GatewayNo)>);

impl Unfinished {
    #[must_use]
    pub fn contact_of(&self, recording: RecordingId, gateway: GatewayNo, now: Timestamp) -> Option<ContactId> {
        let mut alike = self.0.iter().filter(|(_, id, _, of)| (*id, *of) == (recording, gateway));
        alike.find(|(until, ..)| *until > now).map(|(_, _, contact, _)| *contact)
    }

    pub(super) fn contacts(&self) -> impl Iterator<Item = ContactId> {
        self.0.iter().map(|(_, _, contact, _)| *contact)
    }

    pub(super) fn left(&mut self, recording: RecordingId, contact: ContactId, gateway: GatewayNo, at: Timestamp) {
        while self.0.front().is_some_and(|(until, ..)| *until <= at) {
            self.0.pop_front();
        }
        self.0.push_back((at + UNFINISHED_REMEMBERED, recording, contact, gateway));
    }

    pub(super) fn finished(&mut self, recording: RecordingId) {
        self.0.retain(|(_, id, ..)| *id != recording);
    }
}
