//! What is seen of a campaign while it runs: its leads and why they wait, its calls and what came of them, by list and by
//! agent. Adds up what it is given; counts nothing itself.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::attempt_outcome::Outcome;
use super::day_parts::midnight;
use super::ids::CallListId;
use super::lead_standing::LeadCounts;
use super::lead_waterfall::Waterfall;
use super::moments;
use crate::routing::attempt::NotPlaced;
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::{AgentId, CallListName, CampaignId};
use crate::routing::time::{Millis, Timestamp};

/// Calls are shown for so many minutes, the present one the last.
pub const MINUTES_SHOWN: usize = 15;
const MINUTE: Millis = Millis::minutes(1);

/// At one moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CampaignStatus {
    pub campaign: CampaignId,
    pub run: CampaignRun,
    /// When the router said so; None: it never ran.
    #[serde(with = "moments")]
    pub since: Option<Timestamp>,
    /// Since when calls are counted: midnight, by the clock of the campaign's zone, else UTC.
    #[serde(with = "moments")]
    pub calls_since: Option<Timestamp>,
    /// Of all lists.
    pub leads: LeadsSeen,
    pub calls: CallsSeen,
    pub lists: Vec<ListSeen>,
    pub agents: Vec<AgentSeen>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct LeadsSeen {
    pub waterfall: Waterfall,
    /// Somebody tried to call them: a share of all is the penetration.
    pub tried: u64,
    /// With whom somebody spoke who was meant; sales among them.
    pub contacts: u64,
    pub sales: u64,
    /// An agent promised their next call, and it is due; those that are not due yet. They are among the open ones.
    #[serde(default)]
    pub callbacks_due: u64,
    #[serde(default)]
    pub callbacks_later: u64,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ListSeen {
    pub list: CallListName,
    pub leads: LeadsSeen,
    pub calls: CallsSeen,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AgentSeen {
    pub agent: AgentId,
    pub calls: CallsSeen,
}

/// Calls since midnight.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CallsSeen {
    pub proposed: u64,
    pub placed: u64,
    /// Of those placed, how many are over.
    pub ended: u64,
    /// Of those that are over, how many a person answered.
    pub answered: u64,
    /// They ring, or somebody speaks.
    pub in_flight: u64,
    /// Not placed, by why.
    pub refused: BTreeMap<String, u64>,
    /// The last [`MINUTES_SHOWN`], the present one the last.
    pub minutes: Vec<MinuteSeen>,
}

/// Calls by the minute in which they were placed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MinuteSeen {
    pub placed: u64,
    /// By a person, and over.
    pub answered: u64,
}

/// Attempts of one list by one agent that ended alike, or go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttemptCount {
    pub list: CallListId,
    pub agent: Option<AgentId>,
    pub refused: Option<NotPlaced>,
    pub outcome: Option<Outcome>,
    pub proposed: u64,
    pub placed: u64,
    pub ended: u64,
}

/// Attempts of one list by one agent that were placed in one minute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MinuteCount {
    pub list: CallListId,
    pub agent: Option<AgentId>,
    /// When it began.
    pub minute: Timestamp,
    pub outcome: Option<Outcome>,
    pub placed: u64,
}

/// Leads of one list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListCount {
    pub list: CallListId,
    pub name: CallListName,
    pub leads: LeadsSeen,
}

/// What a status is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusParts {
    pub campaign: CampaignId,
    pub run: CampaignRun,
    pub since: Option<Timestamp>,
    pub at: Timestamp,
    pub midnight: Timestamp,
    pub lists: Vec<ListCount>,
    pub attempts: Vec<AttemptCount>,
    pub minutes: Vec<MinuteCount>,
}

/// When the first of the minutes begins that are shown at `now`.
#[must_use]
pub fn minutes_from(now: Timestamp) -> Timestamp {
    let present = now.0 - now.0.rem_euclid(MINUTE.0);
    Timestamp(present - MINUTE.0 * (MINUTES_SHOWN as i64 - 1))
}

/// Since when calls are counted at `now`: midnight by the clock of that zone.
#[must_use]
pub fn calls_since(zone: &TimeZone, now: Timestamp) -> Timestamp {
    midnight(zone, now).unwrap_or(now - Millis::days(1))
}

/// A person did, whatever he heard.
fn is_answer(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Answered | Outcome::Dropped | Outcome::CustomerHungUpEarly => true,
        Outcome::NoAnswer
        | Outcome::Busy
        | Outcome::Rejected
        | Outcome::Machine
        | Outcome::MachineMessageLeft
        | Outcome::Fax
        | Outcome::InvalidNumber
        | Outcome::Disconnected
        | Outcome::Congestion
        | Outcome::CarrierError
        | Outcome::Unknown => false,
    }
}

