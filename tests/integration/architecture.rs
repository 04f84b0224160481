//! Holds the borders between the folders of src/, core/src/ and wire/src/: reads every source file and refuses an arrow that the table
//! in `floors` does not have. It never looks at what the code does.

mod checks;
mod floors;
mod named_paths;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::support::surroundings::repository_root;
use checks::{Checker, PURE_MAPS, entries_not_in_table, folders_without_mod_rs, place_of};
use floors::{FLOORS, Ours};

/// Every Rust file of the packages, by its path from its src/, with `/` between the parts.
fn sources() -> BTreeMap<String, String> {
    fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("src can be listed") {
            let entry = entry.expect("src can be listed");
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{path}/"), found);
            } else if path.ends_with(".rs") {
                let text = fs::read_to_string(entry.path()).expect("a source file is UTF-8");
                found.insert(path, text);
            }
        }
    }
    let mut found = BTreeMap::new();
    for (package, map) in PURE_MAPS {
        collect(&repository_root().join(package).join("src"), "", &mut found);
        let text = found.remove("lib.rs").expect("a package has a map");
        found.insert((*map).to_owned(), text);
    }
    collect(&repository_root().join("src"), "", &mut found);
    found
}

/// The crates that the packages bring, spelt as code spells them.
fn crates() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for manifest in ["Cargo.toml", "core/Cargo.toml", "wire/Cargo.toml"] {
        let text = fs::read_to_string(repository_root().join(manifest)).expect("the manifest exists");
        let manifest: toml::Table = text.parse().expect("a manifest is TOML");
        let sections = ["dependencies", "dev-dependencies"];
        let tables = sections.iter().filter_map(|section| manifest.get(*section)?.as_table());
        // Our own are told by the table of the house.
        let names = tables.flat_map(|table| table.keys().map(|name| name.replace('-', "_")));
        found.extend(names.filter(|name| !name.starts_with("usher_")));
    }
    found
}

fn refuse(problems: Vec<String>) {
    assert!(
        problems.is_empty(),
        "the borders of the house are broken; tests/integration/architecture/floors.rs has the table:\n{}",
        problems.join("\n")
    );
}

#[test]
fn every_source_file_keeps_the_borders() {
    let sources = sources();
    assert!(sources.contains_key("lib.rs"), "src/lib.rs was not read");
    let checker = Checker::new(crates());
    refuse(sources.iter().flat_map(|(file, text)| checker.refusals(file, text)).collect());
}

#[test]
fn every_folder_lies_in_its_package() {
    let root = repository_root();
    let elsewhere = sources().into_keys().map(|file| place_of(&file)).filter(|place| !root.join(place).exists());
    refuse(elsewhere.map(|place| format!("{place} is in the other package")).collect());
}

#[test]
fn every_entry_of_src_is_in_the_table() {
    refuse(entries_not_in_table(sources().keys()));
}

#[test]
fn every_folder_has_its_contract() {
    refuse(folders_without_mod_rs(sources().keys()));
}

#[test]
fn the_table_names_itself_only_and_has_no_circle() {
    fn visit<'a>(name: &'a str, trail: &mut Vec<&'a str>) {
        assert!(!trail.contains(&name), "a circle: {trail:?} -> {name}");
        trail.push(name);
        let floor = FLOORS
            .iter()
            .find(|floor| floor.name == name)
            .unwrap_or_else(|| panic!("{trail:?} names {name}, which is not in the table"));
        if let Ours::Some(arrows) = floor.ours {
            for arrow in arrows {
                visit(arrow.trim_end_matches("::Contract"), trail);
            }
        }
        trail.pop();
    }
    for floor in FLOORS {
        visit(floor.name, &mut Vec::new());
    }
}
