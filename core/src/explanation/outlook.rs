//! Which step of its queue a waiting contact takes next, which exit, and when. Takes none.

use serde::Serialize;
use smallvec::SmallVec;

use super::requirement::{Asked, Scan};
use crate::routing::expression::{Expression, Scope};
use crate::routing::rule_set::{Channel, Exit, ExitAction, ExitRules, StepRules};
use crate::routing::table::QueueNo;
use crate::routing::time::{Millis, Timestamp};
use crate::routing::visit::{Contact, Visit};

/// What may still become of a visit without an agent.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Outlook {
    /// Why no step and no exit is looked at now.
    pub paused: Option<Paused>,
    pub steps: Vec<StepOutlook>,
    pub exits: Vec<ExitOutlook>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Paused {
    Offered,
    /// It waits for one agent alone; after that it goes to the queue behind.
    Direct,
    GatewayAway,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StepOutlook {
    /// From 1, in the order of the rules.
    pub number: u32,
    pub taken: bool,
    /// Its time, and that of the condition it may name.
    pub due: Timestamp,
    pub when: Option<Condition>,
    /// Whether nobody could match; None: the step does not ask.
    pub nobody_could_match: Option<bool>,
    /// Names a queue that is no longer there.
    pub leads_nowhere: bool,
    /// All it names holds now.
    pub holds: bool,
    pub rules: StepRules,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Condition {
    pub text: String,
    pub holds: bool,
    /// Why it could not be evaluated; it counts as not holding.
    pub failed: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ExitOutlook {
    pub exit: Exit,
    pub action: ExitAction,
    /// Its action has nowhere to lead, or has failed.
    pub leads_nowhere: bool,
    pub holds: bool,
    /// When it holds by time alone.
    pub at: Option<Timestamp>,
}

/// What comes next; `at` None: once its condition holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Next<T> {
    pub what: T,
    pub at: Option<Timestamp>,
}

impl Outlook {
    /// The step that holds now, or the one whose time comes next, or the first that waits on more than time.
    #[must_use]
    pub fn next_step(&self, now: Timestamp) -> Option<Next<u32>> {
        let open = || self.steps.iter().filter(|step| !step.taken && !step.leads_nowhere);
        if let Some(step) = open().find(|step| step.holds) {
            return Some(Next { what: step.number, at: Some(now) });
        }
        let timed = open().filter(|step| step.due > now).min_by_key(|step| (step.due, step.number));
        let by_time = timed.map(|step| Next { what: step.number, at: Some(step.due) });
        by_time.or_else(|| open().next().map(|step| Next { what: step.number, at: None }))
    }

    /// The exit that holds now, or the next by time.
    #[must_use]
    pub fn next_exit(&self, now: Timestamp) -> Option<Next<Exit>> {
        let open = || self.exits.iter().filter(|exit| !exit.leads_nowhere);
        if let Some(exit) = open().find(|exit| exit.holds) {
            return Some(Next { what: exit.exit, at: Some(now) });
        }
        let timed = open().filter(|exit| exit.at.is_some_and(|at| at > now)).min_by_key(|exit| exit.at);
        timed.map(|exit| Next { what: exit.exit, at: exit.at })
    }
}

impl Scan<'_> {
    #[must_use]
    pub fn outlook(&self, contact: &Contact, visit: &Visit, now: Timestamp) -> Outlook {
        let rules = &self.state.queue(visit.queue).rules;
        let paused = if !visit.is_waiting() {
            Some(Paused::Offered)
        } else if visit.direct.is_some() {
            Some(Paused::Direct)
        } else if !self.state.gateway(contact.gateway).is_attached() {
            Some(Paused::GatewayAway)
        } else {
            None
        };
        let steps = rules.steps.iter().enumerate();
        let steps = steps.map(|(place, step)| self.step(contact.channel, visit, place, step, now)).collect();
        // A question between agents takes none.
        let exits = exits_of(&rules.exits).into_iter().filter(|_| contact.consultation.is_none());
        let exits = exits.map(|(exit, action)| self.exit(contact, visit, exit, action, now)).collect();
        Outlook { paused, steps, exits }
    }

    fn step(&self, channel: Channel, visit: &Visit, place: usize, step: &StepRules, now: Timestamp) -> StepOutlook {
        let taken = visit.has_taken(place);
        let due = self.state.due(visit, step.after);
        let is_settled = now >= self.state.grace_until;
        let when = step.when.as_ref().map(|when| self.condition(when, now));
        let nobody = step.when_nobody_could_match.then(|| !taken && self.nobody_could_match(channel, visit));
        let leads_nowhere = !self.can_be_taken(step);
        let holds = !taken
            && now >= due
            && !leads_nowhere
            && when.as_ref().is_none_or(|when| is_settled && when.holds)
            && nobody.is_none_or(|nobody| is_settled && nobody);
        StepOutlook {
            number: u32::try_from(place + 1).expect("a queue has at most STEPS_MAX steps"),
            taken,
            due,
            when,
            nobody_could_match: nobody,
            leads_nowhere,
            holds,
            rules: step.clone(),
        }
    }

    fn can_be_taken(&self, step: &StepRules) -> bool {
        let joins = step.join_queue.as_ref().is_none_or(|queue| self.state.queue_no(queue).is_some());
        joins && step.move_to.as_ref().is_none_or(|queue| self.state.rules.queues.contains_key(queue))
    }

    fn condition(&self, when: &Expression, now: Timestamp) -> Condition {
        let scope = Scope::new([]).with_queues(self.figures_named_by([when], now));
        let (holds, failed) = match when.holds(&scope) {
            Ok(holds) => (holds, None),
            Err(error) => (false, Some(error.to_string())),
        };
        Condition { text: when.text().to_owned(), holds, failed }
    }

    /// Nobody logged in meets what is asked, or will be asked by a step to come that names only a time.
    fn nobody_could_match(&self, channel: Channel, visit: &Visit) -> bool {
        let mut later: Vec<(Millis, usize, &StepRules)> = Vec::new();
        for (place, step) in self.state.queue(visit.queue).rules.steps.iter().enumerate() {
            if step.is_timed() && step.move_to.is_none() && !visit.has_taken(place) && self.can_be_taken(step) {
                later.push((step.after, place, step));
            }
        }
        later.sort_by_key(|(after, place, _)| (*after, *place));
        let mut skills = (*visit.skills).clone();
        let mut joined: SmallVec<[QueueNo; 1]> = visit.joined.clone();
        let contact = &self.state.contacts[&visit.key.contact];
        let mut could = self.somebody_meets(channel, visit, &Asked::by(contact, visit));
        for (_, _, step) in later {
            skills = step.widen(&skills);
            joined.extend(step.join_queue.as_ref().and_then(|queue| self.state.queue_no(queue)));
            could |= self.somebody_meets(
                channel,
                visit,
                &Asked { channel, queue: visit.queue, skills: &skills, joined: &joined, contact: Some(contact) },
            );
        }
        !could
    }

    fn somebody_meets(&self, channel: Channel, visit: &Visit, asked: &Asked<'_>) -> bool {
        debug_assert_eq!(channel, asked.channel, "one contact has one channel");
        self.agents().any(|agent| {
            self.state.agent(agent).is_counted_on()
                && !visit.never.contains(&agent)
                && asked.contact.is_none_or(|contact| self.missing_for_lead(contact, visit, agent).is_none())
                && self.lacks(asked, agent).is_none()
        })
    }

    fn exit(&self, contact: &Contact, visit: &Visit, exit: Exit, action: ExitAction, now: Timestamp) -> ExitOutlook {
        let rules = &self.state.queue(visit.queue).rules.exits;
        let is_new = now == visit.entered_at;
        let (holds, at) = match exit {
            Exit::Closed => (!self.is_open(visit.queue, now) && !self.is_open(visit.queue, visit.entered_at), None),
            Exit::Closing => {
                let holds = !self.is_open(visit.queue, now) && self.is_open(visit.queue, visit.entered_at);
                (holds, self.next_closing(visit.queue, now))
            }
            Exit::NoAgents => (now >= self.state.grace_until && self.nobody_is_there(contact.channel, visit), None),
            Exit::Full => {
                let is_full = rules.full.as_ref().is_some_and(|full| self.before(visit) >= full.waiting as usize);
                (is_new && is_full, None)
            }
            Exit::LongWait => {
                let is_longer = |over: Millis| visit.estimate.is_some_and(|estimate| estimate.p50 > over);
                (is_new && rules.long_wait.as_ref().is_some_and(|long| is_longer(long.over)), None)
            }
            Exit::MaxWait => {
                let due = rules.max_wait.as_ref().map(|longest| self.state.due(visit, longest.after));
                (due.is_some_and(|due| now >= due), due)
            }
            Exit::Key { .. } => (false, None),
        };
        let leads_nowhere = !self.leads_on(contact, visit, &action);
        ExitOutlook { exit, action, leads_nowhere, holds: holds && !leads_nowhere, at }
    }

    fn leads_on(&self, contact: &Contact, visit: &Visit, action: &ExitAction) -> bool {
        match action {
            ExitAction::Queue(to) => {
                self.state.rules.queues.contains_key(to) && self.state.queue_no(to) != Some(visit.queue)
            }
            ExitAction::HangUp => contact.on_line,
            ExitAction::Voicemail { .. } | ExitAction::Announce { .. } => contact.on_line && !visit.exits_failed,
            ExitAction::Callback => {
                let details = contact.details.first().and_then(|details| details.plain());
                contact.channel == Channel::Voice
                    && contact.on_line
                    && details.is_some_and(|details| details.from.is_some())
                    && self.state.queue(visit.queue).rules.channels.contains(&Channel::Callback)
            }
        }
    }

    fn is_open(&self, queue: QueueNo, at: Timestamp) -> bool {
        self.state.calendar(queue).is_none_or(|calendar| calendar.is_open(at + self.state.wall_offset))
    }

    fn next_closing(&self, queue: QueueNo, now: Timestamp) -> Option<Timestamp> {
        let calendar = self.state.calendar(queue)?;
        calendar.next_closing(now + self.state.wall_offset).map(|at| at - self.state.wall_offset)
    }

    /// Visits of its queue that began before it and are not connecting.
    fn before(&self, visit: &Visit) -> usize {
        let visits = self.state.contacts.values().filter_map(|contact| contact.visit.as_ref());
        let began = |visit: &Visit| (visit.entered_at, visit.key.contact);
        visits
            .filter(|other| other.queue == visit.queue && other.connecting().is_none() && began(other) < began(visit))
            .count()
    }

    fn nobody_is_there(&self, channel: Channel, visit: &Visit) -> bool {
        let skills = self.skills_of(visit.queue);
        let of_queue = Asked { channel, queue: visit.queue, skills, joined: &[], contact: None };
        let contact = &self.state.contacts[&visit.key.contact];
        !self.somebody_meets(channel, visit, &Asked::by(contact, visit))
            && !self.somebody_meets(channel, visit, &of_queue)
    }
}

/// The exits a queue has, in the order in which they are looked at, then its keys.
fn exits_of(rules: &ExitRules) -> Vec<(Exit, ExitAction)> {
    let by_themselves =
        [Exit::Closed, Exit::Closing, Exit::NoAgents, Exit::Full, Exit::LongWait, Exit::MaxWait].into_iter();
    let keys = rules.keys.keys().map(|key| Exit::Key { key: *key });
    let all = by_themselves.chain(keys);
    all.filter_map(|exit| rules.action(exit).map(|action| (exit, action.clone()))).collect()
}
