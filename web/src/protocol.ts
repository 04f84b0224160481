// Made from wire/src/protocol by `USHER_WRITE_GENERATED=1 cargo test --package usher-wire`; edit it there.

/** What the server numbers within a session: `seq` rises by 1 with each. */
export type Numbered<T> = T & { seq: number };

/** How an offer is taken. */
export type AcceptMode = "manual" | "auto" | "by_phone";

/** What the engine derives from what the agent has in hand. */
export type Activity = "idle" | "offered" | "busy" | "wrap_up" | "not_responding" | "unreachable";

/** Where a contact came from or what it reached: E.164 for voice and callbacks, otherwise what the channel uses. */
export type Address = string;

/** What an address is of. */
export type AddressKind = "phone" | "email" | "handle" | "external";

/** What made an agent's state change. */
export type AgentChange = "chosen" | "after_contact" | "console_opened" | "console_closed" | "heard_from" | "offer_undelivered" | "grace_over" | "lost" | "missed" | "dropped_from_rules" | "set_by_supervisor" | "logged_out" | "offer" | "contact" | "wrap_up" | "device" | "rules" | "server_restarted";

/** Whether contacts of one channel can be offered to the agent now. */
export type AgentChannel = {
/** Which channel. */
channel: Channel,
/** Whether an offer may come. */
routable: boolean,
/** What stands in the way, if it is neither presence nor capacity. */
hold?: HoldReason | null, };

/** An agent to whom contacts may be handed on. */
export type AgentChoice = {
/** Which agent. */
agent: AgentName,
/** What the agent is called. */
name: PersonName, };

/** A leg that stays up. */
export type AgentLeg = {
/** Whose. */
agent: AgentName,
/** His device. */
endpoint: Endpoint, };

/** A leg of an agent whose phone stays up: open it, ringing his device once, or hang it up; then say `order.done` or `order.failed`. What is so already is done. Every gateway is told; one that does not have the device says `order.failed` with `unregistered`, or nothing. */
export type AgentLegOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Whose. */
agent: AgentName,
/** His device. */
endpoint: Endpoint, };

/** The agent is logged out. */
export type AgentLogOut = {
/** Whom. */
agent: AgentName,
/** What becomes of what he has in hand; `finish` if left out. */
how: LogOutHow, };

/** An agent, as the rules name him. */
export type AgentName = string;

/** One agent, seen from a contact. */
export type AgentOfContactWhy = {
/** Who. */
agent: AgentName,
/** What stands between. */
between: BetweenWhy,
/** When nothing does: his value for each entry of `select`; smaller is better. Of a draw, the upper 53 bits. */
values?: Array<number>, };

/** The agent's presence from now on: `available` or `not_ready`. */
export type AgentSetPresence = {
/** Whose. */
agent: AgentName,
/** What the supervisor chooses. */
presence: Presence,
/** Why `not_ready`, in the centre's words. */
reason?: Name | null,
/** When it begins to count; `now` if left out. */
when: PresenceWhen, };

/** All that an agent's console shows. */
export type AgentSnapshot = {
/** What the agent is called. */
name: PersonName,
/** The agent's own state. */
agent: AgentState,
/** Offers that are open. */
offers: Array<ContactOffered>,
/** What the agent has in hand, wrap-ups included. */
segments: Array<SegmentInHand>,
/** What the agent asks of a colleague. */
consulting?: Consulting | null,
/** Where contacts may be handed on to. */
queues: Array<QueueChoice>,
/** To whom contacts may be handed on: the first 100 by name. `transfer.targets` finds all. */
agents: Array<AgentChoice>,
/** What the centre's agents choose from when they are not ready; empty: each writes his own. */
not_ready_reasons?: Array<Name>,
/** What they choose from when they finish up; a lead's campaign has its own. */
dispositions?: Array<Name>,
/** Campaigns that run and are dialled by hand: `lead.next` asks for their leads. */
campaigns?: Array<Name>, };

/** The agent's own state. */
export type AgentState = {
/** Who. */
agent: AgentName,
/** What was chosen. */
presence: Presence,
/** Why `not_ready`. */
reason?: Name | null,
/** What was chosen and does not count yet. */
next?: NextPresence | null,
/** What the agent is doing. */
activity: Activity,
/** Since when presence and activity are as they are. */
since: Time,
/** When the activity ends by itself. */
until?: Time | null,
/** What made it change. */
why: AgentChange,
/** Each channel that the agent serves. */
channels: Array<AgentChannel>, };

/** The agent is writing. Not to be answered, and lost without harm. */
export type AgentTyping = {
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref, };

/** Why an agent gets what he gets. */
export type AgentWhy = {
/** Which agent. */
agent: AgentName,
/** At which moment. */
at: Time,
/** What the agent is called. */
name: PersonName,
/** False: the rules no longer name him. */
in_rules: boolean,
/** What was chosen. */
presence: Presence,
/** Why `not_ready`. */
reason?: Name | null,
/** What was chosen for after the last contact. */
next?: Presence | null,
/** Whether his console is there. */
reach: WhyReach,
/** When that changes by itself. */
reach_until?: Time | null,
/** False: he missed too many offers and has not said that he is back. */
responding: boolean,
/** He rests after a failed offer or leg. */
back_off_until?: Time | null,
/** His phone. */
device: DeviceState,
/** His idle time counts from then. */
idle_since: Time,
/** Units of capacity in use. */
used: number,
/** Units of capacity in all. */
total: number,
/** What he has in hand. */
in_hand: Array<InHandWhy>,
/** What keeps him from each channel. */
channels: Array<ChannelWhy>,
/** Those who wait and whose requirement he meets, in the order of service: the first 20. */
waiting: Array<ContactOfAgentWhy>,
/** How many there are. */
waiting_in_all: number, };

/** A figure that is over its threshold. */
export type Alert = {
/** Of which queue; one queue and one figure have one alert at a time. */
queue: QueueName,
/** Which figure. */
measure: AlertMeasure,
/** What it was when it was looked at. */
value: number,
/** What the rules set, or what always holds. */
threshold: number,
/** Since when it stands. */
since: Time, };

/** The figure is back, and was for ten seconds. */
export type AlertCleared = {
/** Of which queue. */
queue: QueueName,
/** Which figure. */
measure: AlertMeasure,
/** When. */
at: Time, };

/** Which figure of a queue is over its threshold. */
export type AlertMeasure = "waiting" | "longest_wait" | "service_level" | "abandonment" | "agents_available" | "not_recorded";

/** A figure went over its threshold. */
export type AlertRaised = {
/** The alert. */
alert: Alert, };

/** The contact behind a consultation, for whoever is asked. */
export type AskedBy = {
/** Who asks. */
agent: AgentName,
/** The customer's contact; absent once the customer has left. */
contact?: ContactId | null, };

/** What became of a call to a lead. */
export type AttemptEnd = "answered" | "no_answer" | "busy" | "rejected" | "machine" | "machine_message_left" | "fax" | "invalid_number" | "disconnected" | "congestion" | "carrier_error" | "dropped" | "customer_hung_up_early" | "unknown";

/** Free data about a contact, for rules and the screen pop: an object of at most 64 keys (1 to 64 characters each), 8 levels and 8 KiB as JSON text; no NUL character in it. */
export type Attributes = { [key: string]: unknown };

/** Proof of who is there: exactly one of these. */
export type Auth = { "ticket": Secret } | { "token": Secret } | { "key": Secret };

/** What stands between an agent and a contact, or all contacts of a channel. */
export type BetweenWhy = {
/** What kind of thing. */
what: WhyBetween,
/** What he lacks. */
missing?: WhyMissing | null,
/** The skill he lacks. */
skill?: Name | null,
/** The level that is asked. */
level_asked?: number | null,
/** The level he has; absent when he lacks the skill. */
level_has?: number | null,
/** The queue whose condition does not hold of him. */
queue?: QueueName | null,
/** The agent who is waited for alone. */
agent?: AgentName | null,
/** Why he is not there. */
away?: WhyAway | null,
/** The reason he gave. */
reason?: Name | null,
/** The contact he has in hand, or on offer. */
contact?: ContactId | null,
/** Which hold. */
hold?: HoldReason | null,
/** When it ends by itself. */
until?: Time | null,
/** Other contacts of his would have to wait for it. */
sets_aside?: boolean, };

/** One agent now, and his work since `counted_since`. */
export type BoardAgent = {
/** Which agent. */
agent: AgentName,
/** What the agent is called. */
name: PersonName,
/** What was chosen. */
presence: Presence,
/** Why `not_ready`. */
reason?: Name | null,
/** What the agent is doing. */
activity: Activity,
/** Since when presence and activity are as they are. */
since: Time,
/** What the agent has in hand, wrap-ups included. */
contacts: Array<BoardContact>,
/** Segments closed. */
handled: number,
/** Time with at least one segment ÷ (that + idle while available), from 0 to 1; null when that divides by 0. */
occupancy: number | null, };

/** One contact that an agent has in hand. */
export type BoardContact = {
/** Which contact. */
contact: ContactId,
/** Where it waited. */
queue: QueueName,
/** How it is carried. */
channel: Channel,
/** How far the agent's part is. */
state: SegmentState,
/** Since when. */
since: Time, };

/** What changed on the board since the last snapshot or delta, at most every 100 ms. */
export type BoardDelta = {
/** The last event of the journal that is counted in. A delta that is not newer than what is shown is to be ignored. */
event_no: number,
/** The server's clock. */
server_time: Time,
/** Whole rows that changed or are new. */
queues: Array<BoardQueue>,
/** Whole rows that changed or are new. */
agents: Array<BoardAgent>,
/** Rows that are gone. */
queues_gone?: Array<QueueName>,
/** Rows that are gone. */
agents_gone?: Array<AgentName>, };

/** One queue now, and its visits since `counted_since`. Always: carried_in + entered = answered + abandoned + flowed_out + callbacks + withdrawn + lost + those still there (waiting + offered + connecting). */
export type BoardQueue = {
/** Which queue. */
queue: QueueName,
/** A supervisor paused it: nothing of it is offered. */
paused: boolean,
/** Visits that wait and are not offered. */
waiting: number,
/** Visits that are offered to an agent. */
offered: number,
/** Visits whose agent's leg is being connected. */
connecting: number,
/** When the oldest visit entered that is not yet answered; null when there is none. */
longest_waiting_since: Time | null,
/** The age of that visit at `server_time`, in milliseconds; 0 when there is none. */
longest_wait_ms: number,
/** How long somebody who came when the row last changed would have to wait; absent while nothing is known, and for an agent's own queue. */
estimated_wait?: EstimatedWait | null,
/** Visits that were there at `counted_since`. */
carried_in: number,
/** Visits that came in. */
entered: number,
/** Visits that were connected to an agent. */
answered: number,
/** Of these, those within the queue's target. */
answered_within: number,
/** Visits whose customer left. */
abandoned: number,
/** Of these, those who left sooner than the queue's threshold. */
short_abandoned: number,
/** Visits that went elsewhere by rule or transfer. */
flowed_out: number,
/** Visits that ended with the wish to be called back. */
callbacks: number,
/** Visits that we ended. */
withdrawn: number,
/** Visits that the gateway lost. */
lost: number,
/** answered_within ÷ (answered + abandoned − short_abandoned), from 0 to 1; null when that divides by 0. */
service_level: number | null,
/** abandoned ÷ all visits that ended, from 0 to 1; null when that divides by 0. */
abandonment: number | null,
/** Average wait of the answered, in milliseconds; null when none was. */
asa_ms: number | null,
/** Share of contacts that should be answered within `target_within_ms`. */
target_share?: number | null,
/** The x of "answered within x". */
target_within_ms?: number | null,
/** Average of talk, hold and wrap-up over closed segments, in milliseconds; null when none was closed. */
aht_ms: number | null,
/** Agents who could serve this queue and are `available`, whatever they have in hand. */
agents_available: number,
/** Of these, those with nothing in hand. */
agents_idle: number,
/** Agents who could serve this queue and have a contact in hand. */
agents_busy: number,
/** Of those who could serve it: an offer is open. */
agents_offered: number,
/** Of those who could serve it: finishing up. */
agents_wrap_up: number,
/** Of those who could serve it: at work, but not for contacts, with nothing in hand. */
agents_not_ready: number,
/** Of those who could serve it: missed too many offers. */
agents_not_responding: number,
/** Of those who could serve it: the console has gone. */
agents_unreachable: number, };

/** The whole board, as far as it is watched. */
export type BoardSnapshot = {
/** The last event of the journal that is counted in. */
event_no: number,
/** The server's clock. */
server_time: Time,
/** From when on visits and segments are counted. */
counted_since: Time,
/** Every watched queue. */
queues: Array<BoardQueue>,
/** Every watched agent. */
agents: Array<BoardAgent>,
/** The alerts of watched queues that stand. */
alerts: Array<Alert>, };

/** What the dashboard shows from now on; it replaces what was watched before. */
export type BoardWatch = {
/** Which queues; all that are in scope if left out, none if empty. */
queues?: Array<QueueName> | null,
/** Which agents; all that are in scope if left out, none if empty. */
agents?: Array<AgentName> | null, };

/** Give a call up that is being placed, both its legs, then say `order.done`. A customer who has answered meanwhile is kept: say `order.failed`. */
export type CallCancelOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** Its name at the gateway. */
ref: Ref,
/** The order that asked for the call. */
of: OrderId, };

/** Why a customer could not be called. */
export type CallFailure = "busy" | "no_answer" | "rejected" | "machine" | "fax" | "invalid_number" | "disconnected" | "congestion" | "failed" | "timed_out";

