//! What the events of calls out come to, written in one transaction with the reader's place: attempts, how leads stand, stays
//! and calls of callbacks that go on, and what is let go of lists. Folds nothing.

use serde::Serialize;

use crate::customers::text::ReaderName;
use crate::outbound::callback_call::CallbackCall;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::kept_attempt::KeptAttempt;
use crate::outbound::lead_standing::{LeadStanding, ReleaseStanding};
use crate::outbound::lead_stay::LeadStay;
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::{CampaignId, ContactId, EventNo};
use crate::routing::time::Timestamp;

use super::super::attempts::write_attempts;
use super::super::connection::{Transaction, json, values};
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::reader_cursor::{CursorMove, move_cursor};
use super::super::statements::Statement;
use super::super::statements::campaigns::NOTE_RUN;
use super::super::statements::leads::{
    CALLBACK_CALLS, DROP_CALLBACK_CALLS, DROP_STAYS, LEAD_STAYS, OPEN_LEADS_AT, WRITE_CALLBACK_CALLS, WRITE_STAYS,
};
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
    /// None: it is over.
    pub callbacks: &'n [(ContactId, Option<CallbackCall>)],
    /// What the router says of campaigns, and since when, for those who cannot ask it. Of one that is not here nothing is kept.
    pub runs: &'n [(CampaignId, CampaignRun, Timestamp)],
    /// Of lists of which not all may be called.
    pub releases: &'n [(CallListId, ReleaseStanding)],
}

#[derive(Serialize)]
struct FoldedJson {
    contact: i64,
    folded: String,
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
        for (campaign, run, at) in news.runs {
            transaction.execute(NOTE_RUN, values![campaign.as_str(), run.as_str(), at.0]).await?;
        }
        keep_folded(&mut transaction, news.stays, (DROP_STAYS, WRITE_STAYS)).await?;
        keep_folded(&mut transaction, news.callbacks, (DROP_CALLBACK_CALLS, WRITE_CALLBACK_CALLS)).await?;
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

    /// Calls of callbacks that go on, as they were at the reader's place.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn callback_calls(&self) -> Result<Vec<CallbackCall>, RecordsError> {
        let rows: Vec<(String,)> = self.rows(CALLBACK_CALLS, values![]).await?;
        let read =
            |(call,): (String,)| serde_json::from_str(&call).map_err(|_| Columns("callback_call").unreadable("call"));
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

/// What was folded of each contact replaces what was kept; of what is over nothing is kept.
async fn keep_folded<F: Serialize>(
    transaction: &mut Transaction,
    news: &[(ContactId, Option<F>)],
    (drop, write): (Statement, Statement),
) -> Result<(), sqlx::Error> {
    if news.is_empty() {
        return Ok(());
    }
    let known: Vec<i64> = news.iter().map(|(contact, _)| contact.0.cast_signed()).collect();
    transaction.execute(drop, values![&json(&known)]).await?;
    let going_on = news.iter().filter_map(|(contact, folded)| {
        Some(FoldedJson { contact: contact.0.cast_signed(), folded: json(folded.as_ref()?) })
    });
    let going_on: Vec<FoldedJson> = going_on.collect();
    transaction.execute(write, values![&json(&going_on)]).await?;
    Ok(())
}
