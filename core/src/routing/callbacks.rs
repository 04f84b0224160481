//! Callbacks: a waiting caller hangs up and keeps his place, an agent promises a call for later. Each
//! is a contact of its own, placed by its gateway once an agent has taken it, and tried again when
//! the customer is not reached.

use std::sync::Arc;

use super::attempt::NotPlaced;
use super::command::{CallFailure, CallProgress, EndedBy};
use super::entry::{NewVisit, attributes_of};
use super::event::{DirectTo, Fact, OfferOutcome, QueuedBy, VisitEnd};
use super::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId, QueueId, SegmentId};
use super::personal::{Address, Details, Personal};
use super::refusal::{Expected, FieldName, Refusal};
use super::rule_set::Channel;
use super::segment::Segment;
use super::skill::Skills;
use super::state::CONTACTS_MAX;
use super::table::{AgentNo, GatewayNo};
use super::time::{Millis, Timestamp};
use super::turn::Turn;
use super::visit::{Contact, Promise, Visit};

/// Longest time ahead for which a call may be promised, or put off.
const PROMISED_MAX: Millis = Millis::minutes(90 * 24 * 60);
/// How soon a call is tried again that nobody could check, or place.
const NOT_CHECKED_REST: Millis = Millis::seconds(10);
/// And one whose customer is in another.
const IN_PROGRESS_REST: Millis = Millis::seconds(60);

/// What an agent asks for.
pub(super) struct Schedule {
    pub contact: ContactId,
    pub to: Option<Address>,
    pub queue: Option<QueueId>,
    pub due: Option<Timestamp>,
    pub by_me: bool,
}

/// Whom to call, and for which queue.
struct NewCallback {
    parent: ContactId,
    gateway: GatewayNo,
    details: Details,
    asked_by: Option<AgentId>,
    queue: QueueId,
    skills: Skills,
    priority: i32,
    due: Option<Timestamp>,
    by: Option<AgentId>,
}

/// The number a contact came from, as far as it is readable here.
pub(super) fn number_of(contact: &Contact) -> Option<&Address> {
    contact.details.first()?.plain()?.from.as_ref()
}

/// How long a call rests that was refused for a time that nobody named; None: for good.
fn rests_for(why: NotPlaced) -> Option<Millis> {
    match why {
        NotPlaced::NotChecked | NotPlaced::NoLine | NotPlaced::NoAgent => Some(NOT_CHECKED_REST),
        NotPlaced::InProgress => Some(IN_PROGRESS_REST),
        NotPlaced::Dnc
        | NotPlaced::NoConsent
        | NotPlaced::OutOfWindow
        | NotPlaced::NoZone
        | NotPlaced::Cap
        | NotPlaced::ListInactive
        | NotPlaced::LeadClosed => None,
    }
}

