//! What every session says, whatever its role: opening, acknowledging, leaving. It never says who
//! may open one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agent_hears::AgentSnapshot;
use super::board::BoardSnapshot;
use super::gateway::GatewaySnapshot;
use super::number::Seq;
use super::text::{Name, Secret, SessionId, Text};
use super::time::Time;
use super::words::{Role, words};

/// The first message of a session, within 5 s and 4 KiB.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SessionOpen {
    /// What the session is for.
    pub role: Role,
    /// Who is there, when neither a ticket in the subprotocol nor an `Authorization` header has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    /// Goes on where an earlier session of the same person or gateway stopped, if its socket died less than 60 s ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
    /// The program and its version, for the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Name>,
}

/// Proof of who is there: exactly one of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// A person's single-use ticket, good for 30 s.
    Ticket(Secret),
    /// A person's session token.
    Token(Secret),
    /// A gateway's key.
    Key(Secret),
}

/// The place at which to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Resume {
    /// The `resume_token` of the session that broke off.
    pub token: Secret,
    /// The last event that was received.
    pub seq: Seq,
}

/// The session is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SessionOpened {
    /// The server's name for this session.
    pub session: SessionId,
    /// Goes into `resume` when the socket dies.
    pub resume_token: Secret,
    /// The event after which this session's events go on: the next one has `seq` + 1.
    pub seq: Seq,
    /// True: what was missed follows as events. False: `snapshot` is all there is, and earlier knowledge is void.
    pub resumed: bool,
    /// The server pings this often, in milliseconds; two missed close the socket.
    pub heartbeat_ms: u64,
    /// The server's clock.
    pub server_time: Time,
    /// How many times as fast as a wall clock the centre's time runs; 1 but in a demo.
    #[serde(default = "wall_speed")]
    pub clock_speed: f64,
    /// The centre that this server routes for.
    pub site: Name,
    /// All that this session may see now; absent when resumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Snapshot>,
}

/// All that a session may see at this moment, by its role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Snapshot {
    /// For an agent's console.
    Agent(Box<AgentSnapshot>),
    /// For a supervisor's dashboard.
    Supervisor(BoardSnapshot),
    /// For a gateway.
    Gateway(GatewaySnapshot),
}

/// Everything up to here has been received and need not be kept for a resume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SessionAck {
    /// The last event that was received.
    pub seq: Seq,
}

/// The client logs out of this session; it cannot be resumed. The socket is closed with 4010.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, TS)]
pub struct SessionClose {}

/// `session.ping`: nothing but the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, TS)]
pub struct SessionPing {}

/// The server is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Pong {
    /// The centre's time.
    pub server_time: Time,
}

words! {
    /// How much a notice matters.
    NoticeLevel {
        /// Good to know.
        Info,
        /// Something may be wrong.
        Warning,
        /// Something is wrong.
        Alert,
    }
}

/// A message for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Notice {
    /// How much it matters.
    pub level: NoticeLevel,
    /// What it says.
    pub text: Text,
    /// When it was said.
    pub at: Time,
}

/// The server stops and will close the socket with 1012.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct GoingAway {
    /// When to come back, in milliseconds from now: a random value, other for each session.
    pub retry_after_ms: u64,
}

/// The same person opened a session elsewhere; this one will be closed with 4004.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SessionTakenOver {
    /// When that was.
    pub at: Time,
}

fn wall_speed() -> f64 {
    1.0
}
