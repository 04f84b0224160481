//! What an agent lacks of what a visit asks. Knows nobody's presence.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::routing::entry::value_of;
use crate::routing::ids::{AgentId, QueueId, SkillId, TeamId};
use crate::routing::rule_set::{AgentRules, Channel, PhoneMode};
use crate::routing::skill::{Level, Skills};
use crate::routing::state::State;
use crate::routing::table::{AgentNo, QueueNo};
use crate::routing::visit::{Contact, Visit};
use crate::routing::{agent_scope, agent_scope_with};

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
    /// The lead is for agents of this team.
    NotInTeam {
        team: TeamId,
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
    /// Conditions that read the contact hold of everybody when there is none.
    pub contact: Option<&'a Contact>,
}

impl<'a> Asked<'a> {
    #[must_use]
    pub fn by(contact: &'a Contact, visit: &'a Visit) -> Asked<'a> {
        let (channel, contact) = (contact.channel, Some(contact));
        Asked { channel, queue: visit.queue, skills: &visit.skills, joined: &visit.joined, contact }
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
        let contact = &self.state.contacts[&visit.key.contact];
        if let Some(missing) = self.missing_for_lead(contact, visit, agent) {
            return Some(missing);
        }
        self.lacks(&Asked { channel, ..Asked::by(contact, visit) }, agent)
    }

    /// Whose a lead is that nobody has reached; who was assigned takes the place of its owner.
    #[must_use]
    pub fn missing_for_lead(&self, contact: &Contact, visit: &Visit, agent: AgentNo) -> Option<Missing> {
        let lead = contact.uncalled()?;
        if let Some(only) = lead.only.filter(|only| visit.direct.is_none() && *only != agent) {
            return Some(Missing::NotTheOne { agent: self.state.agent_id(only) });
        }
        let is_in =
            |team: &TeamId| self.state.agent(agent).rules.as_ref().is_some_and(|rules| rules.teams.contains(team));
        lead.team.as_ref().filter(|team| !is_in(team)).map(|team| Missing::NotInTeam { team: team.clone() })
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
        let of_queue = |queue, skills| self.of_queue(queue, skills, asked.contact, rules, agent);
        let missing = of_queue(asked.queue, asked.skills)?;
        let serves_another = asked.joined.iter().any(|queue| of_queue(*queue, self.skills_of(*queue)).is_none());
        (!serves_another).then_some(missing)
    }

    /// What a queue asks by itself.
    #[must_use]
    pub fn skills_of(&self, queue: QueueNo) -> &'a Skills {
        &self.state.queue(queue).rules.skills
    }

    fn of_queue(
        &self,
        queue: QueueNo,
        skills: &Skills,
        contact: Option<&Contact>,
        rules: &AgentRules,
        agent: AgentNo,
    ) -> Option<Missing> {
        for (skill, asked) in skills {
            let has = rules.skills.get(skill).copied();
            if has.is_none_or(|has| has < *asked) {
                return Some(Missing::Skill { skill: skill.clone(), asked: *asked, has });
            }
        }
        let holds = self.condition_holds(queue, contact, rules, agent);
        (!holds).then(|| Missing::Condition { queue: self.state.queue_id(queue) })
    }

    fn condition_holds(&self, queue: QueueNo, contact: Option<&Contact>, rules: &AgentRules, agent: AgentNo) -> bool {
        let Some(condition) = &self.state.queue(queue).rules.agents else { return true };
        if condition.reads_of_contact().is_some() {
            let id = self.state.agent_id(agent);
            let holds = |contact| condition.holds(&agent_scope_with(&id, rules, Some(&value_of(contact))));
            return contact.is_none_or(|contact| holds(contact) == Ok(true));
        }
        if let Some(known) = self.conditions.borrow().get(&(queue, agent)) {
            return *known;
        }
        let holds = condition.holds(&agent_scope(&self.state.agent_id(agent), rules)) == Ok(true);
        self.conditions.borrow_mut().insert((queue, agent), holds);
        holds
    }
}
