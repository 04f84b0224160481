//! What the entry rules say of a contact, when it arrives and when more of its customer is known.

use std::sync::Arc;

use serde_json::{Value, json};

use super::contacts::Queueing;
use super::model::{Agent, Contact, Model, Visit};
use super::reading::describe_contact;
use super::turn::Turn;
use crate::routing::command::Presence;
use crate::routing::event::{DirectTo, Fact, OfferOutcome, Preference, QueuedBy, Reach, VisitEnd};
use crate::routing::expression::Scope;
use crate::routing::ids::{AgentId, ContactId, OfferId, QueueId};
use crate::routing::rule_set::{CustomersAgent, EntryRule, NamedAgent};
use crate::routing::skill::Skills;
use crate::routing::time::{Millis, Timestamp};

/// Why the entry rules are asked once more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    /// More of the customer is known.
    OfCustomer,
    ByNewRules,
    /// Told whatever they say, so that they are asked once.
    BeforeAStep,
}

struct Decision {
    rule: Arc<str>,
    queue: QueueId,
    skills: Skills,
    priority: i32,
    direct: Option<DirectTo>,
    preferred: Option<Preference>,
    never: Vec<AgentId>,
    failed: Vec<Arc<str>>,
}

impl Model {
    /// Available and answering; his console may be away for a moment.
    pub(crate) fn expected(&self, agent: &Agent) -> bool {
        agent.in_rules
            && agent.presence == Presence::Available
            && matches!(agent.next, None | Some(Presence::Available))
            && agent.responding
            && matches!(agent.reach, Reach::Here | Reach::Away { .. })
    }

    /// The rule that holds, and those before it that cannot be evaluated, which is as good as no.
    fn entry_rule(&self, contact: &Contact, now: Timestamp) -> (&EntryRule, Vec<Arc<str>>) {
        let rules = self.rules.as_ref().expect("without rules nothing arrives");
        let (described, customer, moment) = (describe_contact(contact), customer_of(contact), self.moment(now));
        let conditions = rules.entry.iter().filter_map(|rule| rule.when.as_ref());
        let named: Vec<QueueId> = conditions.flat_map(|when| when.queues()).cloned().collect();
        let figures = self.figures_named(&named, now);
        let scope = Scope::new([("contact", &described), ("customer", &customer), ("now", &moment)]);
        let scope = scope.with_queues(figures);
        let serves = |rule: &&EntryRule| {
            rules.queues.get(&rule.queue).is_some_and(|queue| queue.channels.contains(&contact.channel))
        };
        let mut failed = Vec::new();
        for rule in rules.entry.iter().filter(serves) {
            match rule.when.as_ref().map(|when| when.holds(&scope)) {
                None | Some(Ok(true)) => return (rule, failed),
                Some(Ok(false)) => {}
                Some(Err(_)) => failed.push(Arc::clone(&rule.name)),
            }
        }
        (rules.entry.last().expect("a rule set has an entry rule"), failed)
    }

    fn decide_entry(&self, contact: &Contact, now: Timestamp) -> Decision {
        let (rule, failed) = self.entry_rule(contact, now);
        let customer = customer_of(contact);
        let never = self.never_offered(&customer);
        let allowed = |agent: &&Agent| agent.in_rules && !never.contains(&agent.id);
        let name = Arc::clone(&rule.name);

        let own = match &rule.agent {
            None => None,
            Some(NamedAgent::Agent(agent)) => self.agents.iter().find(|known| known.id == *agent),
            Some(NamedAgent::OfCustomer(who)) => self.agent_of_customer(&customer, *who),
        };
        if let Some(agent) = own.filter(allowed).filter(|agent| agent.presence != Presence::Offline) {
            let direct = DirectTo {
                agent: agent.id.clone(),
                until: now + self.site().direct_wait_max,
                behind: rule.queue.clone(),
                skills: rule.skills.clone(),
                priority: rule.priority,
            };
            return Decision {
                rule: name,
                queue: QueueId::of_agent(&agent.id),
                skills: Skills::new(),
                priority: 0,
                direct: Some(direct),
                preferred: None,
                never,
                failed,
            };
        }

        let queue = self.queue(&rule.queue);
        let mut skills = queue.skills.clone();
        skills.extend(rule.skills.clone());
        let preferred = self.preference(contact, &rule.queue, &skills, &never, now);
        let priority = rule.priority + queue.priority;
        Decision { rule: name, queue: rule.queue.clone(), skills, priority, direct: None, preferred, never, failed }
    }

    /// Whom the queue prefers for this customer.
    fn preference(
        &self,
        contact: &Contact,
        queue: &QueueId,
        skills: &Skills,
        never: &[AgentId],
        now: Timestamp,
    ) -> Option<Preference> {
        let preferred = self.queue(queue).preferred?;
        let named = self.agent_of_customer(&customer_of(contact), preferred.who);
        let agent = named.filter(|agent| agent.in_rules && !never.contains(&agent.id))?;
        let waits = preferred.hold > Millis::ZERO
            && self.expected(agent)
            && self.can_serve(agent, contact.channel)
            && self.meets(agent, queue, skills, Some(contact));
        Some(Preference { agent: agent.id.clone(), alone_until: waits.then(|| now + preferred.hold) })
    }

