//! What one law or regulator asks of calls, each number with its source. Reads no file; `rules` does, and runs its test vectors.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::calling_calendars::HoursRule;
use super::drop_cap::DropCap;
use super::limits::{CallLock, RollingCap};
use super::region::{RegionCode, Regions};
use crate::routing::time::Millis;

/// Longest name of a pack, in bytes: it stands in every explanation.
pub const PACK_ID_BYTES_MAX: usize = 40;

/// A pack's name: small letters, digits and hyphens.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PackId(Arc<str>);

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected 1 to {PACK_ID_BYTES_MAX} small letters, digits and hyphens, such as us-florida")]
pub struct InvalidPackId;

impl PackId {
    /// # Errors
    /// When it has other characters, or too many.
    pub fn new(text: &str) -> Result<Self, InvalidPackId> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=PACK_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(allowed);
        if fits { Ok(Self(Arc::from(text))) } else { Err(InvalidPackId) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PackId {
    type Error = InvalidPackId;
    fn try_from(text: String) -> Result<Self, InvalidPackId> {
        Self::new(&text)
    }
}

impl From<PackId> for String {
    fn from(id: PackId) -> String {
        id.0.to_string()
    }
}

impl fmt::Display for PackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// By which clock hours are read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HoursZone {
    /// That of whoever is called; where several are possible, each of them.
    Leads,
    /// This one, wherever the phone rings.
    Named(Arc<str>),
}

/// What a campaign calls for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Purpose {
    Sales,
    DebtCollection,
    Research,
    Service,
}

impl Purpose {
    pub const ALL: [Purpose; 4] = [Purpose::Sales, Purpose::DebtCollection, Purpose::Research, Purpose::Service];

    /// As a rule file writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Sales => "sales",
            Purpose::DebtCollection => "debt_collection",
            Purpose::Research => "research",
            Purpose::Service => "service",
        }
    }
}

/// A rule, and the statute or regulator's paper that it is from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sourced<T> {
    pub rule: T,
    pub source: Arc<str>,
}

/// Whom a pack is about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AppliesTo {
    pub regions: BTreeSet<RegionCode>,
    /// Digits that a number begins with, its country's code first, without `+`.
    pub numbers: BTreeSet<Arc<str>>,
    /// Empty: every purpose.
    pub purposes: BTreeSet<Purpose>,
}

/// One pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Jurisdiction {
    pub id: PackId,
    /// Raised with every change of a pack, so that what was decided says by which.
    pub version: u32,
    pub name: Arc<str>,
    pub applies: AppliesTo,
    pub hours: Option<Sourced<HoursRule>>,
    pub caps: Vec<Sourced<RollingCap>>,
    pub locks: Vec<Sourced<CallLock>>,
    pub drop_cap: Option<Sourced<DropCap>>,
    /// A phone rings at least this long before a call counts as not answered.
    pub ring_time_min: Option<Sourced<Millis>>,
    /// From the end of the greeting to an agent, at most.
    pub agent_within: Option<Sourced<Millis>>,
    /// Which calls need the consent of whoever is called.
    pub consent: Option<Sourced<Consent>>,
    /// What a dropped call must say.
    pub message: Option<Sourced<Arc<str>>>,
}

/// Which calls need consent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Consent {
    /// Those that a machine chooses or dials.
    Automatic,
    Every,
}

impl Consent {
    pub const ALL: [Consent; 2] = [Consent::Automatic, Consent::Every];

    /// As a rule file writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Consent::Automatic => "automatic",
            Consent::Every => "every",
        }
    }
}

impl Jurisdiction {
    /// Whether it may hold for a call to somebody who may be in `regions` at a number of these digits (no `+`).
    #[must_use]
    pub fn may_hold(&self, regions: &Regions, digits: &str, purpose: Purpose) -> bool {
        let AppliesTo { regions: in_regions, numbers, purposes } = &self.applies;
        let by_region = || regions.iter().any(|lead| in_regions.iter().any(|region| lead.may_be_in(region)));
        let by_number = || numbers.iter().any(|prefix| digits.starts_with(&**prefix));
        (purposes.is_empty() || purposes.contains(&purpose)) && (by_number() || by_region())
    }
}

/// What holds where several packs do: of each number the strictest, of caps and locks every one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LegalLimits<'p> {
    pub caps: Vec<(&'p PackId, &'p Sourced<RollingCap>)>,
    pub locks: Vec<(&'p PackId, &'p Sourced<CallLock>)>,
    /// Each must be kept: they count over different periods.
    pub drop_caps: Vec<(&'p PackId, &'p Sourced<DropCap>)>,
    /// The longest.
    pub ring_time_min: Option<(&'p PackId, &'p Sourced<Millis>)>,
    /// The shortest.
    pub agent_within: Option<(&'p PackId, &'p Sourced<Millis>)>,
    /// The one that asks for more.
    pub consent: Option<(&'p PackId, &'p Sourced<Consent>)>,
    pub messages: Vec<(&'p PackId, &'p Sourced<Arc<str>>)>,
}

impl<'p> LegalLimits<'p> {
    #[must_use]
    pub fn of(packs: impl IntoIterator<Item = &'p Jurisdiction> + Clone) -> Self {
        let each = || packs.clone().into_iter();
        Self {
            caps: each().flat_map(|pack| pack.caps.iter().map(|cap| (&pack.id, cap))).collect(),
            locks: each().flat_map(|pack| pack.locks.iter().map(|lock| (&pack.id, lock))).collect(),
            drop_caps: each().filter_map(|pack| Some((&pack.id, pack.drop_cap.as_ref()?))).collect(),
            ring_time_min: each()
                .filter_map(|pack| Some((&pack.id, pack.ring_time_min.as_ref()?)))
                .max_by_key(|(_, longest)| longest.rule),
            agent_within: each()
                .filter_map(|pack| Some((&pack.id, pack.agent_within.as_ref()?)))
                .min_by_key(|(_, shortest)| shortest.rule),
            consent: each()
                .filter_map(|pack| Some((&pack.id, pack.consent.as_ref()?)))
                .max_by_key(|(_, consent)| consent.rule),
            messages: each().filter_map(|pack| Some((&pack.id, pack.message.as_ref()?))).collect(),
        }
    }
}
