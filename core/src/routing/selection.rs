//! Which of the agents who fit gets the contact. Reads state and index, changes nothing.

use std::borrow::Cow;

use fixedbitset::FixedBitSet;

use super::ids::ContactId;
use super::index::Index;
use super::lane::Lane;
use super::rule_set::{RANK_UNNAMED, TieBreaker};
use super::state::State;
use super::table::{AgentNo, QueueNo};
use super::time::Timestamp;
use super::why::Why;

/// The agent chosen, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    pub agent: AgentNo,
    pub why: Why,
}

/// Agents to choose among for one contact: those the lane admits, routable, and not held from it;
/// of those, whoever need not set anything aside, when there is one.
pub struct Candidates<'a> {
    lane: &'a Lane,
    routable: Cow<'a, FixedBitSet>,
    /// Admitted agents who may not be offered the contact, each once.
    excluded: &'a [AgentNo],
}

impl<'a> Candidates<'a> {
    pub fn new(
        lane: &'a Lane,
        routable: &'a FixedBitSet,
        by_interruption: &FixedBitSet,
        excluded: &'a [AgentNo],
    ) -> Candidates<'a> {
        let all = Candidates { lane, routable: Cow::Borrowed(routable), excluded };
        if by_interruption.is_clear() {
            return all;
        }
        let mut free = routable.clone();
        free.difference_with(by_interruption);
        let free = Candidates { lane, routable: Cow::Owned(free), excluded };
        if free.count() > 0 { free } else { all }
    }

    fn contains(&self, agent: AgentNo) -> bool {
        let position = agent.position();
        self.lane.admits.contains(position) && self.routable.contains(position) && !self.excluded.contains(&agent)
    }

    fn iter(&self) -> impl Iterator<Item = AgentNo> + '_ {
        self.lane
            .admits
            .intersection(&self.routable)
            .map(AgentNo::from_position)
            .filter(|agent| !self.excluded.contains(agent))
    }

    fn count(&self) -> usize {
        let both = self.lane.admits.intersection_count(&self.routable);
        both - self
            .excluded
            .iter()
            .filter(|agent| {
                let position = agent.position();
                self.lane.admits.contains(position) && self.routable.contains(position)
            })
            .count()
    }
}

/// The best of the candidates; None when there is none. `work` counts words and keys looked at.
pub fn choose(
    state: &State,
    index: &Index,
    contact: ContactId,
    candidates: &Candidates<'_>,
    now: Timestamp,
    work: &mut u64,
) -> Option<Choice> {
    *work += candidates.routable.as_slice().len() as u64;
    let matched = candidates.count();
    if matched == 0 {
        return None;
    }
    let select = &state.queue(candidates.lane.queue).rules.select;
    let ranking = Ranking { state, index, contact, lane: candidates.lane, select, now };
    let (best, runner_up) = if select.first() == Some(&TieBreaker::LongestIdle) && is_crowd(matched, index) {
        ranking.walk_idle_order(candidates, work)
    } else {
        ranking.compare_all(candidates, work)
    };
    let decided_by = runner_up.and_then(|other| ranking.difference(best, other));
    let value = |agent| decided_by.map_or(0, |tie_breaker| ranking.value(tie_breaker, agent));
    let why = Why {
        rules: state.rules_version,
        matched: u32::try_from(matched).expect("agents are bounded far below 2³²"),
        decided_by,
        value: value(best),
        runner_up: decided_by.and(runner_up).map(value),
        taken: false,
    };
    Some(Choice { agent: best, why })
}

/// Whether walking the one idle order finds a match sooner than comparing all: at about 2·√idle.
fn is_crowd(matched: usize, index: &Index) -> bool {
    matched * matched > 4 * index.idle_order.len()
}

struct Ranking<'a> {
    state: &'a State,
    index: &'a Index,
    contact: ContactId,
    lane: &'a Lane,
    select: &'a [TieBreaker],
    now: Timestamp,
}

