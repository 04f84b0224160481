//! What an agent and a gateway may see of the router's state, in its own words. Changes nothing.

use std::sync::Arc;

use super::handle::View;
use crate::reporting::activity::Activity;
use crate::routing::campaign::{CampaignMode, CampaignRun, PreviewEnd};
use crate::routing::command::{Direction, Presence};
use crate::routing::entry::attributes_of;
use crate::routing::estimate::{self, Estimate};
use crate::routing::event::Reach;
use crate::routing::hold::Hold;
use crate::routing::ids::{
    AgentId, CallListName, CampaignId, ContactId, ContactRef, Endpoint, EventNo, GatewayId, LeadId, OfferId, QueueId,
    RecordingId, SegmentId, TeamId,
};
use crate::routing::path::{Passed, PassedHow};
use crate::routing::personal::{Address, Attributes, Note};
use crate::routing::query::Doing;
use crate::routing::recording::{RecordingAsk, RecordingState};
use crate::routing::rule_set::{Channel, DispositionRule, ExitAction, FirstCalled, PhoneMode};
use crate::routing::segment::{Segment, SegmentState};
use crate::routing::state::{Campaign, State};
use crate::routing::time::{Millis, Timestamp};
use crate::routing::visit::{Contact, LeadCall, Visit};
use crate::routing::why::Why;

/// In a snapshot: with thousands of consoles it would be what they mostly consist of.
const COLLEAGUES_NAMED_MAX: usize = 100;

/// One agent as he sees himself.
#[derive(Clone, PartialEq, Debug)]
pub struct AgentView {
    pub agent: AgentId,
    pub presence: Presence,
    pub next: Option<Presence>,
    pub reach: Reach,
    pub activity: Activity,
    pub since: Timestamp,
    /// When the present activity or hold ends by itself.
    pub until: Option<Timestamp>,
    pub channels: Vec<ChannelView>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChannelView {
    pub channel: Channel,
    pub routable: bool,
    pub hold: Option<Hold>,
}

/// An offer as the agent it is made to may see it.
#[derive(Clone, PartialEq, Debug)]
pub struct OfferView {
    pub offer: OfferId,
    pub contact: ContactView,
    pub waited: Millis,
    /// His phone rings with it.
    pub rings: bool,
    /// A lead that is called for him without asking.
    pub is_dialled: bool,
    pub expires_at: Timestamp,
    /// None: the offer is older than who looks at it.
    pub why: Option<Why>,
    /// The entry rule that chose the queue.
    pub rule: Option<Arc<str>>,
    /// The steps of the queue that were taken, from 1.
    pub steps: Vec<u32>,
    pub note: Option<Note>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct ContactView {
    pub contact: ContactId,
    pub gateway: GatewayId,
    pub channel: Channel,
    pub direction: Direction,
    pub queue: QueueId,
    pub from: Option<Address>,
    pub to: Option<Address>,
    pub attributes: Attributes,
    /// Who asks, when the contact is a consultation.
    pub asking: Option<Box<Asking>>,
    /// How it was passed on, the oldest first.
    pub path: Vec<PassedView>,
    pub lead: Option<LeadView>,
    pub recording: Option<RecordingView>,
}

/// The latest recording of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecordingView {
    pub asked: RecordingAsk,
    /// None: its gateway has said nothing.
    pub state: Option<RecordingState>,
}

/// Whom a campaign calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeadView {
    pub campaign: CampaignId,
    pub list: CallListName,
    pub lead: LeadId,
    /// Set while an agent looks at it: what happens when the time for that is over.
    pub preview: Option<PreviewEnd>,
    /// What his campaign lets agents say of him.
    pub dispositions: Vec<Arc<str>>,
}

/// How a call is placed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placing {
    pub first: FirstCalled,
    pub ring_for: Millis,
    /// None: the gateway's own number.
    pub caller_id: Option<Address>,
}

/// One time that a contact was passed on.
#[derive(Clone, PartialEq, Debug)]
pub struct PassedView {
    pub at: Timestamp,
    pub how: PassedHow,
    pub from: QueueId,
    pub by: Option<AgentId>,
    pub note: Option<Note>,
}

