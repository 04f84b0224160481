//! Takes away what was kept long enough, by kind, in batches that hold nobody up. Nothing tells it whose it was.

use std::sync::Arc;
use std::time::Duration;

use super::erase::destroy_keys;
use crate::clock::Clock;
use crate::config::RetentionSettings;
use crate::customers::change::Stamp;
use crate::journal::{EraseError, SqlJournal};
use crate::records::{Records, RecordsError, RetentionKind};
use crate::routing::ids::PersonId;
use crate::routing::time::{Millis, Timestamp};

const LOOKED_AT_EVERY: Duration = Duration::from_hours(1);
/// Whoever starts a server wants calls first.
const AFTER_THE_START: Duration = Duration::from_secs(60);
/// Rows of one transaction: calls wait no longer than it takes.
const BATCH_ROWS: u32 = 500;
/// In which others write.
const BETWEEN_BATCHES: Duration = Duration::from_millis(20);
const DAY: i64 = 24 * 60;

#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    #[error(transparent)]
    Records(#[from] RecordsError),
    #[error("the journal's keys are not destroyed yet: {0}")]
    Journal(#[from] EraseError),
}

/// What became of one kind, or would.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outdated {
    pub kind: RetentionKind,
    /// None: for ever.
    pub days: Option<u32>,
    pub rows: u64,
}

/// What [`apply()`] would remove at this moment.
///
/// # Errors
/// When the database does not answer.
pub async fn outdated(
    records: &Records,
    settings: &RetentionSettings,
    now: Timestamp,
) -> Result<Vec<Outdated>, RetentionError> {
    let mut found = Vec::new();
    for kind in RetentionKind::ALL {
        let days = days_of(kind, settings);
        let rows = match days {
            Some(days) => records.older_than(kind, before(days, now)).await?,
            None => 0,
        };
        found.push(Outdated { kind, days, rows });
    }
    Ok(found)
}

/// Removes all that is older than its kind is kept, and says so in the audit. What was broken off is done by the next.
///
/// # Errors
/// When a database does not answer; what went before is gone.
pub async fn apply(
    records: &Records,
    journal: &SqlJournal,
    settings: &RetentionSettings,
    stamp: &Stamp,
) -> Result<Vec<Outdated>, RetentionError> {
    let mut removed = Vec::new();
    for kind in RetentionKind::ALL {
        let days = days_of(kind, settings);
        let mut rows = 0;
        if let Some(days) = days {
            while let gone @ 1.. = remove_batch(records, journal, kind, before(days, stamp.at), stamp).await? {
                rows += gone;
                tokio::time::sleep(BETWEEN_BATCHES).await;
            }
        }
        removed.push(Outdated { kind, days, rows });
    }
    let told: Vec<(RetentionKind, u64)> = removed
        .iter()
        .filter(|gone| gone.rows > 0 && gone.kind != RetentionKind::Audit)
        .map(|gone| (gone.kind, gone.rows))
        .collect();
    if !told.is_empty() {
        records.audit_retention(&told, stamp).await?;
    }
    Ok(removed)
}

/// For as long as the server runs.
pub async fn keep_retention(records: Records, journal: Arc<SqlJournal>, settings: RetentionSettings, clock: Clock) {
    tokio::time::sleep(AFTER_THE_START).await;
    loop {
        let stamp = Stamp { at: clock.now(), by: PersonId::new("usher").expect("a short word") };
        match apply(&records, &journal, &settings, &stamp).await {
            Ok(removed) => {
                for gone in removed.iter().filter(|gone| gone.rows > 0) {
                    tracing::info!(kind = gone.kind.as_str(), rows = gone.rows, "was kept long enough and is removed");
                }
            }
            Err(error) => tracing::warn!(%error, "what was kept long enough is not all removed; in an hour again"),
        }
        tokio::time::sleep(LOOKED_AT_EVERY).await;
    }
}

fn days_of(kind: RetentionKind, settings: &RetentionSettings) -> Option<u32> {
    match kind {
        RetentionKind::ContactDetail => settings.contact_detail_days,
        RetentionKind::ClosedWork => settings.closed_work_days,
        RetentionKind::ChangeHistory => settings.change_history_days,
        RetentionKind::Audit => settings.audit_days,
        RetentionKind::ExpiredLeads => settings.expired_leads_days,
        RetentionKind::ExpiredDoNotCall => settings.expired_do_not_call_days,
        RetentionKind::Attempts => settings.attempts_days,
    }
}

/// What is kept for so many days began at this moment or later.
#[must_use]
pub fn before(days: u32, now: Timestamp) -> Timestamp {
    Timestamp(now.0 - Millis::minutes(i64::from(days) * DAY).0)
}

/// How many rows went; none: there are no more.
async fn remove_batch(
    records: &Records,
    journal: &SqlJournal,
    kind: RetentionKind,
    before: Timestamp,
    stamp: &Stamp,
) -> Result<u64, RetentionError> {
    match kind {
        RetentionKind::ContactDetail => {
            let contacts = records.contacts_with_detail(before, BATCH_ROWS).await?;
            if contacts.is_empty() {
                return Ok(0);
            }
            // The keys first: broken off in between, the rows are found again.
            destroy_keys(journal, &contacts).await?;
            records.strip_contacts(&contacts, stamp.at).await?;
            Ok(contacts.len() as u64)
        }
        RetentionKind::ClosedWork => Ok(records.drop_closed_work(before, BATCH_ROWS).await?),
        RetentionKind::ChangeHistory => Ok(records.drop_change_history(before, BATCH_ROWS).await?),
        RetentionKind::Audit => Ok(records.prune_audit(before, BATCH_ROWS, stamp).await?.rows),
        RetentionKind::ExpiredLeads => Ok(records.drop_expired_leads(before, BATCH_ROWS).await?),
        RetentionKind::ExpiredDoNotCall => Ok(records.drop_expired_do_not_call(before, BATCH_ROWS).await?),
        RetentionKind::Attempts => Ok(records.drop_attempts(before, BATCH_ROWS).await?),
    }
}
