//! The journal over SQLite or PostgreSQL. Decides nothing; knows of facts only where personal data stands.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::{Stream, stream};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::Mutex;

use crate::routing::event::Event;
use crate::routing::ids::{ContactId, EventNo};
use crate::routing::personal::PersonalDetails;

use super::base::BaseRow;
use super::chain::check;
use super::files::{database_of, failed, head_of};
use super::head::HeadFile;
use super::keyring::{KeyState, Keyring};
use super::postgres::PostgresStore;
use super::reserve::Reserve;
use super::row::{End, Row};
use super::sqlite::SqliteStore;
use super::store::Store;
use super::{
    AppendError, Base, Batch, Epoch, EraseError, Failure, Journal, OpenError, PruneError, ReadError, copy, salvage,
    sealing, snapshot,
};

/// Appends have their turn between two steps of dropping.
const BETWEEN_DROPS: Duration = Duration::from_millis(5);

/// Where a journal lies.
#[derive(Clone, Debug)]
pub enum Place {
    /// `journal.db` and `journal.head` in this folder.
    Sqlite {
        folder: PathBuf,
    },
    Postgres(Box<PgConnectOptions>),
}

/// What [`SqlJournal::accept_loss`] gave up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loss {
    /// Every event up to this one is still there.
    pub kept: EventNo,
    /// The last event known to have been there.
    pub known: EventNo,
    /// The damaged file as it was. It holds the keys of its time: erase it once it is understood.
    pub set_aside: Option<PathBuf>,
}

pub struct SqlJournal {
    pub(super) store: Store,
    writer: Mutex<Writer>,
    keyring: Keyring,
    /// A server's disk is its administrator's: PostgreSQL has none.
    reserve: Option<Reserve>,
}

struct Writer {
    /// None: what is on disk is not known.
    end: Option<End>,
    head: Option<HeadFile>,
}

impl SqlJournal {
    /// Brings the tables up to date and checks every row.
    ///
    /// # Errors
    /// When anything does not fit; then nothing but the tables was changed.
    pub async fn open(place: &Place) -> Result<SqlJournal, OpenError> {
        match place {
            Place::Sqlite { folder } => SqlJournal::open_sqlite(folder).await,
            Place::Postgres(options) => {
                let store = Store::Postgres(PostgresStore::open(options).await?);
                let end = check(&store, None).await?;
                Ok(SqlJournal::new(store, end, None, None))
            }
        }
    }

    async fn open_sqlite(folder: &Path) -> Result<SqlJournal, OpenError> {
        let (file, head_file) = (database_of(folder), head_of(folder));
        let head = HeadFile::read(&head_file).map_err(|source| failed(&head_file, source))?;
        if let Some(known) = head.known()
            && known.last > EventNo::ZERO
            && std::fs::metadata(&file).map_or(0, |data| data.len()) == 0
        {
            // Opening would make an empty journal and throw the WAL away.
            return Err(OpenError::Lost { last: EventNo::ZERO, known: known.last, witness: "journal.head" });
        }
        let store = Store::Sqlite(SqliteStore::open(&file).await?);
        let end = check(&store, head.known()).await?;
        head.expect_beside(end)?;
        let head = HeadFile::open(&head_file, end).map_err(|source| failed(&head_file, source))?;
        Ok(SqlJournal::new(store, end, Some(head), Some(Reserve::in_folder(folder))))
    }

    /// For reading alone, beside the process that owns it or without one: nothing is written, and what is read is
    /// checked row by row.
    ///
    /// # Errors
    /// When there is no journal, or it cannot be read.
    pub async fn open_to_read(place: &Place) -> Result<SqlJournal, OpenError> {
        let store = match place {
            Place::Sqlite { folder } => {
                let file = database_of(folder);
                std::fs::metadata(&file).map_err(|source| failed(&file, source))?;
                Store::Sqlite(SqliteStore::connect_to_read(&file).await?)
            }
            Place::Postgres(options) => Store::Postgres(PostgresStore::connect(options).await?),
        };
        Ok(SqlJournal::of_others(store))
    }

    /// For reading and for erasing, beside the process that owns it or without one; it cannot append.
    ///
    /// # Errors
    /// When there is no journal, or it cannot be read.
    pub async fn open_to_erase(place: &Place) -> Result<SqlJournal, OpenError> {
        let store = match place {
            Place::Sqlite { folder } => {
                let file = database_of(folder);
                std::fs::metadata(&file).map_err(|source| failed(&file, source))?;
                Store::Sqlite(SqliteStore::connect(&file).await?)
            }
            Place::Postgres(options) => Store::Postgres(PostgresStore::connect(options).await?),
        };
        Ok(SqlJournal::of_others(store))
    }

