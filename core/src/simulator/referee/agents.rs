//! What an agent's own commands must cause.

use super::consultations::at_hand;
use super::contacts::Queueing;
use super::model::{Agent, Segment, SegmentState};
use super::outside::Added;
use super::turn::Turn;
use crate::routing::command::{Action, Destination, Disposition, FollowUpCall, Presence, PresenceWhen};
use crate::routing::event::{AgentChange, ConsultationEnd, DirectTo, Fact, OfferOutcome, QueuedBy, Reach, RevokedWhy};
use crate::routing::hold::BackOffCause;
use crate::routing::ids::{AgentId, ContactId, OfferId, QueueId, SegmentId};
use crate::routing::personal::Note;
use crate::routing::recording::RecordingAsk;
use crate::routing::refusal::{ContactState, Expected, FieldName, Refusal};
use crate::routing::rule_set::DispositionRule;
use crate::routing::skill::Skills;
use crate::routing::time::Millis;

impl Turn {
    pub(crate) fn agent_tells(&mut self, agent: &AgentId, action: &Action) -> Result<(), Refusal> {
        let known = self.model.agents.iter().find(|known| known.id == *agent);
        let dropped = known.is_some_and(|known| !known.in_rules);
        if known.is_none() || (dropped && !is_about_what_is_in_hand(action)) {
            return Err(Refusal::UnknownAgent { agent: agent.clone() });
        }
        match action {
            Action::CloseConsole { .. } => {
                self.console_gone(agent, RevokedWhy::ConsoleClosed, AgentChange::ConsoleClosed);
                return Ok(());
            }
            Action::SetPresence { presence, when, .. } => {
                self.take_presence(agent, presence, *when, AgentChange::Chosen);
                return Ok(());
            }
            Action::OpenConsole { .. } => {
                self.change_agent_if_it_differs(agent, AgentChange::ConsoleOpened, |agent| agent.reach = Reach::Here);
                return Ok(());
            }
            Action::TakeContact { contact, .. } => return self.take_contact(agent, *contact),
            Action::TakeLead { campaign, .. } => return self.take_lead(agent, campaign),
            Action::ReplaceRules { .. }
            | Action::Resume { .. }
            | Action::StepClock { .. }
            | Action::AttachGateway { .. }
            | Action::DetachGateway { .. }
            | Action::ContactArrived { .. }
            | Action::ContactUpdated { .. }
            | Action::ContactAbandoned { .. }
            | Action::ContactConnected { .. }
            | Action::MessagePassed { .. }
            | Action::ContactEnded { .. }
            | Action::ExitKeyPressed { .. }
            | Action::CallProgress { .. }
            | Action::OrderDone { .. }
            | Action::OrderFailed { .. }
            | Action::DeviceChanged { .. }
            | Action::RecordingTold { .. }
            | Action::GatewayLines { .. }
            | Action::Inventory { .. }
            | Action::OpenTask { .. }
            | Action::AcknowledgeOffer { .. }
            | Action::AcceptOffer { .. }
            | Action::DeclineOffer { .. }
            | Action::HoldContact { .. }
            | Action::UnholdContact { .. }
            | Action::PauseRecording { .. }
            | Action::ResumeRecording { .. }
            | Action::TransferContact { .. }
            | Action::TransferOutside { .. }
            | Action::SuspendContact { .. }
            | Action::SendMessage { .. }
            | Action::EndContact { .. }
            | Action::ScheduleCallback { .. }
            | Action::ExtendWrapUp { .. }
            | Action::PartyLeft { .. }
            | Action::LogOut { .. }
            | Action::Consult { .. }
            | Action::CompleteConsultation { .. }
            | Action::CancelConsultation { .. }
            | Action::SwapConsultation { .. }
            | Action::JoinConference { .. }
            | Action::LeaveContact { .. }
            | Action::EscalateContact { .. }
            | Action::SetPresenceOf { .. }
            | Action::MoveContact { .. }
            | Action::PrioritiseContact { .. }
            | Action::AssignContact { .. }
            | Action::CloseContact { .. }
            | Action::PauseQueue { .. }
            | Action::ResumeQueue { .. }
            | Action::FinishWrapUp { .. }
            | Action::SetCampaign { .. }
            | Action::RunCampaign { .. }
            | Action::FileLead { .. }
            | Action::WithdrawLead { .. }
            | Action::ClearAttempt { .. }
            | Action::RefuseAttempt { .. } => {}
        }
        self.change_agent_if_it_differs(agent, AgentChange::HeardFrom, |agent| agent.reach = Reach::Here);
        match action {
            Action::AcknowledgeOffer { offer, .. } => self.acknowledge(agent, *offer),
            Action::AcceptOffer { offer, .. } => self.accept(agent, *offer),
            Action::DeclineOffer { offer, reason, .. } => self.decline(agent, *offer, reason.clone()),
            Action::HoldContact { contact, .. } => self.hold(agent, *contact, true),
            Action::UnholdContact { contact, .. } => self.hold(agent, *contact, false),
            Action::PauseRecording { contact, .. } => self.ask_of_recording(agent, *contact, RecordingAsk::Pause),
            Action::ResumeRecording { contact, .. } => self.ask_of_recording(agent, *contact, RecordingAsk::Resume),
            Action::TransferContact { contact, to, note, attributes, .. } => {
                self.transfer(agent, *contact, to, Added { note, attributes })
            }
            Action::TransferOutside { contact, to, note, attributes, .. } => {
                self.transfer_outside(agent, *contact, to, Added { note, attributes })
            }
            Action::SuspendContact { contact, until, .. } => self.suspend(agent, *contact, *until),
            Action::SendMessage { contact, message, .. } => self.send_message(agent, *contact, *message),
            Action::ScheduleCallback { contact, to, queue, due, by_me, .. } => {
                self.schedule_callback(agent, *contact, to.as_ref(), queue.as_ref(), *due, *by_me)
            }
            Action::EndContact { contact, .. } => self.hang_up(agent, *contact),
            Action::Consult { contact, to, note, attributes, .. } => {
                self.consult(agent, *contact, to, Added { note, attributes })
            }
            Action::CompleteConsultation { contact, .. } => self.complete_consultation(agent, *contact),
            Action::CancelConsultation { contact, .. } => self.cancel_consultation(agent, *contact),
            Action::SwapConsultation { contact, .. } => self.swap_consultation(agent, *contact),
            Action::JoinConference { contact, .. } => self.join_conference(agent, *contact),
            Action::LeaveContact { contact, .. } => self.leave_contact(agent, *contact),
            Action::EscalateContact { contact, reason, note, attributes, .. } => {
                self.escalate(agent, *contact, reason, Added { note, attributes })
            }
            Action::ExtendWrapUp { segment, by, .. } => self.extend(agent, *segment, *by),
            Action::FinishWrapUp { segment, disposition, note, callback, .. } => {
                self.finish(agent, *segment, disposition.clone(), note.clone(), callback.as_ref())
            }
            Action::ReplaceRules { .. }
            | Action::Resume { .. }
            | Action::StepClock { .. }
            | Action::AttachGateway { .. }
            | Action::DetachGateway { .. }
            | Action::ContactArrived { .. }
            | Action::ContactUpdated { .. }
            | Action::ContactAbandoned { .. }
            | Action::ContactConnected { .. }
            | Action::MessagePassed { .. }
            | Action::ContactEnded { .. }
            | Action::ExitKeyPressed { .. }
            | Action::CallProgress { .. }
            | Action::OrderDone { .. }
            | Action::OrderFailed { .. }
            | Action::DeviceChanged { .. }
            | Action::RecordingTold { .. }
            | Action::PartyLeft { .. }
            | Action::LogOut { .. }
            | Action::SetPresenceOf { .. }
            | Action::MoveContact { .. }
            | Action::PrioritiseContact { .. }
            | Action::AssignContact { .. }
            | Action::CloseContact { .. }
            | Action::PauseQueue { .. }
            | Action::ResumeQueue { .. }
            | Action::GatewayLines { .. }
            | Action::Inventory { .. }
            | Action::OpenTask { .. }
            | Action::TakeContact { .. }
            | Action::OpenConsole { .. }
            | Action::CloseConsole { .. }
            | Action::SetPresence { .. }
            | Action::SetCampaign { .. }
            | Action::RunCampaign { .. }
            | Action::FileLead { .. }
            | Action::WithdrawLead { .. }
            | Action::ClearAttempt { .. }
            | Action::RefuseAttempt { .. }
            | Action::TakeLead { .. } => Ok(()),
        }
    }

