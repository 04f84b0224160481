//! The steps of a contact's life that several commands and deadlines share.

use std::sync::Arc;

use super::attempts::LeadOver;
use super::model::{SegmentState, Visit};
use super::turn::Turn;
use crate::routing::command::{Disposition, EndedBy, LegFailure};
use crate::routing::event::{
    AgentChange, ConsultationEnd, DirectTo, Fact, OfferOutcome, Preference, QueuedBy, RevokedWhy, VisitEnd,
};
use crate::routing::hold::BackOffCause;
use crate::routing::ids::{AgentId, ContactId, OfferId, QueueId, SegmentId, VisitId};
use crate::routing::personal::{Details, Note, Personal, PersonalDetails};
use crate::routing::skill::Skills;
use crate::routing::time::{Millis, Timestamp};

/// How a contact comes to wait.
pub(crate) struct Queueing {
    pub queue: QueueId,
    pub cause: QueuedBy,
    pub skills: Skills,
    pub priority: i32,
    pub ordered_since: Timestamp,
    pub direct: Option<DirectTo>,
    pub preferred: Option<Preference>,
    pub never: Vec<AgentId>,
    /// Entry rules that could not be evaluated.
    pub failed: Vec<Arc<str>>,
}

pub(crate) fn noted(note: Option<Note>) -> PersonalDetails {
    Personal::Plain(Arc::new(Details { note, ..Details::default() }))
}

impl Turn {
    /// Into a queue with its own skills and priority, and what a direct visit asks there on top.
    pub(crate) fn queue_behind(&mut self, contact: ContactId, cause: QueuedBy, direct: &DirectTo, from: &Visit) {
        let rules = self.model.queue(&direct.behind);
        let mut skills = rules.skills.clone();
        skills.extend(direct.skills.clone());
        self.queue_contact(
            contact,
            Queueing {
                queue: direct.behind.clone(),
                cause,
                skills,
                priority: rules.priority + direct.priority,
                ordered_since: from.ordered_since,
                direct: None,
                preferred: None,
                never: from.never.clone(),
                failed: Vec::new(),
            },
        );
    }

    pub(crate) fn queue_contact(&mut self, contact: ContactId, queueing: Queueing) {
        let estimate = self.model.estimate(contact, &queueing, self.at);
        self.record(Fact::ContactQueued {
            contact,
            visit: VisitId(self.next_number()),
            queue: queueing.queue,
            cause: queueing.cause,
            skills: queueing.skills,
            priority: queueing.priority,
            ordered_since: queueing.ordered_since,
            entered_at: self.at,
            direct: queueing.direct,
            preferred: queueing.preferred,
            never: queueing.never,
            failed: queueing.failed,
            estimate,
            rules: self.model.version,
        });
    }

    pub(crate) fn end_offer(&mut self, offer: OfferId, outcome: OfferOutcome) {
        let (contact, open) = self.model.open_offer(offer).expect("the offer is open");
        self.record(Fact::OfferEnded { offer, contact: contact.id, agent: open.agent.clone(), outcome });
    }

    pub(crate) fn revoke(&mut self, offer: OfferId, why: RevokedWhy) {
        self.end_offer(offer, OfferOutcome::Revoked { why });
    }

    /// All offers held out to the agent, in order of their numbers.
    pub(crate) fn revoke_all(&mut self, agent: &AgentId, why: RevokedWhy) {
        for (offer, _) in self.model.offers_of(agent) {
            self.revoke(offer, why);
        }
    }

    /// The contact's open offers, in order of their numbers.
    pub(crate) fn rescind_all(&mut self, contact: ContactId) {
        for offer in self.model.contacts[&contact].offers().to_vec() {
            self.end_offer(offer.id, OfferOutcome::Rescinded);
        }
    }

    /// The agent rests, unless he does so longer already.
    pub(crate) fn back_off(&mut self, agent: &AgentId, cause: BackOffCause) {
        let time = self.model.site().back_off.of(cause);
        let until = self.at + time;
        if time > Millis::ZERO && self.model.agent(agent).back_off.is_none_or(|present| until > present) {
            self.record(Fact::AgentBackedOff { agent: agent.clone(), until, cause });
        }
    }

    pub(crate) fn limit_offers(&mut self, contact: ContactId) {
        let visit = self.model.contacts[&contact].visit.as_ref().expect("it waits again");
        let limited = visit.limited_until.is_some();
        if !limited && visit.offers_in_row >= self.model.site().offers_in_row_max {
            let until = self.at + self.model.site().offer_limit_pause;
            self.record(Fact::OfferLimitReached { contact, visit: visit.id, until });
        }
    }

    pub(crate) fn end_visit(&mut self, contact: ContactId, end: VisitEnd) {
        let visit = self.model.contacts[&contact].visit.clone().expect("the visit is open");
        let waited = self.model.waited(&self.model.contacts[&contact], &visit, self.at);
        self.record(Fact::VisitEnded {
            contact,
            visit: visit.id,
            queue: visit.queue,
            end,
            waited,
            estimate: visit.estimate,
        });
    }

    /// Open offers, open visit, the contact, then what the agent has of it.
    pub(crate) fn end_contact(&mut self, contact: ContactId, by: EndedBy) {
        self.end_contact_as(contact, by, None);
    }

