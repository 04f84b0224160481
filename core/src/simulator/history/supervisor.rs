//! Makes up what supervisors order and how agents log out: mostly of what is there, sometimes of what is not.

use std::sync::Arc;

use super::rule_sets::QUEUES;
use super::steps::Steps;
use crate::routing::command::{Action, LogOutHow, Presence, PresenceWhen};
use crate::routing::ids::{AgentId, ContactId, PersonId, QueueId};
use crate::simulator::referee::model::{Agent, Contact, Model};

impl Steps {
    pub fn order(&mut self, model: &Model) -> Action {
        let by = PersonId::new(self.dice.one_of(&["lea", "sam", "ana"])).expect("a short name");
        match self.dice.below(100) {
            0..14 => {
                let presence = match self.dice.below(12) {
                    0 => Presence::Offline,
                    1..5 => Presence::NotReady { reason: Arc::from(self.dice.one_of(&["lunch", "briefing"])) },
                    _rest => Presence::Available,
                };
                let when = if self.dice.chance(40) { PresenceWhen::AfterContact } else { PresenceWhen::Now };
                Action::SetPresenceOf { by, agent: self.agent_at_work(model), presence, when }
            }
            14..38 => self.log_out(by, model),
            38..53 => Action::MoveContact { by, contact: self.ordered_contact(model), queue: self.ordered_queue() },
            53..68 => {
                let agent = if self.dice.chance(80) { self.agent_at_work(model) } else { self.known_agent(model) };
                Action::AssignContact { by, contact: self.ordered_contact(model), agent }
            }
            68..83 => {
                let priority = self.dice.one_of(&[-1_000, -3, 0, 1, 2, 5, 1_000, -1_001, 1_001, i32::MIN, i32::MAX, 3]);
                Action::PrioritiseContact { by, contact: self.ordered_contact(model), priority }
            }
            83..88 => {
                let live: Vec<ContactId> = model.all_contacts().map(|contact| contact.id).collect();
                let any = self.dice.pick(&live).copied().filter(|_| self.plausibly());
                let contact = any.unwrap_or_else(|| ContactId(self.number(model)));
                Action::CloseContact { by, contact }
            }
            _rest => self.pause_or_resume(by, model),
        }
    }

    fn log_out(&mut self, by: PersonId, model: &Model) -> Action {
        let by = self.dice.chance(75).then_some(by);
        let how = self.dice.one_of(&[LogOutHow::Finish, LogOutHow::HandBack, LogOutHow::Force]);
        Action::LogOut { by, agent: self.agent_at_work(model), how }
    }

    /// Paused queues are mostly soon resumed, so that they are offered again.
    fn pause_or_resume(&mut self, by: PersonId, model: &Model) -> Action {
        let paused: Vec<QueueId> = model.paused_queues().cloned().collect();
        if !paused.is_empty() && self.dice.chance(75) {
            let queue = if self.plausibly() { self.dice.one_of(&paused) } else { self.ordered_queue() };
            return Action::ResumeQueue { by, queue };
        }
        let queue = self.ordered_queue();
        if self.dice.chance(80) { Action::PauseQueue { by, queue } } else { Action::ResumeQueue { by, queue } }
    }

    /// Sometimes that of one agent, which nobody moves to or pauses.
    fn ordered_queue(&mut self) -> QueueId {
        if self.dice.chance(4) {
            return QueueId::of_agent(&AgentId::new("ana").expect("a short name"));
        }
        QueueId::new(self.dice.one_of(&QUEUES)).expect("a short name")
    }

    /// One that waits, mostly.
    fn ordered_contact(&mut self, model: &Model) -> ContactId {
        let waiting: Vec<ContactId> =
            model.all_contacts().filter(|contact| contact.waiting().is_some()).map(|contact| contact.id).collect();
        let all: Vec<ContactId> = model.all_contacts().map(|contact: &Contact| contact.id).collect();
        let from = if self.dice.chance(85) { &waiting } else { &all };
        let picked = self.dice.pick(from).copied().filter(|_| self.plausibly());
        picked.unwrap_or_else(|| ContactId(self.number(model)))
    }

    /// One who has something to do, mostly.
    fn agent_at_work(&mut self, model: &Model) -> AgentId {
        let at_work: Vec<AgentId> = model
            .all_contacts()
            .flat_map(|contact| {
                let offered = contact.offers().iter().map(|offer| offer.agent.clone());
                offered.chain(contact.segments.iter().map(|segment| segment.agent.clone())).collect::<Vec<_>>()
            })
            .collect();
        let logged_in: Vec<AgentId> = model
            .agents
            .iter()
            .filter(|agent: &&Agent| agent.presence != Presence::Offline)
            .map(|agent| agent.id.clone())
            .collect();
        let from = if self.dice.chance(60) { &at_work } else { &logged_in };
        let picked = self.dice.pick(from).cloned().filter(|_| self.plausibly());
        picked.unwrap_or_else(|| self.known_agent(model))
    }
}
