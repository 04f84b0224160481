//! The live board: a fold over events that knows each queue and each agent as they are now.
//! Cheap at each event; makes figures only when asked; decides nothing and reads no clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::{AgentRow, AgentTotals, Standing};
use super::board_rows::{OpenContact, OpenSegment, OpenVisit, QueueRow, SegmentState, segments_in, serves};
use super::counts::{HandleTime, Tally, Targets};
use super::day::Day;
use super::figures::{AgentFigures, CentreFigures, Changes, QueueFigures, Rates};
use super::trends::{Span, Trends};
use crate::routing::estimate::Estimate;
use crate::routing::event::{Event, Fact, QueuedBy, VisitEnd};
use crate::routing::ids::{AgentId, ContactId, QueueId, SegmentId, VisitId};
use crate::routing::rule_set::RuleSet;
use crate::routing::time::{Millis, Timestamp};

/// The fold. Counts run from `since`: the first event, or the last midnight in the site's zone.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Board {
    since: Option<Timestamp>,
    day: Day,
    /// Rises by one with every event and every new day.
    mark: u64,
    /// A reader that looked before this mark must take all rows anew.
    whole_at: u64,
    down_for: Millis,
    targets: Targets,
    queues: BTreeMap<QueueId, QueueRow>,
    agents: BTreeMap<AgentId, AgentRow>,
    contacts: BTreeMap<ContactId, OpenContact>,
    segments: BTreeMap<SegmentId, OpenSegment>,
    centre: Tally,
    agent_totals: AgentTotals,
    trends: Trends,
}

impl Board {
    #[must_use]
    pub fn new() -> Board {
        Board::default()
    }

    /// Counts from the first event on, over all days together.
    #[must_use]
    pub fn of_all_days() -> Board {
        Board { day: Day::endless(), ..Board::default() }
    }

