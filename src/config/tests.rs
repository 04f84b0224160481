//! Settings from each source, and what is said when they are wrong.

mod switches;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, Command, FromArgMatches};

use super::keys::SETTINGS;
use super::*;
use crate::customers::redaction::Sight;

fn flags(given: &[&str]) -> ConfigFlags {
    let command = ConfigFlags::augment_args(Command::new("usher"));
    let matches = command.try_get_matches_from([&["usher"], given].concat()).unwrap();
    ConfigFlags::from_arg_matches(&matches).unwrap()
}

fn environment(given: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    given.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

/// The one problem of a file: key, message and expected.
fn refused(text: &str) -> (String, String, String) {
    let errors = Config::from_text("usher.toml", text).unwrap_err();
    assert_eq!(errors.problems().len(), 1, "{errors}");
    let problem = &errors.problems()[0];
    (problem.key.clone(), problem.message.clone(), problem.expected.clone())
}

#[test]
fn the_reference_is_the_defaults_and_every_key_once() {
    let reference = Config::reference();
    let read = Config::from_text("reference", &reference).unwrap();
    assert_eq!(read.to_text(), reference);
    let keys: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
    let variables: BTreeSet<String> = SETTINGS.iter().map(keys::Setting::variable).collect();
    assert_eq!((keys.len(), variables.len()), (SETTINGS.len(), SETTINGS.len()));
    for setting in SETTINGS {
        assert!(reference.contains(setting.about), "{}", setting.key);
    }
}

/// USHER_WRITE_GENERATED=1 writes it anew.
#[test]
fn the_example_at_the_root_is_generated_and_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("usher.example.toml");
    let reference = Config::reference();
    if std::env::var_os("USHER_WRITE_GENERATED").is_some() {
        std::fs::write(&path, &reference).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let again = "USHER_WRITE_GENERATED=1 cargo test --lib config";
    assert!(committed == reference, "usher.example.toml is not up to date: run `{again}`");
}

/// The lines of a value; an empty table is none.
fn leaves_of(shown: &str) -> Vec<&str> {
    let is_leaf = |line: &&str| line.contains(": ") && !line.trim_end().ends_with(['{', '}']) && !line.ends_with("{},");
    shown.lines().filter(is_leaf).collect()
}

#[test]
fn every_field_has_a_key() {
    let shown = format!("{:#?}", Config::default());
    let leaves = leaves_of(&shown);
    assert_eq!(leaves.len(), SETTINGS.len(), "{leaves:#?}");
}

#[test]
fn later_sources_win() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("centre.toml");
    std::fs::write(&file, "site = \"a\"\n[session]\nheartbeat_ms = 1_000\nunopened_max = 1\n[listen]\n").unwrap();
    let file = file.to_str().unwrap();
    let environment = environment(&[
        ("USHER_CONFIG", file),
        ("USHER_SESSION_HEARTBEAT_MS", "2000"),
        ("USHER_SESSION_UNOPENED_MAX", "2"),
        ("USHER_LISTEN_ALLOWED_ORIGINS", "https://a.example, https://b.example"),
        ("HOME", "/"),
    ]);
    let config = Config::from_sources(environment, &flags(&["--session-heartbeat-ms", "3_000"])).unwrap();
    assert_eq!(config.site, "a");
    assert_eq!(config.session.unopened_max, 2);
    assert_eq!(config.session.heartbeat, Duration::from_secs(3));
    assert_eq!(config.session.open_within, Duration::from_secs(5), "the default");
    assert_eq!(config.listen.allowed_origins, ["https://a.example", "https://b.example"]);
}

#[test]
fn an_unknown_key_names_the_right_one() {
    for (text, right) in [
        ("sitee = \"a\"", "site?"),
        ("[session]\nheartbeet_ms = 1", "session.heartbeat_ms?"),
        ("[session]\nheartbeat = 1", "session.heartbeat_ms?"),
        ("[sesion]\nheartbeat_ms = 1", "session?"),
        ("[log]\nlog_in_life_ms = 1", "access.log_in_life_ms?"),
        ("[session]\nfluxcompensator = 1", "a key of the reference, which `usher config` prints"),
    ] {
        assert_eq!(refused(text).2, right, "{text}");
    }
    let environment = environment(&[("USHER_SESSION_HEARTBEAT", "1")]);
    let errors = Config::from_sources(environment, &ConfigFlags::default()).unwrap_err();
    assert_eq!(errors.problems()[0].expected, "USHER_SESSION_HEARTBEAT_MS?");
    assert!(ConfigFlags::augment_args(Command::new("usher")).try_get_matches_from(["usher", "--sight", "a"]).is_err());
}

