//! Compares what a file names with the table and says what it refuses, with file and line. It never reads the disk.

use std::collections::BTreeSet;

use super::floors::{FLOORS, Floor, HOMES, IMPURE_STD, Ours, PURE_CRATES};
use super::named_paths::{NamedPath, flat_text, has_function_body, named_paths};

/// Switches on, for a pure folder and all below it, the bans of clippy.toml.
const PURE_ATTRIBUTE: &str = "#![deny(clippy::disallowed_methods, clippy::disallowed_types)]";

/// The packages that are pure, and what each one's lib.rs is called here, to be told from the server's.
pub const PURE_MAPS: &[(&str, &str)] = &[("core", "core.rs"), ("wire", "wire.rs")];

pub struct Checker {
    crates: BTreeSet<String>,
}

impl Checker {
    pub fn new(crates: BTreeSet<String>) -> Self {
        Self { crates }
    }

    /// What is wrong with this file, one sentence each. `file` is its path from its package's src/.
    pub fn refusals(&self, file: &str, source: &str) -> Vec<String> {
        let module = module_of(file);
        let Some(floor) = floor_named(entry_of(file)) else {
            return Vec::new();
        };
        let Ok(paths) = named_paths(source, &module) else {
            return vec![format!("{}: cannot be read as Rust", place_of(file))];
        };
        let mut refused = shape_refusals(file, source, floor);
        for path in &paths {
            let reasons = [
                self.arrow_refusal(floor, path),
                self.crate_refusal(floor, path),
                std_refusal(floor, path),
                home_refusal(file, path),
            ];
            let place = format!("{}:{}", place_of(file), path.line);
            let named = path.segments.join("::");
            refused.extend(reasons.into_iter().flatten().map(|reason| format!("{place}: `{named}`: {reason}")));
        }
        refused
    }

    fn arrow_refusal(&self, floor: &Floor, path: &NamedPath) -> Option<String> {
        let inside = from_root(path)?;
        let Ours::Some(allowed) = floor.ours else {
            return None;
        };
        let Some(target) = inside.first().filter(|name| *name != "*" && *name != "self") else {
            return Some("names the whole crate; name the one thing needed".to_owned());
        };
        if target == floor.name || is_handed_on(floor, path) {
            return None;
        }
        if floor_named(target).is_none() {
            return Some(format!("{target} is not in the table"));
        }
        if allowed.contains(&target.as_str()) {
            return None;
        }
        let contract = format!("{target}::Contract");
        if !allowed.contains(&contract.as_str()) {
            return Some(format!("{} may name {allowed:?} of ours", floor.name));
        }
        let of_contract = inside.get(1).is_some_and(|name| name.starts_with(char::is_uppercase));
        (!of_contract).then(|| {
            format!("{} may name only the types and traits of {}", floor.name, place_of(&format!("{target}/mod.rs")))
        })
    }

    fn crate_refusal(&self, floor: &Floor, path: &NamedPath) -> Option<String> {
        let name = path.segments.first()?;
        if !floor.is_pure() || !self.crates.contains(name) {
            return None;
        }
        let allowed = PURE_CRATES.iter().any(|known| {
            known.name == name
                && (known.folders.is_empty() || known.folders.contains(&floor.name))
                && (in_tests(path) || !known.tests_only)
        });
        (!allowed).then(|| format!("{} is pure, and {name} is not among its crates (PURE_CRATES)", floor.name))
    }
}

/// The map of the server hands the folders of the pure packages on, whole.
fn is_handed_on(floor: &Floor, path: &NamedPath) -> bool {
    floor.name == "lib" && path.segments.len() == 2 && path.segments[0].starts_with("usher_")
}

/// Where a file lies, from the repository's root.
pub fn place_of(file: &str) -> String {
    if let Some((package, _)) = PURE_MAPS.iter().find(|(_, map)| *map == file) {
        return format!("{package}/src/lib.rs");
    }
    let package = floor_named(entry_of(file)).map_or("", |floor| floor.package);
    format!("{package}src/{file}")
}

