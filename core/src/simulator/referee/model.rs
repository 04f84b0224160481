//! The referee's state: plain lists, looked through from end to end. Decides nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::callbacks::Promise;
use super::consultations::Consultation;
use super::deadlines::DeadlineKind;
use super::leads::{Campaign, Lead};
use super::leaving::Leaving;
use super::pace::Line;
use super::proposals::Attempt;
use super::reading::{Fitted, Fitting};
use super::recordings::{LeftOpen, Recorded};
use crate::routing::command::{DeviceState, Direction, Presence};
use crate::routing::estimate::Estimate;
use crate::routing::event::{DirectTo, Preference, Reach};
use crate::routing::gateway::Lines;
use crate::routing::ids::{
    AgentId, ContactId, ContactRef, EventNo, GatewayId, OfferId, PersonId, QueueId, SegmentId, VisitId,
};
use crate::routing::personal::{Address, Attributes};
use crate::routing::rule_set::{
    AgentRules, Channel, ChannelGroup, MissedOffers, QueueRules, RuleSet, RulesVersion, SiteRules,
};
use crate::routing::skill::Skills;
use crate::routing::time::{Millis, Timestamp};

/// How long a gateway's reference is known after its contact's end.
pub(crate) const ENDED_REF_KEPT: Millis = Millis::minutes(10);
/// How long an end that came before its arrival is remembered.
pub(crate) const FORESEEN_END_KEPT: Millis = Millis::seconds(60);
/// Requests of one person that are recognised when they come again.
pub(crate) const REQUESTS_KEPT: usize = 64;

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Model {
    pub(crate) event_no: u64,
    /// The time of the last event.
    pub(crate) last_at: Timestamp,
    /// The last number given to a contact, visit, offer, segment, attempt or recording.
    pub(crate) last_number: u64,
    pub(crate) version: RulesVersion,
    pub(crate) rules: Option<Arc<RuleSet>>,
    /// The latest rules of each queue there ever was.
    pub(crate) queues: BTreeMap<QueueId, Arc<QueueRules>>,
    /// Of queues with a condition on agents that reads no contact. Worked out when rules come.
    pub(crate) fitting: Fitting,
    /// In the order in which rules first named them.
    pub(crate) agents: Vec<Agent>,
    /// In the order in which they were first heard from, or named by a lead.
    pub(crate) gateways: Vec<Gateway>,
    /// Those that live, and those that some agent still wraps up.
    pub(crate) contacts: BTreeMap<ContactId, Arc<Contact>>,
    pub(crate) remembered: Vec<RememberedRef>,
    /// The place in `agents` of the one this queue offered to last.
    pub(crate) offered_last: BTreeMap<QueueId, usize>,
    /// Every visit that was answered or abandoned, in order.
    pub(crate) outcomes: Vec<Outcome>,
    /// Callers who left a queue before anybody answered, in order.
    pub(crate) dropped: Vec<DroppedCaller>,
    pub(crate) lines: BTreeMap<QueueId, Line>,
    /// In the order in which rules first named them.
    pub(crate) queue_order: Vec<QueueId>,
    /// Queues of the rules where somebody waits for figures to change, each with since when.
    pub(crate) looking: BTreeMap<QueueId, Timestamp>,
    /// Queues whose closing somebody waits through, each with since when.
    pub(crate) with_hours: BTreeMap<QueueId, Timestamp>,
    /// How far the wall clock was set since the start.
    pub(crate) wall_offset: Millis,
    /// Until then, after a restart, no step on presence or figures is taken.
    pub(crate) grace_until: Timestamp,
    #[serde(skip)]
    pub(crate) looks: Looks,
    pub(crate) requests: BTreeMap<PersonId, VecDeque<Uuid>>,
    /// Nothing that stands in these is offered.
    pub(crate) paused: BTreeSet<QueueId>,
    /// Served a tier earlier, since their oldest has waited long.
    pub(crate) raised: BTreeSet<QueueId>,
    /// In the order in which they were first set.
    pub(crate) campaigns: Vec<Campaign>,
    /// Recordings of contacts that have ended, not told to be over.
    pub(crate) left_open: Vec<LeftOpen>,
}

/// How far time was looked through, whether or not anything came of it. No part of the state: what
/// found nothing finds nothing when it is looked at again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looks {
    /// Time has passed up to here.
    pub reached: Timestamp,
    /// What fired after `reached`, by kind and number.
    pub fired: BTreeMap<(DeadlineKind, u64), Timestamp>,
}