#[test]
fn a_bad_value_names_key_unit_and_range() {
    let (key, _, expected) = refused("[session]\nheartbeat_ms = \"10 s\"");
    assert_eq!(key, "session.heartbeat_ms");
    assert_eq!(expected, "a whole number of milliseconds from 500 to 60_000");
    assert_eq!(
        refused("[session]\nagent_messages_per_second = 0").2,
        "a whole number of messages a second from 1 to 10_000"
    );
    for text in [
        "site = \"Two Words\"",
        "site = 1",
        "database = \"mysql://x\"",
        "rules_directory = \"\"",
        "[session]\nheartbeat_ms = 0",
        "[session]\nheartbeat_ms = -1",
        "[session]\nheartbeat_ms = 1.5",
        "[session]\nheartbeat_ms = 99999999999999999999",
        "[session.heartbeat_ms]\nx = 1",
        "[listen]\naddress = \"localhost\"",
        "[listen]\nplain_text_allowed = 1",
        "[listen]\nallowed_origins = [\"https://*.example.com\"]",
        "[listen]\nallowed_origins = \"https://a.example\"",
        "[log]\nformat = \"xml\"",
        "[log]\nlevel = \"loud\"",
        "[log]\nlevel = \"\"",
        "[journal]\ndatabase = \"mysql://x\"",
        "[journal]\ndatabase = true",
        "[customers]\nhome_region = \"XX\"",
        "[customers]\ndigits_attribute = \"a b\"",
        "[customers]\nlook_up_within_ms = 1_001",
        "[privacy]\nhidden_from_agents = [\"shoe\"]",
        "[privacy]\nhidden_from_agents = [\"phone\", 1]",
        "[privacy]\nhidden_from_agents = \"phone\"",
        "[privacy]\nhidden_from_admins = [\"custom.\"]",
    ] {
        assert!(!refused(text).2.is_empty());
    }
    let environment = environment(&[("USHER_CLOCK_SPEED", "fast")]);
    let errors = Config::from_sources(environment, &flags(&["--log-format", "xml"])).unwrap_err();
    let sources: Vec<&str> = errors.problems().iter().map(|problem| problem.source.as_str()).collect();
    assert_eq!(sources, ["USHER_CLOCK_SPEED", "--log-format"], "all that is wrong is told at once");
}

#[test]
fn the_place_in_the_file_is_marked() {
    let errors = Config::from_text("usher.toml", "site = \"a\"\n[log]\nformat = \"xml\"\n").unwrap_err().to_string();
    assert!(errors.contains("usher.toml:3:10"), "{errors}");
    assert!(errors.contains("format = \"xml\""), "{errors}");
    assert!(errors.contains("expected \"text\" or \"json\""), "{errors}");
    let broken = Config::from_text("usher.toml", "site = ").unwrap_err().to_string();
    assert!(broken.contains("usher.toml:1"), "{broken}");
}

#[test]
fn a_secret_is_never_shown() {
    let config = Config::from_text("usher.toml", "database = \"postgres://usher:hunter2@db/usher\"").unwrap();
    assert!(!config.to_text().contains("hunter2") && !format!("{config:?}").contains("hunter2"));
    let own = "database = \"postgres://x@db/usher\"\n[journal]\ndatabase = \"postgres://usher:hunter3@db/journal\"";
    let config = Config::from_text("usher.toml", own).unwrap();
    assert!(!config.to_text().contains("hunter3") && !format!("{config:?}").contains("hunter3"));
    let environment = environment(&[("USHER_DATABASE", "postgers://usher:hunter2@db/usher")]);
    let errors = Config::from_sources(environment, &ConfigFlags::default()).unwrap_err();
    assert!(!errors.to_string().contains("hunter2") && errors.problems()[0].key == "database");
}

#[test]
fn without_tls_only_this_machine_is_let_in() {
    let (key, _, expected) = refused("[listen]\naddress = \"0.0.0.0:7700\"");
    assert!(key == "listen.address" && expected.contains("listen.plain_text_allowed"));
    let behind = "[listen]\naddress = \"0.0.0.0:7700\"\nplain_text_allowed = true";
    assert!(Config::from_text("usher.toml", behind).unwrap().listen.plain_text_allowed);
    assert_eq!(refused("[listen]\nadministration_address = \"127.0.0.1:7700\"").2, "another port");
}

