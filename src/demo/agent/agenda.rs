//! What somebody means to do, and when. It does nothing itself.

use std::collections::BTreeMap;

use crate::protocol::{ContactId, OfferId, RequestId, SegmentId};

/// What he will do at some moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Due {
    Accept(OfferId),
    Decline(OfferId),
    Hold(ContactId),
    Unhold(ContactId),
    HangUp(ContactId),
    Suspend(ContactId),
    Write(ContactId),
    Consult(ContactId),
    Complete(ContactId),
    Cancel(ContactId),
    Swap(ContactId),
    Join(ContactId),
    /// `contact` None: the customer has left, and the two talk on.
    GiveUpAsking {
        contact: Option<ContactId>,
        of: ContactId,
    },
    PromiseCallback(ContactId),
    FinishWrapUp {
        contact: ContactId,
        segment: SegmentId,
    },
    ComeBack,
    TakeBreak,
    EndBreak,
    BeginShift,
    EndShift,
    AskAgain(RequestId),
}

/// Plans in the order of their times, in milliseconds since 1970 by the centre's clock.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    due: BTreeMap<(i64, u64), Due>,
    last: u64,
}

impl Agenda {
    pub fn add(&mut self, at_ms: i64, due: Due) {
        self.last += 1;
        self.due.insert((at_ms, self.last), due);
    }

    pub fn next_ms(&self) -> Option<i64> {
        self.due.first_key_value().map(|((at_ms, _), _)| *at_ms)
    }

    pub fn take_due(&mut self, now_ms: i64) -> Option<Due> {
        let first = self.due.first_entry().filter(|first| first.key().0 <= now_ms)?;
        Some(first.remove())
    }

    pub fn has(&self, due: &Due) -> bool {
        self.due.values().any(|planned| planned == due)
    }

    pub fn drop_all(&mut self, is_void: impl Fn(&Due) -> bool) {
        self.due.retain(|_, due| !is_void(due));
    }

    /// Another screen has come up: what was meant for the things on the old one is void.
    pub fn drop_of_screen(&mut self) {
        self.drop_all(|due| match due {
            Due::Accept(_)
            | Due::Decline(_)
            | Due::Hold(_)
            | Due::Unhold(_)
            | Due::HangUp(_)
            | Due::Suspend(_)
            | Due::Write(_)
            | Due::Consult(_)
            | Due::Complete(_)
            | Due::Cancel(_)
            | Due::Swap(_)
            | Due::Join(_)
            | Due::GiveUpAsking { .. }
            | Due::PromiseCallback(_)
            | Due::FinishWrapUp { .. }
            | Due::ComeBack => true,
            Due::TakeBreak | Due::EndBreak | Due::BeginShift | Due::EndShift | Due::AskAgain(_) => false,
        });
    }

    pub fn drop_of_offer(&mut self, gone: &OfferId) {
        self.drop_all(|due| match due {
            Due::Accept(offer) | Due::Decline(offer) => offer == gone,
            Due::Hold(_)
            | Due::Unhold(_)
            | Due::HangUp(_)
            | Due::Suspend(_)
            | Due::Write(_)
            | Due::Consult(_)
            | Due::Complete(_)
            | Due::Cancel(_)
            | Due::Swap(_)
            | Due::Join(_)
            | Due::GiveUpAsking { .. }
            | Due::PromiseCallback(_)
            | Due::FinishWrapUp { .. }
            | Due::ComeBack
            | Due::TakeBreak
            | Due::EndBreak
            | Due::BeginShift
            | Due::EndShift
            | Due::AskAgain(_) => false,
        });
    }

    /// The talk is over; what is to be finished up stays.
    pub fn drop_of_contact(&mut self, gone: &ContactId) {
        self.drop_all(|due| match due {
            Due::Hold(contact)
            | Due::Unhold(contact)
            | Due::HangUp(contact)
            | Due::Suspend(contact)
            | Due::Write(contact)
            | Due::Consult(contact)
            | Due::Complete(contact)
            | Due::Cancel(contact)
            | Due::Swap(contact)
            | Due::Join(contact) => contact == gone,
            Due::GiveUpAsking { contact, .. } => contact.as_ref() == Some(gone),
            Due::Accept(_)
            | Due::Decline(_)
            | Due::PromiseCallback(_)
            | Due::FinishWrapUp { .. }
            | Due::ComeBack
            | Due::TakeBreak
            | Due::EndBreak
            | Due::BeginShift
            | Due::EndShift
            | Due::AskAgain(_) => false,
        });
    }

    pub fn drop_wrap_up(&mut self, finished: &SegmentId) {
        self.drop_all(|due| matches!(due, Due::FinishWrapUp { segment, .. } if segment == finished));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_come_in_the_order_of_their_times_and_then_as_they_were_made() {
        let mut agenda = Agenda::default();
        agenda.add(20, Due::TakeBreak);
        agenda.add(10, Due::ComeBack);
        agenda.add(20, Due::EndBreak);
        assert_eq!((agenda.next_ms(), agenda.take_due(9)), (Some(10), None));
        let all: Vec<Due> = std::iter::from_fn(|| agenda.take_due(20)).collect();
        assert_eq!(all, [Due::ComeBack, Due::TakeBreak, Due::EndBreak]);
    }

    #[test]
    fn what_is_gone_is_not_done_and_the_rest_is() {
        let (offer, other) = (OfferId::clipped("o-1"), OfferId::clipped("o-2"));
        let (contact, segment) = (ContactId::clipped("c-1"), SegmentId::clipped("s-1"));
        let wrap_up = Due::FinishWrapUp { contact: contact.clone(), segment: segment.clone() };
        let mut agenda = Agenda::default();
        for due in
            [Due::Accept(offer.clone()), Due::Decline(other.clone()), Due::Hold(contact.clone()), wrap_up.clone()]
        {
            agenda.add(1, due);
        }
        agenda.drop_of_offer(&offer);
        agenda.drop_of_contact(&contact);
        assert!(!agenda.has(&Due::Accept(offer)) && !agenda.has(&Due::Hold(contact)));
        assert!(agenda.has(&Due::Decline(other)) && agenda.has(&wrap_up));
        agenda.drop_wrap_up(&segment);
        assert!(!agenda.has(&wrap_up));
    }
}
