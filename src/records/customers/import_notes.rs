//! Notes that an import brings, as many at a time as there are. Masks nothing: that is done before they come here.

use serde::Serialize;

use crate::customers::ids::{CustomerId, ImportId};
use crate::customers::search_terms::terms_of_note;
use crate::customers::text::NoteText;
use crate::routing::ids::ContactId;
use crate::routing::time::Timestamp;

use super::super::connection::{Transaction, values};
use super::super::statements::bulk::ADD_NOTE_TERMS;
use super::super::statements::imports::{ADD_NOTES, RESERVE_NOTES};
use super::BATCH_ROWS_MAX;
use super::add::bind_rows;
use super::history::json;
use super::rows::stored;
use super::terms::TermsOf;

/// A note about a customer, or about one contact of his.
pub(super) struct ImportedNote {
    pub customer: CustomerId,
    pub contact: Option<ContactId>,
    pub text: NoteText,
    pub at: Timestamp,
    pub by: String,
}

#[derive(Serialize)]
struct NoteJson<'n> {
    id: i64,
    customer: i64,
    contact: Option<i64>,
    body: &'n str,
    at_ms: i64,
    made_by: &'n str,
}

pub(super) async fn add_notes(
    transaction: &mut Transaction,
    notes: &[ImportedNote],
    import: ImportId,
) -> Result<(), sqlx::Error> {
    for notes in notes.chunks(BATCH_ROWS_MAX) {
        let count = i64::try_from(notes.len()).expect("a batch is small");
        let reserved: Vec<(i64,)> = transaction.rows(RESERVE_NOTES, values![count]).await?;
        assert_eq!(reserved.len(), notes.len(), "a number for each note");
        let rows = || reserved.iter().map(|(id,)| *id).zip(notes);
        let bodies: Vec<NoteJson<'_>> = rows()
            .map(|(id, note)| NoteJson {
                id,
                customer: note.customer.0,
                contact: note.contact.map(stored),
                body: note.text.as_str(),
                at_ms: note.at.0,
                made_by: &note.by,
            })
            .collect();
        transaction.execute(ADD_NOTES, values![&json(&bodies), import.0]).await?;
        let terms: Vec<TermsOf> = rows()
            .map(|(subject, note)| TermsOf { subject, terms: terms_of_note(note.text.as_str()).into_iter().collect() })
            .collect();
        bind_rows(transaction, ADD_NOTE_TERMS, &terms).await?;
    }
    Ok(())
}
