//! The store of customers, the same contract on SQLite and on a real PostgreSQL. It ranks and normalises nothing.

mod batches;
mod imports;
pub mod imports_killed;
mod interaction_imports;
mod interactions;
mod merging;
mod older_terms;
mod people;
mod plans;
mod work;
mod workbooks;

use std::future::Future;

use secrecy::SecretString;
use usher::customers::change::{Change, ChangedField, Stamp};
use usher::customers::customer::{AddressKey, Consent, CustomerFields, NewAddress, NewCustomer};
use usher::customers::text::{AddressKindWord, AddressText, CustomerName};
use usher::records::{Records, RecordsPlace};
use usher::routing::ids::PersonId;
use usher::routing::time::Timestamp;

pub use imports::{audited, counted};
pub use workbooks::workbook_of;

use crate::both_databases::on_both;
use crate::support::postgres::PostgresServer;
use crate::support::surroundings::temp_dir;

async fn on_sqlite<F: Future<Output = ()>>(check: impl Fn(Records) -> F) {
    let folder = temp_dir();
    let records = Records::open(&RecordsPlace::Sqlite(folder.path().join("usher.db"))).await.unwrap();
    check(records.clone()).await;
    records.close().await;
}

async fn on_postgres<F: Future<Output = ()>>(check: impl Fn(Records) -> F) {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let database = server.new_database().await;
    let place = RecordsPlace::Postgres(SecretString::from(server.url(&database)));
    let records = Records::open(&place).await.unwrap();
    check(records.clone()).await;
    records.close().await;
}

on_both! {
    every_statement_is_understood as sqlite_understands_every_statement and postgres_understands_every_statement;
    people::added_found_and_shown as sqlite_adds_and_finds and postgres_adds_and_finds;
    people::changed_by_version as sqlite_changes_by_version and postgres_changes_by_version;
    people::tags_names_and_addresses as sqlite_keeps_tags_names_addresses and postgres_keeps_tags_names_addresses;
    people::two_at_the_same_time as sqlite_lets_one_of_two_win and postgres_lets_one_of_two_win;
    people::strange_texts as sqlite_keeps_strange_texts and postgres_keeps_strange_texts;
    interactions::read_back as sqlite_reads_interactions_back and postgres_reads_interactions_back;
    interactions::written_once as sqlite_writes_a_batch_once and postgres_writes_a_batch_once;
    interactions::after_the_call as sqlite_keeps_what_agents_add and postgres_keeps_what_agents_add;
    interactions::who_came_again as sqlite_counts_repeat_contacts and postgres_counts_repeat_contacts;
    work::from_added_to_closed as sqlite_works_through_work and postgres_works_through_work;
    work::lists as sqlite_lists_work and postgres_lists_work;
    merging::merged_and_undone as sqlite_merges_and_undoes and postgres_merges_and_undoes;
    merging::changes_meanwhile_stay as sqlite_keeps_changes_made_meanwhile and postgres_keeps_changes_made_meanwhile;
    merging::refused as sqlite_refuses_wrong_merges and postgres_refuses_wrong_merges;
    merging::any_merges_undone_leave_what_was as sqlite_undoes_any_merges and postgres_undoes_any_merges;
    imports::taken_over as sqlite_imports_a_file and postgres_imports_a_file;
    imports::known_customers as sqlite_knows_imported_rows and postgres_knows_imported_rows;
    imports::undone as sqlite_undoes_an_import and postgres_undoes_an_import;
    imports::gone_on_with as sqlite_goes_on_with_an_import and postgres_goes_on_with_an_import;
    imports::wrong_files as sqlite_refuses_wrong_files and postgres_refuses_wrong_files;
    interaction_imports::taken_over as sqlite_imports_interactions and postgres_imports_interactions;
    interaction_imports::known_again as sqlite_knows_imported_interactions and postgres_knows_imported_interactions;
    interaction_imports::undone as sqlite_undoes_imported_interactions and postgres_undoes_imported_interactions;
    interaction_imports::wrong_files as sqlite_refuses_wrong_interactions and postgres_refuses_wrong_interactions;
    batches::thousands_at_once as sqlite_adds_thousands_at_once and postgres_adds_thousands_at_once;
}

async fn every_statement_is_understood(records: Records) {
    let prepared = records.prepare_every_statement().await.unwrap();
    assert!(prepared > 80, "{prepared} statements");
}

fn stamp(at_ms: i64) -> Stamp {
    Stamp { at: Timestamp(at_ms), by: PersonId::new("ana").unwrap() }
}

fn text<T: TryFrom<String>>(text: &str) -> T
where
    T::Error: std::fmt::Debug,
{
    T::try_from(text.to_owned()).unwrap()
}

fn phone(number: &str) -> AddressKey {
    AddressKey { kind: AddressKindWord::new("phone").unwrap(), value: AddressText::new(number).unwrap() }
}

fn address(number: &str) -> NewAddress {
    NewAddress {
        key: phone(number),
        extension: None,
        shown: AddressText::new(format!("({number})")).unwrap(),
        label: Some(text("work")),
        consent: Consent::Unknown,
    }
}

fn fields(name: &str) -> CustomerFields {
    CustomerFields { name: CustomerName::new(name).unwrap(), ..CustomerFields::default() }
}

fn customer(name: &str, numbers: &[&str]) -> NewCustomer {
    NewCustomer {
        fields: fields(name),
        addresses: numbers.iter().map(|number| address(number)).collect(),
        ..NewCustomer::default()
    }
}

/// A history without its times, the oldest first.
fn told(changes: &[Change]) -> Vec<(ChangedField, Option<&str>, Option<&str>)> {
    changes
        .iter()
        .rev()
        .map(|change| {
            let before = change.before.as_ref().map(|text| text.as_str());
            let after = change.after.as_ref().map(|text| text.as_str());
            (change.field.clone(), before, after)
        })
        .collect()
}
