//! What only SQLite does: its file, its settings, its transactions. Knows no event.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::Mutex;

use crate::routing::ids::{ContactId, EventNo};

use super::row::Row;
use super::seal::ContactKey;
use super::statements::{
    COMMIT, ROLLBACK, SQLITE_BEGIN, SQLITE_CHECKPOINT, SQLITE_COPY_FILE, SQLITE_DROP_KEYS, SQLITE_ERASE,
    SQLITE_FIRST_SEALED, SQLITE_INSERT_KEYS, SQLITE_INSERT_ROW, SQLITE_KEYS,
};
use super::store::{StoredKey, number};
use super::{EraseError, OpenError};

/// How long to wait for another process (a backup, an old owner on its way out) that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Recovery, snapshots and records read at the same time.
const READERS_MAX: u32 = 4;

pub(super) struct SqliteStore {
    /// SQLite has one writer; this is it.
    pub writer: Mutex<SqliteConnection>,
    pub readers: SqlitePool,
}

impl SqliteStore {
    pub(super) async fn open(file: &Path) -> Result<SqliteStore, OpenError> {
        let store = SqliteStore::connect(file).await?;
        sqlx::migrate!("migrations/sqlite/journal").run(&mut *store.writer.lock().await).await?;
        Ok(store)
    }

    /// Writes nothing, not even a file that is missing.
    pub(super) async fn connect_to_read(file: &Path) -> Result<SqliteStore, sqlx::Error> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(BUSY_TIMEOUT);
        let writer = Mutex::new(options.connect().await?);
        let readers = SqlitePoolOptions::new().max_connections(READERS_MAX).connect_lazy_with(options);
        Ok(SqliteStore { writer, readers })
    }

    /// Without bringing the tables up to date.
    pub(super) async fn connect(file: &Path) -> Result<SqliteStore, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .pragma("secure_delete", "on");
        let writer = Mutex::new(options.connect().await?);
        let reading = options.read_only(true).create_if_missing(false);
        let readers = SqlitePoolOptions::new().max_connections(READERS_MAX).connect_lazy_with(reading);
        Ok(SqliteStore { writer, readers })
    }

    pub(super) async fn close(self) -> Result<(), sqlx::Error> {
        self.readers.close().await;
        self.writer.into_inner().close().await
    }

    /// Writes what is committed now as a file of its own, which must not be there yet. Appends go on meanwhile.
    pub(super) async fn copy_into(&self, file: &Path) -> Result<(), sqlx::Error> {
        let name = file.to_str().ok_or_else(|| sqlx::Error::Configuration("expected a path in UTF-8".into()))?;
        sqlx::query(SQLITE_COPY_FILE).bind(name).execute(&mut *self.writer.lock().await).await.map(drop)
    }

    /// Whether the epoch of the row still holds the lease; if not, nothing was written.
    pub(super) async fn insert(&self, row: &Row, keys: &[(ContactId, ContactKey)]) -> Result<bool, sqlx::Error> {
        let mut writer = self.writer.lock().await;
        if keys.is_empty() {
            return insert_row(&mut writer, row).await;
        }
        sqlx::query(SQLITE_BEGIN).execute(&mut *writer).await?;
        let inserted = match insert_keys(&mut writer, row.first, keys).await {
            Ok(()) => insert_row(&mut writer, row).await,
            Err(error) => Err(error),
        };
        let committed = match inserted {
            Ok(true) => sqlx::query(COMMIT).execute(&mut *writer).await.map(|_| true),
            Ok(false) => Ok(false),
            Err(error) => Err(error),
        };
        if !matches!(committed, Ok(true)) {
            roll_back(&mut writer).await;
        }
        committed
    }

    pub(super) async fn keys(&self, contacts: &[ContactId]) -> Result<Vec<StoredKey>, sqlx::Error> {
        sqlx::query_as(SQLITE_KEYS).bind(json_of(contacts)).fetch_all(&self.readers).await
    }

    pub(super) async fn first_sealed(&self, contacts: &[ContactId]) -> Result<Option<i64>, sqlx::Error> {
        sqlx::query_scalar(SQLITE_FIRST_SEALED).bind(json_of(contacts)).fetch_one(&self.readers).await
    }

    pub(super) async fn drop_keys(&self, contacts: &[ContactId]) -> Result<(), sqlx::Error> {
        let mut writer = self.writer.lock().await;
        sqlx::query(SQLITE_DROP_KEYS).bind(json_of(contacts)).execute(&mut *writer).await.map(drop)
    }

    /// The keys leave the file by `secure_delete` and the WAL by the checkpoint.
    pub(super) async fn erase(&self, contacts: &[ContactId]) -> Result<(), EraseError> {
        let mut writer = self.writer.lock().await;
        sqlx::query(SQLITE_ERASE).bind(json_of(contacts)).execute(&mut *writer).await?;
        let (in_the_way, _, _): (i64, i64, i64) = sqlx::query_as(SQLITE_CHECKPOINT).fetch_one(&mut *writer).await?;
        if in_the_way == 0 { Ok(()) } else { Err(EraseError::Busy) }
    }
}

async fn insert_row(writer: &mut SqliteConnection, row: &Row) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(SQLITE_INSERT_ROW)
        .bind(number(row.first))
        .bind(row.count.cast_signed())
        .bind(row.epoch.0.cast_signed())
        .bind(row.at.0)
        .bind(&row.events)
        .bind(i64::from(row.crc))
        .execute(writer)
        .await?;
    Ok(done.rows_affected() == 1)
}

async fn insert_keys(
    writer: &mut SqliteConnection,
    since: EventNo,
    keys: &[(ContactId, ContactKey)],
) -> Result<(), sqlx::Error> {
    let pairs: Vec<(u64, String)> = keys.iter().map(|(contact, key)| (contact.0, hex_of(key.as_bytes()))).collect();
    let pairs = serde_json::to_string(&pairs).expect("numbers and strings are JSON");
    sqlx::query(SQLITE_INSERT_KEYS).bind(pairs).bind(number(since)).execute(writer).await?;
    Ok(())
}

/// A statement that failed may have rolled back already; then there is nothing to undo.
pub(super) async fn roll_back(writer: &mut SqliteConnection) {
    if let Err(error) = sqlx::query(ROLLBACK).execute(writer).await {
        tracing::debug!(%error, "nothing to roll back");
    }
}

fn json_of(contacts: &[ContactId]) -> String {
    serde_json::to_string(contacts).expect("numbers are JSON")
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
