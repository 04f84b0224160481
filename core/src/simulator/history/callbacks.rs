//! Makes up what callbacks need: their rules, what becomes of calls, callbacks that agents promise. Checks nothing.

use std::sync::Arc;

use super::campaigns::calls_out;
use super::consultations::consults;
use super::deferred::defers;
use super::dice::Dice;
use super::messages::CALLERS;
use super::reading::asks_contacts;
use super::rule_sets::{QUEUES, rule_set};
use super::steps::Steps;
use super::taking::takes;
use crate::routing::command::{Action, CallFailure, CallProgress, FollowUpCall};
use crate::routing::ids::{AgentId, ContactId, EventNo, GatewayId, QueueId};
use crate::routing::personal::Address;
use crate::routing::queue_rules::{CallbackRules, FirstCalled};
use crate::routing::rule_set::{Capacity, Channel, ExitAction, ExitRules, MaxWaitExit, Phone, PhoneMode, RuleSet};
use crate::routing::time::{Millis, Timestamp};
use crate::simulator::referee::model::{Contact, Model};

/// Whose phone rings first makes no difference to the router.
pub(super) fn callback_rules(dice: &mut Dice) -> CallbackRules {
    CallbackRules {
        first: dice.one_of(&[FirstCalled::Agent, FirstCalled::Customer]),
        ring_for: dice.one_of(&[Millis::seconds(1), Millis::seconds(5), Millis::seconds(30)]),
        attempts_max: dice.one_of(&[1, 2, 3]),
        gap: dice.one_of(&[Millis::seconds(1), Millis::seconds(5), Millis::seconds(20), Millis::minutes(3)]),
    }
}

/// A centre that calls back: callers are soon asked to, and anybody may call them.
pub(super) fn calls_back(dice: &mut Dice, rules: &mut RuleSet) {
    for queue in rules.queues.values_mut() {
        let queue = Arc::make_mut(queue);
        queue.channels = Channel::ALL.to_vec();
        queue.agents = None;
        queue.steps.truncate(1);
        if dice.chance(80) {
            queue.skills.clear();
            let after = dice.one_of(&[Millis::ZERO, Millis::seconds(1), Millis::seconds(5)]);
            queue.exits = ExitRules::default();
            queue.exits.max_wait = Some(MaxWaitExit { after, action: ExitAction::Callback });
        }
    }
    for agent in rules.agents.values_mut() {
        let agent = Arc::make_mut(agent);
        agent.capacity = Capacity::default();
        agent.phone = Phone { mode: PhoneMode::Console, endpoint: None };
    }
}

impl Steps {
    pub fn rule_set(&mut self) -> RuleSet {
        let mut rules = rule_set(&mut self.dice);
        if self.calls_back {
            calls_back(&mut self.dice, &mut rules);
        }
        if self.consults {
            consults(self, &mut rules);
        }
        if self.defers {
            defers(&mut self.dice, &mut rules);
        }
        if self.takes {
            takes(&mut self.dice, &mut rules);
        }
        if self.asks_contacts {
            asks_contacts(&mut self.dice, &mut rules);
        }
        if self.calls_out {
            calls_out(&mut self.dice, &mut rules);
        }
        self.with_recordings(rules)
    }

    /// Mostly of a call that is being made; sometimes late, of an old attempt, or of none.
    pub fn call_progress(&mut self, model: &Model) -> Option<Action> {
        let called: Vec<&Contact> = model.all_contacts().filter(|contact| contact.attempt.is_some()).collect();
        let calling: Vec<&Contact> = called.iter().copied().filter(|contact| contact.owner().is_some()).collect();
        let now_called = self.dice.chance(70);
        let contact = self.dice.pick(if now_called { &calling } else { &called }).copied()?;
        let mut gateway = contact.gateway.clone();
        let mut order = contact.attempt?;
        if !self.plausibly() {
            if self.dice.chance(50) {
                order = EventNo(self.dice.below(model.events_folded() + 2));
            } else {
                gateway = self.gateway();
            }
        }
        let why =
            self.dice.one_of(&[CallFailure::Busy, CallFailure::NoAnswer, CallFailure::Machine, CallFailure::Failed]);
        let progress = match self.dice.below(10) {
            0 | 1 => CallProgress::Ringing,
            2..6 => CallProgress::Answered,
            _rest => CallProgress::Failed { why },
        };
        Some(Action::CallProgress { gateway, order, progress, event: self.message() })
    }

    pub fn schedule_callback(&mut self, agent: AgentId, contact: ContactId, now: Timestamp) -> Action {
        let FollowUpCall { to, queue, due, by_me } = self.follow_up_call(now);
        Action::ScheduleCallback { agent, contact, to, queue, due, by_me }
    }

    pub fn follow_up_call(&mut self, now: Timestamp) -> FollowUpCall {
        let soon = [Millis::seconds(2), Millis::seconds(10), Millis::minutes(1), Millis::minutes(8)];
        let wrong = [Millis::ZERO, Millis::seconds(-1), Millis::minutes(91 * 24 * 60)];
        let after = if self.dice.chance(90) { self.dice.one_of(&soon) } else { self.dice.one_of(&wrong) };
        let queue = self.dice.chance(50).then(|| self.dice.one_of(&QUEUES));
        FollowUpCall {
            to: self.dice.chance(50).then(|| Address(Arc::from(self.dice.one_of(&CALLERS)))),
            queue: queue.map(|name| QueueId::new(name).expect("a short name")),
            due: self.dice.chance(60).then(|| now + after),
            by_me: self.dice.chance(50),
        }
    }

    /// The gateway of a callback that waits: it goes away, or comes back.
    pub fn gateway_of_a_callback(&mut self, model: &Model) -> Option<GatewayId> {
        let waiting: Vec<&Contact> =
            model.all_contacts().filter(|contact| !contact.ended && !contact.on_line).collect();
        self.dice.pick(&waiting).map(|contact| contact.gateway.clone())
    }
}
