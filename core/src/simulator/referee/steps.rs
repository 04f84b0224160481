//! A queue's steps: when each is looked at, which of them hold, and what taking one changes. Looks through everything.

use std::sync::Arc;

use super::contacts::Queueing;
use super::deadlines::{Deadline, DeadlineKind};
use super::exits::counts;
use super::model::{Contact, GatewayState, Model, Visit};
use super::turn::Turn;
use crate::routing::event::{Fact, QueuedBy, VisitEnd};
use crate::routing::expression::Scope;
use crate::routing::ids::{ContactId, QueueId};
use crate::routing::rule_set::{QueueRules, RuleSet, StepRules};
use crate::routing::time::{Millis, Timestamp};

/// How often figures are looked at where somebody waits for them.
const LOOK_EVERY: Millis = Millis::seconds(1);

impl Visit {
    /// Asks what it asks after this step.
    pub(super) fn widen(&mut self, step: &StepRules) {
        self.skills.extend(step.skills.clone());
        for skill in &step.drop_skills {
            self.skills.remove(skill);
        }
        if let Some(joined) = step.join_queue.as_ref().filter(|joined| !self.joined.contains(joined)) {
            self.joined.push(joined.clone());
        }
        self.priority += step.priority;
    }

    fn untaken<'a>(&'a self, rules: &'a QueueRules) -> impl Iterator<Item = (usize, &'a StepRules)> {
        rules.steps.iter().enumerate().filter(|(place, _)| !self.taken.contains(place))
    }
}

impl Model {
    /// Time has passed up to `now`, with what came of it.
    pub(crate) fn passed(&mut self, now: Timestamp) {
        self.looks.reached = now;
        self.looks.fired.clear();
    }

    /// A visit takes steps while it waits, is not offered, and its gateway is there.
    pub(crate) fn steppable<'a>(&self, contact: &'a Contact) -> Option<&'a Visit> {
        let attached = self.gateway(&contact.gateway).map(|gateway| gateway.state) == Some(GatewayState::Attached);
        contact.unoffered().filter(|_| attached)
    }

    /// The contacts that wait in the queue of this number.
    pub(super) fn waiting_in(&self, number: usize) -> Vec<ContactId> {
        let queue = &self.queue_order[number];
        let waits = |contact: &&Contact| contact.waiting().is_some_and(|visit| visit.queue == *queue);
        self.all_contacts().filter(waits).map(|contact| contact.id).collect()
    }

    /// Up to when deadlines of this kind and number have fired.
    pub(super) fn looked_until(&self, kind: DeadlineKind, number: u64) -> Timestamp {
        let fired = self.looks.fired.get(&(kind, number)).copied();
        fired.map_or(self.looks.reached, |fired| fired.max(self.looks.reached))
    }

    /// Times at which steps are looked at though nothing else happens; only what is still to come.
    pub(super) fn looks_due(&self) -> Vec<Deadline> {
        let mut due = Vec::new();
        for contact in self.all_contacts() {
            let Some(visit) = self.steppable(contact) else { continue };
            let rules = self.queue(&visit.queue);
            let seen = self.looked_until(DeadlineKind::Step, contact.id.0).max(visit.told_at);
            let steps = visit.untaken(&rules).map(|(_, step)| step.after);
            let waited_for = steps.chain(rules.exits.max_wait.as_ref().map(|longest| longest.after));
            let times = waited_for.map(|after| self.when_waited(contact, visit, after));
            if let Some(at) = times.filter(|at| *at > seen).min() {
                due.push(Deadline { at, kind: DeadlineKind::Step, number: contact.id.0, contact: Some(contact.id) });
            }
        }
        if self.grace_until > self.looked_until(DeadlineKind::Grace, 0) {
            due.push(Deadline { at: self.grace_until, kind: DeadlineKind::Grace, number: 0, contact: None });
        }
        for (number, queue) in self.queue_order.iter().enumerate() {
            let Some(since) = self.looking.get(queue) else { continue };
            let number = number as u64;
            let seen = self.looked_until(DeadlineKind::Look, number).max(*since);
            let at = Timestamp((seen.0.div_euclid(LOOK_EVERY.0) + 1) * LOOK_EVERY.0);
            due.push(Deadline { at, kind: DeadlineKind::Look, number, contact: None });
        }
        due
    }

    /// The place of the first step that holds for the contact, those on figures only `with_figures`.
    pub(crate) fn step_that_holds(&self, contact: ContactId, now: Timestamp, with_figures: bool) -> Option<usize> {
        let contact = self.contacts.get(&contact)?;
        let visit = self.steppable(contact)?;
        let rules = self.queue(&visit.queue);
        let holds = |(_, step): &(usize, &StepRules)| {
            (with_figures || step.when.is_none()) && self.step_holds(contact, visit, step, now)
        };
        visit.untaken(&rules).find(holds).map(|(place, _)| place)
    }

    fn step_holds(&self, contact: &Contact, visit: &Visit, step: &StepRules, now: Timestamp) -> bool {
        let of_rules = |queue| self.rules.as_ref().is_some_and(|rules| rules.queues.contains_key(queue));
        let possible = step.move_to.as_ref().is_none_or(of_rules) && self.joins_known(step);
        let at_any_time = step.when.is_none() && !step.when_nobody_could_match;
        possible
            && now >= self.when_waited(contact, visit, step.after)
            && (at_any_time || now >= self.grace_until)
            && step.when.as_ref().is_none_or(|when| {
                let figures = self.figures_named(when.queues(), now);
                when.holds(&Scope::new([]).with_queues(figures)) == Ok(true)
            })
            && (!step.when_nobody_could_match || self.nobody_could_match(contact, visit))
    }

    fn joins_known(&self, step: &StepRules) -> bool {
        step.join_queue.as_ref().is_none_or(|queue| self.queues.contains_key(queue))
    }

    /// Neither now nor after any step to come that only needs time; one that is due in this very
    /// moment is still to come.
    fn nobody_could_match(&self, contact: &Contact, visit: &Visit) -> bool {
        let logged_in = || self.agents.iter().filter(|agent| counts(agent));
        let nobody = |asked: &Visit| !logged_in().any(|agent| self.admits(agent, contact, asked));
        let rules = self.queue(&visit.queue);
        let timed = |step: &StepRules| step.when.is_none() && !step.when_nobody_could_match && step.move_to.is_none();
        let mut later: Vec<(usize, &StepRules)> =
            visit.untaken(&rules).filter(|(_, step)| timed(step) && self.joins_known(step)).collect();
        later.sort_by_key(|(place, step)| (step.after, *place));
        let mut asked = visit.clone();
        nobody(&asked)
            && later.into_iter().all(|(_, step)| {
                asked.widen(step);
                nobody(&asked)
            })
    }

    /// A step of the new rules is taken if it was one of the old rules that was taken.
    pub(super) fn keep_taken(&mut self, rules: &RuleSet) {
        let (old, contacts) = (&self.queues, &mut self.contacts);
        for visit in contacts.values_mut().filter_map(|contact| Arc::make_mut(contact).visit.as_mut()) {
            let (Some(old), Some(new)) = (old.get(&visit.queue), rules.queues.get(&visit.queue)) else { continue };
            let was_taken = |step: &StepRules| visit.taken.iter().any(|place| old.steps.get(*place) == Some(step));
            let places = new.steps.iter().enumerate().filter(|(_, step)| was_taken(step));
            visit.taken = places.map(|(place, _)| place).collect();
        }
    }
}

