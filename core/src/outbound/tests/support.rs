//! Instants, hours and calendars for the tests of this folder, as short as they can be written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::outbound::calling_calendar::CallingCalendar;
use crate::outbound::calling_calendars::{CalendarKey, CallingCalendars, HoursRule};
use crate::outbound::calling_hours::CallingHours;
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
