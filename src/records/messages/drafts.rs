//! Notes as far as agents have written them, one a segment. Filed by whoever reads the journal, once.

use crate::customers::interaction_fold::{ClosedSegment, ContactNote};
use crate::customers::text::{NoteText, ReaderName};
use crate::routing::ids::{AgentId, ContactId, SegmentId};
use crate::routing::time::Timestamp;

use super::super::connection::{Transaction, values};
use super::super::customers::{Columns, add_contact_note, stored};
use super::super::error::RecordsError;
use super::super::statements::messages::{
    CONTACT_IS_ERASED, DRAFTS_OF_AGENT, KEEP_DRAFT, LOCK_CURSOR, SEGMENT_IS_CLOSED, TAKE_DRAFT,
};
use super::super::store::Records;

impl Records {
    /// Keeps the note in place of what was kept of the segment before. False: `filer`, who files drafts, has seen the
    /// segment closed, and nothing was kept.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn keep_note_draft(
        &self,
        filer: &ReaderName,
        (contact, segment): (ContactId, SegmentId),
        agent: &AgentId,
        text: &NoteText,
        at: Timestamp,
    ) -> Result<bool, RecordsError> {
        let mut transaction = self.begin().await?;
        let _cursor: Option<(i64,)> = transaction.row(LOCK_CURSOR, values![filer.as_str()]).await?;
        let segment = segment.0.cast_signed();
        let closed: Option<(i64,)> = transaction.row(SEGMENT_IS_CLOSED, values![stored(contact), segment]).await?;
        if closed.is_some() {
            return Ok(false);
        }
        let kept = values![segment, stored(contact), agent.as_str(), text.as_str(), at.0];
        transaction.execute(KEEP_DRAFT, kept).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn note_drafts_of(&self, agent: &AgentId) -> Result<Vec<(SegmentId, NoteText)>, RecordsError> {
        let rows: Vec<(i64, String)> = self.rows(DRAFTS_OF_AGENT, values![agent.as_str()]).await?;
        rows.into_iter()
            .map(|(segment, body)| Ok((SegmentId(segment.cast_unsigned()), Columns("note_draft").text("body", body)?)))
            .collect()
    }
}

/// What was drafted for a segment that closed without a note becomes its note, unless its person was erased.
pub(in crate::records) async fn file_drafts(
    transaction: &mut Transaction,
    closed: &[ClosedSegment],
) -> Result<(), RecordsError> {
    for segment in closed {
        let taken: Option<(String, String)> =
            transaction.row(TAKE_DRAFT, values![segment.segment.0.cast_signed()]).await?;
        let Some((agent, body)) = taken.filter(|(_, body)| !segment.has_note && !body.is_empty()) else { continue };
        let erased: Option<(i64,)> = transaction.row(CONTACT_IS_ERASED, values![stored(segment.contact)]).await?;
        if erased.is_some() {
            continue;
        }
        let columns = Columns("note_draft");
        let note = ContactNote {
            contact: segment.contact,
            agent: columns.text("agent", agent)?,
            at: segment.at,
            text: columns.text("body", body)?,
        };
        add_contact_note(transaction, &note).await?;
    }
    Ok(())
}
