//! Whole files: limits, what is no rule file, how errors are told, and random damage.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::{QUEUES, check, check_queue, demo, file, refused, told, with};
use crate::rules::report::PROBLEMS_MAX;
use crate::rules::{FILE_BYTES_MAX, RuleFile, load};

#[test]
fn limits_are_named() {
    let entry: String =
        (0..1_001).map(|n| format!("[[entry]]\nname = \"{n}\"\nqueue = \"general\"\nwhen = 'true'\n")).collect();
    let errors = refused(&with(&[("entry.toml", &entry)]));
    assert!(errors.to_string().contains("entry has 1001 rules"), "{errors}");
    let queues: String = (0..1_001).map(|n| format!("[queue.q{n}]\n")).collect();
    let errors = refused(&with(&[("queues/general.toml", &(queues + QUEUES))]));
    assert!(errors.to_string().contains("1002 queues"), "{errors}");
    let agents: String = (0..20_001).map(|n| format!("[agent.a{n}]\n")).collect();
    check("agents.toml", &agents, &["1:2 20001 agents | at most 20000"]);
    let skills: Vec<String> = (0..17).map(|n| format!("s{n} = 1")).collect();
    check_queue(&format!("skills = {{ {} }}", skills.join(", ")), &["2:10 skills names 17 skills | at most 16"]);
    check("site.toml", &" ".repeat(FILE_BYTES_MAX + 1), &["1:1 4194305 bytes | at most 4194304"]);
}

#[test]
fn files_that_are_no_rule_files_are_refused() {
    check(
        "agent.toml",
        "",
        &[
            "1:1 agent.toml is no rule file | agents.toml? Rule files are entry.toml, agents.toml, site.toml, calendars.toml and queues/*.toml",
        ],
    );
    let errors = refused(&[file("queues/general.toml", QUEUES)]);
    assert_eq!(told(errors.problems()), ["1:1 entry.toml is missing | a file that says which queue a contact enters"]);
    let mut twice = with(&[]);
    twice.push(file("agents.toml", ""));
    assert_eq!(told(refused(&twice).problems()), ["1:1 the file is given twice | each file once"]);
}

#[test]
fn errors_of_all_files_are_told_together_with_marks() {
    let errors = refused(&with(&[
        ("entry.toml", "[[entry]]\nname = \"é\"\nwhen = 'contact.chanel == \"voice\"'\nqueue = \"general\"\n"),
        ("queues/general.toml", "[queue.general]\nskills = { billing = 11 }\non_change = true\n"),
        (
            "agents.toml",
            "[agent.ana]\nphone = { endpoint = \"SIM/1\" }\n[agent.ben]\nphone = { endpoint = \"SIM/1\" }\n",
        ),
    ]));
    let expected = include_str!("report.txt");
    assert_eq!(errors.to_string(), expected, "\n<<<\n{errors}>>>");
    let json = serde_json::to_value(&errors).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 5);
    assert_eq!(
        json[0],
        json!({"file": "agents.toml", "line": 4, "column": 22, "message": "endpoint SIM/1 is also agent ana's",
               "expected": "an endpoint of his own for each agent"})
    );
}

#[test]
fn a_file_of_nonsense_is_told_in_bounds() {
    let text: String = (0..200_000).map(|n| format!("k{n}=1\n")).collect();
    let errors = refused(&with(&[("site.toml", &text)]));
    assert_eq!(errors.problems().len(), PROBLEMS_MAX);
    assert_eq!(errors.problems().len() + errors.left_out(), 10_000);
}

#[test]
fn toml_errors_are_told_with_their_place() {
    check("queues/general.toml", "[queue.general\ntier = 1\n", &["1:15 unclosed table | `]`"]);
    check("agents.toml", "[agent.ana]\n[agent.ana]\n", &["2:8 duplicate key | valid TOML"]);
}

/// Random damage to real files: it loads, or is refused with a place inside the file; it never panics.
#[test]
fn damaged_files_load_or_are_refused_with_a_place() {
    const ROUNDS: u64 = 2_000;
    let originals = demo();
    let mut refused_count = 0;
    for seed in 0..ROUNDS {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut files = originals.clone();
        let at = random.random_range(0..files.len());
        files[at].text = damaged(&files[at].text, &originals, &mut random);
        let Err(errors) = load(&files) else { continue };
        refused_count += 1;
        assert!(!errors.problems().is_empty(), "seed {seed}");
        for problem in errors.problems() {
            let text = files.iter().find(|file| file.path == *problem.file).map_or("", |file| &file.text);
            let line = text.split('\n').nth(problem.line - 1);
            let inside = line.is_some_and(|line| problem.column <= line.chars().count() + 1);
            assert!(inside && problem.span.end <= text.len(), "seed {seed}: {problem:?}");
        }
        assert!(!errors.to_string().is_empty(), "seed {seed}");
    }
    assert!(refused_count > ROUNDS / 3, "only {refused_count} of {ROUNDS} did damage");
}

fn damaged(text: &str, others: &[RuleFile], random: &mut impl Rng) -> String {
    const PIECES: [&str; 30] = [
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "'''",
        "=",
        ".",
        ",",
        "\n",
        "#",
        "\\",
        "é",
        "\u{0}",
        "-1",
        "1e999",
        "true",
        "[[entry]]",
        "[[queue.gold.step]]\n",
        "[queue.night.exit]\n",
        "09:00-12:30",
        "[moved]\n",
        "key_1 = { action = \"announce\" }\n",
        "mailbox = \"x\"",
        "[queue.x]",
        "when = ",
        "(((",
        "&&",
        "0x",
    ];
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..random.random_range(1..4) {
        let at = random.random_range(0..=characters.len());
        let end = (at + random.random_range(0..12)).min(characters.len());
        match random.random_range(0..6) {
            0 => drop(characters.drain(at..end)),
            1 => {
                let piece = PIECES.choose(random).expect("there are pieces");
                drop(characters.splice(at..end, piece.chars()));
            }
            2 => characters.truncate(at),
            3 => {
                let copy: Vec<char> = characters[at..end].to_vec();
                drop(characters.splice(at..at, copy));
            }
            4 => {
                let other: Vec<char> = others.choose(random).expect("there are files").text.chars().collect();
                let from = random.random_range(0..other.len());
                let to = (from + random.random_range(0..60)).min(other.len());
                drop(characters.splice(at..at, other[from..to].iter().copied()));
            }
            _ => characters[at..end].reverse(),
        }
    }
    characters.into_iter().collect()
}
