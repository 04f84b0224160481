//! A virtual agent asks a colleague about a call, and decides what then. Part of the desk.

use rand::RngExt;

use super::agenda::Due;
use super::desk::Desk;
use crate::demo::habits::Span;
use crate::protocol::{
    AgentAsk, ContactId, ContactTransfer, PartyEnd, PartyInvited, PartyJoined, PartyLeft, PartyRole, Text, TransferKind,
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
        }));
    }

    pub(super) fn invited(&mut self, invited: &PartyInvited) {
        self.agenda.drop_of_contact(&invited.contact);
        let wait_ms = WAITS_FOR_COLLEAGUE.draw(&mut self.random);
        self.after(wait_ms, Due::Cancel(invited.contact.clone()));
    }

    /// Hands over, goes back, or brings all three together.
    pub(super) fn joined(&mut self, joined: &PartyJoined) {
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
