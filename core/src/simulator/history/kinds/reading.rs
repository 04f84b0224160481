//! The names of what can come of conditions that read the contact and the moment. Counts nothing.

use std::collections::BTreeSet;

use crate::routing::event::{Event, Fact, QueuedBy};
use crate::routing::ids::{AgentId, ContactId, QueueId};
use crate::simulator::history::reading::BY_THE_CLOCK;
use crate::simulator::referee::model::{Contact, Model, Visit};

/// What the entry rules and the queues' conditions on agents come to.
pub const READING_KINDS: [&str; 10] = [
    "entry.by_the_clock",
    "entry.by_the_clock_anew",
    "entry.rule_failed",
    "entry.rule_failed_anew",
    "agents.contact_admits",
    "agents.contact_admits_in_a_joined_queue",
    "agents.contact_refuses",
    "agents.contact_refuses_in_a_joined_queue",
    "agents.offered_at_an_update",
    "agents.offer_outlives_an_update",
];

/// What of this sort the entry rules said, each once.
#[must_use]
pub fn of_entry(fact: &Fact) -> Vec<&'static str> {
    let told = |by_the_clock, failed: &[_], kinds: [&'static str; 2]| {
        let holds = [by_the_clock, !failed.is_empty()];
        kinds.into_iter().zip(holds).filter(|(_, holds)| *holds).map(|(kind, _)| kind).collect()
    };
    if let Fact::ContactQueued { cause: QueuedBy::Entry { rule }, failed, .. } = fact {
        return told(**rule == *BY_THE_CLOCK, failed, ["entry.by_the_clock", "entry.rule_failed"]);
    }
    if let Fact::VisitChanged { rule, failed, .. } = fact {
        return told(**rule == *BY_THE_CLOCK, failed, ["entry.by_the_clock_anew", "entry.rule_failed_anew"]);
    }
    Vec::new()
}

/// What conditions on agents came to in one turn, of which this is the state after.
pub(crate) fn of_turn(model: &Model, events: &[Event]) -> BTreeSet<&'static str> {
    let mut kinds = BTreeSet::new();
    let mut updated: BTreeSet<ContactId> = BTreeSet::new();
    for event in events {
        match &event.fact {
            Fact::ContactUpdated { contact, .. } => {
                updated.insert(*contact);
            }
            Fact::VisitChanged { contact, .. } | Fact::VisitEnded { contact, .. } => {
                updated.remove(contact);
            }
            Fact::ContactOffered { contact, agent, .. } => {
                let offered = model.contacts.get(contact).and_then(|known| Some((known, known.visit.as_ref()?)));
                let admits = offered.map(|(known, visit)| queues_that_say(known, visit, agent, true));
                let (own, joined) = admits.unwrap_or((false, false));
                let all = [
                    ("agents.contact_admits", own),
                    ("agents.contact_admits_in_a_joined_queue", joined && !own),
                    ("agents.offered_at_an_update", own && updated.contains(contact)),
                ];
                kinds.extend(all.into_iter().filter(|(_, holds)| *holds).map(|(kind, _)| kind));
            }
            _other => {}
        }
    }
    for contact in updated.iter().filter_map(|contact| model.contacts.get(contact)) {
        let Some(visit) = contact.visit.as_ref() else { continue };
        let refused = |agent: &AgentId| queues_that_say(contact, visit, agent, false).0;
        if contact.offers().iter().any(|offer| refused(&offer.agent) && !model.admits_now(&offer.agent, contact)) {
            kinds.insert("agents.offer_outlives_an_update");
        }
    }
    kinds.extend(refusals(model));
    kinds
}

/// Whether the conditions that read the contact say so of the agent: its own queue's, and one of those joined.
fn queues_that_say(contact: &Contact, visit: &Visit, agent: &AgentId, fits: bool) -> (bool, bool) {
    let says = |queue: &QueueId| {
        let who = contact.fitted.as_ref().and_then(|fitted| fitted.who.get(queue));
        who.is_some_and(|who| who.contains(agent) == fits)
    };
    (visit.direct.is_none() && says(&visit.queue), visit.joined.iter().any(says))
}

/// Agents with room and skills whom what is known of a waiting contact keeps from it.
fn refusals(model: &Model) -> BTreeSet<&'static str> {
    let mut kinds = BTreeSet::new();
    let idle = model.idle_agents();
    for contact in model.all_contacts() {
        let Some(visit) = model.up_for_offers(contact).filter(|visit| visit.direct.is_none()) else { continue };
        for (agent, _) in model.agents.iter().zip(&idle).filter(|(_, idle)| idle.contains_key(&contact.channel)) {
            let without = model.meets(agent, &visit.queue, &visit.skills, None);
            let (own, joined) = queues_that_say(contact, visit, &agent.id, false);
            if without && own && !model.admits(agent, contact, visit) {
                kinds.insert("agents.contact_refuses");
                if joined {
                    kinds.insert("agents.contact_refuses_in_a_joined_queue");
                }
            }
        }
    }
    kinds
}