/** Call a customer for an agent: say `call.progress` of the customer's end, and `contact.connected` when they hear each other or `order.failed` when the agent's device cannot be reached. The call's contact is the server's own, under the `ref` given here. */
export type CallPlaceOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The name that the contact has at the gateway from now on: the server made it. */
ref: Ref,
/** The customer's number, in E.164. */
to: Address,
/** For whom. */
agent: AgentName,
/** His device. */
endpoint: Endpoint,
/** The device answers by itself: its agent has accepted at his console. */
auto_answer?: boolean,
/** Whose phone rings first. */
first: FirstCalled,
/** How long the customer's phone rings, in milliseconds; then `no_answer`. */
ring_for_ms: number,
/** The number that the customer is shown; absent: the gateway's own. */
caller_id?: Address | null, };

/** How a call goes on that was ordered by `call.place`. That the agent and the customer hear each other is said by `contact.connected`; that the agent's leg could not be made, by `order.failed`. */
export type CallProgress = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The order that asked for the call. */
order: OrderId,
/** What happened. */
progress: CallProgressed, };

/** How the customer's end of a placed call goes on. After all but the first two, the call is over. */
export type CallProgressed = "ringing" | "answered" | "busy" | "no_answer" | "rejected" | "machine" | "fax" | "invalid_number" | "disconnected" | "congestion" | "failed";

/** The recording of a call, for who has it in hand or looks at it. */
export type CallRecording = {
/** What was asked last. */
should_be: RecordingShouldBe,
/** What the gateway said last; absent while it has said nothing. */
is?: RecordingState | null, };

/** The customer of a contact in hand or in wrap-up is to be called. */
export type CallbackSchedule = {
/** Which contact. */
contact: ContactId,
/** The number to call, in E.164; that which the contact came from if left out. A lead that a campaign called is called
 * again by its campaign when neither this nor a queue is said. */
to?: Address | null,
/** Where the call waits for an agent; the queue that the contact was answered from if left out. */
queue?: QueueName | null,
/** When, at most 90 days from now; as soon as somebody is free if left out. */
due?: Time | null,
/** Whether this agent makes the call himself, if he is there by then. */
by_me: boolean, };

/** How a contact is carried. */
export type Channel = "voice" | "chat" | "email" | "callback" | "task";

/** What keeps an agent from every contact of a channel. */
export type ChannelWhy = {
/** Which channel. */
channel: Channel,
/** What stands between. */
between: BetweenWhy, };

/** Connect the contact with the agent's device, then say `contact.connected` or `order.failed`. With an offer that is accepted by phone the device rings until it is lifted, until `party.remove`, or until `not_after`; several may ring for one contact, and the first that is lifted has it. */
export type ConnectOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** Whose device. */
agent: AgentName,
/** The device. */
endpoint: Endpoint,
/** The device answers by itself: its agent has accepted at his console. */
auto_answer?: boolean,
/** Set when the contact is a consultation: the device is connected with the leg of the agent who asks. */
consultation?: GatewayConsultation | null, };

/** Whether the customer may be contacted at an address. */
export type Consent = "unknown" | "yes" | "no";

/** Do something with a contact and the consultation about it, then say `order.done` or `order.failed`. */
export type ConsultationOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** The customer's contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** The name of the consultation at the gateway: the server made it. */
consultation: Ref,
/** Who was asked. */
agent: AgentName,
/** His device. */
endpoint: Endpoint, };

/** What this agent asks of a colleague at the moment. */
export type Consulting = {
/** The customer's contact; absent once the customer has left. */
contact?: ContactId | null,
/** The consultation. */
consultation: ContactId,
/** The agent who was asked, once he is on the line. */
agent?: AgentName | null,
/** What he is then. */
role: PartyRole, };

/** The customer left before an agent answered. */
export type ContactAbandoned = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The gateway's own name for the contact. */
ref: Ref, };

/** A contact is there and wants service. The answer means that it is in the journal. */
export type ContactArrived = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The gateway's own name for the contact. */
ref: Ref,
/** How it is carried. */
channel: Channel,
/** Which side began it; `inbound` if left out. */
direction: Direction,
/** Where it came from, if known: E.164 for voice and callbacks. */
from?: Address | null,
/** What it reached: E.164 for voice and callbacks. */
to?: Address | null,
/** What the gateway knows about it. */
attributes: Attributes, };

/** A waiting contact goes to this agent alone for a while; then to its queue again. */
export type ContactAssign = {
/** Which contact. */
contact: ContactId,
/** To whom. */
agent: AgentName, };

/** Ends a contact, wherever it is. */
export type ContactClose = {
/** Which contact. */
contact: ContactId, };

/** Says whose contact in hand or on offer it is. */
export type ContactCustomer = {
/** Which contact. */
contact: ContactId,
/** Which customer. */
customer: CustomerId, };

/** The agent presses keys of a telephone: the customer's end hears them. */
export type ContactDtmf = {
/** Which contact: a call that the agent talks in. */
contact: ContactId,
/** Which keys, in their order. */
digits: TelephoneKeys, };

/** What ended a contact. */
export type ContactEnd = "customer" | "agent" | "gateway" | "router" | "lost_by_gateway" | "supervisor" | "transfer";

/** One of the agent's contacts has ended. If wrap-up follows, `wrap_up.started` says so. */
export type ContactEnded = {
/** Which contact. */
contact: ContactId,
/** What ended it. */
by: ContactEnd,
/** When. */
at: Time, };

/** The agent wants somebody with more authority to take the contact; his own segment goes to wrap-up. */
export type ContactEscalate = {
/** Which contact. */
contact: ContactId,
/** Why, in the centre's words. */
reason: Name,
/** For whoever gets it. */
note?: Text | null,
/** What is known of the contact from now on, on top of its own attributes. */
attributes?: Attributes, };

/** A waiting caller pressed a key. Whether that is an exit of his queue, the rules say; if not, nothing happens. */
export type ContactExitKey = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The gateway's own name for the contact. */
ref: Ref,
/** Which key. */
key: TelephoneKey, };

/** The router's number of a contact. */
export type ContactId = string;

/** A waiting contact goes to another queue, in the same place. */
export type ContactMove = {
/** Which contact. */
contact: ContactId,
/** Where it waits from now on. */
queue: QueueName, };

/** The agent's note as far as it is written. One that no `wrap_up.finish` brings is filed when the segment closes. */
export type ContactNote = {
/** Which contact. */
contact: ContactId,
/** Which of the agent's segments, in hand or in wrap-up. */
segment: SegmentId,
/** All of it, in place of what was kept before. */
note: NoteText, };

/** One contact that waits, seen from an agent. */
export type ContactOfAgentWhy = {
/** Which contact. */
contact: ContactId,
/** How it is carried. */
channel: Channel,
/** Where it waits. */
queue: QueueName,
/** Since when. */
entered_at: Time,
/** What stands between. */
between: BetweenWhy,
/** Who goes first, and nothing stands before him either. */
after?: ContactId | null, };

/** A contact is held out to the agent. The console answers at once with `offer.received`. */
export type ContactOffered = {
/** What to accept or decline. */
offer: OfferId,
/** How it is taken. */
accept: AcceptMode,
/** What is offered. */
contact: OfferedContact,
/** When the offer ends, by the server's clock. */
expires_at: Time,
/** When the offer ends, in milliseconds from now. */
expires_in_ms: number,
/** Who is calling, if known. */
customer?: Customer | null,
/** The customer's card, if it was ready; otherwise `contact.updated` brings it. */
card?: CustomerCard | null,
/** Why this agent. */
why?: OfferWhy | null, };

/** Do something with a contact, then say `order.done` or `order.failed`. */
export type ContactOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref, };

/** Asks where a contact stands now, to say it to a caller who waits. It is no event and changes nothing. */
export type ContactPlace = {
/** The gateway's own name for the contact. */
ref: Ref, };

/** A waiting contact gets another priority, whatever the rules say of it. */
export type ContactPrioritise = {
/** Which contact. */
contact: ContactId,
/** In steps of head start, in all: from −1,000 to 1,000. */
priority: number, };

/** Where the contact waits. */
export type ContactQueued = {
/** The router's number of it. */
contact: ContactId,
/** Where it waits, or waited last. */
queue: QueueName,
/** Its place in that queue, 1 being the next; absent when it no longer waits. */
place?: number | null,
/** How long it may have to wait, once there is enough to say so. */
estimated_wait?: EstimatedWait | null, };

/** The recording of a call in hand has changed, or is to change. */
export type ContactRecording = {
/** Which contact. */
contact: ContactId,
/** Its recording as it is now. */
recording: CallRecording,
/** Why it failed, or why it is still as it was although something else was asked. */
why?: RecordingFailure | null,
/** When. */
at: Time, };

/** Asks what happened to a contact, from its arrival to now or to its end. */
export type ContactShow = {
/** Which contact. */
contact: ContactId, };

/** A contact and its path. */
export type ContactShown = {
/** Which contact. */
contact: ContactId,
/** How it is carried; absent when it is over and its arrival was never written. */
channel?: Channel | null,
/** Which side began it; absent when it is over. */
direction?: Direction | null,
/** Where it is. */
state: ContactStanding,
/** The queue where it waits, or waited last. */
queue?: QueueName | null,
/** Who has it, or is held it out to. */
agents?: Array<AgentName>,
/** Where it came from. */
from?: Address | null,
/** What it reached. */
to?: Address | null,
/** Who it is, as far as known. */
customer?: Customer | null,
/** What is known about it; empty once it is over. */
attributes: Attributes,
/** Set when the call is recorded, or was. */
recording?: CallRecording | null,
/** All that happened, oldest first: at most 500, the newest. */
path: Array<PathEvent>,
/** How many older ones were left out. */
left_out: number, };

/** Where a contact is. */
export type ContactStanding = "waiting" | "offered" | "connecting" | "talking" | "held" | "set_aside" | "suspended" | "leaving" | "promised" | "elsewhere" | "ended";

/** The agent lays a chat, an email or a task down: it is his again when the customer writes, or at `until`. */
export type ContactSuspend = {
/** Which contact. */
contact: ContactId,
/** When it comes back at the latest, at most 90 days from now; only with the customer's reply if left out. */
until?: Time | null, };

/** The agent has laid the contact down; this segment is closed. */
export type ContactSuspended = {
/** Which contact. */
contact: ContactId,
/** Which segment. */
segment: SegmentId,
/** When it comes back at the latest; absent: only with the customer's reply. */
until?: Time | null,
/** When. */
at: Time, };

/** The agent who was asked has the customer now, in a segment of his own. */
export type ContactTakenOver = {
/** What the agent has in hand now. */
segment: SegmentInHand,
/** From whom. */
from: AgentName,
/** The consultation that led to it, which ends now. */
consultation: ContactId,
/** When. */
at: Time, };

/** The agent hands the contact on, and his own segment goes to wrap-up; or asks first. */
export type ContactTransfer = {
/** Which contact. */
contact: ContactId,
/** Where it goes. */
to: TransferTo,
/** How. */
kind: TransferKind,
/** For whoever gets it. */
note?: Text | null,
/** What is known of the contact from now on, on top of its own attributes. */
attributes?: Attributes, };

/** The contact was handed on; this segment goes to wrap-up. */
export type ContactTransferred = {
/** Which contact. */
contact: ContactId,
/** Which segment. */
segment: SegmentId,
/** Where it went. */
to: TransferTo,
/** When. */
at: Time, };

/** More is known about one of the agent's contacts. */
export type ContactUpdated = {
/** Which contact. */
contact: ContactId,
/** All attributes as they now are; left out: unchanged. */
attributes?: Attributes | null,
/** The customer's card, once it is there. */
card?: CustomerCard | null,
/** The card cannot be read at the moment; it follows. */
card_unavailable?: boolean,
/** The leads at the customer's numbers, whether or not the customer is known; left out: unchanged. */
leads?: Array<KnownLead> | null, };

/** Why a contact is where it is, or was right before a decision. */
export type ContactWhy = {
/** Which contact. */
contact: ContactId,
/** At which moment. */
at: Time,
/** How it is carried. */
channel: Channel,
/** When it came. */
arrived_at: Time,
/** The rules in force. */
rules_version: number,
/** Where it stands. */
stands: WhyStanding,
/** In which queue, or where it waited last. */
queue?: QueueName | null,
/** Who has it, has laid it down, or is to have it. */
agent?: AgentName | null,
/** How far the agent's part is. */
state?: SegmentState | null,
/** By which exit it leaves. */
exit?: Name | null,
/** When that ends by itself, or a callback is due. */
until?: Time | null,
/** All that keeps it waiting. */
waiting?: WaitingWhy | null,
/** The decision that was asked about. */
decision?: DecisionWhy | null,
/** All decisions about it, if asked for: the last 100. */
decisions?: Array<DecisionWhy>, };

/** Who is calling, as far as known. */
export type Customer = {
/** The customer's id. */
id?: Name | null,
/** The customer's name. */
name?: PersonName | null,
/** How the centre ranks the customer, in its own words. */
tier?: Name | null, };

/** An address of a customer. */
export type CustomerAddress = {
/** What it is of. */
kind: AddressKind,
/** For people; masked for those who need not see it. */
shown: Address,
/** Behind a shared number. */
extension?: Name | null,
/** What it is for. */
label?: Name | null,
/** Whether the customer may be contacted there. */
consent: Consent, };

