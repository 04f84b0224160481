//! Random conditions that read the contact and the moment, and contacts of whom something else becomes known.
//! Checks nothing.

use std::sync::Arc;

use super::dice::Dice;
use super::steps::Steps;
use crate::routing::command::Action;
use crate::routing::expression::Expression;
use crate::routing::rule_set::{Channel, CustomersAgent, PreferredRules, RuleSet};
use crate::routing::time::Millis;
use crate::simulator::referee::model::{Contact, Model};

/// Of a rule of this name the condition reads the moment.
pub(super) const BY_THE_CLOCK: &str = "clock";
/// One is ahead of Greenwich by half an hour more than whole hours, one behind by seconds, and one is nowhere.
const ZONES: [&str; 6] =
    ["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Africa/Monrovia", "Atlantis/Poseidonis"];
/// Histories play on a Thursday and, when clocks change, on Sundays.
const MOMENTS: [&str; 9] = [
    "now.hour < 1",
    "now.hour == 19 || now.hour == 5",
    "now.minute % 2 == 0",
    r#"now.time >= "00:01" && now.time < "00:04""#,
    r#"now.time > "05:31" || now.time < "01:02""#,
    r#"now.date == "1970-01-01""#,
    r#"now.date > "1970-04-25""#,
    "now.weekday == 4",
    r#"now.weekday == 7 && contact.channel != "email""#,
];
/// The first two can be evaluated for some contacts, the others for none.
const FAILING: [&str; 5] = [
    "contact.attributes.n > 2",
    r#"customer.owner == "ana""#,
    "contact.attributes.no_such == 1",
    "now.no_such > 1",
    "contact.attributes.n",
];
const WHO: [&str; 4] =
    [r#"agent.site == "Lyon""#, r#"agent.id != "ana""#, r#""day" in agent.teams"#, "agent.skills.english > 3"];
const WHO_FOR_WHOM: [&str; 7] = [
    "contact.attributes.language in agent.skills",
    r#"contact.attributes.intent == "billing" || agent.id == "cleo""#,
    r#"contact.channel == "voice" || agent.site == "Lyon""#,
    "contact.attributes.n < 2",
    r#"contact.from.endsWith("1") || "day" in agent.teams"#,
    r#"contact.attributes.customer.tier == "gold" || agent.attributes.remote"#,
    r#"contact.direction == "inbound" && agent.id != "ana""#,
];

fn one_condition(dice: &mut Dice, from: &[&str]) -> Expression {
    Expression::new(dice.one_of(from)).expect("the list is valid")
}

pub(super) fn zone(dice: &mut Dice) -> Arc<str> {
    Arc::from(dice.one_of(&ZONES))
}

/// A rule's name and condition, from this list or of this file.
pub(super) fn entry_condition(dice: &mut Dice, others: &[&str]) -> (Arc<str>, Expression) {
    match dice.below(100) {
        0..20 => (Arc::from(BY_THE_CLOCK), one_condition(dice, &MOMENTS)),
        20..32 => (Arc::from(dice.one_of(&["broken", "frail"])), one_condition(dice, &FAILING)),
        _rest => (Arc::from(dice.one_of(&["some", "others", "live"])), one_condition(dice, others)),
    }
}

/// Whom a queue lets have its contacts.
pub(super) fn who(dice: &mut Dice) -> Option<Expression> {
    match dice.below(100) {
        0..12 => Some(one_condition(dice, &WHO)),
        12..24 => Some(one_condition(dice, &WHO_FOR_WHOM)),
        _everybody => None,
    }
}

/// A centre in which who may have a contact hangs on what is known of it.
pub(super) fn asks_contacts(dice: &mut Dice, rules: &mut RuleSet) {
    for queue in rules.queues.values_mut() {
        let queue = Arc::make_mut(queue);
        queue.channels = Channel::ALL.to_vec();
        if dice.chance(85) {
            queue.agents = Some(one_condition(dice, &WHO_FOR_WHOM));
        }
        if dice.chance(60) {
            queue.skills.clear();
        }
        if dice.chance(60) {
            (queue.exits.closed, queue.exits.closing) = (None, None);
        }
        if dice.chance(50) {
            queue.preferred = Some(PreferredRules { who: CustomersAgent::Owner, hold: Millis::minutes(5) });
        }
    }
}

impl Steps {
    /// More of a contact that waits or is being connected. None: there is none.
    pub fn more_of_who_waits(&mut self, model: &Model) -> Option<Action> {
        let open: Vec<&Contact> = model.all_contacts().filter(|contact| contact.visit.is_some()).collect();
        let contact = self.dice.pick(&open).copied()?;
        self.messages += 1;
        Some(Action::ContactUpdated {
            gateway: contact.gateway.clone(),
            reference: contact.reference.clone(),
            attributes: self.attributes(),
            event: self.messages,
        })
    }
}
