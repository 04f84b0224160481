//! Where in the journal a contact begins, and which of its events are about it. Decides nothing.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;

use crate::journal::{Journal, ReadError, SqlJournal};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{ContactId, EventNo, SegmentId};

/// The number that an event gave to a contact, a visit, an offer or a segment. They share one counter.
fn given_by(fact: &Fact) -> Option<u64> {
    match fact {
        Fact::ContactArrived { contact, .. }
        | Fact::CallbackPromised { contact, .. }
        | Fact::LeadFiled { contact, .. }
        | Fact::ConsultationBegun { contact, .. } => Some(contact.0),
        Fact::ContactQueued { visit, .. } => Some(visit.0),
        Fact::ContactOffered { offer, .. } => Some(offer.0),
        Fact::ContactConnecting { segment, .. } | Fact::ContactHandedOver { to_segment: segment, .. } => {
            Some(segment.0)
        }
        Fact::Resumed { .. }
        | Fact::ClockStepped { .. }
        | Fact::RulesReplaced { .. }
        | Fact::GatewayAttached { .. }
        | Fact::GatewayDetached { .. }
        | Fact::GatewayLost { .. }
        | Fact::GatewayLinesSet { .. }
        | Fact::InventoryCompared { .. }
        | Fact::AgentChanged { .. }
        | Fact::AgentBackedOff { .. }
        | Fact::BackOffEnded { .. }
        | Fact::DeviceChanged { .. }
        | Fact::CustomerAnswered { .. }
        | Fact::AttemptFailed { .. }
        | Fact::CallbackNotPlaced { .. }
        | Fact::CallbackSuperseded { .. }
        | Fact::CallbackGapEnded { .. }
        | Fact::CampaignSet { .. }
        | Fact::CampaignRunChanged { .. }
        | Fact::CallbackProposed { .. }
        | Fact::LeadPromised { .. }
        | Fact::AttemptProposed { .. }
        | Fact::AttemptCleared { .. }
        | Fact::AttemptPlaced { .. }
        | Fact::AttemptRefused { .. }
        | Fact::AttemptEnded { .. }
        | Fact::LeadReturned { .. }
        | Fact::ContactUpdated { .. }
        | Fact::VisitChanged { .. }
        | Fact::VisitWidened { .. }
        | Fact::VisitPrioritised { .. }
        | Fact::QueuePaused { .. }
        | Fact::QueueResumed { .. }
        | Fact::ConsultationJoined { .. }
        | Fact::ConsultationEnded { .. }
        | Fact::LegLost { .. }
        | Fact::LegBack { .. }
        | Fact::ExitKeyPressed { .. }
        | Fact::ExitTaken { .. }
        | Fact::ExitFailed { .. }
        | Fact::QueueRaised { .. }
        | Fact::QueueLowered { .. }
        | Fact::ContactTransferredOutside { .. }
        | Fact::TransferFailed { .. }
        | Fact::VoicemailBegun { .. }
        | Fact::RecordingOrdered { .. }
        | Fact::RecordingTold { .. }
        | Fact::PreferredWaitEnded { .. }
        | Fact::OfferAcknowledged { .. }
        | Fact::OfferEnded { .. }
        | Fact::ConnectFailed { .. }
        | Fact::ContactConnected { .. }
        | Fact::ContactHeld { .. }
        | Fact::ContactUnheld { .. }
        | Fact::SegmentSetAside { .. }
        | Fact::SegmentTakenUp { .. }
        | Fact::MessagePassed { .. }
        | Fact::ContactSuspended { .. }
        | Fact::ContactTakenUp { .. }
        | Fact::ContactTransferred { .. }
        | Fact::ContactReturned { .. }
        | Fact::WrapUpStarted { .. }
        | Fact::WrapUpExtended { .. }
        | Fact::SegmentClosed { .. }
        | Fact::VisitEnded { .. }
        | Fact::ContactEnded { .. }
        | Fact::OfferLimitReached { .. }
        | Fact::OfferLimitLifted { .. }
        | Fact::EndForeseen { .. } => None,
    }
}

/// The first number given after an event; None: none is.
async fn first_given_after(journal: &SqlJournal, event: EventNo) -> Result<Option<u64>, ReadError> {
    let mut batches = std::pin::pin!(journal.read_after(event));
    while let Some(batch) = batches.try_next().await? {
        if let Some(given) = batch.events.iter().find_map(|event| given_by(&event.fact)) {
            return Ok(Some(given));
        }
    }
    Ok(None)
}

/// The event right before the one that began a contact; where that would be, when there is none.
pub(super) async fn before_contact(
    journal: &SqlJournal,
    contact: ContactId,
    last: EventNo,
) -> Result<EventNo, ReadError> {
    // After `before` a number up to the contact's is given first; after `behind` none is.
    let (mut before, mut behind) = (journal.begins_after().await?.0, last.0);
    while behind - before > 1 {
        let middle = before + (behind - before) / 2;
        match first_given_after(journal, EventNo(middle)).await? {
            Some(given) if given <= contact.0 => before = middle,
            Some(_) | None => behind = middle,
        }
    }
    Ok(EventNo(before))
}

/// Whether the contact's number was given up to an event.
pub(super) async fn is_older(journal: &SqlJournal, contact: ContactId, event: EventNo) -> Result<bool, ReadError> {
    Ok(first_given_after(journal, event).await?.is_none_or(|given| contact.0 < given))
}

/// Follows one contact through the events from its first on.
pub(super) struct Follower {
    contact: ContactId,
    open: BTreeSet<SegmentId>,
    has_ended: bool,
}

impl Follower {
    pub(super) fn new(contact: ContactId) -> Follower {
        Follower { contact, open: BTreeSet::new(), has_ended: false }
    }

    /// Nothing more comes about it.
    pub(super) fn is_over(&self) -> bool {
        self.has_ended && self.open.is_empty()
    }

    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Whether the event is about the contact.
    pub(super) fn follow(&mut self, event: &Event) -> bool {
        if event.fact.contact() != Some(self.contact) {
            return false;
        }
        if let Fact::ContactConnecting { segment, .. } | Fact::ContactHandedOver { to_segment: segment, .. } =
            &event.fact
        {
            self.open.insert(*segment);
        }
        if let Fact::SegmentClosed { segment, .. }
        | Fact::ConnectFailed { segment, .. }
        | Fact::AttemptFailed { segment, .. }
        | Fact::CallbackNotPlaced { segment, .. } = &event.fact
        {
            self.open.remove(segment);
        }
        self.has_ended |= matches!(event.fact, Fact::ContactEnded { .. });
        true
    }
}
