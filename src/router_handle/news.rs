//! What leaves the router for somebody: news for an agent, orders for a gateway. Knows no wire.

use std::sync::Arc;

use super::views::{AgentView, Asking, OfferView, Placing, RecordingView, SegmentView};
use crate::routing::attempt::{LeadStayEnd, NotPlaced};
use crate::routing::command::{CallFailure, Destination, Disposition, EndedBy, LegFailure};
use crate::routing::event::{AgentChange, ConsultationEnd, OfferOutcome};
use crate::routing::ids::{
    AgentId, CampaignId, ContactId, ContactRef, Endpoint, EventNo, GatewayId, OfferId, RecordingId, SegmentId,
};
use crate::routing::personal::{Address, Details};
use crate::routing::recording::{RecordingAsk, RecordingFailure};
use crate::routing::rule_set::DispositionRule;
use crate::routing::time::{Millis, Timestamp};

/// How long a message of an agent's may still be sent: a gateway that was away for a moment sends it yet.
pub const MESSAGE_LIFE: Millis = Millis::minutes(2);

/// Hears every delivery once, in the order of events, after the commit. Must not block.
pub trait Listener: Send + Sync {
    fn hear(&self, delivery: Delivery);
}

#[derive(Clone, PartialEq, Debug)]
pub enum Delivery {
    ToAgent {
        agent: AgentId,
        at: Timestamp,
        news: AgentNews,
    },
    /// A contact that nobody has in hand became this agent's, or is his no more.
    ListChanged {
        agent: AgentId,
    },
    ToGateway {
        gateway: GatewayId,
        order: Order,
    },
    /// Somebody else has written in a contact that the agent has in hand: the message of this number.
    MessageToAgent {
        agent: AgentId,
        contact: ContactId,
        no: u32,
    },
    /// To bring what an agent wrote to his customer.
    MessageToGateway {
        gateway: GatewayId,
        order: MessageOrder,
    },
    /// About an agent's own leg.
    LegToGateway {
        gateway: GatewayId,
        order: LegOrder,
    },
}

/// What changed an agent's own state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AgentChangedBy {
    /// Presence, reach or answering.
    Change(AgentChange),
    Offer,
    Contact,
    WrapUp,
    Device,
    Rules,
    ServerRestarted,
}

/// Why agent and customer did not come together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotConnected {
    /// The agent's leg could not be made.
    Agent(LegFailure),
    /// The customer who was called was not reached.
    Customer(CallFailure),
    /// The call to him was not cleared.
    NotPlaced(NotPlaced),
}

#[derive(Clone, PartialEq, Debug)]
pub enum AgentNews {
    Changed {
        view: AgentView,
        why: AgentChangedBy,
    },
    Offered(Box<OfferView>),
    OfferEnded {
        offer: OfferId,
        contact: ContactId,
        outcome: OfferOutcome,
    },
    Connecting {
        contact: ContactId,
        segment: SegmentId,
    },
    Connected {
        contact: ContactId,
        segment: SegmentId,
    },
    Held {
        contact: ContactId,
        segment: SegmentId,
    },
    Unheld {
        contact: ContactId,
        segment: SegmentId,
    },
    /// A more urgent contact goes first.
    SetAside {
        contact: ContactId,
        segment: SegmentId,
    },
    TakenUp {
        contact: ContactId,
        segment: SegmentId,
    },
    /// The agent has laid it down.
    Suspended {
        contact: ContactId,
        segment: SegmentId,
        until: Option<Timestamp>,
    },
    Transferred {
        contact: ContactId,
        segment: SegmentId,
        to: Destination,
    },
    /// To a number outside.
    TransferredOutside {
        contact: ContactId,
        segment: SegmentId,
        to: Address,
    },
    /// A call to a lead came to nothing.
    LeadNotReached {
        contact: ContactId,
        campaign: CampaignId,
        end: LeadStayEnd,
    },
    /// The recording of a call in his hands, as it is now.
    Recording {
        contact: ContactId,
        recording: RecordingView,
        why: Option<RecordingFailure>,
    },
    /// His leg is rung again.
    LegLost {
        contact: ContactId,
        segment: SegmentId,
        until: Timestamp,
    },
    LegBack {
        contact: ContactId,
        segment: SegmentId,
    },
    /// He asks somebody about a contact.
    PartyInvited {
        contact: ContactId,
        consultation: ContactId,
        to: Destination,
    },
    /// The other agent of a consultation is on the line, or in a conference.
    PartyJoined {
        contact: Option<ContactId>,
        consultation: ContactId,
        agent: AgentId,
        is_conference: bool,
    },
    PartyLeft {
        contact: Option<ContactId>,
        consultation: ContactId,
        end: ConsultationEnd,
    },
    /// The customer of whoever asked him is his now.
    TakenOver {
        segment: Box<SegmentView>,
        from: AgentId,
        consultation: ContactId,
    },
    Updated {
        contact: ContactId,
        details: Arc<Details>,
    },
    Ended {
        contact: ContactId,
        by: EndedBy,
    },
    WrapUpStarted {
        contact: ContactId,
        segment: SegmentId,
        ends_at: Timestamp,
        disposition: DispositionRule,
    },
    /// Nobody was connected, or the agent is done with it.
    SegmentClosed {
        contact: ContactId,
        segment: SegmentId,
        connected: bool,
        failure: Option<NotConnected>,
        talk: Millis,
        hold: Millis,
        wrap_up: Millis,
        disposition: Option<Disposition>,
    },
}