/// Who asks a colleague: the first leg of a consultation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asking {
    pub agent: AgentId,
    pub endpoint: Endpoint,
    /// The customer's contact and its name at the gateway, while there is one.
    pub parent: Option<(ContactId, ContactRef)>,
    pub is_conference: bool,
}

/// What an agent asks of a colleague.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsultingView {
    pub contact: Option<ContactId>,
    pub consultation: ContactId,
    /// Who was asked, once he is on the line.
    pub agent: Option<AgentId>,
    pub is_conference: bool,
}

/// A segment in an agent's hands.
#[derive(Clone, PartialEq, Debug)]
pub struct SegmentView {
    pub segment: SegmentId,
    pub contact: ContactId,
    pub channel: Channel,
    pub queue: QueueId,
    pub state: SegmentState,
    pub connected_at: Option<Timestamp>,
    /// None: the contact is gone or with somebody else.
    pub in_hand: Option<ContactView>,
    pub disposition: DispositionRule,
}

/// All that an agent's console shows when it opens.
#[derive(Clone, PartialEq, Debug)]
pub struct AgentSnapshot {
    pub name: Arc<str>,
    pub state: AgentView,
    pub offers: Vec<OfferView>,
    pub segments: Vec<SegmentView>,
    pub consulting: Option<ConsultingView>,
    /// Queues and agents a contact may be given to.
    pub queues: Vec<QueueId>,
    pub agents: Vec<(AgentId, Arc<str>)>,
    /// The centre's own words to choose from.
    pub not_ready_reasons: Vec<Arc<str>>,
    pub dispositions: Vec<Arc<str>>,
    /// Those that run and are dialled by hand.
    pub campaigns: Vec<CampaignId>,
}

/// One contact of a gateway and what the gateway should be doing with it.
#[derive(Clone, PartialEq, Debug)]
pub struct GatewayContact {
    pub contact: ContactId,
    pub reference: ContactRef,
    pub doing: GatewayDoing,
    pub asking: Option<Box<Asking>>,
    /// What should be recorded, and whether it pauses.
    pub recording: Option<(RecordingId, bool)>,
}

/// An agent's phone and the order by which it rings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RingingPhone {
    pub order: EventNo,
    pub agent: AgentId,
    pub endpoint: Endpoint,
    pub auto_answer: bool,
    pub not_after: Timestamp,
}

/// What a gateway should be doing with a contact.
#[derive(Clone, PartialEq, Debug)]
pub enum GatewayDoing {
    /// Waiting or offered: the caller hears music. `queue`: where it waits, or waited last.
    Queued {
        queue: Option<QueueId>,
    },
    /// Waiting while phones ring; the first that is lifted has it.
    Ringing {
        phones: Vec<RingingPhone>,
    },
    Suspended {
        agent: AgentId,
    },
    /// A callback that nobody makes at the moment.
    ToBeCalled,
    /// A callback that is being made.
    Placing {
        phone: RingingPhone,
        to: Address,
        placing: Placing,
    },
    Connecting {
        phone: RingingPhone,
    },
    Connected {
        agent: AgentId,
        endpoint: Endpoint,
    },
    Held {
        agent: AgentId,
        endpoint: Endpoint,
    },
    /// On its way out of a queue; `until` None: it speaks to voicemail.
    Leaving {
        order: EventNo,
        action: ExitAction,
        until: Option<Timestamp>,
    },
    /// On its way to this number outside.
    Transferring {
        order: EventNo,
        to: Address,
        until: Timestamp,
    },
}

/// None: the rules name no such agent and never did.
#[must_use]
pub fn agent_view(view: View<'_>, agent: &AgentId) -> Option<AgentView> {
    let known = view.router.state().agents.get(agent)?;
    let figures = view.board.agent(agent, view.now);
    let channels = Channel::ALL
        .into_iter()
        .map(|channel| {
            let (routable, hold) = view.router.routable(agent, channel);
            ChannelView { channel, routable, hold }
        })
        .collect();
    let until = match known.reach {
        Reach::Away { until } | Reach::Unreachable { until } => Some(until),
        Reach::Here | Reach::Gone => known.back_off.map(|back_off| back_off.until),
    };
    Some(AgentView {
        agent: agent.clone(),
        presence: known.presence.clone(),
        next: known.next.clone(),
        reach: known.reach,
        activity: figures.as_ref().map_or(Activity::Idle, |figures| figures.activity),
        since: figures.map_or(view.now, |figures| figures.activity_since),
        until,
        channels,
    })
}

