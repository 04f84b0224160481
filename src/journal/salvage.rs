//! Goes on without the events that are lost: an operator's decision, never taken here. What is kept was checked.

use std::fs::File;
use std::path::{Path, PathBuf};

use sqlx::postgres::PgConnectOptions;

use crate::routing::ids::EventNo;

use super::chain::{begin, follow};
use super::files::failed;
use super::head::HeadFile;
use super::postgres::PostgresStore;
use super::row::End;
use super::sqlite::SqliteStore;
use super::statements::{
    COMMIT, SQLITE_BEGIN, SQLITE_COPY_KEY, SQLITE_COPY_ROW, SQLITE_KEYS_TO_COPY, SQLITE_SET_LEASE,
};
use super::store::{Store, number};
use super::{Epoch, Loss, OpenError, snapshot};

pub(super) async fn postgres(options: &PgConnectOptions, kept: EventNo) -> Result<Loss, OpenError> {
    let store = Store::Postgres(PostgresStore::open(options).await?);
    let known = last_of(&store).await;
    follow(&store, None, Some(kept)).await?;
    // Should its owner still run, it learns here that it is none any more.
    store.take_lease().await?;
    store.drop_after(kept).await?;
    store.close().await?;
    Ok(Loss { kept, known: known.max(kept), set_aside: None })
}

/// Copies what is kept into a new file, because a damaged one may refuse even a delete; then the two change places.
pub(super) async fn sqlite(file: &Path, head_file: &Path, kept: EventNo) -> Result<Loss, OpenError> {
    let head = HeadFile::read(head_file).map_err(|source| failed(head_file, source))?;
    let head = head.known().map_or(EventNo::ZERO, |end| end.last);
    let new_file = beside(file, ".kept");
    remove_database(&new_file)?;
    let new = Store::Sqlite(SqliteStore::open(&new_file).await?);
    let (end, known) = match SqliteStore::connect(file).await {
        Ok(old) => {
            let old = Store::Sqlite(old);
            let known = last_of(&old).await;
            let end = copy(&old, &new, kept).await?;
            if let Err(error) = old.close().await {
                tracing::warn!(%error, "the damaged journal did not close cleanly");
            }
            (end, known)
        }
        // Nothing of it is wanted, so nothing of it need be readable.
        Err(_) if kept == EventNo::ZERO => (End::START, EventNo::ZERO),
        Err(error) => return Err(error.into()),
    };
    new.close().await?;
    let set_aside = exchange(file, &new_file)?;
    HeadFile::open(head_file, end).map_err(|source| failed(head_file, source))?;
    sync_folder(file)?;
    Ok(Loss { kept, known: known.max(head).max(kept), set_aside })
}

async fn last_of(store: &Store) -> EventNo {
    let newest = store.ends_up_to(EventNo(i64::MAX.cast_unsigned())).await;
    newest.ok().and_then(|ends| ends.first().map(|end| end.last)).unwrap_or(EventNo::ZERO)
}

async fn copy(old: &Store, new: &Store, kept: EventNo) -> Result<End, OpenError> {
    let end = follow(old, None, Some(kept)).await?;
    // Should its owner still run, it learns here that it is none any more.
    let epoch = match old.take_lease().await {
        Ok((epoch, _)) => epoch,
        Err(error) => {
            tracing::warn!(%error, "the lease of the damaged journal cannot be taken");
            Epoch(0)
        }
    };
    let (Store::Sqlite(old_file), Store::Sqlite(new_file)) = (old, new) else {
        unreachable!("only SQLite journals are copied")
    };
    copy_base(old, new).await?;
    copy_rows(old, new_file, kept).await?;
    let mut writer = new_file.writer.lock().await;
    sqlx::query(SQLITE_BEGIN).execute(&mut *writer).await?;
    sqlx::query(SQLITE_SET_LEASE).bind(epoch.0.cast_signed()).execute(&mut *writer).await?;
    if kept > EventNo::ZERO {
        let keys: Vec<(i64, i64, Option<Vec<u8>>)> =
            sqlx::query_as(SQLITE_KEYS_TO_COPY).bind(number(kept)).fetch_all(&old_file.readers).await?;
        for (contact, since, secret) in keys {
            let query = sqlx::query(SQLITE_COPY_KEY).bind(contact).bind(since).bind(secret);
            query.execute(&mut *writer).await?;
        }
    }
    sqlx::query(COMMIT).execute(&mut *writer).await?;
    drop(writer);
    copy_snapshots(old, new, kept).await?;
    Ok(end)
}

