//! How facts change contacts. Part of `evolve`; decides nothing.

use std::sync::Arc;

use super::command::{Direction, Speaker};
use super::event::Fact;
use super::lane::OrderKey;
use super::recording::Recording;
use super::rule_set::Channel;
use super::state::State;
use super::time::Timestamp;
use super::visit::{Contact, Leaving, LeavingBy, Promise};

impl State {
    /// A contact comes, is on its way, and is over.
    pub(super) fn apply_to_contact(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::ContactArrived { contact, gateway, reference, channel, direction, to, details, gateway_event } => {
                let gateway = self.gateway_entry_no(gateway);
                self.note_gateway_event(gateway, *gateway_event);
                self.gateways[gateway.position()].unknown.remove(reference);
                self.references.arrived(gateway, reference.clone(), *contact, at);
                let mut arrived = Contact::new(gateway, reference.clone(), *channel, *direction, details.clone(), at);
                arrived.to.clone_from(to);
                arrived.gateway_event = *gateway_event;
                self.contacts.insert(*contact, arrived);
                self.gave(contact.0);
            }
            Fact::CallbackPromised {
                contact,
                gateway,
                reference,
                asked_by,
                queue,
                skills,
                priority,
                due,
                by,
                details,
                ..
            } => {
                let gateway = self.gateway_entry_no(gateway);
                self.references.arrived(gateway, reference.clone(), *contact, at);
                let queue = self.queue_entry_no(queue);
                let by = by.as_ref().map(|agent| self.agent_no(agent).expect("a promise names an agent of the rules"));
                let (skills, priority) = (Arc::new(skills.clone()), *priority);
                let (reference, details) = (reference.clone(), details.clone());
                let mut promised =
                    Contact::new(gateway, reference, Channel::Callback, Direction::Outbound, details, at);
                promised.on_line = false;
                promised.is_own_wish = asked_by.is_none();
                promised.promise = due.map(|due| Promise { queue, skills, priority, due, by });
                self.contacts.insert(*contact, promised);
                self.gave(contact.0);
            }
            Fact::CustomerAnswered { contact } => {
                let answered = self.contact_mut(*contact);
                answered.comes_on_line(at);
                answered.is_first = true;
                answered.gap_until = None;
                if let Some(visit) = &mut answered.visit {
                    visit.key = OrderKey::first(*contact, visit.ordered_since);
                }
            }
            Fact::CallbackSuperseded { contact } => self.contact_mut(*contact).is_superseded = true,
            Fact::CallbackGapEnded { contact, .. } => self.contact_mut(*contact).gap_until = None,
            Fact::ContactUpdated { contact, details, gateway_event } => {
                let contact = self.contact_mut(*contact);
                contact.details.push(details.clone());
                contact.gateway_event = contact.gateway_event.max(*gateway_event);
                let gateway = contact.gateway;
                self.note_gateway_event(gateway, *gateway_event);
            }
            Fact::ExitKeyPressed { contact, gateway_event, .. } => {
                let contact = self.contact_mut(*contact);
                contact.gateway_event = contact.gateway_event.max(*gateway_event);
                let gateway = contact.gateway;
                self.note_gateway_event(gateway, *gateway_event);
            }
            Fact::ExitTaken { contact, exit, action, until, .. } => {
                if until.is_some() {
                    let from = self.visit_mut(*contact).place();
                    let way = LeavingBy::Exit { exit: *exit, action: action.clone() };
                    let leaving = Leaving { order: self.event_no, way, from, until: *until };
                    self.contact_mut(*contact).leaving = Some(leaving);
                }
            }
            Fact::ExitFailed { contact, .. } => self.contact_mut(*contact).leaving = None,
            Fact::VoicemailBegun { contact } => {
                let leaving = self.contact_mut(*contact).leaving.as_mut().expect("an exit was taken to voicemail");
                leaving.until = None;
            }
            Fact::RecordingOrdered { contact, recording, segment, ask, .. } => {
                let (id, order) = (*recording, self.event_no);
                let recordings = &mut self.contact_mut(*contact).recordings;
                let state = recordings.last().filter(|latest| latest.id == id).and_then(|latest| latest.state);
                recordings.retain(|known| known.id != id);
                recordings.push(Recording { id, segment: *segment, order, asked: *ask, state });
                self.gave(recording.0);
            }
            Fact::RecordingTold { contact, recording, state, why, .. } => {
                let found = self.contacts.get_mut(contact).into_iter().flat_map(|contact| &mut contact.recordings);
                found.filter(|known| known.id == *recording).for_each(|known| known.told(*state, *why));
                if state.is_over() {
                    self.unfinished.finished(*recording);
                }
            }
            Fact::MessagePassed { contact, by, gateway_event, .. } => {
                let contact = self.contact_mut(*contact);
                contact.gateway_event = contact.gateway_event.max(*gateway_event);
                contact.quiet_since = match by {
                    Speaker::Customer => None,
                    Speaker::Agent => contact.segment.filter(|_| contact.channel == Channel::Chat).map(|_| at),
                };
                let gateway = contact.gateway;
                self.note_gateway_event(gateway, *gateway_event);
            }
            Fact::ContactTakenUp { contact, .. } => self.contact_mut(*contact).suspended = None,
            Fact::ContactEnded { contact, .. } => {
                let ended = self.contacts.swap_remove(contact).expect("a contact ends once");
                if let Some(consulting) = ended.consulting {
                    self.part_from_parent(consulting);
                }
                for recording in ended.recordings.iter().filter(|recording| !recording.is_told_over()) {
                    self.unfinished.left(recording.id, *contact, ended.gateway, at);
                }
                self.references.ended(ended.gateway, ended.reference, *contact, at);
            }
            other => unreachable!("{other:?} is about something else"),
        }
    }
}
