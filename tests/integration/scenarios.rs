//! Plays every scenario of `tests/scenarios/`, and the tests of the demo's rules, with the router, and
//! with the referee's model alone.

use std::path::{Path, PathBuf};

use usher::routing::router::ContactRouter;
use usher::routing::rule_set::RuleSet;
use usher::rule_files::load_folder;
use usher::simulator::referee::model::Model;
use usher::simulator::scenario::{ScenarioFailure, rules_folder, run};

type Play = fn(&str, Option<RuleSet>) -> Result<(), ScenarioFailure>;

#[test]
fn the_router_plays_every_scenario() {
    let files = scenarios("tests/scenarios");
    assert!(files.len() >= 30, "{} scenarios", files.len());
    play_all(&files, |_, text| {
        assert_eq!(rules_folder(text).unwrap(), None, "a scenario of the router carries its own rules");
        None
    });
}

#[test]
fn the_demos_rules_pass_their_own_tests() {
    let files = scenarios("routing-rules/tests");
    assert!(files.len() >= 15, "{} tests", files.len());
    play_all(&files, |file, text| {
        let folder = rules_folder(text).unwrap().expect("a test of the rules names their folder");
        Some(load_folder(&file.parent().unwrap().join(folder)).unwrap().rules)
    });
}

fn scenarios(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

fn play_all(files: &[PathBuf], rules: impl Fn(&Path, &str) -> Option<RuleSet>) {
    let mut failures = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        let rules = rules(file, &text);
        let file = file.file_name().unwrap().to_string_lossy().into_owned();
        for (who, play) in [("the model alone", run::<Model> as Play), ("the router", run::<ContactRouter> as Play)] {
            match std::panic::catch_unwind(|| play(&text, rules.clone())) {
                Ok(Ok(())) => {}
                Ok(Err(failure)) => failures.push(format!("{file}, {who}: {failure}")),
                Err(_panic) => failures.push(format!("{file}, {who}: panicked")),
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}
