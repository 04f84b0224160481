//! The gate before every call out: looks up all that is known of a call and has it judged. Reads only, so that whoever has
//! waited long enough drops it and nothing has happened; places nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use crate::customers::customer::Consent;
use crate::customers::ids::CustomerId;
use crate::customers::phone::PhoneNumber;
use crate::outbound::calling_calendar::CallingCalendar;
use crate::outbound::calling_calendars::{CalendarKey, CallingCalendars, HoursRule};
use crate::outbound::campaign::CampaignSettings;
use crate::outbound::campaign_hours::{CampaignCap, CampaignHours};
use crate::outbound::do_not_call::{CallTo, DoNotCallEntry, NumberDigits};
use crate::outbound::gate::{
    CallToPlace, Judgment, ListNow, NoCalendar, OwnWish, Refused, RefusedBy, judge, looks_back,
};
use crate::outbound::ids::LeadId;
use crate::outbound::jurisdiction::{Jurisdiction, LegalLimits, Purpose};
use crate::outbound::kept_attempt::AttemptsBeside;
use crate::outbound::lead_place::{LeadFacts, LeadPlace, NoPlace};
use crate::outbound::limits::{CallLimits, PastAttempt, RollingCap};
use crate::outbound::region::RegionCode;
use crate::records::{LeadToCall, Records, RecordsError};
use crate::routing::attempt::NotPlaced;
use crate::routing::ids::CampaignId;
use crate::routing::time::Timestamp;

/// Judges calls, of whatever campaign.
pub struct Gate {
    records: Records,
    packs: Vec<Arc<Jurisdiction>>,
    /// Each kind of lead has one; a few hundred for any number of leads.
    calendars: Mutex<CallingCalendars>,
}

/// A call about to be placed, as whoever proposes it knows it.
#[derive(Clone, Debug)]
pub struct ProposedCall {
    /// None: it is a callback.
    pub lead: Option<LeadOfCampaign>,
    pub rules: Arc<GateRules>,
    /// One of the lead's.
    pub number: PhoneNumber,
    pub customer: Option<CustomerId>,
    /// A machine chose whom to call, or dials.
    pub is_automatic: bool,
    pub agent_reserved: bool,
    pub wish: Option<OwnWish>,
}

/// For whom a campaign calls.
#[derive(Clone, Debug)]
pub struct LeadOfCampaign {
    pub campaign: CampaignId,
    pub lead: LeadId,
}

/// What a campaign says of who may be called when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GateRules {
    pub purpose: Purpose,
    /// The client of the centre for whom it calls.
    pub account: Option<Arc<str>>,
    pub hours: Option<HoursRule>,
    pub caps: Vec<RollingCap>,
    pub asks_consent: bool,
}

impl GateRules {
    /// Of calls that customers were promised: the law's rules, and none of a campaign.
    #[must_use]
    pub fn of_callbacks() -> GateRules {
        GateRules { purpose: Purpose::Service, account: None, hours: None, caps: Vec::new(), asks_consent: false }
    }

    #[must_use]
    pub fn of(settings: &CampaignSettings) -> GateRules {
        GateRules {
            purpose: settings.purpose,
            account: settings.account.as_ref().map(|account| Arc::from(account.as_str())),
            hours: settings.hours.as_ref().map(CampaignHours::rule),
            caps: settings.caps.iter().map(CampaignCap::rule).collect(),
            asks_consent: settings.needs_consent,
        }
    }
}

/// A call that was judged, and the hours that hold for it, or why there are none.
#[derive(Clone, PartialEq, Debug)]
pub struct Examined {
    pub judgment: Judgment,
    pub calendar: Result<CallingCalendar, NoCalendar>,
}

/// What the records hold of one call.
struct Known {
    /// Of a callback there is none.
    lead: Option<LeadToCall>,
    consents: Vec<Consent>,
    stopped_by: Option<DoNotCallEntry>,
    past: Vec<PastAttempt>,
}

impl Gate {
    #[must_use]
    pub fn new(records: Records, packs: Vec<Arc<Jurisdiction>>) -> Gate {
        Gate { records, packs, calendars: Mutex::default() }
    }

    /// Whether the call may be placed at `now`, and until when. What cannot be looked up is not called.
    pub async fn judge(&self, call: &ProposedCall, now: Timestamp) -> Judgment {
        self.examine(call, now).await.judgment
    }

    /// The same, and the hours that hold for it.
    pub async fn examine(&self, call: &ProposedCall, now: Timestamp) -> Examined {
        let Ok(digits) = NumberDigits::new(call.number.e164()) else {
            return refused(NotPlaced::LeadClosed, RefusedBy::NoLead);
        };
        match self.look_up(call, digits, now).await {
            Ok(known) if known.lead.is_none() && call.lead.is_some() => {
                refused(NotPlaced::LeadClosed, RefusedBy::NoLead)
            }
            Ok(known) => self.judged(call, &known, now),
            Err(error) => {
                tracing::warn!(%error, "a call is not placed: it cannot be checked");
                refused(NotPlaced::NotChecked, RefusedBy::NotLookedUp)
            }
        }
    }

