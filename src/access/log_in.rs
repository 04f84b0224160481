//! From a password to a token, and the end of it. It never tells a wrong name from a wrong password.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::records::{LogInId, NewLogIn, Person, RecordsError, User};
use crate::routing::ids::PersonId;
use crate::routing::time::Millis;

use super::LoggedIn;
use super::door::Access;
use super::failed_log_ins::TooMany;
use super::password::{Busy, PASSWORD_LENGTH_MAX};
use super::revocation::Revoked;
use super::secret::{hash_of, new_secret};

/// When to try again after `Busy`: by then the queue of hashes is through.
const BUSY_RETRY_AFTER: Millis = Millis::seconds(2);

#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// No such user, disabled, or another password.
    #[error("wrong name or password")]
    Wrong,
    /// Over a limit of failed log-ins. The password was not looked at.
    #[error("too many failed log-ins, try again in {retry_after}")]
    TooMany { retry_after: Millis },
    /// The server checks too many passwords at the moment.
    #[error("too busy, try again in {retry_after}")]
    Busy { retry_after: Millis },
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<TooMany> for LogInError {
    fn from(TooMany { retry_after }: TooMany) -> LogInError {
        LogInError::TooMany { retry_after }
    }
}

impl From<Busy> for LogInError {
    fn from(Busy: Busy) -> LogInError {
        LogInError::Busy { retry_after: BUSY_RETRY_AFTER }
    }
}

impl Access {
    /// # Errors
    /// See [`LogInError`].
    pub async fn log_in(&self, name: &str, password: SecretString, from: IpAddr) -> Result<LoggedIn, LogInError> {
        let attempt = self.failed.begin(name, from, self.time())?;
        let checked = self.check_password(name, password).await;
        if let Err(LogInError::Busy { .. } | LogInError::Records(_)) | Ok(Some(_)) = checked {
            self.failed.give_back(&attempt);
        }
        let user = checked?.ok_or(LogInError::Wrong)?;
        self.begin_log_in(user).await
    }

    async fn check_password(&self, name: &str, password: SecretString) -> Result<Option<User>, LogInError> {
        let Ok(name) = PersonId::new(name) else {
            return Ok(None);
        };
        if password.expose_secret().len() > PASSWORD_LENGTH_MAX {
            return Ok(None);
        }
        let user = self.records.user(&name).await?.filter(|user| user.disabled_at.is_none());
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let is_right = self.passwords.verify(password, hash).await?;
        Ok(user.filter(|_| is_right))
    }

    async fn begin_log_in(&self, user: User) -> Result<LoggedIn, LogInError> {
        let token = new_secret();
        let now = self.time();
        let new = NewLogIn {
            id: LogInId(Uuid::now_v7()),
            token_hash: hash_of(&token),
            user: &user.name,
            password_hash: &user.password_hash,
            created_at: now,
            expires_at: now + self.limits.log_in_life,
        };
        let (log_in, expires_at) = (new.id, new.expires_at);
        if !self.records.add_log_in(&new).await? {
            return Err(LogInError::Wrong);
        }
        let person = Person { user: user.name, roles: user.roles, agent: user.agent, log_in, expires_at };
        Ok(LoggedIn { token, person })
    }

    /// Ends the log-in, its tickets and its sockets.
    ///
    /// # Errors
    /// When the database does not answer; then the log-in still counts.
    pub async fn log_out(&self, person: &Person) -> Result<(), RecordsError> {
        self.records.end_log_in(person.log_in).await?;
        self.tickets.drop_of(person.log_in);
        self.tell(Revoked::LogIn(person.log_in));
        Ok(())
    }
}
