//! What a console is shown and told. It leaves out what has no place on the wire.

use super::lead::{lead_called, lead_not_reached, why_not_placed};
use super::recording::{call_recording, contact_recording};
use super::{
    activity, address, agent_name, attributes, channel, direction, ms, name, presence, queue_name, time, until,
};
use crate::protocol as wire;
use crate::router_handle::views::{
    AgentSnapshot, AgentView, Asking, ChannelView, ConsultingView, ContactView, OfferView, PassedView, SegmentView,
};
use crate::router_handle::{AgentChangedBy, AgentNews, NotConnected};
use crate::routing::command::{CallFailure, Destination, EndedBy, LegFailure};
use crate::routing::event::{AgentChange, ConsultationEnd, OfferOutcome, Reach, RevokedWhy};
use crate::routing::hold::Hold;
use crate::routing::ids::{ContactId, SegmentId};
use crate::routing::path::PassedHow;
use crate::routing::personal::Attributes;
use crate::routing::rule_set::{DispositionRule, TieBreaker};
use crate::routing::segment::SegmentState;
use crate::routing::time::Timestamp;
use crate::sessions::from_protocol::WireIds;

pub(super) fn hold(hold: Hold) -> wire::HoldReason {
    match hold {
        Hold::Preferred => wire::HoldReason::Preferred,
        Hold::ReservedForInbound => wire::HoldReason::ReservedForInbound,
        Hold::Leased => wire::HoldReason::Leased,
        Hold::BackOff => wire::HoldReason::BackOff,
        Hold::AlreadyDeclined => wire::HoldReason::AlreadyDeclined,
        Hold::NotResponding => wire::HoldReason::NotResponding,
        Hold::QueuePaused => wire::HoldReason::QueuePaused,
        Hold::CampaignPaused => wire::HoldReason::CampaignPaused,
        Hold::ByHand => wire::HoldReason::ByHand,
        Hold::NumberInCall => wire::HoldReason::NumberInCall,
        Hold::NoLine => wire::HoldReason::NoLine,
        Hold::OfferLimit => wire::HoldReason::OfferLimit,
        Hold::CallbackGap => wire::HoldReason::CallbackGap,
        Hold::GatewayAway => wire::HoldReason::GatewayAway,
        Hold::DeviceInUse => wire::HoldReason::DeviceInUse,
    }
}

fn disposition_rule(rule: DispositionRule) -> wire::DispositionRule {
    match rule {
        DispositionRule::Optional => wire::DispositionRule::Optional,
        DispositionRule::Required => wire::DispositionRule::Required,
    }
}

fn leg_failure(why: LegFailure) -> wire::OrderFailure {
    match why {
        LegFailure::Busy => wire::OrderFailure::Busy,
        LegFailure::NoAnswer => wire::OrderFailure::NoAnswer,
        LegFailure::Unregistered => wire::OrderFailure::Unregistered,
        LegFailure::Rejected => wire::OrderFailure::Rejected,
        LegFailure::Failed | LegFailure::CalledOff => wire::OrderFailure::Failed,
        LegFailure::TimedOut => wire::OrderFailure::TimedOut,
    }
}

fn call_failure(why: CallFailure) -> wire::CallFailure {
    match why {
        CallFailure::Busy => wire::CallFailure::Busy,
        CallFailure::NoAnswer => wire::CallFailure::NoAnswer,
        CallFailure::Rejected => wire::CallFailure::Rejected,
        CallFailure::Fax => wire::CallFailure::Fax,
        CallFailure::InvalidNumber => wire::CallFailure::InvalidNumber,
        CallFailure::Disconnected => wire::CallFailure::Disconnected,
        CallFailure::Congestion => wire::CallFailure::Congestion,
        CallFailure::Machine => wire::CallFailure::Machine,
        CallFailure::Failed => wire::CallFailure::Failed,
        CallFailure::TimedOut => wire::CallFailure::TimedOut,
    }
}

