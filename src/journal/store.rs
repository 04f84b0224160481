//! Rows, keys and snapshots in whichever database it is. Checks no checksum and opens no seal.

use futures_util::TryStreamExt;

use crate::routing::ids::{ContactId, EventNo};
use crate::routing::time::Timestamp;

use super::base::BaseRow;
use super::postgres::PostgresStore;
use super::row::{Columns, End, Row};
use super::seal::ContactKey;
use super::sqlite::SqliteStore;
use super::statements::{
    BASE, BASE_PARTS, COMMIT, DROP_BASE_PART, DROP_KEYS_AFTER, DROP_OLD_SNAPSHOTS, DROP_PART, DROP_ROWS_AFTER,
    DROP_ROWS_UP_TO, DROP_SNAPSHOTS_AFTER, INSERT_BASE_PART, INSERT_SNAPSHOT, INSERT_SNAPSHOT_PART, LAST_ROW, OLD_KEYS,
    ORPHANED_BASE_PARTS, ORPHANED_PARTS, POSTGRES_BEGIN, POSTGRES_HAS_BASE, ROLLBACK, ROWS_AFTER, ROWS_UP_TO, SET_BASE,
    SNAPSHOT_PARTS, SNAPSHOTS, SQLITE_BEGIN, SQLITE_HAS_BASE, TAKE_LEASE, TIME_AT,
};
use super::{Epoch, EraseError};

/// Rows read at a time: no reader holds a transaction open while it folds, and few enough fit in memory.
const PAGE_ROWS: i64 = 64;
/// Rows dropped by one statement: no append waits longer than for their overwriting.
const DROPPED_ROWS: i64 = 64;
/// Keys looked at by one statement.
const DROPPED_KEYS: i64 = 512;

/// A contact's number and its key; no key: erased.
pub(super) type StoredKey = (i64, Option<Vec<u8>>);
/// First number, count, epoch, CRC.
type Bounds = (i64, i64, i64, i64);

