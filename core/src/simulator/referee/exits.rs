//! How a contact leaves a queue other than by an agent: when each exit holds, and what taking it causes. Scans the hours.

use super::deadlines::{Deadline, DeadlineKind};
use super::model::{Agent, Contact, Model, Visit};
use super::turn::Turn;
use crate::routing::calendar::Calendar;
use crate::routing::command::{EndedBy, Presence};
use crate::routing::event::{Fact, QueuedBy, Reach, VisitEnd};
use crate::routing::ids::{ContactId, QueueId};
use crate::routing::rule_set::{Exit, ExitAction, ExitRules};
use crate::routing::time::{Millis, Timestamp};

/// Hours are whole minutes, and so are the offsets of zones in use.
const MINUTE: Millis = Millis::minutes(1);

impl Model {
    /// By the present rules. None: always open.
    pub(super) fn calendar(&self, queue: &QueueId) -> Option<&Calendar> {
        let hours = self.queues.get(queue)?.hours.as_ref()?;
        self.rules.as_ref()?.calendars.get(hours).map(|calendar| &**calendar)
    }

    fn is_open(&self, queue: &QueueId, at: Timestamp) -> bool {
        self.calendar(queue).is_none_or(|calendar| calendar.is_open(at + self.wall_offset))
    }

    /// Whether its closing is a moment at which somebody may be looked at.
    pub(super) fn minds_hours(&self, queue: &QueueId) -> bool {
        let rules = self.queue(queue);
        rules.hours.is_some() && (!rules.steps.is_empty() || rules.exits != ExitRules::default())
    }

    /// Each queue's first closing after `seen` and up to `until`, found minute by minute.
    pub(super) fn closings_due(&self, until: Timestamp) -> Vec<Deadline> {
        let mut due = Vec::new();
        for (number, queue) in self.queue_order.iter().enumerate() {
            let Some(since) = self.with_hours.get(queue) else { continue };
            let number = number as u64;
            let seen = self.looked_until(DeadlineKind::Closing, number).max(*since);
            let into_minute = (seen + self.wall_offset).0.rem_euclid(MINUTE.0);
            let mut at = seen - Millis(into_minute);
            let mut was_open = self.is_open(queue, seen);
            while at + MINUTE <= until {
                at = at + MINUTE;
                let open = self.is_open(queue, at);
                if was_open && !open {
                    due.push(Deadline { at, kind: DeadlineKind::Closing, number, contact: None });
                    break;
                }
                was_open = open;
            }
        }
        due
    }

    /// The first exit that holds for the contact, with what it leads to.
    pub(crate) fn exit_that_holds(&self, contact: ContactId, now: Timestamp) -> Option<(Exit, ExitAction)> {
        let contact = self.contacts.get(&contact)?;
        let visit = self.steppable(contact)?;
        let rules = self.queue(&visit.queue);
        let exits = &rules.exits;
        if contact.consultation.is_some() || *exits == ExitRules::default() {
            return None;
        }
        let shut = |came_while_open: bool| {
            !self.is_open(&visit.queue, now) && self.is_open(&visit.queue, visit.entered_at) == came_while_open
        };
        let before = || self.came_before(visit, contact.id);
        let nobody = || exits.no_agents.is_some() && now >= self.grace_until && self.nobody_serves(contact, visit);
        let all = [
            (Exit::Closed, exits.closed.clone(), shut(false)),
            (Exit::Closing, exits.closing.clone(), shut(true)),
            (Exit::NoAgents, exits.no_agents.clone(), nobody()),
            {
                let full = exits.full.as_ref().filter(|_| now == visit.entered_at);
                let is_full = full.is_some_and(|full| before() >= full.waiting as usize);
                (Exit::Full, full.map(|full| full.action.clone()), is_full)
            },
            {
                let long = exits.long_wait.as_ref().filter(|_| now == visit.entered_at);
                let is_long = |over| visit.estimate.is_some_and(|estimate| estimate.p50 > over);
                let too_long = long.is_some_and(|long| is_long(long.over));
                (Exit::LongWait, long.map(|long| long.action.clone()), too_long)
            },
            {
                let over = |after| now >= self.when_waited(contact, visit, after);
                let too_long = exits.max_wait.as_ref().is_some_and(|longest| over(longest.after));
                (Exit::MaxWait, exits.max_wait.as_ref().map(|longest| longest.action.clone()), too_long)
            },
        ];
        let leads_on = |action: &ExitAction| self.leads_on(contact, visit, action);
        all.into_iter()
            .filter(|(_, _, holds)| *holds)
            .find_map(|(exit, action, _)| Some((exit, action.filter(leads_on)?)))
    }

    /// How many wait in the queue who entered it earlier.
    fn came_before(&self, visit: &Visit, contact: ContactId) -> usize {
        let others = self.all_contacts().filter_map(|other| Some((other.id, other.waiting()?)));
        others
            .filter(|(id, other)| other.queue == visit.queue && (other.entered_at, *id) < (visit.entered_at, contact))
            .count()
    }

    /// Nobody logged in may serve what the visit asks, nor what its queue asks of all.
    fn nobody_serves(&self, contact: &Contact, visit: &Visit) -> bool {
        let (rules, never) = (self.queue(&visit.queue), &visit.never);
        let for_the_queue = |agent: &Agent| {
            self.can_serve(agent, contact.channel)
                && !never.contains(&agent.id)
                && self.meets(agent, &visit.queue, &rules.skills, None)
        };
        !self
            .agents
            .iter()
            .filter(|agent| counts(agent))
            .any(|agent| self.admits(agent, contact, visit) || for_the_queue(agent))
    }
}

/// Logged in, and his console may come back at once.
pub(super) fn counts(agent: &Agent) -> bool {
    agent.in_rules
        && agent.presence != Presence::Offline
        && match agent.reach {
            Reach::Here | Reach::Away { .. } => true,
            Reach::Unreachable { .. } | Reach::Gone => false,
        }
}

impl Turn {
    pub(super) fn take_exit(&mut self, contact: ContactId, exit: Exit, action: ExitAction) {
        let visit = self.model.contacts[&contact].visit.clone().expect("its exit holds");
        let within = match action {
            ExitAction::Voicemail { .. } => Some(self.model.site().voicemail_within),
            ExitAction::Announce { .. } => Some(self.model.site().announce_within),
            ExitAction::Queue(_) | ExitAction::HangUp | ExitAction::Callback => None,
        };
        self.record(Fact::ExitTaken {
            contact,
            visit: visit.id,
            exit,
            action: action.clone(),
            until: within.map(|within| self.at + within),
            rules: self.model.version,
        });
        match action {
            ExitAction::Queue(to) => {
                let cause = QueuedBy::Exit { queue: visit.queue.clone(), exit };
                self.move_on(contact, &visit, to, cause);
            }
            ExitAction::HangUp => {
                self.end_visit(contact, VisitEnd::FlowedOut);
                self.record_end(contact, EndedBy::Router);
            }
            ExitAction::Callback => self.ask_to_be_called(contact, &visit),
            ExitAction::Voicemail { .. } | ExitAction::Announce { .. } => {
                self.end_visit(contact, VisitEnd::FlowedOut);
            }
        }
    }
}
