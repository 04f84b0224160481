//! Runs a router beside the model and compares, event by event. Mends nothing.

use super::invariants::Ledger;
use super::model::Model;
use super::routes::Routes;
use crate::routing::command::{Action, Command};
use crate::routing::event::Event;
use crate::routing::ids::EventNo;
use crate::routing::refusal::Refusal;
use crate::routing::time::Timestamp;

/// A router, the model that predicts it, and all that the router has said.
pub struct Referee<R: Routes> {
    router: R,
    model: Model,
    ledger: Ledger,
    journal: Vec<Event>,
    /// Up to here events were written as JSON and were the same when read.
    journal_read: usize,
    kept: Option<KeptSnapshot>,
    /// Of so many commands, one is followed by a look at the whole.
    whole_every: u64,
    commands: u64,
}

struct KeptSnapshot {
    after: usize,
    bytes: Vec<u8>,
}

/// From what a router is built again after a crash.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rebuild {
    FromJournal,
    /// The last snapshot kept, then the events after it.
    FromSnapshot,
}

/// The router did something else than what must happen.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("at {at} ms, {on}:\n  {fault}")]
pub struct Mismatch {
    pub at: i64,
    /// The command, or what passed.
    pub on: String,
    pub fault: Fault,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    #[error("expected and got differ:\n{0}")]
    Differs(String),
    #[error("broken: {0}")]
    Broken(String),
}

impl<R: Routes> Default for Referee<R> {
    fn default() -> Self {
        Referee {
            router: R::empty(),
            model: Model::default(),
            ledger: Ledger::default(),
            journal: Vec::new(),
            journal_read: 0,
            kept: None,
            whole_every: 1,
            commands: 0,
        }
    }
}

impl<R: Routes> Referee<R> {
    /// Everything that is said is compared at once, what is kept inside only every `whole_every`
    /// commands and in the end.
    #[must_use]
    pub fn looking_whole_every(whole_every: u64) -> Self {
        Referee { whole_every, ..Referee::default() }
    }

    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Lets time pass up to `now`.
    ///
    /// # Errors
    /// When the router did not do what must happen.
    pub fn pass(&mut self, now: Timestamp) -> Result<Vec<Event>, Mismatch> {
        let (expected, after) = std::mem::take(&mut self.model).after_time(now);
        self.model = after;
        let got = self.router.advance_to(now);
        let on = || "time passed".to_owned();
        if expected != got {
            return Err(differs(now, on(), &Ok(expected), &Ok(got)));
        }
        self.enter(now, on, &got)?;
        if self.router.next_deadline().is_some_and(|next| next <= now) {
            return Err(broken(now, on(), "the next deadline is not after now"));
        }
        if self.whole_every == 1 {
            self.check_whole(now, on)?;
        }
        Ok(got)
    }

    /// Time up to `now`, except before `Resume`, and then the command.
    ///
    /// # Errors
    /// When the router did not do what must happen.
    pub fn command(&mut self, command: &Command, now: Timestamp) -> Result<Done, Mismatch> {
        let mut done = Done::default();
        if !matches!(command.action, Action::Resume { .. }) {
            done.events = self.pass(now)?;
        }
        let on = || serde_json::to_string(command).unwrap_or_else(|error| error.to_string());
        let expected = self.model.after_command(command, now);
        let before = expected.is_err().then(|| self.router.snapshot());
        match (expected, self.router.handle(command.clone(), now)) {
            (Ok((expected, after)), Ok(got)) if expected == got => {
                self.model = after;
                self.enter(now, on, &got)?;
                done.caused = got.len();
                done.events.extend(got);
            }
            (Err(expected), Err(got)) if expected == got => {
                if Some(self.router.snapshot()) != before {
                    return Err(broken(now, on(), "a refused command changed the state"));
                }
                done.refused = Some(got);
            }
            (expected, got) => {
                return Err(differs(now, on(), &expected.map(|(events, _)| events), &got));
            }
        }
        self.commands += 1;
        if self.commands.is_multiple_of(self.whole_every) {
            self.check_whole(now, on)?;
        }
        Ok(done)
    }

    /// The end of a history: the whole, and the same again from the journal.
    ///
    /// # Errors
    /// What is not as it must be.
    pub fn finish(&mut self, now: Timestamp) -> Result<(), Mismatch> {
        self.pass(now)?;
        let on = || "the history ended".to_owned();
        self.check_whole(now, on)?;
        self.read_journal().map_err(|what| broken(now, on(), &what))?;
        let mut rebuilt = R::empty();
        self.journal.iter().for_each(|event| rebuilt.evolve(event));
        self.check_rebuilt(now, Rebuild::FromJournal, &rebuilt)
    }

    /// Goes on with the events as they were read from JSON, each once.
    fn read_journal(&mut self) -> Result<(), String> {
        for event in &mut self.journal[self.journal_read..] {
            let text = serde_json::to_string(event).map_err(|error| error.to_string())?;
            let read: Event = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            if read != *event {
                return Err(format!("an event is another after JSON: {text}"));
            }
            *event = read;
        }
        self.journal_read = self.journal.len();
        Ok(())
    }

