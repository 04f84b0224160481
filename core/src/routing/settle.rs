//! The fixed point: after every change, offers until no agent is routable for a waiting contact
//! without a hold between them. It looks only at what changed: agents who became routable and
//! visits that began to wait since the last fixed point.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Bound;

use fixedbitset::FixedBitSet;
use smallvec::SmallVec;

use super::event::Fact;
use super::ids::{ContactId, OfferId};
use super::index::{Index, requirement_of};
use super::lane::{Lane, OrderKey};
use super::router::ContactRouter;
use super::selection::{Candidates, Choice, choose};
use super::state::State;
use super::table::{AgentNo, LaneNo};
use super::turn::Turn;
use super::why::Why;

impl Turn<'_> {
    /// Of all waiting visits that somebody could take, the first in the order of service is offered
    /// to the best agent for it; again, until there is none.
    pub(super) fn settle(&mut self) {
        let mut on_figures = BTreeSet::new();
        loop {
            self.stop_drained();
            if self.router.index.unsettled_waits.is_empty() && self.router.index.unsettled_steps.is_empty() {
                break;
            }
            self.end_idle_waits();
            self.take_steps(&mut on_figures);
        }
        self.raise_and_lower_queues();
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

    /// A contact waits for the agent it prefers only while he may still take it.
    fn end_idle_waits(&mut self) {
        while let Some(contact) = self.router.index.unsettled_waits.pop_first() {
            let ContactRouter { state, index } = &mut *self.router;
            let Some(found) = state.contacts.get(&contact) else { continue };
            let Some(visit) = found.visit.as_ref().filter(|visit| visit.connecting().is_none()) else { continue };
            let Some(agent) = visit.waits_for() else { continue };
            let may_take_it = state.agent(agent).is_expected()
                && !visit.declined.contains(&agent)
                && !visit.never.contains(&agent)
                && index.lanes.admits(state, &requirement_of(state, found, visit), agent);
            if !may_take_it {
                self.end_preferred_wait(contact);
            }
        }
    }

    pub(super) fn end_preferred_wait(&mut self, contact: ContactId) {
        let visit = self.state().contacts[&contact].visit.as_ref().expect("the wait goes with the visit");
        let agent = self.state().agent_id(visit.preferred.expect("the caller saw a wait").agent);
        let visit = visit.id;
        self.record(Fact::PreferredWaitEnded { contact, visit, agent });
    }

    /// Everybody else was at the fixed point: whoever waits unheld for this agent has no other.
    fn settle_one_agent(&mut self) {
        let agent = *self.router.index.unsettled_agents.first().expect("the caller saw one");
        while let Some(contact) = first_for(&self.router.state, &mut self.router.index, agent) {
            let why = Why::alone(self.router.state.rules_version);
            let _ = self.offer(contact, Choice { agent, why });
        }
    }

    fn settle_all(&mut self) {
        let mut walk = Walk::new(&self.router.index);
        while let Some(contact) = walk.next_visit(&mut self.router.index) {
            self.offer_while_wanted(contact, &mut walk);
        }
    }

    /// Once, or as often as the queue offers a contact at once.
    fn offer_while_wanted(&mut self, contact: ContactId, walk: &mut Walk) {
        while let Some((lane_no, _)) = self.router.index.lanes.place_of(contact) {
            let ContactRouter { state, index } = &mut *self.router;
            let mut work = 0;
            let lane = index.lanes.lane(lane_no);
            let excluded = excluded(state, index, lane, contact, &mut work);
            let kept = kept_from(state, index, lane, contact);
            let mut routable = Cow::Borrowed(&index.routable[lane.channel.index()]);
            if let Some(kept) = &kept {
                routable.to_mut().difference_with(kept);
            }
            let by_interruption = &index.by_interruption[lane.channel.index()];
            let candidates = Candidates::new(lane, &routable, by_interruption, &excluded);
            let choice = choose(state, index, contact, &candidates, self.at, &mut work);
            index.work += work;
            match choice {
                Some(choice) => {
                    let _ = self.offer(contact, choice);
                }
                None => {
                    if excluded.is_empty() && kept.is_none() {
                        walk.pass_over(lane_no);
                    }
                    return;
                }
            }
        }
    }

    pub(super) fn offer(&mut self, contact: ContactId, choice: Choice) -> OfferId {
        let (is_lead, preview) = (self.is_lead_to_call(contact), self.preview_time(contact));
        let state = &self.router.state;
        let visit = state.contacts[&contact].visit.as_ref().expect("only a waiting visit is offered");
        let offer = OfferId(state.next_id);
        let fact = Fact::ContactOffered {
            contact,
            visit: visit.id,
            queue: state.queue_id(visit.queue),
            offer,
            agent: state.agent_id(choice.agent),
            acknowledge_by: self.at + state.rules.site.acknowledge_within,
            expires_at: self.at + preview.unwrap_or(state.queue(visit.queue).rules.offer_timeout),
            rings: !is_lead && state.agent(choice.agent).rings(state.contacts[&contact].channel),
            why: choice.why,
        };
        self.record(fact);
        if self.is_dialled_at_once(contact) {
            self.connect(offer);
        }
        offer
    }
}

