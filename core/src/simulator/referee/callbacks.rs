//! Callbacks: who is promised one, when it is queued, how the call goes on, and which twins are withdrawn.
//! Looks through all contacts.

use serde::{Deserialize, Serialize};

use super::contacts::Queueing;
use super::exits::counts;
use super::model::{Contact, Model, OrderKey, Segment, Visit};
use super::turn::Turn;
use crate::routing::attempt::NotPlaced;
use crate::routing::command::{CallFailure, CallProgress, Direction, EndedBy};
use crate::routing::event::{DirectTo, Event, Fact, QueuedBy, VisitEnd};
use crate::routing::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId, QueueId, SegmentId, VisitId};
use crate::routing::personal::{Address, Attributes, Details, Personal};
use crate::routing::queue_rules::CallbackRules;
use crate::routing::refusal::{Expected, FieldName, Refusal};
use crate::routing::rule_set::Channel;
use crate::routing::skill::Skills;
use crate::routing::time::{Millis, Timestamp};

/// How far ahead a callback may be promised, or put off.
pub(super) const DUE_AHEAD_MAX: Millis = Millis::minutes(90 * 24 * 60);

/// A callback that is not queued yet.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Promise {
    pub queue: QueueId,
    pub skills: Skills,
    pub priority: i32,
    /// None: it is queued at once.
    pub due: Option<Timestamp>,
    /// Who takes it if he can.
    pub by: Option<AgentId>,
}

/// From whom a promise comes.
struct Parent {
    contact: ContactId,
    gateway: GatewayId,
    attributes: Attributes,
    /// None: the customer himself.
    asked_by: Option<AgentId>,
}

impl Contact {
    /// The queue it waits for, if need be behind one agent.
    fn queue_name(&self) -> Option<&QueueId> {
        let promised = self.promise.as_ref().map(|promise| &promise.queue);
        match &self.visit {
            Some(Visit { direct: Some(direct), .. }) => Some(&direct.behind),
            Some(Visit { queue, direct: None, .. }) => Some(queue),
            None => promised,
        }
    }
}

impl OrderKey {
    /// Before all others of tier 1.
    pub(super) fn first(contact: ContactId, ordered_since: Timestamp) -> OrderKey {
        OrderKey { tier: 1, lax: false, rank: i64::MIN, place: ordered_since.0, ordered_since, contact }
    }
}

impl Model {
    /// Whether the caller may hang up here and be called. There are never as many contacts as a server may hold.
    pub(super) fn may_be_called_back(&self, contact: &Contact, visit: &Visit) -> bool {
        contact.channel == Channel::Voice
            && contact.on_line
            && contact.from.is_some()
            && self.queue(&visit.queue).channels.contains(&Channel::Callback)
    }

    fn callback_rules(&self, visit: &Visit) -> CallbackRules {
        let queue = visit.direct.as_ref().map_or(&visit.queue, |direct| &direct.behind);
        self.queue(queue).callback.clone()
    }

    /// How much longer than an agent's leg it takes to reach the customer.
    pub(super) fn ring_for(&self, contact: ContactId) -> Millis {
        let called = self.contacts.get(&contact).filter(|contact| !contact.on_line);
        let visit = called.and_then(|contact| contact.visit.as_ref());
        visit.map_or(Millis::ZERO, |visit| self.callback_rules(visit).ring_for)
    }

    /// What the owner of this number asked for and has not got: callbacks that are not being placed, and those that are.
    fn twins(&self, number: &Address) -> (Vec<ContactId>, Vec<ContactId>) {
        self.all_contacts()
            .filter(|contact| !contact.ended && contact.own_wish && !contact.on_line)
            .filter(|contact| contact.from.as_ref() == Some(number))
            .map(|contact| contact.id)
            .partition(|contact| self.contacts[contact].owner().is_none())
    }

    pub(super) fn comes_on_line(&mut self, contact: ContactId, at: Timestamp) {
        let contact = self.contact_mut(contact);
        if !contact.on_line {
            (contact.on_line, contact.on_line_since) = (true, at);
        }
    }

