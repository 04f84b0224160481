//! The list of all messages, each once: its enum, its reader and its row in the table come from
//! it. It never says what a message does.

use super::agent::{
    CallbackSchedule, ContactDtmf, ContactSuspend, ContactTransfer, OfferAccept, OfferAccepted, OfferDecline,
    OfferReceived, OwnContact, PresenceSet, WrapUpExtend, WrapUpExtended, WrapUpFinish,
};
use super::agent_hears::{
    ContactEnded, ContactSuspended, ContactTransferred, ContactUpdated, SegmentClosed, SegmentMoment, WrapUpStarted,
};
use super::agent_state::AgentState;
use super::board::{AlertCleared, AlertRaised, BoardDelta, BoardSnapshot};
use super::consultation::{
    ConsultationOrder, ContactEscalate, ContactTakenOver, LegLost, PartyInvited, PartyJoined, PartyLeft,
};
use super::customer::{
    ContactCustomer, CustomerChange, CustomerCreate, CustomerSearch, CustomerShow, CustomerShown, CustomerStored,
    CustomersFound,
};
use super::drill_down::{ContactShow, ContactShown, QueueShow, QueueShown};
use super::encode::json;
use super::envelope::{RequestId, unknown_method};
use super::error::ErrorKind;
use super::gateway::{
    CallProgress, ContactAbandoned, ContactArrived, ContactExitKey, ContactPlace, ContactQueued, DeviceChanged,
    GatewayContactConnected, GatewayContactEnded, GatewayContactUpdated, GatewayLines, GatewayPartyLeft, Inventory,
    MessagePassed, OrderDone, OrderFailed,
};
use super::history::{HistoryShow, HistoryShown};
use super::lead::{LeadNotReached, NamedCampaign};
use super::methods::{self, Message, Method, TypeOf, Way};
use super::monitor::{
    GatewayMonitorChanged, MonitorChange, MonitorChanged, MonitorModeOrder, MonitorOrder, MonitorStart, MonitorStop,
    MonitorStopOrder,
};
use super::notice::{NoticeSend, NoticeSent};
use super::number::EventNumber;
use super::offers::{ContactOffered, OfferEnded};
use super::order::{
    AgentLegOrder, CallCancelOrder, CallPlaceOrder, ConnectOrder, ContactOrder, DtmfOrder, InventorySend, OrderAnswer,
    PlayOrder, TransferOrder, VoicemailOrder,
};
use super::own_figures::{FiguresShow, OwnFigures};
use super::params::Params;
use super::recording::{ContactRecording, GatewayRecordingState, RecordingEraseOrder, RecordingOrder};
use super::session::{
    GoingAway, Notice, Pong, SessionAck, SessionClose, SessionOpen, SessionOpened, SessionPing, SessionTakenOver,
};
use super::supervisor::BoardWatch;
use super::supervisor_commands::{
    AgentLogOut, AgentSetPresence, ContactAssign, ContactClose, ContactMove, ContactPrioritise, NamedQueue,
    PresenceLogOut,
};
use super::text::OrderId;
use super::time::Time;
use super::transfer_targets::{TransferTargets, TransferTargetsFound};
use super::why::{ContactWhy, WhyContact};
use super::why_agent::{AgentWhy, WhyAgent};
use super::words::{Nothing, Role};
use super::work::{
    WorkChanged, WorkClose, WorkCreate, WorkEscalate, WorkList, WorkNamed, WorkStored, WorkUpdate, WorkWatch,
};
use super::writing::{
    AgentTyping, ContactNote, CustomerTyping, GatewayTyping, MessageList, MessageOrder, MessageReceived, MessageSend,
    MessageSent, MessageStatusChanged, MessagesListed,
};

