//! `jurisdictions/*.toml`: packs of what the law asks of calls, each number with its source. Runs their test vectors; keeps nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::jurisdiction_hours;
use super::jurisdiction_limits;
use super::jurisdiction_vectors;
use super::keys::{self, Keys};
use super::load::{parse, sources};
use super::report::{Findings, RuleErrors, Source};
use super::rule_file::{FILE_BYTES_MAX, RuleFile};
use super::table::{Table, Value, shortened};
use crate::outbound::jurisdiction::{AppliesTo, Consent, Jurisdiction, PackId, Purpose, Sourced};
use crate::outbound::region::RegionCode;
use crate::routing::time::Millis;

/// Most packs: every country and every part of one that has a law of its own.
pub const JURISDICTIONS_MAX: usize = 1_000;
/// Longest text of a pack, in characters: a source, or what a dropped call says.
const WORDS_CHARACTERS_MAX: usize = 500;
/// Most regions or beginnings of numbers of one pack.
const APPLIES_MAX: usize = 500;
const VERSION_MAX: u32 = 1_000_000;

const SOURCE_EXPECTED: &str = "the statute or regulator's paper this is from: a number without one is not shipped";
const REGIONS_EXPECTED: &str = "a list of countries or their parts, such as [\"FR\"] or [\"US-FL\"]";

/// Reads and checks packs; `path` is relative to the rules folder, such as `jurisdictions/france.toml`.
///
/// # Errors
/// Everything that is wrong in any of them, a test vector that its pack does not agree with too.
pub fn load_jurisdictions(files: &[RuleFile]) -> Result<Vec<Arc<Jurisdiction>>, RuleErrors> {
    let found = Findings::default();
    let sources = sources(files);
    let mut packs = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let error = |message: String, expected: String| found.error(source, 0..0, message, expected);
        let bytes = source.text.len();
        if at >= JURISDICTIONS_MAX {
            error(format!("{} packs", sources.len()), format!("at most {JURISDICTIONS_MAX}"));
            break;
        } else if bytes > FILE_BYTES_MAX {
            error(format!("{bytes} bytes"), format!("at most {FILE_BYTES_MAX}"));
        } else if at > 0 && sources[at - 1].path == source.path {
            error("the file is given twice".to_owned(), "each file once".to_owned());
        } else {
            packs.extend(read_file(&found, source));
        }
    }
    found.into_result().map(|_| packs)
}

fn read_file(found: &Findings, source: &Source) -> Option<Arc<Jurisdiction>> {
    let table = parse(found, source)?;
    let errors_before = found.error_count();
    let file = Table::new(found, source, table.get_ref(), 0..0, &keys::JURISDICTION);
    let pack = read(&file);
    // What a half-read pack allows says nothing about its vectors.
    if found.error_count() > errors_before {
        return None;
    }
    let pack = pack?;
    jurisdiction_vectors::run(&file, &pack);
    Some(Arc::new(pack))
}

fn read(file: &Table<'_>) -> Option<Jurisdiction> {
    let id = file.required("id", "the name of the pack, such as \"us-florida\"").and_then(|value| id(&value));
    let version = file.required("version", "a number that is raised with every change, from 1");
    let version = version.and_then(|value| value.count(1, VERSION_MAX));
    let name = file.required("name", "what people call it").and_then(|value| words(&value));
    let applies = file.required("applies", "whom it is about, such as { regions = [\"FR\"] }");
    let applies = applies.and_then(|value| applies_to(&value));
    let sub_table = |key: &str, keys: &Keys| file.get(key).and_then(|value| value.table(keys));
    let ring_time = sub_table("ring_time", &keys::JURISDICTION_RING_TIME);
    let agent_within = sub_table("agent_within", &keys::JURISDICTION_AGENT_WITHIN);
    let consent = sub_table("consent", &keys::JURISDICTION_CONSENT);
    let message = sub_table("message", &keys::JURISDICTION_MESSAGE);
    let pack = Jurisdiction {
        hours: jurisdiction_hours::read(file),
        caps: jurisdiction_limits::read_caps(file),
        locks: jurisdiction_limits::read_locks(file),
        drop_cap: jurisdiction_limits::read_drop_cap(file),
        ring_time_min: ring_time.and_then(|table| sourced_time(&table, "min")),
        agent_within: agent_within.and_then(|table| sourced_time(&table, "max")),
        consent: consent.and_then(|table| sourced(&table, read_consent(&table))),
        message: message.and_then(|table| {
            let text = table.required("text", "what a dropped call says").and_then(|value| words(&value));
            sourced(&table, text)
        }),
        id: id?,
        version: version?,
        name: name?,
        applies: applies?,
    };
    Some(pack)
}

