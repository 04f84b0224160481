//! Recordings of calls: what a gateway is asked and says, what an agent and a supervisor see of them. It never says which
//! calls are recorded.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::number::EventNumber;
use super::text::{ContactId, OrderId, RecordingFile, RecordingId, Ref};
use super::time::Time;
use super::words::words;

words! {
    /// How a recording goes on, as its gateway says.
    RecordingState {
        /// What is said goes into its file.
        Recording,
        /// It goes on in the same file when it is resumed.
        Paused,
        /// Its file is whole.
        Finished,
        /// There is no file, or it is not whole.
        Failed,
    }
}

words! {
    /// Why a recording failed, or could not be paused or resumed.
    RecordingFailure {
        /// There is no more room for it.
        StorageFull,
        /// Nothing was heard in time: what the server itself says of a gateway that did not answer.
        TimedOut,
        /// Anything else.
        Failed,
    }
}

words! {
    /// What is asked of a recording.
    RecordingShouldBe {
        /// What is said goes into it.
        Recording,
        /// What is said does not.
        Paused,
        /// It is over.
        Stopped,
    }
}

/// How a recording goes on: each change of it, and its last word when its file is whole or will never be. That may come after the end of its contact, within a day. A call goes on whatever becomes of its recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayRecordingState {
    /// The gateway's number of this event.
    pub event: EventNumber,
    /// By the switch's clock.
    pub occurred_at: Time,
    /// The gateway's own name for the contact.
    pub r#ref: Ref,
    /// Which recording, as the order to start it named it.
    pub recording: RecordingId,
    /// How it goes on.
    pub state: RecordingState,
    /// Where the gateway keeps it, as `recording.erase` will name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<RecordingFile>,
    /// How long it is, pauses left out, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Why it failed, or why it is still as it was although something else was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<RecordingFailure>,
}

/// Do something with a recording, then say `recording.state` or `order.failed`. What is so already is done. It ends with its contact, without an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct RecordingOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// Which contact.
    pub contact: ContactId,
    /// The gateway's own name for it.
    pub r#ref: Ref,
    /// The server's name for the recording.
    pub recording: RecordingId,
}

/// Erase a recording, whole: say `order.done` when neither file nor copy is left here, also when there was none, or `order.failed`. It is asked again, under other orders, until it is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct RecordingEraseOrder {
    /// Which order; carried out at most once.
    pub order: OrderId,
    /// By the server's clock; after it the answer is `too_late`.
    pub not_after: Time,
    /// The server's name for the recording.
    pub recording: RecordingId,
    /// Where the gateway said that it keeps it; absent when it did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<RecordingFile>,
}

/// The recording that a contact should have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GatewayRecording {
    /// Which: one that the gateway does not have is begun under this name.
    pub recording: RecordingId,
    /// Whether what is said now does not go into it.
    pub paused: bool,
}

/// The recording of a call, for who has it in hand or looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CallRecording {
    /// What was asked last.
    pub should_be: RecordingShouldBe,
    /// What the gateway said last; absent while it has said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<RecordingState>,
}

/// The recording of a call in hand has changed, or is to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactRecording {
    /// Which contact.
    pub contact: ContactId,
    /// Its recording as it is now.
    pub recording: CallRecording,
    /// Why it failed, or why it is still as it was although something else was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<RecordingFailure>,
    /// When.
    pub at: Time,
}
