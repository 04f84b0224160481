//! A contact that leaves by what its gateway must carry out, and a caller who presses a key. Knows no offers.

use serde::{Deserialize, Serialize};

use super::contacts::Queueing;
use super::model::{Contact, Model, Visit};
use super::turn::Turn;
use crate::routing::command::{EndedBy, LegFailure};
use crate::routing::event::{Event, Fact, QueuedBy};
use crate::routing::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId};
use crate::routing::refusal::Refusal;
use crate::routing::rule_set::{Exit, ExitAction, ExitKey};
use crate::routing::time::{Millis, Timestamp};

/// Neither waits nor is in hand.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Leaving {
    pub order: EventNo,
    pub way: Way,
    /// None: voicemail has begun, and nobody waits for anything more.
    pub until: Option<Timestamp>,
    /// The visit it left, or that its agent had answered.
    pub from: Visit,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) enum Way {
    Exit {
        exit: Exit,
        action: ExitAction,
    },
    /// This agent gave it to a number outside.
    Transfer {
        agent: AgentId,
    },
}

impl Model {
    /// Takes in who begins to leave and who no longer does, before the visits change.
    pub(super) fn apply_to_leaving(&mut self, event: &Event) {
        let order = EventNo(self.event_no);
        if let Fact::ExitTaken { contact, exit, action, until: Some(until), .. } = &event.fact {
            let from = self.visit_mut(*contact).clone();
            let way = Way::Exit { exit: *exit, action: action.clone() };
            let leaving = Leaving { order, way, until: Some(*until), from };
            self.contact_mut(*contact).leaving = Some(leaving);
        }
        if let Fact::ContactTransferredOutside { contact, segment, agent, until, .. } = &event.fact {
            let from = self.segment_mut(*segment).answered.clone();
            let way = Way::Transfer { agent: agent.clone() };
            self.contact_mut(*contact).leaving = Some(Leaving { order, way, until: Some(*until), from });
        }
        if let Fact::ExitFailed { contact, .. }
        | Fact::TransferFailed { contact, .. }
        | Fact::ContactEnded { contact, .. } = &event.fact
        {
            self.contact_mut(*contact).leaving = None;
        }
        if let Fact::VoicemailBegun { contact } = &event.fact
            && let Some(leaving) = &mut self.contact_mut(*contact).leaving
        {
            leaving.until = None;
        }
        if let Fact::ExitKeyPressed { contact, gateway_event, .. } = &event.fact {
            let pressed = self.contact_mut(*contact);
            pressed.last_message = pressed.last_message.max(*gateway_event);
        }
        if let Fact::Resumed { down_for, .. } = &event.fact {
            self.leave_later(*down_for);
        }
    }

    fn leave_later(&mut self, down_for: Millis) {
        for leaving in self.all_contacts_mut().filter_map(|contact| contact.leaving.as_mut()) {
            leaving.until = leaving.until.map(|until| until + down_for);
        }
    }

    /// Whether an exit's action has somewhere to lead.
    pub(super) fn leads_on(&self, contact: &Contact, visit: &Visit, action: &ExitAction) -> bool {
        match action {
            ExitAction::Queue(to) => {
                *to != visit.queue && self.rules.as_ref().is_some_and(|rules| rules.queues.contains_key(to))
            }
            ExitAction::HangUp => contact.on_line,
            ExitAction::Voicemail { .. } | ExitAction::Announce { .. } => contact.on_line && !visit.exits_failed,
            ExitAction::Callback => self.may_be_called_back(contact, visit),
        }
    }

    /// The contact of this gateway that leaves by this order and is still waited for.
    fn leaving_by(&self, gateway: &GatewayId, order: EventNo) -> Option<(ContactId, Leaving)> {
        let of_it = self.all_contacts().filter(|contact| contact.gateway == *gateway);
        let leaving = of_it.filter_map(|contact| Some((contact.id, contact.leaving.clone()?)));
        leaving.into_iter().find(|(_, leaving)| leaving.order == order && leaving.until.is_some())
    }
}

impl Turn {
    pub(super) fn exit_key_pressed(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        key: ExitKey,
        event: u64,
    ) -> Result<(), Refusal> {
        let pressed: Contact = self.find(gateway, reference)?;
        let repeated = event != 0 && event <= pressed.last_message;
        let ignored = repeated || pressed.consultation.is_some();
        let Some(visit) = pressed.waiting().filter(|visit| visit.direct.is_none() && !ignored) else {
            return Ok(());
        };
        let exits = &self.model.queue(&visit.queue).exits;
        let action = exits.keys.get(&key).filter(|action| self.model.leads_on(&pressed, visit, action));
        if let Some(action) = action.cloned() {
            self.record(Fact::ExitKeyPressed { contact: pressed.id, key, gateway_event: event });
            self.rescind_all(pressed.id);
            self.take_exit(pressed.id, Exit::Key { key }, action);
        }
        Ok(())
    }

    pub(super) fn order_done(&mut self, gateway: &GatewayId, order: EventNo) {
        let Some((contact, leaving)) = self.model.leaving_by(gateway, order) else { return };
        match leaving.way {
            Way::Exit { action: ExitAction::Voicemail { .. }, .. } => self.record(Fact::VoicemailBegun { contact }),
            Way::Exit { .. } => self.record_end(contact, EndedBy::Router),
            Way::Transfer { .. } => self.record_end(contact, EndedBy::Transfer),
        }
    }

    /// Whether it was an order to leave by.
    pub(super) fn exit_order_failed(&mut self, gateway: &GatewayId, order: EventNo, why: LegFailure) -> bool {
        let found = self.model.leaving_by(gateway, order);
        if let Some((contact, leaving)) = &found {
            self.leaving_failed(*contact, leaving, why);
        }
        found.is_some()
    }

    pub(super) fn leaving_is_over(&mut self, contact: ContactId) {
        let leaving = self.model.contacts[&contact].leaving.clone().expect("its deadline is due");
        match &leaving.way {
            Way::Exit { action: ExitAction::Voicemail { .. }, .. } | Way::Transfer { .. } => {
                self.leaving_failed(contact, &leaving, LegFailure::TimedOut);
            }
            Way::Exit { .. } => self.record_end(contact, EndedBy::Router),
        }
    }

    fn leaving_failed(&mut self, contact: ContactId, leaving: &Leaving, why: LegFailure) {
        match &leaving.way {
            Way::Exit { exit, .. } => self.exit_failed(contact, *exit, leaving, why),
            Way::Transfer { .. } => self.transfer_failed(contact, leaving, why),
        }
    }

    /// Back where it was, as if it had never left, but with a new waiting time.
    fn exit_failed(&mut self, contact: ContactId, exit: Exit, leaving: &Leaving, why: LegFailure) {
        let from = leaving.from.clone();
        self.record(Fact::ExitFailed { contact, exit, why });
        let back = Queueing {
            queue: from.queue,
            cause: QueuedBy::ExitFailed { exit },
            skills: from.skills,
            priority: from.priority,
            ordered_since: from.ordered_since,
            direct: None,
            preferred: None,
            never: from.never,
            failed: Vec::new(),
        };
        self.queue_contact(contact, back);
    }
}
