//! How a contact leaves a queue other than by an agent: closed hours, nobody there, too many, too
//! long, a key. Each exit is taken as soon as it holds; what a gateway must carry out may fail, and
//! then the contact waits again.

use std::sync::Arc;

use super::command::{EndedBy, LegFailure};
use super::event::{Fact, OfferOutcome, QueuedBy, VisitEnd};
use super::ids::{ContactId, ContactRef, EventNo, GatewayId};
use super::index::requirement_of;
use super::lane::Requirement;
use super::refusal::Refusal;
use super::router::ContactRouter;
use super::rule_set::{Exit, ExitAction, ExitKey, ExitRules};
use super::state::State;
use super::steps::{is_steppable, somebody_meets};
use super::table::{GatewayNo, QueueNo};
use super::time::{Millis, Timestamp};
use super::turn::Turn;
use super::visit::{Leaving, LeavingBy, Visit};

/// Exits that hold by themselves, in the order in which they are looked at.
const BY_THEMSELVES: [Exit; 6] =
    [Exit::Closed, Exit::Closing, Exit::NoAgents, Exit::Full, Exit::LongWait, Exit::MaxWait];

impl ExitRules {
    #[must_use]
    pub fn action(&self, exit: Exit) -> Option<&ExitAction> {
        match exit {
            Exit::Closed => self.closed.as_ref(),
            Exit::Closing => self.closing.as_ref(),
            Exit::NoAgents => self.no_agents.as_ref(),
            Exit::Full => self.full.as_ref().map(|full| &full.action),
            Exit::LongWait => self.long_wait.as_ref().map(|long| &long.action),
            Exit::MaxWait => self.max_wait.as_ref().map(|longest| &longest.action),
            Exit::Key { key } => self.keys.get(&key),
        }
    }
}

