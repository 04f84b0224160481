//! Brings a state back from the journal and keeps snapshots of it. Knows no state but through [`Fold`],
//! and decides nothing.
//!
//! The live state is recovered once, at start. A second fold of the same kind follows the committed
//! journal on a task of its own ([`advance`]) and is what snapshots are taken of ([`save`]), so that
//! encoding one never holds up the owner.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::routing::event::Event;
use crate::routing::ids::{ContactId, EventNo};
use crate::routing::personal::PersonalDetails;
use crate::routing::time::Timestamp;

use super::row::place_of;
use super::{AppendError, Base, Batch, Journal, PruneError, ReadError};

/// Events opened and folded at a time: one question for keys for each.
const OPENED_MAX: usize = 4_096;

/// A state that events make.
pub trait Fold: Sized {
    /// What of the state is kept. A snapshot is postcard, which does not grow: a changed shape needs a new
    /// `SNAPSHOT_VERSION`, and what an older version wrote is folded anew. The base of a pruned journal is JSON:
    /// a field that is added needs a default, and none is ever taken away or given another meaning.
    type Snapshot: Serialize + DeserializeOwned;
    const SNAPSHOT_VERSION: u32;

    /// Before the first event.
    fn empty() -> Self;
    /// `event` has its personal data plain, or erased.
    fn evolve(&mut self, event: &Event);
    fn snapshot(&self) -> Self::Snapshot;
    fn restore(snapshot: Self::Snapshot) -> Self;
    /// Every contact in a snapshot. Of another that came before, nothing personal comes any more.
    fn contacts_in(snapshot: &Self::Snapshot) -> BTreeSet<ContactId>;
    /// All personal data in a snapshot, each with the contact it belongs to.
    fn personal_in(snapshot: &mut Self::Snapshot) -> Vec<(ContactId, &mut PersonalDetails)>;
}

/// The state after the last event.
#[derive(Clone)]
pub struct Recovered<F> {
    pub state: F,
    pub event_no: EventNo,
    /// When the last event became so; None: there is none yet. The clock never starts before it.
    pub last_event_at: Option<Timestamp>,
    /// The snapshot or base it began with; 0: none.
    pub snapshot_no: EventNo,
}

