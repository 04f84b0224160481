//! Makes up the next thing that happens: mostly plausible, sometimes late, doubled, reordered or absurd.
//! What gateways say is in `messages`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::hours::clock_step;
use super::leaving::with_a_queue_dropped;
use super::rule_sets::{AGENTS, QUEUES, waits_for_figures, with_other_steps};
use crate::routing::command::{Action, Command, Destination, Disposition, Presence, PresenceWhen};
use crate::routing::ids::{
    AgentId, AttemptId, ContactId, EventNo, GatewayId, OfferId, PersonId, QueueId, Request, SegmentId,
};
use crate::routing::personal::Note;
use crate::routing::time::{Millis, Timestamp};
use crate::simulator::referee::check::Rebuild;
use crate::simulator::referee::model::{Agent, Contact, Model, Offer, Segment};

/// Longest pause while figures are looked at every second, so that a history takes milliseconds.
const LOOKED_THROUGH_MAX: Millis = Millis::seconds(12);

/// One thing that happens, `after` the one before.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Step {
    pub after: Millis,
    pub what: What,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum What {
    /// `again`: sent twice.
    Command {
        command: Box<Command>,
        again: bool,
    },
    KeepSnapshot,
    Crash(Rebuild),
}

pub(super) struct Steps {
    pub dice: Dice,
    /// Per cent of commands that name what is really there.
    plausible: u64,
    /// Per cent of steps in which somebody does what is next: comes, accepts, is connected.
    lively: u64,
    /// Milliseconds that often pass at most.
    haste: i64,
    /// Per cent of steps in which a supervisor orders something.
    supervised: u64,
    /// Most callers are called back.
    pub calls_back: bool,
    /// Agents often ask each other.
    pub consults: bool,
    /// Mostly mails and tasks come, to queues with hours.
    pub defers: bool,
    /// Who may have a contact hangs on what is known of it, and that often changes.
    pub asks_contacts: bool,
    /// All is told of one contact.
    tells_all: bool,
    /// Agents take mails and tasks from the list, and work names its queue.
    pub takes: bool,
    /// Campaigns run.
    pub calls_out: bool,
    /// Calls are recorded.
    pub records: bool,
    /// For what becomes of recordings.
    pub tape: Dice,
    /// For what is said of calls that are proposed, and who the customers are.
    pub gate: Dice,
    /// Attempts of which something was said.
    pub judged: Vec<AttemptId>,
    pub refs: u64,
    pub messages: u64,
    /// By which contacts left, each with its gateway.
    pub orders: Vec<(GatewayId, EventNo)>,
    sent: Vec<Request>,
    /// The server was built again and its next word is `Resume`.
    resume: bool,
}

impl Steps {
    pub fn new(seed: u64) -> Steps {
        let mut dice = Dice::new(seed);
        // of a seed of its own, so that all others play as they did before there were campaigns
        let calls_out = Dice::new(!seed).chance(25);
        let plausible = dice.one_of(&[95, 85, 60]);
        let calls_back = dice.chance(25);
        let consults = !calls_back && dice.chance(35);
        let defers = !calls_back && !consults && dice.chance(18);
        let tells_all = !calls_back && !defers && dice.chance(8);
        let asks_contacts = !calls_back && !consults && !defers && !tells_all && dice.chance(30);
        let takes = !calls_back && !consults && !tells_all && dice.chance(35);
        let lively = if calls_back || consults || tells_all || calls_out { 70 } else { dice.one_of(&[0, 30, 60]) };
        let haste = if consults { 500 } else { dice.one_of(&[500, 3_000, 15_000]) };
        let supervised = dice.one_of(&[0, 5, 15]);
        Steps {
            dice,
            plausible,
            lively,
            haste,
            supervised,
            calls_back,
            consults,
            defers,
            asks_contacts,
            tells_all,
            takes,
            calls_out,
            records: Dice::new(seed ^ 0x7265_636f_7264).chance(20),
            tape: Dice::new(seed.rotate_left(16) ^ 0x7461_7065),
            gate: Dice::new(seed.rotate_left(32) ^ 0x6761_7465),
            judged: Vec::new(),
            refs: 0,
            messages: 0,
            orders: Vec::new(),
            sent: Vec::new(),
            resume: false,
        }
    }

