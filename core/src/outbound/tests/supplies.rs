//! The lists of a campaign in their turn: what holds a list back, by example; shares, releases and due times, by what always
//! holds.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::json;

use super::support::{at, daily, in_leads_zone, key};
use crate::customers::customer::CustomFields;
use crate::outbound::call_list::{CallListSettings, LeadOrder};
use crate::outbound::calling_calendars::{CalendarNo, CallingCalendars};
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead_feed::Place;
use crate::outbound::lead_rank::rank;
use crate::outbound::lead_release::LeadRelease;
use crate::outbound::lead_standing::{LeadCounts, LeadReached, OpenLead, ReleaseStanding};
use crate::outbound::lead_supply::LeadSupply;
use crate::outbound::lead_waterfall::Waterfall;
use crate::outbound::list_goals::{Goal, ListGoals};
use crate::outbound::supplied_list::{GivesNone, ListedLead, SuppliedList};
use crate::routing::time::{Millis, Timestamp};

const SPRING: CallListId = CallListId(1);
const SUMMER: CallListId = CallListId(2);
const AUTUMN: CallListId = CallListId(3);

struct Ground {
    calendars: CallingCalendars,
    paris: CalendarNo,
    new_york: CalendarNo,
    supply: LeadSupply,
}

impl Ground {
    fn new() -> Ground {
        let mut calendars = CallingCalendars::default();
        let by_day = daily(&[(9 * 60, 18 * 60)]);
        let mut of = |zone: &str| calendars.intern(key(&[zone], &[("law", in_leads_zone(&by_day))], None)).unwrap();
        let (paris, new_york) = (of("Europe/Paris"), of("America/New_York"));
        Ground { calendars, paris, new_york, supply: LeadSupply::default() }
    }

    /// With so many leads in Paris that nobody tried; their numbers begin with a hundred times the list's.
    fn with(mut self, list: CallListId, supplied: SuppliedList, leads: i64) -> Ground {
        self.supply.set_list(list, supplied);
        let fresh = (0..leads).map(|no| (no, LeadId(list.0 * 100 + no))).collect();
        self.supply.file_fresh(list, self.paris, fresh);
        self.supply.loaded(list);
        self
    }

    fn next(&mut self, now: Timestamp) -> Option<ListedLead> {
        self.supply.next(now, &self.calendars)
    }

    fn given(&mut self, now: Timestamp) -> Vec<i64> {
        std::iter::from_fn(|| self.next(now)).map(|given| given.next.lead.0).collect()
    }

    fn gives_none(&mut self, list: CallListId, now: Timestamp) -> Option<GivesNone> {
        self.supply.gives_none(list, now, &self.calendars)
    }

    /// As the rows of a list say that has so many leads, open or over.
    fn waterfall(&mut self, list: CallListId, open: u64, over: u64, now: Timestamp) -> Waterfall {
        let rows = LeadCounts { fresh: open, ended: [("answered", over)].into(), ..LeadCounts::default() };
        let waits = self.supply.waits(list, now, &self.calendars).unwrap();
        Waterfall::of(&waits, &rows)
    }

    fn when_next(&mut self, now: Timestamp) -> Option<Timestamp> {
        self.supply.when_next(now, &self.calendars)
    }
}

