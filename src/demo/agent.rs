//! One virtual person at a console: available, answers offers, talks, finishes up, takes breaks. He
//! never looks past his own screen.

use std::collections::BTreeMap;
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio::sync::watch;
use uuid::Uuid;

use super::client::{Client, Closed, Door, Heard, OpenError, retry_after};
use super::clock::CentreClock;
use super::gateway::told_to_stop;
use super::habits::{Habits, happens};
use super::ledger::Ledger;
use super::reconnect::ReconnectDelay;
use super::recorded::Shift;
use crate::protocol::{
    Activity, AgentAsk, AgentHears, AgentName, AgentSnapshot, AgentState, ContactId, ContactOffered, ErrorKind,
    Message, Name, OfferAccept, OfferDecline, OfferId, OfferReceived, OwnContact, Presence, PresenceSet, PresenceWhen,
    RequestId, Resume, Secret, SegmentId, SegmentState, ServerMessage, SessionOpened, Snapshot, Text, WrapUpFinish,
};

/// Who somebody is and how he works.
#[derive(Clone, Debug)]
pub struct VirtualAgent {
    pub name: AgentName,
    pub habits: Habits,
    /// When he is on duty; empty: always.
    pub shifts: Vec<Shift>,
    pub seed: u64,
}

/// What he will do at some moment.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Due {
    Accept(OfferId),
    Decline(OfferId),
    Hold(ContactId),
    Unhold(ContactId),
    HangUp(ContactId),
    FinishWrapUp { contact: ContactId, segment: SegmentId },
    ComeBack,
    TakeBreak,
    EndBreak,
    BeginShift,
    EndShift,
    AskAgain(RequestId),
}

struct Desk {
    agent: VirtualAgent,
    clock: CentreClock,
    ledger: Ledger,
    random: ChaCha8Rng,
    due: BTreeMap<(i64, u64), Due>,
    last_due: u64,
    /// Requests without an answer yet, by their UUIDs: repeated as they are after a broken socket.
    asked: BTreeMap<RequestId, AgentAsk>,
    outbox: Vec<RequestId>,
    /// What he wants to be now.
    presence: Presence,
    has_planned: bool,
}

/// Works until `stop` says so.
///
/// # Errors
/// When the server refuses him for good.
pub async fn run_agent(
    door: Door,
    agent: VirtualAgent,
    mut clock: CentreClock,
    ledger: Ledger,
    mut stop: watch::Receiver<bool>,
) -> Result<(), OpenError> {
    tokio::select! {
        () = clock.is_set() => {}
        () = told_to_stop(&mut stop) => return Ok(()),
    }
    let mut delay = ReconnectDelay::new(ChaCha8Rng::seed_from_u64(agent.seed ^ 1));
    let mut desk = Desk::new(agent, clock, ledger);
    let mut resume: Option<Resume> = None;
    let mut has_been_open = false;
    loop {
        let opening = tokio::select! {
            opened = Client::open(&door, resume.clone()) => opened,
            () = told_to_stop(&mut stop) => return Ok(()),
        };
        let again_after = match opening {
            Ok((mut client, opened)) => {
                delay.succeeded();
                desk.count_opening(opened.resumed, has_been_open);
                has_been_open = true;
                let token: Secret = opened.resume_token.clone();
                let Some(closed) = desk.serve(&mut client, &opened, &mut stop).await else {
                    client.log_out().await;
                    return Ok(());
                };
                resume = Some(Resume { token, seq: client.last_seq() });
                closed.retry_after
            }
            Err(error) if error.is_final() => return Err(error),
            Err(error) => error.retry_after(),
        };
        tokio::select! {
            () = tokio::time::sleep(delay.next(again_after)) => {}
            () = told_to_stop(&mut stop) => return Ok(()),
        }
    }
}

impl Desk {
    fn new(agent: VirtualAgent, clock: CentreClock, ledger: Ledger) -> Desk {
        let random = ChaCha8Rng::seed_from_u64(agent.seed);
        let presence = if agent.shifts.is_empty() { Presence::Available } else { Presence::Offline };
        Desk {
            agent,
            clock,
            ledger,
            random,
            due: BTreeMap::new(),
            last_due: 0,
            asked: BTreeMap::new(),
            outbox: Vec::new(),
            presence,
            has_planned: false,
        }
    }

    fn count_opening(&self, is_resumed: bool, has_been_open: bool) {
        self.ledger.count(|seen| match (is_resumed, has_been_open) {
            (true, _) => seen.resumed += 1,
            (false, true) => seen.reopened += 1,
            (false, false) => {}
        });
    }

