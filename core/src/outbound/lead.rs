//! A lead: whom to call, at which numbers, with what is known of him. Never decides whether he may be called.

use std::fmt;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::ids::{CallListId, LeadId};
use crate::customers::customer::{Consent, CustomFields};
use crate::customers::ids::ImportId;
use crate::customers::import_times::UnknownZone;
use crate::customers::text::{AddressText, CustomerName, Language, PersonalText, Tag};
use crate::routing::time::Timestamp;

/// Numbers of one lead: no campaign tries more.
pub const NUMBERS_MAX: usize = 10;
/// The highest priority, and below zero the lowest.
pub const PRIORITY_MAX: i64 = 1_000;
/// Longest region or postcode, in characters.
pub const PLACE_LENGTH_MAX: usize = 64;
/// Longest id of a lead in another system, in characters.
pub const FOREIGN_ID_LENGTH_MAX: usize = 128;
/// Longest source of a consent, such as the address of a form, in characters.
pub const SOURCE_LENGTH_MAX: usize = 200;

pub type PlaceText = PersonalText<PLACE_LENGTH_MAX>;
pub type ForeignId = PersonalText<FOREIGN_ID_LENGTH_MAX>;
pub type SourceText = PersonalText<SOURCE_LENGTH_MAX>;

/// A lead to be added.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NewLead {
    /// In the order in which they are tried; each once.
    pub numbers: Vec<LeadNumber>,
    /// Empty: it is not known.
    pub name: CustomerName,
    pub language: Option<Language>,
    /// Said of the lead itself; else region, postcode and number tell.
    pub zone: Option<ZoneName>,
    pub region: Option<PlaceText>,
    pub postcode: Option<PlaceText>,
    /// The higher goes first.
    pub priority: i64,
    /// Those that its list declares.
    pub fields: CustomFields,
    /// In the system that it comes from.
    pub external_id: Option<ForeignId>,
}

/// A lead as stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Lead {
    pub id: LeadId,
    pub list: CallListId,
    pub import: Option<ImportId>,
    pub lead: NewLead,
    /// How often somebody tried to call it.
    pub attempts: u64,
    pub added_at: Timestamp,
}

/// One number of a lead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeadNumber {
    /// E.164.
    pub value: AddressText,
    /// Behind a shared number.
    pub extension: Option<AddressText>,
    /// What the number is of: `mobile`.
    pub label: Option<Tag>,
    pub consent: NumberConsent,
}

/// Whether a lead may be called at a number, and how that is known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NumberConsent {
    pub state: Consent,
    /// In the centre's own words: `written`.
    pub kind: Option<Tag>,
    pub at: Option<Timestamp>,
    pub source: Option<SourceText>,
}

/// A time zone of the IANA table, in its own spelling.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(String);

impl ZoneName {
    /// # Errors
    /// When there is no such zone.
    pub fn new(name: &str) -> Result<ZoneName, UnknownZone> {
        let zone = TimeZone::get(name).map_err(|_| UnknownZone)?;
        zone.iana_name().map(|name| ZoneName(name.to_owned())).ok_or(UnknownZone)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ZoneName {
    type Error = UnknownZone;
    fn try_from(name: String) -> Result<ZoneName, UnknownZone> {
        ZoneName::new(&name)
    }
}

impl From<ZoneName> for String {
    fn from(zone: ZoneName) -> String {
        zone.0
    }
}

impl fmt::Debug for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
