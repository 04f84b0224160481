//! Packs of jurisdictions: those that are shipped, and everything that is refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::outbound::calling_calendars::{CalendarError, CalendarKey, CallingCalendars};
use crate::outbound::drop_cap::{AnsweredCalls, DropCapShare, DropFormula};
use crate::outbound::jurisdiction::{Jurisdiction, LegalLimits, Purpose};
use crate::outbound::lead_place::{KnownBy, LeadPlace};
use crate::outbound::region::{RegionCode, Regions};
use crate::routing::time::{Millis, Timestamp};
use crate::rules::{RuleErrors, RuleFile, load_jurisdictions};

macro_rules! packs {
    ($($name:literal),+ $(,)?) => {
        vec![$((
            concat!("jurisdictions/", $name, ".toml"),
            include_str!(concat!("../../../../routing-rules/jurisdictions/", $name, ".toml")),
        )),+]
    };
}

fn shipped() -> Vec<(&'static str, &'static str)> {
    packs!(
        "australia",
        "canada",
        "china",
        "france",
        "united-kingdom",
        "us-federal",
        "us-florida",
        "us-maryland",
        "us-oklahoma",
        "us-reg-f",
    )
}

fn files(texts: &[(&str, &str)]) -> Vec<RuleFile> {
    texts.iter().map(|(path, text)| RuleFile { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
}

fn loaded() -> Vec<Arc<Jurisdiction>> {
    load_jurisdictions(&files(&shipped())).unwrap_or_else(|errors| panic!("{errors}"))
}

fn pack(id: &str) -> Arc<Jurisdiction> {
    loaded().into_iter().find(|pack| pack.id.as_str() == id).unwrap()
}

fn told(errors: &RuleErrors) -> Vec<String> {
    let problems = errors.problems().iter();
    problems.map(|one| format!("{}:{} {} | {}", one.line, one.column, one.message, one.expected)).collect()
}

/// A pack that is right, with `from` changed to `to`, is refused with exactly `expected`.
fn check(from: &str, to: &str, expected: &[&str]) {
    assert_eq!(RIGHT.matches(from).count(), 1, "{from}");
    let text = RIGHT.replace(from, to);
    let errors = load_jurisdictions(&files(&[("jurisdictions/utopia.toml", &text)])).expect_err("the pack is wrong");
    assert_eq!(told(&errors), expected, "{text}\n{errors}");
    assert!(errors.problems().iter().all(|problem| &*problem.file == "jurisdictions/utopia.toml"));
}

const RIGHT: &str = r#"id = "utopia"
version = 1
name = "Utopia"
applies = { regions = ["FR"], purposes = ["sales"] }
[hours]
zone = "lead"
week = { mon-sat = ["09:00-18:00"], sun = ["22:00-24:00"] }
on_holidays = ["10:00-11:00"]
source = "Book 2"
[[hours.holiday]]
name = "Founding"
date = "05-07"
[[cap]]
calls = 2
within = "24h"
per = "number"
source = "Book 2, on talk"
[[lock]]
after = "refused"
lasts = "3 days"
per = "customer"
source = "Book 2, on silence"
[drop_cap]
cap = 0.03
formula = "of_live_answers"
per = "campaign"
within = "month"
source = "Book 1"
[ring_time]
min = "15s"
source = "Book 1"
[[test]]
zones = ["Europe/Paris"]
at = "2026-11-23T08:59"
allowed = false
opens = "2026-11-23T09:00"
[[test]]
zones = ["Europe/Paris"]
at = "2026-05-07T10:30"
calls = ["2026-05-06T12:00"]
allowed = true
closes = "2026-05-07T11:00"
[[test]]
zones = ["Europe/Paris"]
at = "2026-11-24T10:00"
calls = ["2026-11-23T10:30", "2026-11-23T12:00"]
allowed = false
opens = "2026-11-24T10:30"
"#;

#[test]
fn every_pack_that_is_shipped_agrees_with_its_vectors_and_names_its_sources() {
    let packs = loaded();
    assert_eq!(packs.len(), shipped().len());
    let sources = packs.iter().flat_map(|pack| {
        let hours = pack.hours.iter().map(|hours| &hours.source);
        let caps = pack.caps.iter().map(|cap| &cap.source);
        let locks = pack.locks.iter().map(|lock| &lock.source);
        hours.chain(caps).chain(locks).chain(pack.drop_cap.iter().map(|cap| &cap.source))
    });
    assert!(sources.clone().count() > 15 && sources.clone().all(|source| source.len() > 10));
    let tests: usize = shipped().iter().map(|(_, text)| text.matches("[[test]]").count()).sum();
    assert!(tests >= 40, "{tests} vectors");
}

#[test]
fn the_pack_that_the_refusals_begin_with_is_right() {
    load_jurisdictions(&files(&[("jurisdictions/utopia.toml", RIGHT)])).unwrap_or_else(|errors| panic!("{errors}"));
}

/// What would still be accepted with a source taken out would ship a number without one.
#[test]
fn each_number_of_each_pack_needs_its_source() {
    for (path, text) in shipped() {
        let lines: Vec<&str> = text.lines().collect();
        let sources: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("source = ")).collect();
        for out in sources {
            let without: Vec<&str> = (0..lines.len()).filter(|at| *at != out).map(|at| lines[at]).collect();
            let errors = load_jurisdictions(&files(&[(path, &without.join("\n"))])).expect_err(path);
            assert_eq!(errors.problems().len(), 1, "{path} {errors}");
            assert_eq!(errors.problems()[0].message, "source is missing", "{path} {errors}");
        }
    }
}

/// A vector that says the opposite is refused at its own line.
#[test]
fn each_vector_of_each_pack_is_run() {
    for (path, text) in shipped() {
        let lines: Vec<&str> = text.lines().collect();
        for at in (0..lines.len()).filter(|at| lines[*at].starts_with("allowed = ")) {
            let opposite = if lines[at] == "allowed = true" { "allowed = false" } else { "allowed = true" };
            let mut changed: Vec<&str> = lines.clone();
            changed[at] = opposite;
            let changed: Vec<&str> = changed
                .iter()
                .enumerate()
                .filter(|(line, text)| !is_of_vector(*line, at, text))
                .map(|(_, text)| *text)
                .collect();
            let errors = load_jurisdictions(&files(&[(path, &changed.join("\n"))])).expect_err(path);
            let problem = &errors.problems()[0];
            assert_eq!((errors.problems().len(), problem.line), (1, at + 1), "{path} {errors}");
            assert!(problem.expected.ends_with("as this test says"), "{path} {errors}");
        }
    }
}

/// The opening or closing beside the answer that was turned round.
fn is_of_vector(line: usize, answer: usize, text: &str) -> bool {
    line == answer + 1 && (text.starts_with("opens = ") || text.starts_with("closes = "))
}

#[test]
fn a_wrong_vector_names_what_was_expected_and_what_came() {
    check(
        "opens = \"2026-11-23T09:00\"",
        "opens = \"2026-11-23T09:01\"",
        &[
            "36:9 opens differs: by this pack a call is allowed again from 2026-11-23T09:00:00+01:00 | 2026-11-23T09:01:00+01:00, as this test says",
        ],
    );
    check(
        "closes = \"2026-05-07T11:00\"",
        "closes = \"2026-05-07T18:00\"",
        &[
            "42:10 closes differs: by this pack a call is refused from 2026-05-07T11:00:00+02:00 | 2026-05-07T18:00:00+02:00, as this test says",
        ],
    );
    check(
        "calls = [\"2026-05-06T12:00\"]",
        "calls = [\"2026-05-06T12:00\", \"2026-05-07T09:00Z\", \"2026-05-07T09:30\"]",
        &["41:11 allowed is true, and by this pack a call is refused (a cap is reached) | allowed, as this test says"],
    );
    check(
        "at = \"2026-11-23T08:59\"\nallowed = false\nopens = \"2026-11-23T09:00\"",
        "at = \"2026-11-23T08:59\"\nallowed = true",
        &[
            "35:11 allowed is true, and by this pack a call is refused (utopia: Mon 2026-11-23 08:59 in Europe/Paris, calls 09:00–18:00) | allowed, as this test says",
        ],
    );
    check(
        "at = \"2026-11-23T08:59\"",
        "at = \"2026-03-29T02:30\"",
        &["34:6 at is 2026-03-29T02:30, which clocks leave out that day | a time of UTC, with Z"],
    );
    check(
        "at = \"2026-11-23T08:59\"",
        "at = \"2026-10-25T02:30\"",
        &["34:6 at is 2026-10-25T02:30, which clocks show twice that day | a time of UTC, with Z"],
    );
}

#[test]
fn hours_and_caps_that_cannot_be_are_refused() {
    let hours = "\"09:00-18:00\"";
    check(
        hours,
        "\"18:00-09:00\"",
        &[
            "7:21 mon-sat ends before it begins: \"18:00-09:00\" | an end after the beginning; over midnight: to 24:00, and from 00:00 on the next day",
        ],
    );
    check(
        hours,
        "\"09:00-25:00\"",
        &["7:21 mon-sat is \"09:00-25:00\" | hours such as \"09:00-12:30\", from 00:00 to 24:00"],
    );
    check("zone = \"lead\"", "zone = \"Paris\"", &["6:8 zone is no time zone: \"Paris\" | Europe/Paris?"]);
    check("calls = 2", "calls = 0", &["14:9 calls is 0 | a whole number from 1 to 1000"]);
    check("within = \"24h\"", "within = \"0h\"", &["15:10 within is zero | a duration above zero"]);
    check(
        "within = \"24h\"",
        "within = \"24\"",
        &["15:10 within is \"24\" | a duration such as \"500ms\", \"20s\", \"5m\" or \"1h30m\""],
    );
    check("lasts = \"3 days\"", "lasts = \"0 days\"", &["20:9 lasts is \"0 days\" | 1 to 366 days"]);
    check("cap = 0.03", "cap = 0.0", &["24:7 cap is zero | a share such as 0.03, or \"none_safe\""]);
    check("cap = 0.03", "cap = 3.0", &["24:7 cap is no share | a share from 0 to 1 in thousandths, such as 0.80"]);
    check("cap = 0.03", "cap = \"none\"", &["24:7 cap \"none\" is unknown | none_safe?"]);
    check("within = \"month\"\n", "", &["23:2 within is missing | \"month\", or a period such as \"30 days\""]);
    check(
        "date = \"05-07\"",
        "date = \"02-30\"",
        &[
            "12:8 date is \"02-30\" | \"MM-DD\", \"YYYY-MM-DD\", or days from Easter such as \"easter+1\" or \"easter-2\"",
        ],
    );
    check(
        "date = \"05-07\"",
        "date = \"easter+1\"\nmoved_from_weekend = true",
        &["12:8 date is never moved | moved_from_weekend with a date of every year only"],
    );
}

#[test]
fn what_is_unknown_missing_or_twice_is_refused() {
    check(
        "min = \"15s\"",
        "minimum = \"15s\"",
        &[
            "29:2 min is missing | a duration above zero, such as \"15s\"",
            "30:1 unknown key minimum | one of min, source",
        ],
    );
    check(
        "per = \"number\"",
        "per = \"household\"",
        &["16:7 per \"household\" is unknown | one of number, customer, campaign, debt"],
    );
    check("source = \"Book 2\"", "source = \" \"", &["9:10 source is empty | a text of 1 to 500 characters"]);
    check(
        "id = \"utopia\"",
        "id = \"Utopia\"",
        &["1:6 id is \"Utopia\" | 1 to 40 small letters, digits and hyphens, such as us-florida"],
    );
    check(
        "id = \"utopia\"",
        "id = \"erewhon\"",
        &["1:6 id is \"erewhon\" in jurisdictions/utopia.toml | the file to be jurisdictions/erewhon.toml"],
    );
    check("version = 1", "version = 0", &["2:11 version is 0 | a whole number from 1 to 1000000"]);
    check(
        "[\"FR\"]",
        "[\"France\"]",
        &["4:24 regions names \"France\" | a country such as \"FR\", or its part such as \"US-FL\""],
    );
    check("regions = [\"FR\"], ", "", &["4:11 applies names nobody | regions, numbers, or both"]);
    check("[\"sales\"]", "[]", &["4:42 purposes is empty | a list of purposes, such as [\"sales\"]"]);
    let none: String = RIGHT.split("[[test]]").take(1).collect();
    let errors = load_jurisdictions(&files(&[("jurisdictions/utopia.toml", &none)])).unwrap_err();
    assert_eq!(told(&errors), ["5:1 hours have no test | instants with what is expected of them, each under [[test]]"]);
    let twice = [("jurisdictions/utopia.toml", RIGHT), ("jurisdictions/utopia.toml", RIGHT)];
    assert_eq!(
        told(&load_jurisdictions(&files(&twice)).unwrap_err()),
        ["1:1 the file is given twice | each file once"]
    );
    let broken = load_jurisdictions(&files(&[("jurisdictions/utopia.toml", "id = ")])).unwrap_err();
    assert_eq!(broken.problems()[0].line, 1, "{broken}");
}

fn regions(codes: &[&str]) -> Regions {
    codes.iter().map(|code| RegionCode::new(code).unwrap()).collect()
}

/// The ids of the packs that may hold.
fn holding(codes: &[&str], digits: &str, purpose: Purpose) -> Vec<String> {
    let packs = loaded();
    let packs = packs.iter().filter(|pack| pack.may_hold(&regions(codes), digits, purpose));
    packs.map(|pack| pack.id.as_str().to_owned()).collect()
}

#[test]
fn a_pack_holds_where_the_lead_may_be_and_for_its_purposes() {
    assert_eq!(holding(&["US-FL"], "13055550100", Purpose::Sales), ["us-federal", "us-florida"]);
    assert_eq!(holding(&["US-TX"], "12145550100", Purpose::Sales), ["us-federal"]);
    assert_eq!(holding(&["US-TX"], "12145550100", Purpose::DebtCollection), ["us-federal", "us-reg-f"]);
    // A lead somewhere in the country may be in each of its parts.
    let all = ["us-federal", "us-florida", "us-maryland", "us-oklahoma"];
    assert_eq!(holding(&["US"], "18005550100", Purpose::Sales), all);
    assert_eq!(holding(&["GB", "FR"], "", Purpose::Sales), ["france", "united-kingdom"]);
    assert!(holding(&["DE"], "4930123456", Purpose::Sales).is_empty());
}

/// From where a lead may be to when it may be called next.
#[test]
fn a_lead_is_called_by_the_hours_of_every_law_that_may_hold() {
    let packs = loaded();
    let mut calendars = CallingCalendars::default();
    let mut opens_and_closes = |zones: &[&str], codes: &[&str], purpose: Purpose| {
        let place = LeadPlace {
            zones: zones.iter().map(|zone| Arc::from(*zone)).collect(),
            known_by: KnownBy::Number,
            regions: regions(codes),
        };
        let holding = packs.iter().map(|pack| &**pack).filter(|pack| pack.may_hold(&place.regions, "", purpose));
        let number = calendars.intern(CalendarKey::of(&place, holding, None))?;
        let calendar = calendars.get(number).unwrap();
        let monday: jiff::Timestamp = "2026-11-23T05:00:00Z".parse().unwrap();
        let opening = calendar.next_opening(Timestamp(monday.as_millisecond())).unwrap();
        let closing = calendar.next_closing(opening.at).unwrap();
        let text = |at: Timestamp| jiff::Timestamp::from_millisecond(at.0).unwrap().to_string();
        Ok((format!("{} {}", text(opening.at), text(closing.at)), closing.reason.to_string()))
    };
    let miami = opens_and_closes(&["America/New_York"], &["US-FL"], Purpose::Sales).unwrap();
    assert_eq!(miami.0, "2026-11-23T13:00:00Z 2026-11-24T01:00:00Z");
    assert_eq!(miami.1, "us-florida: Mon 2026-11-23 20:00 in America/New_York, calls 08:00–20:00");
    let pensacola = opens_and_closes(&["America/New_York", "America/Chicago"], &["US-FL"], Purpose::Sales).unwrap();
    assert_eq!(pensacola.0, "2026-11-23T14:00:00Z 2026-11-24T01:00:00Z");
    let debt = opens_and_closes(&["America/New_York"], &["US-FL"], Purpose::DebtCollection).unwrap();
    assert_eq!(debt.0, "2026-11-23T13:00:00Z 2026-11-24T02:00:00Z");
    // A French number whose owner is in Florida: both laws.
    let both = opens_and_closes(&["America/New_York"], &["FR", "US-FL"], Purpose::Sales).unwrap();
    assert_eq!(both.0, "2026-11-23T15:00:00Z 2026-11-23T18:00:00Z");
    // Where no law names hours, the campaign must.
    assert_eq!(opens_and_closes(&["Europe/London"], &["GB"], Purpose::Sales), Err(CalendarError::NoHours));
}

#[test]
fn of_several_packs_the_strictest_wins() {
    let (federal, florida, kingdom) = (pack("us-federal"), pack("us-florida"), pack("united-kingdom"));
    let limits = LegalLimits::of([&*federal, &*florida, &*kingdom]);
    assert_eq!(limits.ring_time_min.unwrap().1.rule, Millis::seconds(15));
    assert_eq!(limits.agent_within.unwrap().1.rule, Millis::seconds(2));
    assert_eq!((limits.caps.len(), limits.locks.len(), limits.drop_caps.len()), (1, 1, 2));
    assert_eq!(limits.consent.unwrap().0.as_str(), "us-florida");
    let longer = Jurisdiction { ring_time_min: Some(with_time(20, &federal)), ..(*florida).clone() };
    assert_eq!(LegalLimits::of([&*federal, &longer]).ring_time_min.unwrap().0.as_str(), "us-florida");
}

fn with_time(seconds: i64, like: &Jurisdiction) -> crate::outbound::jurisdiction::Sourced<Millis> {
    let mut time = like.ring_time_min.clone().unwrap();
    time.rule = Millis::seconds(seconds);
    time
}

#[test]
fn no_share_is_safe_in_the_united_kingdom() {
    let cap = pack("united-kingdom").drop_cap.clone().unwrap().rule;
    assert_eq!((cap.share, cap.formula), (DropCapShare::NoneSafe, DropFormula::MachineAdjusted));
    assert!(!cap.is_kept(AnsweredCalls { dropped: 1, live: 99_999, machines: 0 }));
}

/// The packs are the reference of their keys: each that may be written is written in one of them or in the pack above.
#[test]
fn every_key_is_shown() {
    use crate::rules::keys;
    let written: BTreeSet<&str> = shipped()
        .into_iter()
        .map(|(_, text)| text)
        .chain([RIGHT, "numbers = "])
        .flat_map(str::lines)
        .flat_map(|line| [line.split(" = ").next().unwrap(), line.trim_matches(['[', ']']).rsplit('.').next().unwrap()])
        .collect();
    for keys in [
        &keys::JURISDICTION,
        &keys::JURISDICTION_APPLIES,
        &keys::JURISDICTION_HOURS,
        &keys::JURISDICTION_HOLIDAY,
        &keys::JURISDICTION_CAP,
        &keys::JURISDICTION_LOCK,
        &keys::JURISDICTION_DROP_CAP,
        &keys::JURISDICTION_RING_TIME,
        &keys::JURISDICTION_AGENT_WITHIN,
        &keys::JURISDICTION_CONSENT,
        &keys::JURISDICTION_MESSAGE,
        &keys::JURISDICTION_TEST,
    ] {
        for key in keys.known {
            assert!(written.contains(key), "{key} is written in no pack");
        }
    }
}
