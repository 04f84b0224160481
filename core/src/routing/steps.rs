//! Widening: each step of a queue is taken once, as soon as all it names holds; then its exits are
//! looked at. A step asks less, or asks others; it never offers anything itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use smallvec::SmallVec;

use super::entry::{Because, NewVisit, figures_named_by};
use super::event::{Fact, QueuedBy, VisitEnd};
use super::expression::{Expression, Scope};
use super::ids::{ContactId, QueueId};
use super::index::{Index, requirement_of};
use super::lane::{BoundContact, Requirement};
use super::router::ContactRouter;
use super::rule_set::{ExitRules, QueueRules, StepRules};
use super::skill::Skills;
use super::state::State;
use super::table::QueueNo;
use super::time::Timestamp;
use super::turn::Turn;
use super::visit::{Contact, Visit};

/// What a queue's steps look at, beside the time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct StepKinds {
    pub figures: bool,
    /// Whether somebody is logged in.
    pub nobody: bool,
    pub hours: bool,
}

impl StepKinds {
    /// None: it has neither steps nor exits.
    pub fn of(rules: &QueueRules) -> Option<StepKinds> {
        let has = |kind: fn(&StepRules) -> bool| rules.steps.iter().any(kind);
        (!rules.steps.is_empty() || rules.exits != ExitRules::default()).then(|| StepKinds {
            figures: has(|step| step.when.is_some()),
            nobody: has(|step| step.when_nobody_could_match) || rules.exits.no_agents.is_some(),
            hours: rules.hours.is_some(),
        })
    }
}

impl StepRules {
    /// Names a time at most.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.when.is_none() && !self.when_nobody_could_match
    }

    /// The skills asked once it is taken.
    #[must_use]
    pub fn widen(&self, skills: &Skills) -> Skills {
        let mut widened = skills.clone();
        widened.extend(self.skills.iter().map(|(skill, level)| (skill.clone(), *level)));
        widened.retain(|skill, _| !self.drop_skills.contains(skill));
        widened
    }
}

/// Whether steps are looked at: nothing is under way with the contact, and its gateway is there.
pub(super) fn is_steppable(state: &State, contact: &Contact, visit: &Visit) -> bool {
    visit.is_waiting() && visit.direct.is_none() && state.gateway(contact.gateway).is_attached()
}

/// The next time after `now` at which a step or the longest wait of the visit may fall due.
pub(super) fn next_step_time(state: &State, visit: &Visit, now: Timestamp) -> Option<Timestamp> {
    let rules = &state.queue(visit.queue).rules;
    let steps = rules.steps.iter().enumerate().filter(|(no, _)| !visit.has_taken(*no)).map(|(_, step)| step.after);
    let waiting_for = steps.chain(rules.exits.max_wait.as_ref().map(|exit| exit.after));
    waiting_for.map(|after| state.due(visit, after)).filter(|due| *due > now).min()
}

