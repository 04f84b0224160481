//! Makes up what becomes of recordings: agents who pause them, gateways that tell of them in time, late, twice, or of
//! such as there never were.

use std::sync::Arc;

use super::steps::Steps;
use crate::routing::command::{Action, LegFailure};
use crate::routing::ids::{ContactId, ContactRef, GatewayId, RecordingId};
use crate::routing::personal::RecordingFile;
use crate::routing::recording::{RecordingFailure, RecordingState};
use crate::routing::rule_set::RuleSet;
use crate::routing::time::Millis;
use crate::simulator::referee::model::{Contact, Model};

impl Steps {
    /// Most queues record in such a history.
    pub(super) fn with_recordings(&mut self, mut rules: RuleSet) -> RuleSet {
        if self.records {
            for queue in rules.queues.values_mut() {
                Arc::make_mut(queue).record = self.tape.chance(70);
            }
        }
        rules
    }

    pub(super) fn about_recordings(&mut self, model: &Model) -> Option<Action> {
        if !self.records || !self.tape.chance(20) {
            return None;
        }
        let recorded: Vec<Contact> =
            model.all_contacts().filter(|contact| !contact.recordings.is_empty()).cloned().collect();
        let open = model.left_open.clone();
        if self.tape.chance(25)
            && let Some(open) = self.tape.pick(&open).cloned()
        {
            let reference = ContactRef::new("gone").expect("a short name");
            return Some(self.told(open.gateway, reference, open.id));
        }
        let contact = self.tape.pick(&recorded)?.clone();
        if self.tape.chance(40)
            && let Some(owner) = contact.connected_owner()
        {
            let (agent, contact) = (owner.agent.clone(), contact.id);
            let pauses = self.tape.chance(60);
            return Some(match pauses {
                true => Action::PauseRecording { agent, contact },
                false => Action::ResumeRecording { agent, contact },
            });
        }
        if self.tape.chance(5) {
            let (agent, contact) = (model.agents.first()?.id.clone(), ContactId(self.number(model)));
            return Some(Action::PauseRecording { agent, contact });
        }
        let latest = self.tape.pick(&contact.recordings)?.clone();
        if self.tape.chance(15) {
            let why = self.tape.one_of(&[LegFailure::Failed, LegFailure::TimedOut]);
            return Some(Action::OrderFailed { gateway: contact.gateway, order: latest.order, why, event: 0 });
        }
        let recording = if self.tape.chance(95) { latest.id } else { RecordingId(model.last_number + 7) };
        Some(self.told(contact.gateway, contact.reference, recording))
    }

    fn told(&mut self, gateway: GatewayId, reference: ContactRef, recording: RecordingId) -> Action {
        let state = self.tape.one_of(&[
            RecordingState::Recording,
            RecordingState::Recording,
            RecordingState::Paused,
            RecordingState::Finished,
            RecordingState::Failed,
        ]);
        let failure = self.tape.one_of(&[RecordingFailure::StorageFull, RecordingFailure::Failed]);
        Action::RecordingTold {
            gateway,
            reference,
            recording,
            state,
            file: self.tape.chance(50).then(|| RecordingFile(Arc::from("2026/11/23/1.wav"))),
            length: self.tape.chance(50).then_some(Millis::seconds(61)),
            why: self.tape.chance(20).then_some(failure),
            event: 0,
        }
    }
}
