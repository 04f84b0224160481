//! Erases a person from both stores, and finishes what was begun elsewhere. Tells nobody who it was.

use std::sync::Arc;
use std::time::Duration;

use super::catch_up::{BehindError, catch_up};
use crate::customers::change::Stamp;
use crate::customers::ids::CustomerId;
use crate::customers::text::Tag;
use crate::journal::{EraseError, Journal, SqlJournal};
use crate::records::{EraseCustomerError, Erased, ErasureId, Records, RecordsError, SiteKey};
use crate::routing::ids::ContactId;
use crate::screen_pop::ScreenPop;

const LOOKED_AT_EVERY: Duration = Duration::from_secs(1);
/// Contacts whose keys are destroyed at a time.
const KEYS_MAX: usize = 1_000;
const TRIES: u32 = 20;
const AGAIN_AFTER: Duration = Duration::from_millis(100);

#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    #[error(transparent)]
    Behind(#[from] BehindError),
    #[error(transparent)]
    Customer(#[from] EraseCustomerError),
    /// The tables are stripped; the server finishes the rest.
    #[error("the journal's keys are not destroyed yet, a running server does that: {0}")]
    Journal(#[from] EraseError),
}

/// Erases the customer and those merged into it. `reason` goes into the audit and must not name the person. The
/// erasure stays pending until a server, which may hold keys in memory, has seen it.
///
/// # Errors
/// When there is no such customer or the reason names it, nothing was changed.
pub async fn erase(
    records: &Records,
    journal: &SqlJournal,
    site_key: &SiteKey,
    customer: CustomerId,
    reason: &Tag,
    stamp: &Stamp,
) -> Result<Erased, PrivacyError> {
    catch_up(records, journal).await?;
    let erased = records.erase_customer(customer, reason, site_key, stamp).await?;
    destroy_keys(journal, &erased.contacts).await?;
    Ok(erased)
}

pub(super) async fn destroy_keys(journal: &SqlJournal, contacts: &[ContactId]) -> Result<(), EraseError> {
    for contacts in contacts.chunks(KEYS_MAX) {
        let mut tries = 0;
        while let Err(error) = journal.erase(contacts).await {
            tries += 1;
            if tries == TRIES || !matches!(error, EraseError::Busy) {
                return Err(error);
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }
    Ok(())
}

/// In the server: destroys the keys of whom any process has erased, in the journal and in memory, and has everything
/// forgotten that was kept of them. Ends when it is aborted.
pub async fn follow_erasures(records: Records, journal: Arc<SqlJournal>, pop: Arc<ScreenPop>) {
    let mut seen: Option<ErasureId> = None;
    loop {
        if let Err(error) = finish_pending(&records, &journal).await {
            tracing::warn!(%error, "an erasure is not finished yet");
        }
        match forget(&records, &pop, seen).await {
            Ok(last) => seen = Some(last),
            Err(error) => tracing::warn!(%error, "erasures cannot be looked for"),
        }
        tokio::time::sleep(LOOKED_AT_EVERY).await;
    }
}

#[derive(Debug, thiserror::Error)]
enum FinishError {
    #[error(transparent)]
    Records(#[from] RecordsError),
    #[error(transparent)]
    Journal(#[from] EraseError),
}

async fn finish_pending(records: &Records, journal: &SqlJournal) -> Result<(), FinishError> {
    for pending in records.pending_erasures().await? {
        destroy_keys(journal, &pending.contacts).await?;
        records.finish_erasure(pending.erasure).await?;
        tracing::info!(contacts = pending.contacts.len(), "an erasure is finished");
    }
    Ok(())
}

async fn forget(records: &Records, pop: &ScreenPop, seen: Option<ErasureId>) -> Result<ErasureId, RecordsError> {
    // Nothing is kept of before the start.
    let Some(mut seen) = seen else { return records.last_erasure().await };
    for (erasure, customer) in records.erasures_after(seen).await? {
        pop.changed(customer);
        pop.addresses_changed();
        seen = erasure;
    }
    Ok(seen)
}
