//! Drops the oldest events, and the keys that none of the others needs, once the state after them is kept in their stead. Decides not which: it is told.

use crate::routing::ids::EventNo;

use super::recovery::{Begun, advance, at_base};
use super::{Fold, Journal, RecoveryError};

/// Makes the journal begin after the last batch that ends at or before `upto`, and drops what comes before. Answers
/// where it begins now; None: no whole batch was there to drop.
///
/// The state is kept as JSON, which tells one field from another: unlike a snapshot's, its shape must stay readable,
/// since the events that made it are gone.
///
/// # Errors
/// When the journal cannot be read or written; it then begins where it did.
pub async fn prune<F: Fold>(journal: &impl Journal, upto: EventNo) -> Result<Option<EventNo>, RecoveryError> {
    let Begun { mut state, event_no: from, .. } = at_base::<F>(journal).await?;
    if upto <= from {
        return Ok(None);
    }
    let at = advance(&mut state, journal, from, upto).await?;
    if at == from {
        return Ok(None);
    }
    let mut snapshot = state.snapshot();
    drop(state);
    journal.seal(&mut F::personal_in(&mut snapshot)).await?;
    let bytes = serde_json::to_vec(&snapshot).map_err(RecoveryError::BaseEncoding)?;
    check::<F>(&snapshot, &bytes)?;
    journal.begin_after(at, &bytes).await?;
    journal.drop_keys(at, &F::contacts_in(&snapshot)).await?;
    Ok(Some(at))
}

/// What nothing can stand in for is read once before it is relied on.
fn check<F: Fold>(snapshot: &F::Snapshot, bytes: &[u8]) -> Result<(), RecoveryError> {
    let again: F::Snapshot = serde_json::from_slice(bytes).map_err(RecoveryError::BaseEncoding)?;
    let in_postcard = |snapshot| postcard::to_stdvec(snapshot).map_err(RecoveryError::Encoding);
    if in_postcard(snapshot)? == in_postcard(&again)? { Ok(()) } else { Err(RecoveryError::BaseDiffers) }
}
