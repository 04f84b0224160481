//! What happened to a contact, a line an event, in words. Shows nobody's data.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::text::{reason, span, time};
use crate::routing::event::{Event, Fact, OfferOutcome, QueuedBy, VisitEnd};
use crate::routing::ids::EventNo;
use crate::routing::rule_set::ExitAction;
use crate::routing::skill::Skills;

pub(super) fn story(events: &[(EventNo, Event)]) -> String {
    let mut told = String::new();
    for (no, event) in events {
        let _ = writeln!(told, "{}  {:>8}  {}", time(event.at), no.0, line(&event.fact));
    }
    told
}

/// The one word of an enum without values, or its values as JSON.
pub(super) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => "?".to_owned(),
    }
}

pub(super) fn skills(skills: &Skills) -> String {
    if skills.is_empty() {
        return "no skill".to_owned();
    }
    let each: Vec<String> = skills.iter().map(|(skill, level)| format!("{skill} {}", level.get())).collect();
    each.join(", ")
}

pub(super) fn queued_by(cause: &QueuedBy) -> String {
    match cause {
        QueuedBy::Entry { rule } => format!("by entry rule \"{rule}\""),
        QueuedBy::Transfer { agent } => format!("by a transfer of {agent}"),
        QueuedBy::DirectExpired { agent } => format!("as {agent} did not take it in time"),
        QueuedBy::AgentLost { agent } => format!("as {agent} went away"),
        QueuedBy::Step { queue, step } => format!("by step {step} of queue {queue}"),
        QueuedBy::Exit { queue, exit } => format!("by exit {} of queue {queue}", word(exit)),
        QueuedBy::TransferFailed { agent } => format!("as {agent} gave it to a number outside in vain"),
        QueuedBy::ExitFailed { exit } => format!("as exit {} could not be carried out", word(exit)),
        QueuedBy::QueueDropped { queue } => format!("as the rules no longer have queue {queue}"),
        QueuedBy::TakenUp { agent } => format!("taken up again; {agent} had laid it down"),
        QueuedBy::Callback { parent } => format!("to call back who came as contact {parent}"),
        QueuedBy::Moved => "moved by a supervisor".to_owned(),
        QueuedBy::Campaign { campaign } => format!("as campaign {campaign} is to call it"),
        QueuedBy::Work => "as its work names this queue".to_owned(),
        QueuedBy::Assigned => "given to one agent by a supervisor".to_owned(),
        QueuedBy::HandedBack { agent } => format!("handed back by {agent}"),
        QueuedBy::Consultation { parent, agent } => format!("as {agent} asks a colleague about contact {parent}"),
        QueuedBy::Escalated { agent, reason } => format!("escalated by {agent}: {reason}"),
        QueuedBy::LegLost { agent } => format!("as {agent} was cut off"),
        QueuedBy::CallbackDue => "as the time of the callback has come".to_owned(),
    }
}

pub(super) fn action(action: &ExitAction) -> String {
    match action {
        ExitAction::Queue(queue) => format!("to queue {queue}"),
        ExitAction::HangUp => "hung up".to_owned(),
        ExitAction::Voicemail { mailbox: Some(mailbox) } => format!("to mailbox {mailbox}"),
        ExitAction::Voicemail { mailbox: None } => "to voicemail".to_owned(),
        ExitAction::Announce { message } => format!("hears \"{message}\""),
        ExitAction::Callback => "is called back".to_owned(),
    }
}

fn outcome(outcome: &OfferOutcome) -> String {
    match outcome {
        OfferOutcome::Declined { reason: None } => "declined".to_owned(),
        OfferOutcome::Declined { reason: Some(reason) } => format!("declined: {reason}"),
        OfferOutcome::Expired => "missed".to_owned(),
        OfferOutcome::Rescinded => "rescinded".to_owned(),
        OfferOutcome::Revoked { why } => format!("revoked: {}", word(why)),
        OfferOutcome::LegFailed { why } => format!("the phone could not be reached: {}", word(why)),
    }
}

fn visit_end(end: VisitEnd) -> &'static str {
    match end {
        VisitEnd::Answered => "answered",
        VisitEnd::Abandoned { short: false } => "abandoned",
        VisitEnd::Abandoned { short: true } => "abandoned shortly",
        VisitEnd::FlowedOut => "flowed out",
        VisitEnd::CallbackRequested => "a callback was asked for",
        VisitEnd::Withdrawn => "withdrawn",
        VisitEnd::LostByGateway => "lost by its gateway",
    }
}