    pub fn next(&mut self, number: u64, model: &Model, now: Timestamp) -> Step {
        if self.resume {
            self.resume = false;
            let down_for = self.dice.between(Millis::ZERO, Millis::minutes(3));
            // the clock may have stood still while the server was down
            let after = if self.dice.chance(50) { down_for } else { Millis::ZERO };
            return step(after, Action::Resume { down_for });
        }
        if number == 0 && self.dice.chance(95) {
            return step(Millis::ZERO, Action::ReplaceRules { rules: Arc::new(self.rule_set()) });
        }
        let after = self.pause(model);
        if self.defers && self.dice.chance(1) {
            let by = clock_step(&mut self.dice, now + model.wall_offset);
            return step(after, Action::StepClock { by });
        }
        match self.dice.below(200) {
            0 | 1 => return Step { after, what: What::KeepSnapshot },
            2 => return self.crash(after, Rebuild::FromJournal),
            3 | 4 => return self.crash(after, Rebuild::FromSnapshot),
            _nothing_special => {}
        }
        let log_in = number < 16 && self.dice.chance(50);
        let (lively, supervised) = (self.lively, self.supervised);
        let tells_all = self.tells_all && self.dice.chance(92);
        let action = if log_in {
            self.presence(model)
        } else if let Some(action) = self.about_recordings(model) {
            action
        } else if let Some(action) = self.about_calls(model, now) {
            action
        } else if tells_all && let Some(action) = self.told_all(model) {
            action
        } else if self.asks_contacts
            && self.dice.chance(15)
            && let Some(action) = self.more_of_who_waits(model)
        {
            action
        } else if self.calls_out && self.dice.chance(65) {
            self.about_campaigns(model, now)
        } else if self.dice.chance(if self.takes { 35 } else { 1 }) {
            self.about_list(model)
        } else if self.dice.chance(supervised) {
            self.order(model)
        } else if self.consults
            && self.dice.chance(50)
            && let Some(action) = self.about_open_consultation(model)
        {
            action
        } else if self.dice.chance(lively) {
            self.forward(model, now)
        } else {
            self.action(model, now)
        };
        let request = self.request();
        let again = self.dice.chance(15);
        Step { after, what: What::Command { command: Box::new(Command { request, action }), again } }
    }

    fn crash(&mut self, after: Millis, from: Rebuild) -> Step {
        self.resume = self.dice.chance(50);
        Step { after, what: What::Crash(from) }
    }

    fn pause(&mut self, model: &Model) -> Millis {
        let pause = self.any_pause();
        let pause = self.pause_of_proposals(model, pause);
        let looks = model.rules.as_deref().is_some_and(waits_for_figures);
        if looks { pause.min(LOOKED_THROUGH_MAX) } else { pause }
    }

    fn any_pause(&mut self) -> Millis {
        match self.dice.below(100) {
            0..30 => Millis::ZERO,
            30..85 => Millis(self.dice.below(self.haste as u64) as i64),
            85..97 => self.dice.between(Millis::seconds(1), Millis::seconds(40)),
            97..99 => self.dice.between(Millis::seconds(30), Millis::minutes(6)),
            _rare => self.dice.between(Millis::minutes(5), Millis::minutes(15)),
        }
    }

    fn request(&mut self) -> Option<Request> {
        if !self.dice.chance(25) {
            return None;
        }
        if self.dice.chance(20)
            && let Some(sent) = self.dice.pick(&self.sent)
        {
            return Some(sent.clone());
        }
        let by = PersonId::new(self.dice.one_of(&["ana", "ben", "lea"])).expect("a short name");
        let id = uuid::Uuid::from_u64_pair(self.dice.bits(), self.dice.bits());
        let request = Request { by, id };
        self.sent.push(request.clone());
        Some(request)
    }

    fn action(&mut self, model: &Model, now: Timestamp) -> Action {
        match self.dice.below(1000) {
            0..4 => Action::ReplaceRules { rules: Arc::new(self.rule_set()) },
            4..6 | 990..1000 => {
                let rules = match model.rules.as_deref() {
                    Some(present) if self.dice.chance(30) => with_a_queue_dropped(&mut self.dice, present),
                    Some(present) => with_other_steps(&mut self.dice, present),
                    None => self.rule_set(),
                };
                Action::ReplaceRules { rules: Arc::new(rules) }
            }
            6..8 => {
                let present = model.rules.clone();
                Action::ReplaceRules { rules: present.unwrap_or_else(|| Arc::new(self.rule_set())) }
            }
            8..11 => Action::Resume { down_for: self.dice.between(Millis::ZERO, Millis::minutes(2)) },
            11..14 | 984..990 => Action::StepClock { by: clock_step(&mut self.dice, now + model.wall_offset) },
            14..500 => {
                let gateway = self.gateway();
                self.of_gateway(gateway, model, now)
            }
            500..600 => self.presence(model),
            _rest => self.of_agent(model, now),
        }
    }

