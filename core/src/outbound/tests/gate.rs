//! The gate by example, and against a second judgment made of the rules alone: it walks through them one by one and shares
//! nothing with the first but the facts.

use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::support::{Chance, PATTERNS, at, calendar, daily, in_leads_zone, shown};
use crate::customers::customer::Consent;
use crate::outbound::calling_calendar::CallingCalendar;
use crate::outbound::calling_calendars::CalendarError;
use crate::outbound::do_not_call::{DoNotCallEntry, DoNotCallScope, DoNotCallWhat, NumberDigits};
use crate::outbound::gate::{
    CHOSEN_MOMENT_LASTS, CallToPlace, Judgment, ListNow, NoCalendar, OwnWish, Refused, RefusedBy, judge, looks_back,
};
use crate::outbound::jurisdiction::{self, LegalLimits, PackId, Sourced};
use crate::outbound::lead_place::NoPlace;
use crate::outbound::limits::{
    AttemptEnd, CallLimits, CallLock, LimitScope, LockedBy, PastAttempt, Period, RollingCap, Shared,
};
use crate::routing::attempt::NotPlaced;
use crate::routing::time::{Millis, Timestamp};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
const ZONES: [&str; 5] =
    ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Los_Angeles"];

/// All that a judgment is made of, owned.
#[derive(Clone, Debug)]
struct Case {
    now: Timestamp,
    list: ListNow,
    entry: Option<DoNotCallEntry>,
    consents: Vec<Consent>,
    law_asks: Option<jurisdiction::Consent>,
    campaign_asks: bool,
    is_automatic: bool,
    zones: Vec<&'static str>,
    /// Places in [`PATTERNS`].
    laws: Vec<usize>,
    campaign_hours: Option<usize>,
    caps: Vec<RollingCap>,
    locks: Vec<CallLock>,
    campaign_caps: Vec<RollingCap>,
    past: Vec<PastAttempt>,
    agent_reserved: bool,
    wish: Option<OwnWish>,
}

fn pack(name: &str) -> PackId {
    PackId::new(name).unwrap()
}

fn sourced<T>(rule: T) -> Sourced<T> {
    Sourced { rule, source: Arc::from("a statute") }
}

fn entry(scope: DoNotCallScope, expires_at: Option<Timestamp>) -> DoNotCallEntry {
    DoNotCallEntry { scope, what: DoNotCallWhat::Number(NumberDigits::new("33142685300").unwrap()), expires_at }
}

impl Case {
    /// Nothing forbids it: Monday noon in Paris, 8 to 21 o'clock.
    fn allowed() -> Case {
        Case {
            now: at("2026-11-23T11:00:00Z"),
            list: ListNow { is_active: true, expires_at: None },
            entry: None,
            consents: vec![Consent::Unknown],
            law_asks: None,
            campaign_asks: false,
            is_automatic: true,
            zones: vec!["Europe/Paris"],
            laws: vec![1],
            campaign_hours: None,
            caps: Vec::new(),
            locks: Vec::new(),
            campaign_caps: Vec::new(),
            past: Vec::new(),
            agent_reserved: false,
            wish: None,
        }
    }

    fn with_past(&self, past: Vec<PastAttempt>) -> Case {
        Case { past, ..self.clone() }
    }

    fn calendar(&self) -> CallingCalendar {
        let names = ["first", "second"];
        let rule = |pattern: &usize| in_leads_zone(&PATTERNS[*pattern].hours());
        let laws: Vec<_> = names.into_iter().zip(self.laws.iter().map(rule)).collect();
        calendar(&self.zones, &laws, self.campaign_hours.as_ref().map(rule))
    }

    fn time_zones(&self) -> Vec<TimeZone> {
        self.zones.iter().map(|zone| TimeZone::get(zone).unwrap()).collect()
    }

    fn judged(&self) -> Judgment {
        self.judged_at(self.now, Ok(&self.calendar()))
    }

