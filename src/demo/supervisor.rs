//! A virtual supervisor at a dashboard: follows the board, reads its totals, and starts a campaign. He never
//! counts what the server counts.

use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio::sync::{mpsc, oneshot, watch};

use super::gateway::told_to_stop;
use crate::protocol::{
    BoardDelta, BoardSnapshot, BoardWatch, Name, NamedCampaign, QueueName, RequestId, ServerMessage, Snapshot,
    SupervisorAsk, SupervisorHears,
};
use crate::wire_client::{Client, Closed, Door, Heard, OpenError, ReconnectDelay};

/// A server that has just begun does not know its campaigns yet.
const STARTS_CAMPAIGN_EVERY: Duration = Duration::from_millis(500);

/// Board rows summed over all queues.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BoardTotals {
    pub carried_in: u64,
    pub entered: u64,
    pub answered: u64,
    pub answered_within: u64,
    pub abandoned: u64,
    pub flowed_out: u64,
    pub callbacks: u64,
    pub withdrawn: u64,
    pub lost: u64,
    /// Waiting, offered and connecting.
    pub waiting: u64,
}

impl BoardTotals {
    #[must_use]
    pub fn of(board: &BoardSnapshot) -> BoardTotals {
        BoardTotals::of_queues(board, |_| true)
    }

    /// Of some of the queues.
    #[must_use]
    pub fn of_queues(board: &BoardSnapshot, counts: impl Fn(&QueueName) -> bool) -> BoardTotals {
        let mut sum = BoardTotals::default();
        for queue in board.queues.iter().filter(|row| counts(&row.queue)) {
            sum.carried_in += queue.carried_in;
            sum.entered += queue.entered;
            sum.answered += queue.answered;
            sum.answered_within += queue.answered_within;
            sum.abandoned += queue.abandoned;
            sum.flowed_out += queue.flowed_out;
            sum.callbacks += queue.callbacks;
            sum.withdrawn += queue.withdrawn;
            sum.lost += queue.lost;
            sum.waiting += queue.waiting + queue.offered + queue.connecting;
        }
        sum
    }

    /// carried_in + entered = answered + abandoned + flowed_out + callbacks + withdrawn + lost + waiting
    #[must_use]
    pub fn balances(&self) -> bool {
        let ended = self.answered + self.abandoned + self.flowed_out + self.callbacks + self.withdrawn + self.lost;
        self.carried_in + self.entered == ended + self.waiting
    }
}

/// What the supervisor's dashboard shows.
#[derive(Clone, Debug)]
pub struct Dashboard {
    shown: watch::Receiver<Option<BoardSnapshot>>,
    asks: mpsc::Sender<oneshot::Sender<BoardSnapshot>>,
}

impl Dashboard {
    /// The board as last pushed; None before the first.
    #[must_use]
    pub fn shown(&self) -> Option<BoardSnapshot> {
        self.shown.borrow().clone()
    }

    /// The board as it is now, with all that was acknowledged before. None when no server answers
    /// within `patience`.
    pub async fn ask(&self, patience: Duration) -> Option<BoardSnapshot> {
        let (sender, answer) = oneshot::channel();
        let asking = async {
            self.asks.send(sender).await.ok()?;
            answer.await.ok()
        };
        tokio::time::timeout(patience, asking).await.ok().flatten()
    }
}

/// Opens a dashboard that is followed until `stop` says so. `campaign`: is started once.
pub fn run_supervisor(
    door: Door,
    seed: u64,
    mut campaign: Option<Name>,
    mut stop: watch::Receiver<bool>,
) -> (Dashboard, tokio::task::JoinHandle<Result<(), OpenError>>) {
    let (sender, shown) = watch::channel(None);
    let (asks, mut questions) = mpsc::channel(8);
    let following = tokio::spawn(async move {
        let mut delay = ReconnectDelay::new(ChaCha8Rng::seed_from_u64(seed));
        let mut waiting: Vec<oneshot::Sender<BoardSnapshot>> = Vec::new();
        loop {
            let opening = tokio::select! {
                opened = Client::open(&door, None) => opened,
                () = told_to_stop(&mut stop) => return Ok(()),
            };
            let again_after = match opening {
                Ok((mut client, opened)) => {
                    delay.succeeded();
                    if let Some(Snapshot::Supervisor(board)) = opened.snapshot {
                        sender.send_replace(Some(board));
                    }
                    let following = follow(&mut client, &sender, &mut questions, &mut waiting, &mut campaign);
                    tokio::select! {
                        closed = following => closed.retry_after,
                        () = told_to_stop(&mut stop) => {
                            client.log_out().await;
                            return Ok(());
                        }
                    }
                }
                Err(error) if error.is_final() => return Err(error),
                Err(error) => error.retry_after(),
            };
            tokio::select! {
                () = tokio::time::sleep(delay.next(again_after)) => {}
                () = told_to_stop(&mut stop) => return Ok(()),
            }
        }
    });
    (Dashboard { shown, asks }, following)
}

