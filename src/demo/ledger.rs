//! What callers and agents saw, counted by themselves. It never asks the server.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::protocol::{AgentName, CallProgressed, OfferId, Ref};

/// Counts of one run. A visit is one wait for an agent: visits = arrived + requeued + reached =
/// answered + abandoned + withdrawn + flowed out + waiting. Of callbacks only those count whose
/// customer was reached: of the others the callers know nothing. So it is with leads of campaigns, whose calls
/// add up apart: called = lifted + in vain + given up + ringing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Seen {
    /// Contacts whose arrival the server has acknowledged.
    pub arrived: u64,
    /// Contacts whose arrival it refused.
    pub refused: u64,
    /// Talks that were ended to wait again, which are transfers, and exits that led back to the queue.
    pub requeued: u64,
    /// Calls to customers that the server ordered.
    pub placed: u64,
    /// Of these, whose customer answered.
    pub reached: u64,
    /// Of the calls that were placed, those to leads of a campaign.
    pub leads_called: u64,
    /// Of these, those that a person answered.
    pub leads_lifted: u64,
    /// Those that came to nothing, by what was said of them.
    pub leads_in_vain: BTreeMap<CallProgressed, u64>,
    /// Those that were over before anything was said of them.
    pub leads_given_up: u64,
    /// Those that ring now.
    pub leads_ringing: u64,
    /// Of those answered, the connections with an agent that the server has acknowledged.
    pub leads_answered: u64,
    /// Callbacks that agents promised.
    pub promised: u64,
    /// Messages that agents have written.
    pub written: u64,
    /// Chats and mails that agents laid down.
    pub suspended: u64,
    /// Questions of agents to colleagues: visits of the board that no caller knows of.
    pub asked: u64,
    /// Of these, those that were answered.
    pub asked_answered: u64,
    /// Of these, those that were over before.
    pub asked_in_vain: u64,
    /// Connections that the server has acknowledged.
    pub answered: u64,
    /// Customers who left before an agent came.
    pub abandoned: u64,
    /// Of these, who called again; each arrived as one more contact.
    pub called_again: u64,
    /// Contacts that the server ended before an agent came.
    pub withdrawn: u64,
    /// Contacts that the server sent out of their queue to a message, to voicemail or home.
    pub flowed_out: u64,
    /// Of these, who heard a message.
    pub announcements: u64,
    /// Of these, who spoke to voicemail.
    pub voicemails: u64,
    /// Contacts that wait or ring now.
    pub waiting: u64,
    /// Contacts that talk now.
    pub talking: u64,
    /// Talks that are over.
    pub ended: u64,
    /// Orders that came after their moment.
    pub too_late: u64,
    /// Orders that came twice and were carried out once.
    pub repeated_orders: u64,
    /// Connections asked for while the device was in another call: must stay 0.
    pub double_booked: u64,
    /// Offers that reached consoles.
    pub offered: u64,
    pub accepted: u64,
    pub declined: u64,
    pub missed: u64,
    /// Accepts and declines of offers that were over by then: another agent was first, the caller
    /// left, or the time was up.
    pub gone: u64,
    /// Other requests of agents that were refused.
    pub refusals: u64,
    /// An offer shown to two agents, or twice to one: must stay 0.
    pub offered_twice: u64,
    /// Numbered events that were left out or came twice: must stay 0.
    pub gaps: u64,
    /// Messages of the server that could not be read: must stay 0.
    pub unreadable: u64,
    /// Sessions that went on where they stopped.
    pub resumed: u64,
    /// Sessions that opened anew after the first time.
    pub reopened: u64,
    /// Who was connected, in order.
    pub connected: Vec<(Ref, AgentName)>,
}

impl Seen {
    /// Waits for an agent that have begun.
    #[must_use]
    pub fn visits(&self) -> u64 {
        self.arrived + self.requeued + self.reached
    }

    /// Calls to leads that have come to an end or to a person, and those that ring.
    #[must_use]
    pub fn leads_accounted_for(&self) -> u64 {
        self.leads_lifted + self.leads_in_vain.values().sum::<u64>() + self.leads_given_up + self.leads_ringing
    }

    /// Questions that still wait for a colleague.
    #[must_use]
    pub fn asked_waiting(&self) -> u64 {
        self.asked - self.asked_answered - self.asked_in_vain
    }

    /// Whether every visit is accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.visits() == self.answered + self.abandoned + self.withdrawn + self.flowed_out + self.waiting
    }

    /// Whether nothing happened that the protocol rules out.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.double_booked + self.offered_twice + self.gaps + self.unreadable == 0
    }
}

/// Shared by all who count. Each thing is counted by one of them alone.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Arc<Mutex<Pages>>);

#[derive(Debug, Default)]
struct Pages {
    seen: Seen,
    offers: BTreeMap<OfferId, AgentName>,
}

impl Ledger {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().expect("no one panics while counting")
    }

    pub fn count(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.pages().seen);
    }

    /// An offer reached a console. `is_shown_again`: it stood in a snapshot, where it may stand twice.
    pub fn offer_shown(&self, offer: &OfferId, agent: &AgentName, is_shown_again: bool) {
        let mut pages = self.pages();
        let before = pages.offers.insert(offer.clone(), agent.clone());
        match before {
            None => pages.seen.offered += 1,
            Some(before) if is_shown_again && before == *agent => {}
            Some(_) => pages.seen.offered_twice += 1,
        }
    }

    #[must_use]
    pub fn seen(&self) -> Seen {
        self.pages().seen.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_counts_once_and_twice_is_told() {
        let ledger = Ledger::default();
        let (offer, ana, ben) = (OfferId::clipped("o-1"), AgentName::clipped("ana"), AgentName::clipped("ben"));
        ledger.offer_shown(&offer, &ana, false);
        ledger.offer_shown(&offer, &ana, true);
        assert_eq!((ledger.seen().offered, ledger.seen().offered_twice), (1, 0));
        assert!(ledger.seen().is_sound());
        ledger.offer_shown(&offer, &ben, true);
        assert_eq!(ledger.seen().offered_twice, 1);
        assert!(!ledger.seen().is_sound());
    }
}
