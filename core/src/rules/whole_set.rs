//! What only the files together can show: names that point nowhere, rules never reached, things named twice. Reads no TOML.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::agents::AgentDraft;
use super::calendars::CalendarDraft;
use super::entry::EntryDraft;
use super::queues::{QUEUES_MAX, QueueDraft};
use super::report::{Findings, PROBLEMS_MAX, Source};
use super::site::MovedDraft;
use super::table::{nearest, shortened};
use super::values::SKILLS_ASKED_MAX;
use super::widening;
use crate::routing::ids::{AgentId, Endpoint, QueueId};
use crate::routing::rule_set::{Channel, NamedAgent};

/// All drafts of a set.
#[derive(Default)]
pub(super) struct Drafts<'t> {
    pub(super) entry: Vec<EntryDraft<'t>>,
    pub(super) queues: Vec<QueueDraft<'t>>,
    pub(super) agents: Vec<AgentDraft<'t>>,
    pub(super) calendars: Vec<CalendarDraft<'t>>,
    pub(super) moved: Vec<MovedDraft<'t>>,
}

pub(super) type QueuesByName<'d, 't> = BTreeMap<&'d QueueId, &'d QueueDraft<'t>>;

pub(super) fn check<'d, 't>(found: &Findings, drafts: &'d Drafts<'t>) -> QueuesByName<'d, 't> {
    let queues = check_queue_names(found, &drafts.queues);
    check_endpoints(found, &drafts.agents);
    check_order_of_entry(found, &drafts.entry);
    check_rule_names(found, &drafts.entry);
    for rule in &drafts.entry {
        check_queue_of(found, rule, &queues);
        check_queues_asked(found, rule, &queues);
    }
    check_agents_named(found, drafts);
    check_calendars(found, drafts);
    check_last_queue(found, &drafts.entry, &queues);
    check_moved(found, &drafts.moved, &queues);
    check_escalations(found, &drafts.queues, &queues);
    check_reserves(found, &drafts.queues, &queues);
    widening::check(found, drafts, &queues);
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
        unknown_queue(found, rule.source, span, id, queues);
        return;
    };
    let asked = queue.rules.skills.keys().filter(|skill| !rule.skills.contains_key(*skill)).count() + rule.skills.len();
    if asked > SKILLS_ASKED_MAX && !rule.skills.is_empty() {
        let message = format!("queue and rule together ask {asked} skills");
        found.error(rule.source, span.clone(), message, format!("at most {SKILLS_ASKED_MAX}"));
    }
}

/// Queues whose figures a condition asks for.
fn check_queues_asked(found: &Findings, rule: &EntryDraft<'_>, queues: &QueuesByName<'_, '_>) {
    let asked = rule.when.iter().flat_map(|when| &when.queues);
    for (id, span) in asked.filter(|(id, _)| !queues.contains_key(id)) {
        unknown_queue(found, rule.source, span, id, queues);
    }
}

pub(super) fn unknown_queue(
    found: &Findings,
    source: &Source,
    span: &Range<usize>,
    id: &QueueId,
    queues: &QueuesByName<'_, '_>,
) {
    let message = format!("no queue is named {:?}", shortened(id.as_str()));
    let right = suggestion(found, id.as_str(), queues.keys().map(|id| id.as_str()));
    found.error(source, span.clone(), message, right.unwrap_or_else(|| "a queue of queues/*.toml".to_owned()));
}

/// Agents that entry rules and ranks name.
fn check_agents_named(found: &Findings, drafts: &Drafts<'_>) {
    let known: BTreeSet<&AgentId> = drafts.agents.iter().filter_map(|agent| agent.id.as_ref()).collect();
    let of_entry = drafts.entry.iter().filter_map(|rule| match rule.agent.as_ref()? {
        (NamedAgent::Agent(agent), span) => Some((rule.source, agent, span)),
        (NamedAgent::OfCustomer(_), _) => None,
    });
    let of_ranks =
        drafts.queues.iter().flat_map(|queue| queue.ranked.iter().map(|(agent, span)| (queue.source, agent, span)));
    for (source, agent, span) in of_entry.chain(of_ranks).filter(|(_, agent, _)| !known.contains(agent)) {
        let message = format!("no agent is named {:?}", shortened(agent.as_str()));
        let right = suggestion(found, agent.as_str(), known.iter().map(|id| id.as_str()));
        found.error(source, span.clone(), message, right.unwrap_or_else(|| "an agent of agents.toml".to_owned()));
    }
}

fn check_calendars(found: &Findings, drafts: &Drafts<'_>) {
    let known: BTreeSet<&str> = drafts.calendars.iter().filter_map(|calendar| calendar.name.as_deref()).collect();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for queue in &drafts.queues {
        let Some((name, span)) = &queue.hours else { continue };
        used.insert(name);
        if !known.contains(&**name) {
            let message = format!("no calendar is named {:?}", shortened(name));
            let right = suggestion(found, name, known.iter().copied());
            let expected = right.unwrap_or_else(|| "a calendar of calendars.toml".to_owned());
            found.error(queue.source, span.clone(), message, expected);
        }
    }
    for calendar in &drafts.calendars {
        let Some(name) = calendar.name.as_deref().filter(|name| !used.contains(name)) else { continue };
        let message = format!("no queue is open by calendar {name}");
        found.warning(calendar.source, calendar.span.clone(), message, format!("hours = {name:?} in a queue"));
    }
}

fn check_escalations(found: &Findings, drafts: &[QueueDraft<'_>], queues: &QueuesByName<'_, '_>) {
    for draft in drafts {
        let Some((to, span)) = &draft.escalation else { continue };
        if draft.id.as_ref() == Some(to) {
            let message = format!("queue {to} escalates to itself");
            found.error(draft.source, span.clone(), message, "the queue of those with more authority");
        } else if !queues.contains_key(to) {
            unknown_queue(found, draft.source, span, to, queues);
        }
    }
}

fn check_reserves(found: &Findings, drafts: &[QueueDraft<'_>], queues: &QueuesByName<'_, '_>) {
    for draft in drafts {
        let Some((of, span)) = &draft.reserve else { continue };
        if draft.id.as_ref() == Some(of) {
            let message = format!("queue {of} keeps agents for itself");
            found.error(draft.source, span.clone(), message, "another queue, whose calls its leads leave them to");
        } else if !queues.contains_key(of) {
            unknown_queue(found, draft.source, span, of, queues);
        }
    }
}

fn check_moved(found: &Findings, moved: &[MovedDraft<'_>], queues: &QueuesByName<'_, '_>) {
    for MovedDraft { source, old, old_span, to, to_span } in moved {
        if let Some(queue) = queues.get(old) {
            let message = format!("queue {old} is moved, and still in {}", queue.source.path);
            found.error(source, old_span.clone(), message, "queues that are no longer in these rules");
        }
        if !queues.contains_key(to) {
            let message = format!("queue {old} is moved to {:?}, and no queue is named so", shortened(to.as_str()));
            let right = suggestion(found, to.as_str(), queues.keys().map(|id| id.as_str()));
            found.error(
                source,
                to_span.clone(),
                message,
                right.unwrap_or_else(|| "a queue of queues/*.toml".to_owned()),
            );
        }
    }
}

/// None for errors past those that are told: to compare thousands of names takes seconds.
fn suggestion<'k>(found: &Findings, name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let right = if found.error_count() < PROBLEMS_MAX { nearest(name, known) } else { None };
    right.map(|right| format!("{right}?"))
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
