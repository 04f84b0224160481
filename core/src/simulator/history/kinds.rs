//! The names of all kinds of events, decisions and refusals, so that a run can show it reached each.

use crate::routing::attempt::NotPlaced;
use crate::routing::command::{EndedBy, LegFailure};
use crate::routing::event::{ConsultationEnd, Fact, OfferOutcome, QueuedBy, RevokedWhy, VisitEnd};
use crate::routing::recording::{RecordingAsk, RecordingState};
use crate::routing::refusal::{ContactState, Expected, FieldName, Refusal};
use crate::routing::rule_set::{Exit, ExitAction, TieBreaker};

mod campaigns;
mod orders;
mod reading;
mod recordings;
mod taking;
mod transfers;

pub use campaigns::CAMPAIGN_KINDS;
pub(crate) use campaigns::{CampaignNews, of_holds};
pub use orders::{ORDER_KINDS, of_order};
pub(crate) use reading::of_turn;
pub use reading::{READING_KINDS, of_entry};
pub use recordings::RECORDING_KINDS;
pub use taking::TAKING_KINDS;
pub(crate) use taking::{is_about_list, of_command};
pub use transfers::{TRANSFER_KINDS, of_transfer};

/// Every kind of event, as it is written in the journal.
pub const EVENT_KINDS: [&str; 57] = [
    "resumed",
    "clock_stepped",
    "rules_replaced",
    "gateway_attached",
    "gateway_lines_set",
    "gateway_detached",
    "gateway_lost",
    "inventory_compared",
    "agent_changed",
    "agent_backed_off",
    "back_off_ended",
    "device_changed",
    "contact_arrived",
    "callback_promised",
    "customer_answered",
    "attempt_failed",
    "callback_proposed",
    "callback_not_placed",
    "callback_gap_ended",
    "contact_updated",
    "contact_queued",
    "visit_changed",
    "visit_widened",
    "exit_key_pressed",
    "exit_taken",
    "exit_failed",
    "voicemail_begun",
    "preferred_wait_ended",
    "contact_offered",
    "offer_acknowledged",
    "offer_ended",
    "contact_connecting",
    "connect_failed",
    "contact_connected",
    "contact_held",
    "contact_unheld",
    "segment_set_aside",
    "segment_taken_up",
    "message_passed",
    "contact_suspended",
    "contact_taken_up",
    "contact_transferred",
    "contact_returned",
    "consultation_begun",
    "consultation_joined",
    "consultation_ended",
    "contact_handed_over",
    "leg_lost",
    "leg_back",
    "wrap_up_started",
    "wrap_up_extended",
    "segment_closed",
    "visit_ended",
    "contact_ended",
    "offer_limit_reached",
    "offer_limit_lifted",
    "end_foreseen",
];

