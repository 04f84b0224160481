//! What cannot be backed up or restored is refused by name, and leaves everything as it was.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use super::{backed_up, path, run};
use crate::live_server::Server;
use crate::support::surroundings::temp_dir;

/// A folder with data, and a backup of it beside.
fn ground() -> (TempDir, PathBuf) {
    let mut server = Server::start();
    server.stop();
    let folder = temp_dir();
    let data = folder.path().join("data");
    copy(&server.folder.path().join("data"), &data);
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    let backup = folder.path().join("backup");
    backed_up(folder.path(), &backup);
    (folder, backup)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Refused with all of these words, and nothing new lies anywhere.
fn refused(folder: &Path, arguments: &[&str], words: &[&str]) {
    let before = names_in(folder);
    refused_leaving(folder, arguments, words);
    assert_eq!(names_in(folder), before, "{arguments:?}");
}

/// What was begun may stay: it has no manifest, so that nobody takes it for a backup.
fn refused_leaving(folder: &Path, arguments: &[&str], words: &[&str]) {
    let done = run(folder, arguments);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success(), "{arguments:?} went well: {}", String::from_utf8_lossy(&done.stdout));
    for word in words {
        assert!(said.contains(word), "{arguments:?}: expected {word:?} in {said}");
    }
}

/// Done to one of the databases behind the program's back.
async fn done_to(file: &Path, statement: &'static str) {
    let mut database = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::query(statement).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

#[test]
fn nothing_is_written_over() {
    let (folder, backup) = ground();
    let folder = folder.path();
    refused(folder, &["backup", "--to", path(&backup)], &["backup: expected no such folder or an empty one", "found"]);
    refused(folder, &["restore", "--from", path(&backup)], &["data: expected no such folder or an empty one"]);
    assert!(run(folder, &["restore", "--check", "--from", path(&backup)]).status.success());
}

/// However it is written; beside it, not in it, the trial takes place.
#[test]
fn a_data_directory_may_end_with_a_slash() {
    let (folder, backup) = ground();
    let folder = folder.path();
    let mut arguments = vec!["restore", "--from", path(&backup), "--data-directory", "fresh/"];
    let done = run(folder, &arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(names_in(&folder.join("fresh")), ["journal.db", "journal.head", "site.key", "usher.db"]);
    arguments[4] = "other/";
    arguments.push("--check");
    let done = run(folder, &arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(names_in(folder), ["backup", "data", "fresh", "rules"]);
}

/// Without it the hashes of those who are not to be contacted are worth nothing.
#[test]
fn the_key_of_the_site_is_in_it() {
    let (folder, backup) = ground();
    let kept = std::fs::read(folder.path().join("data/site.key")).unwrap();
    std::fs::rename(folder.path().join("data"), folder.path().join("original")).unwrap();
    assert!(run(folder.path(), &["restore", "--from", path(&backup)]).status.success());
    let file = folder.path().join("data/site.key");
    assert_eq!(std::fs::read(&file).unwrap(), kept);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "for its owner's eyes");
}

#[test]
fn a_folder_that_is_no_backup_is_refused() {
    let (folder, backup) = ground();
    let folder = folder.path();
    refused(folder, &["restore", "--check", "--from", "nowhere"], &["nowhere: expected a folder that", "backup.json"]);
    let manifest = backup.join("backup.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let places = [
        (text.replace("\"format\": 1", "\"format\": 2"), "format: expected 1, found 2"),
        (text.replace("usher.db", "../usher.db"), "files: expected journal.db, journal.head, usher.db"),
        (text.replace("\"site\"", "\"place\""), "unknown field `place`"),
        (text[..text.len() / 2].to_owned(), "EOF"),
    ];
    for (changed, word) in places {
        std::fs::write(&manifest, changed).unwrap();
        refused(folder, &["restore", "--check", "--from", path(&backup)], &[word]);
    }
}

/// A byte anywhere in any file of it.
#[test]
fn a_changed_file_is_named() {
    let (folder, backup) = ground();
    for file in ["journal.db", "journal.head", "usher.db", "site.key"] {
        let file = backup.join(file);
        let whole = std::fs::read(&file).unwrap();
        for place in [0, whole.len() / 2, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[place] ^= 0x40;
            std::fs::write(&file, changed).unwrap();
            refused(folder.path(), &["restore", "--check", "--from", path(&backup)], &[path(&file), "SHA-256"]);
        }
        std::fs::write(&file, &whole[..whole.len() - 1]).unwrap();
        refused(folder.path(), &["restore", "--check", "--from", path(&backup)], &[path(&file), "bytes"]);
        std::fs::remove_file(&file).unwrap();
        refused(folder.path(), &["restore", "--check", "--from", path(&backup)], &[path(&file), "No such file"]);
        std::fs::write(&file, &whole).unwrap();
    }
    assert!(run(folder.path(), &["restore", "--check", "--from", path(&backup)]).status.success());
}

/// The sums fit, what they are of does not.
#[tokio::test]
async fn a_backup_of_a_later_version_is_refused() {
    let (folder, _) = ground();
    let later = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                 values (9999, 'later', true, x'00', 0)";
    done_to(&folder.path().join("data/usher.db"), later).await;
    refused_leaving(folder.path(), &["backup", "--to", "later"], &["records", "9999"]);
    refused(folder.path(), &["restore", "--check", "--from", "later"], &["later: expected a folder that"]);
}

/// No sum is trusted alone: a journal that is damaged where it lies makes no backup.
#[tokio::test]
async fn a_damaged_journal_is_not_backed_up() {
    let (folder, _) = ground();
    let file = folder.path().join("data/journal.db");
    done_to(&file, "pragma wal_checkpoint(truncate)").await;
    let mut bytes = std::fs::read(&file).unwrap();
    let text = b"\"fact\":";
    let place = bytes.windows(text.len()).position(|window| window == text).expect("an event is there");
    bytes[place + text.len() + 3] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    refused_leaving(folder.path(), &["backup", "--to", "damaged"], &["the journal", "damaged at event"]);
    refused(folder.path(), &["restore", "--check", "--from", "damaged"], &["damaged: expected a folder that"]);
}

/// As SQLite leaves it that has dropped a broken tail in silence; the head knows of it.
#[tokio::test]
async fn a_journal_that_has_lost_its_end_is_not_backed_up() {
    let (folder, _) = ground();
    // All of it: the very last row may have been written and not yet noted when the server was killed.
    done_to(&folder.path().join("data/journal.db"), "delete from journal_batch").await;
    refused_leaving(folder.path(), &["backup", "--to", "short"], &["the journal", "journal.head knows of event"]);
}

/// A start refuses it too: nothing says any more how far it went.
#[test]
fn a_journal_whose_head_is_gone_or_damaged_is_not_backed_up() {
    let (folder, _) = ground();
    let head = folder.path().join("data/journal.head");
    std::fs::write(&head, b"damaged").unwrap();
    refused_leaving(folder.path(), &["backup", "--to", "one"], &["journal.head beside event", "is damaged"]);
    std::fs::remove_file(&head).unwrap();
    refused_leaving(folder.path(), &["backup", "--to", "two"], &["journal.head beside event", "is missing"]);
}

#[test]
fn a_site_without_data_or_with_postgresql_is_told_so() {
    let folder = temp_dir();
    refused(folder.path(), &["backup", "--to", "copy"], &["journal.db", "could not be used"]);
    let postgres = ["--database", "postgres://nobody@127.0.0.1:1/usher"];
    for (command, tool) in [(["backup", "--to", "copy"], "pg_dump"), (["restore", "--from", "copy"], "pg_restore")] {
        let arguments: Vec<&str> = command.into_iter().chain(postgres).collect();
        refused(folder.path(), &arguments, &["expected \"sqlite\"", tool]);
    }
}
