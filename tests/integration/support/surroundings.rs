//! Where the tests run and what they find there. What is missing is said aloud, and in CI it is a failure.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub fn repository_root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A TCP port on 127.0.0.1 that nobody listens on at this moment.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// A folder that is removed when the value is dropped.
pub fn temp_dir() -> TempDir {
    tempfile::Builder::new().prefix("usher-test-").tempdir().expect("a temporary folder can be made")
}

/// Says why a test does not run, past the test runner's capture; the test returns after it.
///
/// # Panics
/// With `CI=true`: there, every test runs.
pub fn skip(reason: &str) {
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!in_ci, "{reason} (CI=true: a skipped test is a failure)");
    say_skipped(reason);
}

fn say_skipped(reason: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    // Unlike eprintln!, a direct write is not captured.
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {reason}");
}

/// The same of tests that only some machines can run: what they need takes root and a network. CI goes on, too.
pub fn skip_without(reason: &str) {
    say_skipped(reason);
}

/// The Python of the tests, with the packages of tests/python/requirements.txt; skips aloud when it is not there.
pub fn python() -> Option<PathBuf> {
    or_skip(
        repository_root().join("target/python/bin/python"),
        "scripts/setup-tests.sh has not made the Python environment",
    )
}

/// A file of recorded calls beside the repository; skips aloud when it is not there.
pub fn shared_data(file: &str) -> Option<PathBuf> {
    let path = repository_root().join("../shared/data").join(file);
    let reason = format!("../shared/data/{file} is not there");
    or_skip(path, &reason)
}

fn or_skip(path: PathBuf, reason: &str) -> Option<PathBuf> {
    if Path::exists(&path) {
        return Some(path);
    }
    skip(reason);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_port_can_be_bound() {
        TcpListener::bind(("127.0.0.1", free_port())).unwrap();
    }

    #[test]
    fn a_folder_vanishes() {
        let folder = temp_dir();
        let path = folder.path().to_owned();
        assert!(path.is_dir());
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn the_python_of_the_tests_has_its_packages() {
        let Some(python) = python() else { return };
        let status = std::process::Command::new(python).args(["-c", "import jsonschema, websockets"]).status().unwrap();
        assert!(status.success());
    }

    #[test]
    fn recorded_calls_are_found() {
        let Some(path) = shared_data("README.md") else {
            return;
        };
        assert!(path.is_file());
    }
}
