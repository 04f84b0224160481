//! Plays a history against the referee and counts what it reached. Prints nothing itself.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::minimise::minimise;
use super::steps::{Step, Steps, What};
use super::{kinds, steps};
use crate::routing::command::{Action, Command, PresenceWhen};
use crate::routing::event::{Fact, QueuedBy};
use crate::routing::ids::{ContactId, VisitId};
use crate::routing::time::Timestamp;
use crate::routing::why::Why;
use crate::simulator::referee::check::{Fault, Mismatch, Referee};
use crate::simulator::referee::routes::Routes;
use crate::simulator::scenario;

/// How often each kind of event, of decision and of refusal was reached.
pub type Counts = BTreeMap<&'static str, u64>;

/// When histories begin, in milliseconds; scenarios begin at the same.
pub const START: Timestamp = Timestamp(0);

/// Of so many commands of a history, one is followed by a look at the whole state. A failure is
/// played again and made small with a look after each.
const WHOLE_EVERY: u64 = 16;

#[derive(Debug, thiserror::Error)]
#[error("seed {seed}: {mismatch}\n\nminimal, {} of {commands} steps:\n{scenario}", steps.len())]
pub struct Failure {
    pub seed: u64,
    pub commands: u64,
    /// Of the minimal history.
    pub mismatch: Box<Mismatch>,
    pub steps: Vec<steps::Step>,
    /// The same, as a scenario file.
    pub scenario: String,
}

/// Plays the history of this seed.
///
/// # Errors
/// When the router and the referee disagree: the smallest history that shows it.
pub fn run<R: Routes>(seed: u64, commands: u64) -> Result<Counts, Failure> {
    run_as_it_came::<R>(seed, commands).map_err(|(played, mismatch)| smallest::<R>(seed, commands, &played, mismatch))
}

/// Plays the history of this seed; a failure comes with all steps up to it.
///
/// # Errors
/// When the router and the referee disagree.
pub(crate) fn run_as_it_came<R: Routes>(seed: u64, commands: u64) -> Result<Counts, (Vec<Step>, Mismatch)> {
    let mut made = Steps::new(seed);
    let mut played = Vec::new();
    let mut play = Play::<R> { referee: Referee::looking_whole_every(WHOLE_EVERY), ..Play::default() };
    for number in 0..commands {
        let step = made.next(number, play.referee.model(), play.now);
        played.push(step.clone());
        if let Err(mismatch) = play.step_or_panic(&step) {
            return Err((played, mismatch));
        }
    }
    match play.finish() {
        Ok(()) => Ok(play.counts),
        Err(mismatch) => Err((played, mismatch)),
    }
}

fn smallest<R: Routes>(seed: u64, commands: u64, played: &[Step], first: Mismatch) -> Failure {
    let first_is_differs = matches!(first.fault, Fault::Differs(_));
    let same_fault = |fault: &Fault| matches!(fault, Fault::Differs(_)) == first_is_differs;
    let fails = |steps: &[Step]| replay::<R>(steps).err().is_some_and(|mismatch| same_fault(&mismatch.fault));
    let steps = minimise(played, fails);
    let mismatch = Box::new(replay::<R>(&steps).err().unwrap_or(first));
    let scenario = scenario::written(&format!("seed {seed}"), &steps);
    Failure { seed, commands, mismatch, steps, scenario }
}

/// Plays these steps from the beginning.
///
/// # Errors
/// The first disagreement.
pub fn replay<R: Routes>(steps: &[Step]) -> Result<Counts, Mismatch> {
    let mut play = Play::<R>::default();
    for step in steps {
        play.step_or_panic(step)?;
    }
    play.finish()?;
    Ok(play.counts)
}

struct Play<R: Routes> {
    referee: Referee<R>,
    now: Timestamp,
    counts: Counts,
    /// Transferred outside, and not there yet.
    on_the_way: BTreeSet<ContactId>,
    /// Of work, where it first waited.
    work: BTreeSet<VisitId>,
    campaigns: kinds::CampaignNews,
}

impl<R: Routes> Default for Play<R> {
    fn default() -> Self {
        Play {
            referee: Referee::default(),
            now: START,
            counts: Counts::new(),
            on_the_way: BTreeSet::new(),
            work: BTreeSet::new(),
            campaigns: kinds::CampaignNews::default(),
        }
    }
}

impl<R: Routes> Play<R> {
    fn step_or_panic(&mut self, step: &Step) -> Result<(), Mismatch> {
        let now = self.now + step.after;
        or_panicked(now, || told(step), || self.step(step))
    }