    /// What a centre does all day.
    fn forward(&mut self, model: &Model, now: Timestamp) -> Action {
        let connecting: Vec<(&Contact, &Segment)> = model
            .all_contacts()
            .filter_map(|contact| Some((contact, contact.owner()?)))
            .filter(|(_, owner)| !owner.connected())
            .collect();
        if self.dice.chance(30)
            && let Some(order) = self.exit_order(model)
        {
            return order;
        }
        let consults = self.consults;
        if self.dice.chance(if consults { 45 } else { 5 })
            && let Some(action) = self.about_consultation(model)
        {
            return action;
        }
        let event = self.message();
        if self.dice.chance(60)
            && let Some((contact, segment)) = self.dice.pick(&connecting)
        {
            if !contact.on_line
                && self.dice.chance(70)
                && let Some(progress) = self.call_progress(model)
            {
                return progress;
            }
            let (gateway, reference) = (contact.gateway.clone(), contact.reference.clone());
            return Action::ContactConnected { gateway, reference, order: Some(segment.order), event };
        }
        let offers: Vec<&Offer> = model.all_contacts().flat_map(Contact::offers).collect();
        if self.dice.chance(60)
            && let Some(offer) = self.dice.pick(&offers)
        {
            if offer.rings && self.dice.chance(70) {
                let gateway = self.gateway();
                return self.about_ringing(gateway, model);
            }
            let (agent, offer) = (offer.agent.clone(), offer.id);
            return match self.dice.below(3) {
                0 => Action::AcknowledgeOffer { agent, offer },
                _rest => Action::AcceptOffer { agent, offer },
            };
        }
        let talking: Vec<(&Contact, &Segment)> = model
            .all_contacts()
            .filter_map(|contact| Some((contact, contact.owner()?)))
            .filter(|(_, owner)| owner.connected())
            .collect();
        if self.dice.chance(20)
            && let Some((contact, segment)) = self.dice.pick(&talking)
        {
            if contact.channel.is_written() && self.dice.chance(30) {
                let (agent, message) = (segment.agent.clone(), self.text());
                return Action::SendMessage { agent, contact: contact.id, message };
            }
            if contact.channel.is_written() && self.dice.chance(40) {
                return self.suspend(segment.agent.clone(), contact.id, now);
            }
            if self.dice.chance(35) {
                return self.transfer_outside(segment.agent.clone(), contact.id);
            }
            return Action::EndContact { agent: segment.agent.clone(), contact: contact.id };
        }
        let out: Vec<&Agent> = model.agents.iter().filter(|agent| agent.in_rules && !model.present(agent)).collect();
        match self.dice.pick(&out) {
            Some(agent) if self.dice.chance(60) => {
                Action::SetPresence { agent: agent.id.clone(), presence: Presence::Available, when: PresenceWhen::Now }
            }
            Some(_) | None if self.calls_out && self.dice.chance(75) => self.about_campaigns(model, now),
            Some(_) | None => {
                let gateway = self.gateway();
                self.arrival(gateway)
            }
        }
    }

    pub fn plausibly(&mut self) -> bool {
        let plausible = self.plausible;
        self.dice.chance(plausible)
    }

    fn any_agent(&mut self) -> AgentId {
        AgentId::new(self.dice.one_of(&AGENTS)).expect("a short name")
    }

    pub fn known_agent(&mut self, model: &Model) -> AgentId {
        let known: Vec<AgentId> =
            model.agents.iter().filter(|agent| agent.in_rules).map(|agent| agent.id.clone()).collect();
        if self.plausibly()
            && let Some(agent) = self.dice.pick(&known)
        {
            return agent.clone();
        }
        self.any_agent()
    }

    fn presence(&mut self, model: &Model) -> Action {
        let agent = self.known_agent(model);
        match self.dice.below(10) {
            0 | 1 => Action::OpenConsole { agent },
            2 => Action::CloseConsole { agent },
            _rest => {
                let presence = match self.dice.below(10) {
                    0 => Presence::Offline,
                    1 | 2 => Presence::NotReady { reason: Arc::from(self.dice.one_of(&["lunch", "training"])) },
                    _rest => Presence::Available,
                };
                let when = if self.dice.chance(25) { PresenceWhen::AfterContact } else { PresenceWhen::Now };
                Action::SetPresence { agent, presence, when }
            }
        }
    }

