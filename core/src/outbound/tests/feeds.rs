//! Whose turn it is: lists by their shares, leads by when they are due and by their calendars, held to slow models.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::support::{at, daily, in_leads_zone, key};
use crate::outbound::calling_calendars::{CalendarNo, CallingCalendars};
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead_feed::{FeedCounts, LeadFeed, MayGo, NextLead, Place};
use crate::outbound::list_mix::ListMix;
use crate::routing::time::{Millis, Timestamp};

const SPRING: CallListId = CallListId(1);
const SUMMER: CallListId = CallListId(2);

/// Paris from 9 to 18, New York from 9 to 18, and Tokyo by night.
fn calendars() -> (CallingCalendars, [CalendarNo; 3]) {
    let mut calendars = CallingCalendars::default();
    let by_day = daily(&[(9 * 60, 18 * 60)]);
    let by_night = daily(&[(0, 2 * 60), (22 * 60, 24 * 60)]);
    let places = [("Europe/Paris", &by_day), ("America/New_York", &by_day), ("Asia/Tokyo", &by_night)];
    let numbers =
        places.map(|(zone, hours)| calendars.intern(key(&[zone], &[("law", in_leads_zone(hours))], None)).unwrap());
    (calendars, numbers)
}

fn leads(feed: &mut LeadFeed, list: CallListId, now: Timestamp) -> Vec<i64> {
    std::iter::from_fn(|| feed.take(list, now, MayGo::All)).map(|next| next.lead.0).collect()
}

#[test]
fn who_is_owed_a_call_goes_first_then_who_is_due_then_the_new() {
    let (calendars, [paris, new_york, _]) = calendars();
    let noon = at("2026-11-23T11:00:00Z");
    let mut feed = LeadFeed::default();
    feed.file(SPRING, paris, LeadId(1), Place::Fresh { rank: 5 });
    feed.file(SPRING, paris, LeadId(2), Place::Fresh { rank: 3 });
    feed.file(SPRING, paris, LeadId(3), Place::Again { due: noon });
    feed.file(SPRING, paris, LeadId(4), Place::Again { due: noon - Millis(1) });
    feed.file(SPRING, paris, LeadId(5), Place::Again { due: noon + Millis(1) });
    feed.file(SPRING, paris, LeadId(6), Place::First { due: noon });
    feed.file(SPRING, new_york, LeadId(7), Place::First { due: noon - Millis(1) });
    feed.file(SUMMER, paris, LeadId(8), Place::Fresh { rank: 0 });
    assert!(!feed.has_lead(SPRING, noon, MayGo::All), "nobody has looked at a calendar yet");
    feed.advance_to(noon, &calendars);
    assert_eq!(feed.counts(SPRING), FeedCounts { in_open_calendars: 6, in_closed_calendars: 1 });
    let closes_at = Some(at("2026-11-23T17:00:00Z"));
    assert_eq!(
        feed.take(SPRING, noon, MayGo::All),
        Some(NextLead { lead: LeadId(6), is_fresh: false, calendar: paris, closes_at })
    );
    assert_eq!(leads(&mut feed, SPRING, noon), [4, 3, 2, 1]);
    assert_eq!(feed.next_at(SPRING, noon, MayGo::All), Some(noon + Millis(1)));
    assert_eq!(leads(&mut feed, SPRING, noon + Millis(1)), [5]);
    let opens = at("2026-11-23T14:00:00Z");
    assert_eq!(feed.next_at(SPRING, noon + Millis(1), MayGo::All), Some(opens), "New York opens");
    feed.advance_to(opens, &calendars);
    assert_eq!(leads(&mut feed, SPRING, opens), [7]);
    assert_eq!((feed.next_at(SPRING, opens, MayGo::All), feed.has_lead(SPRING, opens, MayGo::All)), (None, false));
    assert_eq!(leads(&mut feed, SUMMER, opens), [8]);
    feed.file(SUMMER, paris, LeadId(9), Place::Fresh { rank: 0 });
    feed.remove_list(SUMMER);
    assert_eq!((feed.counts(SUMMER), feed.take(SUMMER, opens, MayGo::All)), (FeedCounts::default(), None));
}

#[test]
fn a_clock_that_steps_back_closes_what_it_opened() {
    let (calendars, [paris, ..]) = calendars();
    let mut feed = LeadFeed::default();
    feed.file_fresh(SPRING, paris, vec![(2, LeadId(1)), (1, LeadId(2))]);
    feed.file_fresh(SPRING, paris, vec![(0, LeadId(3))]);
    feed.advance_to(at("2026-11-23T08:00:00Z"), &calendars);
    assert!(feed.has_lead(SPRING, at("2026-11-23T08:00:00Z"), MayGo::All));
    let earlier = at("2026-11-23T07:00:00Z");
    feed.forget_openings();
    feed.advance_to(earlier, &calendars);
    assert_eq!(
        (feed.take(SPRING, earlier, MayGo::All), feed.next_at(SPRING, earlier, MayGo::All)),
        (None, Some(at("2026-11-23T08:00:00Z")))
    );
    feed.advance_to(at("2026-11-23T08:00:00Z"), &calendars);
    assert_eq!(leads(&mut feed, SPRING, at("2026-11-23T08:00:00Z")), [3, 2, 1]);
}

