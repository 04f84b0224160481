//! Wire types to the router's, by hand. Checks only what the wire types cannot: ids that are ours.

use std::sync::Arc;

use crate::customers::card_numbers::mask_card_numbers;
use crate::protocol as wire;
use crate::protocol::ErrorKind;
use crate::routing::campaign::CampaignRun;
use crate::routing::command::{
    Action, CallFailure, CallProgress, Destination, DeviceState, Direction, Disposition, EndedBy, FollowUpCall,
    InventoryContact, LegFailure, LogOutHow, Presence, PresenceWhen, Speaker,
};
use crate::routing::gateway::Lines;
use crate::routing::ids::{
    AgentId, CampaignId, ContactId, ContactRef, Endpoint, EventNo, GatewayId, InvalidName, OfferId, PersonId, QueueId,
    RecordingId, SegmentId,
};
use crate::routing::personal::{Address, Attributes, Note, RecordingFile};
use crate::routing::recording::{RecordingFailure, RecordingState};
use crate::routing::rule_set::{Channel, ExitKey};
use crate::routing::time::{Millis, Timestamp};
use crate::screen_pop::known::LOOK_UP;

/// A not-ready presence without a reason gets this one.
const NO_REASON: &str = "unspecified";

/// Numbers as they stand on the wire: `<site>-<number>`.
#[derive(Clone, Debug)]
pub struct WireIds {
    prefix: Arc<str>,
}

impl WireIds {
    #[must_use]
    pub fn of_site(site: &str) -> WireIds {
        WireIds { prefix: Arc::from(format!("{site}-")) }
    }

    pub fn number(&self, text: &str) -> Option<u64> {
        text.strip_prefix(&*self.prefix)?.parse().ok()
    }

    pub fn text(&self, number: u64) -> String {
        format!("{}{number}", self.prefix)
    }

    pub fn contact(&self, contact: &wire::ContactId) -> Result<ContactId, ErrorKind> {
        let number = self.number(contact.as_str());
        number.map(ContactId).ok_or_else(|| ErrorKind::UnknownContact { contact: contact.clone() })
    }

    pub fn offer(&self, offer: &wire::OfferId) -> Result<OfferId, ErrorKind> {
        let number = self.number(offer.as_str());
        number.map(OfferId).ok_or_else(|| ErrorKind::UnknownOffer { offer: offer.clone() })
    }

    pub fn recording(&self, recording: &wire::RecordingId) -> Result<RecordingId, ErrorKind> {
        let expected = "a recording that was ordered for this contact";
        let number = self.number(recording.as_str());
        number.map(RecordingId).ok_or_else(|| ErrorKind::invalid_field("recording", expected))
    }

    pub fn segment(&self, segment: &wire::SegmentId) -> Result<SegmentId, ErrorKind> {
        let number = self.number(segment.as_str());
        number.map(SegmentId).ok_or_else(|| ErrorKind::UnknownSegment { segment: segment.clone() })
    }
}

fn order(order: &wire::OrderId) -> Result<EventNo, ErrorKind> {
    order.as_str().parse().map(EventNo).map_err(|_| ErrorKind::UnknownOrder { order: order.clone() })
}

fn name<T>(field: &str, made: Result<T, InvalidName>) -> Result<T, ErrorKind> {
    made.map_err(|error| ErrorKind::invalid_field(field, error.to_string()))
}