    pub(super) fn take_promise(&mut self, event: &Event) {
        let Fact::CallbackPromised {
            contact,
            gateway,
            reference,
            asked_by,
            queue,
            skills,
            priority,
            due,
            by,
            details,
            ..
        } = &event.fact
        else {
            return;
        };
        self.number_given(contact.0);
        let details = details.plain().expect("the referee reads plain events only");
        let (queue, skills, by) = (queue.clone(), skills.clone(), by.clone());
        let promised = Contact {
            id: *contact,
            gateway: gateway.clone(),
            reference: reference.clone(),
            channel: Channel::Callback,
            direction: Direction::Outbound,
            from: details.from.clone(),
            to: None,
            attributes: details.attributes.clone(),
            fitted: None,
            arrived_at: event.at,
            last_message: 0,
            updates: 0,
            ended: false,
            on_line: false,
            promise: Some(Promise { queue, skills, priority: *priority, due: *due, by }),
            attempt: None,
            call: None,
            customer: None,
            attempts: 0,
            gap_until: None,
            on_line_since: event.at,
            is_first: false,
            own_wish: asked_by.is_none(),
            superseded: false,
            visit: None,
            segments: Vec::new(),
            suspended: None,
            quiet_since: None,
            consultation: None,
            lead: None,
            recordings: Vec::new(),
            leaving: None,
        };
        self.contacts.insert(*contact, promised.into());
    }

    pub(super) fn customer_answered(&mut self, contact: ContactId, at: Timestamp) {
        self.comes_on_line(contact, at);
        let called = self.contact_mut(contact);
        called.gap_until = None;
        called.is_first = true;
        if let Some(visit) = &mut called.visit {
            visit.key = OrderKey::first(contact, visit.ordered_since);
        }
    }

    /// Nobody has reached him, or was let call him.
    pub(super) fn waits_again(&mut self, contact: ContactId, segment: SegmentId, until: Option<Timestamp>) {
        let called = self.contact_mut(contact);
        called.segments.retain(|open| open.id != segment);
        called.gap_until = until;
        if let Some(visit) = &mut called.visit {
            visit.connecting = false;
        }
    }
}

impl Turn {
    /// The caller has left by an exit; a callback takes his place in line.
    pub(super) fn ask_to_be_called(&mut self, contact: ContactId, visit: &Visit) {
        let caller = (*self.model.contacts[&contact]).clone();
        self.end_visit(contact, VisitEnd::CallbackRequested);
        self.record_end(contact, EndedBy::Router);
        let number = caller.from.expect("the exit leads on for who has a number only");
        let promise = Promise {
            queue: visit.queue.clone(),
            skills: visit.skills.clone(),
            priority: visit.priority,
            due: None,
            by: None,
        };
        let parent = Parent { contact, gateway: caller.gateway, attributes: caller.attributes, asked_by: None };
        let (callback, withdrawn) = self.promise(number, promise, parent);
        self.queue_contact(
            callback,
            Queueing {
                queue: visit.queue.clone(),
                cause: QueuedBy::Callback { parent: contact },
                skills: visit.skills.clone(),
                priority: visit.priority,
                ordered_since: withdrawn.map_or(visit.ordered_since, |since| since.min(visit.ordered_since)),
                direct: None,
                preferred: None,
                never: visit.never.clone(),
                failed: Vec::new(),
            },
        );
    }

    /// The callback, and the first place in line of those that it replaces.
    fn promise(&mut self, number: Address, promise: Promise, parent: Parent) -> (ContactId, Option<Timestamp>) {
        let mut twins = if parent.asked_by.is_none() { self.model.twins(&number).0 } else { Vec::new() };
        twins.retain(|twin| self.model.contacts[twin].queue_name() == Some(&promise.queue));
        let places = twins.iter().filter_map(|twin| self.model.contacts[twin].visit.as_ref());
        let first = places.map(|visit| visit.ordered_since).min();
        self.withdraw(twins);
        let contact = ContactId(self.next_number());
        let details = Details { from: Some(number), attributes: parent.attributes, ..Details::default() };
        self.record(Fact::CallbackPromised {
            contact,
            gateway: parent.gateway,
            reference: ContactRef::new(&format!("callback-{contact}")).expect("a short name"),
            parent: parent.contact,
            asked_by: parent.asked_by,
            queue: promise.queue,
            skills: promise.skills,
            priority: promise.priority,
            due: promise.due,
            by: promise.by,
            details: Personal::Plain(details.into()),
        });
        (contact, first)
    }

