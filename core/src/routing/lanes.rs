//! Who may serve what: every lane, the agents it admits, and the visits that stand in it. It knows
//! nobody's presence, and chooses no agent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use serde_json::{Value, json};

use super::expression::{Expression, Scope};
use super::ids::{AgentId, ContactId, SkillId, TeamId};
use super::lane::{BoundContact, Lane, OrderKey, Requirement};
use super::rule_set::AgentRules;
use super::skill::Skills;
use super::state::State;
use super::table::{AgentNo, LaneNo, Numbered, QueueNo};
use super::visit::Visit;

/// Places counted from either end of a queue.
const PLACES_LOOKED_AT_MAX: usize = 1_000;

#[derive(Clone, Debug, Default)]
pub struct Lanes {
    all: Vec<Lane>,
    of_queue: BTreeMap<QueueNo, Vec<LaneNo>>,
    by_requirement: BTreeMap<Requirement, LaneNo>,
    /// Lanes in which somebody waits.
    pub(super) nonempty: FixedBitSet,
    /// By agent: the lanes that admit him.
    pub(super) of_agent: Vec<FixedBitSet>,
    /// Agents of each queue's `agents` condition, asked once a rule set.
    conditions: BTreeMap<QueueNo, FixedBitSet>,
    skills: BTreeMap<SkillId, usize>,
    /// By agent and skill; 0: he lacks it.
    levels: Vec<Vec<u8>>,
    places: Numbered<ContactId, (LaneNo, OrderKey)>,
    /// Numbers of lanes that were bound to a contact and are empty.
    free: Vec<LaneNo>,
}

impl Lanes {
    /// No lanes yet; the agents' skills as the rules say them.
    #[must_use]
    pub fn new(state: &State) -> Lanes {
        let mut lanes = Lanes { of_agent: vec![FixedBitSet::new(); state.agents.len()], ..Lanes::default() };
        let of_agents = state.agents.values().filter_map(|agent| agent.rules.as_ref()).flat_map(|r| r.skills.keys());
        for skill in of_agents {
            let next = lanes.skills.len();
            lanes.skills.entry(skill.clone()).or_insert(next);
        }
        for agent in state.agents.values() {
            let mut levels = vec![0; lanes.skills.len()];
            for (skill, level) in agent.rules.iter().flat_map(|rules| &rules.skills) {
                levels[lanes.skills[skill]] = level.get();
            }
            lanes.levels.push(levels);
        }
        lanes
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.all.len()
    }

    #[must_use]
    pub fn lane(&self, no: LaneNo) -> &Lane {
        &self.all[no.position()]
    }

    /// The lanes of one queue.
    pub fn of_queue(&self, queue: QueueNo) -> impl Iterator<Item = &Lane> {
        self.of_queue.get(&queue).into_iter().flatten().map(|no| self.lane(*no))
    }

    /// The place in its queue, from 1, of a visit with this key, among those who can be offered.
    /// Further in than [`PLACES_LOOKED_AT_MAX`] from both ends: as if it stood that far from the end.
    #[must_use]
    pub fn place(&self, queue: QueueNo, key: &OrderKey) -> usize {
        let count_to = |range: fn(&Lane, &OrderKey) -> usize| self.of_queue(queue).map(|lane| range(lane, key)).sum();
        let before: usize = count_to(|lane, key| lane.waiting.range(..key).take(PLACES_LOOKED_AT_MAX).count());
        if before < PLACES_LOOKED_AT_MAX {
            return before + 1;
        }
        let behind: usize = count_to(|lane, key| lane.waiting.range(key..).take(PLACES_LOOKED_AT_MAX).count());
        let waiting: usize = count_to(|lane, _| lane.waiting.len());
        waiting - behind + 1
    }

    /// The lane in which a contact stands, when it does.
    #[must_use]
    pub fn place_of(&self, contact: ContactId) -> Option<(LaneNo, OrderKey)> {
        self.places.get(&contact).copied()
    }

    /// The level an agent has of a skill, by the position `Lane::asked` holds; 0 when he lacks it.
    #[must_use]
    pub fn level(&self, agent: AgentNo, skill: usize) -> u8 {
        self.levels[agent.position()][skill]
    }

