//! The test vectors of a jurisdiction's pack, run against it while it is read. Changes nothing of the pack.

use std::sync::Arc;

use jiff::tz::{AmbiguousOffset, TimeZone};

use super::calendars;
use super::jurisdictions::tables;
use super::keys;
use super::table::{Table, Value, shortened};
use crate::outbound::calling_calendar::CallingCalendar;
use crate::outbound::calling_calendars::HoursRule;
use crate::outbound::calling_calendars::{CalendarKey, CallingCalendars};
use crate::outbound::calling_hours::CallingHours;
use crate::outbound::jurisdiction::{HoursZone, Jurisdiction, LegalLimits};
use crate::outbound::limits::{AttemptEnd, CallLimits, Limit, PastAttempt, Shared};
use crate::routing::calendar::{MINUTES_OF_DAY, OpenHours};
use crate::routing::time::Timestamp;

/// Most vectors of one pack.
const VECTORS_MAX: usize = 200;
/// Most past calls of one vector.
const CALLS_MAX: usize = 100;

const AT_EXPECTED: &str = "a local time such as \"2026-07-24T08:00\", or one of UTC such as \"2026-07-24T12:00Z\"";
const CALLS_EXPECTED: &str = "a list of times, such as [\"2026-07-24T08:00\"]";

/// What one vector says.
struct Vector<'t> {
    zones: Vec<(Arc<str>, TimeZone)>,
    at: (Timestamp, Value<'t>),
    allowed: (bool, Value<'t>),
    opens: Option<(Timestamp, Value<'t>)>,
    closes: Option<(Timestamp, Value<'t>)>,
    past: Vec<PastAttempt>,
    agent_reserved: bool,
}

/// Reports each vector that the pack does not agree with, and hours without any.
pub(super) fn run(file: &Table<'_>, pack: &Jurisdiction) {
    let vectors = tables(file, "test", &keys::JURISDICTION_TEST, VECTORS_MAX);
    if let Some(hours) = file.get("hours").filter(|_| vectors.is_empty()) {
        hours.wrong("have no test", "instants with what is expected of them, each under [[test]]");
    }
    for vector in vectors.iter().filter_map(read) {
        check(&vector, pack);
    }
}

fn read<'t>(table: &Table<'t>) -> Option<Vector<'t>> {
    const ZONES_EXPECTED: &str = "the time zones the lead may be in, such as [\"America/New_York\"]";
    let zones = table.required("zones", ZONES_EXPECTED)?;
    let names = zones.elements(ZONES_EXPECTED)?;
    let named: Vec<(Arc<str>, TimeZone)> = names
        .iter()
        .filter_map(calendars::zone)
        .filter_map(|name| Some((name.clone(), TimeZone::get(&name).ok()?)))
        .collect();
    let Some((_, first)) = named.first() else {
        if names.is_empty() {
            zones.wrong("is empty", ZONES_EXPECTED);
        }
        return None;
    };
    let time = |key: &str| table.get(key).and_then(|value| Some((instant(&value, first)?, value)));
    let allowed = table.required("allowed", "true or false");
    let allowed = allowed.and_then(|value| Some((value.flag()?, value)));
    table.required("at", AT_EXPECTED)?;
    let (opens, closes) = (time("opens"), time("closes"));
    let (at, allowed) = (time("at")?, allowed?);
    if let Some((_, value)) = opens.as_ref().filter(|_| allowed.0) {
        value.wrong("is given where a call is allowed", "closes, or allowed = false");
    }
    if let Some((_, value)) = closes.as_ref().filter(|_| !allowed.0) {
        value.wrong("is given where a call is refused", "opens, or allowed = true");
    }
    let past = past_attempts(table, first);
    let agent_reserved = table.get("agent_reserved").and_then(|value| value.flag()).unwrap_or(false);
    Some(Vector { zones: named, at, allowed, opens, closes, past, agent_reserved })
}

fn past_attempts(table: &Table<'_>, zone: &TimeZone) -> Vec<PastAttempt> {
    let ends = [
        ("calls", AttemptEnd::NotReached),
        ("dropped", AttemptEnd::Dropped),
        ("conversation", AttemptEnd::Conversation),
        ("refused", AttemptEnd::Refused),
    ];
    let mut past = Vec::new();
    for (key, end) in ends {
        let elements = table.get(key).and_then(|value| value.elements(CALLS_EXPECTED)).unwrap_or_default();
        if let Some(over) = elements.get(CALLS_MAX) {
            over.wrong(format_args!("names {} calls", elements.len()), format!("at most {CALLS_MAX}"));
        }
        for at in elements.iter().take(CALLS_MAX).filter_map(|value| instant(value, zone)) {
            let shares = Shared { number: true, customer: true, campaign: true, debt: true };
            past.push(PastAttempt { placed_at: at, ended_at: at, end, shares });
        }
    }
    past
}

/// UTC with a `Z`, else the time of `zone`.
fn instant(value: &Value<'_>, zone: &TimeZone) -> Option<Timestamp> {
    let text = value.text(AT_EXPECTED)?;
    if text.ends_with('Z') {
        let at = text.parse::<jiff::Timestamp>();
        if at.is_err() {
            value.wrong(format_args!("is {:?}", shortened(text)), AT_EXPECTED);
        }
        return at.ok().map(|at| Timestamp(at.as_millisecond()));
    }
    let Ok(local) = text.parse::<jiff::civil::DateTime>() else {
        value.wrong(format_args!("is {:?}", shortened(text)), AT_EXPECTED);
        return None;
    };
    match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => {
            offset.to_timestamp(local).ok().map(|at| Timestamp(at.as_millisecond()))
        }
        AmbiguousOffset::Gap { .. } => {
            value.wrong(format_args!("is {text}, which clocks leave out that day"), "a time of UTC, with Z");
            None
        }
        AmbiguousOffset::Fold { .. } => {
            value.wrong(format_args!("is {text}, which clocks show twice that day"), "a time of UTC, with Z");
            None
        }
    }
}

