//! What the server recovers and snapshots: router and board at one event number. Decides nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::reporting::live_board::Board;
use crate::routing::event::Event;
use crate::routing::ids::ContactId;
use crate::routing::personal::PersonalDetails;
use crate::routing::router::ContactRouter;
use crate::routing::snapshot::Snapshot;

use super::Fold;

#[derive(Clone, Default)]
pub struct LiveState {
    pub router: ContactRouter,
    pub board: Board,
}

#[derive(Serialize, Deserialize)]
pub struct LiveSnapshot {
    router: Snapshot,
    board: Board,
}

impl Fold for LiveState {
    type Snapshot = LiveSnapshot;
    const SNAPSHOT_VERSION: u32 = 12;

    fn empty() -> Self {
        LiveState::default()
    }

    fn evolve(&mut self, event: &Event) {
        self.router.evolve(event);
        self.board.evolve(event);
    }

    fn snapshot(&self) -> LiveSnapshot {
        LiveSnapshot { router: self.router.snapshot(), board: self.board.clone() }
    }

    fn restore(snapshot: LiveSnapshot) -> Self {
        LiveState { router: ContactRouter::restore(snapshot.router), board: snapshot.board }
    }

    fn contacts_in(snapshot: &LiveSnapshot) -> BTreeSet<ContactId> {
        snapshot.router.contacts()
    }

    fn personal_in(snapshot: &mut LiveSnapshot) -> Vec<(ContactId, &mut PersonalDetails)> {
        snapshot.router.personal_mut().collect()
    }
}
