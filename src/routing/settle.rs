//! The fixed point: after every change, offers until no agent is routable for a waiting contact
//! without a hold between them. It looks only at what changed: agents who became routable and
//! visits that began to wait since the last fixed point.

use std::ops::Bound;

use super::event::Fact;
use super::ids::{ContactId, OfferId};
use super::index::Index;
use super::lane::OrderKey;
use super::selection::{Candidates, Choice, choose};
use super::state::State;
use super::table::{AgentNo, LaneNo};
use super::turn::Turn;
use super::why::Why;

impl Turn<'_> {
    /// Of all waiting visits that somebody could take, the first in the order of service is offered
    /// to the best agent for it; again, until there is none.
    pub(super) fn settle(&mut self) {
        let index = &self.router.index;
        if index.unsettled_visits.is_empty() {
            match index.unsettled_agents.len() {
                0 => return,
                1 => self.settle_one_agent(),
                _ => self.settle_all(),
            }
        } else {
            self.settle_all();
        }
        self.router.index.settled();
    }

    /// Everybody else was at the fixed point: whoever waits unheld for this agent has no other.
    fn settle_one_agent(&mut self) {
        let agent = *self.router.index.unsettled_agents.first().expect("the caller saw one");
        while let Some(contact) = first_for(&self.router.state, &mut self.router.index, agent) {
            let why =
                Why { rules: self.router.state.rules_version, matched: 1, decided_by: None, value: 0, runner_up: None };
            self.offer(contact, Choice { agent, why });
        }
    }

    fn settle_all(&mut self) {
        let mut walk = Walk::new(&self.router.index);
        while let Some((contact, choice)) = walk.next_match(&self.router.state, &mut self.router.index) {
            self.offer(contact, choice);
        }
    }

    fn offer(&mut self, contact: ContactId, choice: Choice) {
        let state = &self.router.state;
        let visit = state.contacts[&contact].visit.as_ref().expect("only a waiting visit is offered");
        let fact = Fact::ContactOffered {
            contact,
            visit: visit.id,
            queue: state.queue_id(visit.queue),
            offer: OfferId(state.next_id),
            agent: state.agent_id(choice.agent),
            acknowledge_by: self.at + state.rules.site.acknowledge_within,
            expires_at: self.at + state.queue(visit.queue).rules.offer_timeout,
            why: choice.why,
        };
        self.record(fact);
    }
}

/// The first in the order of service that the agent could take now.
fn first_for(state: &State, index: &mut Index, agent: AgentNo) -> Option<ContactId> {
    let mut work = 0;
    let mut first: Option<OrderKey> = None;
    for lane_no in index.lanes_of[agent.position()].intersection(&index.nonempty) {
        let lane = &index.lanes[lane_no];
        work += 1;
        if !index.routable[lane.channel.index()].contains(agent.position()) {
            continue;
        }
        for key in &lane.waiting {
            work += 1;
            if first.is_some_and(|first| first < *key) {
                break;
            }
            let declined_here = lane.declined.contains(key);
            if !declined_here || !held_agents(state, index, lane_no, key.contact, &mut work).contains(&agent) {
                first = Some(*key);
                break;
            }
        }
    }
    index.work += work;
    first.map(|key| key.contact)
}

/// Agents held from a contact because they declined it and another is there who could take it.
pub(super) fn held_agents<'a>(
    state: &'a State,
    index: &Index,
    lane: usize,
    contact: ContactId,
    work: &mut u64,
) -> &'a [AgentNo] {
    let Some(visit) = state.contacts.get(&contact).and_then(|contact| contact.visit.as_ref()) else { return &[] };
    if visit.declined.is_empty() {
        return &[];
    }
    let mut others = index.lanes[lane].admits.intersection(&index.present).map(AgentNo::from_position);
    let another_is_there = others.any(|agent| {
        *work += 1;
        !visit.declined.contains(&agent)
    });
    if another_is_there { &visit.declined } else { &[] }
}

/// A walk through everything unsettled, in the order of service, over lanes side by side.
struct Walk {
    /// Lanes that admit an unsettled agent, with the next visit to look at.
    lanes: Vec<(LaneNo, OrderKey)>,
    /// Unsettled visits still to look at, last first.
    visits: Vec<OrderKey>,
}

impl Walk {
    fn new(index: &Index) -> Walk {
        let mut lanes = fixedbitset::FixedBitSet::with_capacity(index.lanes.len());
        for agent in &index.unsettled_agents {
            lanes.union_with(&index.lanes_of[agent.position()]);
        }
        lanes.intersect_with(&index.nonempty);
        let first = |lane: usize| index.lanes[lane].waiting.first().map(|key| (LaneNo::from_position(lane), *key));
        let waiting = index.unsettled_visits.iter().rev().copied();
        Walk { lanes: lanes.ones().filter_map(first).collect(), visits: waiting.collect() }
    }

    fn next_match(&mut self, state: &State, index: &mut Index) -> Option<(ContactId, Choice)> {
        let mut work = 0;
        let found = self.find(state, index, &mut work);
        index.work += work;
        found
    }

    fn find(&mut self, state: &State, index: &Index, work: &mut u64) -> Option<(ContactId, Choice)> {
        loop {
            *work += self.lanes.len() as u64;
            let next_lane = self.lanes.iter().enumerate().min_by_key(|(_, (_, key))| *key);
            let from_lane = next_lane.map(|(slot, (_, key))| (slot, *key));
            let contact = match (from_lane, self.visits.last().copied()) {
                (None, None) => return None,
                (Some((slot, key)), visit) if visit.is_none_or(|visit| key <= visit) => {
                    self.step(index, slot, key);
                    key.contact
                }
                (_, Some(visit)) => {
                    self.visits.pop();
                    visit.contact
                }
                (Some(_), None) => unreachable!("a lane's visit comes first when no other is left"),
            };
            let Some((lane_no, _)) = index.lane_of(contact) else { continue };
            let lane = &index.lanes[lane_no.position()];
            let routable = &index.routable[lane.channel.index()];
            let held = held_agents(state, index, lane_no.position(), contact, work);
            let candidates = Candidates { lane, routable, held };
            if let Some(choice) = choose(state, index, contact, &candidates, work) {
                return Some((contact, choice));
            }
            if held.is_empty() {
                self.lanes.retain(|(other, _)| *other != lane_no);
            }
        }
    }

    /// Moves a lane on to its next visit.
    fn step(&mut self, index: &Index, slot: usize, seen: OrderKey) {
        let waiting = &index.lanes[self.lanes[slot].0.position()].waiting;
        match waiting.range((Bound::Excluded(seen), Bound::Unbounded)).next() {
            Some(next) => self.lanes[slot].1 = *next,
            None => {
                self.lanes.swap_remove(slot);
            }
        }
    }
}
