//! What can go wrong with campaigns. It never holds a number that is shown to whoever is called.

use crate::customers::ids::Version;
use crate::outbound::call_list::WrongSetting;
use crate::outbound::ids::CampaignNo;
use crate::routing::ids::CampaignId;

use super::super::call_lists::told;
use super::super::error::RecordsError;

#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    #[error("there is no campaign {0}")]
    Unknown(CampaignNo),
    #[error("there is no campaign {0:?}")]
    UnknownName(CampaignId),
    #[error("there is a campaign {0:?} already")]
    NameTaken(CampaignId),
    #[error("campaign {name:?} has no version {version}")]
    UnknownVersion { name: CampaignId, version: Version },
    #[error("campaign {name:?} was changed meanwhile: expected version {expected}, found {found}")]
    Conflict { name: CampaignId, expected: Version, found: Version },
    #[error("{}", told(.0))]
    Settings(Vec<WrongSetting>),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<sqlx::Error> for CampaignError {
    fn from(error: sqlx::Error) -> CampaignError {
        CampaignError::Records(RecordsError::Database(error))
    }
}
