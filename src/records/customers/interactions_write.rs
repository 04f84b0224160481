//! Writes interactions as the reader of the journal knows them, with how far it has read. Folds no events.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::customers::ids::CustomerId;
use crate::customers::interaction::Interaction;
use crate::customers::interaction_fold::{ClosedSegment, ContactNote};
use crate::customers::message::MessagePlace;
use crate::customers::recording::RecordingNews;
use crate::customers::text::ReaderName;
use crate::routing::ids::{ContactId, EventNo};

use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::messages::{drop_of_erased, file_drafts, set_passed};
use super::super::reader_cursor::{CursorMove, move_cursor};
use super::super::recordings::write_recordings;
use super::super::statements::bulk::{WRITE_INTERACTIONS, WRITE_SEGMENTS, WRITE_VISITS};
use super::super::statements::interactions::{CURRENT_CUSTOMERS, CURSOR};
use super::super::store::Records;
use super::BATCH_ROWS_MAX;
use super::add::bind_rows;
use super::error::InteractionsError;
use super::history::json;
use super::notes::add_contact_note;
use super::rows::{stored, word_of};

#[derive(Serialize)]
pub(super) struct InteractionJson<'i> {
    contact: i64,
    customer: Option<i64>,
    channel: String,
    direction: String,
    from_kind: Option<&'i str>,
    from_value: Option<&'i str>,
    to_kind: Option<&'i str>,
    to_value: Option<&'i str>,
    arrived_at_ms: i64,
    ended_at_ms: Option<i64>,
    ended_by: Option<String>,
    disposition: Option<&'i str>,
    satisfaction: Option<i64>,
    recording: Option<&'i str>,
    transcript: Option<&'i str>,
}

#[derive(Serialize)]
struct VisitJson<'i> {
    contact: i64,
    visit: i64,
    queue: &'i str,
    entered_at_ms: i64,
    ended_at_ms: Option<i64>,
    ended_how: Option<&'i str>,
}

#[derive(Serialize)]
struct SegmentJson<'i> {
    contact: i64,
    segment: i64,
    queue: Option<&'i str>,
    agent: &'i str,
    started_at_ms: i64,
    connected_at_ms: Option<i64>,
    ended_at_ms: Option<i64>,
    wrapped_up_at_ms: Option<i64>,
    disposition: Option<&'i str>,
}

/// What some events came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct InteractionBatch<'b> {
    pub interactions: &'b [Interaction],
    /// Each is added: none may be in two batches.
    pub notes: &'b [ContactNote],
    /// Whose drafts become notes.
    pub closed: &'b [ClosedSegment],
    /// Messages, and with which events they passed.
    pub passed: &'b [(MessagePlace, EventNo)],
    /// In the order of their events.
    pub recordings: &'b [RecordingNews],
}

