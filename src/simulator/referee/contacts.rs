//! The steps of a contact's life that several commands and deadlines share.

use std::sync::Arc;

use serde_json::json;

use super::model::{SegmentState, VisitState};
use super::turn::Turn;
use crate::routing::command::{Direction, Disposition, EndedBy, LegFailure};
use crate::routing::event::{AgentChange, DirectTo, Fact, OfferOutcome, QueuedBy, RevokedWhy, VisitEnd};
use crate::routing::expression::Scope;
use crate::routing::hold::BackOffCause;
use crate::routing::ids::{AgentId, ContactId, QueueId, SegmentId, VisitId};
use crate::routing::personal::{Details, Note, Personal, PersonalDetails};
use crate::routing::skill::Skills;
use crate::routing::time::{Millis, Timestamp};

pub(crate) fn noted(note: Option<Note>) -> PersonalDetails {
    Personal::Plain(Arc::new(Details { note, ..Details::default() }))
}

impl Turn {
    /// By the entry rules: the first that holds, else the last.
    pub(crate) fn enter(&mut self, contact: ContactId) {
        let rules = Arc::clone(self.model.rules.as_ref().expect("without rules nothing arrives"));
        let arrived = &self.model.contacts[&contact];
        let direction = match arrived.direction {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        };
        let described = json!({
            "channel": arrived.channel.name(),
            "direction": direction,
            "from": arrived.from.as_ref().map(|from| Arc::clone(&from.0)),
            "to": arrived.to.as_ref().map(|to| Arc::clone(&to.0)),
            "attributes": arrived.attributes.0,
        });
        let customer = arrived.attributes.get("customer").cloned().unwrap_or_else(|| json!({}));
        let scope = Scope::new([("contact", &described), ("customer", &customer)]);
        let rule = rules
            .entry
            .iter()
            .filter(|rule| rules.queues.get(&rule.queue).is_some_and(|queue| queue.channels.contains(&arrived.channel)))
            .find(|rule| rule.when.as_ref().is_none_or(|when| when.holds(&scope) == Ok(true)))
            .or(rules.entry.last())
            .expect("a rule set has an entry rule");
        let mut skills = self.model.queue(&rule.queue).skills.clone();
        skills.extend(rule.skills.clone());
        let priority = rule.priority + self.model.queue(&rule.queue).priority;
        let cause = QueuedBy::Entry { rule: Arc::clone(&rule.name) };
        self.queue_contact(contact, rule.queue.clone(), cause, skills, priority, self.at, None);
    }

    /// Into a queue with its own skills and priority.
    pub(crate) fn queue_behind(
        &mut self,
        contact: ContactId,
        queue: QueueId,
        cause: QueuedBy,
        ordered_since: Timestamp,
    ) {
        let rules = self.model.queue(&queue);
        self.queue_contact(contact, queue, cause, rules.skills.clone(), rules.priority, ordered_since, None);
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one fact")]
    pub(crate) fn queue_contact(
        &mut self,
        contact: ContactId,
        queue: QueueId,
        cause: QueuedBy,
        skills: Skills,
        priority: i32,
        ordered_since: Timestamp,
        direct: Option<DirectTo>,
    ) {
        self.record(Fact::ContactQueued {
            contact,
            visit: VisitId(self.next_number()),
            queue,
            cause,
            skills,
            priority,
            ordered_since,
            entered_at: self.at,
            direct,
            rules: self.model.version,
        });
    }

    pub(crate) fn end_offer(&mut self, contact: ContactId, outcome: OfferOutcome) {
        let offer = self.model.contacts[&contact].offer().expect("it is offered").clone();
        self.record(Fact::OfferEnded { offer: offer.id, contact, agent: offer.agent, outcome });
    }

    pub(crate) fn revoke(&mut self, contact: ContactId, why: RevokedWhy) {
        self.end_offer(contact, OfferOutcome::Revoked { why });
    }

    /// All offers held out to the agent, in order of their numbers.
    pub(crate) fn revoke_all(&mut self, agent: &AgentId, why: RevokedWhy) {
        for (_, contact) in self.model.offers_of(agent) {
            self.revoke(contact, why);
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
        if visit.offers_in_row >= self.model.site().offers_in_row_max {
            let until = self.at + self.model.site().offer_limit_pause;
            self.record(Fact::OfferLimitReached { contact, visit: visit.id, until });
        }
    }

    pub(crate) fn end_visit(&mut self, contact: ContactId, end: VisitEnd) {
        let visit = self.model.contacts[&contact].visit.clone().expect("the visit is open");
        let waited = self.at.since(visit.entered_at);
        self.record(Fact::VisitEnded { contact, visit: visit.id, queue: visit.queue, end, waited });
    }

    /// Open offer, open visit, the contact, then what the agent has of it.
    pub(crate) fn end_contact(&mut self, contact: ContactId, by: EndedBy) {
        if let Some(visit) = self.model.contacts[&contact].visit.clone() {
            if let VisitState::Offered(_) = visit.state {
                self.end_offer(contact, OfferOutcome::Rescinded);
            }
            let short = self.at.since(visit.entered_at) < self.model.queue(&visit.queue).short_abandon;
            let end = match by {
                EndedBy::Customer => VisitEnd::Abandoned { short },
                EndedBy::LostByGateway => VisitEnd::LostByGateway,
                EndedBy::Agent | EndedBy::Gateway | EndedBy::Router => VisitEnd::Withdrawn,
            };
            self.end_visit(contact, end);
        }
        let owner = self.model.contacts[&contact].owner().cloned();
        self.record_end(contact, by);
        if let Some(segment) = owner {
            match segment.state {
                SegmentState::Talking | SegmentState::Held { .. } => self.wrap_up(contact, segment.id),
                SegmentState::Connecting { .. } | SegmentState::WrapUp { .. } => {
                    self.close_segment(segment.id, None, None);
                }
            }
        }
    }

    /// The end alone, with the agent in whose hands it was.
    pub(crate) fn record_end(&mut self, contact: ContactId, by: EndedBy) {
        let ended = &self.model.contacts[&contact];
        self.record(Fact::ContactEnded {
            contact,
            gateway: ended.gateway.clone(),
            reference: ended.reference.clone(),
            by,
            agent: ended.owner().map(|owner| owner.agent.clone()),
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
        let all = self.model.contacts.values();
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
        self.apply_pending_presence(&open.agent);
    }

    fn apply_pending_presence(&mut self, agent: &AgentId) {
        if let Some(next) = self.model.agent(agent).next.clone()
            && self.model.segments_of(agent).is_empty()
        {
            self.change_agent(agent, AgentChange::AfterContact, |agent| {
                agent.presence = next;
                agent.next = None;
            });
        }
    }

    /// The leg of the contact's connecting agent could not be made.
    pub(crate) fn connect_failed(&mut self, contact: ContactId, why: LegFailure) {
        let segment = self.model.contacts[&contact].owner().expect("it is connecting").clone();
        let agent = segment.agent;
        self.record(Fact::ConnectFailed { contact, segment: segment.id, agent: agent.clone(), why });
        self.back_off(&agent, BackOffCause::from(why));
        self.apply_pending_presence(&agent);
    }
}
