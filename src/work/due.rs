//! Makes work a task when its time comes. It decides nothing about tasks.

use std::sync::Arc;
use std::time::Duration;

use super::desk::{WorkDesk, WorkRefused};
use super::task::{gateway, reference_of};
use crate::clock::Clock;
use crate::customers::change::Stamp;
use crate::customers::work::Work;
use crate::records::WorkError;
use crate::router_handle::Rejection;
use crate::routing::command::{Action, Direction};
use crate::routing::ids::PersonId;
use crate::routing::refusal::Refusal;
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

/// Read at once: a morning with thousands due is worked off in steps that hold nobody up.
const DUE_MAX: u32 = 100;
/// What another process wrote is seen after so long.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(30);
/// How soon what could not be done is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Who does what nobody asked for at that moment.
pub(super) fn usher() -> PersonId {
    PersonId::new("usher").expect("a short word")
}

/// For as long as the server runs.
pub async fn falls_due(desk: Arc<WorkDesk>, clock: Clock) {
    loop {
        let wait = match open_due(&desk, clock).await {
            Ok(next) => until(next, clock),
            Err(error) => {
                tracing::warn!(%error, "work that is due waits");
                AGAIN_AFTER
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = desk.due_changed.notified() => {}
        }
    }
}

fn until(next: Option<Timestamp>, clock: Clock) -> Duration {
    let Some(next) = next else { return LOOKED_AT_EVERY };
    let wait_ms = u64::try_from(next.since(clock.now()).0).unwrap_or(0);
    Duration::from_millis(wait_ms).div_f64(clock.speed()).min(LOOKED_AT_EVERY)
}

/// All that is due becomes tasks. When the next one is.
async fn open_due(desk: &WorkDesk, clock: Clock) -> Result<Option<Timestamp>, WorkRefused> {
    loop {
        let due = desk.records().work_due(clock.now(), DUE_MAX).await?;
        for work in &due {
            open(desk, work, clock).await?;
        }
        if due.len() < DUE_MAX as usize {
            return Ok(desk.records().next_work_due().await?);
        }
    }
}

async fn open(desk: &WorkDesk, work: &Work, clock: Clock) -> Result<(), WorkRefused> {
    let Some(queue) = work.fields.queue.clone() else { return Ok(()) };
    let stamp = Stamp { at: clock.now(), by: usher() };
    let opened = match desk.open_task(work, queue, None, &stamp).await {
        // The rules dropped its queue: the entry rules say where it goes.
        Err(WorkRefused::Router(Rejection::Refused(Refusal::UnknownQueue { queue }))) => {
            tracing::warn!(work = %work.id, %queue, "the queue of due work is gone: the entry rules choose another");
            enter(desk, work, &stamp).await
        }
        // It became this task before, and that is over already.
        Err(WorkRefused::Router(Rejection::Refused(Refusal::ContactEnded { contact: Some(_) }))) => {
            desk.note_task(work, &reference_of(work), &stamp).await.map(drop)
        }
        other => other.map(drop),
    };
    match opened {
        // Somebody else was at it in this moment: it is looked at again.
        Err(WorkRefused::Work(WorkError::Closed(_) | WorkError::ContactThere { .. })) => Ok(()),
        other => other,
    }
}

async fn enter(desk: &WorkDesk, work: &Work, stamp: &Stamp) -> Result<(), WorkRefused> {
    let reference = reference_of(work);
    let arrival = Action::ContactArrived {
        gateway: gateway(),
        reference: reference.clone(),
        channel: Channel::Task,
        direction: Direction::Inbound,
        from: None,
        to: None,
        attributes: desk.attributes(work).await?,
        event: 0,
    };
    desk.router().tell(arrival).await?;
    desk.note_task(work, &reference, stamp).await.map(drop)
}