    /// The first event in which something of one of these contacts is sealed; None: there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn first_sealed(&self, contacts: &[ContactId]) -> Result<Option<EventNo>, ReadError> {
        let first = self.store.first_sealed(contacts).await;
        first.map_err(|source| ReadError::Database { after: EventNo::ZERO, source })
    }

    /// The number of the last event on disk; 0: there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_event(&self) -> Result<EventNo, ReadError> {
        let newest = EventNo(i64::MAX.unsigned_abs());
        let ends = self.store.ends_up_to(newest).await;
        let ends = ends.map_err(|source| ReadError::Database { after: EventNo::ZERO, source })?;
        Ok(ends.first().map_or(EventNo::ZERO, |end| end.last))
    }

    /// The last event that was dropped; 0: none was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begins_after(&self) -> Result<EventNo, ReadError> {
        let base = self.store.base().await.map_err(ReadError::Beginning)?;
        Ok(base.map_or(EventNo::ZERO, |base| base.end.last))
    }

    /// The oldest snapshot that is kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn oldest_snapshot(&self) -> Result<Option<EventNo>, ReadError> {
        let known = self.store.snapshots().await.map_err(ReadError::Snapshot)?;
        Ok(known.last().map(|(at, _)| *at))
    }

    /// Keeps `bytes` as the state after the event; what was before it counts no more.
    pub(super) async fn set_base(&self, at: EventNo, bytes: &[u8]) -> Result<(), PruneError> {
        let snapshots = self.store.snapshots().await?;
        let is_before_snapshots = snapshots.last().is_some_and(|(oldest, _)| at < *oldest);
        let end = self.store.ends_up_to(at).await?.first().copied().filter(|end| end.last == at && is_before_snapshots);
        let time = self.store.time_at(at).await?;
        let (Some(end), Some(time)) = (end, time) else { return Err(PruneError::NoBeginning { at }) };
        if self.store.base().await?.is_some_and(|base| at <= base.end.last) {
            return Err(PruneError::NoBeginning { at });
        }
        // What was broken off in the midst of its parts.
        self.store.drop_orphaned_base_parts().await?;
        let mut base = BaseRow { end, at: time, parts: 0 };
        for part in base.frame(bytes).chunks(snapshot::PART_BYTES) {
            self.store.insert_base_part(at, base.parts, part).await?;
            base.parts += 1;
        }
        if self.store.set_base(base).await? { Ok(()) } else { Err(PruneError::NoBeginning { at }) }
    }

    /// Drops the rows for which the base stands, and what was broken off of another.
    ///
    /// # Errors
    /// When the database does not answer; the rest is dropped by the next.
    pub async fn drop_before_base(&self) -> Result<(), PruneError> {
        let Some(base) = self.store.base().await? else { return Ok(()) };
        self.store.drop_orphaned_base_parts().await?;
        while self.store.drop_rows_up_to(base.end.last).await? {
            tokio::time::sleep(BETWEEN_DROPS).await;
        }
        Ok(())
    }

    /// Gives up every event after `kept`, which must be the last of its batch, and whatever knows of them.
    /// On SQLite the damaged file is kept beside the new one.
    ///
    /// # Errors
    /// When what should be kept is not whole.
    pub async fn accept_loss(place: &Place, kept: EventNo) -> Result<Loss, OpenError> {
        match place {
            Place::Sqlite { folder } => salvage::sqlite(&database_of(folder), &head_of(folder), kept).await,
            Place::Postgres(options) => salvage::postgres(options, kept).await,
        }
    }

    /// Copies the SQLite journal of one folder into another, up to the event `kept`, which must be the last of its batch;
    /// beside the process that owns it or without one. Answers the copy, every row of which was checked.
    ///
    /// # Errors
    /// When there is no journal, one lies in the other folder, or what is there is not whole.
    pub async fn copy(from: &Path, to: &Path, kept: EventNo) -> Result<SqlJournal, OpenError> {
        let (store, end, head) = copy::copy(from, to, kept).await?;
        Ok(SqlJournal::new(store, end, Some(head), None))
    }

    /// Closes the database and, on SQLite, folds the WAL into the file.
    ///
    /// # Errors
    /// When that fails; what was appended is safe all the same.
    pub async fn close(self) -> Result<(), AppendError> {
        self.sync_head().await?;
        Ok(self.store.close().await?)
    }

    fn new(store: Store, end: End, head: Option<HeadFile>, reserve: Option<Reserve>) -> SqlJournal {
        let writer = Mutex::new(Writer { end: Some(end), head });
        SqlJournal { store, writer, keyring: Keyring::default(), reserve }
    }

    /// Beside its owner.
    fn of_others(store: Store) -> SqlJournal {
        let writer = Mutex::new(Writer { end: None, head: None });
        SqlJournal { store, writer, keyring: Keyring::default(), reserve: None }
    }

    async fn sync_head(&self) -> Result<(), AppendError> {
        let writer = self.writer.lock().await;
        let synced = writer.head.as_ref().map_or(Ok(()), HeadFile::sync);
        synced.map_err(|error| AppendError::Failed(Failure::Head(error)))
    }

    async fn write(&self, epoch: Epoch, end: End, batch: &[Event]) -> Result<End, AppendError> {
        let sealed = sealing::seal_batch(&self.store, &self.keyring, batch)
            .await
            .map_err(|error| AppendError::Failed(Failure::Keys(Box::new(error))))?;
        let row =
            Row::encode(&end, epoch, &sealed.events).map_err(|error| AppendError::Failed(Failure::Encoding(error)))?;
        if !self.store.insert(&row, &sealed.new_keys).await? {
            return Err(AppendError::NotOwner);
        }
        for (contact, key) in sealed.new_keys {
            self.keyring.insert(contact, KeyState::Known(key));
        }
        Ok(End { last: end.last.plus(row.count), crc: row.crc })
    }
}

