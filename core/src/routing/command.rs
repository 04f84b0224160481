//! What goes into the router: one closed list of commands, each already checked for form.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attempt::NotPlaced;
use super::campaign::{CampaignRules, CampaignRun};
use super::gateway::Lines;
use super::ids::{
    AgentId, AttemptId, CallListName, CampaignId, ContactId, ContactRef, Endpoint, EventNo, GatewayId, LeadId, OfferId,
    PersonId, QueueId, RecordingId, Request, SegmentId, TeamId,
};
use super::personal::{Address, Attributes, Note, RecordingFile};
use super::recording::{RecordingFailure, RecordingState};
use super::rule_set::{Channel, ExitKey, RuleSet};
use super::skill::Skills;
use super::time::{Millis, Timestamp};

/// One thing somebody wants or tells. A repeat of what is already so changes nothing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Command {
    /// The caller's own name for it, kept in the events it causes; a repeat is recognised by it.
    #[serde(default)]
    pub request: Option<Request>,
    pub action: Action,
}

impl From<Action> for Command {
    fn from(action: Action) -> Command {
        Command { request: None, action }
    }
}

/// A text that stands in the records: all that is known of it here. No hash: a short text is found by trying.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PassedMessage {
    /// Among those of its contact, from 1.
    pub no: u32,
    pub bytes: u32,
}

