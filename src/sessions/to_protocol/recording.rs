//! The recording of a call, for who has it in hand, who looks at it, and who makes it. It decides nothing.

use super::time;
use crate::protocol as wire;
use crate::router_handle::views::RecordingView;
use crate::routing::ids::{ContactId, RecordingId};
use crate::routing::recording::{RecordingAsk, RecordingFailure, RecordingState};
use crate::routing::time::Timestamp;
use crate::sessions::from_protocol::WireIds;

pub fn recording_id(ids: &WireIds, recording: RecordingId) -> wire::RecordingId {
    wire::RecordingId::clipped(&ids.text(recording.0))
}

pub fn call_recording(view: RecordingView) -> wire::CallRecording {
    wire::CallRecording {
        should_be: match view.asked {
            RecordingAsk::Start | RecordingAsk::Resume => wire::RecordingShouldBe::Recording,
            RecordingAsk::Pause => wire::RecordingShouldBe::Paused,
            RecordingAsk::Stop => wire::RecordingShouldBe::Stopped,
        },
        is: view.state.map(recording_state),
    }
}

pub fn contact_recording(
    ids: &WireIds,
    contact: ContactId,
    view: RecordingView,
    why: Option<RecordingFailure>,
    at: Timestamp,
) -> wire::ContactRecording {
    wire::ContactRecording {
        contact: ids.contact_text(contact),
        recording: call_recording(view),
        why: why.map(recording_failure),
        at: time(at),
    }
}

fn recording_state(state: RecordingState) -> wire::RecordingState {
    match state {
        RecordingState::Recording => wire::RecordingState::Recording,
        RecordingState::Paused => wire::RecordingState::Paused,
        RecordingState::Finished => wire::RecordingState::Finished,
        RecordingState::Failed => wire::RecordingState::Failed,
    }
}

fn recording_failure(why: RecordingFailure) -> wire::RecordingFailure {
    match why {
        RecordingFailure::StorageFull => wire::RecordingFailure::StorageFull,
        RecordingFailure::TimedOut => wire::RecordingFailure::TimedOut,
        RecordingFailure::Failed => wire::RecordingFailure::Failed,
    }
}
