//! Tables of switches, from the file and the environment, and what is said when they are wrong.

use std::path::Path;

use secrecy::ExposeSecret;

use super::{environment, leaves_of, refused};
use crate::config::asterisk::SWITCH_SETTINGS;
use crate::config::{AsteriskSettings, Config, ConfigFlags};

const TWO: &str = "[asterisk.main]\npassword = \"hunter2\"\ncaller_id = \"+33 1 42 68 53 00\"\ncalls_max = 40\nkept_for_inbound = 10\n\
                   [asterisk.branch-2]\nurl = \"http://10.0.0.2:8088/ari\"\npassword_file = \"branch.secret\"\n";

#[test]
fn each_table_is_a_switch() {
    let config = Config::from_text("usher.toml", TWO).unwrap();
    let names: Vec<&str> = config.asterisk.keys().map(String::as_str).collect();
    assert_eq!(names, ["branch-2", "main"]);
    let (main, branch) = (&config.asterisk["main"], &config.asterisk["branch-2"]);
    assert_eq!(main.password.as_ref().unwrap().expose_secret(), "hunter2");
    assert_eq!(main.caller_id.as_ref().unwrap().e164(), "+33142685300");
    assert_eq!((main.calls_max, main.kept_for_inbound, main.url.as_str()), (Some(40), 10, "http://127.0.0.1:8088/ari"));
    assert_eq!(branch.password_file.as_deref(), Some(Path::new("branch.secret")));
    assert_eq!((branch.calls_max, branch.url.as_str()), (None, "http://10.0.0.2:8088/ari"));
    assert!(Config::from_text("usher.toml", "").unwrap().asterisk.is_empty());
}

#[test]
fn what_is_printed_reads_the_same_and_holds_no_password() {
    let config = Config::from_text("usher.toml", TWO).unwrap();
    let text = config.to_text();
    assert!(!text.contains("hunter2") && !format!("{config:?}").contains("hunter2"));
    let again = Config::from_text("again", &text).unwrap();
    assert_eq!(again.to_text(), text);
    let shown = Config::reference();
    let commented = shown.split_once("#[asterisk.main]").unwrap().1;
    let given: String = commented
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .filter(|line| !line.starts_with(' '))
        .map(|line| format!("{line}\n"))
        .collect();
    let problem = refused(&format!("[asterisk.main]\n{given}"));
    assert_eq!(problem.0, "asterisk.main.password", "all else may be as the reference shows it");
}

#[test]
fn every_field_of_a_switch_has_a_key() {
    let shown = format!("{:#?}", AsteriskSettings::default());
    let leaves = leaves_of(&shown);
    assert_eq!(leaves.len(), SWITCH_SETTINGS.len(), "{leaves:#?}");
}

#[test]
fn the_environment_goes_over_a_table_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("usher.toml");
    std::fs::write(&file, "[asterisk.main]\n[asterisk.branch-2]\npassword = \"a\"\n").unwrap();
    let file = ("USHER_CONFIG", file.to_str().unwrap());
    let given = [file, ("USHER_ASTERISK_MAIN_PASSWORD", "b"), ("USHER_ASTERISK_BRANCH_2_CALLS_MAX", "7")];
    let config = Config::from_sources(environment(&given), &ConfigFlags::default()).unwrap();
    assert_eq!(config.asterisk["main"].password.as_ref().unwrap().expose_secret(), "b");
    assert_eq!(config.asterisk["branch-2"].calls_max, Some(7));
    let given = [file, ("USHER_ASTERISK_MAIN_PASSWORD", "b"), ("USHER_ASTERISK_BRANCH_2_CALL_MAX", "7")];
    let errors = Config::from_sources(environment(&given), &ConfigFlags::default()).unwrap_err();
    assert_eq!(errors.problems()[0].expected, "USHER_ASTERISK_BRANCH_2_CALLS_MAX?");
    let given = [("USHER_ASTERISK_OTHER_PASSWORD", "b")];
    Config::from_sources(environment(&given), &ConfigFlags::default()).unwrap_err();
}

#[test]
fn what_cannot_be_names_switch_key_and_what_was_expected() {
    for (text, key, expected) in [
        ("url = \"https://a/ari\"", "url", "a URL like http://127.0.0.1:8088/ari"),
        ("url = \"http://a:b@c/ari\"", "url", "without a password in it"),
        ("url = \"8088\"", "url", "a URL like"),
        ("trunk = \"PJSIP/trunk\"", "trunk", "with {number} or {digits}"),
        ("trunk = \"{number}\"", "trunk", "a technology and what it dials"),
        ("trunk = \"PJSIP/{number}@{digits}\"", "trunk", "with {number} or {digits}"),
        ("caller_id = \"0142685300\"", "caller_id", "a number like +33142685300"),
        ("caller_id = \"+1\"", "caller_id", "\"none\" or a number"),
        ("application = \"a b\"", "application", "1 to 32 letters"),
        ("fallback_after_ms = 10", "fallback_after_ms", "a whole number of milliseconds from 100 to 60_000"),
        ("calls_max = 0", "calls_max", "\"none\" or a whole number of calls from 1 to 100_000"),
        ("calls_per_second_max = \"fast\"", "calls_per_second_max", "a whole number of calls a second"),
        ("password = \"b\"", "password_file", "one of the two"),
        ("kept_for_inbound = 1", "kept_for_inbound", "at most as many as calls_max"),
        ("calls_max = 2\nkept_for_inbound = 3", "kept_for_inbound", "at most as many as calls_max"),
        ("urll = \"x\"", "urll", "asterisk.main.url?"),
    ] {
        let found = refused(&format!("[asterisk.main]\npassword_file = \"a\"\n{text}\n"));
        assert_eq!(found.0, format!("asterisk.main.{key}"), "{text}");
        assert!(found.2.contains(expected), "{text}: {}", found.2);
    }
    assert_eq!(refused("[asterisk.main]\n").0, "asterisk.main.password");
    for text in ["[asterisk]\nurl = \"x\"\n", "[asterisk.\"Two Words\"]\n", "asterisk = 1\n", "[asterisc.main]\n"] {
        assert!(!refused(text).2.is_empty(), "{text}");
    }
    let many: String = (0..33).map(|number| format!("[asterisk.s{number}]\npassword = \"a\"\n")).collect();
    assert!(refused(&many).2.starts_with("at most 32 switches"));
}
