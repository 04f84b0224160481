//! How facts change consultations and the hands a contact passes through. Part of `evolve`; decides nothing.

use std::sync::Arc;

use super::agent::{InHand, Phase};
use super::command::Direction;
use super::event::Fact;
use super::ids::{ContactId, SegmentId};
use super::path::PassedHow;
use super::personal::{Attributes, Details, Personal};
use super::rule_set::Channel;
use super::segment::{Segment, SegmentState};
use super::state::State;
use super::table::AgentNo;
use super::time::{Millis, Timestamp};
use super::visit::{Consultation, Contact};

impl State {
    /// One agent asks another, until one of them has the customer alone.
    pub(super) fn apply_to_consultation(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::ConsultationBegun { contact, gateway, reference, parent, agent, details, .. } => {
                let gateway = self.gateway_entry_no(gateway);
                self.references.arrived(gateway, reference.clone(), *contact, at);
                let agent_no = self.agent_no(agent).expect("who asks is an agent of the rules");
                let (reference, details) = (reference.clone(), details.clone());
                let mut begun = Contact::new(gateway, reference, Channel::Voice, Direction::Internal, details, at);
                begun.consultation = Some(Consultation { agent: agent_no, parent: Some(*parent), is_joined: false });
                self.contacts.insert(*contact, begun);
                self.contact_mut(*parent).consulting = Some(*contact);
                self.agent_mut(agent).consulting = Some(*contact);
                self.gave(contact.0);
            }
            Fact::ConsultationJoined { contact, .. } => self.consultation_mut(*contact).is_joined = true,
            Fact::ConsultationEnded { contact, parent, agent, .. } => {
                self.agent_mut(agent).consulting = None;
                let parent = parent.and_then(|parent| self.contacts.get_mut(&parent));
                if let Some(parent) = parent.filter(|parent| parent.consulting == Some(*contact)) {
                    parent.consulting = None;
                }
            }
            Fact::ContactHandedOver { contact, segment, to, to_segment, consultation, .. } => {
                let to = self.agent_no(to).expect("the consultee is an agent of the rules");
                self.hand_over(*contact, *segment, to, *to_segment, *consultation, at);
            }
            other => unreachable!("{other:?} is about something else"),
        }
    }

    fn hand_over(
        &mut self,
        contact: ContactId,
        from: SegmentId,
        to: AgentNo,
        to_segment: SegmentId,
        consultation: ContactId,
        at: Timestamp,
    ) {
        let consulted = self.contacts[&consultation].segment.expect("only who is connected takes it over");
        let (offer, state) = {
            let consulted = &self.segments[&consulted];
            let state = match consulted.state {
                SegmentState::SetAside { by, .. } => SegmentState::SetAside { since: at, by },
                SegmentState::Connecting { .. }
                | SegmentState::Talking
                | SegmentState::Held { .. }
                | SegmentState::LegLost { .. }
                | SegmentState::WrapUp { .. } => SegmentState::Talking,
            };
            (consulted.offer, state)
        };
        for (aside, _) in self.agents[to.position()].segments.clone() {
            if let SegmentState::SetAside { by, .. } = &mut self.segment_mut(aside).state
                && *by == consulted
            {
                *by = to_segment;
            }
        }
        let said = self.contacts[&consultation].details.first().and_then(|details| details.plain()?.note.clone());
        let said = said.map(|note| Personal::Plain(Arc::new(Details::added(Some(note), Attributes::default()))));
        self.passed_on_by_agent(contact, from, PassedHow::HandedOver, said.as_ref(), at);
        let Segment { gateway, channel, of_lead, from, .. } = self.segments[&from].clone();
        let order = self.event_no;
        let taken_over = Segment {
            contact,
            gateway,
            agent: to,
            channel,
            of_lead,
            offer,
            order,
            from,
            state,
            connected_at: Some(at),
            held: Millis::ZERO,
            aside: Millis::ZERO,
        };
        self.segments.insert(to_segment, taken_over);
        let phase = if state == SegmentState::Talking { Phase::WithCustomer } else { Phase::SetAside };
        self.agents[to.position()].segments.push((to_segment, InHand { channel, phase }));
        let given = self.contact_mut(contact);
        given.segment = Some(to_segment);
        given.consulting = None;
        self.part_from_parent(consultation);
        self.gave(to_segment.0);
    }

    /// The customer's contact is over, or another's: who consulted about it talk on.
    pub(super) fn part_from_parent(&mut self, consultation: ContactId) {
        if let Some(contact) = self.contacts.get_mut(&consultation)
            && let Some(consultation) = &mut contact.consultation
        {
            (consultation.parent, consultation.is_joined) = (None, false);
        }
    }

    fn consultation_mut(&mut self, contact: ContactId) -> &mut Consultation {
        self.contact_mut(contact).consultation.as_mut().expect("the fact is about a consultation")
    }
}
