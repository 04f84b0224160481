//! Calendars worked out once for leads that are alike, held to those worked out for each lead by itself.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::support::{daily, in_leads_zone};
use crate::customers::phone::PhoneNumber;
use crate::outbound::calling_calendars::{CalendarKey, CallingCalendars};
use crate::outbound::campaign::CampaignSettings;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::jurisdiction::{AppliesTo, Jurisdiction, PackId, Purpose, Sourced};
use crate::outbound::lead_calendars::LeadCalendars;
use crate::outbound::lead_place::{LeadFacts, LeadPlace};
use crate::outbound::lead_standing::OpenLead;
use crate::outbound::region::RegionCode;

fn settings(hours: bool) -> CampaignSettings {
    let mut text = json!({
        "queue": "outbound", "gateway": "switch", "mode": "progressive", "purpose": "sales",
        "disposition": { "refused": { "reached": "right_party", "final": "contact" } },
    });
    if hours {
        text["hours"] = json!({ "zone": "Europe/Paris", "week": { "mon-sat": ["10:00-17:00"] } });
    }
    serde_json::from_value(text).unwrap()
}

fn pack(id: &str, regions: &[&str], numbers: &[&str], from_hour: u16) -> Arc<Jurisdiction> {
    let applies = AppliesTo {
        regions: regions.iter().map(|region| RegionCode::new(region).unwrap()).collect(),
        numbers: numbers.iter().map(|prefix| Arc::from(*prefix)).collect(),
        purposes: [Purpose::Sales].into(),
    };
    let hours = in_leads_zone(&daily(&[(from_hour * 60, 20 * 60)]));
    Arc::new(Jurisdiction {
        id: PackId::new(id).unwrap(),
        version: 1,
        name: Arc::from(id),
        applies,
        hours: Some(Sourced { rule: hours, source: Arc::from("a law") }),
        caps: Vec::new(),
        locks: Vec::new(),
        drop_cap: None,
        ring_time_min: None,
        agent_within: None,
        consent: None,
        message: None,
    })
}

fn packs() -> Vec<Arc<Jurisdiction>> {
    vec![
        pack("france", &["FR", "RE", "GP"], &[], 10),
        pack("florida", &["US-FL"], &[], 8),
        pack("america", &["US"], &[], 9),
        pack("ranges", &[], &["4930123", "33612345"], 11),
    ]
}

fn lead(number: Option<&str>, zone: Option<&str>, region: Option<&str>, postcode: Option<&str>) -> OpenLead {
    let text = |text: Option<&str>| text.map(ToOwned::to_owned);
    OpenLead {
        lead: LeadId(1),
        list: CallListId(1),
        import: None,
        priority: 0,
        due: None,
        goes_first: false,
        zone: text(zone),
        region: text(region),
        postcode: text(postcode),
        number: text(number),
        fields: None,
    }
}

#[test]
fn who_has_no_number_no_place_or_no_hours_has_no_calendar() {
    let mut calendars = LeadCalendars::new(settings(false), packs());
    assert!(calendars.of(&lead(Some("+33612345678"), None, None, None)).is_some());
    assert_eq!(calendars.of(&lead(None, None, None, None)), None);
    assert_eq!(calendars.of(&lead(Some("12"), None, None, None)), None);
    assert_eq!(calendars.of(&lead(Some("+4930987654"), None, None, None)), None, "no law and no campaign limits it");
    assert_eq!(calendars.of(&lead(Some("+870773111632"), None, None, None)), None, "a satellite may be anywhere");
    assert_eq!(calendars.of(&lead(Some("+33612345678"), Some("Mars/Olympus"), None, None)), None);
    let mut calendars = LeadCalendars::new(settings(true), packs());
    assert!(calendars.of(&lead(Some("+4930987654"), None, None, None)).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn leads_that_are_alike_have_the_calendar_of_each(
        leads in prop::collection::vec((
            prop::sample::select(vec![
                ("+336", 8), ("+331", 8), ("+3361234", 4), ("+26269", 7), ("+1305", 7), ("+1850", 7), ("+1212", 7),
                ("+1219", 7), ("+4930123", 4), ("+4930", 7), ("+7701", 7), ("+7902", 7), ("+35353925", 3), ("+336", 3),
            ]),
            0u32..100_000_000,
            prop::option::weighted(0.3, prop::sample::select(vec!["Europe/Paris", "Indian/Reunion", "America/Chicago"])),
            prop::option::weighted(0.3, prop::sample::select(vec!["FR", "US-FL", "US", "somewhere"])),
            prop::option::weighted(0.3, prop::sample::select(vec!["75011", "97400", "33101", "32501", "?"])),
        ), 1..40),
        has_hours in any::<bool>(),
    ) {
        let (settings, packs) = (settings(has_hours), packs());
        let mut calendars = LeadCalendars::new(settings.clone(), packs.clone());
        for ((prefix, digits), rest, zone, region, postcode) in leads {
            let number = format!("{prefix}{:0digits$}", rest % 10u32.pow(digits as u32));
            let found = calendars.of(&lead(Some(&number), zone, region, postcode));
            let found = found.and_then(|found| calendars.calendars().get(found).cloned());
            let expected = (|| {
                let number = PhoneNumber::read(&number, None).ok()??;
                let region = region.and_then(|region| RegionCode::new(region).ok());
                let place = LeadPlace::of(LeadFacts { zone, region: region.as_ref(), postcode, number: &number }).ok()?;
                let held = settings.packs_for(&packs, &place.regions, &number.e164()[1..]);
                let campaign = settings.hours.as_ref().map(|hours| hours.rule());
                let mut alone = CallingCalendars::default();
                let calendar = alone.intern(CalendarKey::of(&place, held, campaign)).ok()?;
                alone.get(calendar).cloned()
            })();
            prop_assert_eq!(found, expected, "{}", number);
        }
    }
}
