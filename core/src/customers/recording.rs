//! A recording of a call as it is kept: whose it is, where its gateway has the file, and whether that is to go.

use crate::routing::event::{Event, Fact};
use crate::routing::ids::{ContactId, GatewayId, RecordingId};
use crate::routing::personal::RecordingFile;
use crate::routing::recording::{RecordingAsk, RecordingFailure, RecordingState};
use crate::routing::time::{Millis, Timestamp};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallRecording {
    pub id: RecordingId,
    pub contact: ContactId,
    pub gateway: GatewayId,
    pub ordered_at: Timestamp,
    /// None: the gateway has said nothing.
    pub state: Option<RecordingState>,
    pub file: Option<RecordingFile>,
    pub length: Option<Millis>,
    pub failure: Option<RecordingFailure>,
    /// Since when the file is to go.
    pub erase_asked_at: Option<Timestamp>,
    /// When the gateway had it no more.
    pub erased_at: Option<Timestamp>,
}

/// What an event says of a recording.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RecordingNews {
    Ordered {
        recording: RecordingId,
        contact: ContactId,
        gateway: GatewayId,
        at: Timestamp,
    },
    Told {
        recording: RecordingId,
        at: Timestamp,
        state: RecordingState,
        file: Option<RecordingFile>,
        length: Option<Millis>,
        why: Option<RecordingFailure>,
    },
}

/// None: it says nothing of one, or only that it pauses, goes on or is to end.
#[must_use]
pub fn recording_in(event: &Event) -> Option<RecordingNews> {
    match &event.fact {
        Fact::RecordingOrdered { contact, gateway, recording, ask: RecordingAsk::Start, .. } => {
            let (recording, contact, gateway) = (*recording, *contact, gateway.clone());
            Some(RecordingNews::Ordered { recording, contact, gateway, at: event.at })
        }
        Fact::RecordingTold { recording, state, length, why, details, .. } => Some(RecordingNews::Told {
            recording: *recording,
            at: event.at,
            state: *state,
            file: details.plain().and_then(|details| details.file.clone()),
            length: *length,
            why: *why,
        }),
        _ => None,
    }
}
