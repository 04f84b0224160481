//! A campaign: how its leads are called, as a person writes it. Never holds a list or a lead, reads no file; which law holds
//! is the packs', and a campaign can only ask for more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attempt_outcome::{DispositionFlags, Final, Reached};
use super::call_list::WrongSetting;
use super::campaign_hours::{CampaignCap, CampaignHours};
use super::ids::CampaignNo;
use super::jurisdiction::{Jurisdiction, PackId, Purpose};
use super::limits::LimitScope;
use super::region::Regions;
use super::retry_rules::RetryRules;
use super::spans;
use crate::customers::change::Stamp;
use crate::customers::ids::Version;
use crate::customers::text::{PersonalText, Tag};
use crate::routing::campaign::{CampaignMode, CampaignRules, PreviewEnd, PreviewRules};
use crate::routing::command::Disposition;
use crate::routing::ids::{CampaignId, GatewayId, PersonId, QueueId};
use crate::routing::personal::Address;
use crate::routing::rule_set::FirstCalled;
use crate::routing::time::Millis;

/// Caps of one campaign: each is counted for every call.
pub const CAPS_MAX: usize = 20;
/// What agents can look through.
pub const DISPOSITIONS_MAX: usize = 100;
/// Most leads of one list that the router holds ahead of need.
pub const LEADS_AHEAD_MAX: u16 = 1_000;
/// Longest reason, in characters.
pub const REASON_LENGTH_MAX: usize = 500;
/// A phone that rings less has hardly been heard; one that rings longer reaches a machine.
const RING_FOR: std::ops::RangeInclusive<Millis> = Millis::seconds(5)..=Millis::minutes(2);
const PREVIEW_TIME: std::ops::RangeInclusive<Millis> = Millis::seconds(1)..=Millis::minutes(60);
const SKIPPED_REST_FOR: std::ops::RangeInclusive<Millis> = Millis::minutes(1)..=Millis::days(30);
const PROMISED_ALONE_FOR: std::ops::RangeInclusive<Millis> = Millis::seconds(1)..=Millis::days(1);
/// Digits of a number that is shown to whoever is called; short numbers of a company too.
const CALLER_ID_DIGITS: std::ops::RangeInclusive<usize> = 3..=15;

pub type ReasonText = PersonalText<REASON_LENGTH_MAX>;

/// One campaign, as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Campaign {
    pub no: CampaignNo,
    pub name: CampaignId,
    pub settings: CampaignSettings,
    pub version: Version,
    pub created: Stamp,
    pub changed: Stamp,
}

/// All that is said of a campaign. Serde type of its file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignSettings {
    /// Where its leads wait for an agent.
    pub queue: QueueId,
    pub gateway: GatewayId,
    pub mode: CampaignMode,
    /// What it calls for: which law holds.
    #[serde(with = "purpose")]
    pub purpose: Purpose,
    /// On whose behalf, as do-not-call entries name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Tag>,
    /// None: the gateway's own number is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_id: Option<Address>,
    /// Whose phone is called first.
    #[serde(default)]
    pub first: FirstCalled,
    #[serde(default = "half_a_minute", with = "spans")]
    pub ring_for: Millis,
    /// Only numbers with consent are called, whatever the law says.
    #[serde(default)]
    pub needs_consent: bool,
    /// Leads of one list that the router holds ahead of need.
    #[serde(default = "twenty")]
    pub leads_ahead: u16,
    /// A lead that an agent skipped is due again so much later.
    #[serde(default = "an_hour", with = "spans")]
    pub skipped_rest_for: Millis,
    /// An agent who promised a lead a call gets it alone for so long; then anybody does.
    #[serde(default = "a_quarter", with = "spans")]
    pub promised_alone_for: Millis,
    #[serde(default)]
    pub preview: Preview,
    /// None: whenever the law lets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<CampaignHours>,
    #[serde(default, rename = "cap", skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<CampaignCap>,
    /// By code.
    #[serde(default, rename = "disposition")]
    pub dispositions: BTreeMap<Tag, DispositionFlags>,
    #[serde(default)]
    pub retries: RetryRules,
    /// Packs whose holding a person decides.
    #[serde(default, rename = "pack", skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<PackDecision>,
}