fn line(fact: &Fact) -> String {
    match fact {
        Fact::ContactArrived { gateway, channel, .. } => format!("arrived by {} at gateway {gateway}", channel.name()),
        Fact::CallbackPromised { parent, queue, due, .. } => {
            let when = due.map_or("at once".to_owned(), |due| format!("at {}", time(due)));
            format!("a callback of contact {parent} is promised in queue {queue}, {when}")
        }
        Fact::CustomerAnswered { .. } => "the customer has answered".to_owned(),
        Fact::AttemptFailed { agent, why, until, .. } => {
            let again = until.map_or("not tried again".to_owned(), |until| format!("again at {}", time(until)));
            format!("the customer was not reached for {agent}: {}; {again}", word(why))
        }
        Fact::LeadFiled { campaign, list, lead, .. } => {
            format!("lead {lead} of list {list} is to be called for campaign {campaign}")
        }
        Fact::AttemptProposed { agent, .. } | Fact::CallbackProposed { agent, .. } => {
            format!("a call is proposed, with {agent} reserved for it")
        }
        Fact::AttemptCleared { .. } => "the call may be placed".to_owned(),
        Fact::AttemptPlaced { agent, .. } => format!("the call is placed for {agent}"),
        Fact::AttemptRefused { why, until, .. } => {
            let may = until.map_or(String::new(), |until| format!("; it may be from {} on", time(until)));
            format!("the call is not placed: {}{may}", word(why))
        }
        Fact::CallbackNotPlaced { agent, why, until, .. } => {
            let again = until.map_or("not tried again".to_owned(), |until| format!("again at {}", time(until)));
            format!("the call is not placed for {agent}: {}; {again}", word(why))
        }
        Fact::LeadPromised { agent, due, by, .. } => {
            let by = by.as_ref().map_or("anyone".to_owned(), ToString::to_string);
            format!("{agent} promised the lead a call at {} by {by}", time(*due))
        }
        Fact::AttemptEnded { outcome, .. } => format!("the call is over: {}", word(outcome)),
        Fact::LeadReturned { why, .. } => format!("back to its list without a call: {}", word(why)),
        Fact::CallbackSuperseded { .. } => "the customer got through another way".to_owned(),
        Fact::CallbackGapEnded { .. } => "the callback may be tried again".to_owned(),
        Fact::ContactUpdated { .. } => "more is known about it".to_owned(),
        Fact::ContactQueued { queue, cause, skills: asked, priority, direct, preferred, .. } => {
            let mut told = format!("waits in queue {queue}, {}; asks {}", queued_by(cause), skills(asked));
            if *priority != 0 {
                let _ = write!(told, "; priority {priority}");
            }
            if let Some(direct) = direct {
                let _ = write!(told, "; for {} alone until {}", direct.agent, time(direct.until));
            }
            if let Some(preferred) = preferred {
                let _ = write!(told, "; prefers {}", preferred.agent);
            }
            told
        }
        Fact::VisitChanged { rule, skills: asked, priority, .. } => {
            format!("entry rule \"{rule}\" holds now; asks {}, priority {priority}", skills(asked))
        }
        Fact::VisitWidened { step, skills: asked, .. } => format!("step {step} was taken; asks {} now", skills(asked)),
        Fact::VisitPrioritised { priority, .. } => format!("a supervisor gave it priority {priority}"),
        Fact::ConsultationBegun { parent, agent, to, .. } => {
            format!("{agent} asks a colleague about contact {parent}: {}", word(to))
        }
        Fact::ConsultationJoined { parent, .. } => format!("the customer of contact {parent} was joined to it"),
        Fact::ConsultationEnded { agent, end, .. } => format!("{agent} has it no longer: {}", word(end)),
        Fact::ContactHandedOver { agent, to, .. } => format!("{agent} handed it over to {to}"),
        Fact::LegLost { agent, until, .. } => format!("{agent} was cut off; rung again until {}", time(*until)),
        Fact::LegBack { agent, .. } => format!("{agent} is back on the line"),
        Fact::ExitKeyPressed { key, .. } => format!("pressed key {}", char::from(*key)),
        Fact::ExitTaken { exit, action: to, .. } => format!("leaves by exit {}: {}", word(exit), action(to)),
        Fact::ExitFailed { exit, why, .. } => format!("exit {} could not be carried out: {}", word(exit), word(why)),
        Fact::VoicemailBegun { .. } => "speaks to voicemail".to_owned(),
        Fact::RecordingOrdered { ask, agent: Some(agent), .. } => format!("recording: {agent} asks to {}", word(ask)),
        Fact::RecordingOrdered { ask, agent: None, .. } => format!("recording: asked to {}", word(ask)),
        Fact::RecordingTold { state, why: None, .. } => format!("recording: {}", word(state)),
        Fact::RecordingTold { state, why: Some(why), .. } => format!("recording: {}, {}", word(state), word(why)),
        Fact::PreferredWaitEnded { agent, .. } => format!("no longer waits for {agent} alone"),
        Fact::ContactOffered { agent, expires_at, why, .. } => {
            format!("offered to {agent} until {}: {}", time(*expires_at), reason(why))
        }
        Fact::OfferEnded { agent, outcome: ended, .. } => format!("offer to {agent} over: {}", outcome(ended)),
        Fact::ContactConnecting { agent, .. } => format!("{agent} accepted"),
        Fact::ConnectFailed { agent, why, .. } => format!("{agent} could not be connected: {}", word(why)),
        Fact::ContactConnected { agent, .. } => format!("connected with {agent}"),
        Fact::ContactHeld { agent, .. } => format!("held by {agent}"),
        Fact::ContactUnheld { agent, .. } => format!("taken off hold by {agent}"),
        Fact::SegmentSetAside { agent, .. } => format!("set aside by {agent}"),
        Fact::SegmentTakenUp { agent, .. } => format!("taken up again by {agent}"),
        Fact::MessagePassed { agent: Some(agent), .. } => format!("{agent} wrote to the customer"),
        Fact::MessagePassed { by, .. } => format!("a message of the {} passed", word(by)),
        Fact::ContactSuspended { agent, until, .. } => {
            let until = until.map_or("the customer writes".to_owned(), time);
            format!("laid down by {agent} until {until}")
        }
        Fact::ContactTakenUp { agent, why, .. } => format!("is {agent}'s again: {}", word(why)),
        Fact::ContactTransferred { agent, to, .. } => format!("given on by {agent}: {}", word(to)),
        Fact::ContactTransferredOutside { agent, .. } => format!("given by {agent} to a number outside"),
        Fact::TransferFailed { why, .. } => format!("could not be transferred outside: {}", word(why)),
        Fact::ContactReturned { agent, .. } => format!("{agent} went away; it waits again"),
        Fact::WrapUpStarted { agent, ends_at, .. } => format!("{agent} finishes up until {}", time(*ends_at)),
        Fact::SegmentClosed { agent, talk, hold, wrap_up, .. } => {
            format!("{agent} is done: talk {}, hold {}, wrap-up {}", span(*talk), span(*hold), span(*wrap_up))
        }
        Fact::VisitEnded { queue, end, waited, .. } => {
            format!("left queue {queue} after {}: {}", span(*waited), visit_end(*end))
        }
        Fact::ContactEnded { by, .. } => format!("ended by the {}", word(by)),
        Fact::OfferLimitReached { until, .. } => format!("offered too often; not offered until {}", time(*until)),
        Fact::OfferLimitLifted { .. } => "may be offered again".to_owned(),
        Fact::Resumed { .. }
        | Fact::ClockStepped { .. }
        | Fact::RulesReplaced { .. }
        | Fact::GatewayAttached { .. }
        | Fact::GatewayDetached { .. }
        | Fact::GatewayLost { .. }
        | Fact::GatewayLinesSet { .. }
        | Fact::InventoryCompared { .. }
        | Fact::QueuePaused { .. }
        | Fact::CampaignSet { .. }
        | Fact::CampaignRunChanged { .. }
        | Fact::QueueResumed { .. }
        | Fact::QueueRaised { .. }
        | Fact::QueueLowered { .. }
        | Fact::AgentChanged { .. }
        | Fact::AgentBackedOff { .. }
        | Fact::BackOffEnded { .. }
        | Fact::DeviceChanged { .. }
        | Fact::OfferAcknowledged { .. }
        | Fact::WrapUpExtended { .. }
        | Fact::EndForeseen { .. } => word(fact),
    }
}
