//! Reads interactions back, the newest first. Writes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::customers::ids::CustomerId;
use crate::customers::interaction::{Interaction, InteractionSegment, InteractionVisit, Satisfaction};
use crate::routing::command::Disposition;
use crate::routing::ids::{ContactId, SegmentId, VisitId};
use crate::routing::time::Timestamp;

use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::statements::interactions::{
    INTERACTION, INTERACTIONS_AFTER, INTERACTIONS_OF_CUSTOMER, LOCK_INTERACTION, SEGMENTS_OF_CONTACTS,
    VISITS_OF_CONTACTS,
};
use super::super::store::Records;
use super::history::json;
use super::rows::{Columns, contact_of, stored};

#[derive(sqlx::FromRow)]
pub(super) struct InteractionRow {
    contact: i64,
    pub customer: Option<i64>,
    channel: String,
    direction: String,
    from_kind: Option<String>,
    from_value: Option<String>,
    to_kind: Option<String>,
    to_value: Option<String>,
    arrived_at_ms: i64,
    ended_at_ms: Option<i64>,
    ended_by: Option<String>,
    disposition: Option<String>,
    satisfaction: Option<i64>,
    recording: Option<String>,
    transcript: Option<String>,
}

type VisitRow = (i64, i64, String, i64, Option<i64>, Option<String>);
type SegmentRow = (i64, i64, Option<String>, String, i64, Option<i64>, Option<i64>, Option<i64>, Option<String>);

impl Records {
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn interaction(&self, contact: ContactId) -> Result<Option<Interaction>, RecordsError> {
        let rows: Vec<InteractionRow> = self.rows(INTERACTION, values![stored(contact)]).await?;
        Ok(self.with_parts(rows).await?.pop())
    }

    /// The last ones of a customer, `limit` at most; with `before` those that came before the one of that time and
    /// number, for the next page.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn interactions_of_customer(
        &self,
        customer: CustomerId,
        before: Option<(Timestamp, ContactId)>,
        limit: u32,
    ) -> Result<Vec<Interaction>, RecordsError> {
        let (at_ms, contact) = before.map_or((i64::MAX, i64::MAX), |(at, contact)| (at.0, stored(contact)));
        let asked = values![customer.0, at_ms, contact, i64::from(limit)];
        let rows: Vec<InteractionRow> = self.rows(INTERACTIONS_OF_CUSTOMER, asked).await?;
        self.with_parts(rows).await
    }

    /// Every one after that contact, by number, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn interactions_after(
        &self,
        after: Option<ContactId>,
        limit: u32,
    ) -> Result<Vec<Interaction>, RecordsError> {
        let after = after.map_or(-1, stored);
        let rows: Vec<InteractionRow> = self.rows(INTERACTIONS_AFTER, values![after, i64::from(limit)]).await?;
        self.with_parts(rows).await
    }

    async fn with_parts(&self, rows: Vec<InteractionRow>) -> Result<Vec<Interaction>, RecordsError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let contacts = json(&rows.iter().map(|row| row.contact).collect::<Vec<i64>>());
        let visits: Vec<VisitRow> = self.rows(VISITS_OF_CONTACTS, values![&contacts]).await?;
        let segments: Vec<SegmentRow> = self.rows(SEGMENTS_OF_CONTACTS, values![&contacts]).await?;
        whole(rows, visits, segments)
    }
}

/// Nobody else changes it until the transaction ends.
pub(super) async fn lock_whole(
    transaction: &mut Transaction,
    contact: ContactId,
) -> Result<Option<Interaction>, RecordsError> {
    let rows: Vec<InteractionRow> = transaction.rows(LOCK_INTERACTION, values![stored(contact)]).await?;
    let contacts = json(&[stored(contact)]);
    let visits: Vec<VisitRow> = transaction.rows(VISITS_OF_CONTACTS, values![&contacts]).await?;
    let segments: Vec<SegmentRow> = transaction.rows(SEGMENTS_OF_CONTACTS, values![&contacts]).await?;
    Ok(whole(rows, visits, segments)?.pop())
}

