//! Retries by outcome, by example and by what always holds.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::outbound::attempt_outcome::{DispositionFlags, Final, Outcome, Reached};
use crate::outbound::day_parts::{DayParts, DayPartsError};
use crate::outbound::lead_progress::{
    DueAttempt, EndedAttempt, LeadEnd, LeadProgress, NextAttempt, NumberEnd, Windows,
};
use crate::outbound::retry_rules::{RetryRule, RetryRules, RetryRulesError};
use crate::routing::time::{Millis, Timestamp};

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap()
}

/// Every day from one hour to another by the clock of Paris; minute by minute, so that it is slow and plain.
struct Daily {
    hours: std::ops::Range<i8>,
    zone: TimeZone,
}

impl Daily {
    fn new(hours: std::ops::Range<i8>) -> Daily {
        Daily { hours, zone: paris() }
    }

    fn is_open(&self, at: Timestamp) -> bool {
        let local = self.zone.to_datetime(jiff::Timestamp::from_millisecond(at.0).unwrap());
        self.hours.contains(&local.hour())
    }

    fn first(&self, from: Timestamp, is_open: bool) -> Option<Timestamp> {
        if self.is_open(from) == is_open {
            return Some(from);
        }
        let minute = (from.0 / 60_000 + 1) * 60_000;
        (0..3 * 1_440).map(|no| Timestamp(minute + no * 60_000)).find(|at| self.is_open(*at) == is_open)
    }
}

impl Windows for Daily {
    fn opens(&self, _: usize, from: Timestamp) -> Option<Timestamp> {
        self.first(from, true)
    }

    fn closes(&self, _: usize, from: Timestamp) -> Option<Timestamp> {
        self.first(from, false)
    }
}

fn rules() -> RetryRules {
    RetryRules { jitter_percent: 0, ..RetryRules::default() }
}

fn attempt(number: usize, time: &str, outcome: Outcome) -> EndedAttempt {
    EndedAttempt { number, at: at(time), outcome, disposition: None, promised: None }
}

fn said(reached: Reached, finality: Final) -> Option<DispositionFlags> {
    Some(DispositionFlags { reached, finality, is_live_answer: true, is_sale: false })
}

fn after(lead: &mut LeadProgress, windows: &Daily, attempts: &[EndedAttempt]) -> NextAttempt {
    let mut last = Timestamp(0);
    for attempt in attempts {
        lead.ended(&rules(), attempt, &paris(), windows, 0);
        last = attempt.at;
    }
    lead.next(windows, last)
}

fn due(next: NextAttempt) -> DueAttempt {
    match next {
        NextAttempt::Due(due) => due,
        other => panic!("expected an attempt that is due, got {other:?}"),
    }
}

#[test]
fn the_table_of_retries() {
    let windows = Daily::new(8..20);
    for (outcome, times, expected) in [
        (Outcome::Busy, vec!["2026-11-23T09:00:00Z"], "2026-11-23T09:10:00Z"),
        (Outcome::Busy, vec!["2026-11-23T09:00:00Z", "2026-11-23T09:10:00Z"], "2026-11-23T09:20:00Z"),
        // The third of the day: the next is the day's after.
        (
            Outcome::Busy,
            vec!["2026-11-23T09:00:00Z", "2026-11-23T09:10:00Z", "2026-11-23T09:20:00Z"],
            "2026-11-24T07:00:00Z",
        ),
        (
            Outcome::Busy,
            vec!["2026-11-22T09:00:00Z", "2026-11-22T09:10:00Z", "2026-11-23T09:20:00Z"],
            "2026-11-23T10:20:00Z",
        ),
        (Outcome::NoAnswer, vec!["2026-11-23T09:00:00Z"], "2026-11-23T12:00:00Z"),
        (Outcome::NoAnswer, vec!["2026-11-23T07:30:00Z"], "2026-11-23T11:00:00Z"),
        (Outcome::NoAnswer, vec!["2026-11-23T12:30:00Z"], "2026-11-23T16:00:00Z"),
        (Outcome::NoAnswer, vec!["2026-11-23T17:00:00Z"], "2026-11-24T07:00:00Z"),
        (Outcome::Unknown, vec!["2026-11-23T17:00:00Z"], "2026-11-24T07:00:00Z"),
        (Outcome::Machine, vec!["2026-11-23T12:30:00Z"], "2026-11-23T16:30:00Z"),
        (Outcome::MachineMessageLeft, vec!["2026-11-23T12:30:00Z"], "2026-11-23T16:30:00Z"),
        (Outcome::Congestion, vec!["2026-11-23T09:00:00Z"], "2026-11-23T09:05:00Z"),
        (
            Outcome::Congestion,
            vec!["2026-11-23T09:00:00Z", "2026-11-23T09:05:00Z", "2026-11-23T09:15:00Z", "2026-11-23T09:35:00Z"],
            "2026-11-23T10:15:00Z",
        ),
        (Outcome::Rejected, vec!["2026-11-23T09:00:00Z"], "2026-11-24T09:00:00Z"),
        (Outcome::CustomerHungUpEarly, vec!["2026-11-23T09:00:00Z"], "2026-11-24T09:00:00Z"),
        (Outcome::Disconnected, vec!["2026-11-01T09:00:00Z"], "2026-11-16T09:00:00Z"),
        (Outcome::Dropped, vec!["2026-11-23T09:00:00Z"], "2026-11-24T07:00:00Z"),
    ] {
        let attempts: Vec<_> = times.iter().map(|time| attempt(0, time, outcome)).collect();
        let mut lead = LeadProgress::new(1);
        let next = due(after(&mut lead, &windows, &attempts));
        assert_eq!((next.at, next.number), (at(expected), 0), "{outcome:?} {times:?}");
        assert_eq!(
            (next.goes_first, next.needs_reserved_agent),
            (outcome == Outcome::Dropped, outcome == Outcome::Dropped)
        );
        let counted = if outcome == Outcome::Congestion { 0 } else { attempts.len() };
        assert_eq!(usize::from(lead.attempts), counted, "{outcome:?}");
    }
}

