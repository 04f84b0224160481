//! Two bounded inboxes and what may stand in them. Never waits for an answer itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{mpsc, oneshot};

use crate::counters::arrival_turned_away;
use crate::reporting::live_board::Board;
use crate::routing::command::{Action, Command};
use crate::routing::refusal::Refusal;
use crate::routing::router::ContactRouter;
use crate::routing::time::Timestamp;

/// What agents, supervisors and live calls say; a sender waits when it is full.
const URGENT_MAX: usize = 1_024;
/// New contacts; a sender hears `Busy` when it is full.
const ARRIVALS_MAX: usize = 256;
const BUSY_RETRY_AFTER_MS: u64 = 200;
/// The router has stopped; another process may take over.
const GONE: Rejection = Rejection::Unavailable { retry_after_ms: 1_000 };

/// The router and the board as they are between two commands.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub router: &'a ContactRouter,
    pub board: &'a Board,
    pub now: Timestamp,
}

/// Done after the commit of everything handled before it.
pub type Deferred = Box<dyn FnOnce() + Send>;
/// Works out an answer between two commands.
pub type Answer = Box<dyn FnOnce(Result<View<'_>, Rejection>) -> Deferred + Send>;

/// Why a command had no effect or a question no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// An inbox is full.
    #[error("busy")]
    Busy { retry_after_ms: u64 },
    /// Nothing can be made durable at the moment, or the router is stopping.
    #[error("unavailable")]
    Unavailable { retry_after_ms: u64 },
    /// The router failed on this very command; its state was rebuilt without it.
    #[error("internal error")]
    Internal,
}

/// How exact a question is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Read {
    /// Answered only once everything it saw is on disk.
    Exact,
    /// For screens: answered even while the disk is full.
    Figures,
}

pub enum Work {
    Tell { command: Command, answer: Answer },
    Ask { read: Read, answer: Answer },
}

/// The owner's ends of the inboxes.
pub struct Inboxes {
    pub urgent: mpsc::Receiver<Work>,
    pub arrivals: mpsc::Receiver<Work>,
}

#[derive(Clone)]
pub struct RouterHandle {
    urgent: mpsc::Sender<Work>,
    arrivals: mpsc::Sender<Work>,
}

#[must_use]
pub fn inboxes() -> (RouterHandle, Inboxes) {
    let (urgent, urgent_end) = mpsc::channel(URGENT_MAX);
    let (arrivals, arrivals_end) = mpsc::channel(ARRIVALS_MAX);
    (RouterHandle { urgent, arrivals }, Inboxes { urgent: urgent_end, arrivals: arrivals_end })
}

impl RouterHandle {
    /// One sender whose commands keep their order among each other.
    #[must_use]
    pub fn source(&self) -> Source {
        Source { handle: self.clone(), arrivals_open: Arc::new(AtomicUsize::new(0)) }
    }

    /// Sends a command and waits until its effect is on disk.
    ///
    /// # Errors
    /// When the command had no effect.
    pub async fn tell(&self, command: impl Into<Command>) -> Result<(), Rejection> {
        let (sender, answered) = oneshot::channel();
        let answer: Answer = Box::new(|outcome| {
            let outcome = outcome.map(|_| ());
            Box::new(move || drop(sender.send(outcome)))
        });
        send_or_reject(&self.urgent, Work::Tell { command: command.into(), answer }).await;
        answered.await.unwrap_or(Err(GONE))
    }

    /// Asks a question; the answer leaves after the commit of everything before it.
    ///
    /// # Errors
    /// When the router stops, or holds exact answers back because nothing can be made durable.
    pub async fn ask<T: Send + 'static>(
        &self,
        read: Read,
        question: impl FnOnce(View<'_>) -> T + Send + 'static,
    ) -> Result<T, Rejection> {
        let (sender, answered) = oneshot::channel();
        let answer: Answer = Box::new(move |view| {
            let found = view.map(question);
            Box::new(move || drop(sender.send(found)))
        });
        send_or_reject(&self.urgent, Work::Ask { read, answer }).await;
        answered.await.unwrap_or(Err(GONE))
    }
}

/// Waits for room; what can no longer be taken is answered so.
async fn send_or_reject(inbox: &mpsc::Sender<Work>, work: Work) {
    if let Err(mpsc::error::SendError(work)) = inbox.send(work).await {
        reject(work, GONE);
    }
}

/// One console, gateway or person. New contacts may be shed; while any of them waits to be
/// answered, everything else from here queues behind them, so that an end cannot overtake its arrival.
#[derive(Clone)]
pub struct Source {
    handle: RouterHandle,
    arrivals_open: Arc<AtomicUsize>,
}

impl Source {
    /// Sends a command; `answer` is called between two commands, what it returns after the commit.
    pub async fn tell(&self, command: Command, answer: Answer) {
        let is_arrival = is_arrival(&command);
        if !is_arrival && self.arrivals_open.load(Ordering::Acquire) == 0 {
            return send_or_reject(&self.handle.urgent, Work::Tell { command, answer }).await;
        }
        let open = Arc::clone(&self.arrivals_open);
        open.fetch_add(1, Ordering::AcqRel);
        let answer: Answer = Box::new(move |outcome| {
            open.fetch_sub(1, Ordering::AcqRel);
            answer(outcome)
        });
        let work = Work::Tell { command, answer };
        if !is_arrival {
            return send_or_reject(&self.handle.arrivals, work).await;
        }
        match self.handle.arrivals.try_send(work) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(work)) => {
                arrival_turned_away();
                reject(work, Rejection::Busy { retry_after_ms: BUSY_RETRY_AFTER_MS });
            }
            Err(mpsc::error::TrySendError::Closed(work)) => reject(work, GONE),
        }
    }

    /// Asks between this source's own commands.
    pub async fn ask(&self, answer: Answer) {
        let work = Work::Ask { read: Read::Exact, answer };
        let is_waiting_for_arrivals = self.arrivals_open.load(Ordering::Acquire) > 0;
        let inbox = if is_waiting_for_arrivals { &self.handle.arrivals } else { &self.handle.urgent };
        send_or_reject(inbox, work).await;
    }
}

/// A contact that nobody knows yet: it alone may be turned away.
#[must_use]
pub fn is_arrival(command: &Command) -> bool {
    matches!(command.action, Action::ContactArrived { .. })
}

/// Answers without having done anything.
pub fn reject(work: Work, rejection: Rejection) {
    let (Work::Tell { answer, .. } | Work::Ask { answer, .. }) = work;
    answer(Err(rejection))();
}
