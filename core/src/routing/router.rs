//! The router's face: commands and the time in, events out. Everything else here serves it.

use super::callbacks::Schedule;
use super::campaigns::NewLead;
use super::command::{Action, Command, EndedBy};
use super::deadlines::Deadline;
use super::event::{Event, Fact, TakenUpWhy};
use super::gateways::Arrival;
use super::ids::EventNo;
use super::index::Index;
use super::personal::Details;
use super::recordings::ToldRecording;
use super::refusal::Refusal;
use super::snapshot::Snapshot;
use super::state::State;
use super::taking::NewTask;
use super::tickets::Tickets;
use super::time::Timestamp;
use super::turn::Turn;
use super::written::Said;

/// Decides which agent gets which contact. Told the time, it reads no clock; two routers given the
/// same commands at the same times make the same events.
#[derive(Clone, Debug, Default)]
pub struct ContactRouter {
    pub(super) state: State,
    pub(super) index: Index,
}

impl ContactRouter {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Applies one command. A command that repeats what is already so is `Ok(vec![])`.
    ///
    /// # Errors
    /// A refused command changes nothing; the refusal says why.
    ///
    /// # Panics
    /// When `now` is before the last event, or something is due at or before `now` and the command
    /// is not `Resume`.
    pub fn handle(&mut self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        assert!(now >= self.state.last_at, "time goes back");
        let Command { request, action } = command;
        // What fell due while the server was down moves on by that time; it does not fire.
        let comes_back = matches!(action, Action::Resume { .. });
        let nothing_is_due = self.next_deadline().is_none_or(|due| due > now);
        assert!(comes_back || nothing_is_due, "advance_to comes before handle");
        if request.as_ref().is_some_and(|request| self.state.has_done(request)) {
            return Ok(Vec::new());
        }
        let by = action.by().cloned();
        self.index.tickets.begin_anew();
        let mut turn = Turn::new(self, now).asked_for(request, by);
        let decided = turn.decide(action);
        assert!(decided.is_ok() || !turn.has_recorded(), "a refused command changes nothing");
        decided?;
        turn.settle();
        turn.record_calls();
        Ok(turn.into_events())
    }

    /// Fires every deadline due up to `now`, each at its own time; what falls due in one moment is
    /// matched together.
    pub fn advance_to(&mut self, now: Timestamp) -> Vec<Event> {
        let mut events = Vec::new();
        self.index.tickets.begin_anew();
        while let Some((due, _)) = self.index.deadlines.first().filter(|(due, _)| *due <= now) {
            let seen = self.state.last_at;
            let mut turn = Turn::new(self, due.max(seen));
            turn.fire_all_due(seen);
            turn.settle();
            turn.record_calls();
            events.extend(turn.into_events());
        }
        events
    }

    /// When to call `advance_to` next, if nothing happens before.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.index.deadlines.first().map(|(due, _)| due)
    }

    /// The only place where state changes. Recovery and a standby call nothing else.
    ///
    /// # Panics
    /// When the event cannot follow what came before.
    pub fn evolve(&mut self, event: &Event) {
        self.apply(event);
        self.index.settled();
        self.index.tickets.begin_anew();
    }

    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.state.clone())
    }

    #[must_use]
    pub fn restore(snapshot: Snapshot) -> Self {
        let mut index = Index::rebuild(&snapshot.0);
        index.settled();
        ContactRouter { state: snapshot.0, index }
    }

    /// Keys compared, lanes and words looked at since the start.
    #[must_use]
    pub fn work(&self) -> u64 {
        self.index.work
    }

    /// What is an agent's though nobody has it in hand.
    #[must_use]
    pub fn tickets(&self) -> &Tickets {
        &self.index.tickets
    }

    /// The number of the last event.
    #[must_use]
    pub fn event_no(&self) -> EventNo {
        self.state.event_no
    }

    /// State, then what is kept ready of it; what that leaves unsettled the turn will match.
    pub(super) fn apply(&mut self, event: &Event) {
        self.state.apply(event);
        self.index.follow(&self.state, &event.fact);
        // What is asked of a recording tells nothing new of its call.
        let is_news = !matches!(event.fact, Fact::RecordingOrdered { .. });
        if let Some(contact) = event.fact.contact().filter(|_| is_news) {
            self.index.note_steps(&self.state, contact, true);
        }
    }
}

