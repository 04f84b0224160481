//! `[[queue.NAME.step]]`: each step of a queue by itself. Compares it with no other step and no queue.

use std::ops::Range;

use super::condition::{Subject, read_condition};
use super::keys;
use super::table::{Table, Value};
use super::values::{PRIORITY_MAX, SKILLS_ASKED_MAX};
use crate::routing::ids::{QueueId, SkillId};
use crate::routing::rule_set::{STEPS_MAX, StepRules};
use crate::routing::skill::Skills;
use crate::routing::time::Millis;

const EFFECTS: [&str; 5] = ["skills", "drop_skills", "join_queue", "raise_priority", "move_to"];

/// Skills, and where each is named.
type NamedSkills = Vec<(SkillId, Range<usize>)>;

/// A step as read, and where its parts stand.
pub(super) struct StepDraft {
    pub(super) span: Range<usize>,
    pub(super) rules: StepRules,
    /// The queues whose figures its `when` asks for.
    pub(super) queues_asked: Vec<(QueueId, Range<usize>)>,
    /// The skills it sets.
    pub(super) skills: NamedSkills,
    pub(super) dropped: NamedSkills,
    /// The queues of `join_queue` and `move_to`, and where each is named.
    pub(super) join_queue: Option<(QueueId, Range<usize>)>,
    pub(super) move_to: Option<(QueueId, Range<usize>)>,
}

/// The steps of one queue, in the order of the file.
pub(super) fn read(value: &Value<'_>) -> Option<Vec<StepDraft>> {
    let steps = value.elements("a list of steps, each under [[queue.NAME.step]]")?;
    if steps.is_empty() {
        value.wrong("is empty", "at least one step, or no step at all");
    }
    if let Some(over) = steps.get(STEPS_MAX) {
        over.wrong(format_args!("is one of {}", steps.len()), format!("at most {STEPS_MAX} steps of one queue"));
    }
    Some(steps.iter().take(STEPS_MAX).filter_map(read_step).collect())
}

fn read_step(step: &Value<'_>) -> Option<StepDraft> {
    let Some(values) = step.value.as_table() else {
        step.wrong("is no step", format!("a table with {}", keys::STEP.known.join(", ")));
        return None;
    };
    let table = Table::new(step.found, step.source, values, step.span.clone(), &keys::STEP);
    let when = table.get("when").and_then(|value| read_condition(&value, Subject::Step));
    let skills = table.get("skills").and_then(|value| skills_set(&value));
    let dropped = table.get("drop_skills").and_then(|value| skills_dropped(&value)).unwrap_or_default();
    let queue = |key| table.get(key).and_then(|value| Some((value.queue_name()?, value.span)));
    let (join_queue, move_to) = (queue("join_queue"), queue("move_to"));
    let priority = table.get("raise_priority").and_then(|value| raise_priority(&value));
    let nobody = table.get("when_nobody_could_match").is_some_and(|value| is_true(&value));
    let (skills, skill_spans) = skills.unwrap_or_default();
    let rules = StepRules {
        after: table.get("after").and_then(|value| value.duration()).unwrap_or_default(),
        when: when.as_ref().map(|when| when.expression.clone()),
        when_nobody_could_match: nobody,
        skills,
        drop_skills: dropped.iter().map(|(skill, _)| skill.clone()).collect(),
        join_queue: join_queue.as_ref().map(|(queue, _)| queue.clone()),
        priority: priority.unwrap_or_default(),
        move_to: move_to.as_ref().map(|(queue, _)| queue.clone()),
    };
    check_triggers(&table, &rules);
    check_effects(&table);
    check_skills(&table, &rules, &dropped);
    let queues_asked = when.map(|when| when.queues).unwrap_or_default();
    Some(StepDraft { span: step.span.clone(), rules, queues_asked, skills: skill_spans, dropped, join_queue, move_to })
}

