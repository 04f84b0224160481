//! One command or one deadline being decided: records each fact through `evolve` before the next
//! decision, so that what is decided and what is remembered cannot differ.

use super::event::{Event, Fact};
use super::ids::{AgentId, PersonId, Request};
use super::refusal::Refusal;
use super::router::ContactRouter;
use super::state::State;
use super::table::AgentNo;
use super::time::Timestamp;

/// What a decision needs: the router, the time, and the facts so far.
pub(super) struct Turn<'a> {
    pub router: &'a mut ContactRouter,
    pub at: Timestamp,
    request: Option<Request>,
    /// The supervisor who orders it.
    by: Option<PersonId>,
    events: Vec<Event>,
}

impl<'a> Turn<'a> {
    pub fn new(router: &'a mut ContactRouter, at: Timestamp) -> Turn<'a> {
        Turn { router, at, request: None, by: None, events: Vec::new() }
    }

    /// Every event of the turn says who asked for it.
    pub fn asked_for(self, request: Option<Request>, by: Option<PersonId>) -> Turn<'a> {
        Turn { request, by, ..self }
    }

    pub fn record(&mut self, fact: Fact) {
        let event = Event { at: self.at, request: self.request.clone(), by: self.by.clone(), fact };
        self.router.apply(&event);
        self.events.push(event);
    }

    pub fn into_events(self) -> Vec<Event> {
        self.events
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    pub fn has_recorded(&self) -> bool {
        !self.events.is_empty()
    }

    pub fn state(&self) -> &State {
        &self.router.state
    }

    /// An agent the router has ever known, dropped ones included.
    pub fn agent(&self, agent: &AgentId) -> Result<AgentNo, Refusal> {
        self.state().agent_no(agent).ok_or_else(|| Refusal::UnknownAgent { agent: agent.clone() })
    }

    pub fn agent_ids(&self, agents: &[AgentNo]) -> Vec<AgentId> {
        agents.iter().map(|agent| self.state().agent_id(*agent)).collect()
    }

    /// An agent of the present rules.
    pub fn agent_in_rules(&self, agent: &AgentId) -> Result<AgentNo, Refusal> {
        let no = self.agent(agent)?;
        match self.state().agent(no).rules {
            Some(_) => Ok(no),
            None => Err(Refusal::UnknownAgent { agent: agent.clone() }),
        }
    }
}
