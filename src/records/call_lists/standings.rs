//! How leads stand: read, written as a reader of the journal knows it, marked while they are with the router, closed by
//! hand. Judges no attempt.

use serde::Serialize;

use crate::customers::change::Stamp;
use crate::customers::text::ReaderName;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead::Lead;
use crate::outbound::lead_progress::LeadEnd;
use crate::outbound::lead_standing::{LeadReached, LeadStanding, ReleaseStanding};
use crate::routing::ids::{ContactId, EventNo};
use crate::routing::time::Timestamp;

use super::super::audit::append;
use super::super::connection::{Transaction, json, values};
use super::super::customers::{BATCH_ROWS_MAX, Columns};
use super::super::error::RecordsError;
use super::super::reader_cursor::{CursorMove, move_cursor};
use super::super::statements::leads::{
    CLOSE_LEAD, KEEP_TAKEN, LEADS_WITH_ROUTER, MARK_LEADS, STANDING, WRITE_STANDINGS,
};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::error::StandingsError;

#[derive(sqlx::FromRow)]
struct StandingRow {
    due_at_ms: Option<i64>,
    goes_first: Option<i64>,
    next_number: Option<i64>,
    progress: Option<String>,
    ended: Option<String>,
    reached: Option<String>,
    contact: Option<i64>,
}

#[derive(Serialize)]
struct StandingJson {
    lead: i64,
    due: Option<i64>,
    goes_first: Option<i64>,
    next_number: Option<usize>,
    /// JSON as text.
    progress: Option<String>,
    ended: Option<&'static str>,
    reached: Option<&'static str>,
    contact: Option<i64>,
    attempts: u16,
}

#[derive(Serialize)]
struct MarkJson {
    lead: i64,
    contact: Option<i64>,
}

/// Leads that went to the router or came back from it, and what was let go of their lists by that.
#[derive(Clone, Copy, Debug)]
pub struct LeadMarks<'m> {
    /// None: it is not with the router any more.
    pub leads: &'m [(LeadId, Option<ContactId>)],
    pub releases: &'m [(CallListId, ReleaseStanding)],
}

/// A lead that is with the router.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LeadWithRouter {
    pub lead: LeadId,
    pub list: CallListId,
    pub contact: ContactId,
}