fn skills_set(value: &Value<'_>) -> Option<(Skills, NamedSkills)> {
    let skills = value.skills(SKILLS_ASKED_MAX)?;
    let named = value.any_table("skills").into_iter().flat_map(|table| table.values().collect::<Vec<_>>());
    let spans: NamedSkills = named.filter_map(|skill| Some((SkillId::new(skill.key).ok()?, skill.key_span))).collect();
    if spans.is_empty() {
        value.wrong("is empty", "skills with a level each, such as { billing = 1 }");
    }
    Some((skills, spans))
}

fn skills_dropped(value: &Value<'_>) -> Option<NamedSkills> {
    const EXPECTED: &str = "a list of skills, such as [\"french\"]";
    let elements = value.elements(EXPECTED)?;
    if elements.is_empty() {
        value.wrong("is empty", EXPECTED);
    }
    if elements.len() > SKILLS_ASKED_MAX {
        value.wrong(format_args!("names {} skills", elements.len()), format!("at most {SKILLS_ASKED_MAX}"));
    }
    let mut dropped: NamedSkills = Vec::new();
    for element in elements.iter().take(SKILLS_ASKED_MAX) {
        match element.name(SkillId::new) {
            Some(skill) if dropped.iter().any(|(other, _)| *other == skill) => {
                element.wrong("names it twice", "each skill once");
            }
            Some(skill) => dropped.push((skill, element.span.clone())),
            None => {}
        }
    }
    Some(dropped)
}

fn raise_priority(value: &Value<'_>) -> Option<i32> {
    let priority = value.whole(1..=PRIORITY_MAX)?;
    Some(i32::try_from(priority).expect("PRIORITY_MAX fits"))
}

fn is_true(value: &Value<'_>) -> bool {
    let flag = value.flag();
    if flag == Some(false) {
        value.wrong("is false", "true; to do without it, leave the key out");
    }
    flag == Some(true)
}

fn check_triggers(table: &Table<'_>, rules: &StepRules) {
    let (when, nobody) = (table.get("when"), table.get("when_nobody_could_match"));
    if let (Some(_), Some(nobody)) = (&when, &nobody) {
        let expected = "one of the two in a step; a step each for both";
        table.found.error(
            table.source,
            nobody.key_span.clone(),
            "when_nobody_could_match stands beside when",
            expected,
        );
    }
    if let Some(when) = when.as_ref().filter(|_| rules.when.as_ref().is_some_and(|when| when.queues().is_empty())) {
        let message = "when asks for no figure of a queue";
        table.found.warning(
            table.source,
            when.span.clone(),
            message,
            "one, such as queue(\"general\").agents_idle > 2",
        );
    }
    if when.is_none() && nobody.is_none() && rules.after == Millis::ZERO {
        let expected = "after = \"30s\", a when or when_nobody_could_match; or what it does in the queue's own keys";
        table.found.warning(table.source, table.span.clone(), "this step is taken at once", expected);
    }
}

fn check_effects(table: &Table<'_>) {
    let effects: Vec<Value<'_>> = EFFECTS.iter().filter_map(|key| table.get(key)).collect();
    if effects.is_empty() {
        let expected = format!("at least one of {}", EFFECTS.join(", "));
        table.found.error(table.source, table.span.clone(), "this step does nothing", expected);
    }
    if table.get("move_to").is_some() {
        for effect in effects.iter().filter(|effect| effect.key != "move_to") {
            let message = format!("{} stands beside move_to: nothing of it would be seen", effect.key);
            table.found.error(
                table.source,
                effect.key_span.clone(),
                message,
                "move_to alone; it asks what its queue asks",
            );
        }
    }
}

fn check_skills(table: &Table<'_>, rules: &StepRules, dropped: &[(SkillId, Range<usize>)]) {
    for (skill, span) in dropped.iter().filter(|(skill, _)| rules.skills.contains_key(skill)) {
        let message = format!("drop_skills names {skill}, and so does skills");
        table.found.error(table.source, span.clone(), message, "each skill in one of the two");
    }
}