fn agent_state(view: &AgentView, why: AgentChangedBy) -> wire::AgentState {
    let (chosen, reason) = presence(&view.presence);
    let next = view.next.as_ref().map(|next| {
        let (presence, reason) = presence(next);
        wire::NextPresence { presence, reason }
    });
    wire::AgentState {
        agent: agent_name(&view.agent),
        presence: chosen,
        reason,
        next,
        activity: match view.reach {
            Reach::Unreachable { .. } => wire::Activity::Unreachable,
            Reach::Here | Reach::Away { .. } | Reach::Gone => activity(view.activity),
        },
        since: time(view.since),
        until: view.until.map(time),
        why: agent_change(why),
        channels: view.channels.iter().map(channel_state).collect(),
    }
}

fn agent_change(why: AgentChangedBy) -> wire::AgentChange {
    match why {
        AgentChangedBy::Change(AgentChange::Chosen) => wire::AgentChange::Chosen,
        AgentChangedBy::Change(AgentChange::AfterContact) => wire::AgentChange::AfterContact,
        AgentChangedBy::Change(AgentChange::ConsoleOpened) => wire::AgentChange::ConsoleOpened,
        AgentChangedBy::Change(AgentChange::ConsoleClosed) => wire::AgentChange::ConsoleClosed,
        AgentChangedBy::Change(AgentChange::HeardFrom) => wire::AgentChange::HeardFrom,
        AgentChangedBy::Change(AgentChange::OfferUndelivered) => wire::AgentChange::OfferUndelivered,
        AgentChangedBy::Change(AgentChange::GraceOver) => wire::AgentChange::GraceOver,
        AgentChangedBy::Change(AgentChange::Lost) => wire::AgentChange::Lost,
        AgentChangedBy::Change(AgentChange::Missed) => wire::AgentChange::Missed,
        AgentChangedBy::Change(AgentChange::DroppedFromRules) => wire::AgentChange::DroppedFromRules,
        AgentChangedBy::Change(AgentChange::SetBySupervisor) => wire::AgentChange::SetBySupervisor,
        AgentChangedBy::Change(AgentChange::LoggedOut) => wire::AgentChange::LoggedOut,
        AgentChangedBy::Offer => wire::AgentChange::Offer,
        AgentChangedBy::Contact => wire::AgentChange::Contact,
        AgentChangedBy::WrapUp => wire::AgentChange::WrapUp,
        AgentChangedBy::Device => wire::AgentChange::Device,
        AgentChangedBy::Rules => wire::AgentChange::Rules,
        AgentChangedBy::ServerRestarted => wire::AgentChange::ServerRestarted,
    }
}

fn channel_state(view: &ChannelView) -> wire::AgentChannel {
    wire::AgentChannel { channel: channel(view.channel), routable: view.routable, hold: view.hold.map(hold) }
}

pub(super) fn customer(attributes: &Attributes) -> Option<wire::Customer> {
    let sent = attributes.get("customer")?.as_object()?;
    let text = |field: &str| sent.get(field).and_then(|value| value.as_str());
    Some(wire::Customer {
        id: text("id").map(name),
        name: text("name").map(wire::PersonName::clipped),
        tier: text("tier").map(name),
    })
}

pub(super) fn decided_by(tie_breaker: TieBreaker) -> wire::DecidedBy {
    match tie_breaker {
        TieBreaker::Preferred => wire::DecidedBy::Preferred,
        TieBreaker::LeastLoaded => wire::DecidedBy::LeastLoaded,
        TieBreaker::LeastSkilled => wire::DecidedBy::LeastSkilled,
        TieBreaker::LeastOccupied => wire::DecidedBy::LeastOccupied,
        TieBreaker::Rank => wire::DecidedBy::Rank,
        TieBreaker::LongestIdle => wire::DecidedBy::LongestIdle,
        TieBreaker::BestSkill => wire::DecidedBy::BestSkill,
        TieBreaker::FewestContacts => wire::DecidedBy::FewestContacts,
        TieBreaker::RoundRobin => wire::DecidedBy::RoundRobin,
        TieBreaker::Random => wire::DecidedBy::Random,
    }
}