#[must_use]
pub fn of_fact(fact: &Fact) -> &'static str {
    match fact {
        Fact::Resumed { .. } => "resumed",
        Fact::ClockStepped { .. } => "clock_stepped",
        Fact::RulesReplaced { .. } => "rules_replaced",
        Fact::GatewayAttached { .. } => "gateway_attached",
        Fact::GatewayLinesSet { .. } => "gateway_lines_set",
        Fact::GatewayDetached { .. } => "gateway_detached",
        Fact::GatewayLost { .. } => "gateway_lost",
        Fact::InventoryCompared { .. } => "inventory_compared",
        Fact::AgentChanged { .. } => "agent_changed",
        Fact::AgentBackedOff { .. } => "agent_backed_off",
        Fact::BackOffEnded { .. } => "back_off_ended",
        Fact::DeviceChanged { .. } => "device_changed",
        Fact::ContactArrived { .. } => "contact_arrived",
        Fact::CallbackPromised { .. } => "callback_promised",
        Fact::CustomerAnswered { .. } => "customer_answered",
        Fact::AttemptFailed { .. } => "attempt_failed",
        Fact::CallbackSuperseded { .. } => "callback_superseded",
        Fact::CallbackGapEnded { .. } => "callback_gap_ended",
        Fact::ContactUpdated { .. } => "contact_updated",
        Fact::ContactQueued { .. } => "contact_queued",
        Fact::VisitChanged { .. } => "visit_changed",
        Fact::VisitWidened { .. } => "visit_widened",
        Fact::VisitPrioritised { .. } => "visit_prioritised",
        Fact::QueuePaused { .. } => "queue_paused",
        Fact::QueueResumed { .. } => "queue_resumed",
        Fact::QueueRaised { .. } => "queue_raised",
        Fact::QueueLowered { .. } => "queue_lowered",
        Fact::ContactTransferredOutside { .. } => "contact_transferred_outside",
        Fact::TransferFailed { .. } => "transfer_failed",
        Fact::ConsultationBegun { .. } => "consultation_begun",
        Fact::ConsultationJoined { .. } => "consultation_joined",
        Fact::ConsultationEnded { .. } => "consultation_ended",
        Fact::ContactHandedOver { .. } => "contact_handed_over",
        Fact::LegLost { .. } => "leg_lost",
        Fact::LegBack { .. } => "leg_back",
        Fact::ExitKeyPressed { .. } => "exit_key_pressed",
        Fact::ExitTaken { .. } => "exit_taken",
        Fact::ExitFailed { .. } => "exit_failed",
        Fact::VoicemailBegun { .. } => "voicemail_begun",
        Fact::RecordingOrdered { ask, .. } => match ask {
            RecordingAsk::Start => "recording_started",
            RecordingAsk::Pause => "recording_paused",
            RecordingAsk::Resume => "recording_resumed",
            RecordingAsk::Stop => "recording_stopped",
        },
        Fact::RecordingTold { state, .. } => match state {
            RecordingState::Recording | RecordingState::Paused => "recording_told",
            RecordingState::Finished => "recording_finished",
            RecordingState::Failed => "recording_failed",
        },
        Fact::PreferredWaitEnded { .. } => "preferred_wait_ended",
        Fact::ContactOffered { .. } => "contact_offered",
        Fact::OfferAcknowledged { .. } => "offer_acknowledged",
        Fact::OfferEnded { .. } => "offer_ended",
        Fact::ContactConnecting { .. } => "contact_connecting",
        Fact::ConnectFailed { .. } => "connect_failed",
        Fact::ContactConnected { .. } => "contact_connected",
        Fact::ContactHeld { .. } => "contact_held",
        Fact::ContactUnheld { .. } => "contact_unheld",
        Fact::SegmentSetAside { .. } => "segment_set_aside",
        Fact::SegmentTakenUp { .. } => "segment_taken_up",
        Fact::MessagePassed { .. } => "message_passed",
        Fact::ContactSuspended { .. } => "contact_suspended",
        Fact::ContactTakenUp { .. } => "contact_taken_up",
        Fact::ContactTransferred { .. } => "contact_transferred",
        Fact::ContactReturned { .. } => "contact_returned",
        Fact::WrapUpStarted { .. } => "wrap_up_started",
        Fact::WrapUpExtended { .. } => "wrap_up_extended",
        Fact::SegmentClosed { .. } => "segment_closed",
        Fact::VisitEnded { .. } => "visit_ended",
        Fact::ContactEnded { .. } => "contact_ended",
        Fact::OfferLimitReached { .. } => "offer_limit_reached",
        Fact::OfferLimitLifted { .. } => "offer_limit_lifted",
        Fact::EndForeseen { .. } => "end_foreseen",
        Fact::CampaignSet { .. } => "campaign_set",
        Fact::CampaignRunChanged { .. } => "campaign_run_changed",
        Fact::LeadFiled { .. } => "lead_filed",
        Fact::CallbackProposed { .. } => "callback_proposed",
        Fact::CallbackNotPlaced { .. } => "callback_not_placed",
        Fact::LeadPromised { .. } => "lead_promised",
        Fact::AttemptProposed { .. } => "attempt_proposed",
        Fact::AttemptCleared { .. } => "attempt_cleared",
        Fact::AttemptPlaced { .. } => "attempt_placed",
        Fact::AttemptRefused { .. } => "attempt_refused",
        Fact::AttemptEnded { .. } => "attempt_ended",
        Fact::LeadReturned { .. } => "lead_returned",
    }
}

