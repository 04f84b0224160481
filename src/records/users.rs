//! Users. It sees hashes of passwords only.

use crate::routing::ids::{AgentId, PersonId};
use crate::routing::time::Timestamp;

use super::error::{AddUserError, RecordsError};
use super::statements::people::{ADD_USER, DISABLE_USER, END_LOG_INS_OF_USER, NEXT_CUT, SET_PASSWORD, USER, USERS};
use super::store::{Records, changing, reading};
use super::{NewUser, User};

type Row = (String, String, String, Option<String>, i64, Option<i64>);

impl Records {
    /// # Errors
    /// When the name is taken, or the agent by a user who is not disabled; nothing was changed.
    pub async fn add_user(&self, new: &NewUser) -> Result<(), AddUserError> {
        let agent = new.agent.as_ref().map(AgentId::as_str);
        let added = self.insert_user(new, agent).await;
        let Err(RecordsError::Database(error)) = added else {
            return Ok(added?);
        };
        if !error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
            return Err(error.into());
        }
        if self.user(&new.name).await?.is_some() {
            return Err(AddUserError::NameTaken(new.name.clone()));
        }
        let agent = new.agent.clone().expect("only a name and an agent are unique");
        Err(AddUserError::AgentTaken(agent))
    }

    async fn insert_user(&self, new: &NewUser, agent: Option<&str>) -> Result<(), RecordsError> {
        changing!(self, transaction => sqlx::query(ADD_USER)
            .bind(new.name.as_str())
            .bind(new.password_hash.as_str())
            .bind(new.roles.to_string())
            .bind(agent)
            .bind(new.created_at.0)
            .execute(&mut *transaction)
            .await
            .map(drop)?);
        Ok(())
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn user(&self, name: &PersonId) -> Result<Option<User>, RecordsError> {
        let row: Option<Row> =
            reading!(self, readers => sqlx::query_as(USER).bind(name.as_str()).fetch_optional(readers).await)?;
        row.map(user_of).transpose()
    }

    /// In order of name.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn users(&self) -> Result<Vec<User>, RecordsError> {
        let rows: Vec<Row> = reading!(self, readers => sqlx::query_as(USERS).fetch_all(readers).await)?;
        rows.into_iter().map(user_of).collect()
    }

    /// Cuts the user off. Whether there was such a user who was not disabled yet.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn disable_user(&self, name: &PersonId, at: Timestamp) -> Result<bool, RecordsError> {
        let changed = changing!(self, transaction => {
            let cut: i64 = sqlx::query_scalar(NEXT_CUT).fetch_one(&mut *transaction).await?;
            let disable = sqlx::query(DISABLE_USER).bind(name.as_str()).bind(at.0).bind(cut);
            let changed = disable.execute(&mut *transaction).await?.rows_affected();
            sqlx::query(END_LOG_INS_OF_USER).bind(name.as_str()).execute(&mut *transaction).await?;
            changed
        });
        Ok(changed == 1)
    }

    /// Cuts the user off until the new password is given. Whether there is such a user.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_password_hash(&self, name: &PersonId, hash: &str) -> Result<bool, RecordsError> {
        let changed = changing!(self, transaction => {
            let cut: i64 = sqlx::query_scalar(NEXT_CUT).fetch_one(&mut *transaction).await?;
            let set = sqlx::query(SET_PASSWORD).bind(name.as_str()).bind(hash).bind(cut);
            let changed = set.execute(&mut *transaction).await?.rows_affected();
            sqlx::query(END_LOG_INS_OF_USER).bind(name.as_str()).execute(&mut *transaction).await?;
            changed
        });
        Ok(changed == 1)
    }
}

fn user_of(row: Row) -> Result<User, RecordsError> {
    let (name, password_hash, roles, agent, created_at_ms, disabled_at_ms) = row;
    let unreadable = |column| RecordsError::Unreadable { table: "users", column };
    Ok(User {
        name: PersonId::new(&name).map_err(|_| unreadable("name"))?,
        password_hash,
        roles: roles.parse().map_err(|_| unreadable("roles"))?,
        agent: agent.map(|agent| AgentId::new(&agent)).transpose().map_err(|_| unreadable("agent"))?,
        created_at: Timestamp(created_at_ms),
        disabled_at: disabled_at_ms.map(Timestamp),
    })
}
