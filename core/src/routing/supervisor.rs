//! What a supervisor orders, about any agent, contact or queue; and how an agent is logged out.

use super::agent::Phase;
use super::command::{EndedBy, LegFailure, LogOutHow, Presence, PresenceWhen};
use super::entry::NewVisit;
use super::event::{AgentChange, DirectTo, Fact, OfferOutcome, QueuedBy, RevokedWhy, VisitEnd};
use super::ids::{AgentId, ContactId, QueueId, SegmentId};
use super::refusal::{ContactState, Expected, FieldName, Refusal};
use super::segment::SegmentState;
use super::skill::Skills;
use super::table::{AgentNo, QueueNo};
use super::turn::Turn;
use super::visit::Visit;

/// Priorities a supervisor may give, in steps of head start: as many as the rules may.
const PRIORITIES: std::ops::RangeInclusive<i32> = -1_000..=1_000;

impl Turn<'_> {
    pub(super) fn set_presence_of(
        &mut self,
        agent: &AgentId,
        presence: Presence,
        when: PresenceWhen,
    ) -> Result<(), Refusal> {
        let no = self.agent_in_rules(agent)?;
        if presence == Presence::Offline {
            return Err(Refusal::InvalidField { field: FieldName::Presence, expected: Expected::AvailableOrNotReady });
        }
        if !self.state().agent(no).is_logged_in() {
            return Err(Refusal::AgentNotLoggedIn { agent: agent.clone() });
        }
        self.choose_presence(no, presence, when, AgentChange::SetBySupervisor);
        Ok(())
    }

    pub(super) fn log_out(&mut self, by_supervisor: bool, agent: &AgentId, how: LogOutHow) -> Result<(), Refusal> {
        let no = if by_supervisor { self.agent(agent)? } else { self.agent_in_rules(agent)? };
        match (by_supervisor, how) {
            (false, LogOutHow::Finish) => return self.set_presence(agent, Presence::Offline, PresenceWhen::Now),
            (false, LogOutHow::Force) => {
                let expected = Expected::ForcedByASupervisorOnly;
                return Err(Refusal::InvalidField { field: FieldName::How, expected });
            }
            (false, LogOutHow::HandBack) | (true, LogOutHow::Finish | LogOutHow::HandBack | LogOutHow::Force) => {}
        }
        if !self.state().agent(no).is_logged_in() {
            return Ok(());
        }
        if !by_supervisor {
            if self.only_waits_to_go(no) {
                return Ok(());
            }
            self.hear(no);
        }
        self.revoke_offers(no, RevokedWhy::NotAvailable);
        let cause = if by_supervisor { AgentChange::LoggedOut } else { AgentChange::Chosen };
        let agent = self.state().agent(no);
        if !agent.has_work() {
            self.change_agent(no, cause, |change| (change.presence, change.next) = (Presence::Offline, None));
        } else if agent.next != Some(Presence::Offline) {
            self.change_agent(no, cause, |change| change.next = Some(Presence::Offline));
        }
        match how {
            LogOutHow::Finish => {}
            LogOutHow::HandBack => self.hand_back_written(no),
            LogOutHow::Force => self.take_everything_from(no),
        }
        Ok(())
    }

    /// He is about to go, and there is nothing that he could hand back: said again, it changes nothing.
    fn only_waits_to_go(&self, no: AgentNo) -> bool {
        let agent = self.state().agent(no);
        let is_written = |segment: &SegmentId| self.state().segments[segment].channel.is_written();
        let about_to_go = agent.has_work() && agent.next == Some(Presence::Offline) && agent.offers.is_empty();
        about_to_go && !self.segments_with_customer(no).iter().any(is_written)
    }

    fn hand_back_written(&mut self, no: AgentNo) {
        for segment in self.segments_with_customer(no) {
            if self.state().segments[&segment].channel.is_written() {
                self.give_back(segment);
            }
        }
    }

    fn give_back(&mut self, segment: SegmentId) {
        let agent = self.state().agent_id(self.state().segments[&segment].agent);
        self.hand_back(segment, false, QueuedBy::HandedBack { agent });
    }

    /// Whatever he has in hand goes back, and he is done with it.
    fn take_everything_from(&mut self, no: AgentNo) {
        self.abandon_consultation(no);
        let mut segments: Vec<SegmentId> =
            self.state().agent(no).segments.iter().map(|(segment, _)| *segment).collect();
        segments.sort_unstable_by_key(|segment| (self.state().segments[segment].contact, *segment));
        for id in segments {
            let Some(segment) = self.state().segments.get(&id) else { continue };
            match segment.state {
                SegmentState::Connecting { .. } => self.connect_failed(id, LegFailure::CalledOff),
                SegmentState::Talking
                | SegmentState::Held { .. }
                | SegmentState::LegLost { .. }
                | SegmentState::SetAside { .. } => {
                    let contact = segment.contact;
                    if !self.consultee_is_gone(contact, EndedBy::Router) {
                        self.give_back(id);
                    }
                }
                SegmentState::WrapUp { .. } => {}
            }
        }
        let left = self.state().agent(no).segments.iter().filter(|(_, in_hand)| in_hand.phase == Phase::WrapUp);
        let mut wrapping: Vec<SegmentId> = left.map(|(segment, _)| *segment).collect();
        wrapping.sort_unstable();
        for segment in wrapping {
            self.close_segment(segment, None, None);
        }
    }

    /// The visit of a customer's contact that nobody has accepted.
    pub(super) fn waiting(&self, contact: ContactId) -> Result<&Visit, Refusal> {
        let found = self.living(contact)?;
        if found.consultation.is_some() {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::ACustomersContact });
        }
        let visit = found.visit.as_ref().filter(|visit| visit.connecting().is_none());
        visit.ok_or(Refusal::WrongState { contact, expected: ContactState::Waiting })
    }

    pub(super) fn move_contact(&mut self, contact: ContactId, queue: &QueueId) -> Result<(), Refusal> {
        self.living(contact)?;
        let no = self.queue_in_rules(queue)?;
        if self.waiting(contact)?.queue != no {
            self.end_offers(contact, &OfferOutcome::Rescinded);
            self.move_on(contact, queue, QueuedBy::Moved);
        }
        Ok(())
    }

    pub(super) fn queue_in_rules(&self, queue: &QueueId) -> Result<QueueNo, Refusal> {
        let no = self.state().queue_no(queue).filter(|no| self.state().queue(*no).in_rules);
        no.ok_or_else(|| Refusal::UnknownQueue { queue: queue.clone() })
    }

    pub(super) fn prioritise_contact(&mut self, contact: ContactId, priority: i32) -> Result<(), Refusal> {
        self.living(contact)?;
        if !PRIORITIES.contains(&priority) {
            return Err(Refusal::InvalidField { field: FieldName::Priority, expected: Expected::FromMinus1000To1000 });
        }
        let visit = self.waiting(contact)?;
        if visit.priority != priority {
            let visit = visit.id;
            self.record(Fact::VisitPrioritised { contact, visit, priority });
        }
        Ok(())
    }

    pub(super) fn assign_contact(&mut self, contact: ContactId, agent: &AgentId) -> Result<(), Refusal> {
        self.living(contact)?;
        let no = self.agent_in_rules(agent)?;
        if !self.state().agent(no).is_logged_in() {
            return Err(Refusal::AgentNotLoggedIn { agent: agent.clone() });
        }
        let visit = self.waiting(contact)?;
        if visit.never.contains(&no) {
            let expected = Expected::AnAgentTheCustomerMayGet;
            return Err(Refusal::InvalidField { field: FieldName::Agent, expected });
        }
        if visit.direct.as_ref().is_some_and(|direct| direct.agent == no) {
            return Ok(());
        }
        let (behind, skills, priority) = match &visit.direct {
            Some(direct) => (direct.behind.queue, (*direct.behind.skills).clone(), direct.behind.priority),
            None => {
                let own = self.state().queue(visit.queue).rules.priority;
                (visit.queue, (*visit.skills).clone(), visit.priority.saturating_sub(own))
            }
        };
        let assigned = NewVisit {
            queue: QueueId::of_agent(agent),
            cause: QueuedBy::Assigned,
            skills: Skills::new(),
            priority: 0,
            ordered_since: visit.ordered_since,
            direct: Some(DirectTo {
                agent: agent.clone(),
                until: self.at + self.state().rules.site.direct_wait_max,
                behind: self.state().queue_id(behind),
                skills,
                priority,
            }),
            preferred: None,
            never: self.agent_ids(&visit.never),
        };
        self.end_offers(contact, &OfferOutcome::Rescinded);
        self.end_visit(contact, VisitEnd::FlowedOut);
        self.queue(contact, assigned);
        Ok(())
    }

    pub(super) fn close_contact(&mut self, contact: ContactId) -> Result<(), Refusal> {
        self.living(contact)?;
        self.contact_over(contact, EndedBy::Supervisor);
        Ok(())
    }

    pub(super) fn pause_queue(&mut self, queue: &QueueId) -> Result<(), Refusal> {
        let no = self.queue_in_rules(queue)?;
        if !self.state().queue(no).is_paused {
            self.record(Fact::QueuePaused { queue: queue.clone() });
        }
        Ok(())
    }

    /// Also one that the rules no longer have: somebody may wait there.
    pub(super) fn resume_queue(&mut self, queue: &QueueId) -> Result<(), Refusal> {
        let no = self.state().queue_no(queue).filter(|_| !queue.is_of_agent());
        let no = no.ok_or_else(|| Refusal::UnknownQueue { queue: queue.clone() })?;
        if self.state().queue(no).is_paused {
            self.record(Fact::QueueResumed { queue: queue.clone() });
        }
        Ok(())
    }
}
