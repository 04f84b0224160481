//! Every row of every table of a SQLite file, as texts. It knows no table's name.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// Name to rows, in the order of their texts; the journal's batches in that of their numbers.
pub async fn tables_of(file: &Path) -> BTreeMap<String, Vec<String>> {
    let mut database = SqliteConnectOptions::new().filename(file).read_only(true).connect().await.unwrap();
    let names: Vec<String> =
        sqlx::query_scalar("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
            .fetch_all(&mut database)
            .await
            .unwrap();
    let mut tables = BTreeMap::new();
    for name in names {
        let columns: Vec<String> = sqlx::query_scalar("select name from pragma_table_info($1) order by cid")
            .bind(&name)
            .fetch_all(&mut database)
            .await
            .unwrap();
        let values: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let order = if name == "journal_batch" { "first_no" } else { "1" };
        let question = format!("select {} from \"{name}\" order by {order}", values.join(" || ', ' || "));
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(question)).fetch_all(&mut database).await.unwrap();
        tables.insert(name, rows);
    }
    database.close().await.unwrap();
    tables
}
