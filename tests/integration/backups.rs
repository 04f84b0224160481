//! `usher backup` and `usher restore` on the real program: taken under load, restored on an empty folder and compared
//! row by row; whatever is not as it was is refused, and nothing changes.

mod bad_backups;
mod golden;
mod tables;

use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use usher::backup::Manifest;

use crate::crashes::centre::Centre;
use crate::crashes::kept::{Fact, Journal};
use crate::crashes::process::Process;
use crate::crashes::recorder::Recorder;
use crate::live_server::usher;
use crate::support::faults::FaultMet;
use tables::tables_of;

const DRAINED_WITHIN: Duration = Duration::from_secs(60);

/// The demo's people at work, who know the server by the recorder's address.
struct AtWork {
    host: String,
    switch: Process,
    agents: Process,
    _recorder: Recorder,
}

impl AtWork {
    async fn begin(centre: &Centre, calls: u32, calls_per_second: u32, take_time: bool) -> AtWork {
        let lines = centre.folder.path().join("wire.jsonl");
        let (recorder, host) = Recorder::start(&centre.host, centre.holders(), &lines).await;
        let switch = centre.people(&host, 1, centre.gateway(0, calls, calls_per_second));
        let agents = centre.people(&host, 2, centre.agents(take_time));
        AtWork { host, switch, agents, _recorder: recorder }
    }
}

/// `usher COMMAND…` with the settings of every test in this folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    usher(folder).args(arguments).output().unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn backed_up(folder: &Path, to: &Path) -> Manifest {
    let done = run(folder, &["backup", "--to", path(to)]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Manifest::read(to).unwrap()
}

fn restored(folder: &Path, from: &Path) {
    let done = run(folder, &["restore", "--from", path(from)]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// What was acknowledged before a backup began is in it, whatever goes on meanwhile; and a server goes on from there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_the_beginning_of_what_was_written() {
    let mut centre = Centre::start(8).await;
    let mut at_work = AtWork::begin(&centre, 60, 12, false).await;
    let mut backups = Vec::new();
    for number in 0..3 {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let before = Journal::read(&centre.data()).await.last_no();
        let folder = centre.folder.path().join(format!("backup-{number}"));
        let manifest = backed_up(centre.folder.path(), &folder);
        assert!(manifest.last_event >= before && manifest.contacts_in_hand > 0, "{before} {manifest:?}");
        backups.push((folder, manifest));
    }
    centre.dismiss([&mut at_work.switch, &mut at_work.agents]);
    centre.stop();
    let original = centre.folder.path().join("original");
    std::fs::rename(centre.data(), &original).unwrap();
    let whole = tables_of(&original.join("journal.db")).await;
    for (folder, manifest) in &backups {
        let _ = std::fs::remove_dir_all(centre.data());
        restored(centre.folder.path(), folder);
        let copy = tables_of(&centre.data().join("journal.db")).await;
        let (batches, all) = (&copy["journal_batch"], &whole["journal_batch"]);
        assert_eq!(batches[..], all[..batches.len()], "up to event {}", manifest.last_event);
        assert_eq!(Journal::read(&centre.data()).await.last_no(), manifest.last_event);
        let keys = &whole["journal_key"];
        assert!(copy["journal_key"].iter().all(|key| keys.contains(key)), "a key is not the one of its contact");
    }
    let last = backups.last().map_or(0, |(_, manifest)| manifest.last_event);
    FaultMet::harmless("restored from a backup under load", backups.len(), last, None).tell();
    // Who was in hand then has hung up since: the gateway that comes back knows nothing of them.
    centre.start_again();
    centre.is_ready().await;
    let mut switch = centre.people(&at_work.host, 3, centre.gateway(1, 5, 5));
    let mut agents = centre.people(&at_work.host, 4, centre.agents(false));
    somebody_calls(&centre, "life-1-").await;
    centre.drained(DRAINED_WITHIN).await;
    centre.dismiss([&mut switch, &mut agents]);
    centre.stop();
}

async fn somebody_calls(centre: &Centre, prefix: &str) {
    let until = Instant::now() + DRAINED_WITHIN;
    let is_his = |fact: &Fact| fact.text("ref").starts_with(prefix);
    while !Journal::read(&centre.data()).await.facts.iter().any(is_his) {
        assert!(Instant::now() < until, "nobody calls\n{}", centre.log());
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// Without anybody at work, every row of every table is the same.
#[tokio::test]
async fn a_restored_folder_has_every_row_of_every_table() {
    let mut centre = Centre::start(3).await;
    let mut at_work = AtWork::begin(&centre, 20, 20, false).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    centre.dismiss([&mut at_work.switch, &mut at_work.agents]);
    centre.stop();
    let (folder, backup) = (centre.folder.path(), centre.folder.path().join("backup"));
    backed_up(folder, &backup);
    let original = folder.join("original");
    std::fs::rename(centre.data(), &original).unwrap();
    let checked = run(folder, &["restore", "--check", "--from", path(&backup)]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    assert!(!centre.data().exists(), "a check leaves nothing behind");
    restored(folder, &backup);
    for file in ["journal.db", "usher.db"] {
        let (before, after) = (tables_of(&original.join(file)).await, tables_of(&centre.data().join(file)).await);
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        for (table, rows) in &before {
            assert_eq!(rows, &after[table], "{file}: {table}");
        }
        let full = before.values().filter(|rows| !rows.is_empty()).count();
        assert!(full >= 4, "{file}: only {full} tables have rows");
    }
}
