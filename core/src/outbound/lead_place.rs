//! Every zone and region that a lead may be in: from its own fields, else its postcode or region, else its number. Guesses none:
//! where several are possible, all are.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::calling_window::{UnknownZone, time_zone};
use super::place_tables::{POSTCODE_RANGES, REGIONS_OF_AREA_CODES, ZONES_OF_NUMBERS, ZONES_OF_REGIONS};
use super::region::{RegionCode, Regions};
use crate::customers::phone::PhoneNumber;

/// The code of the United States, Canada and the islands around them.
const NORTH_AMERICA: u16 = 1;
const AREA_CODE_DIGITS: usize = 3;
/// Of the longest beginnings in the table of zones.
const PREFIX_DIGITS_MAX: usize = 9;
/// Fewest digits of a postcode of the United States; spreadsheets drop zeros before them.
const UNITED_STATES_POSTCODE_DIGITS: usize = 5;

/// Zones of numbers that the table does not know of: north-western Indiana keeps Chicago's time.
const ALSO_IN: [(&str, &str); 1] = [("1219", "America/Chicago")];

/// What is known of a lead.
#[derive(Clone, Copy, Debug)]
pub struct LeadFacts<'l> {
    pub zone: Option<&'l str>,
    pub region: Option<&'l RegionCode>,
    pub postcode: Option<&'l str>,
    pub number: &'l PhoneNumber,
}

/// By what the zones of a lead were found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KnownBy {
    ZoneField,
    Postcode,
    Region,
    Number,
}

/// Where a lead may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeadPlace {
    /// At least one.
    pub zones: BTreeSet<Arc<str>>,
    pub known_by: KnownBy,
    /// Of its region, its postcode and its number: the law of each may hold. Empty where none of them says anything.
    pub regions: Regions,
}

#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoPlace {
    #[error(transparent)]
    UnknownZone(#[from] UnknownZone),
    #[error("no time zone is known: expected one of the lead's own, a region, a postcode or a number that tells it")]
    NoZone,
}

impl LeadPlace {
    /// # Errors
    /// When the lead's own zone is none, or nothing says where it may be.
    pub fn of(lead: LeadFacts<'_>) -> Result<LeadPlace, NoPlace> {
        let of_number = regions_of_number(lead.number);
        let of_postcode = lead.postcode.map(|postcode| regions_of_postcode(postcode, lead.region, &of_number));
        let of_postcode = of_postcode.unwrap_or_default();
        let mut regions = of_number;
        regions.extend(lead.region.cloned());
        regions.extend(of_postcode.iter().cloned());
        let (zones, known_by) = zones(lead, &of_postcode)?;
        Ok(LeadPlace { zones, known_by, regions })
    }
}

fn zones(lead: LeadFacts<'_>, of_postcode: &Regions) -> Result<(BTreeSet<Arc<str>>, KnownBy), NoPlace> {
    if let Some(zone) = lead.zone {
        time_zone(zone)?;
        return Ok(([Arc::from(zone)].into(), KnownBy::ZoneField));
    }
    let region = lead.region.into_iter();
    // A postcode outside the region says that one of them is wrong, and not which.
    let region_says_more = |region: &&RegionCode| !of_postcode.iter().all(|code| code.may_be_in(region));
    let found = if of_postcode.is_empty() {
        (zones_of_regions(region), KnownBy::Region)
    } else {
        (zones_of_regions(of_postcode.iter().chain(region.filter(region_says_more))), KnownBy::Postcode)
    };
    if !found.0.is_empty() {
        return Ok(found);
    }
    let zones = zones_of_number(lead.number);
    if zones.is_empty() { Err(NoPlace::NoZone) } else { Ok((zones, KnownBy::Number)) }
}

/// None where one of them is not in the tables: its zone may be any.
fn zones_of_regions<'r>(regions: impl Iterator<Item = &'r RegionCode>) -> BTreeSet<Arc<str>> {
    let of_region = |region: &RegionCode| {
        let country = || RegionCode::new(region.country()).ok();
        let zones = ZONES_OF_REGIONS.get(region).or_else(|| ZONES_OF_REGIONS.get(&country()?));
        zones.map(|zones| zones.iter().cloned().collect::<BTreeSet<Arc<str>>>())
    };
    let each: Option<Vec<BTreeSet<Arc<str>>>> = regions.map(of_region).collect();
    each.unwrap_or_default().into_iter().flatten().collect()
}

