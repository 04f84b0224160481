//! What an agent does with a contact in his hands: hold, transfer, end, wrap up. Each agent's part
//! is a segment of its own, so that the first closes correctly whatever becomes of the contact.

use std::sync::Arc;

use super::callbacks::Schedule;
use super::command::{Destination, Disposition, EndedBy, FollowUpCall};
use super::entry::{NewVisit, overlaid};
use super::event::{ConsultationEnd, DirectTo, Fact, QueuedBy, VisitEnd};
use super::ids::{AgentId, ContactId, QueueId, SegmentId};
use super::personal::{Address, Attributes, Details, Note, Personal, PersonalDetails};
use super::refusal::{ContactState, Expected, FieldName, Refusal};
use super::rule_set::DispositionRule;
use super::segment::{Segment, SegmentState, VisitPlace};
use super::state::UPDATES_MAX;
use super::table::AgentNo;
use super::time::{Millis, Timestamp};
use super::turn::Turn;
use super::visit::{Behind, Contact};

const EXTENSION_MIN: Millis = Millis::seconds(1);
const EXTENSION_MAX: Millis = Millis::minutes(60);

/// Where a transfer goes, checked.
pub(super) enum Target {
    Queue(QueueId),
    Agent(AgentId),
}

impl Turn<'_> {
    /// A contact that has not ended, by the router's number.
    pub(super) fn living(&self, contact: ContactId) -> Result<&Contact, Refusal> {
        self.state().contacts.get(&contact).ok_or_else(|| {
            if self.state().was_given(contact.0) {
                Refusal::ContactEnded { contact: Some(contact) }
            } else {
                Refusal::UnknownContact
            }
        })
    }

    /// The agent's live part in the contact: talking or held.
    pub(super) fn in_hand(&self, agent: &AgentId, contact: ContactId) -> Result<(AgentNo, SegmentId), Refusal> {
        let no = self.agent(agent)?;
        let found = self.living(contact)?;
        if let Some(segment) = found.segment
            && self.state().segments[&segment].agent == no
        {
            return Ok((no, segment));
        }
        let connecting = self.state().agent(no).segments.iter().any(|(segment, _)| {
            let segment = &self.state().segments[segment];
            segment.contact == contact && matches!(segment.state, SegmentState::Connecting { .. })
        });
        Err(if connecting {
            Refusal::WrongState { contact, expected: ContactState::Connected }
        } else {
            Refusal::NotInHand { contact }
        })
    }

    /// The same, and he is with it: it is not set aside, and his leg is there.
    pub(super) fn at_hand(&self, agent: &AgentId, contact: ContactId) -> Result<(AgentNo, SegmentId), Refusal> {
        let (no, segment) = self.in_hand(agent, contact)?;
        match self.state().segments[&segment].state {
            SegmentState::SetAside { .. } | SegmentState::LegLost { .. } => {
                Err(Refusal::WrongState { contact, expected: ContactState::Talking })
            }
            SegmentState::Talking | SegmentState::Held { .. } => Ok((no, segment)),
            SegmentState::Connecting { .. } | SegmentState::WrapUp { .. } => {
                unreachable!("a contact's segment is with its customer")
            }
        }
    }

    pub(super) fn hold_contact(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let (no, segment) = self.at_hand(agent, contact)?;
        self.is_customers(contact)?;
        self.has_no_consultee(contact)?;
        if self.state().segments[&segment].state == SegmentState::Talking {
            self.hear(no);
            self.record(Fact::ContactHeld { contact, segment, agent: agent.clone() });
        }
        Ok(())
    }

    pub(super) fn unhold_contact(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let (no, segment) = self.at_hand(agent, contact)?;
        self.is_customers(contact)?;
        self.has_no_consultee(contact)?;
        if self.state().segments[&segment].state != SegmentState::Talking {
            self.hear(no);
            self.record(Fact::ContactUnheld { contact, segment, agent: agent.clone() });
        }
        Ok(())
    }

    pub(super) fn end_contact(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        if self.end_own_consultation(agent, contact)? {
            return Ok(());
        }
        let (no, _) = self.in_hand(agent, contact)?;
        self.hear(no);
        if !self.consultee_is_gone(contact, EndedBy::Agent) {
            self.contact_over(contact, EndedBy::Agent);
        }
        Ok(())
    }

    pub(super) fn transfer_contact(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        to: Destination,
        added: Details,
    ) -> Result<(), Refusal> {
        let (no, segment) = self.in_hand(agent, contact)?;
        self.is_customers(contact)?;
        self.is_not_consulting(contact)?;
        let target = self.transfer_target(no, &to)?;
        self.takes_more(contact, &added)?;
        let from = self.state().segments[&segment].from.clone();
        self.hear(no);
        self.give_on(contact, segment, to, added);
        let cause = QueuedBy::Transfer { agent: agent.clone() };
        let never = self.agent_ids(&from.never);
        let visit = match target {
            Target::Queue(queue) => {
                let returns = self.state().queue_id(from.queue) == queue;
                let rules = &self.state().rules.queues[&queue];
                NewVisit {
                    cause,
                    skills: rules.skills.clone(),
                    priority: rules.priority,
                    ordered_since: if returns { from.ordered_since } else { self.at },
                    direct: None,
                    preferred: None,
                    never,
                    queue,
                }
            }
            Target::Agent(agent) => NewVisit {
                queue: QueueId::of_agent(&agent),
                cause,
                skills: Default::default(),
                priority: 0,
                ordered_since: self.at,
                direct: Some(DirectTo {
                    agent,
                    until: self.at + self.state().rules.site.direct_wait_max,
                    behind: self.state().queue_id(from.queue_or_behind()),
                    skills: Default::default(),
                    priority: 0,
                }),
                preferred: None,
                never,
            },
        };
        self.queue(contact, visit);
        Ok(())
    }

    /// It leaves the agent's hands; the caller says where it waits.
    pub(super) fn give_on(&mut self, contact: ContactId, segment: SegmentId, to: Destination, added: Details) {
        let agent = self.state().agent_id(self.state().segments[&segment].agent);
        let details = Personal::Plain(Arc::new(added));
        self.record(Fact::ContactTransferred { contact, segment, agent, to, details });
        self.start_wrap_up(segment);
    }

    /// The call goes to a number outside, by its gateway.
    pub(super) fn transfer_outside(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        to: Address,
        added: Details,
    ) -> Result<(), Refusal> {
        let (no, segment) = self.in_hand(agent, contact)?;
        self.is_customers(contact)?;
        self.is_not_consulting(contact)?;
        if self.state().contacts[&contact].channel.is_written() {
            return Err(Refusal::InvalidField { field: FieldName::Contact, expected: Expected::AVoiceContact });
        }
        let site = &self.state().rules.site;
        if !self.state().agent(no).rules.as_ref().is_some_and(|rules| rules.may_transfer_outside) {
            return Err(Refusal::InvalidField {
                field: FieldName::Agent,
                expected: Expected::TheRightToTransferOutside,
            });
        }
        if !site.outside_prefixes.iter().any(|prefix| to.0.starts_with(&**prefix)) {
            return Err(Refusal::InvalidField { field: FieldName::To, expected: Expected::AnAllowedNumber });
        }
        let until = self.at + site.outside_within;
        self.takes_more(contact, &added)?;
        self.hear(no);
        let details = Personal::Plain(Arc::new(Details { to: Some(to), ..added }));
        self.record(Fact::ContactTransferredOutside { contact, segment, agent: agent.clone(), details, until });
        self.start_wrap_up(segment);
        Ok(())
    }

    /// Each note and each set of attributes stays with a contact to its end: there are not too many.
    pub(super) fn takes_more(&self, contact: ContactId, added: &Details) -> Result<(), Refusal> {
        if added.says_nothing() || self.state().contacts[&contact].details.len() <= UPDATES_MAX {
            return Ok(());
        }
        let field = if added.attributes.0.is_empty() { FieldName::Note } else { FieldName::Attributes };
        Err(Refusal::InvalidField { field, expected: Expected::FewerUpdates })
    }

    pub(super) fn transfer_target(&self, from: AgentNo, to: &Destination) -> Result<Target, Refusal> {
        match to {
            Destination::Queue(queue) => self.queue_in_rules(queue).map(|_| Target::Queue(queue.clone())),
            Destination::Agent(agent) => {
                let no = self.agent_in_rules(agent)?;
                if no == from {
                    Err(Refusal::InvalidField { field: FieldName::To, expected: Expected::AnotherAgent })
                } else if !self.state().agent(no).is_logged_in() {
                    Err(Refusal::AgentNotLoggedIn { agent: agent.clone() })
                } else {
                    Ok(Target::Agent(agent.clone()))
                }
            }
        }
    }

    /// Nobody took it from the one agent in time: it goes to the queue behind, its place kept.
    pub(super) fn direct_is_over(&mut self, contact: ContactId) {
        let state = self.state();
        if state.contacts[&contact].consultation.is_some() {
            return self.end_if_asked_alone(contact, ConsultationEnd::NoAnswer);
        }
        let visit = state.contacts[&contact].visit.as_ref().expect("its deadline goes with the visit");
        let direct = visit.direct.as_ref().expect("its deadline goes with the visit");
        let cause = QueuedBy::DirectExpired { agent: state.agent_id(direct.agent) };
        let never = self.agent_ids(&visit.never);
        let queued = self.behind(&direct.behind, cause, visit.ordered_since, never);
        self.end_visit(contact, VisitEnd::FlowedOut);
        self.queue(contact, queued);
    }

    /// A visit of the queue behind an agent who was waited for alone.
    pub(super) fn behind(
        &self,
        behind: &Behind,
        cause: QueuedBy,
        ordered_since: Timestamp,
        never: Vec<AgentId>,
    ) -> NewVisit {
        let rules = &self.state().queue(behind.queue).rules;
        NewVisit {
            queue: self.state().queue_id(behind.queue),
            cause,
            skills: overlaid(&rules.skills, &behind.skills),
            priority: rules.priority.saturating_add(behind.priority),
            ordered_since,
            direct: None,
            preferred: None,
            never,
        }
    }

    /// The agent went away: the contact goes back to where it was answered from, or to the queue
    /// behind when it had waited for him alone.
    pub(super) fn hand_back(&mut self, segment: SegmentId, first: bool, cause: QueuedBy) {
        let Segment { contact, agent: no, from, .. } = self.state().segments[&segment].clone();
        let agent = self.state().agent_id(no);
        let queued = self.back_at(&from, cause);
        self.record(Fact::ContactReturned { contact, segment, agent, first });
        self.close_segment(segment, None, None);
        self.queue(contact, queued);
    }

    /// A visit where it stood, or of the queue behind the agent it had waited for alone.
    pub(super) fn back_at(&self, from: &VisitPlace, cause: QueuedBy) -> NewVisit {
        let never = self.agent_ids(&from.never);
        match &from.behind {
            Some(behind) => self.behind(behind, cause, from.ordered_since, never),
            None => NewVisit {
                queue: self.state().queue_id(from.queue),
                cause,
                skills: (*from.skills).clone(),
                priority: from.priority,
                ordered_since: from.ordered_since,
                direct: None,
                preferred: None,
                never,
            },
        }
    }

    pub(super) fn close_contact_of(&mut self, segment: SegmentId) {
        let contact = self.state().segments[&segment].contact;
        self.end(contact, EndedBy::Router, Some(segment));
        self.close_segment(segment, None, None);
    }

    pub(super) fn start_wrap_up(&mut self, segment: SegmentId) {
        let Segment { contact, agent, from, .. } = &self.state().segments[&segment];
        let max = self.state().queue(from.queue).rules.wrap_up.max;
        if max.0 > 0 {
            let (contact, agent) = (*contact, self.state().agent_id(*agent));
            let ends_at = self.at + max;
            self.record(Fact::WrapUpStarted { contact, segment, agent, ends_at });
        } else {
            self.close_segment(segment, None, None);
        }
    }

    /// The agent's own segment in wrap-up, and when that ends.
    fn own_wrap_up(&self, agent: &AgentId, segment: SegmentId) -> Result<(AgentNo, Timestamp), Refusal> {
        let no = self.agent(agent)?;
        match self.state().segments.get(&segment) {
            Some(Segment { agent, state: SegmentState::WrapUp { ends_at, .. }, .. }) if *agent == no => {
                Ok((no, *ends_at))
            }
            Some(_) | None => Err(Refusal::UnknownSegment { segment }),
        }
    }

    pub(super) fn extend_wrap_up(&mut self, agent: &AgentId, segment: SegmentId, by: Millis) -> Result<(), Refusal> {
        let (no, ends_at) = self.own_wrap_up(agent, segment)?;
        if !(EXTENSION_MIN..=EXTENSION_MAX).contains(&by) {
            return Err(Refusal::InvalidField { field: FieldName::By, expected: Expected::FromOneSecondToOneHour });
        }
        self.hear(no);
        self.record(Fact::WrapUpExtended { segment, agent: agent.clone(), ends_at: ends_at + by });
        Ok(())
    }

    pub(super) fn finish_wrap_up(
        &mut self,
        agent: &AgentId,
        segment: SegmentId,
        disposition: Option<Disposition>,
        note: Option<Note>,
        callback: Option<FollowUpCall>,
    ) -> Result<(), Refusal> {
        let (no, _) = self.own_wrap_up(agent, segment)?;
        let queue = self.state().segments[&segment].from.queue;
        let rule = self.state().queue(queue).rules.wrap_up.disposition;
        if rule == DispositionRule::Required && disposition.is_none() {
            let expected = Expected::ADispositionBecauseTheQueueRequiresOne;
            return Err(Refusal::InvalidField { field: FieldName::Disposition, expected });
        }
        if let Some(FollowUpCall { to, queue, due, by_me }) = callback {
            let contact = self.state().segments[&segment].contact;
            self.schedule_callback(agent, Schedule { contact, to, queue, due, by_me })?;
        }
        self.hear(no);
        self.close_segment(segment, disposition, note);
        Ok(())
    }

    pub(super) fn close_segment(&mut self, id: SegmentId, disposition: Option<Disposition>, note: Option<Note>) {
        let segment = &self.state().segments[&id];
        let (contact, no) = (segment.contact, segment.agent);
        let (talk, hold, wrap_up) = segment.handle_time(self.at);
        let fact = Fact::SegmentClosed {
            contact,
            segment: id,
            agent: self.state().agent_id(no),
            queue: self.state().queue_id(segment.from.queue),
            connected: segment.connected_at.is_some(),
            talk,
            hold,
            wrap_up,
            disposition,
            details: details_of(note),
        };
        self.record(fact);
        self.take_up_what_was_aside(no, id);
        self.apply_next(no);
    }
}

fn details_of(note: Option<Note>) -> PersonalDetails {
    Personal::Plain(Arc::new(Details::added(note, Attributes::default())))
}