pub(super) enum Store {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

/// Rows in order, and what kept the next one from being read.
#[derive(Default)]
pub(super) struct Page {
    pub rows: Vec<Row>,
    pub broken: Option<sqlx::Error>,
}

/// The same statements through either database's types.
macro_rules! on_readers {
    ($store:expr, $database:ident => $body:expr) => {
        match $store {
            Store::Sqlite(store) => {
                let $database = &store.readers;
                $body
            }
            Store::Postgres(store) => {
                let $database = &store.readers;
                $body
            }
        }
    };
}

macro_rules! on_writer {
    ($store:expr, $database:ident, $begin:ident => $body:expr) => {
        match $store {
            Store::Sqlite(store) => {
                let $database = &mut *store.writer.lock().await;
                let $begin = SQLITE_BEGIN;
                $body
            }
            Store::Postgres(store) => {
                let $database = &mut *store.writer.lock().await;
                let $begin = POSTGRES_BEGIN;
                $body
            }
        }
    };
    ($store:expr, $database:ident => $body:expr) => {
        match $store {
            Store::Sqlite(store) => {
                let $database = &mut *store.writer.lock().await;
                $body
            }
            Store::Postgres(store) => {
                let $database = &mut *store.writer.lock().await;
                $body
            }
        }
    };
}

impl Store {
    pub(super) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Store::Sqlite(store) => store.close().await,
            Store::Postgres(store) => store.close().await,
        }
    }

    /// Counts the epoch up and says where the rows end, nobody else having written in between.
    pub(super) async fn take_lease(&self) -> Result<(Epoch, End), sqlx::Error> {
        on_writer!(self, database, begin => {
            // An append that was broken off may have left its transaction open.
            let _ = sqlx::query(ROLLBACK).execute(&mut *database).await;
            sqlx::query(begin).execute(&mut *database).await?;
            let before: Option<Bounds> = sqlx::query_as(LAST_ROW).fetch_optional(&mut *database).await?;
            let held = before.map_or(0, |(_, _, epoch, _)| epoch);
            let epoch: i64 = sqlx::query_scalar(TAKE_LEASE).bind(held).fetch_one(&mut *database).await?;
            // Read again: PostgreSQL's former owner may have written while the lease was waited for.
            let last: Option<Bounds> = sqlx::query_as(LAST_ROW).fetch_optional(&mut *database).await?;
            sqlx::query(COMMIT).execute(&mut *database).await?;
            let end = match last {
                Some(last) => end_of(last),
                None => base_of(sqlx::query_as(BASE).fetch_optional(&mut *database).await?).map_or(End::START, |base| base.end),
            };
            Ok((Epoch(epoch.cast_unsigned()), end))
        })
    }

    /// Whether the epoch of the row still holds the lease; if not, nothing was written.
    pub(super) async fn insert(&self, row: &Row, keys: &[(ContactId, ContactKey)]) -> Result<bool, sqlx::Error> {
        match self {
            Store::Sqlite(store) => store.insert(row, keys).await,
            Store::Postgres(store) => store.insert(row, keys).await,
        }
    }

    /// The rows that begin after the event.
    pub(super) async fn rows_after(&self, event: EventNo) -> Page {
        on_readers!(self, database => {
            let query = sqlx::query_as::<_, Columns>(ROWS_AFTER).bind(number(event)).bind(PAGE_ROWS);
            let mut rows = query.fetch(database);
            let mut page = Page::default();
            loop {
                match rows.try_next().await {
                    Ok(Some(columns)) => page.rows.push(Row::from_columns(columns)),
                    Ok(None) => return page,
                    Err(error) => {
                        page.broken = Some(error);
                        return page;
                    }
                }
            }
        })
    }

    /// The ends, newest first, of the row that begins at or before the event and of the row before it; the base stands
    /// for the rows that were dropped.
    pub(super) async fn ends_up_to(&self, event: EventNo) -> Result<Vec<End>, sqlx::Error> {
        let rows: Vec<Bounds> =
            on_readers!(self, database => sqlx::query_as(ROWS_UP_TO).bind(number(event)).fetch_all(database).await)?;
        let mut ends: Vec<End> = rows.into_iter().map(end_of).collect();
        if ends.len() < 2
            && let Some(base) = self.base().await?
            && base.end.last <= event
        {
            ends.push(base.end);
        }
        Ok(ends)
    }

    /// Where the journal begins; None: with event 1.
    pub(super) async fn base(&self) -> Result<Option<BaseRow>, sqlx::Error> {
        let has_base = match self {
            Store::Sqlite(_) => SQLITE_HAS_BASE,
            Store::Postgres(_) => POSTGRES_HAS_BASE,
        };
        on_readers!(self, database => {
            let there: i64 = sqlx::query_scalar(has_base).fetch_one(database).await?;
            if there == 0 {
                return Ok(None);
            }
            Ok(base_of(sqlx::query_as(BASE).fetch_optional(database).await?))
        })
    }

    pub(super) async fn base_bytes(&self, base: BaseRow) -> Result<Vec<u8>, sqlx::Error> {
        let parts: Vec<Vec<u8>> = on_readers!(self, database => {
            sqlx::query_scalar(BASE_PARTS).bind(number(base.end.last)).bind(base.parts).fetch_all(database).await
        })?;
        Ok(parts.concat())
    }

    pub(super) async fn insert_base_part(&self, at: EventNo, part: i64, bytes: &[u8]) -> Result<(), sqlx::Error> {
        on_writer!(self, database => {
            let query = sqlx::query(INSERT_BASE_PART).bind(number(at)).bind(part).bind(bytes);
            query.execute(database).await.map(drop)
        })
    }

    /// Makes the parts the base, unless there is a later one or one of them is missing. Whether it did.
    pub(super) async fn set_base(&self, base: BaseRow) -> Result<bool, sqlx::Error> {
        on_writer!(self, database => {
            sqlx::query(SET_BASE)
                .bind(number(base.end.last))
                .bind(i64::from(base.end.crc))
                .bind(base.at.0)
                .bind(base.parts)
                .execute(database)
                .await
                .map(|done| done.rows_affected() == 1)
        })
    }

    /// Parts of no base.
    pub(super) async fn drop_orphaned_base_parts(&self) -> Result<(), sqlx::Error> {
        let orphans: Vec<(i64, i64)> =
            on_readers!(self, database => sqlx::query_as(ORPHANED_BASE_PARTS).fetch_all(database).await)?;
        for (at, part) in orphans {
            on_writer!(self, database => {
                sqlx::query(DROP_BASE_PART).bind(at).bind(part).execute(database).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// Some of the rows up to the event. Whether there may be more.
    pub(super) async fn drop_rows_up_to(&self, event: EventNo) -> Result<bool, sqlx::Error> {
        let dropped = on_writer!(self, database => {
            let query = sqlx::query(DROP_ROWS_UP_TO).bind(number(event)).bind(DROPPED_ROWS);
            query.execute(database).await.map(|done| done.rows_affected())
        })?;
        Ok(dropped == DROPPED_ROWS.unsigned_abs())
    }

    /// Some of the contacts after this one whose keys were made by the event at the latest.
    pub(super) async fn old_keys(&self, after: ContactId, event: EventNo) -> Result<Vec<ContactId>, sqlx::Error> {
        let contacts: Vec<i64> = on_readers!(self, database => {
            let query = sqlx::query_scalar(OLD_KEYS).bind(after.0.cast_signed()).bind(number(event));
            query.bind(DROPPED_KEYS).fetch_all(database).await
        })?;
        Ok(contacts.into_iter().map(|contact| ContactId(contact.cast_unsigned())).collect())
    }

    pub(super) async fn drop_keys(&self, contacts: &[ContactId]) -> Result<(), sqlx::Error> {
        match self {
            Store::Sqlite(store) => store.drop_keys(contacts).await,
            Store::Postgres(store) => store.drop_keys(contacts).await,
        }
    }

    /// When the event became so.
    pub(super) async fn time_at(&self, event: EventNo) -> Result<Option<Timestamp>, sqlx::Error> {
        let at: Option<i64> = on_readers!(self, database => sqlx::query_scalar(TIME_AT).bind(number(event)).fetch_optional(database).await)?;
        Ok(at.map(Timestamp))
    }

    pub(super) async fn keys(&self, contacts: &[ContactId]) -> Result<Vec<StoredKey>, sqlx::Error> {
        match self {
            Store::Sqlite(store) => store.keys(contacts).await,
            Store::Postgres(store) => store.keys(contacts).await,
        }
    }

    /// The first event under a key of one of these.
    pub(super) async fn first_sealed(&self, contacts: &[ContactId]) -> Result<Option<EventNo>, sqlx::Error> {
        let first = match self {
            Store::Sqlite(store) => store.first_sealed(contacts).await,
            Store::Postgres(store) => store.first_sealed(contacts).await,
        };
        Ok(first?.map(|no| EventNo(no.cast_unsigned())))
    }

    pub(super) async fn erase(&self, contacts: &[ContactId]) -> Result<(), EraseError> {
        match self {
            Store::Sqlite(store) => store.erase(contacts).await,
            Store::Postgres(store) => store.erase(contacts).await,
        }
    }

    /// The event number and the number of parts of each, newest first.
    pub(super) async fn snapshots(&self) -> Result<Vec<(EventNo, i64)>, sqlx::Error> {
        let rows: Vec<(i64, i64)> = on_readers!(self, database => sqlx::query_as(SNAPSHOTS).fetch_all(database).await)?;
        Ok(rows.into_iter().map(|(at, parts)| (EventNo(at.cast_unsigned()), parts)).collect())
    }

    pub(super) async fn snapshot_bytes(&self, at: EventNo, parts: i64) -> Result<Vec<u8>, sqlx::Error> {
        let parts: Vec<Vec<u8>> = on_readers!(self, database => {
            sqlx::query_scalar(SNAPSHOT_PARTS).bind(number(at)).bind(parts).fetch_all(database).await
        })?;
        Ok(parts.concat())
    }

    pub(super) async fn insert_snapshot_part(&self, at: EventNo, part: i64, bytes: &[u8]) -> Result<(), sqlx::Error> {
        on_writer!(self, database => {
            let query = sqlx::query(INSERT_SNAPSHOT_PART).bind(number(at)).bind(part).bind(bytes);
            query.execute(database).await.map(drop)
        })
    }

    /// Makes the parts a snapshot, and the third newest none any more.
    pub(super) async fn insert_snapshot(&self, at: EventNo, parts: i64) -> Result<(), sqlx::Error> {
        on_writer!(self, database => {
            sqlx::query(INSERT_SNAPSHOT).bind(number(at)).bind(parts).execute(&mut *database).await?;
            sqlx::query(DROP_OLD_SNAPSHOTS).execute(&mut *database).await.map(drop)
        })
    }

    /// Forgets every event after `kept`, and whatever knows of them.
    pub(super) async fn drop_after(&self, kept: EventNo) -> Result<(), sqlx::Error> {
        on_writer!(self, database, begin => {
            sqlx::query(begin).execute(&mut *database).await?;
            for statement in [DROP_ROWS_AFTER, DROP_KEYS_AFTER, DROP_SNAPSHOTS_AFTER] {
                sqlx::query(statement).bind(number(kept)).execute(&mut *database).await?;
            }
            sqlx::query(COMMIT).execute(&mut *database).await.map(drop)
        })
    }

    /// One part at a time, since overwriting deleted bytes takes as long as writing them did.
    pub(super) async fn drop_orphaned_parts(&self) -> Result<(), sqlx::Error> {
        let orphans: Vec<(i64, i64)> =
            on_readers!(self, database => sqlx::query_as(ORPHANED_PARTS).fetch_all(database).await)?;
        for (at, part) in orphans {
            on_writer!(self, database => sqlx::query(DROP_PART).bind(at).bind(part).execute(database).await.map(drop))?;
        }
        Ok(())
    }
}

fn end_of((first, count, _, crc): Bounds) -> End {
    let last = first.saturating_add(count).saturating_sub(1);
    End { last: EventNo(last.cast_unsigned()), crc: u32::try_from(crc).unwrap_or(u32::MAX) }
}

fn base_of(row: Option<(i64, i64, i64, i64)>) -> Option<BaseRow> {
    let (last, crc, at, parts) = row?;
    let end = End { last: EventNo(last.cast_unsigned()), crc: u32::try_from(crc).unwrap_or(u32::MAX) };
    Some(BaseRow { end, at: Timestamp(at), parts })
}

/// Numbers in the databases are signed.
pub(super) fn number(event: EventNo) -> i64 {
    event.0.cast_signed()
}