impl Journal for SqlJournal {
    async fn acquire(&self) -> Result<(Epoch, EventNo), AppendError> {
        let mut writer = self.writer.lock().await;
        writer.end = None;
        let (epoch, end) = self.store.take_lease().await?;
        writer.end = Some(end);
        drop(writer);
        if !self.take_reserve().await {
            tracing::warn!("too little room on the journal's disk to keep a reserve");
        }
        Ok((epoch, end.last))
    }

    async fn append(&self, epoch: Epoch, after: EventNo, batch: &[Event]) -> Result<EventNo, AppendError> {
        let mut writer = self.writer.lock().await;
        let end = writer.end.ok_or(AppendError::Failed(Failure::Unknown))?;
        if after != end.last {
            return Err(AppendError::NotLast { after, last: end.last });
        }
        if batch.is_empty() {
            return Ok(after);
        }
        // Until the outcome is known: whoever drops this future does not learn it.
        writer.end = None;
        match self.write(epoch, end, batch).await {
            Ok(written) => {
                if let Some(head) = &mut writer.head {
                    head.write(written).map_err(|error| AppendError::Failed(Failure::Head(error)))?;
                }
                writer.end = Some(written);
                Ok(written.last)
            }
            Err(error) => {
                match &error {
                    AppendError::Full | AppendError::NotOwner | AppendError::NotLast { .. } => writer.end = Some(end),
                    AppendError::Failed(_) => {}
                }
                Err(error)
            }
        }
    }

    fn read_after(&self, event: EventNo) -> impl Stream<Item = Result<Batch, ReadError>> + Send {
        let reader = Reader { store: &self.store, after: event, end: None, rows: VecDeque::new(), broken: None };
        stream::try_unfold(reader, async |mut reader| Ok(reader.next().await?.map(|batch| (batch, reader))))
    }

    async fn save_snapshot(&self, at: EventNo, bytes: &[u8]) -> Result<(), AppendError> {
        self.sync_head().await?;
        if self.store.snapshots().await?.iter().any(|(saved, _)| *saved == at) {
            return Ok(());
        }
        self.store.drop_orphaned_parts().await?;
        let framed = snapshot::frame(at, bytes);
        let mut parts = 0;
        for part in framed.chunks(snapshot::PART_BYTES) {
            self.store.insert_snapshot_part(at, parts, part).await?;
            parts += 1;
        }
        self.store.insert_snapshot(at, parts).await?;
        Ok(self.store.drop_orphaned_parts().await?)
    }

    async fn snapshot_up_to(&self, event: EventNo) -> Result<Option<(EventNo, Vec<u8>)>, ReadError> {
        let known = self.store.snapshots().await.map_err(ReadError::Snapshot)?;
        for (at, parts) in known.into_iter().filter(|(at, _)| *at <= event) {
            let framed = self.store.snapshot_bytes(at, parts).await.map_err(|error| error.to_string());
            let unframed = framed.and_then(|framed| snapshot::unframe(at, framed).map_err(str::to_owned));
            match unframed {
                Ok(bytes) => return Ok(Some((at, bytes))),
                Err(why) => tracing::warn!(event_no = at.0, why, "a snapshot is damaged and passed over"),
            }
        }
        Ok(None)
    }

    async fn latest_snapshot(&self) -> Result<Option<(EventNo, Vec<u8>)>, ReadError> {
        self.snapshot_up_to(EventNo(u64::MAX)).await
    }

