//! One virtual person at a console: available, answers offers, talks, finishes up, takes breaks. He
//! never looks past his own screen.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::VirtualAgent;
use super::agenda::{Agenda, Due};
use super::requests::{Ask, Requests};
use crate::demo::conversation::Language;
use crate::demo::habits::happens;
use crate::demo::ledger::Ledger;
use crate::protocol::{
    AcceptMode, Activity, AgentAsk, AgentHears, AgentSnapshot, AgentState, CallbackSchedule, Channel, ContactId,
    ContactOffered, ContactSuspend, ErrorKind, Message, Name, NoteText, OfferAccept, OfferDecline, OfferEnd,
    OfferReceived, OwnContact, Presence, PresenceSet, PresenceWhen, RequestId, SegmentId, SegmentState, Time,
    TransferTo, WrapUpFinish,
};
use crate::wire_client::{CentreClock, retry_after};

/// Contacts whose channel he remembers: more than anyone has in hand.
const CHANNELS_KNOWN_MAX: usize = 64;

pub(super) struct Desk {
    pub agent: VirtualAgent,
    pub clock: CentreClock,
    pub ledger: Ledger,
    pub(super) random: ChaCha8Rng,
    pub agenda: Agenda,
    pub requests: Requests,
    /// What he wants to be now.
    presence: Presence,
    has_planned: bool,
    /// How contacts that were offered are carried.
    channels: BTreeMap<ContactId, Channel>,
    /// What he writes in, and how many lines he has written.
    pub(super) conversations: BTreeMap<ContactId, (Language, usize)>,
    /// Contacts whom a campaign calls.
    leads: BTreeSet<ContactId>,
    /// Contacts that are questions of colleagues.
    pub(super) questions: BTreeSet<ContactId>,
    /// Questions that he asks, and whether they are answered.
    pub(super) asking: BTreeMap<ContactId, bool>,
    /// Whom he may ask.
    pub(super) others: Vec<TransferTo>,
    /// Wrap-ups finished: dispositions are taken in turn.
    finished: usize,
}

impl Desk {
    pub fn new(agent: VirtualAgent, clock: CentreClock, ledger: Ledger) -> Desk {
        let random = ChaCha8Rng::seed_from_u64(agent.seed);
        let presence = if agent.shifts.is_empty() { Presence::Available } else { Presence::Offline };
        let (agenda, requests) = (Agenda::default(), Requests::default());
        Desk {
            agent,
            clock,
            ledger,
            random,
            agenda,
            requests,
            presence,
            has_planned: false,
            channels: BTreeMap::new(),
            conversations: BTreeMap::new(),
            leads: BTreeSet::new(),
            questions: BTreeSet::new(),
            asking: BTreeMap::new(),
            others: Vec::new(),
            finished: 0,
        }
    }

    fn now_ms(&self) -> i64 {
        self.clock.now_ms().expect("he began when the clock was set")
    }

    pub(super) fn after(&mut self, wait_ms: i64, due: Due) {
        let at_ms = self.now_ms() + wait_ms;
        self.agenda.add(at_ms, due);
    }

    pub fn plan_once(&mut self) {
        if std::mem::replace(&mut self.has_planned, true) {
            return;
        }
        for shift in self.agent.shifts.clone() {
            self.agenda.add(shift.begins_ms, Due::BeginShift);
            self.agenda.add(shift.ends_ms, Due::EndShift);
        }
        self.plan_break();
    }

    fn plan_break(&mut self) {
        if let Some(every) = self.agent.habits.break_every {
            let wait_ms = every.draw(&mut self.random);
            self.after(wait_ms, Due::TakeBreak);
        }
    }

    /// The whole screen: earlier knowledge is void.
    pub fn look_at(&mut self, snapshot: &AgentSnapshot) {
        self.agenda.drop_of_screen();
        let queues = snapshot.queues.iter().map(|choice| TransferTo::Queue(choice.queue.clone()));
        let agents = snapshot.agents.iter().map(|choice| TransferTo::Agent(choice.agent.clone()));
        self.others = queues.chain(agents).collect();
        if snapshot.agent.presence != self.presence || snapshot.agent.activity == Activity::NotResponding {
            self.set_presence(self.presence, PresenceWhen::Now);
        }
        for offered in &snapshot.offers {
            self.offered(offered, true);
        }
        for segment in &snapshot.segments {
            if segment.lead.is_some() {
                self.leads.insert(segment.contact.clone());
            }
            match segment.state {
                SegmentState::WrapUp => self.wrap_up(segment.contact.clone(), segment.segment.clone()),
                SegmentState::Held => self.after(1_000, Due::Unhold(segment.contact.clone())),
                SegmentState::Connecting | SegmentState::Talking | SegmentState::SetAside => {}
            }
        }
        self.know_what_he_asks(snapshot.consulting.as_ref());
        if let Some(asked) = &snapshot.consulting {
            // Whatever he had in mind is forgotten: back to the customer, or to work.
            self.after(1_000, Due::GiveUpAsking { contact: asked.contact.clone(), of: asked.consultation.clone() });
        }
    }