macro_rules! messages {
    (
        $(#[$doc:meta])*
        $enum:ident of $roles:expr => {
            $(
                $way:ident $name:literal $variant:ident($params:ty $(, $check:path)?)
                $(-> $result:ty)?, $purpose:literal;
            )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $enum { $(#[doc = $purpose] $variant($params),)+ }

        impl $enum {
            /// Their rows in the table.
            pub const METHODS: &'static [Method] = &[$(
                Method {
                    name: $name,
                    way: Way::$way,
                    roles: $roles,
                    purpose: $purpose,
                    params: TypeOf::of::<$params>(),
                    result: messages!(@result $($result)?),
                },
            )+];

            /// Reads the params of one of these messages; `None` when it is not one of them.
            ///
            /// # Errors
            /// `InvalidField` with the field that is not as it should be.
            pub fn parse(method: &str, params: Params<'_>) -> Option<Result<Self, ErrorKind>> {
                match method {
                    $($name => Some(params.read::<$params>().and_then(|params| {
                        $($check(&params)?;)?
                        Ok(Self::$variant(params))
                    })),)+
                    _ => None,
                }
            }
        }

        impl Message for $enum {
            fn method(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)+ }
            }

            fn params_text(&self) -> String {
                match self { $(Self::$variant(params) => json(params),)+ }
            }
        }
    };
    (@result) => { None };
    (@result $result:ty) => { Some(TypeOf::of::<$result>()) };
}

const EVERY_ROLE: &[Role] = &[Role::Agent, Role::Supervisor, Role::CampaignManager, Role::Admin, Role::Gateway];

