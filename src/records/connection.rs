//! A transaction or a reader of whichever database, for what is done in many small steps. Knows no table.
//!
//! [`changing!`](super::store) writes a whole body twice, once for each database's types; here a step takes
//! its statement and values as data, so that it is written once and can be shared by many operations.

use serde::Serialize;
use serde_json::Map;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, Executor, FromRow, Postgres, Sqlite};

use super::error::RecordsError;
use super::statements::{EVERY, Statement};
use super::store::{Records, Store};

/// What is bound: whole numbers or texts, or their absence.
#[derive(Clone, Copy)]
pub(super) enum Value<'v> {
    Number(Option<i64>),
    Text(Option<&'v str>),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Number(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Value::Number(number)
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Value::Text(Some(text))
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Self {
        Value::Text(Some(text))
    }
}

impl<'v> From<Option<&'v str>> for Value<'v> {
    fn from(text: Option<&'v str>) -> Self {
        Value::Text(text)
    }
}

/// The values of a statement, each by its own `From`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::records::connection::Value::from($value)),*] };
}

pub(super) use values;

/// Rows as one JSON text.
pub(super) fn json(rows: &impl Serialize) -> String {
    serde_json::to_string(rows).expect("rows of texts and numbers are JSON")
}

/// A row that both databases give.
pub(super) trait Row: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

impl<T> Row for T where T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match *value {
                Value::Number(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
            };
        }
        query
    }};
}

/// Undone when it is dropped before [`Transaction::commit`].
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Transaction {
    /// How many rows it touched.
    pub async fn execute(&mut self, statement: Statement, values: &[Value<'_>]) -> Result<u64, sqlx::Error> {
        Ok(match self {
            Transaction::Sqlite(transaction) => {
                bound!(sqlx::query(statement.sqlite), values).execute(&mut **transaction).await?.rows_affected()
            }
            Transaction::Postgres(transaction) => {
                bound!(sqlx::query(statement.postgres), values).execute(&mut **transaction).await?.rows_affected()
            }
        })
    }

    pub async fn rows<T: Row>(&mut self, statement: Statement, values: &[Value<'_>]) -> Result<Vec<T>, sqlx::Error> {
        match self {
            Transaction::Sqlite(transaction) => {
                bound!(sqlx::query_as(statement.sqlite), values).fetch_all(&mut **transaction).await
            }
            Transaction::Postgres(transaction) => {
                bound!(sqlx::query_as(statement.postgres), values).fetch_all(&mut **transaction).await
            }
        }
    }

    /// The first row.
    pub async fn row<T: Row>(&mut self, statement: Statement, values: &[Value<'_>]) -> Result<Option<T>, sqlx::Error> {
        Ok(self.rows(statement, values).await?.into_iter().next())
    }

    /// Whole rows by their columns' names: numbers, texts, or null.
    pub async fn objects(
        &mut self,
        statement: Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<Map<String, serde_json::Value>>, sqlx::Error> {
        match self {
            Transaction::Sqlite(transaction) => {
                let rows = bound!(sqlx::query(statement.sqlite), values).fetch_all(&mut **transaction).await?;
                rows.iter().map(object_of).collect()
            }
            Transaction::Postgres(transaction) => {
                let rows = bound!(sqlx::query(statement.postgres), values).fetch_all(&mut **transaction).await?;
                rows.iter().map(object_of).collect()
            }
        }
    }

    /// The number that an `insert … returning` gives.
    pub async fn number(&mut self, statement: Statement, values: &[Value<'_>]) -> Result<i64, sqlx::Error> {
        let (number,): (i64,) = self.row(statement, values).await?.ok_or(sqlx::Error::RowNotFound)?;
        Ok(number)
    }

    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Transaction::Sqlite(transaction) => transaction.commit().await,
            Transaction::Postgres(transaction) => transaction.commit().await,
        }
    }
}

fn object_of<R>(row: &R) -> Result<Map<String, serde_json::Value>, sqlx::Error>
where
    R: sqlx::Row,
    usize: sqlx::ColumnIndex<R>,
    for<'r> Option<i64>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> Option<String>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    let mut object = Map::new();
    for column in row.columns() {
        let at = column.ordinal();
        let value = match row.try_get::<Option<i64>, _>(at) {
            Ok(number) => number.map(serde_json::Value::from),
            Err(_) => row.try_get::<Option<String>, _>(at)?.map(serde_json::Value::from),
        };
        object.insert(column.name().to_owned(), value.unwrap_or_default());
    }
    Ok(object)
}

impl Records {
    pub(super) async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        Ok(match &self.store {
            Store::Sqlite(store) => Transaction::Sqlite(store.begin().await?),
            Store::Postgres(store) => Transaction::Postgres(store.begin().await?),
        })
    }

    pub(super) async fn rows<T: Row>(
        &self,
        statement: Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<T>, RecordsError> {
        Ok(match &self.store {
            Store::Sqlite(store) => bound!(sqlx::query_as(statement.sqlite), values).fetch_all(&store.readers).await?,
            Store::Postgres(store) => {
                bound!(sqlx::query_as(statement.postgres), values).fetch_all(&store.readers).await?
            }
        })
    }

    /// The first row.
    pub(super) async fn row<T: Row>(
        &self,
        statement: Statement,
        values: &[Value<'_>],
    ) -> Result<Option<T>, RecordsError> {
        Ok(self.rows(statement, values).await?.into_iter().next())
    }

    /// Name and text of every statement on this database, for tests of how it goes about them.
    #[must_use]
    pub fn every_statement(&self) -> Vec<(&'static str, &'static str)> {
        let text = |statement: &Statement| match &self.store {
            Store::Sqlite(_) => statement.sqlite,
            Store::Postgres(_) => statement.postgres,
        };
        EVERY.iter().flat_map(|list| list.iter()).map(|(name, statement)| (*name, text(statement))).collect()
    }

    /// Has the database prepare every statement, and changes nothing. How many there are.
    ///
    /// # Errors
    /// With the name of the first statement that this database does not understand.
    pub async fn prepare_every_statement(&self) -> Result<usize, (&'static str, RecordsError)> {
        let mut prepared = 0;
        for (name, statement) in EVERY.iter().copied().flatten() {
            let understood = match &self.store {
                Store::Sqlite(store) => {
                    store.readers.prepare(sqlx::SqlStr::from_static(statement.sqlite)).await.map(drop)
                }
                Store::Postgres(store) => {
                    store.readers.prepare(sqlx::SqlStr::from_static(statement.postgres)).await.map(drop)
                }
            };
            understood.map_err(|error| (*name, error.into()))?;
            prepared += 1;
        }
        Ok(prepared)
    }
}
