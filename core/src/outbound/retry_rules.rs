//! What follows each outcome: how long to wait, whether the number or the lead is done with. Holds no lead.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attempt_outcome::Outcome;
use super::day_parts::DayParts;
use super::spans;
use crate::routing::time::Millis;

/// What follows one outcome. Written, it is the whole rule: nothing of the default is left.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryRule {
    /// How long after the attempt, at the least: the first time in a row, the second, and so on; the last stays.
    /// None: never again.
    #[serde(with = "spans::list")]
    pub waits: Vec<Millis>,
    /// Not in the same part of the customer's day, as far as windows allow.
    #[serde(default)]
    pub in_another_day_part: bool,
    /// Not before it has closed and opened again.
    #[serde(default)]
    pub in_the_next_window: bool,
    /// Before all leads that are due.
    #[serde(default)]
    pub goes_first: bool,
    /// Only for an agent who is reserved for it.
    #[serde(default)]
    pub needs_reserved_agent: bool,
    /// Towards the limits; law counts its own.
    #[serde(default = "yes")]
    pub counts_as_attempt: bool,
    /// This number is dead when it has happened so many times in a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kills_number_after: Option<u16>,
    #[serde(default)]
    pub closes_lead: bool,
}

fn yes() -> bool {
    true
}

impl RetryRule {
    fn after(waits: Vec<Millis>) -> RetryRule {
        RetryRule {
            waits,
            in_another_day_part: false,
            in_the_next_window: false,
            goes_first: false,
            needs_reserved_agent: false,
            counts_as_attempt: true,
            kills_number_after: None,
            closes_lead: false,
        }
    }

    /// The wait when it has happened `in_a_row` times; None: never again.
    #[must_use]
    pub fn wait(&self, in_a_row: u16) -> Option<Millis> {
        self.waits.get(usize::from(in_a_row.max(1)) - 1).or(self.waits.last()).copied()
    }
}

/// How a campaign goes about leads that were not reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetryRules {
    pub day_parts: DayParts,
    /// Attempts of a lead over all its numbers.
    pub attempts_of_lead_max: u16,
    pub attempts_of_number_max: u16,
    /// Of a lead, in one day by its clock.
    pub attempts_a_day_max: u16,
    /// Between attempts to two numbers of one lead.
    #[serde(with = "spans")]
    pub between_numbers: Millis,
    /// A wait grows at random by up to so many percent, so that what failed together is not tried again together.
    pub jitter_percent: u8,
    /// Who hangs up sooner than this after the answer hung up early.
    #[serde(with = "spans")]
    pub hung_up_early_within: Millis,
    /// Between messages left on one number's machine.
    #[serde(with = "spans")]
    pub between_messages: Millis,
    /// Those that are left out are as by default.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub after: BTreeMap<Outcome, RetryRule>,
}

impl Default for RetryRules {
    fn default() -> RetryRules {
        RetryRules {
            after: BTreeMap::new(),
            day_parts: DayParts::default(),
            attempts_of_lead_max: 10,
            attempts_of_number_max: 6,
            attempts_a_day_max: 3,
            between_numbers: Millis::minutes(10),
            jitter_percent: 10,
            hung_up_early_within: Millis::seconds(6),
            between_messages: Millis::days(7),
        }
    }
}

impl RetryRules {
    #[must_use]
    pub fn rule(&self, outcome: Outcome) -> RetryRule {
        self.after.get(&outcome).cloned().unwrap_or_else(|| default_rule(outcome))
    }

    /// What is not a rule at all, by its field.
    ///
    /// # Errors
    /// The first field that makes no sense.
    pub fn check(&self) -> Result<(), RetryRulesError> {
        for (field, value) in [
            ("attempts_of_lead_max", self.attempts_of_lead_max),
            ("attempts_of_number_max", self.attempts_of_number_max),
            ("attempts_a_day_max", self.attempts_a_day_max),
        ] {
            if value == 0 {
                return Err(RetryRulesError::Zero { field });
            }
        }
        if self.jitter_percent > 100 {
            return Err(RetryRulesError::Jitter { percent: self.jitter_percent });
        }
        for (outcome, rule) in &self.after {
            let is_wrong = |wait: &Millis| *wait < Millis::ZERO || *wait > LONGEST_WAIT;
            if rule.waits.len() > WAITS_MAX || rule.waits.iter().any(is_wrong) {
                return Err(RetryRulesError::Waits { outcome: *outcome });
            }
            if rule.kills_number_after == Some(0) {
                return Err(RetryRulesError::Zero { field: "kills_number_after" });
            }
            if !rule.counts_as_attempt && rule.waits.contains(&Millis::ZERO) && !rule.in_the_next_window {
                return Err(RetryRulesError::Endless { outcome: *outcome });
            }
        }
        Ok(())
    }
}

/// Waits of one rule: nobody tells a ninth failure from an eighth.
const WAITS_MAX: usize = 8;
const LONGEST_WAIT: Millis = Millis::days(366);

/// Why rules for retries are refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RetryRulesError {
    #[error("`{field}` is 0; expected 1 or more")]
    Zero { field: &'static str },
    #[error("`jitter_percent` is {percent}; expected 0 to 100")]
    Jitter { percent: u8 },
    #[error("`waits` after {outcome:?}: expected up to 8 spans from 0 to 366 days")]
    Waits { outcome: Outcome },
    #[error("after {outcome:?} a number is called again at once and it counts as no attempt; expected a wait")]
    Endless { outcome: Outcome },
}

fn minutes<const COUNT: usize>(waits: [i64; COUNT]) -> Vec<Millis> {
    waits.into_iter().map(Millis::minutes).collect()
}

/// What usually follows. Congestion is the network's fault, so it is no attempt; who was dropped is owed a call that
/// cannot be dropped again.
fn default_rule(outcome: Outcome) -> RetryRule {
    match outcome {
        Outcome::Busy => RetryRule::after(minutes([10, 10, 60])),
        Outcome::NoAnswer | Outcome::Unknown => {
            RetryRule { in_another_day_part: true, ..RetryRule::after(minutes([3 * 60])) }
        }
        Outcome::Machine | Outcome::MachineMessageLeft => {
            RetryRule { in_another_day_part: true, ..RetryRule::after(minutes([4 * 60])) }
        }
        Outcome::Congestion | Outcome::CarrierError => {
            RetryRule { counts_as_attempt: false, ..RetryRule::after(minutes([5, 10, 20, 40, 80, 160])) }
        }
        Outcome::Answered | Outcome::Rejected | Outcome::CustomerHungUpEarly => RetryRule::after(vec![Millis::days(1)]),
        Outcome::Dropped => RetryRule {
            in_the_next_window: true,
            goes_first: true,
            needs_reserved_agent: true,
            ..RetryRule::after(vec![Millis::ZERO])
        },
        Outcome::InvalidNumber | Outcome::Fax => {
            RetryRule { kills_number_after: Some(1), ..RetryRule::after(Vec::new()) }
        }
        Outcome::Disconnected => RetryRule { kills_number_after: Some(2), ..RetryRule::after(vec![Millis::days(15)]) },
    }
}
