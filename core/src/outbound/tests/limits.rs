//! Caps and locks by example, and against a count that looks at every window of time.

use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::support::{at, calendar, daily, in_leads_zone, shown};
use crate::outbound::jurisdiction::{LegalLimits, PackId, Sourced};
use crate::outbound::limits::{
    AttemptEnd, CallLimits, CallLock, HeldBy, Limit, LimitOf, LimitScope, LockedBy, PastAttempt, Period, RollingCap,
    Shared,
};
use crate::routing::time::{Millis, Timestamp};

const HOUR: i64 = 60;

fn hours(hours: i64) -> Period {
    Period::Elapsed(Millis::minutes(hours * HOUR))
}

fn cap(calls: u32, within: Period, per: LimitScope) -> RollingCap {
    RollingCap { calls: NonZeroU32::new(calls).unwrap(), within, per }
}

fn sourced<T>(rule: T) -> Sourced<T> {
    Sourced { rule, source: Arc::from("a statute") }
}

const SAME: Shared = Shared { number: true, customer: true, campaign: true, debt: true };

fn call(placed: &str, end: AttemptEnd) -> PastAttempt {
    PastAttempt { placed_at: at(placed), ended_at: at(placed), end, shares: SAME }
}

fn paris() -> Vec<TimeZone> {
    vec![TimeZone::get("Europe/Paris").unwrap()]
}

/// What forbids a call under one law.
fn held(
    caps: &[RollingCap],
    locks: &[CallLock],
    past: &[PastAttempt],
    when: &str,
    agent_reserved: bool,
) -> Vec<HeldBy> {
    let pack = PackId::new("law").unwrap();
    let caps: Vec<Sourced<RollingCap>> = caps.iter().map(|cap| sourced(*cap)).collect();
    let locks: Vec<Sourced<CallLock>> = locks.iter().map(|lock| sourced(*lock)).collect();
    let legal = LegalLimits {
        caps: caps.iter().map(|cap| (&pack, cap)).collect(),
        locks: locks.iter().map(|lock| (&pack, lock)).collect(),
        ..LegalLimits::default()
    };
    let zones = paris();
    CallLimits { legal: &legal, campaign_caps: &[], zones: &zones }.held_by(past, at(when), agent_reserved)
}

#[test]
fn three_calls_in_a_day_and_the_fourth_waits_for_the_first_to_leave_it() {
    let three = cap(3, hours(24), LimitScope::Number);
    let calls = ["2026-11-23T08:00:00Z", "2026-11-23T12:00:00Z", "2026-11-23T16:00:00Z"];
    let past = calls.map(|placed| call(placed, AttemptEnd::NotReached));
    assert!(held(&[three], &[], &past[..2], "2026-11-23T17:00:00Z", false).is_empty());
    let held_by = held(&[three], &[], &past, "2026-11-23T17:00:00Z", false);
    let limit_of = LimitOf::Jurisdiction { pack: PackId::new("law").unwrap(), source: Arc::from("a statute") };
    let limit = Limit::Cap { cap: three, counted: 3 };
    assert_eq!(held_by, [HeldBy { limit_of, limit, until: at("2026-11-24T08:00:00Z") }]);
    assert!(held(&[three], &[], &past, "2026-11-24T08:00:00Z", false).is_empty());
    assert_eq!(held(&[three], &[], &past, "2026-11-24T07:59:59.999Z", false).len(), 1);
}

#[test]
fn calls_beyond_a_cap_that_was_lowered_all_have_to_leave_it() {
    let past = ["2026-11-23T08:00:00Z", "2026-11-23T10:00:00Z", "2026-11-23T12:00:00Z", "2026-11-23T16:00:00Z"];
    let past = past.map(|placed| call(placed, AttemptEnd::NotReached));
    let held_by = held(&[cap(2, hours(24), LimitScope::Number)], &[], &past, "2026-11-23T17:00:00Z", false);
    assert_eq!(held_by[0].until, at("2026-11-24T12:00:00Z"));
}

#[test]
fn an_open_attempt_counts_and_a_clock_that_was_put_back_frees_nobody() {
    let one = cap(1, hours(1), LimitScope::Number);
    let past = [call("2026-11-23T12:00:00Z", AttemptEnd::Open)];
    assert_eq!(held(&[one], &[], &past, "2026-11-23T12:30:00Z", false).len(), 1);
    assert_eq!(held(&[one], &[], &past, "2026-11-23T11:30:00Z", false)[0].until, at("2026-11-23T13:00:00Z"));
}

#[test]
fn a_cap_counts_only_what_it_is_about() {
    let mut other = call("2026-11-23T12:00:00Z", AttemptEnd::NotReached);
    other.shares = Shared { number: false, customer: true, campaign: false, debt: false };
    for (per, forbids) in [
        (LimitScope::Number, false),
        (LimitScope::Customer, true),
        (LimitScope::Campaign, false),
        (LimitScope::Debt, false),
    ] {
        let held_by = held(&[cap(1, hours(24), per)], &[], &[other], "2026-11-23T13:00:00Z", false);
        assert_eq!(!held_by.is_empty(), forbids, "{per:?}");
    }
}