    /// None: he was told to stop.
    async fn serve(
        &mut self,
        client: &mut Client,
        opened: &SessionOpened,
        stop: &mut watch::Receiver<bool>,
    ) -> Option<Closed> {
        self.plan_once();
        self.outbox = self.asked.keys().cloned().collect();
        if let Some(Snapshot::Agent(snapshot)) = &opened.snapshot {
            self.look_at(snapshot);
        }
        loop {
            for id in std::mem::take(&mut self.outbox) {
                if let Some(ask) = self.asked.get(&id)
                    && client.ask(&id, ask).await.is_err()
                {
                    return Some(Closed::default());
                }
            }
            let due_ms = self.due.first_key_value().map(|((at_ms, _), _)| *at_ms);
            tokio::select! {
                heard = client.next() => match heard {
                    Heard::Told { message: ServerMessage::Agent(message), .. } => self.hear(*message),
                    Heard::Told { .. } => {}
                    Heard::Answered { id, answer } => {
                        self.answered(&id, answer.err().map(|error| error.kind().unwrap_or(ErrorKind::Internal)));
                    }
                    Heard::Gap { .. } => self.ledger.count(|seen| seen.gaps += 1),
                    Heard::Unreadable(what) => {
                        tracing::warn!(agent.id = %self.agent.name, what, "the server said what an agent cannot read");
                        self.ledger.count(|seen| seen.unreadable += 1);
                    }
                    Heard::Closed(closed) => return Some(closed),
                },
                () = self.clock.until(due_ms) => self.advance(),
                () = told_to_stop(stop) => return None,
            }
        }
    }

    fn now_ms(&self) -> i64 {
        self.clock.now_ms().expect("he began when the clock was set")
    }

    fn after(&mut self, wait_ms: i64, due: Due) {
        let at_ms = self.now_ms() + wait_ms;
        self.at(at_ms, due);
    }

    fn at(&mut self, at_ms: i64, due: Due) {
        self.last_due += 1;
        self.due.insert((at_ms, self.last_due), due);
    }

    fn drop_due(&mut self, is_void: impl Fn(&Due) -> bool) {
        self.due.retain(|_, due| !is_void(due));
    }

