//! Notes: added and read, never changed. Masks nothing: what must not be stored is masked before it comes here.

use crate::customers::change::Stamp;
use crate::customers::ids::{CustomerId, NoteId, WorkId};
use crate::customers::interaction_fold::ContactNote;
use crate::customers::note::{Note, NoteSubject};
use crate::customers::text::NoteText;
use crate::routing::ids::ContactId;

use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::statements::interactions::LOCK_INTERACTION;
use super::super::statements::notes::{ADD_NOTE, NOTES_OF_CONTACT, NOTES_OF_CUSTOMER, NOTES_OF_WORK};
use super::super::statements::work::LOCK_WORK;
use super::super::store::Records;
use super::change::lock;
use super::error::CustomerError;
use super::interactions::InteractionRow;
use super::rows::{Columns, contact_of, stored};
use super::terms::add_note_terms;
use super::work::WorkRow;

type Row = (i64, Option<i64>, Option<i64>, Option<i64>, String, i64, String);

impl Records {
    /// # Errors
    /// When there is no such customer or work, or the customer was merged away. A contact needs no interaction.
    pub async fn add_note(
        &self,
        subject: NoteSubject,
        text: &NoteText,
        stamp: &Stamp,
    ) -> Result<NoteId, CustomerError> {
        let mut transaction = self.begin().await?;
        let customer = whose(&mut transaction, subject).await?;
        let (contact, work) = match subject {
            NoteSubject::Customer(_) => (None, None),
            NoteSubject::Interaction(contact) => (Some(stored(contact)), None),
            NoteSubject::Work(work) => (None, Some(work.0)),
        };
        let added = values![customer, contact, work, text.as_str(), stamp.at.0, stamp.by.as_str()];
        let note = NoteId(transaction.number(ADD_NOTE, added).await?);
        add_note_terms(&mut transaction, note, text.as_str()).await?;
        transaction.commit().await?;
        Ok(note)
    }

    /// Of the customer itself, its interactions and its work: the newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn notes_of_customer(&self, customer: CustomerId, limit: u32) -> Result<Vec<Note>, RecordsError> {
        self.notes_of_customer_before(customer, None, limit).await
    }

    /// Those before `before`, for the next page.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn notes_of_customer_before(
        &self,
        customer: CustomerId,
        before: Option<NoteId>,
        limit: u32,
    ) -> Result<Vec<Note>, RecordsError> {
        let before = before.map_or(i64::MAX, |before| before.0);
        let rows = self.rows(NOTES_OF_CUSTOMER, values![customer.0, before, i64::from(limit)]).await?;
        rows.into_iter().map(note_of).collect()
    }

    /// The newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn notes_of_contact(&self, contact: ContactId, limit: u32) -> Result<Vec<Note>, RecordsError> {
        let rows = self.rows(NOTES_OF_CONTACT, values![stored(contact), i64::from(limit)]).await?;
        rows.into_iter().map(note_of).collect()
    }

    /// The newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn notes_of_work(&self, work: WorkId, limit: u32) -> Result<Vec<Note>, RecordsError> {
        let rows = self.rows(NOTES_OF_WORK, values![work.0, i64::from(limit)]).await?;
        rows.into_iter().map(note_of).collect()
    }
}

/// A note of an agent, with the rows of the events it came by.
pub(in crate::records) async fn add_contact_note(
    transaction: &mut Transaction,
    note: &ContactNote,
) -> Result<(), RecordsError> {
    let contact = stored(note.contact);
    let row: Option<InteractionRow> = transaction.row(LOCK_INTERACTION, values![contact]).await?;
    let customer = row.and_then(|row| row.customer);
    let no_work: Option<i64> = None;
    let text = note.text.as_str();
    let added = values![customer, Some(contact), no_work, text, note.at.0, note.agent.as_str()];
    let id = NoteId(transaction.number(ADD_NOTE, added).await?);
    Ok(add_note_terms(transaction, id, text).await?)
}

/// The customer of what the note is about. Locked, so that a merge at the same moment takes the note along.
async fn whose(transaction: &mut Transaction, subject: NoteSubject) -> Result<Option<i64>, CustomerError> {
    Ok(match subject {
        NoteSubject::Customer(customer) => Some(lock(transaction, customer).await?.id.0),
        NoteSubject::Interaction(contact) => {
            let row: Option<InteractionRow> = transaction.row(LOCK_INTERACTION, values![stored(contact)]).await?;
            row.and_then(|row| row.customer)
        }
        NoteSubject::Work(work) => {
            let row: Option<WorkRow> = transaction.row(LOCK_WORK, values![work.0]).await?;
            row.ok_or(CustomerError::UnknownWork(work))?.customer
        }
    })
}

fn note_of(row: Row) -> Result<Note, RecordsError> {
    let (id, customer, contact, work, body, at_ms, made_by) = row;
    let columns = Columns("note");
    let customer = customer.map(CustomerId);
    let subject = match (work, contact) {
        (Some(work), _) => NoteSubject::Work(WorkId(work)),
        (None, Some(contact)) => NoteSubject::Interaction(contact_of(contact)),
        (None, None) => NoteSubject::Customer(customer.ok_or(columns.unreadable("customer"))?),
    };
    Ok(Note {
        id: NoteId(id),
        subject,
        customer,
        text: columns.text("body", body)?,
        stamp: columns.stamp(at_ms, "made_by", made_by)?,
    })
}
