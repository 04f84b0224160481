//! `make demo` and `make test` share one build of every dependency: no crate has other features in the tests than
//! in the server, so what is tested is what runs. It builds nothing.

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::surroundings::repository_root;

/// Every crate with its features, as cargo would build it for these edges.
fn built(selection: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none"])
        .args(["--no-dedupe", "--format", "{p} [{f}]"])
        .args(selection)
        .current_dir(repository_root())
        .output()
        .expect("cargo runs: it runs this test");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let text = String::from_utf8(output.stdout).expect("cargo prints UTF-8");
    text.lines().map(str::to_owned).collect()
}

/// Built once for build scripts and macros, and once more for the tests: nothing in the server waits for the second.
const TESTS_ALONE: &[&str] = &["proc-macro2 ", "tempfile "];

#[test]
fn server_and_tests_build_each_dependency_once() {
    let server = built(&["--package", "usher", "--edges", "normal,build"]);
    let tests = built(&["--workspace", "--edges", "normal,build,dev"]);
    assert!(server.len() > 100, "only {} crates were read", server.len());
    let version = |line: &String| line.split(" [").next().map(str::to_owned);
    let in_server: BTreeSet<_> = server.iter().map(version).collect();
    let other: Vec<&String> = server
        .symmetric_difference(&tests)
        .filter(|line| in_server.contains(&version(line)))
        .filter(|line| !TESTS_ALONE.iter().any(|name| line.starts_with(name)))
        .collect();
    assert_eq!(
        other, [""; 0],
        "these are built with other features for the tests: name those features in Cargo.toml's [dependencies]"
    );
}