/// By the longest beginning that the table has; by its country's code where the digits behind it say no place. Where the table
/// names a zone that the number's own state or province does not know, each zone of the state is possible too.
#[must_use]
pub fn zones_of_number(number: &PhoneNumber) -> BTreeSet<Arc<str>> {
    let digits = digits_of(number);
    let Some(plan) = number.plan() else { return BTreeSet::new() };
    let is_geographical = plan.is_geographical();
    let country = plan.country_code().to_string();
    let known = if is_geographical { digits } else { country.as_str() };
    let zones = ZONES_OF_NUMBERS.get(&known[..table_prefix(known)]);
    let mut zones: BTreeSet<Arc<str>> = zones.map(|zones| zones.iter().cloned().collect()).unwrap_or_default();
    if is_geographical && plan.country_code() == NORTH_AMERICA {
        let parts = parts_of_area_code(digits).into_iter().flat_map(|parts| parts.iter());
        let of_parts = zones_of_regions(parts);
        if !of_parts.is_empty() && !zones.is_subset(&of_parts) {
            zones.extend(of_parts);
        }
        zones.extend(ALSO_IN.iter().filter(|(prefix, _)| digits.starts_with(prefix)).map(|(_, zone)| Arc::from(*zone)));
    }
    zones
}

/// How many of the first digits the table of zones tells apart; 0: none.
#[must_use]
pub fn table_prefix(digits: &str) -> usize {
    let longest = digits.len().min(PREFIX_DIGITS_MAX);
    (1..=longest).rev().find(|length| ZONES_OF_NUMBERS.contains_key(&digits[..*length])).unwrap_or(0)
}

/// The country of a number, with its part where the area code says it. A number of country code 1 whose area code is in no
/// table may be in the United States or in Canada.
#[must_use]
pub fn regions_of_number(number: &PhoneNumber) -> Regions {
    let Some(plan) = number.plan() else { return Regions::new() };
    let country = || plan.region().and_then(|region| RegionCode::new(&region.to_string()).ok());
    if plan.country_code() != NORTH_AMERICA {
        return country().into_iter().collect();
    }
    if let Some(parts) = parts_of_area_code(digits_of(number)) {
        return (**parts).clone();
    }
    let shared = ["US", "CA"].map(|code| RegionCode::new(code).expect("two letters"));
    match country() {
        Some(island) if !shared.contains(&island) => [island].into(),
        Some(_) | None => shared.into(),
    }
}

fn digits_of(number: &PhoneNumber) -> &str {
    number.e164().trim_start_matches('+')
}

/// Of a number of country code 1.
fn parts_of_area_code(digits: &str) -> Option<&'static Arc<Regions>> {
    REGIONS_OF_AREA_CODES.get(digits.get(1..1 + AREA_CODE_DIGITS)?)
}

/// Empty where the table has no such postcode. The country is the region's, else any the number may be in.
#[must_use]
pub fn regions_of_postcode(postcode: &str, region: Option<&RegionCode>, of_number: &Regions) -> Regions {
    let mut code: String = postcode.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    code.make_ascii_uppercase();
    let countries: BTreeSet<&str> = match region {
        Some(region) => [region.country()].into(),
        None => of_number.iter().map(RegionCode::country).collect(),
    };
    let of_country = |country: &str| {
        let is_short = code.len() < UNITED_STATES_POSTCODE_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
        let zeros = if country == "US" && is_short { UNITED_STATES_POSTCODE_DIGITS - code.len() } else { 0 };
        let code = "0".repeat(zeros) + &code;
        let fits = move |from: &str, to: &str| code.get(..from.len()).is_some_and(|head| (from..=to).contains(&head));
        let ranges = POSTCODE_RANGES.iter().filter(|range| range.country == country);
        let range = ranges.into_iter().find(|range| fits(range.from, range.to));
        range.map(|range| range.regions.clone()).unwrap_or_default()
    };
    if code.is_empty() { Regions::new() } else { countries.into_iter().flat_map(of_country).collect() }
}