    /// Puts a visit where it belongs, from wherever it stood.
    pub(super) fn put(&mut self, state: &State, requirement: Requirement, visit: &Visit) {
        let lane_no = self.lane_for(state, requirement);
        let stood = self.place_of(visit.key.contact).filter(|place| *place != (lane_no, visit.key));
        if let Some((_, key)) = stood {
            self.take_out(key);
        }
        let lane = &mut self.all[lane_no.position()];
        lane.waiting.insert(visit.key);
        if visit.has_exceptions() {
            lane.exceptions.insert(visit.key);
        } else {
            lane.exceptions.remove(&visit.key);
        }
        self.nonempty.insert(lane_no.position());
        self.places.insert(visit.key.contact, (lane_no, visit.key));
        if let Some((left, _)) = stood {
            self.free_if_empty(left);
        }
    }

    /// Takes a visit out of its lane, when it stands in one.
    pub(super) fn take(&mut self, contact: ContactId) -> Option<OrderKey> {
        let (lane_no, key) = self.place_of(contact)?;
        self.take_out(key);
        self.free_if_empty(lane_no);
        Some(key)
    }

    fn take_out(&mut self, key: OrderKey) {
        let (lane_no, _) = self.places.swap_remove(&key.contact).expect("who is taken out stands in a lane");
        let lane = &mut self.all[lane_no.position()];
        lane.waiting.remove(&key);
        lane.exceptions.remove(&key);
        if lane.waiting.is_empty() {
            self.nonempty.set(lane_no.position(), false);
        }
    }

    /// Contacts may say a million things; only those of whoever waits have a lane.
    fn free_if_empty(&mut self, no: LaneNo) {
        let lane = &mut self.all[no.position()];
        if !lane.waiting.is_empty() {
            return;
        }
        let Some(requirement) = lane.bound.take() else { return };
        for agent in lane.admits.ones() {
            self.of_agent[agent].set(no.position(), false);
        }
        lane.admits.clear();
        self.by_requirement.remove(&requirement);
        self.of_queue.entry(requirement.queue).or_default().retain(|other| *other != no);
        self.free.push(no);
    }

    fn lane_for(&mut self, state: &State, requirement: Requirement) -> LaneNo {
        if let Some(lane) = self.by_requirement.get(&requirement) {
            return *lane;
        }
        let admits = self.admitted(state, &requirement);
        let no = self.free.pop().unwrap_or_else(|| LaneNo::from_position(self.all.len()));
        self.nonempty.grow(no.position() + 1);
        for agent in admits.ones() {
            self.of_agent[agent].grow_and_insert(no.position());
        }
        self.of_queue.entry(requirement.queue).or_default().push(no);
        let lane = Lane {
            bound: requirement.contact.is_some().then(|| requirement.clone()),
            queue: requirement.queue,
            channel: requirement.channel,
            asked: requirement.skills.keys().filter_map(|skill| self.skills.get(skill).copied()).collect(),
            admits,
            waiting: BTreeSet::new(),
            exceptions: BTreeSet::new(),
        };
        match self.all.get_mut(no.position()) {
            Some(free) => *free = lane,
            None => self.all.push(lane),
        }
        self.by_requirement.insert(requirement, no);
        no
    }

    /// Everybody who meets a requirement, whatever he does at the moment.
    pub(super) fn admitted(&mut self, state: &State, requirement: &Requirement) -> FixedBitSet {
        if let Some(lane) = self.by_requirement.get(requirement) {
            return self.lane(*lane).admits.clone();
        }
        let mut admits = FixedBitSet::with_capacity(state.agents.len());
        match requirement.only {
            Some(agent) => admits.set(agent.position(), self.admits(state, requirement, agent)),
            None => {
                for position in 0..state.agents.len() {
                    let fits = self.admits(state, requirement, AgentNo::from_position(position));
                    admits.set(position, fits);
                }
            }
        }
        admits
    }

