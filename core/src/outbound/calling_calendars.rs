//! Every calendar that leads are called by, each kept once: a few hundred for any number of leads. Judges no lead.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::calling_calendar::CallingCalendar;
use super::calling_hours::CallingHours;
use super::calling_window::{CallingWindow, HoursOf, UnknownZone};
use super::jurisdiction::{HoursZone, Jurisdiction, PackId};
use super::lead_place::LeadPlace;

/// Most calendars: their openings are computed again every day, in a moment.
pub const CALLING_CALENDARS_MAX: usize = 10_000;

/// A calendar, counted from 0 in the order they were first asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CalendarNo(pub u32);

/// Hours and the clock that they are read by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct HoursRule {
    pub hours: Arc<CallingHours>,
    pub zone: HoursZone,
}

/// What makes two leads be called at the same times.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct CalendarKey {
    /// Every zone the lead may be in.
    pub zones: BTreeSet<Arc<str>>,
    /// The hours of every jurisdiction that may hold for it.
    pub jurisdictions: BTreeMap<PackId, HoursRule>,
    pub campaign: Option<HoursRule>,
}

impl CalendarKey {
    /// For a lead at `place` under `packs`: those that may hold for it, and no others.
    #[must_use]
    pub fn of<'p>(
        place: &LeadPlace,
        packs: impl IntoIterator<Item = &'p Jurisdiction>,
        campaign: Option<HoursRule>,
    ) -> CalendarKey {
        let hours = |pack: &Jurisdiction| Some((pack.id.clone(), pack.hours.as_ref()?.rule.clone()));
        CalendarKey {
            zones: place.zones.clone(),
            jurisdictions: packs.into_iter().filter_map(hours).collect(),
            campaign,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CalendarError {
    #[error("no time zone is known: expected at least one that the lead may be in")]
    NoZone,
    #[error("no hours hold: expected those of a jurisdiction or of the campaign")]
    NoHours,
    #[error(transparent)]
    UnknownZone(#[from] UnknownZone),
    #[error(
        "{CALLING_CALENDARS_MAX} calendars are in use: expected fewer kinds of zones, jurisdictions and campaign hours"
    )]
    TooMany,
}

#[derive(Clone, Default, Debug)]
pub struct CallingCalendars {
    numbers: BTreeMap<CalendarKey, CalendarNo>,
    calendars: Vec<CallingCalendar>,
}

impl CallingCalendars {
    /// The number of the calendar for `key`, which is made when nobody asked for it before.
    ///
    /// # Errors
    /// When nothing is known that could limit it, or its zones are none. Nothing is kept then.
    pub fn intern(&mut self, key: CalendarKey) -> Result<CalendarNo, CalendarError> {
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        if self.calendars.len() >= CALLING_CALENDARS_MAX {
            return Err(CalendarError::TooMany);
        }
        let calendar = calendar(&key)?;
        let number = CalendarNo(u32::try_from(self.calendars.len()).expect("CALLING_CALENDARS_MAX fits"));
        self.calendars.push(calendar);
        self.numbers.insert(key, number);
        Ok(number)
    }

    #[must_use]
    pub fn get(&self, number: CalendarNo) -> Option<&CallingCalendar> {
        self.calendars.get(number.0 as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = (CalendarNo, &CallingCalendar)> {
        (0..).map(CalendarNo).zip(&self.calendars)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.calendars.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calendars.is_empty()
    }
}

fn calendar(key: &CalendarKey) -> Result<CallingCalendar, CalendarError> {
    if key.zones.is_empty() {
        return Err(CalendarError::NoZone);
    }
    for zone in &key.zones {
        super::calling_window::time_zone(zone)?;
    }
    let jurisdictions = key.jurisdictions.iter().map(|(id, rule)| (HoursOf::Jurisdiction(id.clone()), rule));
    let campaign = key.campaign.iter().map(|rule| (HoursOf::Campaign, rule));
    let mut windows = Vec::new();
    for (hours_of, rule) in jurisdictions.chain(campaign) {
        match &rule.zone {
            HoursZone::Leads => {
                for zone in &key.zones {
                    windows.push(CallingWindow::new(hours_of.clone(), rule.hours.clone(), zone)?);
                }
            }
            HoursZone::Named(zone) => windows.push(CallingWindow::new(hours_of, rule.hours.clone(), zone)?),
        }
    }
    CallingCalendar::new(windows).ok_or(CalendarError::NoHours)
}