    fn finish(&mut self) -> Result<(), Mismatch> {
        or_panicked(self.now, || "the history ended".to_owned(), || self.referee.finish(self.now))
    }

    fn step(&mut self, step: &Step) -> Result<(), Mismatch> {
        self.now = self.now + step.after;
        match &step.what {
            What::KeepSnapshot => {
                self.referee.pass(self.now)?;
                self.referee.keep_snapshot(self.now)
            }
            What::Crash(from) => {
                self.referee.pass(self.now)?;
                self.referee.crash(*from, self.now)
            }
            What::Command { command, again } => {
                self.command(command)?;
                if *again { self.again(command) } else { Ok(()) }
            }
        }
    }

    fn command(&mut self, command: &Command) -> Result<usize, Mismatch> {
        let before = kinds::is_about_list(&command.action).then(|| self.referee.model().clone());
        let done = self.referee.command(command, self.now)?;
        for event in &done.events {
            *self.counts.entry(kinds::of_fact(&event.fact)).or_default() += 1;
            if let Some(kind) = kinds::of_callback(&event.fact) {
                *self.counts.entry(kind).or_default() += 1;
            }
            if let Some(kind) = kinds::of_consultation(&event.fact) {
                *self.counts.entry(kind).or_default() += 1;
            }
            if let Fact::ContactOffered { why: Why { decided_by: Some(decided_by), .. }, .. } = &event.fact {
                *self.counts.entry(kinds::of_decision(*decided_by)).or_default() += 1;
            }
            if let Fact::ExitTaken { exit, action, .. } = &event.fact {
                *self.counts.entry(kinds::of_exit(*exit)).or_default() += 1;
                *self.counts.entry(kinds::of_exit_action(action)).or_default() += 1;
            }
            if let Some(kind) = kinds::of_order(&event.fact) {
                *self.counts.entry(kind).or_default() += 1;
            }
            if self.is_work_known_late(&event.fact) {
                *self.counts.entry("work.known_late").or_default() += 1;
            }
            if let Some(kind) = self.of_transfer(&event.fact) {
                *self.counts.entry(kind).or_default() += 1;
            }
            for kind in self.campaigns.of(event) {
                *self.counts.entry(kind).or_default() += 1;
            }
            for kind in kinds::of_entry(&event.fact) {
                *self.counts.entry(kind).or_default() += 1;
            }
            if let Some(kind) = kinds::of_waiting_on(&event.fact) {
                *self.counts.entry(kind).or_default() += 1;
            }
        }
        for kind in kinds::of_turn(self.referee.model(), &done.events) {
            *self.counts.entry(kind).or_default() += 1;
        }
        for kind in kinds::of_holds(self.referee.model()) {
            *self.counts.entry(kind).or_default() += 1;
        }
        if let Some(before) = &before {
            let caused = &done.events[done.events.len() - done.caused..];
            for kind in kinds::of_command(&command.action, before, caused, done.refused.as_ref()) {
                *self.counts.entry(kind).or_default() += 1;
            }
        }
        if let Some(refusal) = &done.refused {
            *self.counts.entry(kinds::of_refusal(refusal)).or_default() += 1;
        }
        *self.counts.entry("commands").or_default() += 1;
        Ok(done.caused)
    }

    /// More is known of the customer of a piece of work that waits where it came to.
    fn is_work_known_late(&mut self, fact: &Fact) -> bool {
        if let Fact::ContactQueued { visit, cause: QueuedBy::Work, .. } = fact {
            self.work.insert(*visit);
        }
        let Fact::ContactUpdated { contact, details, .. } = fact else { return false };
        let of_customer = details.plain().is_some_and(|plain| plain.attributes.get("customer").is_some());
        let waiting = self.referee.model().contacts.get(contact).and_then(|known| known.waiting());
        of_customer && waiting.is_some_and(|visit| self.work.contains(&visit.id))
    }

    /// Who was on his way out is known before the contact's end.
    fn of_transfer(&mut self, fact: &Fact) -> Option<&'static str> {
        let kind = kinds::of_transfer(fact);
        match fact {
            Fact::ContactTransferredOutside { contact, .. } => {
                self.on_the_way.insert(*contact);
            }
            Fact::TransferFailed { contact, .. } => {
                self.on_the_way.remove(contact);
            }
            Fact::ContactEnded { contact, .. } if self.on_the_way.remove(contact) && kind.is_none() => {
                return Some("outside.ended_on_the_way");
            }
            _other => {}
        }
        kind
    }

    /// The same message once more, in the same moment: it must change nothing.
    fn again(&mut self, command: &Command) -> Result<(), Mismatch> {
        let caused = self.command(command)?;
        if caused > 0 && repeat_changes_nothing(&command.action) {
            let on = serde_json::to_string(command).unwrap_or_else(|error| error.to_string());
            let fault = Fault::Broken("a doubled message changed something".to_owned());
            return Err(Mismatch { at: self.now.0, on, fault });
        }
        Ok(())
    }
}