    /// The steps that the visit has taken go on asking what they ask.
    fn with_steps_taken(&self, visit: &Visit, mut decision: Decision) -> Decision {
        let mut widened = Visit { skills: decision.skills, priority: decision.priority, ..visit.clone() };
        let rules = self.queue(&visit.queue);
        for place in &visit.taken {
            if let Some(step) = rules.steps.get(*place).filter(|step| step.move_to.is_none()) {
                widened.widen(step);
            }
        }
        (decision.skills, decision.priority) = (widened.skills, widened.priority);
        decision
    }

    fn agent_of_customer(&self, customer: &Value, who: CustomersAgent) -> Option<&Agent> {
        let named = customer.get(who.name())?.as_str()?;
        self.agents.iter().find(|agent| agent.id.as_str() == named)
    }

    pub(super) fn never_offered(&self, customer: &Value) -> Vec<AgentId> {
        let mut never: Vec<AgentId> = Vec::new();
        for named in customer.get("never_offer").and_then(Value::as_array).into_iter().flatten() {
            let known = self.agents.iter().find(|agent| named.as_str() == Some(agent.id.as_str()));
            if let Some(agent) = known.filter(|agent| !never.contains(&agent.id)) {
                never.push(agent.id.clone());
            }
        }
        never
    }
}

pub(super) fn customer_of(contact: &Contact) -> Value {
    contact.attributes.get("customer").cloned().unwrap_or_else(|| json!({}))
}

impl Turn {
    /// By the entry rules: the first that holds, else the last.
    pub(crate) fn enter(&mut self, contact: ContactId) {
        let arrived = &self.model.contacts[&contact];
        let decision = self.model.decide_entry(arrived, self.at);
        let kept = self.model.kept_place(&decision.queue, arrived.from.as_ref(), self.at);
        self.queue_as_decided(contact, decision, kept.unwrap_or(self.at));
    }

    /// Where it says itself, with what that queue asks; nobody is preferred to the one who has taken it.
    pub(super) fn queue_work(&mut self, contact: ContactId, queue: &QueueId, is_taken: bool) {
        let work = &self.model.contacts[&contact];
        let rules = self.model.queue(queue);
        let never = self.model.never_offered(&customer_of(work));
        let preferred = self.model.preference(work, queue, &rules.skills, &never, self.at).filter(|_| !is_taken);
        self.queue_contact(
            contact,
            Queueing {
                queue: queue.clone(),
                cause: QueuedBy::Work,
                skills: rules.skills.clone(),
                priority: rules.priority,
                ordered_since: self.at,
                direct: None,
                preferred,
                never,
                failed: Vec::new(),
            },
        );
    }

    fn queue_as_decided(&mut self, contact: ContactId, decision: Decision, ordered_since: Timestamp) {
        self.queue_contact(
            contact,
            Queueing {
                queue: decision.queue,
                cause: QueuedBy::Entry { rule: decision.rule },
                skills: decision.skills,
                priority: decision.priority,
                ordered_since,
                direct: decision.direct,
                preferred: decision.preferred,
                never: decision.never,
                failed: decision.failed,
            },
        );
    }

    /// The entry rules once more, for a contact that they chose the queue of and nobody has accepted.
    pub(super) fn enter_again(&mut self, contact: ContactId, asked: Asked) {
        let known = &self.model.contacts[&contact];
        let Some(visit) = known.waiting().filter(|visit| visit.by_entry).cloned() else { return };
        let decision = self.model.decide_entry(known, self.at);
        if decision.queue != visit.queue {
            for offer in visit.offers {
                self.end_offer(offer.id, OfferOutcome::Rescinded);
            }
            self.end_visit(contact, VisitEnd::FlowedOut);
            self.queue_as_decided(contact, decision, visit.ordered_since);
        } else if visit.direct.is_none() {
            self.change_visit(contact, &visit, self.model.with_steps_taken(&visit, decision), asked);
        }
    }

    fn change_visit(&mut self, contact: ContactId, visit: &Visit, mut decision: Decision, asked: Asked) {
        if visit.priority_is_ordered {
            decision.priority = visit.priority;
        }
        let whom = |preference: &Option<Preference>| preference.as_ref().map(|preference| preference.agent.clone());
        let same_preferred = whom(&visit.preferred) == whom(&decision.preferred);
        let same_asked = visit.skills == decision.skills && visit.priority == decision.priority;
        let key = || self.model.order_key(contact, &visit.queue, decision.priority, visit.ordered_since);
        let goes_without_saying = match asked {
            Asked::OfCustomer => true,
            Asked::ByNewRules => visit.key == key(),
            Asked::BeforeAStep => false,
        };
        if same_asked && same_preferred && visit.never == decision.never && goes_without_saying {
            return;
        }
        let asked = Visit { skills: decision.skills.clone(), never: decision.never.clone(), ..visit.clone() };
        let may_keep = |agent: &Agent| self.model.admits(agent, &self.model.contacts[&contact], &asked);
        let out: Vec<OfferId> = visit
            .offers
            .iter()
            .filter(|offer| !may_keep(self.model.agent(&offer.agent)))
            .map(|offer| offer.id)
            .collect();
        for offer in out {
            self.end_offer(offer, OfferOutcome::Rescinded);
        }
        self.record(Fact::VisitChanged {
            contact,
            visit: visit.id,
            rule: decision.rule,
            skills: decision.skills,
            priority: decision.priority,
            preferred: if same_preferred { visit.preferred.clone() } else { decision.preferred },
            never: decision.never,
            failed: decision.failed,
            rules: self.model.version,
        });
    }
}
