//! Rows of the live board. It computes no figure.

use super::{activity, agent_name, channel, estimated_wait, ms, presence, queue_name, time};
use crate::protocol as wire;
use crate::reporting::alerts::{Measure, Over, Raised};
use crate::reporting::figures::{AgentFigures, QueueFigures};
use crate::router_handle::{View, views};
use crate::routing::ids::QueueId;
use crate::routing::segment::SegmentState;
use crate::sessions::from_protocol::WireIds;

pub fn board_queue(view: View<'_>, figures: &QueueFigures) -> wire::BoardQueue {
    let visits = &figures.rates.visits;
    wire::BoardQueue {
        queue: queue_name(&figures.queue),
        paused: figures.is_paused,
        waiting: figures.waiting - u64::from(figures.offered + figures.connecting),
        offered: u64::from(figures.offered),
        connecting: u64::from(figures.connecting),
        longest_waiting_since: figures.longest_waiting_since.map(time),
        longest_wait_ms: figures.longest_waiting_since.map_or(0, |since| ms(view.now.since(since))),
        estimated_wait: estimate_of(view, figures),
        carried_in: visits.carried_in,
        entered: visits.entered,
        answered: visits.answered,
        answered_within: visits.answered_within,
        abandoned: visits.abandoned,
        short_abandoned: visits.short_abandoned,
        flowed_out: visits.flowed_out,
        callbacks: visits.callbacks,
        withdrawn: visits.withdrawn,
        lost: visits.lost,
        service_level: figures.rates.service_level,
        target_share: Some(f64::from(figures.target_per_mille) / 1_000.0),
        target_within_ms: Some(ms(figures.answered_within)),
        abandonment: figures.rates.abandonment,
        asa_ms: figures.rates.average_speed_of_answer.map(ms),
        aht_ms: figures.rates.average_handle_time.map(ms),
        agents_available: u64::from(figures.agents.available()),
        agents_idle: u64::from(figures.agents.idle),
        agents_busy: u64::from(figures.agents.busy),
        agents_offered: u64::from(figures.agents.offered),
        agents_wrap_up: u64::from(figures.agents.wrap_up),
        agents_not_ready: u64::from(figures.agents.not_ready),
        agents_not_responding: u64::from(figures.agents.not_responding),
        agents_unreachable: u64::from(figures.agents.unreachable),
    }
}

/// How long whoever comes now would have to wait.
pub(super) fn estimate_of(view: View<'_>, figures: &QueueFigures) -> Option<wire::EstimatedWait> {
    let in_line = usize::try_from(figures.waiting).unwrap_or(usize::MAX).saturating_sub(figures.connecting as usize);
    views::estimated_wait(view, &figures.queue, in_line).map(estimated_wait)
}

pub fn board_agent(ids: &WireIds, view: View<'_>, figures: &AgentFigures) -> wire::BoardAgent {
    let (chosen, reason) = presence(&figures.presence);
    let state = view.router.state();
    let segments = state.agents.get(&figures.agent).map(|agent| agent.segments.as_slice()).unwrap_or_default();
    let contacts = segments.iter().map(|(id, on)| {
        let segment = &state.segments[id];
        let (state_now, since) = match segment.state {
            SegmentState::Connecting { .. } => (wire::SegmentState::Connecting, None),
            SegmentState::Talking => (wire::SegmentState::Talking, segment.connected_at),
            SegmentState::Held { since } | SegmentState::LegLost { since, .. } => {
                (wire::SegmentState::Held, Some(since))
            }
            SegmentState::SetAside { since, .. } => (wire::SegmentState::SetAside, Some(since)),
            SegmentState::WrapUp { since, .. } => (wire::SegmentState::WrapUp, Some(since)),
        };
        wire::BoardContact {
            contact: ids.contact_text(segment.contact),
            queue: queue_name(&state.queue_id(segment.from.queue)),
            channel: channel(on.channel),
            state: state_now,
            since: time(since.unwrap_or(figures.activity_since)),
        }
    });
    wire::BoardAgent {
        agent: agent_name(&figures.agent),
        name: wire::PersonName::clipped(&figures.name),
        presence: chosen,
        reason,
        activity: activity(figures.activity),
        since: time(figures.activity_since.max(figures.presence_since)),
        contacts: contacts.collect(),
        handled: figures.handled.segments,
        occupancy: figures.occupancy,
    }
}

pub fn alert(queue: &QueueId, raised: &Raised) -> wire::Alert {
    let Over { measure, value, threshold } = raised.over;
    #[expect(clippy::cast_precision_loss, reason = "counts of people and waits of a week are exact in a double")]
    let shown = |figure: i64| match measure {
        Measure::ServiceLevel | Measure::Abandonment => figure as f64 / 1_000.0,
        Measure::Waiting | Measure::LongestWait | Measure::AgentsAvailable | Measure::NotRecorded => figure as f64,
    };
    wire::Alert {
        queue: queue_name(queue),
        measure: alert_measure(measure),
        value: shown(value),
        threshold: shown(threshold),
        since: time(raised.since),
    }
}

pub fn alert_measure(measure: Measure) -> wire::AlertMeasure {
    match measure {
        Measure::Waiting => wire::AlertMeasure::Waiting,
        Measure::LongestWait => wire::AlertMeasure::LongestWait,
        Measure::ServiceLevel => wire::AlertMeasure::ServiceLevel,
        Measure::Abandonment => wire::AlertMeasure::Abandonment,
        Measure::AgentsAvailable => wire::AlertMeasure::AgentsAvailable,
        Measure::NotRecorded => wire::AlertMeasure::NotRecorded,
    }
}

pub fn board_snapshot(ids: &WireIds, view: View<'_>, alerts: &[wire::Alert]) -> wire::BoardSnapshot {
    wire::BoardSnapshot {
        event_no: view.router.event_no().0,
        server_time: time(view.now),
        counted_since: time(view.board.centre().since),
        queues: view.board.queues().map(|figures| board_queue(view, &figures)).collect(),
        agents: view.board.agents(view.now).map(|figures| board_agent(ids, view, &figures)).collect(),
        alerts: alerts.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::activity::AgentTotals;
    use crate::reporting::counts::{Tally, VisitCounts};
    use crate::reporting::figures::Rates;
    use crate::reporting::live_board::Board;
    use crate::routing::router::ContactRouter;
    use crate::routing::time::{Millis, Timestamp};

    #[test]
    fn who_is_offered_or_connected_no_longer_waits_so_that_the_row_balances() {
        let visits = VisitCounts { entered: 9, answered: 2, waiting: 7, ..VisitCounts::default() };
        let figures = QueueFigures {
            queue: QueueId::new("gold").unwrap(),
            waiting: 7,
            offered: 2,
            connecting: 1,
            talking: 2,
            wrap_up: 0,
            is_paused: false,
            longest_waiting_since: None,
            answered_within: Millis::seconds(20),
            target_per_mille: 800,
            rates: Rates::from(&Tally { visits, ..Tally::default() }),
            agents: AgentTotals::default(),
        };
        let (router, board, now) = (ContactRouter::new(), Board::new(), Timestamp::default());
        let row = board_queue(View { router: &router, board: &board, now }, &figures);
        assert_eq!((row.waiting, row.offered, row.connecting), (4, 2, 1));
        assert_eq!(row.estimated_wait, None, "the rules have no such queue");
        assert_eq!(row.entered, row.answered + row.waiting + row.offered + row.connecting);
    }
}
