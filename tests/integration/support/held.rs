//! A database that is busy for everybody else. It changes nothing in it.

use std::path::Path;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

/// A file of SQLite that nobody else can write to, until it is let go.
pub struct Held(SqliteConnection);

impl Held {
    pub async fn hold(file: &Path) -> Held {
        let mut holder = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        sqlx::query("begin immediate").execute(&mut holder).await.unwrap();
        Held(holder)
    }

    pub async fn let_go(mut self) {
        sqlx::query("rollback").execute(&mut self.0).await.unwrap();
    }
}
