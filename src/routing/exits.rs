//! How a contact leaves a queue other than by an agent: closed hours, nobody there, too many, too
//! long. Each exit is taken as soon as it holds.

use std::sync::Arc;

use super::command::EndedBy;
use super::event::{Fact, QueuedBy, VisitEnd};
use super::ids::ContactId;
use super::index::requirement_of;
use super::lane::Requirement;
use super::router::ContactRouter;
use super::rule_set::{Exit, ExitAction, FullExit, MaxWaitExit};
use super::state::State;
use super::steps::{is_steppable, somebody_meets};
use super::table::QueueNo;
use super::time::Timestamp;
use super::turn::Turn;
use super::visit::Visit;

impl Turn<'_> {
    /// The first exit that holds now: closed, closing, no agents, full, longest wait.
    pub(super) fn first_exit(&mut self, contact: ContactId) -> Option<(Exit, ExitAction)> {
        let state = self.state();
        let found = state.contacts.get(&contact)?;
        let visit = found.visit.as_ref().filter(|visit| is_steppable(state, found, visit))?;
        let exits = &state.queue(visit.queue).rules.exits;
        let leads_on = |action: &&ExitAction| leads_on(state, visit.queue, action);
        if !is_open(state, visit.queue, self.at) {
            let (exit, action) = if is_open(state, visit.queue, visit.entered_at) {
                (Exit::Closing, &exits.closing)
            } else {
                (Exit::Closed, &exits.closed)
            };
            if let Some(action) = action.as_ref().filter(leads_on) {
                return Some((exit, action.clone()));
            }
        }
        let full = exits.full.as_ref().filter(|full| self.at == visit.entered_at && self.is_full(visit, full));
        let has_waited = |exit: &&MaxWaitExit| self.at >= visit.due(exit.after);
        let longest = exits.max_wait.as_ref().filter(has_waited).map(|exit| (Exit::MaxWait, &exit.action));
        let later = full.map(|exit| (Exit::Full, &exit.action)).filter(|(_, action)| leads_on(action));
        let later = later.or(longest.filter(|(_, action)| leads_on(action)));
        let later = later.map(|(exit, action)| (exit, action.clone()));
        let no_agents = exits.no_agents.as_ref().filter(leads_on).cloned();
        match no_agents.filter(|_| self.at >= state.grace_until) {
            Some(action) if self.nobody_is_there(contact) => Some((Exit::NoAgents, action)),
            Some(_) | None => later,
        }
    }

    /// As many wait already, who came before.
    fn is_full(&self, visit: &Visit, full: &FullExit) -> bool {
        let queued = self.router.index.queued.get(&visit.queue).into_iter();
        let before = queued.flat_map(|visits| visits.range(..(visit.entered_at, visit.key.contact)));
        before.count() >= full.waiting as usize
    }

    /// Nobody logged in meets what the queue asks, nor what the contact asks.
    fn nobody_is_there(&mut self, contact: ContactId) -> bool {
        let ContactRouter { state, index } = &mut *self.router;
        let found = &state.contacts[&contact];
        let visit = found.visit.as_ref().expect("the caller saw an open visit");
        let of_contact = Requirement { only: None, ..requirement_of(found.channel, visit) };
        let rules = &state.queue(visit.queue).rules;
        let of_queue = Requirement {
            skills: Arc::new(rules.skills.clone()),
            joined: smallvec::SmallVec::new(),
            ..of_contact.clone()
        };
        !somebody_meets(state, index, visit, &of_contact) && !somebody_meets(state, index, visit, &of_queue)
    }

    pub(super) fn take_exit(&mut self, contact: ContactId, exit: Exit, action: ExitAction) {
        let state = self.state();
        let visit = state.contacts[&contact].visit.as_ref().expect("only a waiting visit takes an exit");
        let queue = state.queue_id(visit.queue);
        let (visit, rules) = (visit.id, state.rules_version);
        self.record(Fact::ExitTaken { contact, visit, exit, action: action.clone(), rules });
        match action {
            ExitAction::Queue(to) => self.move_on(contact, &to, QueuedBy::Exit { queue, exit }),
            ExitAction::HangUp => {
                self.end_visit(contact, VisitEnd::FlowedOut);
                self.end(contact, EndedBy::Router, None);
            }
        }
    }
}

fn is_open(state: &State, queue: QueueNo, at: Timestamp) -> bool {
    state.calendar(queue).is_none_or(|calendar| calendar.is_open(at + state.wall_offset))
}

fn leads_on(state: &State, from: QueueNo, action: &ExitAction) -> bool {
    match action {
        ExitAction::Queue(to) => state.rules.queues.contains_key(to) && state.queue_no(to) != Some(from),
        ExitAction::HangUp => true,
    }
}