/** What an agent wants to see of the customer before saying hello. */
export type CustomerCard = {
/** Which customer. */
customer: CustomerId,
/** Counts the changes; `customer.change` names it. */
version: number,
/** What the customer is called, if known. */
name?: PersonName | null,
/** What the customer speaks. */
language?: Name | null,
/** How the centre ranks the customer. */
tier?: Name | null,
/** Whose account it is. */
owner?: AgentName | null,
/** The customer does not want to be contacted. */
do_not_contact: boolean,
/** In the centre's words. */
tags: Array<Name>,
/** Where the customer is reached. */
addresses: Array<CustomerAddress>,
/** The centre's own fields in its own order. */
fields: Array<CustomerField>,
/** Who else it may be, the likeliest first. */
other_matches: Array<CustomerLine>,
/** The last contacts, the newest first. */
interactions: Array<PastContact>,
/** What is to be done, by due time. */
work: Array<OpenWork>,
/** Callbacks that were promised, by due time. */
promises: Array<OpenWork>,
/** How content the customer was, the newest first. */
satisfaction: Array<ScoredContact>,
/** When all this was read. */
read_at: Time, };

/** Changes a customer. What is left out is taken away; of the centre's own fields only those that are named change. */
export type CustomerChange = {
/** Which customer. */
customer: CustomerId,
/** As it was shown: changed by somebody else meanwhile, this is refused. */
version: number,
/** What the customer is called. */
name: CustomerName,
/** What the customer speaks. */
language?: Name | null,
/** How the centre ranks the customer. */
tier?: Name | null,
/** Whose account it is. */
owner?: AgentName | null,
/** The customer does not want to be contacted. */
do_not_contact: boolean,
/** The centre's own fields by name, each of its declared type; null takes one away. */
custom?: Attributes, };

/** Adds a customer. Whether it is known already is for the agent to see: nobody is merged silently. */
export type CustomerCreate = {
/** What the customer is called; empty while nothing but an address is known. */
name: CustomerName,
/** What the customer speaks. */
language?: Name | null,
/** How the centre ranks the customer. */
tier?: Name | null,
/** Whose account it is. */
owner?: AgentName | null,
/** Where the customer is reached, at most 50. */
addresses: Array<NewCustomerAddress>,
/** In the centre's words, at most 50. */
tags: Array<Name>,
/** The centre's own fields by name, each of its declared type. */
custom?: Attributes, };

/** One of the centre's own fields of a customer. */
export type CustomerField = {
/** What messages call it. */
name: Name,
/** What people call it. */
label: Name,
/** The beginning of it, for people. */
value: Text, };

/** A customer who was found. */
export type CustomerFound = {
/** Which customer. */
customer: CustomerId,
/** What the customer is called, if known. */
name?: PersonName | null,
/** How the centre ranks the customer. */
tier?: Name | null,
/** What the customer speaks. */
language?: Name | null,
/** When the last contact came. */
last_contact_at?: Time | null,
/** By what. */
by: FoundBy,
/** The beginning of the note. */
note?: Text | null, };

/** The number of a customer in our records. */
export type CustomerId = string;

/** A customer in one line. */
export type CustomerLine = {
/** Which customer. */
customer: CustomerId,
/** What the customer is called, if known. */
name?: PersonName | null,
/** How the centre ranks the customer. */
tier?: Name | null, };

/** What a customer is called, in any script; empty while nobody knows. */
export type CustomerName = string;

/** Something that was noted about the customer. */
export type CustomerNote = {
/** The beginning of it. */
text: Text,
/** When. */
at: Time,
/** Who. */
by: Name, };

/** Asks for customers by an address, part of a name, or words of a note. */
export type CustomerSearch = {
/** What a person typed. */
query: SearchText,
/** At most so many, up to 50; 20 if left out. */
limit?: number | null, };

/** Asks for all about one customer. */
export type CustomerShow = {
/** Which customer. */
customer: CustomerId, };

/** All about one customer. */
export type CustomerShown = {
/** As it is pushed with a contact, read just now. */
card: CustomerCard,
/** What else the customer is called. */
other_names: Array<PersonName>,
/** The centre's own fields, whole. */
custom: Attributes,
/** The last notes, the newest first. */
notes: Array<CustomerNote>,
/** Customers that are part of this one now. */
merged: Array<CustomerLine>, };

/** The customer who was added or changed. */
export type CustomerStored = {
/** Which customer. */
customer: CustomerId,
/** What the next change names. */
version: number, };

/** The customer is writing; nothing says when he stops. */
export type CustomerTyping = {
/** Which contact. */
contact: ContactId,
/** When, by the server's clock. */
at: Time, };

/** Customers, the likeliest first. */
export type CustomersFound = {
/** None: nobody fits. */
customers: Array<CustomerFound>, };

/** What decided between the agents that matched. */
export type DecidedBy = "preferred" | "least_loaded" | "best_skill" | "least_skilled" | "longest_idle" | "least_occupied" | "fewest_contacts" | "taken" | "round_robin" | "random" | "rank";

/** One decision, as the journal has it. */
export type DecisionWhy = {
/** Its number in the journal. */
event: JournalNumber,
/** When. */
at: Time,
/** What it was about. */
what: WhyDecided,
/** Who was offered the contact. */
agent?: AgentName | null,
/** In which queue. */
queue?: QueueName | null,
/** By which entry rule. */
rule?: Name | null,
/** Which step. */
step?: number | null,
/** Which exit. */
exit?: Name | null,
/** What decided between the agents; absent when only one matched or all were equal. */
decided_by?: DecidedBy | null,
/** The winner's value of that; smaller is better. */
value?: number | null,
/** The same of the next best. */
runner_up?: number | null,
/** How many agents matched. */
agents_matched?: number | null,
/** The version of the rules that decided. */
rules_version: number,
/** Whether every agent looked at anew, one after the other, leads to the same. Absent: it was not asked, or cannot be, as the customer has been erased or was in another queue before. */
agrees?: boolean | null,
/** Of an entry: what each rule said, up to the one that holds. */
entry?: Array<EntryWhy>, };

/** A device changed. */
export type DeviceChanged = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The device. */
endpoint: Endpoint,
/** What it is doing. */
state: DeviceState, };

/** What a device at a gateway is doing. */
export type DeviceState = "unregistered" | "idle" | "in_use" | "ringing";

/** Which side began the contact. */
export type Direction = "inbound" | "outbound" | "internal";

/** Whether a disposition must be given before wrap-up can be finished. */
export type DispositionRule = "required" | "optional";

/** Send the tones of telephone keys to the customer's end, one after the other. Nothing more is said of it than the answer. */
export type DtmfOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** Which keys, in their order. Not to be logged: they may be the number of a payment card. */
digits: TelephoneKeys, };

/** A duration in milliseconds, from a second to an hour. */
export type DurationMs = number;

/** A device at the gateway, e.g. `PJSIP/1001`. */
export type Endpoint = string;

/** What one entry rule said. */
export type EntryWhy = {
/** Its name. */
rule: Name,
/** What it said. */
said: WhySaid,
/** Why its condition could not be evaluated. */
failed?: Text | null, };

/** Why a message was refused; stable over versions, as `error.data` on the wire. */
export type ErrorKind = { "kind": "parse_error",
/** Counted from 1. */
line: number,
/** Counted from 1, in bytes. */
column: number, } | { "kind": "invalid_request",
/** The field of the envelope; empty for the whole message. */
field: string,
/** What was expected there. */
expected: string, } | { "kind": "unknown_method",
/** As it was sent, at most 64 characters of it. */
method: string, } | { "kind": "invalid_field",
/** The path of the field inside `params`, e.g. `attributes.intent` or `contacts[3].ref`. */
field: string,
/** What was expected there. */
expected: string, } | { "kind": "internal" } | { "kind": "not_open" } | { "kind": "already_open" } | { "kind": "wrong_role",
/** The message. */
method: string,
/** Who may send it. */
roles: Array<Role>, } | { "kind": "bad_token" } | { "kind": "not_permitted" } | { "kind": "not_yours",
/** What `id` names. */
subject: Subject,
/** As it was sent. */
id: string, } | { "kind": "unknown_contact",
/** As it was sent. */
contact: ContactId, } | { "kind": "unknown_ref",
/** As it was sent. */
ref: Ref, } | { "kind": "unknown_agent",
/** As it was sent. */
agent: AgentName, } | { "kind": "unknown_queue",
/** As it was sent. */
queue: QueueName, } | { "kind": "unknown_offer",
/** As it was sent. */
offer: OfferId, } | { "kind": "unknown_segment",
/** As it was sent. */
segment: SegmentId, } | { "kind": "unknown_order",
/** As it was sent. */
order: OrderId, } | { "kind": "unknown_customer",
/** As it was sent. */
customer: CustomerId, } | { "kind": "unknown_work",
/** As it was sent. */
work: WorkId, } | { "kind": "work_closed",
/** As it was sent. */
work: WorkId, } | { "kind": "not_to_be_offered",
/** Who. */
agent: AgentName, } | { "kind": "unknown_campaign",
/** As it was sent. */
campaign: Name, } | { "kind": "campaign_not_running",
/** As it was sent. */
campaign: Name, } | { "kind": "no_lead",
/** As it was sent. */
campaign: Name, } | { "kind": "number_in_call",
/** The contact of the lead. */
contact: ContactId, } | { "kind": "no_line",
/** The contact of the lead. */
contact: ContactId, } | { "kind": "customer_merged",
/** As it was sent. */
customer: CustomerId,
/** The one that it is part of. */
into: CustomerId, } | { "kind": "conflict",
/** The version that it has now. */
version: number, } | { "kind": "contact_ended",
/** The router's number of it, if that is still known. */
contact?: ContactId | null, } | { "kind": "offer_gone",
/** As it was sent. */
offer: OfferId,
/** How it ended, if that is still known. */
why?: OfferEnd | null, } | { "kind": "accepted_by_phone",
/** As it was sent. */
offer: OfferId, } | { "kind": "wrong_state",
/** As it was sent. */
contact: ContactId,
/** The state in which it would have been possible. */
expected: string, } | { "kind": "not_logged_in",
/** Who. */
agent: AgentName, } | { "kind": "too_late" } | { "kind": "too_big",
/** The limit in bytes. */
bytes_max: number, } | { "kind": "rate_limited",
/** When to try again, in milliseconds from now. */
retry_after_ms: number, } | { "kind": "busy",
/** When to try again, in milliseconds from now. */
retry_after_ms: number, } | { "kind": "unavailable",
/** When to try again, in milliseconds from now. */
retry_after_ms: number, };

/** How long a contact may have to wait, in milliseconds. */
export type EstimatedWait = {
/** Half of the contacts wait no longer, in milliseconds. */
p50_ms: number,
/** Nine of ten contacts wait no longer, in milliseconds. */
p90_ms: number, };

/** A gateway's number of one of its events: it starts at 1, rises by at least 1 with each, and is kept by the gateway over restarts. */
export type EventNumber = number;

/** One exit of the queue. */
export type ExitWhy = {
/** Its name in the rules, e.g. `max_wait` or `key_1`. */
exit: Name,
/** Where it leads. */
action: WhyAction,
/** The queue, mailbox or message it leads to. */
to?: Name | null,
/** That is no longer there, or has failed. */
leads_nowhere?: boolean,
/** It holds now. */
holds: boolean,
/** When it holds by time alone. */
at?: Time | null, };

/** Asks for the agent's own figures. */
export type FiguresShow = Record<symbol, never>;

/** Whose phone rings first when a customer is called. */
export type FirstCalled = "agent" | "customer";

/** A call that is promised with the end of a wrap-up. */
export type FollowUpCall = {
/** The number to call, in E.164; that which the contact came from if left out. A lead that a campaign called is called
 * again by its campaign when neither this nor a queue is said. */
to?: Address | null,
/** Where the call waits for an agent; the queue that the contact was answered from if left out. */
queue?: QueueName | null,
/** When, at most 90 days from now; as soon as somebody is free if left out. */
due?: Time | null,
/** Whether this agent makes the call himself, if he is there by then. */
by_me: boolean, };

/** By what a customer was found. */
export type FoundBy = "address" | "name" | "note";

/** What the gateway has to know of a contact that is a consultation: its first leg is that of the agent who asks. */
export type GatewayConsultation = {
/** Who asks. */
agent: AgentName,
/** His device: its leg is up already. */
endpoint: Endpoint,
/** The customer's contact; absent once the customer has left. */
parent?: Ref | null,
/** Whether the customer hears them both. */
conference: boolean, };

/** One of the gateway's contacts. */
export type GatewayContact = {
/** The router's number of it. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** What it should be doing. */
should_be: ShouldBe,
/** Set when the contact is a question of one agent to another. */
consultation?: GatewayConsultation | null,
/** Set when the call should be recorded, paused or not; a recording that is not named is to be stopped. */
recording?: GatewayRecording | null, };

/** Customer and agent are connected: this is when the contact counts as answered. */
export type GatewayContactConnected = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The gateway's own name for the contact. */
ref: Ref,
/** The order that asked for it. */
order: OrderId, };

/** The contact is over. */
export type GatewayContactEnded = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The gateway's own name for the contact. */
ref: Ref,
/** Who hung up. */
by: HungUpBy, };

/** More is known about a contact: digits, an intent, anything from the IVR. */
export type GatewayContactUpdated = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The gateway's own name for the contact. */
ref: Ref,
/** Keys that are new or have another value; the others stay. */
attributes: Attributes, };

/** How many calls the gateway carries at once, as it is set there: on connect, and whenever that changes. The server orders no call that would be one too many; a gateway that never says it is ordered as many as there is reason for. */
export type GatewayLines = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** Calls with customers, whoever began them; left out: as many as come. */
calls_max?: number | null,
/** Of `calls_max`, those that only customers may begin. */
kept_for_inbound: number, };

