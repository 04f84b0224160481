//! What each event means for consultations, and for the segment that a consultee gets. Decides nothing.

use super::consultations::Consultation;
use super::model::{Contact, Model, Segment, SegmentState};
use crate::routing::command::Direction;
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{EventNo, SegmentId};
use crate::routing::rule_set::Channel;
use crate::routing::time::Millis;

impl Model {
    pub(super) fn apply_to_consultations(&mut self, event: &Event) {
        if let Fact::ConsultationBegun { .. } = &event.fact {
            self.begin_consultation(event);
        }
        if let Fact::ConsultationJoined { contact, .. } = &event.fact
            && let Some(joined) = &mut self.contact_mut(*contact).consultation
        {
            joined.is_joined = true;
        }
        if let Fact::ConsultationEnded { contact, .. } = &event.fact
            && let Some(over) = &mut self.contact_mut(*contact).consultation
        {
            over.is_over = true;
        }
        if let Fact::ContactConnected { contact, .. } = &event.fact
            && self.contacts[contact].consultation.is_some()
        {
            self.contact_mut(*contact).on_line_since = event.at;
        }
        if let Fact::ContactHandedOver { .. } = &event.fact {
            self.hand_over(event);
        }
        if let Fact::ContactEnded { contact: gone, .. } | Fact::ContactHandedOver { contact: gone, .. } = &event.fact {
            let all = self.all_contacts_mut().filter_map(|contact| contact.consultation.as_mut());
            for without in all.filter(|consultation| consultation.parent == Some(*gone)) {
                (without.parent, without.is_joined) = (None, false);
            }
        }
    }

    fn begin_consultation(&mut self, event: &Event) {
        let Fact::ConsultationBegun { contact, gateway, reference, parent, agent, details, .. } = &event.fact else {
            return;
        };
        self.number_given(contact.0);
        let details = details.plain().expect("the referee reads plain events only");
        let (agent, parent) = (agent.clone(), Some(*parent));
        let begun = Contact {
            id: *contact,
            gateway: gateway.clone(),
            reference: reference.clone(),
            channel: Channel::Voice,
            direction: Direction::Internal,
            from: None,
            to: None,
            attributes: details.attributes.clone(),
            fitted: None,
            arrived_at: event.at,
            last_message: 0,
            updates: 0,
            ended: false,
            on_line: true,
            promise: None,
            attempt: None,
            call: None,
            customer: None,
            attempts: 0,
            gap_until: None,
            on_line_since: event.at,
            is_first: false,
            own_wish: false,
            superseded: false,
            visit: None,
            leaving: None,
            segments: Vec::new(),
            suspended: None,
            quiet_since: None,
            consultation: Some(Consultation { agent, parent, is_joined: false, is_over: false }),
            lead: None,
            recordings: Vec::new(),
        };
        self.contacts.insert(*contact, begun.into());
    }

    /// A segment of his own for the consultee, with all that waits for his other one to be gone.
    fn hand_over(&mut self, event: &Event) {
        let Fact::ContactHandedOver { contact, segment, to, to_segment, consultation, .. } = &event.fact else {
            return;
        };
        self.number_given(to_segment.0);
        let consulted = self.contacts[consultation].connected_owner().expect("the consultee is there").clone();
        let state = match consulted.state {
            SegmentState::SetAside { by, .. } => SegmentState::SetAside { since: event.at, by },
            SegmentState::Connecting { .. }
            | SegmentState::Talking
            | SegmentState::Held { .. }
            | SegmentState::LegLost { .. }
            | SegmentState::WrapUp { .. } => SegmentState::Talking,
        };
        let begun = Segment {
            id: *to_segment,
            agent: to.clone(),
            offer: consulted.offer,
            order: EventNo(self.event_no),
            answered: self.segment_mut(*segment).answered.clone(),
            state,
            connected_at: event.at,
            talk: Millis::ZERO,
            hold: Millis::ZERO,
            aside: Millis::ZERO,
        };
        self.contact_mut(*contact).segments.push(begun);
        self.wait_for_another(consulted.id, *to_segment);
    }

    fn wait_for_another(&mut self, gone: SegmentId, instead: SegmentId) {
        for segment in self.all_contacts_mut().flat_map(|contact| contact.segments.iter_mut()) {
            if let SegmentState::SetAside { by, .. } = &mut segment.state
                && *by == gone
            {
                *by = instead;
            }
        }
    }
}
