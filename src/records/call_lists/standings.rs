//! How leads stand: read, written, closed by hand; and what is let go of their lists. Judges no attempt.

use serde::Serialize;

use crate::customers::change::Stamp;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead::Lead;
use crate::outbound::lead_progress::LeadEnd;
use crate::outbound::lead_standing::{LeadReached, LeadStanding, ReleaseStanding};
use crate::routing::ids::{AgentId, ContactId};
use crate::routing::time::Timestamp;

use super::super::audit::append;
use super::super::connection::{Transaction, json, values};
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::leads::{CLOSE_LEAD, KEEP_TAKEN, LEADS_WITH_ROUTER, STANDING, WRITE_STANDINGS};
use super::super::store::Records;
use super::super::{Act, AuditEntry};

#[derive(sqlx::FromRow)]
struct StandingRow {
    due_at_ms: Option<i64>,
    goes_first: Option<i64>,
    next_number: Option<i64>,
    progress: Option<String>,
    ended: Option<String>,
    reached: Option<String>,
    contact: Option<i64>,
    promised_by: Option<String>,
}

#[derive(Serialize)]
struct StandingJson<'s> {
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
    promised_by: Option<&'s str>,
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

/// What was let go of their lists with leads that went to the router.
pub(super) async fn keep_releases(
    transaction: &mut Transaction,
    releases: &[(CallListId, ReleaseStanding)],
) -> Result<(), sqlx::Error> {
    for (list, release) in releases {
        let [taken, tranche_taken] =
            [release.taken, release.tranche_taken].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        let began = release.tranche_began.map(|began| began.0);
        transaction.execute(KEEP_TAKEN, values![list.0, taken, began, tranche_taken]).await?;
    }
    Ok(())
}

/// Of leads that are there; one that was closed by hand stays closed.
pub(super) async fn write(
    transaction: &mut Transaction,
    standings: &[(LeadId, LeadStanding)],
) -> Result<(), sqlx::Error> {
    if standings.is_empty() {
        return Ok(());
    }
    let rows: Vec<StandingJson<'_>> = standings.iter().map(|(lead, standing)| standing_json(*lead, standing)).collect();
    transaction.execute(WRITE_STANDINGS, values![&json(&rows)]).await.map(drop)
}

fn standing_json(lead: LeadId, standing: &LeadStanding) -> StandingJson<'_> {
    let LeadStanding { due, goes_first, next_number, progress, end, reached, contact, promised_by } = standing;
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
        promised_by: promised_by.as_ref().map(|agent| agent.as_str()),
    }
}

impl TryFrom<StandingRow> for LeadStanding {
    type Error = RecordsError;

    fn try_from(row: StandingRow) -> Result<LeadStanding, RecordsError> {
        let unreadable = |column| move || Columns("lead").unreadable(column);
        let next_number = usize::try_from(row.next_number.unwrap_or(0)).map_err(|_| unreadable("next_number")())?;
        let progress = row.progress.map(|text| serde_json::from_str(&text)).transpose();
        let end = row.ended.map(|word| LeadEnd::from_word(&word).ok_or_else(unreadable("ended"))).transpose()?;
        let promised_by = row.promised_by.as_deref().map(AgentId::new).transpose();
        let reached = row.reached.map(|word| LeadReached::from_word(&word).ok_or_else(unreadable("reached")));
        Ok(LeadStanding {
            due: row.due_at_ms.map(Timestamp),
            goes_first: row.goes_first.is_some_and(|flag| flag != 0),
            next_number,
            progress: progress.map_err(|_| unreadable("progress")())?,
            end,
            reached: reached.transpose()?,
            contact: row.contact.map(|contact| ContactId(contact.cast_unsigned())),
            promised_by: promised_by.map_err(|_| unreadable("promised_by")())?,
        })
    }
}