messages! {
    /// What any client says.
    SessionAsk of EVERY_ROLE => {
        Ask "session.open" Open(SessionOpen) -> SessionOpened, "The first message: says what the session is for and who is there.";
        Tell "session.ack" Ack(SessionAck), "Says now and then which events have been received.";
        Ask "session.ping" Ping(SessionPing) -> Pong, "Asks whether the server is there: browsers cannot see a WebSocket's own pings.";
        Ask "session.close" Close(SessionClose) -> Nothing, "Logs out of this session.";
    }
}
messages! {
    /// What any client hears.
    SessionHears of EVERY_ROLE => {
        Event "notice" Notice(Notice), "A message for a person.";
        Push "going_away" GoingAway(GoingAway), "The server stops; says when to come back.";
        Push "session.taken_over" TakenOver(SessionTakenOver), "The same person opened a session elsewhere.";
    }
}
messages! {
    /// What an agent's console asks.
    AgentAsk of &[Role::Agent] => {
        Ask "presence.set" PresenceSet(PresenceSet) -> Nothing, "Chooses a presence; also how a not responding agent comes back.";
        Ask "offer.received" OfferReceived(OfferReceived) -> Nothing, "The console shows the offer; due within 2 s.";
        Ask "offer.accept" OfferAccept(OfferAccept) -> OfferAccepted, "Takes the contact.";
        Ask "offer.decline" OfferDecline(OfferDecline) -> Nothing, "Does not take the contact.";
        Ask "contact.hold" ContactHold(OwnContact) -> Nothing, "Puts the customer on hold.";
        Ask "contact.unhold" ContactUnhold(OwnContact) -> Nothing, "Takes the customer off hold.";
        Ask "contact.dtmf" ContactDtmf(ContactDtmf) -> Nothing, "Presses keys of a telephone; the customer's end hears them.";
        Ask "presence.log_out" PresenceLogOut(PresenceLogOut) -> Nothing, "Logs out, and says what becomes of the contacts in hand.";
        Ask "contact.transfer" ContactTransfer(ContactTransfer, ContactTransfer::check) -> Nothing, "Hands the contact on to a queue, an agent or a number outside, at once or after a word with them.";
        Ask "transfer.targets" TransferTargets(TransferTargets) -> TransferTargetsFound, "Asks where a contact may go, and who is free there.";
        Ask "transfer.complete" TransferComplete(OwnContact) -> Nothing, "Whoever was asked gets the customer.";
        Ask "transfer.cancel" TransferCancel(OwnContact) -> Nothing, "Back to the customer, without whoever was asked.";
        Ask "transfer.swap" TransferSwap(OwnContact) -> Nothing, "From the customer to whoever was asked, or back; the other is on hold.";
        Ask "conference.add" ConferenceAdd(OwnContact) -> Nothing, "Whoever was asked joins agent and customer.";
        Ask "conference.remove" ConferenceRemove(OwnContact) -> Nothing, "Takes whoever was asked out again.";
        Ask "contact.leave" ContactLeave(OwnContact) -> Nothing, "Leaves customer and whoever was asked to each other; or leaves a consultation.";
        Ask "contact.escalate" ContactEscalate(ContactEscalate) -> Nothing, "Hands the contact on to those with more authority, in its old place.";
        Ask "contact.suspend" ContactSuspend(ContactSuspend) -> Nothing, "Lays a chat, an email or a task down until the customer writes, or until a time.";
        Ask "recording.pause" RecordingPause(OwnContact) -> Nothing, "What is said from now on is not recorded.";
        Ask "recording.resume" RecordingResume(OwnContact) -> Nothing, "It is recorded again.";
        Ask "contact.end" ContactEnd(OwnContact) -> Nothing, "Ends the contact.";
        Ask "contact.take" ContactTake(OwnContact) -> Nothing, "Takes a waiting email or task from the list: an offer, and its accept.";
        Ask "contact.customer" ContactCustomer(ContactCustomer) -> Nothing, "Says whose contact it is.";
        Ask "lead.next" LeadNext(NamedCampaign) -> Nothing, "Asks for the next lead of a campaign that is dialled by hand; it comes as contact.offered.";
        Ask "callback.schedule" CallbackSchedule(CallbackSchedule, CallbackSchedule::check) -> Nothing, "Promises that the customer is called.";
        Ask "wrap_up.finish" WrapUpFinish(WrapUpFinish, WrapUpFinish::check) -> Nothing, "Ends wrap-up, with the result, a note, and a call that is promised.";
        Ask "wrap_up.extend" WrapUpExtend(WrapUpExtend) -> WrapUpExtended, "Asks for more time to finish up.";
        Ask "figures.show" FiguresShow(FiguresShow) -> OwnFigures, "Asks for the agent's own figures of the day.";
    }
}
messages! {
    /// What an agent's console hears.
    AgentHears of &[Role::Agent] => {
        Event "agent.changed" AgentChanged(AgentState), "The agent's own state, whole.";
        Event "contact.offered" ContactOffered(ContactOffered), "A contact is held out; answered at once with offer.received.";
        Event "offer.ended" OfferEnded(OfferEnded), "An offer is over.";
        Event "contact.connecting" ContactConnecting(SegmentMoment), "The agent's leg is being connected.";
        Event "contact.connected" ContactConnected(SegmentMoment), "Agent and customer are connected.";
        Event "contact.held" ContactHeld(SegmentMoment), "The customer is on hold.";
        Event "contact.unheld" ContactUnheld(SegmentMoment), "The customer is off hold.";
        Event "contact.set_aside" ContactSetAside(SegmentMoment), "The agent serves a more urgent contact first; the clock of this one stands.";
        Event "contact.taken_up" ContactTakenUp(SegmentMoment), "A contact that was set aside is in hand again.";
        Event "contact.suspended" ContactSuspended(ContactSuspended), "A contact was laid down.";
        Event "contact.recording" ContactRecording(ContactRecording), "The recording of a call in hand has changed, or is to change.";
        Event "contact.leg_lost" ContactLegLost(LegLost), "The agent's leg is gone and is rung again.";
        Event "contact.leg_back" ContactLegBack(SegmentMoment), "The agent's leg is there again.";
        Event "party.invited" PartyInvited(PartyInvited), "Somebody is asked about a contact in hand.";
        Event "party.joined" PartyJoined(PartyJoined), "Whoever was asked is on the line, or in a conference.";
        Event "party.left" PartyLeft(PartyLeft), "A consultation is over.";
        Event "contact.taken_over" ContactTakenOver(ContactTakenOver), "The agent who was asked has the customer now.";
        Event "contact.transferred" ContactTransferred(ContactTransferred), "A contact was handed on.";
        Event "contact.updated" ContactUpdated(ContactUpdated), "More is known about a contact in hand or on offer.";
        Event "contact.ended" ContactEnded(ContactEnded), "A contact in hand has ended.";
        Event "wrap_up.started" WrapUpStarted(WrapUpStarted), "There is time to finish up.";
        Event "segment.closed" SegmentClosed(SegmentClosed), "A segment is no longer in hand.";
        Event "lead.not_reached" LeadNotReached(LeadNotReached), "A call to a lead came to nothing.";
        Event "message.received" MessageReceived(MessageReceived), "A message in a contact in hand that the agent did not write himself.";
        Event "message.status" MessageStatus(MessageStatusChanged), "How far a message of the agent's is.";
        Push "contact.typing" ContactTyping(CustomerTyping), "The customer is writing.";
        Event "work.changed" WorkChanged(WorkChanged), "Something changed in the list of the agent's work, once it is watched.";
    }
}
messages! {
    /// What a supervisor's dashboard asks.
    SupervisorAsk of &[Role::Supervisor] => {
        Ask "board.watch" BoardWatch(BoardWatch) -> BoardSnapshot, "Chooses what the dashboard shows from now on.";
        Ask "agent.set_presence" AgentSetPresence(AgentSetPresence) -> Nothing, "Chooses an agent's presence.";
        Ask "agent.log_out" AgentLogOut(AgentLogOut) -> Nothing, "Logs an agent out.";
        Ask "contact.move" ContactMove(ContactMove) -> Nothing, "Moves a waiting contact to another queue.";
        Ask "contact.prioritise" ContactPrioritise(ContactPrioritise) -> Nothing, "Gives a waiting contact another priority.";
        Ask "contact.assign" ContactAssign(ContactAssign) -> Nothing, "Gives a waiting contact to one agent.";
        Ask "contact.close" ContactClose(ContactClose) -> Nothing, "Ends a contact.";
        Ask "queue.show" QueueShow(QueueShow) -> QueueShown, "Asks who waits in a queue, in the order of service.";
        Ask "queue.pause" QueuePause(NamedQueue) -> Nothing, "Nothing more of the queue is offered; its contacts keep their places.";
        Ask "queue.resume" QueueResume(NamedQueue) -> Nothing, "The queue is served again.";
        Ask "contact.show" ContactShow(ContactShow) -> ContactShown, "Asks where a contact is, and for all that happened to it.";
        Ask "history.show" HistoryShow(HistoryShow, HistoryShow::check) -> HistoryShown, "Asks for the last hours of a queue or of the centre.";
        Ask "monitor.start" MonitorStart(MonitorStart) -> Nothing, "Rings the supervisor's device and brings him on the line of a call; then monitor.changed.";
        Ask "monitor.mode" MonitorMode(MonitorChange) -> Nothing, "Lets others on the line hear him, or no longer.";
        Ask "monitor.stop" MonitorStop(MonitorStop) -> Nothing, "He leaves the line.";
        Ask "notice.send" NoticeSend(NoticeSend) -> NoticeSent, "Says something to agents who are there.";
        Ask "campaign.start" CampaignStart(NamedCampaign) -> Nothing, "Its leads are called from now on.";
        Ask "campaign.pause" CampaignPause(NamedCampaign) -> Nothing, "Nothing more of it is called; calls that are placed go on.";
        Ask "campaign.drain" CampaignDrain(NamedCampaign) -> Nothing, "It takes no more leads, and stops with the last.";
        Ask "campaign.stop" CampaignStop(NamedCampaign) -> Nothing, "It stops at once; calls that nobody has answered are given up.";
        Ask "why.contact" WhyContact(WhyContact) -> ContactWhy, "Asks why a contact still waits or has this agent, or how a past decision about it came about.";
        Ask "why.agent" WhyAgent(WhyAgent) -> AgentWhy, "Asks why an agent gets nothing now, or got nothing right before a past decision.";
    }
}
messages! {
    /// What a supervisor's dashboard hears.
    SupervisorHears of &[Role::Supervisor] => {
        Push "board.snapshot" BoardSnapshot(BoardSnapshot), "The whole board, in place of all that was shown.";
        Push "board.delta" BoardDelta(BoardDelta), "The rows that changed, at most every 100 ms.";
        Push "alert.raised" AlertRaised(AlertRaised), "A figure of a queue went over its threshold.";
        Push "alert.cleared" AlertCleared(AlertCleared), "It is back.";
        Push "monitor.changed" MonitorChanged(MonitorChanged), "How the supervisor's leg on a call goes on.";
    }
}
messages! {
    /// What agents and supervisors ask about customers.
    CustomerAsk of &[Role::Agent, Role::Supervisor] => {
        Ask "customer.show" Show(CustomerShow) -> CustomerShown, "Asks for all about one customer.";
        Ask "customer.search" Search(CustomerSearch) -> CustomersFound, "Finds customers by an address, part of a name in any script, or words of a note.";
        Ask "customer.create" Create(CustomerCreate, CustomerCreate::check) -> CustomerStored, "Adds a customer.";
        Ask "customer.change" Change(CustomerChange) -> CustomerStored, "Changes a customer, if nobody else did meanwhile.";
    }
}
messages! {
    /// What agents ask about their own and their teams' work.
    WorkAsk of &[Role::Agent] => {
        Ask "work.watch" Watch(WorkWatch) -> WorkList, "Asks for the list of what is the agent's or his teams', live from then on.";
        Ask "work.create" Create(WorkCreate) -> WorkStored, "Adds a piece of work.";
        Ask "work.take" Take(WorkNamed) -> WorkStored, "Begins it; work with a queue becomes a task in hand.";
        Ask "work.update" Update(WorkUpdate) -> WorkStored, "Changes what is written of it, if nobody else did meanwhile.";
        Ask "work.escalate" Escalate(WorkEscalate) -> WorkStored, "Hands it to a team that decides more.";
        Ask "work.close" Close(WorkClose) -> WorkStored, "It is done, or will not be.";
    }
}
messages! {
    /// What agents write: to customers, and notes.
    WritingAsk of &[Role::Agent] => {
        Ask "message.send" Send(MessageSend, MessageSend::check) -> MessageSent, "Writes to the customer of a chat or an email; message.status says what becomes of it.";
        Ask "message.list" List(MessageList) -> MessagesListed, "Asks for what was written in a contact.";
        Ask "contact.typing" Typing(OwnContact) -> Nothing, "The agent is writing to the customer.";
        Ask "contact.note" Note(ContactNote) -> Nothing, "Keeps the agent's note as far as it is written.";
    }
}
messages! {
    /// What a gateway says in passing: not answered, and lost without harm.
    GatewaySays of &[Role::Gateway] => {
        Tell "contact.typing" Typing(GatewayTyping), "The customer is writing.";
    }
}
messages! {
    /// What a gateway hears in passing.
    GatewayHears of &[Role::Gateway] => {
        Push "contact.typing" Typing(AgentTyping), "The agent is writing; for the customer to see.";
    }
}
messages! {
    /// What a gateway tells: each is a request, as its answer says that it is in the journal.
    GatewayTells of &[Role::Gateway] => {
        Ask "contact.arrived" ContactArrived(ContactArrived, ContactArrived::check) -> ContactQueued, "A contact is there and wants service.";
        Ask "contact.updated" ContactUpdated(GatewayContactUpdated) -> Nothing, "More is known about a contact.";
        Ask "contact.abandoned" ContactAbandoned(ContactAbandoned) -> Nothing, "The customer left before an agent answered.";
        Ask "contact.exit_key" ContactExitKey(ContactExitKey) -> Nothing, "A waiting caller pressed a key.";
        Ask "contact.connected" ContactConnected(GatewayContactConnected) -> Nothing, "Customer and agent are connected.";
        Ask "message.passed" MessagePassed(MessagePassed) -> Nothing, "A line of a chat, a mail or an answer to a task has passed.";
        Ask "call.progress" CallProgress(CallProgress) -> Nothing, "How a call that was to be placed goes on at the customer's end.";
        Ask "contact.ended" ContactEnded(GatewayContactEnded) -> Nothing, "A contact is over.";
        Ask "party.left" PartyLeft(GatewayPartyLeft) -> Nothing, "An agent's leg is gone, though no order said so.";
        Ask "order.done" OrderDone(OrderDone) -> Nothing, "An order has been carried out.";
        Ask "order.failed" OrderFailed(OrderFailed) -> Nothing, "An order could not be carried out.";
        Ask "monitor.changed" MonitorChanged(GatewayMonitorChanged) -> Nothing, "How a supervisor's leg goes on; it is not in the journal.";
        Ask "recording.state" RecordingState(GatewayRecordingState) -> Nothing, "How a recording goes on, after the end of its contact, too.";
        Ask "device.state" DeviceState(DeviceChanged) -> Nothing, "A device changed.";
        Ask "inventory" Inventory(Inventory, Inventory::check) -> Nothing, "A page of all that is live at the gateway.";
        Ask "gateway.lines" GatewayLines(GatewayLines, GatewayLines::check) -> Nothing, "How many calls the gateway carries at once.";
    }
}
messages! {
    /// What a gateway asks: nothing of it is in the journal.
    GatewayAsk of &[Role::Gateway] => {
        Ask "contact.place" Place(ContactPlace) -> ContactQueued, "Asks where a contact stands now, to say it to the caller.";
    }
}
messages! {
    /// What a gateway is asked to do. Its id is `o-` and the order; of a supervisor's leg, `m-` and more; of keys, `k-`; of recordings to be erased, `e-`.
    GatewayOrder of &[Role::Gateway] => {
        Order "contact.connect" ContactConnect(ConnectOrder) -> OrderAnswer, "Connects a contact with an agent's device; then contact.connected or order.failed.";
        Order "transfer.complete" TransferComplete(ConsultationOrder) -> OrderAnswer, "Joins the customer with whoever was asked, takes the first agent's leg off, and ends the consultation; then order.done or order.failed.";
        Order "conference.join" ConferenceJoin(ConsultationOrder) -> OrderAnswer, "Lets customer, first agent and whoever was asked hear each other; then order.done or order.failed.";
        Order "party.remove" PartyRemove(ConnectOrder) -> OrderAnswer, "Takes an agent's leg off; the customer hears music again.";
        Order "contact.hold" ContactHold(ContactOrder) -> OrderAnswer, "Puts the customer on hold; then order.done or order.failed.";
        Order "contact.unhold" ContactUnhold(ContactOrder) -> OrderAnswer, "Takes the customer off hold; then order.done or order.failed.";
        Order "contact.dtmf" ContactDtmf(DtmfOrder) -> OrderAnswer, "Sends the tones of telephone keys to the customer's end.";
        Order "contact.suspend" ContactSuspend(ContactOrder) -> OrderAnswer, "The agent has laid the contact down: takes his leg off; the customer's next message.passed brings it back. Then order.done or order.failed.";
        Order "contact.play" ContactPlay(PlayOrder) -> OrderAnswer, "Plays a message to the caller; order.done when it is over, or order.failed.";
        Order "contact.voicemail" ContactVoicemail(VoicemailOrder) -> OrderAnswer, "Lets the caller leave a message; order.done when he is in the mailbox, or order.failed.";
        Order "contact.transfer" ContactTransfer(TransferOrder) -> OrderAnswer, "Takes the agent's leg off and connects the caller with a number outside; order.done when it is there and the call is the gateway's alone, or order.failed.";
        Order "contact.stop_play" ContactStopPlay(ContactOrder) -> OrderAnswer, "Takes the caller out of message, mailbox or transfer: he waits again and hears music; then order.done or order.failed.";
        Order "call.place" CallPlace(CallPlaceOrder) -> OrderAnswer, "Calls a customer for an agent; then call.progress, and contact.connected or order.failed.";
        Order "call.cancel" CallCancel(CallCancelOrder) -> OrderAnswer, "Gives a call up that is being placed; then order.done or order.failed.";
        Order "recording.start" RecordingStart(RecordingOrder) -> OrderAnswer, "Records what is said in a call; then recording.state or order.failed.";
        Order "recording.pause" RecordingPause(RecordingOrder) -> OrderAnswer, "Records nothing until it is resumed; then recording.state or order.failed.";
        Order "recording.resume" RecordingResume(RecordingOrder) -> OrderAnswer, "Records again, in the same file; then recording.state or order.failed.";
        Order "recording.stop" RecordingStop(RecordingOrder) -> OrderAnswer, "Ends the recording of a call that goes on; then recording.state or order.failed.";
        Order "recording.erase" RecordingErase(RecordingEraseOrder) -> OrderAnswer, "Erases a recording, whole; then order.done or order.failed.";
        Order "agent_leg.open" AgentLegOpen(AgentLegOrder) -> OrderAnswer, "Brings the leg of an agent up who has logged in, and keeps it up between contacts: he is connected without ringing.";
        Order "agent_leg.close" AgentLegClose(AgentLegOrder) -> OrderAnswer, "Hangs the leg of an agent up who has logged out.";
        Order "monitor.start" MonitorStart(MonitorOrder) -> OrderAnswer, "Rings a supervisor's device and brings it on the line; then monitor.changed.";
        Order "monitor.mode" MonitorMode(MonitorModeOrder) -> OrderAnswer, "Lets others on the line hear it, or no longer.";
        Order "monitor.stop" MonitorStop(MonitorStopOrder) -> OrderAnswer, "Takes it off; then monitor.changed.";
        Order "message.send" MessageSend(MessageOrder) -> OrderAnswer, "Brings a message to the customer; then order.done when he has it, or order.failed.";
        Order "contact.end" ContactEnd(ContactOrder) -> OrderAnswer, "Hangs up, or gives up to call; nothing is left of the contact; then contact.ended or order.failed.";
        Order "inventory.send" InventorySend(InventorySend) -> OrderAnswer, "Asks for an inventory at once.";
    }
}

