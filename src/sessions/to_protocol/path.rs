//! What happened to a contact, an entry an event: the journal's facts in the wire's words. Shows nobody's data.

use serde::Serialize;
use serde_json::Value;

use super::why::queued_by;
use super::{agent_name, ms, name, queue_name, time};
use crate::hindsight::Story;
use crate::protocol as wire;
use crate::protocol::PathWhat;
use crate::routing::event::{Event, Fact, OfferOutcome, QueuedBy, VisitEnd};
use crate::routing::ids::{AgentId, EventNo};
use crate::sessions::from_protocol::WireIds;

/// Entries of one answer, the newest.
const PATH_MAX: usize = 500;

/// And how many older ones were left out.
pub fn path(ids: &WireIds, story: &Story) -> (Vec<wire::PathEvent>, u64) {
    let left_out = story.events.len().saturating_sub(PATH_MAX);
    let told = story.events[left_out..].iter().map(|(no, event)| entry(ids, *no, event));
    (told.collect(), left_out as u64)
}

fn entry(ids: &WireIds, no: EventNo, event: &Event) -> wire::PathEvent {
    let entry = wire::PathEvent {
        event: no.0,
        at: time(event.at),
        what: PathWhat::Other,
        queue: None,
        agent: None,
        by: event.by.as_ref().map(|person| name(person.as_str())),
        why: None,
        rule: None,
        waited_ms: None,
        handled_ms: None,
        contact: None,
    };
    of_agent(ids, &event.fact, &entry)
        .or_else(|| of_queue(ids, &event.fact, &entry))
        .unwrap_or(wire::PathEvent { why: Some(name(&word(&event.fact))), ..entry })
}

/// What an agent, or an offer to one, is part of.
fn of_agent(ids: &WireIds, fact: &Fact, entry: &wire::PathEvent) -> Option<wire::PathEvent> {
    let with = |what, agent: &AgentId| wire::PathEvent { what, agent: Some(agent_name(agent)), ..entry.clone() };
    let because = |what, agent: &AgentId, why: String| wire::PathEvent { why: Some(name(&why)), ..with(what, agent) };
    Some(match fact {
        Fact::ContactOffered { agent, .. } => with(PathWhat::Offered, agent),
        Fact::OfferEnded { agent, outcome, .. } => because(PathWhat::OfferEnded, agent, offer_outcome(outcome)),
        Fact::ContactConnecting { agent, .. } => with(PathWhat::Connecting, agent),
        Fact::ConnectFailed { agent, why, .. } => because(PathWhat::NotConnected, agent, word(why)),
        Fact::ContactConnected { agent, .. } => with(PathWhat::Connected, agent),
        Fact::ContactHeld { agent, .. } => with(PathWhat::Held, agent),
        Fact::ContactUnheld { agent, .. } => with(PathWhat::Unheld, agent),
        Fact::SegmentSetAside { agent, .. } => with(PathWhat::SetAside, agent),
        Fact::SegmentTakenUp { agent, .. } => with(PathWhat::TakenUp, agent),
        Fact::ContactTakenUp { agent, why, .. } => because(PathWhat::TakenUp, agent, word(why)),
        Fact::ContactSuspended { agent, .. } => with(PathWhat::Suspended, agent),
        Fact::ContactTransferred { agent, .. } => with(PathWhat::Transferred, agent),
        Fact::ContactTransferredOutside { agent, .. } => with(PathWhat::TransferredOutside, agent),
        Fact::TransferFailed { agent, why, .. } => because(PathWhat::TransferFailed, agent, word(why)),
        Fact::ContactReturned { agent, .. } => with(PathWhat::Returned, agent),
        Fact::ConsultationBegun { agent, parent, .. } => {
            wire::PathEvent { contact: Some(ids.contact_text(*parent)), ..with(PathWhat::ConsultationBegun, agent) }
        }
        Fact::ConsultationJoined { agent, .. } => with(PathWhat::ConsultationJoined, agent),
        Fact::ConsultationEnded { agent, end, .. } => because(PathWhat::ConsultationEnded, agent, word(end)),
        Fact::ContactHandedOver { to, consultation, .. } => {
            wire::PathEvent { contact: Some(ids.contact_text(*consultation)), ..with(PathWhat::HandedOver, to) }
        }
        Fact::LegLost { agent, .. } => with(PathWhat::LegLost, agent),
        Fact::LegBack { agent, .. } => with(PathWhat::LegBack, agent),
        Fact::PreferredWaitEnded { agent, .. } => with(PathWhat::PreferredWaitEnded, agent),
        Fact::WrapUpStarted { agent, .. } => with(PathWhat::WrapUp, agent),
        Fact::SegmentClosed { agent, queue, talk, hold, wrap_up, .. } => wire::PathEvent {
            queue: Some(queue_name(queue)),
            handled_ms: Some(ms(*talk + *hold + *wrap_up)),
            ..with(PathWhat::SegmentClosed, agent)
        },
        Fact::AttemptProposed { agent, .. } | Fact::CallbackProposed { agent, .. } => {
            because(PathWhat::Attempt, agent, "proposed".to_owned())
        }
        Fact::AttemptPlaced { agent, .. } => because(PathWhat::Attempt, agent, "placed".to_owned()),
        Fact::AttemptFailed { agent, why, .. } => because(PathWhat::Attempt, agent, word(why)),
        Fact::CallbackNotPlaced { agent, why, .. } => because(PathWhat::Attempt, agent, word(why)),
        _ => return None,
    })
}

