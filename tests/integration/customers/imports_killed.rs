//! `usher import` as people run it: killed with `kill -9` in the middle and run again, on either database.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use usher::customers::ids::CustomerId;
use usher::imports::import_batch::{ImportBatch, ImportState};
use usher::records::{Records, RecordsPlace};
use usher::routing::ids::ContactId;

use crate::live_server::usher;
use crate::support::postgres::PostgresServer;
use crate::support::surroundings::temp_dir;

const ROWS: usize = 40_000;
const PATIENCE: Duration = Duration::from_secs(120);

/// Every 1,000th row has no number, every 500th (but those) is a customer of before.
fn people() -> String {
    let mut text = String::from("name,phone,note\n");
    for no in 0..ROWS {
        let number = match no % 1_000 {
            7 => "12".to_owned(),
            500 => format!("+331{:08}", no - 500),
            _ => format!("+331{no:08}"),
        };
        text += &format!("Customer {no},{number},row {no}\n");
    }
    text
}

pub fn usher_on(folder: &Path, database: Option<&str>) -> Command {
    let mut command = usher(folder);
    if let Some(url) = database {
        command.env("USHER_DATABASE", url);
    }
    command
}

fn import(folder: &Path, database: Option<&str>) -> Command {
    let mut command = usher_on(folder, database);
    command.args(["import", "customers", "people.csv", "--accept-guess", "--errors", "errors.csv", "--by", "ana"]);
    command
}

/// Of each customer of the file two calls; every 1,000th row has no time, every 500th (but those) is one of before.
fn calls() -> String {
    let mut text = String::from("caller,start,note\n");
    for no in 0..ROWS {
        let time = match no % 1_000 {
            7 => "yesterday".to_owned(),
            500 => (1_772_373_909 + no - 500).to_string(),
            _ => (1_772_373_909 + no).to_string(),
        };
        let caller = if no % 1_000 == 500 { (no - 500) / 2 } else { no / 2 };
        text += &format!("+331{caller:08},{time},row {no}\n");
    }
    text
}

fn import_calls(folder: &Path, database: Option<&str>) -> Command {
    let mut command = usher_on(folder, database);
    command.args(["import", "interactions", "calls.csv", "--accept-guess", "--errors", "calls-errors.csv"]);
    command
}

