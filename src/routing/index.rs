//! What can be worked out from the state and is kept ready: lanes, who is routable, the idle order,
//! deadlines. Never part of a snapshot; `rebuild` makes the same from the state alone.
//!
//! A lane keeps a bitset of the agents it admits; one bitset a channel says who is routable. A
//! contact event looks at their intersection; becoming idle or busy touches no lane.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use serde_json::json;

use super::deadlines::{Deadline, Deadlines};
use super::event::{Fact, Reach};
use super::expression::{Expression, Scope};
use super::gateway::Link;
use super::ids::{AgentId, ContactId, Endpoint, OfferId, SegmentId, SkillId};
use super::lane::{Lane, LaneKey, OrderKey};
use super::rule_set::{AgentRules, Channel};
use super::segment::SegmentState;
use super::skill::Skills;
use super::state::State;
use super::table::{AgentNo, GatewayNo, LaneNo, Numbered, QueueNo};
use super::time::Timestamp;
use super::visit::Visit;

#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(super) lanes: Vec<Lane>,
    lane_by_key: BTreeMap<LaneKey, LaneNo>,
    /// Lanes in which somebody waits.
    pub(super) nonempty: FixedBitSet,
    /// By agent: the lanes that admit him.
    pub(super) lanes_of: Vec<FixedBitSet>,
    /// Agents of each queue's predicate, asked once a rule set.
    predicates: BTreeMap<QueueNo, FixedBitSet>,
    skills: BTreeMap<SkillId, usize>,
    /// By agent and skill; 0: he lacks it.
    levels: Vec<Vec<u8>>,
    /// By channel: agents who could be offered one more contact now.
    pub(super) routable: [FixedBitSet; Channel::COUNT],
    /// Agents who are there, busy or idle.
    pub(super) present: FixedBitSet,
    /// Agents routable for any channel, longest idle first.
    pub(super) idle_order: BTreeSet<(Timestamp, AgentNo)>,
    idle_keys: Vec<Option<Timestamp>>,
    places: Numbered<ContactId, (LaneNo, OrderKey)>,
    pub(super) endpoints: BTreeMap<Endpoint, Vec<AgentNo>>,
    pub(super) deadlines: Deadlines,
    /// Agents that became routable and visits that began to wait since the last fixed point.
    pub(super) unsettled_agents: BTreeSet<AgentNo>,
    pub(super) unsettled_visits: BTreeSet<OrderKey>,
    /// Keys compared, lanes and words looked at: what a decision costs, whatever the machine.
    pub work: u64,
}

impl Index {
    /// Everything anew from the state; everybody counts as unsettled.
    #[must_use]
    pub fn rebuild(state: &State) -> Index {
        let mut index = Index::default();
        index.learn_agents(state);
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
        index
    }

