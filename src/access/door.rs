//! The door itself: what it remembers, and who is behind a token or a ticket.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, broadcast};

use crate::records::{CutNo, Person, Records, RecordsError};
use crate::routing::time::{Millis, Timestamp};

use super::failed_log_ins::FailedLogIns;
use super::password::Passwords;
use super::revocation::{REVOCATIONS_MAX, Revoked};
use super::secret::hash_of_received;
use super::tickets::Tickets;
use super::{AccessLimits, Now, Ticket};

pub struct Access {
    pub(super) records: Records,
    pub(super) limits: AccessLimits,
    pub(super) now: Now,
    pub(super) passwords: Passwords,
    pub(super) failed: FailedLogIns,
    pub(super) tickets: Tickets,
    pub(super) revoked: broadcast::Sender<Revoked>,
    /// The last cut that was told.
    pub(super) seen: Mutex<CutNo>,
}

impl Access {
    /// Cuts made before are not told: nobody is inside yet.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(records: Records, limits: AccessLimits, now: Now) -> Result<Arc<Access>, RecordsError> {
        let seen = records.last_cut().await?;
        Ok(Arc::new(Access {
            records,
            limits,
            now,
            passwords: Passwords::new(),
            failed: FailedLogIns::new(limits.failed_per_account_max, limits.failed_per_address_max),
            tickets: Tickets::new(limits.ticket_life),
            revoked: broadcast::Sender::new(REVOCATIONS_MAX),
            seen: Mutex::new(seen),
        }))
    }

    pub(super) fn time(&self) -> Timestamp {
        (self.now)()
    }

    /// From log-in to its end, whatever happens.
    #[must_use]
    pub fn log_in_life(&self) -> Millis {
        self.limits.log_in_life
    }

    /// Who has this token: the cookie's, or a program's `Authorization: Bearer`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn check_token(&self, token: &str) -> Result<Option<Person>, RecordsError> {
        match hash_of_received(token) {
            Some(hash) => self.records.person_by_token(hash, self.time()).await,
            None => Ok(None),
        }
    }

    /// Whether the person's log-in still counts, with the roles it had.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_current(&self, person: &Person) -> Result<bool, RecordsError> {
        let found = self.records.person_by_log_in(person.log_in, self.time()).await?;
        Ok(found.as_ref() == Some(person))
    }

    /// How long the person's log-in still counts unless it is cut, by the wall's clock.
    #[must_use]
    pub fn log_in_left(&self, person: &Person) -> Duration {
        Duration::from_millis(u64::try_from(person.expires_at.0 - self.time().0).unwrap_or(0))
    }

    /// A ticket for one socket of this person.
    #[must_use]
    pub fn issue_ticket(&self, person: &Person) -> Ticket {
        Ticket { ticket: self.tickets.issue(person.log_in, self.time()), expires_in: self.tickets.life() }
    }

    /// Who may open a socket with this ticket. It is used up, whatever the answer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn redeem_ticket(&self, ticket: &str) -> Result<Option<Person>, RecordsError> {
        let now = self.time();
        match self.tickets.redeem(ticket, now) {
            Some(log_in) => self.records.person_by_log_in(log_in, now).await,
            None => Ok(None),
        }
    }
}
