//! What comes out of the router: facts, in order. Fields are only ever added; every later version
//! reads what an earlier one wrote. No fact is an instruction.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attempt::{NotPlaced, Outcome, ReturnedWhy};
use super::campaign::{CampaignRules, CampaignRun};
use super::command::{
    CallFailure, Destination, DeviceState, Direction, Disposition, EndedBy, LegFailure, PassedMessage, Presence,
    Speaker,
};
use super::estimate::Estimate;
use super::gateway::Lines;
use super::hold::BackOffCause;
use super::ids::{
    AgentId, AttemptId, CallListName, CampaignId, ContactId, ContactRef, Endpoint, GatewayId, LeadId, OfferId,
    PersonId, QueueId, RecordingId, Request, SegmentId, TeamId, VisitId,
};
use super::personal::{Address, PersonalDetails};
use super::recording::{RecordingAsk, RecordingFailure, RecordingState};
use super::rule_set::{Channel, Exit, ExitAction, ExitKey, RuleSet, RulesVersion};
use super::skill::Skills;
use super::time::{Millis, Timestamp};
use super::why::Why;

/// One fact and when it became so.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Event {
    pub at: Timestamp,
    /// The request that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// The supervisor who ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    pub fact: Fact,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The server is back. Every deadline moves by `down_for`; who was present counts as present
    /// until `grace_until` but gets nothing until it is back.
    Resumed {
        down_for: Millis,
        grace_until: Timestamp,
    },
    ClockStepped {
        by: Millis,
    },
    RulesReplaced {
        version: RulesVersion,
        rules: Arc<RuleSet>,
    },

    GatewayAttached {
        gateway: GatewayId,
    },
    /// Its contacts keep their places and are not offered until it is back or `grace_until`.
    GatewayDetached {
        gateway: GatewayId,
        grace_until: Timestamp,
    },
    /// The grace is over; its contacts end as lost.
    GatewayLost {
        gateway: GatewayId,
    },
    /// How many calls it may carry now, as it says.
    GatewayLinesSet {
        gateway: GatewayId,
        lines: Lines,
    },
    /// An inventory differed from what is known: `missing` for the first time, `found` again,
    /// `unknown` here for the first time.
    InventoryCompared {
        gateway: GatewayId,
        missing: Vec<ContactId>,
        found: Vec<ContactId>,
        unknown: Vec<ContactRef>,
    },

    /// What the agent chose, whether he is reached and whether he answers: all of it, as it is now.
    AgentChanged {
        agent: AgentId,
        presence: Presence,
        next: Option<Presence>,
        reach: Reach,
        responding: bool,
        cause: AgentChange,
    },
    AgentBackedOff {
        agent: AgentId,
        until: Timestamp,
        cause: BackOffCause,
    },
    BackOffEnded {
        agent: AgentId,
    },
    DeviceChanged {
        agent: AgentId,
        endpoint: Endpoint,
        state: DeviceState,
    },

    ContactArrived {
        contact: ContactId,
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        channel: Channel,
        direction: Direction,
        to: Option<Address>,
        details: PersonalDetails,
        /// The gateway's own number of the message.
        gateway_event: u64,
    },
    /// A customer is to be called: a contact of its own, carried by `gateway` under a reference that
    /// the router made. `details.from` is the number.
    CallbackPromised {
        contact: ContactId,
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        /// The contact it comes from.
        parent: ContactId,
        /// None: the customer himself.
        asked_by: Option<AgentId>,
        queue: QueueId,
        skills: Skills,
        priority: i32,
        /// When it is queued; None: at once.
        due: Option<Timestamp>,
        /// The agent who takes it if he can.
        by: Option<AgentId>,
        details: PersonalDetails,
    },
    /// The customer of a placed call is on the line; whoever has it or not, he is not kept waiting.
    CustomerAnswered {
        contact: ContactId,
    },
    /// The customer was not reached. At `until` it is tried again; None: it has been tried often enough.
    AttemptFailed {
        contact: ContactId,
        visit: VisitId,
        segment: SegmentId,
        agent: AgentId,
        why: CallFailure,
        until: Option<Timestamp>,
    },
    /// An agent has taken a callback: whoever checks has to clear the call before `decide_by`.
    CallbackProposed {
        attempt: AttemptId,
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        /// The customer asked for it himself.
        is_own_wish: bool,
        decide_by: Timestamp,
        /// The number to be called.
        details: PersonalDetails,
    },
    /// Whoever checks did not clear the call of a callback; it may be tried again at `until`, or never.
    CallbackNotPlaced {
        attempt: AttemptId,
        contact: ContactId,
        visit: VisitId,
        segment: SegmentId,
        agent: AgentId,
        why: NotPlaced,
        until: Option<Timestamp>,
    },
    /// The customer got through another way while he is being called; nobody calls him again.
    CallbackSuperseded {
        contact: ContactId,
    },
    CallbackGapEnded {
        contact: ContactId,
        visit: VisitId,
    },
    ContactUpdated {
        contact: ContactId,
        details: PersonalDetails,
        gateway_event: u64,
    },
    /// A visit begins. `rule`: the entry rule that chose the queue; None: a transfer or a return.
    ContactQueued {
        contact: ContactId,
        visit: VisitId,
        queue: QueueId,
        cause: QueuedBy,
        skills: Skills,
        priority: i32,
        ordered_since: Timestamp,
        entered_at: Timestamp,
        /// Set when one agent alone is waited for.
        direct: Option<DirectTo>,
        /// The agent who knows the customer, when the queue asks for him.
        #[serde(default)]
        preferred: Option<Preference>,
        /// Agents whom the customer may never get.
        #[serde(default)]
        never: Vec<AgentId>,
        /// How long it was expected to wait; None: nothing is known yet.
        #[serde(default)]
        estimate: Option<Estimate>,
        /// Entry rules passed over because their conditions could not be evaluated.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        failed: Vec<Arc<str>>,
        rules: RulesVersion,
    },
    /// The entry rules said something else of a waiting contact once more of its customer was known;
    /// the place in line stays.
    VisitChanged {
        contact: ContactId,
        visit: VisitId,
        /// The entry rule that holds now.
        rule: Arc<str>,
        skills: Skills,
        priority: i32,
        preferred: Option<Preference>,
        never: Vec<AgentId>,
        /// As of [`Fact::ContactQueued`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        failed: Vec<Arc<str>>,
        rules: RulesVersion,
    },
    /// A step of its queue was taken: what is asked, and in which order it waits, from now on.
    VisitWidened {
        contact: ContactId,
        visit: VisitId,
        /// From 1, in the order of the queue's rules.
        step: u32,
        skills: Skills,
        /// Queues whose agents may serve, too.
        joined: Vec<QueueId>,
        priority: i32,
        rules: RulesVersion,
    },
    /// A supervisor gave a waiting contact another priority.
    VisitPrioritised {
        contact: ContactId,
        visit: VisitId,
        priority: i32,
    },
    /// Its oldest has waited long: it is served one tier earlier.
    QueueRaised {
        queue: QueueId,
    },
    /// Its oldest has not waited so long, or nobody waits any more.
    QueueLowered {
        queue: QueueId,
    },
    /// Nothing of it is offered until it is resumed.
    QueuePaused {
        queue: QueueId,
    },
    QueueResumed {
        queue: QueueId,
    },
    /// A waiting caller pressed a key that is an exit of his queue.
    ExitKeyPressed {
        contact: ContactId,
        key: ExitKey,
        gateway_event: u64,
    },
    /// The contact leaves its queue other than by an agent; what follows says where it goes. When the
    /// gateway has to carry out the action, the number of this event is the order.
    ExitTaken {
        contact: ContactId,
        visit: VisitId,
        exit: Exit,
        action: ExitAction,
        /// The gateway has carried it out by then, or it has failed.
        #[serde(default)]
        until: Option<Timestamp>,
        rules: RulesVersion,
    },
    /// The gateway could not carry the exit's action out; the contact waits again, in its old place.
    ExitFailed {
        contact: ContactId,
        exit: Exit,
        why: LegFailure,
    },
    /// The caller speaks to voicemail; nothing more is asked of anybody.
    VoicemailBegun {
        contact: ContactId,
    },
    /// The contact no longer waits for the preferred agent alone.
    PreferredWaitEnded {
        contact: ContactId,
        visit: VisitId,
        agent: AgentId,
    },
    ContactOffered {
        contact: ContactId,
        visit: VisitId,
        queue: QueueId,
        offer: OfferId,
        agent: AgentId,
        acknowledge_by: Timestamp,
        expires_at: Timestamp,
        /// His phone rings with it, and the number of this event is the order to connect.
        #[serde(default)]
        rings: bool,
        why: Why,
    },
    OfferAcknowledged {
        offer: OfferId,
    },
    /// The offer ended without an accept; the contact waits again in its old place.
    OfferEnded {
        offer: OfferId,
        contact: ContactId,
        agent: AgentId,
        outcome: OfferOutcome,
    },
    /// The offer was accepted. The number of this event is the order to connect.
    ContactConnecting {
        contact: ContactId,
        visit: VisitId,
        offer: OfferId,
        segment: SegmentId,
        agent: AgentId,
        connect_by: Timestamp,
    },
    /// The agent's leg failed; the contact waits again in its old place.
    ConnectFailed {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        why: LegFailure,
    },
    ContactConnected {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
    },
    ContactHeld {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
    },
    ContactUnheld {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
    },
    /// The agent has taken a contact that may interrupt this one: it costs him nothing, and its clock
    /// stands, until the segment `by` is closed.
    SegmentSetAside {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        by: SegmentId,
    },
    SegmentTakenUp {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
    },
    /// With `agent` and `message`, the number of this event is the order to send that text to the customer.
    MessagePassed {
        contact: ContactId,
        by: Speaker,
        /// Who wrote it in his console.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentId>,
        gateway_event: u64,
        /// None: its text did not come here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<PassedMessage>,
    },
    /// The agent has laid it down; it is his again when the customer writes, or at `until`.
    ContactSuspended {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        until: Option<Timestamp>,
    },
    /// What follows says where it waits now.
    ContactTakenUp {
        contact: ContactId,
        agent: AgentId,
        why: TakenUpWhy,
    },
    /// The agent has given the contact on; what follows says where it waits now.
    ContactTransferred {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        to: Destination,
        details: PersonalDetails,
    },
    /// The agent has given a call on to a number outside: `details.to`. The number of this event is the order.
    ContactTransferredOutside {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        details: PersonalDetails,
        /// The gateway has carried it out by then, or it has failed.
        until: Timestamp,
    },
    /// The gateway could not transfer it outside; what follows says where it waits.
    TransferFailed {
        contact: ContactId,
        /// Who had given it on.
        agent: AgentId,
        why: LegFailure,
    },
    /// The agent went away with the contact in his hands; it waits again, in its old place.
    ContactReturned {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        /// Its customer was cut off: it goes before all others of tier 1.
        #[serde(default)]
        first: bool,
    },
    /// The agent asks a colleague, while his customer is on hold: a contact of its own, with that agent
    /// on the line in the customer's place.
    ConsultationBegun {
        contact: ContactId,
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        /// The customer's contact.
        parent: ContactId,
        agent: AgentId,
        to: Destination,
        details: PersonalDetails,
    },
    /// Customer, agent and consultee hear each other: a conference.
    ConsultationJoined {
        contact: ContactId,
        parent: ContactId,
        agent: AgentId,
    },
    /// `agent`, who began it, has it no longer. `parent`: the customer's contact, while there is one.
    ConsultationEnded {
        contact: ContactId,
        parent: Option<ContactId>,
        agent: AgentId,
        end: ConsultationEnd,
    },
    /// The consultee goes on with the customer, in a segment of his own.
    ContactHandedOver {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        to: AgentId,
        to_segment: SegmentId,
        consultation: ContactId,
    },
    /// The agent's leg is gone; the customer is on hold. The number of this event is the order to ring
    /// the agent again.
    LegLost {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        until: Timestamp,
    },
    LegBack {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
    },
    WrapUpStarted {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        ends_at: Timestamp,
    },
    WrapUpExtended {
        segment: SegmentId,
        agent: AgentId,
        ends_at: Timestamp,
    },
    /// The agent is done with it. The three spans are the segment's handle time.
    SegmentClosed {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        queue: QueueId,
        /// False when the leg never connected: no handle time, not counted as handled.
        connected: bool,
        talk: Millis,
        hold: Millis,
        wrap_up: Millis,
        disposition: Option<Disposition>,
        details: PersonalDetails,
    },
    /// The one end of a visit. `waited` counts from `entered_at`.
    VisitEnded {
        contact: ContactId,
        visit: VisitId,
        queue: QueueId,
        end: VisitEnd,
        waited: Millis,
        /// What was expected when it began.
        #[serde(default)]
        estimate: Option<Estimate>,
    },
    ContactEnded {
        contact: ContactId,
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        by: EndedBy,
        /// In whose hands it was, connecting included.
        agent: Option<AgentId>,
        /// No call to its customer is ordered: its gateway has nothing to end.
        #[serde(default)]
        never_placed: bool,
    },
    /// The number of this event is the order. `agent`: who asked for it; None: the rules do.
    RecordingOrdered {
        contact: ContactId,
        gateway: GatewayId,
        recording: RecordingId,
        /// In whose part of the call.
        segment: SegmentId,
        agent: Option<AgentId>,
        ask: RecordingAsk,
    },
    /// Its gateway has said so, of a contact that has ended, too. `why`: what was asked last could not be done.
    RecordingTold {
        contact: ContactId,
        recording: RecordingId,
        state: RecordingState,
        length: Option<Millis>,
        why: Option<RecordingFailure>,
        /// `details.file` is where the gateway keeps it.
        details: PersonalDetails,
    },
    /// Offered too often without an accept; not offered until `until`. Supervisors are alerted.
    OfferLimitReached {
        contact: ContactId,
        visit: VisitId,
        until: Timestamp,
    },
    OfferLimitLifted {
        contact: ContactId,
        visit: VisitId,
    },
    /// An end or an abandon came before its arrival; the arrival will be too late.
    EndForeseen {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
    },

    CampaignSet {
        campaign: CampaignId,
        rules: Arc<CampaignRules>,
    },
    CampaignRunChanged {
        campaign: CampaignId,
        run: CampaignRun,
    },
    /// A lead is to be called: a contact of its own, carried by `gateway` under a reference that the router made.
    /// `details.from` is the number.
    LeadFiled {
        contact: ContactId,
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        campaign: CampaignId,
        list: CallListName,
        lead: LeadId,
        /// Set when nobody else gets it.
        agent: Option<AgentId>,
        team: Option<TeamId>,
        closes_at: Option<Timestamp>,
        details: PersonalDetails,
    },
    /// An agent is reserved for the call; whoever checks it says until `decide_by` whether it may be placed.
    AttemptProposed {
        attempt: AttemptId,
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        campaign: CampaignId,
        list: CallListName,
        lead: LeadId,
        decide_by: Timestamp,
    },
    AttemptCleared {
        attempt: AttemptId,
        contact: ContactId,
    },
    /// The number of this event is the order to place the call.
    AttemptPlaced {
        attempt: AttemptId,
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        connect_by: Timestamp,
    },
    /// An agent who spoke with a lead promised it another call.
    LeadPromised {
        contact: ContactId,
        segment: SegmentId,
        agent: AgentId,
        due: Timestamp,
        /// The agent who makes it if he can.
        by: Option<AgentId>,
    },
    /// One of the three ends of a lead's stay; the contact's own follows.
    AttemptRefused {
        attempt: AttemptId,
        contact: ContactId,
        campaign: CampaignId,
        list: CallListName,
        lead: LeadId,
        /// Who was reserved for it.
        agent: Option<AgentId>,
        why: NotPlaced,
        /// When it may be placed, as far as whoever refused it knew.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    AttemptEnded {
        attempt: AttemptId,
        contact: ContactId,
        campaign: CampaignId,
        list: CallListName,
        lead: LeadId,
        /// Who was reserved for it, when nobody was reached.
        agent: Option<AgentId>,
        outcome: Outcome,
    },
    /// Without a call.
    LeadReturned {
        contact: ContactId,
        campaign: CampaignId,
        list: CallListName,
        lead: LeadId,
        why: ReturnedWhy,
    },
}

