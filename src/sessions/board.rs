//! The live board for dashboards: one question to the router every 100 ms while somebody watches,
//! encoded once for all of them. Computes no figure.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::from_protocol::WireIds;
use super::to_protocol::{board_agent, board_queue, board_snapshot, time};
use crate::protocol::{Alert, BoardDelta, BoardSnapshot, BoardWatch, QueueName, SupervisorHears, push_text};
use crate::router_handle::{Read, RouterHandle};

/// At most one delta in this time; the latest row wins.
const DELTA_EVERY: Duration = Duration::from_millis(100);
/// Deltas a slow dashboard may be behind before it gets a whole snapshot instead.
const DELTAS_KEPT: usize = 64;

/// What all dashboards hear.
#[derive(Clone, Debug)]
pub enum BoardNews {
    /// Everything changed: ask for a snapshot.
    Anew,
    Delta(Arc<BoardDelta>, Utf8Bytes),
    Alert(Arc<AlertNews>),
}

/// An alert of a queue was raised or cleared.
#[derive(Debug)]
pub struct AlertNews {
    pub queue: QueueName,
    pub text: Utf8Bytes,
}

/// Where dashboards listen, and the alerts that stand.
#[derive(Clone, Debug)]
pub struct BoardFeed {
    news: broadcast::Sender<BoardNews>,
    alerts: watch::Sender<Arc<[Alert]>>,
}

impl Default for BoardFeed {
    fn default() -> Self {
        BoardFeed { news: broadcast::channel(DELTAS_KEPT).0, alerts: watch::Sender::new(Arc::from([])) }
    }
}

impl BoardFeed {
    pub(super) fn listen(&self) -> broadcast::Receiver<BoardNews> {
        self.news.subscribe()
    }

    pub(super) fn alerts(&self) -> Arc<[Alert]> {
        Arc::clone(&self.alerts.borrow())
    }

    pub(super) fn set_alerts(&self, standing: Arc<[Alert]>) {
        self.alerts.send_replace(standing);
    }

    /// Nobody listening is no error.
    pub(super) fn tell(&self, news: BoardNews) {
        let _ = self.news.send(news);
    }
}

/// Runs until the router stops.
pub async fn broadcast_board(feed: BoardFeed, router: RouterHandle, ids: WireIds) {
    let mut mark = 0;
    let mut ticks = tokio::time::interval(DELTA_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if feed.news.receiver_count() == 0 {
            continue;
        }
        let ids = ids.clone();
        let asked = router.ask(Read::Figures, move |view| {
            let changes = view.board.changed_since(mark, view.now);
            let delta = BoardDelta {
                event_no: view.router.event_no().0,
                server_time: time(view.now),
                queues: changes.queues.iter().map(|figures| board_queue(view, figures)).collect(),
                agents: changes.agents.iter().map(|figures| board_agent(&ids, view, figures)).collect(),
                queues_gone: Vec::new(),
                agents_gone: Vec::new(),
            };
            (changes.mark, changes.whole, delta)
        });
        let Ok((new_mark, whole, delta)) = asked.await else { return };
        mark = new_mark;
        let news = if whole {
            BoardNews::Anew
        } else if delta.queues.is_empty() && delta.agents.is_empty() {
            continue;
        } else {
            let text = Utf8Bytes::from(push_text(&SupervisorHears::BoardDelta(delta.clone())));
            BoardNews::Delta(Arc::new(delta), text)
        };
        feed.tell(news);
    }
}

/// What one dashboard chose to see; all of it by default.
#[derive(Clone, Debug, Default)]
pub struct Selection(BoardWatch);

impl Selection {
    pub fn new(watch: BoardWatch) -> Selection {
        Selection(watch)
    }

    fn is_all(&self) -> bool {
        self.0.queues.is_none() && self.0.agents.is_none()
    }

    pub fn of_snapshot(&self, mut snapshot: BoardSnapshot) -> BoardSnapshot {
        if let Some(queues) = &self.0.queues {
            snapshot.queues.retain(|row| queues.contains(&row.queue));
            snapshot.alerts.retain(|alert| queues.contains(&alert.queue));
        }
        if let Some(agents) = &self.0.agents {
            snapshot.agents.retain(|row| agents.contains(&row.agent));
        }
        snapshot
    }

    /// None: the alert's queue is not watched.
    pub fn of_alert(&self, news: &AlertNews) -> Option<Utf8Bytes> {
        let is_watched = self.0.queues.as_ref().is_none_or(|queues| queues.contains(&news.queue));
        is_watched.then(|| news.text.clone())
    }

    /// The shared text when everything is shown; None when nothing of the delta is.
    pub fn of_delta(&self, delta: &BoardDelta, text: &Utf8Bytes) -> Option<Utf8Bytes> {
        if self.is_all() {
            return Some(text.clone());
        }
        let mut delta = delta.clone();
        if let Some(queues) = &self.0.queues {
            delta.queues.retain(|row| queues.contains(&row.queue));
        }
        if let Some(agents) = &self.0.agents {
            delta.agents.retain(|row| agents.contains(&row.agent));
        }
        let is_empty = delta.queues.is_empty() && delta.agents.is_empty();
        (!is_empty).then(|| Utf8Bytes::from(push_text(&SupervisorHears::BoardDelta(delta))))
    }
}

/// The whole board as it is now.
pub async fn whole_board(feed: &BoardFeed, router: &RouterHandle, ids: &WireIds) -> Option<BoardSnapshot> {
    let (ids, alerts) = (ids.clone(), feed.alerts());
    router.ask(Read::Figures, move |view| board_snapshot(&ids, view, &alerts)).await.ok()
}
