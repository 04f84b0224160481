//! A copy of a SQLite journal in another folder, taken beside the process that owns it. Writes nothing into the original.

use std::path::Path;

use crate::routing::ids::EventNo;

use super::OpenError;
use super::chain::check;
use super::files::{database_of, failed, head_of};
use super::head::HeadFile;
use super::row::End;
use super::sqlite::SqliteStore;
use super::store::Store;

/// Every event up to `kept`, with the keys and snapshots of that time.
pub(super) async fn copy(from: &Path, to: &Path, kept: EventNo) -> Result<(Store, End, HeadFile), OpenError> {
    let (original, original_head) = (database_of(from), head_of(from));
    std::fs::metadata(&original).map_err(|source| failed(&original, source))?;
    // Read first: the rows that it knows of were committed before it was written.
    let head = HeadFile::read(&original_head).map_err(|source| failed(&original_head, source))?;
    let file = database_of(to);
    let store = SqliteStore::connect_to_read(&original).await?;
    store.copy_into(&file).await?;
    store.close().await?;
    let copied = Store::Sqlite(SqliteStore::open(&file).await?);
    head.expect_beside(check(&copied, head.known()).await?)?;
    copied.drop_after(kept).await?;
    copied.drop_orphaned_parts().await?;
    let end = copied.ends_up_to(kept).await?.first().copied().unwrap_or(End::START);
    if end.last != kept {
        return Err(OpenError::NotABatchEnd { asked: kept, before: end.last });
    }
    let head_file = head_of(to);
    let head = HeadFile::open(&head_file, end).map_err(|source| failed(&head_file, source))?;
    Ok((copied, end, head))
}
