//! Makes up consultations, conferences, escalations and lost legs: what agents order, whose leg is gone, what comes late.
//! Checks nothing.

use std::sync::Arc;

use super::rule_sets::{AGENTS, QUEUES};
use super::steps::Steps;
use crate::routing::command::{Action, Destination, EndedBy, LegFailure, Presence, PresenceWhen};
use crate::routing::ids::{AgentId, ContactId, QueueId};

use crate::routing::personal::{Attributes, Note};
use crate::routing::rule_set::{Capacity, Channel, ExitRules, Phone, PhoneMode, RuleSet};
use crate::routing::time::Millis;
use crate::simulator::referee::model::{Contact, Model, SegmentState};

/// A consultation with its customer's contact, if there still is one.
struct Pair<'a> {
    parent: Option<&'a Contact>,
    about: &'a Contact,
    /// Who began it.
    first: AgentId,
}

/// A centre in which agents ask each other: most may take calls, and have somebody to ask.
pub(super) fn consults(steps: &mut Steps, rules: &mut RuleSet) {
    for queue in rules.queues.values_mut() {
        let queue = Arc::make_mut(queue);
        queue.channels = Channel::ALL.to_vec();
        queue.agents = None;
        queue.steps.truncate(1);
        if steps.dice.chance(75) {
            (queue.hours, queue.exits) = (None, ExitRules::default());
        }
        if steps.dice.chance(80) {
            queue.skills.clear();
        }
    }
    for agent in rules.agents.values_mut() {
        let agent = Arc::make_mut(agent);
        if steps.dice.chance(70) {
            agent.capacity = Capacity::default();
        }
        if agent.phone.mode == PhoneMode::None {
            agent.phone = Phone { mode: PhoneMode::Console, endpoint: None };
        }
    }
}

impl Steps {
    /// None: no call is in anybody's hands.
    pub fn about_consultation(&mut self, model: &Model) -> Option<Action> {
        if self.dice.chance(75)
            && let Some(action) = self.about_open_consultation(model)
        {
            return Some(action);
        }
        let live = model.all_contacts().filter(|contact| !contact.ended);
        let mut calls: Vec<&Contact> =
            live.filter(|contact| contact.owner().is_some_and(|owner| owner.connected())).collect();
        if self.dice.chance(90) {
            calls.retain(|contact| !contact.channel.is_written());
        }
        let call = self.dice.pick(&calls).copied()?;
        Some(self.of_call(call, model))
    }

    /// On with one that is not over. None: there is none, or nobody is there who could be asked.
    pub fn about_open_consultation(&mut self, model: &Model) -> Option<Action> {
        let mut pairs: Vec<Pair<'_>> = Vec::new();
        for about in model.all_contacts().filter(|contact| !contact.ended) {
            if let Some(known) = &about.consultation {
                let parent = known.parent.and_then(|parent| model.contacts.get(&parent)).map(|parent| &**parent);
                pairs.push(Pair { parent, about, first: known.agent.clone() });
            }
        }
        if pairs.is_empty() {
            return None;
        }
        let pair = &pairs[self.dice.below(pairs.len() as u64) as usize];
        let alone = pair.about.owner().is_none_or(|owner| !owner.connected());
        if alone && self.dice.chance(85) {
            return self.towards_consultee(pair.about, model);
        }
        Some(self.between(pair, model))
    }

