//! The one owner of the router: takes what the inboxes hold, decides, and lets nothing leave before
//! it is on disk. While one batch commits, the next is handled.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::counters::{CommittedBatch, HandledCommand, action_word, batch_not_counted, refusal_word};
use crate::fan_out;
use crate::journal::{AppendError, Epoch, Journal, LiveState, RecoveryError, recover};
use crate::reporting::live_board::Board;
use crate::router_handle::{Deferred, Delivery, Inboxes, Listener, Read, Rejection, View, Work, is_arrival};
use crate::routing::command::{Action, Command};
use crate::routing::event::Event;
use crate::routing::ids::EventNo;
use crate::routing::router::ContactRouter;
use crate::routing::time::{Millis, Timestamp};

/// A batch closes at this many commands, so that one commit stays short.
const BATCH_COMMANDS_MAX: usize = 256;
/// Or at this many events, about 256 KiB of JSON.
const BATCH_EVENTS_MAX: usize = 1_800;
/// How often a full disk is tried again, and room for a new reserve looked for.
const FULL_RETRY: Duration = Duration::from_secs(1);
const FULL_RETRY_AFTER_MS: u64 = 1_000;

/// Why the loop ended other than by request. The process ends with it.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    #[error("the journal failed: {0}")]
    Journal(#[from] AppendError),
    #[error("the state could not be rebuilt after a failed command: {0}")]
    Recovery(#[from] RecoveryError),
}

/// What waits for a commit, in the order in which it was decided.
enum Outgoing {
    Delivery(Delivery),
    Answer(Deferred),
}

#[derive(Default)]
struct Batch {
    events: Vec<Event>,
    commands: usize,
    handled: Vec<HandledCommand>,
    outgoing: Vec<Outgoing>,
}

impl Batch {
    fn has_room(&self) -> bool {
        self.commands < BATCH_COMMANDS_MAX && self.events.len() < BATCH_EVENTS_MAX
    }

    fn is_empty(&self) -> bool {
        self.events.is_empty() && self.outgoing.is_empty()
    }
}

struct Commit {
    task: JoinHandle<Result<EventNo, AppendError>>,
    started: Instant,
    events: Arc<Vec<Event>>,
    handled: Vec<HandledCommand>,
    outgoing: Vec<Outgoing>,
}

pub struct MainLoop<J> {
    router: ContactRouter,
    board: Board,
    journal: Arc<J>,
    epoch: Epoch,
    clock: Clock,
    inboxes: Inboxes,
    listener: Arc<dyn Listener>,
    committed: watch::Sender<EventNo>,
    batches: mpsc::Sender<CommittedBatch>,
    batch: Batch,
    commit: Option<Commit>,
    /// Reused for the deliveries of one event.
    deliveries: Vec<Delivery>,
    /// Told to the router before anything else.
    down_for: Option<Millis>,
    /// The disk was full and the reserve is in use: no new contact is taken. When room is looked for next.
    looks_for_room: Option<Instant>,
}

/// What a main loop is made of.
pub struct Parts<J> {
    pub router: ContactRouter,
    pub board: Board,
    pub journal: Arc<J>,
    pub epoch: Epoch,
    pub clock: Clock,
    pub inboxes: Inboxes,
    pub listener: Arc<dyn Listener>,
    /// Told the number of the last event on disk.
    pub committed: watch::Sender<EventNo>,
    /// Told what was committed, for counting; never waited for.
    pub batches: mpsc::Sender<CommittedBatch>,
    /// How long nobody ran this journal; None: it is new.
    pub down_for: Option<Millis>,
}

impl<J: Journal + 'static> MainLoop<J> {
    #[must_use]
    pub fn new(parts: Parts<J>) -> Self {
        let Parts { router, board, journal, epoch, clock, inboxes, listener, committed, batches, down_for } = parts;
        MainLoop {
            router,
            board,
            journal,
            epoch,
            clock,
            inboxes,
            listener,
            committed,
            batches,
            batch: Batch::default(),
            commit: None,
            deliveries: Vec::new(),
            down_for,
            looks_for_room: None,
        }
    }

    /// Runs until `stop` is given; then commits what was taken and returns the state as it is on disk.
    ///
    /// # Errors
    /// When the journal failed or belongs to another node: nothing unacknowledged was promised.
    pub async fn run(mut self, mut stop: oneshot::Receiver<()>) -> Result<(ContactRouter, Board), Stopped> {
        if let Some(down_for) = self.down_for.take() {
            let now = self.now();
            // It is never refused.
            let _ = self.handle(Action::Resume { down_for }.into(), now).await?;
        }
        loop {
            self.start_commit();
            let due = self.router.next_deadline().map(|due| Instant::from_std(self.clock.instant_of(due)));
            let day_ends = self.board.day_ends().map(|ends| Instant::from_std(self.clock.instant_of(ends)));
            let has_room = self.batch.has_room();
            tokio::select! {
                biased;
                done = finished(&mut self.commit) => self.finish_commit(done).await?,
                _ = &mut stop => break,
                Some(work) = self.inboxes.urgent.recv(), if has_room => self.take(work).await?,
                Some(work) = self.inboxes.arrivals.recv(), if has_room => self.take_arrival(work).await?,
                () = sleep_until(due), if has_room => self.advance(self.clock.now()),
                () = sleep_until(self.looks_for_room) => self.look_for_room().await,
                () = sleep_until(day_ends) => self.board.pass_days(self.clock.now()),
            }
            self.drain().await?;
        }
        self.start_commit();
        while self.commit.is_some() {
            let done = finished(&mut self.commit).await;
            self.finish_commit(done).await?;
            self.start_commit();
        }
        Ok((self.router, self.board))
    }

    /// What else the inboxes hold already, while the batch has room.
    async fn drain(&mut self) -> Result<(), Stopped> {
        while self.batch.has_room() {
            if let Ok(work) = self.inboxes.urgent.try_recv() {
                self.take(work).await?;
            } else if let Ok(work) = self.inboxes.arrivals.try_recv() {
                self.take_arrival(work).await?;
            } else {
                break;
            }
        }
        Ok(())
    }

    /// Where every byte is for those in hand, nobody new comes in; what is said of others stands behind arrivals too.
    async fn take_arrival(&mut self, work: Work) -> Result<(), Stopped> {
        let is_new = matches!(&work, Work::Tell { command, .. } if is_arrival(command));
        if is_new && self.looks_for_room.is_some() {
            self.refuse(work);
            return Ok(());
        }
        self.take(work).await
    }

    async fn take(&mut self, work: Work) -> Result<(), Stopped> {
        let now = self.now();
        self.advance(now);
        self.batch.commands += 1;
        match work {
            Work::Ask { answer, .. } => {
                let deferred = answer(Ok(View { router: &self.router, board: &self.board, now }));
                self.batch.outgoing.push(Outgoing::Answer(deferred));
            }
            Work::Tell { command, answer } => {
                let kind = action_word(&command.action);
                let outcome = self.handle(command, now).await?;
                let refused = outcome.as_ref().err().map(rejection_word);
                self.batch.handled.push(HandledCommand { kind, refused });
                let deferred = match outcome {
                    Ok(()) => answer(Ok(View { router: &self.router, board: &self.board, now })),
                    Err(rejection) => answer(Err(rejection)),
                };
                self.batch.outgoing.push(Outgoing::Answer(deferred));
            }
        }
        Ok(())
    }

    /// A command that makes the router panic is refused and logged, and what it left half done goes.
    async fn handle(&mut self, command: Command, now: Timestamp) -> Result<Result<(), Rejection>, Stopped> {
        let router = &mut self.router;
        match catch_unwind(AssertUnwindSafe(|| router.handle(command, now))) {
            Ok(Ok(events)) => {
                self.record(events, now);
                Ok(Ok(()))
            }
            Ok(Err(refusal)) => Ok(Err(Rejection::Refused(refusal))),
            Err(_) => {
                tracing::error!("a command failed inside the router; it is refused and the state rebuilt");
                self.rebuild().await?;
                Ok(Err(Rejection::Internal))
            }
        }
    }

    /// Never before the last event.
    fn now(&self) -> Timestamp {
        self.clock.now().max(self.router.state().last_at)
    }

    fn advance(&mut self, now: Timestamp) {
        while let Some(due) = self.router.next_deadline().filter(|due| *due <= now) {
            let events = self.router.advance_to(due);
            self.record(events, now);
        }
    }

    fn record(&mut self, events: Vec<Event>, now: Timestamp) {
        for event in &events {
            self.board.evolve(event);
        }
        let view = View { router: &self.router, board: &self.board, now };
        let first = self.router.event_no().0 + 1 - events.len() as u64;
        for (no, event) in (first..).zip(&events) {
            fan_out::deliveries(view, EventNo(no), event, &mut self.deliveries);
        }
        self.batch.outgoing.extend(self.deliveries.drain(..).map(Outgoing::Delivery));
        self.batch.events.extend(events);
    }

    /// The state from the journal and what is decided but not yet on disk.
    async fn rebuild(&mut self) -> Result<(), Stopped> {
        if self.commit.is_some() {
            let done = finished(&mut self.commit).await;
            self.finish_commit(done).await?;
        }
        let mut router = recover::<LiveState>(&*self.journal).await?.state.router;
        self.batch.events.iter().for_each(|event| router.evolve(event));
        self.router = router;
        Ok(())
    }

    fn start_commit(&mut self) {
        if self.commit.is_some() || self.batch.is_empty() {
            return;
        }
        let Batch { events, handled, outgoing, .. } = std::mem::take(&mut self.batch);
        let (started, events) = (Instant::now(), Arc::new(events));
        if events.is_empty() {
            self.release(outgoing);
            self.have_counted(CommittedBatch { events, commands: handled, took: Duration::ZERO });
            return;
        }
        let task = self.append(&events);
        self.commit = Some(Commit { task, started, events, handled, outgoing });
    }

    fn append(&self, events: &Arc<Vec<Event>>) -> JoinHandle<Result<EventNo, AppendError>> {
        let (journal, epoch, events) = (Arc::clone(&self.journal), self.epoch, Arc::clone(events));
        let after = *self.committed.borrow();
        tokio::spawn(async move { journal.append(epoch, after, &events).await })
    }

    async fn finish_commit(&mut self, mut done: Result<EventNo, AppendError>) -> Result<(), Stopped> {
        let Some(mut commit) = self.commit.take() else { return Ok(()) };
        while let Err(AppendError::Full) = done {
            if self.journal.give_back_reserve().await {
                tracing::error!("the disk is full: no new contact is taken until there is room; the reserve is in use");
                self.looks_for_room = Some(Instant::now() + FULL_RETRY);
            } else {
                tracing::error!("the disk is full: nothing is taken until there is room");
                self.turn_away(Instant::now() + FULL_RETRY).await;
            }
            commit.started = Instant::now();
            done = self.append(&commit.events).await.expect("an append does not panic");
        }
        let took = commit.started.elapsed();
        self.committed.send_replace(done?);
        let Commit { events, handled, outgoing, .. } = commit;
        self.release(outgoing);
        self.have_counted(CommittedBatch { events, commands: handled, took });
        Ok(())
    }

    /// Whoever counts and is too slow misses some; the router waits for nobody.
    fn have_counted(&self, batch: CommittedBatch) {
        if let Err(mpsc::error::TrySendError::Full(batch)) = self.batches.try_send(batch) {
            batch_not_counted(batch.events.len());
        }
    }

    /// Answers whoever comes until `until`: figures are shown, everything else is unavailable.
    async fn turn_away(&mut self, until: Instant) {
        loop {
            let work = tokio::select! {
                () = tokio::time::sleep_until(until) => return,
                Some(work) = self.inboxes.urgent.recv() => work,
                Some(work) = self.inboxes.arrivals.recv() => work,
            };
            self.refuse(work);
        }
    }

    fn refuse(&self, work: Work) {
        match work {
            Work::Ask { read: Read::Figures, answer } => {
                answer(Ok(View { router: &self.router, board: &self.board, now: self.clock.now() }))();
            }
            Work::Ask { read: Read::Exact, answer } | Work::Tell { answer, .. } => {
                answer(Err(Rejection::Unavailable { retry_after_ms: FULL_RETRY_AFTER_MS }))();
            }
        }
    }

    async fn look_for_room(&mut self) {
        let found = self.journal.take_reserve().await;
        if found {
            tracing::info!("there is room on the disk again: new contacts are taken");
        }
        self.looks_for_room = (!found).then(|| Instant::now() + FULL_RETRY);
    }

    fn release(&self, outgoing: Vec<Outgoing>) {
        for item in outgoing {
            match item {
                Outgoing::Delivery(delivery) => self.listener.hear(delivery),
                Outgoing::Answer(deferred) => deferred(),
            }
        }
    }
}

fn rejection_word(rejection: &Rejection) -> &'static str {
    match rejection {
        Rejection::Refused(refusal) => refusal_word(refusal),
        Rejection::Busy { .. } => "busy",
        Rejection::Unavailable { .. } => "unavailable",
        Rejection::Internal => "internal",
    }
}

/// Never, when nothing is being committed.
async fn finished(commit: &mut Option<Commit>) -> Result<EventNo, AppendError> {
    match commit {
        Some(commit) => (&mut commit.task).await.expect("an append does not panic"),
        None => std::future::pending().await,
    }
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
