//! Which calls are recorded: begun and stopped as the rules of the queue say that a call was answered from, paused and
//! resumed by its agent. A recording that fails ends no call.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::command::LegFailure;
use super::event::Fact;
use super::gateway::Reference;
use super::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId, RecordingId};
use super::personal::{Details, Personal, RecordingFile};
use super::recording::{Recording, RecordingAsk, RecordingFailure, RecordingState};
use super::refusal::{ContactState, Expected, FieldName, Refusal};
use super::rule_set::Channel;
use super::table::GatewayNo;
use super::time::Millis;
use super::turn::Turn;
use super::visit::{Contact, Visit};

/// What a gateway says of one.
pub(super) struct ToldRecording {
    pub recording: RecordingId,
    pub state: RecordingState,
    pub file: Option<RecordingFile>,
    pub length: Option<Millis>,
    pub why: Option<RecordingFailure>,
}

impl Turn<'_> {
    /// What follows for recordings of what this turn told of calls: who has them, and where they wait.
    pub(super) fn record_calls(&mut self) {
        let moved: BTreeSet<ContactId> = self.events().iter().filter_map(|event| moved(&event.fact)).collect();
        for contact in moved {
            if let Some(fact) = self.recording_due(contact) {
                self.record(fact);
            }
        }
    }

    fn recording_due(&self, contact: ContactId) -> Option<Fact> {
        let state = self.state();
        let found = state.contacts.get(&contact).filter(|found| is_customers_call(found))?;
        let latest = found.recordings.last();
        let running = latest.filter(|recording| !recording.is_over());
        let ordered = |recording, segment, ask| {
            let gateway = state.gateway_id(found.gateway);
            Fact::RecordingOrdered { contact, gateway, recording, segment, agent: None, ask }
        };
        match (self.is_to_be_recorded(found)?, running, found.segment) {
            (false, Some(running), _) => Some(ordered(running.id, running.segment, RecordingAsk::Stop)),
            // Whoever paused it has given the call away.
            (true, Some(running), Some(segment)) if running.should_be_paused() && running.segment != segment => {
                Some(ordered(running.id, segment, RecordingAsk::Resume))
            }
            // One that ended or failed in this agent's hands is not begun anew there.
            (true, None, Some(segment)) if latest.is_none_or(|latest| latest.segment != segment) => {
                Some(ordered(RecordingId(state.next_id), segment, RecordingAsk::Start))
            }
            (true | false, _, _) => None,
        }
    }

    /// As its queue says; None: it stands in none.
    fn is_to_be_recorded(&self, contact: &Contact) -> Option<bool> {
        let answered_from = contact.segment.map(|segment| self.state().segments[&segment].from.queue_or_behind());
        let queue = answered_from.or_else(|| contact.visit.as_ref().map(Visit::queue_or_behind))?;
        Some(self.state().queue(queue).rules.record)
    }

    pub(super) fn pause_recording(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        self.ask_of_recording(agent, contact, RecordingAsk::Pause)
    }

    pub(super) fn resume_recording(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        self.ask_of_recording(agent, contact, RecordingAsk::Resume)
    }

    fn ask_of_recording(&mut self, agent: &AgentId, contact: ContactId, ask: RecordingAsk) -> Result<(), Refusal> {
        let (no, segment) = self.in_hand(agent, contact)?;
        self.is_customers(contact)?;
        let found = &self.state().contacts[&contact];
        let Some(latest) = found.recordings.last().filter(|recording| !recording.is_over()) else {
            return Err(Refusal::WrongState { contact, expected: ContactState::Recorded });
        };
        let (recording, gateway) = (latest.id, self.state().gateway_id(found.gateway));
        let is_so = latest.should_be_paused() == (ask == RecordingAsk::Pause);
        if !is_so {
            self.hear(no);
            let agent = Some(agent.clone());
            self.record(Fact::RecordingOrdered { contact, gateway, recording, segment, agent, ask });
        }
        Ok(())
    }

    pub(super) fn recording_told(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        told: ToldRecording,
    ) -> Result<(), Refusal> {
        let no = self.state().gateway_no(gateway);
        let live = match no.and_then(|no| self.state().references.get(no, reference, self.at)) {
            Some(Reference::Live(contact)) => Some(contact),
            Some(Reference::Ended { .. } | Reference::Foreseen { .. }) | None => None,
        };
        let recordings = live.map(|contact| &self.state().contacts[&contact].recordings[..]).unwrap_or_default();
        if let Some(known) = recordings.iter().find(|known| known.id == told.recording) {
            let could_not = told.why.is_some() && !known.is_over() && !known.is_as_asked();
            let is_news = !known.is_told_over() && (known.state != Some(told.state) || could_not);
            if let Some(contact) = live.filter(|_| is_news) {
                self.tell_recording(gateway, contact, told);
            }
            return Ok(());
        }
        let unfinished = no.and_then(|no| self.state().unfinished.contact_of(told.recording, no, self.at));
        match unfinished.filter(|_| told.state.is_over()) {
            Some(contact) => self.tell_recording(gateway, contact, told),
            None if self.state().was_given(told.recording.0) => {}
            None => {
                let (field, expected) = (FieldName::Recording, Expected::ARecordingOfTheContact);
                return Err(Refusal::InvalidField { field, expected });
            }
        }
        Ok(())
    }

    fn tell_recording(&mut self, gateway: &GatewayId, contact: ContactId, told: ToldRecording) {
        let ToldRecording { recording, state, file, length, why } = told;
        self.attach_gateway(gateway);
        let details = Personal::Plain(Arc::new(Details { file, ..Details::default() }));
        self.record(Fact::RecordingTold { contact, recording, state, length, why, details });
    }

    /// Whether the order was one of a recording, and is still open. One that cannot be begun has failed; another goes on
    /// as it was.
    pub(super) fn recording_order_failed(&mut self, gateway: &GatewayId, order: EventNo, why: LegFailure) -> bool {
        let no = self.state().gateway_no(gateway);
        let ordered = no.and_then(|no| self.recording_ordered_by(no, order));
        let open = ordered.filter(|(_, recording)| !recording.is_over() && !recording.is_as_asked());
        let Some((contact, Recording { id: recording, asked, state, .. })) = open else { return false };
        let state = state.unwrap_or(match asked {
            RecordingAsk::Start => RecordingState::Failed,
            RecordingAsk::Pause | RecordingAsk::Resume | RecordingAsk::Stop => RecordingState::Recording,
        });
        let why = Some(why.into());
        self.tell_recording(gateway, contact, ToldRecording { recording, state, file: None, length: None, why });
        true
    }

    /// Looked for among all: it is asked for only when a gateway could not do something.
    fn recording_ordered_by(&self, gateway: GatewayNo, order: EventNo) -> Option<(ContactId, Recording)> {
        let of_gateway = self.state().contacts.iter().filter(|(_, contact)| contact.gateway == gateway);
        let mut latest = of_gateway.filter_map(|(id, contact)| Some((*id, contact.recordings.last()?)));
        latest.find(|(_, recording)| recording.order == order).map(|(id, recording)| (id, recording.clone()))
    }
}

/// The contact that has come into other hands, or waits elsewhere.
fn moved(fact: &Fact) -> Option<ContactId> {
    match fact {
        Fact::ContactConnected { contact, .. }
        | Fact::ContactQueued { contact, .. }
        | Fact::ContactHandedOver { contact, .. } => Some(*contact),
        _ => None,
    }
}

fn is_customers_call(contact: &Contact) -> bool {
    match contact.channel {
        Channel::Voice | Channel::Callback => contact.consultation.is_none() && contact.on_line,
        Channel::Chat | Channel::Email | Channel::Task => false,
    }
}
