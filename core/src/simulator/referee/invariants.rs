//! What must always hold, whatever was predicted: a ledger of its own, kept from events alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::model::Model;
use crate::routing::event::{Event, Fact, Preference, VisitEnd};
use crate::routing::ids::{AgentId, ContactId, OfferId, QueueId, SegmentId, VisitId};
use crate::routing::recording::RecordingAsk;
use crate::routing::rule_set::{Channel, Exit, ExitAction, QueueRules, RuleSet, StepRules};
use crate::routing::time::Timestamp;

mod calls;
mod consultations;
mod leads;
mod orders;
mod recordings;
mod taking;

use consultations::{Consulted, HandleTime};

#[derive(Default)]
pub struct Ledger {
    last_at: Timestamp,
    last_number: u64,
    rules: Arc<RuleSet>,
    channels: BTreeMap<ContactId, Channel>,
    live: BTreeSet<ContactId>,
    /// Customers whose wait ended with the promise of a call that is not recorded yet.
    asked: BTreeSet<ContactId>,
    /// Callbacks that are not queued yet.
    promised: BTreeSet<ContactId>,
    /// Callbacks that rest between two attempts.
    resting: BTreeSet<ContactId>,
    visits: BTreeMap<VisitId, (ContactId, QueueId)>,
    /// Whom an open visit waits for alone.
    alone: BTreeMap<VisitId, AgentId>,
    /// Who may not have an open visit.
    never: BTreeMap<VisitId, Vec<AgentId>>,
    /// The latest rules of each queue.
    queues: BTreeMap<QueueId, Arc<QueueRules>>,
    /// Places of the steps that an open visit has taken.
    taken: BTreeMap<VisitId, BTreeSet<usize>>,
    /// Queues whose agents may serve an open visit, too.
    joined: BTreeMap<VisitId, Vec<QueueId>>,
    /// Contacts whose gateway carries out an exit or a transfer to a number outside.
    leaving: BTreeSet<ContactId>,
    raised: BTreeSet<QueueId>,
    offers: BTreeMap<OfferId, (ContactId, AgentId)>,
    segments: BTreeMap<SegmentId, (ContactId, AgentId, Stage)>,
    /// Contacts that an agent has laid down.
    suspended: BTreeSet<ContactId>,
    consulted: BTreeMap<ContactId, Consulted>,
    times: BTreeMap<SegmentId, HandleTime>,
    entered: BTreeMap<QueueId, u64>,
    ended: BTreeMap<(QueueId, VisitEnd), u64>,
    calls: calls::Calls,
    leads: leads::Leads,
    orders: orders::Orders,
    taking: taking::Taking,
    recordings: recordings::Recordings,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Connecting,
    Talking,
    Held,
    /// Until this segment is gone.
    SetAside {
        by: SegmentId,
    },
    LegLost,
    /// Another agent has the customer from now on.
    HandedOver,
    WrapUp,
}

