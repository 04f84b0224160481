//! The router's state as a value: what recovery starts from and what two runs are compared by.

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

    /// Everything personal in it, with the contact under whose key it may be sealed.
    pub fn personal_mut(&mut self) -> impl Iterator<Item = (ContactId, &mut PersonalDetails)> {
        let contacts = self.0.contacts.iter_mut();
        let of_contacts =
            contacts.flat_map(|(id, contact)| contact.details.iter_mut().map(move |details| (*id, details)));
        of_contacts.chain(self.0.dropped.iter_mut().map(|dropped| (dropped.contact, &mut dropped.details)))
    }
}