#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the snapshot could not be written")]
    Write(#[from] AppendError),
    #[error(transparent)]
    Prune(#[from] PruneError),
    #[error("the state could not be encoded")]
    Encoding(#[source] postcard::Error),
    #[error("the state could not be written as JSON")]
    BaseEncoding(#[source] serde_json::Error),
    #[error("the state as JSON is another when it is read")]
    BaseDiffers,
}

/// The latest snapshot and the fold of what came after it, or the fold of everything.
///
/// # Errors
/// When the journal cannot be read to its end.
pub async fn recover<F: Fold>(journal: &impl Journal) -> Result<Recovered<F>, RecoveryError> {
    let Begun { mut state, event_no: snapshot_no, at } = begin(journal, EventNo(u64::MAX)).await?;
    let mut last_event_at = at;
    let mut waiting = Vec::new();
    let mut event_no = snapshot_no;
    // From one event before a snapshot, so that there is a time even when nothing came after it.
    let from = if at.is_some() { snapshot_no } else { EventNo(snapshot_no.0.saturating_sub(1)) };
    let batches = journal.read_after(from);
    let mut batches = std::pin::pin!(batches);
    while let Some(batch) = batches.try_next().await? {
        last_event_at = Some(batch.at);
        let known = usize::from(batch.first <= snapshot_no);
        event_no = batch.last();
        waiting.extend(batch.events.into_iter().skip(known));
        if waiting.len() >= OPENED_MAX {
            fold(&mut state, journal, &mut waiting).await?;
        }
    }
    fold(&mut state, journal, &mut waiting).await?;
    Ok(Recovered { state, event_no, last_event_at, snapshot_no })
}

/// The state right after an event of the past: the nearest snapshot before it and the fold of what came after.
/// None: that would be the fold of more than `events_max` events.
///
/// # Errors
/// When the journal ends before that event, or cannot be read.
pub async fn recover_at<F: Fold>(
    journal: &impl Journal,
    event: EventNo,
    events_max: u64,
) -> Result<Option<F>, ReadError> {
    let Begun { mut state, event_no: mut at, .. } = begin::<F>(journal, event).await?;
    if event.0 - at.0 > events_max {
        return Ok(None);
    }
    let mut waiting = Vec::new();
    let mut batches = std::pin::pin!(journal.read_after(at));
    while at < event {
        let Some(batch) = batches.try_next().await? else {
            return Err(ReadError::Beyond { asked: event, last: at });
        };
        let wanted = usize::try_from(event.0 - at.0).unwrap_or(usize::MAX);
        at = batch.last().min(event);
        waiting.extend(batch.events.into_iter().take(wanted));
        if waiting.len() >= OPENED_MAX {
            fold(&mut state, journal, &mut waiting).await?;
        }
    }
    fold(&mut state, journal, &mut waiting).await?;
    Ok(Some(state))
}

/// What a fold begins with.
pub(super) struct Begun<F> {
    pub state: F,
    pub event_no: EventNo,
    /// Of a base: when its last event became so.
    pub at: Option<Timestamp>,
}

/// The newest snapshot up to an event, or where the journal begins.
async fn begin<F: Fold>(journal: &impl Journal, upto: EventNo) -> Result<Begun<F>, ReadError> {
    if let Some((state, event_no)) = latest(journal, upto).await? {
        return Ok(Begun { state, event_no, at: None });
    }
    let begun = at_base::<F>(journal).await?;
    if begun.event_no > upto {
        return Err(ReadError::Dropped { asked: upto, begins_after: begun.event_no });
    }
    Ok(begun)
}

/// Where the journal begins.
pub(super) async fn at_base<F: Fold>(journal: &impl Journal) -> Result<Begun<F>, ReadError> {
    let Some(Base { event_no, at, bytes }) = journal.base().await? else {
        return Ok(Begun { state: F::empty(), event_no: EventNo::ZERO, at: None });
    };
    let mut snapshot: F::Snapshot =
        serde_json::from_slice(&bytes).map_err(|error| ReadError::Base { event: event_no, why: place_of(&error) })?;
    open_snapshot::<F>(journal, &mut snapshot).await?;
    Ok(Begun { state: F::restore(snapshot), event_no, at: Some(at) })
}

/// Folds the whole batches after the event `from` that end at or before `upto`, and says where it stands.
///
/// # Errors
/// When the journal cannot be read; the state then stands nowhere and must be recovered.
pub async fn advance<F: Fold>(
    state: &mut F,
    journal: &impl Journal,
    from: EventNo,
    upto: EventNo,
) -> Result<EventNo, ReadError> {
    let mut event_no = from;
    let mut waiting = Vec::new();
    let mut batches = std::pin::pin!(journal.read_after(from));
    while let Some(batch) = batches.try_next().await? {
        if batch.last() > upto {
            break;
        }
        event_no = batch.last();
        let Batch { events, .. } = batch;
        waiting.extend(events);
        if waiting.len() >= OPENED_MAX {
            fold(state, journal, &mut waiting).await?;
        }
    }
    fold(state, journal, &mut waiting).await?;
    Ok(event_no)
}

/// Keeps the state after the event `at` as a snapshot, its personal data sealed.
///
/// # Errors
/// When it cannot be written; the snapshots before stay.
pub async fn save<F: Fold>(state: &F, journal: &impl Journal, at: EventNo) -> Result<(), RecoveryError> {
    let mut snapshot = state.snapshot();
    journal.seal(&mut F::personal_in(&mut snapshot)).await?;
    let version = F::SNAPSHOT_VERSION.to_le_bytes().to_vec();
    let bytes = postcard::to_extend(&snapshot, version).map_err(RecoveryError::Encoding)?;
    Ok(journal.save_snapshot(at, &bytes).await?)
}

async fn latest<F: Fold>(journal: &impl Journal, upto: EventNo) -> Result<Option<(F, EventNo)>, ReadError> {
    let Some((at, bytes)) = journal.snapshot_up_to(upto).await? else { return Ok(None) };
    let Some(encoded) = bytes.strip_prefix(&F::SNAPSHOT_VERSION.to_le_bytes()) else {
        tracing::warn!(event_no = at.0, "the snapshot is of another version; folding all events");
        return Ok(None);
    };
    let mut snapshot: F::Snapshot = match postcard::from_bytes(encoded) {
        Ok(snapshot) => snapshot,
        Err(error) => {
            tracing::warn!(event_no = at.0, %error, "the snapshot cannot be decoded; folding all events");
            return Ok(None);
        }
    };
    open_snapshot::<F>(journal, &mut snapshot).await?;
    Ok(Some((F::restore(snapshot), at)))
}

async fn open_snapshot<F: Fold>(journal: &impl Journal, snapshot: &mut F::Snapshot) -> Result<(), ReadError> {
    let mut details: Vec<&mut PersonalDetails> =
        F::personal_in(snapshot).into_iter().map(|(_, details)| details).collect();
    journal.unseal(&mut details).await
}

/// Makes the personal data of events plain, as a fold needs it.
///
/// # Errors
/// When the keys cannot be read.
pub async fn open_details(journal: &impl Journal, events: &mut [Event]) -> Result<(), ReadError> {
    let mut details: Vec<&mut PersonalDetails> =
        events.iter_mut().filter_map(|event| event.fact.personal_mut()).map(|(_, details)| details).collect();
    journal.unseal(&mut details).await
}

async fn fold<F: Fold>(state: &mut F, journal: &impl Journal, events: &mut Vec<Event>) -> Result<(), ReadError> {
    open_details(journal, events).await?;
    for event in events.drain(..) {
        state.evolve(&event);
    }
    Ok(())
}
