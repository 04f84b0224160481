//! Every refusal that can leave the server, as one closed list. It never repeats what was sent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::offers::OfferEnd;
use super::text::{AgentName, ContactId, CustomerId, Name, OfferId, OrderId, QueueName, Ref, SegmentId, WorkId};
use super::words::{Role, words};

/// Our own refusals share one code of JSON-RPC's server range: programs look at `data.kind`.
const APPLICATION_CODE: i32 = -32000;

words! {
    /// What kind of thing an id names.
    Subject {
        /// A contact, by its id.
        Contact,
        /// A contact, by its gateway's own name.
        Ref,
        /// An offer.
        Offer,
        /// A segment.
        Segment,
        /// An order.
        Order,
        /// A device at a gateway.
        Endpoint,
        /// A piece of work.
        Work,
    }
}

/// Why a message was refused; stable over versions, as `error.data` on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ErrorKind {
    /// The text is not JSON (code -32700).
    #[error("not JSON at line {line}, column {column}")]
    ParseError {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes.
        column: usize,
    },
    /// JSON, but not a JSON-RPC 2.0 message (code -32600).
    #[error("{field}: expected {expected}")]
    InvalidRequest {
        /// The field of the envelope; empty for the whole message.
        field: String,
        /// What was expected there.
        expected: String,
    },
    /// No message has this name (code -32601).
    #[error("unknown method {method}")]
    UnknownMethod {
        /// As it was sent, at most 64 characters of it.
        method: String,
    },
    /// A field of `params` is missing, has another type, or is out of range (code -32602).
    #[error("{field}: expected {expected}")]
    InvalidField {
        /// The path of the field inside `params`, e.g. `attributes.intent` or `contacts[3].ref`.
        field: String,
        /// What was expected there.
        expected: String,
    },
    /// A mistake of the server's own (code -32603). The message had no effect.
    #[error("internal error")]
    Internal,
    /// The first message of a session must be `session.open`.
    #[error("the session is not open")]
    NotOpen,
    /// `session.open` came a second time.
    #[error("the session is already open")]
    AlreadyOpen,
    /// The message belongs to another role.
    #[error("{method} is for another role")]
    WrongRole {
        /// The message.
        method: String,
        /// Who may send it.
        roles: Vec<Role>,
    },
    /// The token, ticket or key is unknown, used or expired.
    #[error("bad token")]
    BadToken,
    /// The role allows the message, but not on this queue, agent or contact.
    #[error("not permitted")]
    NotPermitted,
    /// The contact, offer, segment or order belongs to somebody else.
    #[error("not yours")]
    NotYours {
        /// What `id` names.
        subject: Subject,
        /// As it was sent.
        id: String,
    },
    /// No contact has this id.
    #[error("unknown contact {contact}")]
    UnknownContact {
        /// As it was sent.
        contact: ContactId,
    },
    /// The gateway has no contact of this name.
    #[error("unknown ref {ref}")]
    UnknownRef {
        /// As it was sent.
        r#ref: Ref,
    },
    /// No agent has this name.
    #[error("unknown agent {agent}")]
    UnknownAgent {
        /// As it was sent.
        agent: AgentName,
    },
    /// No queue has this name.
    #[error("unknown queue {queue}")]
    UnknownQueue {
        /// As it was sent.
        queue: QueueName,
    },
    /// No offer has this id.
    #[error("unknown offer {offer}")]
    UnknownOffer {
        /// As it was sent.
        offer: OfferId,
    },
    /// No segment has this id.
    #[error("unknown segment {segment}")]
    UnknownSegment {
        /// As it was sent.
        segment: SegmentId,
    },
    /// No order has this id.
    #[error("unknown order {order}")]
    UnknownOrder {
        /// As it was sent.
        order: OrderId,
    },
    /// No customer has this id.
    #[error("unknown customer {customer}")]
    UnknownCustomer {
        /// As it was sent.
        customer: CustomerId,
    },
    /// No piece of work has this id.
    #[error("unknown work {work}")]
    UnknownWork {
        /// As it was sent.
        work: WorkId,
    },
    /// The work is closed already.
    #[error("work {work} is closed")]
    WorkClosed {
        /// As it was sent.
        work: WorkId,
    },
    /// The agent lacks what the contact asks, is not available or has no room for it; or it is offered to nobody now.
    #[error("the contact cannot be offered to {agent} now")]
    NotToBeOffered {
        /// Who.
        agent: AgentName,
    },
    /// No campaign has this name.
    #[error("unknown campaign {campaign}")]
    UnknownCampaign {
        /// As it was sent.
        campaign: Name,
    },
    /// The campaign calls nobody now.
    #[error("the campaign {campaign} does not run")]
    CampaignNotRunning {
        /// As it was sent.
        campaign: Name,
    },
    /// None of its leads waits that this agent could call now.
    #[error("no lead of {campaign} can be called by this agent now")]
    NoLead {
        /// As it was sent.
        campaign: Name,
    },
    /// The number of the lead is in another call.
    #[error("the number of contact {contact} is in another call")]
    NumberInCall {
        /// The contact of the lead.
        contact: ContactId,
    },
    /// The gateway carries as many calls as it may.
    #[error("no line is free to call the customer of contact {contact}")]
    NoLine {
        /// The contact of the lead.
        contact: ContactId,
    },
    /// The customer is part of another one now.
    #[error("customer {customer} is part of customer {into} now")]
    CustomerMerged {
        /// As it was sent.
        customer: CustomerId,
        /// The one that it is part of.
        into: CustomerId,
    },
    /// Somebody else changed it meanwhile; nothing was changed.
    #[error("changed meanwhile: version {version}")]
    Conflict {
        /// The version that it has now.
        version: u64,
    },
    /// The contact was there and has ended.
    #[error("the contact has ended")]
    ContactEnded {
        /// The router's number of it, if that is still known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<ContactId>,
    },
    /// The offer was there and is over.
    #[error("offer {offer} is gone")]
    OfferGone {
        /// As it was sent.
        offer: OfferId,
        /// How it ended, if that is still known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<OfferEnd>,
    },
    /// The agent's phone rings with the offer: lifting it is the accept.
    #[error("offer {offer} is accepted by lifting the phone")]
    AcceptedByPhone {
        /// As it was sent.
        offer: OfferId,
    },
    /// What the message asks for does not fit the state that the contact is in.
    #[error("expected contact {contact} to be {expected}")]
    WrongState {
        /// As it was sent.
        contact: ContactId,
        /// The state in which it would have been possible.
        expected: String,
    },
    /// The agent must be logged in for this.
    #[error("agent {agent} is not logged in")]
    NotLoggedIn {
        /// Who.
        agent: AgentName,
    },
    /// The message came after its moment; nothing was changed.
    #[error("too late")]
    TooLate,
    /// The message is longer than this connection may send.
    #[error("longer than {bytes_max} bytes")]
    TooBig {
        /// The limit in bytes.
        bytes_max: u64,
    },
    /// Too many messages from this connection.
    #[error("too many messages")]
    RateLimited {
        /// When to try again, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// The server has more to do than it can take on.
    #[error("busy")]
    Busy {
        /// When to try again, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// The server cannot make anything durable at the moment.
    #[error("unavailable")]
    Unavailable {
        /// When to try again, in milliseconds from now.
        retry_after_ms: u64,
    },
}

impl ErrorKind {
    /// The JSON-RPC error code.
    #[must_use]
    pub fn code(&self) -> i32 {
        match self {
            ErrorKind::ParseError { .. } => -32700,
            ErrorKind::InvalidRequest { .. } => -32600,
            ErrorKind::UnknownMethod { .. } => -32601,
            ErrorKind::InvalidField { .. } => -32602,
            ErrorKind::Internal => -32603,
            ErrorKind::NotOpen
            | ErrorKind::AlreadyOpen
            | ErrorKind::WrongRole { .. }
            | ErrorKind::BadToken
            | ErrorKind::NotPermitted
            | ErrorKind::NotYours { .. }
            | ErrorKind::UnknownContact { .. }
            | ErrorKind::UnknownRef { .. }
            | ErrorKind::UnknownAgent { .. }
            | ErrorKind::UnknownQueue { .. }
            | ErrorKind::UnknownOffer { .. }
            | ErrorKind::UnknownSegment { .. }
            | ErrorKind::UnknownOrder { .. }
            | ErrorKind::UnknownCustomer { .. }
            | ErrorKind::UnknownWork { .. }
            | ErrorKind::WorkClosed { .. }
            | ErrorKind::NotToBeOffered { .. }
            | ErrorKind::UnknownCampaign { .. }
            | ErrorKind::CampaignNotRunning { .. }
            | ErrorKind::NoLead { .. }
            | ErrorKind::NumberInCall { .. }
            | ErrorKind::NoLine { .. }
            | ErrorKind::CustomerMerged { .. }
            | ErrorKind::Conflict { .. }
            | ErrorKind::ContactEnded { .. }
            | ErrorKind::OfferGone { .. }
            | ErrorKind::AcceptedByPhone { .. }
            | ErrorKind::WrongState { .. }
            | ErrorKind::NotLoggedIn { .. }
            | ErrorKind::TooLate
            | ErrorKind::TooBig { .. }
            | ErrorKind::RateLimited { .. }
            | ErrorKind::Busy { .. }
            | ErrorKind::Unavailable { .. } => APPLICATION_CODE,
        }
    }

    /// A field of `params` that is not as it should be.
    #[must_use]
    pub fn invalid_field(field: impl Into<String>, expected: impl Into<String>) -> Self {
        ErrorKind::InvalidField { field: field.into(), expected: expected.into() }
    }
}

/// The `error` of an answer, as JSON-RPC has it. What others send need not hold one of our kinds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorObject {
    /// Says which class of error; see [`ErrorKind::code`].
    pub code: i64,
    /// For people.
    pub message: String,
    /// For programs: an [`ErrorKind`] when it comes from us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

impl ErrorObject {
    /// What we said, when it is one of ours.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        ErrorKind::deserialize(self.data.as_ref()?).ok()
    }
}
