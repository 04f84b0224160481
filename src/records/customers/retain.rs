//! Takes away what is older than it may be, a bounded batch at a time. How long each kind is kept is its caller's.

use crate::customers::change::Stamp;
use crate::routing::ids::ContactId;
use crate::routing::time::Timestamp;

use super::super::audit::append;
use super::super::connection::{Transaction, json, values};
use super::super::error::RecordsError;
use super::super::recordings::erase_recordings_of;
use super::super::statements::Statement;
use super::super::statements::attempts::COUNT_OLD_ATTEMPTS;
use super::super::statements::call_lists::COUNT_EXPIRED_LEADS;
use super::super::statements::do_not_call::COUNT_EXPIRED_ENTRIES;
use super::super::statements::erasure::{
    DROP_CHANGES_OF_CONTACTS, DROP_DRAFTS_OF_CONTACTS, DROP_MESSAGES_OF_CONTACTS, NOTES_OF_CONTACTS, NOTES_OF_WORKS,
    STRIP_INTERACTIONS,
};
use super::super::statements::retention::{
    COUNT_OLD_AUDIT, COUNT_OLD_CHANGES, COUNT_OLD_CONTACTS, COUNT_OLD_WORK, DROP_OLD_CHANGES, DROP_WORK, OLD_CONTACTS,
    OLD_WORK,
};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::erase::drop_notes;
use super::rows::contact_of;

/// What is kept for a time of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RetentionKind {
    /// Of contacts that are over: whose they were, addresses, notes, messages, recordings with their files, and transcripts' references.
    ContactDetail,
    /// Work that is closed, with its notes and its history.
    ClosedWork,
    /// The history of what was changed of customers.
    ChangeHistory,
    /// Who looked at and changed what.
    Audit,
    /// Leads of call lists that have expired.
    ExpiredLeads,
    /// Do-not-call entries that have expired.
    ExpiredDoNotCall,
    /// Every call out that was proposed, and what came of it.
    Attempts,
}

impl RetentionKind {
    pub const ALL: [RetentionKind; 7] = [
        RetentionKind::ContactDetail,
        RetentionKind::ClosedWork,
        RetentionKind::ChangeHistory,
        RetentionKind::Audit,
        RetentionKind::ExpiredLeads,
        RetentionKind::ExpiredDoNotCall,
        RetentionKind::Attempts,
    ];

    /// The word of its setting.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RetentionKind::ContactDetail => "contact_detail",
            RetentionKind::ClosedWork => "closed_work",
            RetentionKind::ChangeHistory => "change_history",
            RetentionKind::Audit => "audit",
            RetentionKind::ExpiredLeads => "expired_leads",
            RetentionKind::ExpiredDoNotCall => "expired_do_not_call",
            RetentionKind::Attempts => "attempts",
        }
    }
}

impl Records {
    /// How many rows of this kind are older.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn older_than(&self, kind: RetentionKind, before: Timestamp) -> Result<u64, RecordsError> {
        let statement = match kind {
            RetentionKind::ContactDetail => COUNT_OLD_CONTACTS,
            RetentionKind::ClosedWork => COUNT_OLD_WORK,
            RetentionKind::ChangeHistory => COUNT_OLD_CHANGES,
            RetentionKind::Audit => COUNT_OLD_AUDIT,
            RetentionKind::ExpiredLeads => COUNT_EXPIRED_LEADS,
            RetentionKind::ExpiredDoNotCall => COUNT_EXPIRED_ENTRIES,
            RetentionKind::Attempts => COUNT_OLD_ATTEMPTS,
        };
        let row: Option<(i64,)> = self.row(statement, values![before.0]).await?;
        Ok(row.map_or(0, |(count,)| count.unsigned_abs()))
    }

    /// Contacts that were over before, and still say whose they were. The oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn contacts_with_detail(&self, before: Timestamp, limit: u32) -> Result<Vec<ContactId>, RecordsError> {
        let rows: Vec<(i64,)> = self.rows(OLD_CONTACTS, values![before.0, i64::from(limit)]).await?;
        Ok(rows.into_iter().map(|(contact,)| contact_of(contact)).collect())
    }

    /// Takes from these contacts all that says whose they were. What is counted stays.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn strip_contacts(&self, contacts: &[ContactId], at: Timestamp) -> Result<(), RecordsError> {
        let contacts = json(&contacts.iter().map(|contact| contact.0).collect::<Vec<_>>());
        let mut transaction = self.begin().await?;
        drop_notes_of(&mut transaction, NOTES_OF_CONTACTS, &contacts).await?;
        transaction.execute(DROP_MESSAGES_OF_CONTACTS, values![&contacts]).await?;
        transaction.execute(DROP_DRAFTS_OF_CONTACTS, values![&contacts]).await?;
        erase_recordings_of(&mut transaction, &contacts, at).await?;
        transaction.execute(DROP_CHANGES_OF_CONTACTS, values![&contacts]).await?;
        transaction.execute(STRIP_INTERACTIONS, values![&contacts, at.0]).await?;
        Ok(transaction.commit().await?)
    }

    /// Removes work that was closed before, with its notes and its history, `limit` pieces at most. How many.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn drop_closed_work(&self, before: Timestamp, limit: u32) -> Result<u64, RecordsError> {
        let mut transaction = self.begin().await?;
        let rows: Vec<(i64,)> = transaction.rows(OLD_WORK, values![before.0, i64::from(limit)]).await?;
        let work = json(&rows.into_iter().map(|(id,)| id).collect::<Vec<_>>());
        drop_notes_of(&mut transaction, NOTES_OF_WORKS, &work).await?;
        let dropped = transaction.execute(DROP_WORK, values![&work]).await?;
        transaction.commit().await?;
        Ok(dropped)
    }

    /// Removes from the history of customers what was changed before, `limit` rows at most. How many.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn drop_change_history(&self, before: Timestamp, limit: u32) -> Result<u64, RecordsError> {
        let mut transaction = self.begin().await?;
        let dropped = transaction.execute(DROP_OLD_CHANGES, values![before.0, i64::from(limit)]).await?;
        transaction.commit().await?;
        Ok(dropped)
    }

    /// A row of the audit that says what went. The audit's own pruning has rows of its own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_retention(&self, removed: &[(RetentionKind, u64)], stamp: &Stamp) -> Result<(), RecordsError> {
        let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::RetentionApplied);
        let entry = removed.iter().fold(entry, |entry, (kind, rows)| entry.with(kind.as_str(), *rows));
        let mut transaction = self.begin().await?;
        append(&mut transaction, &[entry]).await?;
        Ok(transaction.commit().await?)
    }
}

async fn drop_notes_of(transaction: &mut Transaction, notes_of: Statement, ids: &str) -> Result<(), sqlx::Error> {
    let notes: Vec<(i64, String)> = transaction.rows(notes_of, values![ids]).await?;
    drop_notes(transaction, &notes).await
}
