//! The router's state in a copy of the journal, and the sum by which it is known again. Compares nothing.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::BackupError;
use super::manifest::hex;
use crate::journal::{Fold, LiveState, Recovered, RecoveryError, SqlJournal, recover};

/// The state after the last event, as every start computes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateSum {
    /// The version of its encoding: sums of two shapes cannot be compared.
    pub shape: u32,
    pub sha256: String,
}

impl StateSum {
    pub(super) fn of(state: &LiveState) -> Result<StateSum, BackupError> {
        let bytes = postcard::to_stdvec(&state.snapshot()).map_err(BackupError::Encoding)?;
        Ok(StateSum { shape: LiveState::SNAPSHOT_VERSION, sha256: hex(&Sha256::digest(bytes)) })
    }
}

/// As every start does it: the state is made of snapshot and tail.
pub(super) async fn recovered(journal: SqlJournal) -> Result<Recovered<LiveState>, BackupError> {
    let recovered = recover::<LiveState>(&journal).await?;
    journal.close().await.map_err(RecoveryError::from)?;
    Ok(recovered)
}