fn or_panicked(
    now: Timestamp,
    on: impl Fn() -> String,
    play: impl FnOnce() -> Result<(), Mismatch>,
) -> Result<(), Mismatch> {
    catch_unwind(AssertUnwindSafe(play)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let what = format!("panicked: {}", said.unwrap_or_default());
        Err(Mismatch { at: now.0, on: on(), fault: Fault::Broken(what) })
    })
}

fn told(step: &Step) -> String {
    match &step.what {
        What::Command { command, .. } => serde_json::to_string(command).unwrap_or_else(|error| error.to_string()),
        What::KeepSnapshot => "a snapshot was kept".to_owned(),
        What::Crash(from) => format!("the router was built again {from:?}"),
    }
}

/// Whether the second of two same messages must be without effect.
fn repeat_changes_nothing(action: &Action) -> bool {
    match action {
        Action::Resume { .. }
        | Action::StepClock { .. }
        | Action::GatewayLines { .. }
        | Action::Inventory { .. }
        | Action::ScheduleCallback { .. }
        | Action::MoveContact { .. }
        | Action::PrioritiseContact { .. }
        | Action::SwapConsultation { .. }
        | Action::ExtendWrapUp { .. }
        | Action::SendMessage { .. } => false,
        // whoever becomes idle may have a lead in hand at once, and then it is for after that
        Action::SetPresence { when, .. } | Action::SetPresenceOf { when, .. } => *when == PresenceWhen::Now,
        Action::ContactUpdated { event, .. } | Action::ExitKeyPressed { event, .. } => *event != 0,
        Action::MessagePassed { event, message, .. } => message.is_none() && *event != 0,
        Action::ReplaceRules { .. }
        | Action::SetCampaign { .. }
        | Action::RunCampaign { .. }
        | Action::FileLead { .. }
        | Action::WithdrawLead { .. }
        | Action::ClearAttempt { .. }
        | Action::RefuseAttempt { .. }
        | Action::TakeLead { .. }
        | Action::AttachGateway { .. }
        | Action::DetachGateway { .. }
        | Action::ContactArrived { .. }
        | Action::ContactAbandoned { .. }
        | Action::ContactConnected { .. }
        | Action::ContactEnded { .. }
        | Action::CallProgress { .. }
        | Action::OrderDone { .. }
        | Action::OrderFailed { .. }
        | Action::DeviceChanged { .. }
        | Action::RecordingTold { .. }
        | Action::OpenConsole { .. }
        | Action::CloseConsole { .. }
        | Action::AcknowledgeOffer { .. }
        | Action::AcceptOffer { .. }
        | Action::DeclineOffer { .. }
        | Action::HoldContact { .. }
        | Action::UnholdContact { .. }
        | Action::PauseRecording { .. }
        | Action::ResumeRecording { .. }
        | Action::TransferContact { .. }
        | Action::TransferOutside { .. }
        | Action::SuspendContact { .. }
        | Action::EndContact { .. }
        | Action::PartyLeft { .. }
        | Action::Consult { .. }
        | Action::CompleteConsultation { .. }
        | Action::CancelConsultation { .. }
        | Action::JoinConference { .. }
        | Action::LeaveContact { .. }
        | Action::EscalateContact { .. }
        | Action::AssignContact { .. }
        | Action::CloseContact { .. }
        | Action::PauseQueue { .. }
        | Action::ResumeQueue { .. }
        | Action::LogOut { .. }
        | Action::OpenTask { .. }
        | Action::TakeContact { .. }
        | Action::FinishWrapUp { .. } => true,
    }
}

/// Several seeds, counted together.
///
/// # Errors
/// The first failure.
pub fn run_seeds<R: Routes>(seeds: impl IntoIterator<Item = u64>, commands: u64) -> Result<Counts, Box<Failure>> {
    let mut counts = Counts::new();
    for seed in seeds {
        for (kind, count) in run::<R>(seed, commands).map_err(Box::new)? {
            *counts.entry(kind).or_default() += count;
        }
    }
    Ok(counts)
}

/// As a table for people.
#[must_use]
pub fn shown(counts: &Counts) -> String {
    counts.iter().map(|(kind, count)| format!("{count:>9} {kind}\n")).collect()
}
