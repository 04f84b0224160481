//! What only SQLite does: its file, its settings, its one writer. Knows no table.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

use super::error::RecordsError;

/// How long to wait for another process (`usher user add`, a backup) that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Look-ups at the same time: more would only wait for the same two cores.
const READERS_MAX: u32 = 4;
/// Takes the write lock at once: a transaction that read first could fail when it comes to write.
const BEGIN: &str = "begin immediate";

#[derive(Clone)]
pub(super) struct SqliteStore {
    /// SQLite has one writer; this pool has one connection.
    writer: SqlitePool,
    pub readers: SqlitePool,
}

impl SqliteStore {
    pub(super) async fn open(file: &Path) -> Result<SqliteStore, RecordsError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .pragma("secure_delete", "on");
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/sqlite/records").run(&writer).await?;
        let reading = options.read_only(true).create_if_missing(false);
        let readers = SqlitePoolOptions::new().max_connections(READERS_MAX).connect_lazy_with(reading);
        Ok(SqliteStore { writer, readers })
    }

    pub(super) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.writer.begin_with(BEGIN).await
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