/// Entries of src/ that nobody put into the table.
pub fn entries_not_in_table<'a>(files: impl Iterator<Item = &'a String>) -> Vec<String> {
    let entries: BTreeSet<&str> = files.map(|file| entry_of(file)).collect();
    entries
        .into_iter()
        .filter(|entry| floor_named(entry).is_none())
        .map(|entry| format!("src/{entry} is not in the table: add it with the arrows it needs"))
        .collect()
}

/// Folders whose contract is missing: `x/mod.rs`, or below the first floor an `x.rs` beside `x/`.
pub fn folders_without_mod_rs<'a>(files: impl Iterator<Item = &'a String>) -> Vec<String> {
    let files: BTreeSet<&str> = files.map(String::as_str).collect();
    let folders: BTreeSet<&str> = files.iter().filter_map(|file| Some(file.rsplit_once('/')?.0)).collect();
    folders
        .into_iter()
        .filter(|folder| {
            let beside = folder.contains('/') && files.contains(format!("{folder}.rs").as_str());
            !beside && !files.contains(format!("{folder}/mod.rs").as_str())
        })
        .map(|folder| format!("{} has no mod.rs to hold its contract", place_of(folder)))
        .collect()
}

fn shape_refusals(file: &str, source: &str, floor: &Floor) -> Vec<String> {
    let flat = flat_text(source).expect("the paths of this source were read before");
    let place = place_of(file);
    let mut refused = Vec::new();
    if !source.starts_with("//! ") {
        refused.push(format!("{place}:1: the first line says what the module is for: `//! …`"));
    }
    // What starts a real PostgreSQL is written once, for the integration tests.
    let shares_support = file == "journal/tests.rs" && flat.matches("#[path=").count() == 1;
    if flat.contains("#[path=") && !shares_support {
        refused.push(format!("{place}: #[path] hides where a module belongs"));
    }
    if flat.contains("allow(clippy::disallowed_") && floor.is_pure() {
        refused.push(format!(
            "{place}: a pure folder keeps the bans of clippy.toml; an exception is `#[expect(…, reason = \"…\")]`"
        ));
    }
    let is_map = file == "lib.rs" || is_pure_map(file) || file.ends_with("mod.rs");
    if is_map && has_function_body(source).expect("read before") {
        refused.push(format!("{place}: holds a contract and no logic; move the function's body to a file beside it"));
    }
    let wanted: String = PURE_ATTRIBUTE.split_whitespace().collect();
    if floor.is_pure() && file == format!("{}/mod.rs", floor.name) && !flat.contains(&wanted) {
        refused.push(format!("{place}: a pure folder begins with {PURE_ATTRIBUTE}"));
    }
    refused
}

fn std_refusal(floor: &Floor, path: &NamedPath) -> Option<String> {
    let banned = IMPURE_STD.iter().find(|banned| begins_with(path, banned))?;
    (floor.is_pure() && !in_tests(path)).then(|| format!("{} is pure, without {}", floor.name, banned.join("::")))
}

fn in_tests(path: &NamedPath) -> bool {
    path.within.iter().any(|module| module == "tests")
}

fn home_refusal(file: &str, path: &NamedPath) -> Option<String> {
    let home = HOMES.iter().find(|home| begins_with(path, home.name))?;
    let bare = file.trim_end_matches(".rs");
    let at_home = home.only.iter().any(|place| bare == *place || bare.starts_with(&format!("{place}/")));
    (!at_home).then(|| format!("belongs in {:?} only: {}", home.only, home.why))
}

fn begins_with(path: &NamedPath, beginning: &[&str]) -> bool {
    path.segments.len() >= beginning.len() && path.segments.iter().zip(beginning).all(|(named, wanted)| named == wanted)
}

/// The path from the root of our crate, or nothing when it does not lead there.
fn from_root(path: &NamedPath) -> Option<&[String]> {
    let mut segments = path.segments.as_slice();
    if matches!(segments.first().map(String::as_str), Some("crate" | "usher" | "usher_core")) {
        return Some(&segments[1..]);
    }
    if segments.first().is_some_and(|name| name == "self") {
        segments = &segments[1..];
    }
    let up = segments.iter().take_while(|name| *name == "super").count();
    (up > 0 && up == path.within.len()).then(|| &segments[up..])
}