impl GatewayTells {
    /// The gateway's number of the event, and when it happened by the switch's clock.
    #[must_use]
    pub fn event(&self) -> (EventNumber, Time) {
        match self {
            GatewayTells::ContactArrived(told) => (told.event, told.occurred_at),
            GatewayTells::ContactUpdated(told) => (told.event, told.occurred_at),
            GatewayTells::ContactAbandoned(told) => (told.event, told.occurred_at),
            GatewayTells::ContactExitKey(told) => (told.event, told.occurred_at),
            GatewayTells::ContactConnected(told) => (told.event, told.occurred_at),
            GatewayTells::MessagePassed(told) => (told.event, told.occurred_at),
            GatewayTells::CallProgress(told) => (told.event, told.occurred_at),
            GatewayTells::ContactEnded(told) => (told.event, told.occurred_at),
            GatewayTells::PartyLeft(told) => (told.event, told.occurred_at),
            GatewayTells::OrderDone(told) => (told.event, told.occurred_at),
            GatewayTells::OrderFailed(told) => (told.event, told.occurred_at),
            GatewayTells::MonitorChanged(told) => (told.event, told.occurred_at),
            GatewayTells::RecordingState(told) => (told.event, told.occurred_at),
            GatewayTells::DeviceState(told) => (told.event, told.occurred_at),
            GatewayTells::Inventory(told) => (told.event, told.occurred_at),
            GatewayTells::GatewayLines(told) => (told.event, told.occurred_at),
        }
    }
}

