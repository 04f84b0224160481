//! Counts committed events, batch by batch. It remembers of open contacts and offers only what their end is
//! counted by.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use metrics::{counter, histogram};

use super::names::{
    ANSWERED_WAIT, COMMANDS, COMMANDS_REFUSED, COMMIT, COMMIT_SIZE, CONDITIONS_FAILED, CONTACTS_ARRIVED,
    CONTACTS_ENDED, EVENTS_COMMITTED, OFFERS_ENDED, RECORDINGS_ENDED, VISITS_ENDED,
};
use super::told::HandledCommand;
use crate::routing::command::EndedBy;
use crate::routing::event::{Event, Fact, OfferOutcome, VisitEnd};
use crate::routing::ids::{ContactId, OfferId, QueueId};
use crate::routing::recording::RecordingState;
use crate::routing::rule_set::Channel;
use crate::routing::state::State;
use crate::routing::time::Millis;

/// What one commit put on disk.
#[derive(Clone, Debug)]
pub struct CommittedBatch {
    /// May be empty: then nothing had to be written.
    pub events: Arc<Vec<Event>>,
    /// Answered together with it.
    pub commands: Vec<HandledCommand>,
    pub took: Duration,
}

/// A reader of committed events.
#[derive(Debug, Default)]
pub struct EventCounter {
    channels: BTreeMap<ContactId, Channel>,
    offered_from: BTreeMap<OfferId, QueueId>,
}

/// Agents' own queues carry their names: they count as one.
pub(super) fn queue_label(queue: &QueueId) -> String {
    if queue.is_of_agent() { "@agent".to_owned() } else { queue.as_str().to_owned() }
}

impl EventCounter {
    /// What is open already was counted by an earlier process; its end is still to come.
    #[must_use]
    pub fn starting_with(state: &State) -> EventCounter {
        let channels = state.contacts.iter().map(|(id, contact)| (*id, contact.channel)).collect();
        let visit_of = |contact: &ContactId| state.contacts.get(contact).and_then(|contact| contact.visit.as_ref());
        let offered_from = state.offers.iter().filter_map(|(id, offer)| {
            let visit = visit_of(&offer.contact)?;
            Some((*id, state.queue_id(visit.queue)))
        });
        EventCounter { channels, offered_from: offered_from.collect() }
    }

    pub fn count(&mut self, batch: &CommittedBatch) {
        for command in &batch.commands {
            counter!(COMMANDS, "kind" => command.kind).increment(1);
            if let Some(reason) = command.refused {
                counter!(COMMANDS_REFUSED, "kind" => command.kind, "reason" => reason).increment(1);
            }
        }
        if batch.events.is_empty() {
            return;
        }
        counter!(EVENTS_COMMITTED).increment(batch.events.len() as u64);
        histogram!(COMMIT).record(batch.took.as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "a batch holds thousands")]
        histogram!(COMMIT_SIZE).record(batch.events.len() as f64);
        batch.events.iter().for_each(|event| self.count_event(&event.fact));
    }

    fn count_event(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { contact, channel, .. } => {
                self.channels.insert(*contact, *channel);
                counter!(CONTACTS_ARRIVED, "channel" => channel.name()).increment(1);
            }
            Fact::ContactEnded { contact, by, .. } => {
                let channel = self.channels.remove(contact).map_or("unknown", Channel::name);
                counter!(CONTACTS_ENDED, "channel" => channel, "by" => ended_by_word(*by)).increment(1);
            }
            Fact::ContactQueued { failed, .. } | Fact::VisitChanged { failed, .. } => {
                for rule in failed {
                    counter!(CONDITIONS_FAILED, "rule" => rule.to_string()).increment(1);
                }
            }
            Fact::VisitEnded { queue, end, waited, .. } => count_visit(queue, *end, *waited),
            Fact::ContactOffered { offer, queue, .. } => {
                self.offered_from.insert(*offer, queue.clone());
            }
            Fact::OfferEnded { offer, outcome, .. } => self.count_offer(*offer, outcome_word(outcome)),
            Fact::ContactConnecting { offer, .. } => self.count_offer(*offer, "accepted"),
            Fact::RecordingTold { state, .. } => match state {
                RecordingState::Finished => counter!(RECORDINGS_ENDED, "end" => "finished").increment(1),
                RecordingState::Failed => counter!(RECORDINGS_ENDED, "end" => "failed").increment(1),
                RecordingState::Recording | RecordingState::Paused => {}
            },
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
            | Fact::CallbackPromised { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadFiled { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::ContactUpdated { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::VisitWidened { .. }
            | Fact::OfferAcknowledged { .. }
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
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::ConsultationBegun { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    fn count_offer(&mut self, offer: OfferId, outcome: &'static str) {
        let queue = self.offered_from.remove(&offer).map_or_else(|| "unknown".to_owned(), |queue| queue_label(&queue));
        counter!(OFFERS_ENDED, "queue" => queue, "outcome" => outcome).increment(1);
    }
}

fn count_visit(queue: &QueueId, end: VisitEnd, waited: Millis) {
    let queue = queue_label(queue);
    counter!(VISITS_ENDED, "queue" => queue.clone(), "end" => visit_end_word(end)).increment(1);
    match end {
        VisitEnd::Answered => {
            #[expect(clippy::cast_precision_loss, reason = "exact up to 2⁵³ ms")]
            histogram!(ANSWERED_WAIT, "queue" => queue).record(waited.0 as f64 / 1_000.0);
        }
        VisitEnd::Abandoned { .. }
        | VisitEnd::FlowedOut
        | VisitEnd::CallbackRequested
        | VisitEnd::Withdrawn
        | VisitEnd::LostByGateway => {}
    }
}

fn ended_by_word(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Customer => "customer",
        EndedBy::Agent => "agent",
        EndedBy::Gateway => "gateway",
        EndedBy::Router => "router",
        EndedBy::LostByGateway => "lost_by_gateway",
        EndedBy::Supervisor => "supervisor",
        EndedBy::Transfer => "transfer",
    }
}

fn visit_end_word(end: VisitEnd) -> &'static str {
    match end {
        VisitEnd::Answered => "answered",
        VisitEnd::Abandoned { short: true } => "short_abandoned",
        VisitEnd::Abandoned { short: false } => "abandoned",
        VisitEnd::FlowedOut => "flowed_out",
        VisitEnd::CallbackRequested => "callback_requested",
        VisitEnd::Withdrawn => "withdrawn",
        VisitEnd::LostByGateway => "lost_by_gateway",
    }
}

fn outcome_word(outcome: &OfferOutcome) -> &'static str {
    match outcome {
        OfferOutcome::Declined { .. } => "declined",
        OfferOutcome::Expired => "expired",
        OfferOutcome::Rescinded => "rescinded",
        OfferOutcome::Revoked { .. } => "revoked",
        OfferOutcome::LegFailed { .. } => "leg_failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::ids::AgentId;

    #[test]
    fn an_agents_own_queue_is_not_told_by_name() {
        let own = QueueId::of_agent(&AgentId::new("ana").unwrap());
        assert_eq!(queue_label(&own), "@agent");
        assert_eq!(queue_label(&QueueId::new("billing").unwrap()), "billing");
    }
}
