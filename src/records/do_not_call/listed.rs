//! Whether a number is not to be called, by which entries, and how many there are. Changes none.

use crate::customers::address::AddressKind;
use crate::customers::change::Stamp;
use crate::customers::customer::AddressKey;
use crate::customers::ids::ImportId;
use crate::customers::text::{AddressKindWord, AddressText};
use crate::outbound::do_not_call::{
    CallTo, DoNotCallEntry, DoNotCallScope, DoNotCallWhat, NumberDigits, holds, stopped_by,
};
use crate::outbound::lead::SourceText;
use crate::routing::time::Timestamp;

use super::super::connection::{json, values};
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::not_to_contact::not_to_contact_among;
use super::super::statements::do_not_call::{DO_NOT_CALL_COUNTS, ENTRIES_AMONG, EXPIRED_COUNTS};
use super::super::store::Records;
use super::columns::{key_of, scope_of, what_of};

/// An entry, and where it is from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedEntry {
    pub entry: DoNotCallEntry,
    pub source: Option<SourceText>,
    /// None: somebody added it by hand.
    pub import: Option<ImportId>,
    pub added: Stamp,
}

/// How many entries hold for whose calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DoNotCallCount {
    pub scope: DoNotCallScope,
    pub entries: u64,
}

#[derive(sqlx::FromRow)]
pub(super) struct ListedRow {
    entry: i64,
    expires_at_ms: Option<i64>,
    /// Of its origin.
    pub id: i64,
    scope: String,
    scope_of: Option<String>,
    source: Option<String>,
    import_batch: Option<i64>,
    added_at_ms: i64,
    added_by: String,
}

impl Records {
    /// Every entry that covers the number and has not expired, for whose calls ever.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn do_not_call_listed(
        &self,
        number: NumberDigits,
        at: Timestamp,
    ) -> Result<Vec<ListedEntry>, RecordsError> {
        let keys: Vec<i64> = DoNotCallWhat::covering(number).map(key_of).collect();
        let rows: Vec<ListedRow> = self.rows(ENTRIES_AMONG, values![&json(&keys)]).await?;
        let entries = rows.into_iter().map(ListedEntry::try_from);
        let mut entries: Vec<ListedEntry> = entries.collect::<Result<_, RecordsError>>()?;
        entries.retain(|listed| holds(listed.entry.expires_at, at));
        entries.sort_by(|one, other| one.entry.cmp(&other.entry));
        Ok(entries)
    }

    /// Whether somebody who was erased did not want to be contacted at this number.
    ///
    /// # Errors
    /// When the database does not answer, or there are such people and their key is not held.
    pub async fn is_not_to_be_contacted(&self, number: NumberDigits) -> Result<bool, RecordsError> {
        let key = phone_key(number);
        let mut asked = self;
        Ok(!not_to_contact_among(&mut asked, self.site_key(), std::iter::once(&key)).await?.is_empty())
    }

    /// The entry that stops the call; of several the one that holds longest. What an erased person asked for holds for
    /// everyone and for good.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn do_not_call_stops(
        &self,
        call: CallTo<'_>,
        at: Timestamp,
    ) -> Result<Option<DoNotCallEntry>, RecordsError> {
        if self.is_not_to_be_contacted(call.number).await? {
            let what = DoNotCallWhat::Number(call.number);
            return Ok(Some(DoNotCallEntry { scope: DoNotCallScope::Everyone, what, expires_at: None }));
        }
        let listed = self.do_not_call_listed(call.number, at).await?;
        Ok(stopped_by(listed.iter().map(|listed| &listed.entry), call, at).cloned())
    }

    /// By scope, those that have expired left out. What is looked at is where entries are from, not each entry.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn do_not_call_counts(&self, at: Timestamp) -> Result<Vec<DoNotCallCount>, RecordsError> {
        type CountRow = (String, Option<String>, i64);
        let all: Vec<CountRow> = self.rows(DO_NOT_CALL_COUNTS, values![]).await?;
        let expired: Vec<CountRow> = self.rows(EXPIRED_COUNTS, values![at.0]).await?;
        let gone = |word: &str, name: &Option<String>| {
            let same = expired.iter().find(|(of, its, _)| of == word && its == name);
            same.map_or(0, |(_, _, entries)| *entries)
        };
        let counted = all.into_iter().map(|(word, name, entries)| {
            let entries = (entries - gone(&word, &name)).max(0).unsigned_abs();
            Ok(DoNotCallCount { scope: scope_of(&word, name)?, entries })
        });
        let mut counts: Vec<DoNotCallCount> = counted.collect::<Result<_, RecordsError>>()?;
        counts.retain(|count| count.entries > 0);
        counts.sort_by(|one, other| one.scope.cmp(&other.scope));
        Ok(counts)
    }
}

/// The number as an address.
fn phone_key(number: NumberDigits) -> AddressKey {
    let kind = AddressKindWord::new(AddressKind::Phone.as_str()).expect("a kind is a short word");
    let value = AddressText::new(format!("+{}", u64::from(number))).expect("a number is short");
    AddressKey { kind, value }
}

impl TryFrom<ListedRow> for ListedEntry {
    type Error = RecordsError;

    fn try_from(row: ListedRow) -> Result<ListedEntry, RecordsError> {
        let columns = Columns("do_not_call_origin");
        let entry = DoNotCallEntry {
            scope: scope_of(&row.scope, row.scope_of)?,
            what: what_of(row.entry)?,
            expires_at: row.expires_at_ms.map(Timestamp),
        };
        Ok(ListedEntry {
            entry,
            source: columns.text_if_any("source", row.source)?,
            import: row.import_batch.map(ImportId),
            added: columns.stamp(row.added_at_ms, "added_by", row.added_by)?,
        })
    }
}
