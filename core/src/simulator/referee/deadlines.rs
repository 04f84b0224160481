//! What time brings: all deadlines, sorted, and what each must cause.

use std::sync::Arc;

use super::attempts::LeadOver;
use super::contacts::Queueing;
use super::fold::group_of;
use super::model::{GatewayState, Model, SegmentState, Visit};
use super::turn::Turn;
use crate::routing::attempt::ReturnedWhy;
use crate::routing::command::{EndedBy, Presence};
use crate::routing::event::{
    AgentChange, ConsultationEnd, Fact, OfferOutcome, QueuedBy, Reach, RevokedWhy, TakenUpWhy, VisitEnd,
};
use crate::routing::hold::BackOffCause;
use crate::routing::ids::{ContactId, OfferId, SegmentId};
use crate::routing::rule_set::{AgentLostRule, Channel, RuleSet};
use crate::routing::time::{Millis, Timestamp};

/// How far ahead closings are looked for when nobody says how far: they are found minute by minute.
const CLOSINGS_AHEAD: Millis = Millis::minutes(60);

/// Sorted as they fire: by time, then kind, then number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Deadline {
    pub at: Timestamp,
    pub kind: DeadlineKind,
    /// Of the offer, segment, contact, agent or gateway.
    pub number: u64,
    pub contact: Option<ContactId>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum DeadlineKind {
    Acknowledge,
    Expire,
    Connect,
    /// An agent is rung again.
    Leg,
    WrapUp,
    BackOff,
    OfferLimit,
    Direct,
    Preferred,
    Leaving,
    CallbackGap,
    CallbackDue,
    /// The calendar of a lead closes.
    LeadCloses,
    /// A contact that was laid down is due.
    Suspended,
    /// A chat is quiet for too long.
    Idle,
    Step,
    Reach,
    GatewayGrace,
    /// A queue closes.
    Closing,
    /// After a restart.
    Grace,
    Look,
    /// A queue's oldest has waited long.
    Rise,
}

impl Model {
    /// When time next causes something; of queues that close, those of the next hour.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.deadlines(self.looks.reached + CLOSINGS_AHEAD).first().map(|due| due.at)
    }

    /// The first that has fallen due.
    pub(super) fn due(&self, until: Timestamp) -> Option<Deadline> {
        self.deadlines(until).into_iter().next().filter(|due| due.at <= until)
    }

    /// All there are, but of queues that close only what may come first and up to `until`.
    pub(crate) fn deadlines(&self, until: Timestamp) -> Vec<Deadline> {
        use DeadlineKind::{
            Acknowledge, BackOff, Connect, Direct, Expire, GatewayGrace, OfferLimit, Preferred, WrapUp,
        };
        let looks = self.looks_due();
        let mut all = Vec::new();
        for contact in self.all_contacts() {
            let mut add = |kind, number, at| all.push(Deadline { at, kind, number, contact: Some(contact.id) });
            for segment in &contact.segments {
                match segment.state {
                    SegmentState::Connecting { connect_by } => add(Connect, segment.id.0, connect_by),
                    SegmentState::LegLost { until, .. } => add(DeadlineKind::Leg, segment.id.0, until),
                    SegmentState::WrapUp { ends_at, .. } => add(WrapUp, segment.id.0, ends_at),
                    SegmentState::Talking | SegmentState::Held { .. } | SegmentState::SetAside { .. } => {}
                }
            }
            if let Some(due) = contact.promise.as_ref().and_then(|promise| promise.due) {
                add(DeadlineKind::CallbackDue, contact.id.0, due);
            }
            if let Some(closes_at) = contact.closes_at() {
                add(DeadlineKind::LeadCloses, contact.id.0, closes_at);
            }
            if let Some(until) = contact.gap_until {
                add(DeadlineKind::CallbackGap, contact.id.0, until);
            }
            if let Some(until) = contact.leaving.as_ref().and_then(|leaving| leaving.until) {
                add(DeadlineKind::Leaving, contact.id.0, until);
            }
            let Some(visit) = &contact.visit else { continue };
            for offer in &visit.offers {
                if !offer.acknowledged {
                    add(Acknowledge, offer.id.0, offer.acknowledge_by);
                }
                add(Expire, offer.id.0, offer.expires_at);
            }
            if contact.unoffered().is_some() {
                if let Some(direct) = &visit.direct {
                    add(Direct, contact.id.0, direct.until);
                }
                if let Some(until) = visit.preferred.as_ref().and_then(|preferred| preferred.alone_until) {
                    add(Preferred, contact.id.0, until);
                }
            }
            if let Some(until) = visit.limited_until {
                add(OfferLimit, contact.id.0, until);
            }
        }
        for (number, agent) in self.agents.iter().enumerate() {
            let mut add = |kind, at| all.push(Deadline { at, kind, number: number as u64, contact: None });
            if let Some(until) = agent.back_off {
                add(BackOff, until);
            }
            match agent.reach {
                Reach::Away { until } | Reach::Unreachable { until } => add(DeadlineKind::Reach, until),
                Reach::Here | Reach::Gone => {}
            }
        }
        for (number, gateway) in self.gateways.iter().enumerate() {
            if let GatewayState::Detached { grace_until } = gateway.state {
                all.push(Deadline { at: grace_until, kind: GatewayGrace, number: number as u64, contact: None });
            }
        }
        all.extend(looks);
        all.extend(self.rises_due());
        all.extend(self.written_due());
        let first = all.iter().map(|due| due.at).min();
        all.extend(self.closings_due(first.map_or(until, |first| first.min(until))));
        all.sort();
        all
    }
}

