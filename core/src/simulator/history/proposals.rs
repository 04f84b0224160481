//! Makes up what is said of calls that are proposed, to leads and to callbacks: in time, late, twice, or not at all.
//! And who calls in meanwhile. Checks nothing.

use std::sync::Arc;

use serde_json::{Value, json};

use super::steps::Steps;
use crate::routing::attempt::NotPlaced;
use crate::routing::command::{Action, Direction, Disposition, FollowUpCall, LogOutHow};
use crate::routing::ids::{AttemptId, ContactId, PersonId};
use crate::routing::personal::Attributes;
use crate::routing::rule_set::Channel;
use crate::routing::time::{Millis, Timestamp};
use crate::simulator::referee::model::{Contact, Model, Segment};

/// So few that some call in whom somebody is to call back.
const CUSTOMERS: u64 = 12;
/// The farthest that a call is put off to.
const PUT_OFF_MAX: Millis = Millis::minutes(90 * 24 * 60);

impl Steps {
    /// What is next about calls that are proposed or held out, and of leads that are called again. Whether there is
    /// anything is drawn of dice of its own, so that histories in which nobody is called play as they always did.
    pub fn about_calls(&mut self, model: &Model, now: Timestamp) -> Option<Action> {
        if self.gate.chance(50)
            && let Some(action) = self.about_twin(model)
        {
            return Some(action);
        }
        if self.gate.chance(85)
            && let Some(action) = self.about_proposal(model, now)
        {
            return Some(action);
        }
        if self.gate.chance(2)
            && let Some(late) = self.gate.pick(&self.judged).copied()
        {
            return Some(self.judgment(late, now));
        }
        if self.gate.chance(6)
            && let Some(promise) = self.promise_of_a_lead(model, now)
        {
            return Some(promise);
        }
        let callbacks: Vec<&Contact> = model.all_contacts().filter(|contact| contact.is_to_be_called_back()).collect();
        if callbacks.is_empty() {
            return None;
        }
        match self.gate.below(100) {
            0..4 => self.call_of_who_is_called(&callbacks),
            4..10 => self.accept_of_who_is_in_call(&callbacks, model),
            _rest => None,
        }
    }

    /// What is said of a call that is proposed; sometimes its gateway, its agent or itself goes before.
    fn about_proposal(&mut self, model: &Model, now: Timestamp) -> Option<Action> {
        let proposed = model.all_contacts().filter_map(|contact| Some((contact.proposed()?, contact)));
        let open: Vec<(AttemptId, &Contact)> = proposed.collect();
        let (attempt, contact) = *self.gate.pick(&open)?;
        let by = PersonId::new("lea").expect("a short name");
        Some(match self.gate.below(100) {
            0..90 => self.judgment(attempt, now),
            90..94 => Action::DetachGateway { gateway: contact.gateway.clone() },
            94..97 => {
                let agent = contact.owner().map(|owner| owner.agent.clone())?;
                Action::LogOut { by: Some(by), agent, how: LogOutHow::Force }
            }
            _rest => Action::CloseContact { by, contact: contact.id },
        })
    }

    fn judgment(&mut self, attempt: AttemptId, now: Timestamp) -> Action {
        self.judged.push(attempt);
        if self.gate.chance(75) {
            return Action::ClearAttempt { attempt };
        }
        let why = self.gate.one_of(&[
            NotPlaced::Dnc,
            NotPlaced::NoConsent,
            NotPlaced::OutOfWindow,
            NotPlaced::NoZone,
            NotPlaced::Cap,
            NotPlaced::ListInactive,
            NotPlaced::LeadClosed,
            NotPlaced::InProgress,
            NotPlaced::NoLine,
            NotPlaced::NoAgent,
            NotPlaced::NotChecked,
        ]);
        Action::RefuseAttempt { attempt, why, until: self.put_off_until(now) }
    }

    /// Mostly a time to come; some are over, or too far.
    fn put_off_until(&mut self, now: Timestamp) -> Option<Timestamp> {
        match self.gate.below(12) {
            0..6 => None,
            6..10 => Some(now + self.gate.between(Millis(1), Millis::minutes(2))),
            10 => Some(now + self.gate.one_of(&[Millis::ZERO, Millis::seconds(-5)])),
            _far => Some(now + PUT_OFF_MAX + self.gate.one_of(&[Millis::ZERO, Millis(1)])),
        }
    }

