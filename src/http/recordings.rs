//! Recordings of calls: where each is, and that its file is to go. Plays none.

use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::customers::recording::CallRecording;
use crate::protocol as wire;
use crate::routing::recording::RecordingState;

use super::caller::Caller;
use super::error::Thing;
use super::path::{At, recording_id, recording_text};
use super::words::{stamp_of, time};
use super::{HttpError, Parts};

/// One recording of a call. Its file lies at its gateway.
#[derive(Serialize, JsonSchema)]
pub(super) struct RecordingShown {
    id: String,
    gateway: String,
    began_at: wire::Time,
    /// recording, paused, finished, failed; null while the gateway has said nothing.
    state: Option<String>,
    /// As the gateway names it; null once it is erased.
    file: Option<String>,
    /// Pauses left out.
    duration_ms: Option<u64>,
    /// Since when the file is to go.
    erase_asked_at: Option<wire::Time>,
    /// When the gateway had it no more.
    erased_at: Option<wire::Time>,
}

pub(super) fn shown(site: &str, recording: &CallRecording) -> RecordingShown {
    RecordingShown {
        id: recording_text(site, recording.id),
        gateway: recording.gateway.to_string(),
        began_at: time(recording.ordered_at),
        state: recording.state.map(|state| word(state).to_owned()),
        file: recording.file.as_ref().map(|file| file.0.to_string()),
        duration_ms: recording.length.map(|length| length.0.unsigned_abs()),
        erase_asked_at: recording.erase_asked_at.map(time),
        erased_at: recording.erased_at.map(time),
    }
}

fn word(state: RecordingState) -> &'static str {
    match state {
        RecordingState::Recording => "recording",
        RecordingState::Paused => "paused",
        RecordingState::Finished => "finished",
        RecordingState::Failed => "failed",
    }
}

/// The same again changes nothing.
pub(super) async fn erase(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
) -> Result<StatusCode, HttpError> {
    let recording = recording_id(&parts, &id)?;
    let stamp = stamp_of(&parts.pop, &caller);
    let found = parts.pop.records().ask_to_erase_recording(recording, &stamp).await?;
    found.map(|_| StatusCode::NO_CONTENT).ok_or(HttpError::NotThere { thing: Thing::Recording })
}
