//! Keeps the pages true: every path and command that README.md, ARCHITECTURE.md and RELIABILITY.md name exists. It never
//! judges prose.

use std::fs;
use std::path::Path;

use crate::support::surroundings::repository_root;

const PAGES: &[&str] = &["README.md", "ARCHITECTURE.md", "RELIABILITY.md"];

/// Stands after a path that may not be there yet; the marks must go when nothing is left to come.
const TO_COME: &str = " (to come)";

/// Endings by which a name without a slash is taken for a file of the repository.
const FILE_ENDINGS: &[&str] = &[".md", ".rs", ".toml", ".sh", ".sql", ".json", ".ts", ".tsx", ".py"];

struct NamedFile {
    path: String,
    to_come: bool,
}

/// Paths in backticks and in links. Blocks of code are pictures and examples: they are left out.
fn named_files(page: &str) -> Vec<NamedFile> {
    let text: String = page.split("```").step_by(2).collect::<Vec<_>>().join("\n");
    let parts: Vec<&str> = text.split('`').collect();
    let in_backticks = parts.iter().enumerate().skip(1).step_by(2).map(|(at, span)| NamedFile {
        path: (*span).to_owned(),
        to_come: parts.get(at + 1).is_some_and(|after| after.starts_with(TO_COME)),
    });
    let in_links = text.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', '#']).next()?;
        (!target.is_empty() && !target.contains("://")).then(|| NamedFile { path: target.to_owned(), to_come: false })
    });
    in_backticks.filter(|file| looks_like_a_path(&file.path)).chain(in_links).collect()
}

fn looks_like_a_path(span: &str) -> bool {
    let plain = span.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
    let route = span.starts_with('/');
    let built = span.starts_with("target/");
    let file = FILE_ENDINGS.iter().any(|ending| span.ends_with(ending));
    plain && !route && !built && (span.contains('/') || file)
}

fn wrong_files(page: &str, root: &Path) -> Vec<String> {
    let files = named_files(page);
    let is_there = |file: &NamedFile| root.join(&file.path).exists();
    let all_came = files.iter().all(is_there) && files.iter().any(|file| file.to_come);
    let gone = files.iter().filter(|file| !file.to_come && !is_there(file));
    gone.map(|file| format!("`{}` does not exist", file.path))
        .chain(all_came.then(|| format!("all is there: take every \"{TO_COME}\" away")))
        .collect()
}

/// The words after `make`, in backticks or at the start of a line of an example.
fn named_commands(page: &str) -> Vec<String> {
    page.split(['`', '\n'])
        .filter_map(|span| span.trim().strip_prefix("make ")?.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

fn targets(makefile: &str) -> Vec<String> {
    makefile
        .lines()
        .filter(|line| !line.starts_with(['\t', '#', '.']) && !line.contains(":="))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(names, _)| names.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(repository_root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn architecture_names_every_scenario_once_and_no_other() {
    let root = repository_root();
    let page = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let list = page.split("## Which scenario shows which rule").nth(1).and_then(|rest| rest.split("\n## ").next());
    let rows = list.unwrap().lines().filter(|line| line.starts_with("| "));
    let mut named: Vec<&str> = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
    let files = fs::read_dir(root.join("tests/scenarios")).unwrap().map(|file| file.unwrap().file_name());
    let mut there: Vec<String> =
        files.filter_map(|name| name.to_str().unwrap().strip_suffix(".toml").map(str::to_owned)).collect();
    named.sort_unstable();
    there.sort_unstable();
    assert_eq!(named, there);
}

#[test]
fn every_path_that_a_page_names_exists() {
    for page in PAGES {
        let text = read(page);
        assert!(!named_files(&text).is_empty(), "{page} names no path, or none was found");
        assert_eq!(wrong_files(&text, &repository_root()), [""; 0], "in {page}");
    }
}

#[test]
fn every_command_that_a_page_names_is_in_the_makefile() {
    let targets = targets(&read("Makefile"));
    for page in PAGES {
        for command in named_commands(&read(page)) {
            assert!(targets.contains(&command), "{page} names `make {command}`, Makefile does not");
        }
    }
    let in_readme = named_commands(&read("README.md"));
    for command in ["demo", "test"] {
        assert!(in_readme.iter().any(|named| named == command), "README.md lacks make {command}");
    }
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    assert!(read(".ci/run").lines().any(|line| line.trim() == "make test"));
}

#[test]
fn a_page_that_rots_is_found() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), "").unwrap();
    let wrong = |page: &str| wrong_files(page, folder.path()).len();

    assert_eq!(wrong("see `src/lib.rs`, `src/`, `/ws`, `a b/c`, `Vec<u8>` and `target/debug/usher`"), 0);
    assert_eq!(wrong("```text\n`src/gone.rs`\n```\nand `src/gone.rs` and [here](src/gone.md#part)"), 2);
    assert_eq!(wrong("`gone.md` and `CHANGELOG.md`"), 2);
    assert_eq!(wrong("`src/soon.rs` (to come)"), 0);
    assert_eq!(wrong("`src/lib.rs` (to come), `src/soon.rs` (to come)"), 0);
    assert_eq!(wrong("`src/lib.rs` (to come)"), 1);
}

#[test]
fn commands_and_targets_are_read() {
    assert_eq!(named_commands("run `make demo`:\n\n    make test ARGS=x\n"), ["demo", "test"]);
    assert_eq!(targets("A := b\n.PHONY: x\ndemo: tools pages\n\tmake: y\npages tests:\n"), ["demo", "pages", "tests"]);
}
