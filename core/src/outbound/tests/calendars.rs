//! Calendars by example: what they say and why, which are the same, and what is refused.

use std::sync::Arc;

use super::support::{at, calendar, daily, in_leads_zone, in_zone, key, open, shown};
use crate::outbound::calling_calendars::{CalendarError, CallingCalendars};
use crate::outbound::calling_hours::{CallingHours, HoursError};
use crate::outbound::holiday::{Holiday, HolidayRule};

fn law() -> Arc<CallingHours> {
    daily(&[(480, 1_260)])
}

#[test]
fn tennessee_is_in_two_zones_and_both_must_allow_it() {
    let calendar = calendar(&["America/New_York", "America/Chicago"], &[("us", in_leads_zone(&law()))], None);
    // 8 to 21 h in both is 9 to 21 h in New York.
    let opening = calendar.next_opening(at("2026-11-23T00:00:00Z")).unwrap();
    assert_eq!(shown(opening.at), "2026-11-23T14:00:00Z");
    assert_eq!(opening.reason.to_string(), "us: Mon 2026-11-23 08:00 in America/Chicago, calls 08:00–21:00");
    let closing = calendar.next_closing(opening.at).unwrap();
    assert_eq!(shown(closing.at), "2026-11-24T02:00:00Z");
    assert_eq!(closing.reason.to_string(), "us: Mon 2026-11-23 21:00 in America/New_York, calls 08:00–21:00");
    let closed_by: Vec<String> =
        calendar.closed_by(at("2026-11-23T13:30:00Z")).iter().map(ToString::to_string).collect();
    assert_eq!(closed_by, ["us: Mon 2026-11-23 07:30 in America/Chicago, calls 08:00–21:00"]);
}

#[test]
fn a_campaign_narrows_the_law_and_never_widens_it() {
    let campaign = in_zone(&daily(&[(540, 1_380)]), "Europe/Paris");
    let calendar = calendar(&["Europe/London"], &[("law", in_leads_zone(&law()))], Some(campaign));
    let opening = calendar.next_opening(at("2026-11-23T00:00:00Z")).unwrap();
    assert_eq!(opening.reason.to_string(), "law: Mon 2026-11-23 08:00 in Europe/London, calls 08:00–21:00");
    assert_eq!(shown(opening.at), "2026-11-23T08:00:00Z");
    assert_eq!(shown(calendar.next_closing(opening.at).unwrap().at), "2026-11-23T21:00:00Z");
}

#[test]
fn hours_over_midnight_are_one_stretch() {
    let night = in_zone(&daily(&[(0, 120), (1_320, 1_440)]), "Europe/Paris");
    let calendar = calendar(&["Europe/Paris"], &[], Some(night));
    let opening = calendar.next_opening(at("2026-11-23T12:00:00Z")).unwrap();
    assert_eq!(shown(opening.at), "2026-11-23T21:00:00Z");
    assert_eq!(shown(calendar.next_closing(opening.at).unwrap().at), "2026-11-24T01:00:00Z");
}

#[test]
fn hours_that_never_meet_never_open_and_hours_without_end_never_close() {
    let (early, late) = (daily(&[(480, 600)]), daily(&[(700, 800)]));
    let laws = [("early", in_leads_zone(&early)), ("late", in_leads_zone(&late))];
    let never = calendar(&["Asia/Kathmandu"], &laws, None);
    assert_eq!(never.next_opening(at("2026-11-23T00:00:00Z")), None);
    assert_eq!(never.open_from(at("2026-11-23T00:00:00Z")), None);
    assert_eq!(never.next_closing(at("2026-11-23T00:00:00Z")), None);
    let always = calendar(&["Asia/Kathmandu"], &[("law", in_leads_zone(&daily(&[(0, 1_440)])))], None);
    assert_eq!(always.next_closing(at("2026-11-23T00:00:00Z")), None);
    assert_eq!(always.next_opening(at("2026-11-23T00:00:00Z")), None);
    assert_eq!(always.open_from(at("2026-11-23T00:00:00Z")), Some(at("2026-11-23T00:00:00Z")));
}

#[test]
fn a_holiday_is_named() {
    let holiday = Holiday { name: Arc::from("Christmas"), rule: HolidayRule::Yearly { month: 12, day: 25 } };
    let weekly = std::array::from_fn(|_| open(&[(540, 1_080)]));
    let hours = Arc::new(CallingHours::new(weekly, vec![holiday], Vec::new()).unwrap());
    let calendar = calendar(&["Europe/Berlin"], &[("law", in_leads_zone(&hours))], None);
    let closed = &calendar.closed_by(at("2026-12-25T10:00:00Z"))[0];
    assert_eq!(closed.to_string(), "law: Fri 2026-12-25 11:00 in Europe/Berlin, Christmas, no calls that day");
    assert_eq!(shown(calendar.open_from(at("2026-12-24T17:00:00Z")).unwrap()), "2026-12-26T08:00:00Z");
}

#[test]
fn a_calendar_is_kept_once() {
    let mut calendars = CallingCalendars::default();
    let mut intern = |zones: &[&str]| calendars.intern(key(zones, &[("us", in_leads_zone(&law()))], None));
    let first = intern(&["America/New_York", "America/Chicago"]).unwrap();
    let second = intern(&["America/Chicago"]).unwrap();
    assert_ne!(first, second);
    assert_eq!(intern(&["America/Chicago", "America/New_York"]).unwrap(), first);
    assert_eq!((calendars.len(), calendars.iter().count()), (2, 2));
}

#[test]
fn what_limits_nothing_is_refused_and_nothing_is_kept() {
    let mut calendars = CallingCalendars::default();
    let hours = law();
    let rule = || [("us", in_leads_zone(&hours))];
    assert_eq!(calendars.intern(key(&[], &rule(), None)), Err(CalendarError::NoZone));
    assert_eq!(calendars.intern(key(&["Europe/Paris"], &[], None)), Err(CalendarError::NoHours));
    let unknown = calendars.intern(key(&["Europe/Parsi"], &rule(), None)).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "Europe/Parsi is no time zone: expected a name of the IANA database, such as Europe/Paris"
    );
    let campaign = Some(in_zone(&hours, "Mars/Olympus"));
    assert!(matches!(calendars.intern(key(&["Europe/Paris"], &[], campaign)), Err(CalendarError::UnknownZone(_))));
    assert!(calendars.is_empty());
}

#[test]
fn hours_that_end_before_they_begin_are_refused() {
    for (hours, error) in [
        (&[(600, 540)][..], HoursError::EndBeforeBeginning),
        (&[(600, 600)], HoursError::EndBeforeBeginning),
        (&[(600, 1_441)], HoursError::EndBeforeBeginning),
        (&[(600, 700), (650, 800)], HoursError::OutOfOrder),
    ] {
        assert_eq!(CallingHours::daily(&open(hours)), Err(error), "{hours:?}");
    }
}
