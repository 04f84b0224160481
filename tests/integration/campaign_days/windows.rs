//! A second opinion on every call that was placed, by the text of docs/calling-hours.md and hours typed in by hand: windows,
//! caps, numbers that nobody may call, and no number in two calls at once. It asks nothing of the server's own calendars.

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};

/// Minutes of a day: from the first, and not the last.
type Stretch = (i32, i32);

/// When calls are allowed by the clock of whoever is called.
#[derive(Clone, Copy, Debug)]
pub struct Hours {
    /// The file that says it.
    pub file: &'static str,
    pub weekdays: &'static [Stretch],
    pub saturdays: &'static [Stretch],
    pub sundays: &'static [Stretch],
    /// Month and day; none of them in the year of these tests falls on a day that Easter decides.
    pub holidays: &'static [(i8, i8)],
}

const fn clock(hour: i32, minute: i32) -> i32 {
    60 * hour + minute
}

pub const FRANCE: Hours = Hours {
    file: "routing-rules/jurisdictions/france.toml",
    weekdays: &[(clock(10, 0), clock(13, 0)), (clock(14, 0), clock(20, 0))],
    saturdays: &[],
    sundays: &[],
    holidays: &[(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)],
};
pub const UNITED_STATES: Hours = Hours {
    file: "routing-rules/jurisdictions/us-federal.toml",
    weekdays: &[(clock(8, 0), clock(21, 0))],
    saturdays: &[(clock(8, 0), clock(21, 0))],
    sundays: &[(clock(8, 0), clock(21, 0))],
    holidays: &[],
};

/// Somebody who may be called.
#[derive(Clone, Debug)]
pub struct Person {
    pub number: String,
    /// By every one of them.
    pub zones: &'static [&'static str],
    /// All that hold, the campaign's own among them.
    pub hours: Vec<Hours>,
    /// He is on a do-not-call list, has said no, or has not said yes where the law asks for it.
    pub must_not_be_called: bool,
}

/// A call as the journal has it.
#[derive(Clone, Debug)]
pub struct Call {
    pub number: String,
    pub placed_at: Timestamp,
    /// None: it is not over.
    pub ended_at: Option<Timestamp>,
}

/// So many calls to one number within so long.
#[derive(Clone, Copy, Debug)]
pub struct Cap {
    pub calls: usize,
    pub within: SignedDuration,
}

/// Every way in which the calls were not allowed; empty when they were.
pub fn objections(calls: &[Call], people: &[Person], caps: &[Cap]) -> Vec<String> {
    let mut told = Vec::new();
    for call in calls {
        let Some(person) = people.iter().find(|person| person.number == call.number) else {
            told.push(format!("{}: nobody's number was called", call.number));
            continue;
        };
        if person.must_not_be_called {
            told.push(format!("{}: must not be called", call.number));
        }
        for hours in &person.hours {
            for zone in person.zones {
                if !is_open(hours, zone, call.placed_at) {
                    let local = call.placed_at.in_tz(zone).unwrap();
                    told.push(format!("{}: called at {local}, which {} forbids", call.number, hours.file));
                }
            }
        }
        told.extend(caps.iter().filter_map(|cap| over(cap, call, calls)));
    }
    told.extend(calls.iter().enumerate().flat_map(|(place, one)| {
        let twice = calls[place + 1..].iter().filter(move |other| other.number == one.number && at_once(one, other));
        twice.map(move |other| format!("{}: called at {} and {} at once", one.number, one.placed_at, other.placed_at))
    }));
    told
}

fn is_open(hours: &Hours, zone: &str, at: Timestamp) -> bool {
    let local = at.in_tz(zone).unwrap();
    if hours.holidays.contains(&(local.month(), local.day())) {
        return false;
    }
    let stretches = match local.weekday() {
        Weekday::Saturday => hours.saturdays,
        Weekday::Sunday => hours.sundays,
        _ => hours.weekdays,
    };
    let minute = 60 * i32::from(local.hour()) + i32::from(local.minute());
    stretches.iter().any(|(opens, closes)| (*opens..*closes).contains(&minute))
}

/// Counted at the moment of each call, with the calls before it.
fn over(cap: &Cap, call: &Call, calls: &[Call]) -> Option<String> {
    let since = call.placed_at - cap.within;
    let is_counted =
        |other: &&Call| other.number == call.number && other.placed_at > since && other.placed_at <= call.placed_at;
    let count = calls.iter().filter(is_counted).count();
    let is_over = count > cap.calls;
    is_over.then(|| format!("{}: {count} calls by {}, {} are allowed", call.number, call.placed_at, cap.calls))
}

fn at_once(one: &Call, other: &Call) -> bool {
    let is_over_before = |first: &Call, then: &Call| first.ended_at.is_some_and(|ended| ended <= then.placed_at);
    !is_over_before(one, other) && !is_over_before(other, one)
}

fn person(number: &str, zone: &'static [&'static str], hours: Hours) -> Person {
    Person { number: number.to_owned(), zones: zone, hours: vec![hours], must_not_be_called: false }
}

fn call(number: &str, at: &str, seconds: i64) -> Call {
    let placed_at: Timestamp = at.parse().unwrap();
    Call { number: number.to_owned(), placed_at, ended_at: Some(placed_at + SignedDuration::from_secs(seconds)) }
}

/// Each kind of fault is seen, and what is allowed is let be.
#[test]
fn the_check_objects_to_every_kind_of_fault() {
    let paris = person("+33199000001", &["Europe/Paris"], FRANCE);
    let tennessee = person("+14235550101", &["America/New_York", "America/Chicago"], UNITED_STATES);
    let listed = Person { must_not_be_called: true, ..person("+33199000002", &["Europe/Paris"], FRANCE) };
    let people = [paris, tennessee, listed];
    let cap = [Cap { calls: 2, within: SignedDuration::from_hours(24) }];
    let faults = |calls: &[Call]| objections(calls, &people, &cap).len();
    let (french, american) = ("+33199000001", "+14235550101");
    assert_eq!(faults(&[call(french, "2027-03-15T11:59:59Z", 30), call(american, "2027-03-15T13:00:00Z", 30)]), 0);
    assert_eq!(faults(&[call(french, "2027-03-15T12:00:00Z", 30)]), 1, "one o'clock");
    assert_eq!(faults(&[call(french, "2027-07-14T09:00:00Z", 30)]), 1, "a holiday");
    assert_eq!(faults(&[call(french, "2027-03-13T11:00:00Z", 30)]), 1, "a Saturday");
    assert_eq!(faults(&[call(american, "2027-03-15T12:30:00Z", 30)]), 1, "half past seven in one of two zones");
    assert_eq!(faults(&[call("+33199000002", "2027-03-15T11:00:00Z", 30)]), 1);
    assert_eq!(faults(&[call("+33199000003", "2027-03-15T11:00:00Z", 30)]), 1);
    let twice = [call(french, "2027-03-15T11:00:00Z", 30), call(french, "2027-03-15T11:00:29Z", 30)];
    assert_eq!(faults(&twice), 1);
    let thrice = ["10:00", "11:00", "13:00"].map(|time| call(french, &format!("2027-03-15T{time}:00Z"), 30));
    assert_eq!(faults(&thrice), 1);
}