    async fn base(&self) -> Result<Option<Base>, ReadError> {
        let Some(base) = self.store.base().await.map_err(ReadError::Beginning)? else { return Ok(None) };
        let framed = self.store.base_bytes(base).await.map_err(ReadError::Beginning)?;
        Ok(Some(base.unframe(framed)?))
    }

    async fn begin_after(&self, at: EventNo, bytes: &[u8]) -> Result<(), PruneError> {
        self.set_base(at, bytes).await?;
        self.drop_before_base().await
    }

    async fn drop_keys(&self, upto: EventNo, known: &BTreeSet<ContactId>) -> Result<(), PruneError> {
        let mut after = ContactId(0);
        loop {
            let old = self.store.old_keys(after, upto).await?;
            let Some(last) = old.last() else { return Ok(()) };
            after = *last;
            let unknown: Vec<ContactId> = old.into_iter().filter(|contact| !known.contains(contact)).collect();
            if !unknown.is_empty() {
                self.store.drop_keys(&unknown).await?;
                self.keyring.forget(&unknown);
                tokio::time::sleep(BETWEEN_DROPS).await;
            }
        }
    }

    async fn unseal(&self, details: &mut [&mut PersonalDetails]) -> Result<(), ReadError> {
        sealing::open_details(&self.store, &self.keyring, details).await
    }

    async fn seal(&self, details: &mut [(ContactId, &mut PersonalDetails)]) -> Result<(), ReadError> {
        sealing::seal_details(&self.store, &self.keyring, details).await
    }

    async fn give_back_reserve(&self) -> bool {
        self.reserve.as_ref().is_some_and(Reserve::give_back)
    }

    async fn take_reserve(&self) -> bool {
        let taken = self.reserve.as_ref().map_or(Ok(true), Reserve::take);
        taken.unwrap_or_else(|error| {
            tracing::warn!(%error, "no reserve can be kept on the journal's disk");
            false
        })
    }

    async fn erase(&self, contacts: &[ContactId]) -> Result<(), EraseError> {
        // Under the writer's lock: no append may seal with a key while it goes.
        let _writer = self.writer.lock().await;
        let erased = self.store.erase(contacts).await;
        self.keyring.forget(contacts);
        erased
    }
}

/// One reader's place in the rows.
struct Reader<'store> {
    store: &'store Store,
    after: EventNo,
    /// None before the first read.
    end: Option<End>,
    rows: VecDeque<Row>,
    broken: Option<sqlx::Error>,
}

impl Reader<'_> {
    async fn next(&mut self) -> Result<Option<Batch>, ReadError> {
        let end = match self.end {
            Some(end) => end,
            None => self.find().await?,
        };
        if self.rows.is_empty() && self.broken.is_none() {
            let page = self.store.rows_after(end.last).await;
            self.rows = page.rows.into();
            self.broken = page.broken;
        }
        let Some(row) = self.rows.pop_front() else {
            let after = end.last;
            return self.broken.take().map_or(Ok(None), |source| Err(ReadError::Database { after, source }));
        };
        match end.follow(&row) {
            Ok(end) => self.end = Some(end),
            Err(damage) => return Err(self.dropped_before(end.last).await?.unwrap_or_else(|| damage.into())),
        }
        Ok(Some(row.decode(self.after)?))
    }

    /// That what comes right after the event is no longer there; None: it should be.
    async fn dropped_before(&self, event: EventNo) -> Result<Option<ReadError>, ReadError> {
        let base = self.store.base().await.map_err(ReadError::Beginning)?;
        let begins_after = base.map(|base| base.end.last).filter(|last| *last > event);
        Ok(begins_after.map(|begins_after| ReadError::Dropped { asked: event, begins_after }))
    }

    /// The end of the row before the one that holds the first event to read.
    async fn find(&self) -> Result<End, ReadError> {
        if self.after == EventNo::ZERO {
            return self.dropped_before(EventNo::ZERO).await?.map_or(Ok(End::START), Err);
        }
        let ends = self.store.ends_up_to(self.after).await;
        let ends = ends.map_err(|source| ReadError::Database { after: self.after, source })?;
        if let Some(end) = ends.iter().find(|end| end.last <= self.after)
            && ends[0].last >= self.after
        {
            return Ok(*end);
        }
        if let Some(dropped) = self.dropped_before(self.after).await? {
            return Err(dropped);
        }
        let last = ends.first().map_or(EventNo::ZERO, |end| end.last);
        if last < self.after {
            return Err(ReadError::Beyond { asked: self.after, last });
        }
        Ok(End::START)
    }
}