impl Turn {
    /// All that hold, steps in the queue's order before exits, one by one; into another queue, and
    /// there again.
    pub(crate) fn take_steps_and_exits(&mut self, contact: ContactId) {
        loop {
            if let Some(place) = self.model.step_that_holds(contact, self.at, self.is_about(contact)) {
                if !self.entered_anew_at_step(contact) {
                    self.take_step(contact, place);
                }
            } else if let Some((exit, action)) = self.model.exit_that_holds(contact, self.at) {
                self.take_exit(contact, exit, action);
            } else {
                return;
            }
        }
    }

    fn take_step(&mut self, contact: ContactId, place: usize) {
        let visit = self.model.contacts[&contact].visit.clone().expect("its step holds");
        let rules: Arc<QueueRules> = self.model.queue(&visit.queue);
        let step = &rules.steps[place];
        let number = place as u32 + 1;
        let mut widened = visit.clone();
        widened.widen(step);
        self.record(Fact::VisitWidened {
            contact,
            visit: visit.id,
            step: number,
            skills: widened.skills,
            joined: widened.joined,
            priority: widened.priority,
            rules: self.model.version,
        });
        if let Some(to) = step.move_to.clone() {
            let cause = QueuedBy::Step { queue: visit.queue.clone(), step: number };
            self.move_on(contact, &visit, to, cause);
        }
    }

    /// Out of its queue and into another, in the same place.
    pub(super) fn move_on(&mut self, contact: ContactId, from: &Visit, to: QueueId, cause: QueuedBy) {
        self.end_visit(contact, VisitEnd::FlowedOut);
        let there = self.model.queue(&to);
        self.queue_contact(
            contact,
            Queueing {
                queue: to,
                cause,
                skills: there.skills.clone(),
                priority: there.priority,
                ordered_since: from.ordered_since,
                direct: None,
                preferred: None,
                never: from.never.clone(),
                failed: Vec::new(),
            },
        );
    }
}