impl Turn {
    pub(crate) fn fire(&mut self, due: &Deadline) {
        let contact = due.contact.unwrap_or(ContactId(0));
        let number = due.number as usize;
        match due.kind {
            DeadlineKind::Acknowledge => self.offer_undelivered(OfferId(due.number)),
            DeadlineKind::Expire => self.offer_missed(OfferId(due.number)),
            DeadlineKind::Connect => self.connecting_over(contact),
            DeadlineKind::Leg => self.return_first(contact),
            DeadlineKind::WrapUp => self.close_segment(SegmentId(due.number), None, None),
            DeadlineKind::BackOff => {
                let agent = self.model.agents[number].id.clone();
                self.record(Fact::BackOffEnded { agent });
            }
            DeadlineKind::OfferLimit => {
                let visit = self.model.contacts[&contact].visit.as_ref().expect("only an open visit is limited").id;
                self.record(Fact::OfferLimitLifted { contact, visit });
            }
            DeadlineKind::Direct => self.direct_wait_over(contact),
            DeadlineKind::Preferred => self.preferred_wait_over(contact),
            DeadlineKind::Leaving => self.leaving_is_over(contact),
            DeadlineKind::CallbackGap => self.callback_gap_over(contact),
            DeadlineKind::CallbackDue => self.callback_due(contact),
            DeadlineKind::LeadCloses => self.end_lead(contact, LeadOver::Returned(ReturnedWhy::WindowClosed)),
            DeadlineKind::Suspended => self.take_up(contact, TakenUpWhy::Due),
            DeadlineKind::Idle => self.end_contact(contact, EndedBy::Router),
            DeadlineKind::Step => self.look_at([contact]),
            DeadlineKind::Grace => self.look_at(self.model.contacts.keys().copied().collect::<Vec<_>>()),
            DeadlineKind::Closing | DeadlineKind::Look => self.look_at(self.model.waiting_in(number)),
            DeadlineKind::Rise => {}
            DeadlineKind::Reach => self.reach_over(number),
            DeadlineKind::GatewayGrace => {
                let gateway = self.model.gateways[number].id.clone();
                self.record(Fact::GatewayLost { gateway: gateway.clone() });
                let of_it = |contact: &&super::model::Contact| !contact.ended && contact.gateway == gateway;
                let lost: Vec<ContactId> = self.model.all_contacts().filter(of_it).map(|lost| lost.id).collect();
                for contact in lost {
                    self.lose(contact);
                }
            }
        }
    }