/// What an agent asks, but `wrap_up.*`, whose segment the session knows, `contact.customer`, which asks the records, and `contact.dtmf`, which is its gateway's.
pub fn agent_action(ids: &WireIds, agent: &AgentId, ask: &wire::AgentAsk) -> Result<Option<Action>, ErrorKind> {
    let agent = agent.clone();
    let action = match ask {
        wire::AgentAsk::PresenceSet(set) => {
            let presence = presence(set.presence, set.reason.as_ref());
            Action::SetPresence { agent, presence, when: presence_when(set.when) }
        }
        wire::AgentAsk::OfferReceived(asked) => Action::AcknowledgeOffer { agent, offer: ids.offer(&asked.offer)? },
        wire::AgentAsk::OfferAccept(asked) => Action::AcceptOffer { agent, offer: ids.offer(&asked.offer)? },
        wire::AgentAsk::OfferDecline(asked) => {
            let reason = asked.reason.as_ref().map(|reason| Arc::from(reason.as_str()));
            Action::DeclineOffer { agent, offer: ids.offer(&asked.offer)?, reason }
        }
        wire::AgentAsk::ContactTake(asked) => Action::TakeContact { agent, contact: ids.contact(&asked.contact)? },
        wire::AgentAsk::ContactHold(asked) => Action::HoldContact { agent, contact: ids.contact(&asked.contact)? },
        wire::AgentAsk::ContactUnhold(asked) => Action::UnholdContact { agent, contact: ids.contact(&asked.contact)? },
        wire::AgentAsk::RecordingPause(asked) => {
            Action::PauseRecording { agent, contact: ids.contact(&asked.contact)? }
        }
        wire::AgentAsk::RecordingResume(asked) => {
            Action::ResumeRecording { agent, contact: ids.contact(&asked.contact)? }
        }
        wire::AgentAsk::ContactEnd(asked) => Action::EndContact { agent, contact: ids.contact(&asked.contact)? },
        wire::AgentAsk::ContactTransfer(asked) => {
            let contact = ids.contact(&asked.contact)?;
            let (note, attributes) = (asked.note.as_ref().map(note), attributes(&asked.attributes));
            match (destination(&asked.to)?, asked.kind) {
                (WireDestination::Outside(to), _) => Action::TransferOutside { agent, contact, to, note, attributes },
                (WireDestination::Here(to), wire::TransferKind::Blind) => {
                    Action::TransferContact { agent, contact, to, note, attributes }
                }
                (WireDestination::Here(to), wire::TransferKind::Consult) => {
                    Action::Consult { agent, contact, to, note, attributes }
                }
            }
        }
        wire::AgentAsk::TransferComplete(asked) => {
            Action::CompleteConsultation { agent, contact: ids.contact(&asked.contact)? }
        }
        wire::AgentAsk::TransferCancel(asked) | wire::AgentAsk::ConferenceRemove(asked) => {
            Action::CancelConsultation { agent, contact: ids.contact(&asked.contact)? }
        }
        wire::AgentAsk::TransferSwap(asked) => {
            Action::SwapConsultation { agent, contact: ids.contact(&asked.contact)? }
        }
        wire::AgentAsk::ConferenceAdd(asked) => Action::JoinConference { agent, contact: ids.contact(&asked.contact)? },
        wire::AgentAsk::ContactLeave(asked) => Action::LeaveContact { agent, contact: ids.contact(&asked.contact)? },
        wire::AgentAsk::ContactEscalate(asked) => Action::EscalateContact {
            agent,
            contact: ids.contact(&asked.contact)?,
            reason: Arc::from(asked.reason.as_str()),
            note: asked.note.as_ref().map(note),
            attributes: attributes(&asked.attributes),
        },
        wire::AgentAsk::PresenceLogOut(asked) => Action::LogOut { by: None, agent, how: log_out_how(asked.how) },
        wire::AgentAsk::ContactSuspend(asked) => {
            Action::SuspendContact { agent, contact: ids.contact(&asked.contact)?, until: asked.until.map(timestamp) }
        }
        wire::AgentAsk::LeadNext(asked) => Action::TakeLead { agent, campaign: campaign_named(asked)? },
        wire::AgentAsk::CallbackSchedule(asked) => Action::ScheduleCallback {
            agent,
            contact: ids.contact(&asked.contact)?,
            to: asked.to.as_ref().map(address),
            queue: match &asked.queue {
                Some(queue) => Some(name("queue", QueueId::new(queue.as_str()))?),
                None => None,
            },
            due: asked.due.map(timestamp),
            by_me: asked.by_me,
        },
        wire::AgentAsk::WrapUpFinish(_)
        | wire::AgentAsk::WrapUpExtend(_)
        | wire::AgentAsk::ContactCustomer(_)
        | wire::AgentAsk::ContactDtmf(_)
        | wire::AgentAsk::TransferTargets(_)
        | wire::AgentAsk::FiguresShow(_) => {
            return Ok(None);
        }
    };
    Ok(Some(action))
}

