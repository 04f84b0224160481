//! Where leads may be: the tables against the package they are made from, and examples of what comes first.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::customers::phone::PhoneNumber;
use crate::outbound::lead_place::{KnownBy, LeadFacts, LeadPlace, NoPlace, regions_of_number, zones_of_number};
use crate::outbound::place_tables::{POSTCODE_RANGES, REGIONS_OF_AREA_CODES, ZONES_OF_NUMBERS, ZONES_OF_REGIONS};
use crate::outbound::region::RegionCode;

fn number(e164: &str) -> PhoneNumber {
    PhoneNumber::read(e164, None).unwrap().unwrap()
}

fn code(text: &str) -> RegionCode {
    RegionCode::new(text).unwrap()
}

fn place(zone: Option<&str>, region: Option<&str>, postcode: Option<&str>, e164: &str) -> Result<LeadPlace, NoPlace> {
    let region = region.map(code);
    LeadPlace::of(LeadFacts { zone, region: region.as_ref(), postcode, number: &number(e164) })
}

fn words<'w>(words: impl IntoIterator<Item = &'w Arc<str>>) -> Vec<&'w str> {
    words.into_iter().map(|word| &**word).collect()
}

#[test]
fn numbers_of_every_country_have_the_zones_that_the_package_gives_them() {
    let rows = include_str!("../../../../tests/number_zones.csv").lines().skip(2);
    let (mut same, mut wider) = (0, BTreeSet::new());
    for row in rows {
        let (e164, zones) = row.split_once('|').unwrap();
        let expected: BTreeSet<Arc<str>> = zones.split('&').filter(|zone| !zone.is_empty()).map(Arc::from).collect();
        let got = zones_of_number(&number(e164));
        assert!(got.is_superset(&expected), "{e164}: {expected:?}, got {got:?}");
        if got == expected {
            same += 1;
        } else {
            wider.insert(e164.get(..5).unwrap().to_owned());
        }
    }
    assert!(same > 4_000, "{same} numbers");
    // Yukon and its neighbours, Newfoundland, the Aleutians and north-western Indiana, where the package is behind the clocks.
    assert_eq!(wider.iter().collect::<Vec<_>>(), ["+1219", "+1867", "+1879", "+1907"]);
}

#[test]
fn a_zone_that_the_numbers_state_does_not_know_is_not_believed_alone() {
    let whitehorse = zones_of_number(&number("+18676672345"));
    assert!(whitehorse.iter().any(|zone| &**zone == "America/Whitehorse"), "{whitehorse:?}");
    assert!(words(&zones_of_number(&number("+12192345678"))).contains(&"America/Chicago"));
    assert_eq!(words(&zones_of_number(&number("+13172345678"))), ["America/New_York"]);
}

#[test]
fn the_tables_name_only_zones_of_the_database_and_regions_with_zones() {
    let of_numbers = ZONES_OF_NUMBERS.values().flat_map(|zones| zones.iter());
    let of_regions = ZONES_OF_REGIONS.values().flatten();
    for zone in of_numbers.chain(of_regions) {
        assert!(TimeZone::get(zone).is_ok(), "{zone}");
    }
    assert!(ZONES_OF_NUMBERS.len() > 3_000 && ZONES_OF_REGIONS.len() > 300);
    let of_areas = REGIONS_OF_AREA_CODES.values().flat_map(|regions| regions.iter());
    let of_postcodes = POSTCODE_RANGES.iter().flat_map(|range| range.regions.iter());
    for region in of_areas.chain(of_postcodes) {
        assert!(region.part().is_some() && ZONES_OF_REGIONS.contains_key(region), "{region}");
    }
    for states in ["US", "CA", "AU"] {
        let with_zones = ZONES_OF_REGIONS.keys().filter(|region| region.country() == states && region.part().is_some());
        assert!(with_zones.count() >= 8, "{states}");
    }
}

#[test]
fn postcodes_come_in_order_and_none_twice() {
    for pair in POSTCODE_RANGES.windows(2).filter(|pair| pair[0].country == pair[1].country) {
        assert!(pair[0].to < pair[1].from, "{:?} {:?}", pair[0], pair[1]);
    }
    for range in POSTCODE_RANGES.iter() {
        assert!(range.from <= range.to && range.from.len() == range.to.len() && !range.regions.is_empty(), "{range:?}");
        assert!(range.regions.iter().all(|region| region.country() == range.country), "{range:?}");
    }
}

/// Where an area code is used by one state, that state's zones hold those of its numbers.
#[test]
fn area_codes_lie_in_the_zones_of_their_states() {
    let same_clocks = |zone: &str, other: &str| {
        let moments = ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"].map(|at| at.parse::<jiff::Timestamp>().unwrap());
        let clock = |name: &str| moments.map(|at| TimeZone::get(name).unwrap().to_offset(at));
        clock(zone) == clock(other)
    };
    let mut compared = 0;
    for (area, regions) in REGIONS_OF_AREA_CODES.iter() {
        let Some(zones) = ZONES_OF_NUMBERS.get(format!("1{area}").as_str()) else { continue };
        // Newfoundland, which the package puts into a zone half an hour away.
        for zone in zones.iter().filter(|_| *area != "879") {
            let in_state = |region: &RegionCode| ZONES_OF_REGIONS[region].iter().any(|one| same_clocks(one, zone));
            assert!(regions.iter().any(in_state), "{area}: {zone} in {regions:?}");
        }
        compared += 1;
    }
    assert!(compared > 300, "{compared} area codes");
}

