//! What can be worked out from the state and is kept ready: lanes, who is routable, the idle order,
//! deadlines. Never part of a snapshot; `rebuild` makes the same from the state alone.
//!
//! A lane keeps a bitset of the agents it admits; one bitset a channel says who is routable. A
//! contact event looks at their intersection; becoming idle or busy touches no lane.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::agent::Room;
use super::deadlines::{Deadline, Deadlines};
use super::event::{Fact, Reach};
use super::exits::leaving_until;
use super::gateway::Link;
use super::ids::{AgentId, AttemptId, ContactId, Endpoint, EventNo, OfferId, SegmentId};
use super::lane::{BoundContact, OrderKey, Requirement};
use super::lanes::Lanes;
use super::leads::Leads;
use super::lines::LinesTaken;
use super::parties::Parties;
use super::rule_set::Channel;
use super::segment::SegmentState;
use super::state::State;
use super::steps::StepKinds;
use super::table::{AgentNo, GatewayNo, LaneNo, Numbered, QueueNo};
use super::tickets::Tickets;
use super::time::Timestamp;
use super::visit::{Contact, Visit};
use super::written::{idle_at, suspended_until};

#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(super) lanes: Lanes,
    /// By channel: agents who could be offered one more contact now.
    pub(super) routable: [FixedBitSet; Channel::COUNT],
    /// Those of them who would set other contacts aside for it.
    pub(super) by_interruption: [FixedBitSet; Channel::COUNT],
    /// By order: offers with which a phone rings.
    pub(super) ringing: BTreeMap<EventNo, OfferId>,
    ringing_by: Numbered<OfferId, EventNo>,
    /// Agents who are there, busy or idle.
    pub(super) present: FixedBitSet,
    /// Those of them with nothing in hand and no back-off.
    pub(super) idle: FixedBitSet,
    /// Agents logged in and not unreachable.
    pub(super) counted_on: FixedBitSet,
    /// Agents routable for any channel, longest idle first.
    pub(super) idle_order: BTreeSet<(Timestamp, AgentNo)>,
    idle_keys: Vec<Option<Timestamp>>,
    /// By queue: visits that are not connecting, by the time they began.
    pub(super) queued: BTreeMap<QueueNo, BTreeSet<(Timestamp, ContactId)>>,
    queued_at: Numbered<ContactId, (QueueNo, Timestamp)>,
    /// By queue, once asked for: agents who meet its own requirement.
    pub(super) serving: BTreeMap<QueueNo, FixedBitSet>,
    pub(super) parties: Parties,
    pub(super) lines_taken: LinesTaken,
    /// By order: contacts whose customer it called last.
    pub(super) call_orders: BTreeMap<EventNo, ContactId>,
    call_orders_by: Numbered<ContactId, EventNo>,
    /// Calls that are still to be checked.
    pub(super) proposed: BTreeMap<AttemptId, ContactId>,
    proposed_by: Numbered<ContactId, AttemptId>,
    pub(super) leads: Leads,
    /// By queue that agents are kept for: those who meet its own requirement.
    pub(super) reserves: BTreeMap<QueueNo, FixedBitSet>,
    /// By order: contacts that leave by an exit their gateway has not yet carried out.
    pub(super) leaving: BTreeMap<EventNo, ContactId>,
    leaving_by: Numbered<ContactId, EventNo>,
    /// By agent: contacts that wait for him alone for a while, because they prefer him.
    awaited_by: Vec<BTreeSet<ContactId>>,
    awaited: Numbered<ContactId, AgentNo>,
    pub(super) tickets: Tickets,
    pub(super) endpoints: BTreeMap<Endpoint, Vec<AgentNo>>,
    pub(super) deadlines: Deadlines,
    /// Agents that became routable and visits that began to wait since the last fixed point.
    pub(super) unsettled_agents: BTreeSet<AgentNo>,
    pub(super) unsettled_visits: BTreeSet<OrderKey>,
    /// Contacts whose wait for one agent may have lost its reason since the last fixed point.
    pub(super) unsettled_waits: BTreeSet<ContactId>,
    /// Queues that have steps.
    pub(super) stepping: BTreeMap<QueueNo, StepKinds>,
    /// Contacts whose steps are to be looked at; true: conditions on figures, too.
    pub(super) unsettled_steps: BTreeMap<ContactId, bool>,
    /// Queues that may have to rise or fall.
    pub(super) unsettled_queues: BTreeSet<QueueNo>,
    /// Keys compared, lanes and words looked at: what a decision costs, whatever the machine.
    pub work: u64,
}

