//! One queue and one contact as a supervisor looks at them: who waits, and all that happened. It never says why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attributes::Attributes;
use super::offers::Customer;
use super::recording::CallRecording;
use super::text::{Address, AgentName, ContactId, Name, QueueName};
use super::time::Time;
use super::words::{Channel, Direction, words};

/// Asks who waits in a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct QueueShow {
    /// Which queue.
    pub queue: QueueName,
}

words! {
    /// How far a visit is that has not ended.
    QueuedState {
        /// Nobody is offered it.
        Waiting,
        /// It is held out to an agent.
        Offered,
        /// Its agent's leg is being connected.
        Connecting,
    }
}

/// One contact in a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct QueuedContact {
    /// Which contact.
    pub contact: ContactId,
    /// How it is carried.
    pub channel: Channel,
    /// Which side began it.
    pub direction: Direction,
    /// In the order of service, from 1.
    pub place: u64,
    /// How far its visit is.
    pub state: QueuedState,
    /// When it came into the centre.
    pub arrived_at: Time,
    /// When it entered this queue.
    pub entered_at: Time,
    /// In steps of head start.
    pub priority: i32,
    /// To whom it is held out, or whose leg is being connected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<AgentName>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Address>,
    /// Who it is, as far as known, without the name: `contact.show` has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
}

/// Who waits in a queue now, in the order of service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct QueueShown {
    /// Which queue.
    pub queue: QueueName,
    /// The last event of the journal that is seen here.
    pub event_no: u64,
    /// The server's clock.
    pub server_time: Time,
    /// All that are in it.
    pub total: u64,
    /// At most 200 of them.
    pub contacts: Vec<QueuedContact>,
}

/// Asks what happened to a contact, from its arrival to now or to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactShow {
    /// Which contact.
    pub contact: ContactId,
}

words! {
    /// Where a contact is.
    ContactStanding {
        /// In a queue, and nobody is offered it.
        Waiting,
        /// In a queue, held out to an agent.
        Offered,
        /// Its agent's leg is being connected.
        Connecting,
        /// With an agent.
        Talking,
        /// With an agent, on hold.
        Held,
        /// With an agent who serves a more urgent one first.
        SetAside,
        /// Laid down by an agent.
        Suspended,
        /// On its way out of a queue: at a mailbox, an announcement or a number outside.
        Leaving,
        /// A callback that is not yet due.
        Promised,
        /// In nobody's hands and no queue, for a moment.
        Elsewhere,
        /// It is over.
        Ended,
    }
}

words! {
    /// What happened to a contact.
    PathWhat {
        /// It came.
        Arrived,
        /// A call to the customer was promised.
        CallbackPromised,
        /// A campaign is to call it.
        LeadFiled,
        /// A call to the customer was proposed, cleared, placed, refused, or came to nothing: `why` says which.
        Attempt,
        /// The customer answered our call.
        CustomerAnswered,
        /// More was learnt about it.
        Updated,
        /// It began to wait in a queue.
        Queued,
        /// An entry rule changed what is asked for it.
        Changed,
        /// A step widened who may serve it.
        Widened,
        /// A supervisor gave it another priority.
        Prioritised,
        /// It no longer waits for one agent alone.
        PreferredWaitEnded,
        /// It was held out to an agent.
        Offered,
        /// That offer is over.
        OfferEnded,
        /// It was offered too often in a row, and rests.
        OfferLimit,
        /// An agent accepted; the leg is being connected.
        Connecting,
        /// The leg could not be connected.
        NotConnected,
        /// Agent and customer were connected.
        Connected,
        /// The customer was put on hold.
        Held,
        /// The customer was taken off hold.
        Unheld,
        /// The agent served a more urgent contact first.
        SetAside,
        /// The agent took it up again.
        TakenUp,
        /// A message passed.
        Message,
        /// The agent laid it down.
        Suspended,
        /// It was handed on.
        Transferred,
        /// It was handed to a number outside.
        TransferredOutside,
        /// The number outside could not be reached.
        TransferFailed,
        /// The customer was handed over after a consultation.
        HandedOver,
        /// Its agent went away, or gave it back.
        Returned,
        /// A colleague was asked.
        ConsultationBegun,
        /// Customer and colleague were joined.
        ConsultationJoined,
        /// That consultation is over.
        ConsultationEnded,
        /// The agent was cut off.
        LegLost,
        /// The agent is back on the line.
        LegBack,
        /// The caller pressed a key.
        ExitKey,
        /// It left the queue by an exit.
        ExitTaken,
        /// That exit could not be carried out.
        ExitFailed,
        /// The caller speaks to voicemail.
        Voicemail,
        /// Something was asked of the gateway that records it.
        RecordingAsked,
        /// That gateway said how the recording goes on.
        RecordingTold,
        /// The agent finishes up.
        WrapUp,
        /// An agent is done with it.
        SegmentClosed,
        /// It no longer waits in that queue.
        VisitEnded,
        /// It is over.
        Ended,
        /// What this version has no word for.
        Other,
    }
}

/// One thing that happened to a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PathEvent {
    /// Its number in the journal; `why.contact` takes it when it is a decision.
    pub event: u64,
    /// When.
    pub at: Time,
    /// What.
    pub what: PathWhat,
    /// Which queue it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// Which agent it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentName>,
    /// The supervisor who ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Name>,
    /// How, or why, in one word: the cause of a wait, the outcome of an offer, who ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Name>,
    /// The entry rule that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Name>,
    /// How long the visit that ended had waited, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waited_ms: Option<u64>,
    /// Talk, hold and wrap-up of the segment that closed, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled_ms: Option<u64>,
    /// Another contact that it was about: the consultation, or the customer behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
}

/// A contact and its path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactShown {
    /// Which contact.
    pub contact: ContactId,
    /// How it is carried; absent when it is over and its arrival was never written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Which side began it; absent when it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Where it is.
    pub state: ContactStanding,
    /// The queue where it waits, or waited last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// Who has it, or is held it out to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<AgentName>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Address>,
    /// What it reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Address>,
    /// Who it is, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// What is known about it; empty once it is over.
    #[serde(default)]
    pub attributes: Attributes,
    /// Set when the call is recorded, or was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<CallRecording>,
    /// All that happened, oldest first: at most 500, the newest.
    pub path: Vec<PathEvent>,
    /// How many older ones were left out.
    pub left_out: u64,
}