    fn offer_undelivered(&mut self, offer: OfferId) {
        let agent = self.model.open_offer(offer).expect("its deadline is due").1.agent.clone();
        self.console_gone(&agent, RevokedWhy::Undelivered, AgentChange::OfferUndelivered);
    }

    pub(crate) fn offer_missed(&mut self, offer: OfferId) {
        let (offered, open) = self.model.open_offer(offer).expect("its deadline is due");
        let (contact, agent) = (offered.id, open.agent.clone());
        let (queue, dialled) = (offered.visit.as_ref().expect("it is offered").queue.clone(), open.clone());
        if self.dialled_at_the_end(contact, &dialled) {
            return;
        }
        self.end_offer(offer, OfferOutcome::Expired);
        let alike = group_of(self.model.contacts[&contact].channel);
        if self.model.agent(&agent).misses.0[alike] >= self.model.queue(&queue).missed_offers.0[alike] {
            self.change_agent(&agent, AgentChange::Missed, |agent| agent.responding = false);
        } else {
            self.back_off(&agent, BackOffCause::Missed);
        }
        if self.was_not_looked_at(contact) {
            return;
        }
        self.limit_offers(contact);
        self.consultee_failed(contact, ConsultationEnd::NoAnswer);
    }

    fn reach_over(&mut self, number: usize) {
        let agent = self.model.agents[number].id.clone();
        let until = self.at + self.model.site().lost_after;
        match self.model.agents[number].reach {
            Reach::Away { .. } => {
                self.change_agent(&agent, AgentChange::GraceOver, |agent| agent.reach = Reach::Unreachable { until });
                self.give_back(&agent);
            }
            Reach::Unreachable { .. } => {
                let in_hand = self.model.segments_of(&agent).iter().any(|(_, segment)| segment.in_hand());
                if in_hand || self.model.consultation_by(&agent).is_some() {
                    self.change_agent(&agent, AgentChange::GraceOver, |agent| {
                        agent.reach = Reach::Unreachable { until };
                    });
                } else {
                    self.change_agent(&agent, AgentChange::Lost, |agent| {
                        agent.presence = Presence::Offline;
                        agent.next = None;
                        agent.reach = Reach::Gone;
                    });
                }
            }
            Reach::Here | Reach::Gone => {}
        }
    }

    /// What an unreachable agent talks to, holds or has set aside goes on without him, by channel.
    fn give_back(&mut self, agent: &crate::routing::ids::AgentId) {
        let in_hand: Vec<(ContactId, Channel, super::model::Segment)> = self
            .model
            .segments_of(agent)
            .into_iter()
            .filter(|(_, segment)| segment.with_customer())
            .map(|(contact, segment)| (contact.id, contact.channel, segment.clone()))
            .collect();
        for (contact, channel, segment) in in_hand {
            let answered = &segment.answered;
            let rule = match channel {
                Channel::Voice | Channel::Callback => AgentLostRule::Keep,
                Channel::Chat => self.model.queue(&answered.queue).agent_lost,
                Channel::Email | Channel::Task => AgentLostRule::Requeue,
            };
            match rule {
                AgentLostRule::Keep => {}
                AgentLostRule::Close => {
                    self.record_end(contact, EndedBy::Router);
                    self.close_segment(segment.id, None, None);
                }
                AgentLostRule::Requeue => {
                    self.hand_back(contact, &segment, QueuedBy::AgentLost { agent: agent.clone() });
                }
            }
        }
    }

