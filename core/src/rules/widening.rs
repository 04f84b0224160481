//! What only the queues together can show of their steps and exits: targets, loops of moves, skills that nobody asks. Reads no TOML.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::entry::EntryDraft;
use super::queues::{QUEUES_MAX, QueueDraft};
use super::report::{Findings, PROBLEMS_MAX};
use super::steps::StepDraft;
use super::values::SKILLS_ASKED_MAX;
use super::whole_set::{Drafts, QueuesByName, unknown_queue};
use crate::routing::ids::{QueueId, SkillId};
use crate::routing::rule_set::Channel;
use crate::routing::skill::{Level, Skills};

pub(super) fn check(found: &Findings, drafts: &Drafts<'_>, queues: &QueuesByName<'_, '_>) {
    let asked_by_rules = asked_by_rules(&drafts.entry);
    let nothing = BTreeMap::new();
    for (id, queue) in queues {
        let by_rules = asked_by_rules.get(id).unwrap_or(&nothing);
        for step in &queue.steps {
            for (asked, span) in step.queues_asked.iter().filter(|(asked, _)| !queues.contains_key(asked)) {
                unknown_queue(found, queue.source, span, asked, queues);
            }
            check_join(found, id, queue, step, queues);
            if let Some((to, span)) = &step.move_to {
                check_move(found, queue, to, span, queues);
            }
            check_skills(found, id, queue, step, by_rules);
        }
        for (to, span) in &queue.exit_moves {
            check_move(found, queue, to, span, queues);
        }
        for (to, span) in &queue.key_moves {
            check_key_move(found, id, queue, to, span, queues);
        }
        check_skill_count(found, id, queue, &drafts.entry);
        check_reached(found, queue);
    }
    if queues.len() <= QUEUES_MAX {
        check_loops(found, queues);
    }
}

/// The greatest level that entry rules ask of each skill, by queue.
fn asked_by_rules<'d>(entry: &'d [EntryDraft<'_>]) -> BTreeMap<&'d QueueId, BTreeMap<&'d SkillId, Level>> {
    let mut asked: BTreeMap<&QueueId, BTreeMap<&SkillId, Level>> = BTreeMap::new();
    for rule in entry {
        let Some((queue, _)) = &rule.queue else { continue };
        let levels = asked.entry(queue).or_default();
        for (skill, level) in &rule.skills {
            let greatest = levels.entry(skill).or_insert(*level);
            *greatest = (*greatest).max(*level);
        }
    }
    asked
}

fn check_join(found: &Findings, id: &QueueId, queue: &QueueDraft<'_>, step: &StepDraft, queues: &QueuesByName<'_, '_>) {
    let Some((joined, span)) = &step.join_queue else { return };
    if joined == id {
        let message = format!("queue {id} joins itself");
        found.error(queue.source, span.clone(), message, "another queue, whose agents may serve, too");
    } else {
        check_target(found, queue, joined, span, queues);
    }
}

fn check_move(
    found: &Findings,
    queue: &QueueDraft<'_>,
    to: &QueueId,
    span: &Range<usize>,
    queues: &QueuesByName<'_, '_>,
) {
    let Some(target) = check_target(found, queue, to, span, queues) else { return };
    let missing: Vec<&str> = channels_not_in(queue, target).into_iter().map(Channel::name).collect();
    if !missing.is_empty() {
        let message = format!("queue {to} does not serve {}", missing.join(", "));
        found.warning(queue.source, span.clone(), message, "a queue with all the channels of this one");
    }
}

/// A key may lead back to where the caller came from: it is his choice each time.
fn check_key_move(
    found: &Findings,
    id: &QueueId,
    queue: &QueueDraft<'_>,
    to: &QueueId,
    span: &Range<usize>,
    queues: &QueuesByName<'_, '_>,
) {
    match queues.get(to) {
        None => unknown_queue(found, queue.source, span, to, queues),
        Some(_) if to == id => {
            found.error(queue.source, span.clone(), format!("queue {id} moves to itself"), "another queue");
        }
        Some(target) if !target.rules.channels.contains(&Channel::Voice) => {
            let message = format!("queue {to} does not serve voice");
            found.error(queue.source, span.clone(), message, "a queue for callers: they press keys");
        }
        Some(_) => {}
    }
}

/// The queue a step or exit names, when it is there and serves some channel of this one.
fn check_target<'d, 't>(
    found: &Findings,
    queue: &QueueDraft<'_>,
    target: &QueueId,
    span: &Range<usize>,
    queues: &QueuesByName<'d, 't>,
) -> Option<&'d QueueDraft<'t>> {
    let Some(draft) = queues.get(target) else {
        unknown_queue(found, queue.source, span, target, queues);
        return None;
    };
    if channels_not_in(queue, draft).len() == queue.rules.channels.len() {
        let names: Vec<&str> = queue.rules.channels.iter().map(|channel| channel.name()).collect();
        let message = format!("queue {target} serves none of this queue's channels");
        found.error(queue.source, span.clone(), message, format!("a queue with one of {}", names.join(", ")));
        return None;
    }
    Some(draft)
}

fn channels_not_in(queue: &QueueDraft<'_>, other: &QueueDraft<'_>) -> Vec<Channel> {
    queue.rules.channels.iter().copied().filter(|channel| !other.rules.channels.contains(channel)).collect()
}