async fn copy_base(old: &Store, new: &Store) -> Result<(), OpenError> {
    let Some(base) = old.base().await? else { return Ok(()) };
    for (part, bytes) in (0..).zip(old.base_bytes(base).await?.chunks(snapshot::PART_BYTES)) {
        new.insert_base_part(base.end.last, part, bytes).await?;
    }
    new.set_base(base).await?;
    Ok(())
}

async fn copy_rows(old: &Store, new: &SqliteStore, kept: EventNo) -> Result<(), OpenError> {
    let mut end = begin(old).await?;
    while end.last < kept {
        let page = old.rows_after(end.last).await;
        let mut writer = new.writer.lock().await;
        sqlx::query(SQLITE_BEGIN).execute(&mut *writer).await?;
        for row in page.rows {
            if end.last == kept {
                break;
            }
            end = end.follow(&row)?;
            sqlx::query(SQLITE_COPY_ROW)
                .bind(number(row.first))
                .bind(row.count.cast_signed())
                .bind(row.epoch.0.cast_signed())
                .bind(row.at.0)
                .bind(row.events)
                .bind(i64::from(row.crc))
                .execute(&mut *writer)
                .await?;
        }
        sqlx::query(COMMIT).execute(&mut *writer).await?;
        if let Some(source) = page.broken
            && end.last < kept
        {
            return Err(OpenError::Unreadable { after: end.last, source });
        }
    }
    Ok(())
}

/// A snapshot is a short cut: what cannot be read of it is left out.
async fn copy_snapshots(old: &Store, new: &Store, kept: EventNo) -> Result<(), OpenError> {
    let mut snapshots = old.snapshots().await.unwrap_or_default();
    snapshots.retain(|(at, _)| *at <= kept);
    for (at, parts) in snapshots {
        let Ok(framed) = old.snapshot_bytes(at, parts).await else { continue };
        if snapshot::unframe(at, framed.clone()).is_err() {
            continue;
        }
        let mut parts = 0;
        for part in framed.chunks(snapshot::PART_BYTES) {
            new.insert_snapshot_part(at, parts, part).await?;
            parts += 1;
        }
        new.insert_snapshot(at, parts).await?;
    }
    Ok(())
}

/// Puts the new file in the old one's place and answers where the old one, if there was one, is now.
fn exchange(file: &Path, new_file: &Path) -> Result<Option<PathBuf>, OpenError> {
    let aside = (1..).map(|n: u32| beside(file, &format!(".damaged-{n}"))).find(|path| !path.exists());
    let aside = aside.expect("some number is free");
    let there = file.exists();
    if there {
        std::fs::hard_link(file, &aside).map_err(|source| failed(&aside, source))?;
    }
    for suffix in ["-wal", "-shm"] {
        let part = beside(file, suffix);
        if part.exists() {
            // Left where it is, SQLite would read the damaged file's WAL into the new one.
            std::fs::rename(&part, beside(&aside, suffix)).map_err(|source| failed(&part, source))?;
        }
    }
    std::fs::rename(new_file, file).map_err(|source| failed(file, source))?;
    Ok(there.then_some(aside))
}

fn remove_database(file: &Path) -> Result<(), OpenError> {
    for path in [file.to_owned(), beside(file, "-wal"), beside(file, "-shm")] {
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(failed(&path, source)),
        }
    }
    Ok(())
}

fn sync_folder(file: &Path) -> Result<(), OpenError> {
    let folder = file.parent().expect("a file lies in a folder");
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| failed(folder, source))
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
