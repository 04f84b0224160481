//! What earlier releases have written, as backups in `tests/golden/`: each is restored, opened by this version, and goes
//! on. A backup of the present version is made by `a_golden_backup_is_made` (README of that folder).

use std::path::{Path, PathBuf};
use std::time::Duration;

use usher::backup::Manifest;

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
}