/// What a queue, its rules or the caller are part of.
fn of_queue(ids: &WireIds, fact: &Fact, entry: &wire::PathEvent) -> Option<wire::PathEvent> {
    let just = |what| wire::PathEvent { what, ..entry.clone() };
    let because = |what, why: String| wire::PathEvent { why: Some(name(&why)), ..just(what) };
    Some(match fact {
        Fact::ContactArrived { .. } => just(PathWhat::Arrived),
        Fact::CallbackPromised { queue, parent, .. } => wire::PathEvent {
            queue: Some(queue_name(queue)),
            contact: Some(ids.contact_text(*parent)),
            ..just(PathWhat::CallbackPromised)
        },
        Fact::LeadFiled { .. } => just(PathWhat::LeadFiled),
        Fact::AttemptCleared { .. } => because(PathWhat::Attempt, "cleared".to_owned()),
        Fact::AttemptRefused { why, .. } => because(PathWhat::Attempt, word(why)),
        Fact::AttemptEnded { outcome, .. } => because(PathWhat::Attempt, word(outcome)),
        Fact::CustomerAnswered { .. } => just(PathWhat::CustomerAnswered),
        Fact::ContactUpdated { .. } => just(PathWhat::Updated),
        Fact::MessagePassed { by, .. } => because(PathWhat::Message, word(by)),
        Fact::ContactQueued { queue, cause, .. } => wire::PathEvent {
            queue: Some(queue_name(queue)),
            rule: rule_of(cause),
            ..because(PathWhat::Queued, word(&queued_by(cause)))
        },
        Fact::VisitChanged { rule, .. } => wire::PathEvent { rule: Some(name(rule)), ..just(PathWhat::Changed) },
        Fact::VisitWidened { step, .. } => because(PathWhat::Widened, step.to_string()),
        Fact::VisitPrioritised { priority, .. } => because(PathWhat::Prioritised, priority.to_string()),
        Fact::OfferLimitReached { .. } => just(PathWhat::OfferLimit),
        Fact::ExitKeyPressed { key, .. } => because(PathWhat::ExitKey, char::from(*key).to_string()),
        Fact::ExitTaken { exit, .. } => because(PathWhat::ExitTaken, word(exit)),
        Fact::ExitFailed { exit, .. } => because(PathWhat::ExitFailed, word(exit)),
        Fact::VoicemailBegun { .. } => just(PathWhat::Voicemail),
        Fact::RecordingOrdered { ask, .. } => because(PathWhat::RecordingAsked, word(ask)),
        Fact::RecordingTold { state, .. } => because(PathWhat::RecordingTold, word(state)),
        Fact::VisitEnded { queue, end, waited, .. } => wire::PathEvent {
            queue: Some(queue_name(queue)),
            waited_ms: Some(ms(*waited)),
            ..because(PathWhat::VisitEnded, visit_end(*end).to_owned())
        },
        Fact::ContactEnded { by, .. } => because(PathWhat::Ended, word(by)),
        _ => return None,
    })
}

fn rule_of(cause: &QueuedBy) -> Option<wire::Name> {
    match cause {
        QueuedBy::Entry { rule } => Some(name(rule)),
        _ => None,
    }
}

fn offer_outcome(outcome: &OfferOutcome) -> String {
    match outcome {
        OfferOutcome::Declined { .. } => "declined".to_owned(),
        OfferOutcome::Expired => "expired".to_owned(),
        OfferOutcome::Rescinded => "rescinded".to_owned(),
        OfferOutcome::Revoked { why } => word(why),
        OfferOutcome::LegFailed { why } => word(why),
    }
}

fn visit_end(end: VisitEnd) -> &'static str {
    match end {
        VisitEnd::Answered => "answered",
        VisitEnd::Abandoned { short: false } => "abandoned",
        VisitEnd::Abandoned { short: true } => "short_abandoned",
        VisitEnd::FlowedOut => "flowed_out",
        VisitEnd::CallbackRequested => "callback_requested",
        VisitEnd::Withdrawn => "withdrawn",
        VisitEnd::LostByGateway => "lost_by_gateway",
    }
}

/// The one word of a value, or of the variant that holds values.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        Ok(Value::Object(fields)) => fields.into_iter().next().map_or_else(String::new, |(word, _)| word),
        Ok(_) | Err(_) => String::new(),
    }
}
