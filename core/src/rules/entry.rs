//! `entry.toml`: which queue a contact enters. Chooses none; knows no queue's rules.

use std::ops::Range;
use std::sync::Arc;

use super::condition::{Condition, Subject, read_condition};
use super::keys;
use super::report::{Findings, Source};
use super::table::{Table, Value};
use super::values::SKILLS_ASKED_MAX;
use crate::routing::ids::{AgentId, QueueId};
use crate::routing::rule_set::{EntryRule, NamedAgent};
use crate::routing::skill::Skills;

/// Most entry rules: they are tried one after another for each contact.
pub const ENTRY_RULES_MAX: usize = 1_000;

/// A rule as read, and where its parts stand.
pub(super) struct EntryDraft<'t> {
    pub(super) source: &'t Source,
    pub(super) span: Range<usize>,
    pub(super) name: Option<(Arc<str>, Range<usize>)>,
    pub(super) when: Option<Condition>,
    /// Where `when` stands, even when it could not be read.
    pub(super) when_span: Option<Range<usize>>,
    pub(super) queue: Option<(QueueId, Range<usize>)>,
    pub(super) agent: Option<(NamedAgent, Range<usize>)>,
    pub(super) skills: Skills,
    pub(super) priority: i32,
}

impl EntryDraft<'_> {
    /// The rule, when nothing of it was wrong.
    pub(super) fn rule(&self) -> Option<EntryRule> {
        Some(EntryRule {
            name: self.name.as_ref()?.0.clone(),
            when: self.when.as_ref().map(|when| when.expression.clone()),
            queue: self.queue.as_ref()?.0.clone(),
            agent: self.agent.as_ref().map(|(agent, _)| agent.clone()),
            skills: self.skills.clone(),
            priority: self.priority,
        })
    }
}

pub(super) fn read<'t>(found: &'t Findings, file: &Table<'t>) -> Vec<EntryDraft<'t>> {
    let Some(entry) = file.required("entry", "at least one [[entry]]") else { return Vec::new() };
    let Some(rules) = entry.elements("a list of rules, each under [[entry]]") else { return Vec::new() };
    if rules.is_empty() {
        entry.wrong("is empty", "at least one [[entry]]");
    }
    if rules.len() > ENTRY_RULES_MAX {
        entry.wrong(format_args!("has {} rules", rules.len()), format!("at most {ENTRY_RULES_MAX}"));
    }
    rules.iter().take(ENTRY_RULES_MAX).filter_map(|rule| read_rule(found, rule)).collect()
}

fn read_rule<'t>(found: &'t Findings, rule: &Value<'t>) -> Option<EntryDraft<'t>> {
    let Some(values) = rule.value.as_table() else {
        rule.wrong("is no rule", "a table with name, when, queue, agent, skills, priority");
        return None;
    };
    let table = Table::new(found, rule.source, values, rule.span.clone(), &keys::ENTRY);
    let when = table.get("when");
    Some(EntryDraft {
        source: rule.source,
        span: rule.span.clone(),
        name: table
            .required("name", "the rule's name, as reports show it")
            .and_then(|value| Some((value.label()?, value.span))),
        when_span: when.as_ref().map(|when| when.span.clone()),
        when: when.and_then(|when| read_condition(&when, Subject::Contact)),
        queue: table.required("queue", "the name of a queue").and_then(|value| Some((value.queue_name()?, value.span))),
        agent: table.get("agent").and_then(|value| named_agent(&value)),
        skills: table.get("skills").and_then(|value| value.skills(SKILLS_ASKED_MAX)).unwrap_or_default(),
        priority: table.get("priority").and_then(|value| value.priority()).unwrap_or_default(),
    })
}

/// The agent, and where he is named.
fn named_agent(value: &Value<'_>) -> Option<(NamedAgent, Range<usize>)> {
    let table = value.table(&keys::ENTRY_AGENT)?;
    match (table.get("name"), table.get("who")) {
        (Some(name), None) => Some((NamedAgent::Agent(name.name(AgentId::new)?), name.span)),
        (None, Some(who)) => Some((NamedAgent::OfCustomer(who.customers_agent()?), who.span)),
        (Some(_), Some(_)) => {
            value.wrong("has both name and who", "one of the two");
            None
        }
        (None, None) => {
            if table.values().next().is_none() {
                value.wrong("names nobody", "{ name = \"ana\" } or { who = \"owner\" }");
            }
            None
        }
    }
}