#[test]
fn days_end_at_midnight_of_whoever_is_called_and_never_too_early() {
    let zones = paris();
    let noon = at("2026-11-23T11:00:00Z");
    // Thirty days with the day itself: until noon of the thirtieth day after it, not its midnight.
    assert_eq!(shown(Period::Days(30).counts_until(noon, &zones)), "2026-12-23T11:00:00Z");
    // Sixty full days after it: to the midnight that ends the sixtieth.
    assert_eq!(shown(Period::Days(60).forbids_until(noon, &zones)), "2027-01-22T23:00:00Z");
    // Seven days with one of 25 hours: the midnight comes after 7 times 24 hours.
    assert_eq!(shown(Period::Days(7).counts_until(at("2026-10-23T22:10:00Z"), &zones)), "2026-10-30T23:00:00Z");
    // Several zones: the last of them.
    let both = ["Europe/Paris", "America/Martinique"].map(|name| TimeZone::get(name).unwrap());
    assert_eq!(shown(Period::Days(1).forbids_until(noon, &both)), "2026-11-25T04:00:00Z");
}

#[test]
fn a_dropped_call_locks_for_72_hours_unless_an_agent_is_reserved() {
    let lock =
        CallLock { after: LockedBy::Dropped, lasts: hours(72), per: LimitScope::Number, unless_agent_reserved: true };
    let past = [call("2026-11-23T12:00:00Z", AttemptEnd::Dropped)];
    let held_by = held(&[], &[lock], &past, "2026-11-24T12:00:00Z", false);
    assert_eq!(held_by[0].until, at("2026-11-26T12:00:00Z"));
    assert_eq!(held_by[0].limit, Limit::Lock { lock, since: at("2026-11-23T12:00:00Z") });
    assert!(held(&[], &[lock], &past, "2026-11-24T12:00:00Z", true).is_empty());
    assert!(held(&[], &[lock], &past, "2026-11-26T12:00:00Z", false).is_empty());
}

#[test]
fn a_lock_follows_its_own_outcome_and_a_refusal_is_a_conversation() {
    let when = "2026-11-23T13:00:00Z";
    for (after, ends) in [
        (LockedBy::Dropped, vec![AttemptEnd::Dropped]),
        (LockedBy::Conversation, vec![AttemptEnd::Conversation, AttemptEnd::Refused]),
        (LockedBy::Refused, vec![AttemptEnd::Refused]),
    ] {
        let lock = CallLock { after, lasts: hours(24), per: LimitScope::Customer, unless_agent_reserved: false };
        for end in [
            AttemptEnd::Open,
            AttemptEnd::NotReached,
            AttemptEnd::Dropped,
            AttemptEnd::Conversation,
            AttemptEnd::Refused,
        ] {
            let held_by = held(&[], &[lock], &[call("2026-11-23T12:00:00Z", end)], when, true);
            assert_eq!(!held_by.is_empty(), ends.contains(&end), "{after:?} {end:?}");
        }
    }
}

#[test]
fn hours_caps_and_locks_are_waited_for_together() {
    let calendar = calendar(&["Europe/Paris"], &[("law", in_leads_zone(&daily(&[(600, 1_200)])))], None);
    let zones = paris();
    let pack = PackId::new("law").unwrap();
    let (cap, own) = (sourced(cap(2, hours(24), LimitScope::Number)), [cap(1, hours(10), LimitScope::Number)]);
    let legal = LegalLimits { caps: vec![(&pack, &cap)], ..LegalLimits::default() };
    let limits = CallLimits { legal: &legal, campaign_caps: &own, zones: &zones };
    let from = |past: &[PastAttempt], when: &str| shown(limits.allowed_from(&calendar, past, at(when), false).unwrap());
    let first = call("2026-11-23T09:30:00Z", AttemptEnd::NotReached);
    let second = call("2026-11-23T18:30:00Z", AttemptEnd::NotReached);
    // Ten hours after the first it is 20:30: the next morning.
    assert_eq!(from(&[first], "2026-11-23T10:00:00Z"), "2026-11-24T09:00:00Z");
    // The next morning two are still in the day, until 10:30.
    assert_eq!(from(&[first, second], "2026-11-23T20:00:00Z"), "2026-11-24T09:30:00Z");
    assert_eq!(from(&[], "2026-11-23T10:00:00Z"), "2026-11-23T10:00:00Z");
}

/// The definition: the calls of no window that long, ended by a call, are more than the cap.
#[test]
fn calling_as_soon_as_a_cap_allows_keeps_it_in_every_window() {
    let mut seed = 7_u64;
    let mut below = |limit: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((seed >> 33) % limit).unwrap()
    };
    for _ in 0..200 {
        let calls = u32::try_from(1 + below(6)).unwrap();
        let span = Millis::minutes(1 + below(3_000));
        let legal = LegalLimits::default();
        let caps = [cap(calls, Period::Elapsed(span), LimitScope::Number)];
        let limits = CallLimits { legal: &legal, campaign_caps: &caps, zones: &[] };
        let mut now = at("2026-11-23T00:00:00Z");
        let mut past: Vec<PastAttempt> = Vec::new();
        for _ in 0..40 {
            now = now + Millis(below(40_000_000));
            let held_by = limits.held_by(&past, now, false);
            let in_window = |end: Timestamp| past.iter().filter(|one| one.placed_at > end - span).count();
            assert_eq!(held_by.is_empty(), in_window(now) < calls as usize);
            if let Some(held) = held_by.first() {
                now = held.until;
                assert!(
                    limits.held_by(&past, now, false).is_empty()
                        && !limits.held_by(&past, now - Millis(1), false).is_empty()
                );
            }
            past.push(PastAttempt { placed_at: now, ended_at: now, end: AttemptEnd::NotReached, shares: SAME });
        }
    }
}
