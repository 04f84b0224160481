//! Whatever an agent takes from the list he must be able to have, and it is his at once, but a lead, which he only
//! looks at. Keeps books of its own; trusts no prediction.

use std::collections::{BTreeMap, BTreeSet};

use super::ensure;
use crate::routing::command::Presence;
use crate::routing::event::{Fact, Reach};
use crate::routing::ids::{AgentId, OfferId, QueueId, VisitId};
use crate::routing::rule_set::{Channel, RuleSet};
use crate::routing::skill::Skills;

#[derive(Default)]
pub(super) struct Taking {
    /// Taken, and to be accepted by the next word.
    open: Option<OfferId>,
    /// Those who get offers but for back-off.
    ready: BTreeSet<AgentId>,
    resting: BTreeSet<AgentId>,
    asked: BTreeMap<VisitId, Asked>,
}

struct Asked {
    skills: Skills,
    joined: Vec<QueueId>,
    only: Option<AgentId>,
}

impl Taking {
    /// Takes one fact into the books; `channel`: of its contact.
    ///
    /// # Errors
    /// What it breaks.
    pub fn enter(&mut self, fact: &Fact, channel: Option<Channel>, rules: &RuleSet) -> Result<(), String> {
        if let Some(taken) = self.open.take() {
            let accepted = matches!(fact, Fact::ContactConnecting { offer, .. } if *offer == taken);
            ensure(accepted, "what was taken from the list was not accepted at once")?;
        }
        if let Fact::ContactQueued { visit, skills, direct, .. } = fact {
            let only = direct.as_ref().map(|direct| direct.agent.clone());
            self.asked.insert(*visit, Asked { skills: skills.clone(), joined: Vec::new(), only });
        }
        if let Fact::VisitChanged { visit, skills, .. } | Fact::VisitWidened { visit, skills, .. } = fact
            && let Some(asked) = self.asked.get_mut(visit)
        {
            asked.skills.clone_from(skills);
        }
        if let Fact::VisitWidened { visit, joined, .. } = fact
            && let Some(asked) = self.asked.get_mut(visit)
        {
            asked.joined.clone_from(joined);
        }
        if let Fact::VisitEnded { visit, .. } = fact {
            self.asked.remove(visit);
        }
        self.enter_presence(fact);
        if let Fact::ContactOffered { offer, visit, agent, why, .. } = fact
            && why.taken
        {
            let alone = why.matched == 1 && why.decided_by.is_none() && why.value == 0 && why.runner_up.is_none();
            ensure(alone, "an agent who took a contact was compared with others")?;
            let listed = matches!(channel, Some(Channel::Email | Channel::Task));
            let is_lead = channel == Some(Channel::Voice);
            ensure(listed || is_lead, "what is neither email nor task was taken from the list")?;
            let ready = self.ready.contains(agent) && !self.resting.contains(agent);
            ensure(ready, "an agent took a contact who gets no offers now")?;
            ensure(self.has_skills(*visit, agent, rules), "an agent took a contact whose skills he lacks")?;
            self.open = listed.then_some(*offer);
        }
        Ok(())
    }

    fn enter_presence(&mut self, fact: &Fact) {
        if let Fact::AgentChanged { agent, presence, next, reach, responding, .. } = fact {
            let gets = *presence == Presence::Available && matches!(next, None | Some(Presence::Available));
            if gets && *reach == Reach::Here && *responding {
                self.ready.insert(agent.clone());
            } else {
                self.ready.remove(agent);
            }
        }
        if let Fact::AgentBackedOff { agent, .. } = fact {
            self.resting.insert(agent.clone());
        }
        if let Fact::BackOffEnded { agent } = fact {
            self.resting.remove(agent);
        }
        if let Fact::Resumed { .. } = fact {
            self.ready.clear();
        }
    }

    /// Those of the visit or those of a queue that joined; a queue without rules asks what it asked.
    fn has_skills(&self, visit: VisitId, agent: &AgentId, rules: &RuleSet) -> bool {
        let (Some(asked), Some(agent_rules)) = (self.asked.get(&visit), rules.agents.get(agent)) else { return false };
        let has_all = |skills: &Skills| {
            skills.iter().all(|(skill, level)| agent_rules.skills.get(skill).is_some_and(|has| has >= level))
        };
        match &asked.only {
            Some(only) => only == agent,
            None => {
                let of_joined = |queue| rules.queues.get(queue).is_none_or(|queue| has_all(&queue.skills));
                has_all(&asked.skills) || asked.joined.iter().any(of_joined)
            }
        }
    }

    /// # Errors
    /// When something taken is not accepted yet.
    pub fn check(&self) -> Result<(), String> {
        ensure(self.open.is_none(), "what was taken from the list was not accepted at once")
    }
}