impl Records {
    /// A lead with all that is known of it, and how it stands.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn lead(&self, id: LeadId) -> Result<Option<(Lead, LeadStanding)>, RecordsError> {
        let Some(lead) = self.lead_as_added(id).await? else { return Ok(None) };
        let row: Option<StandingRow> = self.row(STANDING, values![id.0]).await?;
        row.map(|row| Ok((lead, row.try_into()?))).transpose()
    }

    /// Writes how leads stand after the events after `after` up to `up_to`, in one transaction with the reader's place.
    /// Whether they were written: not when they had been written before. A lead that is not there any more is left out; one
    /// that was closed by hand stays closed.
    ///
    /// # Errors
    /// When there are too many rows, or the reader's rows do not end at `after`; nothing was written.
    pub async fn write_standings(
        &self,
        reader: &ReaderName,
        after: EventNo,
        up_to: EventNo,
        standings: &[(LeadId, LeadStanding)],
    ) -> Result<bool, StandingsError> {
        if standings.len() > BATCH_ROWS_MAX {
            return Err(StandingsError::TooMany { count: standings.len(), max: BATCH_ROWS_MAX });
        }
        let mut transaction = self.begin().await?;
        match move_cursor(&mut transaction, reader, after, up_to).await? {
            CursorMove::Moved => {}
            CursorMove::WasThere => return Ok(false),
            CursorMove::Elsewhere { found } => return Err(StandingsError::Elsewhere { expected: after, found }),
        }
        write(&mut transaction, standings).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Marks leads as with the router, or not any more; the same again changes nothing.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn mark_leads(&self, marks: LeadMarks<'_>) -> Result<(), RecordsError> {
        let mut transaction = self.begin().await?;
        let leads: Vec<MarkJson> = marks
            .leads
            .iter()
            .map(|(lead, contact)| MarkJson { lead: lead.0, contact: contact.map(|contact| contact.0.cast_signed()) })
            .collect();
        transaction.execute(MARK_LEADS, values![&json(&leads)]).await?;
        for (list, release) in marks.releases {
            let [taken, tranche_taken] =
                [release.taken, release.tranche_taken].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
            let began = release.tranche_began.map(|began| began.0);
            transaction.execute(KEEP_TAKEN, values![list.0, taken, began, tranche_taken]).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn leads_with_router(&self, list: CallListId) -> Result<Vec<LeadWithRouter>, RecordsError> {
        let rows: Vec<(i64, i64, i64)> = self.rows(LEADS_WITH_ROUTER, values![list.0]).await?;
        let with_router = |(lead, list, contact): (i64, i64, i64)| LeadWithRouter {
            lead: LeadId(lead),
            list: CallListId(list),
            contact: ContactId(contact.cast_unsigned()),
        };
        Ok(rows.into_iter().map(with_router).collect())
    }

    /// Closes a lead for good. Whether it was open.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn close_lead(&self, lead: LeadId, stamp: &Stamp) -> Result<bool, RecordsError> {
        let mut transaction = self.begin().await?;
        if transaction.execute(CLOSE_LEAD, values![lead.0]).await? == 0 {
            return Ok(false);
        }
        let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::LeadClosed).with("lead", lead.0);
        append(&mut transaction, &[entry]).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

pub(super) async fn write(
    transaction: &mut Transaction,
    standings: &[(LeadId, LeadStanding)],
) -> Result<(), sqlx::Error> {
    if standings.is_empty() {
        return Ok(());
    }
    let rows: Vec<StandingJson> = standings.iter().map(|(lead, standing)| standing_json(*lead, standing)).collect();
    transaction.execute(WRITE_STANDINGS, values![&json(&rows)]).await.map(drop)
}

fn standing_json(lead: LeadId, standing: &LeadStanding) -> StandingJson {
    let LeadStanding { due, goes_first, next_number, progress, end, reached, contact } = standing;
    StandingJson {
        lead: lead.0,
        due: due.map(|due| due.0),
        goes_first: goes_first.then_some(1),
        next_number: Some(*next_number).filter(|place| *place > 0),
        progress: progress.as_ref().map(json),
        ended: end.map(LeadEnd::word),
        reached: reached.map(LeadReached::word),
        contact: contact.map(|contact| contact.0.cast_signed()),
        // Who was tried is not taken back by an undo, even where the try does not count.
        attempts: progress.as_ref().map_or(0, |progress| progress.attempts.max(1)),
    }
}

impl TryFrom<StandingRow> for LeadStanding {
    type Error = RecordsError;

    fn try_from(row: StandingRow) -> Result<LeadStanding, RecordsError> {
        let unreadable = |column| move || Columns("lead").unreadable(column);
        let next_number = usize::try_from(row.next_number.unwrap_or(0)).map_err(|_| unreadable("next_number")())?;
        let progress = row.progress.map(|text| serde_json::from_str(&text)).transpose();
        let end = row.ended.map(|word| LeadEnd::from_word(&word).ok_or_else(unreadable("ended"))).transpose()?;
        let reached = row.reached.map(|word| LeadReached::from_word(&word).ok_or_else(unreadable("reached")));
        Ok(LeadStanding {
            due: row.due_at_ms.map(Timestamp),
            goes_first: row.goes_first.is_some_and(|flag| flag != 0),
            next_number,
            progress: progress.map_err(|_| unreadable("progress")())?,
            end,
            reached: reached.transpose()?,
            contact: row.contact.map(|contact| ContactId(contact.cast_unsigned())),
        })
    }
}
