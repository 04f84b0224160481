//! Makes, disables and re-keys users. Shows no password.

use secrecy::{ExposeSecret, SecretString};

use crate::records::{AddUserError, NewUser, RecordsError, Role, User};
use crate::routing::ids::{AgentId, PersonId};

use super::NewAccount;
use super::door::Access;
use super::password::{Busy, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN};

#[derive(Debug, thiserror::Error)]
pub enum UserError {
    #[error("password: expected {PASSWORD_LENGTH_MIN} characters to {PASSWORD_LENGTH_MAX} bytes")]
    PasswordLength,
    #[error("role: expected one at least")]
    NoRole,
    #[error("agent: expected the agent that this user is, because of the role agent")]
    NoAgent,
    #[error("agent: expected only with the role agent")]
    AgentWithoutRole,
    #[error("there is a user {0} already")]
    NameTaken(PersonId),
    #[error("agent {0} belongs to another user")]
    AgentTaken(AgentId),
    #[error("there is no user {0}, or it is disabled")]
    UnknownUser(PersonId),
    #[error("too busy, try again")]
    Busy,
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<AddUserError> for UserError {
    fn from(error: AddUserError) -> UserError {
        match error {
            AddUserError::NameTaken(name) => UserError::NameTaken(name),
            AddUserError::AgentTaken(agent) => UserError::AgentTaken(agent),
            AddUserError::Records(error) => UserError::Records(error),
        }
    }
}

impl From<Busy> for UserError {
    fn from(Busy: Busy) -> UserError {
        UserError::Busy
    }
}

impl Access {
    /// # Errors
    /// When the password, the roles or the agent cannot be, or the name or the agent is taken; nothing
    /// was changed.
    pub async fn add_user(&self, account: NewAccount) -> Result<(), UserError> {
        let NewAccount { name, password, roles, agent } = account;
        if roles.is_empty() {
            return Err(UserError::NoRole);
        }
        match (roles.contains(Role::Agent), &agent) {
            (true, None) => return Err(UserError::NoAgent),
            (false, Some(_)) => return Err(UserError::AgentWithoutRole),
            (true, Some(_)) | (false, None) => {}
        }
        let password_hash = self.hash_of_new(password).await?;
        let created_at = self.time();
        Ok(self.records.add_user(&NewUser { name, password_hash, roles, agent, created_at }).await?)
    }

    /// In order of name, the disabled ones too.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn users(&self) -> Result<Vec<User>, RecordsError> {
        self.records.users().await
    }

    /// The user is out, everywhere, within a second, and does not come back.
    ///
    /// # Errors
    /// When there is no such user who is not disabled yet.
    pub async fn disable_user(&self, name: &PersonId) -> Result<(), UserError> {
        if !self.records.disable_user(name, self.time()).await? {
            return Err(UserError::UnknownUser(name.clone()));
        }
        Ok(self.tell_cuts().await?)
    }

    /// The user is out, everywhere, within a second, until the new password is given.
    ///
    /// # Errors
    /// When there is no such user, or the password cannot be one.
    pub async fn set_password(&self, name: &PersonId, password: SecretString) -> Result<(), UserError> {
        let hash = self.hash_of_new(password).await?;
        if !self.records.set_password_hash(name, &hash).await? {
            return Err(UserError::UnknownUser(name.clone()));
        }
        Ok(self.tell_cuts().await?)
    }

    async fn hash_of_new(&self, password: SecretString) -> Result<String, UserError> {
        let text = password.expose_secret();
        if text.chars().count() < PASSWORD_LENGTH_MIN || text.len() > PASSWORD_LENGTH_MAX {
            return Err(UserError::PasswordLength);
        }
        Ok(self.passwords.hash(password).await?)
    }
}