fn check(vector: &Vector<'_>, pack: &Jurisdiction) {
    let zones: Vec<TimeZone> = vector.zones.iter().map(|(_, zone)| zone.clone()).collect();
    let legal = LegalLimits::of([pack]);
    let limits = CallLimits { legal: &legal, campaign_caps: &[], zones: &zones };
    let calendar = calendar(vector, pack);
    let (at, _) = vector.at;
    let closed_by = calendar.closed_by(at).into_iter().map(|reason| reason.to_string());
    let held_by = limits.held_by(&vector.past, at, vector.agent_reserved).into_iter();
    let held_by = held_by.map(|held| held_words(&held.limit).to_owned());
    let reasons: Vec<String> = closed_by.chain(held_by).collect();
    let (allowed, value) = &vector.allowed;
    let agree = "as this test says";
    if *allowed != reasons.is_empty() {
        let got = if reasons.is_empty() { "allowed".to_owned() } else { format!("refused ({})", reasons.join("; ")) };
        let expected = if *allowed { "allowed" } else { "refused" };
        value.wrong(format_args!("is {allowed}, and by this pack a call is {got}"), format!("{expected}, {agree}"));
    }
    if let Some((expected, value)) = &vector.opens {
        let got = limits.allowed_from(&calendar, &vector.past, at, vector.agent_reserved);
        differ(value, *expected, got, "allowed again from", &zones[0]);
    }
    if let Some((expected, value)) = &vector.closes {
        let got = calendar.next_closing(at).map(|change| change.at);
        differ(value, *expected, got, "refused from", &zones[0]);
    }
}

fn differ(value: &Value<'_>, expected: Timestamp, got: Option<Timestamp>, what: &str, zone: &TimeZone) {
    if got == Some(expected) {
        return;
    }
    let local = |at: Timestamp| {
        let at = jiff::Timestamp::from_millisecond(at.0).ok();
        at.map_or_else(String::new, |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    };
    let got = got.map_or_else(|| "no moment within a year".to_owned(), local);
    value.wrong(
        format_args!("differs: by this pack a call is {what} {got}"),
        format!("{}, as this test says", local(expected)),
    );
}

/// A pack without hours lets calls be placed at any time.
fn calendar(vector: &Vector<'_>, pack: &Jurisdiction) -> CallingCalendar {
    let always = || {
        let hours = CallingHours::daily(&[OpenHours { from: 0, to: MINUTES_OF_DAY }]).expect("a whole day is in order");
        HoursRule { hours: Arc::new(hours), zone: HoursZone::Leads }
    };
    let rule = pack.hours.as_ref().map_or_else(always, |hours| hours.rule.clone());
    let zones = vector.zones.iter().map(|(name, _)| name.clone()).collect();
    let key = CalendarKey { zones, jurisdictions: [(pack.id.clone(), rule)].into(), campaign: None };
    let mut calendars = CallingCalendars::default();
    let number = calendars.intern(key).expect("the zones were looked up when they were read");
    calendars.get(number).expect("it was made just now").clone()
}

fn held_words(limit: &Limit) -> &'static str {
    match limit {
        Limit::Cap { .. } => "a cap is reached",
        Limit::Lock { .. } => "a lock holds",
    }
}