    /// A call in an agent's hands, whoever he may consult.
    fn of_call(&mut self, call: &Contact, model: &Model) -> Action {
        let owner = call.owner().expect("it is in hand").clone();
        let (mut agent, mut contact) = (owner.agent.clone(), call.id);
        if let SegmentState::LegLost { .. } = owner.state
            && self.dice.chance(60)
        {
            let (gateway, event) = (call.gateway.clone(), self.message());
            let order = owner.order;
            return match self.dice.below(10) {
                0..3 => Action::OrderFailed { gateway, order, why: LegFailure::NoAnswer, event },
                3..5 => Action::ContactConnected { gateway, reference: call.reference.clone(), order: None, event },
                _rest => {
                    Action::ContactConnected { gateway, reference: call.reference.clone(), order: Some(order), event }
                }
            };
        }
        if !self.plausibly() {
            if self.dice.chance(50) {
                agent = self.someone();
            } else {
                contact = ContactId(self.dice.below(model.last_number + 3));
            }
        }
        let note = self.dice.chance(30).then(|| Note(Arc::from("wants a refund")));
        match self.dice.below(21) {
            0..14 => {
                let attributes = self.added_attributes();
                Action::Consult { agent, contact, to: self.consultee(model), note, attributes }
            }
            14..16 => {
                let reason = Arc::from(self.dice.one_of(&["complaint", "refund"]));
                Action::EscalateContact { agent, contact, reason, note, attributes: self.added_attributes() }
            }
            16 => self.of_two(agent, contact),
            17 => self.transfer_outside(agent, contact),
            _gone => self.party_left(call, agent),
        }
    }

    fn someone(&mut self) -> AgentId {
        AgentId::new(self.dice.one_of(&AGENTS)).expect("a short name")
    }

    fn consultee(&mut self, model: &Model) -> Destination {
        let idle = model.idle_agents();
        let free = model.agents.iter().zip(&idle).filter(|(_, idle)| idle.contains_key(&Channel::Voice));
        let mut there: Vec<AgentId> = free.map(|(agent, _)| agent.id.clone()).collect();
        if self.dice.chance(15) {
            there = model.agents.iter().filter(|agent| model.present(agent)).map(|agent| agent.id.clone()).collect();
        }
        if self.dice.chance(65) {
            let there = self.dice.pick(&there).cloned();
            return Destination::Agent(there.filter(|_| self.plausibly()).unwrap_or_else(|| self.someone()));
        }
        Destination::Queue(QueueId::new(self.dice.one_of(&QUEUES)).expect("a short name"))
    }

    /// What is said to both: right of a customer's contact, wrong of a consultation or of anything else.
    fn of_two(&mut self, agent: AgentId, contact: ContactId) -> Action {
        match self.dice.below(20) {
            0..2 => Action::CompleteConsultation { agent, contact },
            2..4 => Action::CancelConsultation { agent, contact },
            4..10 => Action::SwapConsultation { agent, contact },
            10..18 => Action::JoinConference { agent, contact },
            _leaves => Action::LeaveContact { agent, contact },
        }
    }

    /// He accepts, or is connected, or comes. None: nobody is asked who could come.
    fn towards_consultee(&mut self, about: &Contact, model: &Model) -> Option<Action> {
        let (gateway, reference) = (about.gateway.clone(), about.reference.clone());
        if let Some(owner) = about.owner() {
            let order = if self.dice.chance(80) { Some(owner.order) } else { None };
            return Some(Action::ContactConnected { gateway, reference, order, event: self.message() });
        }
        let Some(offer) = self.dice.pick(about.offers()).cloned() else {
            let direct = about.visit.as_ref().and_then(|visit| visit.direct.as_ref());
            let out: Vec<AgentId> = model
                .agents
                .iter()
                .filter(|agent| agent.in_rules && !model.present(agent))
                .map(|agent| agent.id.clone())
                .collect();
            let agent = direct.map(|direct| direct.agent.clone()).filter(|agent| out.contains(agent));
            let agent = agent.or_else(|| self.dice.pick(&out).cloned())?;
            return Some(Action::SetPresence { agent, presence: Presence::Available, when: PresenceWhen::Now });
        };
        if offer.rings {
            return Some(Action::ContactConnected {
                gateway,
                reference,
                order: Some(offer.order),
                event: self.message(),
            });
        }
        if self.dice.chance(20) {
            return Some(Action::DeclineOffer { agent: offer.agent, offer: offer.id, reason: None });
        }
        Some(Action::AcceptOffer { agent: offer.agent, offer: offer.id })
    }