    fn judged_at(&self, now: Timestamp, calendar: Result<&CallingCalendar, &NoCalendar>) -> Judgment {
        let law = pack("law");
        let caps: Vec<_> = self.caps.iter().copied().map(sourced).collect();
        let locks: Vec<_> = self.locks.iter().copied().map(sourced).collect();
        let consent = self.law_asks.map(sourced);
        let legal = LegalLimits {
            caps: caps.iter().map(|cap| (&law, cap)).collect(),
            locks: locks.iter().map(|lock| (&law, lock)).collect(),
            consent: consent.as_ref().map(|consent| (&law, consent)),
            ..LegalLimits::default()
        };
        let zones = self.time_zones();
        let limits = CallLimits { legal: &legal, campaign_caps: &self.campaign_caps, zones: &zones };
        let call = CallToPlace {
            list: self.list,
            stopped_by: self.entry.as_ref(),
            consents: &self.consents,
            campaign_asks_consent: self.campaign_asks,
            is_automatic: self.is_automatic,
            calendar,
            limits,
            past: &self.past,
            agent_reserved: self.agent_reserved,
            wish: self.wish,
        };
        judge(&call, now)
    }

    /// The rules, one by one. Those that forbid the call.
    fn forbidden_by(&self) -> Vec<NotPlaced> {
        let is_wish = self.wish.is_some();
        let said_yes = self.consents.contains(&Consent::Yes);
        let said_no = self.consents.contains(&Consent::No);
        let asked = self.campaign_asks
            || match self.law_asks {
                Some(jurisdiction::Consent::Every) => true,
                Some(jurisdiction::Consent::Automatic) => self.is_automatic,
                None => false,
            };
        [
            (!self.list.is_active || self.list.expires_at.is_some_and(|at| at <= self.now), NotPlaced::ListInactive),
            (self.entry.is_some() && !is_wish, NotPlaced::Dnc),
            (!is_wish && (said_no || asked && !said_yes), NotPlaced::NoConsent),
            (!self.hours_allow(self.now), NotPlaced::OutOfWindow),
            (self.too_many(self.now) || self.is_locked(self.now), NotPlaced::Cap),
        ]
        .into_iter()
        .filter_map(|(forbids, why)| forbids.then_some(why))
        .collect()
    }

    fn hours_allow(&self, now: Timestamp) -> bool {
        let is_chosen = self.wish.and_then(|wish| wish.chosen).is_some_and(|chosen| {
            let minutes = (now.0 - chosen.0) as f64 / MINUTE as f64;
            (0.0..60.0).contains(&minutes)
        });
        let patterns = || self.laws.iter().chain(&self.campaign_hours);
        let is_open = |zone: &TimeZone| patterns().all(|pattern| PATTERNS[*pattern].allows(zone, now));
        is_chosen || self.time_zones().iter().all(is_open)
    }

    fn too_many(&self, now: Timestamp) -> bool {
        let mut caps = self.caps.iter().chain(&self.campaign_caps);
        caps.any(|cap| {
            let counts = |past: &&PastAttempt| {
                is_shared(past.shares, cap.per) && !self.is_past(past.placed_at, cap.within, 0, now)
            };
            self.past.iter().filter(counts).count() >= cap.calls.get() as usize
        })
    }

    fn is_locked(&self, now: Timestamp) -> bool {
        self.locks.iter().filter(|lock| !(lock.unless_agent_reserved && self.agent_reserved)).any(|lock| {
            self.past.iter().any(|past| {
                let follows = match past.end {
                    AttemptEnd::Dropped => lock.after == LockedBy::Dropped,
                    AttemptEnd::Conversation => lock.after == LockedBy::Conversation,
                    AttemptEnd::Refused => lock.after != LockedBy::Dropped,
                    AttemptEnd::Open | AttemptEnd::NotReached => false,
                };
                follows && is_shared(past.shares, lock.per) && !self.is_past(past.ended_at, lock.lasts, 1, now)
            })
        })
    }

    /// Whether the period that began at `then` is over; of days, also the day itself with `more` of them, for everybody.
    fn is_past(&self, then: Timestamp, period: Period, more: i32, now: Timestamp) -> bool {
        match period {
            Period::Elapsed(span) => now.0 - then.0 >= span.0,
            Period::Days(days) => {
                let elapsed = now.0 - then.0 >= i64::from(days) * DAY;
                let date = |zone: &TimeZone, at: Timestamp| {
                    zone.to_datetime(jiff::Timestamp::from_millisecond(at.0).unwrap()).date()
                };
                let over = |zone: &TimeZone| {
                    let last = date(zone, then).checked_add((i32::from(days) + more).days()).unwrap();
                    date(zone, now) >= last
                };
                elapsed && self.time_zones().iter().all(over)
            }
        }
    }
}

