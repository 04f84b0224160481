//! Event histories for the tests of this folder: made by hand or at random, always plausible (what
//! the router could have recorded), and a slow recount to hold against the folds.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::routing::command::{Destination, Direction, EndedBy, LegFailure, Presence};
use crate::routing::event::{AgentChange, Event, Fact, OfferOutcome, QueuedBy, Reach, RevokedWhy, VisitEnd};
use crate::routing::hold::BackOffCause;
use crate::routing::ids::{AgentId, ContactId, ContactRef, GatewayId, OfferId, QueueId, SegmentId, VisitId};
use crate::routing::personal::{Details, Personal, PersonalDetails};
use crate::routing::rule_set::{AgentRules, Channel, QueueRules, RuleSet, RulesVersion};
use crate::routing::skill::Skills;
use crate::routing::time::{Millis, Timestamp};
use crate::routing::why::Why;

const AGENTS: [&str; 4] = ["ana", "ben", "chloé", "李伟"];
const QUEUES: [&str; 3] = ["claims", "sales", "support"];
pub const SHORT_ABANDON: Millis = Millis::seconds(5);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Waiting,
    Offered(OfferId, usize),
    Connecting(SegmentId, usize),
    Talking(SegmentId, usize),
}

#[derive(Clone, Debug)]
struct Visit {
    visit: VisitId,
    queue: QueueId,
    entered_at: Timestamp,
    stage: Stage,
}

#[derive(Clone, Debug)]
struct WrapUp {
    contact: ContactId,
    segment: SegmentId,
    agent: usize,
    queue: QueueId,
    talk: Millis,
    since: Timestamp,
}

/// A journal under construction, and just enough of the centre to stay plausible.
#[derive(Default)]
pub struct History {
    pub events: Vec<Event>,
    next: u64,
    contacts: BTreeMap<ContactId, Visit>,
    connected_at: BTreeMap<SegmentId, Timestamp>,
    wrap_ups: Vec<WrapUp>,
    presences: BTreeMap<usize, Presence>,
    version: u32,
}

pub fn queue(name: &str) -> QueueId {
    QueueId::new(name).unwrap()
}

pub fn agent(name: &str) -> AgentId {
    AgentId::new(name).unwrap()
}

fn no_details() -> PersonalDetails {
    Personal::Plain(Arc::new(Details::default()))
}