fn half_a_minute() -> Millis {
    Millis::seconds(30)
}

fn twenty() -> u16 {
    20
}

fn a_quarter() -> Millis {
    Millis::minutes(15)
}

fn an_hour() -> Millis {
    Millis::minutes(60)
}

/// How long an agent looks at a lead, and what happens then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preview {
    #[serde(with = "spans")]
    pub time: Millis,
    pub then: PreviewEnd,
}

impl Default for Preview {
    fn default() -> Preview {
        Preview { time: Millis::minutes(2), then: PreviewEnd::Skip }
    }
}

/// A pack that holds for every lead of the campaign, or for none, because somebody says so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackDecision {
    pub id: PackId,
    pub holds: PackHolds,
    /// Who answers for it.
    pub by: PersonId,
    pub reason: ReasonText,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackHolds {
    Always,
    Never,
}

/// A decision about a pack that is not there.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("pack: expected one of jurisdictions/, found {0}")]
pub struct UnknownPack(pub PackId);

impl CampaignSettings {
    /// All that the settings cannot be together.
    ///
    /// # Errors
    /// Each names its setting.
    pub fn check(&self) -> Result<(), Vec<WrongSetting>> {
        let mut wrong = Vec::new();
        let mut refuse = |setting, expected: &str, found: String| {
            wrong.push(WrongSetting { setting, expected: expected.to_owned(), found })
        };
        if self.queue.is_of_agent() {
            refuse("queue", "a queue of queues/*.toml; @ is for agents", self.queue.to_string());
        }
        if self.caller_id.as_ref().is_some_and(|number| !is_caller_id(&number.0)) {
            refuse("caller_id", "3 to 15 digits, perhaps with + before them", "something else".to_owned());
        }
        for (setting, span, range) in [
            ("ring_for", self.ring_for, RING_FOR),
            ("preview.time", self.preview.time, PREVIEW_TIME),
            ("skipped_rest_for", self.skipped_rest_for, SKIPPED_REST_FOR),
            ("promised_alone_for", self.promised_alone_for, PROMISED_ALONE_FOR),
        ] {
            if !range.contains(&span) {
                let expected = format!("{} to {}", spans::written(*range.start()), spans::written(*range.end()));
                refuse(setting, &expected, spans::written(span));
            }
        }
        if !(1..=LEADS_AHEAD_MAX).contains(&self.leads_ahead) {
            refuse("leads_ahead", &format!("1 to {LEADS_AHEAD_MAX}"), self.leads_ahead.to_string());
        }
        if self.mode == CampaignMode::Manual && self.preview.then == PreviewEnd::Dial {
            refuse("preview.then", "skip: in a manual campaign only the agent dials", "dial".to_owned());
        }
        if let Err(error) = self.retries.check() {
            refuse("retries", "rules that make sense", error.to_string());
        }
        self.check_caps(&mut refuse);
        self.check_dispositions(&mut refuse);
        self.check_packs(&mut refuse);
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    fn check_caps(&self, refuse: &mut impl FnMut(&'static str, &str, String)) {
        if self.caps.len() > CAPS_MAX {
            refuse("cap", &format!("at most {CAPS_MAX}"), self.caps.len().to_string());
        }
        for cap in &self.caps {
            if cap.is_of_no_time() {
                refuse("cap", "a time above zero", "zero".to_owned());
            }
            if cap.per == LimitScope::Debt && self.purpose != Purpose::DebtCollection {
                let found = format!("the purpose {}", self.purpose.name());
                refuse("cap", "per number, customer or campaign; per debt where debts are collected", found);
            }
        }
    }

    fn check_dispositions(&self, refuse: &mut impl FnMut(&'static str, &str, String)) {
        if self.dispositions.is_empty() || self.dispositions.len() > DISPOSITIONS_MAX {
            refuse("disposition", &format!("1 to {DISPOSITIONS_MAX}"), self.dispositions.len().to_string());
        }
        if !self.dispositions.is_empty() && !self.dispositions.values().any(|flags| flags.finality == Final::Contact) {
            refuse(
                "disposition",
                "one at least with which a lead is over",
                "none that is final for a contact".to_owned(),
            );
        }
        for (code, flags) in &self.dispositions {
            let is_person = matches!(flags.reached, Reached::RightParty | Reached::WrongParty);
            if flags.is_live_answer && !is_person {
                refuse("disposition", "is_live_answer only where a person was reached", code.to_string());
            }
            if flags.is_sale && (flags.reached != Reached::RightParty || flags.finality != Final::Contact) {
                refuse("disposition", "is_sale only with right_party, final for the contact", code.to_string());
            }
        }
    }

    fn check_packs(&self, refuse: &mut impl FnMut(&'static str, &str, String)) {
        let mut decided = BTreeSet::new();
        for pack in &self.packs {
            if !decided.insert(&pack.id) {
                refuse("pack", "one decision for each", format!("two for {}", pack.id));
            }
            if pack.reason.as_str().trim().is_empty() {
                refuse("pack", "a reason", format!("none for {}", pack.id));
            }
        }
    }

    /// What an agent's words mean here; None: nothing.
    #[must_use]
    pub fn meaning_of(&self, said: &Disposition) -> Option<DispositionFlags> {
        self.dispositions.get(&Tag::new(&*said.0).ok()?).copied()
    }

    /// What the router has to know.
    #[must_use]
    pub fn rules(&self) -> CampaignRules {
        CampaignRules {
            queue: self.queue.clone(),
            mode: self.mode,
            gateway: self.gateway.clone(),
            caller_id: self.caller_id.clone(),
            first: self.first,
            ring_for: self.ring_for,
            preview: PreviewRules { time: self.preview.time, then: self.preview.then },
            dispositions: self.dispositions.keys().map(|code| Arc::from(code.as_str())).collect(),
        }
    }

    /// Of `packs` those that hold for a lead who may be in `regions`, at a number of these digits (no `+`).
    pub fn packs_for<'p>(
        &self,
        packs: &'p [Arc<Jurisdiction>],
        regions: &Regions,
        digits: &str,
    ) -> impl Iterator<Item = &'p Jurisdiction> + Clone {
        let holds = |pack: &&'p Jurisdiction| {
            let decision = self.packs.iter().find(|decision| decision.id == pack.id);
            match decision.map(|decision| decision.holds) {
                Some(PackHolds::Always) => true,
                Some(PackHolds::Never) => false,
                None => pack.may_hold(regions, digits, self.purpose),
            }
        };
        let found: Vec<&'p Jurisdiction> = packs.iter().map(AsRef::as_ref).filter(holds).collect();
        found.into_iter()
    }

    /// # Errors
    /// When a decision names a pack that is not among `packs`: nobody knows then what would hold.
    pub fn check_against(&self, packs: &[Arc<Jurisdiction>]) -> Result<(), UnknownPack> {
        let unknown = self.packs.iter().find(|decision| packs.iter().all(|pack| pack.id != decision.id));
        unknown.map_or(Ok(()), |decision| Err(UnknownPack(decision.id.clone())))
    }
}

fn is_caller_id(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    CALLER_ID_DIGITS.contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

mod purpose {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::Purpose;

    pub fn serialize<S: Serializer>(purpose: &Purpose, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(purpose.name())
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Purpose, D::Error> {
        let text = String::deserialize(deserializer)?;
        let named = Purpose::ALL.into_iter().find(|purpose| purpose.name() == text);
        let expected = "expected sales, debt_collection, research or service";
        named.ok_or_else(|| de::Error::custom(format_args!("{expected}, found {text:?}")))
    }
}