/// The id is that of the file, so that none comes twice.
fn id(value: &Value<'_>) -> Option<PackId> {
    let text = value.text("the name of the pack, such as \"us-florida\"")?;
    match PackId::new(text) {
        Err(error) => {
            let expected = error.to_string();
            value.wrong(format_args!("is {:?}", shortened(text)), expected.trim_start_matches("expected "));
            None
        }
        Ok(_) if *value.source.path != *format!("jurisdictions/{text}.toml") => {
            value.wrong(
                format_args!("is {text:?} in {}", value.source.path),
                format!("the file to be jurisdictions/{text}.toml"),
            );
            None
        }
        Ok(id) => Some(id),
    }
}

fn applies_to(value: &Value<'_>) -> Option<AppliesTo> {
    let table = value.table(&keys::JURISDICTION_APPLIES)?;
    let regions: BTreeSet<RegionCode> = members(&table, "regions", REGIONS_EXPECTED, |value| {
        let text = value.text("a country such as \"FR\", or its part such as \"US-FL\"")?;
        let region = RegionCode::new(text).ok().filter(|region| region.as_str() == text);
        if region.is_none() {
            value.wrong(
                format_args!("names {:?}", shortened(text)),
                "a country such as \"FR\", or its part such as \"US-FL\"",
            );
        }
        region
    });
    let numbers = members(&table, "numbers", "a list of digits that numbers begin with, such as [\"33\"]", |value| {
        const EXPECTED: &str = "1 to 15 digits, the country's code first, without +";
        let text = value.text(EXPECTED)?;
        let fits = (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if !fits {
            value.wrong(format_args!("names {:?}", shortened(text)), EXPECTED);
        }
        fits.then(|| Arc::from(text))
    });
    let choices = Purpose::ALL.map(|purpose| (purpose.name(), purpose));
    let purposes =
        members(&table, "purposes", "a list of purposes, such as [\"sales\"]", |value| value.choice(&choices, &[]));
    if table.get("regions").is_none() && table.get("numbers").is_none() {
        value.wrong("names nobody", "regions, numbers, or both");
    }
    Some(AppliesTo { regions, numbers, purposes })
}

/// The elements of a list that is not empty when it is there.
fn members<T: Ord>(
    table: &Table<'_>,
    key: &str,
    expected: &str,
    read: impl Fn(&Value<'_>) -> Option<T>,
) -> BTreeSet<T> {
    let Some(list) = table.get(key) else { return BTreeSet::new() };
    let elements = list.elements(expected).unwrap_or_default();
    if elements.is_empty() {
        list.wrong("is empty", expected);
    }
    if let Some(over) = elements.get(APPLIES_MAX) {
        over.wrong(format_args!("has {} elements", elements.len()), format!("at most {APPLIES_MAX}"));
    }
    elements.iter().take(APPLIES_MAX).filter_map(read).collect()
}

fn read_consent(table: &Table<'_>) -> Option<Consent> {
    let choices = Consent::ALL.map(|consent| (consent.name(), consent));
    table.required("required_for", "which calls need consent: automatic or every")?.choice(&choices, &[])
}

fn sourced_time(table: &Table<'_>, key: &str) -> Option<Sourced<Millis>> {
    let time = table.required(key, "a duration above zero, such as \"15s\"").and_then(|value| value.time_limit());
    sourced(table, time)
}

/// A rule with the source beside it in its table; what has none is refused.
pub(super) fn sourced<T>(table: &Table<'_>, rule: Option<T>) -> Option<Sourced<T>> {
    let source = table.required("source", SOURCE_EXPECTED).and_then(|value| words(&value));
    Some(Sourced { rule: rule?, source: source? })
}

/// Each table of a list of them, such as `[[cap]]`.
pub(super) fn tables<'t>(file: &Table<'t>, key: &str, keys: &Keys, count_max: usize) -> Vec<Table<'t>> {
    let expected = format!("a list of tables, each under [[{key}]], with {}", keys.listed());
    let elements = file.get(key).and_then(|value| value.elements(&expected)).unwrap_or_default();
    if let Some(over) = elements.get(count_max) {
        over.wrong(format_args!("comes {} times", elements.len()), format!("at most {count_max}"));
    }
    let table = |element: &Value<'t>| {
        let Some(values) = element.value.as_table() else {
            element.wrong("is no table", &*expected);
            return None;
        };
        Some(Table::new(element.found, element.source, values, element.span.clone(), keys))
    };
    elements.iter().take(count_max).filter_map(table).collect()
}

/// A text that says something.
pub(super) fn words(value: &Value<'_>) -> Option<Arc<str>> {
    let text = value.text("a text in quotes")?.trim();
    let characters = text.chars().count();
    if (1..=WORDS_CHARACTERS_MAX).contains(&characters) {
        return Some(Arc::from(text));
    }
    let message = if characters == 0 { "is empty".to_owned() } else { format!("has {characters} characters") };
    value.wrong(message, format!("a text of 1 to {WORDS_CHARACTERS_MAX} characters"));
    None
}
