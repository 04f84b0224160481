//! Legs of agents that are lost while their customer is on the line: waited for, rung again, given up. Ends no contact.

use super::model::{Contact, Model, Segment, SegmentState};
use super::turn::Turn;
use crate::routing::command::EndedBy;
use crate::routing::event::{ConsultationEnd, Event, Fact, QueuedBy};
use crate::routing::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId};
use crate::routing::refusal::{Expected, FieldName, Refusal};

impl Model {
    pub(super) fn apply_to_legs(&mut self, event: &Event) {
        let order = EventNo(self.event_no);
        if let Fact::LegLost { segment, until, .. } = &event.fact {
            let lost = self.segment_mut(*segment);
            lost.hold = lost.spans(event.at).1;
            lost.state = SegmentState::LegLost { since: event.at, until: *until };
            lost.order = order;
        }
        if let Fact::LegBack { segment, .. } = &event.fact {
            let back = self.segment_mut(*segment);
            back.hold = back.spans(event.at).1;
            back.state = SegmentState::Talking;
        }
        if let Fact::ContactReturned { contact, first: true, .. } = &event.fact {
            self.contact_mut(*contact).is_first = true;
        }
    }

    /// The contact of this gateway whose agent is rung again by this order.
    pub(super) fn rung_again(&self, gateway: &GatewayId, order: EventNo) -> Option<ContactId> {
        let lost = |contact: &&Contact| {
            let owner = contact.owner().filter(|owner| owner.order == order);
            contact.gateway == *gateway && owner.is_some_and(is_lost)
        };
        self.all_contacts().find(lost).map(|contact| contact.id)
    }
}

pub(super) fn is_lost(segment: &Segment) -> bool {
    matches!(segment.state, SegmentState::LegLost { .. })
}

impl Turn {
    pub(super) fn party_left(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        agent: &AgentId,
    ) -> Result<(), Refusal> {
        let left = self.find(gateway, reference)?;
        if self.model.agent_no(agent).is_none() {
            return Err(Refusal::UnknownAgent { agent: agent.clone() });
        }
        let contact = left.id;
        let has = |known: &Contact| known.connected_owner().is_some_and(|owner| owner.agent == *agent);
        if left.consultation.is_some() {
            let parent = left.consultation.as_ref().and_then(|known| known.parent);
            let began = self.model.consultation_by(agent).is_some_and(|begun| begun.id == contact);
            match parent {
                Some(parent) if began => self.first_agent_gone(parent),
                Some(_) | None if began || has(&left) => {
                    self.end_consultation(contact, parent, ConsultationEnd::Left, EndedBy::Gateway);
                }
                Some(_) | None => return Err(Refusal::NotInHand { contact }),
            }
            return Ok(());
        }
        let about = self.model.consultation_about(contact).cloned();
        match left.connected_owner().filter(|owner| owner.agent == *agent).cloned() {
            Some(_) if left.channel.is_written() => {
                Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AVoiceContact })
            }
            Some(_) if about.is_some() => {
                self.first_agent_gone(contact);
                Ok(())
            }
            Some(own) => {
                self.own_leg_gone(contact, &own);
                Ok(())
            }
            None => match about.filter(has) {
                Some(about) => {
                    self.end_consultation(about.id, Some(contact), ConsultationEnd::Left, EndedBy::Gateway);
                    Ok(())
                }
                None => Err(Refusal::NotInHand { contact }),
            },
        }
    }

    fn own_leg_gone(&mut self, contact: ContactId, own: &Segment) {
        match own.state {
            SegmentState::Talking | SegmentState::Held { .. } => {
                let until = self.at + self.model.site().leg_wait;
                self.record(Fact::LegLost { contact, segment: own.id, agent: own.agent.clone(), until });
            }
            SegmentState::SetAside { .. } => self.return_first(contact),
            SegmentState::LegLost { .. } | SegmentState::Connecting { .. } | SegmentState::WrapUp { .. } => {}
        }
    }

    /// The one who consults is gone: the consultee has the customer, if he is there.
    pub(super) fn first_agent_gone(&mut self, parent: ContactId) {
        let about = self.model.consultation_about(parent).expect("somebody is consulted");
        let consultation = about.id;
        if about.connected_owner().is_some() {
            self.give_to_consultee(parent);
        } else {
            self.end_consultation(consultation, Some(parent), ConsultationEnd::FirstAgentLeft, EndedBy::Router);
            self.return_first(parent);
        }
    }

    /// A customer who was cut off waits again, before all others.
    pub(super) fn return_first(&mut self, contact: ContactId) {
        let segment = self.model.contacts[&contact].owner().expect("somebody has it").clone();
        let cause = QueuedBy::LegLost { agent: segment.agent.clone() };
        self.hand_back(contact, &segment, cause);
    }
}
