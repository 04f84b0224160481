//! The day by day layout against one that asks minute by minute.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn office(zone: &str, hours: &[(u16, u16)]) -> Calendar {
    let mut weekly: [Vec<OpenHours>; 7] = Default::default();
    weekly[..5].fill(hours.iter().map(|(from, to)| OpenHours { from: *from, to: *to }).collect());
    Calendar { zone: Arc::from(zone), weekly, exceptions: BTreeMap::new() }
}

#[test]
fn a_night_and_a_weekend_do_not_count() {
    let calendar = office("Europe/Paris", &[(480, 1_080)]);
    // Friday 20 November 2026, 17:59 in Paris, to Monday, 8:00.
    assert_eq!(later(&calendar, at("2026-11-20T16:59:00Z"), 2 * MINUTE), at("2026-11-23T07:01:00Z"));
    assert_eq!(earlier(&calendar, at("2026-11-23T07:01:00Z"), 2 * MINUTE), at("2026-11-20T16:59:00Z"));
    assert_eq!(opens_from(&calendar, at("2026-11-21T12:00:00Z")), at("2026-11-23T07:00:00Z"));
    assert_eq!(open_between(&calendar, at("2026-11-20T16:59:00Z"), at("2026-11-23T07:01:00Z")), 2 * MINUTE);
    assert_eq!(later(&calendar, at("2026-11-20T16:59:00Z"), MINUTE), at("2026-11-20T17:00:00Z"));
    assert_eq!(earlier(&calendar, at("2026-11-23T07:01:00Z"), MINUTE), at("2026-11-23T07:00:00Z"));
}

#[test]
fn what_never_opens_counts_by_the_clock() {
    let calendar = office("UTC", &[]);
    let noon = at("2026-11-20T12:00:00Z");
    assert_eq!(opens_from(&calendar, noon), noon);
    assert_eq!(later(&calendar, noon, 5), noon + 5);
    assert_eq!(earlier(&calendar, noon, 5), noon - 5);
    assert_eq!(open_between(&calendar, noon, noon + DAY), 0);
    let unknown = office("Atlantis/Capital", &[(0, 1)]);
    assert_eq!(open_between(&unknown, noon, noon + DAY), DAY);
}

/// A minute of UTC is open or it is not, through both changes of clocks.
#[test]
fn days_are_what_their_minutes_are() {
    for (zone, hours) in [
        ("America/New_York", &[(60, 150), (150, 200), (1_400, 1_440)][..]),
        ("Europe/Paris", &[(0, 90), (120, 121)]),
        ("Australia/Lord_Howe", &[(90, 130)]),
    ] {
        let mut calendar = office(zone, hours);
        let every_day = calendar.weekly[0].clone();
        calendar.weekly.fill(every_day);
        for day in ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2026-07-01"] {
            let start = at(&format!("{day}T00:00:00Z"));
            for first in [start, start + 59 * MINUTE + 1, start - 7 * MINUTE] {
                let mut counted = 0;
                for minute in (first.div_euclid(MINUTE) * MINUTE..start + 2 * DAY).step_by(MINUTE as usize) {
                    if calendar.is_open(Timestamp(minute)) {
                        counted += minute + MINUTE - minute.max(first);
                        assert_eq!(later(&calendar, first, counted), minute + MINUTE, "{zone} {day}");
                    }
                    assert_eq!(open_between(&calendar, first, minute + MINUTE), counted, "{zone} {day}");
                }
                let last = later(&calendar, first, counted);
                let back = earlier(&calendar, last, counted);
                assert_eq!(open_between(&calendar, back, last), counted, "{zone} {day}");
                assert_eq!(back, opens_from(&calendar, first), "{zone} {day}");
            }
        }
    }
}