/// Whether an agent's console is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Heard from.
    Here,
    /// Gone or silent; nothing new is offered. At `until` he is unreachable.
    Away { until: Timestamp },
    /// Does not count as logged in. At `until` he is offline.
    Unreachable { until: Timestamp },
    /// Never heard from, or logged out.
    #[default]
    Gone,
}

/// What made an agent change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentChange {
    /// His own choice.
    Chosen,
    /// The pending choice, after his last wrap-up.
    AfterContact,
    ConsoleOpened,
    ConsoleClosed,
    /// Any other message from a console thought lost.
    HeardFrom,
    /// An offer was not acknowledged.
    OfferUndelivered,
    /// The grace of a lost console is over.
    GraceOver,
    /// Unreachable for too long.
    Lost,
    /// Missed too many offers in a row.
    Missed,
    /// No longer in the rules.
    DroppedFromRules,
    /// A supervisor's choice.
    SetBySupervisor,
    /// A supervisor logged him out.
    LoggedOut,
}

/// How a contact came to wait in a queue.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueuedBy {
    /// The entry rule of this name.
    Entry { rule: Arc<str> },
    /// A blind transfer by this agent.
    Transfer { agent: AgentId },
    /// The agent it waited for did not take it in time.
    DirectExpired { agent: AgentId },
    /// The agent who had it went away.
    AgentLost { agent: AgentId },
    /// A step of this queue moved it.
    Step { queue: QueueId, step: u32 },
    /// An exit of this queue led on.
    Exit { queue: QueueId, exit: Exit },
    /// The action of this exit could not be carried out.
    ExitFailed { exit: Exit },
    /// New rules no longer have this queue.
    QueueDropped { queue: QueueId },
    /// This agent had suspended it.
    TakenUp { agent: AgentId },
    /// Its customer asked to be called back while he waited.
    Callback { parent: ContactId },
    /// The time of a callback has come.
    CallbackDue,
    /// A supervisor moved it here.
    Moved,
    /// A supervisor gave it to this agent.
    Assigned,
    /// This agent logged out, or was logged out, and gave it back.
    HandedBack { agent: AgentId },
    /// This agent asks for somebody to consult.
    Consultation { parent: ContactId, agent: AgentId },
    /// This agent wants somebody with more authority to take it.
    Escalated { agent: AgentId, reason: Arc<str> },
    /// The leg of this agent was lost.
    LegLost { agent: AgentId },
    /// This agent gave it to a number outside, which could not be done.
    TransferFailed { agent: AgentId },
    /// It is a piece of work that names this queue.
    Work,
    /// This campaign is to call it.
    Campaign { campaign: CampaignId },
}