/// A message from a client, read.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientMessage {
    /// From any client.
    Session(SessionAsk),
    /// From an agent's console.
    Agent(AgentAsk),
    /// From a supervisor's dashboard.
    Supervisor(SupervisorAsk),
    /// From an agent or a supervisor, about customers.
    Customer(CustomerAsk),
    /// From an agent, about work.
    Work(WorkAsk),
    /// From an agent, of what he writes.
    Writing(WritingAsk),
    /// From a gateway.
    Gateway(GatewayTells),
    /// From a gateway that wants to know.
    GatewayAsk(GatewayAsk),
    /// From a gateway, in passing.
    GatewaySays(GatewaySays),
}

impl ClientMessage {
    /// Reads a client's message. `roles` are those that its session holds; none before it is open.
    /// `id` is the request's: only `session.ack` goes without.
    ///
    /// # Errors
    /// `UnknownMethod`, `NotOpen`, `WrongRole`, `InvalidRequest` for a missing id, or
    /// `InvalidField` with the field that is not as it should be.
    pub fn parse(roles: &[Role], id: Option<&RequestId>, method: &str, params: Params<'_>) -> Result<Self, ErrorKind> {
        let Some(row) = find(roles, method) else {
            return Err(refuse(roles, method));
        };
        if row.way.has_id() && id.is_none() {
            return Err(ErrorKind::InvalidRequest {
                field: "id".to_owned(),
                expected: format!("an id, as {} is answered", row.name),
            });
        }
        if let Some(read) = SessionAsk::parse(method, params) {
            let message = read?;
            let is_open = matches!(message, SessionAsk::Open(_)) || !roles.is_empty();
            return if is_open { Ok(Self::Session(message)) } else { Err(ErrorKind::NotOpen) };
        }
        roles
            .iter()
            .find_map(|role| Self::parse_as(*role, method, params))
            .expect("a method in the table of a role is read by that role's enum")
    }

