//! Which queue a contact enters: the first rule that holds. An error in a condition counts as
//! "does not hold", so that it never loses a contact.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use smallvec::SmallVec;

use super::calendar::local;
use super::command::Direction;
use super::estimate::{self, Estimate};
use super::event::{DirectTo, Fact, OfferOutcome, Preference, QueuedBy, VisitEnd};
use super::expression::{Expression, QueueFigures, Scope};
use super::ids::{AgentId, ContactId, OfferId, QueueId, VisitId};
use super::index::Index;
use super::lane::{BoundContact, Requirement};
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

impl Entry<'_> {
    /// The names of the rules whose conditions could not be evaluated.
    fn failed(&self, rules: &RuleSet) -> Vec<Arc<str>> {
        let names = rules.entry.iter().map(|rule| &rule.name).zip(&self.verdicts);
        names.filter(|(_, verdict)| matches!(verdict, Verdict::Failed(_))).map(|(name, _)| Arc::clone(name)).collect()
    }
}

/// What conditions may know of a contact.
pub struct ContactFacts<'a> {
    pub channel: Channel,
    pub direction: Direction,
    pub to: Option<&'a str>,
    pub from: Option<&'a str>,
    pub attributes: Attributes,
    /// [`moment`] of the present.
    pub now: Value,
    /// The figures of the queues that conditions name.
    pub queues: BTreeMap<QueueId, QueueFigures>,
}

impl<'a> ContactFacts<'a> {
    /// Of a contact, at this moment.
    #[must_use]
    pub fn of(
        state: &State,
        contact: &'a Contact,
        queues: BTreeMap<QueueId, QueueFigures>,
        now: Timestamp,
    ) -> ContactFacts<'a> {
        ContactFacts {
            channel: contact.channel,
            direction: contact.direction,
            to: contact.to.as_ref().map(|to| &*to.0),
            from: came_from(contact),
            attributes: attributes_of(contact),
            now: moment(&state.rules.site.time_zone, now + state.wall_offset),
            queues,
        }
    }

    fn scope(&self) -> Scope {
        let contact = contact_value(self.channel, self.direction, self.from, self.to, &self.attributes);
        let nobody = Value::Object(Map::new());
        let customer = self.attributes.get("customer").unwrap_or(&nobody);
        Scope::new([("contact", &contact), ("customer", customer), ("now", &self.now)]).with_queues(self.queues.clone())
    }
}

/// What conditions know of a contact as `contact`.
#[must_use]
pub fn value_of(contact: &Contact) -> Value {
    let to = contact.to.as_ref().map(|to| &*to.0);
    contact_value(contact.channel, contact.direction, came_from(contact), to, &attributes_of(contact))
}

pub(super) fn contact_value(
    channel: Channel,
    direction: Direction,
    from: Option<&str>,
    to: Option<&str>,
    attributes: &Attributes,
) -> Value {
    json!({ "channel": channel, "direction": direction, "from": from, "to": to, "attributes": attributes })
}

fn came_from(contact: &Contact) -> Option<&str> {
    let details: Option<&Arc<Details>> = contact.details.first().and_then(|details| details.plain());
    details.and_then(|details| details.from.as_ref()).map(|from| &*from.0)
}