async fn follow(
    client: &mut Client,
    shown: &watch::Sender<Option<BoardSnapshot>>,
    questions: &mut mpsc::Receiver<oneshot::Sender<BoardSnapshot>>,
    waiting: &mut Vec<oneshot::Sender<BoardSnapshot>>,
    to_start: &mut Option<Name>,
) -> Closed {
    let mut next_id = 1;
    let start_campaign = RequestId::Text("campaign".to_owned());
    let mut starts = tokio::time::interval(STARTS_CAMPAIGN_EVERY);
    if !waiting.is_empty() && ask_board(client, &mut next_id).await.is_err() {
        return Closed::default();
    }
    loop {
        tokio::select! {
            heard = client.next() => match heard {
                Heard::Told { message: ServerMessage::Supervisor(message), .. } => show(shown, message),
                Heard::Answered { id, answer } if id == start_campaign => {
                    if answer.is_ok() {
                        *to_start = None;
                    }
                }
                // An older answer may not know what the last to ask wants to know.
                Heard::Answered { id, .. } if id != RequestId::Number(next_id) => {}
                Heard::Answered { answer: Ok(result), .. } => {
                    if let Ok(board) = result.read::<BoardSnapshot>() {
                        shown.send_replace(Some(board.clone()));
                        for asker in waiting.drain(..) {
                            // Who asked may have lost patience.
                            let _ = asker.send(board.clone());
                        }
                    }
                }
                Heard::Answered { answer: Err(_), .. } => waiting.clear(),
                Heard::Told { .. } | Heard::Gap { .. } | Heard::Unreadable(_) => {}
                Heard::Closed(closed) => return closed,
            },
            _ = starts.tick(), if to_start.is_some() => {
                let campaign = to_start.clone().expect("it was just looked at");
                let start = SupervisorAsk::CampaignStart(NamedCampaign { campaign });
                if client.ask(&start_campaign, &start).await.is_err() {
                    return Closed::default();
                }
            }
            Some(asker) = questions.recv() => {
                waiting.push(asker);
                if ask_board(client, &mut next_id).await.is_err() {
                    return Closed::default();
                }
            }
        }
    }
}

async fn ask_board(client: &mut Client, next_id: &mut i64) -> Result<(), ()> {
    *next_id += 1;
    let watch = SupervisorAsk::BoardWatch(BoardWatch::default());
    client.ask(&RequestId::Number(*next_id), &watch).await.map_err(|_| ())
}

fn show(shown: &watch::Sender<Option<BoardSnapshot>>, message: SupervisorHears) {
    match message {
        SupervisorHears::BoardSnapshot(board) => {
            shown.send_replace(Some(board));
        }
        SupervisorHears::BoardDelta(delta) => shown.send_modify(|board| {
            if let Some(board) = board {
                apply(board, delta);
            }
        }),
        SupervisorHears::AlertRaised(_) | SupervisorHears::AlertCleared(_) | SupervisorHears::MonitorChanged(_) => {}
    }
}

fn apply(board: &mut BoardSnapshot, delta: BoardDelta) {
    if delta.event_no < board.event_no {
        return;
    }
    board.event_no = delta.event_no;
    board.server_time = delta.server_time;
    for row in delta.queues {
        match board.queues.iter_mut().find(|shown| shown.queue == row.queue) {
            Some(shown) => *shown = row,
            None => board.queues.push(row),
        }
    }
    for row in delta.agents {
        match board.agents.iter_mut().find(|shown| shown.agent == row.agent) {
            Some(shown) => *shown = row,
            None => board.agents.push(row),
        }
    }
    board.queues.retain(|row| !delta.queues_gone.contains(&row.queue));
    board.agents.retain(|row| !delta.agents_gone.contains(&row.agent));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn board() -> BoardSnapshot {
        let t = "2026-11-22T09:00:00.000Z";
        let row = |queue: &str, waiting: u64| {
            json!({"queue": queue, "waiting": waiting, "offered": 1, "connecting": 0,
                "longest_waiting_since": null, "longest_wait_ms": 0, "carried_in": 0, "entered": 6 + waiting,
                "answered": 4, "answered_within": 3, "abandoned": 1, "short_abandoned": 0, "flowed_out": 0,
                "callbacks": 0, "withdrawn": 0, "lost": 0, "service_level": null, "asa_ms": null, "aht_ms": null,
                "agents_available": 0, "agents_idle": 0, "agents_busy": 0})
        };
        let board = json!({"event_no": 7, "server_time": t, "counted_since": t,
            "queues": [row("gold", 2), row("billing", 0)], "agents": []});
        serde_json::from_value(board).unwrap()
    }

    #[test]
    fn totals_are_summed_and_balance() {
        let mut board = board();
        let totals = BoardTotals::of(&board);
        assert_eq!((totals.entered, totals.answered, totals.waiting), (14, 8, 4));
        assert!(totals.balances());
        board.queues[0].lost += 1;
        assert!(!BoardTotals::of(&board).balances());
    }

    #[test]
    fn a_delta_replaces_rows_and_an_old_one_nothing() {
        let mut shown = board();
        let mut row = shown.queues[1].clone();
        row.waiting = 9;
        let delta = |event_no| BoardDelta {
            event_no,
            server_time: shown_time(),
            queues: vec![row.clone()],
            agents: Vec::new(),
            queues_gone: vec![crate::protocol::QueueName::clipped("gold")],
            agents_gone: Vec::new(),
        };
        apply(&mut shown, delta(6));
        assert_eq!(shown, board());
        apply(&mut shown, delta(8));
        assert_eq!((shown.queues.len(), shown.queues[0].waiting, shown.event_no), (1, 9, 8));
    }

    fn shown_time() -> crate::protocol::Time {
        crate::protocol::Time::from_ms(1_800_000_000_000)
    }
}