#[test]
fn area_codes_tell_the_state_and_shared_codes_tell_nothing() {
    for (e164, regions) in [
        ("+13052345678", vec!["US-FL"]),
        ("+14052345678", vec!["US-OK"]),
        ("+14102345678", vec!["US-MD"]),
        ("+17182345678", vec!["US-NY"]),
        ("+12122345678", vec!["US-NY"]),
        ("+14162345678", vec!["CA-ON"]),
        ("+19022345678", vec!["CA-NS", "CA-PE"]),
        ("+18002345678", vec!["CA", "US"]),
        ("+12423456789", vec!["BS"]),
        ("+33142685300", vec!["FR"]),
        ("+442079460018", vec!["GB"]),
        ("+80012345678", vec![]),
    ] {
        let expected: BTreeSet<RegionCode> = regions.iter().map(|region| code(region)).collect();
        assert_eq!(regions_of_number(&number(e164)), expected, "{e164}");
    }
}

#[test]
fn the_leads_own_zone_comes_first_then_postcode_and_region_then_the_number() {
    let miami = "+13052345678";
    let by_zone = place(Some("Europe/Paris"), Some("US-TX"), Some("75201"), miami).unwrap();
    assert_eq!((words(&by_zone.zones), by_zone.known_by), (vec!["Europe/Paris"], KnownBy::ZoneField));
    // The law of each place may hold, whatever its clock says.
    assert_eq!(by_zone.regions, [code("US-FL"), code("US-TX")].into());
    let by_postcode = place(None, Some("US"), Some("98101"), miami).unwrap();
    assert_eq!((words(&by_postcode.zones), by_postcode.known_by), (vec!["America/Los_Angeles"], KnownBy::Postcode));
    let by_region = place(None, Some("US-TN"), None, miami).unwrap();
    let tennessee = vec!["America/Chicago", "America/New_York"];
    assert_eq!((words(&by_region.zones), by_region.known_by), (tennessee, KnownBy::Region));
    let by_number = place(None, None, None, miami).unwrap();
    assert_eq!((words(&by_number.zones), by_number.known_by), (vec!["America/New_York"], KnownBy::Number));
    let unknown_postcode = place(None, None, Some("no idea"), miami).unwrap();
    assert_eq!(unknown_postcode.known_by, KnownBy::Number);
}

#[test]
fn a_postcode_outside_the_region_counts_beside_it() {
    let both = place(None, Some("US-CA"), Some("10001"), "+13052345678").unwrap();
    assert_eq!(words(&both.zones), ["America/Los_Angeles", "America/New_York"]);
    let other_country = place(None, Some("CA-BC"), Some("M5V 3L9"), "+13052345678").unwrap();
    assert!(other_country.zones.iter().any(|zone| &**zone == "America/Toronto"));
    assert!(other_country.zones.iter().any(|zone| &**zone == "America/Vancouver"));
}

#[test]
fn postcodes_as_people_and_spreadsheets_write_them() {
    for (region, postcode, expected) in [
        ("US", "02134", vec!["US-MA"]),
        ("US", "2134", vec!["US-MA"]),
        ("US", "33101-1234", vec!["US-FL"]),
        ("US", " 73949 ", vec!["US-OK", "US-TX"]),
        ("CA", "k1a 0b1", vec!["CA-ON"]),
        ("AU", "0872", vec!["AU-NT", "AU-SA", "AU-WA"]),
        ("AU", "2000", vec!["AU-NSW"]),
        ("US", "34001", vec![]),
        ("US", "é", vec![]),
        ("FR", "75008", vec![]),
    ] {
        let region = code(region);
        let regions = crate::outbound::lead_place::regions_of_postcode(postcode, Some(&region), &BTreeSet::new());
        assert_eq!(regions, expected.iter().map(|region| code(region)).collect(), "{postcode}");
    }
    // Without a region, that of the number.
    assert_eq!(place(None, None, Some("98101"), "+13052345678").unwrap().known_by, KnownBy::Postcode);
}

#[test]
fn a_zone_that_is_none_is_refused_and_a_number_of_no_country_has_no_zone() {
    let error = place(Some("America/Miami"), None, None, "+13052345678").unwrap_err();
    assert!(error.to_string().starts_with("America/Miami is no time zone: expected"), "{error}");
    assert_eq!(place(None, None, None, "+80012345678"), Err(NoPlace::NoZone));
    assert_eq!(place(None, Some("FR"), None, "+80012345678").unwrap().known_by, KnownBy::Region);
    // A part that no table has: the whole country's zones.
    assert_eq!(words(&place(None, Some("FR-75"), None, "+80012345678").unwrap().zones), ["Europe/Paris"]);
    assert_eq!(place(None, Some("XX"), None, "+80012345678"), Err(NoPlace::NoZone));
}

#[test]
fn a_number_that_rings_anywhere_in_a_country_may_be_in_all_its_zones() {
    let toll_free = zones_of_number(&number("+18002345678"));
    for zone in ["America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Pacific/Guam"] {
        assert!(toll_free.iter().any(|one| &**one == zone), "{zone}");
    }
    assert_eq!(words(&zones_of_number(&number("+33612345678"))), ["Europe/Paris"]);
}