fn why(offer: &OfferView) -> Option<wire::OfferWhy> {
    let chosen = offer.why.as_ref();
    (chosen.is_some() || offer.rule.is_some() || !offer.steps.is_empty()).then(|| wire::OfferWhy {
        rule: offer.rule.as_deref().map(name),
        step: offer.steps.last().copied(),
        steps: offer.steps.clone(),
        decided_by: match chosen {
            Some(why) if why.taken => Some(wire::DecidedBy::Taken),
            Some(_) | None => chosen.and_then(|why| why.decided_by).map(decided_by),
        },
        agents_matched: chosen.map(|why| why.matched),
        rules_version: chosen.map(|why| why.rules.0),
    })
}

fn offered(ids: &WireIds, offer: &OfferView, now: Timestamp) -> wire::ContactOffered {
    let ContactView {
        contact,
        channel: on,
        direction: began_by,
        queue,
        from,
        to,
        attributes: given,
        asking,
        path,
        lead,
        ..
    } = &offer.contact;
    wire::ContactOffered {
        offer: ids.offer_text(offer.offer),
        accept: match (offer.rings, offer.is_dialled) {
            (true, _) => wire::AcceptMode::ByPhone,
            (false, true) => wire::AcceptMode::Auto,
            (false, false) => wire::AcceptMode::Manual,
        },
        contact: wire::OfferedContact {
            id: ids.contact_text(*contact),
            channel: channel(*on),
            queue: queue_name(queue),
            direction: direction(*began_by),
            waited_ms: ms(offer.waited),
            from: from.as_ref().map(address),
            to: to.as_ref().map(address),
            attributes: attributes(given),
            asked_by: asking.as_ref().map(|asking| asked_by(ids, asking)),
            note: offer.note.as_ref().map(|note| wire::Text::clipped(&note.0)),
            path: path.iter().map(path_step).collect(),
            lead: lead.as_ref().map(lead_called),
        },
        expires_at: time(offer.expires_at),
        expires_in_ms: until(offer.expires_at, now),
        customer: customer(given),
        card: None,
        why: why(offer).map(Box::new),
    }
}

fn path_step(passed: &PassedView) -> wire::PathStep {
    wire::PathStep {
        at: time(passed.at),
        how: match passed.how {
            PassedHow::Transferred => wire::PassedHow::Transferred,
            PassedHow::TransferredOutside => wire::PassedHow::TransferredOutside,
            PassedHow::Escalated => wire::PassedHow::Escalated,
            PassedHow::HandedOver => wire::PassedHow::HandedOver,
            PassedHow::Returned => wire::PassedHow::Returned,
            PassedHow::Moved => wire::PassedHow::Moved,
        },
        from: queue_name(&passed.from),
        by: passed.by.as_ref().map(agent_name),
        note: passed.note.as_ref().map(|note| wire::Text::clipped(&note.0)),
    }
}

fn segment(ids: &WireIds, segment: &SegmentView, now: Timestamp) -> wire::SegmentInHand {
    let (state, since, ends_at) = match segment.state {
        SegmentState::Connecting { .. } => (wire::SegmentState::Connecting, None, None),
        SegmentState::Talking => (wire::SegmentState::Talking, segment.connected_at, None),
        SegmentState::Held { since } | SegmentState::LegLost { since, .. } => {
            (wire::SegmentState::Held, Some(since), None)
        }
        SegmentState::SetAside { since, .. } => (wire::SegmentState::SetAside, Some(since), None),
        SegmentState::WrapUp { since, ends_at } => (wire::SegmentState::WrapUp, Some(since), Some(ends_at)),
    };
    let contact = segment.in_hand.as_ref();
    wire::SegmentInHand {
        segment: ids.segment_text(segment.segment),
        contact: ids.contact_text(segment.contact),
        channel: channel(segment.channel),
        queue: queue_name(&segment.queue),
        gateway: contact.map(|contact| wire::GatewayName::clipped(contact.gateway.as_str())),
        state,
        since: time(since.unwrap_or(now)),
        from: contact.and_then(|contact| contact.from.as_ref()).map(address),
        to: contact.and_then(|contact| contact.to.as_ref()).map(address),
        attributes: contact.map(|contact| attributes(&contact.attributes)).unwrap_or_default(),
        customer: contact.and_then(|contact| customer(&contact.attributes)),
        asked_by: contact.and_then(|contact| contact.asking.as_ref()).map(|asking| asked_by(ids, asking)),
        path: contact.map(|contact| contact.path.iter().map(path_step).collect()).unwrap_or_default(),
        lead: contact.and_then(|contact| contact.lead.as_ref()).map(lead_called),
        ends_at: ends_at.map(time),
        ends_in_ms: ends_at.map(|ends_at| until(ends_at, now)),
        disposition: disposition_rule(segment.disposition),
        note: None,
        recording: contact.and_then(|contact| contact.recording).map(call_recording),
    }
}

