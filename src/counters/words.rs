//! What commands and refusals are called in labels: a closed list each. Repeats nothing that was sent.

use crate::routing::command::Action;
use crate::routing::refusal::Refusal;

#[must_use]
pub fn action_word(action: &Action) -> &'static str {
    match action {
        Action::ReplaceRules { .. } => "replace_rules",
        Action::Resume { .. } => "resume",
        Action::StepClock { .. } => "step_clock",
        Action::AttachGateway { .. } => "attach_gateway",
        Action::DetachGateway { .. } => "detach_gateway",
        Action::ContactArrived { .. } => "contact_arrived",
        Action::ContactUpdated { .. } => "contact_updated",
        Action::ContactAbandoned { .. } => "contact_abandoned",
        Action::ContactConnected { .. } => "contact_connected",
        Action::MessagePassed { .. } => "message_passed",
        Action::CallProgress { .. } => "call_progress",
        Action::ContactEnded { .. } => "contact_ended",
        Action::ExitKeyPressed { .. } => "exit_key_pressed",
        Action::OrderDone { .. } => "order_done",
        Action::OrderFailed { .. } => "order_failed",
        Action::PartyLeft { .. } => "party_left",
        Action::DeviceChanged { .. } => "device_changed",
        Action::Inventory { .. } => "inventory",
        Action::OpenTask { .. } => "open_task",
        Action::TakeContact { .. } => "take_contact",
        Action::OpenConsole { .. } => "open_console",
        Action::CloseConsole { .. } => "close_console",
        Action::SetPresence { .. } => "set_presence",
        Action::AcknowledgeOffer { .. } => "acknowledge_offer",
        Action::AcceptOffer { .. } => "accept_offer",
        Action::DeclineOffer { .. } => "decline_offer",
        Action::HoldContact { .. } => "hold_contact",
        Action::UnholdContact { .. } => "unhold_contact",
        Action::TransferContact { .. } => "transfer_contact",
        Action::TransferOutside { .. } => "transfer_outside",
        Action::Consult { .. } => "consult",
        Action::CompleteConsultation { .. } => "complete_consultation",
        Action::CancelConsultation { .. } => "cancel_consultation",
        Action::SwapConsultation { .. } => "swap_consultation",
        Action::JoinConference { .. } => "join_conference",
        Action::LeaveContact { .. } => "leave_contact",
        Action::EscalateContact { .. } => "escalate_contact",
        Action::SuspendContact { .. } => "suspend_contact",
        Action::ScheduleCallback { .. } => "schedule_callback",
        Action::EndContact { .. } => "end_contact",
        Action::ExtendWrapUp { .. } => "extend_wrap_up",
        Action::FinishWrapUp { .. } => "finish_wrap_up",
        Action::LogOut { .. } => "log_out",
        Action::SetPresenceOf { .. } => "set_presence_of",
        Action::MoveContact { .. } => "move_contact",
        Action::PrioritiseContact { .. } => "prioritise_contact",
        Action::AssignContact { .. } => "assign_contact",
        Action::CloseContact { .. } => "close_contact",
        Action::PauseQueue { .. } => "pause_queue",
        Action::ResumeQueue { .. } => "resume_queue",
    }
}

#[must_use]
pub fn refusal_word(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoRules => "no_rules",
        Refusal::UnknownAgent { .. } => "unknown_agent",
        Refusal::UnknownQueue { .. } => "unknown_queue",
        Refusal::UnknownContact => "unknown_contact",
        Refusal::ContactEnded { .. } => "contact_ended",
        Refusal::UnknownOffer { .. } => "unknown_offer",
        Refusal::OfferGone { .. } => "offer_gone",
        Refusal::AcceptedByPhone { .. } => "accepted_by_phone",
        Refusal::UnknownSegment { .. } => "unknown_segment",
        Refusal::NotInHand { .. } => "not_in_hand",
        Refusal::WrongState { .. } => "wrong_state",
        Refusal::OrderGone => "order_gone",
        Refusal::NotToBeOffered { .. } => "not_to_be_offered",
        Refusal::AgentNotLoggedIn { .. } => "agent_not_logged_in",
        Refusal::InvalidField { .. } => "invalid_field",
        Refusal::Full => "full",
    }
}
