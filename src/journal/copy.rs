//! A copy of a SQLite journal in another folder, taken beside the process that owns it. Writes nothing into the original.

use std::path::Path;

use crate::routing::ids::EventNo;

use super::OpenError;
use super::head::{Head, HeadFile};
use super::row::End;
use super::sql_journal::{check, database_of, failed, head_of};
use super::sqlite::SqliteStore;
use super::store::Store;

/// Every event up to `kept`, with the keys and snapshots of that time; each row of the copy was checked.
pub(super) async fn copy(from: &Path, to: &Path, kept: EventNo) -> Result<(), OpenError> {
    let (original, file, head_file) = (database_of(from), database_of(to), head_of(to));
    std::fs::metadata(&original).map_err(|source| failed(&original, source))?;
    // Read first: the rows that it knows of were committed before it was written.
    let witness = match HeadFile::read(&head_of(from)).map_err(|source| failed(&head_of(from), source))? {
        Head::At(known) => Some(known),
        Head::Missing | Head::Damaged => None,
    };
    let store = SqliteStore::connect_to_read(&original).await?;
    store.copy_into(&file).await?;
    store.close().await?;
    let copied = Store::Sqlite(SqliteStore::open(&file).await?);
    check(&copied, witness).await?;
    copied.drop_after(kept).await?;
    copied.drop_orphaned_parts().await?;
    let end = copied.ends_up_to(kept).await?.first().copied().unwrap_or(End::START);
    if end.last != kept {
        return Err(OpenError::NotABatchEnd { asked: kept, before: end.last });
    }
    copied.close().await?;
    HeadFile::open(&head_file, end).map_err(|source| failed(&head_file, source))?;
    Ok(())
}
