//! `usher rules check`: says what is wrong with a folder of rules and its packs of jurisdictions, and plays the rules'
//! own tests. Changes nothing.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};

use crate::routing::router::ContactRouter;
use crate::rule_files::{load_folder, load_packs};
use crate::simulator::scenario;

/// Where a folder's tests stand.
const TESTS_FOLDER: &str = "tests";

#[derive(Debug, Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Read the folder whole with its jurisdictions/, show every error with its place, and play the scenarios of its tests/
    Check {
        #[arg(default_value = "routing-rules")]
        folder: PathBuf,
    },
}

/// # Errors
/// When `out` cannot be written, or a test cannot be read.
pub fn run(args: &RulesArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let RulesCommand::Check { folder } = &args.command;
    match load_folder(folder).and_then(|loaded| Ok((loaded, load_packs(folder)?))) {
        Ok((loaded, packs)) => {
            if !loaded.warnings.is_empty() {
                writeln!(out, "{}", loaded.warnings)?;
            }
            let rules = &loaded.rules;
            let counts = (rules.entry.len(), rules.queues.len(), rules.agents.len());
            writeln!(out, "good: {} entry rules, {} queues, {} agents", counts.0, counts.1, counts.2)?;
            if !packs.is_empty() {
                writeln!(out, "good: jurisdictions, each with its own tests: {}", packs.len())?;
            }
            play_tests(folder, out)
        }
        Err(refused) => {
            writeln!(out, "{refused}")?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Each file is a scenario whose `rules` name the folder, from where the file stands.
fn play_tests(folder: &Path, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let tests = tests_of(folder)?;
    let mut failed = 0;
    for test in &tests {
        if let Err(error) = play(test) {
            failed += 1;
            writeln!(out, "{}: {error:#}", test.display())?;
        }
    }
    match (tests.len(), failed) {
        (0, _) => {}
        (count, 0) => writeln!(out, "good: tests of the rules: {count}")?,
        (count, _) => writeln!(out, "tests of the rules: {failed} of {count} failed")?,
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tests_of(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = folder.join(TESTS_FOLDER);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(&folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let entries = entries.with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut tests: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    tests.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    tests.sort();
    Ok(tests)
}

fn play(test: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(test).context("cannot be read")?;
    let beside = test.parent().expect("a file is in a folder");
    let rules = match scenario::rules_folder(&text)? {
        Some(folder) => Some(load_folder(&beside.join(folder))?.rules),
        None => None,
    };
    Ok(scenario::run::<ContactRouter>(&text, rules)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = "[[entry]]\nname = \"all\"\nqueue = \"general\"\n";
    const TEST: &str = "name = \"a call\"\nrules = \"..\"\n[[step]]\nat = \"0s\"\n\
                        command = { contact_arrived = { gateway = \"g\", ref = \"1\", channel = \"voice\" } }\n";

    /// What `check` says of a small folder with this test in it.
    fn checked(expect: &str) -> (String, bool) {
        checked_with(expect, &[])
    }

    fn checked_with(expect: &str, more: &[(&str, &str)]) -> (String, bool) {
        let folder = tempfile::tempdir().unwrap();
        for inner in ["queues", "jurisdictions", TESTS_FOLDER] {
            fs::create_dir(folder.path().join(inner)).unwrap();
        }
        for (path, text) in [
            ("entry.toml", ENTRY.to_owned()),
            ("agents.toml", "[agent.ana]\nphone = { endpoint = \"SIM/1\" }\n".to_owned()),
            ("queues/general.toml", "[queue.general]\n".to_owned()),
            ("tests/one.toml", format!("{TEST}{expect}\n")),
        ] {
            fs::write(folder.path().join(path), text).unwrap();
        }
        for (path, text) in more {
            fs::write(folder.path().join(path), text).unwrap();
        }
        let args = RulesArgs { command: RulesCommand::Check { folder: folder.path().to_owned() } };
        let mut out = Vec::new();
        let code = run(&args, &mut out).unwrap();
        (String::from_utf8(out).unwrap(), code == ExitCode::SUCCESS)
    }

    #[test]
    fn the_tests_of_a_folder_are_played() {
        let (said, good) = checked(r#"expect = ["gateway_attached", "contact_arrived", "contact_queued"]"#);
        assert!(good && said.ends_with("good: tests of the rules: 1\n"), "{said}");
        let (said, good) = checked(r#"expect = ["gateway_attached"]"#);
        assert!(!good && said.contains("one.toml: a call, line 3: expected"), "{said}");
        assert!(said.ends_with("tests of the rules: 1 of 1 failed\n"), "{said}");
        let (said, good) = checked("expcet = []");
        assert!(!good && said.contains("line 6: unknown field `expcet`"), "{said}");
    }

    #[test]
    fn packs_of_jurisdictions_are_held_to_their_tests() {
        let france = include_str!("../../routing-rules/jurisdictions/france.toml");
        let played = r#"expect = ["gateway_attached", "contact_arrived", "contact_queued"]"#;
        let (said, good) = checked_with(played, &[("jurisdictions/france.toml", france)]);
        assert!(good && said.contains("good: jurisdictions, each with its own tests: 1\n"), "{said}");
        let wrong = france.replacen("allowed = true", "allowed = false", 1);
        let (said, good) = checked_with(played, &[("jurisdictions/france.toml", &wrong)]);
        assert!(!good && said.contains("jurisdictions/france.toml:"), "{said}");
    }
}