    pub fn hear(&mut self, message: AgentHears) {
        match message {
            AgentHears::AgentChanged(state) => self.changed(&state),
            AgentHears::ContactOffered(offered) => self.offered(&offered, false),
            AgentHears::OfferEnded(ended) => {
                if ended.outcome == OfferEnd::Expired {
                    self.ledger.count(|seen| seen.missed += 1);
                }
                self.agenda.drop_of_offer(&ended.offer);
            }
            AgentHears::ContactConnected(moment) => self.connected(&moment.contact),
            AgentHears::ContactSuspended(laid_down) => self.agenda.drop_of_contact(&laid_down.contact),
            AgentHears::ContactTransferred(handed_on) => self.agenda.drop_of_contact(&handed_on.contact),
            AgentHears::ContactEnded(ended) => self.agenda.drop_of_contact(&ended.contact),
            AgentHears::WrapUpStarted(started) => self.wrap_up(started.contact, started.segment),
            AgentHears::SegmentClosed(closed) => {
                self.agenda.drop_of_contact(&closed.contact);
                self.agenda.drop_wrap_up(&closed.segment);
            }
            AgentHears::PartyInvited(invited) => self.invited(&invited),
            AgentHears::PartyJoined(joined) => self.joined(&joined),
            AgentHears::PartyLeft(left) => self.alone_again(&left),
            AgentHears::ContactTakenOver(taken) => {
                self.channels.insert(taken.segment.contact.clone(), taken.segment.channel);
                self.connected(&taken.segment.contact);
            }
            AgentHears::MessageReceived(received) => self.read(&received),
            AgentHears::MessageStatus(_)
            | AgentHears::ContactTyping(_)
            | AgentHears::ContactLegLost(_)
            | AgentHears::ContactRecording(_)
            | AgentHears::ContactLegBack(_)
            | AgentHears::ContactConnecting(_)
            | AgentHears::ContactSetAside(_)
            | AgentHears::ContactTakenUp(_)
            | AgentHears::ContactHeld(_)
            | AgentHears::ContactUnheld(_)
            | AgentHears::ContactUpdated(_)
            | AgentHears::LeadNotReached(_)
            | AgentHears::WorkChanged(_) => {}
        }
    }

    fn changed(&mut self, state: &AgentState) {
        match state.activity {
            Activity::NotResponding => {
                if !self.agenda.has(&Due::ComeBack) {
                    let wait_ms = self.agent.habits.comes_back_after.draw(&mut self.random);
                    self.after(wait_ms, Due::ComeBack);
                }
            }
            Activity::Idle | Activity::Offered | Activity::Busy | Activity::WrapUp | Activity::Unreachable => {}
        }
    }

    fn offered(&mut self, offered: &ContactOffered, is_shown_again: bool) {
        self.ledger.offer_shown(&offered.offer, &self.agent.name, is_shown_again);
        let offer = offered.offer.clone();
        self.ask(AgentAsk::OfferReceived(OfferReceived { offer: offer.clone() }));
        if self.channels.len() >= CHANNELS_KNOWN_MAX {
            self.channels.pop_first();
        }
        self.channels.insert(offered.contact.id.clone(), offered.contact.channel);
        self.begin_conversation(offered);
        self.questions.retain(|contact| self.channels.contains_key(contact));
        self.leads.retain(|contact| self.channels.contains_key(contact));
        self.conversations.retain(|contact, _| self.channels.contains_key(contact));
        if offered.contact.lead.is_some() {
            self.leads.insert(offered.contact.id.clone());
        }
        if offered.contact.asked_by.is_some() {
            self.questions.insert(offered.contact.id.clone());
        }
        let habits = self.agent.habits.clone();
        match offered.accept {
            AcceptMode::Manual => {}
            // The switch lifts his phone for him, or the server has accepted it.
            AcceptMode::ByPhone | AcceptMode::Auto => return,
        }
        if happens(habits.misses, &mut self.random) {
            return;
        }
        let due = if happens(habits.declines, &mut self.random) { Due::Decline(offer) } else { Due::Accept(offer) };
        let wait_ms = habits.accepts_after.draw(&mut self.random);
        if wait_ms == 0 {
            return self.act(due);
        }
        self.after(wait_ms, due);
    }

