//! A centre of mails and tasks: most queues have hours and keep who comes while they are closed. Checks nothing.

use std::sync::Arc;

use super::dice::Dice;
use super::hours::CALENDARS;
use crate::routing::rule_set::{Channel, RuleSet};
use crate::routing::time::Millis;

/// Thousandths of the time in which a queue answers.
pub(super) fn rises_at(dice: &mut Dice) -> Option<u32> {
    dice.one_of(&[None, None, Some(1), Some(500), Some(800), Some(1_000)])
}

pub(super) fn defers(dice: &mut Dice, rules: &mut RuleSet) {
    for queue in rules.queues.values_mut() {
        let queue = Arc::make_mut(queue);
        queue.channels = Channel::ALL.to_vec();
        queue.agents = None;
        if dice.chance(85) {
            queue.hours = Some(Arc::from(dice.one_of(&CALENDARS)));
        }
        if dice.chance(85) {
            (queue.exits.closed, queue.exits.closing, queue.exits.no_agents) = (None, None, None);
        }
        if dice.chance(60) {
            queue.skills.clear();
        }
        if dice.chance(50) {
            queue.rises_at_per_mille = Some(dice.one_of(&[100, 500, 1_000]));
        }
        queue.service_level.answered_within = dice.one_of(&[Millis::seconds(20), Millis::minutes(3)]);
        queue.weight = dice.one_of(&[Millis::ZERO, Millis::seconds(30), Millis::seconds(-40), Millis::minutes(4)]);
    }
}