/// An offer as it was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MadeOffer {
    pub offer: OfferId,
    pub contact: ContactId,
    pub expires_at: Timestamp,
    /// The agent's phone rings with it.
    pub rings: bool,
}

/// None: the offer is over.
fn offer_view(view: View<'_>, offer: OfferId) -> Option<OfferView> {
    let open = view.router.state().offers.get(&offer)?;
    let (contact, expires_at, rings) = (open.contact, open.expires_at, open.order.is_some());
    made_offer_view(view, &MadeOffer { offer, contact, expires_at, rings }, None)
}

/// An offer that may have been accepted since. None: its contact is out of the queue.
#[must_use]
pub fn made_offer_view(view: View<'_>, made: &MadeOffer, why: Option<Why>) -> Option<OfferView> {
    let state = view.router.state();
    let contact = state.contacts.get(&made.contact)?;
    let visit = contact.visit.as_ref()?;
    let notes = contact.details.iter().rev().filter_map(|details| details.plain());
    Some(OfferView {
        offer: made.offer,
        contact: contact_view(state, made.contact, contact, state.queue_id(visit.queue)),
        waited: state.waited(visit, view.now),
        rings: made.rings,
        is_dialled: contact.uncalled().is_some() && !state.offers.contains_key(&made.offer),
        expires_at: made.expires_at,
        why,
        rule: visit.entry_rule().cloned(),
        steps: visit.steps(),
        note: notes.into_iter().find_map(|details| details.note.clone()),
    })
}

fn contact_view(state: &State, id: ContactId, contact: &Contact, queue: QueueId) -> ContactView {
    let arrival = contact.details.first().and_then(|details| details.plain());
    ContactView {
        contact: id,
        gateway: state.gateway_id(contact.gateway),
        channel: contact.channel,
        direction: contact.direction,
        queue,
        from: arrival.and_then(|details| details.from.clone()),
        to: contact.to.clone(),
        attributes: attributes_of(contact),
        asking: asking(state, contact),
        path: contact.path.iter().map(|passed| passed_view(state, contact, passed)).collect(),
        lead: contact.lead.as_ref().map(|lead| lead_view(state, contact, lead)),
        recording: recording_view(contact),
    }
}

/// None: the call was never recorded.
#[must_use]
pub fn recording_view(contact: &Contact) -> Option<RecordingView> {
    contact.recordings.last().map(|latest| RecordingView { asked: latest.asked, state: latest.state })
}

fn lead_view(state: &State, contact: &Contact, lead: &LeadCall) -> LeadView {
    let rules = &state.campaign(lead.campaign).rules;
    let then = match rules.mode {
        CampaignMode::Manual => Some(PreviewEnd::Skip),
        CampaignMode::Preview => Some(rules.preview.then),
        CampaignMode::Progressive => None,
    };
    LeadView {
        campaign: state.campaign_id(lead.campaign),
        list: lead.list.clone(),
        lead: lead.lead,
        preview: then.filter(|_| !contact.on_line && contact.attempt.is_none()),
        dispositions: rules.dispositions.clone(),
    }
}

fn passed_view(state: &State, contact: &Contact, passed: &Passed) -> PassedView {
    PassedView {
        at: passed.at,
        how: passed.how,
        from: state.queue_id(passed.from),
        by: passed.by.map(|agent| state.agent_id(agent)),
        note: contact.note_of(passed).cloned(),
    }
}

/// Who asks, when the contact is a consultation.
#[must_use]
pub fn asking(state: &State, contact: &Contact) -> Option<Box<Asking>> {
    let asked = contact.consultation?;
    let agent = state.agent_id(asked.agent);
    let parent = asked.parent.map(|parent| (parent, state.contacts[&parent].reference.clone()));
    let endpoint = endpoint_of(state, &agent);
    Some(Box::new(Asking { endpoint, agent, parent, is_conference: asked.is_joined }))
}