    fn withdraw(&mut self, twins: Vec<ContactId>) {
        for twin in twins {
            self.end_contact(twin, EndedBy::Router);
        }
    }

    /// A customer who is connected need not be called any more.
    pub(super) fn withdraw_twins_of(&mut self, contact: ContactId) {
        if let Some(number) = self.model.contacts[&contact].from.clone() {
            let (at_rest, being_called) = self.model.twins(&number);
            let mut all: Vec<ContactId> = at_rest.iter().chain(&being_called).copied().collect();
            all.sort();
            for twin in all {
                if at_rest.contains(&twin) {
                    self.withdraw(vec![twin]);
                } else if !self.model.contacts[&twin].superseded {
                    self.record(Fact::CallbackSuperseded { contact: twin });
                }
            }
        }
    }

    /// The call to one who got through meanwhile has failed.
    pub(super) fn withdraw_if_superseded(&mut self, contact: ContactId) {
        let known = &self.model.contacts[&contact];
        if known.superseded && !known.on_line {
            self.end_contact(contact, EndedBy::Router);
        }
    }

    /// The gateway said nothing in time; a customer may have been rung.
    pub(super) fn connecting_over(&mut self, contact: ContactId) {
        if self.model.contacts[&contact].on_line {
            self.connect_failed(contact, crate::routing::command::LegFailure::TimedOut);
        } else if self.model.contacts[&contact].proposed().is_some() {
            self.not_placed(contact, NotPlaced::NotChecked, None);
        } else if !self.lead_not_reached(contact, CallFailure::TimedOut) {
            self.call_failed(contact, CallFailure::TimedOut);
        }
    }

    fn call_failed(&mut self, contact: ContactId, why: CallFailure) {
        let called = (*self.model.contacts[&contact]).clone();
        let open = called.owner().expect("it is being called").clone();
        let visit = called.visit.as_ref().expect("it is being called");
        let rules = self.model.callback_rules(visit);
        let again = !called.superseded && called.attempts + 1 < rules.attempts_max;
        let until = again.then(|| self.at + rules.gap);
        let (visit, segment, agent) = (visit.id, open.id, open.agent.clone());
        self.record(Fact::AttemptFailed { contact, visit, segment, agent, why, until });
        self.rests_or_is_over(contact, &open, until);
    }

    /// After a call that did not reach him, or was not placed.
    pub(super) fn rests_or_is_over(&mut self, contact: ContactId, open: &Segment, until: Option<Timestamp>) {
        self.rescind_all(contact);
        self.take_up_what_was_set_aside(&open.agent, open.id);
        self.apply_pending_presence(&open.agent);
        if until.is_none() {
            self.end_contact(contact, EndedBy::Router);
        }
    }

    pub(super) fn schedule_callback(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        to: Option<&Address>,
        queue: Option<&QueueId>,
        due: Option<Timestamp>,
        by_me: bool,
    ) -> Result<(), Refusal> {
        let (known, segment) = self.served_by(agent, contact)?;
        if due.is_some_and(|due| due <= self.at || due > self.at + DUE_AHEAD_MAX) {
            let expected = Expected::ATimeToComeWithin90Days;
            return Err(Refusal::InvalidField { field: FieldName::Due, expected });
        }
        if known.lead.is_some() && to.is_none() && queue.is_none() {
            let (due, by) = (due.unwrap_or(self.at), by_me.then(|| agent.clone()));
            self.record(Fact::LeadPromised { contact, segment: segment.id, agent: agent.clone(), due, by });
            return Ok(());
        }
        let number = to.or(known.from.as_ref().filter(|_| !known.ended)).cloned();
        let Some(number) = number else {
            let expected = Expected::ANumberBecauseNoneIsKnown;
            return Err(Refusal::InvalidField { field: FieldName::To, expected });
        };
        let answered = &segment.answered;
        let answered_from = answered.direct.as_ref().map_or(&answered.queue, |direct| &direct.behind);
        let queue = queue.unwrap_or(answered_from).clone();
        let rules = self.model.rules.as_ref().and_then(|rules| rules.queues.get(&queue)).cloned();
        let Some(rules) = rules else { return Err(Refusal::UnknownQueue { queue }) };
        if !rules.channels.contains(&Channel::Callback) {
            let expected = Expected::AQueueThatServesCallbacks;
            return Err(Refusal::InvalidField { field: FieldName::Queue, expected });
        }
        let attributes = if known.ended { Attributes::default() } else { known.attributes.clone() };
        let parent = Parent { contact, gateway: known.gateway.clone(), attributes, asked_by: Some(agent.clone()) };
        let by = by_me.then(|| agent.clone());
        let promise = Promise { queue, skills: rules.skills.clone(), priority: rules.priority, due, by };
        let (callback, _) = self.promise(number, promise, parent);
        if due.is_none() {
            self.callback_due(callback);
        }
        Ok(())
    }

