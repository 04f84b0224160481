//! Leads as whoever speaks with the person sees them. Changes none.

use std::sync::Arc;

use crate::customers::ids::CustomerId;
use crate::outbound::call_list::CallListSettings;
use crate::outbound::ids::LeadId;
use crate::outbound::shown_lead::{LastCall, ShownLead, ShownState};
use crate::routing::command::Disposition;
use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::leads::LEADS_SHOWN;
use super::super::store::Records;

/// Leads of one person: an agent looks through so many.
const SHOWN_MAX: i64 = 10;

#[derive(sqlx::FromRow)]
struct ShownRow {
    lead: i64,
    list: String,
    settings: String,
    custom: Option<String>,
    attempts: i64,
    ended: Option<String>,
    due_at_ms: Option<i64>,
    promised_by: Option<String>,
    contact: Option<i64>,
    placed_at_ms: Option<i64>,
    outcome: Option<String>,
    agent: Option<String>,
    disposition: Option<String>,
}

impl Records {
    /// Leads at this number in E.164, or at one of this customer's: those that are open, and those that were called from
    /// `called_since` on.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn leads_shown(
        &self,
        number: Option<&str>,
        customer: Option<CustomerId>,
        called_since: Timestamp,
    ) -> Result<Vec<ShownLead>, RecordsError> {
        let asked = values![number.unwrap_or_default(), customer.map(|customer| customer.0), called_since.0, SHOWN_MAX];
        let rows: Vec<ShownRow> = self.rows(LEADS_SHOWN, asked).await?;
        rows.into_iter().map(ShownRow::shown).collect()
    }
}

impl ShownRow {
    fn shown(self) -> Result<ShownLead, RecordsError> {
        let (columns, lists, attempts) = (Columns("lead"), Columns("call_list"), Columns("attempt"));
        let settings: CallListSettings =
            serde_json::from_str(&self.settings).map_err(|_| lists.unreadable("settings"))?;
        let custom = self.custom.map(|text| serde_json::from_str(&text)).transpose();
        let last = self.placed_at_ms.map(|at| {
            Ok::<_, RecordsError>(LastCall {
                at: Timestamp(at),
                outcome: attempts.word_if_any("outcome", self.outcome)?,
                agent: attempts.text_if_any("agent", self.agent)?,
                disposition: self.disposition.map(|word| Disposition(Arc::from(word))),
            })
        });
        Ok(ShownLead {
            lead: LeadId(self.lead),
            campaign: settings.campaign,
            list: lists.text("name", self.list)?,
            fields: custom.map_err(|_| columns.unreadable("custom"))?.unwrap_or_default(),
            declared: settings.fields,
            attempts: u64::try_from(self.attempts).map_err(|_| columns.unreadable("attempts"))?,
            last: last.transpose()?,
            state: match (self.ended, self.contact) {
                (Some(_), _) => ShownState::Over,
                (None, Some(_)) => ShownState::WithRouter,
                (None, None) => ShownState::Open,
            },
            due: self.due_at_ms.map(Timestamp),
            promised_by: columns.text_if_any("promised_by", self.promised_by)?,
        })
    }
}
