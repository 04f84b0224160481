//! The loop of virtual time: tells the router what happens and when, and does at once what it
//! decides. Decides nothing itself; no wall clock.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use std::sync::Arc;

use jiff::civil::Date;

use super::arrivals::RecordedCall;
use super::asking::{arrival, gateway};
use super::people::Shift;
use super::report::{Achieved, AgentTime, QueueDays};
use crate::reporting::counts::Tally;
use crate::reporting::live_board::Board;
use crate::routing::command::{Action, CallFailure, CallProgress, Command, EndedBy, Presence, PresenceWhen};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId, QueueId};
use crate::routing::router::ContactRouter;
use crate::routing::rule_set::{RuleSet, RulesVersion};
use crate::routing::time::{Millis, Timestamp};

/// A recorded call, and what chance decided about it beforehand.
#[derive(Clone, Debug)]
pub struct Caller<'a> {
    pub call: &'a RecordedCall,
    /// None: for ever.
    pub patience: Option<Millis>,
    /// Time with the agent, if he is answered.
    pub handle_time: Millis,
    pub is_drawn: bool,
    /// If he asks to be called: so many calls to him reach nobody.
    pub calls_in_vain: u32,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub rules_version: RulesVersion,
    /// Contacts that were answered with a drawn handle time.
    pub drawn: u64,
    pub nobody_on_duty: u64,
    pub queues: BTreeMap<(QueueId, Date), Tally>,
    pub agents: BTreeMap<(AgentId, Date), AgentTime>,
    /// Without the calls that did not enter a queue.
    pub achieved: Achieved,
    /// The whole centre, after the last event.
    pub board: Board,
}

/// What happens at a moment; in one millisecond in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Happening {
    ShiftEnds { shift: usize },
    ServiceEnds { caller: usize },
    ShiftBegins { shift: usize },
    Arrives { caller: usize },
    LosesPatience { caller: usize },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Expected,
    Waiting,
    Answered,
    /// He has hung up, and is to be called.
    AtHome,
    /// He hears a message or leaves one.
    Leaving,
    Gone,
}

/// Runs every caller through the router until nothing more can happen. `progress` is told how many
/// have arrived.
pub fn run(rules: RuleSet, callers: &[Caller], shifts: &[Shift], progress: &mut dyn FnMut(u64)) -> Outcome {
    let mut centre = Centre::open(rules, callers, shifts);
    let mut arrived = 0;
    while let Some(happening) = centre.next() {
        if let Happening::Arrives { .. } = happening {
            arrived += 1;
            progress(arrived);
        }
        centre.happen(happening);
    }
    centre.close()
}

struct Centre<'a> {
    router: ContactRouter,
    gateway: GatewayId,
    callers: &'a [Caller<'a>],
    shifts: &'a [Shift],
    agenda: BinaryHeap<Reverse<(Timestamp, Happening)>>,
    now: Timestamp,
    stages: Vec<Stage>,
    /// By what name each caller's contact goes: his call's, then his callback's.
    references: Vec<ContactRef>,
    contacts: BTreeMap<ContactId, usize>,
    on_duty: BTreeSet<AgentId>,
    clocks: BTreeMap<AgentId, (Date, AgentTime)>,
    rules_version: RulesVersion,
    drawn: u64,
    nobody_on_duty: u64,
    queues: QueueDays,
    agents: BTreeMap<(AgentId, Date), AgentTime>,
    board: Board,
}

impl<'a> Centre<'a> {
    fn open(rules: RuleSet, callers: &'a [Caller<'a>], shifts: &'a [Shift]) -> Centre<'a> {
        let arrivals = callers.iter().enumerate().map(|(n, c)| (c.call.enters_at, Happening::Arrives { caller: n }));
        let begins = shifts.iter().enumerate().map(|(n, shift)| (shift.begins, Happening::ShiftBegins { shift: n }));
        let ends = shifts.iter().enumerate().map(|(n, shift)| (shift.ends, Happening::ShiftEnds { shift: n }));
        let agenda: BinaryHeap<_> = arrivals.chain(begins).chain(ends).map(Reverse).collect();
        let now = agenda.peek().map_or(Timestamp::default(), |Reverse((at, _))| *at);
        let mut centre = Centre {
            router: ContactRouter::new(),
            gateway: gateway(),
            callers,
            shifts,
            agenda,
            now,
            stages: vec![Stage::Expected; callers.len()],
            references: callers.iter().map(|caller| caller.call.reference.clone()).collect(),
            contacts: BTreeMap::new(),
            on_duty: BTreeSet::new(),
            clocks: BTreeMap::new(),
            rules_version: RulesVersion::default(),
            drawn: 0,
            nobody_on_duty: 0,
            queues: QueueDays::default(),
            agents: BTreeMap::new(),
            board: Board::of_all_days(),
        };
        centre.tell(Action::ReplaceRules { rules: Arc::new(rules) });
        let gateway = centre.gateway.clone();
        centre.tell(Action::AttachGateway { gateway });
        centre
    }

