//! A queue's steps as data: how it asks less, or asks others, of those who wait on. Decides nothing.

use serde::{Deserialize, Serialize};

use super::expression::Expression;
use super::ids::{QueueId, SkillId};
use super::skill::Skills;
use super::time::Millis;

/// Most steps of one queue.
pub const STEPS_MAX: usize = 32;

/// How a queue asks less, or asks others, of those who wait on.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StepRules {
    /// Since the visit began.
    pub after: Millis,
    /// Over the figures of queues.
    pub when: Option<Expression>,
    /// Nobody logged in meets what is asked now, or will be by a later step that names only a time.
    pub when_nobody_could_match: bool,
    /// Levels asked from now on; other skills stay.
    pub skills: Skills,
    /// No longer asked.
    pub drop_skills: Vec<SkillId>,
    /// Agents who meet this queue's own requirement may serve, too.
    pub join_queue: Option<QueueId>,
    /// Added to the visit's priority.
    pub priority: i32,
    /// The visit ends, and one there begins in the same place.
    pub move_to: Option<QueueId>,
}
