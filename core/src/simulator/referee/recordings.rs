//! Which calls must be recorded, by looking at each that moved. Keeps what the gateways said of each recording.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::consultations::only_customers;
use super::model::{Contact, Model, Visit};
use super::turn::Turn;
use crate::routing::command::{Action, LegFailure};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AgentId, ContactId, EventNo, GatewayId, QueueId, RecordingId, SegmentId};
use crate::routing::personal::{Details, Personal};
use crate::routing::recording::{RecordingAsk, RecordingFailure, RecordingState};
use crate::routing::refusal::{ContactState, Expected, FieldName, Refusal};
use crate::routing::time::{Millis, Timestamp};

/// How long a recording is known that was left open when its contact ended.
const LEFT_OPEN_KEPT: Millis = Millis::minutes(24 * 60);

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Recorded {
    pub id: RecordingId,
    pub segment: SegmentId,
    pub order: EventNo,
    pub asked: RecordingAsk,
    pub told: Option<RecordingState>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct LeftOpen {
    pub id: RecordingId,
    pub contact: ContactId,
    pub gateway: GatewayId,
    pub until: Timestamp,
}

fn is_last_word(state: RecordingState) -> bool {
    matches!(state, RecordingState::Finished | RecordingState::Failed)
}

impl Recorded {
    fn is_closed(&self) -> bool {
        self.told.is_some_and(is_last_word)
    }

    fn runs(&self) -> bool {
        self.asked != RecordingAsk::Stop && !self.is_closed()
    }

    /// Whether the gateway has said that it did what it was asked last.
    fn is_done(&self) -> bool {
        match self.asked {
            RecordingAsk::Start | RecordingAsk::Resume => self.told == Some(RecordingState::Recording),
            RecordingAsk::Pause => self.told == Some(RecordingState::Paused),
            RecordingAsk::Stop => self.is_closed(),
        }
    }
}

impl Contact {
    fn latest_recording(&self) -> Option<&Recorded> {
        self.recordings.last()
    }
}

fn queue_behind(visit: &Visit) -> &QueueId {
    visit.direct.as_ref().map_or(&visit.queue, |direct| &direct.behind)
}

impl Model {
    pub(super) fn apply_to_recordings(&mut self, event: &Event) {
        match &event.fact {
            Fact::RecordingOrdered { contact, recording, segment, ask, .. } => {
                self.number_given(recording.0);
                let order = EventNo(self.event_no);
                let all = &mut self.contact_mut(*contact).recordings;
                match all.iter_mut().find(|known| known.id == *recording) {
                    Some(known) => {
                        known.segment = *segment;
                        known.order = order;
                        known.asked = *ask;
                    }
                    None => {
                        all.push(Recorded { id: *recording, segment: *segment, order, asked: *ask, told: None });
                    }
                }
            }
            Fact::RecordingTold { contact, recording, state, why, .. } => {
                if self.contacts.get(contact).is_some_and(|contact| !contact.ended) {
                    let all = &mut self.contact_mut(*contact).recordings;
                    for known in all.iter_mut().filter(|known| known.id == *recording) {
                        known.told = Some(*state);
                        if why.is_some() && known.runs() {
                            let is_paused = *state == RecordingState::Paused;
                            known.asked = if is_paused { RecordingAsk::Pause } else { RecordingAsk::Resume };
                        }
                    }
                }
                if is_last_word(*state) {
                    self.left_open.retain(|open| open.id != *recording);
                }
            }
            Fact::ContactEnded { contact, .. } => {
                let ended = self.contact_mut(*contact);
                let (gateway, all) = (ended.gateway.clone(), std::mem::take(&mut ended.recordings));
                let open: Vec<Recorded> = all.into_iter().filter(|recorded| !recorded.is_closed()).collect();
                if !open.is_empty() {
                    self.left_open.retain(|known| known.until > event.at);
                }
                let until = event.at + LEFT_OPEN_KEPT;
                self.left_open.extend(open.into_iter().map(|Recorded { id, .. }| LeftOpen {
                    id,
                    contact: *contact,
                    gateway: gateway.clone(),
                    until,
                }));
            }
            _ => {}
        }
    }
}

impl Turn {
    /// After everything else that follows: what moved is recorded, or no more.
    pub(super) fn record_what_moved(&mut self) {
        let moved: BTreeSet<ContactId> = self
            .events()
            .iter()
            .filter(|event| {
                matches!(
                    event.fact,
                    Fact::ContactConnected { .. } | Fact::ContactQueued { .. } | Fact::ContactHandedOver { .. }
                )
            })
            .filter_map(|event| event.fact.contact())
            .collect();
        for contact in moved {
            if let Some(ordered) = self.due_of_recording(contact) {
                self.record(ordered);
            }
        }
    }

    fn due_of_recording(&self, id: ContactId) -> Option<Fact> {
        let contact = self.model.contacts.get(&id).filter(|contact| !contact.ended)?;
        if contact.channel.is_written() || !contact.on_line || contact.consultation.is_some() {
            return None;
        }
        let owner = contact.connected_owner();
        let place = owner.map(|owner| &owner.answered).or(contact.visit.as_ref())?;
        let records = self.model.queue(queue_behind(place)).record;
        let latest = contact.latest_recording();
        let runs = latest.is_some_and(Recorded::runs);
        let (recording, segment, ask) = match (latest, owner) {
            (Some(latest), _) if runs && !records => (latest.id, latest.segment, RecordingAsk::Stop),
            (Some(latest), Some(owner)) if runs => {
                if latest.asked != RecordingAsk::Pause || latest.segment == owner.id {
                    return None;
                }
                (latest.id, owner.id, RecordingAsk::Resume)
            }
            (latest, Some(owner)) if records && !runs => {
                if latest.is_some_and(|latest| latest.segment == owner.id) {
                    return None;
                }
                (RecordingId(self.next_number()), owner.id, RecordingAsk::Start)
            }
            _ => return None,
        };
        let gateway = contact.gateway.clone();
        Some(Fact::RecordingOrdered { contact: id, gateway, recording, segment, agent: None, ask })
    }

    pub(super) fn ask_of_recording(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        ask: RecordingAsk,
    ) -> Result<(), Refusal> {
        let own = self.connected_segment(agent, contact)?;
        let known = &self.model.contacts[&contact];
        only_customers(known)?;
        let Some(latest) = known.latest_recording().filter(|latest| latest.runs()).cloned() else {
            return Err(Refusal::WrongState { contact, expected: ContactState::Recorded });
        };
        let wants_pause = ask == RecordingAsk::Pause;
        let is_so = (latest.asked == RecordingAsk::Pause) == wants_pause;
        if !is_so {
            let (gateway, agent) = (known.gateway.clone(), Some(agent.clone()));
            let (recording, segment) = (latest.id, own.id);
            self.record(Fact::RecordingOrdered { contact, gateway, recording, segment, agent, ask });
        }
        Ok(())
    }

    pub(super) fn recording_told(&mut self, action: &Action) -> Result<(), Refusal> {
        let Action::RecordingTold { gateway, reference, recording, state, file, length, why, .. } = action else {
            return Ok(());
        };
        let live = self.model.live_contact(gateway, reference);
        let known = live.and_then(|live| Some((live.id, live.recordings.iter().find(|known| known.id == *recording)?)));
        let contact = match known {
            Some((contact, known)) => {
                let could_not = why.is_some() && !known.is_done() && known.runs();
                (!known.is_closed() && (known.told != Some(*state) || could_not)).then_some(contact)
            }
            None => {
                let open = self.model.left_open.iter().find(|open| open.id == *recording && open.gateway == *gateway);
                let open = open.filter(|open| open.until > self.at && is_last_word(*state));
                if open.is_none() && !self.was_given(recording.0) {
                    let (field, expected) = (FieldName::Recording, Expected::ARecordingOfTheContact);
                    return Err(Refusal::InvalidField { field, expected });
                }
                open.map(|open| open.contact)
            }
        };
        if let Some(contact) = contact {
            let details = Personal::Plain(Details { file: file.clone(), ..Details::default() }.into());
            let (recording, state, length, why) = (*recording, *state, *length, *why);
            self.record(Fact::RecordingTold { contact, recording, state, length, why, details });
        }
        Ok(())
    }

    /// Whether the order was one of a recording that nobody has answered.
    pub(super) fn recording_order_failed(&mut self, gateway: &GatewayId, order: EventNo, why: LegFailure) -> bool {
        let all = self.model.all_contacts().filter(|contact| !contact.ended && contact.gateway == *gateway);
        let found: Vec<(ContactId, Recorded)> = all
            .filter_map(|contact| {
                Some((contact.id, contact.latest_recording().filter(|one| one.order == order)?.clone()))
            })
            .filter(|(_, known)| known.runs() && !known.is_done())
            .collect();
        let Some((contact, known)) = found.into_iter().next() else { return false };
        let state = match known.told {
            Some(state) => state,
            None if known.asked == RecordingAsk::Start => RecordingState::Failed,
            None => RecordingState::Recording,
        };
        let why = match why {
            LegFailure::TimedOut => RecordingFailure::TimedOut,
            _ => RecordingFailure::Failed,
        };
        let (recording, details) = (known.id, Personal::Plain(Details::default().into()));
        self.record(Fact::RecordingTold { contact, recording, state, length: None, why: Some(why), details });
        true
    }
}