    /// The next thing that happens from outside; the router's own deadlines before it are done.
    fn next(&mut self) -> Option<Happening> {
        loop {
            let next = self.agenda.peek().map(|Reverse((at, _))| *at);
            match self.router.next_deadline() {
                Some(deadline) if next.is_none_or(|at| deadline <= at) => {
                    self.now = deadline;
                    let events = self.router.advance_to(deadline);
                    self.take(events);
                }
                Some(_) | None => {
                    let Reverse((at, happening)) = self.agenda.pop()?;
                    self.now = at;
                    return Some(happening);
                }
            }
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Arrives { caller } => self.arrive(caller),
            Happening::LosesPatience { caller } => match self.stages[caller] {
                Stage::Waiting => {
                    let (gateway, reference) = self.reference(caller);
                    self.stages[caller] = Stage::Gone;
                    self.tell(Action::ContactAbandoned { gateway, reference, event: 0 });
                }
                Stage::Expected | Stage::Answered | Stage::AtHome | Stage::Leaving | Stage::Gone => {}
            },
            Happening::ServiceEnds { caller } => {
                let (gateway, reference) = self.reference(caller);
                self.stages[caller] = Stage::Gone;
                self.tell(Action::ContactEnded { gateway, reference, by: EndedBy::Customer, event: 0 });
            }
            Happening::ShiftBegins { shift } => {
                let Shift { agent, day, .. } = self.shifts[shift].clone();
                self.begin_day(&agent, day);
                self.on_duty.insert(agent.clone());
                self.tell(Action::OpenConsole { agent: agent.clone() });
                self.tell(Action::SetPresence { agent, presence: Presence::Available, when: PresenceWhen::Now });
            }
            Happening::ShiftEnds { shift } => {
                let agent = self.shifts[shift].agent.clone();
                self.on_duty.remove(&agent);
                self.tell(Action::SetPresence { agent, presence: Presence::Offline, when: PresenceWhen::AfterContact });
            }
        }
    }

    fn arrive(&mut self, caller: usize) {
        let Caller { call, patience, .. } = &self.callers[caller];
        self.nobody_on_duty += u64::from(self.on_duty.is_empty());
        self.stages[caller] = Stage::Waiting;
        if let Some(patience) = patience {
            self.agenda.push(Reverse((self.now + *patience, Happening::LosesPatience { caller })));
        }
        let command = arrival(call, &self.gateway);
        let events = self.router.handle(command, self.now).expect("a reference is used once, and rules are loaded");
        let contact = contact_of(&events);
        self.contacts.insert(contact, caller);
        self.queues.expect(contact, call.date);
        self.take(events);
    }

    /// Sends one command and does what follows from it.
    fn tell(&mut self, action: Action) {
        let events = self.send(action);
        self.take(events);
    }

    fn send(&mut self, action: Action) -> Vec<Event> {
        let command = Command::from(action);
        self.router
            .handle(command, self.now)
            .expect("the centre tells only what is so, about agents and contacts it knows")
    }

    /// Folds events and answers them: offers are accepted, and orders carried out, at once.
    fn take(&mut self, events: Vec<Event>) {
        let mut batches = VecDeque::from([self.numbered(events)]);
        while let Some(events) = batches.pop_front() {
            for (_, event) in &events {
                self.note_callback(&event.fact);
                self.board.evolve(event);
                self.queues.evolve(event);
            }
            for (no, event) in events {
                if let Some(action) = self.react(no, event.fact) {
                    let events = self.send(action);
                    batches.push_back(self.numbered(events));
                }
            }
        }
    }

    /// The router's latest events, with their numbers.
    fn numbered(&self, events: Vec<Event>) -> Vec<(EventNo, Event)> {
        let first = self.router.event_no().0 + 1 - events.len() as u64;
        (first..).map(EventNo).zip(events).collect()
    }

    /// The caller's next contact is the callback, which counts for the day of his call.
    fn note_callback(&mut self, fact: &Fact) {
        if let Fact::CallbackPromised { contact, parent, reference, .. } = fact {
            let caller = self.contacts[parent];
            self.contacts.insert(*contact, caller);
            self.references[caller] = reference.clone();
            self.stages[caller] = Stage::AtHome;
            self.queues.expect_callback(*contact, self.callers[caller].call.date);
        }
    }