fn is_shared(shares: Shared, per: LimitScope) -> bool {
    let person = shares.customer || shares.number;
    match per {
        LimitScope::Number => shares.number,
        LimitScope::Customer => person,
        LimitScope::Campaign => person && shares.campaign,
        LimitScope::Debt => person && shares.debt,
    }
}

fn drawn_period(chance: &mut Chance) -> Period {
    match chance.below(2) {
        0 => Period::Elapsed(Millis(MINUTE * (1 + chance.below(3_000)) as i64)),
        _ => Period::Days(1 + chance.below(30) as u16),
    }
}

fn drawn_cap(chance: &mut Chance) -> RollingCap {
    let calls = NonZeroU32::new(1 + chance.below(4) as u32).unwrap();
    RollingCap { calls, within: drawn_period(chance), per: LimitScope::ALL[chance.below(4)] }
}

fn drawn_past(chance: &mut Chance, now: Timestamp) -> PastAttempt {
    let span = [2 * DAY, 40 * DAY][chance.below(2)] as usize;
    let placed_at = Timestamp(now.0 - chance.below(span) as i64 + 10 * MINUTE);
    let ended_at = Timestamp(placed_at.0 + chance.below(20 * MINUTE as usize) as i64);
    let ends = [
        AttemptEnd::Open,
        AttemptEnd::NotReached,
        AttemptEnd::NotReached,
        AttemptEnd::Dropped,
        AttemptEnd::Conversation,
        AttemptEnd::Refused,
    ];
    let [number, customer, campaign, debt] = [0; 4].map(|_| chance.below(4) > 0);
    let end = ends[chance.below(ends.len())];
    PastAttempt { placed_at, ended_at, end, shares: Shared { number, customer, campaign, debt } }
}

fn drawn(chance: &mut Chance) -> Case {
    let now = Timestamp(at("2026-01-01T00:00:00Z").0 + chance.below(300 * DAY as usize) as i64);
    let seldom = |chance: &mut Chance| chance.below(8) == 0;
    let near = |chance: &mut Chance| Timestamp(now.0 + chance.below(4 * 60 * MINUTE as usize) as i64 - 120 * MINUTE);
    let is_wish = chance.below(4) == 0;
    let consents = [Consent::Unknown, Consent::Yes, Consent::Yes, Consent::Yes, Consent::No];
    let asks = [None, None, Some(jurisdiction::Consent::Automatic), Some(jurisdiction::Consent::Every)];
    Case {
        now,
        list: ListNow { is_active: !seldom(chance), expires_at: (chance.below(4) == 0).then(|| near(chance)) },
        entry: seldom(chance).then(|| entry(DoNotCallScope::Everyone, None)),
        consents: (0..chance.below(3)).map(|_| consents[chance.below(consents.len())]).collect(),
        law_asks: asks[chance.below(asks.len())],
        campaign_asks: seldom(chance),
        is_automatic: chance.below(2) == 0,
        zones: (0..=chance.below(2)).map(|_| ZONES[chance.below(ZONES.len())]).collect(),
        laws: (0..=chance.below(2)).map(|_| chance.below(PATTERNS.len())).collect(),
        campaign_hours: seldom(chance).then(|| chance.below(PATTERNS.len())),
        caps: (0..chance.below(3)).map(|_| drawn_cap(chance)).collect(),
        locks: (0..chance.below(3))
            .map(|_| CallLock {
                after: LockedBy::ALL[chance.below(3)],
                lasts: drawn_period(chance),
                per: LimitScope::ALL[chance.below(4)],
                unless_agent_reserved: chance.below(2) == 0,
            })
            .collect(),
        campaign_caps: (0..chance.below(2)).map(|_| drawn_cap(chance)).collect(),
        past: (0..chance.below(6)).map(|_| drawn_past(chance, now)).collect(),
        agent_reserved: chance.below(2) == 0,
        wish: is_wish.then(|| OwnWish { chosen: (chance.below(2) == 0).then(|| near(chance)) }),
    }
}

