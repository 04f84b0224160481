//! The router's state as a value: what recovery starts from and what two runs are compared by.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::{ContactId, EventNo};
use super::personal::PersonalDetails;
use super::state::State;

/// The whole state after the event numbered `event_no`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Snapshot(pub(super) State);

impl Snapshot {
    #[must_use]
    pub fn event_no(&self) -> EventNo {
        self.0.event_no
    }

    /// Every contact it knows, over or not. Of another that has come before, nothing personal is told any more.
    #[must_use]
    pub fn contacts(&self) -> BTreeSet<ContactId> {
        let state = &self.0;
        let of_segments = state.segments.values().map(|segment| segment.contact);
        let of_dropped = state.dropped.iter().map(|dropped| dropped.contact);
        state.contacts.keys().copied().chain(of_segments).chain(of_dropped).chain(state.unfinished.contacts()).collect()
    }

    /// Everything personal in it, with the contact under whose key it may be sealed.
    pub fn personal_mut(&mut self) -> impl Iterator<Item = (ContactId, &mut PersonalDetails)> {
        let contacts = self.0.contacts.iter_mut();
        let of_contacts =
            contacts.flat_map(|(id, contact)| contact.details.iter_mut().map(move |details| (*id, details)));
        of_contacts.chain(self.0.dropped.iter_mut().map(|dropped| (dropped.contact, &mut dropped.details)))
    }
}