/** How a supervisor's leg goes on. It is told to the supervisor and not kept. */
export type GatewayMonitorChanged = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The gateway's own name for the contact. */
ref: Ref,
/** Which leg. */
monitor: MonitorId,
/** How far it is. */
state: MonitorState,
/** Why it came to nothing. */
why?: OrderFailure | null, };

/** A gateway, as its key names it. */
export type GatewayName = string;

/** An agent's leg is gone, though no order said so: lost or hung up. The contact itself goes on. */
export type GatewayPartyLeft = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The contact that the leg served; of two, either. */
ref: Ref,
/** Whose leg it was. */
agent: AgentName, };

/** The recording that a contact should have. */
export type GatewayRecording = {
/** Which: one that the gateway does not have is begun under this name. */
recording: RecordingId,
/** Whether what is said now does not go into it. */
paused: boolean, };

/** How a recording goes on: each change of it, and its last word when its file is whole or will never be. That may come after the end of its contact, within a day. A call goes on whatever becomes of its recording. */
export type GatewayRecordingState = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The gateway's own name for the contact. */
ref: Ref,
/** Which recording, as the order to start it named it. */
recording: RecordingId,
/** How it goes on. */
state: RecordingState,
/** Where the gateway keeps it, as `recording.erase` will name it. */
file?: RecordingFile | null,
/** How long it is, pauses left out, in milliseconds. */
duration_ms?: number | null,
/** Why it failed, or why it is still as it was although something else was asked. */
why?: RecordingFailure | null, };

/** All that a gateway needs to go on. */
export type GatewaySnapshot = {
/** Its contacts that have not ended. */
contacts: Array<GatewayContact>,
/** Agents' legs that stay up between contacts; others that it holds open are to be hung up. Of devices that it does not have it knows nothing. */
agent_legs: Array<AgentLeg>,
/** Its last event that is in the journal: later ones are to be sent again. Null when there is none. */
last_event: EventNumber | null, };

/** The customer is writing. */
export type GatewayTyping = {
/** The gateway's own name for the contact. */
ref: Ref, };

/** The server stops and will close the socket with 1012. */
export type GoingAway = {
/** When to come back, in milliseconds from now: a random value, other for each session. */
retry_after_ms: number, };

/** Agents held back by one hold. */
export type HeldWhy = {
/** By what. */
hold: HoldReason,
/** How many. */
agents: number, };

/** What was counted in one span. Of a queue: visits. Of the centre: contacts, each once. */
export type HistoryPoint = {
/** When the span began. */
at: Time,
/** How many came. */
entered: number,
/** How many were connected to an agent. */
answered: number,
/** Of these, those within the target. */
answered_within: number,
/** How many left before. */
abandoned: number,
/** Of these, those who left sooner than the threshold. */
short_abandoned: number,
/** The most that waited at once. */
waiting_max: number,
/** The longest wait of those whose wait ended, in milliseconds. */
longest_wait_ms: number,
/** answered_within ÷ (answered + abandoned − short_abandoned), from 0 to 1; null when that divides by 0. */
service_level: number | null, };

/** Asks for the last hours. */
export type HistoryShow = {
/** Of which queue; of the whole centre if left out. */
queue?: QueueName | null,
/** How many hours, from 1 to 8; 4 if left out. */
hours?: number | null, };

/** The last hours, oldest first, without gaps; the last span is still under way. */
export type HistoryShown = {
/** How long each span is, in milliseconds. */
span_ms: number,
/** The spans. */
points: Array<HistoryPoint>, };

/** Why a match waits. */
export type HoldReason = "preferred" | "reserved_for_inbound" | "leased" | "back_off" | "already_declined" | "not_responding" | "queue_paused" | "campaign_paused" | "by_hand" | "number_in_call" | "no_line" | "offer_limit" | "callback_gap" | "gateway_away" | "device_in_use";

/** Who hung up. */
export type HungUpBy = "customer" | "agent" | "gateway";

/** A contact in an agent's hands. */
export type InHandWhy = {
/** Which contact. */
contact: ContactId,
/** How it is carried. */
channel: Channel,
/** How far it is. */
phase: WhyPhase,
/** When that ends by itself. */
until?: Time | null, };

/** A page of all that is live at the gateway: on connect, every 30 s, and when asked for. It follows all events that the gateway still had to send. */
export type Inventory = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** When the list was made, by the switch's clock; the same on each page of one list. */
as_of: Time,
/** 1, 2, 3 … */
page: number,
/** Whether the list is now whole. */
last: boolean,
/** Contacts with a live leg here. */
contacts: Array<InventoryContact>,
/** Agents' legs that are up. */
agent_legs: Array<InventoryAgentLeg>,
/** Devices. */
devices: Array<InventoryDevice>, };

/** An agent's leg that is up. */
export type InventoryAgentLeg = {
/** Whose. */
agent: AgentName,
/** The device. */
endpoint: Endpoint,
/** The contact that it is connected with, if any. */
ref?: Ref | null, };

/** A contact with a live leg at the gateway. */
export type InventoryContact = {
/** The gateway's own name for it. */
ref: Ref,
/** How it is carried. */
channel: Channel,
/** Where it came from, if known: E.164 for voice and callbacks. */
from?: Address | null,
/** What it reached: E.164 for voice and callbacks. */
to?: Address | null,
/** What the gateway knows about it, should the server not know it. */
attributes?: Attributes, };

/** A device and what it is doing. */
export type InventoryDevice = {
/** The device. */
endpoint: Endpoint,
/** What it is doing. */
state: DeviceState, };

/** Send an inventory at once. */
export type InventorySend = Record<symbol, never>;

/** The number of an event in the journal: 1, 2, 3 … without a gap. */
export type JournalNumber = number;

/** A lead of a call list at one of the customer's numbers: it is open, or was called in the last 90 days. */
export type KnownLead = {
/** Of which campaign. */
campaign: Name,
/** Of which list. */
list: Name,
/** Which lead of the list. */
lead: Name,
/** Where it is. */
state: LeadState,
/** What else the list says of it, in the list's order. */
fields: Array<CustomerField>,
/** How often it was called. */
attempts: number,
/** The last call, if there was one. */
last?: LastCall | null,
/** When it is called again, at the earliest; absent: it was never tried, or is over. */
due?: Time | null,
/** The agent who promised that call. */
promised_by?: AgentName | null, };

/** The last call to a lead. */
export type LastCall = {
/** When it was placed. */
at: Time,
/** What became of it; absent: it is not over. */
outcome?: AttemptEnd | null,
/** For whom it was placed. */
agent?: AgentName | null,
/** What the agent said of it. */
disposition?: Name | null, };

/** Whom a campaign calls. */
export type LeadCalled = {
/** Which campaign. */
campaign: Name,
/** Which list of it. */
list: Name,
/** Which lead of the list. */
lead: Name,
/** Set while it is only looked at: `offer.accept` dials it, `offer.decline` skips it; and what happens when the offer expires. */
preview?: PreviewEnd | null,
/** What its campaign lets agents say of it when they finish up. */
dispositions?: Array<Name>, };

/** A call to a lead came to nothing: the agent is free again. */
export type LeadNotReached = {
/** Which contact. */
contact: ContactId,
/** Which campaign. */
campaign: Name,
/** What became of the call, when it was placed. */
outcome?: AttemptEnd | null,
/** Why it was not placed. */
not_placed?: NotPlaced | null,
/** When. */
at: Time, };

/** Where a lead is. */
export type LeadState = "open" | "waiting" | "over";

/** The agent's leg is gone and is rung again, the customer being on hold. */
export type LegLost = {
/** Which contact. */
contact: ContactId,
/** Which segment. */
segment: SegmentId,
/** Until when it is rung, by the server's clock; then the customer waits again, first in line. */
until: Time,
/** When. */
at: Time, };

/** One line of the list. */
export type ListEntry = { "is": "contact" } & ListedContact | { "is": "work" } & ListedWork;

/** A contact that is the agent's: in hand, laid down, or a callback to come. */
export type ListedContact = {
/** Which contact. */
contact: ContactId,
/** How it is carried. */
channel: Channel,
/** How far it is. */
state: WorkState,
/** Where it belongs. */
queue?: QueueName | null,
/** When it is to go on. */
due?: Time | null,
/** Whose it is, if known. */
customer?: CustomerId | null, };

/** A piece of work that is the agent's or his teams'. */
export type ListedWork = {
/** Which piece of work. */
work: WorkId,
/** Counts the changes; what changes it names it. */
version: number,
/** What it is. */
kind: WorkKind,
/** How far it is. */
state: WorkState,
/** In a line. */
title: Text,
/** What it is about, in the centre's words. */
category?: Name | null,
/** The beginning of what is to be done. */
text?: Text | null,
/** When it is to be done. */
due?: Time | null,
/** Who is to do it. */
owner?: AgentName | null,
/** Which team is to do it. */
team?: TeamName | null,
/** Where it is routed when it falls due. */
queue?: QueueName | null,
/** For whom. */
customer?: CustomerId | null,
/** The task that it became. */
contact?: ContactId | null,
/** That it was handed to those who decide more. */
escalation?: WorkEscalation | null, };

/** What becomes of the contacts in the hands of an agent who is logged out. */
export type LogOutHow = "finish" | "hand_back" | "force";

/** One message of a contact. */
export type Message = {
/** Its writer's own name for it, unique in its contact. */
message: MessageId,
/** Who wrote it. */
by: MessageBy,
/** Which agent, when he wrote it here. */
agent?: AgentName | null,
/** What was written; numbers of payment cards in it are masked. */
text: MessageText,
/** When it came here, by the server's clock. */
at: Time,
/** How far it is. */
status: MessageStatus, };

/** Who wrote a message. */
export type MessageBy = "customer" | "agent" | "system";

/** A writer's own name for a message, unique in its contact. */
export type MessageId = string;

/** Asks for what was written in a contact in hand, on offer, or in wrap-up. */
export type MessageList = {
/** Which contact. */
contact: ContactId, };