    fn connected(&mut self, contact: &ContactId) {
        if self.questions.contains(contact) {
            // The switch hangs up for him when he has said what he knows.
            return;
        }
        let habits = self.agent.habits.clone();
        if happens(habits.holds, &mut self.random) {
            let from_ms = habits.holds_after.draw(&mut self.random);
            let for_ms = habits.holds_for.draw(&mut self.random);
            self.after(from_ms, Due::Hold(contact.clone()));
            self.after(from_ms + for_ms, Due::Unhold(contact.clone()));
        }
        match self.channels.get(contact) {
            Some(channel @ (Channel::Chat | Channel::Email)) => {
                if *channel == Channel::Chat {
                    self.mean_to_write(contact);
                }
                if happens(habits.suspends, &mut self.random) {
                    let wait_ms = habits.suspends_after.draw(&mut self.random);
                    self.after(wait_ms, Due::Suspend(contact.clone()));
                }
            }
            Some(Channel::Voice | Channel::Callback) => {
                if happens(habits.consults, &mut self.random) {
                    let wait_ms = habits.consults_after.draw(&mut self.random);
                    self.after(wait_ms, Due::Consult(contact.clone()));
                }
            }
            Some(Channel::Task) | None => {}
        }
        if happens(habits.hangs_up, &mut self.random) {
            let wait_ms = habits.hangs_up_after.draw(&mut self.random);
            self.after(wait_ms, Due::HangUp(contact.clone()));
        }
    }

    fn wrap_up(&mut self, contact: ContactId, segment: SegmentId) {
        self.agenda.drop_of_contact(&contact);
        self.agenda.drop_wrap_up(&segment);
        let wait_ms = self.agent.habits.wraps_up_in.draw(&mut self.random);
        let is_call = self.channels.get(&contact) == Some(&Channel::Voice)
            && !self.questions.contains(&contact)
            && !self.leads.contains(&contact);
        if is_call && happens(self.agent.habits.promises_callback, &mut self.random) {
            self.after(wait_ms / 2, Due::PromiseCallback(contact.clone()));
        }
        self.after(wait_ms, Due::FinishWrapUp { contact, segment });
    }

    pub fn advance(&mut self) {
        let now_ms = self.now_ms();
        while let Some(due) = self.agenda.take_due(now_ms) {
            self.act(due);
        }
    }

    fn act(&mut self, due: Due) {
        match due {
            Due::Accept(offer) => self.ask(AgentAsk::OfferAccept(OfferAccept { offer })),
            Due::Decline(offer) => {
                let reason = Some(Name::clipped("not my field"));
                self.ask(AgentAsk::OfferDecline(OfferDecline { offer, reason }));
            }
            Due::Hold(contact) => self.ask(AgentAsk::ContactHold(OwnContact { contact })),
            Due::Unhold(contact) => self.ask(AgentAsk::ContactUnhold(OwnContact { contact })),
            Due::HangUp(contact) => self.ask(AgentAsk::ContactEnd(OwnContact { contact })),
            Due::Consult(contact) => self.consult(contact),
            Due::Complete(contact) => self.ask(AgentAsk::TransferComplete(OwnContact { contact })),
            Due::Cancel(contact) => self.ask(AgentAsk::TransferCancel(OwnContact { contact })),
            Due::Swap(contact) => self.ask(AgentAsk::TransferSwap(OwnContact { contact })),
            Due::Join(contact) => self.ask(AgentAsk::ConferenceAdd(OwnContact { contact })),
            Due::GiveUpAsking { contact: Some(contact), of: _ } => {
                self.ask(AgentAsk::TransferCancel(OwnContact { contact }));
            }
            Due::GiveUpAsking { contact: None, of } => self.ask(AgentAsk::ContactLeave(OwnContact { contact: of })),
            Due::Write(contact) => self.write(contact),
            Due::Suspend(contact) => self.ask(AgentAsk::ContactSuspend(ContactSuspend { contact, until: None })),
            Due::PromiseCallback(contact) => self.promise_callback(contact),
            Due::FinishWrapUp { contact, segment } => self.finish_wrap_up(contact, segment),
            Due::ComeBack => self.set_presence(self.presence, PresenceWhen::Now),
            Due::TakeBreak => {
                self.set_presence(Presence::NotReady, PresenceWhen::AfterContact);
                let wait_ms = self.agent.habits.break_for.draw(&mut self.random);
                self.after(wait_ms, Due::EndBreak);
            }
            Due::EndBreak => {
                self.set_presence(Presence::Available, PresenceWhen::Now);
                self.plan_break();
            }
            Due::BeginShift => self.set_presence(Presence::Available, PresenceWhen::Now),
            Due::EndShift => self.set_presence(Presence::Offline, PresenceWhen::AfterContact),
            Due::AskAgain(id) => self.requests.repeat(id),
        }
    }

    fn promise_callback(&mut self, contact: ContactId) {
        let due_ms = self.now_ms() + self.agent.habits.callback_in.draw(&mut self.random);
        let by_me = happens(500, &mut self.random);
        let due = Some(Time::from_ms(due_ms));
        self.ask(AgentAsk::CallbackSchedule(CallbackSchedule { contact, to: None, queue: None, due, by_me }));
    }