    fn check_whole(&self, now: Timestamp, on: impl Fn() -> String) -> Result<(), Mismatch> {
        self.router.check_itself().map_err(|what| broken(now, on(), &what))?;
        self.ledger.check(&self.model).map_err(|what| broken(now, on(), &what))
    }

    fn check_rebuilt(&self, now: Timestamp, from: Rebuild, rebuilt: &R) -> Result<(), Mismatch> {
        let (live, again) = (self.router.snapshot(), rebuilt.snapshot());
        if live == again {
            return Ok(());
        }
        let difference = first_difference(&format!("{live:#?}"), &format!("{again:#?}"));
        Err(broken(now, format!("the router was built again {from:?}"), &difference))
    }

    /// Keeps a snapshot as bytes, for a later crash.
    ///
    /// # Errors
    /// When the bytes do not give the same snapshot again.
    pub fn keep_snapshot(&mut self, now: Timestamp) -> Result<(), Mismatch> {
        let snapshot = self.router.snapshot();
        let fault = |what: &str| broken(now, "a snapshot was kept".to_owned(), what);
        let bytes = postcard::to_stdvec(&snapshot).map_err(|error| fault(&error.to_string()))?;
        let again: R::Snapshot = postcard::from_bytes(&bytes).map_err(|error| fault(&error.to_string()))?;
        if again != snapshot {
            return Err(fault("it is another after postcard"));
        }
        // What a pruned journal begins with.
        let json = serde_json::to_vec(&snapshot).map_err(|error| fault(&error.to_string()))?;
        let again: R::Snapshot = serde_json::from_slice(&json).map_err(|error| fault(&error.to_string()))?;
        if again != snapshot {
            return Err(fault("it is another after JSON"));
        }
        self.kept = Some(KeptSnapshot { after: self.journal.len(), bytes });
        Ok(())
    }

    /// Builds the router again and goes on with that one.
    ///
    /// # Errors
    /// When it is not the same, whole.
    pub fn crash(&mut self, from: Rebuild, now: Timestamp) -> Result<(), Mismatch> {
        let fault = |what: &str| broken(now, format!("the router was built again {from:?}"), what);
        self.read_journal().map_err(|what| fault(&what))?;
        let (mut rebuilt, tail) = match (from, &self.kept) {
            (Rebuild::FromSnapshot, Some(kept)) => {
                let snapshot = postcard::from_bytes(&kept.bytes).map_err(|error| fault(&error.to_string()))?;
                (R::restore(snapshot), &self.journal[kept.after..])
            }
            (Rebuild::FromSnapshot, None) | (Rebuild::FromJournal, _) => (R::empty(), &self.journal[..]),
        };
        tail.iter().for_each(|event| rebuilt.evolve(event));
        self.check_rebuilt(now, from, &rebuilt)?;
        self.router = rebuilt;
        Ok(())
    }

    /// Into the books.
    fn enter(&mut self, now: Timestamp, on: impl Fn() -> String, events: &[Event]) -> Result<(), Mismatch> {
        for event in events {
            self.ledger.enter(event).map_err(|what| broken(now, on(), &what))?;
        }
        self.journal.extend_from_slice(events);
        if self.router.event_no() != EventNo(self.journal.len() as u64) {
            return Err(broken(now, on(), "the event numbers have a gap"));
        }
        Ok(())
    }
}

/// What a command did, and what time did before it.
#[derive(Clone, Debug, Default)]
pub struct Done {
    pub events: Vec<Event>,
    /// How many of them the command itself caused: the last ones.
    pub caused: usize,
    pub refused: Option<Refusal>,
}

fn differs(
    now: Timestamp,
    on: String,
    expected: &Result<Vec<Event>, Refusal>,
    got: &Result<Vec<Event>, Refusal>,
) -> Mismatch {
    let difference = first_difference(&lines(expected), &lines(got));
    Mismatch { at: now.0, on, fault: Fault::Differs(difference) }
}

fn broken(now: Timestamp, on: String, what: &str) -> Mismatch {
    Mismatch { at: now.0, on, fault: Fault::Broken(what.to_owned()) }
}

fn lines(answer: &Result<Vec<Event>, Refusal>) -> String {
    let text = |event: &Event| serde_json::to_string(event).unwrap_or_else(|error| error.to_string());
    match answer {
        Ok(events) if events.is_empty() => "nothing".to_owned(),
        Ok(events) => events.iter().map(text).collect::<Vec<_>>().join("\n"),
        Err(refusal) => format!("refused: {refusal} {refusal:?}"),
    }
}

/// Both texts from their first difference on, a few lines before and after it.
fn first_difference(expected: &str, got: &str) -> String {
    const AROUND: usize = 6;
    let (expected, got): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), got.lines().collect());
    let same = expected.iter().zip(&got).take_while(|(one, other)| one == other).count();
    let mut out = String::new();
    for line in &expected[same.saturating_sub(AROUND)..same] {
        out += &format!("    = {line}\n");
    }
    for (sign, side) in [("expected", &expected), ("got", &got)] {
        for line in side.iter().skip(same).take(AROUND) {
            out += &format!("    {sign}: {line}\n");
        }
    }
    out
}