pub fn agent_snapshot(ids: &WireIds, snapshot: &AgentSnapshot, now: Timestamp) -> wire::AgentSnapshot {
    wire::AgentSnapshot {
        name: wire::PersonName::clipped(&snapshot.name),
        agent: agent_state(&snapshot.state, AgentChangedBy::Change(AgentChange::ConsoleOpened)),
        offers: snapshot.offers.iter().map(|offer| offered(ids, offer, now)).collect(),
        segments: snapshot.segments.iter().map(|in_hand| segment(ids, in_hand, now)).collect(),
        consulting: snapshot.consulting.as_ref().map(|asked| consulting(ids, asked)),
        queues: snapshot.queues.iter().map(|queue| wire::QueueChoice { queue: queue_name(queue) }).collect(),
        agents: snapshot
            .agents
            .iter()
            .map(|(agent, name)| wire::AgentChoice { agent: agent_name(agent), name: wire::PersonName::clipped(name) })
            .collect(),
        not_ready_reasons: snapshot.not_ready_reasons.iter().map(|reason| name(reason)).collect(),
        dispositions: snapshot.dispositions.iter().map(|disposition| name(disposition)).collect(),
        campaigns: snapshot.campaigns.iter().map(|campaign| name(campaign.as_str())).collect(),
    }
}

