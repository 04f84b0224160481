//! Which queue a contact enters: the first rule that holds. An error in a condition counts as
//! "does not hold", so that it never loses a contact.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use smallvec::SmallVec;

use super::command::Direction;
use super::estimate::{self, Estimate};
use super::event::{DirectTo, Fact, OfferOutcome, Preference, QueuedBy, VisitEnd};
use super::expression::{Expression, QueueFigures, Scope};
use super::ids::{AgentId, ContactId, OfferId, QueueId, VisitId};
use super::index::Index;
use super::lane::Requirement;
use super::personal::{Attributes, Details};
use super::queue_figures::figures_of;
use super::router::ContactRouter;
use super::rule_set::{Channel, CustomersAgent, EntryRule, NamedAgent, QueueRules, RuleSet};
use super::skill::Skills;
use super::state::State;
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
    /// The figures of the queues that conditions name.
    pub queues: BTreeMap<QueueId, QueueFigures>,
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
        Scope::new([("contact", &contact), ("customer", customer)]).with_queues(self.queues.clone())
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

/// A queue's skills with those asked on top of them.
pub(super) fn overlaid(skills: &Skills, on_top: &Skills) -> Skills {
    let mut both = skills.clone();
    both.extend(on_top.iter().map(|(skill, level)| (skill.clone(), *level)));
    both
}

/// Why the entry rules are asked again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Because {
    /// More is known of the customer.
    CustomerKnown,
    NewRules,
    /// New rules came, and its next step is due. Recorded whatever they say, so that it is asked once.
    NextStep,
}

/// A visit about to begin.
pub(super) struct NewVisit {
    pub queue: QueueId,
    pub cause: QueuedBy,
    pub skills: Skills,
    pub priority: i32,
    pub ordered_since: Timestamp,
    pub direct: Option<DirectTo>,
    pub preferred: Option<Preference>,
    pub never: Vec<AgentId>,
}

