//! Log-ins and who is behind them. It sees hashes of tokens only.

use crate::routing::ids::{AgentId, PersonId};
use crate::routing::time::Timestamp;

use super::error::RecordsError;
use super::statements::people::{ADD_LOG_IN, DROP_EXPIRED_LOG_INS, END_LOG_IN, PERSON_BY_LOG_IN, PERSON_BY_TOKEN};
use super::store::{Records, changing, reading};
use super::{LogInId, NewLogIn, Person, SecretHash};

type Row = (String, String, String, Option<String>, i64);

impl Records {
    /// Stores the log-in and drops those that have expired. Whether it was stored: not when the user
    /// was disabled or the password changed since it was checked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_log_in(&self, new: &NewLogIn<'_>) -> Result<bool, RecordsError> {
        let added = changing!(self, transaction => {
            sqlx::query(DROP_EXPIRED_LOG_INS).bind(new.created_at.0).execute(&mut *transaction).await?;
            sqlx::query(ADD_LOG_IN)
                .bind(new.id.0.to_string())
                .bind(new.token_hash.0.as_slice())
                .bind(new.user.as_str())
                .bind(new.password_hash)
                .bind(new.created_at.0)
                .bind(new.expires_at.0)
                .execute(&mut *transaction)
                .await?
                .rows_affected()
        });
        Ok(added == 1)
    }

    /// Who has this token, if it counts at `now`.
    ///
    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn person_by_token(&self, hash: SecretHash, now: Timestamp) -> Result<Option<Person>, RecordsError> {
        let hash = hash.0.as_slice();
        let row: Option<Row> = reading!(self, readers => {
            sqlx::query_as(PERSON_BY_TOKEN).bind(hash).bind(now.0).fetch_optional(readers).await
        })?;
        row.map(person_of).transpose()
    }

    /// Who is behind this log-in, if it counts at `now`.
    ///
    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn person_by_log_in(&self, id: LogInId, now: Timestamp) -> Result<Option<Person>, RecordsError> {
        let id = id.0.to_string();
        let row: Option<Row> = reading!(self, readers => {
            sqlx::query_as(PERSON_BY_LOG_IN).bind(id).bind(now.0).fetch_optional(readers).await
        })?;
        row.map(person_of).transpose()
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn end_log_in(&self, id: LogInId) -> Result<(), RecordsError> {
        changing!(self, transaction => {
            sqlx::query(END_LOG_IN).bind(id.0.to_string()).execute(&mut *transaction).await.map(drop)?
        });
        Ok(())
    }
}

fn person_of(row: Row) -> Result<Person, RecordsError> {
    let (id, user, roles, agent, expires_at_ms) = row;
    let unreadable = |table, column| RecordsError::Unreadable { table, column };
    Ok(Person {
        user: PersonId::new(&user).map_err(|_| unreadable("users", "name"))?,
        roles: roles.parse().map_err(|_| unreadable("users", "roles"))?,
        agent: agent.map(|agent| AgentId::new(&agent)).transpose().map_err(|_| unreadable("users", "agent"))?,
        log_in: LogInId(id.parse().map_err(|_| unreadable("log_in", "id"))?),
        expires_at: Timestamp(expires_at_ms),
    })
}
