//! Warnings about service: queues and rules that ask what no agent has. Refuses nothing.

use std::ops::Range;

use super::agents::AgentDraft;
use super::queues::QueueDraft;
use super::report::{Findings, Source};
use super::whole_set::{Drafts, QueuesByName};
use super::widening::least_skills;
use crate::routing::agent_scope;
use crate::routing::expression::Expression;
use crate::routing::ids::{AgentId, QueueId};
use crate::routing::rule_set::{Channel, ExitAction, QueueRules, SiteRules};
use crate::routing::skill::Skills;

/// Most conditions tried on agents; past it, the rest are taken to hold.
const TRIALS_MAX: usize = 50_000;
/// Most names that one warning lists.
const NAMES_SHOWN_MAX: usize = 5;

/// What a queue, or an entry rule on top of it, asks of an agent, and the channels nobody serves yet.
struct Demand<'d> {
    source: &'d Source,
    span: Range<usize>,
    what: String,
    /// Who meets one of them may serve: what is asked at first, and what steps and exits lead to.
    requirements: Vec<Requirement<'d>>,
    unserved: Vec<Channel>,
}

struct Requirement<'d> {
    skills: Skills,
    agents: Option<&'d Expression>,
}

pub(super) fn warn(found: &Findings, drafts: &Drafts<'_>, queues: &QueuesByName<'_, '_>, site: &SiteRules) {
    if drafts.agents.is_empty() {
        if let Some(queue) = drafts.queues.first() {
            let message = "no agent is in agents.toml: nobody can serve any queue";
            found.warning(queue.source, queue.span.clone(), message, "at least one [agent.NAME]");
        }
        return;
    }
    warn_of_missing_endpoints(found, &drafts.agents);
    let mut demands = demands(drafts, queues);
    let mut trials = 0;
    for agent in &drafts.agents {
        let Some(id) = &agent.id else { continue };
        serve(&mut demands, agent, id, site, &mut trials);
        demands.retain(|demand| !demand.unserved.is_empty());
    }
    for demand in demands {
        let channels: Vec<&str> = demand.unserved.iter().map(|channel| channel.name()).collect();
        let message = format!("nobody can serve {} by {}", demand.what, channels.join(", "));
        found.warning(
            demand.source,
            demand.span,
            message,
            "an agent with its skills, its channels and, for calls, a phone",
        );
    }
}

fn warn_of_missing_endpoints(found: &Findings, agents: &[AgentDraft<'_>]) {
    let without: Vec<&AgentDraft<'_>> = agents
        .iter()
        .filter(|agent| {
            let takes_calls = Channel::ALL
                .into_iter()
                .any(|channel| channel.needs_phone() && agent.rules.capacity.channel_max.of(channel) > 0);
            takes_calls && has_phone(agent) && agent.rules.phone.endpoint.is_none()
        })
        .collect();
    if let Some(first) = without.first() {
        let names: Vec<&str> =
            without.iter().take(NAMES_SHOWN_MAX).filter_map(|agent| agent.id.as_ref().map(AgentId::as_str)).collect();
        let more = match without.len().saturating_sub(names.len()) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!("no endpoint is named for the phone of {}{more}", names.join(", "));
        let expected = "phone = { endpoint = \"PJSIP/1001\" }, or phone = { mode = \"none\" }";
        found.warning(first.source, first.span.clone(), message, expected);
    }
}

/// What is asked of an agent over the whole wait: a queue that leads to somebody leaves nobody waiting for good.
fn requirements<'d>(queue: &'d QueueDraft<'_>, skills: Skills, queues: &QueuesByName<'d, '_>) -> Vec<Requirement<'d>> {
    let agents = queue.rules.agents.as_ref();
    let least = least_skills(queue, skills);
    let of_steps = queue.steps.iter().filter_map(|step| step.join_queue.as_ref().or(step.move_to.as_ref()));
    let others = of_steps
        .map(|(other, _)| other)
        .chain(moved_by_waiting(&queue.rules))
        .filter_map(|other| queues.get(other))
        .map(|other| Requirement { skills: other.rules.skills.clone(), agents: other.rules.agents.as_ref() });
    std::iter::once(Requirement { skills: least, agents }).chain(others).collect()
}

/// Where a contact goes for waiting on while nobody serves it; it may never be closed or full.
fn moved_by_waiting(rules: &QueueRules) -> impl Iterator<Item = &QueueId> {
    let exits = [rules.exits.no_agents.as_ref(), rules.exits.max_wait.as_ref().map(|exit| &exit.action)];
    exits.into_iter().flatten().filter_map(|action| match action {
        ExitAction::Queue(queue) => Some(queue),
        ExitAction::HangUp | ExitAction::Callback | ExitAction::Voicemail { .. } | ExitAction::Announce { .. } => None,
    })
}

fn demands<'d>(drafts: &'d Drafts<'_>, queues: &QueuesByName<'d, '_>) -> Vec<Demand<'d>> {
    let of_queues = queues.iter().map(|(id, draft)| Demand {
        source: draft.source,
        span: draft.span.clone(),
        what: format!("queue {id}"),
        requirements: requirements(draft, draft.rules.skills.clone(), queues),
        unserved: draft.rules.channels.clone(),
    });
    let of_rules = drafts.entry.iter().filter(|rule| !rule.skills.is_empty()).filter_map(|rule| {
        let (id, span) = rule.queue.as_ref()?;
        let queue = queues.get(id)?;
        let mut skills = queue.rules.skills.clone();
        skills.extend(rule.skills.clone());
        Some(Demand {
            source: rule.source,
            span: span.clone(),
            what: format!("queue {id} with the skills of this rule"),
            requirements: requirements(queue, skills, queues),
            unserved: queue.rules.channels.clone(),
        })
    });
    of_queues.chain(of_rules).collect()
}

/// Takes off each demand the channels that this agent serves.
fn serve(demands: &mut [Demand<'_>], agent: &AgentDraft<'_>, id: &AgentId, site: &SiteRules, trials: &mut usize) {
    let served: Vec<Channel> = Channel::ALL.into_iter().filter(|channel| takes(agent, *channel, site)).collect();
    let mut scope = None;
    for demand in demands {
        if !demand.unserved.iter().any(|channel| served.contains(channel)) {
            continue;
        }
        let meets = |requirement: &Requirement<'_>| {
            let has = |(skill, level)| agent.rules.skills.get(skill).is_some_and(|has| has >= level);
            requirement.skills.iter().all(has)
                && match requirement.agents {
                    Some(condition) if *trials < TRIALS_MAX && condition.reads_of_contact().is_none() => {
                        *trials += 1;
                        let scope = scope.get_or_insert_with(|| agent_scope(id, &agent.rules));
                        condition.holds(scope) == Ok(true)
                    }
                    Some(_) | None => true,
                }
        };
        if demand.requirements.iter().any(meets) {
            demand.unserved.retain(|channel| !served.contains(channel));
        }
    }
}

fn takes(agent: &AgentDraft<'_>, channel: Channel, site: &SiteRules) -> bool {
    let capacity = &agent.rules.capacity;
    capacity.channel_max.of(channel) > 0
        && site.channel_cost.of(channel) <= capacity.total
        && (!channel.needs_phone() || has_phone(agent))
}

fn has_phone(agent: &AgentDraft<'_>) -> bool {
    use crate::routing::rule_set::PhoneMode;
    match agent.rules.phone.mode {
        PhoneMode::Console | PhoneMode::Phone | PhoneMode::Persistent => true,
        PhoneMode::None => false,
    }
}