/// Warns of skills that leave as many agents as before, or fewer.
fn check_skills(
    found: &Findings,
    id: &QueueId,
    queue: &QueueDraft<'_>,
    step: &StepDraft,
    by_rules: &BTreeMap<&SkillId, Level>,
) {
    for (skill, span) in &step.skills {
        let Some(level) = step.rules.skills.get(skill) else { continue };
        let own = queue.rules.skills.get(skill);
        let asks_already = |own: &Level| format!("queue {id} asks {} of {skill}", own.get());
        let less = |own: &Level| match own.get() {
            1 => format!("drop_skills = [{:?}]", skill.as_str()),
            own => format!("less than {own}"),
        };
        let lowers = by_rules.get(skill).is_some_and(|asked| asked > level);
        let (asks, expected) = match own {
            None => (
                format!("queue {id} asks no {skill}"),
                format!("drop_skills = [{:?}] to ask it no longer", skill.as_str()),
            ),
            Some(own) if own < level => (asks_already(own), less(own)),
            Some(own) if own == level && !lowers => (asks_already(own), less(own)),
            Some(_) => continue,
        };
        let message = if own == Some(level) {
            format!("{asks} already")
        } else {
            format!("{asks}: this step asks more, {}", level.get())
        };
        found.warning(queue.source, span.clone(), message, expected);
    }
    for (skill, span) in &step.dropped {
        if !queue.rules.skills.contains_key(skill) && !by_rules.contains_key(skill) {
            let message = format!("neither queue {id} nor an entry rule to it asks {skill}");
            found.warning(queue.source, span.clone(), message, "a skill that is asked");
        }
    }
}

/// A visit may be asked the skills of the queue, of one rule that leads to it and of all steps.
fn check_skill_count(found: &Findings, id: &QueueId, queue: &QueueDraft<'_>, entry: &[EntryDraft<'_>]) {
    if queue.steps.iter().all(|step| step.rules.skills.is_empty()) {
        return;
    }
    let rules = entry.iter().filter(|rule| rule.queue.as_ref().is_some_and(|(queue, _)| queue == id));
    for first in std::iter::once(None).chain(rules.map(|rule| Some(&rule.skills))) {
        let of_queue = queue.rules.skills.keys();
        let mut asked: BTreeSet<&SkillId> = of_queue.chain(first.into_iter().flat_map(Skills::keys)).collect();
        for step in &queue.steps {
            let before = asked.len();
            asked.extend(step.rules.skills.keys());
            if asked.len() > before.max(SKILLS_ASKED_MAX) {
                let message = format!("with this step a contact may be asked {} skills", asked.len());
                found.error(queue.source, step.span.clone(), message, format!("at most {SKILLS_ASKED_MAX}"));
                return;
            }
        }
    }
}

/// Warns of steps that come when a step of time alone has moved everyone away.
fn check_reached(found: &Findings, queue: &QueueDraft<'_>) {
    let leaves =
        |step: &StepDraft| step.move_to.is_some() && step.rules.when.is_none() && !step.rules.when_nobody_could_match;
    let leaving = queue.steps.iter().enumerate().filter(|(_, step)| leaves(step));
    let Some((last, leaving)) = leaving.min_by_key(|(at, step)| (step.rules.after, *at)) else { return };
    for (at, step) in queue.steps.iter().enumerate() {
        if (step.rules.after, at) > (leaving.rules.after, last) {
            let message = "this step is never taken: another has moved everyone away by then";
            found.warning(
                queue.source,
                step.span.clone(),
                message,
                "it before the step with move_to, in time and file",
            );
        }
    }
}

/// One queue on the way through the moves.
struct Stop<'d> {
    queue: &'d QueueId,
    /// The moves not yet followed, the next one last.
    moves: Vec<&'d (QueueId, Range<usize>)>,
}

/// Walks the moves of steps and exits from queue to queue, but those by a key; one that comes back to
/// where it passed closes a loop.
fn check_loops(found: &Findings, queues: &QueuesByName<'_, '_>) {
    let stop = |queue| {
        let draft = queues[queue];
        let of_steps = draft.steps.iter().filter_map(|step| step.move_to.as_ref());
        let mut moves: Vec<&(QueueId, Range<usize>)> = of_steps.chain(&draft.exit_moves).collect();
        moves.sort_by_key(|(_, span)| std::cmp::Reverse(span.start));
        Stop { queue, moves }
    };
    let mut seen: BTreeSet<&QueueId> = BTreeSet::new();
    for &start in queues.keys() {
        if !seen.insert(start) {
            continue;
        }
        let mut way = vec![stop(start)];
        while let Some(here) = way.last_mut() {
            let Some((to, span)) = here.moves.pop() else {
                way.pop();
                continue;
            };
            let source = queues[here.queue].source;
            let Some((&to, _)) = queues.get_key_value(to) else { continue };
            if seen.insert(to) {
                way.push(stop(to));
            } else if found.error_count() < PROBLEMS_MAX
                && let Some(first) = way.iter().position(|stop| stop.queue == to)
            {
                let names: Vec<&str> =
                    way[first..].iter().map(|stop| stop.queue.as_str()).chain([to.as_str()]).collect();
                let message = format!("this move closes a loop: {}", names.join(" → "));
                found.error(source, span.clone(), message, "moves that end in a queue without one");
            }
        }
    }
}

/// The least that a queue's steps leave of what was asked at first.
pub(super) fn least_skills(queue: &QueueDraft<'_>, mut skills: Skills) -> Skills {
    for step in queue.steps.iter().filter(|step| step.move_to.is_none()) {
        for (skill, level) in &step.rules.skills {
            if let Some(asked) = skills.get_mut(skill) {
                *asked = (*asked).min(*level);
            }
        }
        for skill in &step.rules.drop_skills {
            skills.remove(skill);
        }
    }
    skills
}
