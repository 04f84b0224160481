//! A database of an older version is opened: the terms of its names are made anew, from wherever somebody stopped.

use std::collections::BTreeSet;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use usher::customers::customer::{NameKind, NewName};
use usher::customers::ids::CustomerId;
use usher::customers::search_terms::terms_of_name;
use usher::records::{BATCH_ROWS_MAX, Records, RecordsPlace};

use super::{customer, stamp, text};
use crate::support::postgres::PostgresServer;
use crate::support::surroundings::temp_dir;

type Terms = BTreeSet<(String, i64)>;

enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Database {
    async fn run(&mut self, statement: &str) {
        let statement = AssertSqlSafe(statement);
        match self {
            Database::Sqlite(database) => drop(sqlx::query(statement).execute(database).await.unwrap()),
            Database::Postgres(database) => drop(sqlx::query(statement).execute(database).await.unwrap()),
        }
    }

    async fn terms(&mut self) -> Terms {
        const EVERY: &str = "select term, customer from name_term";
        let rows: Vec<(String, i64)> = match self {
            Database::Sqlite(database) => sqlx::query_as(EVERY).fetch_all(database).await.unwrap(),
            Database::Postgres(database) => sqlx::query_as(EVERY).fetch_all(database).await.unwrap(),
        };
        rows.into_iter().collect()
    }

    /// As the version before left it: other terms, and nobody who asks for new ones.
    async fn made_older(&mut self) {
        let migrations = match self {
            Database::Sqlite(_) => "_sqlx_migrations",
            Database::Postgres(_) => "records_migration",
        };
        self.run("delete from name_term where length(term) > 2").await;
        self.run("drop table name_terms_being_made").await;
        self.run(&format!("delete from {migrations} where version = 10")).await;
    }
}

async fn check(place: &RecordsPlace, mut database: Database, records: Records) {
    let many: Vec<_> = (0..BATCH_ROWS_MAX).map(|no| customer(&format!("Customer {no}"), &[])).collect();
    let ids = records.add_customers(&many, &stamp(1)).await.unwrap();
    let maria = records.add_customer(&customer("María del Carmen", &[]), &stamp(1)).await.unwrap();
    let former = NewName { kind: NameKind::Former, name: text("Belana Dorn") };
    records.add_name(maria, &former, &stamp(2)).await.unwrap();
    let merged = records.add_customer(&customer("李小明", &[]), &stamp(1)).await.unwrap();
    records.merge_customers(maria, merged, &stamp(3)).await.unwrap();
    let expected = database.terms().await;
    let of = |id: CustomerId, names: &[&str]| -> Terms {
        names.iter().flat_map(|name| terms_of_name(name)).map(|term| (term, id.0)).collect()
    };
    let of_some = of(maria, &["María del Carmen", "Belana Dorn", "李小明"]);
    assert!(of_some.is_subset(&expected) && of(ids[77], &["Customer 77"]).is_subset(&expected));

    records.close().await;
    database.made_older().await;
    let older = database.terms().await;
    assert!(!older.is_empty() && older.len() < expected.len());
    let records = Records::open(place).await.unwrap();
    assert!(database.terms().await == expected, "every term is made, of all names");

    let stopped_at = ids[4_000].0;
    records.close().await;
    database.run(&format!("delete from name_term where customer > {stopped_at} and customer <> {}", maria.0)).await;
    database.run(&format!("insert into name_terms_being_made values ({stopped_at})")).await;
    let records = Records::open(place).await.unwrap();
    assert!(database.terms().await == expected, "somebody was stopped, and one was changed since");
    database.run("delete from name_term").await;
    records.close().await;
    Records::open(place).await.unwrap().close().await;
    assert!(database.terms().await.is_empty(), "it is done once");
}

#[tokio::test]
async fn terms_of_an_older_version_are_made_anew_in_sqlite() {
    let folder = temp_dir();
    let file = folder.path().join("usher.db");
    let place = RecordsPlace::Sqlite(file.clone());
    let records = Records::open(&place).await.unwrap();
    let database = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await.unwrap();
    check(&place, Database::Sqlite(database), records).await;
}

#[tokio::test]
async fn terms_of_an_older_version_are_made_anew_in_postgres() {
    let Some(server) = PostgresServer::shared() else { return };
    let options = server.new_database().await;
    let place = RecordsPlace::Postgres(server.url(&options).into());
    let records = Records::open(&place).await.unwrap();
    check(&place, Database::Postgres(options.connect().await.unwrap()), records).await;
}