impl Turn<'_> {
    fn decide(&mut self, action: Action) -> Result<(), Refusal> {
        match action {
            Action::ReplaceRules { rules } => self.replace_rules(rules),
            Action::Resume { down_for } => self.resume(down_for),
            Action::StepClock { by } => self.record(Fact::ClockStepped { by }),
            Action::AttachGateway { gateway } => self.attach_gateway(&gateway),
            Action::DetachGateway { gateway } => self.detach_gateway(&gateway),
            Action::GatewayLines { gateway, lines } => self.gateway_has_lines(&gateway, lines),
            Action::ContactArrived { gateway, reference, channel, direction, from, to, attributes, event } => {
                let arrival = Arrival { reference, channel, direction, from, to, attributes, event };
                self.contact_arrived(&gateway, arrival)?;
            }
            Action::ContactUpdated { gateway, reference, attributes, event } => {
                self.contact_updated(&gateway, &reference, attributes, event)?;
            }
            Action::ContactAbandoned { gateway, reference, event: _ } => {
                self.contact_ended(&gateway, &reference, EndedBy::Customer);
            }
            Action::ContactConnected { gateway, reference, order, event: _ } => {
                self.contact_connected(&gateway, &reference, order)?;
            }
            Action::MessagePassed { gateway, reference, by, event, message } => {
                self.message_passed(&gateway, &reference, Said { by, event, message })?;
            }
            Action::ContactEnded { gateway, reference, by, event: _ } => self.contact_ended(&gateway, &reference, by),
            Action::ExitKeyPressed { gateway, reference, key, event } => {
                self.exit_key_pressed(&gateway, &reference, key, event)?;
            }
            Action::CallProgress { gateway, order, progress, event: _ } => {
                self.call_progress(&gateway, order, progress)?;
            }
            Action::OrderDone { gateway, order, event: _ } => self.order_done(&gateway, order),
            Action::OrderFailed { gateway, order, why, event: _ } => self.order_failed(&gateway, order, why)?,
            Action::PartyLeft { gateway, reference, agent, event: _ } => {
                self.party_left(&gateway, &reference, &agent)?;
            }
            Action::RecordingTold { gateway, reference, recording, state, file, length, why, event: _ } => {
                self.recording_told(&gateway, &reference, ToldRecording { recording, state, file, length, why })?;
            }
            Action::DeviceChanged { gateway, endpoint, state } => self.change_device(&gateway, &endpoint, state),
            Action::Inventory { gateway, as_of, contacts } => self.compare_inventory(&gateway, as_of, contacts),
            Action::OpenTask { gateway, reference, queue, taken_by, attributes, event } => {
                self.open_task(&gateway, NewTask { reference, queue, taken_by, attributes, event })?;
            }
            Action::OpenConsole { agent } => self.open_console(&agent)?,
            Action::CloseConsole { agent } => self.close_console(&agent)?,
            Action::SetPresence { agent, presence, when } => self.set_presence(&agent, presence, when)?,
            Action::AcknowledgeOffer { agent, offer } => self.acknowledge_offer(&agent, offer)?,
            Action::AcceptOffer { agent, offer } => self.accept_offer(&agent, offer)?,
            Action::TakeContact { agent, contact } => self.take_contact(&agent, contact)?,
            Action::DeclineOffer { agent, offer, reason } => self.decline_offer(&agent, offer, reason)?,
            Action::HoldContact { agent, contact } => self.hold_contact(&agent, contact)?,
            Action::UnholdContact { agent, contact } => self.unhold_contact(&agent, contact)?,
            Action::TransferContact { agent, contact, to, note, attributes } => {
                self.transfer_contact(&agent, contact, to, Details::added(note, attributes))?;
            }
            Action::TransferOutside { agent, contact, to, note, attributes } => {
                self.transfer_outside(&agent, contact, to, Details::added(note, attributes))?;
            }
            Action::Consult { agent, contact, to, note, attributes } => {
                self.consult(&agent, contact, to, Details::added(note, attributes))?;
            }
            Action::CompleteConsultation { agent, contact } => self.complete_consultation(&agent, contact)?,
            Action::CancelConsultation { agent, contact } => self.cancel_consultation(&agent, contact)?,
            Action::SwapConsultation { agent, contact } => self.swap_consultation(&agent, contact)?,
            Action::JoinConference { agent, contact } => self.join_conference(&agent, contact)?,
            Action::LeaveContact { agent, contact } => self.leave_contact(&agent, contact)?,
            Action::EscalateContact { agent, contact, reason, note, attributes } => {
                self.escalate_contact(&agent, contact, reason, Details::added(note, attributes))?;
            }
            Action::PauseRecording { agent, contact } => self.pause_recording(&agent, contact)?,
            Action::ResumeRecording { agent, contact } => self.resume_recording(&agent, contact)?,
            Action::SuspendContact { agent, contact, until } => self.suspend_contact(&agent, contact, until)?,
            Action::SendMessage { agent, contact, message } => self.send_message(&agent, contact, message)?,
            Action::EndContact { agent, contact } => self.end_contact(&agent, contact)?,
            Action::ScheduleCallback { agent, contact, to, queue, due, by_me } => {
                self.schedule_callback(&agent, Schedule { contact, to, queue, due, by_me })?;
            }
            Action::ExtendWrapUp { agent, segment, by } => self.extend_wrap_up(&agent, segment, by)?,
            Action::FinishWrapUp { agent, segment, disposition, note, callback } => {
                self.finish_wrap_up(&agent, segment, disposition, note, callback)?;
            }
            Action::LogOut { by, agent, how } => self.log_out(by.is_some(), &agent, how)?,
            Action::SetPresenceOf { by: _, agent, presence, when } => self.set_presence_of(&agent, presence, when)?,
            Action::MoveContact { by: _, contact, queue } => self.move_contact(contact, &queue)?,
            Action::PrioritiseContact { by: _, contact, priority } => self.prioritise_contact(contact, priority)?,
            Action::AssignContact { by: _, contact, agent } => self.assign_contact(contact, &agent)?,
            Action::CloseContact { by: _, contact } => self.close_contact(contact)?,
            Action::PauseQueue { by: _, queue } => self.pause_queue(&queue)?,
            Action::ResumeQueue { by: _, queue } => self.resume_queue(&queue)?,
            Action::SetCampaign { by: _, campaign, rules } => self.set_campaign(campaign, rules)?,
            Action::RunCampaign { by: _, campaign, run } => self.run_campaign(campaign, run)?,
            Action::FileLead { campaign, list, lead, to, attributes, skills, agent, alone_for, team, closes_at } => {
                let lead = NewLead { list, lead, to, attributes, skills, agent, alone_for, team, closes_at };
                self.file_lead(campaign, lead)?;
            }
            Action::WithdrawLead { campaign, lead } => self.withdraw_lead(&campaign, lead),
            Action::ClearAttempt { attempt } => self.clear_attempt(attempt)?,
            Action::RefuseAttempt { attempt, why, until } => self.refuse_attempt(attempt, why, until)?,
            Action::TakeLead { agent, campaign } => self.take_lead(&agent, campaign)?,
        }
        Ok(())
    }

    /// Looks due up to `seen`, the last event, were taken before it; only a router built again from
    /// events still has them.
    fn fire_all_due(&mut self, seen: Timestamp) {
        while let Some((due, deadline)) = self.router.index.deadlines.first().filter(|(due, _)| *due <= self.at) {
            if due <= seen && deadline.is_a_look() {
                self.router.index.look_was_taken(&self.router.state, deadline, seen);
            } else {
                self.fire(deadline);
            }
        }
    }

    fn fire(&mut self, deadline: Deadline) {
        match deadline {
            Deadline::Acknowledge(offer) => self.offer_undelivered(offer),
            Deadline::Expire(offer) => self.offer_expired(offer),
            Deadline::Connect(segment) => self.connecting_took_too_long(segment),
            Deadline::Leg(segment) => self.return_first(segment),
            Deadline::WrapUp(segment) => self.close_segment(segment, None, None),
            Deadline::BackOff(agent) => {
                let agent = self.state().agent_id(agent);
                self.record(Fact::BackOffEnded { agent });
            }
            Deadline::OfferLimit(contact) => self.offer_limit_is_over(contact),
            Deadline::Direct(contact) => self.direct_is_over(contact),
            Deadline::Preferred(contact) => self.end_preferred_wait(contact),
            Deadline::Leaving(contact) => self.leaving_is_over(contact),
            Deadline::CallbackGap(contact) => self.callback_gap_is_over(contact),
            Deadline::CallbackDue(contact) => self.callback_is_due(contact),
            Deadline::LeadCloses(contact) => self.lead_closes(contact),
            Deadline::Suspended(contact) => self.take_up_again(contact, TakenUpWhy::Due),
            Deadline::Idle(contact) => self.chat_is_idle(contact),
            Deadline::Step(contact) => self.router.index.step_is_due(&self.router.state, contact, self.at),
            Deadline::Reach(agent) => self.reach_is_over(agent),
            Deadline::GatewayGrace(gateway) => self.gateway_is_lost(gateway),
            Deadline::Closing(queue) => self.router.index.queue_closes(&self.router.state, queue, self.at),
            Deadline::Rise(queue) => self.router.index.rise_is_due(queue),
            Deadline::ResumeGrace => self.router.index.grace_is_over(&self.router.state),
            Deadline::Look(queue) => self.router.index.look_at(&self.router.state, queue, self.at),
        }
    }
}