impl Turn<'_> {
    /// Takes what holds of the contacts noted since the last fixed point, in their order. A step may
    /// change the figures that others wait for: those `on_figures` of this turn are noted once more.
    pub(super) fn take_steps(&mut self, on_figures: &mut BTreeSet<ContactId>) {
        let mut is_any_taken = false;
        while let Some((contact, mut looks_at_figures)) = self.router.index.unsettled_steps.pop_first() {
            loop {
                if let Some(no) = self.first_step(contact, looks_at_figures) {
                    if self.state().contacts[&contact].visit.as_ref().is_some_and(|visit| visit.anew_at_step) {
                        self.enter_anew(contact, Because::NextStep);
                    } else {
                        self.take_step(contact, no);
                    }
                } else if let Some((exit, action)) = self.first_exit(contact) {
                    self.take_exit(contact, exit, action);
                } else {
                    break;
                }
                looks_at_figures = true;
                is_any_taken = true;
            }
            if looks_at_figures {
                on_figures.insert(contact);
            }
            // What the steps themselves recorded is dealt with.
            self.router.index.unsettled_steps.remove(&contact);
        }
        if is_any_taken {
            for contact in on_figures.iter() {
                self.router.index.note_steps(&self.router.state, *contact, true);
            }
        }
    }

    /// The first step in the order of the rules that holds now.
    fn first_step(&mut self, contact: ContactId, looks_at_figures: bool) -> Option<usize> {
        let found = self.state().contacts.get(&contact)?;
        let visit = found.visit.as_ref().filter(|visit| is_steppable(self.state(), found, visit))?.clone();
        let rules = Arc::clone(&self.state().queue(visit.queue).rules);
        let is_settled = self.at >= self.state().grace_until;
        rules.steps.iter().enumerate().position(|(no, step)| {
            !visit.has_taken(no)
                && self.at >= self.state().due(&visit, step.after)
                && self.can_be_taken(step)
                && match &step.when {
                    Some(when) => is_settled && looks_at_figures && self.figures_say(when),
                    None => true,
                }
                && (!step.when_nobody_could_match || (is_settled && self.nobody_could_match(&visit, &rules)))
        })
    }

    fn can_be_taken(&self, step: &StepRules) -> bool {
        let is_known = |queue: &QueueId| self.state().queue_no(queue).is_some();
        let may_move = |queue: &QueueId| self.state().rules.queues.contains_key(queue);
        step.join_queue.as_ref().is_none_or(is_known) && step.move_to.as_ref().is_none_or(may_move)
    }

    fn figures_say(&mut self, when: &Expression) -> bool {
        let ContactRouter { state, index } = &mut *self.router;
        let figures = figures_named_by(state, index, [when], self.at);
        when.holds(&Scope::new([]).with_queues(figures)) == Ok(true)
    }

    /// Nobody logged in meets what the visit asks, or will ask by a step to come that names only a
    /// time. One whose time is this moment is still to come: it may stand further down in the file.
    fn nobody_could_match(&mut self, visit: &Visit, rules: &QueueRules) -> bool {
        let is_later = |(no, step): &(usize, &StepRules)| {
            step.is_timed() && step.move_to.is_none() && !visit.has_taken(*no) && self.can_be_taken(step)
        };
        let mut later: Vec<(usize, &StepRules)> = rules.steps.iter().enumerate().filter(is_later).collect();
        later.sort_by_key(|(no, step)| (step.after, *no));
        let ContactRouter { state, index } = &mut *self.router;
        let contact = &state.contacts[&visit.key.contact];
        let mut asked = Requirement { only: contact.owner(), ..requirement_of(state, contact, visit) };
        if somebody_meets(state, index, visit, &asked) {
            return false;
        }
        later.into_iter().all(|(_, step)| {
            asked.skills = Arc::new(step.widen(&asked.skills));
            asked.joined.extend(step.join_queue.as_ref().and_then(|queue| state.queue_no(queue)));
            asked.contact = BoundContact::of(state, contact, visit.queue, &asked.joined);
            !somebody_meets(state, index, visit, &asked)
        })
    }

    fn take_step(&mut self, contact: ContactId, no: usize) {
        let state = self.state();
        let visit = state.contacts[&contact].visit.as_ref().expect("only a waiting visit takes steps");
        let rules = Arc::clone(&state.queue(visit.queue).rules);
        let step = &rules.steps[no];
        let number = u32::try_from(no + 1).expect("a queue has at most STEPS_MAX steps");
        let mut joined: SmallVec<[QueueNo; 1]> = visit.joined.clone();
        if let Some(queue) = step.join_queue.as_ref().and_then(|queue| state.queue_no(queue))
            && !joined.contains(&queue)
        {
            joined.push(queue);
        }
        let queue = state.queue_id(visit.queue);
        let widened = Fact::VisitWidened {
            contact,
            visit: visit.id,
            step: number,
            skills: step.widen(&visit.skills),
            joined: joined.iter().map(|queue| state.queue_id(*queue)).collect(),
            priority: visit.priority.saturating_add(step.priority),
            rules: state.rules_version,
        };
        self.record(widened);
        if let Some(to) = &step.move_to {
            self.move_on(contact, to, QueuedBy::Step { queue, step: number });
        }
    }

    /// The visit ends, and one in another queue begins in the same place.
    pub(super) fn move_on(&mut self, contact: ContactId, to: &QueueId, cause: QueuedBy) {
        let visit = self.state().contacts[&contact].visit.as_ref().expect("only a waiting visit moves on");
        let there = &self.state().rules.queues[to];
        let moved = NewVisit {
            queue: to.clone(),
            cause,
            skills: there.skills.clone(),
            priority: there.priority,
            ordered_since: visit.ordered_since,
            direct: None,
            preferred: None,
            never: self.agent_ids(&visit.never),
        };
        self.end_visit(contact, VisitEnd::FlowedOut);
        self.queue(contact, moved);
    }
}

/// Whether anybody logged in meets a requirement.
pub(super) fn somebody_meets(state: &State, index: &mut Index, visit: &Visit, asked: &Requirement) -> bool {
    let mut could: FixedBitSet = index.lanes.admitted(state, asked);
    could.intersect_with(&index.counted_on);
    could.ones().any(|agent| !visit.never.iter().any(|never| never.position() == agent))
}
