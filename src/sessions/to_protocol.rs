//! The router's types to the wire's, by hand. What has no place on the wire is left out here.

use super::from_protocol::WireIds;
use crate::protocol as wire;
use crate::protocol::ErrorKind;
use crate::reporting::activity::Activity;
use crate::reporting::figures::{AgentFigures, QueueFigures};
use crate::router_handle::views::{
    AgentSnapshot, AgentView, ChannelView, ContactView, GatewayContact, OfferView, SegmentView,
};
use crate::router_handle::{AgentChangedBy, AgentNews, Order, OrderKind, Rejection, View};
use crate::routing::command::{Destination, Direction, EndedBy, LegFailure, Presence};
use crate::routing::event::{AgentChange, OfferOutcome, Reach, RevokedWhy};
use crate::routing::hold::Hold;
use crate::routing::ids::{AgentId, ContactId, EventNo, SegmentId};
use crate::routing::personal::{Address, Attributes};
use crate::routing::query::Doing;
use crate::routing::refusal::Refusal;
use crate::routing::rule_set::{Channel, DispositionRule, TieBreaker};
use crate::routing::segment::SegmentState;
use crate::routing::time::{Millis, Timestamp};
use crate::routing::why::Why;

pub fn time(at: Timestamp) -> wire::Time {
    wire::Time::from_ms(at.0)
}

fn ms(span: Millis) -> u64 {
    u64::try_from(span.0).unwrap_or(0)
}

fn until(at: Timestamp, now: Timestamp) -> u64 {
    ms(at.since(now))
}

fn agent_name(agent: &AgentId) -> wire::AgentName {
    wire::AgentName::clipped(agent.as_str())
}

fn name(text: &str) -> wire::Name {
    wire::Name::clipped(text)
}

fn order_id(order: EventNo) -> wire::OrderId {
    wire::OrderId::clipped(&order.to_string())
}

impl WireIds {
    pub fn contact_text(&self, contact: ContactId) -> wire::ContactId {
        wire::ContactId::clipped(&self.text(contact.0))
    }

    pub fn segment_text(&self, segment: SegmentId) -> wire::SegmentId {
        wire::SegmentId::clipped(&self.text(segment.0))
    }

    pub fn offer_text(&self, offer: crate::routing::ids::OfferId) -> wire::OfferId {
        wire::OfferId::clipped(&self.text(offer.0))
    }
}

pub fn queue_name(queue: &crate::routing::ids::QueueId) -> wire::QueueName {
    wire::QueueName::clipped(queue.as_str())
}

fn channel(channel: Channel) -> wire::Channel {
    match channel {
        Channel::Voice => wire::Channel::Voice,
        Channel::Chat => wire::Channel::Chat,
        Channel::Email => wire::Channel::Email,
        Channel::Callback => wire::Channel::Callback,
        Channel::Task => wire::Channel::Task,
    }
}

fn activity(activity: Activity) -> wire::Activity {
    match activity {
        Activity::Idle => wire::Activity::Idle,
        Activity::Offered => wire::Activity::Offered,
        Activity::Busy => wire::Activity::Busy,
        Activity::WrapUp => wire::Activity::WrapUp,
        Activity::NotResponding => wire::Activity::NotResponding,
        Activity::Unreachable => wire::Activity::Unreachable,
    }
}

fn presence(presence: &Presence) -> (wire::Presence, Option<wire::Name>) {
    match presence {
        Presence::Offline => (wire::Presence::Offline, None),
        Presence::Available => (wire::Presence::Available, None),
        Presence::NotReady { reason } => (wire::Presence::NotReady, Some(name(reason))),
    }
}

fn hold(hold: Hold) -> wire::HoldReason {
    match hold {
        Hold::Preferred => wire::HoldReason::Preferred,
        Hold::ReservedForInbound => wire::HoldReason::ReservedForInbound,
        Hold::Leased => wire::HoldReason::Leased,
        Hold::BackOff => wire::HoldReason::BackOff,
        Hold::AlreadyDeclined => wire::HoldReason::AlreadyDeclined,
        Hold::NotResponding => wire::HoldReason::NotResponding,
        Hold::QueuePaused => wire::HoldReason::QueuePaused,
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
        LegFailure::Failed => wire::OrderFailure::Failed,
        LegFailure::TimedOut => wire::OrderFailure::TimedOut,
    }
}

pub fn attributes(attributes: &Attributes) -> wire::Attributes {
    let values = attributes.0.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    // Updates together may pass what one message may hold; the screen then shows what arrived last.
    wire::Attributes::new(values).unwrap_or_default()
}