    /// Records the agent as he is after `change`.
    pub(crate) fn change_agent(&mut self, agent: &AgentId, cause: AgentChange, change: impl FnOnce(&mut Agent)) {
        let mut changed = self.model.agent(agent).clone();
        change(&mut changed);
        self.record(Fact::AgentChanged {
            agent: changed.id,
            presence: changed.presence,
            next: changed.next,
            reach: changed.reach,
            responding: changed.responding,
            cause,
        });
    }

    pub(crate) fn change_agent_if_it_differs(
        &mut self,
        agent: &AgentId,
        cause: AgentChange,
        change: impl FnOnce(&mut Agent),
    ) {
        let before = self.model.agent(agent).clone();
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.change_agent(agent, cause, |agent| *agent = after);
        }
    }

    pub(crate) fn console_gone(&mut self, agent: &AgentId, why: RevokedWhy, cause: AgentChange) {
        let until = self.at + self.model.site().console_grace;
        let known = self.model.agent(agent);
        if known.presence == Presence::Offline {
            self.change_agent_if_it_differs(agent, cause, |agent| agent.reach = Reach::Gone);
            return;
        }
        match known.reach {
            Reach::Here => {
                self.revoke_all(agent, why);
                self.change_agent(agent, cause, |agent| agent.reach = Reach::Away { until });
            }
            Reach::Away { .. } | Reach::Unreachable { .. } | Reach::Gone => {}
        }
    }

    /// Chosen by himself he is there, too; a supervisor's choice says nothing of that.
    pub(super) fn take_presence(
        &mut self,
        agent: &AgentId,
        presence: &Presence,
        when: PresenceWhen,
        cause: AgentChange,
    ) {
        if *presence != Presence::Available {
            self.revoke_all(agent, RevokedWhy::NotAvailable);
        }
        let busy = self.model.has_work(agent);
        let later = match when {
            PresenceWhen::AfterContact => busy,
            PresenceWhen::Now => busy && *presence == Presence::Offline,
        };
        self.change_agent_if_it_differs(agent, cause, |agent| {
            if cause == AgentChange::Chosen {
                agent.reach = Reach::Here;
            }
            if later {
                agent.next = Some(presence.clone());
            } else {
                agent.presence = presence.clone();
                agent.next = None;
                agent.responding = true;
            }
        });
    }

    pub(super) fn was_given(&self, number: u64) -> bool {
        (1..=self.model.last_number).contains(&number)
    }

    /// The contact of the agent's open offer.
    fn offered_contact(&self, agent: &AgentId, offer: OfferId) -> Result<ContactId, Refusal> {
        let open = self.model.offers_of(agent).into_iter().find(|(open, _)| *open == offer);
        let of_another = self.model.open_offer(offer).is_some();
        match open {
            Some((_, contact)) => Ok(contact),
            None if self.was_given(offer.0) && !of_another => Err(Refusal::OfferGone { offer }),
            None => Err(Refusal::UnknownOffer { offer }),
        }
    }

    fn acknowledge(&mut self, agent: &AgentId, offer: OfferId) -> Result<(), Refusal> {
        self.offered_contact(agent, offer)?;
        if !self.model.open_offer(offer).expect("it is offered").1.acknowledged {
            self.record(Fact::OfferAcknowledged { offer });
        }
        Ok(())
    }

    pub(super) fn accept(&mut self, agent: &AgentId, offer: OfferId) -> Result<(), Refusal> {
        if self.model.segments_of(agent).iter().any(|(_, segment)| segment.offer == offer) {
            return Ok(());
        }
        let contact = self.offered_contact(agent, offer)?;
        let visit = self.model.contacts[&contact].visit.as_ref().expect("it is offered");
        let open = visit.offers.iter().find(|open| open.id == offer).expect("it is offered").clone();
        if open.rings {
            return Err(Refusal::AcceptedByPhone { offer });
        }
        if visit.connecting {
            return Err(Refusal::OfferGone { offer });
        }
        self.check_may_be_called(contact)?;
        self.won(contact, &open);
        Ok(())
    }

    fn decline(&mut self, agent: &AgentId, offer: OfferId, reason: Option<std::sync::Arc<str>>) -> Result<(), Refusal> {
        let contact = self.offered_contact(agent, offer)?;
        self.end_offer(offer, OfferOutcome::Declined { reason });
        if self.was_skipped(contact) {
            return Ok(());
        }
        self.back_off(agent, BackOffCause::Declined);
        self.limit_offers(contact);
        self.consultee_failed(contact, ConsultationEnd::Declined);
        Ok(())
    }

    /// The segment with which this agent talks to it or holds it.
    pub(crate) fn connected_segment(&self, agent: &AgentId, contact: ContactId) -> Result<Segment, Refusal> {
        let Some(live) = self.model.contacts.get(&contact).filter(|known| !known.ended) else {
            return Err(if !self.was_given(contact.0) {
                Refusal::UnknownContact
            } else {
                Refusal::ContactEnded { contact: Some(contact) }
            });
        };
        match live.owner().filter(|segment| segment.agent == *agent) {
            None => Err(Refusal::NotInHand { contact }),
            Some(segment) if !segment.connected() => {
                Err(Refusal::WrongState { contact, expected: ContactState::Connected })
            }
            Some(segment) => Ok(segment.clone()),
        }
    }

    fn hold(&mut self, agent: &AgentId, contact: ContactId, hold: bool) -> Result<(), Refusal> {
        let own = self.connected_segment(agent, contact)?;
        at_hand(contact, &own)?;
        self.may_be_held(contact)?;
        let Segment { id: segment, state, .. } = own;
        let held = matches!(state, SegmentState::Held { .. });
        let agent = agent.clone();
        if hold && !held {
            self.record(Fact::ContactHeld { contact, segment, agent });
        } else if !hold && held {
            self.record(Fact::ContactUnheld { contact, segment, agent });
        }
        Ok(())
    }

    fn transfer(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        to: &Destination,
        added: Added<'_>,
    ) -> Result<(), Refusal> {
        let segment = self.unconsulted(agent, contact)?;
        self.check_destination(agent, to)?;
        added.fits(&self.model.contacts[&contact])?;
        let details = added.details(None);
        let given_on = segment.id;
        self.record(Fact::ContactTransferred {
            contact,
            segment: given_on,
            agent: agent.clone(),
            to: to.clone(),
            details,
        });
        self.wrap_up(contact, given_on);
        let Segment { answered, .. } = segment;
        let cause = QueuedBy::Transfer { agent: agent.clone() };
        let given = match to {
            Destination::Queue(queue) => {
                let rules = self.model.queue(queue);
                Queueing {
                    queue: queue.clone(),
                    cause,
                    skills: rules.skills.clone(),
                    priority: rules.priority,
                    ordered_since: if *queue == answered.queue { answered.ordered_since } else { self.at },
                    direct: None,
                    preferred: None,
                    never: answered.never,
                    failed: Vec::new(),
                }
            }
            Destination::Agent(other) => {
                let direct = DirectTo {
                    agent: other.clone(),
                    until: self.at + self.model.site().direct_wait_max,
                    behind: answered.direct.map_or(answered.queue, |direct| direct.behind),
                    skills: Skills::new(),
                    priority: 0,
                };
                Queueing {
                    queue: QueueId::of_agent(other),
                    cause,
                    skills: Skills::new(),
                    priority: 0,
                    ordered_since: self.at,
                    direct: Some(direct),
                    preferred: None,
                    never: answered.never,
                    failed: Vec::new(),
                }
            }
        };
        self.queue_contact(contact, given);
        Ok(())
    }

    pub(super) fn check_destination(&self, agent: &AgentId, to: &Destination) -> Result<(), Refusal> {
        match to {
            Destination::Queue(queue) => {
                let known = self.model.rules.as_ref().is_some_and(|rules| rules.queues.contains_key(queue));
                if known { Ok(()) } else { Err(Refusal::UnknownQueue { queue: queue.clone() }) }
            }
            Destination::Agent(other) => {
                match self.model.agents.iter().find(|known| known.id == *other && known.in_rules) {
                    None => Err(Refusal::UnknownAgent { agent: other.clone() }),
                    Some(_) if other == agent => {
                        Err(Refusal::InvalidField { field: FieldName::To, expected: Expected::AnotherAgent })
                    }
                    Some(known) if known.presence == Presence::Offline => {
                        Err(Refusal::AgentNotLoggedIn { agent: other.clone() })
                    }
                    Some(_) => Ok(()),
                }
            }
        }
    }

    fn wrap_up_of(&self, agent: &AgentId, segment: SegmentId) -> Result<Segment, Refusal> {
        let own = self.model.segments_of(agent).into_iter().map(|(_, segment)| segment);
        own.filter(|open| !open.in_hand())
            .find(|open| open.id == segment)
            .cloned()
            .ok_or(Refusal::UnknownSegment { segment })
    }

    fn contact_of(&self, agent: &AgentId, segment: SegmentId) -> Result<ContactId, Refusal> {
        let own = self.model.segments_of(agent).into_iter().find(|(_, own)| own.id == segment);
        own.map(|(contact, _)| contact.id).ok_or(Refusal::UnknownSegment { segment })
    }

    fn extend(&mut self, agent: &AgentId, segment: SegmentId, by: Millis) -> Result<(), Refusal> {
        let open = self.wrap_up_of(agent, segment)?;
        if by < Millis::seconds(1) || by > Millis::minutes(60) {
            return Err(Refusal::InvalidField { field: FieldName::By, expected: Expected::FromOneSecondToOneHour });
        }
        if let SegmentState::WrapUp { ends_at, .. } = open.state {
            self.record(Fact::WrapUpExtended { segment, agent: agent.clone(), ends_at: ends_at + by });
        }
        Ok(())
    }

    fn finish(
        &mut self,
        agent: &AgentId,
        segment: SegmentId,
        disposition: Option<Disposition>,
        note: Option<Note>,
        callback: Option<&FollowUpCall>,
    ) -> Result<(), Refusal> {
        let open = self.wrap_up_of(agent, segment)?;
        match self.model.queue(&open.answered.queue).wrap_up.disposition {
            DispositionRule::Required if disposition.is_none() => Err(Refusal::InvalidField {
                field: FieldName::Disposition,
                expected: Expected::ADispositionBecauseTheQueueRequiresOne,
            }),
            DispositionRule::Required | DispositionRule::Optional => {
                if let Some(FollowUpCall { to, queue, due, by_me }) = callback {
                    let contact = self.contact_of(agent, segment)?;
                    self.schedule_callback(agent, contact, to.as_ref(), queue.as_ref(), *due, *by_me)?;
                }
                self.close_segment(segment, disposition, note);
                Ok(())
            }
        }
    }
}

/// What an agent who is no longer in the rules may still do.
fn is_about_what_is_in_hand(action: &Action) -> bool {
    matches!(
        action,
        Action::HoldContact { .. }
            | Action::UnholdContact { .. }
            | Action::PauseRecording { .. }
            | Action::ResumeRecording { .. }
            | Action::TransferContact { .. }
            | Action::TransferOutside { .. }
            | Action::SuspendContact { .. }
            | Action::SendMessage { .. }
            | Action::EndContact { .. }
            | Action::ScheduleCallback { .. }
            | Action::Consult { .. }
            | Action::CompleteConsultation { .. }
            | Action::CancelConsultation { .. }
            | Action::SwapConsultation { .. }
            | Action::JoinConference { .. }
            | Action::LeaveContact { .. }
            | Action::EscalateContact { .. }
            | Action::ExtendWrapUp { .. }
            | Action::FinishWrapUp { .. }
            | Action::AcknowledgeOffer { .. }
            | Action::AcceptOffer { .. }
            | Action::DeclineOffer { .. }
            | Action::TakeContact { .. }
            | Action::CloseConsole { .. }
    )
}
