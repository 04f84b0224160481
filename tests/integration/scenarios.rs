//! Plays every scenario of `tests/scenarios/` with the router, and with the referee's model alone.

use usher::routing::router::ContactRouter;
use usher::routing::rule_set::RuleSet;
use usher::simulator::referee::model::Model;
use usher::simulator::scenario::{ScenarioFailure, rules_folder, run};

type Play = fn(&str, Option<RuleSet>) -> Result<(), ScenarioFailure>;

#[test]
fn the_router_plays_every_scenario() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() >= 30, "{} scenarios", files.len());
    let mut failures = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(rules_folder(&text).unwrap(), None, "a scenario of the router carries its own rules");
        let file = file.file_name().unwrap().to_string_lossy().into_owned();
        for (who, play) in [("the model alone", run::<Model> as Play), ("the router", run::<ContactRouter> as Play)] {
            match std::panic::catch_unwind(|| play(&text, None)) {
                Ok(Ok(())) => {}
                Ok(Err(failure)) => failures.push(format!("{file}, {who}: {failure}")),
                Err(_panic) => failures.push(format!("{file}, {who}: panicked")),
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}
