//! Whose lists a change of work touches. Changes none.

use crate::routing::ids::{AgentId, TeamId};

/// Whose lists a change touches.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Touched {
    pub owners: Vec<AgentId>,
    pub teams: Vec<TeamId>,
}

impl Touched {
    /// Whether it is in the list of an agent of these teams.
    #[must_use]
    pub fn is_of(&self, agent: &AgentId, teams: &[TeamId]) -> bool {
        self.owners.contains(agent) || self.teams.iter().any(|team| teams.contains(team))
    }
}