/// Cleared when no rule forbids it, and until the first moment at which the hours do; refused by the first rule that does.
fn check(case: &Case, what: &str) -> Option<NotPlaced> {
    let forbidden = case.forbidden_by();
    let judged = case.judged();
    let since = case.now - looks_back(case.caps.iter().chain(&case.campaign_caps), case.locks.iter());
    let looked_up = case.past.iter().filter(|past| past.placed_at >= since).copied().collect();
    assert_eq!(case.with_past(looked_up).judged(), judged, "{what}: older calls mattered: {case:#?}");
    match judged {
        Judgment::Cleared { until } => {
            assert!(forbidden.is_empty(), "{what}: cleared, and forbidden by {forbidden:?}: {case:#?}");
            let step = |nth: i64| Timestamp(case.now.0.div_euclid(MINUTE) * MINUTE + nth * MINUTE);
            let ends = until.unwrap_or(Timestamp(i64::MAX));
            assert!(ends > case.now, "{what}: {case:#?}");
            for nth in (1..26 * 60).step_by(7) {
                let inside = step(nth) < ends;
                assert!(!inside || case.hours_allow(step(nth)), "{what}: {}: {case:#?}", shown(step(nth)));
            }
            None
        }
        Judgment::Refused(Refused { why, until, .. }) => {
            assert_eq!(Some(&why), forbidden.first(), "{what}: of {forbidden:?}: {case:#?}");
            if let Some(until) = until.filter(|_| why == NotPlaced::OutOfWindow || why == NotPlaced::Cap) {
                let without_wish = Case { wish: None, ..case.clone() };
                let allows =
                    |at| without_wish.hours_allow(at) && !without_wish.too_many(at) && !without_wish.is_locked(at);
                assert!(allows(until), "{what}: not at {} either: {case:#?}", shown(until));
                let before = Timestamp(until.0 - 1);
                assert!(before <= case.now || !allows(before), "{what}: already before {}: {case:#?}", shown(until));
            }
            Some(why)
        }
    }
}

#[test]
fn what_is_cleared_breaks_no_rule_and_what_is_refused_breaks_the_first_that_it_names() {
    let mut cleared = 0;
    let mut refused = std::collections::BTreeMap::new();
    for seed in 1..=4 {
        let mut chance = Chance(seed);
        for nth in 0..2_500 {
            match check(&drawn(&mut chance), &format!("seed {seed}, case {nth}")) {
                None => cleared += 1,
                Some(why) => *refused.entry(why).or_insert(0) += 1,
            }
        }
    }
    assert!(cleared > 500, "{cleared} cleared");
    assert!(refused.len() == 5 && refused.values().all(|count| *count > 200), "{refused:?}");
}

fn refused(case: &Case) -> Refused {
    match case.judged() {
        Judgment::Refused(refused) => refused,
        Judgment::Cleared { until } => panic!("cleared until {until:?}"),
    }
}

#[test]
fn a_call_is_cleared_until_the_hours_or_its_list_end() {
    let mut case = Case::allowed();
    assert_eq!(case.judged(), Judgment::Cleared { until: Some(at("2026-11-23T20:00:00Z")) });
    case.list.expires_at = Some(at("2026-11-23T12:00:00Z"));
    assert_eq!(case.judged(), Judgment::Cleared { until: Some(at("2026-11-23T12:00:00Z")) });
    case.now = at("2026-11-23T12:00:00Z");
    assert_eq!(refused(&case).by, RefusedBy::List);
}

#[test]
fn who_is_listed_or_said_no_is_not_called_unless_he_asks_for_it() {
    let mut case = Case::allowed();
    let expires = Some(at("2026-12-01T00:00:00Z"));
    case.entry = Some(entry(DoNotCallScope::Campaign(Arc::from("winback")), expires));
    case.consents = vec![Consent::Yes, Consent::No];
    let by = RefusedBy::DoNotCall(DoNotCallScope::Campaign(Arc::from("winback")));
    assert_eq!(refused(&case), Refused { why: NotPlaced::Dnc, until: expires, by });
    case.entry = None;
    assert_eq!(refused(&case), Refused { why: NotPlaced::NoConsent, until: None, by: RefusedBy::SaidNo });
    case.entry = Some(entry(DoNotCallScope::Everyone, None));
    case.wish = Some(OwnWish { chosen: None });
    assert!(matches!(case.judged(), Judgment::Cleared { .. }));
}