/** Bring a message to the customer, then say `order.done` when he has it or `order.failed`. A gateway that comes back is asked again for what it has said nothing of: an order that it has carried out it only answers. */
export type MessageOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`, and the agent is told that it failed. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** The message's name. */
message: MessageId,
/** What it says. */
text: MessageText, };

/** A line of a chat, a mail or an answer to a task has passed. One with a text is sent again until it is answered, whatever `last_event` says: its answer waits until the text is kept. */
export type MessagePassed = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** The gateway's own name for the contact. */
ref: Ref,
/** Whose it was. */
by: Speaker,
/** The gateway's own name for the message, unique in its contact: the same again is answered as the first time. Left out, the number of the event names it. */
message?: MessageId | null,
/** What it says; left out, agents are not shown it here. */
text?: MessageText | null, };

/** A message in a contact in hand that the agent did not write himself. */
export type MessageReceived = {
/** Which contact. */
contact: ContactId,
/** The message. */
message: Message, };

/** The agent writes to his customer. */
export type MessageSend = {
/** Which contact, a chat or an email in his hands. */
contact: ContactId,
/** The console's own name for it, a UUID: the same again is answered as the first time and sends nothing. */
message: MessageId,
/** What he writes. */
text: MessageText, };

/** The message is kept, and is on its way. */
export type MessageSent = {
/** When it was written down, by the server's clock. */
at: Time, };

/** How far a message is. */
export type MessageStatus = "sent" | "delivered" | "failed";

/** How far a message of the agent's is now. */
export type MessageStatusChanged = {
/** Which contact. */
contact: ContactId,
/** Which message. */
message: MessageId,
/** How far it is. */
status: MessageStatus, };

/** What was written to somebody: a line of a chat, an email. */
export type MessageText = string;

/** What was written in a contact. */
export type MessagesListed = {
/** The newest 500 at most, fewer when they are long; the oldest of them first. */
messages: Array<Message>,
/** How many older ones there are. */
left_out: number, };

/** From now on others hear him, or no longer. */
export type MonitorChange = {
/** Which contact he is on. */
contact: ContactId,
/** Who hears him. */
mode: MonitorMode, };

/** How the supervisor's leg goes on. */
export type MonitorChanged = {
/** Which contact. */
contact: ContactId,
/** Who hears him. */
mode: MonitorMode,
/** How far it is. */
state: MonitorState,
/** Why it came to nothing; absent when it did not, and when he or the call has ended it. */
why?: OrderFailure | null, };

/** The server's name for a supervisor's leg on a call. */
export type MonitorId = string;

/** Who hears a supervisor on the line. */
export type MonitorMode = "listen" | "whisper" | "barge";

/** Let others hear the leg, or no longer. */
export type MonitorModeOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** Which leg. */
monitor: MonitorId,
/** Who hears it. */
mode: MonitorMode, };

/** Ring the device and bring it on the line of the contact, then say `monitor.changed`. It leaves when the agent's leg does, and all such legs of a gateway leave when its session opens. */
export type MonitorOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** The server's name for this leg. */
monitor: MonitorId,
/** Whose device. */
endpoint: Endpoint,
/** Who hears it. */
mode: MonitorMode, };

/** Rings the supervisor's device and brings him on the line of a call. One call at a time: another ends first. */
export type MonitorStart = {
/** Which contact: a call that an agent has in hand. */
contact: ContactId,
/** Who hears him. */
mode: MonitorMode,
/** His device at the contact's gateway. */
endpoint: Endpoint, };

/** How far a supervisor's leg is. */
export type MonitorState = "ringing" | "on" | "over";

/** He leaves the line. */
export type MonitorStop = {
/** Which contact he is on. */
contact: ContactId, };

/** Take the leg off, then say `monitor.changed`. */
export type MonitorStopOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** Which leg. */
monitor: MonitorId, };

/** A word of the centre's own: a not-ready reason, a disposition, a rule, a site, a program. */
export type Name = string;

/** Names a campaign. */
export type NamedCampaign = {
/** Which campaign. */
campaign: Name, };

/** Names a queue. */
export type NamedQueue = {
/** Which queue. */
queue: QueueName, };

/** An address to be added. */
export type NewCustomerAddress = {
/** What it is of. */
kind: AddressKind,
/** In any form; a handle as `network:handle`, an id as `system:id`. */
address: Address,
/** What it is for. */
label?: Name | null,
/** Whether the customer may be contacted there. */
consent?: Consent | null, };

/** The exit that comes next. */
export type NextExitWhy = {
/** Its name in the rules. */
exit: Name,
/** When. */
at?: Time | null, };

/** A presence that was chosen and does not count yet. */
export type NextPresence = {
/** What was chosen. */
presence: Presence,
/** Why `not_ready`. */
reason?: Name | null, };

/** The step that comes next. */
export type NextStepWhy = {
/** From 1, in the order of the rules. */
step: number,
/** When; absent: once its condition holds. */
at?: Time | null, };

/** Why a call to a lead was not placed. */
export type NotPlaced = "dnc" | "no_consent" | "out_of_window" | "no_zone" | "cap" | "list_inactive" | "lead_closed" | "in_progress" | "not_checked" | "no_line" | "no_agent";

/** What an agent writes of a contact for whoever has the customer next. */
export type NoteText = string;

/** Nothing more to say: an empty object. */
export type Nothing = Record<symbol, never>;

/** A message for a person. */
export type Notice = {
/** How much it matters. */
level: NoticeLevel,
/** What it says. */
text: Text,
/** When it was said. */
at: Time, };

/** How much a notice matters. */
export type NoticeLevel = "info" | "warning" | "alert";

/** Says something to agents. */
export type NoticeSend = {
/** To whom. */
to: NoticeTo,
/** How much it matters. */
level: NoticeLevel,
/** What it says. */
text: Text, };

/** It was passed on. */
export type NoticeSent = {
/** To how many consoles: those of agents who are not there get nothing. */
consoles: number, };

/** To whom. */
export type NoticeTo = { "everybody": Record<symbol, never> } | { "agents": Array<AgentName> } | { "queue": QueueName };

/** The agent takes the contact. */
export type OfferAccept = {
/** Which offer. */
offer: OfferId, };

/** The contact is the agent's; its leg is being connected. */
export type OfferAccepted = {
/** Which contact. */
contact: ContactId, };

/** The agent does not take the contact. */
export type OfferDecline = {
/** Which offer. */
offer: OfferId,
/** Why, in the centre's words. */
reason?: Name | null, };

/** How an offer ended. */
export type OfferEnd = "accepted" | "declined" | "expired" | "rescinded" | "revoked";

/** What made an offer end that the agent did not end. */
export type OfferEndWhy = "contact_gone" | "another_agent" | "undelivered" | "console_closed" | "not_available" | "gateway_away" | "device_in_use" | "phone_failed" | "server_restarted" | "dropped_from_rules" | "consulting";

/** An offer is over. */
export type OfferEnded = {
/** Which offer. */
offer: OfferId,
/** Which contact. */
contact: ContactId,
/** How it ended. */
outcome: OfferEnd,
/** What made it end, if the agent did not. */
why?: OfferEndWhy | null, };

/** The router's number of an offer. */
export type OfferId = string;

/** The console shows the offer. Without this within 2 s the offer is revoked. */
export type OfferReceived = {
/** Which offer. */
offer: OfferId, };

/** Why this agent was chosen. */
export type OfferWhy = {
/** The entry rule that put the contact into its queue. */
rule?: Name | null,
/** The queue's last widening step that was taken, 1 being the first. */
step?: number | null,
/** All steps of the queue that were taken, in the order of the rules. */
steps?: Array<number>,
/** What decided; absent when only one matched or all were equal. */
decided_by?: DecidedBy | null,
/** How many agents matched. */
agents_matched?: number | null,
/** The version of the rules that decided. */
rules_version?: number | null, };

/** The contact behind an offer. */
export type OfferedContact = {
/** Which contact. */
id: ContactId,
/** How it is carried. */
channel: Channel,
/** Where it waited. */
queue: QueueName,
/** Which side began it. */
direction: Direction,
/** How long it waited in this queue, in milliseconds. */
waited_ms: number,
/** Where it came from. */
from?: Address | null,
/** What it reached. */
to?: Address | null,
/** What the gateway knows about it. */
attributes: Attributes,
/** Set when a colleague asks: there is a customer behind it, on hold. */
asked_by?: AskedBy | null,
/** What the agent said who handed it on. */
note?: Text | null,
/** How it came here, the oldest first; empty when it was never passed on. */
path?: Array<PathStep>,
/** Set when a campaign calls it. */
lead?: LeadCalled | null, };

/** An offer that is open. */
export type OpenOfferWhy = {
/** To whom. */
agent: AgentName,
/** When it ends. */
expires_at: Time, };

/** Something still to be done for the customer. */
export type OpenWork = {
/** Which piece of work. */
work: WorkId,
/** What it is. */
kind: WorkKind,
/** What it is about, in the centre's words. */
category?: Name | null,
/** In a line. */
title: Text,
/** When it is to be done. */
due?: Time | null,
/** Who is to do it. */
owner?: AgentName | null, };

/** How a gateway answers an order: exactly one of the two, as `true`. */
export type OrderAnswer = {
/** Always true. */
accepted: True, } | {
/** Always true. */
too_late: True, };

/** An order has been carried out. */
export type OrderDone = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** Which order. */
order: OrderId, };

/** An order could not be carried out. */
export type OrderFailed = {
/** The gateway's number of this event. */
event: EventNumber,
/** By the switch's clock. */
occurred_at: Time,
/** Which order. */
order: OrderId,
/** Why. */
why: OrderFailure, };

/** Why an order could not be carried out. */
export type OrderFailure = "busy" | "no_answer" | "unregistered" | "rejected" | "timed_out" | "failed";

/** What a gateway is asked to do: the number of the event that asks for it. */
export type OrderId = string;

/** Names one of the agent's own contacts. */
export type OwnContact = {
/** Which contact. */
contact: ContactId, };

/** What the agent did since `since`. Times are sums, in milliseconds. */
export type OwnFigures = {
/** When the day began, by the site's zone; or the centre, if that was later. */
since: Time,
/** Segments closed that had been connected. */
handled: number,
/** Offers declined. */
declined: number,
/** Offers that ran out. */
missed: number,
/** Talk of those segments. */
talk_ms: number,
/** Hold of those segments. */
hold_ms: number,
/** Wrap-up of those segments. */
wrap_up_ms: number,
/** (talk + hold + wrap-up) ÷ handled; null when none was. */
aht_ms: number | null,
/** Time with at least one segment in hand. */
busy_ms: number,
/** Time available with nothing in hand. */
available_ms: number,
/** busy ÷ (busy + available), from 0 to 1; null when that divides by 0. */
occupancy: number | null, };

/** How a consultation ended. */
export type PartyEnd = "completed" | "cancelled" | "declined" | "no_answer" | "failed" | "left" | "customer_left" | "first_agent_left";

/** Somebody is asked about a contact in hand. */
export type PartyInvited = {
/** The customer's contact. */
contact: ContactId,
/** The consultation: a contact of its own. */
consultation: ContactId,
/** Who is asked. */
to: TransferTo,
/** When. */
at: Time, };

/** Somebody who was asked is on the line; or the customer hears them both from now on. */
export type PartyJoined = {
/** The customer's contact; absent once the customer has left. */
contact?: ContactId | null,
/** The consultation. */
consultation: ContactId,
/** The other agent. */
agent: AgentName,
/** What the one who was asked is now. */
role: PartyRole,
/** When. */
at: Time, };

/** A consultation that this agent began is over. */
export type PartyLeft = {
/** The customer's contact; absent once the customer has left. */
contact?: ContactId | null,
/** The consultation. */
consultation: ContactId,
/** How it ended. */
why: PartyEnd,
/** When. */
at: Time, };

/** What another agent is in a contact. */
export type PartyRole = "consulted" | "conference";

/** How a contact was passed on. */
export type PassedHow = "transferred" | "transferred_outside" | "escalated" | "handed_over" | "returned" | "moved";

/** A contact that the customer had with us. */
export type PastContact = {
/** Which contact. */
contact: ContactId,
/** When it came. */
at: Time,
/** How it was carried. */
channel: Channel,
/** Which side began it. */
direction: Direction,
/** Where it waited last. */
queue?: QueueName | null,
/** Who had it last. */
agent?: AgentName | null,
/** The result. */
disposition?: Name | null,
/** How content the customer was, from 1. */
satisfaction?: number | null,
/** The beginning of what was noted last. */
note?: Text | null, };

/** One thing that happened to a contact. */
export type PathEvent = {
/** Its number in the journal; `why.contact` takes it when it is a decision. */
event: number,
/** When. */
at: Time,
/** What. */
what: PathWhat,
/** Which queue it was about. */
queue?: QueueName | null,
/** Which agent it was about. */
agent?: AgentName | null,
/** The supervisor who ordered it. */
by?: Name | null,
/** How, or why, in one word: the cause of a wait, the outcome of an offer, who ended it. */
why?: Name | null,
/** The entry rule that decided. */
rule?: Name | null,
/** How long the visit that ended had waited, in milliseconds. */
waited_ms?: number | null,
/** Talk, hold and wrap-up of the segment that closed, in milliseconds. */
handled_ms?: number | null,
/** Another contact that it was about: the consultation, or the customer behind it. */
contact?: ContactId | null, };

/** One time that a contact was passed on. */
export type PathStep = {
/** When. */
at: Time,
/** How. */
how: PassedHow,
/** Where it waited before. */
from: QueueName,
/** Who passed it on, when an agent did. */
by?: AgentName | null,
/** What the agent said with it. */
note?: Text | null, };

/** What happened to a contact. */
export type PathWhat = "arrived" | "callback_promised" | "lead_filed" | "attempt" | "customer_answered" | "updated" | "queued" | "changed" | "widened" | "prioritised" | "preferred_wait_ended" | "offered" | "offer_ended" | "offer_limit" | "connecting" | "not_connected" | "connected" | "held" | "unheld" | "set_aside" | "taken_up" | "message" | "suspended" | "transferred" | "transferred_outside" | "transfer_failed" | "handed_over" | "returned" | "consultation_begun" | "consultation_joined" | "consultation_ended" | "leg_lost" | "leg_back" | "exit_key" | "exit_taken" | "exit_failed" | "voicemail" | "recording_asked" | "recording_told" | "wrap_up" | "segment_closed" | "visit_ended" | "ended" | "other";

/** What a person is called. */
export type PersonName = string;

/** Play a message to the caller, then say `order.done` or `order.failed`. */
export type PlayOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. The message is over by then, or the server ends the contact. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** Which message, by the name that the rules give it. */
message: Name, };

/** The server is there. */
export type Pong = {
/** The centre's time. */
server_time: Time, };

/** What the agent or a supervisor chose. */
export type Presence = "offline" | "available" | "not_ready";

/** The agent logs out. */
export type PresenceLogOut = {
/** What becomes of what he has in hand: `finish`, if left out, or `hand_back`. */
how: LogOutHow, };

/** The agent chooses a presence. It is also how an agent comes back who was `not_responding`. */
export type PresenceSet = {
/** What the agent chooses. */
presence: Presence,
/** Why `not_ready`, in the centre's words. */
reason?: Name | null,
/** When it begins to count; `now` if left out. */
when: PresenceWhen, };

/** When a new presence begins to count. */
export type PresenceWhen = "now" | "after_contact";

/** What becomes of a lead when the time to look at it is over. */
export type PreviewEnd = "skip" | "dial";

/** A queue to which the agent may hand contacts on. */
export type QueueChoice = {
/** Which queue. */
queue: QueueName, };

/** A queue, as the rules name it, or an agent's own, which has one character more than the agent. */
export type QueueName = string;

/** Asks who waits in a queue. */
export type QueueShow = {
/** Which queue. */
queue: QueueName, };

/** Who waits in a queue now, in the order of service. */
export type QueueShown = {
/** Which queue. */
queue: QueueName,
/** The last event of the journal that is seen here. */
event_no: number,
/** The server's clock. */
server_time: Time,
/** All that are in it. */
total: number,
/** At most 200 of them. */
contacts: Array<QueuedContact>, };

/** One contact in a queue. */
export type QueuedContact = {
/** Which contact. */
contact: ContactId,
/** How it is carried. */
channel: Channel,
/** Which side began it. */
direction: Direction,
/** In the order of service, from 1. */
place: number,
/** How far its visit is. */
state: QueuedState,
/** When it came into the centre. */
arrived_at: Time,
/** When it entered this queue. */
entered_at: Time,
/** In steps of head start. */
priority: number,
/** To whom it is held out, or whose leg is being connected. */
agents?: Array<AgentName>,
/** Where it came from. */
from?: Address | null,
/** Who it is, as far as known, without the name: `contact.show` has it. */
customer?: Customer | null, };

/** How far a visit is that has not ended. */
export type QueuedState = "waiting" | "offered" | "connecting";

/** Erase a recording, whole: say `order.done` when neither file nor copy is left here, also when there was none, or `order.failed`. It is asked again, under other orders, until it is done. */
export type RecordingEraseOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** The server's name for the recording. */
recording: RecordingId,
/** Where the gateway said that it keeps it; absent when it did not say. */
file?: RecordingFile | null, };

/** Why a recording failed, or could not be paused or resumed. */
export type RecordingFailure = "storage_full" | "timed_out" | "failed";

/** Where a gateway keeps a recording, in its own words: a path, an address. */
export type RecordingFile = string;

/** The server's name for a recording. */
export type RecordingId = string;

/** Do something with a recording, then say `recording.state` or `order.failed`. What is so already is done. It ends with its contact, without an order. */
export type RecordingOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** The server's name for the recording. */
recording: RecordingId, };

/** What is asked of a recording. */
export type RecordingShouldBe = "recording" | "paused" | "stopped";

/** How a recording goes on, as its gateway says. */
export type RecordingState = "recording" | "paused" | "finished" | "failed";

/** The gateway's own name for a contact, unique at that gateway while the contact lives and 10 minutes after. */
export type Ref = string;

/** The sender's own id of a request: an integer or text. An agent's that is a UUID also makes a repeat of the request safe. */
export type RequestId = number | string;

/** The place at which to go on. */
export type Resume = {
/** The `resume_token` of the session that broke off. */
token: Secret,
/** The last event that was received. */
seq: Seq, };

/** An agent's phone that rings with an offer. */
export type RingingPhone = {
/** Which order to connect. */
order: OrderId,
/** Whose device. */
agent: AgentName,
/** The device. */
endpoint: Endpoint,
/** By the server's clock; the offer ends then. */
not_after: Time, };

/** What a session is for. */
export type Role = "agent" | "supervisor" | "campaign_manager" | "admin" | "gateway";

/** How content the customer was with one contact. */
export type ScoredContact = {
/** When the contact came. */
at: Time,
/** From 1; the centre's own scale. */
score: number, };

/** What a person typed to find somebody. */
export type SearchText = string;

/** A token, ticket or key. */
export type Secret = string;

/** A segment is over and no longer in hand. */
export type SegmentClosed = {
/** Which contact. */
contact: ContactId,
/** Which segment. */
segment: SegmentId,
/** Whether agent and customer were ever connected. */
connected: boolean,
/** Why the agent's leg could not be connected, if that is what happened: the contact is back in its place. */
failure?: OrderFailure | null,
/** Why the customer could not be called, if that is what happened. */
call_failure?: CallFailure | null,
/** Why the call to the customer was not placed, if that is what happened. */
not_placed?: NotPlaced | null,
/** Time connected, neither on hold nor set aside, in milliseconds. */
talk_ms: number,
/** Time on hold, in milliseconds. */
hold_ms: number,
/** Time to finish up, in milliseconds. */
wrap_up_ms: number,
/** The result that was given. */
disposition?: Name | null,
/** When. */
at: Time, };

/** The router's number of a segment: one agent's part in a contact. */
export type SegmentId = string;

/** A segment that the agent has in hand, wrap-ups included. */
export type SegmentInHand = {
/** Which segment. */
segment: SegmentId,
/** Which contact. */
contact: ContactId,
/** How it is carried. */
channel: Channel,
/** Where it waited. */
queue: QueueName,
/** Who carries it. */
gateway?: GatewayName | null,
/** How far the segment is. */
state: SegmentState,
/** Since when. */
since: Time,
/** Where the contact came from. */
from?: Address | null,
/** What it reached. */
to?: Address | null,
/** What the gateway knows about it. */
attributes: Attributes,
/** Who is calling, if known. */
customer?: Customer | null,
/** Set when a colleague asks: there is a customer behind it. */
asked_by?: AskedBy | null,
/** How it came to the agent, the oldest first; empty when it was never passed on. */
path?: Array<PathStep>,
/** Set when a campaign calls it. */
lead?: LeadCalled | null,
/** When wrap-up ends by itself, by the server's clock. */
ends_at?: Time | null,
/** When wrap-up ends by itself, in milliseconds from now. */
ends_in_ms?: number | null,
/** Whether a result must be given. */
disposition: DispositionRule,
/** The agent's note as far as he has written it. */
note?: NoteText | null,
/** Set when the call is recorded, or was. */
recording?: CallRecording | null, };

/** Something happened to one of the agent's segments. */
export type SegmentMoment = {
/** Which contact. */
contact: ContactId,
/** Which segment. */
segment: SegmentId,
/** When. */
at: Time, };

/** How far a segment is. */
export type SegmentState = "connecting" | "talking" | "held" | "set_aside" | "wrap_up";

/** The number of a pushed event within its session: 1, 2, 3 … without a gap. 0 stands before the first. */
export type Seq = number;

/** Everything up to here has been received and need not be kept for a resume. */
export type SessionAck = {
/** The last event that was received. */
seq: Seq, };

/** The client logs out of this session; it cannot be resumed. The socket is closed with 4010. */
export type SessionClose = Record<symbol, never>;

/** The server's name for one session. */
export type SessionId = string;

/** The first message of a session, within 5 s and 4 KiB. */
export type SessionOpen = {
/** What the session is for. */
role: Role,
/** Who is there, when neither a ticket in the subprotocol nor an `Authorization` header has said so. */
auth?: Auth | null,
/** Goes on where an earlier session of the same person or gateway stopped, if its socket died less than 60 s ago. */
resume?: Resume | null,
/** The program and its version, for the logs. */
client?: Name | null, };

/** The session is open. */
export type SessionOpened = {
/** The server's name for this session. */
session: SessionId,
/** Goes into `resume` when the socket dies. */
resume_token: Secret,
/** The event after which this session's events go on: the next one has `seq` + 1. */
seq: Seq,
/** True: what was missed follows as events. False: `snapshot` is all there is, and earlier knowledge is void. */
resumed: boolean,
/** The server pings this often, in milliseconds; two missed close the socket. */
heartbeat_ms: number,
/** The server's clock. */
server_time: Time,
/** How many times as fast as a wall clock the centre's time runs; 1 but in a demo. */
clock_speed: number,
/** The centre that this server routes for. */
site: Name,
/** All that this session may see now; absent when resumed. */
snapshot?: Snapshot | null, };

/** `session.ping`: nothing but the question. */
export type SessionPing = Record<symbol, never>;

/** The same person opened a session elsewhere; this one will be closed with 4004. */
export type SessionTakenOver = {
/** When that was. */
at: Time, };

/** What a contact should be doing, whatever the gateway last heard. */
export type ShouldBe = { "state": "queued",
/** Where it waits. */
queue: QueueName, } | { "state": "ringing",
/** Each phone that rings, with its order to connect. */
phones: Array<RingingPhone>, } | { "state": "suspended",
/** By whom. */
agent: AgentName, } | { "state": "to_be_called" } | { "state": "placing",
/** Which order. */
order: OrderId,
/** The customer's number, in E.164. */
to: Address,
/** Who makes the call. */
agent: AgentName,
/** The agent's device. */
endpoint: Endpoint,
/** The device answers by itself: its agent has accepted at his console. */
auto_answer?: boolean,
/** Whose phone rings first. */
first: FirstCalled,
/** How long the customer's phone rings, in milliseconds. */
ring_for_ms: number,
/** The number that the customer is shown; absent: the gateway's own. */
caller_id?: Address | null,
/** By the server's clock; after it the order is void. */
not_after: Time, } | { "state": "connecting",
/** Which order. */
order: OrderId,
/** Whose device. */
agent: AgentName,
/** The device. */
endpoint: Endpoint,
/** The device answers by itself: its agent has accepted at his console. */
auto_answer?: boolean,
/** By the server's clock; after it the order is void. */
not_after: Time, } | { "state": "connected",
/** Whose device. */
agent: AgentName,
/** The device. */
endpoint: Endpoint, } | { "state": "held",
/** Whose device. */
agent: AgentName,
/** The device. */
endpoint: Endpoint, } | { "state": "announcing",
/** Which order; done when the message is over. */
order: OrderId,
/** By the server's clock; then the server ends the contact. */
not_after: Time,
/** Which message, by the name that the rules give it. */
message: Name, } | { "state": "voicemail",
/** Which order; done when the caller is in the mailbox. Absent once it is. */
order?: OrderId | null,
/** By the server's clock; then the caller waits again. Absent once the order is done. */
not_after?: Time | null,
/** Which mailbox; the gateway's own if left out. */
mailbox?: Name | null, } | { "state": "transferring",
/** Which order; done when the caller is with that number. */
order: OrderId,
/** By the server's clock; then the caller waits again. */
not_after: Time,
/** The number, in E.164. */
to: Address, } | { "state": "ending",
/** Which order. */
order: OrderId, };

/** A skill and the least level that is asked. */
export type SkillWhy = {
/** Which skill. */
skill: Name,
/** From 1 to 10. */
level: number, };

/** All that a session may see at this moment, by its role. */
export type Snapshot = { "role": "agent" } & AgentSnapshot | { "role": "supervisor" } & BoardSnapshot | { "role": "gateway" } & GatewaySnapshot;

/** Whose message it was. */
export type Speaker = "customer" | "agent";

/** What an agent is doing, in one word of presence and activity. */
export type Standing = "idle" | "wrap_up" | "offered" | "busy" | "not_ready" | "not_responding" | "unreachable" | "offline";

/** One step of the queue. */
export type StepWhy = {
/** From 1, in the order of the rules. */
step: number,
/** It was taken already. */
taken: boolean,
/** Not before then. */
due: Time,
/** The condition it names. */
when?: Text | null,
/** Whether that holds. */
when_holds?: boolean | null,
/** Why it could not be evaluated. */
when_failed?: Text | null,
/** Whether nobody could match, when the step asks for that. */
nobody_could_match?: boolean | null,
/** It names a queue that is no longer there. */
leads_nowhere?: boolean,
/** All it names holds now. */
holds: boolean,
/** Levels it asks instead. */
asks?: Array<SkillWhy>,
/** Skills it no longer asks. */
drops?: Array<Name>,
/** The queue whose agents may serve, too. */
joins?: QueueName | null,
/** What it adds to the priority. */
raises_by?: number | null,
/** The queue it moves the contact to. */
moves_to?: QueueName | null, };

/** What kind of thing an id names. */
export type Subject = "contact" | "ref" | "offer" | "segment" | "order" | "endpoint" | "work";

/** A team of agents, as the rules name it. */
export type TeamName = string;

/** A key of a telephone: 0 to 9, *, #, A to D. */
export type TelephoneKey = string;

/** Keys of a telephone, one after the other: 1 to 32 of 0 to 9, *, #, A to D. */
export type TelephoneKeys = string;

/** What a person wrote: a note, a notice. */
export type Text = string;

/** A time as RFC 3339 text in UTC with milliseconds, from 1990 to the end of 2099. Finer fractions are cut off. */
export type Time = string;

/** How many agents there are, by what stands between. Each counts once. */
export type TotalsWhy = {
/** All that the rules ever named. */
agents: number,
/** Who meet what is asked: the sum of all below. */
matched: number,
/** Nothing stands between. */
could_be_offered: number,
/** It is held out to them. */
offered: number,
/** They are not there. */
away: number,
/** Another contact is held out to them. */
offered_another: number,
/** They have a contact in hand. */
busy: number,
/** They ask a colleague. */
consulting: number,
/** They finish up. */
wrap_up: number,
/** A hold stands between. */
held: Array<HeldWhy>,
/** It is held out to as many others as its queue allows. */
offers_out: number, };

/** An agent to whom a contact may be given. */
export type TransferAgent = {
/** Who. */
agent: AgentName,
/** What the agent is called. */
name: PersonName,
/** What the agent is doing. */
standing: Standing,
/** Since when. */
since: Time, };

/** How a contact is handed on. */
export type TransferKind = "blind" | "consult";

/** Connect the caller with a number outside, and say `order.done` when it is there or `order.failed`. After `order.done` the contact is over for the server: the gateway names it no more, neither in events nor in inventories. */
export type TransferOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. The caller is with that number by then, or waits again. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** The number, in E.164. */
to: Address, };

/** A queue to which a contact may be given. */
export type TransferQueue = {
/** Which queue. */
queue: QueueName,
/** Who waits there, offered and connecting included. */
waiting: number,
/** Agents who serve it and are available, whatever they have in hand. */
agents_available: number,
/** Of these, those with nothing in hand. */
agents_idle: number,
/** How long somebody who came now would have to wait; absent while nothing is known. */
estimated_wait?: EstimatedWait | null,
/** A supervisor paused it: nothing of it is offered. */
paused: boolean, };

/** Asks for agents and queues that a contact may be given to. */
export type TransferTargets = {
/** Part of the name of an agent or a queue; all if left out. */
search?: Name | null, };

/** At most 50 of each, whoever is free first. */
export type TransferTargetsFound = {
/** Agents, without the one who asks. */
agents: Array<TransferAgent>,
/** Queues. */
queues: Array<TransferQueue>,
/** There are more that match. */
is_more: boolean, };

/** Where a contact goes: exactly one of these. */
export type TransferTo = { "queue": QueueName } | { "agent": AgentName } | { "number": Address };

/** The value `true`. */
export type True = true;

/** Let the caller leave a message, and say `order.done` when he is in the mailbox or `order.failed`; then `contact.ended` when he hangs up. */
export type VoicemailOrder = {
/** Which order; carried out at most once. */
order: OrderId,
/** By the server's clock; after it the answer is `too_late`. The caller is in the mailbox by then, or waits again. */
not_after: Time,
/** Which contact. */
contact: ContactId,
/** The gateway's own name for it. */
ref: Ref,
/** Which mailbox; the gateway's own if left out. */
mailbox?: Name | null, };

/** A contact in a queue, and all that keeps it there. */
export type WaitingWhy = {
/** How it came here. */
cause: WhyQueuedBy,
/** The entry rule that chose the queue. */
rule?: Name | null,
/** Since when it waits here. */
entered_at: Time,
/** Its place in line counts from then. */
ordered_since: Time,
/** From 1, in the order of service. */
place: number,
/** How many wait here. */
waiting: number,
/** 1 is served first. */
tier: number,
/** Its queue is served before the others of its tier. */
strict: boolean,
/** It goes before all others: its customer has answered our call. */
first_in_line: boolean,
/** In steps of head start, or of rank in a strict queue. */
priority: number,
/** What priority and queue are worth, in milliseconds. */
head_start_ms: number,
/** What is asked of an agent. */
skills: Array<SkillWhy>,
/** Queues whose agents may serve, too. */
joined?: Array<QueueName>,
/** The one agent who is waited for. */
waits_for?: WaitsForWhy | null,
/** What keeps it from everybody. */
hold?: HoldReason | null,
/** When that ends by itself. */
hold_until?: Time | null,
/** To whom it is held out. */
offers?: Array<OpenOfferWhy>,
/** Offers in a row without an accept. */
offers_in_row: number,
/** The queue's tie-breakers, in order. */
select: Array<DecidedBy>,
/** Why no step and no exit is looked at now. */
paused?: WhyPaused | null,
/** The queue's steps. */
steps: Array<StepWhy>,
/** The queue's exits. */
exits: Array<ExitWhy>,
/** Which step comes next. */
next_step?: NextStepWhy | null,
/** Which exit comes next. */
next_exit?: NextExitWhy | null,
/** How many agents, by what stands between. */
totals: TotalsWhy,
/** Who could be offered it, the best first; then those who match, then the others. At most 500. */
agents: Array<AgentOfContactWhy>,
/** How many of the last are left out. */
agents_left_out: number, };

/** The one agent who is waited for alone. */
export type WaitsForWhy = {
/** Who. */
agent: AgentName,
/** Until when. */
until: Time,
/** The queue it goes to then; absent: anybody of its queue may have it. */
behind?: QueueName | null, };

/** Where an exit leads. */
export type WhyAction = "queue" | "hang_up" | "voicemail" | "announce" | "callback";

/** Asks why an agent gets nothing now, or got nothing right before a decision. */
export type WhyAgent = {
/** Which agent. */
agent: AgentName,
/** A decision: an offer, an entry, a step or an exit, of whichever contact. */
event?: JournalNumber | null, };

/** Why an agent is not there. */
export type WhyAway = "not_logged_in" | "not_ready" | "about_to_leave" | "console_lost" | "unreachable";

/** What stands between an agent and a contact: the first thing found. */
export type WhyBetween = "nothing" | "offered" | "missing" | "away" | "offered_another" | "busy" | "consulting" | "wrap_up" | "held" | "offers_out";

/** Asks why a contact is where it is. Once it has ended: why it was decided last as it was. */
export type WhyContact = {
/** Which contact. */
contact: ContactId,
/** A decision about it: an offer, an entry, a step or an exit. */
event?: JournalNumber | null,
/** Whether to list all decisions about it, too. */
decisions: boolean, };

/** What a decision was about. */
export type WhyDecided = "offered" | "entered" | "entered_anew" | "step_taken" | "exit_taken";

/** What an agent lacks. */
export type WhyMissing = "not_in_rules" | "never_offered" | "channel_not_served" | "no_phone" | "not_the_one" | "not_in_team" | "skill" | "condition";

/** Why no step and no exit of the queue is looked at. */
export type WhyPaused = "offered" | "direct" | "gateway_away";

/** What an agent has in hand. */
export type WhyPhase = "offered" | "connecting" | "with_customer" | "leg_lost" | "set_aside" | "wrap_up";

/** How a contact came to wait in its queue. */
export type WhyQueuedBy = "entry" | "transfer" | "direct_expired" | "agent_lost" | "step" | "exit" | "exit_failed" | "queue_dropped" | "taken_up" | "callback" | "callback_due" | "moved" | "assigned" | "work" | "campaign" | "handed_back" | "consultation" | "escalated" | "leg_lost" | "transfer_failed";

/** Whether an agent's console is there. */
export type WhyReach = "here" | "away" | "unreachable" | "gone";

/** What an entry rule said. */
export type WhySaid = "holds" | "does_not_hold" | "other_channel" | "failed";

/** Where a contact stands. */
export type WhyStanding = "waiting" | "in_hand" | "suspended" | "leaving" | "transferring" | "promised" | "between";

/** What changed in the list. */
export type WorkChanged = {
/** New, or other than they were told before. */
entries: Array<ListEntry>,
/** Contacts that are no longer in it. */
contacts_gone?: Array<ContactId>,
/** Work that is no longer in it. */
work_gone?: Array<WorkId>,
/** There is more than fits. */
has_more: boolean, };

/** It is done, or will not be. */
export type WorkClose = {
/** Which piece of work. */
work: WorkId,
/** As it was shown. */
version: number,
/** What came of it. */
outcome: Text, };

/** Adds a piece of work. */
export type WorkCreate = {
/** What is to be done. With neither owner nor team it is the agent's own. */
fields: WorkFields,
/** For whom. */
customer?: CustomerId | null,
/** The contact that it comes from. */
contact?: ContactId | null, };

/** Hands work to those who decide more. */
export type WorkEscalate = {
/** Which piece of work. */
work: WorkId,
/** As it was shown. */
version: number,
/** To whom. */
team: TeamName,
/** Why. */
reason: Text, };

/** That work was handed to those who decide more. */
export type WorkEscalation = {
/** To whom. */
team: TeamName,
/** When. */
at: Time,
/** Why. */
reason: Text, };

/** What a person writes of a piece of work. */
export type WorkFields = {
/** What it is. */
kind: WorkKind,
/** In a line. */
title: Text,
/** What is to be done. */
text?: Text | null,
/** What it is about, in the centre's words. */
category?: Name | null,
/** When it is to be done. */
due?: Time | null,
/** Who is to do it. */
owner?: AgentName | null,
/** Which team is to do it. */
team?: TeamName | null,
/** Where it is routed as a task when it falls due; without one it only stands in the list. */
queue?: QueueName | null, };

/** The number of a piece of work in our records. */
export type WorkId = string;

/** What is to be done. */
export type WorkKind = "task" | "service_request" | "sales_lead" | "complaint";

/** The list: by due time, without one last. */
export type WorkList = {
/** At most 500. */
entries: Array<ListEntry>,
/** There is more than fits. */
has_more: boolean, };

/** Names a piece of work as it was shown: changed by somebody else meanwhile, what is asked is refused. */
export type WorkNamed = {
/** Which piece of work. */
work: WorkId,
/** As it was shown. */
version: number, };

/** How far something in the list is. */
export type WorkState = "open" | "taken" | "waiting" | "in_hand" | "suspended" | "promised";

/** The work that was added or changed. */
export type WorkStored = {
/** Which piece of work. */
work: WorkId,
/** What the next change names. */
version: number,
/** Taken: the task that the agent has now; none: it has no queue. */
contact?: ContactId | null, };

/** Changes what a person writes of it, as a whole. */
export type WorkUpdate = {
/** Which piece of work. */
work: WorkId,
/** As it was shown. */
version: number,
/** What is left out is taken away. */
fields: WorkFields, };

/** Asks for the list; from then on `work.changed` tells what changes in it. */
export type WorkWatch = Record<symbol, never>;

/** The agent needs longer to finish up. */
export type WrapUpExtend = {
/** Which contact. */
contact: ContactId,
/** Which segment, if the agent had the contact twice; otherwise the one in wrap-up. */
segment?: SegmentId | null,
/** How much longer, in milliseconds: from 1 second to 1 hour. */
by_ms: DurationMs, };

/** When wrap-up now ends. */
export type WrapUpExtended = {
/** By the server's clock. */
ends_at: Time,
/** From now, in milliseconds. */
ends_in_ms: number, };

/** The agent has finished up and is free for the next contact. */
export type WrapUpFinish = {
/** Which contact. */
contact: ContactId,
/** Which segment, if the agent had the contact twice; otherwise the one in wrap-up. */
segment?: SegmentId | null,
/** The result, in the centre's words. */
disposition?: Name | null,
/** What the next agent should know; in place of the draft that `contact.note` kept, empty too. Left out, the draft is filed. */
note?: NoteText | null,
/** The customer is to be called. All of this message is done, or none of it. */
callback?: FollowUpCall | null, };

/** The conversation is over and the agent has time to finish up. */
export type WrapUpStarted = {
/** Which contact. */
contact: ContactId,
/** Which segment. */
segment: SegmentId,
/** When it ends by itself, by the server's clock; absent: never. */
ends_at?: Time | null,
/** When it ends by itself, in milliseconds from now; absent: never. */
ends_in_ms?: number | null,
/** Whether a result must be given. */
disposition: DispositionRule, };

/** Requests of the client: params and result by method. */
export interface AgentAsks {
  /** Chooses a presence; also how a not responding agent comes back. */
  "presence.set": { params: PresenceSet, result: Nothing },
  /** The console shows the offer; due within 2 s. */
  "offer.received": { params: OfferReceived, result: Nothing },
  /** Takes the contact. */
  "offer.accept": { params: OfferAccept, result: OfferAccepted },
  /** Does not take the contact. */
  "offer.decline": { params: OfferDecline, result: Nothing },
  /** Puts the customer on hold. */
  "contact.hold": { params: OwnContact, result: Nothing },
  /** Takes the customer off hold. */
  "contact.unhold": { params: OwnContact, result: Nothing },
  /** Presses keys of a telephone; the customer's end hears them. */
  "contact.dtmf": { params: ContactDtmf, result: Nothing },
  /** Logs out, and says what becomes of the contacts in hand. */
  "presence.log_out": { params: PresenceLogOut, result: Nothing },
  /** Hands the contact on to a queue, an agent or a number outside, at once or after a word with them. */
  "contact.transfer": { params: ContactTransfer, result: Nothing },
  /** Asks where a contact may go, and who is free there. */
  "transfer.targets": { params: TransferTargets, result: TransferTargetsFound },
  /** Whoever was asked gets the customer. */
  "transfer.complete": { params: OwnContact, result: Nothing },
  /** Back to the customer, without whoever was asked. */
  "transfer.cancel": { params: OwnContact, result: Nothing },
  /** From the customer to whoever was asked, or back; the other is on hold. */
  "transfer.swap": { params: OwnContact, result: Nothing },
  /** Whoever was asked joins agent and customer. */
  "conference.add": { params: OwnContact, result: Nothing },
  /** Takes whoever was asked out again. */
  "conference.remove": { params: OwnContact, result: Nothing },
  /** Leaves customer and whoever was asked to each other; or leaves a consultation. */
  "contact.leave": { params: OwnContact, result: Nothing },
  /** Hands the contact on to those with more authority, in its old place. */
  "contact.escalate": { params: ContactEscalate, result: Nothing },
  /** Lays a chat, an email or a task down until the customer writes, or until a time. */
  "contact.suspend": { params: ContactSuspend, result: Nothing },
  /** What is said from now on is not recorded. */
  "recording.pause": { params: OwnContact, result: Nothing },
  /** It is recorded again. */
  "recording.resume": { params: OwnContact, result: Nothing },
  /** Ends the contact. */
  "contact.end": { params: OwnContact, result: Nothing },
  /** Takes a waiting email or task from the list: an offer, and its accept. */
  "contact.take": { params: OwnContact, result: Nothing },
  /** Says whose contact it is. */
  "contact.customer": { params: ContactCustomer, result: Nothing },
  /** Asks for the next lead of a campaign that is dialled by hand; it comes as contact.offered. */
  "lead.next": { params: NamedCampaign, result: Nothing },
  /** Promises that the customer is called. */
  "callback.schedule": { params: CallbackSchedule, result: Nothing },
  /** Ends wrap-up, with the result, a note, and a call that is promised. */
  "wrap_up.finish": { params: WrapUpFinish, result: Nothing },
  /** Asks for more time to finish up. */
  "wrap_up.extend": { params: WrapUpExtend, result: WrapUpExtended },
  /** Asks for the agent's own figures of the day. */
  "figures.show": { params: FiguresShow, result: OwnFigures },
  /** Asks for the list of what is the agent's or his teams', live from then on. */
  "work.watch": { params: WorkWatch, result: WorkList },
  /** Adds a piece of work. */
  "work.create": { params: WorkCreate, result: WorkStored },
  /** Begins it; work with a queue becomes a task in hand. */
  "work.take": { params: WorkNamed, result: WorkStored },
  /** Changes what is written of it, if nobody else did meanwhile. */
  "work.update": { params: WorkUpdate, result: WorkStored },
  /** Hands it to a team that decides more. */
  "work.escalate": { params: WorkEscalate, result: WorkStored },
  /** It is done, or will not be. */
  "work.close": { params: WorkClose, result: WorkStored },
  /** Writes to the customer of a chat or an email; message.status says what becomes of it. */
  "message.send": { params: MessageSend, result: MessageSent },
  /** Asks for what was written in a contact. */
  "message.list": { params: MessageList, result: MessagesListed },
  /** The agent is writing to the customer. */
  "contact.typing": { params: OwnContact, result: Nothing },
  /** Keeps the agent's note as far as it is written. */
  "contact.note": { params: ContactNote, result: Nothing },
}

/** Notifications of the server: params by method. */
export interface AgentHears {
  /** The agent's own state, whole. */
  "agent.changed": Numbered<AgentState>,
  /** A contact is held out; answered at once with offer.received. */
  "contact.offered": Numbered<ContactOffered>,
  /** An offer is over. */
  "offer.ended": Numbered<OfferEnded>,
  /** The agent's leg is being connected. */
  "contact.connecting": Numbered<SegmentMoment>,
  /** Agent and customer are connected. */
  "contact.connected": Numbered<SegmentMoment>,
  /** The customer is on hold. */
  "contact.held": Numbered<SegmentMoment>,
  /** The customer is off hold. */
  "contact.unheld": Numbered<SegmentMoment>,
  /** The agent serves a more urgent contact first; the clock of this one stands. */
  "contact.set_aside": Numbered<SegmentMoment>,
  /** A contact that was set aside is in hand again. */
  "contact.taken_up": Numbered<SegmentMoment>,
  /** A contact was laid down. */
  "contact.suspended": Numbered<ContactSuspended>,
  /** The recording of a call in hand has changed, or is to change. */
  "contact.recording": Numbered<ContactRecording>,
  /** The agent's leg is gone and is rung again. */
  "contact.leg_lost": Numbered<LegLost>,
  /** The agent's leg is there again. */
  "contact.leg_back": Numbered<SegmentMoment>,
  /** Somebody is asked about a contact in hand. */
  "party.invited": Numbered<PartyInvited>,
  /** Whoever was asked is on the line, or in a conference. */
  "party.joined": Numbered<PartyJoined>,
  /** A consultation is over. */
  "party.left": Numbered<PartyLeft>,
  /** The agent who was asked has the customer now. */
  "contact.taken_over": Numbered<ContactTakenOver>,
  /** A contact was handed on. */
  "contact.transferred": Numbered<ContactTransferred>,
  /** More is known about a contact in hand or on offer. */
  "contact.updated": Numbered<ContactUpdated>,
  /** A contact in hand has ended. */
  "contact.ended": Numbered<ContactEnded>,
  /** There is time to finish up. */
  "wrap_up.started": Numbered<WrapUpStarted>,
  /** A segment is no longer in hand. */
  "segment.closed": Numbered<SegmentClosed>,
  /** A call to a lead came to nothing. */
  "lead.not_reached": Numbered<LeadNotReached>,
  /** A message in a contact in hand that the agent did not write himself. */
  "message.received": Numbered<MessageReceived>,
  /** How far a message of the agent's is. */
  "message.status": Numbered<MessageStatusChanged>,
  /** The customer is writing. */
  "contact.typing": CustomerTyping,
  /** Something changed in the list of the agent's work, once it is watched. */
  "work.changed": Numbered<WorkChanged>,
}

/** Requests of the client: params and result by method. */
export interface GatewayAsks {
  /** A contact is there and wants service. */
  "contact.arrived": { params: ContactArrived, result: ContactQueued },
  /** More is known about a contact. */
  "contact.updated": { params: GatewayContactUpdated, result: Nothing },
  /** The customer left before an agent answered. */
  "contact.abandoned": { params: ContactAbandoned, result: Nothing },
  /** A waiting caller pressed a key. */
  "contact.exit_key": { params: ContactExitKey, result: Nothing },
  /** Customer and agent are connected. */
  "contact.connected": { params: GatewayContactConnected, result: Nothing },
  /** A line of a chat, a mail or an answer to a task has passed. */
  "message.passed": { params: MessagePassed, result: Nothing },
  /** How a call that was to be placed goes on at the customer's end. */
  "call.progress": { params: CallProgress, result: Nothing },
  /** A contact is over. */
  "contact.ended": { params: GatewayContactEnded, result: Nothing },
  /** An agent's leg is gone, though no order said so. */
  "party.left": { params: GatewayPartyLeft, result: Nothing },
  /** An order has been carried out. */
  "order.done": { params: OrderDone, result: Nothing },
  /** An order could not be carried out. */
  "order.failed": { params: OrderFailed, result: Nothing },
  /** How a supervisor's leg goes on; it is not in the journal. */
  "monitor.changed": { params: GatewayMonitorChanged, result: Nothing },
  /** How a recording goes on, after the end of its contact, too. */
  "recording.state": { params: GatewayRecordingState, result: Nothing },
  /** A device changed. */
  "device.state": { params: DeviceChanged, result: Nothing },
  /** A page of all that is live at the gateway. */
  "inventory": { params: Inventory, result: Nothing },
  /** How many calls the gateway carries at once. */
  "gateway.lines": { params: GatewayLines, result: Nothing },
  /** Asks where a contact stands now, to say it to the caller. */
  "contact.place": { params: ContactPlace, result: ContactQueued },
}

/** Notifications of the server: params by method. */
export interface GatewayHears {
  /** The agent is writing; for the customer to see. */
  "contact.typing": AgentTyping,
}

/** Requests of the server: params and result by method. */
export interface GatewayOrders {
  /** Connects a contact with an agent's device; then contact.connected or order.failed. */
  "contact.connect": { params: ConnectOrder, result: OrderAnswer },
  /** Joins the customer with whoever was asked, takes the first agent's leg off, and ends the consultation; then order.done or order.failed. */
  "transfer.complete": { params: ConsultationOrder, result: OrderAnswer },
  /** Lets customer, first agent and whoever was asked hear each other; then order.done or order.failed. */
  "conference.join": { params: ConsultationOrder, result: OrderAnswer },
  /** Takes an agent's leg off; the customer hears music again. */
  "party.remove": { params: ConnectOrder, result: OrderAnswer },
  /** Puts the customer on hold; then order.done or order.failed. */
  "contact.hold": { params: ContactOrder, result: OrderAnswer },
  /** Takes the customer off hold; then order.done or order.failed. */
  "contact.unhold": { params: ContactOrder, result: OrderAnswer },
  /** Sends the tones of telephone keys to the customer's end. */
  "contact.dtmf": { params: DtmfOrder, result: OrderAnswer },
  /** The agent has laid the contact down: takes his leg off; the customer's next message.passed brings it back. Then order.done or order.failed. */
  "contact.suspend": { params: ContactOrder, result: OrderAnswer },
  /** Plays a message to the caller; order.done when it is over, or order.failed. */
  "contact.play": { params: PlayOrder, result: OrderAnswer },
  /** Lets the caller leave a message; order.done when he is in the mailbox, or order.failed. */
  "contact.voicemail": { params: VoicemailOrder, result: OrderAnswer },
  /** Takes the agent's leg off and connects the caller with a number outside; order.done when it is there and the call is the gateway's alone, or order.failed. */
  "contact.transfer": { params: TransferOrder, result: OrderAnswer },
  /** Takes the caller out of message, mailbox or transfer: he waits again and hears music; then order.done or order.failed. */
  "contact.stop_play": { params: ContactOrder, result: OrderAnswer },
  /** Calls a customer for an agent; then call.progress, and contact.connected or order.failed. */
  "call.place": { params: CallPlaceOrder, result: OrderAnswer },
  /** Gives a call up that is being placed; then order.done or order.failed. */
  "call.cancel": { params: CallCancelOrder, result: OrderAnswer },
  /** Records what is said in a call; then recording.state or order.failed. */
  "recording.start": { params: RecordingOrder, result: OrderAnswer },
  /** Records nothing until it is resumed; then recording.state or order.failed. */
  "recording.pause": { params: RecordingOrder, result: OrderAnswer },
  /** Records again, in the same file; then recording.state or order.failed. */
  "recording.resume": { params: RecordingOrder, result: OrderAnswer },
  /** Ends the recording of a call that goes on; then recording.state or order.failed. */
  "recording.stop": { params: RecordingOrder, result: OrderAnswer },
  /** Erases a recording, whole; then order.done or order.failed. */
  "recording.erase": { params: RecordingEraseOrder, result: OrderAnswer },
  /** Brings the leg of an agent up who has logged in, and keeps it up between contacts: he is connected without ringing. */
  "agent_leg.open": { params: AgentLegOrder, result: OrderAnswer },
  /** Hangs the leg of an agent up who has logged out. */
  "agent_leg.close": { params: AgentLegOrder, result: OrderAnswer },
  /** Rings a supervisor's device and brings it on the line; then monitor.changed. */
  "monitor.start": { params: MonitorOrder, result: OrderAnswer },
  /** Lets others on the line hear it, or no longer. */
  "monitor.mode": { params: MonitorModeOrder, result: OrderAnswer },
  /** Takes it off; then monitor.changed. */
  "monitor.stop": { params: MonitorStopOrder, result: OrderAnswer },
  /** Brings a message to the customer; then order.done when he has it, or order.failed. */
  "message.send": { params: MessageOrder, result: OrderAnswer },
  /** Hangs up, or gives up to call; nothing is left of the contact; then contact.ended or order.failed. */
  "contact.end": { params: ContactOrder, result: OrderAnswer },
  /** Asks for an inventory at once. */
  "inventory.send": { params: InventorySend, result: OrderAnswer },
}

/** Notifications of the client: params by method. */
export interface GatewayTells {
  /** The customer is writing. */
  "contact.typing": GatewayTyping,
}

/** Requests of the client: params and result by method. */
export interface PersonAsks {
  /** Asks for all about one customer. */
  "customer.show": { params: CustomerShow, result: CustomerShown },
  /** Finds customers by an address, part of a name in any script, or words of a note. */
  "customer.search": { params: CustomerSearch, result: CustomersFound },
  /** Adds a customer. */
  "customer.create": { params: CustomerCreate, result: CustomerStored },
  /** Changes a customer, if nobody else did meanwhile. */
  "customer.change": { params: CustomerChange, result: CustomerStored },
}

/** Requests of the client: params and result by method. */
export interface SessionAsks {
  /** The first message: says what the session is for and who is there. */
  "session.open": { params: SessionOpen, result: SessionOpened },
  /** Asks whether the server is there: browsers cannot see a WebSocket's own pings. */
  "session.ping": { params: SessionPing, result: Pong },
  /** Logs out of this session. */
  "session.close": { params: SessionClose, result: Nothing },
}

/** Notifications of the server: params by method. */
export interface SessionHears {
  /** A message for a person. */
  "notice": Numbered<Notice>,
  /** The server stops; says when to come back. */
  "going_away": GoingAway,
  /** The same person opened a session elsewhere. */
  "session.taken_over": SessionTakenOver,
}

/** Notifications of the client: params by method. */
export interface SessionTells {
  /** Says now and then which events have been received. */
  "session.ack": SessionAck,
}

/** Requests of the client: params and result by method. */
export interface SupervisorAsks {
  /** Chooses what the dashboard shows from now on. */
  "board.watch": { params: BoardWatch, result: BoardSnapshot },
  /** Chooses an agent's presence. */
  "agent.set_presence": { params: AgentSetPresence, result: Nothing },
  /** Logs an agent out. */
  "agent.log_out": { params: AgentLogOut, result: Nothing },
  /** Moves a waiting contact to another queue. */
  "contact.move": { params: ContactMove, result: Nothing },
  /** Gives a waiting contact another priority. */
  "contact.prioritise": { params: ContactPrioritise, result: Nothing },
  /** Gives a waiting contact to one agent. */
  "contact.assign": { params: ContactAssign, result: Nothing },
  /** Ends a contact. */
  "contact.close": { params: ContactClose, result: Nothing },
  /** Asks who waits in a queue, in the order of service. */
  "queue.show": { params: QueueShow, result: QueueShown },
  /** Nothing more of the queue is offered; its contacts keep their places. */
  "queue.pause": { params: NamedQueue, result: Nothing },
  /** The queue is served again. */
  "queue.resume": { params: NamedQueue, result: Nothing },
  /** Asks where a contact is, and for all that happened to it. */
  "contact.show": { params: ContactShow, result: ContactShown },
  /** Asks for the last hours of a queue or of the centre. */
  "history.show": { params: HistoryShow, result: HistoryShown },
  /** Rings the supervisor's device and brings him on the line of a call; then monitor.changed. */
  "monitor.start": { params: MonitorStart, result: Nothing },
  /** Lets others on the line hear him, or no longer. */
  "monitor.mode": { params: MonitorChange, result: Nothing },
  /** He leaves the line. */
  "monitor.stop": { params: MonitorStop, result: Nothing },
  /** Says something to agents who are there. */
  "notice.send": { params: NoticeSend, result: NoticeSent },
  /** Its leads are called from now on. */
  "campaign.start": { params: NamedCampaign, result: Nothing },
  /** Nothing more of it is called; calls that are placed go on. */
  "campaign.pause": { params: NamedCampaign, result: Nothing },
  /** It takes no more leads, and stops with the last. */
  "campaign.drain": { params: NamedCampaign, result: Nothing },
  /** It stops at once; calls that nobody has answered are given up. */
  "campaign.stop": { params: NamedCampaign, result: Nothing },
  /** Asks why a contact still waits or has this agent, or how a past decision about it came about. */
  "why.contact": { params: WhyContact, result: ContactWhy },
  /** Asks why an agent gets nothing now, or got nothing right before a past decision. */
  "why.agent": { params: WhyAgent, result: AgentWhy },
}

/** Notifications of the server: params by method. */
export interface SupervisorHears {
  /** The whole board, in place of all that was shown. */
  "board.snapshot": BoardSnapshot,
  /** The rows that changed, at most every 100 ms. */
  "board.delta": BoardDelta,
  /** A figure of a queue went over its threshold. */
  "alert.raised": AlertRaised,
  /** It is back. */
  "alert.cleared": AlertCleared,
  /** How the supervisor's leg on a call goes on. */
  "monitor.changed": MonitorChanged,
}

/** An answer that refuses: `data.kind` says why. */
export type Refusal = { jsonrpc: "2.0", id: RequestId | null, error: { code: number, message: string, data: ErrorKind } };