/// A call that an agent promises with the end of his wrap-up; as [`Action::ScheduleCallback`].
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowUpCall {
    pub to: Option<Address>,
    pub queue: Option<QueueId>,
    pub due: Option<Timestamp>,
    pub by_me: bool,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    // the site
    ReplaceRules {
        rules: Arc<RuleSet>,
    },
    /// The server is back after `down_for`; the first command after recovery.
    Resume {
        down_for: Millis,
    },
    /// The wall clock stepped; only calendars and calling windows will read it.
    StepClock {
        by: Millis,
    },

    // a gateway, about itself and its own contacts
    AttachGateway {
        gateway: GatewayId,
    },
    DetachGateway {
        gateway: GatewayId,
    },
    ContactArrived {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        channel: Channel,
        #[serde(default)]
        direction: Direction,
        #[serde(default)]
        from: Option<Address>,
        #[serde(default)]
        to: Option<Address>,
        #[serde(default)]
        attributes: Attributes,
        /// The gateway's own number of this message, rising.
        #[serde(default)]
        event: u64,
    },
    /// Attributes learned later; those named replace those of the same name.
    ContactUpdated {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        attributes: Attributes,
        #[serde(default)]
        event: u64,
    },
    /// The customer left before anybody was connected.
    ContactAbandoned {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        #[serde(default)]
        event: u64,
    },
    /// Agent and customer hear each other. `order`: the order this answers; None: the current one.
    ContactConnected {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        #[serde(default)]
        order: Option<EventNo>,
        #[serde(default)]
        event: u64,
    },
    /// A line of a chat, a mail or an answer to a task has passed.
    MessagePassed {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        by: Speaker,
        #[serde(default)]
        event: u64,
        /// Of one whose text is in the records. It comes when that is written, perhaps long after its gateway said it: it
        /// says nothing of whether the gateway is there, and who wrote the text knows that it is new.
        #[serde(default)]
        message: Option<PassedMessage>,
    },
    /// The contact is over.
    ContactEnded {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        by: EndedBy,
        #[serde(default)]
        event: u64,
    },
    /// A waiting caller pressed a key.
    ExitKeyPressed {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        key: ExitKey,
        #[serde(default)]
        event: u64,
    },
    /// How a call that was to be placed by this order goes on, at the customer's end.
    CallProgress {
        gateway: GatewayId,
        order: EventNo,
        progress: CallProgress,
        #[serde(default)]
        event: u64,
    },
    /// The order is carried out: the announcement is over, voicemail has begun.
    OrderDone {
        gateway: GatewayId,
        order: EventNo,
        #[serde(default)]
        event: u64,
    },
    /// The agent's leg of this order could not be made, or what an exit asked could not be done.
    OrderFailed {
        gateway: GatewayId,
        order: EventNo,
        why: LegFailure,
        #[serde(default)]
        event: u64,
    },
    /// An agent's leg is gone, though nobody here said so.
    PartyLeft {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        agent: AgentId,
        #[serde(default)]
        event: u64,
    },
    /// How a recording that was ordered goes on. The last word of it may come after the end of its contact.
    RecordingTold {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        recording: RecordingId,
        state: RecordingState,
        #[serde(default)]
        file: Option<RecordingFile>,
        #[serde(default)]
        length: Option<Millis>,
        #[serde(default)]
        why: Option<RecordingFailure>,
        #[serde(default)]
        event: u64,
    },
    DeviceChanged {
        gateway: GatewayId,
        endpoint: Endpoint,
        state: DeviceState,
    },
    /// How many calls it carries at once.
    GatewayLines {
        gateway: GatewayId,
        lines: Lines,
    },
    /// All contacts with a live leg at this gateway, whole, as of `as_of`.
    Inventory {
        gateway: GatewayId,
        as_of: Timestamp,
        contacts: Vec<InventoryContact>,
    },

    /// A piece of work of the gateway's becomes a contact of channel `task`, in the queue that it names.
    OpenTask {
        gateway: GatewayId,
        #[serde(rename = "ref")]
        reference: ContactRef,
        queue: QueueId,
        /// Offered to this agent and accepted by him at once, whoever else waits; refused when he may not have it.
        #[serde(default)]
        taken_by: Option<AgentId>,
        #[serde(default)]
        attributes: Attributes,
        /// The gateway's own number of this message, rising.
        #[serde(default)]
        event: u64,
    },

    // an agent, about himself and what is in his hands
    OpenConsole {
        agent: AgentId,
    },
    CloseConsole {
        agent: AgentId,
    },
    SetPresence {
        agent: AgentId,
        presence: Presence,
        #[serde(default)]
        when: PresenceWhen,
    },
    AcknowledgeOffer {
        agent: AgentId,
        offer: OfferId,
    },
    AcceptOffer {
        agent: AgentId,
        offer: OfferId,
    },
    /// A waiting email or task that he chose from the list himself: an offer, and its accept.
    TakeContact {
        agent: AgentId,
        contact: ContactId,
    },
    DeclineOffer {
        agent: AgentId,
        offer: OfferId,
        #[serde(default)]
        reason: Option<Arc<str>>,
    },
    HoldContact {
        agent: AgentId,
        contact: ContactId,
    },
    UnholdContact {
        agent: AgentId,
        contact: ContactId,
    },
    /// A blind transfer. `attributes`, here and in the next three: what the agent adds to the contact's own.
    TransferContact {
        agent: AgentId,
        contact: ContactId,
        to: Destination,
        #[serde(default)]
        note: Option<Note>,
        #[serde(default)]
        attributes: Attributes,
    },
    /// A call goes to a number that is not ours, and is over here.
    TransferOutside {
        agent: AgentId,
        contact: ContactId,
        /// In E.164.
        to: Address,
        #[serde(default)]
        note: Option<Note>,
        #[serde(default)]
        attributes: Attributes,
    },
    /// Asks a colleague, or somebody of a queue, while the customer is on hold.
    Consult {
        agent: AgentId,
        contact: ContactId,
        to: Destination,
        #[serde(default)]
        note: Option<Note>,
        #[serde(default)]
        attributes: Attributes,
    },
    /// The consultee gets the customer. `contact`, here and in the next three: the customer's.
    CompleteConsultation {
        agent: AgentId,
        contact: ContactId,
    },
    /// Back to the customer, without the consultee.
    CancelConsultation {
        agent: AgentId,
        contact: ContactId,
    },
    /// From the consultee to the customer, or back; the other is on hold.
    SwapConsultation {
        agent: AgentId,
        contact: ContactId,
    },
    /// All three hear each other.
    JoinConference {
        agent: AgentId,
        contact: ContactId,
    },
    /// Leaves customer and consultee to each other, or leaves a consultation.
    LeaveContact {
        agent: AgentId,
        contact: ContactId,
    },
    /// To the queue that the contact's own queue names for it.
    EscalateContact {
        agent: AgentId,
        contact: ContactId,
        reason: Arc<str>,
        #[serde(default)]
        note: Option<Note>,
        #[serde(default)]
        attributes: Attributes,
    },
    /// What is said from now on is not recorded, until he resumes it or gives the call away.
    PauseRecording {
        agent: AgentId,
        contact: ContactId,
    },
    ResumeRecording {
        agent: AgentId,
        contact: ContactId,
    },
    /// He writes to the customer of a chat or an email that is in his hands; the text is in the records.
    SendMessage {
        agent: AgentId,
        contact: ContactId,
        message: PassedMessage,
    },
    /// A written contact is laid down until the customer writes again, or until `until`.
    SuspendContact {
        agent: AgentId,
        contact: ContactId,
        #[serde(default)]
        until: Option<Timestamp>,
    },
    EndContact {
        agent: AgentId,
        contact: ContactId,
    },
    /// The customer of a contact in hand, or just closed, is to be called.
    ScheduleCallback {
        agent: AgentId,
        contact: ContactId,
        /// The number to call; None: that he came from.
        #[serde(default)]
        to: Option<Address>,
        /// None: the queue the contact was answered from.
        #[serde(default)]
        queue: Option<QueueId>,
        /// None: as soon as somebody is free.
        #[serde(default)]
        due: Option<Timestamp>,
        /// By this agent, if he is there when it is due.
        #[serde(default)]
        by_me: bool,
    },
    ExtendWrapUp {
        agent: AgentId,
        segment: SegmentId,
        by: Millis,
    },
    FinishWrapUp {
        agent: AgentId,
        segment: SegmentId,
        #[serde(default)]
        disposition: Option<Disposition>,
        #[serde(default)]
        note: Option<Note>,
        /// The customer is to be called: both are done or neither.
        #[serde(default)]
        callback: Option<FollowUpCall>,
    },
    /// `by` None: the agent himself.
    LogOut {
        #[serde(default)]
        by: Option<PersonId>,
        agent: AgentId,
        #[serde(default)]
        how: LogOutHow,
    },

    // a supervisor, about any agent, contact or queue
    SetPresenceOf {
        by: PersonId,
        agent: AgentId,
        presence: Presence,
        #[serde(default)]
        when: PresenceWhen,
    },
    /// To another queue, in the same place.
    MoveContact {
        by: PersonId,
        contact: ContactId,
        queue: QueueId,
    },
    PrioritiseContact {
        by: PersonId,
        contact: ContactId,
        /// Steps of head start, in all.
        priority: i32,
    },
    /// To this agent alone for a while.
    AssignContact {
        by: PersonId,
        contact: ContactId,
        agent: AgentId,
    },
    /// Ends it, wherever it is.
    CloseContact {
        by: PersonId,
        contact: ContactId,
    },
    /// Nothing more of it is offered until it is resumed.
    PauseQueue {
        by: PersonId,
        queue: QueueId,
    },
    ResumeQueue {
        by: PersonId,
        queue: QueueId,
    },

    // campaigns, by whoever runs them
    SetCampaign {
        by: PersonId,
        campaign: CampaignId,
        rules: Arc<CampaignRules>,
    },
    RunCampaign {
        by: PersonId,
        campaign: CampaignId,
        run: CampaignRun,
    },

    // the campaigns' own part: leads as they are due, and whether a call may be placed
    FileLead {
        campaign: CampaignId,
        list: CallListName,
        lead: LeadId,
        /// In E.164.
        to: Address,
        #[serde(default)]
        attributes: Attributes,
        /// Asked on top of the queue's own.
        #[serde(default)]
        skills: Skills,
        /// Only he gets it, or for `alone_for` he before all others.
        #[serde(default)]
        agent: Option<AgentId>,
        #[serde(default)]
        alone_for: Option<Millis>,
        /// Only its agents get it.
        #[serde(default)]
        team: Option<TeamId>,
        /// Not called from then on.
        #[serde(default)]
        closes_at: Option<Timestamp>,
    },
    /// Not called any more; a call that is proposed or placed goes on.
    WithdrawLead {
        campaign: CampaignId,
        lead: LeadId,
    },
    ClearAttempt {
        attempt: AttemptId,
    },
    RefuseAttempt {
        attempt: AttemptId,
        why: NotPlaced,
        /// When it may be placed; None: waiting does not help, or nobody knows.
        until: Option<Timestamp>,
    },
    /// An agent asks for the next lead of a campaign that is dialled by hand.
    TakeLead {
        agent: AgentId,
        campaign: CampaignId,
    },
}

