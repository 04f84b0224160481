//! What can go wrong with call lists. It never holds what a lead is called or its number.

use crate::customers::ids::Version;
use crate::outbound::call_list::WrongSetting;
use crate::outbound::ids::{CallListId, LeadId};
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::{CallListName, CampaignId, EventNo};

use super::super::error::RecordsError;

#[derive(Debug, thiserror::Error)]
pub enum CallListError {
    #[error("there is no call list {0}")]
    Unknown(CallListId),
    #[error("there is no call list {0:?}")]
    UnknownName(CallListName),
    #[error("there is a call list {0:?} already")]
    NameTaken(CallListName),
    #[error("campaign: expected one that is there ({}), found {found:?}", names(.there))]
    UnknownCampaign { found: CampaignId, there: Vec<CampaignId> },
    #[error("campaign {campaign:?} is not stopped: expected nobody who calls leads of the list, found it {run}")]
    CampaignRuns { campaign: CampaignId, run: CampaignRun },
    #[error("call list {name:?} follows {of:?}: expected no list with it as next_list")]
    IsNext { name: CallListName, of: CallListName },
    #[error("call list {0:?} releases no leads by hand: expected release = \"by_hand\" in its settings")]
    NotByHand(CallListName),
    #[error("next_list: expected a call list that is there, found {0:?}")]
    UnknownNext(CallListName),
    #[error("call list {name:?} was changed meanwhile: expected version {expected}, found {found}")]
    Conflict { name: CallListName, expected: Version, found: Version },
    #[error("{}", told(.0))]
    Settings(Vec<WrongSetting>),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// Why a lead was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddLeadError {
    #[error("there is no call list {0}")]
    UnknownList(CallListId),
    #[error("call list {0:?} has expired: expected one that takes leads")]
    Expired(CallListName),
    /// A lead has a number of it, among those that count.
    #[error("expected a lead that is not there yet")]
    Duplicate { lead: Option<LeadId> },
    /// `number`: which of its values.
    #[error("expected nobody who was erased, found a number of such a person")]
    Erased { number: usize },
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<sqlx::Error> for AddLeadError {
    fn from(error: sqlx::Error) -> AddLeadError {
        AddLeadError::Records(RecordsError::Database(error))
    }
}

/// What can go wrong when leads' standings are written.
#[derive(Debug, thiserror::Error)]
pub enum StandingsError {
    #[error("the rows of this reader end at event {found}: expected event {expected}")]
    Elsewhere { expected: EventNo, found: EventNo },
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<sqlx::Error> for StandingsError {
    fn from(error: sqlx::Error) -> StandingsError {
        StandingsError::Records(RecordsError::Database(error))
    }
}

fn names(there: &[CampaignId]) -> String {
    if there.is_empty() {
        "none is".to_owned()
    } else {
        there.iter().map(CampaignId::as_str).collect::<Vec<_>>().join(", ")
    }
}

pub(in crate::records) fn told(wrong: &[WrongSetting]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl From<sqlx::Error> for CallListError {
    fn from(error: sqlx::Error) -> CallListError {
        CallListError::Records(RecordsError::Database(error))
    }
}
