//! What is shown on request: a queue's line, an agent's day, the last hours, where a contact may go. Computes no figure
//! that the board has.

use super::board::estimate_of;
use super::{agent_name, ms, queue_name, time};
use crate::protocol as wire;
use crate::reporting::activity::Activity;
use crate::reporting::definitions::{ServiceLevelVariant, average_handle_time};
use crate::reporting::figures::AgentFigures;
use crate::reporting::trends::{SPAN, Span};
use crate::router_handle::View;
use crate::routing::command::Presence;
use crate::routing::ids::{AgentId, QueueId};
use crate::routing::time::Millis;

/// Agents, and queues, of one answer.
const TARGETS_MAX: usize = 50;

/// None: nobody of that name was ever there.
pub fn own_figures(view: View<'_>, agent: &AgentId) -> Option<wire::OwnFigures> {
    let figures = view.board.agent(agent, view.now)?;
    let handled = &figures.handled;
    Some(wire::OwnFigures {
        since: time(view.board.centre().since),
        handled: handled.segments,
        declined: figures.declined,
        missed: figures.missed,
        talk_ms: ms(handled.talk),
        hold_ms: ms(handled.hold),
        wrap_up_ms: ms(handled.wrap_up),
        aht_ms: average_handle_time(handled).map(ms),
        busy_ms: ms(figures.busy),
        available_ms: ms(figures.available),
        occupancy: figures.occupancy,
    })
}

/// Of the last `lasts`, a queue's or the centre's.
pub fn history(view: View<'_>, queue: Option<&QueueId>, lasts: Millis) -> wire::HistoryShown {
    let (from, to) = (view.now - lasts, view.now);
    let spans = match queue {
        Some(queue) => view.board.trend(queue, from, to),
        None => view.board.centre_trend(from, to),
    };
    wire::HistoryShown { span_ms: ms(SPAN), points: spans.iter().map(point).collect() }
}

fn point(span: &Span) -> wire::HistoryPoint {
    let visits = &span.visits;
    wire::HistoryPoint {
        at: time(span.begins),
        entered: visits.entered,
        answered: visits.answered,
        answered_within: visits.answered_within,
        abandoned: visits.abandoned,
        short_abandoned: visits.short_abandoned,
        waiting_max: span.waiting_max,
        longest_wait_ms: ms(span.longest_wait),
        service_level: ServiceLevelVariant::default().of(visits),
    }
}

/// Whoever is free comes first.
pub fn transfer_targets(view: View<'_>, asker: &AgentId, search: Option<&wire::Name>) -> wire::TransferTargetsFound {
    let wanted = search.map(|search| search.as_str().trim().to_lowercase()).unwrap_or_default();
    let matches = |text: &str| text.to_lowercase().contains(&wanted);
    let rules = &view.router.state().rules;
    let is_there = |agent: &AgentFigures| agent.agent != *asker && rules.agents.contains_key(&agent.agent);
    let mut agents: Vec<wire::TransferAgent> = view
        .board
        .agents(view.now)
        .filter(|agent| is_there(agent) && (matches(agent.agent.as_str()) || matches(&agent.name)))
        .map(|agent| wire::TransferAgent {
            agent: agent_name(&agent.agent),
            name: wire::PersonName::clipped(&agent.name),
            standing: standing(&agent),
            since: time(agent.activity_since.max(agent.presence_since)),
        })
        .collect();
    agents.sort_by(|a, b| (a.standing, a.name.as_str()).cmp(&(b.standing, b.name.as_str())));
    let mut queues: Vec<wire::TransferQueue> =
        rules.queues.keys().filter(|queue| matches(queue.as_str())).filter_map(|queue| target(view, queue)).collect();
    queues.sort_by(|a, b| (a.agents_idle == 0, a.queue.as_str()).cmp(&(b.agents_idle == 0, b.queue.as_str())));
    let is_more = agents.len() > TARGETS_MAX || queues.len() > TARGETS_MAX;
    agents.truncate(TARGETS_MAX);
    queues.truncate(TARGETS_MAX);
    wire::TransferTargetsFound { agents, queues, is_more }
}

fn target(view: View<'_>, queue: &QueueId) -> Option<wire::TransferQueue> {
    let figures = view.board.queue(queue)?;
    Some(wire::TransferQueue {
        queue: queue_name(queue),
        waiting: figures.waiting,
        agents_available: u64::from(figures.agents.available()),
        agents_idle: u64::from(figures.agents.idle),
        estimated_wait: estimate_of(view, &figures),
        paused: figures.is_paused,
    })
}

fn standing(agent: &AgentFigures) -> wire::Standing {
    let is_offline = agent.presence == Presence::Offline;
    match agent.activity {
        Activity::Offered => wire::Standing::Offered,
        Activity::Busy => wire::Standing::Busy,
        Activity::WrapUp => wire::Standing::WrapUp,
        Activity::NotResponding => wire::Standing::NotResponding,
        Activity::Unreachable if is_offline => wire::Standing::Offline,
        Activity::Unreachable => wire::Standing::Unreachable,
        Activity::Idle => match agent.presence {
            Presence::Available => wire::Standing::Idle,
            Presence::NotReady { .. } => wire::Standing::NotReady,
            Presence::Offline => wire::Standing::Offline,
        },
    }
}