    fn between(&mut self, pair: &Pair<'_>, model: &Model) -> Action {
        let second = pair.about.owner().map(|owner| owner.agent.clone());
        let customers = pair.parent.unwrap_or(pair.about);
        let first = if self.plausibly() { pair.first.clone() } else { self.someone() };
        let contact = if self.plausibly() { customers.id } else { pair.about.id };
        let consultee = second.unwrap_or_else(|| self.someone());
        if pair.about.consultation.as_ref().is_some_and(|known| known.is_joined) && self.dice.chance(25) {
            return Action::SwapConsultation { agent: first, contact };
        }
        match self.dice.below(54) {
            0..28 => self.of_two(first, contact),
            28..30 => self.hold_or_not(first, contact),
            30..33 => self.hold_or_not(consultee, pair.about.id),
            33 => Action::EndContact { agent: first, contact },
            34 => Action::EndContact { agent: first, contact: pair.about.id },
            35 => Action::EndContact { agent: consultee, contact: pair.about.id },
            36 => Action::LeaveContact { agent: consultee, contact: pair.about.id },
            37..39 => {
                let contact = if self.dice.chance(50) { contact } else { pair.about.id };
                let agent = if contact == pair.about.id { consultee } else { first };
                self.not_now(agent, contact, model)
            }
            39..41 => {
                let (gateway, reference) = (customers.gateway.clone(), customers.reference.clone());
                Action::ContactEnded { gateway, reference, by: EndedBy::Customer, event: self.message() }
            }
            41..43 => self.over_for_its_gateway(pair.about),
            43..46 => self.party_left(customers, first),
            46..48 => self.party_left(pair.about, first),
            48..50 => self.party_left(pair.about, consultee),
            50 => self.party_left(customers, consultee),
            51 | 52 => self.inventory(pair.about.gateway.clone(), model, model.last_at + Millis(1)),
            _key => Action::ExitKeyPressed {
                gateway: pair.about.gateway.clone(),
                reference: pair.about.reference.clone(),
                key: super::leaving::key(&mut self.dice),
                event: self.message(),
            },
        }
    }

    fn hold_or_not(&mut self, agent: AgentId, contact: ContactId) -> Action {
        if self.dice.chance(60) {
            Action::HoldContact { agent, contact }
        } else {
            Action::UnholdContact { agent, contact }
        }
    }

    /// What is refused while somebody is consulted, and of a consultation always.
    fn not_now(&mut self, agent: AgentId, contact: ContactId, model: &Model) -> Action {
        let to = self.consultee(model);
        match self.dice.below(3) {
            0 => Action::TransferContact { agent, contact, to, note: None, attributes: Attributes::default() },
            1 => Action::EscalateContact {
                agent,
                contact,
                reason: Arc::from("complaint"),
                note: None,
                attributes: Attributes::default(),
            },
            _again => Action::Consult { agent, contact, to, note: None, attributes: Attributes::default() },
        }
    }

    fn over_for_its_gateway(&mut self, about: &Contact) -> Action {
        let (gateway, reference, event) = (about.gateway.clone(), about.reference.clone(), self.message());
        if self.dice.chance(30) {
            return Action::ContactAbandoned { gateway, reference, event };
        }
        let by = self.dice.one_of(&[EndedBy::Customer, EndedBy::Agent, EndedBy::Gateway]);
        Action::ContactEnded { gateway, reference, by, event }
    }

    fn party_left(&mut self, of: &Contact, agent: AgentId) -> Action {
        let gateway = if self.plausibly() { of.gateway.clone() } else { self.gateway() };
        let agent = if self.plausibly() { agent } else { self.someone() };
        Action::PartyLeft { gateway, reference: of.reference.clone(), agent, event: self.message() }
    }
}