    /// The same; why, if it is a lead's.
    pub(super) fn end_contact_as(&mut self, contact: ContactId, by: EndedBy, over: Option<LeadOver>) {
        if self.left_consultation(contact, by) {
            return;
        }
        let is_internal = self.model.contacts[&contact].consultation.is_some();
        let consultation = self.model.consultation_about(contact).map(|about| about.id);
        if let Some(visit) = self.model.contacts[&contact].visit.clone() {
            self.rescind_all(contact);
            let short = self.at.since(visit.entered_at) < self.model.queue(&visit.queue).short_abandon;
            let end = match by {
                EndedBy::Customer if !is_internal => VisitEnd::Abandoned { short },
                EndedBy::LostByGateway => VisitEnd::LostByGateway,
                EndedBy::Customer
                | EndedBy::Agent
                | EndedBy::Gateway
                | EndedBy::Router
                | EndedBy::Supervisor
                | EndedBy::Transfer => VisitEnd::Withdrawn,
            };
            self.end_visit(contact, end);
        }
        let owner = self.model.contacts[&contact].owner().cloned();
        self.record_end_as(contact, by, over);
        if let Some(segment) = owner {
            match segment.state {
                SegmentState::Talking
                | SegmentState::Held { .. }
                | SegmentState::SetAside { .. }
                | SegmentState::LegLost { .. }
                    if by != EndedBy::Transfer =>
                {
                    self.wrap_up(contact, segment.id);
                }
                SegmentState::Connecting { .. }
                | SegmentState::Talking
                | SegmentState::Held { .. }
                | SegmentState::SetAside { .. }
                | SegmentState::LegLost { .. }
                | SegmentState::WrapUp { .. } => self.close_segment(segment.id, None, None),
            }
        }
        if let Some(consultation) = consultation {
            self.customer_left(consultation);
        }
    }

    /// The end alone, with the agent in whose hands it was.
    pub(crate) fn record_end(&mut self, contact: ContactId, by: EndedBy) {
        self.record_end_as(contact, by, None);
    }

    fn record_end_as(&mut self, contact: ContactId, by: EndedBy, over: Option<LeadOver>) {
        if let Some(told) = self.model.lead_over(&self.model.contacts[&contact], by, over) {
            self.record(told);
        }
        let ended = &self.model.contacts[&contact];
        self.record(Fact::ContactEnded {
            contact,
            gateway: ended.gateway.clone(),
            reference: ended.reference.clone(),
            by,
            agent: ended.owner().map(|owner| owner.agent.clone()),
            never_placed: !ended.on_line && ended.attempt.is_none(),
        });
    }

    pub(crate) fn wrap_up(&mut self, contact: ContactId, segment: SegmentId) {
        let open = self.model.contacts[&contact].segments.iter().find(|open| open.id == segment);
        let open = open.expect("the segment is open").clone();
        let max = self.model.queue(&open.answered.queue).wrap_up.max;
        if max > Millis::ZERO {
            self.record(Fact::WrapUpStarted { contact, segment, agent: open.agent, ends_at: self.at + max });
        } else {
            self.close_segment(segment, None, None);
        }
    }

    /// Closes it and, when it was his last, applies the agent's pending presence.
    pub(crate) fn close_segment(&mut self, segment: SegmentId, disposition: Option<Disposition>, note: Option<Note>) {
        let all = self.model.all_contacts();
        let (contact, open) = all
            .flat_map(|contact| contact.segments.iter().map(|open| (contact.id, open.clone())))
            .find(|(_, open)| open.id == segment)
            .expect("the segment is open");
        let (talk, hold, wrap_up) = open.spans(self.at);
        self.record(Fact::SegmentClosed {
            contact,
            segment,
            agent: open.agent.clone(),
            queue: open.answered.queue.clone(),
            connected: open.connected(),
            talk,
            hold,
            wrap_up,
            disposition,
            details: noted(note),
        });
        self.take_up_what_was_set_aside(&open.agent, segment);
        self.apply_pending_presence(&open.agent);
    }

    pub(super) fn apply_pending_presence(&mut self, agent: &AgentId) {
        if let Some(next) = self.model.agent(agent).next.clone()
            && !self.model.has_work(agent)
        {
            self.change_agent(agent, AgentChange::AfterContact, |agent| {
                agent.presence = next;
                agent.next = None;
            });
        }
    }

    /// The leg of the contact's connecting agent could not be made.
    pub(crate) fn connect_failed(&mut self, contact: ContactId, why: LegFailure) {
        self.connecting_failed(contact, why, Some(BackOffCause::from(why)));
    }

    /// The same; the agent rests only for a cause.
    pub(super) fn connecting_failed(&mut self, contact: ContactId, why: LegFailure, rests: Option<BackOffCause>) {
        let segment = self.model.contacts[&contact].owner().expect("it is connecting").clone();
        let agent = segment.agent;
        self.record(Fact::ConnectFailed { contact, segment: segment.id, agent: agent.clone(), why });
        self.take_up_what_was_set_aside(&agent, segment.id);
        if let Some(cause) = rests {
            self.back_off(&agent, cause);
        }
        self.apply_pending_presence(&agent);
        self.withdraw_if_superseded(contact);
        self.lost_its_agent(contact, rests.is_none());
        self.consultee_failed(contact, ConsultationEnd::Failed);
    }
}
