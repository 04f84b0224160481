//! The whole of `rules/` through one `check`: files in, problems out. Here are the sets that the tests of each subject share.

mod calendars;
mod conditions;
mod demo;
mod exits;
mod files;
mod jurisdictions;
mod site;
mod steps;
mod values;
mod whole_set;

use super::{LoadedRules, RuleErrors, RuleFile, RuleProblem, load};
use crate::routing::ids::QueueId;

macro_rules! folder {
    ($folder:literal, $($path:literal),+ $(,)?) => {
        vec![$(file($path, include_str!(concat!("../../../", $folder, "/", $path)))),+]
    };
}

fn file(path: &str, text: &str) -> RuleFile {
    RuleFile { path: path.to_owned(), text: text.to_owned() }
}

fn demo() -> Vec<RuleFile> {
    folder!(
        "routing-rules",
        "entry.toml",
        "agents.toml",
        "site.toml",
        "calendars.toml",
        "queues/gold.toml",
        "queues/general.toml",
        "queues/billing.toml",
        "queues/stocks.toml",
        "queues/internet.toml",
        "queues/written.toml",
        "queues/night.toml",
        "queues/chinese.toml",
        "queues/overflow.toml",
        "queues/offers.toml",
    )
}

fn bank() -> Vec<RuleFile> {
    folder!(
        "routing-rules/examples/bank-1999",
        "entry.toml",
        "queues/regular.toml",
        "queues/english.toml",
        "queues/internet.toml",
        "queues/stocks.toml",
        "queues/new_customer.toml",
        "queues/call_back.toml",
        "calendars.toml",
    )
}

const ENTRY: &str = "[[entry]]\nname = \"all\"\nqueue = \"general\"\n";
const QUEUES: &str = "[queue.general]\n";
const AGENTS: &str = "[agent.ana]\nphone = { endpoint = \"SIM/1\" }\n";

fn queue(name: &str) -> QueueId {
    QueueId::new(name).unwrap()
}

/// A small valid set, with the files of `changed` in place of its own.
fn with(changed: &[(&str, &str)]) -> Vec<RuleFile> {
    let mut files = vec![file("entry.toml", ENTRY), file("queues/general.toml", QUEUES), file("agents.toml", AGENTS)];
    for (path, text) in changed {
        files.retain(|file| file.path != *path);
        files.push(file(path, text));
    }
    files
}

/// Each problem as `line:column message | expected`.
fn told(problems: &[RuleProblem]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| format!("{}:{} {} | {}", problem.line, problem.column, problem.message, problem.expected))
        .collect()
}

fn refused(files: &[RuleFile]) -> RuleErrors {
    load(files).expect_err("the files are wrong")
}

fn loaded(files: &[RuleFile]) -> LoadedRules {
    load(files).unwrap_or_else(|errors| panic!("{errors}"))
}

fn check(path: &str, text: &str, expected: &[&str]) {
    let errors = refused(&with(&[(path, text)]));
    assert_eq!(told(errors.problems()), expected, "{path}\n{text}\n{errors}");
    assert!(errors.problems().iter().all(|problem| &*problem.file == path), "{errors}");
}

fn check_queue(line: &str, expected: &[&str]) {
    check("queues/general.toml", &format!("[queue.general]\n{line}\n"), expected);
}

fn check_agent(line: &str, expected: &[&str]) {
    check("agents.toml", &format!("[agent.ana]\n{line}\n"), expected);
}

fn check_warnings(files: &[RuleFile], expected: &[&str]) {
    assert_eq!(told(loaded(files).warnings.problems()), expected);
}

const OPEN: &str = "[queue.general]\nhours = \"weekdays\"\n[queue.general.exit]\nclosed = { action = \"hang_up\" }\n";
const WEEKDAYS: &str = "[calendar.weekdays]\nzone = \"Europe/Paris\"\nhours = { mon-fri = [\"09:00-18:00\"] }\n";

/// general opens by the calendar weekdays.
fn with_calendars(calendars: &str) -> Vec<RuleFile> {
    with(&[("queues/general.toml", OPEN), ("calendars.toml", calendars)])
}

/// `lines` begin in line 5, in the exit table of billing, which is open by weekdays; night and
/// written (chats only) are there, too.
fn with_exits(lines: &str) -> Vec<RuleFile> {
    let billing =
        format!("[queue.billing]\nchannels = [\"voice\"]\nhours = \"weekdays\"\n[queue.billing.exit]\n{lines}\n");
    let mut files = with_calendars(WEEKDAYS);
    files.push(file("queues/billing.toml", &billing));
    files.push(file("queues/night.toml", "[queue.night]\n"));
    files.push(file("queues/written.toml", "[queue.written]\nchannels = [\"chat\"]\n"));
    files
}