    /// The next event of the journal.
    pub fn evolve(&mut self, event: &Event) {
        let at = event.at;
        self.pass_days(at);
        self.mark += 1;
        self.since.get_or_insert(at);
        match &event.fact {
            Fact::Resumed { down_for, grace_until } => self.resume(*down_for, *grace_until, at),
            Fact::ClockStepped { by } => self.day.step_clock(*by, at),
            Fact::RulesReplaced { rules, .. } => self.replace_rules(rules, at),
            Fact::AgentChanged { agent, presence, next, reach, responding, cause } => {
                self.change_agent(agent, at, |row| {
                    row.change(presence, next.as_ref(), (*reach, *responding), *cause, at);
                });
            }
            Fact::ContactQueued { contact, visit, queue, cause, entered_at, .. } => {
                let is_customers = !matches!(cause, QueuedBy::Consultation { .. });
                self.queue_contact(*contact, (*visit, queue, *entered_at), is_customers, at);
            }
            Fact::QueuePaused { queue } => self.queue_row(queue).is_paused = true,
            Fact::QueueResumed { queue } => self.queue_row(queue).is_paused = false,
            Fact::ConsultationBegun { agent, .. } => self.change_agent(agent, at, |row| row.consults = true),
            Fact::ConsultationEnded { agent, .. } => self.change_agent(agent, at, |row| row.consults = false),
            Fact::ContactHandedOver { segment, to, to_segment, .. } => {
                self.hand_over(*segment, to, *to_segment, at);
            }
            Fact::ContactOffered { contact, agent, .. } => {
                self.change_visit(*contact, |visit| visit.offers += 1);
                self.change_agent(agent, at, |row| row.offers += 1);
            }
            Fact::OfferEnded { contact, agent, outcome, .. } => {
                self.change_visit(*contact, |visit| visit.offers -= 1);
                self.change_agent(agent, at, |row| row.end_offer(outcome));
            }
            Fact::ContactConnecting { contact, segment, agent, .. } => {
                self.open_segment(*contact, *segment);
                self.change_agent(agent, at, |row| {
                    row.offers -= 1;
                    row.connecting += 1;
                });
            }
            Fact::ConnectFailed { contact, segment, agent, .. }
            | Fact::AttemptFailed { contact, segment, agent, .. }
            | Fact::CallbackNotPlaced { contact, segment, agent, .. } => {
                self.change_visit(*contact, |visit| visit.connecting = false);
                self.leave_segment(*segment, agent, at);
            }
            Fact::ContactConnected { segment, agent, .. } => {
                self.enter_segment(*segment, agent, SegmentState::Talking, at);
            }
            Fact::WrapUpStarted { segment, agent, .. } => {
                self.enter_segment(*segment, agent, SegmentState::WrapUp, at);
            }
            Fact::SegmentClosed { segment, agent, queue, connected, talk, hold, wrap_up, .. } => {
                self.leave_segment(*segment, agent, at);
                if *connected {
                    let handled = HandleTime { segments: 1, talk: *talk, hold: *hold, wrap_up: *wrap_up };
                    self.change_agent(agent, at, |row| row.handled += handled);
                    self.queue_row(queue).tally.close_segment(*talk, *hold, *wrap_up);
                    self.centre.close_segment(*talk, *hold, *wrap_up);
                }
            }
            Fact::VisitEnded { contact, end, waited, estimate, .. } => {
                self.end_visit(*contact, *end, *waited, *estimate, at);
            }
            Fact::ContactEnded { contact, .. } => self.end_contact(*contact, at),
            Fact::VoicemailBegun { contact } => self.settle(*contact, at),
            Fact::ContactArrived { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::CallbackPromised { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
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
            | Fact::ContactUpdated { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    /// When the site's day ends by its zone's wall clock; None before the first event.
    #[must_use]
    pub fn day_ends(&self) -> Option<Timestamp> {
        self.day.ends()
    }

    /// Begins the day of `now` if it is another than the one that is counted. The next event would do it, too: it
    /// is for those who look before anything happens.
    pub fn pass_days(&mut self, now: Timestamp) {
        if let Some(begun) = self.day.pass(now) {
            self.start_day(begun);
        }
    }

    /// Counts and times start again, whoever waits is carried in.
    fn start_day(&mut self, at: Timestamp) {
        self.mark += 1;
        self.whole_at = self.mark;
        self.since = Some(at);
        self.down_for = Millis::ZERO;
        self.queues.retain(|_, row| !row.is_deserted());
        self.trends.retain(|queue| self.queues.contains_key(queue));
        for row in self.queues.values_mut() {
            row.tally = row.tally.carried_over();
        }
        self.agents.retain(|_, row| row.in_rules || row.standing().is_some());
        for row in self.agents.values_mut() {
            row.start_day(at);
        }
        self.centre = self.centre.carried_over();
    }

    /// Where a reader stands who has seen all there is.
    #[must_use]
    pub fn mark(&self) -> u64 {
        self.mark
    }

    /// The rows that changed after `mark`, in order of name; `at` closes the running times.
    #[must_use]
    pub fn changed_since(&self, mark: u64, at: Timestamp) -> Changes {
        let whole = mark < self.whole_at;
        let wanted = |changed: u64| whole || changed > mark;
        Changes {
            mark: self.mark,
            whole,
            queues: self
                .queues
                .iter()
                .filter(|(_, row)| wanted(row.changed))
                .map(|(queue, row)| self.figures(queue, row))
                .collect(),
            agents: self
                .agents
                .iter()
                .filter(|(_, row)| wanted(row.changed))
                .map(|(agent, row)| AgentFigures::of(agent, row, at))
                .collect(),
        }
    }

    #[must_use]
    pub fn queue(&self, queue: &QueueId) -> Option<QueueFigures> {
        self.queues.get(queue).map(|row| self.figures(queue, row))
    }

    /// Every queue of the rules, and every other in which somebody is, in order of name.
    pub fn queues(&self) -> impl Iterator<Item = QueueFigures> {
        self.queues.iter().map(|(queue, row)| self.figures(queue, row))
    }

    #[must_use]
    pub fn agent(&self, agent: &AgentId, at: Timestamp) -> Option<AgentFigures> {
        self.agents.get(agent).map(|row| AgentFigures::of(agent, row, at))
    }

    /// Whether the agent meets the queue's own requirement by the present rules.
    #[must_use]
    pub fn could_serve(&self, agent: &AgentId, queue: &QueueId) -> bool {
        self.agents.get(agent).is_some_and(|row| row.serves.contains(queue))
    }

    /// Every agent, in order of name.
    pub fn agents(&self, at: Timestamp) -> impl Iterator<Item = AgentFigures> {
        self.agents.iter().map(move |(agent, row)| AgentFigures::of(agent, row, at))
    }

    #[must_use]
    pub fn centre(&self) -> CentreFigures {
        CentreFigures {
            since: self.since.unwrap_or_default(),
            down_for: self.down_for,
            longest_waiting_since: self
                .queues
                .values()
                .filter_map(|row| row.open.keys().next())
                .map(|(at, _)| *at)
                .min(),
            rates: Rates::from(&self.centre),
            agents: self.agent_totals,
        }
    }

    /// The contacts with an open visit of a queue, the oldest visit first.
    pub fn contacts_in(&self, queue: &QueueId) -> impl Iterator<Item = ContactId> {
        self.queues.get(queue).into_iter().flat_map(|row| row.open.values().copied())
    }

    /// The spans of a queue's last hours that end after `from` and begin by `to`.
    #[must_use]
    pub fn trend(&self, queue: &QueueId, from: Timestamp, to: Timestamp) -> Vec<Span> {
        self.trends.queue(queue, from, to)
    }

    /// Those of the whole centre: contacts, not visits.
    #[must_use]
    pub fn centre_trend(&self, from: Timestamp, to: Timestamp) -> Vec<Span> {
        self.trends.centre(from, to)
    }

    fn figures(&self, queue: &QueueId, row: &QueueRow) -> QueueFigures {
        let target = self.targets.of(queue);
        QueueFigures {
            queue: queue.clone(),
            waiting: row.tally.visits.waiting,
            offered: row.offered,
            connecting: row.connecting,
            talking: row.talking,
            wrap_up: row.wrap_up,
            is_paused: row.is_paused,
            longest_waiting_since: row.open.keys().next().map(|(entered_at, _)| *entered_at),
            answered_within: target.answered_within,
            target_per_mille: target.target_per_mille,
            rates: Rates::from(&row.tally),
            agents: row.agents,
        }
    }

    fn resume(&mut self, down_for: Millis, grace_until: Timestamp, at: Timestamp) {
        self.down_for = self.down_for + down_for;
        let names: Vec<AgentId> = self.agents.keys().cloned().collect();
        for agent in &names {
            self.change_agent(agent, at, |row| row.resume(at - down_for, grace_until));
        }
    }

    fn replace_rules(&mut self, rules: &RuleSet, at: Timestamp) {
        self.whole_at = self.mark;
        self.day.live_in(&rules.site.time_zone, at);
        self.targets.replace(rules);
        for row in self.queues.values_mut() {
            row.in_rules = false;
            row.agents = AgentTotals::default();
        }
        for queue in rules.queues.keys() {
            self.queue_row(queue).in_rules = true;
        }
        for row in self.agents.values_mut() {
            row.in_rules = false;
            row.serves.clear();
        }
        for (agent, agent_rules) in &rules.agents {
            let row = self.agents.entry(agent.clone()).or_insert_with(|| AgentRow::new(Arc::from(""), at));
            row.name = agent_rules.name.clone();
            row.in_rules = true;
            row.serves = rules
                .queues
                .iter()
                .filter(|(_, queue)| serves(agent, agent_rules, queue))
                .map(|(id, _)| id.clone())
                .collect();
            row.changed = self.mark;
            let standing = row.standing();
            for queue in &row.serves {
                self.queues.entry(queue.clone()).or_default().agents.move_one(None, standing);
            }
        }
        self.queues.retain(|_, row| !(row.is_deserted() && row.tally.is_empty()));
        let gone = |row: &AgentRow| !row.in_rules && row.standing().is_none() && row.handled.segments == 0;
        self.agents.retain(|_, row| !gone(row));
    }

    /// Changes an agent's row and keeps the totals of the queues he serves in step.
    fn change_agent(&mut self, agent: &AgentId, at: Timestamp, change: impl FnOnce(&mut AgentRow)) {
        let row = self.agents.entry(agent.clone()).or_insert_with(|| AgentRow::new(Arc::from(""), at));
        let before = row.standing();
        change(row);
        row.settle(at);
        row.changed = self.mark;
        let after = row.standing();
        if before != after {
            Self::move_agent(&mut self.queues, &row.serves, (before, after), self.mark);
            self.agent_totals.move_one(before, after);
        }
    }

    fn move_agent(
        queues: &mut BTreeMap<QueueId, QueueRow>,
        serves: &[QueueId],
        (before, after): (Option<Standing>, Option<Standing>),
        mark: u64,
    ) {
        for queue in serves {
            let row = queues.get_mut(queue).expect("an agent serves only queues of the rules");
            row.agents.move_one(before, after);
            row.changed = mark;
        }
    }

    fn queue_row(&mut self, queue: &QueueId) -> &mut QueueRow {
        if !self.queues.contains_key(queue) {
            self.queues.insert(queue.clone(), QueueRow::default());
        }
        let row = self.queues.get_mut(queue).expect("inserted above");
        row.changed = self.mark;
        row
    }

    /// A consultation is nobody's request for service: the centre does not count it.
    fn queue_contact(
        &mut self,
        contact: ContactId,
        (visit, queue, entered_at): (VisitId, &QueueId, Timestamp),
        is_customers: bool,
        at: Timestamp,
    ) {
        self.trends.enter(queue, at);
        let row = self.queue_row(queue);
        row.tally.visits.enter();
        row.open.insert((entered_at, visit), contact);
        let visit = OpenVisit { visit, queue: queue.clone(), entered_at, offers: 0, connecting: false };
        match self.contacts.get_mut(&contact) {
            Some(open) => open.visit = Some(visit),
            None => {
                if is_customers {
                    self.centre.visits.enter();
                    self.trends.enter_centre(at);
                }
                let open = OpenContact { entered_at, visit: Some(visit), settled: !is_customers, last_end: None };
                self.contacts.insert(contact, open);
            }
        }
    }

    fn change_visit(&mut self, contact: ContactId, change: impl FnOnce(&mut OpenVisit)) {
        let visit = self.contacts.get_mut(&contact).and_then(|open| open.visit.as_mut());
        let visit = visit.expect("an offer or an order is about an open visit");
        let from = visit.state();
        change(visit);
        let to = visit.state();
        let queue = visit.queue.clone();
        let row = self.queue_row(&queue);
        row.count(from, |count| *count -= 1);
        row.count(to, |count| *count += 1);
    }

    fn end_visit(
        &mut self,
        contact: ContactId,
        end: VisitEnd,
        waited: Millis,
        estimate: Option<Estimate>,
        at: Timestamp,
    ) {
        let open = self.contacts.get_mut(&contact).expect("a visit is of an open contact");
        let visit = open.visit.take().expect("a visit ends once");
        let since_first = at.since(open.entered_at);
        let within = self.targets.answered_within(&visit.queue);
        open.last_end = Some((end, since_first, within));
        let settles = match end {
            VisitEnd::Answered | VisitEnd::CallbackRequested => true,
            VisitEnd::Abandoned { .. } | VisitEnd::FlowedOut | VisitEnd::Withdrawn | VisitEnd::LostByGateway => false,
        };
        if settles && !open.settled {
            open.settled = true;
            self.centre.end(end, since_first, within, None);
            self.trends.end_centre((end, since_first, within), at);
        }
        self.trends.end(&visit.queue, (end, waited, within), at);
        let row = self.queue_row(&visit.queue);
        row.count(visit.state(), |count| *count -= 1);
        row.open.remove(&(visit.entered_at, visit.visit));
        row.tally.end(end, waited, within, estimate);
    }

    fn end_contact(&mut self, contact: ContactId, at: Timestamp) {
        self.settle(contact, at);
        self.contacts.remove(&contact);
    }

    /// Counts the contact by the last end of its visits, when nothing better has come of it.
    fn settle(&mut self, contact: ContactId, at: Timestamp) {
        // A promised callback may be withdrawn before it was ever queued.
        let Some(open) = self.contacts.get_mut(&contact) else { return };
        if !std::mem::replace(&mut open.settled, true) {
            let (end, waited, within) = open.last_end.expect("a contact's visit ends before the contact");
            self.centre.end(end, waited, within, None);
            self.trends.end_centre((end, waited, within), at);
        }
    }

    fn open_segment(&mut self, contact: ContactId, segment: SegmentId) {
        self.change_visit(contact, |visit| {
            visit.offers -= 1;
            visit.connecting = true;
        });
        let visit = self.contacts.get(&contact).and_then(|open| open.visit.as_ref());
        let queue = visit.expect("a connecting contact has an open visit").queue.clone();
        self.segments.insert(segment, OpenSegment { queue, state: SegmentState::Connecting });
    }

    /// The next agent talks in the same queue's name.
    fn hand_over(&mut self, from: SegmentId, to: &AgentId, to_segment: SegmentId, at: Timestamp) {
        let queue = self.segments[&from].queue.clone();
        self.queue_row(&queue).count_segment(SegmentState::Talking, |count| *count += 1);
        self.segments.insert(to_segment, OpenSegment { queue, state: SegmentState::Talking });
        self.change_agent(to, at, |row| row.talking += 1);
    }

    fn enter_segment(&mut self, segment: SegmentId, agent: &AgentId, to: SegmentState, at: Timestamp) {
        let open = self.segments.get_mut(&segment).expect("only an open segment moves");
        let from = std::mem::replace(&mut open.state, to);
        let queue = open.queue.clone();
        let row = self.queue_row(&queue);
        row.count_segment(from, |count| *count -= 1);
        row.count_segment(to, |count| *count += 1);
        self.change_agent(agent, at, |row| {
            *segments_in(row, from) -= 1;
            *segments_in(row, to) += 1;
        });
    }

    fn leave_segment(&mut self, segment: SegmentId, agent: &AgentId, at: Timestamp) {
        let open = self.segments.remove(&segment).expect("a segment closes once");
        self.queue_row(&open.queue).count_segment(open.state, |count| *count -= 1);
        self.change_agent(agent, at, |row| *segments_in(row, open.state) -= 1);
    }
}