#[test]
fn another_number_is_next_when_one_is_dead() {
    let windows = Daily::new(8..20);
    for outcome in [Outcome::InvalidNumber, Outcome::Fax] {
        let mut lead = LeadProgress::new(2);
        let first = attempt(0, "2026-11-23T09:00:00Z", outcome);
        let next = due(after(&mut lead, &windows, &[first]));
        assert_eq!((next.number, next.at), (1, at("2026-11-23T09:10:00Z")), "{outcome:?}");
        assert_eq!(lead.numbers[0].end, Some(NumberEnd::Outcome(outcome)));
        let second = attempt(1, "2026-11-23T09:10:00Z", outcome);
        assert_eq!(after(&mut lead, &windows, &[second]), NextAttempt::Over(LeadEnd::NoNumberLeft));
    }
    let mut lead = LeadProgress::new(1);
    let twice = ["2026-11-01T09:00:00Z", "2026-11-16T09:00:00Z"].map(|time| attempt(0, time, Outcome::Disconnected));
    assert_eq!(after(&mut lead, &windows, &twice), NextAttempt::Over(LeadEnd::NoNumberLeft));
    let mut lead = LeadProgress::new(2);
    let next = due(after(&mut lead, &windows, &[attempt(0, "2026-11-23T09:00:00Z", Outcome::NoAnswer)]));
    assert_eq!((next.number, next.at), (1, at("2026-11-23T09:10:00Z")), "the other number, after a while");
}

#[test]
fn what_the_agent_says_counts_more() {
    let windows = Daily::new(8..20);
    let answered = |disposition| EndedAttempt { disposition, ..attempt(0, "2026-11-23T09:00:00Z", Outcome::Answered) };
    for (disposition, expected) in [
        (None, LeadEnd::Answered),
        (said(Reached::RightParty, Final::Contact), LeadEnd::Closed),
        (said(Reached::WrongParty, Final::No), LeadEnd::NoNumberLeft),
        (said(Reached::RightParty, Final::Number), LeadEnd::NoNumberLeft),
    ] {
        let mut lead = LeadProgress::new(1);
        assert_eq!(
            after(&mut lead, &windows, &[answered(disposition)]),
            NextAttempt::Over(expected),
            "{disposition:?}"
        );
    }
    for (disposition, expected) in [
        (said(Reached::Machine, Final::No), "2026-11-23T13:00:00Z"),
        (said(Reached::Nobody, Final::No), "2026-11-23T12:00:00Z"),
        (said(Reached::RightParty, Final::No), "2026-11-24T09:00:00Z"),
    ] {
        let mut lead = LeadProgress::new(1);
        assert_eq!(due(after(&mut lead, &windows, &[answered(disposition)])).at, at(expected), "{disposition:?}");
    }
    let mut lead = LeadProgress::new(2);
    let wrong = after(&mut lead, &windows, &[answered(said(Reached::WrongParty, Final::No))]);
    assert_eq!(due(wrong).number, 1, "the wrong party has one number");
}

