//! Every table but the journal's. It stores and finds; it decides nothing, reads no clock, and sees
//! no password and no token: only their hashes.
//!
//! - On SQLite one file (`usher.db`) of its own, on PostgreSQL the journal's database. The same
//!   statements, `$1` and all, on both; the same tests run on both.
//! - What cuts somebody off (disabling, a changed password or role, a revoked key) takes the next
//!   number of one counter inside its transaction: [`Records::cuts_after`] misses none, whichever
//!   process made it.
//! - A log-in counts while the number of its user's last cut is the one it began with: a log-in
//!   that races with a cut is cut too.

mod attempts;
mod audit;
mod call_lists;
mod campaigns;
mod connection;
mod copy;
mod customers;
mod do_not_call;
mod error;
mod gateway_keys;
mod log_ins;
mod messages;
mod not_to_contact;
mod postgres;
mod reader_cursor;
mod recordings;
mod role;
mod site_key;
mod sqlite;
mod statements;
mod store;
mod users;

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::routing::ids::{AgentId, GatewayId, PersonId};
use crate::routing::time::Timestamp;

pub use attempts::{AttemptPlace, AttemptToTell};
pub use audit::{
    Act, AuditCheck, AuditEnd, AuditEntry, AuditNo, AuditPruned, AuditQuestion, AuditRow, AuditSubject, AuditValue,
    BrokenWhy, ChainHash, UnknownAct,
};
pub use call_lists::{
    AddLeadError, CallListError, EraseLeadsError, KnownLeads, LeadBatch, LeadNews, LeadToCall, LeadWithRouter,
    OpenLeadsOf, ReachedLead, StandingsError,
};
pub use campaigns::{CampaignError, CampaignVersion, CampaignWish, KeptStatus};
pub use customers::{
    BATCH_ROWS_MAX, CustomerError, EraseCustomerError, Erased, ErasureId, FoundCustomer, FoundNote, FoundOrAdded,
    ImportChunk, ImportError, InteractionBatch, InteractionChange, InteractionError, InteractionsError, KeptRefusal,
    KnownHere, MATCHES_MAX, MatchDetails, Merge, MergeError, OpenChunk, PendingErasure, PersonRows, REFUSALS_KEPT_MAX,
    RefusedRow, Repeats, RetentionKind, TaskStands, UndoneChunk, WorkError,
};
pub use do_not_call::{DoNotCallAdded, DoNotCallCount, ListedEntry};
pub use error::{AddUserError, RecordsError};
pub use messages::{AddedMessage, ListedMessages, MessageToSend, NewMessage};
pub use not_to_contact::SiteKeyMismatch;
pub use role::{Role, Roles, UnknownRole};
pub use site_key::SiteKey;
pub use store::Records;

/// SQLite's file in the data directory.
pub const RECORDS_FILE: &str = "usher.db";

/// Where the tables are.
#[derive(Clone, Debug)]
pub enum RecordsPlace {
    /// A file; made when it is not there, its folder is not.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/database`.
    Postgres(SecretString),
}

/// SHA-256 of a token or key of 256 random bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SecretHash(pub [u8; 32]);

/// One log-in of one user; not a secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LogInId(pub uuid::Uuid);

/// The number of a cut; 0 is before the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CutNo(pub i64);

/// A user as stored. Holds the hash of the password, so it has no `Debug`.
#[derive(Clone)]
pub struct User {
    pub name: PersonId,
    /// Argon2id, in PHC form.
    pub password_hash: String,
    pub roles: Roles,
    pub agent: Option<AgentId>,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
}

/// A user to be added.
pub struct NewUser {
    pub name: PersonId,
    /// Argon2id, in PHC form.
    pub password_hash: String,
    pub roles: Roles,
    pub agent: Option<AgentId>,
    pub created_at: Timestamp,
}

/// A log-in to be stored.
pub struct NewLogIn<'n> {
    pub id: LogInId,
    pub token_hash: SecretHash,
    pub user: &'n PersonId,
    /// The hash that the password was checked against: changed meanwhile, there is no log-in.
    pub password_hash: &'n str,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Who is behind a log-in that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    pub user: PersonId,
    pub roles: Roles,
    /// At most one; with the role `agent` always one.
    pub agent: Option<AgentId>,
    pub log_in: LogInId,
    /// When the log-in ends, whatever happens.
    pub expires_at: Timestamp,
}

/// A gateway's key as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GatewayKey {
    pub gateway: GatewayId,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// Who was cut off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cut {
    User(PersonId),
    Gateway(GatewayId),
}
