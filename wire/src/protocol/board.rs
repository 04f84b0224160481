//! Live figures as a dashboard shows them. It never computes one: routing.md's definitions are
//! applied where events are folded.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::text::{AgentName, ContactId, Name, PersonName, QueueName};
use super::time::Time;
use super::words::{Activity, Channel, EstimatedWait, Presence, SegmentState, words};

/// One queue now, and its visits since `counted_since`. Always: carried_in + entered = answered + abandoned + flowed_out + callbacks + withdrawn + lost + those still there (waiting + offered + connecting).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct BoardQueue {
    /// Which queue.
    pub queue: QueueName,
    /// A supervisor paused it: nothing of it is offered.
    #[serde(default)]
    pub paused: bool,
    /// Visits that wait and are not offered.
    pub waiting: u64,
    /// Visits that are offered to an agent.
    pub offered: u64,
    /// Visits whose agent's leg is being connected.
    pub connecting: u64,
    /// When the oldest visit entered that is not yet answered; null when there is none.
    pub longest_waiting_since: Option<Time>,
    /// The age of that visit at `server_time`, in milliseconds; 0 when there is none.
    pub longest_wait_ms: u64,
    /// How long somebody who came when the row last changed would have to wait; absent while nothing is known, and for an agent's own queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_wait: Option<EstimatedWait>,
    /// Visits that were there at `counted_since`.
    pub carried_in: u64,
    /// Visits that came in.
    pub entered: u64,
    /// Visits that were connected to an agent.
    pub answered: u64,
    /// Of these, those within the queue's target.
    pub answered_within: u64,
    /// Visits whose customer left.
    pub abandoned: u64,
    /// Of these, those who left sooner than the queue's threshold.
    pub short_abandoned: u64,
    /// Visits that went elsewhere by rule or transfer.
    pub flowed_out: u64,
    /// Visits that ended with the wish to be called back.
    pub callbacks: u64,
    /// Visits that we ended.
    pub withdrawn: u64,
    /// Visits that the gateway lost.
    pub lost: u64,
    /// answered_within ÷ (answered + abandoned − short_abandoned), from 0 to 1; null when that divides by 0.
    #[schemars(range(min = 0, max = 1))]
    pub service_level: Option<f64>,
    /// abandoned ÷ all visits that ended, from 0 to 1; null when that divides by 0.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1))]
    pub abandonment: Option<f64>,
    /// Average wait of the answered, in milliseconds; null when none was.
    pub asa_ms: Option<u64>,
    /// Share of contacts that should be answered within `target_within_ms`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub target_share: Option<f64>,
    /// The x of "answered within x".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_within_ms: Option<u64>,
    /// Average of talk, hold and wrap-up over closed segments, in milliseconds; null when none was closed.
    pub aht_ms: Option<u64>,
    /// Agents who could serve this queue and are `available`, whatever they have in hand.
    pub agents_available: u64,
    /// Of these, those with nothing in hand.
    pub agents_idle: u64,
    /// Agents who could serve this queue and have a contact in hand.
    pub agents_busy: u64,
    /// Of those who could serve it: an offer is open.
    #[serde(default)]
    pub agents_offered: u64,
    /// Of those who could serve it: finishing up.
    #[serde(default)]
    pub agents_wrap_up: u64,
    /// Of those who could serve it: at work, but not for contacts, with nothing in hand.
    #[serde(default)]
    pub agents_not_ready: u64,
    /// Of those who could serve it: missed too many offers.
    #[serde(default)]
    pub agents_not_responding: u64,
    /// Of those who could serve it: the console has gone.
    #[serde(default)]
    pub agents_unreachable: u64,
}

/// One contact that an agent has in hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct BoardContact {
    /// Which contact.
    pub contact: ContactId,
    /// Where it waited.
    pub queue: QueueName,
    /// How it is carried.
    pub channel: Channel,
    /// How far the agent's part is.
    pub state: SegmentState,
    /// Since when.
    pub since: Time,
}

/// One agent now, and his work since `counted_since`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct BoardAgent {
    /// Which agent.
    pub agent: AgentName,
    /// What the agent is called.
    pub name: PersonName,
    /// What was chosen.
    pub presence: Presence,
    /// Why `not_ready`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
    /// What the agent is doing.
    pub activity: Activity,
    /// Since when presence and activity are as they are.
    pub since: Time,
    /// What the agent has in hand, wrap-ups included.
    pub contacts: Vec<BoardContact>,
    /// Segments closed.
    pub handled: u64,
    /// Time with at least one segment ÷ (that + idle while available), from 0 to 1; null when that divides by 0.
    #[schemars(range(min = 0, max = 1))]
    pub occupancy: Option<f64>,
}

words! {
    /// Which figure of a queue is over its threshold.
    AlertMeasure {
        /// How many wait: a count.
        Waiting,
        /// How long the oldest waits, in milliseconds.
        LongestWait,
        /// The service level of the last 15 minutes, from 0 to 1.
        ServiceLevel,
        /// The abandonment of the day, from 0 to 1.
        Abandonment,
        /// How many agents who could serve it are available: a count.
        AgentsAvailable,
        /// How many of its calls that agents have in hand are not recorded, because the recording failed: a count. No
        /// rule sets its threshold, which is 1.
        NotRecorded,
    }
}

/// A figure that is over its threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Alert {
    /// Of which queue; one queue and one figure have one alert at a time.
    pub queue: QueueName,
    /// Which figure.
    pub measure: AlertMeasure,
    /// What it was when it was looked at.
    pub value: f64,
    /// What the rules set, or what always holds.
    pub threshold: f64,
    /// Since when it stands.
    pub since: Time,
}

/// A figure went over its threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AlertRaised {
    /// The alert.
    pub alert: Alert,
}

/// The figure is back, and was for ten seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AlertCleared {
    /// Of which queue.
    pub queue: QueueName,
    /// Which figure.
    pub measure: AlertMeasure,
    /// When.
    pub at: Time,
}

/// The whole board, as far as it is watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct BoardSnapshot {
    /// The last event of the journal that is counted in.
    pub event_no: u64,
    /// The server's clock.
    pub server_time: Time,
    /// From when on visits and segments are counted.
    pub counted_since: Time,
    /// Every watched queue.
    pub queues: Vec<BoardQueue>,
    /// Every watched agent.
    pub agents: Vec<BoardAgent>,
    /// The alerts of watched queues that stand.
    #[serde(default)]
    pub alerts: Vec<Alert>,
}

/// What changed on the board since the last snapshot or delta, at most every 100 ms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct BoardDelta {
    /// The last event of the journal that is counted in. A delta that is not newer than what is shown is to be ignored.
    pub event_no: u64,
    /// The server's clock.
    pub server_time: Time,
    /// Whole rows that changed or are new.
    pub queues: Vec<BoardQueue>,
    /// Whole rows that changed or are new.
    pub agents: Vec<BoardAgent>,
    /// Rows that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues_gone: Vec<QueueName>,
    /// Rows that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents_gone: Vec<AgentName>,
}