    /// Back to where he answered it, in the place it had there.
    pub(super) fn hand_back(&mut self, contact: ContactId, segment: &super::model::Segment, cause: QueuedBy) {
        let agent = segment.agent.clone();
        let first = matches!(cause, QueuedBy::LegLost { .. });
        self.record(Fact::ContactReturned { contact, segment: segment.id, agent, first });
        self.close_segment(segment.id, None, None);
        self.queue_where_it_was(contact, &segment.answered, cause);
    }

    /// Where this visit stood, or behind the agent it was for alone.
    pub(super) fn queue_where_it_was(&mut self, contact: ContactId, answered: &Visit, cause: QueuedBy) {
        match &answered.direct {
            None => {
                let Visit { queue, skills, priority, ordered_since, never, .. } = answered.clone();
                let (direct, preferred) = (None, None);
                self.queue_contact(
                    contact,
                    Queueing {
                        queue,
                        cause,
                        skills,
                        priority,
                        ordered_since,
                        direct,
                        preferred,
                        never,
                        failed: Vec::new(),
                    },
                );
            }
            Some(direct) => self.queue_behind(contact, cause, direct, answered),
        }
    }

    pub(crate) fn direct_wait_over(&mut self, contact: ContactId) {
        if self.model.contacts[&contact].consultation.is_some() {
            self.consultee_failed(contact, ConsultationEnd::NoAnswer);
            return;
        }
        let visit = self.model.contacts[&contact].visit.clone().expect("a direct visit waits");
        let direct = visit.direct.clone().expect("a direct visit waits");
        self.end_visit(contact, VisitEnd::FlowedOut);
        let cause = QueuedBy::DirectExpired { agent: direct.agent.clone() };
        self.queue_behind(contact, cause, &direct, &visit);
    }

    /// A visit that waits for one agent alone who is not coming, or whom it is not for.
    pub(crate) fn vain_preferred_wait(&self) -> Option<ContactId> {
        let vain = |contact: &&super::model::Contact| {
            let Some(visit) = contact.waiting() else { return false };
            let Some(preferred) = &visit.preferred else { return false };
            let agent = self.model.agent(&preferred.agent);
            preferred.alone_until.is_some()
                && (!self.model.expected(agent)
                    || visit.declined.contains(&agent.id)
                    || !self.model.admits(agent, contact, visit))
        };
        self.model.all_contacts().find(vain).map(|contact| contact.id)
    }

    pub(crate) fn preferred_wait_over(&mut self, contact: ContactId) {
        let visit = self.model.contacts[&contact].visit.as_ref().expect("it waits");
        let (visit, agent) = (visit.id, visit.preferred.as_ref().expect("it waits for one agent").agent.clone());
        self.record(Fact::PreferredWaitEnded { contact, visit, agent });
    }

    pub(crate) fn replace_rules(&mut self, rules: &Arc<RuleSet>) {
        if self.model.rules.as_ref() == Some(rules) {
            return;
        }
        let was_in_rules: Vec<bool> = self.model.agents.iter().map(|agent| agent.in_rules).collect();
        let version = crate::routing::rule_set::RulesVersion(self.model.version.0 + 1);
        self.record(Fact::RulesReplaced { version, rules: Arc::clone(rules) });
        for (number, was_in_rules) in was_in_rules.into_iter().enumerate() {
            let agent = self.model.agents[number].clone();
            let is_out = agent.presence == Presence::Offline && agent.reach == Reach::Gone;
            if was_in_rules && !agent.in_rules && !is_out {
                self.revoke_all(&agent.id, RevokedWhy::DroppedFromRules);
                let free = !self.model.has_work(&agent.id);
                self.change_agent_if_it_differs(&agent.id, AgentChange::DroppedFromRules, |agent| {
                    if free {
                        agent.presence = Presence::Offline;
                        agent.next = None;
                        agent.reach = Reach::Gone;
                    } else {
                        agent.next = Some(Presence::Offline);
                    }
                });
            }
        }
        self.place_waiting(rules);
    }
}