impl Ranking<'_> {
    fn compare_all(&self, candidates: &Candidates<'_>, work: &mut u64) -> (AgentNo, Option<AgentNo>) {
        let mut all = candidates.iter();
        let mut best = all.next().expect("the caller counted at least one");
        let mut runner_up: Option<AgentNo> = None;
        for agent in all {
            *work += 1;
            if self.is_before(agent, best) {
                runner_up = Some(best);
                best = agent;
            } else if runner_up.is_none_or(|other| self.is_before(agent, other)) {
                runner_up = Some(agent);
            }
        }
        (best, runner_up)
    }

    /// The idle order gives the longest idle; those idle for just as long are compared by the rest.
    fn walk_idle_order(&self, candidates: &Candidates<'_>, work: &mut u64) -> (AgentNo, Option<AgentNo>) {
        let mut best: Option<AgentNo> = None;
        let mut runner_up: Option<AgentNo> = None;
        let mut last_since = None;
        for (since, agent) in &self.index.idle_order {
            *work += 1;
            if runner_up.is_some() && last_since != Some(*since) {
                break;
            }
            if !candidates.contains(*agent) {
                continue;
            }
            last_since = Some(*since);
            match best {
                None => best = Some(*agent),
                Some(leader) if self.is_before(*agent, leader) => {
                    runner_up = best;
                    best = Some(*agent);
                }
                Some(_) if runner_up.is_none_or(|other| self.is_before(*agent, other)) => runner_up = Some(*agent),
                Some(_) => {}
            }
        }
        (best.expect("the caller counted at least one"), runner_up)
    }

    fn is_before(&self, agent: AgentNo, other: AgentNo) -> bool {
        self.difference(agent, other)
            .map_or(agent < other, |tie_breaker| self.value(tie_breaker, agent) < self.value(tie_breaker, other))
    }

    /// The first tie-breaker under which two agents differ.
    fn difference(&self, agent: AgentNo, other: AgentNo) -> Option<TieBreaker> {
        self.select.iter().copied().find(|select| self.value(*select, agent) != self.value(*select, other))
    }

    /// Smaller is better. In the order of the match: 0 for the preferred agent, else 1; thousandths
    /// of capacity; milliseconds since 1970; minus the sum of levels; skills; busy seconds; contacts;
    /// places after the last offered; a hash; the rank.
    fn value(&self, tie_breaker: TieBreaker, agent: AgentNo) -> i64 {
        match tie_breaker {
            TieBreaker::Preferred => {
                let visit = self.state.contacts[&self.contact].visit.as_ref();
                let preferred = visit.and_then(|visit| visit.preferred).map(|preferred| preferred.agent);
                i64::from(preferred != Some(agent))
            }
            TieBreaker::LeastLoaded => i64::from(self.state.agent(agent).load_per_mille(&self.state.rules.site)),
            TieBreaker::LongestIdle => self.state.agent(agent).idle_since.0,
            TieBreaker::BestSkill => {
                let levels = self.lane.asked.iter().map(|skill| i64::from(self.index.lanes.level(agent, *skill)));
                -levels.sum::<i64>()
            }
            TieBreaker::LeastSkilled => {
                let skills = self.state.agent(agent).rules.as_ref().map_or(0, |rules| rules.skills.len());
                i64::try_from(skills).expect("skills are bounded far below 2⁶³")
            }
            TieBreaker::LeastOccupied => self.state.agent(agent).busy.in_last_hour_s(self.now),
            TieBreaker::FewestContacts => i64::from(self.state.agent(agent).served),
            TieBreaker::RoundRobin => round_robin(self.state, self.lane.queue, agent),
            TieBreaker::Random => random(self.contact, agent),
            TieBreaker::Rank => i64::from(self.rank(agent)),
        }
    }

    fn rank(&self, agent: AgentNo) -> u32 {
        let ranks = &self.state.queue(self.lane.queue).rules.ranks;
        let (id, _) = self.state.agents.get_index(agent.position()).expect("agents are never removed");
        ranks.get(id).copied().unwrap_or(RANK_UNNAMED)
    }
}

fn round_robin(state: &State, queue: QueueNo, agent: AgentNo) -> i64 {
    let count = i64::try_from(state.agents.len()).expect("agents are bounded far below 2⁶³");
    let last = state.queue(queue).last_offered.map_or(-1, |last| i64::from(last.0));
    (i64::from(agent.0) - last - 1).rem_euclid(count)
}

/// [`TieBreaker::Random`]: the finaliser of splitmix64 (Steele, Lea, Flood 2014) over contact and agent.
#[must_use]
pub fn random(contact: ContactId, agent: AgentNo) -> i64 {
    let mut mixed = (contact.0 << 32) | u64::from(agent.0);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    (mixed >> 1).cast_signed()
}