    fn finish_wrap_up(&mut self, contact: ContactId, segment: SegmentId) {
        self.finished += 1;
        let said = if self.leads.remove(&contact) { self.said_of_lead() } else { self.said_of_call() };
        let disposition = said.map(Name::clipped);
        let note = Some(NoteText::clipped("Noted by a virtual agent."));
        self.ask(AgentAsk::WrapUpFinish(WrapUpFinish {
            contact,
            segment: Some(segment),
            disposition,
            note,
            callback: None,
        }));
    }

    fn said_of_call(&self) -> Option<&'static str> {
        let dispositions = &self.agent.habits.dispositions;
        dispositions.get(self.finished % dispositions.len().max(1)).copied()
    }

    fn said_of_lead(&mut self) -> Option<&'static str> {
        let draw = self.random.random_range(0..1_000);
        let mut below = 0;
        let said = self.agent.habits.says_of_leads.iter().find(|(_, share)| {
            below += share;
            draw < below
        });
        said.map(|(word, _)| *word)
    }

    fn set_presence(&mut self, presence: Presence, when: PresenceWhen) {
        self.presence = presence;
        let reason = (presence == Presence::NotReady).then(|| Name::clipped("break"));
        self.ask(AgentAsk::PresenceSet(PresenceSet { presence, reason, when }));
    }

    pub(super) fn ask(&mut self, ask: AgentAsk) {
        self.requests.add(Ask::Agent(ask));
    }

    pub fn answered(&mut self, id: &RequestId, refusal: Option<ErrorKind>) {
        if !self.requests.is_open(id) {
            return;
        }
        if let Some(wait) = refusal.as_ref().and_then(retry_after) {
            let wait_ms = self.centre_ms(wait);
            return self.after(wait_ms, Due::AskAgain(id.clone()));
        }
        let Some(ask) = self.requests.answered(id) else { return };
        match (ask, refusal) {
            (Ask::Agent(AgentAsk::OfferAccept(_)), None) => self.ledger.count(|seen| seen.accepted += 1),
            (Ask::Agent(AgentAsk::OfferDecline(_)), None) => self.ledger.count(|seen| seen.declined += 1),
            (Ask::Agent(AgentAsk::CallbackSchedule(_)), None) => self.ledger.count(|seen| seen.promised += 1),
            // Another was first, the caller left, or time was up.
            (Ask::Agent(AgentAsk::OfferAccept(_) | AgentAsk::OfferDecline(_)), Some(ErrorKind::OfferGone { .. })) => {
                self.ledger.count(|seen| seen.gone += 1);
            }
            // The talk was over before he had finished his sentence.
            (
                Ask::Writing(_),
                Some(ErrorKind::UnknownContact { .. } | ErrorKind::NotYours { .. } | ErrorKind::ContactEnded { .. }),
            ) => {}
            (ask, Some(kind)) => {
                tracing::debug!(agent.id = %self.agent.name, method = ask.method(), refusal = %kind, "refused");
                self.ledger.count(|seen| seen.refusals += 1);
            }
            (Ask::Writing(_), None) => self.ledger.count(|seen| seen.written += 1),
            (
                Ask::Agent(
                    AgentAsk::PresenceSet(_)
                    | AgentAsk::PresenceLogOut(_)
                    | AgentAsk::TransferComplete(_)
                    | AgentAsk::TransferCancel(_)
                    | AgentAsk::TransferSwap(_)
                    | AgentAsk::ConferenceAdd(_)
                    | AgentAsk::ConferenceRemove(_)
                    | AgentAsk::ContactLeave(_)
                    | AgentAsk::ContactEscalate(_)
                    | AgentAsk::OfferReceived(_)
                    | AgentAsk::ContactTake(_)
                    | AgentAsk::LeadNext(_)
                    | AgentAsk::ContactHold(_)
                    | AgentAsk::ContactDtmf(_)
                    | AgentAsk::RecordingPause(_)
                    | AgentAsk::RecordingResume(_)
                    | AgentAsk::ContactUnhold(_)
                    | AgentAsk::ContactTransfer(_)
                    | AgentAsk::ContactSuspend(_)
                    | AgentAsk::ContactEnd(_)
                    | AgentAsk::ContactCustomer(_)
                    | AgentAsk::TransferTargets(_)
                    | AgentAsk::FiguresShow(_)
                    | AgentAsk::WrapUpFinish(_)
                    | AgentAsk::WrapUpExtend(_),
                ),
                None,
            ) => {}
        }
    }

    fn centre_ms(&self, wall: Duration) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "waits are seconds")]
        let ms = (wall.as_secs_f64() * 1_000.0 * self.clock.speed()) as i64;
        ms
    }
}