pub fn agent_news(ids: &WireIds, news: &AgentNews, at: Timestamp, now: Timestamp) -> wire::AgentHears {
    let moment = |contact: ContactId, segment: SegmentId| wire::SegmentMoment {
        contact: ids.contact_text(contact),
        segment: ids.segment_text(segment),
        at: time(at),
    };
    match news {
        AgentNews::Changed { view, why } => wire::AgentHears::AgentChanged(agent_state(view, *why)),
        AgentNews::Offered(offer) => wire::AgentHears::ContactOffered(offered(ids, offer, now)),
        AgentNews::OfferEnded { offer, contact, outcome } => {
            let (outcome, why) = offer_end(outcome);
            wire::AgentHears::OfferEnded(wire::OfferEnded {
                offer: ids.offer_text(*offer),
                contact: ids.contact_text(*contact),
                outcome,
                why,
            })
        }
        AgentNews::Connecting { contact, segment } => wire::AgentHears::ContactConnecting(moment(*contact, *segment)),
        AgentNews::Connected { contact, segment } => wire::AgentHears::ContactConnected(moment(*contact, *segment)),
        AgentNews::Held { contact, segment } => wire::AgentHears::ContactHeld(moment(*contact, *segment)),
        AgentNews::Unheld { contact, segment } => wire::AgentHears::ContactUnheld(moment(*contact, *segment)),
        AgentNews::SetAside { contact, segment } => wire::AgentHears::ContactSetAside(moment(*contact, *segment)),
        AgentNews::TakenUp { contact, segment } => wire::AgentHears::ContactTakenUp(moment(*contact, *segment)),
        AgentNews::Suspended { contact, segment, until } => {
            wire::AgentHears::ContactSuspended(wire::ContactSuspended {
                contact: ids.contact_text(*contact),
                segment: ids.segment_text(*segment),
                until: until.map(time),
                at: time(at),
            })
        }
        AgentNews::Transferred { contact, segment, to } => {
            wire::AgentHears::ContactTransferred(wire::ContactTransferred {
                contact: ids.contact_text(*contact),
                segment: ids.segment_text(*segment),
                to: transfer_to(to),
                at: time(at),
            })
        }
        AgentNews::TransferredOutside { contact, segment, to } => {
            wire::AgentHears::ContactTransferred(wire::ContactTransferred {
                contact: ids.contact_text(*contact),
                segment: ids.segment_text(*segment),
                to: wire::TransferTo::Number(address(to)),
                at: time(at),
            })
        }
        AgentNews::LeadNotReached { contact, campaign, end } => {
            wire::AgentHears::LeadNotReached(lead_not_reached(ids, *contact, campaign, *end, at))
        }
        AgentNews::Recording { contact, recording, why } => {
            wire::AgentHears::ContactRecording(contact_recording(ids, *contact, *recording, *why, at))
        }
        AgentNews::LegLost { contact, segment, until } => wire::AgentHears::ContactLegLost(wire::LegLost {
            contact: ids.contact_text(*contact),
            segment: ids.segment_text(*segment),
            until: time(*until),
            at: time(at),
        }),
        AgentNews::LegBack { contact, segment } => wire::AgentHears::ContactLegBack(moment(*contact, *segment)),
        AgentNews::PartyInvited { contact, consultation, to } => wire::AgentHears::PartyInvited(wire::PartyInvited {
            contact: ids.contact_text(*contact),
            consultation: ids.contact_text(*consultation),
            to: transfer_to(to),
            at: time(at),
        }),
        AgentNews::PartyJoined { contact, consultation, agent, is_conference } => {
            wire::AgentHears::PartyJoined(wire::PartyJoined {
                contact: contact.map(|contact| ids.contact_text(contact)),
                consultation: ids.contact_text(*consultation),
                agent: agent_name(agent),
                role: party_role(*is_conference),
                at: time(at),
            })
        }
        AgentNews::PartyLeft { contact, consultation, end } => wire::AgentHears::PartyLeft(wire::PartyLeft {
            contact: contact.map(|contact| ids.contact_text(contact)),
            consultation: ids.contact_text(*consultation),
            why: party_end(*end),
            at: time(at),
        }),
        AgentNews::TakenOver { segment: taken, from, consultation } => {
            wire::AgentHears::ContactTakenOver(wire::ContactTakenOver {
                segment: segment(ids, taken, now),
                from: agent_name(from),
                consultation: ids.contact_text(*consultation),
                at: time(at),
            })
        }
        AgentNews::Updated { contact, details } => wire::AgentHears::ContactUpdated(wire::ContactUpdated {
            contact: ids.contact_text(*contact),
            attributes: Some(attributes(&details.attributes)),
            card: None,
            card_unavailable: false,
            leads: None,
        }),
        AgentNews::Ended { contact, by } => wire::AgentHears::ContactEnded(wire::ContactEnded {
            contact: ids.contact_text(*contact),
            by: ended_by(*by),
            at: time(at),
        }),
        AgentNews::WrapUpStarted { contact, segment, ends_at, disposition } => {
            wire::AgentHears::WrapUpStarted(wire::WrapUpStarted {
                contact: ids.contact_text(*contact),
                segment: ids.segment_text(*segment),
                ends_at: Some(time(*ends_at)),
                ends_in_ms: Some(until(*ends_at, now)),
                disposition: disposition_rule(*disposition),
            })
        }
        AgentNews::SegmentClosed { contact, segment, connected, failure, talk, hold, wrap_up, disposition } => {
            let (failure, call_failure, not_placed) = match failure {
                Some(NotConnected::Agent(why)) => (Some(leg_failure(*why)), None, None),
                Some(NotConnected::Customer(why)) => (None, Some(call_failure(*why)), None),
                Some(NotConnected::NotPlaced(why)) => (None, None, Some(why_not_placed(*why))),
                None => (None, None, None),
            };
            wire::AgentHears::SegmentClosed(wire::SegmentClosed {
                contact: ids.contact_text(*contact),
                segment: ids.segment_text(*segment),
                connected: *connected,
                failure,
                call_failure,
                not_placed,
                talk_ms: ms(*talk),
                hold_ms: ms(*hold),
                wrap_up_ms: ms(*wrap_up),
                disposition: disposition.as_ref().map(|code| name(&code.0)),
                at: time(at),
            })
        }
    }
}