impl Action {
    /// The supervisor who orders it.
    #[must_use]
    pub fn by(&self) -> Option<&PersonId> {
        match self {
            Action::LogOut { by, .. } => by.as_ref(),
            Action::SetPresenceOf { by, .. }
            | Action::MoveContact { by, .. }
            | Action::PrioritiseContact { by, .. }
            | Action::AssignContact { by, .. }
            | Action::CloseContact { by, .. }
            | Action::PauseQueue { by, .. }
            | Action::ResumeQueue { by, .. }
            | Action::SetCampaign { by, .. }
            | Action::RunCampaign { by, .. } => Some(by),
            Action::ReplaceRules { .. }
            | Action::Resume { .. }
            | Action::StepClock { .. }
            | Action::AttachGateway { .. }
            | Action::DetachGateway { .. }
            | Action::ContactArrived { .. }
            | Action::ContactUpdated { .. }
            | Action::ContactAbandoned { .. }
            | Action::ContactConnected { .. }
            | Action::MessagePassed { .. }
            | Action::ContactEnded { .. }
            | Action::ExitKeyPressed { .. }
            | Action::CallProgress { .. }
            | Action::OrderDone { .. }
            | Action::OrderFailed { .. }
            | Action::PartyLeft { .. }
            | Action::RecordingTold { .. }
            | Action::DeviceChanged { .. }
            | Action::GatewayLines { .. }
            | Action::Inventory { .. }
            | Action::OpenTask { .. }
            | Action::TakeContact { .. }
            | Action::OpenConsole { .. }
            | Action::CloseConsole { .. }
            | Action::SetPresence { .. }
            | Action::AcknowledgeOffer { .. }
            | Action::AcceptOffer { .. }
            | Action::DeclineOffer { .. }
            | Action::HoldContact { .. }
            | Action::UnholdContact { .. }
            | Action::PauseRecording { .. }
            | Action::ResumeRecording { .. }
            | Action::TransferContact { .. }
            | Action::TransferOutside { .. }
            | Action::Consult { .. }
            | Action::CompleteConsultation { .. }
            | Action::CancelConsultation { .. }
            | Action::SwapConsultation { .. }
            | Action::JoinConference { .. }
            | Action::LeaveContact { .. }
            | Action::EscalateContact { .. }
            | Action::SuspendContact { .. }
            | Action::SendMessage { .. }
            | Action::EndContact { .. }
            | Action::ScheduleCallback { .. }
            | Action::ExtendWrapUp { .. }
            | Action::FinishWrapUp { .. }
            | Action::FileLead { .. }
            | Action::WithdrawLead { .. }
            | Action::ClearAttempt { .. }
            | Action::RefuseAttempt { .. }
            | Action::TakeLead { .. } => None,
        }
    }
}