impl Index {
    /// Everything anew from the state; everybody counts as unsettled.
    #[must_use]
    pub fn rebuild(state: &State) -> Index {
        let mut index = Index::default();
        index.learn_agents(state);
        index.learn_steps(state);
        index.learn_reserves(state);
        index.learn_campaigns(state);
        for position in 0..state.agents.len() {
            index.refresh_agent(state, AgentNo::from_position(position));
        }
        let mut contacts: Vec<ContactId> = state.contacts.keys().copied().collect();
        contacts.sort_unstable();
        for contact in contacts {
            index.refresh_contact(state, contact);
        }
        for offer in state.offers.keys() {
            index.refresh_offer(state, *offer);
        }
        for segment in state.segments.keys() {
            index.refresh_segment(state, *segment);
        }
        for position in 0..state.gateways.len() {
            index.refresh_gateway_grace(state, GatewayNo::from_position(position));
        }
        index.refresh_rises(state);
        index
    }

    /// Works out anew what one fact touched.
    pub(super) fn follow(&mut self, state: &State, fact: &Fact) {
        match fact {
            Fact::Resumed { .. } | Fact::RulesReplaced { .. } | Fact::CampaignSet { .. } => {
                *self = Index { work: self.work, ..Index::rebuild(state) };
            }
            Fact::GatewayAttached { gateway }
            | Fact::GatewayDetached { gateway, .. }
            | Fact::GatewayLost { gateway }
            | Fact::GatewayLinesSet { gateway, .. } => {
                self.refresh_gateway(state, state.gateway_no(gateway).expect("the fact made it known"));
            }
            Fact::AgentChanged { agent, .. }
            | Fact::AgentBackedOff { agent, .. }
            | Fact::BackOffEnded { agent }
            | Fact::DeviceChanged { agent, .. } => self.refresh_named(state, agent),
            Fact::QueuePaused { queue }
            | Fact::QueueResumed { queue }
            | Fact::QueueRaised { queue }
            | Fact::QueueLowered { queue } => {
                self.refresh_queue(state, state.queue_no(queue).expect("the fact names a known queue"));
            }
            Fact::ConsultationBegun { agent, .. } | Fact::ConsultationEnded { agent, .. } => {
                self.refresh_named(state, agent);
            }
            Fact::ContactHandedOver { to, .. } => self.refresh_named(state, to),
            Fact::CampaignRunChanged { campaign, .. } => {
                self.refresh_campaign(state, state.campaign_no(campaign).expect("the fact names a known campaign"));
            }
            Fact::AttemptProposed { contact, segment, .. }
            | Fact::CallbackProposed { contact, segment, .. }
            | Fact::AttemptPlaced { contact, segment, .. } => {
                self.refresh_segment(state, *segment);
                self.refresh_contact(state, *contact);
            }
            Fact::ContactQueued { contact, .. }
            | Fact::LeadFiled { contact, .. }
            | Fact::CallbackPromised { contact, .. }
            | Fact::CallbackSuperseded { contact }
            | Fact::CustomerAnswered { contact }
            | Fact::CallbackGapEnded { contact, .. }
            | Fact::VisitChanged { contact, .. }
            | Fact::VisitWidened { contact, .. }
            | Fact::VisitPrioritised { contact, .. }
            | Fact::PreferredWaitEnded { contact, .. }
            | Fact::ExitTaken { contact, .. }
            | Fact::ExitFailed { contact, .. }
            | Fact::TransferFailed { contact, .. }
            | Fact::VoicemailBegun { contact }
            | Fact::VisitEnded { contact, .. }
            | Fact::ContactEnded { contact, .. }
            | Fact::OfferLimitReached { contact, .. }
            | Fact::OfferLimitLifted { contact, .. } => self.refresh_contact(state, *contact),
            Fact::ContactOffered { contact, offer, agent, .. } | Fact::OfferEnded { offer, contact, agent, .. } => {
                self.refresh_offer(state, *offer);
                self.refresh_named(state, agent);
                self.refresh_contact(state, *contact);
            }
            Fact::OfferAcknowledged { offer } => self.refresh_offer(state, *offer),
            Fact::ContactConnecting { contact, offer, segment, agent, .. } => {
                self.refresh_offer(state, *offer);
                self.refresh_segment(state, *segment);
                self.refresh_named(state, agent);
                self.refresh_contact(state, *contact);
            }
            Fact::ConnectFailed { contact, segment, agent, .. }
            | Fact::AttemptFailed { contact, segment, agent, .. }
            | Fact::CallbackNotPlaced { contact, segment, agent, .. } => {
                self.refresh_segment(state, *segment);
                self.refresh_named(state, agent);
                self.refresh_contact(state, *contact);
            }
            Fact::ContactConnected { contact, segment, agent } => {
                self.refresh_call(state, *contact);
                self.refresh_part(state, *contact, *segment, agent);
            }
            Fact::ContactHeld { contact, segment, agent }
            | Fact::ContactUnheld { contact, segment, agent }
            | Fact::LegLost { contact, segment, agent, .. }
            | Fact::LegBack { contact, segment, agent }
            | Fact::SegmentSetAside { contact, segment, agent, .. }
            | Fact::SegmentTakenUp { contact, segment, agent }
            | Fact::ContactSuspended { contact, segment, agent, .. }
            | Fact::ContactReturned { contact, segment, agent, .. }
            | Fact::WrapUpStarted { contact, segment, agent, .. }
            | Fact::SegmentClosed { contact, segment, agent, .. } => {
                self.refresh_part(state, *contact, *segment, agent);
            }
            Fact::ContactTransferred { contact, segment, agent, .. } => {
                self.learn_party(state, *contact);
                self.refresh_part(state, *contact, *segment, agent);
            }
            Fact::ContactTransferredOutside { contact, segment, agent, .. } => {
                self.refresh_segment(state, *segment);
                self.refresh_named(state, agent);
                self.refresh_contact(state, *contact);
            }
            Fact::WrapUpExtended { segment, .. } => self.refresh_segment(state, *segment),
            Fact::MessagePassed { contact, .. } | Fact::ContactTakenUp { contact, .. } => {
                self.refresh_written(state, *contact);
            }
            Fact::ClockStepped { .. } => self.clock_stepped(state),
            Fact::ContactUpdated { contact, .. } => self.learn_of_contact(state, *contact),
            Fact::ContactArrived { contact, .. } => self.refresh_call(state, *contact),
            Fact::InventoryCompared { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    /// An agent's part in a contact that does not wait.
    fn refresh_part(&mut self, state: &State, contact: ContactId, segment: SegmentId, agent: &AgentId) {
        self.refresh_segment(state, segment);
        self.refresh_named(state, agent);
        self.refresh_written(state, contact);
    }

    fn refresh_named(&mut self, state: &State, agent: &AgentId) {
        self.refresh_agent(state, state.agent_no(agent).expect("events name agents of the rules"));
    }

    fn learn_agents(&mut self, state: &State) {
        self.lanes = Lanes::new(state);
        for (position, agent) in state.agents.values().enumerate() {
            if let Some(endpoint) = agent.rules.as_ref().and_then(|rules| rules.phone.endpoint.as_ref()) {
                self.endpoints.entry(endpoint.clone()).or_default().push(AgentNo::from_position(position));
            }
        }
        let count = state.agents.len();
        self.idle_keys = vec![None; count];
        self.awaited_by = vec![BTreeSet::new(); count];
        self.present = FixedBitSet::with_capacity(count);
        self.idle = FixedBitSet::with_capacity(count);
        self.counted_on = FixedBitSet::with_capacity(count);
        self.routable = std::array::from_fn(|_| FixedBitSet::with_capacity(count));
        self.by_interruption = std::array::from_fn(|_| FixedBitSet::with_capacity(count));
    }

    /// After any change of one agent.
    pub fn refresh_agent(&mut self, state: &State, no: AgentNo) {
        let agent = state.agent(no);
        let site = &state.rules.site;
        let mut routable_at_all = false;
        for channel in Channel::ALL {
            let room = agent.room(channel, site);
            let now = room != Room::None;
            self.by_interruption[channel.index()].set(no.position(), room == Room::ByInterruption);
            let was = self.routable[channel.index()].put(no.position());
            self.routable[channel.index()].set(no.position(), now);
            routable_at_all |= now;
            if now && !was {
                self.unsettled_agents.insert(no);
                if channel == Channel::Voice {
                    self.unsettle_reserves(no);
                }
            }
        }
        let was_present = self.present.contains(no.position());
        self.present.set(no.position(), agent.is_present());
        if was_present && !agent.is_present() {
            self.unsettle_declined(no);
        }
        self.idle.set(no.position(), agent.is_idle());
        let was_counted_on = self.counted_on.contains(no.position());
        self.counted_on.set(no.position(), agent.is_counted_on());
        if was_counted_on && !agent.is_counted_on() {
            self.note_where_nobody_may_be_left();
        }
        if !agent.is_expected() {
            self.unsettled_waits.extend(&self.awaited_by[no.position()]);
        }
        self.refresh_idle_order(no, routable_at_all.then_some(agent.idle_since));
        self.deadlines.set(Deadline::BackOff(no), agent.back_off.map(|back_off| back_off.until));
        self.deadlines.set(
            Deadline::Reach(no),
            match agent.reach {
                Reach::Here | Reach::Gone => None,
                Reach::Away { until } | Reach::Unreachable { until } => Some(until),
            },
        );
    }

    fn refresh_idle_order(&mut self, no: AgentNo, idle_since: Option<Timestamp>) {
        let was = std::mem::replace(&mut self.idle_keys[no.position()], idle_since);
        if was != idle_since {
            if let Some(was) = was {
                self.idle_order.remove(&(was, no));
            }
            if let Some(now) = idle_since {
                self.idle_order.insert((now, no));
            }
        }
    }

    /// Somebody who might have taken them is no longer there: who declined them may have to.
    fn unsettle_declined(&mut self, no: AgentNo) {
        for lane in self.lanes.of_agent[no.position()].ones() {
            self.unsettled_visits.extend(&self.lanes.lane(LaneNo::from_position(lane)).exceptions);
        }
    }

    /// After any change of one contact, its end included.
    pub fn refresh_contact(&mut self, state: &State, id: ContactId) {
        self.refresh_call(state, id);
        if !state.campaigns.is_empty() {
            self.leads.refresh(state, id);
        }
        let contact = state.contacts.get(&id);
        let visit = contact.and_then(|contact| contact.visit.as_ref());
        match contact.zip(visit).filter(|(_, visit)| self.is_up_for_offer(state, id, visit)) {
            Some((contact, visit)) => {
                if let Some((_, stood)) = self.lanes.place_of(id).filter(|(_, stood)| *stood != visit.key) {
                    self.unsettled_visits.remove(&stood);
                }
                self.lanes.put(state, requirement_of(state, contact, visit), visit);
                self.unsettled_visits.insert(visit.key);
            }
            None => {
                if let Some(key) = self.lanes.take(id) {
                    self.unsettled_visits.remove(&key);
                }
            }
        }
        let queued = visit.filter(|visit| visit.connecting().is_none());
        self.refresh_queued(state, id, queued.map(|visit| (visit.queue, visit.entered_at)));
        self.refresh_steps(state, id);
        self.refresh_awaited(id, visit.and_then(Visit::waits_for));
        let waiting = visit.filter(|visit| visit.is_waiting());
        let direct = waiting.and_then(|visit| visit.direct.as_ref());
        let preferred = waiting.and_then(|visit| visit.preferred);
        self.refresh_leaving(state, id);
        if let Some((_, visit)) = contact.zip(visit).filter(|(contact, _)| contact.lead.is_some()) {
            self.refresh_rise(state, visit.queue);
        }
        self.refresh_written(state, id);
        self.refresh_callback(state, id);
        self.deadlines.set(Deadline::OfferLimit(id), visit.and_then(|visit| visit.limited_until));
        self.deadlines.set(Deadline::Direct(id), direct.map(|direct| direct.until));
        self.deadlines.set(Deadline::Preferred(id), preferred.and_then(|preferred| preferred.alone_until));
    }

    /// More is known of a contact: who may serve it may depend on that.
    fn learn_of_contact(&mut self, state: &State, id: ContactId) {
        self.learn_party(state, id);
        let visit = state.contacts[&id].visit.as_ref();
        if visit.is_some_and(|visit| !BoundContact::reads(state, visit.queue, &visit.joined).is_empty()) {
            self.refresh_contact(state, id);
        }
    }

    fn is_up_for_offer(&self, state: &State, id: ContactId, visit: &Visit) -> bool {
        visit.takes_offers(state.queue(visit.queue).rules.offers_max) && self.hold_of(state, id).is_none()
    }

    fn refresh_queued(&mut self, state: &State, id: ContactId, now: Option<(QueueNo, Timestamp)>) {
        let was = match now {
            Some(now) => self.queued_at.insert(id, now),
            None => self.queued_at.swap_remove(&id),
        };
        if was == now {
            return;
        }
        if let Some((queue, entered_at)) = was {
            self.queued.entry(queue).or_default().remove(&(entered_at, id));
            self.refresh_rise(state, queue);
            self.refresh_look(queue, state.last_at);
            self.refresh_closing_of(state, queue);
        }
        if let Some((queue, entered_at)) = now {
            self.queued.entry(queue).or_default().insert((entered_at, id));
            self.refresh_look(queue, state.last_at);
            self.refresh_closing_of(state, queue);
            self.note_who_just_came(state, queue);
            self.refresh_rise(state, queue);
        }
    }

    fn refresh_callback(&mut self, state: &State, id: ContactId) {
        let contact = state.contacts.get(&id);
        if let Some(order) = self.call_orders_by.swap_remove(&id) {
            self.call_orders.remove(&order);
        }
        if let Some(order) = contact.and_then(|contact| contact.call_order) {
            self.call_orders.insert(order, id);
            self.call_orders_by.insert(id, order);
        }
        if let Some(attempt) = self.proposed_by.swap_remove(&id) {
            self.proposed.remove(&attempt);
        }
        if let Some(attempt) = contact.filter(|contact| contact.is_proposed()).and_then(|contact| contact.attempt) {
            self.proposed.insert(attempt.id, id);
            self.proposed_by.insert(id, attempt.id);
        }
        let promise = contact.and_then(|contact| contact.promise.as_ref());
        let unproposed = contact.filter(|contact| contact.attempt.is_none()).and_then(|contact| contact.lead.as_ref());
        self.deadlines.set(Deadline::LeadCloses(id), unproposed.and_then(|lead| lead.closes_at));
        self.deadlines.set(Deadline::CallbackGap(id), contact.and_then(|contact| contact.gap_until));
        self.deadlines.set(Deadline::CallbackDue(id), promise.map(|promise| promise.due));
    }

    /// After any change of a chat, a mail or a task in hand or laid down.
    fn refresh_written(&mut self, state: &State, id: ContactId) {
        self.tickets.refresh(state, id);
        self.deadlines.set(Deadline::Suspended(id), suspended_until(state, id));
        self.deadlines.set(Deadline::Idle(id), idle_at(state, id));
    }

    fn refresh_leaving(&mut self, state: &State, id: ContactId) {
        let until = leaving_until(state, id);
        if let Some(order) = self.leaving_by.swap_remove(&id) {
            self.leaving.remove(&order);
        }
        if until.is_some() {
            let order = state.contacts[&id].leaving.as_ref().expect("it has a time").order;
            self.leaving.insert(order, id);
            self.leaving_by.insert(id, order);
        }
        self.deadlines.set(Deadline::Leaving(id), until);
    }

    fn refresh_awaited(&mut self, id: ContactId, now: Option<AgentNo>) {
        let was = match now {
            Some(agent) => self.awaited.insert(id, agent),
            None => self.awaited.swap_remove(&id),
        };
        if let Some(was) = was {
            self.awaited_by[was.position()].remove(&id);
        }
        if let Some(now) = now {
            self.awaited_by[now.position()].insert(id);
            self.unsettled_waits.insert(id);
        }
    }

    pub fn refresh_offer(&mut self, state: &State, id: OfferId) {
        let offer = state.offers.get(&id);
        let first = offer.filter(|offer| !offer.acknowledged && offer.acknowledge_by <= offer.expires_at);
        self.deadlines.set(Deadline::Acknowledge(id), first.map(|offer| offer.acknowledge_by));
        let second = offer.filter(|_| first.is_none());
        self.deadlines.set(Deadline::Expire(id), second.map(|offer| offer.expires_at));
        if let Some(order) = self.ringing_by.swap_remove(&id) {
            self.ringing.remove(&order);
        }
        if let Some(order) = offer.and_then(|offer| offer.order) {
            self.ringing.insert(order, id);
            self.ringing_by.insert(id, order);
        }
    }

    pub fn refresh_segment(&mut self, state: &State, id: SegmentId) {
        let (connect, leg, wrap_up) = match state.segments.get(&id).map(|segment| segment.state) {
            Some(SegmentState::Connecting { connect_by }) => (Some(connect_by), None, None),
            Some(SegmentState::LegLost { until, .. }) => (None, Some(until), None),
            Some(SegmentState::WrapUp { ends_at, .. }) => (None, None, Some(ends_at)),
            Some(SegmentState::Talking | SegmentState::Held { .. } | SegmentState::SetAside { .. }) | None => {
                (None, None, None)
            }
        };
        self.deadlines.set(Deadline::Connect(id), connect);
        self.deadlines.set(Deadline::Leg(id), leg);
        self.deadlines.set(Deadline::WrapUp(id), wrap_up);
    }

    /// After a queue was paused, resumed, raised or lowered: those who wait there.
    fn refresh_queue(&mut self, state: &State, no: QueueNo) {
        let waiting: Vec<ContactId> = self.queued.get(&no).into_iter().flatten().map(|(_, contact)| *contact).collect();
        for contact in waiting {
            self.refresh_contact(state, contact);
        }
        self.refresh_rise(state, no);
    }

    /// After a gateway came or went: its deadline and the places of its contacts.
    pub fn refresh_gateway(&mut self, state: &State, no: GatewayNo) {
        self.refresh_gateway_grace(state, no);
        for contact in state.contacts_of(no) {
            self.refresh_contact(state, contact);
        }
    }

    fn refresh_gateway_grace(&mut self, state: &State, no: GatewayNo) {
        let until = match state.gateway(no).link {
            Link::Away { until } => Some(until),
            Link::Attached | Link::Lost => None,
        };
        self.deadlines.set(Deadline::GatewayGrace(no), until);
    }

    /// # Errors
    /// What differs, when something does; the numbers of lanes may.
    pub fn compare(&self, kept: &Index) -> Result<(), String> {
        let queued = |index: &Index| -> Vec<(QueueNo, Timestamp, ContactId)> {
            let of_queue = |(queue, visits): (&QueueNo, &BTreeSet<(Timestamp, ContactId)>)| {
                visits.iter().map(|(at, contact)| (*queue, *at, *contact)).collect::<Vec<_>>()
            };
            index.queued.iter().flat_map(of_queue).collect()
        };
        for (what, equal) in [
            ("who is routable", self.routable == kept.routable),
            ("who is present", self.present == kept.present),
            ("who is idle", self.idle == kept.idle),
            ("the idle order", self.idle_order == kept.idle_order),
            ("the lanes", self.lanes.waiting() == kept.lanes.waiting()),
            ("who is queued", queued(self) == queued(kept)),
            ("the leads", self.leads == kept.leads),
            ("who is in a call", self.parties == kept.parties),
            ("the lines taken", self.lines_taken == kept.lines_taken),
            ("who is called", self.call_orders == kept.call_orders && self.proposed == kept.proposed),
            ("who would set aside", self.by_interruption == kept.by_interruption),
            ("whose phone rings", self.ringing == kept.ringing),
            ("who leaves", self.leaving == kept.leaving),
            ("who is awaited", self.awaited_by == kept.awaited_by),
            ("the deadlines", self.deadlines.sorted() == kept.deadlines.sorted()),
        ] {
            if !equal {
                return Err(format!("{what}: kept {kept:?}, expected {self:?}"));
            }
        }
        if kept.lanes.agree() { Ok(()) } else { Err(format!("lanes and who is in them: {kept:?}")) }
    }

    /// Nothing is left to match.
    pub fn settled(&mut self) {
        self.unsettled_agents.clear();
        self.unsettled_visits.clear();
        self.unsettled_waits.clear();
        self.unsettled_queues.clear();
        self.unsettled_steps.clear();
    }
}

/// What a visit asks of an agent at the moment.
pub(super) fn requirement_of(state: &State, contact: &Contact, visit: &Visit) -> Requirement {
    let lead = contact.uncalled();
    Requirement {
        queue: visit.queue,
        channel: contact.channel,
        contact: BoundContact::of(state, contact, visit.queue, &visit.joined),
        only: visit.only_agent().or(lead.and_then(|lead| lead.only)),
        team: lead.and_then(|lead| lead.team.clone()),
        skills: Arc::clone(&visit.skills),
        joined: visit.joined.clone(),
    }
}
