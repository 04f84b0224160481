//! A copy of SQLite's tables in another file, taken beside the process that owns them, and whether such a file is whole.
//! Writes nothing into the original.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::error::RecordsError;
use super::store::Records;

/// The file as one reader sees it, written anew as the file $1.
const COPY_FILE: &str = "vacuum into $1";
/// One row that says `ok`, or one for each fault.
const CHECK: &str = "pragma integrity_check(10)";

impl Records {
    /// Writes what is committed now in the file `from` as a file of its own, which must not be there yet.
    ///
    /// # Errors
    /// When there is no such file, it cannot be read to its end, or the other cannot be written.
    pub async fn copy(from: &Path, to: &Path) -> Result<(), RecordsError> {
        let name = to.to_str().ok_or_else(|| sqlx::Error::Configuration("expected a path in UTF-8".into()))?;
        let mut database = SqliteConnectOptions::new().filename(from).read_only(true).connect().await?;
        sqlx::query(COPY_FILE).bind(name).execute(&mut database).await?;
        Ok(database.close().await?)
    }

    /// What the database itself finds wrong with the file; nothing: it is whole.
    ///
    /// # Errors
    /// When it cannot be read at all.
    pub async fn faults(file: &Path) -> Result<Vec<String>, RecordsError> {
        let mut database = SqliteConnectOptions::new().filename(file).read_only(true).connect().await?;
        let mut found: Vec<String> = sqlx::query_scalar(CHECK).fetch_all(&mut database).await?;
        database.close().await?;
        found.retain(|fault| fault != "ok");
        Ok(found)
    }
}