/// Every tie-breaker, when it has told two agents apart.
pub const DECISION_KINDS: [&str; 10] = [
    "decided.preferred",
    "decided.least_loaded",
    "decided.longest_idle",
    "decided.best_skill",
    "decided.least_skilled",
    "decided.least_occupied",
    "decided.fewest_contacts",
    "decided.round_robin",
    "decided.random",
    "decided.rank",
];

#[must_use]
pub fn of_decision(decided_by: TieBreaker) -> &'static str {
    match decided_by {
        TieBreaker::Preferred => "decided.preferred",
        TieBreaker::LeastLoaded => "decided.least_loaded",
        TieBreaker::LongestIdle => "decided.longest_idle",
        TieBreaker::BestSkill => "decided.best_skill",
        TieBreaker::LeastSkilled => "decided.least_skilled",
        TieBreaker::LeastOccupied => "decided.least_occupied",
        TieBreaker::FewestContacts => "decided.fewest_contacts",
        TieBreaker::RoundRobin => "decided.round_robin",
        TieBreaker::Random => "decided.random",
        TieBreaker::Rank => "decided.rank",
    }
}

/// Every exit, when a contact has left by it.
pub const EXIT_KINDS: [&str; 7] =
    ["exit.closed", "exit.closing", "exit.no_agents", "exit.full", "exit.long_wait", "exit.max_wait", "exit.key"];

#[must_use]
pub fn of_exit(exit: Exit) -> &'static str {
    match exit {
        Exit::Closed => "exit.closed",
        Exit::Closing => "exit.closing",
        Exit::NoAgents => "exit.no_agents",
        Exit::Full => "exit.full",
        Exit::LongWait => "exit.long_wait",
        Exit::MaxWait => "exit.max_wait",
        Exit::Key { .. } => "exit.key",
    }
}

/// What exits do, but for callbacks; and how new rules and failed exits let contacts wait on.
pub const LEAVING_KINDS: [&str; 10] = [
    "exit_to.queue",
    "exit_to.hang_up",
    "exit_to.voicemail",
    "exit_to.announce",
    "exit_failed.closed",
    "exit_failed.key",
    "exit_failed.another",
    "exit_failed.timed_out",
    "queued.exit_failed",
    "queued.queue_dropped",
];

#[must_use]
pub fn of_exit_action(action: &ExitAction) -> &'static str {
    match action {
        ExitAction::Queue(_) => "exit_to.queue",
        ExitAction::HangUp => "exit_to.hang_up",
        ExitAction::Voicemail { .. } => "exit_to.voicemail",
        ExitAction::Announce { .. } => "exit_to.announce",
        ExitAction::Callback => "exit_to.callback",
    }
}

/// How a contact comes to wait on, if the fact says so.
#[must_use]
pub fn of_waiting_on(fact: &Fact) -> Option<&'static str> {
    if let Fact::ContactQueued { cause: QueuedBy::ExitFailed { .. }, .. } = fact {
        return Some("queued.exit_failed");
    }
    if let Fact::ContactQueued { cause: QueuedBy::QueueDropped { .. }, .. } = fact {
        return Some("queued.queue_dropped");
    }
    let Fact::ExitFailed { exit, why, .. } = fact else { return None };
    Some(match exit {
        _late if *why == LegFailure::TimedOut => "exit_failed.timed_out",
        Exit::Closed => "exit_failed.closed",
        Exit::Key { .. } => "exit_failed.key",
        Exit::Closing | Exit::NoAgents | Exit::Full | Exit::LongWait | Exit::MaxWait => "exit_failed.another",
    })
}

/// Every kind of refusal that a history can meet. `Full` needs more contacts than a test has.
pub const REFUSAL_KINDS: [&str; 23] = [
    "refused.no_rules",
    "refused.unknown_agent",
    "refused.unknown_queue",
    "refused.unknown_contact",
    "refused.contact_ended",
    "refused.unknown_offer",
    "refused.offer_gone",
    "refused.accepted_by_phone",
    "refused.unknown_segment",
    "refused.not_in_hand",
    "refused.wrong_state",
    "refused.nobody_consulted",
    "refused.while_consulting",
    "refused.in_conference",
    "refused.order_gone",
    "refused.agent_not_logged_in",
    "refused.invalid_field",
    "refused.no_number",
    "refused.not_due_in_time",
    "refused.queue_without_callbacks",
    "refused.consultation",
    "refused.written",
    "refused.no_escalation",
];

