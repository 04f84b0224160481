//! What runs beside the router: snapshots, the wall clock's steps, counting. None of it can hold the router up.

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::{mpsc, watch};

use crate::campaigns;
use crate::clock::{Clock, wall_time};
use crate::counters::{BoardGauges, CommittedBatch, EventCounter};
use crate::customers::text::ReaderName;
use crate::interactions;
use crate::journal::{LiveState, ReadError, Recovered, RecoveryError, SqlJournal, advance, prune, save};
use crate::records::{Records, RecordsError};
use crate::reporting::figures::QueueFigures;
use crate::router_handle::{Read, RouterHandle};
use crate::routing::command::Action;
use crate::routing::ids::EventNo;
use crate::routing::time::Millis;
use crate::sessions::Sessions;

/// A step of the wall clock larger than this is told to the router.
const CLOCK_STEP_MIN: Millis = Millis::seconds(1);
const CLOCK_LOOKED_AT_EVERY: Duration = Duration::from_secs(1);
/// How old a gauge may be.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
/// How often the snapshot task looks whether enough has been committed.
const SNAPSHOT_LOOKED_AT_EVERY: Duration = Duration::from_secs(1);
const PRUNED_EVERY: Duration = Duration::from_secs(10);
/// The state is written anew each time: events are dropped once they are this part of what is kept.
const PRUNED_PART: u64 = 16;
/// Events folded and dropped at once; a long journal is pruned in several turns.
const PRUNED_AT_ONCE_MAX: u64 = 1_000_000;

/// Only at the wall's own speed does the wall clock mean anything.
pub(super) async fn watch_wall_clock(router: RouterHandle, clock: Clock) {
    if clock.speed() != 1.0 {
        return;
    }
    let offset = || wall_time().0 - clock.now().0;
    let mut known = offset();
    let mut ticks = tokio::time::interval(CLOCK_LOOKED_AT_EVERY);
    loop {
        ticks.tick().await;
        let by = Millis(offset() - known);
        if by.0.abs() > CLOCK_STEP_MIN.0 {
            known += by.0;
            tracing::warn!(by_ms = by.0, "the wall clock stepped");
            if router.tell(Action::StepClock { by }).await.is_err() {
                return;
            }
        }
    }
}

/// A second fold of the committed journal, so that taking a snapshot never holds up the owner.
pub(super) async fn keep_snapshots(
    journal: Arc<SqlJournal>,
    recovered: Recovered<LiveState>,
    committed: watch::Receiver<EventNo>,
    every: u64,
) {
    if let Err(error) = follow_and_save(&journal, recovered, committed, every).await {
        tracing::error!(%error, "no more snapshots are taken until the next start");
    }
}

async fn follow_and_save(
    journal: &SqlJournal,
    recovered: Recovered<LiveState>,
    committed: watch::Receiver<EventNo>,
    every: u64,
) -> Result<(), RecoveryError> {
    let (mut state, mut stands_at, mut saved) = (recovered.state, recovered.event_no, recovered.snapshot_no);
    loop {
        tokio::time::sleep(SNAPSHOT_LOOKED_AT_EVERY).await;
        let upto = *committed.borrow();
        if upto.0 >= saved.0 + every {
            stands_at = advance(&mut state, journal, stands_at, upto).await?;
            save(&state, journal, stands_at).await?;
            saved = stands_at;
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum PruneFailed {
    #[error(transparent)]
    Journal(#[from] RecoveryError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// Drops the oldest events of the journal, so that it does not grow for ever.
pub(super) async fn prune_journal(
    journal: Arc<SqlJournal>,
    records: Records,
    committed: watch::Receiver<EventNo>,
    keep: Option<u64>,
) {
    let Some(keep) = keep else { return };
    if let Err(error) = journal.drop_before_base().await {
        tracing::warn!(%error, "what an earlier process began to drop stays for now");
    }
    loop {
        tokio::time::sleep(PRUNED_EVERY).await;
        let last = *committed.borrow();
        match prune_once(&journal, &records, last, keep).await {
            Ok(None) => {}
            Ok(Some(at)) => tracing::info!(event_no = at.0, "the journal begins after this event now"),
            Err(error) => tracing::warn!(%error, "no events are dropped from the journal; tried again soon"),
        }
    }
}

async fn prune_once(
    journal: &SqlJournal,
    records: &Records,
    last: EventNo,
    keep: u64,
) -> Result<Option<EventNo>, PruneFailed> {
    let begins_after = journal.begins_after().await?;
    let mut upto = last.0.saturating_sub(keep);
    // Should the newest snapshot be damaged, there is another before the journal begins.
    upto = upto.min(journal.oldest_snapshot().await?.map_or(0, |oldest| oldest.0.saturating_sub(1)));
    for reader in [interactions::READER, campaigns::READER] {
        let reader = ReaderName::new(reader).expect("a short word");
        upto = upto.min(records.reader_cursor(&reader).await?.0);
    }
    if upto < begins_after.0 + (keep / PRUNED_PART).max(1) {
        return Ok(None);
    }
    let upto = upto.min(begins_after.0 + PRUNED_AT_ONCE_MAX);
    Ok(prune::<LiveState>(journal, EventNo(upto)).await?)
}

/// What became of every contact, for whoever asks later.
pub(super) async fn write_interactions(
    journal: Arc<SqlJournal>,
    records: Records,
    committed: watch::Receiver<EventNo>,
) {
    interactions::follow(&*journal, &records, committed).await;
}

/// Counts what is on disk until the router stops.
pub(super) async fn count_committed(mut batches: mpsc::Receiver<CommittedBatch>, mut counter: EventCounter) {
    while let Some(batch) = batches.recv().await {
        counter.count(&batch);
    }
}

/// Forgets what no longer counts, and shows who waits and who is there.
pub(super) async fn upkeep(counters: PrometheusHandle, sessions: Arc<Sessions>, router: RouterHandle) {
    let mut ticks = tokio::time::interval(UPKEEP_EVERY);
    let mut board = BoardGauges::default();
    loop {
        ticks.tick().await;
        counters.run_upkeep();
        sessions.upkeep();
        let asked = router.ask(Read::Figures, |view| {
            let queues: Vec<QueueFigures> = view.board.queues().collect();
            (queues, view.board.centre().agents, view.now)
        });
        // Nobody answers any more once the router stops.
        let Ok((queues, agents, now)) = asked.await else { continue };
        board.show(&queues, &agents, now);
    }
}
