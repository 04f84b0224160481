//! One task that writes what everybody notes, many rows at a time. Never waits for one row when more are there.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::records::{AuditEntry, Records};

/// Rows of one transaction.
const ROWS_MAX: usize = 1_000;
/// Rows that are waited for, waiting; whoever comes then is refused.
const RECORDED_MAX: usize = 1_024;
/// Rows that nobody waits for, waiting: minutes of a busy centre without its database.
const NOTED_MAX: usize = 65_536;
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How often a stop tries to write what is left.
const LAST_TRIES: u32 = 5;

/// The row could not be written, or may not have been.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the audit cannot be written")]
pub struct AuditUnavailable;

struct Recorded {
    entry: AuditEntry,
    written: oneshot::Sender<bool>,
}

/// The door to the writer.
pub struct Audit {
    recorded: mpsc::Sender<Recorded>,
    noted: mpsc::Sender<AuditEntry>,
    stop: CancellationToken,
    writing: Mutex<Option<JoinHandle<()>>>,
}

impl Audit {
    /// Starts the writer.
    #[must_use]
    pub fn start(records: Records) -> Arc<Audit> {
        let (recorded, waited_for) = mpsc::channel(RECORDED_MAX);
        let (noted, following) = mpsc::channel(NOTED_MAX);
        let stop = CancellationToken::new();
        let writer = Writer { records, waited_for, following, stop: stop.clone() };
        let writing = Mutex::new(Some(tokio::spawn(writer.run())));
        Arc::new(Audit { recorded, noted, stop, writing })
    }

    /// Comes back when the row is on disk.
    ///
    /// # Errors
    /// When the database does not take it, or too many wait. It may be there all the same.
    pub async fn record(&self, entry: AuditEntry) -> Result<(), AuditUnavailable> {
        let (written, told) = oneshot::channel();
        self.recorded.try_send(Recorded { entry, written }).map_err(|_| AuditUnavailable)?;
        if told.await.unwrap_or(false) { Ok(()) } else { Err(AuditUnavailable) }
    }

    /// Whether the row will be written. If not, what it is about must not be shown.
    #[must_use]
    pub fn note(&self, entry: AuditEntry) -> bool {
        self.noted.try_send(entry).is_ok()
    }

    /// Writes what waits, and takes nothing more.
    pub async fn stop(&self) {
        self.stop.cancel();
        if let Some(writing) = self.writing.lock().await.take() {
            writing.await.expect("the writer of the audit does not panic");
        }
    }
}

struct Writer {
    records: Records,
    waited_for: mpsc::Receiver<Recorded>,
    following: mpsc::Receiver<AuditEntry>,
    stop: CancellationToken,
}

impl Writer {
    async fn run(mut self) {
        // What nobody waits for and could not be written yet.
        let mut kept: Vec<AuditEntry> = Vec::new();
        loop {
            let mut waiting: Vec<Recorded> = Vec::new();
            tokio::select! {
                biased;
                () = self.stop.cancelled() => break,
                count = self.waited_for.recv_many(&mut waiting, ROWS_MAX) => if count == 0 { break },
                count = self.following.recv_many(&mut kept, ROWS_MAX), if kept.is_empty() => if count == 0 { break },
                () = tokio::time::sleep(AGAIN_AFTER), if !kept.is_empty() => {}
            }
            self.gather(&mut waiting, &mut kept);
            self.write(waiting, &mut kept).await;
        }
        self.waited_for.close();
        self.following.close();
        self.write_what_is_left(kept).await;
    }

    /// What else waits already, while there is room.
    fn gather(&mut self, waiting: &mut Vec<Recorded>, kept: &mut Vec<AuditEntry>) {
        while waiting.len() < ROWS_MAX
            && let Ok(recorded) = self.waited_for.try_recv()
        {
            waiting.push(recorded);
        }
        while kept.len() < ROWS_MAX
            && let Ok(entry) = self.following.try_recv()
        {
            kept.push(entry);
        }
    }

    /// `kept` is empty afterwards, or the database did not take it. In the order of their times.
    async fn write(&self, waiting: Vec<Recorded>, kept: &mut Vec<AuditEntry>) -> bool {
        let mut entries: Vec<AuditEntry> = kept.clone();
        entries.extend(waiting.iter().map(|recorded| recorded.entry.clone()));
        if entries.is_empty() {
            return true;
        }
        entries.sort_by_key(|entry| entry.at);
        let written = self.records.append_audit(&entries).await;
        if let Err(error) = &written {
            tracing::error!(%error, rows = entries.len(), "the audit could not be written");
        } else {
            kept.clear();
        }
        for recorded in waiting {
            // Who does not wait any more has answered already that it is unavailable.
            let _ = recorded.written.send(written.is_ok());
        }
        written.is_ok()
    }

    async fn write_what_is_left(&mut self, mut kept: Vec<AuditEntry>) {
        let mut tries = 0;
        loop {
            let mut waiting = Vec::new();
            self.gather(&mut waiting, &mut kept);
            if waiting.is_empty() && kept.is_empty() {
                return;
            }
            if !self.write(waiting, &mut kept).await {
                tries += 1;
                if tries == LAST_TRIES {
                    let lost = kept.len() + self.following.len();
                    tracing::error!(rows = lost, "rows of the audit were lost: who was shown which customer");
                    return;
                }
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::ids::CustomerId;
    use crate::records::{Act, AuditCheck, AuditNo, AuditQuestion, RecordsPlace};
    use crate::routing::ids::PersonId;
    use crate::routing::time::Timestamp;

    fn look(at: i64) -> AuditEntry {
        AuditEntry::new(Timestamp(at), PersonId::new("ana").unwrap(), Act::LookedAt).about(CustomerId(at))
    }

    async fn count(records: &Records) -> usize {
        let asked = AuditQuestion { since: Timestamp(0), by: None, customer: None, after: AuditNo(0), limit: u32::MAX };
        records.audit_rows(&asked).await.unwrap().len()
    }

    #[tokio::test]
    async fn what_is_recorded_is_there_and_what_is_noted_follows_before_the_stop() {
        let folder = tempfile::tempdir().unwrap();
        let place = RecordsPlace::Sqlite(folder.path().join("usher.db"));
        let records = Records::open(&place).await.unwrap();
        let audit = Audit::start(records.clone());
        let looks = (1..=50).map(|at| audit.record(look(at)));
        for written in futures_util::future::join_all(looks).await {
            written.unwrap();
        }
        assert_eq!(count(&records).await, 50, "each is there before its answer");
        for at in 51..=2_500 {
            assert!(audit.note(look(at)));
        }
        audit.stop().await;
        assert_eq!(count(&records).await, 2_500);
        assert!(matches!(records.check_audit(None).await.unwrap(), AuditCheck::Whole { .. }));
        assert!(!audit.note(look(1)), "nothing is taken after the stop");
        assert_eq!(audit.record(look(1)).await, Err(AuditUnavailable));
    }

    #[tokio::test]
    async fn without_a_database_a_look_is_refused_and_too_many_notes_are_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let place = RecordsPlace::Sqlite(folder.path().join("usher.db"));
        let records = Records::open(&place).await.unwrap();
        let audit = Audit::start(records.clone());
        records.close().await;
        assert_eq!(audit.record(look(1)).await, Err(AuditUnavailable));
        let taken = (0..2 * NOTED_MAX as i64).filter(|at| audit.note(look(*at))).count();
        assert!((NOTED_MAX..=NOTED_MAX + 2 * ROWS_MAX).contains(&taken), "{taken}");
        audit.stop().await;
    }
}