    fn plan_once(&mut self) {
        if std::mem::replace(&mut self.has_planned, true) {
            return;
        }
        for shift in self.agent.shifts.clone() {
            self.at(shift.begins_ms, Due::BeginShift);
            self.at(shift.ends_ms, Due::EndShift);
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
    fn look_at(&mut self, snapshot: &AgentSnapshot) {
        self.drop_due(|due| match due {
            Due::Accept(_)
            | Due::Decline(_)
            | Due::Hold(_)
            | Due::Unhold(_)
            | Due::HangUp(_)
            | Due::FinishWrapUp { .. }
            | Due::ComeBack => true,
            Due::TakeBreak | Due::EndBreak | Due::BeginShift | Due::EndShift | Due::AskAgain(_) => false,
        });
        if snapshot.agent.presence != self.presence || snapshot.agent.activity == Activity::NotResponding {
            self.set_presence(self.presence, PresenceWhen::Now);
        }
        for offered in &snapshot.offers {
            self.offered(offered, true);
        }
        for segment in &snapshot.segments {
            match segment.state {
                SegmentState::WrapUp => self.wrap_up(segment.contact.clone(), segment.segment.clone()),
                SegmentState::Held => self.after(1_000, Due::Unhold(segment.contact.clone())),
                SegmentState::Connecting | SegmentState::Talking => {}
            }
        }
    }

    fn hear(&mut self, message: AgentHears) {
        match message {
            AgentHears::AgentChanged(state) => self.changed(&state),
            AgentHears::ContactOffered(offered) => self.offered(&offered, false),
            AgentHears::OfferEnded(ended) => {
                let offer = ended.offer;
                self.drop_due(|due| *due == Due::Accept(offer.clone()) || *due == Due::Decline(offer.clone()));
            }
            AgentHears::ContactConnected(moment) => self.connected(&moment.contact),
            AgentHears::ContactTransferred(handed_on) => self.contact_gone(&handed_on.contact),
            AgentHears::ContactEnded(ended) => self.contact_gone(&ended.contact),
            AgentHears::WrapUpStarted(started) => self.wrap_up(started.contact, started.segment),
            AgentHears::SegmentClosed(closed) => {
                self.contact_gone(&closed.contact);
                self.drop_due(|due| matches!(due, Due::FinishWrapUp { segment, .. } if *segment == closed.segment));
            }
            AgentHears::ContactConnecting(_)
            | AgentHears::ContactHeld(_)
            | AgentHears::ContactUnheld(_)
            | AgentHears::ContactUpdated(_) => {}
        }
    }

    fn changed(&mut self, state: &AgentState) {
        match state.activity {
            Activity::NotResponding => {
                if !self.due.values().any(|due| *due == Due::ComeBack) {
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
        let habits = self.agent.habits.clone();
        if happens(habits.misses, &mut self.random) {
            self.ledger.count(|seen| seen.missed += 1);
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
        let habits = self.agent.habits.clone();
        if happens(habits.holds, &mut self.random) {
            let from_ms = habits.holds_after.draw(&mut self.random);
            let for_ms = habits.holds_for.draw(&mut self.random);
            self.after(from_ms, Due::Hold(contact.clone()));
            self.after(from_ms + for_ms, Due::Unhold(contact.clone()));
        }
        if happens(habits.hangs_up, &mut self.random) {
            let wait_ms = habits.hangs_up_after.draw(&mut self.random);
            self.after(wait_ms, Due::HangUp(contact.clone()));
        }
    }

    fn contact_gone(&mut self, gone: &ContactId) {
        self.drop_due(|due| match due {
            Due::Hold(contact) | Due::Unhold(contact) | Due::HangUp(contact) => contact == gone,
            Due::Accept(_)
            | Due::Decline(_)
            | Due::FinishWrapUp { .. }
            | Due::ComeBack
            | Due::TakeBreak
            | Due::EndBreak
            | Due::BeginShift
            | Due::EndShift
            | Due::AskAgain(_) => false,
        });
    }

    fn wrap_up(&mut self, contact: ContactId, segment: SegmentId) {
        self.contact_gone(&contact);
        self.drop_due(|due| matches!(due, Due::FinishWrapUp { segment: planned, .. } if *planned == segment));
        let wait_ms = self.agent.habits.wraps_up_in.draw(&mut self.random);
        self.after(wait_ms, Due::FinishWrapUp { contact, segment });
    }

    fn advance(&mut self) {
        let now_ms = self.now_ms();
        while let Some(first) = self.due.first_entry().filter(|first| first.key().0 <= now_ms) {
            let due = first.remove();
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
            Due::AskAgain(id) => self.outbox.push(id),
        }
    }

    fn finish_wrap_up(&mut self, contact: ContactId, segment: SegmentId) {
        let dispositions = &self.agent.habits.dispositions;
        let number = usize::try_from(self.last_due).unwrap_or(0);
        let disposition = dispositions.get(number % dispositions.len().max(1)).map(|word| Name::clipped(word));
        let note = Some(Text::clipped("Noted by a virtual agent."));
        self.ask(AgentAsk::WrapUpFinish(WrapUpFinish { contact, segment: Some(segment), disposition, note }));
    }

    fn set_presence(&mut self, presence: Presence, when: PresenceWhen) {
        self.presence = presence;
        let reason = (presence == Presence::NotReady).then(|| Name::clipped("break"));
        self.ask(AgentAsk::PresenceSet(PresenceSet { presence, reason, when }));
    }

    fn ask(&mut self, ask: AgentAsk) {
        let id = RequestId::Text(Uuid::new_v4().to_string());
        self.asked.insert(id.clone(), ask);
        self.outbox.push(id);
    }

    fn answered(&mut self, id: &RequestId, refusal: Option<ErrorKind>) {
        let Some(ask) = self.asked.get(id) else { return };
        if let Some(wait) = refusal.as_ref().and_then(retry_after) {
            let wait_ms = self.centre_ms(wait);
            return self.after(wait_ms, Due::AskAgain(id.clone()));
        }
        match (ask, refusal) {
            (AgentAsk::OfferAccept(_), None) => self.ledger.count(|seen| seen.accepted += 1),
            (AgentAsk::OfferDecline(_), None) => self.ledger.count(|seen| seen.declined += 1),
            (ask, Some(kind)) => {
                tracing::debug!(agent.id = %self.agent.name, method = ask.method(), refusal = %kind, "refused");
                self.ledger.count(|seen| seen.refusals += 1);
            }
            (
                AgentAsk::PresenceSet(_)
                | AgentAsk::OfferReceived(_)
                | AgentAsk::ContactHold(_)
                | AgentAsk::ContactUnhold(_)
                | AgentAsk::ContactTransfer(_)
                | AgentAsk::ContactEnd(_)
                | AgentAsk::WrapUpFinish(_)
                | AgentAsk::WrapUpExtend(_),
                None,
            ) => {}
        }
        self.asked.remove(id);
    }

    fn centre_ms(&self, wall: Duration) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "waits are seconds")]
        let ms = (wall.as_secs_f64() * 1_000.0 * self.clock.speed()) as i64;
        ms
    }
}