#[test]
fn a_list_without_a_share_is_for_want_of_others() {
    let mut mix = ListMix::new([(SPRING, 0), (SUMMER, 10)]);
    assert_eq!(mix.pick(|_| true), Some(SUMMER));
    assert_eq!(mix.pick(|list| list == SPRING), Some(SPRING));
    assert_eq!(mix.pick(|_| true), Some(SUMMER));
    assert_eq!(mix.pick(|_| false), None);
    assert_eq!(ListMix::new([]).pick(|_| true), None);
    assert_eq!(ListMix::new([(SPRING, 0)]).pick(|_| true), Some(SPRING));
}

#[test]
fn a_list_that_was_empty_makes_up_for_nothing() {
    let mut mix = ListMix::new([(SPRING, 50), (SUMMER, 50)]);
    for _ in 0..1_000 {
        assert_eq!(mix.pick(|list| list == SPRING), Some(SPRING));
    }
    let next: Vec<_> = (0..100).filter(|_| mix.pick(|_| true) == Some(SUMMER)).collect();
    assert!((50..=51).contains(&next.len()), "{}", next.len());
}

/// One lead of the slow model.
#[derive(Clone, Copy, Debug)]
struct Filed {
    calendar: usize,
    place: Place,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_list_is_a_pick_away_from_its_share(shares in prop::collection::vec(1u32..100, 1..12), picks in 1u64..2_000) {
        let mut mix = ListMix::new(shares.iter().enumerate().map(|(no, share)| (CallListId(no as i64), *share)));
        let all: u64 = shares.iter().map(|share| u64::from(*share)).sum();
        let mut counts = vec![0u64; shares.len()];
        for pick in 1..=picks {
            let list = mix.pick(|_| true).unwrap();
            counts[usize::try_from(list.0).unwrap()] += 1;
            for (count, share) in counts.iter().zip(&shares) {
                prop_assert!((count * all).abs_diff(pick * u64::from(*share)) < all, "{counts:?} after {pick}");
            }
        }
    }

    /// Whoever has leads for long enough gets his picks, whatever the others have.
    #[test]
    fn no_list_waits_for_ever(shares in prop::collection::vec(1u32..20, 2..6), empty in prop::collection::vec(any::<u8>(), 600)) {
        let mut mix = ListMix::new(shares.iter().enumerate().map(|(no, share)| (CallListId(no as i64), *share)));
        let all: u32 = shares.iter().sum();
        // One pick as soon as it may come, the next as late as it may.
        let longest = (2 * all.div_ceil(shares[0]) + u32::try_from(shares.len()).unwrap()) as usize;
        let mut waited = 0;
        for mask in empty {
            let has = |list: CallListId| list.0 == 0 || mask & (1 << list.0) != 0;
            let picked = mix.pick(has).unwrap();
            prop_assert!(has(picked));
            waited = if picked.0 == 0 { 0 } else { waited + 1 };
            prop_assert!(waited <= longest, "{waited} picks without the first list, {longest} expected");
        }
    }

    #[test]
    fn the_feed_gives_what_a_slow_model_gives(
        filed in prop::collection::vec((0usize..3, 0u8..3, 0i64..72), 0..40),
        steps in prop::collection::vec(1i64..240, 1..60),
    ) {
        let (calendars, numbers) = calendars();
        let begin = at("2026-11-23T00:00:00Z");
        let mut feed = LeadFeed::default();
        let mut model: BTreeMap<i64, Filed> = BTreeMap::new();
        for (no, (calendar, kind, hour)) in filed.into_iter().enumerate() {
            let due = begin + Millis::minutes(hour * 60);
            let place = match kind {
                0 => Place::First { due },
                1 => Place::Again { due },
                _ => Place::Fresh { rank: hour },
            };
            feed.file(SPRING, numbers[calendar], LeadId(no as i64), place);
            model.insert(no as i64, Filed { calendar, place });
        }
        let mut now = begin;
        for minutes in steps {
            feed.advance_to(now, &calendars);
            let is_open = |filed: &Filed| calendars.get(numbers[filed.calendar]).unwrap().is_open(now);
            let ready = |filed: &Filed| match filed.place {
                Place::First { due } if due <= now => Some((0, due.0)),
                Place::Again { due } if due <= now => Some((1, due.0)),
                Place::Fresh { rank } => Some((2, rank)),
                Place::First { .. } | Place::Again { .. } => None,
            };
            let expected = model.iter().filter(|(_, filed)| is_open(filed)).filter_map(|(lead, filed)| Some((ready(filed)?, *lead))).min();
            prop_assert_eq!(feed.has_lead(SPRING, now, MayGo::All), expected.is_some());
            let open = model.values().filter(|filed| is_open(filed)).count() as u64;
            let counts = FeedCounts { in_open_calendars: open, in_closed_calendars: model.len() as u64 - open };
            prop_assert_eq!(feed.counts(SPRING), counts);
            let next_at = feed.next_at(SPRING, now, MayGo::All);
            prop_assert_eq!(next_at == Some(now), expected.is_some());
            prop_assert_eq!(next_at.is_none(), model.is_empty());
            let taken = feed.take(SPRING, now, MayGo::All);
            prop_assert_eq!(taken.map(|next| next.lead.0), expected.map(|(_, lead)| lead));
            if let Some(next) = taken {
                model.remove(&next.lead.0);
                prop_assert!(next.closes_at.is_some_and(|closes| closes > now));
            } else if let Some(at) = next_at {
                prop_assert!(at > now);
            }
            now = now + Millis::minutes(minutes);
        }
    }
}
