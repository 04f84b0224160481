//! What can go wrong with call lists. It never holds what a lead is called or its number.

use crate::customers::ids::Version;
use crate::outbound::call_list::WrongSetting;
use crate::outbound::ids::CallListId;
use crate::routing::ids::CallListName;

use super::super::error::RecordsError;

#[derive(Debug, thiserror::Error)]
pub enum CallListError {
    #[error("there is no call list {0}")]
    Unknown(CallListId),
    #[error("there is no call list {0:?}")]
    UnknownName(CallListName),
    #[error("there is a call list {0:?} already")]
    NameTaken(CallListName),
    #[error("next_list: expected a call list that is there, found {0:?}")]
    UnknownNext(CallListName),
    #[error("call list {name:?} was changed meanwhile: expected version {expected}, found {found}")]
    Conflict { name: CallListName, expected: Version, found: Version },
    #[error("{}", told(.0))]
    Settings(Vec<WrongSetting>),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

fn told(wrong: &[WrongSetting]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl From<sqlx::Error> for CallListError {
    fn from(error: sqlx::Error) -> CallListError {
        CallListError::Records(RecordsError::Database(error))
    }
}
