//! Waits until the tables hold all that the journal does, or writes it. Reads nothing for anybody.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::customers::text::ReaderName;
use crate::interactions::{self, FollowError};
use crate::journal::{ReadError, SqlJournal};
use crate::records::{InteractionsError, Records, RecordsError};

const LOOKED_AT_EVERY: Duration = Duration::from_millis(100);
/// For so long a server may write them itself.
const LOOKS_BEFORE_WRITING: u32 = 5;
const LOOKS_MAX: u32 = 100;

#[derive(Debug, thiserror::Error)]
pub enum BehindError {
    #[error("the interactions are behind the journal: try again in a while")]
    Behind,
    #[error(transparent)]
    Journal(#[from] ReadError),
    #[error(transparent)]
    Records(#[from] RecordsError),
    #[error(transparent)]
    Follow(FollowError),
}

/// What the journal holds at this moment has its rows afterwards.
pub(super) async fn catch_up(records: &Records, journal: &SqlJournal) -> Result<(), BehindError> {
    let reader = ReaderName::new(interactions::READER).expect("a short word");
    let last = journal.last_event().await?;
    for look in 0..LOOKS_MAX {
        if records.reader_cursor(&reader).await? >= last {
            return Ok(());
        }
        if look < LOOKS_BEFORE_WRITING {
            tokio::time::sleep(LOOKED_AT_EVERY).await;
            continue;
        }
        match interactions::write_up_to(journal, records, &mut BTreeMap::new(), last).await {
            // A server wrote some meanwhile.
            Ok(()) | Err(FollowError::Write(InteractionsError::Elsewhere { .. })) => {}
            Err(error) => return Err(BehindError::Follow(error)),
        }
    }
    Err(BehindError::Behind)
}
