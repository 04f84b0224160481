//! What is personal: who looked, who sees what, what goes, on SQLite and on a real PostgreSQL. It reads tables as
//! they lie, since that is what is promised.

mod audit;
mod come_back;
mod erasure;
mod logs;
mod retention;
mod seen;

use std::future::Future;

use secrecy::{ExposeSecret, SecretString};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use usher::customers::change::Stamp;
use usher::records::{Records, RecordsPlace};
use usher::routing::ids::PersonId;
use usher::routing::time::Timestamp;

use crate::both_databases::on_both;
use crate::support::postgres::PostgresServer;
use crate::support::surroundings::temp_dir;

/// The records, and the way behind them.
pub struct Ground {
    pub records: Records,
    pub place: RecordsPlace,
}

impl Ground {
    /// As somebody does who has the database and not the program.
    pub async fn run(&self, statements: &str) -> Result<(), sqlx::Error> {
        match &self.place {
            RecordsPlace::Sqlite(file) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).foreign_keys(true);
                let mut connection = options.connect().await?;
                sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.map(drop)
            }
            RecordsPlace::Postgres(url) => {
                let mut connection = PgConnection::connect(url.expose_secret()).await?;
                sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.map(drop)
            }
        }
    }
}

impl Ground {
    /// The rows of a question all of whose columns are texts.
    pub async fn texts(&self, question: &str) -> Vec<Vec<String>> {
        let question = AssertSqlSafe(question.to_owned());
        match &self.place {
            RecordsPlace::Sqlite(file) => {
                let mut connection = sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap();
                let rows = sqlx::query(question).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(erasure::texts_of).collect()
            }
            RecordsPlace::Postgres(url) => {
                let mut connection = PgConnection::connect(url.expose_secret()).await.unwrap();
                let rows = sqlx::query(question).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(erasure::texts_of).collect()
            }
        }
    }
}

pub async fn on_sqlite<F: Future<Output = ()>>(check: impl Fn(Ground) -> F) {
    let folder = temp_dir();
    let place = RecordsPlace::Sqlite(folder.path().join("usher.db"));
    let records = Records::open(&place).await.unwrap();
    check(Ground { records: records.clone(), place }).await;
    records.close().await;
}

pub async fn on_postgres<F: Future<Output = ()>>(check: impl Fn(Ground) -> F) {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let database = server.new_database().await;
    let place = RecordsPlace::Postgres(SecretString::from(server.url(&database)));
    let records = Records::open(&place).await.unwrap();
    check(Ground { records: records.clone(), place }).await;
    records.close().await;
}

on_both! {
    audit::listed_by_time_user_and_customer as sqlite_lists_the_audit and postgres_lists_the_audit;
    audit::written_by_many_at_once as sqlite_chains_what_many_write and postgres_chains_what_many_write;
    audit::what_does_not_fit_is_found as sqlite_finds_what_was_changed and postgres_finds_what_was_changed;
    audit::rows_cannot_be_changed as sqlite_changes_no_row_of_the_audit and postgres_changes_no_row_of_the_audit;
    erasure::all_is_exported as sqlite_exports_all_of_a_person and postgres_exports_all_of_a_person;
    erasure::nothing_is_left_but_counts as sqlite_leaves_nothing_but_counts and postgres_leaves_nothing_but_counts;
    erasure::refused_erasures_change_nothing as sqlite_refuses_erasures and postgres_refuses_erasures;
    erasure::known_again_by_the_hash as sqlite_knows_a_hash_again and postgres_knows_a_hash_again;
    retention::nothing_young_or_open_goes as sqlite_keeps_what_is_young and postgres_keeps_what_is_young;
    retention::detail_of_contacts_goes_and_counts_stay as sqlite_forgets_whose_contacts_were and postgres_forgets_whose_contacts_were;
    retention::keys_of_old_contacts_are_destroyed as sqlite_destroys_keys_in_time and postgres_destroys_keys_in_time;
    retention::each_kind_goes_by_itself as sqlite_keeps_each_kind_for_its_time and postgres_keeps_each_kind_for_its_time;
    retention::many_batches_are_gone_through as sqlite_goes_through_many_batches and postgres_goes_through_many_batches;
    come_back::not_to_contact_however_added as sqlite_keeps_who_is_not_contacted and postgres_keeps_who_is_not_contacted;
    come_back::only_under_the_key_of_the_hashes as sqlite_asks_for_the_sites_key and postgres_asks_for_the_sites_key;
    come_back::no_file_brings_anybody_back as sqlite_brings_nobody_back and postgres_brings_nobody_back;
    come_back::no_file_of_leads_brings_anybody_back as sqlite_brings_no_lead_back and postgres_brings_no_lead_back;
    come_back::leads_erased_by_number_stay_away as sqlite_erases_leads_by_number and postgres_erases_leads_by_number;
    audit::pruned_from_the_front as sqlite_prunes_the_audit and postgres_prunes_the_audit;
}

pub fn stamp(at_ms: i64) -> Stamp {
    Stamp { at: Timestamp(at_ms), by: PersonId::new("ana").unwrap() }
}
