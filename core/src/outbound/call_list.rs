//! A call list: how its leads are to be worked through, as a person writes it. Never holds a lead, reads no file.

use std::collections::BTreeSet;
use std::fmt;
use std::num::{NonZeroU16, NonZeroU32};

use serde::{Deserialize, Serialize};

use super::ids::CallListId;
use super::moments;
use crate::customers::change::Stamp;
use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::ids::Version;
use crate::customers::phone::Region;
use crate::routing::ids::{AgentId, CallListName, CampaignId, SkillId, TeamId};
use crate::routing::time::Timestamp;

/// Skills that an agent must have for a list; agents with more of them in common are few.
pub const REQUIRED_SKILLS_MAX: usize = 16;
/// Quotas of one list: a survey has some hundreds of segments.
pub const QUOTAS_MAX: usize = 500;

/// One list of leads of a campaign, as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallList {
    pub id: CallListId,
    pub name: CallListName,
    pub settings: CallListSettings,
    pub version: Version,
    pub created: Stamp,
    pub changed: Stamp,
}

/// All that is said of a list. Serde type of its file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallListSettings {
    pub campaign: CampaignId,
    /// Whether its leads may be called at all.
    #[serde(default = "yes")]
    pub active: bool,
    /// From then on no lead of it is called, and none is added.
    #[serde(default, with = "moments", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Of numbers without a country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_country: Option<Region>,
    #[serde(default)]
    pub order: LeadOrder,
    /// Of the leads that the campaign takes, while several lists have some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_percent: Option<SharePercent>,
    #[serde(default)]
    pub release: Release,
    /// So many people reached stop the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_contacts: Option<NonZeroU32>,
    /// So many sales stop the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_sales: Option<NonZeroU32>,
    /// Which list follows when this one runs low.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_list: Option<CallListName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<ListOwner>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skills: BTreeSet<SkillId>,
    #[serde(default)]
    pub duplicates: DuplicateScope,
    #[serde(default, rename = "quota", skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<Quota>,
    /// What else its leads hold.
    #[serde(default, rename = "field", skip_serializing_if = "FieldDeclarations::is_empty")]
    pub fields: FieldDeclarations,
}

fn yes() -> bool {
    true
}

/// Which lead goes first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LeadOrder {
    /// The highest; among equals the oldest.
    #[default]
    Priority,
    /// In the order they were added.
    Oldest,
    /// Shuffled, the same way for the same seed.
    Random { seed: u32 },
    /// By a declared field, the smallest first unless said otherwise.
    Field {
        name: String,
        #[serde(default)]
        largest_first: bool,
    },
}

/// When leads of the list become callable.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Release {
    /// As they are added.
    #[default]
    All,
    /// So many as a person says, each time.
    ByHand,
    /// So many an hour or a day.
    Tranche { leads: NonZeroU32, every: TrancheSpan },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrancheSpan {
    Hour,
    Day,
}

/// Whose leads these are; others get none of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListOwner {
    Agent(AgentId),
    Team(TeamId),
}

/// Among which leads a number may stand once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateScope {
    File,
    #[default]
    List,
    /// Every list of the same campaign.
    Campaign,
    /// Every list.
    System,
    /// Every list, of leads that were added in so many days before.
    Days(NonZeroU16),
}

impl fmt::Display for DuplicateScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DuplicateScope::File => f.write_str("this file"),
            DuplicateScope::List => f.write_str("this list"),
            DuplicateScope::Campaign => f.write_str("a list of this campaign"),
            DuplicateScope::System => f.write_str("a list"),
            DuplicateScope::Days(days) => write!(f, "a list of the last {days} days"),
        }
    }
}

/// So many people reached stop the list, or the segment of it whose field has this value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    pub contacts: NonZeroU32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// From 1 to 100.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct SharePercent(u8);

/// No share of anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected a share from 1 to 100 percent, found {0}")]
pub struct NoShare(u8);

impl TryFrom<u8> for SharePercent {
    type Error = NoShare;
    fn try_from(percent: u8) -> Result<SharePercent, NoShare> {
        if (1..=100).contains(&percent) { Ok(SharePercent(percent)) } else { Err(NoShare(percent)) }
    }
}

impl From<SharePercent> for u8 {
    fn from(share: SharePercent) -> u8 {
        share.0
    }
}

/// A setting that does not go with the others.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{setting}: expected {expected}, found {found}")]
pub struct WrongSetting {
    pub setting: &'static str,
    pub expected: String,
    pub found: String,
}

impl CallListSettings {
    /// All that the settings of a list of this name cannot be together.
    ///
    /// # Errors
    /// Each names its setting.
    pub fn check(&self, name: &CallListName) -> Result<(), Vec<WrongSetting>> {
        let mut wrong = Vec::new();
        let mut refuse =
            |setting, expected: &str, found| wrong.push(WrongSetting { setting, expected: expected.to_owned(), found });
        if let LeadOrder::Field { name: field, .. } = &self.order
            && self.fields.get(field).is_none()
        {
            refuse("order", "a field that the list declares", format!("{field:?}"));
        }
        if self.next_list.as_ref() == Some(name) {
            refuse("next_list", "another list", "this one".to_owned());
        }
        if self.skills.len() > REQUIRED_SKILLS_MAX {
            refuse("skills", &format!("at most {REQUIRED_SKILLS_MAX}"), self.skills.len().to_string());
        }
        if self.quotas.len() > QUOTAS_MAX {
            refuse("quota", &format!("at most {QUOTAS_MAX}"), self.quotas.len().to_string());
        }
        let mut segments = BTreeSet::new();
        for Quota { field, value, .. } in self.quotas.iter().take(QUOTAS_MAX) {
            if field.is_some() != value.is_some() {
                refuse("quota", "field and value of a segment, or neither of them", "one of them".to_owned());
            }
            if let (Some(field), Some(value)) = (field, value)
                && let Err(error) = self.fields.read(field, value)
            {
                refuse("quota", &format!("field {}: {}", error.field, error.expected), error.found);
            }
            if !segments.insert((field, value)) {
                refuse("quota", "one for each segment", "two of the same".to_owned());
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// Whether no lead is added or called any more.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}
