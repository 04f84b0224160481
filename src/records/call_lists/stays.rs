//! What the events of leads come to, written in one transaction with the reader's place: attempts, how leads stand, stays that
//! go on, and what is let go of their lists. Folds nothing.

use serde::Serialize;

use crate::customers::text::ReaderName;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::kept_attempt::KeptAttempt;
use crate::outbound::lead_standing::{LeadStanding, ReleaseStanding};
use crate::outbound::lead_stay::LeadStay;
use crate::routing::ids::{ContactId, EventNo};

use super::super::attempts::write_attempts;
use super::super::connection::{json, values};
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::reader_cursor::{CursorMove, move_cursor};
use super::super::statements::leads::{DROP_STAYS, LEAD_STAYS, OPEN_LEADS_AT, WRITE_STAYS};
use super::super::store::Records;
use super::error::StandingsError;
use super::standings::{keep_releases, write};

/// All that some events came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeadNews<'n> {
    pub attempts: &'n [KeptAttempt],
    pub standings: &'n [(LeadId, LeadStanding)],
    /// None: it is over.
    pub stays: &'n [(ContactId, Option<LeadStay>)],
    /// Of lists of which not all may be called.
    pub releases: &'n [(CallListId, ReleaseStanding)],
}

#[derive(Serialize)]
struct StayJson {
    contact: i64,
    stay: String,
}

impl Records {
    /// Writes what the events after `after` up to `up_to` came to. Whether it was written: not when it had been written
    /// before.
    ///
    /// # Errors
    /// When the reader's rows do not end at `after`, or the database does not answer; nothing was written.
    pub async fn write_lead_news(
        &self,
        reader: &ReaderName,
        (after, up_to): (EventNo, EventNo),
        news: LeadNews<'_>,
    ) -> Result<bool, StandingsError> {
        let mut transaction = self.begin().await?;
        match move_cursor(&mut transaction, reader, after, up_to).await? {
            CursorMove::Moved => {}
            CursorMove::WasThere => return Ok(false),
            CursorMove::Elsewhere { found } => return Err(StandingsError::Elsewhere { expected: after, found }),
        }
        write_attempts(&mut transaction, news.attempts).await?;
        write(&mut transaction, news.standings).await?;
        keep_releases(&mut transaction, news.releases).await?;
        let over: Vec<i64> = news.stays.iter().map(|(contact, _)| contact.0.cast_signed()).collect();
        transaction.execute(DROP_STAYS, values![&json(&over)]).await?;
        let going_on = news.stays.iter().filter_map(|(contact, stay)| {
            Some(StayJson { contact: contact.0.cast_signed(), stay: json(stay.as_ref()?) })
        });
        let going_on: Vec<StayJson> = going_on.collect();
        transaction.execute(WRITE_STAYS, values![&json(&going_on)]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Stays that go on, as they were at the reader's place.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn lead_stays(&self) -> Result<Vec<LeadStay>, RecordsError> {
        let rows: Vec<(String,)> = self.rows(LEAD_STAYS, values![]).await?;
        let read =
            |(stay,): (String,)| serde_json::from_str(&stay).map_err(|_| Columns("lead_stay").unreadable("stay"));
        rows.into_iter().map(read).collect()
    }

    /// Leads that are open and have this number, in E.164; those that are with the router too.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open_leads_at(&self, number: &str) -> Result<Vec<LeadId>, RecordsError> {
        let rows: Vec<(i64,)> = self.rows(OPEN_LEADS_AT, values![number]).await?;
        Ok(rows.into_iter().map(|(lead,)| LeadId(lead)).collect())
    }
}