    fn parse_as(role: Role, method: &str, params: Params<'_>) -> Option<Result<Self, ErrorKind>> {
        match role {
            Role::Agent => AgentAsk::parse(method, params)
                .map(|read| read.map(Self::Agent))
                .or_else(|| CustomerAsk::parse(method, params).map(|read| read.map(Self::Customer)))
                .or_else(|| WorkAsk::parse(method, params).map(|read| read.map(Self::Work)))
                .or_else(|| WritingAsk::parse(method, params).map(|read| read.map(Self::Writing))),
            Role::Supervisor => SupervisorAsk::parse(method, params)
                .map(|read| read.map(Self::Supervisor))
                .or_else(|| CustomerAsk::parse(method, params).map(|read| read.map(Self::Customer))),
            Role::Gateway => GatewayTells::parse(method, params)
                .map(|read| read.map(Self::Gateway))
                .or_else(|| GatewayAsk::parse(method, params).map(|read| read.map(Self::GatewayAsk)))
                .or_else(|| GatewaySays::parse(method, params).map(|read| read.map(Self::GatewaySays))),
            Role::CampaignManager | Role::Admin => None,
        }
    }
}

fn find(roles: &[Role], method: &str) -> Option<&'static Method> {
    methods::from_clients(method)
        .find(|row| row.group() == "session" || row.roles.iter().any(|role| roles.contains(role)))
}