fn consulting(state: &State, consultation: ContactId) -> ConsultingView {
    let contact = &state.contacts[&consultation];
    let asked = contact.consultation.expect("an agent asks by a consultation");
    ConsultingView {
        contact: asked.parent,
        consultation,
        agent: contact.segment.map(|segment| state.agent_id(state.segments[&segment].agent)),
        is_conference: asked.is_joined,
    }
}

/// None: the rules name no such agent and never did.
#[must_use]
pub fn agent_snapshot(view: View<'_>, agent: &AgentId) -> Option<AgentSnapshot> {
    let state = view.router.state();
    let known = state.agents.get(agent)?;
    let mut offers: Vec<OfferId> = known.offers.iter().map(|(offer, _)| *offer).collect();
    offers.sort_unstable();
    let mut segments: Vec<SegmentId> = known.segments.iter().map(|(segment, _)| *segment).collect();
    segments.sort_unstable();
    let others = state.rules.agents.iter().filter(|(id, _)| *id != agent);
    let is_by_hand =
        |campaign: &Campaign| campaign.rules.mode == CampaignMode::Manual && campaign.run == CampaignRun::Running;
    let by_hand = state.campaigns.iter().filter(|(_, campaign)| is_by_hand(campaign));
    Some(AgentSnapshot {
        name: known.rules.as_ref().map(|rules| Arc::clone(&rules.name)).unwrap_or_else(|| Arc::from(agent.as_str())),
        state: agent_view(view, agent)?,
        offers: offers.into_iter().filter_map(|offer| offer_view(view, offer)).collect(),
        segments: segments.into_iter().map(|segment| segment_view(state, segment)).collect(),
        consulting: known.consulting.map(|consultation| consulting(state, consultation)),
        queues: state.rules.queues.keys().cloned().collect(),
        agents: others.take(COLLEAGUES_NAMED_MAX).map(|(id, rules)| (id.clone(), Arc::clone(&rules.name))).collect(),
        not_ready_reasons: state.rules.site.not_ready_reasons.clone(),
        dispositions: state.rules.site.dispositions.clone(),
        campaigns: by_hand.map(|(campaign, _)| campaign.clone()).collect(),
    })
}

/// One segment of an agent, while he has it.
#[must_use]
pub fn segment_view(state: &State, id: SegmentId) -> SegmentView {
    let segment = &state.segments[&id];
    let queue = state.queue_id(segment.from.queue);
    let is_owner = |contact: &&Contact| match segment.state {
        SegmentState::Connecting { .. } => true,
        SegmentState::Talking
        | SegmentState::Held { .. }
        | SegmentState::LegLost { .. }
        | SegmentState::SetAside { .. } => contact.segment == Some(id),
        SegmentState::WrapUp { .. } => false,
    };
    let contact = state.contacts.get(&segment.contact).filter(is_owner);
    SegmentView {
        segment: id,
        contact: segment.contact,
        channel: segment.channel,
        queue: queue.clone(),
        state: segment.state,
        connected_at: segment.connected_at,
        in_hand: contact.map(|contact| contact_view(state, segment.contact, contact, queue)),
        disposition: disposition_rule(state, segment),
    }
}

/// Whether the segment's queue asks for a disposition.
#[must_use]
pub fn disposition_rule(state: &State, segment: &Segment) -> DispositionRule {
    state.queue(segment.from.queue).rules.wrap_up.disposition
}

/// The device of an agent whose leg stays up between contacts; None: his does not.
#[must_use]
pub fn lasting_leg(state: &State, agent: &AgentId) -> Option<Endpoint> {
    let rules = state.agents.get(agent)?.rules.as_ref()?;
    match rules.phone.mode {
        PhoneMode::Persistent => Some(endpoint_of(state, agent)),
        PhoneMode::Console | PhoneMode::Phone | PhoneMode::None => None,
    }
}

/// Whether an agent's device lifts itself: he has accepted at his console.
#[must_use]
pub fn answers_itself(state: &State, agent: &AgentId) -> bool {
    let rules = state.agents.get(agent).and_then(|agent| agent.rules.as_ref());
    rules.is_some_and(|rules| match rules.phone.mode {
        PhoneMode::Console => true,
        PhoneMode::Phone | PhoneMode::Persistent | PhoneMode::None => false,
    })
}

