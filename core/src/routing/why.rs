//! The compact reason each decision records. Rebuilds nothing: the long answer is a reader's.

use serde::{Deserialize, Serialize};

use super::rule_set::{RulesVersion, TieBreaker};

/// Why this agent: enough to say it on a screen, short enough for every event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Why {
    pub rules: RulesVersion,
    /// Agents that could have been offered the contact at this moment.
    pub matched: u32,
    /// None: only one matched, or all tie-breakers were equal.
    pub decided_by: Option<TieBreaker>,
    /// The deciding tie-breaker's value of the chosen agent; see `selection` for the units.
    pub value: i64,
    /// The same of the next best.
    pub runner_up: Option<i64>,
    /// He took it from the list himself: nobody was compared with him.
    #[serde(default, skip_serializing_if = "is_false")]
    pub taken: bool,
}

impl Why {
    /// Nobody else was looked at.
    #[must_use]
    pub fn alone(rules: RulesVersion) -> Why {
        Why { rules, matched: 1, decided_by: None, value: 0, runner_up: None, taken: false }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}