/// What conditions know of the time as `now`: date and time of the day in a zone, UTC when it is not known. Text that
/// is compared by order, and whole numbers; Monday is 1.
#[must_use]
pub fn moment(zone: &str, at: Timestamp) -> Value {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let local = local(&zone, at).unwrap_or_default();
    json!({
        "date": local.date().to_string(),
        "time": format!("{:02}:{:02}", local.hour(), local.minute()),
        "hour": local.hour(),
        "minute": local.minute(),
        "weekday": local.date().weekday().to_monday_one_offset(),
    })
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

/// What the entry rules say.
struct Asked {
    /// The name of the rule that holds.
    rule: Arc<str>,
    visit: NewVisit,
    /// The names of those passed over because their conditions could not be evaluated.
    failed: Vec<Arc<str>>,
}

impl Turn<'_> {
    /// Asks the entry rules and puts the contact into the queue they say. A caller who left it a
    /// moment ago has his place again.
    pub(super) fn queue_by_entry(&mut self, contact: ContactId) {
        let Asked { mut visit, failed, .. } = self.ask_entry(contact, self.at);
        if let Some(ordered_since) = self.place_kept(contact, &visit.queue) {
            visit.ordered_since = ordered_since;
        }
        self.queue_told(contact, visit, failed);
    }

    /// The entry rules say once more where a waiting contact belongs. Its place stays; an accepted
    /// offer is not undone.
    pub(super) fn enter_anew(&mut self, contact: ContactId, because: Because) {
        let Some(visit) = self.state().contacts[&contact].visit.as_ref() else { return };
        if !visit.by_entry() || visit.connecting().is_some() {
            return;
        }
        let (queue, ordered_since) = (self.state().queue_id(visit.queue), visit.ordered_since);
        let Asked { rule, visit: anew, failed } = self.ask_entry(contact, ordered_since);
        if anew.queue == queue {
            if anew.direct.is_none() {
                self.change_visit(contact, Asked { rule, visit: anew, failed }, because);
            }
        } else {
            self.end_offers(contact, &OfferOutcome::Rescinded);
            self.end_visit(contact, VisitEnd::FlowedOut);
            self.queue_told(contact, anew, failed);
        }
    }

    fn change_visit(&mut self, contact: ContactId, asked: Asked, because: Because) {
        let Asked { rule, visit: mut anew, failed } = asked;
        let ContactRouter { state, index } = &mut *self.router;
        let found = &state.contacts[&contact];
        let visit = found.visit.as_ref().expect("the caller saw an open visit");
        let known = visit
            .preferred
            .map(|preferred| Preference { agent: state.agent_id(preferred.agent), alone_until: preferred.alone_until });
        let agent_of = |preference: &Option<Preference>| preference.as_ref().map(|preference| preference.agent.clone());
        let prefers_the_same = agent_of(&known) == agent_of(&anew.preferred);
        let never: Vec<AgentId> = visit.never.iter().map(|agent| state.agent_id(*agent)).collect();
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
            team: None,
            skills: Arc::new(anew.skills.clone()),
            joined: visit.joined.clone(),
            contact: BoundContact::of(state, found, visit.queue, &visit.joined),
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
            failed,
            rules: self.state().rules_version,
        });
    }

    /// What the entry rules say of a contact now.
    fn ask_entry(&mut self, contact: ContactId, ordered_since: Timestamp) -> Asked {
        let rules = Arc::clone(&self.state().rules);
        let ContactRouter { state, index } = &mut *self.router;
        let conditions = rules.entry.iter().filter_map(|rule| rule.when.as_ref());
        let queues = figures_named_by(state, index, conditions, self.at);
        let facts = ContactFacts::of(self.state(), &self.state().contacts[&contact], queues, self.at);
        let entry = first_that_holds(&rules, &facts).expect("a rule set has at least one entry rule");
        let (rule, failed) = (entry.rule, entry.failed(&rules));
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
                    preferred: self.preference(contact, &rule.queue, queue_rules, &skills, customer, &never),
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
        Asked { rule: Arc::clone(&rule.name), visit, failed }
    }

    /// Agents the customer may never get, by his record.
    pub(super) fn never_offered(&self, customer: &Value) -> Vec<AgentId> {
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

    pub(super) fn preference(
        &mut self,
        contact: ContactId,
        queue: &QueueId,
        rules: &QueueRules,
        skills: &Skills,
        customer: &Value,
        never: &[AgentId],
    ) -> Option<Preference> {
        let preferred = rules.preferred?;
        let agent = agent_of(customer, preferred.who).filter(|agent| !never.contains(agent))?;
        let no = self.agent_in_rules(&agent).ok()?;
        let ContactRouter { state, index } = &mut *self.router;
        let queue = state.queue_no(queue).expect("entry rules name queues of the rules");
        let channel = state.contacts[&contact].channel;
        let skills = Arc::new(skills.clone());
        let bound = BoundContact::of(state, &state.contacts[&contact], queue, &[]);
        let asked =
            Requirement { queue, channel, team: None, only: None, skills, joined: SmallVec::new(), contact: bound };
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
        self.queue_told(contact, visit, Vec::new());
    }

    fn queue_told(&mut self, contact: ContactId, visit: NewVisit, failed: Vec<Arc<str>>) {
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
            failed,
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