    fn react(&mut self, no: EventNo, fact: Fact) -> Option<Action> {
        match fact {
            Fact::RulesReplaced { version, .. } => {
                self.rules_version = version;
                None
            }
            Fact::ContactOffered { contact, agent, offer, .. } => {
                self.is_first_to_answer(contact).then_some(Action::AcceptOffer { agent, offer })
            }
            Fact::ContactConnecting { contact, .. } => {
                let (gateway, reference) = self.reference(self.contacts[&contact]);
                let is_on_line = self.router.contact(contact).is_some_and(|contact| contact.on_line);
                is_on_line.then_some(Action::ContactConnected { gateway, reference, order: None, event: 0 })
            }
            // Whatever holds where it is simulated, callbacks may be placed.
            Fact::CallbackProposed { attempt, .. } => Some(Action::ClearAttempt { attempt }),
            Fact::AttemptPlaced { contact, .. } => Some(self.call(no, contact)),
            Fact::CustomerAnswered { contact } => {
                let (gateway, reference) = self.reference(self.contacts[&contact]);
                Some(Action::ContactConnected { gateway, reference, order: None, event: 0 })
            }
            Fact::ExitTaken { contact, until: Some(_), .. } => {
                self.stages[self.contacts[&contact]] = Stage::Leaving;
                Some(Action::OrderDone { gateway: self.gateway.clone(), order: no, event: 0 })
            }
            Fact::VoicemailBegun { contact } => {
                let (gateway, reference) = self.reference(self.contacts[&contact]);
                Some(Action::ContactEnded { gateway, reference, by: EndedBy::Customer, event: 0 })
            }
            Fact::ContactEnded { contact, reference, .. } => {
                let caller = self.contacts[&contact];
                if self.references[caller] == reference {
                    self.stages[caller] = Stage::Gone;
                }
                None
            }
            Fact::ContactConnected { contact, .. } => {
                let caller = self.contacts[&contact];
                let Caller { handle_time, is_drawn, .. } = self.callers[caller];
                self.stages[caller] = Stage::Answered;
                self.drawn += u64::from(is_drawn);
                self.agenda.push(Reverse((self.now + handle_time, Happening::ServiceEnds { caller })));
                None
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
            | Fact::ContactArrived { .. }
            | Fact::CallbackPromised { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadFiled { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ContactQueued { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::OfferEnded { .. }
            | Fact::ConnectFailed { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::SegmentClosed { .. }
            | Fact::VisitEnded { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { until: None, .. }
            | Fact::ExitFailed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::VisitPrioritised { .. }
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
            | Fact::EndForeseen { .. } => None,
        }
    }

    /// The customer's phone rings.
    fn call(&self, order: EventNo, contact: ContactId) -> Action {
        let caller = self.contacts[&contact];
        let (gateway, _) = self.reference(caller);
        let failed = self.router.contact(contact).map_or(0, |called| called.attempts_failed);
        let progress = if failed < self.callers[caller].calls_in_vain {
            CallProgress::Failed { why: CallFailure::NoAnswer }
        } else {
            CallProgress::Answered
        };
        Action::CallProgress { gateway, order, progress, event: 0 }
    }

    /// Of agents offered a contact at once, the first to hear of it takes it.
    fn is_first_to_answer(&self, contact: ContactId) -> bool {
        let visit = self.router.contact(contact).and_then(|contact| contact.visit.as_ref());
        visit.is_some_and(|visit| visit.connecting().is_none())
    }

    fn reference(&self, caller: usize) -> (GatewayId, ContactRef) {
        (self.gateway.clone(), self.references[caller].clone())
    }

    /// From now on what the agent does counts for `day`.
    fn begin_day(&mut self, agent: &AgentId, day: Date) {
        match self.clocks.get(agent) {
            Some((current, _)) if *current == day => {}
            Some(_) | None => {
                self.end_day(agent);
                let so_far = self.time_of(agent);
                self.clocks.insert(agent.clone(), (day, so_far));
            }
        }
    }

    fn end_day(&mut self, agent: &AgentId) {
        if let Some((day, before)) = self.clocks.remove(agent) {
            let time = self.time_of(agent).minus(before);
            let sum = self.agents.entry((agent.clone(), day)).or_default();
            *sum = sum.plus(time);
        }
    }

    fn time_of(&self, agent: &AgentId) -> AgentTime {
        let row = self.board.agent(agent, self.now);
        row.map(|row| AgentTime::new(row.handled.segments, row.busy, row.available)).unwrap_or_default()
    }

    fn close(mut self) -> Outcome {
        let agents: Vec<AgentId> = self.clocks.keys().cloned().collect();
        agents.iter().for_each(|agent| self.end_day(agent));
        let (queues, achieved) = self.queues.close(self.now);
        Outcome {
            rules_version: self.rules_version,
            drawn: self.drawn,
            nobody_on_duty: self.nobody_on_duty,
            queues,
            agents: self.agents,
            achieved,
            board: self.board,
        }
    }
}

fn contact_of(events: &[Event]) -> ContactId {
    events.iter().find_map(|event| event.fact.contact()).expect("an arrival is about a contact")
}
