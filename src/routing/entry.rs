//! Which queue a contact enters: the first rule that holds. An error in a condition counts as
//! "does not hold", so that it never loses a contact.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::command::Direction;
use super::event::{DirectTo, Fact, QueuedBy};
use super::expression::Scope;
use super::ids::{ContactId, QueueId, VisitId};
use super::personal::{Attributes, Details};
use super::rule_set::{Channel, EntryRule, RuleSet};
use super::skill::Skills;
use super::time::Timestamp;
use super::turn::Turn;
use super::visit::Contact;

/// What one entry rule said of a contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    Holds,
    DoesNotHold,
    /// The queue does not serve the contact's channel.
    OtherChannel,
    /// The condition could not be evaluated; it counts as not holding.
    Failed(String),
}

/// The rule that won and what each rule up to it said, in order.
pub struct Entry<'a> {
    pub rule: &'a EntryRule,
    pub verdicts: Vec<Verdict>,
}

/// What conditions may know of a contact.
pub struct ContactFacts<'a> {
    pub channel: Channel,
    pub direction: Direction,
    pub to: Option<&'a str>,
    pub from: Option<&'a str>,
    pub attributes: Attributes,
}

impl ContactFacts<'_> {
    fn scope(&self) -> Scope {
        let contact = json!({
            "channel": self.channel,
            "direction": self.direction,
            "from": self.from,
            "to": self.to,
            "attributes": self.attributes,
        });
        let nobody = Value::Object(Map::new());
        let customer = self.attributes.get("customer").unwrap_or(&nobody);
        Scope::new([("contact", &contact), ("customer", customer)])
    }
}

/// The first rule that holds; the last one when none does. None: there are no rules.
#[must_use]
pub fn first_that_holds<'a>(rules: &'a RuleSet, facts: &ContactFacts<'_>) -> Option<Entry<'a>> {
    let scope = facts.scope();
    let mut verdicts = Vec::new();
    for rule in &rules.entry {
        let verdict = ask(rules, rule, facts.channel, &scope);
        let holds = verdict == Verdict::Holds;
        verdicts.push(verdict);
        if holds {
            return Some(Entry { rule, verdicts });
        }
    }
    rules.entry.last().map(|rule| Entry { rule, verdicts })
}

fn ask(rules: &RuleSet, rule: &EntryRule, channel: Channel, scope: &Scope) -> Verdict {
    if !rules.queues.get(&rule.queue).is_some_and(|queue| queue.channels.contains(&channel)) {
        return Verdict::OtherChannel;
    }
    match rule.when.as_ref().map(|when| when.holds(scope)) {
        None | Some(Ok(true)) => Verdict::Holds,
        Some(Ok(false)) => Verdict::DoesNotHold,
        Some(Err(error)) => Verdict::Failed(error.to_string()),
    }
}

/// The merged attributes of a contact: a later update replaces the value of the same name.
#[must_use]
pub fn attributes_of(contact: &Contact) -> Attributes {
    let mut merged = Map::new();
    for details in contact.details.iter().filter_map(|details| details.plain()) {
        merged.extend(details.attributes.0.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    Attributes(merged)
}

/// A visit about to begin.
pub(super) struct NewVisit {
    pub queue: QueueId,
    pub cause: QueuedBy,
    pub skills: Skills,
    pub priority: i32,
    pub ordered_since: Timestamp,
    pub direct: Option<DirectTo>,
}

impl Turn<'_> {
    /// Asks the entry rules and puts the contact into the queue they say.
    pub(super) fn queue_by_entry(&mut self, contact: ContactId) {
        let rules = Arc::clone(&self.state().rules);
        let arrived = &self.state().contacts[&contact];
        let details: Option<&Arc<Details>> = arrived.details.first().and_then(|details| details.plain());
        let facts = ContactFacts {
            channel: arrived.channel,
            direction: arrived.direction,
            to: arrived.to.as_ref().map(|to| &*to.0),
            from: details.and_then(|details| details.from.as_ref()).map(|from| &*from.0),
            attributes: attributes_of(arrived),
        };
        let entry = first_that_holds(&rules, &facts).expect("a rule set has at least one entry rule");
        let queue_rules = &rules.queues[&entry.rule.queue];
        let mut skills: BTreeMap<_, _> = queue_rules.skills.clone();
        skills.extend(entry.rule.skills.iter().map(|(skill, level)| (skill.clone(), *level)));
        self.queue(
            contact,
            NewVisit {
                queue: entry.rule.queue.clone(),
                cause: QueuedBy::Entry { rule: Arc::clone(&entry.rule.name) },
                skills,
                priority: entry.rule.priority.saturating_add(queue_rules.priority),
                ordered_since: self.at,
                direct: None,
            },
        );
    }

    pub(super) fn queue(&mut self, contact: ContactId, visit: NewVisit) {
        let fact = Fact::ContactQueued {
            contact,
            visit: VisitId(self.state().next_id),
            queue: visit.queue,
            cause: visit.cause,
            skills: visit.skills,
            priority: visit.priority,
            ordered_since: visit.ordered_since,
            entered_at: self.at,
            direct: visit.direct,
            rules: self.state().rules_version,
        };
        self.record(fact);
    }
}
