//! One contact interrupts others: what an agent sets aside to take it, and when he takes that up.

use super::agent::Phase;
use super::event::Fact;
use super::ids::SegmentId;
use super::segment::SegmentState;
use super::turn::Turn;

impl Turn<'_> {
    /// The agent has taken a contact that he has no room for: the latest of those it may interrupt go
    /// aside, as many as it takes.
    pub(super) fn set_aside_for(&mut self, by: SegmentId) {
        let state = self.state();
        let (no, channel) = (state.segments[&by].agent, state.segments[&by].channel);
        let agent = state.agent_id(no);
        let total = state.agent(no).rules.as_ref().map_or(0, |rules| rules.capacity.total);
        for (segment, _) in self.state().agent(no).interruptible(channel, &self.state().rules.site) {
            if self.state().agent(no).used(&self.state().rules.site) <= total {
                return;
            }
            let contact = self.state().segments[&segment].contact;
            self.record(Fact::SegmentSetAside { contact, segment, agent: agent.clone(), by });
        }
    }

    /// What was set aside for a segment that is gone is taken up again, oldest first.
    pub(super) fn take_up_what_was_aside(&mut self, no: super::table::AgentNo, by: SegmentId) {
        let state = self.state();
        let is_aside = |segment: &SegmentId| match state.segments[segment].state {
            SegmentState::SetAside { by: other, .. } => other == by,
            SegmentState::Connecting { .. }
            | SegmentState::Talking
            | SegmentState::Held { .. }
            | SegmentState::LegLost { .. }
            | SegmentState::WrapUp { .. } => false,
        };
        let of_agent = state.agent(no).segments.iter().filter(|(_, in_hand)| in_hand.phase == Phase::SetAside);
        let mut aside: Vec<SegmentId> = of_agent.map(|(segment, _)| *segment).filter(is_aside).collect();
        aside.sort_unstable();
        for segment in aside {
            let (contact, agent) = (self.state().segments[&segment].contact, self.state().agent_id(no));
            self.record(Fact::SegmentTakenUp { contact, segment, agent });
        }
    }
}
