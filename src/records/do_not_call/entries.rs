//! Do-not-call entries added and removed by hand, one at a time. Reads no file.

use crate::customers::change::Stamp;
use crate::customers::ids::ImportId;
use crate::outbound::do_not_call::{DoNotCallEntry, DoNotCallScope, DoNotCallWhat, holds, later_expiry};
use crate::outbound::lead::SourceText;

use super::super::audit::append;
use super::super::connection::{Transaction, json, values};
use super::super::error::RecordsError;
use super::super::statements::do_not_call::{
    ADD_ENTRIES, ADD_ORIGIN, COUNT_ENTRIES_IN, ENTRIES_AMONG, REMOVE_ENTRIES, REMOVE_ORIGINS_BY_HAND,
};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::columns::{key_of, scope_columns};
use super::listed::{ListedEntry, ListedRow};

/// What became of an entry that was to be added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DoNotCallAdded {
    Added,
    /// Somebody added it by hand already, and it holds as long. Nothing was changed.
    ThereAlready,
}

impl Records {
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn add_do_not_call(
        &self,
        entry: &DoNotCallEntry,
        source: Option<&SourceText>,
        stamp: &Stamp,
    ) -> Result<DoNotCallAdded, RecordsError> {
        let mut transaction = self.begin().await?;
        let there = entries_of(&mut transaction, entry.what, &entry.scope).await?;
        let holds_as_long = |held: &ListedEntry| {
            let held_until = held.entry.expires_at;
            held.import.is_none() && later_expiry(held_until, entry.expires_at) == held_until
        };
        if there.iter().any(|(_, held)| holds_as_long(held) && holds(held.entry.expires_at, stamp.at)) {
            return Ok(DoNotCallAdded::ThereAlready);
        }
        let origin = add_origin(&mut transaction, &entry.scope, source, None, stamp).await?;
        let pairs = json(&[(key_of(entry.what), entry.expires_at.map(|at| at.0))]);
        transaction.execute(ADD_ENTRIES, values![&pairs, origin]).await?;
        transaction.execute(COUNT_ENTRIES_IN, values![origin, 1]).await?;
        append(&mut transaction, &[audited(Act::DoNotCallAdded, entry.what, &entry.scope, stamp)]).await?;
        transaction.commit().await?;
        Ok(DoNotCallAdded::Added)
    }

    /// Removes this entry of this scope, whoever added it and by however many imports. How many there were.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn remove_do_not_call(
        &self,
        what: DoNotCallWhat,
        scope: &DoNotCallScope,
        stamp: &Stamp,
    ) -> Result<usize, RecordsError> {
        let mut transaction = self.begin().await?;
        let there = entries_of(&mut transaction, what, scope).await?;
        if there.is_empty() {
            return Ok(0);
        }
        let pairs: Vec<(i64, i64)> = there.iter().map(|(origin, _)| (key_of(what), *origin)).collect();
        remove_entries(&mut transaction, &pairs).await?;
        let entry = audited(Act::DoNotCallRemoved, what, scope, stamp).with("entries", pairs.len());
        append(&mut transaction, &[entry]).await?;
        transaction.commit().await?;
        Ok(pairs.len())
    }
}

/// The entries of this key and scope, expired ones too, each with its origin.
async fn entries_of(
    transaction: &mut Transaction,
    what: DoNotCallWhat,
    scope: &DoNotCallScope,
) -> Result<Vec<(i64, ListedEntry)>, RecordsError> {
    let rows: Vec<ListedRow> = transaction.rows(ENTRIES_AMONG, values![&json(&[key_of(what)])]).await?;
    let entries = rows.into_iter().map(|row| Ok((row.id, ListedEntry::try_from(row)?)));
    let entries: Vec<(i64, ListedEntry)> = entries.collect::<Result<_, RecordsError>>()?;
    Ok(entries.into_iter().filter(|(_, held)| held.entry.scope == *scope).collect())
}

pub(super) async fn add_origin(
    transaction: &mut Transaction,
    scope: &DoNotCallScope,
    source: Option<&SourceText>,
    import: Option<ImportId>,
    stamp: &Stamp,
) -> Result<i64, sqlx::Error> {
    let (word, name) = scope_columns(scope);
    let source = source.map(SourceText::as_str);
    let import = import.map(|import| import.0);
    transaction.number(ADD_ORIGIN, values![word, name, source, import, stamp.at.0, stamp.by.as_str()]).await
}

/// Pairs of entry and origin, all of which are there. Origins by hand go with their one entry.
pub(super) async fn remove_entries(transaction: &mut Transaction, pairs: &[(i64, i64)]) -> Result<(), sqlx::Error> {
    transaction.execute(REMOVE_ENTRIES, values![&json(&pairs)]).await?;
    let mut origins: Vec<i64> = pairs.iter().map(|(_, origin)| *origin).collect();
    origins.sort_unstable();
    for origin in origins.chunk_by(|one, other| one == other) {
        let gone = i64::try_from(origin.len()).expect("a batch is small");
        transaction.execute(COUNT_ENTRIES_IN, values![origin[0], -gone]).await?;
    }
    origins.dedup();
    transaction.execute(REMOVE_ORIGINS_BY_HAND, values![&json(&origins)]).await.map(drop)
}

fn audited(act: Act, what: DoNotCallWhat, scope: &DoNotCallScope, stamp: &Stamp) -> AuditEntry {
    let kind = match what {
        DoNotCallWhat::Number(_) => "number",
        DoNotCallWhat::Prefix(_) => "prefix",
    };
    AuditEntry::new(stamp.at, stamp.by.clone(), act).with("of", kind).with("scope", scope_columns(scope).0)
}