pub fn finish_wrap_up(agent: &AgentId, segment: SegmentId, asked: &wire::WrapUpFinish) -> Result<Action, ErrorKind> {
    let callback = asked.callback.as_ref().map(|asked| {
        let queue =
            asked.queue.as_ref().map(|queue| name("callback.queue", QueueId::new(queue.as_str()))).transpose()?;
        let (to, due) = (asked.to.as_ref().map(address), asked.due.map(timestamp));
        Ok(FollowUpCall { to, queue, due, by_me: asked.by_me })
    });
    Ok(Action::FinishWrapUp {
        agent: agent.clone(),
        segment,
        disposition: asked.disposition.as_ref().map(|code| Disposition(Arc::from(code.as_str()))),
        note: asked.note.as_ref().map(|text| masked(text.as_str())),
        callback: callback.transpose()?,
    })
}

pub fn extend_wrap_up(agent: &AgentId, segment: SegmentId, asked: &wire::WrapUpExtend) -> Action {
    let by = Millis(i64::try_from(asked.by_ms.get()).expect("a wire duration is at most an hour"));
    Action::ExtendWrapUp { agent: agent.clone(), segment, by }
}

fn campaign_named(asked: &wire::NamedCampaign) -> Result<CampaignId, ErrorKind> {
    name("campaign", CampaignId::new(asked.campaign.as_str()))
}

fn run(by: PersonId, asked: &wire::NamedCampaign, run: CampaignRun) -> Result<Action, ErrorKind> {
    Ok(Action::RunCampaign { by, campaign: campaign_named(asked)?, run })
}

/// What a supervisor orders; None: he only watches or asks.
pub fn supervisor_action(ids: &WireIds, by: &PersonId, ask: &wire::SupervisorAsk) -> Result<Option<Action>, ErrorKind> {
    let by = by.clone();
    let agent_named = |agent: &wire::AgentName| name("agent", AgentId::new(agent.as_str()));
    let queue_named = |queue: &wire::QueueName| name("queue", QueueId::new(queue.as_str()));
    Ok(Some(match ask {
        wire::SupervisorAsk::BoardWatch(_)
        | wire::SupervisorAsk::QueueShow(_)
        | wire::SupervisorAsk::ContactShow(_)
        | wire::SupervisorAsk::HistoryShow(_)
        | wire::SupervisorAsk::MonitorStart(_)
        | wire::SupervisorAsk::MonitorMode(_)
        | wire::SupervisorAsk::MonitorStop(_)
        | wire::SupervisorAsk::NoticeSend(_)
        | wire::SupervisorAsk::WhyContact(_)
        | wire::SupervisorAsk::WhyAgent(_) => return Ok(None),
        wire::SupervisorAsk::AgentSetPresence(set) => Action::SetPresenceOf {
            by,
            agent: agent_named(&set.agent)?,
            presence: presence(set.presence, set.reason.as_ref()),
            when: presence_when(set.when),
        },
        wire::SupervisorAsk::AgentLogOut(asked) => {
            Action::LogOut { by: Some(by), agent: agent_named(&asked.agent)?, how: log_out_how(asked.how) }
        }
        wire::SupervisorAsk::ContactMove(asked) => {
            Action::MoveContact { by, contact: ids.contact(&asked.contact)?, queue: queue_named(&asked.queue)? }
        }
        wire::SupervisorAsk::ContactPrioritise(asked) => {
            Action::PrioritiseContact { by, contact: ids.contact(&asked.contact)?, priority: asked.priority }
        }
        wire::SupervisorAsk::ContactAssign(asked) => {
            Action::AssignContact { by, contact: ids.contact(&asked.contact)?, agent: agent_named(&asked.agent)? }
        }
        wire::SupervisorAsk::ContactClose(asked) => Action::CloseContact { by, contact: ids.contact(&asked.contact)? },
        wire::SupervisorAsk::QueuePause(asked) => Action::PauseQueue { by, queue: queue_named(&asked.queue)? },
        wire::SupervisorAsk::QueueResume(asked) => Action::ResumeQueue { by, queue: queue_named(&asked.queue)? },
        wire::SupervisorAsk::CampaignStart(asked) => run(by, asked, CampaignRun::Running)?,
        wire::SupervisorAsk::CampaignPause(asked) => run(by, asked, CampaignRun::Paused)?,
        wire::SupervisorAsk::CampaignDrain(asked) => run(by, asked, CampaignRun::Draining)?,
        wire::SupervisorAsk::CampaignStop(asked) => run(by, asked, CampaignRun::Stopped)?,
    }))
}