    /// Of what was never proposed, or long ago.
    pub fn about_wrong_attempt(&mut self, model: &Model, now: Timestamp) -> Action {
        let attempt = AttemptId(self.number(model));
        self.judgment(attempt, now)
    }

    /// He calls himself, or writes, or does so from another number.
    fn call_of_who_is_called(&mut self, callbacks: &[&Contact]) -> Option<Action> {
        let called = self.gate.pick(callbacks).copied()?;
        let same_number = called.customer.is_none() || self.gate.chance(50);
        let from = called.from.clone().filter(|_| same_number);
        let customer = called.customer.as_ref().map(|id| ("customer".to_owned(), json!({ "id": &**id })));
        Some(Action::ContactArrived {
            gateway: self.gateway(),
            reference: self.reference(),
            channel: self.gate.one_of(&[Channel::Voice, Channel::Chat, Channel::Chat]),
            direction: Direction::Inbound,
            from,
            to: None,
            attributes: Attributes(customer.into_iter().collect()),
            event: self.message(),
        })
    }

    /// Who is being called back gets through himself.
    fn about_twin(&mut self, model: &Model) -> Option<Action> {
        let called: Vec<&Contact> =
            model.all_contacts().filter(|one| one.is_to_be_called_back() && one.owner().is_some()).collect();
        let called = self.gate.pick(&called).copied()?;
        let same = |other: &&Contact| other.on_line && !other.ended && other.from == called.from;
        let Some(twin) = model.all_contacts().find(same) else {
            return self.gate.chance(20).then(|| self.call_of_who_is_called(&[called])).flatten();
        };
        let (gateway, reference, event) = (twin.gateway.clone(), twin.reference.clone(), self.message());
        if let Some(owner) = twin.owner() {
            let order = Some(owner.order);
            return (!owner.connected()).then_some(Action::ContactConnected { gateway, reference, order, event });
        }
        let open = twin.offers().first()?;
        if open.rings {
            return Some(Action::ContactConnected { gateway, reference, order: Some(open.order), event });
        }
        Some(Action::AcceptOffer { agent: open.agent.clone(), offer: open.id })
    }

    /// An agent wants to call back one who speaks with another.
    fn accept_of_who_is_in_call(&mut self, callbacks: &[&Contact], model: &Model) -> Option<Action> {
        let in_call = callbacks.iter().filter(|contact| model.number_is_in_call(contact));
        let offers: Vec<_> = in_call.flat_map(|contact| contact.offers()).collect();
        let open = self.gate.pick(&offers).copied()?;
        Some(Action::AcceptOffer { agent: open.agent.clone(), offer: open.id })
    }

    /// An agent who talks to a lead, or wraps up, is to call him again, or somebody is.
    fn promise_of_a_lead(&mut self, model: &Model, now: Timestamp) -> Option<Action> {
        let leads = model.all_contacts().filter(|contact| contact.lead.is_some());
        let parts = leads.flat_map(|contact| contact.segments.iter().map(move |segment| (contact.id, segment)));
        let connected: Vec<(ContactId, &Segment)> = parts.filter(|(_, segment)| segment.connected()).collect();
        let (contact, segment) = *self.gate.pick(&connected)?;
        let (agent, call) = (segment.agent.clone(), FollowUpCall { to: None, queue: None, ..self.follow_up_call(now) });
        if !segment.in_hand() && self.gate.chance(70) {
            let (segment, disposition) = (segment.id, Some(Disposition(Arc::from("later"))));
            return Some(Action::FinishWrapUp { agent, segment, disposition, note: None, callback: Some(call) });
        }
        let FollowUpCall { to, queue, due, by_me } = call;
        Some(Action::ScheduleCallback { agent, contact, to, queue, due, by_me })
    }

    /// The name of a customer in his record; sometimes none, or not even a text.
    pub fn name_of_customer(&mut self) -> Option<Value> {
        match self.gate.below(100) {
            0..45 => None,
            45..48 => Some(json!(7)),
            _named => Some(json!(format!("c{}", self.gate.below(CUSTOMERS)))),
        }
    }

    /// Calls are mostly judged before the time for that is over.
    pub fn pause_of_proposals(&mut self, model: &Model, pause: Millis) -> Millis {
        let waits = model.all_contacts().any(|contact| contact.proposed().is_some());
        if waits && self.gate.chance(90) { Millis(pause.0.rem_euclid(60)) } else { pause }
    }
}
