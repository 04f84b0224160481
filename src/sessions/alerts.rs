//! Watches the figures of all queues against their thresholds, once a second, whether or not somebody
//! looks, and tells dashboards what changed. Decides nothing about contacts.

use std::sync::Arc;
use std::time::Duration;

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::board::{AlertNews, BoardFeed, BoardNews};
use super::to_protocol::{alert, alert_measure, queue_name, time};
use crate::protocol::{Alert, AlertCleared, AlertRaised, SupervisorHears, push_text};
use crate::reporting::alerts::{Alerts, Over, not_recorded, over};
use crate::router_handle::{Read, RouterHandle, View};
use crate::routing::ids::QueueId;
use crate::routing::rule_set::QueueRules;

const LOOKED_AT_EVERY: Duration = Duration::from_secs(1);

/// Runs until the router stops.
pub async fn watch_alerts(feed: BoardFeed, router: RouterHandle) {
    let mut alerts = Alerts::default();
    let mut ticks = tokio::time::interval(LOOKED_AT_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Ok((found, now)) = router.ask(Read::Figures, |view| (all_over(view), view.now)).await else { return };
        let changes = alerts.look(found, now);
        let standing: Vec<Alert> = alerts.standing().map(|(queue, raised)| alert(queue, raised)).collect();
        feed.set_alerts(standing.into());
        for (queue, raised) in &changes.raised {
            let message = SupervisorHears::AlertRaised(AlertRaised { alert: alert(queue, raised) });
            feed.tell(news(queue, &message));
        }
        for (queue, measure) in &changes.cleared {
            let cleared = AlertCleared { queue: queue_name(queue), measure: alert_measure(*measure), at: time(now) };
            feed.tell(news(queue, &SupervisorHears::AlertCleared(cleared)));
        }
    }
}

fn news(queue: &QueueId, message: &SupervisorHears) -> BoardNews {
    BoardNews::Alert(Arc::new(AlertNews { queue: queue_name(queue), text: Utf8Bytes::from(push_text(message)) }))
}

fn all_over(view: View<'_>) -> Vec<(QueueId, Over)> {
    let state = view.router.state();
    let not_recorded = not_recorded(state);
    let is_watched = |rules: &QueueRules| rules.record || rules.alerts != Default::default();
    let watched = state.rules.queues.iter().filter(|(_, rules)| is_watched(rules));
    watched
        .filter_map(|(queue, rules)| Some((queue, rules, view.board.queue(queue)?, state.queue_no(queue)?)))
        .flat_map(|(queue, rules, figures, no)| {
            let recent = state.queue(no).recent_ends.service_level(view.now);
            let not_recorded = not_recorded.get(&no).copied().unwrap_or_default();
            over(&figures, &rules.alerts, recent, not_recorded, view.now).into_iter().map(|over| (queue.clone(), over))
        })
        .collect()
}
