//! Skills, levels and what a visit asks for. Knows no agent.

use serde::{Deserialize, Serialize};

use super::ids::SkillId;

/// How well an agent knows a skill: 1 to 10. A missing skill is not level 0: it does not match.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Level(u8);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a level from 1 to 10")]
pub struct InvalidLevel;

impl Level {
    /// # Errors
    /// When the level is not from 1 to 10.
    pub fn new(level: u8) -> Result<Level, InvalidLevel> {
        if (1..=10).contains(&level) { Ok(Level(level)) } else { Err(InvalidLevel) }
    }

    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Level {
    type Error = InvalidLevel;
    fn try_from(level: u8) -> Result<Level, InvalidLevel> {
        Level::new(level)
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> u8 {
        level.0
    }
}

/// Skills with a level each: what an agent has, or the least a visit asks. In order of name.
pub type Skills = std::collections::BTreeMap<SkillId, Level>;
