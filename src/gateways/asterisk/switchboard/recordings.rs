//! Recordings of calls: a channel that listens to the customer's from the order to its end, wherever his call is moved
//! meanwhile. Which calls are recorded, the server says.

use super::calls::{Leg, Role};
use super::core::{Asked, Switchboard};
use super::names;
use crate::gateways::asterisk::ari::event::{ChannelId, LiveRecording};
use crate::gateways::asterisk::ari::request::{Action, RequestError, Whisper};
use crate::protocol::{
    GatewayRecording, GatewayRecordingState, GatewayTells, OrderFailed, OrderFailure, OrderId, RecordingEraseOrder,
    RecordingFailure, RecordingFile, RecordingId, RecordingOrder, RecordingState, Ref,
};

const GONE: u16 = 404;
const SECOND_MS: u64 = 1_000;

/// One that is under way.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Recording {
    pub of: Ref,
    pub listener: ChannelId,
    pub is_on: bool,
    /// What was asked before it was on.
    pub is_to_pause: bool,
}

impl Switchboard {
    pub(super) fn start_recording(&mut self, asked: &RecordingOrder, now: i64) {
        if self.recordings.contains_key(&asked.recording) {
            return self.tell_recording(&asked.recording, RecordingState::Recording, None, now);
        }
        if !self.begin_recording(&asked.r#ref, &asked.recording, false, now) {
            self.fail(&asked.order, &asked.r#ref, OrderFailure::Failed, now);
        }
    }

    fn begin_recording(&mut self, of: &Ref, recording: &RecordingId, is_to_pause: bool, now: i64) -> bool {
        let Some(channel) = self.customer_of(of) else { return false };
        let listener = names::listener(recording);
        let known = Recording { of: of.clone(), listener: listener.clone(), is_on: false, is_to_pause };
        self.recordings.insert(recording.clone(), known);
        self.legs.insert(listener.clone(), Leg::new(Role::Listener { recording: recording.clone() }, now));
        let action = Action::Spy { channel, spy: listener.clone(), whisper: Whisper::Nobody };
        self.request(&listener.0.clone(), action, Some(Asked::Originate(listener)));
        true
    }

    /// The channel that listens is there: from now on into the file.
    pub(super) fn listens(&mut self, recording: &RecordingId) {
        let Some(known) = self.recordings.get(recording) else { return };
        let (channel, name) = (known.listener.clone(), names::recording(recording));
        let format = self.settings.recording_format.clone();
        let asked =
            Some(Asked::Recording { recording: recording.clone(), order: None, becomes: RecordingState::Recording });
        self.request(&channel.0.clone(), Action::Record { channel, name, format }, asked);
    }

    pub(super) fn pause_recording(&mut self, asked: &RecordingOrder, is_paused: bool, now: i64) {
        let Some(known) = self.recordings.get_mut(&asked.recording) else {
            return self.fail(&asked.order, &asked.r#ref, OrderFailure::Failed, now);
        };
        if !known.is_on {
            known.is_to_pause = is_paused;
            return;
        }
        self.ask_to_pause(&asked.recording, is_paused, Some(&asked.order));
    }

    fn ask_to_pause(&mut self, recording: &RecordingId, is_paused: bool, order: Option<&OrderId>) {
        let name = names::recording(recording);
        let (action, becomes) = match is_paused {
            true => (Action::PauseRecording { name }, RecordingState::Paused),
            false => (Action::ResumeRecording { name }, RecordingState::Recording),
        };
        let lane = names::listener(recording).0;
        let asked = Asked::Recording { recording: recording.clone(), order: order.cloned(), becomes };
        self.request(&lane, action, Some(asked));
    }

    /// Its end is told when the switch says so.
    pub(super) fn stop_recording(&mut self, asked: &RecordingOrder, now: i64) {
        if !self.recordings.contains_key(&asked.recording) {
            return self.fail(&asked.order, &asked.r#ref, OrderFailure::Failed, now);
        }
        let lane = names::listener(&asked.recording).0;
        self.request(&lane, Action::StopRecording { name: names::recording(&asked.recording) }, None);
    }

    pub(super) fn erase_recording(&mut self, asked: &RecordingEraseOrder) {
        let name = match &asked.file {
            Some(file) => file.as_str().rsplit_once('.').map_or(file.as_str(), |(name, _)| name).to_owned(),
            None => names::recording(&asked.recording),
        };
        let order = Asked::Erase(asked.order.clone());
        self.request(&names::listener(&asked.recording).0, Action::EraseRecording { name }, Some(order));
    }

    /// What is not there any more is erased.
    pub(super) fn erased(&mut self, order: &OrderId, reply: &Result<(), RequestError>, now: i64) {
        match reply {
            Ok(()) | Err(RequestError::Refused { status: GONE, .. }) => self.tell_leg_order(order, true, now),
            Err(_) => {
                let (order, why) = (order.clone(), OrderFailure::Failed);
                self.tells.push(None, now, |event, occurred_at| {
                    GatewayTells::OrderFailed(OrderFailed { event, occurred_at, order, why })
                });
            }
        }
    }

    /// The switch has done, or not, what was asked of a recording.
    pub(super) fn recording_is(
        &mut self,
        recording: &RecordingId,
        order: Option<&OrderId>,
        becomes: Result<RecordingState, RequestError>,
        now: i64,
    ) {
        let Some(known) = self.recordings.get_mut(recording) else { return };
        let (of, was_on) = (known.of.clone(), known.is_on);
        match becomes {
            Ok(state) => {
                known.is_on = true;
                let is_to_pause = std::mem::take(&mut known.is_to_pause);
                self.tell_recording(recording, state, None, now);
                if !was_on && is_to_pause {
                    self.ask_to_pause(recording, true, None);
                }
            }
            Err(_) if was_on => {
                if let Some(order) = order {
                    self.fail(order, &of, OrderFailure::Failed, now);
                }
            }
            Err(_) => self.recording_failed(recording, now),
        }
    }

    /// Nothing, or not all, was kept; the call goes on.
    pub(super) fn recording_failed(&mut self, recording: &RecordingId, now: i64) {
        self.tell_recording(recording, RecordingState::Failed, None, now);
        self.end_listening(recording);
    }

    /// By an order, or with the customer's channel.
    pub(super) fn recording_over(&mut self, live: &LiveRecording, is_whole: bool, now: i64) {
        let found = self.recordings.keys().find(|recording| names::recording(recording) == live.name).cloned();
        let Some(recording) = found else { return };
        if !is_whole {
            return self.recording_failed(&recording, now);
        }
        let duration = live.duration.and_then(|seconds| u64::try_from(seconds).ok()).map(|seconds| seconds * SECOND_MS);
        self.tell_recording(&recording, RecordingState::Finished, duration, now);
        self.end_listening(&recording);
    }

    fn end_listening(&mut self, recording: &RecordingId) {
        if let Some(known) = self.recordings.remove(recording) {
            self.hang_up(&known.listener);
        }
    }

    /// The channel that listened is gone; whether the file is whole the switch says by itself.
    pub(super) fn listener_gone(&mut self, recording: &RecordingId, now: i64) {
        if self.recordings.get(recording).is_some_and(|known| !known.is_on) {
            self.recording_failed(recording, now);
        }
    }

    /// What the snapshot says is to be recorded is, under its name; a listener that was found goes on.
    pub(super) fn agree_on_recording(&mut self, of: &Ref, should_be: Option<&GatewayRecording>, now: i64) {
        let not_wanted: Vec<RecordingId> = self
            .recordings
            .iter()
            .filter(|(id, known)| known.of == *of && should_be.is_none_or(|wanted| wanted.recording != **id))
            .map(|(id, _)| id.clone())
            .collect();
        for recording in not_wanted {
            let lane = names::listener(&recording).0;
            self.request(&lane, Action::StopRecording { name: names::recording(&recording) }, None);
        }
        let Some(wanted) = should_be else { return };
        let listener = names::listener(&wanted.recording);
        if self.recordings.contains_key(&wanted.recording) {
            return self.ask_to_pause(&wanted.recording, wanted.paused, None);
        }
        if self.legs.contains_key(&listener) {
            let known = Recording { of: of.clone(), listener, is_on: true, is_to_pause: false };
            self.recordings.insert(wanted.recording.clone(), known);
            self.ask_to_pause(&wanted.recording, wanted.paused, None);
        } else {
            self.begin_recording(of, &wanted.recording, wanted.paused, now);
        }
    }

    /// Listeners of recordings that nobody wants any more.
    pub(super) fn end_idle_listeners(&mut self) {
        let idle: Vec<ChannelId> = self
            .legs
            .iter()
            .filter(|(_, leg)| {
                matches!(&leg.role, Role::Listener { recording } if !self.recordings.contains_key(recording))
            })
            .map(|(id, _)| id.clone())
            .collect();
        for listener in idle {
            self.hang_up(&listener);
        }
    }

    fn tell_recording(&mut self, recording: &RecordingId, state: RecordingState, duration_ms: Option<u64>, now: i64) {
        let Some(of) = self.recordings.get(recording).map(|known| known.of.clone()) else { return };
        let name = format!("{}.{}", names::recording(recording), self.settings.recording_format);
        let file = RecordingFile::new(name).ok();
        let (r#ref, recording) = (of.clone(), recording.clone());
        let why = (state == RecordingState::Failed).then_some(RecordingFailure::Failed);
        self.tell(&of, now, |event, occurred_at| {
            let told = GatewayRecordingState { event, occurred_at, r#ref, recording, state, file, duration_ms, why };
            GatewayTells::RecordingState(told)
        });
    }
}
