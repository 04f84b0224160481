//! Calls that are recorded. Nothing is said in them, so that no file is written.

use super::lines::Switch;
use crate::protocol::{
    GatewayRecordingState, GatewayTells, OrderDone, RecordingEraseOrder, RecordingOrder, RecordingState, Ref,
};

impl Switch {
    pub(super) fn tape(&mut self, asked: &RecordingOrder, state: RecordingState, now_ms: i64) {
        if self.live(&asked.r#ref).is_none() {
            return self.fail(&asked.order, &asked.r#ref, now_ms);
        }
        match state {
            RecordingState::Recording | RecordingState::Paused => {
                self.taped.insert(asked.r#ref.clone(), asked.recording.clone());
            }
            RecordingState::Finished | RecordingState::Failed => {
                self.taped.remove(&asked.r#ref);
            }
        }
        let (r#ref, recording) = (asked.r#ref.clone(), asked.recording.clone());
        self.tells.push(Some(&asked.r#ref), now_ms, |event, occurred_at| {
            let (file, duration_ms, why) = (None, None, None);
            let told = GatewayRecordingState { event, occurred_at, r#ref, recording, state, file, duration_ms, why };
            GatewayTells::RecordingState(told)
        });
    }

    /// There was never a file.
    pub(super) fn erase_tape(&mut self, asked: &RecordingEraseOrder, now_ms: i64) {
        let order = asked.order.clone();
        self.tells
            .push(None, now_ms, |event, occurred_at| GatewayTells::OrderDone(OrderDone { event, occurred_at, order }));
    }

    /// A call is over, and what was recorded of it.
    pub(super) fn end_tape(&mut self, contact: &Ref, now_ms: i64) {
        let Some(recording) = self.taped.remove(contact) else { return };
        let r#ref = contact.clone();
        self.tells.push(None, now_ms, |event, occurred_at| {
            GatewayTells::RecordingState(GatewayRecordingState {
                event,
                occurred_at,
                r#ref,
                recording,
                state: RecordingState::Finished,
                file: None,
                duration_ms: None,
                why: None,
            })
        });
    }
}
