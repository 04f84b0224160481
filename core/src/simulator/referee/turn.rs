//! One command, or one moment of deadlines: what must happen, fact by fact. Keeps a copy of the state; the caller adopts it.

use std::collections::BTreeSet;

use super::model::{Model, Visit};
use crate::routing::command::{Action, Command};
use crate::routing::event::{AgentChange, Event, Fact, RevokedWhy};
use crate::routing::ids::{ContactId, PersonId, Request};
use crate::routing::refusal::Refusal;
use crate::routing::time::{Millis, Timestamp};

pub(crate) struct Turn {
    pub model: Model,
    pub at: Timestamp,
    request: Option<Request>,
    /// The supervisor who ordered it.
    by: Option<PersonId>,
    events: Vec<Event>,
    /// Contacts whose steps on figures are looked at in this turn, whatever it tells of them.
    looked_at: BTreeSet<ContactId>,
}

impl Model {
    /// The events the command must cause, and the state after them.
    ///
    /// # Errors
    /// The refusal it must meet.
    pub fn after_command(&self, command: &Command, now: Timestamp) -> Result<(Vec<Event>, Model), Refusal> {
        if let Some(request) = &command.request
            && self.requests.get(&request.by).is_some_and(|known| known.contains(&request.id))
        {
            return Ok((Vec::new(), self.clone()));
        }
        let mut turn = Turn::new(self.clone(), now, command.request.clone());
        turn.by = command.action.by().cloned();
        turn.perform(&command.action)?;
        if turn.only_heard(&command.action) {
            return Ok((Vec::new(), self.clone()));
        }
        turn.settle();
        turn.record_what_moved();
        turn.model.looks.reached = now;
        Ok((turn.events, turn.model))
    }

    /// The events that passing time must cause up to `now`, and the state after them.
    #[must_use]
    pub fn after_time(self, now: Timestamp) -> (Vec<Event>, Model) {
        let mut model = self;
        let mut events = Vec::new();
        while let Some(first) = model.due(now) {
            let at = first.at.max(model.last_at);
            let mut turn = Turn::new(model, at, None);
            while let Some(due) = turn.model.due(at) {
                turn.fire(&due);
                turn.model.looks.fired.insert((due.kind, due.number), due.at);
            }
            turn.settle();
            turn.record_what_moved();
            events.extend(turn.events);
            model = turn.model;
        }
        model.passed(now);
        (events, model)
    }
}

impl Turn {
    fn new(model: Model, at: Timestamp, request: Option<Request>) -> Turn {
        Turn { model, at, request, by: None, events: Vec::new(), looked_at: BTreeSet::new() }
    }

    pub fn look_at(&mut self, contacts: impl IntoIterator<Item = ContactId>) {
        self.looked_at.extend(contacts);
    }

    /// Whether steps on figures are looked at: it is looked at, or told something of.
    pub fn is_about(&self, contact: ContactId) -> bool {
        self.looked_at.contains(&contact) || self.events.iter().any(|event| event.fact.contact() == Some(contact))
    }