impl Records {
    /// The last event whose rows this reader has written; [`EventNo::ZERO`] before the first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reader_cursor(&self, reader: &ReaderName) -> Result<EventNo, RecordsError> {
        let row: Option<(i64,)> = self.row(CURSOR, values![reader.as_str()]).await?;
        Ok(row.map_or(EventNo::ZERO, |(no,)| EventNo(no.cast_unsigned())))
    }

    /// Writes what the events after `after` up to `up_to` came to: whole rows, over those of the same contacts,
    /// in one transaction with the reader's place. Of a contact named twice the later row counts. Whether they
    /// were written: not when they had been written before.
    ///
    /// A customer who was merged meanwhile is replaced by the one it is part of; one who is not there any more is
    /// left out. What agents put right by hand stays where the rows do not say better.
    ///
    /// # Errors
    /// When there are too many rows, or the reader's rows do not end at `after`; nothing was written.
    pub async fn write_interactions(
        &self,
        reader: &ReaderName,
        after: EventNo,
        up_to: EventNo,
        batch: &InteractionBatch<'_>,
    ) -> Result<bool, InteractionsError> {
        let InteractionBatch { interactions, notes, closed, passed, recordings } = *batch;
        let count = interactions.len().max(notes.len());
        if count > BATCH_ROWS_MAX {
            return Err(InteractionsError::TooMany { count, max: BATCH_ROWS_MAX });
        }
        if up_to < after {
            return Err(InteractionsError::Backwards { after, up_to });
        }
        let mut transaction = self.begin().await?;
        match move_cursor(&mut transaction, reader, after, up_to).await? {
            CursorMove::Moved => {}
            CursorMove::WasThere => return Ok(false),
            CursorMove::Elsewhere { found } => return Err(InteractionsError::Elsewhere { expected: after, found }),
        }
        write(&mut transaction, interactions).await?;
        for note in notes {
            add_contact_note(&mut transaction, note).await?;
        }
        file_drafts(&mut transaction, closed).await?;
        set_passed(&mut transaction, passed).await?;
        write_recordings(&mut transaction, recordings).await?;
        let over = interactions.iter().filter(|interaction| interaction.ended_at.is_some());
        let over: Vec<ContactId> = over.map(|interaction| interaction.contact).collect();
        if !over.is_empty() {
            drop_of_erased(&mut transaction, &over).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Writes interactions that come from elsewhere than the journal: an import, a generator.
    ///
    /// # Errors
    /// When there are too many rows, or the database does not answer; nothing was written.
    pub async fn import_interactions(&self, interactions: &[Interaction]) -> Result<(), InteractionsError> {
        if interactions.len() > BATCH_ROWS_MAX {
            return Err(InteractionsError::TooMany { count: interactions.len(), max: BATCH_ROWS_MAX });
        }
        let mut transaction = self.begin().await?;
        write(&mut transaction, interactions).await?;
        Ok(transaction.commit().await?)
    }
}

async fn write(transaction: &mut Transaction, interactions: &[Interaction]) -> Result<(), sqlx::Error> {
    let latest: BTreeMap<ContactId, &Interaction> =
        interactions.iter().map(|interaction| (interaction.contact, interaction)).collect();
    let current =
        current_customers(transaction, latest.values().filter_map(|interaction| interaction.customer)).await?;
    let rows: Vec<InteractionJson<'_>> = latest
        .values()
        .map(|interaction| {
            let customer = interaction.customer.and_then(|customer| current.get(&customer.0).copied());
            interaction_json(interaction, customer)
        })
        .collect();
    bind_rows(transaction, WRITE_INTERACTIONS, &rows).await?;
    write_parts(transaction, || latest.values().copied()).await
}

/// The visits and segments of interactions that stand.
pub(super) async fn write_parts<'i, I: Iterator<Item = &'i Interaction>>(
    transaction: &mut Transaction,
    interactions: impl Fn() -> I,
) -> Result<(), sqlx::Error> {
    let visits: Vec<VisitJson<'_>> = interactions().flat_map(visits_json).collect();
    bind_rows(transaction, WRITE_VISITS, &visits).await?;
    let segments: Vec<SegmentJson<'_>> = interactions().flat_map(segments_json).collect();
    bind_rows(transaction, WRITE_SEGMENTS, &segments).await
}

/// What each of these customers is part of now; those who are not there are left out.
pub(super) async fn current_customers(
    transaction: &mut Transaction,
    named: impl Iterator<Item = CustomerId>,
) -> Result<BTreeMap<i64, i64>, sqlx::Error> {
    let named: BTreeSet<i64> = named.map(|customer| customer.0).collect();
    if named.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, i64)> = transaction.rows(CURRENT_CUSTOMERS, values![&json(&named)]).await?;
    Ok(rows.into_iter().collect())
}

pub(super) fn interaction_json(interaction: &Interaction, customer: Option<i64>) -> InteractionJson<'_> {
    InteractionJson {
        contact: stored(interaction.contact),
        customer,
        channel: word_of(&interaction.channel),
        direction: word_of(&interaction.direction),
        from_kind: interaction.from.as_ref().map(|from| from.kind.as_str()),
        from_value: interaction.from.as_ref().map(|from| from.value.as_str()),
        to_kind: interaction.to.as_ref().map(|to| to.kind.as_str()),
        to_value: interaction.to.as_ref().map(|to| to.value.as_str()),
        arrived_at_ms: interaction.arrived_at.0,
        ended_at_ms: interaction.ended_at.map(|at| at.0),
        ended_by: interaction.ended_by.as_ref().map(word_of),
        disposition: interaction.disposition.as_ref().map(|disposition| &*disposition.0),
        satisfaction: interaction.satisfaction.map(|satisfaction| i64::from(satisfaction.score())),
        recording: interaction.recording.as_ref().map(|reference| reference.as_str()),
        transcript: interaction.transcript.as_ref().map(|reference| reference.as_str()),
    }
}

fn visits_json(interaction: &Interaction) -> impl Iterator<Item = VisitJson<'_>> {
    // Of one named twice the later row counts here too.
    let latest: BTreeMap<_, _> = interaction.visits.iter().map(|visit| (visit.visit, visit)).collect();
    latest.into_values().map(|visit| VisitJson {
        contact: stored(interaction.contact),
        visit: visit.visit.0.cast_signed(),
        queue: visit.queue.as_str(),
        entered_at_ms: visit.entered_at.0,
        ended_at_ms: visit.ended_at.map(|at| at.0),
        ended_how: visit.end.as_ref().map(|end| end.as_str()),
    })
}

fn segments_json(interaction: &Interaction) -> impl Iterator<Item = SegmentJson<'_>> {
    let latest: BTreeMap<_, _> = interaction.segments.iter().map(|segment| (segment.segment, segment)).collect();
    latest.into_values().map(|segment| SegmentJson {
        contact: stored(interaction.contact),
        segment: segment.segment.0.cast_signed(),
        queue: segment.queue.as_ref().map(|queue| queue.as_str()),
        agent: segment.agent.as_str(),
        started_at_ms: segment.started_at.0,
        connected_at_ms: segment.connected_at.map(|at| at.0),
        ended_at_ms: segment.ended_at.map(|at| at.0),
        wrapped_up_at_ms: segment.wrapped_up_at.map(|at| at.0),
        disposition: segment.disposition.as_ref().map(|disposition| &*disposition.0),
    })
}