fn whole(
    rows: Vec<InteractionRow>,
    visits: Vec<VisitRow>,
    segments: Vec<SegmentRow>,
) -> Result<Vec<Interaction>, RecordsError> {
    let mut visits_by_contact: BTreeMap<i64, Vec<InteractionVisit>> = BTreeMap::new();
    for visit in visits {
        visits_by_contact.entry(visit.0).or_default().push(visit_of(visit)?);
    }
    let mut segments_by_contact: BTreeMap<i64, Vec<InteractionSegment>> = BTreeMap::new();
    for segment in segments {
        segments_by_contact.entry(segment.0).or_default().push(segment_of(segment)?);
    }
    rows.into_iter()
        .map(|row| {
            let visits = visits_by_contact.remove(&row.contact).unwrap_or_default();
            let segments = segments_by_contact.remove(&row.contact).unwrap_or_default();
            interaction_of(row, visits, segments)
        })
        .collect()
}

pub(super) fn interaction_of(
    row: InteractionRow,
    visits: Vec<InteractionVisit>,
    segments: Vec<InteractionSegment>,
) -> Result<Interaction, RecordsError> {
    let columns = Columns("interaction");
    let key = |column, kind: Option<String>, value: Option<String>| match (kind, value) {
        (Some(kind), Some(value)) => columns.key(column, kind, value).map(Some),
        (Some(_), None) | (None, Some(_) | None) => Ok(None),
    };
    let satisfaction = |score: i64| {
        let score = u8::try_from(score).map_err(|_| columns.unreadable("satisfaction"))?;
        Satisfaction::new(score).map_err(|_| columns.unreadable("satisfaction"))
    };
    Ok(Interaction {
        contact: contact_of(row.contact),
        customer: row.customer.map(CustomerId),
        channel: columns.word("channel", row.channel)?,
        direction: columns.word("direction", row.direction)?,
        from: key("from_value", row.from_kind, row.from_value)?,
        to: key("to_value", row.to_kind, row.to_value)?,
        arrived_at: Timestamp(row.arrived_at_ms),
        ended_at: row.ended_at_ms.map(Timestamp),
        ended_by: columns.word_if_any("ended_by", row.ended_by)?,
        disposition: row.disposition.map(disposition_of),
        satisfaction: row.satisfaction.map(satisfaction).transpose()?,
        recording: columns.text_if_any("recording", row.recording)?,
        transcript: columns.text_if_any("transcript", row.transcript)?,
        visits,
        segments,
    })
}

fn disposition_of(text: String) -> Disposition {
    Disposition(Arc::from(text))
}

fn visit_of(row: VisitRow) -> Result<InteractionVisit, RecordsError> {
    let (_, visit, queue, entered_at_ms, ended_at_ms, ended_how) = row;
    let columns = Columns("interaction_visit");
    Ok(InteractionVisit {
        visit: VisitId(visit.cast_unsigned()),
        queue: columns.text("queue", queue)?,
        entered_at: Timestamp(entered_at_ms),
        ended_at: ended_at_ms.map(Timestamp),
        end: columns.text_if_any("ended_how", ended_how)?,
    })
}

fn segment_of(row: SegmentRow) -> Result<InteractionSegment, RecordsError> {
    let (_, segment, queue, agent, started_at_ms, connected_at_ms, ended_at_ms, wrapped_up_at_ms, disposition) = row;
    let columns = Columns("interaction_segment");
    Ok(InteractionSegment {
        segment: SegmentId(segment.cast_unsigned()),
        queue: columns.text_if_any("queue", queue)?,
        agent: columns.text("agent", agent)?,
        started_at: Timestamp(started_at_ms),
        connected_at: connected_at_ms.map(Timestamp),
        ended_at: ended_at_ms.map(Timestamp),
        wrapped_up_at: wrapped_up_at_ms.map(Timestamp),
        disposition: disposition.map(disposition_of),
    })
}