impl Turn<'_> {
    /// Asks the entry rules and puts the contact into the queue they say. A caller who left it a
    /// moment ago has his place again.
    pub(super) fn queue_by_entry(&mut self, contact: ContactId) {
        let mut visit = self.ask_entry(contact, self.at).1;
        if let Some(ordered_since) = self.place_kept(contact, &visit.queue) {
            visit.ordered_since = ordered_since;
        }
        self.queue(contact, visit);
    }

    /// The entry rules say once more where a waiting contact belongs. Its place stays; an accepted
    /// offer is not undone.
    pub(super) fn enter_anew(&mut self, contact: ContactId, because: Because) {
        let Some(visit) = self.state().contacts[&contact].visit.as_ref() else { return };
        if !visit.by_entry() || visit.connecting().is_some() {
            return;
        }
        let (queue, ordered_since) = (self.state().queue_id(visit.queue), visit.ordered_since);
        let (rule, anew) = self.ask_entry(contact, ordered_since);
        if anew.queue == queue {
            if anew.direct.is_none() {
                self.change_visit(contact, rule, anew, because);
            }
        } else {
            self.end_offers(contact, &OfferOutcome::Rescinded);
            self.end_visit(contact, VisitEnd::FlowedOut);
            self.queue(contact, anew);
        }
    }

    fn change_visit(&mut self, contact: ContactId, rule: Arc<str>, anew: NewVisit, because: Because) {
        let ContactRouter { state, index } = &mut *self.router;
        let found = &state.contacts[&contact];
        let visit = found.visit.as_ref().expect("the caller saw an open visit");
        let known = visit
            .preferred
            .map(|preferred| Preference { agent: state.agent_id(preferred.agent), alone_until: preferred.alone_until });
        let agent_of = |preference: &Option<Preference>| preference.as_ref().map(|preference| preference.agent.clone());
        let prefers_the_same = agent_of(&known) == agent_of(&anew.preferred);
        let never: Vec<AgentId> = visit.never.iter().map(|agent| state.agent_id(*agent)).collect();
        let mut anew = anew;
        for (no, step) in state.queue(visit.queue).rules.steps.iter().enumerate() {
            if visit.has_taken(no) && step.move_to.is_none() {
                anew.skills = step.widen(&anew.skills);
                anew.priority = anew.priority.saturating_add(step.priority);
            }
        }
        if visit.is_prioritised {
            anew.priority = visit.priority;
        }
        let is_the_same = *visit.skills == anew.skills && visit.priority == anew.priority && never == anew.never;
        let has_its_key = || state.key_of(contact, anew.priority) == visit.key;
        let changes_nothing = match because {
            Because::CustomerKnown => true,
            Because::NewRules => has_its_key(),
            Because::NextStep => false,
        };
        if is_the_same && prefers_the_same && changes_nothing {
            return;
        }
        let asked = Requirement {
            queue: visit.queue,
            channel: found.channel,
            only: None,
            skills: Arc::new(anew.skills.clone()),
            joined: visit.joined.clone(),
        };
        let id = visit.id;
        let no_longer_fits = |offer: &OfferId| {
            let agent = state.offers[offer].agent;
            !index.lanes.admits(state, &asked, agent) || anew.never.contains(&state.agent_id(agent))
        };
        let misplaced: Vec<OfferId> = visit.offers.iter().copied().filter(no_longer_fits).collect();
        for offer in misplaced {
            self.end_offer(offer, OfferOutcome::Rescinded);
        }
        self.record(Fact::VisitChanged {
            contact,
            visit: id,
            rule,
            skills: anew.skills,
            priority: anew.priority,
            preferred: if prefers_the_same { known } else { anew.preferred },
            never: anew.never,
            rules: self.state().rules_version,
        });
    }

    /// What the entry rules say of a contact now, and the name of the rule that does.
    fn ask_entry(&mut self, contact: ContactId, ordered_since: Timestamp) -> (Arc<str>, NewVisit) {
        let rules = Arc::clone(&self.state().rules);
        let ContactRouter { state, index } = &mut *self.router;
        let conditions = rules.entry.iter().filter_map(|rule| rule.when.as_ref());
        let queues = figures_named_by(state, index, conditions, self.at);
        let arrived = &self.state().contacts[&contact];
        let details: Option<&Arc<Details>> = arrived.details.first().and_then(|details| details.plain());
        let channel = arrived.channel;
        let facts = ContactFacts {
            channel,
            direction: arrived.direction,
            to: arrived.to.as_ref().map(|to| &*to.0),
            from: details.and_then(|details| details.from.as_ref()).map(|from| &*from.0),
            attributes: attributes_of(arrived),
            queues,
        };
        let entry = first_that_holds(&rules, &facts).expect("a rule set has at least one entry rule");
        let rule = entry.rule;
        let queue_rules = &rules.queues[&rule.queue];
        let customer = facts.attributes.get("customer").unwrap_or(&Value::Null);
        let cause = QueuedBy::Entry { rule: Arc::clone(&rule.name) };
        let never = self.never_offered(customer);
        let visit = match self.direct_to(rule, customer, &never) {
            Some(direct) => NewVisit {
                queue: QueueId::of_agent(&direct.agent),
                cause,
                skills: Skills::new(),
                priority: 0,
                ordered_since,
                direct: Some(direct),
                preferred: None,
                never,
            },
            None => {
                let skills = overlaid(&queue_rules.skills, &rule.skills);
                NewVisit {
                    preferred: self.preference(&rule.queue, queue_rules, channel, &skills, customer, &never),
                    queue: rule.queue.clone(),
                    cause,
                    skills,
                    priority: rule.priority.saturating_add(queue_rules.priority),
                    ordered_since,
                    direct: None,
                    never,
                }
            }
        };
        (Arc::clone(&rule.name), visit)
    }

    /// Agents the customer may never get, by his record.
    fn never_offered(&self, customer: &Value) -> Vec<AgentId> {
        let named = customer.get("never_offer").and_then(Value::as_array).into_iter().flatten();
        let mut never = Vec::new();
        for agent in named.filter_map(Value::as_str).filter_map(|name| AgentId::new(name).ok()) {
            if self.state().agent_no(&agent).is_some() && !never.contains(&agent) {
                never.push(agent);
            }
        }
        never
    }

    fn direct_to(&self, rule: &EntryRule, customer: &Value, never: &[AgentId]) -> Option<DirectTo> {
        let agent = match rule.agent.as_ref()? {
            NamedAgent::Agent(agent) => agent.clone(),
            NamedAgent::OfCustomer(who) => agent_of(customer, *who)?,
        };
        let no = self.agent_in_rules(&agent).ok()?;
        (self.state().agent(no).is_logged_in() && !never.contains(&agent)).then(|| DirectTo {
            agent,
            until: self.at + self.state().rules.site.direct_wait_max,
            behind: rule.queue.clone(),
            skills: rule.skills.clone(),
            priority: rule.priority,
        })
    }

    fn preference(
        &mut self,
        queue: &QueueId,
        rules: &QueueRules,
        channel: Channel,
        skills: &Skills,
        customer: &Value,
        never: &[AgentId],
    ) -> Option<Preference> {
        let preferred = rules.preferred?;
        let agent = agent_of(customer, preferred.who).filter(|agent| !never.contains(agent))?;
        let no = self.agent_in_rules(&agent).ok()?;
        let ContactRouter { state, index } = &mut *self.router;
        let queue = state.queue_no(queue).expect("entry rules name queues of the rules");
        let skills = Arc::new(skills.clone());
        let asked = Requirement { queue, channel, only: None, skills, joined: SmallVec::new() };
        let is_worth_waiting =
            preferred.hold.0 > 0 && state.agent(no).is_expected() && index.lanes.admits(state, &asked, no);
        Some(Preference { agent, alone_until: is_worth_waiting.then(|| self.at + preferred.hold) })
    }

    /// The place of a caller who left this queue a moment ago.
    fn place_kept(&self, contact: ContactId, queue: &QueueId) -> Option<Timestamp> {
        let details = self.state().contacts[&contact].details.first()?.plain()?;
        let from = details.from.as_ref()?;
        let queue = self.state().queue_no(queue)?;
        let mut left = self.state().dropped.iter().rev();
        left.find(|dropped| dropped.is(queue, from) && dropped.until > self.at).map(|dropped| dropped.ordered_since)
    }

    pub(super) fn queue(&mut self, contact: ContactId, visit: NewVisit) {
        let estimate = self.estimate(contact, &visit);
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
            preferred: visit.preferred,
            never: visit.never,
            estimate,
            rules: self.state().rules_version,
        };
        self.record(fact);
    }

    /// How long a visit that begins now may have to wait, by the place it will have.
    fn estimate(&self, contact: ContactId, visit: &NewVisit) -> Option<Estimate> {
        let state = self.state();
        let no = state.queue_no(&visit.queue).filter(|_| !visit.queue.is_of_agent())?;
        let gap = state.queue(no).pace.gap(self.at)?;
        let key = state.order_key(contact, no, visit.priority, visit.ordered_since);
        Some(estimate::of_place(self.router.index.lanes.place(no, &key), gap))
    }
}

/// The figures of all queues that the conditions name; those the rules do not have are left out.
pub(super) fn figures_named_by<'a>(
    state: &State,
    index: &mut Index,
    conditions: impl IntoIterator<Item = &'a Expression>,
    now: Timestamp,
) -> BTreeMap<QueueId, QueueFigures> {
    let mut figures = BTreeMap::new();
    for queue in conditions.into_iter().flat_map(Expression::queues) {
        if let Some(of_queue) = figures_of(state, index, queue, now) {
            figures.insert(queue.clone(), of_queue);
        }
    }
    figures
}

fn agent_of(customer: &Value, who: CustomersAgent) -> Option<AgentId> {
    customer.get(who.name()).and_then(Value::as_str).and_then(|name| AgentId::new(name).ok())
}
