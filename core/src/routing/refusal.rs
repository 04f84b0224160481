//! Why the router refused a command: an everyday answer. A refused command changed nothing.

use serde::{Deserialize, Serialize};

use super::ids::{AgentId, CampaignId, ContactId, OfferId, QueueId, SegmentId};

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    #[error("no rules have been loaded yet")]
    NoRules,
    #[error("there is no agent {agent}")]
    UnknownAgent { agent: AgentId },
    #[error("there is no queue {queue}")]
    UnknownQueue { queue: QueueId },
    /// Never seen, or of another gateway, or ended more than ten minutes ago.
    #[error("there is no such contact")]
    UnknownContact,
    /// The typed "too late".
    #[error("the contact has ended")]
    ContactEnded { contact: Option<ContactId> },
    #[error("there was never such an offer to this agent")]
    UnknownOffer { offer: OfferId },
    #[error("the offer is over")]
    OfferGone { offer: OfferId },
    /// The agent's phone rings with it; lifting it is the accept.
    #[error("the offer is accepted by lifting the phone")]
    AcceptedByPhone { offer: OfferId },
    #[error("there is no such segment in wrap-up with this agent")]
    UnknownSegment { segment: SegmentId },
    #[error("the contact is not in this agent's hands")]
    NotInHand { contact: ContactId },
    #[error("expected the contact to be {expected}")]
    WrongState { contact: ContactId, expected: ContactState },
    /// The message is about an order that is no longer the current one.
    #[error("the order is over")]
    OrderGone,
    #[error("the agent is not logged in")]
    AgentNotLoggedIn { agent: AgentId },
    /// He lacks what it asks, is not available or has no room for it; or it is offered to nobody now.
    #[error("the contact cannot be offered to this agent now")]
    NotToBeOffered { agent: AgentId },
    #[error("there is no campaign {campaign}")]
    UnknownCampaign { campaign: CampaignId },
    #[error("the campaign {campaign} does not run")]
    CampaignNotRunning { campaign: CampaignId },
    #[error("no lead of {campaign} waits that this agent could call now")]
    NoLead { campaign: CampaignId },
    #[error("the lead's number is in another call")]
    NumberInCall { contact: ContactId },
    #[error("the lead's gateway carries as many calls as it may")]
    NoLine { contact: ContactId },
    #[error("{field}: expected {expected}")]
    InvalidField { field: FieldName, expected: Expected },
    #[error("the server holds as many contacts as it may")]
    Full,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    Talking,
    Held,
    Connected,
    Waiting,
    Consulting,
    NotConsulting,
    NotInConference,
    Recorded,
}

impl std::fmt::Display for ContactState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ContactState::Talking => "talking",
            ContactState::Held => "held",
            ContactState::Connected => "connected to this agent",
            ContactState::Waiting => "waiting in a queue",
            ContactState::Consulting => "on hold for a consultation",
            ContactState::NotConsulting => "without a consultation: complete, cancel or swap it",
            ContactState::NotInConference => "not in a conference",
            ContactState::Recorded => "recorded",
        })
    }
}

/// The field of a command that only the router's state shows to be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    Disposition,
    To,
    By,
    Attributes,
    Contact,
    Until,
    Queue,
    Due,
    Presence,
    How,
    Agent,
    Priority,
    Note,
    Run,
    Campaign,
    ClosesAt,
    Recording,
}

impl std::fmt::Display for FieldName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            FieldName::Disposition => "disposition",
            FieldName::To => "to",
            FieldName::By => "by",
            FieldName::Attributes => "attributes",
            FieldName::Contact => "contact",
            FieldName::Until => "until",
            FieldName::Queue => "queue",
            FieldName::Due => "due",
            FieldName::Presence => "presence",
            FieldName::How => "how",
            FieldName::Agent => "agent",
            FieldName::Priority => "priority",
            FieldName::Note => "note",
            FieldName::Run => "run",
            FieldName::Campaign => "campaign",
            FieldName::ClosesAt => "closes_at",
            FieldName::Recording => "recording",
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    ADispositionBecauseTheQueueRequiresOne,
    AnotherAgent,
    FromOneSecondToOneHour,
    FewerUpdates,
    AWrittenContact,
    AChatOrAnEmail,
    ATimeToComeWithin90Days,
    ANumberBecauseNoneIsKnown,
    AQueueThatServesCallbacks,
    AvailableOrNotReady,
    ForcedByASupervisorOnly,
    AnAgentTheCustomerMayGet,
    FromMinus1000To1000,
    ACustomersContact,
    AVoiceContact,
    AQueueWithAnEscalation,
    AnAllowedNumber,
    TheRightToTransferOutside,
    AnEmailOrATask,
    AQueueThatServesCalls,
    ARunningCampaign,
    AManualCampaign,
    ATimeToCome,
    ARecordingOfTheContact,
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Expected::ADispositionBecauseTheQueueRequiresOne => "a disposition, because the queue requires one",
            Expected::AnotherAgent => "another agent than the one who transfers",
            Expected::FromOneSecondToOneHour => "from one second to one hour",
            Expected::FewerUpdates => "at most 64 updates of one contact",
            Expected::AWrittenContact => "a chat, an email or a task",
            Expected::AChatOrAnEmail => "a chat or an email",
            Expected::ANumberBecauseNoneIsKnown => "a number, because the contact came from none",
            Expected::AQueueThatServesCallbacks => "a queue that serves callbacks",
            Expected::AvailableOrNotReady => "available or not_ready; logging out has a command of its own",
            Expected::ForcedByASupervisorOnly => "finish or hand_back; only a supervisor forces",
            Expected::AnAgentTheCustomerMayGet => "an agent whom the customer may get",
            Expected::FromMinus1000To1000 => "from -1000 to 1000",
            Expected::ACustomersContact => "a customer's contact, not a consultation",
            Expected::AVoiceContact => "a call",
            Expected::AQueueWithAnEscalation => "a contact of a queue whose rules name an escalation",
            Expected::AnEmailOrATask => "an email or a task: only these are taken from the list",
            Expected::AnAllowedNumber => "a number that begins as the site's outside_prefixes allow",
            Expected::TheRightToTransferOutside => "an agent whose rules say may_transfer_outside",
            Expected::AQueueThatServesCalls => "a queue that serves voice",
            Expected::ARunningCampaign => "a campaign that was started",
            Expected::AManualCampaign => "a campaign that is dialled by hand",
            Expected::ATimeToCome => "a time to come",
            Expected::ARecordingOfTheContact => "a recording that was ordered for this contact",
            Expected::ATimeToComeWithin90Days => "a time to come, at most 90 days from now",
        })
    }
}