/// What becomes of the contacts in the hands of an agent who is logged out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogOutHow {
    /// He finishes them, and gets no others.
    #[default]
    Finish,
    /// Chats, mails and tasks go back to their queues; he finishes his call.
    HandBack,
    /// All go back at once, and he is out.
    Force,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    #[default]
    Inbound,
    Outbound,
    /// Between two agents.
    Internal,
}

/// What the agent chose. Independent of what he does at the moment (`Activity`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    #[default]
    Offline,
    Available,
    NotReady {
        reason: Arc<str>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceWhen {
    #[default]
    Now,
    /// At the end of the last wrap-up; no new offers until then.
    AfterContact,
}

/// Whose message it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    Customer,
    Agent,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    Customer,
    Agent,
    Gateway,
    /// The router itself: closed by a rule.
    Router,
    /// The gateway went away or no longer knows the contact.
    LostByGateway,
    Supervisor,
    /// A consultation whose consultee has the customer now.
    Transfer,
}

/// Why an agent's leg could not be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegFailure {
    Busy,
    NoAnswer,
    Unregistered,
    Rejected,
    Failed,
    /// The gateway answered nothing within `connect_within`.
    TimedOut,
    /// The agent was logged out meanwhile.
    CalledOff,
}

/// What became of the customer's leg of a placed call.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallProgress {
    Ringing,
    Answered,
    Failed { why: CallFailure },
}

/// Why a customer was not reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallFailure {
    Busy,
    NoAnswer,
    Rejected,
    /// A machine answered.
    Machine,
    Fax,
    /// There is no such number.
    InvalidNumber,
    /// There was such a number.
    Disconnected,
    /// The network was full.
    Congestion,
    /// The network refused it.
    Failed,
    /// The gateway said nothing in time: his phone may ring on.
    TimedOut,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    Unregistered,
    #[default]
    Idle,
    /// In a call that is not ours.
    InUse,
    Ringing,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct InventoryContact {
    #[serde(rename = "ref")]
    pub reference: ContactRef,
    pub channel: Channel,
    #[serde(default)]
    pub from: Option<Address>,
    #[serde(default)]
    pub to: Option<Address>,
    #[serde(default)]
    pub attributes: Attributes,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    Queue(QueueId),
    Agent(AgentId),
}

/// The coded result an agent gives a segment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Disposition(pub Arc<str>);