/// The legs that stay up now: those of agents who are logged in.
#[must_use]
pub fn lasting_legs(view: View<'_>) -> Vec<(AgentId, Endpoint)> {
    let state = view.router.state();
    let logged_in = state.agents.iter().filter(|(_, agent)| agent.is_logged_in());
    logged_in.filter_map(|(agent, _)| Some((agent.clone(), lasting_leg(state, agent)?))).collect()
}

/// Every contact of a gateway, in order of number, and the last event of its own that it told.
#[must_use]
pub fn gateway_snapshot(view: View<'_>, gateway: &GatewayId) -> (Vec<GatewayContact>, u64) {
    let state = view.router.state();
    let Some(no) = state.gateway_no(gateway) else { return (Vec::new(), 0) };
    let contact = |id: ContactId| {
        let contact = &state.contacts[&id];
        let doing = gateway_doing(view, contact);
        let latest = contact.recordings.last().filter(|recording| !recording.is_over());
        GatewayContact {
            contact: id,
            reference: contact.reference.clone(),
            doing,
            asking: asking(state, contact),
            recording: latest.map(|recording| (recording.id, recording.should_be_paused())),
        }
    };
    (state.contacts_of(no).into_iter().map(contact).collect(), state.gateway(no).last_event)
}

fn gateway_doing(view: View<'_>, contact: &Contact) -> GatewayDoing {
    let state = view.router.state();
    let on_phone = |order, agent: AgentId, not_after| {
        let (endpoint, auto_answer) = (endpoint_of(state, &agent), answers_itself(state, &agent));
        RingingPhone { order, agent, endpoint, auto_answer, not_after }
    };
    match view.router.doing(contact) {
        Doing::Queued if !contact.on_line => GatewayDoing::ToBeCalled,
        Doing::Queued => {
            let offers = contact.visit.as_ref().map(|visit| &visit.offers[..]).unwrap_or_default();
            let ringing = offers.iter().filter_map(|offer| {
                let offer = state.offers.get(offer)?;
                Some(on_phone(offer.order?, state.agent_id(offer.agent), offer.expires_at))
            });
            let phones: Vec<RingingPhone> = ringing.collect();
            if phones.is_empty() {
                GatewayDoing::Queued { queue: last_queue(state, contact) }
            } else {
                GatewayDoing::Ringing { phones }
            }
        }
        Doing::Connecting { order, agent, connect_by, .. } => {
            let phone = on_phone(order, agent, connect_by);
            match (contact.call_order == Some(order), number_of(contact)) {
                (true, Some(to)) if !contact.on_line => {
                    let placing = placing_of(state, contact);
                    let phone = RingingPhone { not_after: connect_by - placing.ring_for, ..phone };
                    GatewayDoing::Placing { phone, to, placing }
                }
                (false, _) if !contact.on_line => GatewayDoing::ToBeCalled,
                (true | false, _) => GatewayDoing::Connecting { phone },
            }
        }
        Doing::Connected { agent, .. } => {
            let endpoint = endpoint_of(state, &agent);
            GatewayDoing::Connected { agent, endpoint }
        }
        Doing::Held { agent, .. } => {
            let endpoint = endpoint_of(state, &agent);
            GatewayDoing::Held { agent, endpoint }
        }
        Doing::Suspended { agent } => GatewayDoing::Suspended { agent },
        Doing::Leaving { order, action, until } => GatewayDoing::Leaving { order, action, until },
        Doing::TransferredOutside { order, to: Some(to), until: Some(until) } => {
            GatewayDoing::Transferring { order, to, until }
        }
        Doing::TransferredOutside { to: _, until: _, .. } => GatewayDoing::Queued { queue: last_queue(state, contact) },
    }
}

/// How a call is placed: a lead's by its campaign; a callback by the rules of the queue it waits in, or of that behind
/// its agent.
#[must_use]
pub fn placing_of(state: &State, contact: &Contact) -> Placing {
    if let Some(lead) = &contact.lead {
        let rules = &state.campaign(lead.campaign).rules;
        return Placing { first: rules.first, ring_for: rules.ring_for, caller_id: rules.caller_id.clone() };
    }
    let queue = contact.visit.as_ref().map(Visit::queue_or_behind);
    let rules = queue.map(|queue| state.queue(queue).rules.callback.clone()).unwrap_or_default();
    Placing { first: rules.first, ring_for: rules.ring_for, caller_id: None }
}