    pub fn record(&mut self, fact: Fact) {
        let event = Event { at: self.at, request: self.request.clone(), by: self.by.clone(), fact };
        self.model.apply(&event);
        self.events.push(event);
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The number the next contact, visit, offer, segment, attempt or recording gets.
    pub fn next_number(&self) -> u64 {
        self.model.last_number + 1
    }

    fn perform(&mut self, action: &Action) -> Result<(), Refusal> {
        match action {
            Action::ReplaceRules { rules } => {
                self.replace_rules(rules);
                Ok(())
            }
            Action::Resume { down_for } => {
                self.resume(*down_for);
                Ok(())
            }
            Action::StepClock { by } => {
                self.record(Fact::ClockStepped { by: *by });
                let with_hours = |visit: &Visit| self.model.minds_hours(&visit.queue);
                let all = self.model.all_contacts();
                let waiting = all.filter(|contact| contact.waiting().is_some_and(with_hours));
                self.look_at(waiting.map(|contact| contact.id).collect::<Vec<_>>());
                Ok(())
            }
            Action::AttachGateway { .. }
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
            | Action::GatewayLines { .. }
            | Action::Inventory { .. }
            | Action::OpenTask { .. } => self.gateway_tells(action),
            Action::LogOut { by, agent, how } => self.log_out(by.is_some(), agent, *how),
            Action::SetPresenceOf { agent, presence, when, .. } => self.set_presence_of(agent, presence, *when),
            Action::MoveContact { contact, queue, .. } => self.move_contact(*contact, queue),
            Action::PrioritiseContact { contact, priority, .. } => self.prioritise(*contact, *priority),
            Action::AssignContact { contact, agent, .. } => self.assign(*contact, agent),
            Action::CloseContact { contact, .. } => self.close_contact(*contact),
            Action::PauseQueue { queue, .. } => self.pause(queue),
            Action::ResumeQueue { queue, .. } => self.resume_queue(queue),
            Action::SetCampaign { campaign, rules, .. } => self.set_campaign(campaign, rules),
            Action::RunCampaign { campaign, run, .. } => self.run_campaign(campaign, *run),
            Action::FileLead { .. } => self.file_lead(action),
            Action::WithdrawLead { campaign, lead } => {
                self.withdraw_lead(campaign, *lead);
                Ok(())
            }
            Action::ClearAttempt { attempt } => self.clear_attempt(*attempt),
            Action::RefuseAttempt { attempt, why, until } => self.refuse_attempt(*attempt, *why, *until),
            Action::OpenConsole { agent }
            | Action::CloseConsole { agent }
            | Action::SetPresence { agent, .. }
            | Action::AcknowledgeOffer { agent, .. }
            | Action::AcceptOffer { agent, .. }
            | Action::DeclineOffer { agent, .. }
            | Action::TakeContact { agent, .. }
            | Action::HoldContact { agent, .. }
            | Action::UnholdContact { agent, .. }
            | Action::PauseRecording { agent, .. }
            | Action::ResumeRecording { agent, .. }
            | Action::TransferContact { agent, .. }
            | Action::TransferOutside { agent, .. }
            | Action::SuspendContact { agent, .. }
            | Action::SendMessage { agent, .. }
            | Action::ScheduleCallback { agent, .. }
            | Action::EndContact { agent, .. }
            | Action::ExtendWrapUp { agent, .. }
            | Action::Consult { agent, .. }
            | Action::CompleteConsultation { agent, .. }
            | Action::CancelConsultation { agent, .. }
            | Action::SwapConsultation { agent, .. }
            | Action::JoinConference { agent, .. }
            | Action::LeaveContact { agent, .. }
            | Action::EscalateContact { agent, .. }
            | Action::TakeLead { agent, .. }
            | Action::FinishWrapUp { agent, .. } => self.agent_tells(agent, action),
        }
    }

    /// A repeat that changes nothing else does not even say that its sender is there.
    fn only_heard(&self, action: &Action) -> bool {
        let heard = self.events.len() == 1
            && matches!(
                self.events[0].fact,
                Fact::GatewayAttached { .. } | Fact::AgentChanged { cause: AgentChange::HeardFrom, .. }
            );
        heard && !matches!(action, Action::AttachGateway { .. })
    }

    fn resume(&mut self, down_for: Millis) {
        let grace_until = self.at + self.model.site().resume_grace;
        self.record(Fact::Resumed { down_for, grace_until });
        for (offer, _) in self.model.open_offers() {
            self.revoke(offer, RevokedWhy::ServerRestarted);
        }
    }

    /// What follows of itself: campaigns that are drained, waits for one agent that are in vain, and steps and exits
    /// that hold, in rounds until there is none; then queues rise and fall; then every match that nothing holds.
    fn settle(&mut self) {
        loop {
            let told = self.events.len();
            self.stop_what_is_drained();
            while let Some(contact) = self.vain_preferred_wait() {
                self.preferred_wait_over(contact);
            }
            let mut done = ContactId(0);
            while let Some(contact) = self.model.contacts.keys().find(|contact| **contact > done).copied() {
                self.take_steps_and_exits(contact);
                done = contact;
            }
            if self.events.len() == told {
                break;
            }
        }
        self.raise_and_lower();
        while let Some(offered) = self.next_match() {
            self.hold_out(offered);
        }
    }
}