    /// Whether one agent meets a requirement, `only` apart.
    pub(super) fn admits(&mut self, state: &State, requirement: &Requirement, agent: AgentNo) -> bool {
        let is_in_team =
            |team: &TeamId| state.agent(agent).rules.as_ref().is_some_and(|rules| rules.teams.contains(team));
        state.agent(agent).may_serve(requirement.channel, &state.rules.site)
            && requirement.team.as_ref().is_none_or(is_in_team)
            && (self.meets(state, requirement.queue, &requirement.skills, requirement, agent)
                || requirement
                    .joined
                    .iter()
                    .any(|queue| self.meets(state, *queue, &state.queue(*queue).rules.skills, requirement, agent)))
    }

    fn meets(
        &mut self,
        state: &State,
        queue: QueueNo,
        skills: &Skills,
        requirement: &Requirement,
        agent: AgentNo,
    ) -> bool {
        let levels = &self.levels[agent.position()];
        let has = |skill: &SkillId| self.skills.get(skill).map_or(0, |position| levels[*position]);
        skills.iter().all(|(skill, level)| has(skill) >= level.get())
            && self.condition_holds(state, queue, requirement.contact.as_deref(), agent)
    }

    /// Without a contact, a condition that reads one may hold for some: it counts as holding.
    fn condition_holds(
        &mut self,
        state: &State,
        queue: QueueNo,
        contact: Option<&BoundContact>,
        agent: AgentNo,
    ) -> bool {
        let Some(condition) = &state.queue(queue).rules.agents else { return true };
        if condition.reads_of_contact().is_some() {
            let (id, known) = state.agents.get_index(agent.position()).expect("agents are never removed");
            let holds_for = |rules: &Arc<AgentRules>, contact: &BoundContact| {
                condition.holds(&agent_scope_with(id, rules, Some(&contact.value))) == Ok(true)
            };
            return contact.is_none_or(|contact| known.rules.as_ref().is_some_and(|rules| holds_for(rules, contact)));
        }
        let holds = self.conditions.entry(queue).or_insert_with(|| agents_of(state, condition));
        holds.contains(agent.position())
    }

    /// Every waiting visit with its requirement and whether it has exceptions, for comparing.
    pub(super) fn waiting(&self) -> Vec<(OrderKey, Requirement, bool)> {
        let of_lane = |(requirement, no): (&Requirement, &LaneNo)| {
            let lane = self.lane(*no);
            let visits = lane.waiting.iter();
            visits.map(|visit| (*visit, requirement.clone(), lane.exceptions.contains(visit))).collect::<Vec<_>>()
        };
        let mut all: Vec<_> = self.by_requirement.iter().flat_map(of_lane).collect();
        all.sort_unstable();
        all
    }

    /// Whether what is kept of the lanes twice says the same twice.
    pub(super) fn agree(&self) -> bool {
        self.all.iter().enumerate().all(|(no, lane)| {
            self.nonempty.contains(no) != lane.waiting.is_empty()
                && (0..self.of_agent.len())
                    .all(|agent| self.of_agent[agent].contains(no) == lane.admits.contains(agent))
        })
    }
}

fn agents_of(state: &State, condition: &Expression) -> FixedBitSet {
    let mut holds = FixedBitSet::with_capacity(state.agents.len());
    for (position, (id, agent)) in state.agents.iter().enumerate() {
        let holds_for = |rules: &Arc<AgentRules>| condition.holds(&agent_scope(id, rules)).unwrap_or(false);
        holds.set(position, agent.rules.as_ref().is_some_and(holds_for));
    }
    holds
}

/// What a queue's `agents` condition may read of an agent.
#[must_use]
pub fn agent_scope(id: &AgentId, rules: &AgentRules) -> Scope {
    agent_scope_with(id, rules, None)
}

/// The same beside what it may read of a contact.
#[must_use]
pub fn agent_scope_with(id: &AgentId, rules: &AgentRules, contact: Option<&Value>) -> Scope {
    let agent = json!({
        "id": id,
        "name": rules.name,
        "site": rules.site,
        "teams": rules.teams,
        "skills": rules.skills,
        "attributes": rules.attributes,
    });
    Scope::new(std::iter::once(("agent", &agent)).chain(contact.map(|contact| ("contact", contact))))
}
