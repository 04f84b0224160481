//! What is generated from the types is committed and up to date.
#![expect(clippy::disallowed_methods, reason = "compares the files in the repository, and writes them when asked")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::generate::SCHEMA_FOLDER;
use super::super::{CloseCode, ErrorKind, generated_files, methods};

const REWRITE: &str = "USHER_WRITE_GENERATED=1 cargo test --package usher-wire";

/// The repository's.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository")
}

fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { BTreeSet::from([path]) }).collect()
}

#[test]
fn what_is_generated_is_up_to_date() {
    let files = generated_files();
    let wanted: BTreeSet<PathBuf> = files.iter().map(|file| root().join(&file.path)).collect();
    let left_over = files_below(&root().join(SCHEMA_FOLDER)).into_iter().filter(|path| !wanted.contains(path));
    if std::env::var_os("USHER_WRITE_GENERATED").is_some() {
        left_over.for_each(|path| fs::remove_file(path).unwrap());
        for file in &files {
            let path = root().join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
        return;
    }
    let left_over: Vec<PathBuf> = left_over.collect();
    assert!(left_over.is_empty(), "no message has these schemas: {left_over:?}; run `{REWRITE}`");
    for file in &files {
        let committed = fs::read_to_string(root().join(&file.path)).unwrap_or_default();
        assert!(committed == file.text, "{} is not up to date: run `{REWRITE}`", file.path);
    }
}

#[test]
fn it_comes_out_the_same_every_time() {
    assert_eq!(generated_files(), generated_files());
}

#[test]
fn a_name_is_unique_for_role_and_direction() {
    let mut seen = BTreeSet::new();
    for method in methods::all() {
        for role in method.roles {
            let is_new = seen.insert((role, method.way.is_from_client(), method.name));
            assert!(is_new, "{role:?} {}", method.name);
        }
    }
}

#[test]
fn close_codes_rise_and_are_documented() {
    let numbers: Vec<u16> = CloseCode::ALL.map(CloseCode::number).to_vec();
    assert!(numbers.is_sorted_by(|a, b| a < b));
    let files = generated_files();
    let asyncapi = &files.iter().find(|file| file.path.ends_with("asyncapi.json")).unwrap().text;
    for number in numbers {
        assert!(asyncapi.contains(&format!("| {number} |")), "{number}");
    }
}

#[test]
fn references_of_the_asyncapi_document_lead_somewhere() {
    let files = generated_files();
    let text = &files.iter().find(|file| file.path.ends_with("asyncapi.json")).unwrap().text;
    let document: serde_json::Value = serde_json::from_str(text).unwrap();
    let mut count = 0;
    for reference in text.lines().filter_map(|line| line.trim().strip_prefix("\"$ref\": \"#")) {
        let pointer = reference.trim_end_matches(',').trim_end_matches('"');
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        count += 1;
    }
    assert!(count > 100, "{count} references");
}

#[test]
fn errors_fit_their_schema() {
    let files = generated_files();
    let text = &files.iter().find(|file| file.path.ends_with("schemas/error.json")).unwrap().text;
    let validator = jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap();
    for kind in
        [ErrorKind::invalid_field("offer", "a text"), ErrorKind::TooLate, ErrorKind::RateLimited { retry_after_ms: 50 }]
    {
        let answer: serde_json::Value = serde_json::from_str(&super::super::error_text(None, &kind)).unwrap();
        assert!(validator.is_valid(&answer["error"]), "{answer}");
    }
    let unknown = serde_json::json!({"code": -32000, "message": "", "data": {"kind": "sad"}});
    assert!(!validator.is_valid(&unknown));
}