fn settings(text: serde_json::Value) -> CallListSettings {
    let mut whole = json!({ "campaign": "winback" });
    whole.as_object_mut().unwrap().extend(text.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

fn supplied(text: serde_json::Value) -> SuppliedList {
    let settings = settings(text);
    let zone = TimeZone::get("Europe/Paris").unwrap();
    SuppliedList {
        is_active: settings.active,
        expires_at: settings.expires_at,
        share: settings.share_percent.map_or(0, |share| u32::from(u8::from(share))),
        next: None,
        goals: ListGoals::of(&settings),
        release: LeadRelease::new(settings.release, ReleaseStanding::default(), zone),
    }
}

fn noon() -> Timestamp {
    at("2026-11-23T11:00:00Z")
}

#[test]
fn each_reason_for_which_a_list_gives_none() {
    let mut ground = Ground::new().with(SPRING, supplied(json!({})), 1);
    assert_eq!((ground.gives_none(SPRING, noon()), ground.when_next(noon())), (None, Some(noon())));
    assert_eq!(ground.given(noon()), [100]);
    assert_eq!((ground.gives_none(SPRING, noon()), ground.when_next(noon())), (Some(GivesNone::Empty), None));
    let later = noon() + Millis::minutes(30);
    let paris = ground.paris;
    assert!(ground.supply.file_again(SPRING, paris, LeadId(100), Place::Again { due: later }, noon()));
    assert_eq!(ground.gives_none(SPRING, noon()), Some(GivesNone::NotDue { next: Some(later) }));
    let (night, opens) = (at("2026-11-23T20:00:00Z"), at("2026-11-24T08:00:00Z"));
    assert_eq!(ground.gives_none(SPRING, night), Some(GivesNone::Closed { next: Some(opens) }));

    let mut ground = Ground::new();
    ground.supply.set_list(SPRING, supplied(json!({})));
    assert_eq!(ground.gives_none(SPRING, noon()), Some(GivesNone::Loading));
    for (text, why) in [
        (json!({ "active": false }), GivesNone::Inactive),
        (json!({ "expires_at": "2026-11-23T11:00:00Z" }), GivesNone::Expired),
        (json!({ "release": "by_hand" }), GivesNone::NotReleased { next: None }),
    ] {
        let mut ground = Ground::new().with(SPRING, supplied(text), 1);
        assert_eq!(ground.gives_none(SPRING, noon()), Some(why));
        assert_eq!((ground.when_next(noon()), ground.next(noon())), (None, None), "{why:?}");
    }
}

#[test]
fn why_leads_are_not_called_adds_up() {
    let by_hand = || supplied(json!({ "release": "by_hand" }));
    let mut ground = Ground::new().with(SPRING, by_hand(), 6);
    let (paris, new_york) = (ground.paris, ground.new_york);
    let release = settings(json!({ "release": "by_hand" })).release;
    ground.supply.list_mut(SPRING).unwrap().release.change(&release, 3);
    assert_eq!(ground.next(noon()).unwrap().next.lead, LeadId(100));
    let (soon, opens) = (noon() + Millis::minutes(30), at("2026-11-23T14:00:00Z"));
    for (lead, calendar, due) in
        [(110, paris, noon()), (111, paris, soon), (112, new_york, noon()), (113, new_york, soon)]
    {
        ground.supply.file(SPRING, calendar, LeadId(lead), Place::Again { due });
    }
    ground.supply.file(SPRING, new_york, LeadId(114), Place::Fresh { rank: 0 });
    ground.supply.note_nowhere(SPRING, 2);
    ground.supply.note_in_full_segment(SPRING);
    let expected = Waterfall {
        all: 21,
        with_router: 1,
        dialable: 3,
        closed: 2,
        opens_at: Some(opens),
        due_later: 2,
        due_from: Some(soon),
        not_released: 3,
        segment_full: 1,
        nowhere: 2,
        being_read: 3,
        ended: [("answered".to_owned(), 4)].into(),
        ..Waterfall::default()
    };
    assert_eq!((ground.waterfall(SPRING, 17, 4, noon()), expected.sum()), (expected.clone(), 21));
    let later = ground.waterfall(SPRING, 17, 4, soon);
    assert_eq!((later.dialable, later.closed, later.due_later, later.due_from), (4, 3, 0, None));
    let fewer = ground.waterfall(SPRING, 12, 4, noon());
    assert_eq!((fewer.dialable, fewer.closed, fewer.being_read, fewer.sum()), (1, 2, 0, 16), "some are over");
    let back = ground.waterfall(SPRING, 17, 4, noon());
    assert_eq!(back, expected, "a clock that steps back");

    let mut ground = Ground::new();
    ground.supply.set_list(SPRING, supplied(json!({})));
    assert_eq!(ground.waterfall(SPRING, 5, 0, noon()).being_read, 5);
    let inactive = supplied(json!({ "active": false }));
    let before = SuppliedList { next: Some(SUMMER), ..supplied(json!({})) };
    let reached = supplied(json!({ "target_sales": 1 }));
    let mut ground = Ground::new().with(SPRING, before, 1).with(SUMMER, supplied(json!({})), 2);
    ground = ground.with(AUTUMN, reached, 3);
    ground.supply.count(AUTUMN, LeadReached::Sale, &CustomFields::default());
    let resting = |parts: Waterfall| parts.resting.into_iter().next().unwrap();
    assert_eq!(resting(ground.waterfall(SUMMER, 2, 0, noon())), ("follows_another".to_owned(), 2));
    assert_eq!(resting(ground.waterfall(AUTUMN, 3, 0, noon())), ("sales_reached".to_owned(), 3));
    ground.supply.set_list(SPRING, inactive);
    assert_eq!(resting(ground.waterfall(SPRING, 1, 0, noon())), ("inactive".to_owned(), 1));
}

#[test]
fn targets_and_quotas_stop_a_list_or_a_segment() {
    for (text, goal) in [
        (json!({ "target_contacts": 2 }), Goal::Contacts),
        (json!({ "target_sales": 1 }), Goal::Sales),
        (json!({ "quota": [{ "contacts": 2 }] }), Goal::Quota),
    ] {
        let mut ground = Ground::new().with(SPRING, supplied(text), 5);
        ground.supply.count(SPRING, LeadReached::Contact, &CustomFields::default());
        assert_eq!(ground.gives_none(SPRING, noon()), None, "{goal:?}");
        ground.supply.count(SPRING, LeadReached::Sale, &CustomFields::default());
        assert_eq!(ground.gives_none(SPRING, noon()), Some(GivesNone::Reached(goal)));
    }
    let text = json!({
        "quota": [{ "contacts": 1, "field": "amount", "value": "12" }], "field": [{ "name": "amount", "type": "integer" }],
    });
    let mut ground = Ground::new().with(SPRING, supplied(text), 1);
    let fields = |amount: i64| CustomFields([("amount".to_owned(), json!(amount))].into());
    let admits = |ground: &Ground, amount| ground.supply.list(SPRING).unwrap().goals.admits(&fields(amount));
    assert!(admits(&ground, 12));
    ground.supply.count(SPRING, LeadReached::Contact, &fields(13));
    assert!(admits(&ground, 12), "another segment");
    ground.supply.count(SPRING, LeadReached::Contact, &fields(12));
    assert!(!admits(&ground, 12) && admits(&ground, 13) && ground.gives_none(SPRING, noon()).is_none());
    let lead = ground.next(noon()).unwrap().next.lead;
    ground.supply.keep_in_full_segment(SPRING, lead);
    let counts = ground.supply.counts(SPRING);
    assert_eq!((counts.in_full_segments, counts.away, counts.all()), (1, 0, 1));
}

#[test]
fn leads_go_as_a_person_or_the_hour_lets_them() {
    let mut ground = Ground::new().with(SPRING, supplied(json!({ "release": "by_hand" })), 10);
    ground.supply.list_mut(SPRING).unwrap().release.change(&settings(json!({ "release": "by_hand" })).release, 3);
    assert_eq!(ground.given(noon()), [100, 101, 102]);
    let (paris, again) = (ground.paris, Place::Again { due: noon() });
    assert!(ground.supply.file_again(SPRING, paris, LeadId(100), again, noon()));
    assert_eq!(ground.given(noon()), [100], "who was tried is let go already");
    assert!(ground.supply.file_again(SPRING, paris, LeadId(101), Place::Fresh { rank: 1 }, noon()));
    assert_eq!(ground.given(noon()), [101], "who came back untried goes again");
    assert!(!ground.supply.file_again(SPRING, paris, LeadId(105), again, noon()), "nobody gave it");

    let hourly = json!({ "release": { "tranche": { "leads": 2, "every": "hour" } } });
    let mut ground = Ground::new().with(SPRING, supplied(hourly), 10);
    let (begun, next) = (noon() + Millis::minutes(30), noon() + Millis::minutes(60));
    assert_eq!(ground.given(begun), [100, 101]);
    assert_eq!(ground.gives_none(SPRING, begun), Some(GivesNone::NotReleased { next: Some(next) }));
    assert_eq!(ground.when_next(begun), Some(next));
    assert_eq!(ground.given(next + Millis::minutes(180)), [102, 103], "what an hour left over has lapsed");

    let daily = json!({ "release": { "tranche": { "leads": 1, "every": "day" } } });
    let mut ground = Ground::new().with(SPRING, supplied(daily), 3);
    assert_eq!(ground.given(noon()), [100]);
    let tomorrow = at("2026-11-24T08:00:00Z");
    assert_eq!(ground.when_next(noon()), Some(at("2026-11-23T23:00:00Z")), "when the day begins in Paris");
    assert_eq!(ground.given(tomorrow), [101]);
    assert_eq!(ground.supply.list(SPRING).unwrap().release.standing().taken, 2);
}

#[test]
fn a_list_follows_when_the_one_before_it_runs_low() {
    let before = SuppliedList { next: Some(SUMMER), ..supplied(json!({})) };
    let mut ground = Ground::new().with(SPRING, before.clone(), 2).with(SUMMER, supplied(json!({})), 2);
    assert_eq!(ground.gives_none(SUMMER, noon()), Some(GivesNone::Follows(SPRING)));
    let paused = SuppliedList { is_active: false, ..before.clone() };
    ground.supply.set_list(SPRING, paused);
    assert_eq!(ground.gives_none(SUMMER, noon()), Some(GivesNone::Follows(SPRING)), "a pause is not the end");
    ground.supply.set_list(SPRING, before.clone());
    assert_eq!(ground.given(noon()), [100, 101, 200, 201]);

    let expired = SuppliedList { expires_at: Some(noon()), ..before.clone() };
    let mut ground = Ground::new().with(SPRING, expired, 2).with(SUMMER, supplied(json!({})), 2);
    assert_eq!(ground.given(noon()), [200, 201]);

    let circle = |next| SuppliedList { next: Some(next), ..supplied(json!({})) };
    let ground = Ground::new().with(SPRING, circle(SUMMER), 1).with(SUMMER, circle(SPRING), 1);
    let mut ground = ground.with(AUTUMN, supplied(json!({})), 1);
    assert_eq!(ground.given(noon()).len(), 3, "nobody waits for himself");
}

#[test]
fn who_is_over_is_passed_over() {
    let mut ground = Ground::new().with(SPRING, supplied(json!({})), 3);
    let given = ground.next(noon()).unwrap().next.lead;
    ground.supply.withdraw(SPRING, given);
    ground.supply.withdraw(SPRING, LeadId(101));
    assert_eq!(ground.supply.counts(SPRING).all(), 1);
    assert_eq!(ground.given(noon()), [102]);
    ground.supply.lose(SPRING, LeadId(102));
    let counts = ground.supply.counts(SPRING);
    assert_eq!((counts.nowhere, counts.withdrawn, counts.all()), (1, 0, 1));
    ground.supply.remove_list(SPRING);
    assert_eq!((ground.supply.counts(SPRING).all(), ground.given(noon())), (0, vec![]));
}

#[test]
fn the_order_of_those_that_nobody_tried() {
    let declared = json!([
        { "name": "amount", "type": "integer" }, { "name": "price", "type": "decimal" }, { "name": "since", "type": "date" },
        { "name": "size", "type": "choice", "options": ["small", "large"] }, { "name": "vip", "type": "boolean" },
        { "name": "city", "type": "text" },
    ]);
    let fields = settings(json!({ "field": declared })).fields;
    let lead = |no: i64, priority: i64, field: &str, value: serde_json::Value| OpenLead {
        lead: LeadId(no),
        list: SPRING,
        import: None,
        priority,
        due: None,
        goes_first: false,
        zone: None,
        region: None,
        postcode: None,
        number: None,
        fields: Some(CustomFields([(field.to_owned(), value)].into())),
    };
    let of = |order: &LeadOrder, no, priority| rank(order, &fields, &lead(no, priority, "amount", json!(no)));
    assert!(of(&LeadOrder::Priority, 9, 5) < of(&LeadOrder::Priority, 1, -5));
    assert_eq!(of(&LeadOrder::Oldest, 9, 5), of(&LeadOrder::Oldest, 1, -5));
    let shuffled = |seed| -> Vec<i64> {
        let mut leads: Vec<i64> = (0..1_000).collect();
        leads.sort_by_key(|no| of(&LeadOrder::Random { seed }, *no, 0));
        leads
    };
    assert_eq!(shuffled(7), shuffled(7));
    assert!(shuffled(7) != shuffled(8) && shuffled(0) != (0..1_000).collect::<Vec<_>>());

    for (field, rising) in [
        ("amount", vec![json!(-3), json!(0), json!(12)]),
        ("price", vec![json!("-2.5"), json!("-0.5"), json!("0"), json!("1.25"), json!("100")]),
        ("since", vec![json!("1999-12-31"), json!("2026-01-01"), json!("2026-11-23")]),
        ("size", vec![json!("small"), json!("large")]),
        ("vip", vec![json!(false), json!(true)]),
        ("city", vec![json!("Aix"), json!("Lyon"), json!("Lyons"), json!("Zürich")]),
    ] {
        let by = |largest_first| LeadOrder::Field { name: field.to_owned(), largest_first };
        let of = |largest_first, value: &serde_json::Value| {
            rank(&by(largest_first), &fields, &lead(1, 0, field, value.clone()))
        };
        assert!(rising.windows(2).all(|pair| of(false, &pair[0]) < of(false, &pair[1])), "{field}");
        assert!(rising.windows(2).all(|pair| of(true, &pair[0]) > of(true, &pair[1])), "{field}");
        let last = rank(&by(true), &fields, &lead(1, 0, "other", json!(1)));
        assert!(
            rising.iter().all(|value| of(true, value) < last && of(false, value) < last),
            "who says nothing is last"
        );
    }
}

#[derive(Clone, Debug)]
enum Step {
    Give,
    /// Some lead that is away is due again after so many minutes.
    Again(usize, i64),
    /// Some lead that is away comes back as it was.
    Untried(usize),
    Over(usize),
    Withdraw(i64),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => Just(Step::Give),
        2 => (any::<usize>(), 1i64..600).prop_map(|(which, minutes)| Step::Again(which, minutes)),
        1 => any::<usize>().prop_map(Step::Untried),
        1 => any::<usize>().prop_map(Step::Over),
        1 => (0i64..30).prop_map(Step::Withdraw),
        2 => (1i64..300).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn shares_are_kept_while_every_list_has_leads(shares in prop::collection::vec(1u32..50, 2..5)) {
        let mut ground = Ground::new();
        for (no, share) in shares.iter().enumerate() {
            let list = SuppliedList { share: *share, ..supplied(json!({})) };
            ground = ground.with(CallListId(no as i64 + 1), list, 100);
        }
        let all: u64 = shares.iter().map(|share| u64::from(*share)).sum();
        let mut counts = vec![0u64; shares.len()];
        for pick in 1..=100u64 {
            let list = ground.next(noon()).unwrap().list;
            counts[usize::try_from(list.0).unwrap() - 1] += 1;
            for (count, share) in counts.iter().zip(&shares) {
                prop_assert!((count * all).abs_diff(pick * u64::from(*share)) < all, "{counts:?} after {pick}");
            }
        }
    }

    /// Nobody twice, nobody before he is due or when his calendar is closed, no more than were let go; and all add up.
    #[test]
    fn what_is_given_may_go(steps in prop::collection::vec(step(), 1..200), a_day in 1u32..10) {
        let tranche = json!({ "release": { "tranche": { "leads": a_day, "every": "day" } } });
        let mut ground = Ground::new().with(SPRING, supplied(json!({})), 10).with(SUMMER, supplied(tranche), 10);
        let list_of = |lead: LeadId| CallListId(lead.0 / 100);
        let mut due: BTreeMap<LeadId, Option<Timestamp>> = (0..20).map(|no| (LeadId(100 * (1 + no / 10) + no % 10), None)).collect();
        let mut in_new_york: BTreeMap<LeadId, bool> = BTreeMap::new();
        let (mut away, mut now) = (Vec::<(LeadId, bool)>::new(), at("2026-11-23T07:00:00Z"));
        let mut gone: BTreeMap<jiff::civil::Date, u32> = BTreeMap::new();
        let zone = TimeZone::get("Europe/Paris").unwrap();
        for step in steps {
            let day = zone.to_datetime(jiff::Timestamp::from_millisecond(now.0).unwrap()).date();
            match step {
                Step::Wait(minutes) => now = now + Millis::minutes(minutes),
                Step::Give => {
                    let at = ground.when_next(now);
                    let Some(ListedLead { list, next }) = ground.next(now) else {
                        prop_assert!(at.is_none_or(|at| at > now), "it promised one at {at:?}");
                        continue;
                    };
                    prop_assert_eq!(at, Some(now));
                    prop_assert_eq!(list, list_of(next.lead));
                    let due = due.get(&next.lead).expect("not over");
                    prop_assert!(due.is_none_or(|due| due <= now) && due.is_none() == next.is_fresh);
                    prop_assert!(away.iter().all(|(lead, _)| *lead != next.lead), "it was away");
                    let calendar = if in_new_york.get(&next.lead) == Some(&true) { ground.new_york } else { ground.paris };
                    prop_assert_eq!(calendar, next.calendar);
                    prop_assert!(ground.calendars.get(calendar).unwrap().is_open(now));
                    if list == SUMMER && next.is_fresh {
                        *gone.entry(day).or_default() += 1;
                        prop_assert!(gone[&day] <= a_day);
                    }
                    away.push((next.lead, next.is_fresh));
                }
                Step::Again(which, minutes) if !away.is_empty() => {
                    let (lead, _) = away.swap_remove(which % away.len());
                    let again = now + Millis::minutes(minutes);
                    let is_far = minutes % 2 == 0;
                    let calendar = if is_far { ground.new_york } else { ground.paris };
                    let place = Place::Again { due: again };
                    prop_assert!(ground.supply.file_again(list_of(lead), calendar, lead, place, now));
                    in_new_york.insert(lead, is_far);
                    due.insert(lead, Some(again));
                }
                Step::Untried(which) if !away.is_empty() => {
                    let (lead, is_fresh) = away.remove(which % away.len());
                    if is_fresh {
                        let paris = ground.paris;
                        let place = Place::Fresh { rank: 0 };
                        prop_assert!(ground.supply.file_again(list_of(lead), paris, lead, place, now));
                        if list_of(lead) == SUMMER && let Some(count) = gone.get_mut(&day) {
                            *count = count.saturating_sub(1);
                        }
                    } else {
                        ground.supply.withdraw(list_of(lead), lead);
                        due.remove(&lead);
                    }
                }
                Step::Over(which) if !away.is_empty() => {
                    let (lead, _) = away.remove(which % away.len());
                    ground.supply.withdraw(list_of(lead), lead);
                    due.remove(&lead);
                }
                Step::Withdraw(no) => {
                    let lead = LeadId(100 * (1 + no / 10) + no % 10);
                    if due.remove(&lead).is_some() {
                        ground.supply.withdraw(list_of(lead), lead);
                        away.retain(|(held, _)| *held != lead);
                    }
                }
                Step::Again(..) | Step::Untried(_) | Step::Over(_) => {}
            }
            for list in [SPRING, SUMMER] {
                let open = due.keys().filter(|lead| list_of(**lead) == list).count() as u64;
                prop_assert_eq!(ground.supply.counts(list).all(), open);
                let parts = ground.waterfall(list, open, 10 - open, now);
                prop_assert_eq!((parts.sum(), parts.all), (10, 10));
                prop_assert_eq!(parts.with_router, away.iter().filter(|(lead, _)| list_of(*lead) == list).count() as u64);
                if ground.supply.counts(list).withdrawn == 0 {
                    let here = due.iter().filter(|(lead, _)| list_of(**lead) == list && !away.iter().any(|(held, _)| held == *lead));
                    let mut slow = (0, 0, 0);
                    for (lead, due) in here {
                        let calendar = if in_new_york.get(lead) == Some(&true) { ground.new_york } else { ground.paris };
                        match due {
                            Some(due) if *due > now => slow.2 += 1,
                            _ if ground.calendars.get(calendar).unwrap().is_open(now) => slow.0 += 1,
                            _ => slow.1 += 1,
                        }
                    }
                    prop_assert_eq!((parts.dialable + parts.not_released, parts.closed, parts.due_later), slow);
                    prop_assert_eq!(parts.dialable > 0, ground.gives_none(list, now).is_none());
                }
                let gives = ground.gives_none(list, now).is_none();
                prop_assert!(!gives || ground.when_next(now) == Some(now));
            }
        }
    }
}