    /// The contact and the agent's latest part in it that was connected.
    fn served_by(&self, agent: &AgentId, contact: ContactId) -> Result<(Contact, Segment), Refusal> {
        let own = self.model.segments_of(agent).into_iter();
        let of_it = own.filter(|(known, segment)| known.id == contact && segment.connected());
        match of_it.max_by_key(|(_, segment)| segment.id) {
            Some((known, segment)) => Ok((known.clone(), segment.clone())),
            None if self.was_given(contact.0) => Err(Refusal::NotInHand { contact }),
            None => Err(Refusal::UnknownContact),
        }
    }

    /// To the agent who promised it, if he is there, else to the queue.
    pub(super) fn callback_due(&mut self, contact: ContactId) {
        let Promise { queue, skills, priority, by, .. } =
            self.model.contacts[&contact].promise.clone().expect("it is promised");
        let by = by.filter(|by| counts(self.model.agent(by)));
        let own = self.model.queue(&queue).priority;
        let direct = by.map(|agent| DirectTo {
            agent,
            until: self.at + self.model.site().direct_wait_max,
            behind: queue.clone(),
            skills: skills.clone(),
            priority: priority.saturating_sub(own),
        });
        let alone = direct.is_some();
        self.queue_contact(
            contact,
            Queueing {
                queue: direct.as_ref().map_or(queue, |direct| QueueId::of_agent(&direct.agent)),
                cause: QueuedBy::CallbackDue,
                skills: if alone { Skills::new() } else { skills },
                priority: if alone { 0 } else { priority },
                ordered_since: self.at,
                direct,
                preferred: None,
                never: Vec::new(),
                failed: Vec::new(),
            },
        );
    }

    pub(super) fn callback_gap_over(&mut self, contact: ContactId) {
        let visit: VisitId = self.model.contacts[&contact].visit.as_ref().expect("a gap is of an open visit").id;
        self.record(Fact::CallbackGapEnded { contact, visit });
    }

    pub(super) fn call_progress(
        &mut self,
        gateway: &GatewayId,
        order: EventNo,
        progress: CallProgress,
    ) -> Result<(), Refusal> {
        let is_it =
            |contact: &&Contact| !contact.ended && contact.attempt == Some(order) && contact.gateway == *gateway;
        let called = self.model.all_contacts().find(is_it).ok_or(Refusal::OrderGone)?.clone();
        let contact = called.id;
        match progress {
            CallProgress::Ringing => {}
            CallProgress::Answered | CallProgress::Failed { .. } if called.on_line => {}
            CallProgress::Answered => self.record(Fact::CustomerAnswered { contact }),
            CallProgress::Failed { why } => {
                if called.owner().is_none_or(|owner| owner.order != order) || called.visit.is_none() {
                    return Err(Refusal::OrderGone);
                }
                if !self.lead_not_reached(contact, why) {
                    self.call_failed(contact, why);
                }
            }
        }
        Ok(())
    }

    /// Who is on the line is lost with his gateway; who is still to be called waits on for it.
    pub(super) fn lose(&mut self, contact: ContactId) {
        let Some(known) = self.model.contacts.get(&contact).filter(|known| !known.ended) else { return };
        let is_called = known.uncalled().is_some() && known.owner().is_some();
        if known.on_line || is_called {
            self.end_contact(contact, EndedBy::LostByGateway);
        } else if known.owner().is_some() {
            self.connect_failed(contact, crate::routing::command::LegFailure::Failed);
        }
    }
}
