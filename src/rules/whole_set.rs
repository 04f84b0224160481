//! What only the files together can show: names that point nowhere, rules never reached, things named twice. Reads no TOML.

use std::collections::BTreeMap;

use super::agents::AgentDraft;
use super::entry::EntryDraft;
use super::queues::{QUEUES_MAX, QueueDraft};
use super::report::{Findings, Source};
use super::table::{nearest, shortened};
use super::values::SKILLS_ASKED_MAX;
use crate::routing::ids::{Endpoint, QueueId};
use crate::routing::rule_set::Channel;

/// All drafts of a set.
#[derive(Default)]
pub(super) struct Drafts<'t> {
    pub(super) entry: Vec<EntryDraft<'t>>,
    pub(super) queues: Vec<QueueDraft<'t>>,
    pub(super) agents: Vec<AgentDraft<'t>>,
}

pub(super) type QueuesByName<'d, 't> = BTreeMap<&'d QueueId, &'d QueueDraft<'t>>;

pub(super) fn check<'d, 't>(found: &Findings, drafts: &'d Drafts<'t>) -> QueuesByName<'d, 't> {
    let queues = check_queue_names(found, &drafts.queues);
    check_endpoints(found, &drafts.agents);
    check_order_of_entry(found, &drafts.entry);
    check_rule_names(found, &drafts.entry);
    for rule in &drafts.entry {
        check_queue_of(found, rule, &queues);
    }
    check_last_queue(found, &drafts.entry, &queues);
    queues
}

fn check_queue_names<'d, 't>(found: &Findings, drafts: &'d [QueueDraft<'t>]) -> QueuesByName<'d, 't> {
    if let Some(over) = drafts.get(QUEUES_MAX) {
        let message = format!("{} queues", drafts.len());
        found.error(over.source, over.span.clone(), message, format!("at most {QUEUES_MAX}"));
    }
    let mut queues = QueuesByName::new();
    for draft in drafts {
        let Some(id) = &draft.id else { continue };
        if let Some(first) = queues.get(id) {
            let message = format!("queue {id} is also in {}", first.source.path);
            found.error(draft.source, draft.span.clone(), message, "one place for each queue");
        } else {
            queues.insert(id, draft);
        }
    }
    queues
}

fn check_endpoints(found: &Findings, agents: &[AgentDraft<'_>]) {
    let mut owners: BTreeMap<&Endpoint, &AgentDraft<'_>> = BTreeMap::new();
    for agent in agents {
        let (Some(endpoint), Some(span)) = (&agent.rules.phone.endpoint, &agent.endpoint_span) else { continue };
        if let Some(owner) = owners.get(endpoint) {
            let name = owner.id.as_ref().map_or("another", |id| id.as_str());
            let message = format!("endpoint {endpoint} is also agent {name}'s");
            found.error(agent.source, span.clone(), message, "an endpoint of his own for each agent");
        } else {
            owners.insert(endpoint, agent);
        }
    }
}

fn check_order_of_entry(found: &Findings, entry: &[EntryDraft<'_>]) {
    let Some((last, before)) = entry.split_last() else { return };
    if let Some(span) = &last.when_span {
        found.error(last.source, span.clone(), "the last rule has a condition", "no when: it takes all that is left");
    }
    for rule in before.iter().filter(|rule| rule.when_span.is_none()) {
        let message = "the rules after this one are never reached";
        found.error(rule.source, rule.span.clone(), message, "a when in every rule but the last");
    }
}

fn check_rule_names(found: &Findings, entry: &[EntryDraft<'_>]) {
    let mut names: BTreeMap<&str, &Source> = BTreeMap::new();
    for rule in entry {
        let Some((name, span)) = &rule.name else { continue };
        if names.insert(name, rule.source).is_some() {
            found.error(
                rule.source,
                span.clone(),
                format!("two rules are named {name:?}"),
                "a name of its own for each",
            );
        }
    }
}

fn check_queue_of(found: &Findings, rule: &EntryDraft<'_>, queues: &QueuesByName<'_, '_>) {
    let Some((id, span)) = &rule.queue else { return };
    let Some(queue) = queues.get(id) else {
        let expected = match nearest(id.as_str(), queues.keys().map(|id| id.as_str())) {
            Some(right) => format!("{right}?"),
            None => "a queue of queues/*.toml".to_owned(),
        };
        let message = format!("no queue is named {:?}", shortened(id.as_str()));
        found.error(rule.source, span.clone(), message, expected);
        return;
    };
    let asked = queue.rules.skills.keys().filter(|skill| !rule.skills.contains_key(*skill)).count() + rule.skills.len();
    if asked > SKILLS_ASKED_MAX && !rule.skills.is_empty() {
        let message = format!("queue and rule together ask {asked} skills");
        found.error(rule.source, span.clone(), message, format!("at most {SKILLS_ASKED_MAX}"));
    }
}

/// The last rule takes whatever comes, so its queue must serve every channel.
fn check_last_queue(found: &Findings, entry: &[EntryDraft<'_>], queues: &QueuesByName<'_, '_>) {
    let Some(last) = entry.last() else { return };
    let Some((id, span)) = &last.queue else { return };
    let Some(queue) = queues.get(id) else { return };
    let missing: Vec<&str> =
        Channel::ALL.into_iter().filter(|channel| !queue.rules.channels.contains(channel)).map(Channel::name).collect();
    if !missing.is_empty() {
        let message = format!("the last rule's queue {id} does not serve {}", missing.join(", "));
        found.error(last.source, span.clone(), message, "a queue with every channel: nothing may be left without one");
    }
}