fn address(address: &Address) -> wire::Address {
    wire::Address::clipped(&address.0)
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

fn customer(attributes: &Attributes) -> Option<wire::Customer> {
    let sent = attributes.get("customer")?.as_object()?;
    let text = |field: &str| sent.get(field).and_then(|value| value.as_str());
    Some(wire::Customer {
        id: text("id").map(name),
        name: text("name").map(wire::PersonName::clipped),
        tier: text("tier").map(name),
    })
}

fn why(why: &Why) -> wire::OfferWhy {
    wire::OfferWhy {
        rule: None,
        step: None,
        decided_by: why.decided_by.map(|tie_breaker| match tie_breaker {
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
        }),
        agents_matched: Some(why.matched),
        rules_version: Some(why.rules.0),
    }
}

fn offered(ids: &WireIds, offer: &OfferView, now: Timestamp) -> wire::ContactOffered {
    let ContactView { contact, channel: on, direction, queue, from, to, attributes: given, .. } = &offer.contact;
    wire::ContactOffered {
        offer: ids.offer_text(offer.offer),
        accept: wire::AcceptMode::Manual,
        contact: wire::OfferedContact {
            id: ids.contact_text(*contact),
            channel: channel(*on),
            queue: queue_name(queue),
            direction: match direction {
                Direction::Inbound => wire::Direction::Inbound,
                Direction::Outbound => wire::Direction::Outbound,
            },
            waited_ms: ms(offer.waited),
            from: from.as_ref().map(address),
            to: to.as_ref().map(address),
            attributes: attributes(given),
            note: offer.note.as_ref().map(|note| wire::Text::clipped(&note.0)),
        },
        expires_at: time(offer.expires_at),
        expires_in_ms: until(offer.expires_at, now),
        customer: customer(given),
        why: offer.why.as_ref().map(why),
    }
}

fn segment(ids: &WireIds, segment: &SegmentView, now: Timestamp) -> wire::SegmentInHand {
    let (state, since, ends_at) = match segment.state {
        SegmentState::Connecting { .. } => (wire::SegmentState::Connecting, None, None),
        SegmentState::Talking => (wire::SegmentState::Talking, segment.connected_at, None),
        SegmentState::Held { since } => (wire::SegmentState::Held, Some(since), None),
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
        ends_at: ends_at.map(time),
        ends_in_ms: ends_at.map(|ends_at| until(ends_at, now)),
        disposition: disposition_rule(segment.disposition),
    }
}

pub fn agent_snapshot(ids: &WireIds, snapshot: &AgentSnapshot, now: Timestamp) -> wire::AgentSnapshot {
    wire::AgentSnapshot {
        name: wire::PersonName::clipped(&snapshot.name),
        agent: agent_state(&snapshot.state, AgentChangedBy::Change(AgentChange::ConsoleOpened)),
        offers: snapshot.offers.iter().map(|offer| offered(ids, offer, now)).collect(),
        segments: snapshot.segments.iter().map(|in_hand| segment(ids, in_hand, now)).collect(),
        queues: snapshot.queues.iter().map(|queue| wire::QueueChoice { queue: queue_name(queue) }).collect(),
        agents: snapshot
            .agents
            .iter()
            .map(|(agent, name)| wire::AgentChoice { agent: agent_name(agent), name: wire::PersonName::clipped(name) })
            .collect(),
    }
}

pub fn gateway_snapshot(ids: &WireIds, contacts: &[GatewayContact], last_event: u64) -> wire::GatewaySnapshot {
    let contact = |known: &GatewayContact| wire::GatewayContact {
        contact: ids.contact_text(known.contact),
        r#ref: wire::Ref::clipped(known.reference.as_str()),
        should_be: should_be(known),
    };
    wire::GatewaySnapshot {
        contacts: contacts.iter().map(contact).collect(),
        last_event: wire::EventNumber::new(last_event),
    }
}

fn should_be(known: &GatewayContact) -> wire::ShouldBe {
    let endpoint = || wire::Endpoint::clipped(known.endpoint.as_ref().map_or("", |endpoint| endpoint.as_str()));
    match &known.doing {
        Doing::Queued => wire::ShouldBe::Queued {
            queue: known.queue.as_ref().map_or_else(|| wire::QueueName::clipped("-"), queue_name),
        },
        Doing::Connecting { order, agent, connect_by, .. } => wire::ShouldBe::Connecting {
            order: order_id(*order),
            agent: agent_name(agent),
            endpoint: endpoint(),
            not_after: time(*connect_by),
        },
        Doing::Connected { agent, .. } => wire::ShouldBe::Connected { agent: agent_name(agent), endpoint: endpoint() },
        Doing::Held { agent, .. } => wire::ShouldBe::Held { agent: agent_name(agent), endpoint: endpoint() },
    }
}

pub fn order(ids: &WireIds, order: &Order) -> wire::GatewayOrder {
    let contact_order = || wire::ContactOrder {
        order: order_id(order.order),
        not_after: time(order.not_after),
        contact: ids.contact_text(order.contact),
        r#ref: wire::Ref::clipped(order.reference.as_str()),
    };
    let with_agent = |agent: &AgentId, endpoint: &crate::routing::ids::Endpoint| wire::ConnectOrder {
        order: order_id(order.order),
        not_after: time(order.not_after),
        contact: ids.contact_text(order.contact),
        r#ref: wire::Ref::clipped(order.reference.as_str()),
        agent: agent_name(agent),
        endpoint: wire::Endpoint::clipped(endpoint.as_str()),
    };
    match &order.kind {
        OrderKind::Connect { agent, endpoint } => wire::GatewayOrder::ContactConnect(with_agent(agent, endpoint)),
        OrderKind::RemoveParty { agent, endpoint } => wire::GatewayOrder::PartyRemove(with_agent(agent, endpoint)),
        OrderKind::Hold => wire::GatewayOrder::ContactHold(contact_order()),
        OrderKind::Unhold => wire::GatewayOrder::ContactUnhold(contact_order()),
        OrderKind::End => wire::GatewayOrder::ContactEnd(contact_order()),
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
        AgentNews::Transferred { contact, segment, to } => {
            wire::AgentHears::ContactTransferred(wire::ContactTransferred {
                contact: ids.contact_text(*contact),
                segment: ids.segment_text(*segment),
                to: match to {
                    Destination::Queue(queue) => wire::TransferTo::Queue(queue_name(queue)),
                    Destination::Agent(agent) => wire::TransferTo::Agent(agent_name(agent)),
                },
                at: time(at),
            })
        }
        AgentNews::Updated { contact, details } => wire::AgentHears::ContactUpdated(wire::ContactUpdated {
            contact: ids.contact_text(*contact),
            attributes: attributes(&details.attributes),
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
            wire::AgentHears::SegmentClosed(wire::SegmentClosed {
                contact: ids.contact_text(*contact),
                segment: ids.segment_text(*segment),
                connected: *connected,
                failure: failure.map(leg_failure),
                talk_ms: ms(*talk),
                hold_ms: ms(*hold),
                wrap_up_ms: ms(*wrap_up),
                disposition: disposition.as_ref().map(|code| name(&code.0)),
                at: time(at),
            })
        }
    }
}

fn ended_by(by: EndedBy) -> wire::ContactEnd {
    match by {
        EndedBy::Customer => wire::ContactEnd::Customer,
        EndedBy::Agent => wire::ContactEnd::Agent,
        EndedBy::Gateway => wire::ContactEnd::Gateway,
        EndedBy::Router => wire::ContactEnd::Router,
        EndedBy::LostByGateway => wire::ContactEnd::LostByGateway,
    }
}

fn offer_end(outcome: &OfferOutcome) -> (wire::OfferEnd, Option<wire::OfferEndWhy>) {
    match outcome {
        OfferOutcome::Declined { .. } => (wire::OfferEnd::Declined, None),
        OfferOutcome::Expired => (wire::OfferEnd::Expired, None),
        OfferOutcome::Rescinded => (wire::OfferEnd::Rescinded, Some(wire::OfferEndWhy::ContactGone)),
        OfferOutcome::Revoked { why } => {
            let why = match why {
                RevokedWhy::Undelivered => wire::OfferEndWhy::Undelivered,
                RevokedWhy::ConsoleClosed => wire::OfferEndWhy::ConsoleClosed,
                RevokedWhy::NotAvailable => wire::OfferEndWhy::NotAvailable,
                RevokedWhy::GatewayAway => wire::OfferEndWhy::GatewayAway,
                RevokedWhy::DeviceInUse => wire::OfferEndWhy::DeviceInUse,
                RevokedWhy::ServerRestarted => wire::OfferEndWhy::ServerRestarted,
                RevokedWhy::DroppedFromRules => wire::OfferEndWhy::DroppedFromRules,
            };
            (wire::OfferEnd::Revoked, Some(why))
        }
    }
}

pub fn error(ids: &WireIds, rejection: Rejection) -> ErrorKind {
    let refusal = match rejection {
        Rejection::Refused(refusal) => refusal,
        Rejection::Busy { retry_after_ms } => return ErrorKind::Busy { retry_after_ms },
        Rejection::Unavailable { retry_after_ms } => return ErrorKind::Unavailable { retry_after_ms },
        Rejection::Internal => return ErrorKind::Internal,
    };
    match refusal {
        Refusal::NoRules | Refusal::Full => ErrorKind::Unavailable { retry_after_ms: 1_000 },
        Refusal::UnknownAgent { agent } => ErrorKind::UnknownAgent { agent: agent_name(&agent) },
        Refusal::UnknownQueue { queue } => ErrorKind::UnknownQueue { queue: queue_name(&queue) },
        Refusal::UnknownContact => ErrorKind::UnknownContact { contact: wire::ContactId::clipped("-") },
        Refusal::ContactEnded { contact } => {
            ErrorKind::ContactEnded { contact: contact.map(|contact| ids.contact_text(contact)) }
        }
        Refusal::UnknownOffer { offer } => ErrorKind::UnknownOffer { offer: ids.offer_text(offer) },
        Refusal::OfferGone { offer } => ErrorKind::OfferGone { offer: ids.offer_text(offer), why: None },
        Refusal::UnknownSegment { segment } => ErrorKind::UnknownSegment { segment: ids.segment_text(segment) },
        Refusal::NotInHand { contact } => {
            ErrorKind::NotYours { subject: wire::Subject::Contact, id: ids.text(contact.0) }
        }
        Refusal::WrongState { contact, expected } => {
            ErrorKind::WrongState { contact: ids.contact_text(contact), expected: expected.to_string() }
        }
        Refusal::OrderGone => ErrorKind::TooLate,
        Refusal::AgentNotLoggedIn { agent } => ErrorKind::NotLoggedIn { agent: agent_name(&agent) },
        Refusal::InvalidField { field, expected } => ErrorKind::invalid_field(field.to_string(), expected.to_string()),
    }
}

pub fn board_queue(figures: &QueueFigures, now: Timestamp) -> wire::BoardQueue {
    let visits = &figures.rates.visits;
    wire::BoardQueue {
        queue: queue_name(&figures.queue),
        waiting: figures.waiting,
        offered: u64::from(figures.offered),
        connecting: u64::from(figures.connecting),
        longest_waiting_since: figures.longest_waiting_since.map(time),
        longest_wait_ms: figures.longest_waiting_since.map_or(0, |since| ms(now.since(since))),
        carried_in: visits.carried_in,
        entered: visits.entered,
        answered: visits.answered,
        answered_within: visits.answered_within,
        abandoned: visits.abandoned,
        short_abandoned: visits.short_abandoned,
        flowed_out: visits.flowed_out,
        callbacks: visits.callbacks,
        withdrawn: visits.withdrawn,
        lost: visits.lost,
        service_level: figures.rates.service_level,
        target_share: Some(f64::from(figures.target_per_mille) / 1_000.0),
        target_within_ms: Some(ms(figures.answered_within)),
        asa_ms: figures.rates.average_speed_of_answer.map(ms),
        aht_ms: figures.rates.average_handle_time.map(ms),
        agents_available: u64::from(figures.agents.logged_in().saturating_sub(figures.agents.not_ready)),
        agents_idle: u64::from(figures.agents.idle),
        agents_busy: u64::from(figures.agents.busy),
    }
}

pub fn board_agent(ids: &WireIds, view: View<'_>, figures: &AgentFigures) -> wire::BoardAgent {
    let (chosen, reason) = presence(&figures.presence);
    let state = view.router.state();
    let segments = state.agents.get(&figures.agent).map(|agent| agent.segments.as_slice()).unwrap_or_default();
    let contacts = segments.iter().map(|(id, on)| {
        let segment = &state.segments[id];
        let (state_now, since) = match segment.state {
            SegmentState::Connecting { .. } => (wire::SegmentState::Connecting, None),
            SegmentState::Talking => (wire::SegmentState::Talking, segment.connected_at),
            SegmentState::Held { since } => (wire::SegmentState::Held, Some(since)),
            SegmentState::WrapUp { since, .. } => (wire::SegmentState::WrapUp, Some(since)),
        };
        wire::BoardContact {
            contact: ids.contact_text(segment.contact),
            queue: queue_name(&state.queue_id(segment.from.queue)),
            channel: channel(*on),
            state: state_now,
            since: time(since.unwrap_or(figures.activity_since)),
        }
    });
    wire::BoardAgent {
        agent: agent_name(&figures.agent),
        name: wire::PersonName::clipped(&figures.name),
        presence: chosen,
        reason,
        activity: activity(figures.activity),
        since: time(figures.activity_since.max(figures.presence_since)),
        contacts: contacts.collect(),
        handled: figures.handled,
        occupancy: figures.occupancy,
    }
}

pub fn board_snapshot(ids: &WireIds, view: View<'_>) -> wire::BoardSnapshot {
    wire::BoardSnapshot {
        event_no: view.router.event_no().0,
        server_time: time(view.now),
        counted_since: time(view.board.centre().since),
        queues: view.board.queues().map(|figures| board_queue(&figures, view.now)).collect(),
        agents: view.board.agents(view.now).map(|figures| board_agent(ids, view, &figures)).collect(),
    }
}