#[test]
fn consent_is_needed_where_a_law_or_the_campaign_asks_for_it() {
    let mut case = Case::allowed();
    case.law_asks = Some(jurisdiction::Consent::Automatic);
    assert_eq!(refused(&case).by, RefusedBy::ConsentOfLaw(pack("law")));
    case.is_automatic = false;
    assert!(matches!(case.judged(), Judgment::Cleared { .. }), "a person dials");
    case.campaign_asks = true;
    assert_eq!(refused(&case).by, RefusedBy::ConsentOfCampaign);
    case.consents.push(Consent::Yes);
    assert!(matches!(case.judged(), Judgment::Cleared { .. }));
}

#[test]
fn hours_hold_for_a_promised_call_but_at_the_moment_that_was_chosen() {
    let mut case = Case::allowed();
    case.now = at("2026-11-23T20:30:00Z");
    case.wish = Some(OwnWish { chosen: None });
    let late = refused(&case);
    assert_eq!((late.why, late.until), (NotPlaced::OutOfWindow, Some(at("2026-11-24T07:00:00Z"))));
    assert!(matches!(late.by, RefusedBy::Hours(_)));
    let chosen = at("2026-11-23T20:15:00Z");
    case.wish = Some(OwnWish { chosen: Some(chosen) });
    assert_eq!(case.judged(), Judgment::Cleared { until: Some(chosen + CHOSEN_MOMENT_LASTS) });
    case.now = chosen + CHOSEN_MOMENT_LASTS;
    assert_eq!(refused(&case).why, NotPlaced::OutOfWindow);
    case.now = at("2026-11-23T20:14:59Z");
    assert_eq!(refused(&case).why, NotPlaced::OutOfWindow, "not before it either");
}

#[test]
fn caps_hold_for_every_call_and_say_when_they_no_longer_do() {
    let mut case = Case::allowed();
    let one = NonZeroU32::new(1).unwrap();
    let within = Period::Elapsed(Millis(11 * 60 * MINUTE));
    case.caps = vec![RollingCap { calls: one, within, per: LimitScope::Number }];
    let shares = Shared { number: true, customer: false, campaign: false, debt: false };
    let placed_at = at("2026-11-23T10:00:00Z");
    case.past = vec![PastAttempt { placed_at, ended_at: placed_at, end: AttemptEnd::NotReached, shares }];
    case.wish = Some(OwnWish { chosen: Some(case.now) });
    let held = refused(&case);
    assert!(matches!(&held.by, RefusedBy::Limit(limit) if limit.until == at("2026-11-23T21:00:00Z")));
    assert_eq!(
        (held.why, held.until),
        (NotPlaced::Cap, Some(at("2026-11-24T07:00:00Z"))),
        "when the hours allow it too"
    );
}

#[test]
fn nobody_is_called_of_whom_the_time_or_the_hours_are_not_known() {
    let case = Case::allowed();
    for (none, why) in [
        (NoCalendar::Place(NoPlace::NoZone), NotPlaced::NoZone),
        (NoCalendar::Calendar(CalendarError::NoHours), NotPlaced::OutOfWindow),
        (NoCalendar::Calendar(CalendarError::TooMany), NotPlaced::NotChecked),
    ] {
        let by = RefusedBy::NoCalendar(none.clone());
        let expected = Judgment::Refused(Refused { why, until: None, by });
        assert_eq!(case.judged_at(case.now, Err(&none)), expected);
        let mut wished = Case::allowed();
        wished.wish = Some(OwnWish { chosen: Some(case.now) });
        assert_eq!(wished.judged_at(case.now, Err(&none)), expected, "not even at a moment that was chosen");
    }
}

#[test]
fn hours_that_never_end_clear_a_call_for_good() {
    let case = Case::allowed();
    let always = calendar(&["Europe/Paris"], &[("law", in_leads_zone(&daily(&[(0, 1_440)])))], None);
    assert_eq!(case.judged_at(case.now, Ok(&always)), Judgment::Cleared { until: None });
}