/// The number a contact came from, or is to be called at.
#[must_use]
pub fn number_of(contact: &Contact) -> Option<Address> {
    contact.details.first()?.plain()?.from.clone()
}

/// Where the contact waits, or waited last.
#[must_use]
pub fn last_queue(state: &State, contact: &Contact) -> Option<QueueId> {
    let of_segment = || contact.segment.map(|segment| state.segments[&segment].from.queue);
    let of_leaving = || contact.leaving.as_ref().map(|leaving| leaving.from.queue);
    let of_suspended = || contact.suspended.as_ref().map(|suspended| suspended.from.queue);
    let of_promise = || contact.promise.as_ref().map(|promise| promise.queue);
    let open = contact.visit.as_ref().map(|visit| visit.queue);
    let queue = open.or_else(of_segment).or_else(of_leaving).or_else(of_suspended).or_else(of_promise);
    queue.map(|queue| state.queue_id(queue))
}

/// How long one who came now would have to wait behind so many. None: nothing is known yet, or nobody
/// comes into this queue by the rules.
#[must_use]
pub fn estimated_wait(view: View<'_>, queue: &QueueId, waiting: usize) -> Option<Estimate> {
    let state = view.router.state();
    let queue = state.queue_no(queue).map(|queue| state.queue(queue)).filter(|queue| queue.in_rules)?;
    queue.pace.gap(view.now).map(|gap| estimate::of_place(waiting + 1, gap))
}

/// Where the agent's leg is reached; his own name where the rules give no endpoint.
#[must_use]
pub fn endpoint_of(state: &State, agent: &AgentId) -> Endpoint {
    let rules = state.agents.get(agent).and_then(|agent| agent.rules.as_ref());
    let named = rules.and_then(|rules| rules.phone.endpoint.clone());
    named.unwrap_or_else(|| Endpoint::new(agent.as_str()).expect("an agent's name is shorter than an endpoint may be"))
}

/// A contact that stands in an agent's list.
#[derive(Clone, PartialEq, Debug)]
pub struct ListedContact {
    pub contact: ContactId,
    pub gateway: GatewayId,
    pub reference: ContactRef,
    pub channel: Channel,
    pub queue: Option<QueueId>,
    pub attributes: Attributes,
    pub stands: ListedAs,
}

/// Why a contact stands in an agent's list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListedAs {
    InHand,
    Suspended {
        until: Option<Timestamp>,
    },
    /// He is to call its customer.
    Promised {
        due: Timestamp,
    },
}

/// What is an agent's of all contacts: in hand, laid down by him, to be called back by him; and his teams. None: the
/// rules never named him.
#[must_use]
pub fn agents_list(view: View<'_>, agent: &AgentId) -> Option<(Vec<ListedContact>, Vec<TeamId>)> {
    let state = view.router.state();
    let (no, known) = (state.agent_no(agent)?, state.agents.get(agent)?);
    let in_hand = known.segments.iter().filter_map(|(segment, _)| {
        let part = &state.segments[segment];
        let is_his = |contact: &&Contact| contact.segment == Some(*segment);
        let contact = state.contacts.get(&part.contact).filter(is_his)?;
        Some((part.contact, contact, ListedAs::InHand))
    });
    let tickets = view.router.tickets().of_agent(no).filter_map(|id| {
        let contact = state.contacts.get(&id)?;
        let laid_down = contact.suspended.as_ref().map(|suspended| ListedAs::Suspended { until: suspended.until });
        let promised = contact.promise.as_ref().map(|promise| ListedAs::Promised { due: promise.due });
        Some((id, contact, laid_down.or(promised)?))
    });
    let listed = in_hand.chain(tickets).map(|(id, contact, stands)| ListedContact {
        contact: id,
        gateway: state.gateway_id(contact.gateway),
        reference: contact.reference.clone(),
        channel: contact.channel,
        queue: last_queue(state, contact),
        attributes: attributes_of(contact),
        stands,
    });
    let teams = known.rules.as_ref().map(|rules| rules.teams.clone()).unwrap_or_default();
    Some((listed.collect(), teams))
}
