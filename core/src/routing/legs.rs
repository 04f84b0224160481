//! An agent's leg that is lost: he is rung again for a moment, then his customer goes first in line.

use super::command::EndedBy;
use super::event::{ConsultationEnd, Fact, QueuedBy};
use super::ids::{AgentId, ContactId, ContactRef, GatewayId, SegmentId};
use super::refusal::{Expected, FieldName, Refusal};
use super::segment::SegmentState;
use super::table::AgentNo;
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn party_left(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        agent: &AgentId,
    ) -> Result<(), Refusal> {
        let contact = self.live(gateway, reference)?;
        let no = self.agent(agent)?;
        let found = &self.state().contacts[&contact];
        if let Some(consultation) = found.consultation {
            let begun_by_him = consultation.agent == no && self.state().agent(no).consulting == Some(contact);
            if !begun_by_him && !self.is_consultee(contact, no) {
                return Err(Refusal::NotInHand { contact });
            }
            self.attach_gateway(gateway);
            match consultation.parent.filter(|_| begun_by_him) {
                Some(parent) => self.first_agent_is_gone(parent),
                None => self.end_consultation(contact, ConsultationEnd::Left, EndedBy::Gateway),
            }
            return Ok(());
        }
        let (segment, consulting) = (found.segment, found.consulting);
        if let Some(consultation) = consulting.filter(|consultation| self.is_consultee(*consultation, no)) {
            self.attach_gateway(gateway);
            self.end_consultation(consultation, ConsultationEnd::Left, EndedBy::Gateway);
            return Ok(());
        }
        let own = segment.filter(|segment| self.state().segments[segment].agent == no);
        let segment = own.ok_or(Refusal::NotInHand { contact })?;
        if self.state().segments[&segment].channel.is_written() {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AVoiceContact });
        }
        if consulting.is_some() {
            self.attach_gateway(gateway);
            self.first_agent_is_gone(contact);
        } else {
            self.lose_leg(gateway, segment);
        }
        Ok(())
    }

    fn is_consultee(&self, consultation: ContactId, agent: AgentNo) -> bool {
        let segment = self.state().contacts[&consultation].segment;
        segment.is_some_and(|segment| self.state().segments[&segment].agent == agent)
    }

    fn lose_leg(&mut self, gateway: &GatewayId, id: SegmentId) {
        let segment = &self.state().segments[&id];
        let (contact, agent) = (segment.contact, self.state().agent_id(segment.agent));
        match segment.state {
            SegmentState::LegLost { .. } => {}
            SegmentState::SetAside { .. } => {
                self.attach_gateway(gateway);
                self.return_first(id);
            }
            SegmentState::Talking | SegmentState::Held { .. } => {
                let until = self.at + self.state().rules.site.leg_wait;
                self.attach_gateway(gateway);
                self.record(Fact::LegLost { contact, segment: id, agent, until });
            }
            SegmentState::Connecting { .. } | SegmentState::WrapUp { .. } => {
                unreachable!("a contact's segment is with its customer")
            }
        }
    }

    /// The leg that was rung again is there.
    pub(super) fn leg_is_back(&mut self, id: SegmentId) {
        let segment = &self.state().segments[&id];
        let (contact, agent) = (segment.contact, self.state().agent_id(segment.agent));
        self.record(Fact::LegBack { contact, segment: id, agent });
    }

    /// The customer was cut off from his agent: he waits again, before all others.
    pub(super) fn return_first(&mut self, segment: SegmentId) {
        let agent = self.state().agent_id(self.state().segments[&segment].agent);
        self.hand_back(segment, true, QueuedBy::LegLost { agent });
    }
}