impl Turn<'_> {
    /// The first exit that holds now.
    pub(super) fn first_exit(&mut self, contact: ContactId) -> Option<(Exit, ExitAction)> {
        let state = self.state();
        let found = state.contacts.get(&contact)?;
        let visit = found.visit.as_ref().filter(|visit| is_steppable(state, found, visit))?;
        if found.consultation.is_some() {
            return None;
        }
        let rules = Arc::clone(&state.queue(visit.queue).rules);
        BY_THEMSELVES.into_iter().find_map(|exit| {
            let action = rules.exits.action(exit).filter(|action| self.leads_on(contact, action))?;
            self.holds(contact, exit, &rules.exits).then(|| (exit, action.clone()))
        })
    }

    fn holds(&mut self, contact: ContactId, exit: Exit, exits: &ExitRules) -> bool {
        let visit = self.open_visit(contact);
        let is_new = self.at == visit.entered_at;
        match exit {
            Exit::Closed => !self.is_open(visit.queue, self.at) && !self.is_open(visit.queue, visit.entered_at),
            Exit::Closing => !self.is_open(visit.queue, self.at) && self.is_open(visit.queue, visit.entered_at),
            Exit::NoAgents => self.at >= self.state().grace_until && self.nobody_is_there(contact),
            Exit::Full => is_new && exits.full.as_ref().is_some_and(|full| self.is_full(visit, full.waiting)),
            Exit::LongWait => {
                let is_longer = |over: Millis| visit.estimate.is_some_and(|estimate| estimate.p50 > over);
                is_new && exits.long_wait.as_ref().is_some_and(|long| is_longer(long.over))
            }
            Exit::MaxWait => {
                exits.max_wait.as_ref().is_some_and(|longest| self.at >= self.state().due(visit, longest.after))
            }
            Exit::Key { .. } => false,
        }
    }

    fn open_visit(&self, contact: ContactId) -> &Visit {
        self.state().contacts[&contact].visit.as_ref().expect("the caller saw an open visit")
    }

    /// Whether an action has somewhere to lead, and nothing like it has failed.
    fn leads_on(&self, contact: ContactId, action: &ExitAction) -> bool {
        let visit = self.open_visit(contact);
        // Who is to be called back hears nothing, and is not forgotten.
        let is_on_line = self.state().contacts[&contact].on_line;
        match action {
            ExitAction::Queue(to) => {
                self.state().rules.queues.contains_key(to) && self.state().queue_no(to) != Some(visit.queue)
            }
            ExitAction::HangUp => is_on_line,
            ExitAction::Voicemail { .. } | ExitAction::Announce { .. } => is_on_line && !visit.exits_failed,
            ExitAction::Callback => self.can_be_called_back(contact),
        }
    }

    fn is_open(&self, queue: QueueNo, at: Timestamp) -> bool {
        let state = self.state();
        state.calendar(queue).is_none_or(|calendar| calendar.is_open(at + state.wall_offset))
    }

    /// As many wait already, who came before.
    fn is_full(&self, visit: &Visit, waiting: u32) -> bool {
        let queued = self.router.index.queued.get(&visit.queue).into_iter();
        let before = queued.flat_map(|visits| visits.range(..(visit.entered_at, visit.key.contact)));
        before.count() >= waiting as usize
    }

    /// Nobody logged in meets what the queue asks, nor what the contact asks.
    fn nobody_is_there(&mut self, contact: ContactId) -> bool {
        let ContactRouter { state, index } = &mut *self.router;
        let found = &state.contacts[&contact];
        let visit = found.visit.as_ref().expect("the caller saw an open visit");
        let of_contact = Requirement { only: found.owner(), ..requirement_of(state, found, visit) };
        let of_queue = Requirement::of_queue(state, visit.queue, found.channel);
        !somebody_meets(state, index, visit, &of_contact) && !somebody_meets(state, index, visit, &of_queue)
    }

    pub(super) fn take_exit(&mut self, contact: ContactId, exit: Exit, action: ExitAction) {
        let state = self.state();
        let visit = self.open_visit(contact);
        let queue = state.queue_id(visit.queue);
        let (visit, rules) = (visit.id, state.rules_version);
        let until = match action {
            ExitAction::Voicemail { .. } => Some(self.at + state.rules.site.voicemail_within),
            ExitAction::Announce { .. } => Some(self.at + state.rules.site.announce_within),
            ExitAction::Queue(_) | ExitAction::HangUp | ExitAction::Callback => None,
        };
        self.record(Fact::ExitTaken { contact, visit, exit, action: action.clone(), until, rules });
        match action {
            ExitAction::Queue(to) => self.move_on(contact, &to, QueuedBy::Exit { queue, exit }),
            ExitAction::HangUp => {
                self.end_visit(contact, VisitEnd::FlowedOut);
                self.end(contact, EndedBy::Router, None);
            }
            ExitAction::Voicemail { .. } | ExitAction::Announce { .. } => {
                self.end_visit(contact, VisitEnd::FlowedOut);
            }
            ExitAction::Callback => self.call_back_instead(contact),
        }
    }

    /// A waiting caller pressed a key: an exit of his queue, or nothing.
    pub(super) fn exit_key_pressed(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        key: ExitKey,
        event: u64,
    ) -> Result<(), Refusal> {
        let contact = self.live(gateway, reference)?;
        let found = &self.state().contacts[&contact];
        let is_repeat = event != 0 && event <= found.gateway_event;
        let is_customers = found.consultation.is_none();
        let waits = |visit: &&Visit| is_customers && visit.connecting().is_none() && visit.direct.is_none();
        let Some(visit) = found.visit.as_ref().filter(waits).filter(|_| !is_repeat) else { return Ok(()) };
        let exit = Exit::Key { key };
        let action = self.state().queue(visit.queue).rules.exits.action(exit).cloned();
        if let Some(action) = action.filter(|action| self.leads_on(contact, action)) {
            self.attach_gateway(gateway);
            self.record(Fact::ExitKeyPressed { contact, key, gateway_event: event });
            self.end_offers(contact, &OfferOutcome::Rescinded);
            self.take_exit(contact, exit, action);
        }
        Ok(())
    }

    /// The contact that leaves by this order, as long as it has not been answered.
    fn leaving_by(&self, gateway: GatewayNo, order: EventNo) -> Option<ContactId> {
        let contact = self.router.index.leaving.get(&order).copied()?;
        (self.state().contacts[&contact].gateway == gateway).then_some(contact)
    }

    /// An announcement is over, or voicemail has begun; other orders done change nothing.
    pub(super) fn order_done(&mut self, gateway: &GatewayId, order: EventNo) {
        let no = self.state().gateway_no(gateway);
        if let Some(contact) = no.and_then(|no| self.leaving_by(no, order)) {
            self.attach_gateway(gateway);
            match &self.leaving(contact).way {
                LeavingBy::Transfer { .. } => self.end(contact, EndedBy::Transfer, None),
                LeavingBy::Exit { action: ExitAction::Voicemail { .. }, .. } => {
                    self.record(Fact::VoicemailBegun { contact });
                }
                LeavingBy::Exit { .. } => self.end(contact, EndedBy::Router, None),
            }
        }
    }

    /// Whether a contact was leaving by this order; then it waits again.
    pub(super) fn exit_order_failed(&mut self, gateway: &GatewayId, order: EventNo, why: LegFailure) -> bool {
        let no = self.state().gateway_no(gateway);
        let leaving = no.and_then(|no| self.leaving_by(no, order));
        if let Some(contact) = leaving {
            self.attach_gateway(gateway);
            self.leaving_failed(contact, why);
        }
        leaving.is_some()
    }

    /// The gateway has not said that it is done: nobody is kept on the way for ever.
    pub(super) fn leaving_is_over(&mut self, contact: ContactId) {
        match &self.leaving(contact).way {
            LeavingBy::Transfer { .. } | LeavingBy::Exit { action: ExitAction::Voicemail { .. }, .. } => {
                self.leaving_failed(contact, LegFailure::TimedOut);
            }
            LeavingBy::Exit { .. } => self.end(contact, EndedBy::Router, None),
        }
    }

    fn leaving(&self, contact: ContactId) -> &Leaving {
        self.state().contacts[&contact].leaving.as_ref().expect("the caller saw it leave")
    }

    /// It waits again, where it came from.
    fn leaving_failed(&mut self, contact: ContactId, why: LegFailure) {
        let Leaving { way, from, .. } = self.leaving(contact).clone();
        let cause = match way {
            LeavingBy::Exit { exit, .. } => {
                self.record(Fact::ExitFailed { contact, exit, why });
                QueuedBy::ExitFailed { exit }
            }
            LeavingBy::Transfer { agent } => {
                let agent = self.state().agent_id(agent);
                self.record(Fact::TransferFailed { contact, agent: agent.clone(), why });
                QueuedBy::TransferFailed { agent }
            }
        };
        let visit = self.back_at(&from, cause);
        self.queue(contact, visit);
    }
}

/// When the gateway's time to carry out an exit is over.
pub(super) fn leaving_until(state: &State, contact: ContactId) -> Option<Timestamp> {
    state.contacts.get(&contact)?.leaving.as_ref()?.until
}