#[test]
fn a_named_file_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.toml");
    let errors = Config::from_sources([], &flags(&["--config", missing.to_str().unwrap()])).unwrap_err();
    assert!(errors.problems()[0].source.ends_with("missing.toml"));
}

const FIELDS: &str = "[[customers.fields]]\nname = \"contract\"\ntype = \"text\"\n\n[[customers.fields]]\n";

#[test]
fn custom_fields_are_declared_with_types() {
    let text = format!("{FIELDS}name = \"plan\"\ntype = \"choice\"\noptions = [\"a\", \"b\"]\npersonal = false\n");
    let config = Config::from_text("usher.toml", &text).unwrap();
    let names: Vec<&str> = config.customers.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["contract", "plan"]);
    let again = Config::from_text("again", &config.to_text()).unwrap();
    assert_eq!(again.customers.fields, config.customers.fields);
    let managers = &config.privacy.hidden_from_campaign_managers;
    assert_eq!(*managers, Sight::of_nothing().where_not_personal(["plan"]));

    let given = r#"[{ name = "since", type = "date" }]"#;
    let environment = environment(&[("USHER_CUSTOMERS_FIELDS", given)]);
    let config = Config::from_sources(environment, &ConfigFlags::default()).unwrap();
    assert_eq!(config.customers.fields.iter().count(), 1);
}

#[test]
fn a_custom_field_that_cannot_be_is_named_with_its_line() {
    for (field, message, expected, line) in [
        ("name = \"contract\"\ntype = \"date\"", "[1] (contract): field contract", "one declaration, found two", 5),
        ("name = \"plan\"\ntype = \"money\"", "[1] (plan): unknown variant `money`", "one of `text`, `integer`", 7),
        ("name = \"plan\"\ntype = \"choice\"", "(plan): field plan", "1 to 200 different options", 5),
        ("name = \"plan\"\ntype = \"choice\"\noptions = []", "(plan): field plan", "1 to 200 different options", 5),
        (
            "name = \"plan\"\ntype = \"text\"\nlength_max = 0",
            "(plan): field plan",
            "a length_max from 1 to 2000, found 0",
            5,
        ),
        ("name = \"plan\"\ntype = \"date\"\nlenght = 1", "(plan): unknown field `lenght`", "one of `name`, `label`", 8),
        ("name = \"Plan B\"\ntype = \"date\"", "[1] (Plan B): field name", "found \"Plan B\"", 5),
        ("type = \"date\"", "customers.fields[1]: missing field `name`", "at most 64 fields like", 5),
    ] {
        let text = format!("{FIELDS}{field}\n");
        let (key, found, told) = refused(&text);
        assert_eq!(key, "customers.fields");
        assert!(found.contains(message) && told.contains(expected), "{field}: {found}: {told}");
        let shown = Config::from_text("usher.toml", &text).unwrap_err().to_string();
        assert!(shown.contains(&format!("usher.toml:{line}:")), "{field}: {shown}");
    }
    for text in ["[customers]\nfields = \"contract\"", "[customers.fields]\ncontract = \"text\""] {
        assert_eq!(refused(text).1, "customers.fields is no list");
    }
    let two =
        format!("{FIELDS}name = \"plan\"\ntype = \"money\"\n\n[[customers.fields]]\nname = \"\"\ntype = \"date\"\n");
    assert_eq!(Config::from_text("usher.toml", &two).unwrap_err().problems().len(), 2, "all are told at once");
}

#[test]
fn the_journal_may_have_a_database_of_its_own() {
    let kept = |text: &str| {
        let config = Config::from_text("usher.toml", text).unwrap();
        (matches!(config.database, Database::Sqlite), matches!(config.journal_database(), Database::Sqlite))
    };
    let all = "database = \"postgres://usher@db/usher\"\n";
    assert_eq!(kept(""), (true, true));
    assert_eq!(kept(all), (false, false));
    assert_eq!(kept(&format!("{all}[journal]\ndatabase = \"same\"")), (false, false));
    assert_eq!(kept(&format!("{all}[journal]\ndatabase = \"sqlite\"")), (false, true));
    assert_eq!(kept("[journal]\ndatabase = \"postgres://usher@db/journal\""), (true, false));
}