#[must_use]
pub fn of_refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoRules => "refused.no_rules",
        Refusal::UnknownAgent { .. } => "refused.unknown_agent",
        Refusal::UnknownQueue { .. } => "refused.unknown_queue",
        Refusal::UnknownContact => "refused.unknown_contact",
        Refusal::ContactEnded { .. } => "refused.contact_ended",
        Refusal::UnknownOffer { .. } => "refused.unknown_offer",
        Refusal::OfferGone { .. } => "refused.offer_gone",
        Refusal::AcceptedByPhone { .. } => "refused.accepted_by_phone",
        Refusal::UnknownSegment { .. } => "refused.unknown_segment",
        Refusal::NotInHand { .. } => "refused.not_in_hand",
        Refusal::WrongState { expected, .. } => match expected {
            ContactState::Talking | ContactState::Held | ContactState::Connected => "refused.wrong_state",
            ContactState::Waiting => "refused.not_waiting",
            ContactState::Consulting => "refused.nobody_consulted",
            ContactState::NotConsulting => "refused.while_consulting",
            ContactState::NotInConference => "refused.in_conference",
            ContactState::Recorded => "refused.not_recorded",
        },
        Refusal::NotToBeOffered { .. } => "refused.not_to_be_offered",
        Refusal::UnknownCampaign { .. } => "refused.unknown_campaign",
        Refusal::CampaignNotRunning { .. } => "refused.campaign_not_running",
        Refusal::NoLead { .. } => "refused.no_lead",
        Refusal::NumberInCall { .. } => "refused.number_in_call",
        Refusal::NoLine { .. } => "refused.no_line",
        Refusal::OrderGone => "refused.order_gone",
        Refusal::AgentNotLoggedIn { .. } => "refused.agent_not_logged_in",
        Refusal::InvalidField { field, expected } => match expected {
            Expected::ANumberBecauseNoneIsKnown => "refused.no_number",
            Expected::ATimeToComeWithin90Days => "refused.not_due_in_time",
            Expected::AQueueThatServesCallbacks => "refused.queue_without_callbacks",
            Expected::ADispositionBecauseTheQueueRequiresOne
            | Expected::AnotherAgent
            | Expected::FromOneSecondToOneHour
            | Expected::AWrittenContact
            | Expected::AChatOrAnEmail => "refused.invalid_field",
            Expected::AvailableOrNotReady => "refused.presence",
            Expected::ForcedByASupervisorOnly => "refused.forced",
            Expected::AnAgentTheCustomerMayGet => "refused.never_this_agent",
            Expected::FromMinus1000To1000 => "refused.priority",
            Expected::ACustomersContact => "refused.consultation",
            Expected::AVoiceContact => "refused.written",
            Expected::AQueueWithAnEscalation => "refused.no_escalation",
            Expected::AnEmailOrATask => "refused.not_on_the_list",
            Expected::AnAllowedNumber => "refused.number_not_allowed",
            Expected::TheRightToTransferOutside => "refused.no_right_outside",
            Expected::AQueueThatServesCalls => "refused.queue_without_calls",
            Expected::ARunningCampaign => "refused.campaign_not_started",
            Expected::AManualCampaign => "refused.campaign_not_by_hand",
            Expected::ATimeToCome => "refused.closed_already",
            Expected::ARecordingOfTheContact => "refused.unknown_recording",
            Expected::FewerUpdates if *field == FieldName::Note => "refused.note_too_many",
            Expected::FewerUpdates => "refused.attributes_too_many",
        },
        Refusal::Full => "refused.full",
    }
}

/// What becomes of callbacks.
pub const CALLBACK_KINDS: [&str; 15] = [
    "callback.asked_by_customer",
    "callback.asked_by_agent",
    "callback.scheduled",
    "callback.takes_the_place",
    "callback.due_for_an_agent",
    "callback.due_for_a_queue",
    "callback.tried_again",
    "callback.given_up",
    "callback.proposed_as_he_asked",
    "callback.proposed_as_an_agent_asked",
    "callback.not_checked",
    "callback.without_a_line",
    "callback.put_off",
    "callback.refused_for_good",
    "callback.withdrawn",
];