    /// Works out anew what one fact touched.
    pub(super) fn follow(&mut self, state: &State, fact: &Fact) {
        match fact {
            Fact::Resumed { .. } | Fact::RulesReplaced { .. } => {
                *self = Index { work: self.work, ..Index::rebuild(state) };
            }
            Fact::GatewayAttached { gateway }
            | Fact::GatewayDetached { gateway, .. }
            | Fact::GatewayLost { gateway } => {
                self.refresh_gateway(state, state.gateway_no(gateway).expect("the fact made it known"));
            }
            Fact::AgentChanged { agent, .. }
            | Fact::AgentBackedOff { agent, .. }
            | Fact::BackOffEnded { agent }
            | Fact::DeviceChanged { agent, .. } => self.refresh_named(state, agent),
            Fact::ContactQueued { contact, .. }
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
            Fact::ConnectFailed { contact, segment, agent, .. } => {
                self.refresh_segment(state, *segment);
                self.refresh_named(state, agent);
                self.refresh_contact(state, *contact);
            }
            Fact::ContactConnected { segment, .. }
            | Fact::WrapUpStarted { segment, .. }
            | Fact::WrapUpExtended { segment, .. } => self.refresh_segment(state, *segment),
            Fact::SegmentClosed { segment, agent, .. } => {
                self.refresh_segment(state, *segment);
                self.refresh_named(state, agent);
            }
            Fact::ClockStepped { .. }
            | Fact::InventoryCompared { .. }
            | Fact::ContactArrived { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    fn refresh_named(&mut self, state: &State, agent: &AgentId) {
        self.refresh_agent(state, state.agent_no(agent).expect("events name agents of the rules"));
    }

    fn learn_agents(&mut self, state: &State) {
        let of_agents = state.agents.values().filter_map(|agent| agent.rules.as_ref()).flat_map(|r| r.skills.keys());
        for skill in of_agents {
            let next = self.skills.len();
            self.skills.entry(skill.clone()).or_insert(next);
        }
        for (position, agent) in state.agents.values().enumerate() {
            let mut levels = vec![0; self.skills.len()];
            if let Some(rules) = &agent.rules {
                for (skill, level) in &rules.skills {
                    levels[self.skills[skill]] = level.get();
                }
                if let Some(endpoint) = &rules.phone.endpoint {
                    self.endpoints.entry(endpoint.clone()).or_default().push(AgentNo::from_position(position));
                }
            }
            self.levels.push(levels);
        }
        let count = state.agents.len();
        self.lanes_of = vec![FixedBitSet::new(); count];
        self.idle_keys = vec![None; count];
        self.present = FixedBitSet::with_capacity(count);
        self.routable = std::array::from_fn(|_| FixedBitSet::with_capacity(count));
    }

    /// After any change of one agent.
    pub fn refresh_agent(&mut self, state: &State, no: AgentNo) {
        let agent = state.agent(no);
        let site = &state.rules.site;
        let mut routable_at_all = false;
        for channel in Channel::ALL {
            let now = agent.is_routable(channel, site);
            let was = self.routable[channel.index()].put(no.position());
            self.routable[channel.index()].set(no.position(), now);
            routable_at_all |= now;
            if now && !was {
                self.unsettled_agents.insert(no);
            }
        }
        let was_present = self.present.contains(no.position());
        self.present.set(no.position(), agent.is_present());
        if was_present && !agent.is_present() {
            self.unsettle_declined(no);
        }
        self.refresh_idle_order(no, routable_at_all.then_some(agent.idle_since));
        self.deadlines.set(Deadline::BackOff(no), agent.back_off.map(|back_off| back_off.until));
        self.deadlines.set(
            Deadline::Reach(no),
            match agent.reach {
                Reach::Here | Reach::Gone => None,
                Reach::Away { until } | Reach::Unreachable { until } => agent.is_logged_in().then_some(until),
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
        for lane in self.lanes_of[no.position()].ones() {
            self.unsettled_visits.extend(self.lanes[lane].declined.iter().copied());
        }
    }

    /// After any change of one contact, its end included.
    pub fn refresh_contact(&mut self, state: &State, id: ContactId) {
        let contact = state.contacts.get(&id);
        let visit = contact.and_then(|contact| contact.visit.as_ref());
        let waiting = contact.zip(visit).filter(|(contact, visit)| {
            visit.is_waiting() && visit.hold(state.gateway(contact.gateway).is_attached()).is_none()
        });
        match waiting {
            Some((contact, visit)) => self.place(state, contact.channel, visit),
            None => self.displace(id),
        }
        self.deadlines.set(Deadline::OfferLimit(id), visit.and_then(|visit| visit.limited_until));
        let direct = visit.filter(|visit| visit.is_waiting()).and_then(|visit| visit.direct);
        self.deadlines.set(Deadline::Direct(id), direct.map(|direct| direct.until));
    }

    fn place(&mut self, state: &State, channel: Channel, visit: &Visit) {
        let lane_no = self.lane_for(state, channel, visit);
        let lane = &mut self.lanes[lane_no.position()];
        lane.waiting.insert(visit.key);
        if visit.declined.is_empty() {
            lane.declined.remove(&visit.key);
        } else {
            lane.declined.insert(visit.key);
        }
        self.nonempty.insert(lane_no.position());
        self.places.insert(visit.key.contact, (lane_no, visit.key));
        self.unsettled_visits.insert(visit.key);
    }

    fn displace(&mut self, contact: ContactId) {
        if let Some((lane_no, key)) = self.places.swap_remove(&contact) {
            let lane = &mut self.lanes[lane_no.position()];
            lane.waiting.remove(&key);
            lane.declined.remove(&key);
            if lane.waiting.is_empty() {
                self.nonempty.set(lane_no.position(), false);
            }
            self.unsettled_visits.remove(&key);
        }
    }

    /// The lane in which a contact stands, when it does.
    #[must_use]
    pub fn lane_of(&self, contact: ContactId) -> Option<(LaneNo, OrderKey)> {
        self.places.get(&contact).copied()
    }

    fn lane_for(&mut self, state: &State, channel: Channel, visit: &Visit) -> LaneNo {
        let key = LaneKey {
            queue: visit.queue,
            channel,
            direct: visit.direct.map(|direct| direct.agent),
            skills: Arc::clone(&visit.skills),
        };
        if let Some(lane) = self.lane_by_key.get(&key) {
            return *lane;
        }
        let no = LaneNo::from_position(self.lanes.len());
        let admits = self.admitted(state, &key);
        self.nonempty.grow(no.position() + 1);
        for agent in admits.ones() {
            self.lanes_of[agent].grow_and_insert(no.position());
        }
        self.lanes.push(Lane {
            queue: key.queue,
            channel,
            asked: key.skills.keys().filter_map(|skill| self.skills.get(skill).copied()).collect(),
            admits,
            waiting: BTreeSet::new(),
            declined: BTreeSet::new(),
        });
        self.lane_by_key.insert(key, no);
        no
    }

    fn admitted(&mut self, state: &State, key: &LaneKey) -> FixedBitSet {
        let mut admits = FixedBitSet::with_capacity(state.agents.len());
        let site = &state.rules.site;
        if let Some(agent) = key.direct {
            admits.set(agent.position(), state.agent(agent).may_serve(key.channel, site));
            return admits;
        }
        let Some(asked) = self.asked_levels(&key.skills) else { return admits };
        let predicate = state.queue(key.queue).rules.agents.as_ref();
        if let Some(expression) = predicate {
            self.ask_predicate(state, key.queue, expression);
        }
        for (position, agent) in state.agents.values().enumerate() {
            let levels = &self.levels[position];
            let fits = agent.may_serve(key.channel, site)
                && asked.iter().all(|(skill, level)| levels[*skill] >= *level)
                && (predicate.is_none() || self.predicates[&key.queue].contains(position));
            admits.set(position, fits);
        }
        admits
    }

    /// None: a skill that nobody has.
    fn asked_levels(&self, skills: &Skills) -> Option<Vec<(usize, u8)>> {
        skills.iter().map(|(skill, level)| Some((*self.skills.get(skill)?, level.get()))).collect()
    }

    fn ask_predicate(&mut self, state: &State, queue: QueueNo, expression: &Expression) {
        self.predicates.entry(queue).or_insert_with(|| {
            let mut holds = FixedBitSet::with_capacity(state.agents.len());
            for (position, (id, agent)) in state.agents.iter().enumerate() {
                let holds_for = |rules: &Arc<AgentRules>| expression.holds(&agent_scope(id, rules)).unwrap_or(false);
                holds.set(position, agent.rules.as_ref().is_some_and(holds_for));
            }
            holds
        });
    }

    pub fn refresh_offer(&mut self, state: &State, id: OfferId) {
        let offer = state.offers.get(&id);
        let first = offer.filter(|offer| !offer.acknowledged && offer.acknowledge_by <= offer.expires_at);
        self.deadlines.set(Deadline::Acknowledge(id), first.map(|offer| offer.acknowledge_by));
        let second = offer.filter(|_| first.is_none());
        self.deadlines.set(Deadline::Expire(id), second.map(|offer| offer.expires_at));
    }

    pub fn refresh_segment(&mut self, state: &State, id: SegmentId) {
        let (connect, wrap_up) = match state.segments.get(&id).map(|segment| segment.state) {
            Some(SegmentState::Connecting { connect_by }) => (Some(connect_by), None),
            Some(SegmentState::WrapUp { ends_at, .. }) => (None, Some(ends_at)),
            Some(SegmentState::Talking | SegmentState::Held { .. }) | None => (None, None),
        };
        self.deadlines.set(Deadline::Connect(id), connect);
        self.deadlines.set(Deadline::WrapUp(id), wrap_up);
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
        let waiting = |index: &Index| -> Vec<(OrderKey, LaneKey, bool)> {
            let of_lane = |(key, lane): (&LaneKey, &LaneNo)| {
                let lane = &index.lanes[lane.position()];
                lane.waiting
                    .iter()
                    .map(|visit| (*visit, key.clone(), lane.declined.contains(visit)))
                    .collect::<Vec<_>>()
            };
            let mut all: Vec<_> = index.lane_by_key.iter().flat_map(of_lane).collect();
            all.sort_unstable();
            all
        };
        for (what, equal) in [
            ("who is routable", self.routable == kept.routable),
            ("who is present", self.present == kept.present),
            ("the idle order", self.idle_order == kept.idle_order),
            ("the lanes", waiting(self) == waiting(kept)),
            ("the deadlines", self.deadlines.sorted() == kept.deadlines.sorted()),
        ] {
            if !equal {
                return Err(format!("{what}: kept {kept:?}, expected {self:?}"));
            }
        }
        let is_ready = kept.lanes.iter().enumerate().all(|(no, lane)| {
            kept.nonempty.contains(no) != lane.waiting.is_empty()
                && (0..kept.lanes_of.len())
                    .all(|agent| kept.lanes_of[agent].contains(no) == lane.admits.contains(agent))
        });
        if is_ready { Ok(()) } else { Err(format!("lanes and who is in them: {kept:?}")) }
    }

    /// Nothing is left to match.
    pub fn settled(&mut self) {
        self.unsettled_agents.clear();
        self.unsettled_visits.clear();
    }

    /// The level an agent has of a skill, by the position `Lane::asked` holds; 0 when he lacks it.
    #[must_use]
    pub fn level(&self, agent: AgentNo, skill: usize) -> u8 {
        self.levels[agent.position()][skill]
    }
}

/// What a queue's `agents` condition may read.
#[must_use]
pub fn agent_scope(id: &AgentId, rules: &AgentRules) -> Scope {
    let agent = json!({
        "id": id,
        "name": rules.name,
        "site": rules.site,
        "teams": rules.teams,
        "skills": rules.skills,
        "attributes": rules.attributes,
    });
    Scope::new([("agent", &agent)])
}