impl CampaignStatus {
    #[must_use]
    pub fn of(parts: StatusParts) -> CampaignStatus {
        let StatusParts { campaign, run, since, at, midnight, lists, attempts, minutes } = parts;
        let calls = |is_of: &dyn Fn(CallListId, Option<&AgentId>) -> bool| {
            let mut calls = CallsSeen { minutes: vec![MinuteSeen::default(); MINUTES_SHOWN], ..CallsSeen::default() };
            for count in attempts.iter().filter(|count| is_of(count.list, count.agent.as_ref())) {
                calls.add(count);
            }
            for count in minutes.iter().filter(|count| is_of(count.list, count.agent.as_ref())) {
                calls.add_minute(count, at);
            }
            calls
        };
        let mut agents: Vec<&AgentId> = attempts.iter().filter_map(|count| count.agent.as_ref()).collect();
        agents.sort();
        agents.dedup();
        let agents = agents
            .into_iter()
            .map(|agent| AgentSeen { agent: agent.clone(), calls: calls(&|_, of| of == Some(agent)) });
        let leads = lists.iter().fold(LeadsSeen::default(), |all, list| all.plus(&list.leads));
        let seen = |list: &ListCount| ListSeen {
            list: list.name.clone(),
            leads: list.leads.clone(),
            calls: calls(&|of, _| of == list.list),
        };
        CampaignStatus {
            run,
            since,
            calls_since: Some(midnight),
            leads,
            calls: calls(&|_, _| true),
            lists: lists.iter().map(seen).collect(),
            agents: agents.collect(),
            campaign,
        }
    }
}

impl LeadsSeen {
    /// What the rows say of leads that stand so.
    #[must_use]
    pub fn of(waterfall: Waterfall, rows: &LeadCounts) -> LeadsSeen {
        LeadsSeen {
            waterfall,
            tried: rows.tried,
            contacts: rows.contacts,
            sales: rows.sales,
            callbacks_due: rows.callbacks_due,
            callbacks_later: rows.callbacks_later,
        }
    }

    fn plus(self, other: &LeadsSeen) -> LeadsSeen {
        LeadsSeen {
            waterfall: self.waterfall.plus(&other.waterfall),
            tried: self.tried + other.tried,
            contacts: self.contacts + other.contacts,
            sales: self.sales + other.sales,
            callbacks_due: self.callbacks_due + other.callbacks_due,
            callbacks_later: self.callbacks_later + other.callbacks_later,
        }
    }

    /// Of a thousand leads so many were tried at least once; None: there are none.
    #[must_use]
    pub fn penetration_per_mille(&self) -> Option<u64> {
        per_mille(self.tried, self.waterfall.all)
    }
}

impl CallsSeen {
    fn add(&mut self, count: &AttemptCount) {
        self.proposed += count.proposed;
        self.placed += count.placed;
        self.ended += count.ended;
        self.in_flight += count.placed.saturating_sub(count.ended);
        if count.outcome.is_some_and(is_answer) {
            self.answered += count.ended;
        }
        if let Some(why) = count.refused {
            *self.refused.entry(word(why).to_owned()).or_default() += count.proposed;
        }
    }

    /// Minutes that are not shown are passed over.
    fn add_minute(&mut self, count: &MinuteCount, at: Timestamp) {
        let place = usize::try_from(count.minute.since(minutes_from(at)).0 / MINUTE.0);
        let is_before = count.minute < minutes_from(at);
        let Some(minute) = place.ok().filter(|_| !is_before).and_then(|place| self.minutes.get_mut(place)) else {
            return;
        };
        minute.placed += count.placed;
        if count.outcome.is_some_and(is_answer) {
            minute.answered += count.placed;
        }
    }

    /// Of a thousand calls that are over a person answered so many; None: none is over. Calls that nobody answers may be over
    /// sooner than calls that somebody does.
    #[must_use]
    pub fn answer_rate_per_mille(&self) -> Option<u64> {
        per_mille(self.answered, self.ended)
    }
}

fn per_mille(part: u64, all: u64) -> Option<u64> {
    (part * 1_000).checked_div(all)
}

/// As it is stored and shown.
pub(super) fn word(why: NotPlaced) -> &'static str {
    match why {
        NotPlaced::Dnc => "dnc",
        NotPlaced::NoConsent => "no_consent",
        NotPlaced::OutOfWindow => "out_of_window",
        NotPlaced::NoZone => "no_zone",
        NotPlaced::Cap => "cap",
        NotPlaced::ListInactive => "list_inactive",
        NotPlaced::LeadClosed => "lead_closed",
        NotPlaced::InProgress => "in_progress",
        NotPlaced::NotChecked => "not_checked",
        NotPlaced::NoLine => "no_line",
        NotPlaced::NoAgent => "no_agent",
    }
}
