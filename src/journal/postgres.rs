//! What only PostgreSQL does: its connections and its array parameters. Knows no event.

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::Mutex;

use crate::routing::ids::ContactId;

use super::row::Row;
use super::seal::ContactKey;
use super::statements::{
    POSTGRES_DROP_KEYS, POSTGRES_ERASE, POSTGRES_FIRST_SEALED, POSTGRES_INSERT_ROW, POSTGRES_KEYS,
};
use super::store::{StoredKey, number};
use super::{EraseError, OpenError};

/// Recovery, snapshots and records read at the same time.
const READERS_MAX: u32 = 4;
/// The journal's own, so that other parts may migrate the same database.
const MIGRATIONS_TABLE: &str = "journal_migration";

pub(super) struct PostgresStore {
    pub writer: Mutex<PgConnection>,
    pub readers: PgPool,
}

impl PostgresStore {
    pub(super) async fn open(options: &PgConnectOptions) -> Result<PostgresStore, OpenError> {
        let store = PostgresStore::connect(options).await?;
        let mut migrator = sqlx::migrate!("migrations/postgres/journal");
        migrator.dangerous_set_table_name(MIGRATIONS_TABLE);
        migrator.run(&mut *store.writer.lock().await).await?;
        Ok(store)
    }

    /// Without bringing the tables up to date.
    pub(super) async fn connect(options: &PgConnectOptions) -> Result<PostgresStore, sqlx::Error> {
        // A commit that answers before its sync would acknowledge what a crash loses.
        let options = options.clone().options([("synchronous_commit", "on")]);
        let writer = options.connect().await?;
        let readers = PgPoolOptions::new().max_connections(READERS_MAX).connect_lazy_with(options);
        Ok(PostgresStore { writer: Mutex::new(writer), readers })
    }

    pub(super) async fn close(self) -> Result<(), sqlx::Error> {
        self.readers.close().await;
        self.writer.into_inner().close().await
    }

    /// Whether the epoch of the row still holds the lease; if not, nothing was written.
    pub(super) async fn insert(&self, row: &Row, keys: &[(ContactId, ContactKey)]) -> Result<bool, sqlx::Error> {
        let (contacts, secrets): (Vec<i64>, Vec<&[u8]>) =
            keys.iter().map(|(contact, key)| (contact.0.cast_signed(), key.as_bytes())).unzip();
        let done = sqlx::query(POSTGRES_INSERT_ROW)
            .bind(number(row.first))
            .bind(row.count.cast_signed())
            .bind(row.epoch.0.cast_signed())
            .bind(row.at.0)
            .bind(&row.events)
            .bind(i64::from(row.crc))
            .bind(contacts)
            .bind(secrets)
            .execute(&mut *self.writer.lock().await)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    pub(super) async fn keys(&self, contacts: &[ContactId]) -> Result<Vec<StoredKey>, sqlx::Error> {
        sqlx::query_as(POSTGRES_KEYS).bind(numbers(contacts)).fetch_all(&self.readers).await
    }

    pub(super) async fn first_sealed(&self, contacts: &[ContactId]) -> Result<Option<i64>, sqlx::Error> {
        sqlx::query_scalar(POSTGRES_FIRST_SEALED).bind(numbers(contacts)).fetch_one(&self.readers).await
    }

    pub(super) async fn drop_keys(&self, contacts: &[ContactId]) -> Result<(), sqlx::Error> {
        let mut writer = self.writer.lock().await;
        sqlx::query(POSTGRES_DROP_KEYS).bind(numbers(contacts)).execute(&mut *writer).await.map(drop)
    }

    /// Old row versions stay on the disk until vacuum and the WAL's recycling have passed over them.
    pub(super) async fn erase(&self, contacts: &[ContactId]) -> Result<(), EraseError> {
        sqlx::query(POSTGRES_ERASE).bind(numbers(contacts)).execute(&mut *self.writer.lock().await).await?;
        Ok(())
    }
}

fn numbers(contacts: &[ContactId]) -> Vec<i64> {
    contacts.iter().map(|contact| contact.0.cast_signed()).collect()
}
