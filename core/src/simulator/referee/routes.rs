//! The door to a router, as the referee and the runners need it. Holds no decision.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::model::Model;
use crate::routing::command::Command;
use crate::routing::event::Event;
use crate::routing::ids::EventNo;
use crate::routing::refusal::Refusal;
use crate::routing::router::ContactRouter;
use crate::routing::snapshot::Snapshot;
use crate::routing::time::Timestamp;

/// What answers commands as the router does.
pub trait Routes: Sized {
    /// The whole state, comparable and storable.
    type Snapshot: Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned;

    fn empty() -> Self;

    /// Nothing may be due at or before `now`, except when the command is `Resume`.
    ///
    /// # Errors
    /// When the command is refused; nothing changed.
    fn handle(&mut self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal>;

    /// Fires every deadline due up to `now`, each at its own time.
    fn advance_to(&mut self, now: Timestamp) -> Vec<Event>;
    fn next_deadline(&self) -> Option<Timestamp>;
    fn evolve(&mut self, event: &Event);
    fn snapshot(&self) -> Self::Snapshot;
    fn restore(snapshot: Self::Snapshot) -> Self;
    fn event_no(&self) -> EventNo;

    /// Whether what it keeps ready is what its state gives.
    ///
    /// # Errors
    /// What differs.
    fn check_itself(&self) -> Result<(), String> {
        Ok(())
    }
}

impl Routes for ContactRouter {
    type Snapshot = Snapshot;

    fn empty() -> Self {
        ContactRouter::new()
    }
    fn handle(&mut self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        ContactRouter::handle(self, command, now)
    }
    fn advance_to(&mut self, now: Timestamp) -> Vec<Event> {
        ContactRouter::advance_to(self, now)
    }
    fn next_deadline(&self) -> Option<Timestamp> {
        ContactRouter::next_deadline(self)
    }
    fn evolve(&mut self, event: &Event) {
        ContactRouter::evolve(self, event);
    }
    fn snapshot(&self) -> Snapshot {
        ContactRouter::snapshot(self)
    }
    fn restore(snapshot: Snapshot) -> Self {
        ContactRouter::restore(snapshot)
    }
    fn event_no(&self) -> EventNo {
        ContactRouter::event_no(self)
    }
    fn check_itself(&self) -> Result<(), String> {
        self.check_index()
    }
}

/// The model routes, too: so the runners and the mutants do not need the router.
impl Routes for Model {
    type Snapshot = Model;

    fn empty() -> Self {
        Model::default()
    }
    fn handle(&mut self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let (events, after) = self.after_command(&command, now)?;
        *self = after;
        Ok(events)
    }
    fn advance_to(&mut self, now: Timestamp) -> Vec<Event> {
        let (events, after) = std::mem::take(self).after_time(now);
        *self = after;
        events
    }
    fn next_deadline(&self) -> Option<Timestamp> {
        Model::next_deadline(self)
    }
    fn evolve(&mut self, event: &Event) {
        self.apply(event);
        self.passed(event.at);
    }
    fn snapshot(&self) -> Model {
        self.clone()
    }
    fn restore(mut snapshot: Model) -> Self {
        snapshot.passed(snapshot.last_at);
        snapshot
    }
    fn event_no(&self) -> EventNo {
        EventNo(self.event_no)
    }
}