/// `routing/agent.rs` → routing::agent; `routing/mod.rs` → routing; lib.rs and main.rs are the root.
fn module_of(file: &str) -> Vec<String> {
    let bare = file.trim_end_matches(".rs");
    let bare = bare.strip_suffix("/mod").unwrap_or(bare);
    if bare == "lib" || bare == "main" || is_pure_map(file) {
        return Vec::new();
    }
    bare.split('/').map(str::to_owned).collect()
}

fn is_pure_map(file: &str) -> bool {
    PURE_MAPS.iter().any(|(_, map)| *map == file)
}

fn entry_of(file: &str) -> &str {
    let first = file.split('/').next().expect("split gives one part at least");
    first.trim_end_matches(".rs")
}

fn floor_named(name: &str) -> Option<&'static Floor> {
    FLOORS.iter().find(|floor| floor.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(file: &str, code: &str) -> Vec<String> {
        let crates = ["serde", "tokio", "sqlx", "cel", "proptest", "dashmap", "jiff"];
        let checker = Checker::new(crates.iter().map(|&name| name.to_owned()).collect());
        checker.refusals(file, &format!("//! A made-up module.\n{code}"))
    }

    fn refused(file: &str, code: &str, because: &str) {
        let found = refusals(file, code);
        assert_eq!(found.len(), 1, "src/{file} with `{code}`: {found:?}");
        assert!(found[0].contains(because), "`{}` lacks `{because}`", found[0]);
    }

    fn allowed(file: &str, code: &str) {
        assert_eq!(refusals(file, code), [""; 0], "src/{file} with `{code}`");
    }

    #[test]
    fn arrows_of_the_table_are_allowed() {
        allowed("rules/check.rs", "use crate::routing::RuleSet;");
        allowed("routing/agent.rs", "use crate::routing::ids::AgentId; use super::contact::Contact;");
        allowed("main_loop.rs", "use crate::{journal::Journal, routing::{Event, Fact}};");
        allowed("server.rs", "use crate::{sessions, journal::sqlite::Sqlite};");
        allowed("routing/outbound/pacing.rs", "use super::super::agent::Agent;");
    }

    #[test]
    fn arrows_against_the_table_are_refused_however_they_are_written() {
        let because = "may name";
        for code in [
            "use crate::journal::Journal;",
            "use crate::{routing::Event, journal::{self}};",
            "fn f() { crate::journal::open() }",
            "fn f() { assert!(crate::journal::is_open()) }",
            "use super::super::journal::Journal;",
            "use self::super::super::journal::Journal;",
            "mod tests { use super::super::super::journal::Journal; }",
            "mod tests { fn f() { crate::journal::open() } }",
            "pub use crate::journal as store;",
            "fn f(x: Vec<usher::journal::Batch>) {}",
        ] {
            refused("reporting/board.rs", code, because);
        }
        refused("demo/agent.rs", "use crate::routing::Event;", because);
        refused("main.rs", "use usher::server;", because);
        refused("lib.rs", "pub mod server; pub use crate::routing::Event;", because);
        refused("lib.rs", "pub use usher_core::routing::Event;", because);
        refused("core.rs", "pub mod routing; pub use crate::routing::Event;", because);
        refused("journal/mod.rs", "pub use usher_core::customers;", because);
        allowed("lib.rs", "pub use usher_core::{customers, routing};");
    }

    #[test]
    fn a_line_is_named() {
        let found = refusals("reporting/board.rs", "\nuse crate::journal::Journal;");
        assert!(found[0].starts_with("core/src/reporting/board.rs:3: "), "{found:?}");
    }

    #[test]
    fn the_whole_crate_cannot_be_named() {
        for code in ["use crate::*;", "use crate::{self as root};", "use super::super::*;", "use crate as root;"] {
            refused("routing/agent.rs", code, "the whole crate");
        }
    }

    #[test]
    fn what_is_not_in_the_table_cannot_be_named() {
        refused("records/leads.rs", "use crate::helpers::x;", "not in the table");
        let files = ["routing/mod.rs", "helpers.rs", "lib.rs"].map(str::to_owned);
        let found = entries_not_in_table(files.iter());
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("src/helpers "), "{found:?}");
    }

    #[test]
    fn of_a_contract_only_types_and_traits() {
        allowed("records/follow.rs", "use crate::journal::{Journal, Batch};");
        let because = "only the types and traits";
        refused("records/follow.rs", "use crate::journal::sqlite::Sqlite;", because);
        refused("records/follow.rs", "use crate::journal;", because);
        refused("records/follow.rs", "use crate::journal::*;", because);
    }

    #[test]
    fn pure_folders_have_a_list_of_crates() {
        allowed("routing/agent.rs", "use serde::Serialize;");
        allowed("sessions/outbox.rs", "use tokio::sync::mpsc;");
        refused("routing/agent.rs", "use tokio::sync::mpsc;", "is pure");
        refused("routing/agent.rs", "#[tokio::test] async fn f() {}", "is pure");
        refused("simulator/people.rs", "use ::tokio;", "is pure");
        allowed("routing/agent.rs", "#[cfg(test)] mod tests { use proptest::prelude::*; }");
        refused("routing/agent.rs", "use proptest::prelude::*;", "is pure");
    }

    #[test]
    fn pure_folders_keep_clock_and_io_out() {
        for code in [
            "use std::{collections::BTreeMap, net::IpAddr};",
            "fn f() { std::fs::read(x) }",
            "use std::{thread, fmt};",
            "use std::env;",
        ] {
            refused("routing/agent.rs", code, "is pure, without std::");
        }
        allowed("routing/agent.rs", "use std::{collections::BTreeMap, time::Duration};");
        allowed("protocol/tests/generated.rs", "use std::fs;");
        allowed("http/files.rs", "use std::fs;");
    }

    #[test]
    fn some_names_have_one_home() {
        allowed("routing/expression.rs", "use cel::Program;");
        refused("routing/rule_set.rs", "use cel::Program;", "belongs in");
        refused("sessions/outbox.rs", "use sqlx::query;", "belongs in");
        allowed("records/leads.rs", "fn f() { sqlx::query(x) }");
        refused("gateways/simulated.rs", "use dashmap::DashMap;", "belongs in");
        refused("sessions/outbox.rs", "fn f() { std::time::SystemTime::now() }", "belongs in");
        allowed("clock.rs", "use std::time::SystemTime;");
    }

    #[test]
    fn mod_rs_holds_a_contract_and_no_logic() {
        allowed("journal/mod.rs", "pub trait Journal { fn append(&self); }");
        refused("journal/mod.rs", "pub fn open() { }", "no logic");
        refused("lib.rs", "pub mod routing; fn f() {}", "no logic");
        allowed("journal/sqlite.rs", "pub fn open() { }");
        let files = ["journal.rs", "journal/sqlite.rs", "routing/mod.rs", "routing/a.rs", "routing/a/b.rs"];
        let found = folders_without_mod_rs(files.map(str::to_owned).iter());
        assert_eq!(found, ["src/journal has no mod.rs to hold its contract"]);
    }

    #[test]
    fn a_pure_mod_rs_switches_the_bans_on() {
        allowed("routing/mod.rs", PURE_ATTRIBUTE);
        allowed("routing/outbound/mod.rs", "pub mod pacing;");
        refused("routing/mod.rs", "pub mod agent;", "begins with");
        refused("routing/mod.rs", "//! #![deny(clippy::disallowed_methods, clippy::disallowed_types)]", "begins with");
        refused("routing/agent.rs", "#[allow(clippy::disallowed_types)] fn f() {}", "keeps the bans");
    }

    #[test]
    fn every_module_says_what_it_is_for() {
        let checker = Checker::new(BTreeSet::new());
        assert_eq!(checker.refusals("clock.rs", "use std::time::SystemTime;").len(), 1);
        assert_eq!(checker.refusals("clock.rs", "//! The clock.").len(), 0);
    }

    #[test]
    fn a_file_that_is_not_rust_is_refused() {
        refused("routing/agent.rs", "fn f( {", "cannot be read");
        refused("routing/agent.rs", "#[path = \"x.rs\"] mod agent;", "#[path]");
    }
}
