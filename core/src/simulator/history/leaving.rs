//! Makes up what becomes of exits by order: keys that callers press, orders done or failed, late and by the wrong gateway.

use super::dice::Dice;
use super::rule_sets::{QUEUES, other_queue};
use super::steps::Steps;
use crate::routing::command::{Action, LegFailure};
use crate::routing::ids::{EventNo, GatewayId, QueueId};
use crate::routing::rule_set::{ExitAction, ExitKey, RuleSet};
use crate::simulator::referee::leaving::Leaving;
use crate::simulator::referee::model::{Contact, Model};

const KEYS: [char; 4] = ['1', '2', '*', '#'];

pub(super) fn key(dice: &mut Dice) -> ExitKey {
    ExitKey::try_from(dice.one_of(&KEYS)).expect("a key of a telephone")
}

/// What a key leads to: any queue, or what other exits do.
pub(super) fn key_action(dice: &mut Dice, otherwise: ExitAction) -> ExitAction {
    if dice.chance(30) {
        ExitAction::Queue(QueueId::new(dice.one_of(&QUEUES)).expect("a short name"))
    } else {
        otherwise
    }
}

/// The same, but one queue is dropped; most of who waits there moves on.
pub(super) fn with_a_queue_dropped(dice: &mut Dice, rules: &RuleSet) -> RuleSet {
    let mut rules = rules.clone();
    let names: Vec<QueueId> = rules.queues.keys().cloned().collect();
    let dropped = dice.one_of(&names);
    if names.len() > 1 {
        rules.queues.remove(&dropped);
        let left: Vec<QueueId> = rules.queues.keys().cloned().collect();
        for rule in rules.entry.iter_mut().filter(|rule| rule.queue == dropped) {
            rule.queue = dice.one_of(&left);
        }
        if dice.chance(80) {
            rules.moved.insert(dropped, if dice.chance(85) { dice.one_of(&left) } else { other_queue(dice) });
        }
    }
    rules
}

impl Steps {
    /// A key of a caller who waits, mostly one that his queue has.
    pub fn exit_key(&mut self, model: &Model) -> Option<Action> {
        let live: Vec<&Contact> = model.all_contacts().filter(|contact| !contact.ended).collect();
        let has_keys = |contact: &&&Contact| {
            contact.visit.as_ref().is_some_and(|visit| !model.queue(&visit.queue).exits.keys.is_empty())
        };
        let with_keys: Vec<&Contact> = live.iter().filter(has_keys).copied().collect();
        let from = if self.dice.chance(90) { &with_keys } else { &live };
        let contact = *self.dice.pick(from)?;
        let visit = contact.visit.as_ref();
        let keys: Vec<ExitKey> =
            visit.map(|visit| model.queue(&visit.queue).exits.keys.keys().copied().collect()).unwrap_or_default();
        let known = self.dice.pick(&keys).copied();
        let key = match known.filter(|_| self.plausibly()) {
            Some(known) => known,
            None => key(&mut self.dice),
        };
        let gateway = if self.plausibly() { contact.gateway.clone() } else { self.gateway() };
        Some(Action::ExitKeyPressed { gateway, reference: contact.reference.clone(), key, event: self.message() })
    }

    /// About an order to leave that stands, or that stood once.
    pub fn exit_order(&mut self, model: &Model) -> Option<Action> {
        let leaving: Vec<(&Contact, &Leaving)> =
            model.all_contacts().filter_map(|contact| Some((contact, contact.leaving.as_ref()?))).collect();
        if self.dice.chance(8)
            && let Some((contact, _)) = self.dice.pick(&leaving)
        {
            let (gateway, reference) = (contact.gateway.clone(), contact.reference.clone());
            return Some(Action::ContactAbandoned { gateway, reference, event: self.message() });
        }
        let open: Vec<(GatewayId, EventNo)> =
            leaving.into_iter().map(|(contact, leaving)| (contact.gateway.clone(), leaving.order)).collect();
        for order in &open {
            if !self.orders.contains(order) {
                self.orders.push(order.clone());
            }
        }
        let from = if self.dice.chance(85) { open } else { self.orders.clone() };
        let (mut gateway, mut order) = self.dice.pick(&from)?.clone();
        if !self.plausibly() {
            match self.dice.below(2) {
                0 => gateway = self.gateway(),
                _rest => order = EventNo(self.dice.below(model.event_no + 2)),
            }
        }
        let event = self.message();
        if self.dice.chance(55) {
            return Some(Action::OrderDone { gateway, order, event });
        }
        let why = self.dice.one_of(&[LegFailure::Busy, LegFailure::NoAnswer, LegFailure::Rejected, LegFailure::Failed]);
        Some(Action::OrderFailed { gateway, order, why, event })
    }
}
