//! What an agent lacks of what a visit asks. Knows nobody's presence.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::routing::agent_scope;
use crate::routing::ids::{AgentId, QueueId, SkillId};
use crate::routing::rule_set::{AgentRules, Channel, PhoneMode};
use crate::routing::skill::{Level, Skills};
use crate::routing::state::State;
use crate::routing::table::{AgentNo, QueueNo};
use crate::routing::visit::Visit;

/// The first requirement an agent fails.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The rules no longer name him.
    NotInRules,
    /// The customer may never get him.
    NeverOffered,
    /// His capacity has no place for the channel at all.
    ChannelNotServed,
    NoPhone,
    /// The contact waits for this agent alone.
    NotTheOne {
        agent: AgentId,
    },
    /// `has` None: he lacks the skill.
    Skill {
        skill: SkillId,
        asked: Level,
        has: Option<Level>,
    },
    /// The `agents` condition of this queue does not hold of him.
    Condition {
        queue: QueueId,
    },
}

/// One look at a state. Conditions over agents are asked once for each agent and queue.
pub struct Scan<'a> {
    pub state: &'a State,
    conditions: RefCell<BTreeMap<(QueueNo, AgentNo), bool>>,
}

/// What is asked of an agent, but for one who is waited for alone.
pub struct Asked<'a> {
    pub channel: Channel,
    pub queue: QueueNo,
    pub skills: &'a Skills,
    /// Who meets one of these queues' own requirement serves as well.
    pub joined: &'a [QueueNo],
}

impl<'a> Asked<'a> {
    #[must_use]
    pub fn by(channel: Channel, visit: &'a Visit) -> Asked<'a> {
        Asked { channel, queue: visit.queue, skills: &visit.skills, joined: &visit.joined }
    }
}

impl<'a> Scan<'a> {
    #[must_use]
    pub fn new(state: &'a State) -> Scan<'a> {
        Scan { state, conditions: RefCell::default() }
    }

    /// Everybody the rules ever named, in their order.
    pub fn agents(&self) -> impl Iterator<Item = AgentNo> + use<> {
        (0..self.state.agents.len()).map(AgentNo::from_position)
    }

    /// What an agent lacks for a visit; None: he matches, whatever he does.
    #[must_use]
    pub fn missing(&self, channel: Channel, visit: &Visit, agent: AgentNo) -> Option<Missing> {
        if self.state.agent(agent).rules.is_none() {
            return Some(Missing::NotInRules);
        }
        if visit.never.contains(&agent) {
            return Some(Missing::NeverOffered);
        }
        if let Some(direct) = visit.direct.as_ref().filter(|direct| direct.agent != agent) {
            return Some(Missing::NotTheOne { agent: self.state.agent_id(direct.agent) });
        }
        self.lacks(&Asked::by(channel, visit), agent)
    }

    /// What an agent lacks of a requirement.
    #[must_use]
    pub fn lacks(&self, asked: &Asked<'_>, agent: AgentNo) -> Option<Missing> {
        let Some(rules) = &self.state.agent(agent).rules else { return Some(Missing::NotInRules) };
        let site = &self.state.rules.site;
        let (max, cost) = (rules.capacity.channel_max.of(asked.channel), site.channel_cost.of(asked.channel));
        if max == 0 || cost > rules.capacity.total {
            return Some(Missing::ChannelNotServed);
        }
        if asked.channel.needs_phone() && rules.phone.mode == PhoneMode::None {
            return Some(Missing::NoPhone);
        }
        let missing = self.of_queue(asked.queue, asked.skills, rules, agent)?;
        let serves_another =
            asked.joined.iter().any(|queue| self.of_queue(*queue, self.skills_of(*queue), rules, agent).is_none());
        (!serves_another).then_some(missing)
    }

    /// What a queue asks by itself.
    #[must_use]
    pub fn skills_of(&self, queue: QueueNo) -> &'a Skills {
        &self.state.queue(queue).rules.skills
    }

    fn of_queue(&self, queue: QueueNo, skills: &Skills, rules: &AgentRules, agent: AgentNo) -> Option<Missing> {
        for (skill, asked) in skills {
            let has = rules.skills.get(skill).copied();
            if has.is_none_or(|has| has < *asked) {
                return Some(Missing::Skill { skill: skill.clone(), asked: *asked, has });
            }
        }
        let holds = self.condition_holds(queue, rules, agent);
        (!holds).then(|| Missing::Condition { queue: self.state.queue_id(queue) })
    }

    fn condition_holds(&self, queue: QueueNo, rules: &AgentRules, agent: AgentNo) -> bool {
        let Some(condition) = &self.state.queue(queue).rules.agents else { return true };
        if let Some(known) = self.conditions.borrow().get(&(queue, agent)) {
            return *known;
        }
        let holds = condition.holds(&agent_scope(&self.state.agent_id(agent), rules)) == Ok(true);
        self.conditions.borrow_mut().insert((queue, agent), holds);
        holds
    }
}