fn transfer_to(to: &Destination) -> wire::TransferTo {
    match to {
        Destination::Queue(queue) => wire::TransferTo::Queue(queue_name(queue)),
        Destination::Agent(agent) => wire::TransferTo::Agent(agent_name(agent)),
    }
}

fn party_role(is_conference: bool) -> wire::PartyRole {
    if is_conference { wire::PartyRole::Conference } else { wire::PartyRole::Consulted }
}

fn party_end(end: ConsultationEnd) -> wire::PartyEnd {
    match end {
        ConsultationEnd::Completed => wire::PartyEnd::Completed,
        ConsultationEnd::Cancelled => wire::PartyEnd::Cancelled,
        ConsultationEnd::Declined => wire::PartyEnd::Declined,
        ConsultationEnd::NoAnswer => wire::PartyEnd::NoAnswer,
        ConsultationEnd::Failed => wire::PartyEnd::Failed,
        ConsultationEnd::Left => wire::PartyEnd::Left,
        ConsultationEnd::CustomerLeft => wire::PartyEnd::CustomerLeft,
        ConsultationEnd::FirstAgentLeft => wire::PartyEnd::FirstAgentLeft,
    }
}

fn asked_by(ids: &WireIds, asking: &Asking) -> wire::AskedBy {
    let contact = asking.parent.as_ref().map(|(contact, _)| ids.contact_text(*contact));
    wire::AskedBy { agent: agent_name(&asking.agent), contact }
}

fn consulting(ids: &WireIds, asked: &ConsultingView) -> wire::Consulting {
    wire::Consulting {
        contact: asked.contact.map(|contact| ids.contact_text(contact)),
        consultation: ids.contact_text(asked.consultation),
        agent: asked.agent.as_ref().map(agent_name),
        role: party_role(asked.is_conference),
    }
}

fn ended_by(by: EndedBy) -> wire::ContactEnd {
    match by {
        EndedBy::Customer => wire::ContactEnd::Customer,
        EndedBy::Agent => wire::ContactEnd::Agent,
        EndedBy::Gateway => wire::ContactEnd::Gateway,
        EndedBy::Router => wire::ContactEnd::Router,
        EndedBy::LostByGateway => wire::ContactEnd::LostByGateway,
        EndedBy::Supervisor => wire::ContactEnd::Supervisor,
        EndedBy::Transfer => wire::ContactEnd::Transfer,
    }
}

fn offer_end(outcome: &OfferOutcome) -> (wire::OfferEnd, Option<wire::OfferEndWhy>) {
    match outcome {
        OfferOutcome::Declined { .. } => (wire::OfferEnd::Declined, None),
        OfferOutcome::Expired => (wire::OfferEnd::Expired, None),
        OfferOutcome::Rescinded => (wire::OfferEnd::Rescinded, Some(wire::OfferEndWhy::ContactGone)),
        OfferOutcome::LegFailed { .. } => (wire::OfferEnd::Revoked, Some(wire::OfferEndWhy::PhoneFailed)),
        OfferOutcome::Revoked { why } => {
            let why = match why {
                RevokedWhy::Undelivered => wire::OfferEndWhy::Undelivered,
                RevokedWhy::ConsoleClosed => wire::OfferEndWhy::ConsoleClosed,
                RevokedWhy::NotAvailable => wire::OfferEndWhy::NotAvailable,
                RevokedWhy::GatewayAway => wire::OfferEndWhy::GatewayAway,
                RevokedWhy::DeviceInUse => wire::OfferEndWhy::DeviceInUse,
                RevokedWhy::ServerRestarted => wire::OfferEndWhy::ServerRestarted,
                RevokedWhy::DroppedFromRules => wire::OfferEndWhy::DroppedFromRules,
                RevokedWhy::Consulting => wire::OfferEndWhy::Consulting,
            };
            (wire::OfferEnd::Revoked, Some(why))
        }
    }
}
