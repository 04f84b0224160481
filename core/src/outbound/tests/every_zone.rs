//! Every zone of the IANA database, around each change of its clocks and over a holiday, against the definition.

use jiff::tz::TimeZone;

use super::support::{Chance, PATTERNS, Pattern, calendar, in_leads_zone, in_zone, shown};
use crate::outbound::calling_calendar::CallingCalendar;
use crate::routing::time::{Millis, Timestamp};

const MINUTE: i64 = 60_000;
const BEFORE_MINUTES: i64 = 30 * 60;
const AFTER_MINUTES: i64 = 42 * 60;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn zone_names() -> Vec<String> {
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    assert!(names.len() > 400, "{} zones", names.len());
    names
}

/// The middle of each stretch that is walked: the changes of the clocks in two years, and Christmas.
fn moments(zone: &TimeZone) -> Vec<Timestamp> {
    let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let end: jiff::Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
    let changes = zone.following(start).map(|change| change.timestamp()).take_while(|change| *change < end);
    let christmas: jiff::Timestamp = "2026-12-25T00:00:00Z".parse().unwrap();
    changes.chain([christmas]).map(|at| Timestamp(at.as_millisecond())).collect()
}

/// Walks around `middle` and compares; `allowed` is the definition.
fn compare(calendar: &CallingCalendar, allowed: &dyn Fn(Timestamp) -> bool, middle: Timestamp, what: &str) {
    let start = middle.0.div_euclid(MINUTE) * MINUTE - BEFORE_MINUTES * MINUTE;
    let minute = |nth: i64| Timestamp(start + nth * MINUTE);
    let count = BEFORE_MINUTES + AFTER_MINUTES;
    let states: Vec<bool> = (0..count).map(|nth| allowed(minute(nth))).collect();
    for (nth, state) in (0..).zip(&states) {
        assert_eq!(calendar.is_open(minute(nth)), *state, "{what} at {}", shown(minute(nth)));
    }
    let mut chance = Chance(middle.0.unsigned_abs());
    let edges = (1..states.len()).filter(|nth| states[*nth] != states[*nth - 1]).collect::<Vec<usize>>();
    let near_edges = edges.iter().flat_map(|edge| [edge - 1, *edge]);
    let anywhere: Vec<usize> = (0..8).map(|_| chance.below(states.len() - 1)).collect();
    for nth in near_edges.chain(anywhere) {
        // Just before the minute, at it, and within it: state and next change are those of the minutes walked.
        for (millis, next) in [(0, nth + 1), (chance.below(60_000), nth + 1), (59_999, nth + 1)] {
            let after = minute(i64::try_from(nth).unwrap()) + Millis(i64::try_from(millis).unwrap());
            for opens in [true, false] {
                let change = |nth: &usize| states[*nth] == opens && states[*nth - 1] != opens;
                let expected = (next..states.len()).find(change).map(|nth| minute(i64::try_from(nth).unwrap()));
                let got = if opens { calendar.next_opening(after) } else { calendar.next_closing(after) };
                let got = got.map(|change| change.at);
                let is_right = match (expected, got) {
                    (Some(expected), Some(got)) => expected == got,
                    (None, Some(got)) => got > minute(count - 1),
                    (None, None) => true,
                    (Some(_), None) => false,
                };
                let words = if opens { "opening" } else { "closing" };
                let (expected, got) = (expected.map(shown), got.map(shown));
                assert!(is_right, "{what}: next {words} after {}: {expected:?}, got {got:?}", shown(after));
            }
            assert_eq!(calendar.is_open(after), calendar.closed_by(after).is_empty(), "{what}");
            let open_from = calendar.open_from(after);
            let expected =
                if calendar.is_open(after) { Some(after) } else { calendar.next_opening(after).map(|at| at.at) };
            assert_eq!(open_from, expected, "{what}");
        }
    }
}

#[test]
fn each_zone_around_each_change_of_its_clocks_is_as_defined() {
    for (nth, name) in zone_names().iter().enumerate() {
        let clocks = zone(name);
        // The first pattern everywhere: it has an edge in every gap and fold; the others in turn.
        for pattern in [&PATTERNS[0], &PATTERNS[1 + nth % 3]] {
            let calendar = calendar(&[name], &[("law", in_leads_zone(&pattern.hours()))], None);
            for middle in moments(&clocks) {
                compare(&calendar, &|at| pattern.allows(&clocks, at), middle, name);
            }
        }
    }
}

#[test]
fn where_several_zones_are_possible_all_must_allow_it_and_each_law_and_the_campaign() {
    let names = zone_names();
    let mut chance = Chance(5);
    for _ in 0..120 {
        let (first, second) = (&names[chance.below(names.len())], &names[chance.below(names.len())]);
        let campaigns = &names[chance.below(names.len())];
        let patterns = [chance.below(4), chance.below(4), chance.below(4)].map(|nth| &PATTERNS[nth]);
        let hours = patterns.map(Pattern::hours);
        let laws = [("first", in_leads_zone(&hours[0])), ("second", in_leads_zone(&hours[1]))];
        let calendar = calendar(&[first, second], &laws, Some(in_zone(&hours[2], campaigns)));
        let clocks = [first, second, campaigns].map(|name| zone(name));
        let allowed = |at| {
            let legal = |clock| patterns[0].allows(clock, at) && patterns[1].allows(clock, at);
            legal(&clocks[0]) && legal(&clocks[1]) && patterns[2].allows(&clocks[2], at)
        };
        let middles = moments(&clocks[0]);
        let middle = middles[chance.below(middles.len())];
        compare(&calendar, &allowed, middle, &format!("{first} and {second}, campaign in {campaigns}"));
    }
}

#[test]
fn clocks_that_were_changed_in_odd_ways_are_as_defined() {
    for (name, around) in [
        // A day that never was, and one that the other side of the date line had twice.
        ("Pacific/Apia", "2011-12-30T10:00:00Z"),
        ("Pacific/Fakaofo", "2011-12-30T10:00:00Z"),
        ("Pacific/Kwajalein", "1993-08-21T12:00:00Z"),
        // A minute after midnight back to the day before.
        ("America/St_Johns", "2006-10-29T02:31:00Z"),
        ("America/St_Johns", "2006-04-02T03:31:00Z"),
        // Half an hour.
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
        // Midnight left out, and midnight twice.
        ("America/Sao_Paulo", "2018-11-04T03:00:00Z"),
        ("America/Sao_Paulo", "2018-02-18T02:00:00Z"),
        ("Asia/Beirut", "2026-03-28T22:00:00Z"),
        ("America/Havana", "2026-11-01T05:00:00Z"),
        // Forward and back by two hours, by a quarter, and over half an hour at once.
        ("Antarctica/Troll", "2026-03-29T01:00:00Z"),
        ("Antarctica/Troll", "2026-10-25T01:00:00Z"),
        ("Asia/Kathmandu", "1985-12-31T18:30:00Z"),
        ("Asia/Pyongyang", "2018-05-04T15:00:00Z"),
        ("America/Caracas", "2016-05-01T07:00:00Z"),
        ("Africa/Casablanca", "2026-02-15T02:00:00Z"),
    ] {
        let clocks = zone(name);
        for pattern in &PATTERNS {
            let calendar = calendar(&[name], &[("law", in_leads_zone(&pattern.hours()))], None);
            let middle = Timestamp(around.parse::<jiff::Timestamp>().unwrap().as_millisecond());
            compare(&calendar, &|at| pattern.allows(&clocks, at), middle, name);
        }
    }
}
