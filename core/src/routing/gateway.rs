//! One gateway, and what is remembered of the contacts it named. Knows no wire.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::{ContactId, ContactRef};
use super::table::{GatewayNo, Named};
use super::time::{Millis, Timestamp};

/// How long an ended contact is still known by its reference.
pub const ENDED_REMEMBERED: Millis = Millis::minutes(10);
/// How long an end that came before its arrival is remembered.
pub const FORESEEN_REMEMBERED: Millis = Millis::seconds(60);

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Gateway {
    pub link: Link,
    pub lines: Lines,
    /// The highest number of its own that it gave a message which changed something.
    pub last_event: u64,
    /// References its last inventory named that nobody here knew.
    pub unknown: BTreeSet<ContactRef>,
}

/// How many calls a gateway carries at once, as it says itself; without a word, as many as come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Lines {
    /// Customers' calls, whoever began them.
    #[serde(default)]
    pub calls_max: Option<u32>,
    /// Of these, those that only customers may begin.
    #[serde(default)]
    pub kept_for_inbound: u32,
}

impl Lines {
    /// With that many calls none more is begun; None: there is no such number.
    #[must_use]
    pub fn for_calls_out(&self) -> Option<u32> {
        Some(self.calls_max?.saturating_sub(self.kept_for_inbound))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Link {
    Attached,
    /// Its contacts keep their places until `until`.
    Away {
        until: Timestamp,
    },
    Lost,
}

impl Gateway {
    #[must_use]
    pub fn is_attached(&self) -> bool {
        self.link == Link::Attached
    }
}

/// What a gateway's name for a contact stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Reference {
    Live(ContactId),
    Ended {
        contact: ContactId,
        until: Timestamp,
    },
    /// Its end came before its arrival.
    Foreseen {
        until: Timestamp,
    },
}

/// Every reference still known, and when the ended ones are forgotten: with the first arrival,
/// end or foreseen end at or after their time, so that forgetting needs no event of its own.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct References {
    #[serde(with = "super::pairs")]
    known: Named<(GatewayNo, ContactRef), Reference>,
    /// The ended and the foreseen, by the time they are forgotten.
    forgotten_at: BTreeSet<(Timestamp, GatewayNo, ContactRef)>,
}

impl References {
    #[must_use]
    pub fn get(&self, gateway: GatewayNo, reference: &ContactRef, now: Timestamp) -> Option<Reference> {
        self.known.get(&(gateway, reference.clone())).copied().filter(|found| match found {
            Reference::Live(_) => true,
            Reference::Ended { until, .. } | Reference::Foreseen { until } => *until > now,
        })
    }

    pub(super) fn arrived(&mut self, gateway: GatewayNo, reference: ContactRef, contact: ContactId, at: Timestamp) {
        self.forget(at);
        self.known.insert((gateway, reference), Reference::Live(contact));
    }

    pub(super) fn ended(&mut self, gateway: GatewayNo, reference: ContactRef, contact: ContactId, at: Timestamp) {
        self.forget(at);
        let until = at + ENDED_REMEMBERED;
        self.forgotten_at.insert((until, gateway, reference.clone()));
        self.known.insert((gateway, reference), Reference::Ended { contact, until });
    }

    pub(super) fn foreseen(&mut self, gateway: GatewayNo, reference: ContactRef, at: Timestamp) {
        self.forget(at);
        let until = at + FORESEEN_REMEMBERED;
        self.forgotten_at.insert((until, gateway, reference.clone()));
        self.known.insert((gateway, reference), Reference::Foreseen { until });
    }

    fn forget(&mut self, at: Timestamp) {
        while self.forgotten_at.first().is_some_and(|(until, _, _)| *until <= at) {
            let (_, gateway, reference) = self.forgotten_at.pop_first().expect("a first was just seen");
            self.known.swap_remove(&(gateway, reference));
        }
    }

    /// The server was down: what is remembered is remembered that much longer.
    pub(super) fn shift(&mut self, by: Millis) {
        let known = std::mem::take(&mut self.forgotten_at);
        self.forgotten_at = known.into_iter().map(|(until, no, reference)| (until + by, no, reference)).collect();
        for reference in self.known.values_mut() {
            match reference {
                Reference::Live(_) => {}
                Reference::Ended { until, .. } | Reference::Foreseen { until } => *until = *until + by,
            }
        }
    }
}