    fn of_agent(&mut self, model: &Model, now: Timestamp) -> Action {
        let offers: Vec<(AgentId, OfferId)> =
            model.all_contacts().flat_map(Contact::offers).map(|offer| (offer.agent.clone(), offer.id)).collect();
        if !offers.is_empty() && self.dice.chance(70) {
            return self.about_offer(&offers);
        }
        if self.dice.chance(25)
            && let Some(action) = self.about_consultation(model)
        {
            return action;
        }
        let segments: Vec<(ContactId, Segment)> = model
            .all_contacts()
            .flat_map(|contact| contact.segments.iter().map(|segment| (contact.id, segment.clone())))
            .collect();
        if self.dice.chance(5) {
            return self.about_offer(&offers);
        }
        self.about_segment(model, &segments, now)
    }

    pub fn number(&mut self, model: &Model) -> u64 {
        self.dice.below(model.last_number + 3)
    }

    fn about_offer(&mut self, open: &[(AgentId, OfferId)]) -> Action {
        let (mut agent, mut offer) = match self.dice.pick(open) {
            Some(open) => open.clone(),
            None => (self.any_agent(), OfferId(self.dice.below(60))),
        };
        if !self.plausibly() {
            if self.dice.chance(50) {
                agent = self.any_agent();
            } else {
                offer = OfferId(self.dice.below(200));
            }
        }
        match self.dice.below(10) {
            0..4 => Action::AcknowledgeOffer { agent, offer },
            4..8 => Action::AcceptOffer { agent, offer },
            _rest => {
                let reason = self.dice.chance(50).then(|| Arc::from("busy with paper"));
                Action::DeclineOffer { agent, offer, reason }
            }
        }
    }

    fn about_segment(&mut self, model: &Model, open: &[(ContactId, Segment)], now: Timestamp) -> Action {
        let picked = self.dice.pick(open).cloned();
        let wrapped = picked.as_ref().is_some_and(|(_, segment)| !segment.in_hand());
        let (mut agent, mut contact, mut segment) = match picked {
            Some((contact, segment)) => (segment.agent, contact, segment.id),
            None => (self.any_agent(), ContactId(self.number(model)), SegmentId(self.number(model))),
        };
        if !self.plausibly() {
            match self.dice.below(3) {
                0 => agent = self.any_agent(),
                1 => contact = ContactId(self.number(model)),
                _rest => segment = SegmentId(self.number(model)),
            }
        }
        if self.dice.chance(15) {
            return self.schedule_callback(agent, contact, now);
        }
        let note = self.dice.chance(30).then(|| Note(Arc::from("called twice")));
        if wrapped && self.dice.chance(70) {
            if self.dice.chance(30) {
                let by = self.dice.one_of(&[Millis::seconds(30), Millis::seconds(1), Millis::ZERO, Millis(-5)]);
                return Action::ExtendWrapUp { agent, segment, by };
            }
            let disposition = self.dice.chance(60).then(|| Disposition(Arc::from("solved")));
            let callback = self.dice.chance(20).then(|| self.follow_up_call(now));
            return Action::FinishWrapUp { agent, segment, disposition, note, callback };
        }
        match self.dice.below(15) {
            0 | 1 => Action::HoldContact { agent, contact },
            2 | 3 => Action::UnholdContact { agent, contact },
            4 | 5 => Action::TransferContact {
                agent,
                contact,
                to: self.destination(model),
                note,
                attributes: self.added_attributes(),
            },
            6..9 => Action::EndContact { agent, contact },
            9 | 10 => self.suspend(agent, contact, now),
            11 | 12 => self.transfer_outside(agent, contact),
            13 => Action::SendMessage { agent, contact, message: self.text() },
            _rest => Action::FinishWrapUp { agent, segment, disposition: None, note, callback: None },
        }
    }

    /// Until the customer writes, a moment, or a time that is not to come.
    fn suspend(&mut self, agent: AgentId, contact: ContactId, now: Timestamp) -> Action {
        let until = match self.dice.below(20) {
            0 => Some(now),
            1 => Some(now + Millis::minutes(90 * 24 * 60) + self.dice.between(Millis::ZERO, Millis(1))),
            2..12 => Some(now + self.dice.between(Millis(1), Millis::seconds(90))),
            _no_time => None,
        };
        Action::SuspendContact { agent, contact, until }
    }

    pub fn destination(&mut self, model: &Model) -> Destination {
        if self.dice.chance(50) {
            Destination::Agent(self.known_agent(model))
        } else {
            Destination::Queue(QueueId::new(self.dice.one_of(&QUEUES)).expect("a short name"))
        }
    }
}

fn step(after: Millis, action: Action) -> Step {
    Step { after, what: What::Command { command: Box::new(action.into()), again: false } }
}