    async fn look_up(&self, call: &ProposedCall, digits: NumberDigits, now: Timestamp) -> Result<Known, RecordsError> {
        let ProposedCall { lead, rules, number, customer, .. } = call;
        let campaign = lead.as_ref().map(|called| &called.campaign);
        let lead = lead.as_ref().map(|called| called.lead);
        let caps = self.packs.iter().flat_map(|pack| &pack.caps).map(|cap| &cap.rule).chain(&rules.caps);
        let locks = self.packs.iter().flat_map(|pack| &pack.locks).map(|lock| &lock.rule);
        let since = now - looks_back(caps, locks);
        let to =
            CallTo { number: digits, campaign: campaign.map(CampaignId::as_str), account: rules.account.as_deref() };
        let beside = AttemptsBeside { number: digits, customer: *customer, lead, campaign };
        let records = &self.records;
        let (lead, consents, stopped_by, past) = tokio::try_join!(
            lead_to_call(records, lead, number.e164()),
            records.consents_at(number.e164(), *customer),
            records.do_not_call_stops(to, now),
            records.past_attempts(beside, since),
        )?;
        Ok(Known { lead, consents, stopped_by, past })
    }

    fn judged(&self, call: &ProposedCall, known: &Known, now: Timestamp) -> Examined {
        let Known { lead, consents, stopped_by, past } = known;
        let place = place_of(call, lead.as_ref());
        let regions = place.as_ref().map(|place| place.regions.clone()).unwrap_or_default();
        let digits = call.number.e164().trim_start_matches('+');
        let may_hold = |pack: &&Arc<Jurisdiction>| pack.may_hold(&regions, digits, call.rules.purpose);
        let packs: Vec<&Jurisdiction> = self.packs.iter().filter(may_hold).map(|pack| &**pack).collect();
        let legal = LegalLimits::of(packs.iter().copied());
        let has_hours = call.rules.hours.is_some() || packs.iter().any(|pack| pack.hours.is_some());
        let calendar = match &place {
            _ if call.lead.is_none() && !has_hours => Ok(CallingCalendar::always_open()),
            Ok(place) => self.calendar(CalendarKey::of(place, packs.iter().copied(), call.rules.hours.clone())),
            Err(none) => Err(none.clone()),
        };
        let zones = place.as_ref().map(|place| time_zones(&place.zones)).unwrap_or_default();
        let of_lead = lead.as_ref().map(|lead| lead.consent);
        let consents: Vec<Consent> = consents.iter().copied().chain(of_lead).collect();
        let to_place = CallToPlace {
            list: lead.as_ref().map_or(ListNow::NONE, |lead| ListNow::of(&lead.settings)),
            stopped_by: stopped_by.as_ref(),
            consents: &consents,
            campaign_asks_consent: call.rules.asks_consent,
            is_automatic: call.is_automatic,
            calendar: calendar.as_ref(),
            limits: CallLimits { legal: &legal, campaign_caps: &call.rules.caps, zones: &zones },
            past,
            agent_reserved: call.agent_reserved,
            wish: call.wish,
        };
        let judgment = judge(&to_place, now);
        Examined { judgment, calendar }
    }

    fn calendar(&self, key: CalendarKey) -> Result<CallingCalendar, NoCalendar> {
        let mut calendars = self.calendars.lock().unwrap_or_else(PoisonError::into_inner);
        let number = calendars.intern(key)?;
        Ok(calendars.get(number).expect("it was interned").clone())
    }
}

fn refused(why: NotPlaced, by: RefusedBy) -> Examined {
    let judgment = Judgment::Refused(Refused { why, until: None, by });
    Examined { judgment, calendar: Err(NoCalendar::Place(NoPlace::NoZone)) }
}

async fn lead_to_call(
    records: &Records,
    lead: Option<LeadId>,
    number: &str,
) -> Result<Option<LeadToCall>, RecordsError> {
    match lead {
        Some(lead) => records.lead_to_call(lead, number).await,
        None => Ok(None),
    }
}

/// Of a callback, what its number says.
fn place_of(call: &ProposedCall, lead: Option<&LeadToCall>) -> Result<LeadPlace, NoCalendar> {
    let region = lead.and_then(|lead| RegionCode::new(lead.region.as_ref()?.as_str()).ok());
    let facts = LeadFacts {
        zone: lead.and_then(|lead| lead.zone.as_ref()).map(|zone| zone.as_str()),
        region: region.as_ref(),
        postcode: lead.and_then(|lead| lead.postcode.as_ref()).map(|postcode| postcode.as_str()),
        number: &call.number,
    };
    Ok(LeadPlace::of(facts)?)
}

/// Those of a place are names of the zones' own table.
fn time_zones(names: &BTreeSet<Arc<str>>) -> Vec<TimeZone> {
    names.iter().filter_map(|name| TimeZone::get(name).ok()).collect()
}
