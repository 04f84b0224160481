//! Who could be offered a contact, the best first, and why the first is the best. Looks at everybody.

use serde::Serialize;

use super::between::{Between, Held};
use super::requirement::Scan;
use crate::routing::hold::Hold;
use crate::routing::ids::{AgentId, ContactId};
use crate::routing::random;
use crate::routing::rule_set::{RANK_UNNAMED, TieBreaker};
use crate::routing::table::AgentNo;
use crate::routing::time::Timestamp;
use crate::routing::visit::Visit;
use crate::routing::why::Why;

/// An agent whom nothing keeps from a contact, with the value of each tie-breaker of its queue; smaller is
/// better. Units: `routing::selection`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Candidate {
    pub agent: AgentId,
    pub values: Vec<i64>,
    #[serde(skip)]
    pub no: AgentNo,
}

/// Whom the slow way chooses, and the reason as an event would record it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Choice {
    pub agent: AgentId,
    pub why: Why,
}

impl Scan<'_> {
    /// The values of an agent, in the order of the queue's tie-breakers.
    #[must_use]
    pub fn values(&self, contact: ContactId, visit: &Visit, agent: AgentNo, now: Timestamp) -> Vec<i64> {
        let select = &self.state.queue(visit.queue).rules.select;
        select.iter().map(|tie_breaker| self.value(*tie_breaker, contact, visit, agent, now)).collect()
    }

    fn value(&self, by: TieBreaker, contact: ContactId, visit: &Visit, no: AgentNo, now: Timestamp) -> i64 {
        let (agent, queue) = (self.state.agent(no), self.state.queue(visit.queue));
        match by {
            TieBreaker::Preferred => i64::from(visit.preferred.is_none_or(|preferred| preferred.agent != no)),
            TieBreaker::LeastLoaded => i64::from(agent.load_per_mille(&self.state.rules.site)),
            TieBreaker::LongestIdle => agent.idle_since.0,
            TieBreaker::BestSkill => {
                let has = |skill| agent.rules.as_ref().and_then(|rules| rules.skills.get(skill));
                -visit.skills.keys().filter_map(has).map(|level| i64::from(level.get())).sum::<i64>()
            }
            TieBreaker::LeastSkilled => agent.rules.as_ref().map_or(0, |rules| count(rules.skills.len())),
            TieBreaker::LeastOccupied => agent.busy.in_last_hour_s(now),
            TieBreaker::FewestContacts => i64::from(agent.served),
            TieBreaker::RoundRobin => {
                let next = queue.last_offered.map_or(0, |last| i64::from(last.0) + 1);
                (i64::from(no.0) - next).rem_euclid(count(self.state.agents.len()))
            }
            TieBreaker::Random => random(contact, no),
            TieBreaker::Rank => {
                i64::from(queue.rules.ranks.get(&self.state.agent_id(no)).copied().unwrap_or(RANK_UNNAMED))
            }
        }
    }

    /// Those who could be offered it now, the best first: whoever need not set anything aside, when there is one.
    #[must_use]
    pub fn candidates(&self, id: ContactId, now: Timestamp) -> Vec<Candidate> {
        let Some(contact) = self.state.contacts.get(&id) else { return Vec::new() };
        let Some(visit) = contact.visit.as_ref().filter(|visit| visit.connecting().is_none()) else {
            return Vec::new();
        };
        let (mut free, mut by_interruption) = (Vec::new(), Vec::new());
        for no in self.agents() {
            match self.between(contact, visit, no) {
                Between::Nothing { sets_aside: false } => free.push(no),
                Between::Nothing { sets_aside: true } => by_interruption.push(no),
                Between::Offered { .. }
                | Between::Missing(_)
                | Between::Away(_)
                | Between::Works(_)
                | Between::Held(_)
                | Between::OffersOut => {}
            }
        }
        let considered = if free.is_empty() { by_interruption } else { free };
        let candidate = |no| Candidate { agent: self.state.agent_id(no), values: self.values(id, visit, no, now), no };
        let mut candidates: Vec<Candidate> = considered.into_iter().map(candidate).collect();
        candidates.sort_by(|one, other| (&one.values, one.no).cmp(&(&other.values, other.no)));
        candidates
    }

    /// Whether this agent may take it from the list himself: nothing keeps him from it but that he has declined it.
    #[must_use]
    pub fn could_take(&self, id: ContactId, agent: &AgentId) -> bool {
        let visit = self.state.contacts.get(&id).and_then(|contact| Some((contact, contact.visit.as_ref()?)));
        let Some((contact, visit)) = visit.filter(|(_, visit)| visit.connecting().is_none()) else { return false };
        let Some(no) = self.state.agent_no(agent) else { return false };
        let keeps_nothing = match self.between(contact, visit, no) {
            Between::Nothing { .. } | Between::Held(Held { by: Hold::AlreadyDeclined, .. }) => true,
            Between::Held(Held { by: Hold::ByHand, .. }) => !self.is_held_from_caller(contact, visit, no),
            Between::Offered { .. }
            | Between::Missing(_)
            | Between::Away(_)
            | Between::Works(_)
            | Between::Held(_)
            | Between::OffersOut => false,
        };
        keeps_nothing && visit.takes_offers(self.state.queue(visit.queue).rules.offers_max)
    }

    /// Of these candidates, in their order, the first, with the reason. None: nobody.
    #[must_use]
    pub fn choice(&self, contact: ContactId, candidates: &[Candidate]) -> Option<Choice> {
        let best = candidates.first()?;
        let visit = self.state.contacts.get(&contact)?.visit.as_ref()?;
        let select = &self.state.queue(visit.queue).rules.select;
        let decided = candidates.get(1).and_then(|other| {
            let place = (0..select.len()).find(|place| best.values[*place] != other.values[*place])?;
            Some((select[place], best.values[place], other.values[place]))
        });
        let why = Why {
            rules: self.state.rules_version,
            matched: u32::try_from(candidates.len()).expect("agents are bounded far below 2³²"),
            decided_by: decided.map(|(by, _, _)| by),
            value: decided.map_or(0, |(_, value, _)| value),
            runner_up: decided.map(|(_, _, value)| value),
            taken: false,
        };
        Some(Choice { agent: best.agent.clone(), why })
    }
}

fn count(entries: usize) -> i64 {
    i64::try_from(entries).expect("tables are bounded far below 2⁶³ entries")
}