/// The kind of callback news that the fact is, if it is any.
#[must_use]
pub fn of_callback(fact: &Fact) -> Option<&'static str> {
    let ended_by_router = |reference: &str, by: EndedBy| reference.starts_with("callback-") && by == EndedBy::Router;
    if let Fact::CallbackPromised { due, asked_by, .. } = fact {
        return Some(match (due, asked_by) {
            (Some(_), _) => "callback.scheduled",
            (None, Some(_)) => "callback.asked_by_agent",
            (None, None) => "callback.asked_by_customer",
        });
    }
    if let Fact::ContactQueued { cause: QueuedBy::Callback { .. }, .. } = fact {
        return Some("callback.takes_the_place");
    }
    if let Fact::ContactQueued { cause: QueuedBy::CallbackDue, direct, .. } = fact {
        return Some(if direct.is_some() { "callback.due_for_an_agent" } else { "callback.due_for_a_queue" });
    }
    if let Fact::AttemptFailed { until, .. } = fact {
        return Some(if until.is_some() { "callback.tried_again" } else { "callback.given_up" });
    }
    if let Fact::CallbackNotPlaced { why, until, .. } = fact {
        return Some(match (why, until) {
            (_why, None) => "callback.refused_for_good",
            (NotPlaced::NotChecked, Some(_)) => "callback.not_checked",
            (NotPlaced::NoLine, Some(_)) => "callback.without_a_line",
            (_why, Some(_)) => "callback.put_off",
        });
    }
    match fact {
        Fact::CallbackProposed { is_own_wish: true, .. } => Some("callback.proposed_as_he_asked"),
        Fact::CallbackProposed { is_own_wish: false, .. } => Some("callback.proposed_as_an_agent_asked"),
        Fact::ContactEnded { reference, by, .. } if ended_by_router(reference.as_str(), *by) => {
            Some("callback.withdrawn")
        }
        Fact::VisitEnded { end: VisitEnd::CallbackRequested, .. } => Some("callback.asked_for_while_waiting"),
        _other => None,
    }
}

/// How consultations begin and end, and what else lets a customer in hand wait again.
pub const CONSULTATION_KINDS: [&str; 14] = [
    "consultation.offers_taken_back",
    "consultation.completed",
    "consultation.cancelled",
    "consultation.declined",
    "consultation.no_answer",
    "consultation.failed",
    "consultation.left",
    "consultation.customer_left",
    "consultation.first_agent_left",
    "consultation.two_talk_on",
    "queued.consultation",
    "queued.escalated",
    "queued.leg_lost",
    "ended.transfer",
];

/// The kind of news of this sort that the fact is, if it is any.
#[must_use]
pub fn of_consultation(fact: &Fact) -> Option<&'static str> {
    if let Fact::OfferEnded { outcome: OfferOutcome::Revoked { why: RevokedWhy::Consulting }, .. } = fact {
        return Some("consultation.offers_taken_back");
    }
    if let Fact::ContactEnded { by: EndedBy::Transfer, .. } = fact {
        return Some("ended.transfer");
    }
    if let Fact::ContactQueued { cause, .. } = fact {
        return match cause {
            QueuedBy::Consultation { .. } => Some("queued.consultation"),
            QueuedBy::Escalated { .. } => Some("queued.escalated"),
            QueuedBy::LegLost { .. } => Some("queued.leg_lost"),
            _other => None,
        };
    }
    let Fact::ConsultationEnded { parent, end, .. } = fact else { return None };
    Some(match end {
        ConsultationEnd::Completed => "consultation.completed",
        ConsultationEnd::Cancelled => "consultation.cancelled",
        ConsultationEnd::Declined => "consultation.declined",
        ConsultationEnd::NoAnswer => "consultation.no_answer",
        ConsultationEnd::Failed => "consultation.failed",
        ConsultationEnd::Left if parent.is_none() => "consultation.two_talk_on",
        ConsultationEnd::Left => "consultation.left",
        ConsultationEnd::CustomerLeft => "consultation.customer_left",
        ConsultationEnd::FirstAgentLeft => "consultation.first_agent_left",
    })
}
