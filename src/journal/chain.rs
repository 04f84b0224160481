//! Follows the chain of checksums through the rows of a store. Writes nothing.

use crate::routing::ids::EventNo;

use super::OpenError;
use super::row::End;
use super::store::Store;

/// Follows the chain through all rows, past the `witness`'s end, to the newest snapshot or beyond.
pub(super) async fn check(store: &Store, witness: Option<End>) -> Result<End, OpenError> {
    let end = follow(store, witness, None).await?;
    let snapshot = store.snapshots().await?.first().map(|(at, _)| (*at, "a snapshot"));
    let head = witness.map(|witness| (witness.last, "journal.head"));
    for (known, witness) in head.into_iter().chain(snapshot) {
        if known > end.last {
            return Err(OpenError::Lost { last: end.last, known, witness });
        }
    }
    Ok(end)
}

/// Where the chain begins; the state it begins with is whole.
pub(super) async fn begin(store: &Store) -> Result<End, OpenError> {
    let Some(base) = store.base().await? else { return Ok(End::START) };
    base.unframe(store.base_bytes(base).await?)?;
    Ok(base.end)
}

/// The end of the chain, or its end at the event `upto`.
pub(super) async fn follow(store: &Store, witness: Option<End>, upto: Option<EventNo>) -> Result<End, OpenError> {
    let mut end = begin(store).await?;
    if let Some(asked) = upto.filter(|asked| *asked < end.last) {
        return Err(OpenError::Dropped { asked, begins_after: end.last });
    }
    loop {
        let page = store.rows_after(end.last).await;
        let done = page.rows.is_empty();
        for row in page.rows {
            let before = end.last;
            if upto == Some(before) {
                return Ok(end);
            }
            end = end.follow(&row)?;
            if let Some(known) = witness
                && before < known.last
                && known.last <= end.last
                && known != end
            {
                return Err(OpenError::Differs { at: row.first });
            }
            if let Some(asked) = upto
                && asked < end.last
            {
                return Err(OpenError::NotABatchEnd { asked, before });
            }
        }
        if let Some(source) = page.broken
            && upto != Some(end.last)
        {
            return Err(OpenError::Unreadable { after: end.last, source });
        }
        if done || upto == Some(end.last) {
            break;
        }
    }
    match upto {
        Some(asked) if asked != end.last => Err(OpenError::NotABatchEnd { asked, before: end.last }),
        Some(_) | None => Ok(end),
    }
}
