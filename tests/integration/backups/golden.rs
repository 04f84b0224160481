//! What earlier releases have written, as backups in `tests/golden/`: each is restored, opened by this version, and goes
//! on. A backup of the present version is made by `a_golden_backup_is_made` (README of that folder).

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use usher::backup::Manifest;
use usher::journal::{Fold, LiveSnapshot, LiveState, Place, SqlJournal, recover};

use super::{AtWork, backed_up, path, restored, run};
use crate::crashes::centre::Centre;
use crate::crashes::kept::{BEGINNINGS, Journal};

/// Every release that was given out, in order.
const RELEASES: [&str; 1] = ["0.1.0"];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

#[test]
fn every_release_has_its_golden_backup() {
    let mut found: Vec<String> = std::fs::read_dir(golden())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, RELEASES);
}

/// Journal, snapshot and records of each release: opened, brought up to date, asked, and served from.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_every_release_wrote_is_opened_and_goes_on() {
    for release in RELEASES {
        let from = golden().join(release);
        let manifest = Manifest::read(&from).unwrap();
        assert_eq!(manifest.usher, release);
        let mut centre = Centre::start(3).await;
        centre.stop();
        std::fs::remove_dir_all(centre.data()).unwrap();
        restored(centre.folder.path(), &from);
        let before = Journal::read(&centre.data()).await;
        assert_eq!(before.last_no(), manifest.last_event);
        let served = before.of_kind("segment_closed").next().and_then(|fact| fact.contact()).expect("one was served");
        let why = run(centre.folder.path(), &["why", "contact", &served.to_string()]);
        assert!(why.status.success(), "{release}: {}", String::from_utf8_lossy(&why.stderr));
        let audit = run(centre.folder.path(), &["audit", "check"]);
        assert!(audit.status.success(), "{release}: {}", String::from_utf8_lossy(&audit.stderr));
        centre.start_again();
        centre.is_ready().await;
        centre.stop();
        let after = Journal::read(&centre.data()).await;
        assert!(after.last_no() > before.last_no(), "{release}: nothing was added");
        let begun = |journal: &Journal| BEGINNINGS.iter().map(|kind| journal.of_kind(kind).count()).sum::<usize>();
        assert_eq!(begun(&after), begun(&before));
    }
}

/// The state with which a pruned journal of a release begins: its events are gone, so that nothing but this tells it.
#[test]
fn what_every_release_began_a_pruned_journal_with_is_read() {
    for release in RELEASES {
        let written = std::fs::read(state_of(release)).unwrap();
        let read: LiveSnapshot = serde_json::from_slice(&written).unwrap_or_else(|error| panic!("{release}: {error}"));
        let again = serde_json::to_value(LiveState::restore(read).snapshot()).unwrap();
        let written: Value = serde_json::from_slice(&written).unwrap();
        assert!(written["router"]["contacts"].as_object().is_some_and(|contacts| contacts.len() > 5), "{release}");
        assert_eq!(first_lost(&written, &again, ""), None, "{release}: taken away, or of another meaning");
    }
}

/// The first value of the one that the other does not have; more it may have.
fn first_lost(written: &Value, again: &Value, place: &str) -> Option<String> {
    match (written, again) {
        (Value::Object(written), Value::Object(again)) => written.iter().find_map(|(field, value)| {
            first_lost(value, again.get(field).unwrap_or(&Value::Null), &format!("{place}.{field}"))
        }),
        (Value::Array(written), Value::Array(again)) if written.len() == again.len() => {
            let mut pairs = written.iter().zip(again).enumerate();
            pairs.find_map(|(at, (written, again))| first_lost(written, again, &format!("{place}[{at}]")))
        }
        _ => (written != again).then(|| format!("{place}: {written} is {again}")),
    }
}

fn state_of(release: &str) -> PathBuf {
    golden().join(format!("{release}.state.json"))
}

/// As [`usher::journal::prune`] would keep it, in the clear: the people are the demo's.
async fn write_state(data: &Path, to: &Path) {
    let journal = SqlJournal::open(&Place::Sqlite { folder: data.to_owned() }).await.unwrap();
    let recovered = recover::<LiveState>(&journal).await.unwrap();
    journal.close().await.unwrap();
    std::fs::write(to, serde_json::to_vec(&recovered.state.snapshot()).unwrap()).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes tests/golden/ for a release"]
async fn a_golden_backup_is_made() {
    if std::env::var_os("USHER_WRITE_GOLDEN").is_none() {
        println!("SKIPPED: USHER_WRITE_GOLDEN=1 writes the backup of this release");
        return;
    }
    let mut centre = Centre::start(6).await;
    let mut at_work = AtWork::begin(&centre, 300, 15, true).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    let to = golden().join(env!("CARGO_PKG_VERSION"));
    let manifest = backed_up(centre.folder.path(), &to);
    println!("{}: {manifest:?}", path(&to));
    at_work.switch.kill();
    at_work.agents.kill();
    centre.stop();
    std::fs::remove_dir_all(centre.data()).unwrap();
    restored(centre.folder.path(), &to);
    write_state(&centre.data(), &state_of(env!("CARGO_PKG_VERSION"))).await;
}