fn refuse(roles: &[Role], method: &str) -> ErrorKind {
    let owners: Vec<Role> = methods::from_clients(method).flat_map(|row| row.roles).copied().collect();
    if owners.is_empty() {
        unknown_method(method)
    } else if roles.is_empty() {
        ErrorKind::NotOpen
    } else {
        ErrorKind::WrongRole { method: method.to_owned(), roles: owners }
    }
}

/// A message from the server, read: for clients written in Rust.
#[derive(Debug, Clone, PartialEq)]
pub enum ServerMessage {
    /// To any client.
    Session(SessionHears),
    /// To an agent's console.
    Agent(Box<AgentHears>),
    /// To a supervisor's dashboard.
    Supervisor(SupervisorHears),
    /// To a gateway.
    Gateway(GatewayOrder),
    /// To a gateway, in passing.
    GatewayHears(GatewayHears),
}

impl ServerMessage {
    /// Reads a message of the server to a client of this role; `None` is to be ignored, as the
    /// server may be newer.
    ///
    /// # Errors
    /// `InvalidField` with the field that is not as it should be.
    pub fn parse(role: Role, method: &str, params: Params<'_>) -> Option<Result<Self, ErrorKind>> {
        if let Some(read) = SessionHears::parse(method, params) {
            return Some(read.map(Self::Session));
        }
        match role {
            Role::Agent => AgentHears::parse(method, params).map(|read| read.map(Box::new).map(Self::Agent)),
            Role::Supervisor => SupervisorHears::parse(method, params).map(|read| read.map(Self::Supervisor)),
            Role::Gateway => GatewayOrder::parse(method, params)
                .map(|read| read.map(Self::Gateway))
                .or_else(|| GatewayHears::parse(method, params).map(|read| read.map(Self::GatewayHears))),
            Role::CampaignManager | Role::Admin => None,
        }
    }
}