impl PartialEq for Looks {
    fn eq(&self, _other: &Looks) -> bool {
        true
    }
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Agent {
    pub id: AgentId,
    pub rules: Arc<AgentRules>,
    pub in_rules: bool,
    pub presence: Presence,
    pub next: Option<Presence>,
    pub reach: Reach,
    pub responding: bool,
    pub idle_since: Timestamp,
    /// Since when his idle clock stands still.
    pub paused_at: Option<Timestamp>,
    pub back_off: Option<Timestamp>,
    pub device: DeviceState,
    /// Offers missed in a row, of each group of channels.
    pub misses: MissedOffers,
    /// Contacts connected since log-in.
    pub served: u32,
    /// When he had a segment, from the first event on; only the last may still run.
    pub busy: Vec<BusySpan>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct BusySpan {
    pub from: Timestamp,
    /// None: it runs on.
    pub until: Option<Timestamp>,
}

/// How a visit that counts for the service level ended.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub queue: QueueId,
    pub at: Timestamp,
    /// In time by the queue's rules of that moment. None: abandoned, and not short.
    pub answered_in_time: Option<bool>,
}

/// The place of a caller who left; his until then, if he comes again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct DroppedCaller {
    pub queue: QueueId,
    pub from: Address,
    pub ordered_since: Timestamp,
    pub until: Timestamp,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Gateway {
    pub id: GatewayId,
    pub state: GatewayState,
    pub lines: Lines,
    pub missing: BTreeSet<ContactId>,
    pub unknown: Vec<ContactRef>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum GatewayState {
    Attached,
    Detached { grace_until: Timestamp },
    Lost,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub id: ContactId,
    pub gateway: GatewayId,
    pub reference: ContactRef,
    pub channel: Channel,
    pub direction: Direction,
    pub from: Option<Address>,
    pub to: Option<Address>,
    pub attributes: Attributes,
    /// None: not worked out yet.
    pub fitted: Option<Fitted>,
    pub arrived_at: Timestamp,
    /// The gateway's number of the last message about it.
    pub last_message: u64,
    pub updates: u32,
    pub ended: bool,
    /// False: a callback or a lead whose customer has not been reached.
    pub on_line: bool,
    /// A callback that is not queued yet.
    pub promise: Option<Promise>,
    /// The last order to call the customer, until the next call is proposed.
    pub attempt: Option<EventNo>,
    /// The call that is being tried; of a lead, the one that was.
    pub call: Option<Attempt>,
    /// As its details named him last.
    pub customer: Option<Arc<str>>,
    /// How many calls did not reach him.
    pub attempts: u32,
    /// He is not called before.
    pub gap_until: Option<Timestamp>,
    pub on_line_since: Timestamp,
    /// He has answered our call, or was cut off, and speaks with nobody yet.
    pub is_first: bool,
    /// Promised to himself, not for an agent.
    pub own_wish: bool,
    /// He got through another way while he was called.
    pub superseded: bool,
    /// The open visit, if any.
    pub visit: Option<Visit>,
    /// It is on its way out by an order to its gateway.
    pub leaving: Option<Leaving>,
    /// Those not closed yet.
    pub segments: Vec<Segment>,
    /// Laid down by an agent.
    pub suspended: Option<Suspended>,
    /// Of a chat whose customer is to answer: since when.
    pub quiet_since: Option<Timestamp>,
    /// It is one between two agents.
    pub consultation: Option<Consultation>,
    /// It is one of a campaign.
    pub lead: Option<Lead>,
    /// In the order in which they were begun; none any more once it has ended.
    pub recordings: Vec<Recorded>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Suspended {
    pub agent: AgentId,
    pub until: Option<Timestamp>,
    /// The visit that he had answered.
    pub from: Visit,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Visit {
    pub id: VisitId,
    pub queue: QueueId,
    pub skills: Skills,
    pub priority: i32,
    /// A supervisor chose it; the entry rules do not change it any more.
    pub priority_is_ordered: bool,
    /// Queues whose agents may serve, too, in the order in which steps added them.
    pub joined: Vec<QueueId>,
    /// Places of the steps taken.
    pub taken: BTreeSet<usize>,
    pub ordered_since: Timestamp,
    pub entered_at: Timestamp,
    pub estimate: Option<Estimate>,
    /// While the server was down; its steps come so much later.
    pub paused: Millis,
    /// The last event about it.
    pub told_at: Timestamp,
    /// The entry rules chose it.
    pub by_entry: bool,
    /// New rules came, and they are asked before its next step.
    pub anew_at_step: bool,
    /// What a gateway had to do for it could not be done.
    pub exits_failed: bool,
    pub direct: Option<DirectTo>,
    pub preferred: Option<Preference>,
    /// Who may not have it.
    pub never: Vec<AgentId>,
    pub key: OrderKey,
    /// Who declined, missed or could not be connected.
    pub declined: BTreeSet<AgentId>,
    pub offers_in_row: u32,
    /// Not offered until then.
    pub limited_until: Option<Timestamp>,
    /// The open ones, by number.
    pub offers: Vec<Offer>,
    /// One of its offers was accepted and the leg is being made.
    pub connecting: bool,
}

/// The order of service, smallest first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(crate) struct OrderKey {
    pub tier: u32,
    pub lax: bool,
    pub rank: i64,
    pub place: i64,
    pub ordered_since: Timestamp,
    pub contact: ContactId,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Offer {
    pub id: OfferId,
    pub agent: AgentId,
    pub acknowledge_by: Timestamp,
    pub expires_at: Timestamp,
    pub acknowledged: bool,
    /// His phone rings with it, by this order.
    pub rings: bool,
    pub order: EventNo,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Segment {
    pub id: SegmentId,
    pub agent: AgentId,
    pub offer: OfferId,
    pub order: EventNo,
    /// The visit as it was when he accepted it.
    pub answered: Visit,
    pub state: SegmentState,
    pub connected_at: Timestamp,
    pub talk: Millis,
    pub hold: Millis,
    /// How long it was set aside.
    pub aside: Millis,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum SegmentState {
    Connecting {
        connect_by: Timestamp,
    },
    Talking,
    Held {
        since: Timestamp,
    },
    /// Until the segment `by` is gone.
    SetAside {
        since: Timestamp,
        by: SegmentId,
    },
    /// The agent's leg is gone, and he is rung again.
    LegLost {
        since: Timestamp,
        until: Timestamp,
    },
    WrapUp {
        since: Timestamp,
        ends_at: Timestamp,
    },
}

/// A reference whose contact is over, or will be before it arrives (`contact` None).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct RememberedRef {
    pub gateway: GatewayId,
    pub reference: ContactRef,
    pub contact: Option<ContactId>,
    pub until: Timestamp,
}

impl Agent {
    pub fn new(id: &AgentId, rules: &Arc<AgentRules>) -> Agent {
        Agent {
            id: id.clone(),
            rules: Arc::clone(rules),
            in_rules: true,
            presence: Presence::Offline,
            next: None,
            reach: Reach::Gone,
            responding: true,
            idle_since: Timestamp(0),
            paused_at: None,
            back_off: None,
            device: DeviceState::Idle,
            misses: MissedOffers([0; ChannelGroup::COUNT]),
            served: 0,
            busy: Vec::new(),
        }
    }

    /// Sets the idle clock back to zero; it stays stopped if it was.
    pub fn idle_from(&mut self, at: Timestamp) {
        self.idle_since = at;
        self.paused_at = self.paused_at.map(|_| at);
    }
}

impl Segment {
    /// In the agent's hands: not yet wrapped up.
    pub fn in_hand(&self) -> bool {
        match self.state {
            SegmentState::Connecting { .. }
            | SegmentState::Talking
            | SegmentState::Held { .. }
            | SegmentState::SetAside { .. }
            | SegmentState::LegLost { .. } => true,
            SegmentState::WrapUp { .. } => false,
        }
    }

    pub fn connected(&self) -> bool {
        match self.state {
            SegmentState::Connecting { .. } => false,
            SegmentState::Talking
            | SegmentState::Held { .. }
            | SegmentState::SetAside { .. }
            | SegmentState::LegLost { .. }
            | SegmentState::WrapUp { .. } => true,
        }
    }

    /// In hand with the customer, set aside or not.
    pub fn with_customer(&self) -> bool {
        self.in_hand() && self.connected()
    }

    /// Talk, hold and wrap-up as they stand at `at`.
    pub fn spans(&self, at: Timestamp) -> (Millis, Millis, Millis) {
        let talk_until = |end: Timestamp| end.since(self.connected_at) - self.hold - self.aside;
        match self.state {
            SegmentState::Connecting { .. } => (Millis::ZERO, Millis::ZERO, Millis::ZERO),
            SegmentState::Talking => (talk_until(at), self.hold, Millis::ZERO),
            SegmentState::Held { since } | SegmentState::LegLost { since, .. } => {
                (talk_until(since), self.hold + at.since(since), Millis::ZERO)
            }
            SegmentState::SetAside { since, .. } => (talk_until(since), self.hold, Millis::ZERO),
            SegmentState::WrapUp { since, .. } => (self.talk, self.hold, at.since(since)),
        }
    }
}

impl Contact {
    /// The one segment that has it in hand.
    pub fn owner(&self) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.in_hand())
    }

    /// Those open, by number.
    pub fn offers(&self) -> &[Offer] {
        self.visit.as_ref().map_or(&[], |visit| &visit.offers)
    }

    /// The open visit, when nobody has accepted it; it may be offered.
    pub fn waiting(&self) -> Option<&Visit> {
        self.visit.as_ref().filter(|visit| !visit.connecting)
    }

    /// The open visit, when it waits and is not offered.
    pub fn unoffered(&self) -> Option<&Visit> {
        self.waiting().filter(|visit| visit.offers.is_empty())
    }
}

impl Model {
    /// The number of the last event it knows.
    #[must_use]
    pub fn events_folded(&self) -> u64 {
        self.event_no
    }

    pub(crate) fn site(&self) -> &SiteRules {
        static BEFORE_RULES: LazyLock<SiteRules> = LazyLock::new(SiteRules::default);
        self.rules.as_ref().map_or(&*BEFORE_RULES, |rules| &rules.site)
    }

    /// The rules by which a visit or segment of this queue is treated.
    pub(crate) fn queue(&self, queue: &QueueId) -> Arc<QueueRules> {
        static OF_AN_AGENT: LazyLock<Arc<QueueRules>> = LazyLock::new(Arc::default);
        Arc::clone(self.queues.get(queue).unwrap_or(&OF_AN_AGENT))
    }

    pub(crate) fn agent_no(&self, agent: &AgentId) -> Option<usize> {
        self.agents.iter().position(|known| known.id == *agent)
    }

    pub(crate) fn agent(&self, agent: &AgentId) -> &Agent {
        self.agents.iter().find(|known| known.id == *agent).expect("events name known agents only")
    }

    /// By number.
    pub(crate) fn all_contacts(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.values().map(|contact| &**contact)
    }

    pub(crate) fn all_contacts_mut(&mut self) -> impl Iterator<Item = &mut Contact> {
        self.contacts.values_mut().map(Arc::make_mut)
    }

    pub(crate) fn gateway(&self, gateway: &GatewayId) -> Option<&Gateway> {
        self.gateways.iter().find(|known| known.id == *gateway)
    }

    pub(crate) fn live_contact(&self, gateway: &GatewayId, reference: &ContactRef) -> Option<&Contact> {
        self.all_contacts()
            .find(|contact| !contact.ended && contact.gateway == *gateway && contact.reference == *reference)
    }

    pub(crate) fn remembered(
        &self,
        gateway: &GatewayId,
        reference: &ContactRef,
        now: Timestamp,
    ) -> Option<&RememberedRef> {
        self.remembered
            .iter()
            .find(|known| known.gateway == *gateway && known.reference == *reference && known.until > now)
    }

    /// The offers held out to the agent, by number, each with its contact.
    pub(crate) fn offers_of(&self, agent: &AgentId) -> Vec<(OfferId, ContactId)> {
        let mut offers: Vec<(OfferId, ContactId)> = self
            .all_contacts()
            .flat_map(|contact| contact.offers().iter().map(|offer| (offer, contact.id)))
            .filter(|(offer, _)| offer.agent == *agent)
            .map(|(offer, contact)| (offer.id, contact))
            .collect();
        offers.sort();
        offers
    }

    /// All offers that are open, by number, each with its contact.
    pub(crate) fn open_offers(&self) -> Vec<(OfferId, ContactId)> {
        let all = self.all_contacts();
        let mut open: Vec<(OfferId, ContactId)> =
            all.flat_map(|contact| contact.offers().iter().map(|offer| (offer.id, contact.id))).collect();
        open.sort();
        open
    }

    /// An open offer and its contact.
    pub(crate) fn open_offer(&self, offer: OfferId) -> Option<(&Contact, &Offer)> {
        self.all_contacts()
            .flat_map(|contact| contact.offers().iter().map(move |open| (contact, open)))
            .find(|(_, open)| open.id == offer)
    }

    /// The agent's segments, wrap-ups included, each with its contact.
    pub(crate) fn segments_of(&self, agent: &AgentId) -> Vec<(&Contact, &Segment)> {
        self.all_contacts()
            .flat_map(|contact| contact.segments.iter().map(move |segment| (contact, segment)))
            .filter(|(_, segment)| segment.agent == *agent)
            .collect()
    }
}
