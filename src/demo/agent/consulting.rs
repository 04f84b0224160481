//! A virtual agent asks a colleague about a call, and decides what then. Part of the desk.

use rand::RngExt;

use super::agenda::Due;
use super::desk::Desk;
use crate::demo::habits::Span;
use crate::protocol::{
    AgentAsk, Attributes, Consulting, ContactId, ContactTransfer, PartyEnd, PartyInvited, PartyJoined, PartyLeft,
    PartyRole, Text, TransferKind,
};

/// How long he waits for somebody to answer before he goes back to his customer.
const WAITS_FOR_COLLEAGUE: Span = Span::seconds(15, 30);

impl Desk {
    pub(super) fn consult(&mut self, contact: ContactId) {
        if self.others.is_empty() {
            return;
        }
        let chosen = self.random.random_range(0..self.others.len());
        self.ask(AgentAsk::ContactTransfer(ContactTransfer {
            contact,
            to: self.others[chosen].clone(),
            kind: TransferKind::Consult,
            note: Some(Text::clipped("A virtual agent is not sure.")),
            attributes: Attributes::default(),
        }));
    }

    pub(super) fn invited(&mut self, invited: &PartyInvited) {
        self.asks(&invited.consultation);
        self.agenda.drop_of_contact(&invited.contact);
        let wait_ms = WAITS_FOR_COLLEAGUE.draw(&mut self.random);
        self.after(wait_ms, Due::Cancel(invited.contact.clone()));
    }

    fn asks(&mut self, of: &ContactId) {
        self.asking.insert(of.clone(), false);
        self.ledger.count(|seen| seen.asked += 1);
    }

    fn is_answered(&mut self, of: &ContactId) {
        if let Some(is_answered) = self.asking.get_mut(of).filter(|is_answered| !**is_answered) {
            *is_answered = true;
            self.ledger.count(|seen| seen.asked_answered += 1);
        }
    }

    fn asks_no_more(&mut self, of: &ContactId) {
        if self.asking.remove(of) == Some(false) {
            self.ledger.count(|seen| seen.asked_in_vain += 1);
        }
    }

    /// By a new screen: what he has missed meanwhile.
    pub(super) fn know_what_he_asks(&mut self, now: Option<&Consulting>) {
        let over = self.asking.keys().filter(|of| now.is_none_or(|now| now.consultation != **of)).cloned();
        for of in over.collect::<Vec<_>>() {
            self.asks_no_more(&of);
        }
        let Some(now) = now else { return };
        if !self.asking.contains_key(&now.consultation) {
            self.asks(&now.consultation);
        }
        if now.agent.is_some() {
            self.is_answered(&now.consultation);
        }
    }

    /// Hands over, goes back, or brings all three together.
    pub(super) fn joined(&mut self, joined: &PartyJoined) {
        self.is_answered(&joined.consultation);
        let Some(contact) = joined.contact.clone().filter(|_| !self.questions.contains(&joined.consultation)) else {
            return;
        };
        self.agenda.drop_of_contact(&contact);
        let wait_ms = self.agent.habits.decides_after.draw(&mut self.random);
        if joined.role == PartyRole::Conference {
            return self.after(wait_ms, Due::Complete(contact));
        }
        match self.random.random_range(0..4) {
            0 => self.after(wait_ms, Due::Complete(contact)),
            1 => self.after(wait_ms, Due::Cancel(contact)),
            2 => self.after(wait_ms, Due::Join(contact)),
            _ => {
                self.after(wait_ms / 2, Due::Swap(contact.clone()));
                self.after(wait_ms, Due::Complete(contact));
            }
        }
    }

    /// Nobody is asked any more: where the customer is still on hold, back to him.
    pub(super) fn alone_again(&mut self, left: &PartyLeft) {
        self.asks_no_more(&left.consultation);
        let Some(contact) = left.contact.clone() else { return };
        self.agenda.drop_of_contact(&contact);
        match left.why {
            PartyEnd::Declined | PartyEnd::NoAnswer | PartyEnd::Failed | PartyEnd::Left => {
                self.after(1_000, Due::Unhold(contact));
            }
            PartyEnd::Completed | PartyEnd::Cancelled | PartyEnd::CustomerLeft | PartyEnd::FirstAgentLeft => {}
        }
    }
}