/// The first in the order of service that the agent could take now.
fn first_for(state: &State, index: &mut Index, agent: AgentNo) -> Option<ContactId> {
    let mut work = 0;
    let mut first: Option<OrderKey> = None;
    for lane_no in index.lanes.of_agent[agent.position()].intersection(&index.lanes.nonempty) {
        let lane = index.lanes.lane(LaneNo::from_position(lane_no));
        work += 1;
        if !index.routable[lane.channel.index()].contains(agent.position()) {
            continue;
        }
        for key in &lane.waiting {
            work += 1;
            if first.is_some_and(|first| first < *key) {
                break;
            }
            let is_excepted =
                lane.exceptions.contains(key) && excluded(state, index, lane, key.contact, &mut work).contains(&agent);
            let is_kept =
                || kept_from(state, index, lane, key.contact).is_some_and(|kept| kept.contains(agent.position()));
            if !is_excepted && !is_kept() {
                first = Some(*key);
                break;
            }
        }
    }
    index.work += work;
    first.map(|key| key.contact)
}

/// Agents whom the requirement admits and who yet may not be offered the contact, each once: never
/// to be offered, being offered it already, or held because they declined it and another is there
/// who could take it.
fn excluded(state: &State, index: &Index, lane: &Lane, contact: ContactId, work: &mut u64) -> SmallVec<[AgentNo; 4]> {
    let mut excluded = SmallVec::new();
    let Some(visit) = state.contacts.get(&contact).and_then(|contact| contact.visit.as_ref()) else {
        return excluded;
    };
    excluded.extend(visit.never.iter().copied());
    let offered = visit.offers.iter().map(|offer| state.offers[offer].agent);
    let mut others = lane.admits.intersection(&index.present).map(AgentNo::from_position);
    let another_is_there = !visit.declined.is_empty()
        && others.any(|agent| {
            *work += 1;
            !visit.declined.contains(&agent) && !visit.never.contains(&agent)
        });
    let held = visit.declined.iter().copied().filter(|_| another_is_there);
    for agent in offered.chain(held) {
        if !excluded.contains(&agent) {
            excluded.push(agent);
        }
    }
    excluded
}

/// Agents who are kept for another queue, when the contact is a lead that nobody has reached.
fn kept_from(state: &State, index: &Index, lane: &Lane, contact: ContactId) -> Option<FixedBitSet> {
    state.contacts[&contact].uncalled()?;
    index.kept_for_inbound(state, lane.queue)
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
        let mut lanes = FixedBitSet::with_capacity(index.lanes.count());
        for agent in &index.unsettled_agents {
            lanes.union_with(&index.lanes.of_agent[agent.position()]);
        }
        lanes.intersect_with(&index.lanes.nonempty);
        let first = |no: LaneNo| index.lanes.lane(no).waiting.first().map(|key| (no, *key));
        let waiting = index.unsettled_visits.iter().rev().copied();
        Walk { lanes: lanes.ones().map(LaneNo::from_position).filter_map(first).collect(), visits: waiting.collect() }
    }

    /// The next in the order of service, whether or not anybody could take it.
    fn next_visit(&mut self, index: &mut Index) -> Option<ContactId> {
        index.work += self.lanes.len() as u64;
        let next_lane = self.lanes.iter().enumerate().min_by_key(|(_, (_, key))| *key);
        let from_lane = next_lane.map(|(slot, (_, key))| (slot, *key));
        match (from_lane, self.visits.last().copied()) {
            (None, None) => None,
            (Some((slot, key)), visit) if visit.is_none_or(|visit| key <= visit) => {
                self.step(index, slot, key);
                Some(key.contact)
            }
            (_, Some(visit)) => {
                self.visits.pop();
                Some(visit.contact)
            }
            (Some(_), None) => unreachable!("a lane's visit comes first when no other is left"),
        }
    }

    /// Moves a lane on to its next visit.
    fn step(&mut self, index: &Index, slot: usize, seen: OrderKey) {
        let waiting = &index.lanes.lane(self.lanes[slot].0).waiting;
        match waiting.range((Bound::Excluded(seen), Bound::Unbounded)).next() {
            Some(next) => self.lanes[slot].1 = *next,
            None => {
                self.lanes.swap_remove(slot);
            }
        }
    }

    /// Nobody is there for any visit of this lane.
    fn pass_over(&mut self, lane_no: LaneNo) {
        self.lanes.retain(|(other, _)| *other != lane_no);
    }
}
