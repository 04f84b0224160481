//! What is counted over time: ends of visits, dropped callers' places, busy time, and a queue's figures. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Agent, BusySpan, Contact, DroppedCaller, Model, Outcome, Visit};
use crate::routing::event::{Event, Fact, QueuedBy, VisitEnd};
use crate::routing::expression::QueueFigures;
use crate::routing::ids::{AgentId, ContactId, QueueId};
use crate::routing::personal::Address;
use crate::routing::rule_set::QueueRules;
use crate::routing::time::{Millis, Timestamp};

/// The service level counts this minute and those before it, so many in all.
const SERVICE_LEVEL_MINUTES: i64 = 15;
/// Busy time counts closed buckets of this length.
const BUSY_BUCKET: Millis = Millis::minutes(5);
/// So many of them: an hour.
const BUSY_BUCKETS: i64 = 12;

impl Model {
    /// Takes in what the event ends or uses up, before the visits change.
    pub(super) fn tally(&mut self, event: &Event) {
        match &event.fact {
            Fact::VisitEnded { contact, queue, end, waited, .. } => {
                let in_time = *waited <= self.queue(queue).service_level.answered_within;
                let answered_in_time = match end {
                    VisitEnd::Answered => Some(Some(in_time)),
                    VisitEnd::Abandoned { short: false } => Some(None),
                    VisitEnd::Abandoned { short: true }
                    | VisitEnd::FlowedOut
                    | VisitEnd::CallbackRequested
                    | VisitEnd::Withdrawn
                    | VisitEnd::LostByGateway => None,
                };
                if let Some(answered_in_time) = answered_in_time {
                    self.outcomes.push(Outcome { queue: queue.clone(), at: event.at, answered_in_time });
                }
                match end {
                    VisitEnd::Abandoned { .. } => self.remember_dropped(*contact, queue, event.at),
                    VisitEnd::Answered
                    | VisitEnd::FlowedOut
                    | VisitEnd::CallbackRequested
                    | VisitEnd::Withdrawn
                    | VisitEnd::LostByGateway => {}
                }
            }
            Fact::ContactQueued { contact, queue, cause: QueuedBy::Entry { .. }, .. } => {
                let from = self.contacts.get(contact).and_then(|queued| queued.from.clone());
                self.dropped.retain(|caller| caller.queue != *queue || Some(&caller.from) != from.as_ref());
            }
            Fact::ContactQueued {
                cause:
                    QueuedBy::Transfer { .. }
                    | QueuedBy::DirectExpired { .. }
                    | QueuedBy::AgentLost { .. }
                    | QueuedBy::Step { .. }
                    | QueuedBy::ExitFailed { .. }
                    | QueuedBy::QueueDropped { .. }
                    | QueuedBy::TakenUp { .. }
                    | QueuedBy::Callback { .. }
                    | QueuedBy::CallbackDue
                    | QueuedBy::Work
                    | QueuedBy::Campaign { .. }
                    | QueuedBy::Moved
                    | QueuedBy::Assigned
                    | QueuedBy::HandedBack { .. }
                    | QueuedBy::Consultation { .. }
                    | QueuedBy::Escalated { .. }
                    | QueuedBy::LegLost { .. }
                    | QueuedBy::TransferFailed { .. }
                    | QueuedBy::Exit { .. },
                ..
            }
            | Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::RulesReplaced { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::ContactArrived { .. }
            | Fact::CallbackPromised { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::ContactUpdated { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::ContactOffered { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::OfferEnded { .. }
            | Fact::ContactConnecting { .. }
            | Fact::ConnectFailed { .. }
            | Fact::ContactConnected { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::SegmentClosed { .. }
            | Fact::ContactEnded { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::ConsultationBegun { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadFiled { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    /// Places whose time is over are forgotten at the next abandon.
    fn remember_dropped(&mut self, contact: ContactId, queue: &QueueId, at: Timestamp) {
        self.dropped.retain(|caller| caller.until > at);
        let place_kept = self.queue(queue).place_kept;
        let left = self.contacts.get(&contact);
        let visit = left.and_then(|left| left.visit.as_ref());
        if let Some(from) = left.and_then(|left| left.from.clone())
            && let Some(visit) = visit.filter(|visit| visit.direct.is_none() && place_kept > Millis::ZERO)
        {
            let (ordered_since, until) = (visit.ordered_since, at + place_kept);
            self.dropped.push(DroppedCaller { queue: queue.clone(), from, ordered_since, until });
        }
    }

    /// Starts and ends the agents' busy spans as their segments now stand.
    pub(super) fn tally_busy(&mut self, at: Timestamp) {
        let segments = self.all_contacts().flat_map(|contact| &contact.segments);
        let at_work: BTreeSet<AgentId> = segments.map(|segment| segment.agent.clone()).collect();
        for agent in &mut self.agents {
            let busy = at_work.contains(&agent.id);
            match agent.busy.last_mut() {
                Some(span @ BusySpan { until: None, .. }) => {
                    if !busy {
                        span.until = Some(at);
                    }
                }
                Some(BusySpan { until: Some(_), .. }) | None => {
                    if busy {
                        agent.busy.push(BusySpan { from: at, until: None });
                    }
                }
            }
        }
    }

    /// Which queues of the rules now have somebody who waits and a step on figures.
    pub(super) fn tally_looking(&mut self, at: Timestamp) {
        let waits = |id: &QueueId| self.all_contacts().any(|c| c.waiting().is_some_and(|visit| visit.queue == *id));
        let queues = self.rules.iter().flat_map(|rules| &rules.queues);
        let live = queues.filter(|(id, queue)| queue.steps.iter().any(|step| step.when.is_some()) && waits(id));
        let looking = live.map(|(id, _)| (id.clone(), self.looking.get(id).copied().unwrap_or(at))).collect();
        self.looking = looking;
    }

    /// Which queues that close now have somebody who waits.
    pub(super) fn tally_with_hours(&mut self, at: Timestamp) {
        let waits = self.all_contacts().filter_map(|contact| contact.waiting()).map(|visit| &visit.queue);
        let live: BTreeSet<QueueId> = waits.filter(|queue| self.minds_hours(queue)).cloned().collect();
        let since = |queue: &QueueId| self.with_hours.get(queue).copied().unwrap_or(at);
        self.with_hours = live.into_iter().map(|queue| (queue.clone(), since(&queue))).collect();
    }

    /// The place in line of a caller who left this queue and now comes again.
    pub(crate) fn kept_place(&self, queue: &QueueId, from: Option<&Address>, now: Timestamp) -> Option<Timestamp> {
        let of_him = |caller: &&DroppedCaller| caller.queue == *queue && Some(&caller.from) == from;
        self.dropped.iter().filter(of_him).rfind(|caller| caller.until > now).map(|caller| caller.ordered_since)
    }

    /// The figures of these queues, as a condition may read them now; one that is not in the rules
    /// has none.
    pub(crate) fn figures_named(&self, named: &[QueueId], now: Timestamp) -> BTreeMap<QueueId, QueueFigures> {
        let known = self.rules.iter().flat_map(|rules| &rules.queues).filter(|(id, _)| named.contains(id));
        known.map(|(id, queue)| (id.clone(), self.figures_of(id, queue, now))).collect()
    }

    fn figures_of(&self, id: &QueueId, queue: &QueueRules, now: Timestamp) -> QueueFigures {
        let all = self.all_contacts().filter_map(|contact| Some((contact, contact.waiting()?)));
        let waiting: Vec<(&Contact, &Visit)> = all.filter(|(_, visit)| visit.queue == *id).collect();
        let oldest = waiting.iter().min_by_key(|(contact, visit)| (visit.entered_at, contact.id));
        let serves = |agent: &&Agent| {
            self.present(agent)
                && self.meets(agent, id, &queue.skills, None)
                && queue.channels.iter().any(|channel| self.can_serve(agent, *channel))
        };
        let available: Vec<&Agent> = self.agents.iter().filter(serves).collect();
        let idle = available.iter().filter(|agent| {
            agent.back_off.is_none() && self.offers_of(&agent.id).is_empty() && !self.has_work(&agent.id)
        });
        let gap = self.gap(id, now);
        let estimate = gap.map(|gap| crate::routing::estimate::of_place(waiting.len() + 1, gap));
        QueueFigures {
            waiting: waiting.len() as i64,
            agents_idle: idle.count() as i64,
            agents_available: available.len() as i64,
            estimated_wait_s: estimate.map_or(0, |estimate| estimate.p50.0 / 1_000),
            longest_wait_s: oldest.map_or(0, |(contact, visit)| self.waited(contact, visit, now).0 / 1_000),
            service_level: self.service_level(id, now),
        }
    }

    /// Per cent of those that count in this minute and the fourteen before it.
    fn service_level(&self, queue: &QueueId, now: Timestamp) -> i64 {
        let minute = |at: Timestamp| at.0.div_euclid(60_000);
        let recent = |outcome: &&Outcome| minute(now) - minute(outcome.at) < SERVICE_LEVEL_MINUTES;
        let counted: Vec<&Outcome> =
            self.outcomes.iter().filter(|outcome| outcome.queue == *queue).filter(recent).collect();
        let within = counted.iter().filter(|outcome| outcome.answered_in_time == Some(true)).count() as i64;
        if counted.is_empty() { 100 } else { 100 * within / counted.len() as i64 }
    }
}

/// Whole seconds with a segment in the closed buckets of the last hour.
pub(super) fn occupied_seconds(agent: &Agent, now: Timestamp) -> i64 {
    let end = now.0.div_euclid(BUSY_BUCKET.0) * BUSY_BUCKET.0;
    let start = end - BUSY_BUCKETS * BUSY_BUCKET.0;
    let within = |span: &BusySpan| {
        let until = span.until.map_or(end, |until| until.0.min(end));
        (until - span.from.0.max(start)).max(0)
    };
    agent.busy.iter().map(within).sum::<i64>() / 1_000
}
