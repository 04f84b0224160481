//! `usher import do-not-call` killed with `kill -9` in the middle and run again, on either database.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use secrecy::SecretString;
use usher::imports::import_batch::ImportState;
use usher::records::{Records, RecordsPlace};

use super::{counts, is_stopped};
use crate::customers::imports_killed::{killed_after, refused_rows, the_import, usher_on};
use crate::support::postgres::PostgresServer;
use crate::support::surroundings::temp_dir;

const ROWS: usize = 300_000;

/// Every 1,000th row is no number, every 500th (but those) the number of a row before.
fn list() -> Vec<String> {
    let number = |no: usize| match no % 1_000 {
        7 => "12".to_owned(),
        500 => format!("+331{:08}", no - 500),
        _ => format!("+331{no:08}"),
    };
    (0..ROWS).map(number).collect()
}

fn import(folder: &Path, database: Option<&str>) -> Command {
    let mut command = usher_on(folder, database);
    command.args(["import", "do-not-call", "list.csv", "--accept-guess", "--errors", "errors.csv"]);
    command
}

async fn killed_and_run_again(folder: &Path, database: Option<&str>, place: RecordsPlace) {
    let list = list();
    std::fs::write(folder.join("list.csv"), format!("number\n{}\n", list.join("\n"))).unwrap();
    std::fs::create_dir_all(folder.join("data")).unwrap();
    let records = Records::open(&place).await.unwrap();
    let first = killed_after(5_000, import(folder, database), &records).await;
    let second = killed_after(first.counts.read + 5_000, import(folder, database), &records).await;
    assert!(second.place.row > first.place.row, "the second run went on");
    let done = import(folder, database).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && said.contains("went on after row"), "{said}");

    let batch = the_import(&records).await.unwrap();
    let numbers: BTreeSet<&String> = list.iter().filter(|number| *number != "12").collect();
    let refused: Vec<usize> = (0..ROWS / 1_000).map(|no| no * 1_000 + 7 + 2).collect();
    let read = batch.counts;
    assert_eq!((batch.state, read.read, read.refused), (ImportState::Done, ROWS as u64, refused.len() as u64));
    assert_eq!((read.added, read.skipped), (numbers.len() as u64, read.read - read.added - read.refused));
    assert_eq!(counts(&records, 0).await, [("everyone".to_owned(), numbers.len() as u64)], "each number once");
    assert_eq!(refused_rows(&folder.join("errors.csv")), refused, "each refused row once");
    assert!(is_stopped(&records, &list[ROWS - 1], 0).await && !is_stopped(&records, "+33100000500", 0).await);
    records.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_entries_into_sqlite_that_is_killed_goes_on_where_it_was() {
    let folder = temp_dir();
    let place = RecordsPlace::Sqlite(folder.path().join("data/usher.db"));
    killed_and_run_again(folder.path(), None, place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_entries_into_postgres_that_is_killed_goes_on_where_it_was() {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let url = server.url(&server.new_database().await);
    let folder = temp_dir();
    let place = RecordsPlace::Postgres(SecretString::from(url.clone()));
    killed_and_run_again(folder.path(), Some(&url), place).await;
}
