//! Instants, hours, calendars and chance for the tests of this folder, as short as they can be written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::outbound::calling_calendar::CallingCalendar;
use crate::outbound::calling_calendars::{CalendarKey, CallingCalendars, HoursRule};
use crate::outbound::calling_hours::CallingHours;
use crate::outbound::holiday::{Holiday, HolidayRule};
use crate::outbound::jurisdiction::{HoursZone, PackId};
use crate::routing::calendar::OpenHours;
use crate::routing::time::Timestamp;

pub fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

pub fn shown(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).unwrap().to_string()
}

pub fn open(hours: &[(u16, u16)]) -> Vec<OpenHours> {
    hours.iter().map(|(from, to)| OpenHours { from: *from, to: *to }).collect()
}

pub fn daily(hours: &[(u16, u16)]) -> Arc<CallingHours> {
    Arc::new(CallingHours::daily(&open(hours)).unwrap())
}

pub fn in_leads_zone(hours: &Arc<CallingHours>) -> HoursRule {
    HoursRule { hours: hours.clone(), zone: HoursZone::Leads }
}

pub fn in_zone(hours: &Arc<CallingHours>, zone: &str) -> HoursRule {
    HoursRule { hours: hours.clone(), zone: HoursZone::Named(Arc::from(zone)) }
}

pub fn key(zones: &[&str], laws: &[(&str, HoursRule)], campaign: Option<HoursRule>) -> CalendarKey {
    let jurisdictions: BTreeMap<PackId, HoursRule> =
        laws.iter().map(|(id, rule)| (PackId::new(id).unwrap(), rule.clone())).collect();
    CalendarKey { zones: zones.iter().map(|zone| Arc::from(*zone)).collect(), jurisdictions, campaign }
}

pub fn calendar(zones: &[&str], laws: &[(&str, HoursRule)], campaign: Option<HoursRule>) -> CallingCalendar {
    let mut calendars = CallingCalendars::default();
    let number = calendars.intern(key(zones, laws, campaign)).unwrap();
    calendars.get(number).unwrap().clone()
}

/// Hours as numbers, and the dates on which there are none. One list of hours for Monday to Friday, one for the weekend.
pub struct Pattern {
    weekdays: &'static [(u16, u16)],
    weekend: &'static [(u16, u16)],
    closed_on: &'static [&'static str],
}

/// Edges within gaps and folds of an hour and of half an hour at all usual times, hours that touch, and hours over midnight.
pub const PATTERNS: [Pattern; 4] = [
    Pattern {
        weekdays: &[(0, 20), (75, 90), (90, 150), (165, 195), (1_395, 1_440)],
        weekend: &[(0, 20), (75, 90), (90, 150), (165, 195), (1_395, 1_440)],
        closed_on: &[],
    },
    Pattern { weekdays: &[(480, 1_260)], weekend: &[(0, 90), (135, 1_440)], closed_on: &["2026-12-25", "2026-03-29"] },
    Pattern { weekdays: &[(0, 1_440)], weekend: &[], closed_on: &["2026-12-24"] },
    Pattern {
        weekdays: &[(600, 780), (840, 1_200), (1_320, 1_440)],
        weekend: &[(0, 120)],
        closed_on: &["2026-12-26", "2026-10-25"],
    },
];

impl Pattern {
    pub fn hours(&self) -> Arc<CallingHours> {
        let mut weekly: [_; 7] = std::array::from_fn(|_| open(self.weekdays));
        weekly[5] = open(self.weekend);
        weekly[6] = open(self.weekend);
        let once = |day: &&str| Holiday { name: Arc::from(*day), rule: HolidayRule::Once(day.parse().unwrap()) };
        Arc::new(CallingHours::new(weekly, self.closed_on.iter().map(once).collect(), Vec::new()).unwrap())
    }

    /// The definition, word for word.
    pub fn allows(&self, zone: &TimeZone, at: Timestamp) -> bool {
        let local = zone.to_datetime(jiff::Timestamp::from_millisecond(at.0).unwrap());
        let closed: BTreeSet<Date> = self.closed_on.iter().map(|day| day.parse().unwrap()).collect();
        let is_weekend = matches!(local.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
        let hours = if is_weekend { self.weekend } else { self.weekdays };
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        !closed.contains(&local.date())
            && hours.iter().any(|(from, to)| minute >= i32::from(*from) && minute < i32::from(*to))
    }
}

/// The same draws from the same seed: splitmix64.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}
