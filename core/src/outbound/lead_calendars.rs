//! By which calendar a lead of one campaign is called, worked out once for all leads that have the same zone, region, postcode
//! and beginning of a number. It says when somebody is worth asking for; whether he may be called is judged by his whole number
//! when he is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::calling_calendars::{CalendarKey, CalendarNo, CallingCalendars, HoursRule};
use super::campaign::CampaignSettings;
use super::jurisdiction::Jurisdiction;
use super::lead::Lead;
use super::lead_place::{LeadFacts, LeadPlace, table_prefix};
use super::lead_standing::{LeadStanding, OpenLead};
use super::region::RegionCode;
use super::stay_end::LeadWindows;
use crate::customers::phone::PhoneNumber;

/// Digits that say of which kind a number is and where: in North America the exchange, elsewhere more than the area.
const NUMBER_DIGITS_MIN: usize = 7;
/// Places that are remembered: some ten megabytes.
const PLACES_MAX: usize = 100_000;

/// Those of one campaign.
#[derive(Debug)]
pub struct LeadCalendars {
    settings: CampaignSettings,
    campaign: Option<HoursRule>,
    packs: Vec<Arc<Jurisdiction>>,
    number_digits: usize,
    calendars: CallingCalendars,
    /// None: nobody knows.
    known: BTreeMap<PlaceKey, Option<CalendarNo>>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct PlaceKey {
    zone: Option<Arc<str>>,
    region: Option<Arc<str>>,
    postcode: Option<Arc<str>>,
    number: NumberKind,
}

/// Numbers that are alike as far as places go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct NumberKind {
    beginning: u64,
    /// How much of it the table of zones tells apart.
    told_by: usize,
    digits: usize,
}

impl LeadCalendars {
    #[must_use]
    pub fn new(settings: CampaignSettings, packs: Vec<Arc<Jurisdiction>>) -> LeadCalendars {
        let prefixes = packs.iter().flat_map(|pack| &pack.applies.numbers).map(|prefix| prefix.len());
        LeadCalendars {
            campaign: settings.hours.as_ref().map(|hours| hours.rule()),
            settings,
            number_digits: prefixes.max().unwrap_or(0).max(NUMBER_DIGITS_MIN),
            packs,
            calendars: CallingCalendars::default(),
            known: BTreeMap::new(),
        }
    }

    #[must_use]
    pub fn calendars(&self) -> &CallingCalendars {
        &self.calendars
    }

    /// Of each number of a lead.
    pub fn windows_of(&mut self, lead: &Lead, standing: &LeadStanding) -> LeadWindows {
        let of_number = |place: usize| {
            let at_number = LeadStanding { next_number: place, ..standing.clone() };
            let number = self.of(&OpenLead::of(lead, &at_number))?;
            self.calendars.get(number).cloned()
        };
        LeadWindows((0..lead.lead.numbers.len()).map(of_number).collect())
    }

    /// None: its number is none, nobody knows what time it is for it, or no hours hold; it is not called.
    pub fn of(&mut self, lead: &OpenLead) -> Option<CalendarNo> {
        let number = lead.number.as_deref()?;
        let key = PlaceKey {
            zone: lead.zone.as_deref().map(Arc::from),
            region: lead.region.as_deref().map(Arc::from),
            postcode: lead.postcode.as_deref().map(Arc::from),
            number: self.kind(number)?,
        };
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let found = self.work_out(lead, number);
        if self.known.len() >= PLACES_MAX {
            self.known.clear();
        }
        self.known.insert(key, found);
        found
    }

    fn kind(&self, number: &str) -> Option<NumberKind> {
        let digits = number.strip_prefix('+').unwrap_or(number);
        let told_by = table_prefix(digits);
        let beginning = digits.get(..self.number_digits.max(told_by).min(digits.len()))?;
        Some(NumberKind { beginning: beginning.parse().ok()?, told_by, digits: digits.len() })
    }

    fn work_out(&mut self, lead: &OpenLead, number: &str) -> Option<CalendarNo> {
        let number = PhoneNumber::read(number, None).ok().flatten()?;
        let region = lead.region.as_deref().and_then(|region| RegionCode::new(region).ok());
        let facts = LeadFacts {
            zone: lead.zone.as_deref(),
            region: region.as_ref(),
            postcode: lead.postcode.as_deref(),
            number: &number,
        };
        let place = LeadPlace::of(facts).ok()?;
        let digits = number.e164().trim_start_matches('+');
        let packs = self.settings.packs_for(&self.packs, &place.regions, digits);
        let key = CalendarKey::of(&place, packs, self.campaign.clone());
        self.calendars.intern(key).ok()
    }
}