impl History {
    pub fn push(&mut self, at: Timestamp, fact: Fact) {
        self.events.push(Event { at, request: None, by: None, fact });
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub fn rules(&mut self, at: Timestamp, queues: &[&str]) {
        self.version += 1;
        let rules = RuleSet {
            queues: queues.iter().map(|name| (queue(name), Arc::new(QueueRules::default()))).collect(),
            agents: AGENTS.iter().map(|name| (agent(name), Arc::new(AgentRules::default()))).collect(),
            ..RuleSet::default()
        };
        self.push(at, Fact::RulesReplaced { version: RulesVersion(self.version), rules: Arc::new(rules) });
    }

    pub fn presence(&mut self, at: Timestamp, who: usize, presence: Presence) {
        let reach = if presence == Presence::Offline { Reach::Gone } else { Reach::Here };
        self.agent_changed(at, who, (presence.clone(), reach, true), AgentChange::Chosen);
        self.presences.insert(who, presence);
    }

    pub fn agent_changed(
        &mut self,
        at: Timestamp,
        who: usize,
        (presence, reach, responding): (Presence, Reach, bool),
        cause: AgentChange,
    ) {
        let agent = agent(AGENTS[who]);
        self.push(at, Fact::AgentChanged { agent, presence, next: None, reach, responding, cause });
    }

    pub fn arrive(&mut self, at: Timestamp, queue_name: &str) -> ContactId {
        let contact = ContactId(self.number());
        self.push(
            at,
            Fact::ContactArrived {
                contact,
                gateway: GatewayId::new("g").unwrap(),
                reference: ContactRef::new(&contact.to_string()).unwrap(),
                channel: Channel::Voice,
                direction: Direction::Inbound,
                to: None,
                details: no_details(),
                gateway_event: 0,
            },
        );
        self.enqueue(at, contact, queue_name, QueuedBy::Entry { rule: Arc::from("all") });
        contact
    }

    fn enqueue(&mut self, at: Timestamp, contact: ContactId, queue_name: &str, cause: QueuedBy) {
        let visit = VisitId(self.number());
        let queue = queue(queue_name);
        self.push(
            at,
            Fact::ContactQueued {
                contact,
                visit,
                queue: queue.clone(),
                cause,
                skills: Skills::new(),
                priority: 0,
                ordered_since: at,
                entered_at: at,
                direct: None,
                preferred: None,
                never: Vec::new(),
                estimate: None,
                failed: Vec::new(),
                rules: RulesVersion(self.version),
            },
        );
        self.contacts.insert(contact, Visit { visit, queue, entered_at: at, stage: Stage::Waiting });
    }

    pub fn offer(&mut self, at: Timestamp, contact: ContactId, who: usize) -> OfferId {
        let offer = OfferId(self.number());
        let visit = self.contacts.get_mut(&contact).unwrap();
        visit.stage = Stage::Offered(offer, who);
        let fact = Fact::ContactOffered {
            contact,
            visit: visit.visit,
            queue: visit.queue.clone(),
            offer,
            agent: agent(AGENTS[who]),
            acknowledge_by: at + Millis::seconds(2),
            expires_at: at + Millis::seconds(15),
            rings: false,
            why: Why::alone(RulesVersion(self.version)),
        };
        self.push(at, fact);
        offer
    }

    pub fn end_offer(&mut self, at: Timestamp, contact: ContactId, outcome: OfferOutcome) {
        let visit = self.contacts.get_mut(&contact).unwrap();
        let Stage::Offered(offer, who) = visit.stage else { panic!("not offered") };
        visit.stage = Stage::Waiting;
        self.push(at, Fact::OfferEnded { offer, contact, agent: agent(AGENTS[who]), outcome });
    }

    pub fn accept(&mut self, at: Timestamp, contact: ContactId) -> SegmentId {
        let segment = SegmentId(self.number());
        let visit = self.contacts.get_mut(&contact).unwrap();
        let Stage::Offered(offer, who) = visit.stage else { panic!("not offered") };
        visit.stage = Stage::Connecting(segment, who);
        let (visit, connect_by) = (visit.visit, at + Millis::seconds(20));
        let agent = agent(AGENTS[who]);
        self.push(at, Fact::ContactConnecting { contact, visit, offer, segment, agent, connect_by });
        segment
    }

    pub fn connect_failed(&mut self, at: Timestamp, contact: ContactId) {
        let visit = self.contacts.get_mut(&contact).unwrap();
        let Stage::Connecting(segment, who) = visit.stage else { panic!("not connecting") };
        visit.stage = Stage::Waiting;
        self.push(at, Fact::ConnectFailed { contact, segment, agent: agent(AGENTS[who]), why: LegFailure::NoAnswer });
    }

    pub fn connected(&mut self, at: Timestamp, contact: ContactId) {
        let Stage::Connecting(segment, who) = self.contacts[&contact].stage else { panic!("not connecting") };
        self.end_visit(at, contact, VisitEnd::Answered);
        self.contacts.get_mut(&contact).unwrap().stage = Stage::Talking(segment, who);
        self.connected_at.insert(segment, at);
        self.push(at, Fact::ContactConnected { contact, segment, agent: agent(AGENTS[who]) });
    }

    fn end_visit(&mut self, at: Timestamp, contact: ContactId, end: VisitEnd) {
        let visit = &self.contacts[&contact];
        let waited = at.since(visit.entered_at);
        let fact =
            Fact::VisitEnded { contact, visit: visit.visit, queue: visit.queue.clone(), end, waited, estimate: None };
        self.push(at, fact);
    }

    pub fn abandon(&mut self, at: Timestamp, contact: ContactId) {
        let short = at.since(self.contacts[&contact].entered_at) < SHORT_ABANDON;
        self.leave(at, contact, VisitEnd::Abandoned { short }, EndedBy::Customer);
    }

    /// The contact ends before anybody was connected.
    pub fn leave(&mut self, at: Timestamp, contact: ContactId, end: VisitEnd, by: EndedBy) {
        let stage = self.contacts[&contact].stage;
        if matches!(stage, Stage::Offered(..)) {
            self.end_offer(at, contact, OfferOutcome::Rescinded);
        }
        self.end_visit(at, contact, end);
        self.push(at, ended(contact, by));
        let visit = self.contacts.remove(&contact).unwrap();
        if let Stage::Connecting(segment, who) = stage {
            self.close((contact, segment, who), visit.queue, None, at);
        }
    }

    /// A talking contact ends, or goes on to the queue `to`; its agent wraps up or is free.
    pub fn finish(&mut self, at: Timestamp, contact: ContactId, wrap_up: bool, to: Option<&str>) {
        let visit = self.contacts.remove(&contact).unwrap();
        let Stage::Talking(segment, who) = visit.stage else { panic!("not talking") };
        let name = agent(AGENTS[who]);
        match to {
            None => self.push(at, ended(contact, EndedBy::Customer)),
            Some(to) => {
                let to = Destination::Queue(queue(to));
                self.push(
                    at,
                    Fact::ContactTransferred { contact, segment, agent: name.clone(), to, details: no_details() },
                );
            }
        }
        let talk = at.since(self.connected_at[&segment]);
        if wrap_up {
            let ends_at = at + Millis::seconds(30);
            self.push(at, Fact::WrapUpStarted { contact, segment, agent: name.clone(), ends_at });
            self.wrap_ups.push(WrapUp { contact, segment, agent: who, queue: visit.queue, talk, since: at });
        } else {
            self.close((contact, segment, who), visit.queue, Some((talk, Millis::ZERO)), at);
        }
        if let Some(to) = to {
            self.enqueue(at, contact, to, QueuedBy::Transfer { agent: name });
        }
    }

    pub fn finish_wrap_up(&mut self, at: Timestamp, index: usize) {
        let done = self.wrap_ups.remove(index);
        let spans = Some((done.talk, at.since(done.since)));
        self.close((done.contact, done.segment, done.agent), done.queue, spans, at);
    }

    fn close(
        &mut self,
        (contact, segment, who): (ContactId, SegmentId, usize),
        queue: QueueId,
        spans: Option<(Millis, Millis)>,
        at: Timestamp,
    ) {
        let (talk, wrap_up) = spans.unwrap_or_default();
        self.push(
            at,
            Fact::SegmentClosed {
                contact,
                segment,
                agent: agent(AGENTS[who]),
                queue,
                connected: spans.is_some(),
                talk,
                hold: Millis::ZERO,
                wrap_up,
                disposition: None,
                details: no_details(),
            },
        );
    }

    /// The server was down: offers end, whoever is logged in is away until heard from.
    pub fn resume(&mut self, at: Timestamp, down_for: Millis) {
        self.push(at, Fact::Resumed { down_for, grace_until: at + Millis::seconds(60) });
        let offered: Vec<ContactId> = self
            .contacts
            .iter()
            .filter(|(_, visit)| matches!(visit.stage, Stage::Offered(..)))
            .map(|(id, _)| *id)
            .collect();
        for contact in offered {
            self.end_offer(at, contact, OfferOutcome::Revoked { why: RevokedWhy::ServerRestarted });
        }
    }

    fn step(&mut self, at: Timestamp, dice: &mut Dice) {
        let contact = dice.pick(self.contacts.len()).and_then(|n| self.contacts.keys().nth(n).copied());
        let stage = contact.map(|contact| (contact, self.contacts[&contact].stage));
        let who = dice.below(AGENTS.len());
        match (dice.below(12), stage) {
            (0..=2, _) => drop(self.arrive(at, QUEUES[dice.below(QUEUES.len())])),
            (3, _) => {
                let presence =
                    [Presence::Available, Presence::NotReady { reason: Arc::from("lunch") }][dice.below(2)].clone();
                self.presence(at, who, presence);
            }
            (4, _) => self.agent_goes_away(at, who, dice),
            (5, _) => {
                let name = agent(AGENTS[who]);
                let until = at + Millis::seconds(5);
                self.push(at, Fact::AgentBackedOff { agent: name, until, cause: BackOffCause::Declined });
            }
            (6, _) => {
                if let Some(index) = dice.pick(self.wrap_ups.len()) {
                    self.finish_wrap_up(at, index);
                }
            }
            (_, None) => {}
            (7, Some((contact, Stage::Waiting | Stage::Offered(..) | Stage::Connecting(..)))) => {
                match dice.below(5) {
                    0 => self.leave(at, contact, VisitEnd::LostByGateway, EndedBy::LostByGateway),
                    1 => self.leave(at, contact, VisitEnd::Withdrawn, EndedBy::Gateway),
                    _ => self.abandon(at, contact),
                };
            }
            (_, Some((contact, Stage::Waiting))) => drop(self.offer(at, contact, who)),
            (8, Some((contact, Stage::Offered(..)))) => self.end_offer(at, contact, OfferOutcome::Expired),
            (_, Some((contact, Stage::Offered(..)))) => drop(self.accept(at, contact)),
            (8, Some((contact, Stage::Connecting(..)))) => self.connect_failed(at, contact),
            (_, Some((contact, Stage::Connecting(..)))) => self.connected(at, contact),
            (8, Some((contact, Stage::Talking(..)))) => {
                self.finish(at, contact, dice.below(2) == 0, Some(QUEUES[dice.below(QUEUES.len())]));
            }
            (_, Some((contact, Stage::Talking(..)))) => self.finish(at, contact, dice.below(2) == 0, None),
        }
    }

    fn agent_goes_away(&mut self, at: Timestamp, who: usize, dice: &mut Dice) {
        let Some(presence) = self.presences.get(&who).cloned() else { return };
        let until = at + Millis::seconds(30);
        let (reach, responding, cause) = [
            (Reach::Away { until }, true, AgentChange::ConsoleClosed),
            (Reach::Away { until }, true, AgentChange::OfferUndelivered),
            (Reach::Unreachable { until }, true, AgentChange::GraceOver),
            (Reach::Here, false, AgentChange::Missed),
            (Reach::Here, true, AgentChange::HeardFrom),
        ][dice.below(5)];
        self.agent_changed(at, who, (presence, reach, responding), cause);
    }
}

struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        (self.0.next_u64() % count as u64) as usize
    }

    fn pick(&mut self, count: usize) -> Option<usize> {
        (count > 0).then(|| self.below(count))
    }
}

/// The same history for the same seed.
pub fn random_history(seed: u64, steps: usize) -> History {
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed));
    let mut history = History::default();
    let mut at = Timestamp(1_000_000_000);
    history.rules(at, &QUEUES);
    for _ in 0..steps {
        at = at + Millis([0, 1, 700, 4_000, 45_000][dice.below(5)]);
        match dice.below(100) {
            0 => {
                let down_for = Millis(at.since(history.events.last().unwrap().at).0.min(10_000));
                history.resume(at, down_for);
            }
            1 => history.rules(at, &QUEUES[..=dice.below(QUEUES.len())]),
            _ => history.step(at, &mut dice),
        }
    }
    history
}

fn ended(contact: ContactId, by: EndedBy) -> Fact {
    Fact::ContactEnded {
        contact,
        gateway: GatewayId::new("g").unwrap(),
        reference: crate::routing::ids::ContactRef::new(&contact.to_string()).unwrap(),
        by,
        agent: None,
        never_placed: false,
    }
}
