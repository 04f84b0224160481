//! What the router has to know of a campaign: its queue, how its calls are placed, whether it runs. Knows no list and no lead.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ids::{GatewayId, QueueId};
use super::personal::Address;
use super::rule_set::FirstCalled;
use super::time::Millis;

/// How a campaign calls. Serde type of the journal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CampaignRules {
    /// Where its leads wait for an agent: one that serves outbound calls.
    pub queue: QueueId,
    pub mode: CampaignMode,
    pub gateway: GatewayId,
    /// The number that is shown to whoever is called; None: the gateway's own.
    pub caller_id: Option<Address>,
    /// Whose phone is called first.
    pub first: FirstCalled,
    /// How long the lead's phone rings.
    pub ring_for: Millis,
    pub preview: PreviewRules,
    /// What its agents choose from when they finish up.
    #[serde(default)]
    pub dispositions: Vec<Arc<str>>,
}

/// Who decides that a call is placed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignMode {
    /// The agent asks for each lead, and dials.
    Manual,
    /// The agent is shown a lead, and dials or skips it.
    Preview,
    /// A call for each agent who is idle, and reserved for it.
    Progressive,
}

impl fmt::Display for CampaignMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CampaignMode::Manual => "manual",
            CampaignMode::Preview => "preview",
            CampaignMode::Progressive => "progressive",
        })
    }
}

/// How long an agent looks at a lead before it is dialled or skipped for him. Manual campaigns skip.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PreviewRules {
    pub time: Millis,
    pub then: PreviewEnd,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewEnd {
    #[default]
    Skip,
    Dial,
}

/// Whether a campaign's leads are called.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignRun {
    #[default]
    Stopped,
    Running,
    /// Leads that are here wait; calls that are placed go on.
    Paused,
    /// No more leads are taken in; it stops when those that are here are over.
    Draining,
}

impl CampaignRun {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CampaignRun::Stopped => "stopped",
            CampaignRun::Running => "running",
            CampaignRun::Paused => "paused",
            CampaignRun::Draining => "draining",
        }
    }
}

impl fmt::Display for CampaignRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