fn log_out_how(how: wire::LogOutHow) -> LogOutHow {
    match how {
        wire::LogOutHow::Finish => LogOutHow::Finish,
        wire::LogOutHow::HandBack => LogOutHow::HandBack,
        wire::LogOutHow::Force => LogOutHow::Force,
    }
}

fn presence(chosen: wire::Presence, reason: Option<&wire::Name>) -> Presence {
    match chosen {
        wire::Presence::Offline => Presence::Offline,
        wire::Presence::Available => Presence::Available,
        wire::Presence::NotReady => {
            let reason = reason.map_or(NO_REASON, wire::Name::as_str);
            Presence::NotReady { reason: Arc::from(reason) }
        }
    }
}

fn presence_when(when: wire::PresenceWhen) -> PresenceWhen {
    match when {
        wire::PresenceWhen::Now => PresenceWhen::Now,
        wire::PresenceWhen::AfterContact => PresenceWhen::AfterContact,
    }
}

enum WireDestination {
    Here(Destination),
    Outside(Address),
}

fn destination(to: &wire::TransferTo) -> Result<WireDestination, ErrorKind> {
    let here = match to {
        wire::TransferTo::Queue(queue) => Destination::Queue(name("to.queue", QueueId::new(queue.as_str()))?),
        wire::TransferTo::Agent(agent) => Destination::Agent(name("to.agent", AgentId::new(agent.as_str()))?),
        wire::TransferTo::Number(number) => return Ok(WireDestination::Outside(address(number))),
    };
    Ok(WireDestination::Here(here))
}

fn timestamp(time: wire::Time) -> Timestamp {
    Timestamp(time.as_ms())
}

/// Card numbers in it are masked before it goes anywhere.
fn note(text: &wire::Text) -> Note {
    masked(text.as_str())
}

fn masked(text: &str) -> Note {
    Note(Arc::from(mask_card_numbers(text).text))
}

fn address(address: &wire::Address) -> Address {
    Address(Arc::from(address.as_str()))
}

/// All but what only we say: whose a contact is by our records.
pub fn attributes(attributes: &wire::Attributes) -> Attributes {
    let said = attributes.values().iter().filter(|(name, _)| *name != LOOK_UP);
    Attributes(said.map(|(name, value)| (name.clone(), value.clone())).collect())
}

pub fn channel(channel: wire::Channel) -> Channel {
    match channel {
        wire::Channel::Voice => Channel::Voice,
        wire::Channel::Chat => Channel::Chat,
        wire::Channel::Email => Channel::Email,
        wire::Channel::Callback => Channel::Callback,
        wire::Channel::Task => Channel::Task,
    }
}

