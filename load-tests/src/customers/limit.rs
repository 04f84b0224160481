//! What SQLite alone takes for the same rows: copied from the finished database into an empty one with the same tables,
//! indexes and settings, as many rows a transaction. Nothing is read, checked, looked for or bound.

use std::path::Path;
use std::time::Instant;

use usher::records::{BATCH_ROWS_MAX, Records, RecordsPlace};
use usher::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use usher::sqlx::{self, Connection, SqliteConnection};

use super::figures::{Limit, Rate};

const CUSTOMER_ROWS: [&str; 4] = [
    "insert into main.customer select * from made.customer where id > $1 and id <= $2",
    "insert into main.customer_address select * from made.customer_address where customer > $1 and customer <= $2",
    "insert into main.customer_change select * from made.customer_change where customer > $1 and customer <= $2",
    "insert into main.name_term select term, customer from temp.made_term where customer > $1 and customer <= $2
        order by 1, 2",
];
const INTERACTION_ROWS: [&str; 3] = [
    "insert into main.interaction select * from made.interaction where contact > $1 and contact <= $2",
    "insert into main.interaction_visit select * from made.interaction_visit where contact > $1 and contact <= $2",
    "insert into main.interaction_segment select * from made.interaction_segment where contact > $1 and contact <= $2",
];

pub async fn measure(folder: &Path, customers: u64, interactions: u64) -> Limit {
    let mut connection = empty_beside_made(folder).await;
    let last = i64::try_from(customers).expect("few customers");
    for statement in [
        "insert into main.import_batch select * from made.import_batch",
        "create temp table made_term (customer integer, term text)",
        "create index temp.made_term_customer on made_term (customer)",
    ] {
        sqlx::query(statement).execute(&mut connection).await.expect("SQLite prepares the copy");
    }
    let terms = "insert into temp.made_term select customer, term from made.name_term where customer <= $1";
    sqlx::query(terms).bind(last).execute(&mut connection).await.expect("SQLite prepares the copy");
    let limit = Limit {
        customers: copy(&mut connection, &CUSTOMER_ROWS, customers).await,
        interactions: copy(&mut connection, &INTERACTION_ROWS, interactions).await,
    };
    connection.close().await.expect("the database closes");
    for name in ["bare.db", "bare.db-wal", "bare.db-shm"] {
        // The log is gone already when the last connection closed it.
        let _ = std::fs::remove_file(folder.join(name));
    }
    limit
}

/// `bare.db`, with the same tables and settings and nothing in them, and the finished database attached as `made`.
pub async fn empty_beside_made(folder: &Path) -> SqliteConnection {
    let bare = folder.join("bare.db");
    Records::open(&RecordsPlace::Sqlite(bare.clone())).await.expect("the records open").close().await;
    let options = SqliteConnectOptions::new()
        .filename(&bare)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(false)
        .pragma("secure_delete", "on");
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the database opens");
    let made = folder.join("usher.db").to_string_lossy().into_owned();
    sqlx::query("attach database $1 as made")
        .bind(made)
        .execute(&mut connection)
        .await
        .expect("both on one connection");
    connection
}

/// A transaction for as many rows as an import binds at once; each statement takes the numbers after `$1` up to `$2`.
pub async fn copy(connection: &mut SqliteConnection, statements: &[&'static str], rows: u64) -> Rate {
    let began = Instant::now();
    for first in (0..rows).step_by(BATCH_ROWS_MAX) {
        let mut transaction = connection.begin_with("begin immediate").await.expect("nobody else writes");
        for statement in statements {
            let range =
                [first, (first + BATCH_ROWS_MAX as u64).min(rows)].map(|id| i64::try_from(id).expect("few rows"));
            let copied = sqlx::query(*statement).bind(range[0]).bind(range[1]);
            copied.execute(&mut *transaction).await.expect("SQLite copies the rows");
        }
        transaction.commit().await.expect("the disk has room");
    }
    Rate::of(rows, began.elapsed())
}
