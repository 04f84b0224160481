//! Attempts of a campaign in their order, each with what is known of its lead, for whoever has to account for them. Changes none.

use crate::outbound::kept_attempt::KeptAttempt;
use crate::outbound::lead::NumberConsent;
use crate::routing::ids::{AttemptId, CallListName, CampaignId};
use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::attempts::{ATTEMPT_PROPOSED_AT, ATTEMPTS_TO_TELL};
use super::super::store::Records;
use super::look_up::AttemptRow;

/// An attempt, and what is known now of its list, its lead and its number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttemptToTell {
    pub attempt: KeptAttempt,
    pub list: Option<CallListName>,
    pub zone: Option<String>,
    pub region: Option<String>,
    pub postcode: Option<String>,
    /// None: the lead is gone, or does not have the number any more.
    pub consent: Option<NumberConsent>,
}

/// Where to go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AttemptPlace {
    pub at: Timestamp,
    /// Those of the same moment up to this one are told.
    pub after: Option<AttemptId>,
}

#[derive(sqlx::FromRow)]
struct TellRow {
    #[sqlx(flatten)]
    attempt: AttemptRow,
    list_name: Option<String>,
    zone: Option<String>,
    region: Option<String>,
    postcode: Option<String>,
    consent: Option<String>,
    consent_kind: Option<String>,
    consent_at_ms: Option<i64>,
    consent_source: Option<String>,
}

impl Records {
    /// Those that were proposed from there on and before `until`, placed or not, in their order; `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn attempts_to_tell(
        &self,
        campaign: &CampaignId,
        from: AttemptPlace,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<AttemptToTell>, RecordsError> {
        let after = from.after.map_or(-1, |after| after.0.cast_signed());
        let asked = values![campaign.as_str(), from.at.0, until.0, after, i64::from(limit)];
        let rows: Vec<TellRow> = self.rows(ATTEMPTS_TO_TELL, asked).await?;
        rows.into_iter().map(AttemptToTell::try_from).collect()
    }

    /// Where to go on after this attempt. None: it is not there any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn attempt_place(&self, attempt: AttemptId) -> Result<Option<AttemptPlace>, RecordsError> {
        let row: Option<(i64,)> = self.row(ATTEMPT_PROPOSED_AT, values![attempt.0.cast_signed()]).await?;
        Ok(row.map(|(at,)| AttemptPlace { at: Timestamp(at), after: Some(attempt) }))
    }
}

impl TryFrom<TellRow> for AttemptToTell {
    type Error = RecordsError;

    fn try_from(row: TellRow) -> Result<AttemptToTell, RecordsError> {
        let columns = Columns("lead_number");
        let list = row.list_name.as_deref().map(CallListName::new);
        let consent = match row.consent {
            None => None,
            Some(word) => Some(NumberConsent {
                state: columns.word("consent", word)?,
                kind: columns.text_if_any("consent_kind", row.consent_kind)?,
                at: row.consent_at_ms.map(Timestamp),
                source: columns.text_if_any("consent_source", row.consent_source)?,
            }),
        };
        Ok(AttemptToTell {
            attempt: row.attempt.try_into()?,
            list: list.transpose().map_err(|_| Columns("call_list").unreadable("name"))?,
            zone: row.zone,
            region: row.region,
            postcode: row.postcode,
            consent,
        })
    }
}
