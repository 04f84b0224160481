//! What can go wrong with the tables. It never shows SQL or a stored value to a client.

use crate::routing::ids::{AgentId, PersonId};

#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    #[error("the database does not answer as expected: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the tables cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Somebody was erased, and whether an address is of such a person cannot be told.
    #[error("addresses cannot be compared with those of people who were erased: expected the site.key of their hashes")]
    NoSiteKey,
    #[error("column {column} of {table} holds what this version cannot read")]
    Unreadable { table: &'static str, column: &'static str },
}

#[derive(Debug, thiserror::Error)]
pub enum AddUserError {
    #[error("there is a user {0} already")]
    NameTaken(PersonId),
    #[error("agent {0} belongs to another user")]
    AgentTaken(AgentId),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<sqlx::Error> for AddUserError {
    fn from(error: sqlx::Error) -> AddUserError {
        AddUserError::Records(RecordsError::Database(error))
    }
}