impl GatewayOrder {
    /// Its id, and after when it is void; none when it asks for an inventory, which may come at any time.
    #[must_use]
    pub fn id_and_not_after(&self) -> Option<(&OrderId, Time)> {
        Some(match self {
            Self::ContactConnect(order) | Self::PartyRemove(order) => (&order.order, order.not_after),
            Self::ContactHold(order)
            | Self::ContactUnhold(order)
            | Self::ContactSuspend(order)
            | Self::ContactStopPlay(order)
            | Self::ContactEnd(order) => (&order.order, order.not_after),
            Self::AgentLegOpen(order) | Self::AgentLegClose(order) => (&order.order, order.not_after),
            Self::TransferComplete(order) | Self::ConferenceJoin(order) => (&order.order, order.not_after),
            Self::CallPlace(order) => (&order.order, order.not_after),
            Self::ContactDtmf(order) => (&order.order, order.not_after),
            Self::RecordingStart(order)
            | Self::RecordingPause(order)
            | Self::RecordingResume(order)
            | Self::RecordingStop(order) => (&order.order, order.not_after),
            Self::RecordingErase(order) => (&order.order, order.not_after),
            Self::CallCancel(order) => (&order.order, order.not_after),
            Self::ContactPlay(order) => (&order.order, order.not_after),
            Self::ContactVoicemail(order) => (&order.order, order.not_after),
            Self::ContactTransfer(order) => (&order.order, order.not_after),
            Self::MonitorStart(order) => (&order.order, order.not_after),
            Self::MonitorMode(order) => (&order.order, order.not_after),
            Self::MonitorStop(order) => (&order.order, order.not_after),
            Self::MessageSend(order) => (&order.order, order.not_after),
            Self::InventorySend(_) => return None,
        })
    }
}