impl Turn<'_> {
    /// Whether the customer of a waiting contact could be called back from its queue.
    pub(super) fn can_be_called_back(&self, contact: ContactId) -> bool {
        let state = self.state();
        let found = &state.contacts[&contact];
        let visit = found.visit.as_ref().expect("the caller saw an open visit");
        found.channel == Channel::Voice
            && found.on_line
            && number_of(found).is_some()
            && state.queue(visit.queue).rules.channels.contains(&Channel::Callback)
            && state.contacts.len() < CONTACTS_MAX
    }

    /// He hangs up; his place is kept for the call.
    pub(super) fn call_back_instead(&mut self, contact: ContactId) {
        let state = self.state();
        let found = &state.contacts[&contact];
        let visit = found.visit.as_ref().expect("only a waiting visit takes an exit");
        let details =
            Details { from: number_of(found).cloned(), attributes: attributes_of(found), ..Details::default() };
        let (ordered_since, never) = (visit.ordered_since, self.agent_ids(&visit.never));
        let callback = NewCallback {
            parent: contact,
            gateway: found.gateway,
            details,
            asked_by: None,
            queue: state.queue_id(visit.queue),
            skills: (*visit.skills).clone(),
            priority: visit.priority,
            due: None,
            by: None,
        };
        let (queue, skills, priority) = (callback.queue.clone(), callback.skills.clone(), callback.priority);
        self.end_visit(contact, VisitEnd::CallbackRequested);
        self.end(contact, EndedBy::Router, None);
        let (promised, earlier) = self.promise(callback);
        let visit = NewVisit {
            queue,
            cause: QueuedBy::Callback { parent: contact },
            skills,
            priority,
            ordered_since: earlier.map_or(ordered_since, |earlier| earlier.min(ordered_since)),
            direct: None,
            preferred: None,
            never,
        };
        self.queue(promised, visit);
    }

    /// A customer's own wish replaces an earlier one for the same number and queue. Also the place
    /// that one had.
    fn promise(&mut self, callback: NewCallback) -> (ContactId, Option<Timestamp>) {
        let number = callback.details.from.clone().filter(|_| callback.asked_by.is_none());
        let mut earlier: Option<Timestamp> = None;
        for twin in number.map(|number| self.wishes(&number)).unwrap_or_default() {
            if self.is_being_called(twin) || self.queue_of(twin) != Some(&callback.queue) {
                continue;
            }
            let since = self.state().contacts[&twin].visit.as_ref().map(|visit| visit.ordered_since);
            earlier = [earlier, since].into_iter().flatten().min();
            self.withdraw(twin);
        }
        let contact = ContactId(self.state().next_id);
        let NewCallback { parent, gateway, details, asked_by, queue, skills, priority, due, by } = callback;
        self.record(Fact::CallbackPromised {
            contact,
            gateway: self.state().gateway_id(gateway),
            reference: ContactRef::of_callback(contact),
            parent,
            asked_by,
            queue,
            skills,
            priority,
            due,
            by,
            details: Personal::Plain(Arc::new(details)),
        });
        (contact, earlier)
    }

    /// Callbacks to a number that its owner asked for and that have not reached him, in order.
    fn wishes(&self, number: &Address) -> Vec<ContactId> {
        let is_open = |contact: &ContactId| {
            let found = &self.state().contacts[contact];
            found.is_own_wish && !found.on_line
        };
        let mut wishes = self.router.index.parties.at_number(number);
        wishes.retain(is_open);
        wishes
    }

    fn is_being_called(&self, contact: ContactId) -> bool {
        self.state().contacts[&contact].visit.as_ref().and_then(Visit::connecting).is_some()
    }

    /// The queue a callback waits for, behind an agent too.
    fn queue_of(&self, contact: ContactId) -> Option<&QueueId> {
        let found = &self.state().contacts[&contact];
        let promised = found.promise.as_ref().map(|promise| promise.queue);
        let no = found.visit.as_ref().map(Visit::queue_or_behind).or(promised)?;
        self.state().queues.get_index(no.position()).map(|(queue, _)| queue)
    }

    /// He got through another way: nobody calls him any more. A call that is being placed goes on.
    pub(super) fn withdraw_twins(&mut self, connected: ContactId) {
        let number = number_of(&self.state().contacts[&connected]).cloned();
        for twin in number.map(|number| self.wishes(&number)).unwrap_or_default() {
            if !self.is_being_called(twin) {
                self.withdraw(twin);
            } else if !self.state().contacts[&twin].is_superseded {
                self.record(Fact::CallbackSuperseded { contact: twin });
            }
        }
    }

    /// A call to him has failed meanwhile, too.
    pub(super) fn withdraw_if_superseded(&mut self, contact: ContactId) {
        let found = &self.state().contacts[&contact];
        if found.is_superseded && !found.on_line {
            self.withdraw(contact);
        }
    }

    fn withdraw(&mut self, contact: ContactId) {
        self.contact_over(contact, EndedBy::Router);
    }

    pub(super) fn schedule_callback(&mut self, agent: &AgentId, asked: Schedule) -> Result<(), Refusal> {
        let no = self.agent(agent)?;
        let (id, segment) = self.served(no, asked.contact)?;
        if asked.due.is_some_and(|due| due <= self.at || due > self.at + PROMISED_MAX) {
            return Err(Refusal::InvalidField { field: FieldName::Due, expected: Expected::ATimeToComeWithin90Days });
        }
        if segment.of_lead && asked.to.is_none() && asked.queue.is_none() {
            let (agent, due) = (agent.clone(), asked.due.unwrap_or(self.at));
            let by = asked.by_me.then(|| agent.clone());
            self.hear(no);
            self.record(Fact::LeadPromised { contact: asked.contact, segment: id, agent, due, by });
            return Ok(());
        }
        let found = self.state().contacts.get(&asked.contact);
        let number = asked.to.clone().or_else(|| found.and_then(number_of).cloned());
        let Some(number) = number else {
            let expected = Expected::ANumberBecauseNoneIsKnown;
            return Err(Refusal::InvalidField { field: FieldName::To, expected });
        };
        let answered_from = segment.from.queue_or_behind();
        let queue = asked.queue.unwrap_or_else(|| self.state().queue_id(answered_from));
        let Some(rules) = self.state().rules.queues.get(&queue).cloned() else {
            return Err(Refusal::UnknownQueue { queue });
        };
        if !rules.channels.contains(&Channel::Callback) {
            return Err(Refusal::InvalidField {
                field: FieldName::Queue,
                expected: Expected::AQueueThatServesCallbacks,
            });
        }
        if self.state().contacts.len() >= CONTACTS_MAX {
            return Err(Refusal::Full);
        }
        let attributes = found.map(attributes_of).unwrap_or_default();
        let callback = NewCallback {
            parent: asked.contact,
            gateway: segment.gateway,
            details: Details { from: Some(number), attributes, ..Details::default() },
            asked_by: Some(agent.clone()),
            queue,
            skills: rules.skills.clone(),
            priority: rules.priority,
            due: asked.due,
            by: asked.by_me.then(|| agent.clone()),
        };
        let by = asked.by_me.then_some(no);
        let (queue, skills, priority) = (callback.queue.clone(), callback.skills.clone(), callback.priority);
        self.hear(no);
        let (promised, _) = self.promise(callback);
        if asked.due.is_none() {
            let cause = QueuedBy::CallbackDue;
            let visit = self.callback_visit(cause, &queue, (skills, priority), by);
            self.queue(promised, visit);
        }
        Ok(())
    }

    /// The agent's part in a contact, in his hands or in wrap-up: the latest, when there are several.
    fn served(&self, no: AgentNo, contact: ContactId) -> Result<(SegmentId, Segment), Refusal> {
        let segments = self.state().agent(no).segments.iter().map(|(segment, _)| *segment);
        let of_contact = segments.filter(|segment| {
            let segment = &self.state().segments[segment];
            segment.contact == contact && segment.connected_at.is_some()
        });
        match of_contact.max() {
            Some(segment) => Ok((segment, self.state().segments[&segment].clone())),
            None if self.state().was_given(contact.0) => Err(Refusal::NotInHand { contact }),
            None => Err(Refusal::UnknownContact),
        }
    }

    /// The time of a promised call has come.
    pub(super) fn callback_is_due(&mut self, contact: ContactId) {
        let promise = self.state().contacts[&contact].promise.clone().expect("its deadline goes with the promise");
        let Promise { queue, skills, priority, by, .. } = promise;
        let queue = self.state().queue_id(queue);
        let visit = self.callback_visit(QueuedBy::CallbackDue, &queue, ((*skills).clone(), priority), by);
        self.queue(contact, visit);
    }

    /// For one agent alone at first, when he was named and is there.
    fn callback_visit(
        &self,
        cause: QueuedBy,
        queue: &QueueId,
        (skills, priority): (Skills, i32),
        by: Option<AgentNo>,
    ) -> NewVisit {
        let by = by.filter(|agent| self.state().agent(*agent).is_counted_on());
        let of_queue = self.state().queue_no(queue).map_or(0, |no| self.state().queue(no).rules.priority);
        let direct = by.map(|agent| DirectTo {
            agent: self.state().agent_id(agent),
            until: self.at + self.state().rules.site.direct_wait_max,
            behind: queue.clone(),
            skills: skills.clone(),
            priority: priority.saturating_sub(of_queue),
        });
        let is_direct = direct.is_some();
        NewVisit {
            queue: direct.as_ref().map_or_else(|| queue.clone(), |direct| QueueId::of_agent(&direct.agent)),
            cause,
            skills: if is_direct { Skills::new() } else { skills },
            priority: if is_direct { 0 } else { priority },
            ordered_since: self.at,
            direct,
            preferred: None,
            never: Vec::new(),
        }
    }

    /// What the gateway says of the customer's end of a call it was to place.
    pub(super) fn call_progress(
        &mut self,
        gateway: &GatewayId,
        order: EventNo,
        progress: CallProgress,
    ) -> Result<(), Refusal> {
        let no = self.state().gateway_no(gateway).ok_or(Refusal::OrderGone)?;
        let contact = self.router.index.call_orders.get(&order).copied().ok_or(Refusal::OrderGone)?;
        let found = &self.state().contacts[&contact];
        if found.gateway != no {
            return Err(Refusal::OrderGone);
        }
        if found.on_line {
            return Ok(());
        }
        let connecting = found.visit.as_ref().and_then(Visit::connecting);
        match progress {
            CallProgress::Ringing => Ok(()),
            CallProgress::Answered => {
                self.attach_gateway(gateway);
                self.record(Fact::CustomerAnswered { contact });
                Ok(())
            }
            CallProgress::Failed { why } => {
                let segment = connecting.ok_or(Refusal::OrderGone)?;
                self.attach_gateway(gateway);
                if self.is_lead_to_call(contact) {
                    self.lead_not_reached(contact, why);
                } else {
                    self.attempt_failed(contact, segment, why);
                }
                Ok(())
            }
        }
    }

    /// Nobody was reached: again after a gap, or never.
    pub(super) fn attempt_failed(&mut self, contact: ContactId, segment: SegmentId, why: CallFailure) {
        let state = self.state();
        let found = &state.contacts[&contact];
        let visit = found.visit.as_ref().expect("a call is placed for a visit");
        let queue = visit.queue_or_behind();
        let rules = &state.queue(queue).rules.callback;
        let is_tried_again = !found.is_superseded && found.attempts_failed + 1 < rules.attempts_max;
        let until = is_tried_again.then(|| self.at + rules.gap);
        let (visit, no) = (visit.id, state.segments[&segment].agent);
        let agent = state.agent_id(no);
        self.record(Fact::AttemptFailed { contact, visit, segment, agent, why, until });
        self.wait_for_next_try(contact, (no, segment), until);
    }

    /// The call was not cleared: again when it may be placed, or never.
    pub(super) fn callback_not_placed(
        &mut self,
        contact: ContactId,
        segment: SegmentId,
        why: NotPlaced,
        until: Option<Timestamp>,
    ) {
        let state = self.state();
        let found = &state.contacts[&contact];
        let attempt = found.attempt.expect("only what was proposed is refused").id;
        let said = until.filter(|until| *until > self.at && *until <= self.at + PROMISED_MAX);
        let until = said.or_else(|| Some(self.at + rests_for(why)?)).filter(|_| !found.is_superseded);
        let visit = found.visit.as_ref().expect("a call is placed for a visit").id;
        let no = state.segments[&segment].agent;
        let agent = state.agent_id(no);
        self.record(Fact::CallbackNotPlaced { attempt, contact, visit, segment, agent, why, until });
        self.wait_for_next_try(contact, (no, segment), until);
    }

    /// Its agent is free of it. None: nobody calls any more.
    fn wait_for_next_try(&mut self, contact: ContactId, (no, segment): (AgentNo, SegmentId), until: Option<Timestamp>) {
        self.end_offers(contact, &OfferOutcome::Rescinded);
        self.take_up_what_was_aside(no, segment);
        self.apply_next(no);
        if until.is_none() {
            self.withdraw(contact);
        }
    }

    /// How long the phone of a customer who is called rings.
    pub(super) fn callback_rings_for(&self, contact: ContactId) -> Millis {
        let visit = self.state().contacts[&contact].visit.as_ref().expect("a call is placed for a visit");
        let queue = visit.queue_or_behind();
        self.state().queue(queue).rules.callback.ring_for
    }

    pub(super) fn callback_gap_is_over(&mut self, contact: ContactId) {
        let visit = self.state().contacts[&contact].visit.as_ref().expect("its deadline goes with the visit").id;
        self.record(Fact::CallbackGapEnded { contact, visit });
    }
}