fn ensure(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

impl Ledger {
    /// Takes one event into the books.
    ///
    /// # Errors
    /// What of the invariants the event breaks.
    pub fn enter(&mut self, event: &Event) -> Result<(), String> {
        ensure(event.at >= self.last_at, "time went back")?;
        self.last_at = event.at;
        if let Some(contact) = event.fact.contact() {
            let arrives = matches!(
                event.fact,
                Fact::ContactArrived { .. }
                    | Fact::CallbackPromised { .. }
                    | Fact::LeadFiled { .. }
                    | Fact::ConsultationBegun { .. }
            );
            let is_after = matches!(
                event.fact,
                Fact::WrapUpStarted { .. }
                    | Fact::SegmentClosed { .. }
                    | Fact::LeadPromised { .. }
                    | Fact::RecordingTold { .. }
            );
            let lives = self.live.contains(&contact);
            ensure(lives || arrives || is_after, "something happened to a contact that had ended")?;
        }
        self.orders.enter(&event.fact)?;
        self.calls.enter(&event.fact)?;
        self.leads.enter(&event.fact)?;
        let channel = event.fact.contact().and_then(|contact| self.channels.get(&contact).copied());
        self.taking.enter(&event.fact, channel, &self.rules)?;
        self.recordings.enter(&event.fact, channel)?;
        self.enter_consultation(&event.fact)?;
        match &event.fact {
            Fact::RulesReplaced { rules, .. } => {
                self.rules = Arc::clone(rules);
                self.keep_taken(rules);
                self.queues.extend(rules.queues.iter().map(|(id, queue)| (id.clone(), Arc::clone(queue))));
            }
            Fact::ContactArrived { contact, channel, .. } => {
                self.number(contact.0)?;
                self.channels.insert(*contact, *channel);
                self.live.insert(*contact);
            }
            Fact::CallbackPromised { contact, parent, asked_by, .. } => {
                self.number(contact.0)?;
                self.channels.insert(*contact, Channel::Callback);
                self.live.insert(*contact);
                self.promised.insert(*contact);
                let asked = self.asked.remove(parent);
                ensure(asked != asked_by.is_some(), "a callback was promised that nobody asked for")?;
            }
            Fact::LeadFiled { contact, .. } => {
                self.number(contact.0)?;
                self.channels.insert(*contact, Channel::Voice);
                self.live.insert(*contact);
            }
            Fact::AttemptProposed { attempt, .. } | Fact::CallbackProposed { attempt, .. } => self.number(attempt.0)?,
            Fact::CustomerAnswered { contact } => {
                ensure(self.open_visit(*contact).is_some(), "a customer answered who is not waited for")?;
                self.resting.remove(contact);
            }
            Fact::AttemptFailed { contact, segment, until, .. }
            | Fact::CallbackNotPlaced { contact, segment, until, .. } => {
                let open = self.segments.remove(segment).map(|(_, _, stage)| stage);
                ensure(open == Some(Stage::Connecting), "an attempt failed that was not being made")?;
                if until.is_some() {
                    self.resting.insert(*contact);
                }
            }
            Fact::CallbackSuperseded { .. } => {}
            Fact::CallbackGapEnded { contact, .. } => {
                ensure(self.resting.remove(contact), "a gap ended that had not begun")?;
            }
            Fact::ContactQueued { contact, visit, queue, preferred, never, .. } => {
                self.promised.remove(contact);
                self.number(visit.0)?;
                ensure(self.open_visit(*contact).is_none(), "a contact has two open visits")?;
                ensure(self.owners(*contact) == 0, "a contact waits while an agent has it")?;
                ensure(!self.suspended.contains(contact), "a contact waits that is laid down")?;
                ensure(!self.leaving.contains(contact), "a contact waits that is on its way out")?;
                self.visits.insert(*visit, (*contact, queue.clone()));
                *self.entered.entry(queue.clone()).or_default() += 1;
                self.bind(*visit, preferred.as_ref(), never);
            }
            Fact::VisitChanged { contact, visit, preferred, never, .. } => {
                ensure(self.open_visit(*contact) == Some(*visit), "a visit changed that is not open")?;
                ensure(self.owners(*contact) == 0, "a visit changed that an agent has")?;
                self.bind(*visit, preferred.as_ref(), never);
            }
            Fact::VisitPrioritised { contact, visit, .. } => {
                ensure(self.open_visit(*contact) == Some(*visit), "a visit was prioritised that is not open")?;
                ensure(self.owners(*contact) == 0, "a visit was prioritised that an agent has")?;
            }
            Fact::VisitWidened { contact, visit, step, joined, .. } => {
                ensure(self.open_visit(*contact) == Some(*visit), "a step was taken by a visit that is not open")?;
                ensure(self.owners(*contact) == 0, "a step was taken by a visit that an agent has")?;
                ensure(self.offers_of(*contact).next().is_none(), "a step was taken by a visit that is offered")?;
                self.take_step(*visit, *step, joined)?;
            }
            Fact::ExitTaken { contact, visit, exit, action, until, .. } => {
                ensure(self.open_visit(*contact) == Some(*visit), "an exit was taken by a visit that is not open")?;
                ensure(self.owners(*contact) == 0, "an exit was taken by a visit that an agent has")?;
                ensure(self.offers_of(*contact).next().is_none(), "an exit was taken by a visit that is offered")?;
                self.check_exit(*visit, *exit, action)?;
                ensure(until.is_some() == action.is_ordered(), "an order has no end, or what is none has one")?;
                if until.is_some() {
                    self.leaving.insert(*contact);
                }
            }
            Fact::ExitFailed { contact, .. } => {
                ensure(self.leaving.remove(contact), "an exit failed that was not under way")?;
            }
            Fact::ContactTransferredOutside { contact, segment, .. } => {
                ensure(!self.channels[contact].is_written(), "what is no call was transferred outside")?;
                let with_agent = self.segments.get(segment).is_some_and(|(of, _, _)| of == contact);
                ensure(with_agent && self.owners(*contact) == 1, "a call was transferred outside that nobody had")?;
                ensure(self.leaving.insert(*contact), "a call was transferred outside twice")?;
            }
            Fact::TransferFailed { contact, .. } => {
                ensure(self.leaving.remove(contact), "a transfer failed that was not under way")?;
            }
            Fact::QueueRaised { queue } => {
                ensure(self.raised.insert(queue.clone()), "a queue was raised twice")?;
                let rises = self.queues.get(queue).is_some_and(|rules| rules.rises_at_per_mille.is_some());
                ensure(rises, "a queue was raised that never rises")?;
            }
            Fact::QueueLowered { queue } => {
                ensure(self.raised.remove(queue), "a queue was lowered that was not raised")?;
            }
            Fact::RecordingOrdered { recording, ask: RecordingAsk::Start, .. } => self.number(recording.0)?,
            Fact::RecordingOrdered { .. } | Fact::RecordingTold { .. } => {}
            Fact::VoicemailBegun { contact } => {
                ensure(self.leaving.contains(contact), "voicemail began for a contact that was not on its way there")?;
            }
            Fact::PreferredWaitEnded { visit, agent, .. } => {
                let waited = self.alone.remove(visit);
                ensure(waited.as_ref() == Some(agent), "a wait ended for an agent who was not waited for")?;
            }
            Fact::ContactOffered { contact, visit, offer, agent, .. } => {
                self.number(offer.0)?;
                ensure(self.open_visit(*contact) == Some(*visit), "an offer is not of the open visit")?;
                ensure(self.owners(*contact) == 0, "a contact is offered while an agent has it")?;
                ensure(!self.resting.contains(contact), "a callback was offered between two attempts")?;
                ensure(self.consulting(agent).is_none(), "an agent who consults was offered a contact")?;
                self.check_offer(*contact, *visit, agent)?;
                self.offers.insert(*offer, (*contact, agent.clone()));
                self.check_capacity(agent, self.channels[contact])?;
            }
            Fact::OfferAcknowledged { offer } => {
                ensure(self.offers.contains_key(offer), "an offer that is over was acknowledged")?;
            }
            Fact::OfferEnded { offer, contact, agent, .. } => {
                let open = self.offers.remove(offer);
                ensure(open == Some((*contact, agent.clone())), "an offer ended that was not open")?;
            }
            Fact::ContactConnecting { contact, offer, segment, agent, .. } => {
                self.number(segment.0)?;
                let open = self.offers.remove(offer);
                ensure(open == Some((*contact, agent.clone())), "an offer was won that was not open")?;
                ensure(self.owners(*contact) == 0, "a contact has two owners")?;
                self.segments.insert(*segment, (*contact, agent.clone(), Stage::Connecting));
                self.times.insert(*segment, HandleTime::from(event.at));
            }
            Fact::ConnectFailed { segment, .. } => {
                let open = self.segments.remove(segment).map(|(_, _, stage)| stage);
                ensure(open == Some(Stage::Connecting), "a leg failed that was not connecting")?;
            }
            Fact::ContactConnected { contact, segment, .. } => {
                ensure(self.open_visit(*contact).is_none(), "a contact was connected while its visit was open")?;
                ensure(self.offers_of(*contact).next().is_none(), "a contact was connected while it was offered")?;
                self.stage(*segment, &[Stage::Connecting], Stage::Talking)?;
            }
            Fact::ContactHeld { segment, .. } => self.stage(*segment, &[Stage::Talking], Stage::Held)?,
            Fact::ContactUnheld { segment, .. } => self.stage(*segment, &[Stage::Held], Stage::Talking)?,
            Fact::WrapUpStarted { segment, .. } => {
                let stage = self.segments.get(segment).map(|(_, _, stage)| *stage);
                let with_customer = stage.is_some_and(|stage| stage != Stage::Connecting && stage != Stage::WrapUp);
                ensure(with_customer, "a segment is wrapped up that was not with the customer")?;
                self.stage(*segment, stage.as_slice(), Stage::WrapUp)?;
            }
            Fact::SegmentSetAside { contact, segment, agent, by } => {
                self.check_set_aside(*contact, agent, *by)?;
                self.stage(*segment, &[Stage::Talking, Stage::Held], Stage::SetAside { by: *by })?;
            }
            Fact::SegmentTakenUp { segment, .. } => {
                let stage = self.segments.get(segment).map(|(_, _, stage)| *stage);
                let gone = matches!(stage, Some(Stage::SetAside { by }) if !self.segments.contains_key(&by));
                ensure(gone, "a segment was taken up that was not set aside, or whose interruption goes on")?;
                self.stage(*segment, stage.as_slice(), Stage::Talking)?;
            }
            Fact::ContactSuspended { contact, segment, .. } => {
                ensure(self.channels[contact].is_written(), "a call was laid down")?;
                let with_agent = self.segments.get(segment).is_some_and(|(of, _, _)| of == contact);
                ensure(with_agent, "a contact was laid down that nobody had")?;
                ensure(self.suspended.insert(*contact), "a contact was laid down twice")?;
            }
            Fact::ContactTakenUp { contact, .. } => {
                ensure(self.suspended.remove(contact), "a contact was taken up that was not laid down")?;
            }
            Fact::MessagePassed { contact, .. } => {
                ensure(self.channels[contact].is_written(), "a message passed in a call")?;
            }
            Fact::SegmentClosed { segment, agent, connected, talk, hold, wrap_up, .. } => {
                let open = self.segments.remove(segment);
                let (_, owner, stage) = open.ok_or("a segment closed twice")?;
                ensure(owner == *agent, "a segment closed with another agent")?;
                ensure(*connected == (stage != Stage::Connecting), "a segment closed with a wrong `connected`")?;
                self.check_handle_time(*segment, stage, (*talk, *hold, *wrap_up))?;
            }
            Fact::VisitEnded { contact, visit, queue, end, .. } => {
                let open = self.visits.remove(visit);
                ensure(open == Some((*contact, queue.clone())), "a visit ended that was not open")?;
                ensure(self.offers_of(*contact).next().is_none(), "a visit ended while offered")?;
                if *end == VisitEnd::CallbackRequested {
                    self.asked.insert(*contact);
                }
                self.alone.remove(visit);
                self.never.remove(visit);
                self.taken.remove(visit);
                self.joined.remove(visit);
                *self.ended.entry((queue.clone(), *end)).or_default() += 1;
            }
            Fact::ContactEnded { contact, .. } => {
                ensure(self.open_visit(*contact).is_none(), "a contact ended with its visit open")?;
                self.live.remove(contact);
                self.promised.remove(contact);
                self.resting.remove(contact);
                self.suspended.remove(contact);
                self.leaving.remove(contact);
            }
            Fact::LeadPromised { segment, agent, due, .. } => {
                let his = self.segments.get(segment).is_some_and(|(_, owner, stage)| {
                    owner == agent && !matches!(stage, Stage::Connecting | Stage::HandedOver)
                });
                ensure(his, "a lead was promised by an agent who has not talked to him")?;
                ensure(*due >= event.at, "a lead was promised for a time that is over")?;
            }
            Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::ConsultationBegun { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::EndForeseen { .. } => {}
        }
        Ok(())
    }

    /// What must hold between two commands.
    ///
    /// # Errors
    /// What does not.
    pub fn check(&self, model: &Model) -> Result<(), String> {
        ensure(self.asked.is_empty(), "a customer who asked to be called back was forgotten")?;
        self.check_consultations()?;
        self.taking.check()?;
        self.calls.check()?;
        self.leads.check()?;
        for contact in self.live.difference(&self.promised) {
            let open = usize::from(self.open_visit(*contact).is_some());
            let talking = self.in_hand(*contact).filter(|stage| *stage != Stage::Connecting).count();
            let laid_down = usize::from(self.suspended.contains(contact));
            let leaves = usize::from(self.leaving.contains(contact));
            let places = open + talking + laid_down + leaves;
            ensure(places == 1, "a live contact neither waits nor is in hand nor laid down nor leaves")?;
        }
        for (_, _, stage) in self.segments.values() {
            let forgotten = matches!(stage, Stage::SetAside { by } if !self.segments.contains_key(by));
            ensure(!forgotten, "a segment is set aside for one that is gone")?;
        }
        for (queue, entered) in &self.entered {
            let ended: u64 = self.ended.iter().filter(|((of, _), _)| of == queue).map(|(_, count)| count).sum();
            let open = self.visits.values().filter(|(_, of)| of == queue).count() as u64;
            ensure(*entered == ended + open, "the visits of a queue do not balance")?;
        }
        if let Some(queue) = model.wrongly_raised(model.looks.reached) {
            return Err(format!("the queue {queue} is raised and should not be, or the other way round"));
        }
        for queue in self.queues.keys() {
            ensure(self.raised.contains(queue) == model.raised.contains(queue), "the books differ on who is raised")?;
        }
        let idle = model.idle_agents();
        for contact in model.contacts.keys() {
            if let Some(place) = model.step_that_holds(*contact, model.looks.reached, false) {
                return Err(format!("contact {contact} has not taken step {}, which holds", place + 1));
            }
            if let Some((exit, _)) = model.exit_that_holds(*contact, model.looks.reached) {
                return Err(format!("contact {contact} has not left by the exit {exit:?}, which holds"));
            }
        }
        for contact in model.all_contacts() {
            let Some(visit) = model.up_for_offers(contact) else { continue };
            for (agent, idle) in model.agents.iter().zip(&idle) {
                let offered = self.offers_of(contact.id).any(|other| *other == agent.id);
                let never = self.never.get(&visit.id).is_some_and(|never| never.contains(&agent.id));
                let beside =
                    !offered && !never && idle.contains_key(&contact.channel) && model.admits(agent, contact, visit);
                if beside && model.hold_between(agent, contact, visit).is_none() {
                    return Err(format!("contact {} waits beside {} and nothing holds them", contact.id, agent.id));
                }
            }
        }
        Ok(())
    }

    fn number(&mut self, number: u64) -> Result<(), String> {
        self.last_number += 1;
        ensure(number == self.last_number, "a number was left out or given twice")
    }

    fn open_visit(&self, contact: ContactId) -> Option<VisitId> {
        self.visits.iter().find(|(_, (of, _))| *of == contact).map(|(visit, _)| *visit)
    }

    fn bind(&mut self, visit: VisitId, preferred: Option<&Preference>, never: &[AgentId]) {
        self.never.insert(visit, never.to_vec());
        match preferred.filter(|preferred| preferred.alone_until.is_some()) {
            Some(preferred) => self.alone.insert(visit, preferred.agent.clone()),
            None => self.alone.remove(&visit),
        };
    }

    fn take_step(&mut self, visit: VisitId, step: u32, joined: &[QueueId]) -> Result<(), String> {
        let rules = self.queues.get(&self.visits[&visit].1).ok_or("a step was taken in a queue without rules")?;
        let place = (step as usize).checked_sub(1).ok_or("steps are numbered from 1")?;
        let rules = rules.steps.get(place).ok_or("a step was taken that the queue does not have")?;
        ensure(self.taken.entry(visit).or_default().insert(place), "a step was taken twice")?;
        let before = self.joined.insert(visit, joined.to_vec()).unwrap_or_default();
        ensure(joined.starts_with(&before), "a queue joined was taken back")?;
        let more = rules.join_queue.iter().filter(|queue| !before.contains(queue)).count();
        ensure(joined.len() == before.len() + more, "another queue joined than the step's")
    }

    /// A step of the new rules counts as taken when one just like it was.
    fn keep_taken(&mut self, rules: &RuleSet) {
        for (visit, taken) in &mut self.taken {
            let queue = self.visits.get(visit).map(|(_, queue)| queue);
            let old = queue.and_then(|queue| self.queues.get(queue));
            if let (Some(old), Some(new)) = (old, queue.and_then(|queue| rules.queues.get(queue))) {
                let was: Vec<&StepRules> = taken.iter().map(|place| &old.steps[*place]).collect();
                *taken = (0..new.steps.len()).filter(|place| was.contains(&&new.steps[*place])).collect();
            }
        }
    }

    fn check_exit(&self, visit: VisitId, exit: Exit, action: &ExitAction) -> Result<(), String> {
        let rules = self.queues.get(&self.visits[&visit].1).ok_or("an exit was taken from a queue without rules")?;
        let exits = &rules.exits;
        let of_rules = match exit {
            Exit::Closed => exits.closed.as_ref(),
            Exit::Closing => exits.closing.as_ref(),
            Exit::NoAgents => exits.no_agents.as_ref(),
            Exit::Full => exits.full.as_ref().map(|full| &full.action),
            Exit::LongWait => exits.long_wait.as_ref().map(|long| &long.action),
            Exit::Key { key } => exits.keys.get(&key),
            Exit::MaxWait => exits.max_wait.as_ref().map(|longest| &longest.action),
        };
        ensure(of_rules == Some(action), "an exit was taken that the queue does not have")
    }

    /// The agents to whom the contact is held out.
    fn offers_of(&self, contact: ContactId) -> impl Iterator<Item = &AgentId> {
        self.offers.values().filter(move |(of, _)| *of == contact).map(|(_, agent)| agent)
    }

    fn check_offer(&self, contact: ContactId, visit: VisitId, agent: &AgentId) -> Result<(), String> {
        let queue = &self.visits[&visit].1;
        let most = self.queues.get(queue).map_or(1, |rules| rules.offers_max as usize);
        ensure(self.offers_of(contact).count() < most, "a contact is offered too often at once")?;
        ensure(self.offers_of(contact).all(|other| other != agent), "a contact is offered to an agent twice")?;
        ensure(!self.never[&visit].contains(agent), "a contact is offered to an agent it may never get")?;
        let alone = self.alone.get(&visit);
        ensure(alone.is_none_or(|alone| alone == agent), "a contact that waits for one agent is offered to another")
    }

    fn in_hand(&self, contact: ContactId) -> impl Iterator<Item = Stage> {
        let of_it = self.segments.values().filter(move |(of, _, _)| *of == contact);
        of_it.map(|(_, _, stage)| *stage).filter(|stage| !matches!(stage, Stage::WrapUp | Stage::HandedOver))
    }

    fn owners(&self, contact: ContactId) -> usize {
        self.in_hand(contact).count()
    }

    fn stage(&mut self, segment: SegmentId, from: &[Stage], to: Stage) -> Result<(), String> {
        let (_, _, stage) = self.segments.get_mut(&segment).ok_or("a closed segment changed")?;
        ensure(from.contains(stage), &format!("a segment went from {stage:?} to {to:?}"))?;
        if let Some(time) = self.times.get_mut(&segment) {
            time.add(*stage, self.last_at);
        }
        *stage = to;
        Ok(())
    }

    /// What he has set aside costs nothing; what the new contact may interrupt is counted as if it were.
    fn check_capacity(&self, agent: &AgentId, channel: Channel) -> Result<(), String> {
        let rules = self.rules.agents.get(agent).ok_or("an agent who is not in the rules was offered a contact")?;
        let site = &self.rules.site;
        let offers = self.offers.values().filter(|(_, of)| of == agent);
        let offered = offers.map(|(contact, _)| (self.channels[contact], true));
        let segments = self.segments.values().filter(|(_, of, _)| of == agent).map(|(contact, _, stage)| {
            let of_it = self.channels[contact];
            let costs = match stage {
                Stage::Connecting | Stage::LegLost | Stage::HandedOver | Stage::WrapUp => true,
                Stage::Talking | Stage::Held => !site.may_interrupt(channel, of_it),
                Stage::SetAside { .. } => false,
            };
            (of_it, costs)
        });
        let taken: Vec<(Channel, bool)> = offered.chain(segments).collect();
        let units: u32 =
            taken.iter().filter(|(_, costs)| *costs).map(|(channel, _)| site.channel_cost.of(*channel)).sum();
        let count = taken.iter().filter(|(of, _)| *of == channel).count() as u32;
        ensure(units <= rules.capacity.total, "an agent has more than his capacity")?;
        ensure(count <= rules.capacity.channel_max.of(channel), "an agent has too many contacts of a channel")
    }

    fn check_set_aside(&self, contact: ContactId, agent: &AgentId, by: SegmentId) -> Result<(), String> {
        let (of, whose, stage) = self.segments.get(&by).ok_or("a segment is set aside for one that is gone")?;
        ensure(whose == agent && *stage == Stage::Connecting, "a segment is set aside for one that is not new")?;
        let may = self.rules.site.may_interrupt(self.channels[of], self.channels[&contact]);
        ensure(may, "a segment is set aside for one that may not interrupt it")
    }
}

#[cfg(test)]
mod tests;