/// How a consultation ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultationEnd {
    /// The consultee has the customer now.
    Completed,
    /// By the agent who began it.
    Cancelled,
    Declined,
    /// The agent who was asked did not take it in time.
    NoAnswer,
    /// The consultee's leg could not be made.
    Failed,
    /// The consultee left, or the call between the two is over.
    Left,
    /// Before the consultee was there.
    CustomerLeft,
    /// Before the consultee was there.
    FirstAgentLeft,
}

/// Why a suspended contact is taken up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenUpWhy {
    /// The customer wrote.
    Reply,
    /// The time the agent chose has come.
    Due,
}

/// One agent alone may serve the visit until `until`; then it goes to the queue `behind`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DirectTo {
    pub agent: AgentId,
    pub until: Timestamp,
    pub behind: QueueId,
    /// Asked there on top of the queue's own.
    #[serde(default)]
    pub skills: Skills,
    /// Added there to the queue's own.
    #[serde(default)]
    pub priority: i32,
}

/// Whom a visit prefers, and until when it waits for him alone; None: not at all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Preference {
    pub agent: AgentId,
    pub alone_until: Option<Timestamp>,
}

/// How an offer that was not accepted ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferOutcome {
    Declined {
        reason: Option<Arc<str>>,
    },
    Expired,
    /// The contact is gone.
    Rescinded,
    Revoked {
        why: RevokedWhy,
    },
    /// The phone that was to ring with it could not be reached.
    LegFailed {
        why: LegFailure,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokedWhy {
    /// The console did not acknowledge it.
    Undelivered,
    ConsoleClosed,
    /// The agent chose not to be available.
    NotAvailable,
    GatewayAway,
    DeviceInUse,
    ServerRestarted,
    DroppedFromRules,
    /// The agent has begun to consult a colleague.
    Consulting,
}

/// The one end of a visit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitEnd {
    Answered,
    Abandoned { short: bool },
    FlowedOut,
    CallbackRequested,
    Withdrawn,
    LostByGateway,
}