async fn calls_killed_and_run_again(folder: &Path, database: Option<&str>, place: RecordsPlace) {
    let people: String = (0..ROWS / 2).map(|no| format!("+331{no:08}\n")).collect();
    std::fs::write(folder.join("people.csv"), format!("phone\n{people}")).unwrap();
    std::fs::write(folder.join("calls.csv"), calls()).unwrap();
    std::fs::create_dir_all(folder.join("data")).unwrap();
    assert!(import(folder, database).output().unwrap().status.success());
    let records = Records::open(&place).await.unwrap();
    let mut child = import_calls(folder, database).stdout(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + PATIENCE;
    while records.imports(10).await.unwrap()[..].first_chunk().is_none_or(|[calls, _]| calls.counts.read < 5_000) {
        assert!(Instant::now() < until && child.try_wait().unwrap().is_none(), "it neither ends nor stands still");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let batch = the_import(&records).await.unwrap();
    assert_eq!(batch.state, ImportState::Running);
    let done = import_calls(folder, database).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && said.contains("went on after row"), "{said}");

    let batch = the_import(&records).await.unwrap();
    let counts = batch.counts;
    let (refused, skipped) = (ROWS as u64 / 1_000, ROWS as u64 / 1_000);
    assert_eq!((batch.state, counts.read, counts.refused), (ImportState::Done, ROWS as u64, refused));
    assert_eq!((counts.skipped, counts.added), (skipped, ROWS as u64 - refused - skipped));
    let (mut contacts, mut after) = (BTreeSet::new(), ContactId(0));
    loop {
        let some = records.interactions_of_import(batch.id, after, 5_000).await.unwrap();
        let Some(last) = some.last() else { break };
        after = *last;
        contacts.extend(some);
    }
    assert_eq!(contacts.len() as u64, counts.added, "every row that was added is there once");
    let numbers = refused_rows(&folder.join("calls-errors.csv"));
    assert_eq!(numbers, (0..ROWS / 1_000).map(|no| no * 1_000 + 7 + 2).collect::<Vec<_>>(), "each refused row once");
    let undone = usher_on(folder, database).args(["import", "undo", &batch.id.to_string()]).output().unwrap();
    let undone = String::from_utf8(undone.stdout).unwrap();
    let expected = format!("import {} is undone: {} interactions removed, 0 stay\n", batch.id, counts.added);
    assert_eq!(undone, expected);
    records.close().await;
}

/// The latest.
pub async fn the_import(records: &Records) -> Option<ImportBatch> {
    records.imports(10).await.unwrap().into_iter().next()
}

/// The numbers of the rows in the file of refused ones, in its order.
pub fn refused_rows(errors: &Path) -> Vec<usize> {
    let errors = std::fs::read_to_string(errors).unwrap();
    errors.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect()
}

/// Runs the import till it has read so many rows, kills it, and says where it stood.
pub async fn killed_after(rows: u64, mut import: Command, records: &Records) -> ImportBatch {
    let mut child = import.stdout(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + PATIENCE;
    while the_import(records).await.is_none_or(|batch| batch.counts.read < rows) {
        assert!(Instant::now() < until && child.try_wait().unwrap().is_none(), "it neither ends nor stands still");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let batch = the_import(records).await.unwrap();
    assert_eq!(batch.state, ImportState::Running);
    batch
}

async fn killed_and_run_again(folder: &Path, database: Option<&str>, place: RecordsPlace) {
    std::fs::write(folder.join("people.csv"), people()).unwrap();
    std::fs::create_dir_all(folder.join("data")).unwrap();
    let records = Records::open(&place).await.unwrap();
    let mut killed_at = BTreeSet::new();
    for nth in 1..=2 {
        let batch = killed_after(nth * 5_000, import(folder, database), &records).await;
        assert!(batch.counts.read < ROWS as u64, "it was killed in the middle");
        killed_at.insert(batch.place.row);
    }
    assert_eq!(killed_at.len(), 2, "the second run went on");
    let done = import(folder, database).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains("went on after row"), "{said}");

    let batch = the_import(&records).await.unwrap();
    let counts = batch.counts;
    let (refused, skipped) = (ROWS as u64 / 1_000, ROWS as u64 / 1_000);
    assert_eq!((batch.state, counts.read, counts.refused), (ImportState::Done, ROWS as u64, refused));
    assert_eq!((counts.skipped, counts.added), (skipped, ROWS as u64 - refused - skipped));
    let (mut names, mut ids) = (BTreeSet::new(), 0);
    let mut after = CustomerId(0);
    loop {
        let some = records.customers_of_import(batch.id, after, 5_000).await.unwrap();
        let Some(last) = some.last() else { break };
        after = *last;
        ids += some.len() as u64;
        for id in some.iter().step_by(50) {
            let name = records.customer(*id).await.unwrap().unwrap().fields.name;
            assert!(names.insert(name.as_str().to_owned()), "{id} is there twice");
        }
    }
    assert_eq!(ids, counts.added, "every row that was added is there once");
    let numbers = refused_rows(&folder.join("errors.csv"));
    assert_eq!(numbers, (0..ROWS / 1_000).map(|no| no * 1_000 + 7 + 2).collect::<Vec<_>>(), "each refused row once");
    records.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_into_sqlite_that_is_killed_goes_on_where_it_was() {
    let folder = temp_dir();
    let place = RecordsPlace::Sqlite(folder.path().join("data/usher.db"));
    killed_and_run_again(folder.path(), None, place).await;

    let list = usher(folder.path()).args(["import", "list"]).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("\tdone\tcustomers\tpeople.csv\tread 40000\tadded 39920\t"), "{list}");
    let again = import(folder.path(), None).output().unwrap();
    assert!(String::from_utf8_lossy(&again.stderr).contains("import 1 took this file over already"));
    let unmapped = usher(folder.path()).args(["import", "customers", "people.csv"]).output().unwrap();
    assert!(!unmapped.status.success());
    let guess = String::from_utf8(unmapped.stdout).unwrap();
    std::fs::write(folder.path().join("mapping.toml"), &guess).unwrap();
    let dry = usher(folder.path())
        .args(["import", "customers", "people.csv", "--mapping", "mapping.toml", "--dry-run"])
        .output()
        .unwrap();
    let dry = String::from_utf8(dry.stdout).unwrap();
    assert!(dry.contains("nothing was changed") && dry.contains("known, skipped       39960"), "{guess}{dry}");
    let undone = usher(folder.path()).args(["import", "undo", "1"]).output().unwrap();
    let undone = String::from_utf8(undone.stdout).unwrap();
    assert_eq!(undone, "import 1 is undone: 39920 customers removed, 0 stay\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_into_postgres_that_is_killed_goes_on_where_it_was() {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let database = server.new_database().await;
    let url = server.url(&database);
    let folder = temp_dir();
    killed_and_run_again(folder.path(), Some(&url), RecordsPlace::Postgres(SecretString::from(url.clone()))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_calls_into_sqlite_that_is_killed_goes_on_where_it_was() {
    let folder = temp_dir();
    let place = RecordsPlace::Sqlite(folder.path().join("data/usher.db"));
    calls_killed_and_run_again(folder.path(), None, place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_calls_into_postgres_that_is_killed_goes_on_where_it_was() {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let url = server.url(&server.new_database().await);
    let folder = temp_dir();
    let place = RecordsPlace::Postgres(SecretString::from(url.clone()));
    calls_killed_and_run_again(folder.path(), Some(&url), place).await;
}