#[test]
fn what_was_promised_counts_more_than_the_campaigns_own_limits() {
    let windows = Daily::new(8..20);
    let promised = |disposition, due: &str| EndedAttempt {
        disposition,
        promised: Some(at(due)),
        ..attempt(0, "2026-11-23T09:00:00Z", Outcome::Answered)
    };
    let strict = RetryRules { attempts_of_lead_max: 1, attempts_of_number_max: 1, attempts_a_day_max: 1, ..rules() };
    for disposition in [None, said(Reached::RightParty, Final::No), said(Reached::WrongParty, Final::No)] {
        let mut lead = LeadProgress::new(2);
        let attempt = promised(disposition, "2026-11-23T15:30:00Z");
        lead.ended(&strict, &attempt, &paris(), &windows, 0);
        let next = due(lead.next(&windows, attempt.at));
        let expected = (at("2026-11-23T15:30:00Z"), 0, true);
        assert_eq!(
            (next.at, next.number, next.goes_first),
            expected,
            "{disposition:?}: not the other number before it"
        );
    }
    let mut lead = LeadProgress::new(1);
    let at_night = promised(None, "2026-11-23T22:00:00Z");
    let next = due(after(&mut lead, &windows, &[at_night]));
    assert_eq!(next.at, at("2026-11-24T07:00:00Z"), "not when nobody may be called");
    let mut lead = LeadProgress::new(1);
    let closed = promised(said(Reached::RightParty, Final::Contact), "2026-11-23T15:30:00Z");
    assert_eq!(after(&mut lead, &windows, &[closed]), NextAttempt::Over(LeadEnd::Closed), "what is closed stays so");
}

#[test]
fn one_message_in_seven_days() {
    let windows = Daily::new(8..20);
    let mut lead = LeadProgress::new(2);
    assert!(lead.may_leave_message(&rules(), 0, at("2026-11-23T09:00:00Z")));
    after(&mut lead, &windows, &[attempt(0, "2026-11-23T09:00:00Z", Outcome::MachineMessageLeft)]);
    assert!(!lead.may_leave_message(&rules(), 0, at("2026-11-30T08:59:59Z")));
    assert!(lead.may_leave_message(&rules(), 0, at("2026-11-30T09:00:00Z")));
    assert!(lead.may_leave_message(&rules(), 1, at("2026-11-23T09:10:00Z")), "it is another machine");
}

#[test]
fn windows_with_one_part_of_the_day_are_used_on_another_day() {
    let windows = Daily::new(9..11);
    let mut lead = LeadProgress::new(1);
    let next = due(after(&mut lead, &windows, &[attempt(0, "2026-11-23T08:30:00Z", Outcome::NoAnswer)]));
    assert_eq!(next.at, at("2026-11-24T08:00:00Z"));

    struct Never;
    impl Windows for Never {
        fn opens(&self, _: usize, _: Timestamp) -> Option<Timestamp> {
            None
        }
        fn closes(&self, _: usize, _: Timestamp) -> Option<Timestamp> {
            None
        }
    }
    let mut lead = LeadProgress::new(1);
    let attempt = attempt(0, "2026-11-23T08:30:00Z", Outcome::NoAnswer);
    lead.ended(&rules(), &attempt, &paris(), &Never, 0);
    assert_eq!(lead.next(&Never, attempt.at), NextAttempt::NoWindow);
}

#[test]
fn a_window_that_never_closes_is_a_day() {
    let windows = Daily::new(0..24);
    let mut lead = LeadProgress::new(1);
    let next = due(after(&mut lead, &windows, &[attempt(0, "2026-11-23T08:30:00Z", Outcome::Dropped)]));
    assert_eq!(next.at, at("2026-11-23T23:00:00Z"));
}

