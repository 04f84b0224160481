//! What only PostgreSQL does: its connections. Knows no table.

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Postgres, Transaction};

use super::error::RecordsError;

/// Look-ups and changes at the same time; PostgreSQL's own default limit is 100 for everybody.
const CONNECTIONS_MAX: u32 = 8;
/// The records' own, because the journal migrates the same database.
const MIGRATIONS_TABLE: &str = "records_migration";

#[derive(Clone)]
pub(super) struct PostgresStore {
    pub readers: PgPool,
}

impl PostgresStore {
    pub(super) async fn open(url: &SecretString) -> Result<PostgresStore, RecordsError> {
        let options: PgConnectOptions = url.expose_secret().parse()?;
        let readers = PgPoolOptions::new().max_connections(CONNECTIONS_MAX).connect_with(options).await?;
        let mut migrator = sqlx::migrate!("migrations/postgres/records");
        migrator.dangerous_set_table_name(MIGRATIONS_TABLE);
        migrator.run(&readers).await?;
        Ok(PostgresStore { readers })
    }

    pub(super) async fn begin(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.readers.begin().await
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
    }
}
