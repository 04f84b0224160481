//! Who may in: people by password, token and ticket, gateways by key. It never decides what they may do there.
//!
//! - A password becomes a token (256 random bits, 12 hours at most), a token becomes tickets (single
//!   use, 30 s) for a browser's socket, because a browser can send no header with it.
//! - Stored are hashes only: Argon2id of passwords, SHA-256 of tokens and keys.
//! - Everything is looked up in [`crate::records`] when it is used: what was disabled, changed or
//!   revoked, in whichever process, is refused from then on. Those who are inside already are named
//!   by [`Access::revocations`] within half a second.
//! - Failed log-ins are counted per account and per address. A name that does not exist takes as long as a
//!   wrong password and is counted alike.
//! - The time is the wall's, never a demo's faster one: an attack does not slow down for it.

mod door;
mod failed_log_ins;
mod gateway_keys;
mod log_in;
mod network;
mod origins;
mod password;
mod revocation;
mod secret;
mod sights;
#[cfg(test)]
pub(crate) mod tests;
mod tickets;
mod users;

use std::sync::Arc;

use secrecy::SecretString;

use crate::records::SecretHash;
use crate::routing::ids::{AgentId, GatewayId, PersonId};
use crate::routing::time::{Millis, Timestamp};

pub use crate::records::{LogInId, Person, Role, Roles};
pub use door::Access;
pub use log_in::LogInError;
pub use network::network_of;
pub use origins::{InvalidOrigin, Origins};
pub use password::{PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN};
pub use revocation::{CUTS_PERIOD, Revoked};
pub use sights::Sights;
pub use users::UserError;

/// Tells the wall's time.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How often and how long. The defaults are those of the settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AccessLimits {
    /// Failed log-ins in any minute for one account.
    pub failed_per_account_max: usize,
    /// Failed log-ins in any minute from one address (IPv6: one /64 network).
    pub failed_per_address_max: usize,
    /// From log-in to its end, whatever happens.
    pub log_in_life: Millis,
    pub ticket_life: Millis,
}

/// What a log-in gives: the token is shown this once.
pub struct LoggedIn {
    pub token: SecretString,
    pub person: Person,
}

/// A ticket, shown this once.
pub struct Ticket {
    pub ticket: SecretString,
    pub expires_in: Millis,
}

/// A new key of a gateway, shown this once.
pub struct NewGatewayKey {
    pub gateway: GatewayId,
    pub key: SecretString,
}

/// A gateway and which of its keys it showed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyHolder {
    pub gateway: GatewayId,
    key: SecretHash,
}

/// A user to be made.
pub struct NewAccount {
    pub name: PersonId,
    pub password: SecretString,
    pub roles: Roles,
    /// Given exactly when `agent` is among the roles.
    pub agent: Option<AgentId>,
}