#[test]
fn parts_of_a_day_that_are_none_are_refused() {
    for (begin, error) in [
        (vec![], DayPartsError::Count),
        ((0..25).collect(), DayPartsError::Count),
        (vec![60], DayPartsError::First),
        (vec![0, 720, 720], DayPartsError::Order),
        (vec![0, 720, 600], DayPartsError::Order),
        (vec![0, 1_440], DayPartsError::Order),
    ] {
        assert_eq!(DayParts::new(begin.clone()), Err(error), "{begin:?}");
    }
    assert!(serde_json::from_str::<DayParts>(r#"["00:00", "10:00"]"#).is_ok());
    assert!(serde_json::from_str::<DayParts>(r#"["00:01", "10:00"]"#).unwrap_err().to_string().contains("midnight"));
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let with = |rule: RetryRule| RetryRules { after: [(Outcome::Busy, rule)].into(), ..RetryRules::default() };
    let busy = RetryRules::default().rule(Outcome::Busy);
    for (rules, error) in [
        (RetryRules { attempts_of_lead_max: 0, ..rules() }, RetryRulesError::Zero { field: "attempts_of_lead_max" }),
        (
            RetryRules { attempts_of_number_max: 0, ..rules() },
            RetryRulesError::Zero { field: "attempts_of_number_max" },
        ),
        (RetryRules { attempts_a_day_max: 0, ..rules() }, RetryRulesError::Zero { field: "attempts_a_day_max" }),
        (RetryRules { jitter_percent: 101, ..rules() }, RetryRulesError::Jitter { percent: 101 }),
        (
            with(RetryRule { waits: vec![Millis(-1)], ..busy.clone() }),
            RetryRulesError::Waits { outcome: Outcome::Busy },
        ),
        (
            with(RetryRule { waits: vec![Millis::ZERO], counts_as_attempt: false, ..busy.clone() }),
            RetryRulesError::Endless { outcome: Outcome::Busy },
        ),
        (
            with(RetryRule { kills_number_after: Some(0), ..busy.clone() }),
            RetryRulesError::Zero { field: "kills_number_after" },
        ),
    ] {
        assert_eq!(rules.check(), Err(error));
    }
    assert_eq!(with(busy).check(), Ok(()));
    for outcome in Outcome::ALL {
        let all =
            RetryRules { after: [(outcome, RetryRules::default().rule(outcome))].into(), ..RetryRules::default() };
        assert_eq!(all.check(), Ok(()), "{outcome:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Every lead comes to an end, within its limits, and is never called sooner than its rules say.
    #[test]
    fn every_lead_ends_within_its_limits(
        numbers in 1usize..4,
        outcomes in prop::collection::vec((0usize..14, any::<u64>(), 0u8..6), 40),
        hours in (0i8..23).prop_flat_map(|from| (Just(from), from + 1..24)),
    ) {
        let rules = RetryRules::default();
        let windows = Daily::new(hours.0..hours.1);
        let zone = paris();
        let mut lead = LeadProgress::new(numbers);
        let mut now = at("2026-10-22T00:00:00Z");
        let mut of_day = std::collections::BTreeMap::new();
        let mut counted = 0;
        for (which, draw, said_no) in outcomes {
            let next = lead.next(&windows, now);
            let NextAttempt::Due(due) = next else {
                prop_assert!(matches!(next, NextAttempt::Over(end) if Some(end) == lead.end));
                break;
            };
            prop_assert!(due.at >= now && windows.is_open(due.at));
            prop_assert!(lead.numbers[due.number].end.is_none());
            now = due.at;
            let outcome = Outcome::ALL[which];
            let disposition = (outcome == Outcome::Answered && said_no > 0).then_some(DispositionFlags {
                reached: [Reached::Nobody, Reached::Machine, Reached::RightParty][usize::from(said_no % 3)],
                finality: Final::No,
                is_live_answer: false,
                is_sale: false,
            });
            let attempt = EndedAttempt { number: due.number, at: now, outcome, disposition, promised: None };
            lead.ended(&rules, &attempt, &zone, &windows, draw);
            let meant = match disposition.map(|said| said.reached) {
                Some(Reached::Nobody) => Outcome::NoAnswer,
                Some(Reached::Machine) => Outcome::Machine,
                _ => outcome,
            };
            let rule = rules.rule(meant);
            if rule.counts_as_attempt {
                counted += 1;
                let day = zone.to_datetime(jiff::Timestamp::from_millisecond(now.0).unwrap()).date();
                let today: &mut u16 = of_day.entry(day).or_default();
                *today += 1;
                prop_assert!(*today <= rules.attempts_a_day_max);
            }
            let number = &lead.numbers[due.number];
            if let (None, None, Some(again)) = (lead.end, number.end, number.due) {
                prop_assert!(again >= now + rule.waits[0].min(*rule.waits.last().unwrap()));
                if rule.in_another_day_part {
                    let (before, after) = (rules.day_parts.at(&zone, now).unwrap(), rules.day_parts.at(&zone, again).unwrap());
                    prop_assert_ne!(before, after, "the same part of the same day");
                    let part_at = |hour: i8| [12, 17].iter().filter(|begin| hour >= **begin).count();
                    let has_another = part_at(hours.0) != part_at(hours.1 - 1);
                    prop_assert!(before.part != after.part || !has_another, "another part was open");
                }
            }
            prop_assert_eq!(lead.attempts, counted);
            prop_assert!(lead.attempts <= rules.attempts_of_lead_max);
            for other in 0..numbers {
                if other != due.number {
                    prop_assert!(lead.numbers[other].due.unwrap() >= now + rules.between_numbers);
                }
            }
        }
        prop_assert!(lead.attempts < rules.attempts_of_lead_max || lead.end.is_some());
    }

    #[test]
    fn parts_of_days_follow_each_other(zone in 0usize..600, millis in 0i64..2_000_000_000_000) {
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let zone = TimeZone::get(&names[zone % names.len()]).unwrap();
        let parts = DayParts::default();
        let now = Timestamp(millis);
        let begin = parts.next_begin(&zone, now).unwrap();
        prop_assert!(begin > now && begin <= now + Millis::minutes(48 * 60));
        prop_assert_ne!(parts.at(&zone, begin), parts.at(&zone, now));
        prop_assert!(parts.at(&zone, begin) > parts.at(&zone, now), "{:?}", names);
    }
}