/// What a gateway is asked to do. Its id is the number of the event that asks for it.
#[derive(Clone, PartialEq, Debug)]
pub struct Order {
    pub order: EventNo,
    pub not_after: Timestamp,
    pub contact: ContactId,
    pub reference: ContactRef,
    pub kind: OrderKind,
}

/// To bring the message `no` of the contact to its customer. Its id is the number of the event that asks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageOrder {
    pub order: EventNo,
    pub not_after: Timestamp,
    pub contact: ContactId,
    pub reference: ContactRef,
    pub no: u32,
}

/// To bring a leg up that stays up, or to hang it up. Its id is the number of the event that asks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LegOrder {
    pub order: EventNo,
    pub not_after: Timestamp,
    pub agent: AgentId,
    pub endpoint: Endpoint,
    pub is_up: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub enum OrderKind {
    Connect {
        agent: AgentId,
        endpoint: Endpoint,
        auto_answer: bool,
        /// Who asks, when the contact is a consultation.
        asking: Option<Box<Asking>>,
    },
    /// Join the customer with whoever was asked, without the first agent.
    Complete {
        consultation: ContactRef,
        agent: AgentId,
        endpoint: Endpoint,
    },
    /// Let all three hear each other.
    Join {
        consultation: ContactRef,
        agent: AgentId,
        endpoint: Endpoint,
    },
    /// Take the agent's leg off; the customer hears music again.
    RemoveParty {
        agent: AgentId,
        endpoint: Endpoint,
    },
    /// Call a customer for an agent: the contact is not on the line.
    PlaceCall {
        to: Address,
        agent: AgentId,
        endpoint: Endpoint,
        auto_answer: bool,
        placing: Placing,
    },
    /// Give up the call that the order `of` asked for.
    CancelCall {
        of: EventNo,
    },
    Hold,
    Unhold,
    /// About the recording of a call.
    Record {
        recording: RecordingId,
        ask: RecordingAsk,
    },
    /// Take the agent's leg off; the customer's next message brings the contact back.
    Suspend,
    /// The caller hears the message of this name; done when it is over.
    Play {
        message: Arc<str>,
    },
    /// The caller leaves a message; done when he is in the mailbox. None: the gateway's own mailbox.
    Voicemail {
        mailbox: Option<Arc<str>>,
    },
    /// The caller goes to this number outside, without the agent; done when he is there.
    Transfer {
        to: Address,
    },
    /// Out of message, mailbox or transfer: the customer waits again and hears music.
    StopPlay,
    /// `by`: who ended it.
    End {
        by: EndedBy,
    },
}