pub fn direction(direction: wire::Direction) -> Direction {
    match direction {
        wire::Direction::Inbound => Direction::Inbound,
        wire::Direction::Outbound => Direction::Outbound,
        wire::Direction::Internal => Direction::Internal,
    }
}

/// What a gateway tells; None: a page of an inventory, or what is no business of the router's.
pub fn gateway_action(
    ids: &WireIds,
    gateway: &GatewayId,
    tells: &wire::GatewayTells,
) -> Result<Option<Action>, ErrorKind> {
    let gateway = gateway.clone();
    let event = tells.event().0.get();
    let reference = |told: &wire::Ref| name("ref", ContactRef::new(told.as_str()));
    Ok(Some(match tells {
        wire::GatewayTells::ContactArrived(told) => Action::ContactArrived {
            gateway,
            reference: reference(&told.r#ref)?,
            channel: channel(told.channel),
            direction: direction(told.direction),
            from: told.from.as_ref().map(address),
            to: told.to.as_ref().map(address),
            attributes: attributes(&told.attributes),
            event,
        },
        wire::GatewayTells::ContactUpdated(told) => Action::ContactUpdated {
            gateway,
            reference: reference(&told.r#ref)?,
            attributes: attributes(&told.attributes),
            event,
        },
        wire::GatewayTells::ContactAbandoned(told) => {
            Action::ContactAbandoned { gateway, reference: reference(&told.r#ref)?, event }
        }
        wire::GatewayTells::ContactExitKey(told) => Action::ExitKeyPressed {
            gateway,
            reference: reference(&told.r#ref)?,
            key: ExitKey::try_from(told.key.as_char())
                .map_err(|error| ErrorKind::invalid_field("key", error.to_string()))?,
            event,
        },
        wire::GatewayTells::ContactConnected(told) => Action::ContactConnected {
            gateway,
            reference: reference(&told.r#ref)?,
            order: Some(order(&told.order)?),
            event,
        },
        wire::GatewayTells::MessagePassed(told) => {
            let by = match told.by {
                wire::Speaker::Customer => Speaker::Customer,
                wire::Speaker::Agent => Speaker::Agent,
            };
            Action::MessagePassed { gateway, reference: reference(&told.r#ref)?, by, event, message: None }
        }
        wire::GatewayTells::CallProgress(told) => {
            let progress = call_progress(told.progress);
            Action::CallProgress { gateway, order: order(&told.order)?, progress, event }
        }
        wire::GatewayTells::ContactEnded(told) => {
            let by = match told.by {
                wire::HungUpBy::Customer => EndedBy::Customer,
                wire::HungUpBy::Agent => EndedBy::Agent,
                wire::HungUpBy::Gateway => EndedBy::Gateway,
            };
            Action::ContactEnded { gateway, reference: reference(&told.r#ref)?, by, event }
        }
        wire::GatewayTells::PartyLeft(told) => Action::PartyLeft {
            gateway,
            reference: reference(&told.r#ref)?,
            agent: name("agent", AgentId::new(told.agent.as_str()))?,
            event,
        },
        wire::GatewayTells::OrderDone(told) => Action::OrderDone { gateway, order: order(&told.order)?, event },
        wire::GatewayTells::OrderFailed(told) => {
            Action::OrderFailed { gateway, order: order(&told.order)?, why: leg_failure(told.why), event }
        }
        wire::GatewayTells::RecordingState(told) => Action::RecordingTold {
            gateway,
            reference: reference(&told.r#ref)?,
            recording: ids.recording(&told.recording)?,
            state: recording_state(told.state),
            file: told.file.as_ref().map(|file| RecordingFile(Arc::from(file.as_str()))),
            length: told.duration_ms.map(|ms| Millis(i64::try_from(ms).unwrap_or(i64::MAX))),
            why: told.why.map(recording_failure),
            event,
        },
        wire::GatewayTells::DeviceState(told) => Action::DeviceChanged {
            gateway,
            endpoint: name("endpoint", Endpoint::new(told.endpoint.as_str()))?,
            state: device_state(told.state),
        },
        wire::GatewayTells::GatewayLines(told) => {
            let lines = Lines { calls_max: told.calls_max, kept_for_inbound: told.kept_for_inbound };
            Action::GatewayLines { gateway, lines }
        }
        wire::GatewayTells::Inventory(_) | wire::GatewayTells::MonitorChanged(_) => return Ok(None),
    }))
}

fn call_progress(progress: wire::CallProgressed) -> CallProgress {
    let failed = |why| CallProgress::Failed { why };
    match progress {
        wire::CallProgressed::Ringing => CallProgress::Ringing,
        wire::CallProgressed::Answered => CallProgress::Answered,
        wire::CallProgressed::Busy => failed(CallFailure::Busy),
        wire::CallProgressed::NoAnswer => failed(CallFailure::NoAnswer),
        wire::CallProgressed::Rejected => failed(CallFailure::Rejected),
        wire::CallProgressed::Fax => failed(CallFailure::Fax),
        wire::CallProgressed::InvalidNumber => failed(CallFailure::InvalidNumber),
        wire::CallProgressed::Disconnected => failed(CallFailure::Disconnected),
        wire::CallProgressed::Congestion => failed(CallFailure::Congestion),
        wire::CallProgressed::Machine => failed(CallFailure::Machine),
        wire::CallProgressed::Failed => failed(CallFailure::Failed),
    }
}

fn recording_state(state: wire::RecordingState) -> RecordingState {
    match state {
        wire::RecordingState::Recording => RecordingState::Recording,
        wire::RecordingState::Paused => RecordingState::Paused,
        wire::RecordingState::Finished => RecordingState::Finished,
        wire::RecordingState::Failed => RecordingState::Failed,
    }
}

fn recording_failure(why: wire::RecordingFailure) -> RecordingFailure {
    match why {
        wire::RecordingFailure::StorageFull => RecordingFailure::StorageFull,
        wire::RecordingFailure::TimedOut => RecordingFailure::TimedOut,
        wire::RecordingFailure::Failed => RecordingFailure::Failed,
    }
}

pub fn leg_failure(why: wire::OrderFailure) -> LegFailure {
    match why {
        wire::OrderFailure::Busy => LegFailure::Busy,
        wire::OrderFailure::NoAnswer => LegFailure::NoAnswer,
        wire::OrderFailure::Unregistered => LegFailure::Unregistered,
        wire::OrderFailure::Rejected => LegFailure::Rejected,
        wire::OrderFailure::TimedOut => LegFailure::TimedOut,
        wire::OrderFailure::Failed => LegFailure::Failed,
    }
}

pub fn device_state(state: wire::DeviceState) -> DeviceState {
    match state {
        wire::DeviceState::Unregistered => DeviceState::Unregistered,
        wire::DeviceState::Idle => DeviceState::Idle,
        wire::DeviceState::InUse => DeviceState::InUse,
        wire::DeviceState::Ringing => DeviceState::Ringing,
    }
}

pub fn inventory_contact(contact: &wire::InventoryContact) -> Result<InventoryContact, ErrorKind> {
    Ok(InventoryContact {
        reference: name("contacts.ref", ContactRef::new(contact.r#ref.as_str()))?,
        channel: channel(contact.channel),
        from: contact.from.as_ref().map(address),
        to: contact.to.as_ref().map(address),
        attributes: attributes(&contact.attributes),
    })
}

/// The gateway's clock may differ from ours: what it calls now is now.
pub fn on_our_clock(time: wire::Time, occurred_at: wire::Time, now: Timestamp) -> Timestamp {
    now - Millis((occurred_at.as_ms() - time.as_ms()).max(0))
}
