//! The hours of a campaign itself, and its caps, as a person writes them. They come on top of what the law asks; they
//! allow nothing that it forbids.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::calling_calendars::HoursRule;
use super::calling_hours::{CallingHours, HoursError};
use super::calling_window::time_zone;
use super::jurisdiction::HoursZone;
use super::limits::{LimitScope, Period, RollingCap};
use super::spans;
use crate::routing::calendar::OpenHours;
use crate::routing::time::Millis;
use crate::routing::week_text::{self, DAYS, WrongHours, clock};

/// How `zone` says that hours are read by the clock of whoever is called.
const LEADS_ZONE: &str = "lead";

/// The window of a campaign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "WrittenHours", into = "WrittenHours")]
pub struct CampaignHours {
    weekly: [Vec<OpenHours>; 7],
    zone: HoursZone,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenHours {
    #[serde(default = "leads_zone")]
    zone: String,
    week: BTreeMap<String, Vec<String>>,
}

fn leads_zone() -> String {
    LEADS_ZONE.to_owned()
}

/// Why these are no hours of a campaign.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CampaignHoursError {
    #[error("zone: expected \"lead\" or a time zone such as Europe/Paris, found {0:?}")]
    Zone(String),
    #[error("week: expected mon, tue, wed, thu, fri, sat, sun, or a range of them such as mon-fri, found {0:?}")]
    Days(String),
    #[error("week: expected each day once, found {0} again")]
    DayTwice(&'static str),
    #[error("week: expected hours such as 09:00-12:30, up to 24:00, found {0:?}")]
    Form(String),
    #[error("week: expected an end after the beginning (over midnight: to 24:00, and from 00:00 on), found {0:?}")]
    EndBeforeBeginning(String),
    #[error("week: {0}")]
    Hours(#[from] HoursError),
    #[error("week: expected hours on one day at least, found none")]
    NeverOpen,
}

impl CampaignHours {
    /// As a calendar is made of it.
    #[must_use]
    pub fn rule(&self) -> HoursRule {
        let hours = CallingHours::new(self.weekly.clone(), Vec::new(), Vec::new()).expect("checked when it was read");
        HoursRule { hours: Arc::new(hours), zone: self.zone.clone() }
    }
}

impl TryFrom<WrittenHours> for CampaignHours {
    type Error = CampaignHoursError;

    fn try_from(written: WrittenHours) -> Result<CampaignHours, CampaignHoursError> {
        let mut weekly: [Option<Vec<OpenHours>>; 7] = Default::default();
        for (text, hours) in written.week {
            let days = week_text::days(&text).ok_or(CampaignHoursError::Days(text))?;
            let hours = hours.iter().map(|text| read_hours(text)).collect::<Result<Vec<_>, _>>()?;
            for day in days {
                if weekly[day].replace(hours.clone()).is_some() {
                    return Err(CampaignHoursError::DayTwice(DAYS[day]));
                }
            }
        }
        let weekly = weekly.map(Option::unwrap_or_default);
        if weekly.iter().all(Vec::is_empty) {
            return Err(CampaignHoursError::NeverOpen);
        }
        CallingHours::new(weekly.clone(), Vec::new(), Vec::new())?;
        let zone = match written.zone.as_str() {
            LEADS_ZONE => HoursZone::Leads,
            named => {
                time_zone(named).map_err(|_| CampaignHoursError::Zone(named.to_owned()))?;
                HoursZone::Named(Arc::from(named))
            }
        };
        Ok(CampaignHours { weekly, zone })
    }
}

fn read_hours(text: &str) -> Result<OpenHours, CampaignHoursError> {
    week_text::hours(text).map_err(|wrong| match wrong {
        WrongHours::Form => CampaignHoursError::Form(text.to_owned()),
        WrongHours::EndBeforeBeginning => CampaignHoursError::EndBeforeBeginning(text.to_owned()),
    })
}

impl From<CampaignHours> for WrittenHours {
    fn from(hours: CampaignHours) -> WrittenHours {
        let text = |hours: &OpenHours| format!("{}-{}", clock(hours.from), clock(hours.to));
        let days = DAYS.iter().zip(&hours.weekly).filter(|(_, hours)| !hours.is_empty());
        let zone = match hours.zone {
            HoursZone::Leads => leads_zone(),
            HoursZone::Named(ref name) => name.to_string(),
        };
        let week = days.map(|(day, hours)| ((*day).to_owned(), hours.iter().map(text).collect())).collect();
        WrittenHours { zone, week }
    }
}

/// At most so many calls of the campaign in a time that ends now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignCap {
    pub calls: NonZeroU32,
    #[serde(with = "period")]
    pub within: Period,
    pub per: LimitScope,
}

impl CampaignCap {
    #[must_use]
    pub fn rule(&self) -> RollingCap {
        RollingCap { calls: self.calls, within: self.within, per: self.per }
    }

    pub(super) fn is_of_no_time(&self) -> bool {
        matches!(self.within, Period::Elapsed(Millis::ZERO) | Period::Days(0))
    }
}

/// `24 h` is that time to the millisecond, `30 days` are whole days of whoever is called.
mod period {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::{Period, spans};

    pub fn serialize<S: Serializer>(period: &Period, serializer: S) -> Result<S::Ok, S::Error> {
        match period {
            Period::Days(days) => serializer.serialize_str(&format!("{days} days")),
            Period::Elapsed(span) => serializer.serialize_str(&in_hours(*span)),
        }
    }

    /// Never in days, which are another thing.
    fn in_hours(span: crate::routing::time::Millis) -> String {
        let hour = crate::routing::time::Millis::minutes(60).0;
        if span.0 != 0 && span.0 % hour == 0 { format!("{} h", span.0 / hour) } else { spans::written(span) }
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Period, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = match spans::days(&text) {
            Some(days) => days.map(Period::Days),
            None => spans::read(&text).map(Period::Elapsed),
        };
        read.map_err(|error| de::Error::custom(format_args!("{error}, found {text:?}")))
    }
}