impl Fact {
    /// The contact the fact is about, when it is about one.
    #[must_use]
    pub fn contact(&self) -> Option<ContactId> {
        match self {
            Fact::ContactArrived { contact, .. }
            | Fact::CallbackPromised { contact, .. }
            | Fact::CustomerAnswered { contact }
            | Fact::AttemptFailed { contact, .. }
            | Fact::CallbackProposed { contact, .. }
            | Fact::CallbackNotPlaced { contact, .. }
            | Fact::LeadPromised { contact, .. }
            | Fact::CallbackSuperseded { contact }
            | Fact::CallbackGapEnded { contact, .. }
            | Fact::ContactUpdated { contact, .. }
            | Fact::ContactQueued { contact, .. }
            | Fact::VisitChanged { contact, .. }
            | Fact::VisitWidened { contact, .. }
            | Fact::VisitPrioritised { contact, .. }
            | Fact::ConsultationBegun { contact, .. }
            | Fact::ConsultationJoined { contact, .. }
            | Fact::ConsultationEnded { contact, .. }
            | Fact::ContactHandedOver { contact, .. }
            | Fact::LegLost { contact, .. }
            | Fact::LegBack { contact, .. }
            | Fact::ExitKeyPressed { contact, .. }
            | Fact::ExitTaken { contact, .. }
            | Fact::ExitFailed { contact, .. }
            | Fact::VoicemailBegun { contact }
            | Fact::RecordingOrdered { contact, .. }
            | Fact::RecordingTold { contact, .. }
            | Fact::PreferredWaitEnded { contact, .. }
            | Fact::ContactOffered { contact, .. }
            | Fact::OfferEnded { contact, .. }
            | Fact::ContactConnecting { contact, .. }
            | Fact::ConnectFailed { contact, .. }
            | Fact::ContactConnected { contact, .. }
            | Fact::ContactHeld { contact, .. }
            | Fact::ContactUnheld { contact, .. }
            | Fact::SegmentSetAside { contact, .. }
            | Fact::SegmentTakenUp { contact, .. }
            | Fact::MessagePassed { contact, .. }
            | Fact::ContactSuspended { contact, .. }
            | Fact::ContactTakenUp { contact, .. }
            | Fact::ContactTransferred { contact, .. }
            | Fact::ContactTransferredOutside { contact, .. }
            | Fact::TransferFailed { contact, .. }
            | Fact::ContactReturned { contact, .. }
            | Fact::WrapUpStarted { contact, .. }
            | Fact::SegmentClosed { contact, .. }
            | Fact::VisitEnded { contact, .. }
            | Fact::ContactEnded { contact, .. }
            | Fact::OfferLimitReached { contact, .. }
            | Fact::OfferLimitLifted { contact, .. }
            | Fact::LeadFiled { contact, .. }
            | Fact::AttemptProposed { contact, .. }
            | Fact::AttemptCleared { contact, .. }
            | Fact::AttemptPlaced { contact, .. }
            | Fact::AttemptRefused { contact, .. }
            | Fact::AttemptEnded { contact, .. }
            | Fact::LeadReturned { contact, .. } => Some(*contact),
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
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::EndForeseen { .. } => None,
        }
    }

    /// The personal data of the fact and the contact under whose key it is sealed.
    pub fn personal_mut(&mut self) -> Option<(ContactId, &mut PersonalDetails)> {
        match self {
            Fact::ContactArrived { contact, details, .. }
            | Fact::CallbackPromised { contact, details, .. }
            | Fact::ContactUpdated { contact, details, .. }
            | Fact::ContactTransferred { contact, details, .. }
            | Fact::ContactTransferredOutside { contact, details, .. }
            | Fact::ConsultationBegun { contact, details, .. }
            | Fact::LeadFiled { contact, details, .. }
            | Fact::CallbackProposed { contact, details, .. }
            | Fact::RecordingTold { contact, details, .. }
            | Fact::SegmentClosed { contact, details, .. } => Some((*contact, details)),
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
            | Fact::CustomerAnswered { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::ContactQueued { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::TransferFailed { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::ContactOffered { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::OfferEnded { .. }
            | Fact::ContactConnecting { .. }
            | Fact::ConnectFailed { .. }
            | Fact::ContactConnected { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::VisitEnded { .. }
            | Fact::ContactEnded { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::EndForeseen { .. } => None,
        }
    }
}
